/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GCOBJ_HEAP_OUTPUT: snapshots of all arenas when the process gets SIGUSR1. The handler is
 * a source of the default main context, installed with the first arena; without the
 * variable nothing happens at all. */

#include <glib-unix.h>
#include <unistd.h>

#include "gcobj/gc-snapshot-private.h"

/* By a weak reference: an arena may be about to go while somebody else is asked for it. */
typedef struct _Listed Listed;
struct _Listed
{
  Listed       *next;
  gconstpointer address;
  GWeakRef      ref;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Listed *arenas;          /* the newest first */
static char *prefix;
static gsize is_set_up;

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

/* The arenas that there are, the oldest first, with references. */
static GSList *
list_arenas (void)
{
  GSList *list = NULL;

  pthread_mutex_lock (&lock);
  for (Listed *listed = arenas; listed != NULL; listed = listed->next)
    {
      gpointer arena = g_weak_ref_get (&listed->ref);

      if (arena != NULL)
        list = g_slist_prepend (list, arena);
    }
  pthread_mutex_unlock (&lock);
  return list;
}

static gboolean
on_signal (gpointer data)
{
  static guint n_written;
  GSList *list = list_arenas ();

  (void) data;
  for (GSList *item = list; item != NULL; item = item->next)
    {
      g_autofree char *name = g_strdup_printf ("%s-%d-%u.heapsnapshot", prefix, (int) getpid (), ++n_written);

      save (item->data, name);
    }
  g_slist_free_full (list, g_object_unref);
  return G_SOURCE_CONTINUE;
}

static void
set_up (void)
{
  const char *value;

  if (!g_once_init_enter (&is_set_up))
    return;
  value = g_getenv ("GCOBJ_HEAP_OUTPUT");
  if (value != NULL && *value != '\0')
    {
      prefix = g_strdup (value);
      g_unix_signal_add (SIGUSR1, on_signal, NULL);
    }
  g_once_init_leave (&is_set_up, 1);
}

void
gc_heap_output_begin (GcArena *arena)
{
  Listed *listed;

  set_up ();
  if (prefix == NULL)
    return;
  listed = g_new0 (Listed, 1);
  listed->address = arena;
  g_weak_ref_init (&listed->ref, arena);
  pthread_mutex_lock (&lock);
  listed->next = arenas;
  arenas = listed;
  pthread_mutex_unlock (&lock);
}

void
gc_heap_output_end (GcArena *arena)
{
  Listed *listed = NULL;

  if (prefix == NULL)
    return;
  pthread_mutex_lock (&lock);
  for (Listed **link = &arenas; *link != NULL; link = &(*link)->next)
    if ((*link)->address == arena)
      {
        listed = *link;
        *link = listed->next;
        break;
      }
  pthread_mutex_unlock (&lock);
  g_assert (listed != NULL);
  g_weak_ref_clear (&listed->ref);
  g_free (listed);
}
