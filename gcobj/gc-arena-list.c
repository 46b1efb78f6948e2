/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The arenas that there are, for who asks from outside; kept only if the environment wants it. */

#include "gcobj/gc-debug-private.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GSList *arenas;          /* their GcBackRefs, the newest first: one may be about to go */

/* The oldest first, with references. */
GSList *
gc_arena_list_get (void)
{
  GSList *list = NULL;
  GSList *known;

  pthread_mutex_lock (&lock);
  known = g_slist_copy_deep (arenas, (GCopyFunc) (GCallback) gc_back_ref_ref, NULL);
  pthread_mutex_unlock (&lock);
  for (GSList *link = known; link != NULL; link = link->next)
    {
      gpointer arena = gc_back_ref_get (link->data);

      if (arena != NULL)
        list = g_slist_prepend (list, arena);
    }
  g_slist_free_full (known, (GDestroyNotify) gc_back_ref_unref);
  return list;
}

void
gc_arena_list_add (GcArena *arena)
{
  pthread_mutex_lock (&lock);
  arenas = g_slist_prepend (arenas, gc_back_ref_ref (arena->back_ref));
  pthread_mutex_unlock (&lock);
}

void
gc_arena_list_remove (GcArena *arena)
{
  GSList *link;

  pthread_mutex_lock (&lock);
  link = g_slist_find (arenas, arena->back_ref);
  g_assert (link != NULL);
  arenas = g_slist_delete_link (arenas, link);
  pthread_mutex_unlock (&lock);
  gc_back_ref_unref (arena->back_ref);
}
