/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GCOBJ_HEAP_OUTPUT: snapshots of all arenas when the process gets SIGUSR1. The handler is
 * a source of the default main context, installed with the first arena; without the
 * variable nothing happens at all. */

#include <glib-unix.h>
#include <unistd.h>

#include "gcobj/gc-debug-private.h"
#include "gcobj/gc-snapshot-private.h"

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

static gboolean
on_signal (gpointer data)
{
  static guint n_written;
  GSList *list = gc_arena_list_get ();

  (void) data;
  for (GSList *item = list; item != NULL; item = item->next)
    {
      g_autofree char *name = g_strdup_printf ("%s-%d-%u.heapsnapshot", prefix, (int) getpid (), ++n_written);

      save (item->data, name);
    }
  g_slist_free_full (list, g_object_unref);
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
