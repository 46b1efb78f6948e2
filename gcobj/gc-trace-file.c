/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <gio/gio.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "gcobj/gc-listener-private.h"
#include "gcobj/gc-trace-file.h"
#include "gcobj/gc-trace-private.h"

/**
 * SECTION:gc-trace-file
 * @Title: GcTraceFile
 * @Short_description: Writes what the collector does to a file for Perfetto or Sysprof
 *
 * |[<!-- language="C" -->
 * g_autoptr (GcTraceFile) trace = gc_trace_file_new ("trace.json", &error);
 *
 * if (trace != NULL)
 *   gc_arena_set_listener (arena, GC_LISTENER (trace));
 * ]|
 *
 * A trace file is a listener that writes the pauses of its arenas, their phases and collections,
 * and counters of the heap. Several arenas may have the same one. A program need not do this
 * by itself: with `GCOBJ_TRACE=trace.json` in the environment all arenas are
 * traced.
 *
 * The name decides the format: `.syscap` is a capture of Sysprof, anything else JSON in Chrome's trace event
 * format, for [Perfetto](https://ui.perfetto.dev). The file is written as the program goes on, and is complete at any time. When it
 * can't be written any more, since the disk is full, that is a warning, and the file ends there. A child that a program
 * forks is not traced.
 */

const char *const gc_trace_counts[GC_TRACE_N_COUNTS] = { "Heap", "Live", "External", "Debt" };

/**
 * GcTraceFile:
 *
 * A listener that writes a file.
 *
 * Since: 0.1
 */
struct _GcTraceFile
{
  GObject         parent_instance;
  pthread_mutex_t lock;
  GcTraceWriter  *writer;       /* NULL once it failed */
  char           *path;
  GHashTable     *arenas;       /* address → Arena */
  guint           n_arenas;
  pid_t           process;      /* that made it: a child that was forked has the same file, and leaves it alone */
};

typedef struct
{
  guint   number;
  guint64 collection;           /* the last that began */
  gint64  began_ns;             /* the collection that goes on */
} Arena;

/* Collections of an arena are counted: one that begins with a number that was there is another arena's, at the address
 * of one that is gone. */
static Arena *
arena_of (GcTraceFile   *self,
          GcArena       *arena,
          const GcEvent *event)
{
  Arena *entry = g_hash_table_lookup (self->arenas, arena);
  gboolean begins = event->type == GC_EVENT_COLLECTION_BEGUN;

  if (entry == NULL || (begins && event->collection <= entry->collection))
    {
      entry = g_new0 (Arena, 1);
      entry->number = ++self->n_arenas;
      g_hash_table_replace (self->arenas, arena, entry);
      self->writer->add_arena (self->writer, entry->number);
    }
  if (begins)
    entry->collection = event->collection;
  return entry;
}

static void
write_event (GcTraceFile   *self,
             GcArena       *arena,
             const GcEvent *event)
{
  GcTraceWriter *writer = self->writer;
  Arena *entry = arena_of (self, arena, event);
  g_autofree char *message = NULL;
  const char *details;

  message = gc_event_to_string (event);
  details = strchr (message, ':');
  details = details != NULL ? details + 2 : message;
  switch (event->type)
    {
    case GC_EVENT_COLLECTION_BEGUN:
      entry->began_ns = event->time_ns;
      if (writer->begin != NULL)
        writer->begin (writer, entry->number, event);
      break;
    case GC_EVENT_COLLECTION_ENDED:
      /* Of one that was there before, only the end is known. */
      if (entry->began_ns != 0)
        writer->end (writer, entry->number, entry->began_ns, details, event);
      entry->began_ns = 0;
      break;
    case GC_EVENT_RESIZED:
      break;
    case GC_EVENT_PAUSED:
      writer->count (writer, entry->number, event);
      G_GNUC_FALLTHROUGH;
    default:
      writer->add_span (writer, entry->number, gc_event_type_to_name (event->type), details, event);
    }
  /* A pause ends what happened in it. */
  if (event->type != GC_EVENT_PAUSED && event->type != GC_EVENT_FINALIZED)
    return;
  if (!writer->flush (writer))
    {
      g_warning ("%s: %s", self->path, g_strerror (errno));
      g_clear_pointer (&self->writer, writer->free);
    }
}

static void
gc_trace_file_tell (GcListener    *listener,
                    GcArena       *arena,
                    const GcEvent *event)
{
  GcTraceFile *self = GC_TRACE_FILE (listener);

  pthread_mutex_lock (&self->lock);
  if (self->writer != NULL && self->process == getpid ())
    write_event (self, arena, event);
  pthread_mutex_unlock (&self->lock);
}

static void
gc_trace_file_listen (GcListenerInterface *iface)
{
  iface->tell = gc_trace_file_tell;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (GcTraceFile, gc_trace_file, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GC_TYPE_LISTENER, gc_trace_file_listen))

static void
gc_trace_file_finalize (GObject *object)
{
  GcTraceFile *self = GC_TRACE_FILE (object);

  if (self->writer != NULL)
    {
      if (self->process == getpid ())
        self->writer->flush (self->writer);
      self->writer->free (self->writer);
    }
  g_free (self->path);
  g_hash_table_unref (self->arenas);
  pthread_mutex_destroy (&self->lock);
  G_OBJECT_CLASS (gc_trace_file_parent_class)->finalize (object);
}

static void
gc_trace_file_class_init (GcTraceFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gc_trace_file_finalize;
}

static void
gc_trace_file_init (GcTraceFile *self)
{
  pthread_mutex_init (&self->lock, NULL);
  self->process = getpid ();
  self->arenas = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

static GcTraceFile *
make (const char    *path,
      GcTraceWriter *writer)
{
  GcTraceFile *self = g_object_new (GC_TYPE_TRACE_FILE, NULL);

  self->path = g_strdup (path);
  self->writer = writer;
  return self;
}

/* What could not even be begun leaves no file behind. */
void
gc_trace_remove (const char *path)
{
  GStatBuf status;

  if (g_lstat (path, &status) == 0 && S_ISREG (status.st_mode))
    g_unlink (path);
}

/**
 * gc_trace_file_new:
 * @path: (type filename): where to write; a file that is there is replaced
 * @error: return location for an error
 *
 * Makes a listener that writes a file, in the format that the end of its name tells.
 *
 * Returns: (transfer full): the listener, or %NULL with a #GIOErrorEnum:
 *   %G_IO_ERROR_NOT_SUPPORTED if the library was built without Sysprof
 *
 * Since: 0.1
 */
GcTraceFile *
gc_trace_file_new (const char  *path,
                   GError     **error)
{
  GcTraceWriter *writer;
  int code;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  errno = 0;
  writer = g_str_has_suffix (path, ".syscap") ? gc_trace_sysprof_new (path) : gc_trace_json_new (path);
  code = errno;
  if (writer != NULL && writer->flush (writer))
    return make (path, writer);
  if (writer != NULL)
    {
      code = errno;
      writer->free (writer);
      gc_trace_remove (path);
    }
  if (code == ENOSYS)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s: the library was built without Sysprof", path);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", path, g_strerror (code));
  return NULL;
}

/* "%p" in a name is the process. */
static char *
expand (const char *name)
{
  g_autofree char *pid = g_strdup_printf ("%d", (int) getpid ());
  g_auto (GStrv) parts = g_strsplit (name, "%p", -1);

  return g_strjoinv (pid, parts);
}

/* Those that the environment asks for: GCOBJ_TRACE, or Sysprof that runs the program. Or NULL. */
GcListener *
gc_trace_file_from_environment (void)
{
  const char *name = g_getenv ("GCOBJ_TRACE");
  GcTraceWriter *collector;

  if (name != NULL && *name != '\0')
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = expand (name);
      GcTraceFile *self = gc_trace_file_new (path, &error);

      if (self != NULL)
        return GC_LISTENER (self);
      g_warning ("GCOBJ_TRACE: %s", error->message);
    }
  collector = gc_trace_collector_new ();
  return collector != NULL ? GC_LISTENER (make ("Sysprof", collector)) : NULL;
}
