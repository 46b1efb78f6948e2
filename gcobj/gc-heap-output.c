/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GCOBJ_HEAP_OUTPUT: snapshots of all arenas when the process gets SIGUSR1. The handler is
 * a source of the default main context, installed with the first arena; without the
 * variable nothing happens at all. */

#include <glib-unix.h>
#include <unistd.h>

#include "gcobj/gc-debug-private.h"
#include "gcobj/gc-snapshot-private.h"

#define RETRY_MS 10             /* a main loop inside of a finalizer should not be kept busy */

static char *prefix;

static void
save (GcArena    *arena,
      const char *name)
{
  g_autoptr (GFile) file = g_file_new_for_path (name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GcGraph) graph = gc_graph_new (arena, GC_GRAPH_EDGES | GC_GRAPH_IDS, NULL, &error);

  if (graph == NULL || !gc_snapshot_save (graph, file, NULL, &error))
    g_warning ("GCOBJ_HEAP_OUTPUT: %s: %s", name, error->message);
}

/* Whether that is done. A main loop inside of a finalizer, or of a trace function, is no place for it: objects are about
 * to go, and the arena may be this thread's already. */
static gboolean
write_all (void)
{
  static guint n_written;
  GSList *list = gc_arena_list_get ();
  gboolean may_walk = TRUE;

  for (GSList *item = list; item != NULL; item = item->next)
    may_walk &= gc_graph_may_walk (item->data);
  for (GSList *item = list; item != NULL && may_walk; item = item->next)
    {
      g_autofree char *name = g_strdup_printf ("%s-%d-%u.heapsnapshot", prefix, (int) getpid (), ++n_written);

      save (item->data, name);
    }
  g_slist_free_full (list, g_object_unref);
  return may_walk;
}

static gboolean is_put_off;

static gboolean
on_retry (gpointer data)
{
  (void) data;
  is_put_off = !write_all ();
  return is_put_off;
}

static gboolean
on_signal (gpointer data)
{
  (void) data;
  if (!is_put_off && !write_all ())
    {
      is_put_off = TRUE;
      g_timeout_add (RETRY_MS, on_retry, NULL);
    }
  return G_SOURCE_CONTINUE;
}

/* With the first arena. Whether a list of the arenas is needed. */
gboolean
gc_heap_output_set_up (void)
{
  const char *value = g_getenv ("GCOBJ_HEAP_OUTPUT");

  if (value == NULL || *value == '\0')
    return FALSE;
  prefix = g_strdup (value);
  g_unix_signal_add (SIGUSR1, on_signal, NULL);
  return TRUE;
}
