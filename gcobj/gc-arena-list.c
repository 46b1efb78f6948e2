/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The arenas that there are, for who asks from outside; kept only if the environment wants it. */

#include "gcobj/gc-debug-private.h"

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

/* The oldest first, with references. */
GSList *
gc_arena_list_get (void)
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

void
gc_arena_list_add (GcArena *arena)
{
  Listed *listed = g_new0 (Listed, 1);

  listed->address = arena;
  g_weak_ref_init (&listed->ref, arena);
  pthread_mutex_lock (&lock);
  listed->next = arenas;
  arenas = listed;
  pthread_mutex_unlock (&lock);
}

void
gc_arena_list_remove (GcArena *arena)
{
  Listed *listed = NULL;

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
