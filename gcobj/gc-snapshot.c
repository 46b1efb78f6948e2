/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-error.h"
#include "gcobj/gc-snapshot-private.h"
#include "gcobj/gc-snapshot.h"

/**
 * SECTION:gc-snapshot
 * @Title: Heap snapshots
 * @Short_description: What is in an arena, and what holds it
 *
 * |[<!-- language="C" -->
 * g_autoptr (GFile) file = g_file_new_for_path ("before.heapsnapshot");
 *
 * if (!gc_arena_save_snapshot (arena, file, NULL, &error))
 *   g_warning ("No snapshot: %s", error->message);
 * ]|
 *
 * A snapshot holds every object that the arena's roots lead to when it is taken, with its type, its
 * size and what it refers to by which field. The format is that of Chrome's heap snapshots: the
 * program `gcobj-snapshot`, the developer tools of Chrome and Node.js, and other readers of
 * `.heapsnapshot` files open it. Finding a leak with them is shown in
 * [a chapter of its own](finding-leaks.html).
 *
 * # What stands for what
 *
 * Below the node "(GC roots)" are "(Arena root)", "(Scoped roots)" for locals of GC_ROOT(), and
 * "(External references)" for what gc_object_ref(), values, handles and language bindings hold, and "(GObjects)" for
 * peers whose GObjects somebody has (#GcPeer), by edges with the names of their types. An
 * object has the name of its type, a #GcString the beginning of its text. Edges have the names that
 * the type's list of fields gives them; elements, and what a trace function reports, have
 * numbers. A value of a table with weak keys belongs to its key, by an edge named "value (ephemeron)".
 * Weak references are weak edges. What an object owns outside of the heap
 * (gc_object_add_external_bytes()) is a node of its own, "external bytes". An object of 4 GiB or more
 * has further nodes for what does not fit into one.
 *
 * # Ids
 *
 * Each object has an id, which it keeps for its life and which no other object of its arena gets, so that
 * two snapshots of an arena can be compared. The first snapshot makes an entry of 16 bytes for each object.
 *
 * # Time and memory
 *
 * The arena is held while the picture is taken: about 0.2 s for a million objects. It takes some
 * 80 bytes of memory for each object and 8 for each reference, freed once it is
 * written; when there is no memory for it, the function fails and nothing else happens. The writing is done
 * without the hold.
 *
 * Snapshots show texts of strings. gc_arena_save_snapshot() makes files that only their owner can read.
 *
 * # From outside
 *
 * A program that runs with the environment variable `GCOBJ_HEAP_OUTPUT` set to the beginning of a
 * file name writes snapshots of all its arenas when it gets the signal `SIGUSR1`, as soon as its
 * main loop (the default #GMainContext) runs: `GCOBJ_HEAP_OUTPUT=/tmp/app` makes
 * `/tmp/app-1234-1.heapsnapshot`, and so on, where 1234 is the process. A main loop inside of a finalizer puts that
 * off until the finalizer has returned. The handler is installed when the first arena is made.
 */

static gboolean
check_call (GcArena       *arena,
            gconstpointer  target,
            GCancellable  *cancellable)
{
  g_return_val_if_fail (GC_IS_ARENA (arena), FALSE);
  g_return_val_if_fail (target != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (gc_graph_may_walk (arena), FALSE);

  return TRUE;
}

/**
 * gc_arena_write_snapshot:
 * @arena: an arena
 * @stream: where to
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Takes a snapshot and writes it to @stream, which stays open. Works in a scope as well, whose
 * objects are in the snapshot if something refers to them already.
 *
 * Returns: %TRUE if it was written in full; %FALSE with %GC_ERROR_NO_MEMORY, or with the
 *   stream's error, such as %G_IO_ERROR_NO_SPACE, %G_IO_ERROR_CLOSED or %G_IO_ERROR_CANCELLED
 *
 * Since: 0.1
 */
gboolean
gc_arena_write_snapshot (GcArena        *arena,
                         GOutputStream  *stream,
                         GCancellable   *cancellable,
                         GError        **error)
{
  g_autoptr (GcGraph) graph = NULL;

  g_return_val_if_fail (stream == NULL || G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  if (!check_call (arena, stream, cancellable) || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  graph = gc_graph_new (arena, GC_GRAPH_EDGES | GC_GRAPH_IDS, NULL, error);
  return graph != NULL && gc_snapshot_write (graph, stream, cancellable, error);
}

/* What GLib's locks order when a picture goes to another thread and back, and no tool sees that
 * looks at threads: a packaged GLib is not instrumented. */
static pthread_mutex_t handover_lock = PTHREAD_MUTEX_INITIALIZER;

static void
hand_over (void)
{
  pthread_mutex_lock (&handover_lock);
  pthread_mutex_unlock (&handover_lock);
}

static void
free_graph (gpointer graph)
{
  hand_over ();
  gc_graph_free (graph);
}

static void
write_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  GOutputStream *stream = g_object_get_data (G_OBJECT (task), "stream");
  GError *error = NULL;
  gboolean ok;

  (void) source;
  hand_over ();
  ok = gc_snapshot_write (data, stream, cancellable, &error);
  hand_over ();
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * gc_arena_write_snapshot_async:
 * @arena: an arena
 * @stream: where to; nothing else may use it until @callback is called
 * @io_priority: the priority of the request, such as %G_PRIORITY_DEFAULT
 * @cancellable: (nullable): to stop it
 * @callback: (scope async) (closure user_data): called when it is done
 * @user_data: data for @callback
 *
 * Takes a snapshot now, before this returns, and writes it to @stream in another thread.
 *
 * Since: 0.1
 */
void
gc_arena_write_snapshot_async (GcArena             *arena,
                               GOutputStream       *stream,
                               int                  io_priority,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  GcGraph *graph;
  GError *error = NULL;

  g_return_if_fail (stream == NULL || G_IS_OUTPUT_STREAM (stream));
  if (!check_call (arena, stream, cancellable))
    return;

  task = g_task_new (arena, cancellable, callback, user_data);
  g_task_set_source_tag (task, gc_arena_write_snapshot_async);
  g_task_set_priority (task, io_priority);
  g_object_set_data_full (G_OBJECT (task), "stream", g_object_ref (stream), g_object_unref);
  if (g_task_return_error_if_cancelled (task))
    return;
  graph = gc_graph_new (arena, GC_GRAPH_EDGES | GC_GRAPH_IDS, NULL, &error);
  if (graph == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, graph, free_graph);
  hand_over ();
  g_task_run_in_thread (task, write_in_thread);
}

/**
 * gc_arena_write_snapshot_finish:
 * @arena: an arena
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends what gc_arena_write_snapshot_async() began.
 *
 * Returns: %TRUE if the snapshot was written in full, %FALSE with an error as for
 *   gc_arena_write_snapshot()
 *
 * Since: 0.1
 */
gboolean
gc_arena_write_snapshot_finish (GcArena       *arena,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (GC_IS_ARENA (arena), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, arena), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, gc_arena_write_snapshot_async), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

#define MAX_BESIDE 200          /* bytes of its name that are in that of the file beside it: names have limits */

/* A file beside @file that is not there yet, open for writing. */
static GFileOutputStream *
create_beside (GFile         *file,
               GFile        **beside,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autoptr (GFile) folder = g_file_get_parent (file);

  if (folder == NULL || name == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, "A snapshot needs the name of a file");
      return NULL;
    }
  /* A device or a pipe is written to with gc_arena_write_snapshot(), and replaced by nobody. */
  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, cancellable) == G_FILE_TYPE_SPECIAL)
    {
      g_autofree char *readable = g_file_get_parse_name (file);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s is not a regular file", readable);
      return NULL;
    }
  for (guint tries = 0; ; tries++)
    {
      g_autofree char *unique = g_strdup_printf (".%.*s.%08x", MAX_BESIDE, name, g_random_int ());
      g_autoptr (GFile) candidate = g_file_get_child (folder, unique);
      g_autoptr (GError) problem = NULL;
      GFileOutputStream *stream = g_file_create (candidate, G_FILE_CREATE_PRIVATE, cancellable, &problem);

      if (stream != NULL)
        {
          *beside = g_steal_pointer (&candidate);
          return stream;
        }
      if (tries == 16 || !g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_EXISTS))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
    }
}

/* Writes into a file beside it, which takes its place once it is whole. */
gboolean
gc_snapshot_save (const GcGraph  *graph,
                  GFile          *file,
                  GCancellable   *cancellable,
                  GError        **error)
{
  g_autoptr (GFile) beside = NULL;
  g_autoptr (GFileOutputStream) stream = create_beside (file, &beside, cancellable, error);

  if (stream == NULL)
    return FALSE;
  if (gc_snapshot_write (graph, G_OUTPUT_STREAM (stream), cancellable, error) &&
      g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, error) &&
      g_file_move (beside, file, G_FILE_COPY_OVERWRITE | G_FILE_COPY_NO_FALLBACK_FOR_MOVE, cancellable, NULL, NULL, error))
    return TRUE;
  g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, NULL);
  g_file_delete (beside, NULL, NULL);
  return FALSE;
}

/**
 * gc_arena_save_snapshot:
 * @arena: an arena
 * @file: where to; readers expect a name that ends with `.heapsnapshot`
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Takes a snapshot and saves it in a file, which is replaced if there is one. When that
 * fails, the file is as it was before. What is no regular file, such as a device, is not replaced.
 *
 * Returns: %TRUE if it was saved; %FALSE with %GC_ERROR_NO_MEMORY, or an error of %G_IO_ERROR
 *
 * Since: 0.1
 */
gboolean
gc_arena_save_snapshot (GcArena       *arena,
                        GFile         *file,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr (GcGraph) graph = NULL;

  g_return_val_if_fail (file == NULL || G_IS_FILE (file), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  if (!check_call (arena, file, cancellable) || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  graph = gc_graph_new (arena, GC_GRAPH_EDGES | GC_GRAPH_IDS, NULL, error);
  return graph != NULL && gc_snapshot_save (graph, file, cancellable, error);
}
