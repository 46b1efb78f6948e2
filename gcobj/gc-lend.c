/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Scopes that the library opens and lends: to a callback, or to the steps of a sequence
 * runner. Who borrows one uses it and can't finish it. */

#include "gcobj/gc-arena-private.h"

GC_THREAD_LOCAL GPtrArray *gc_arenas_open;

static void
set_lent (GcMutation *m)
{
  m->is_lent = TRUE;
  __atomic_store_n (&m->lone_thread, 0, __ATOMIC_RELAXED);
}

/* Opens a scope for a callback. */
GcMutation *
gc_arena_lend (GcArena *arena)
{
  GcMutation *m = gc_arena_begin_scope (arena);

  set_lent (m);
  return m;
}

static void
end_one_left_open (GcArena *arena)
{
  GcMutation *m = gc_arena_get_innermost (arena);

  if (!__atomic_load_n (&m->is_dropped, __ATOMIC_ACQUIRE))
    g_critical ("a callback left a mutation open");
  gc_arena_end_innermost (arena);
  if (m->is_dropped)
    gc_mutation_recycle (m);
}

/* Ends the scopes that the borrower of @m left open. */
static void
end_left_open (GcArena    *arena,
               GcMutation *m)
{
  while (gc_arena_get_innermost (arena) != m)
    end_one_left_open (arena);
}

/* Ends the scope, and those that the callback left open. */
void
gc_arena_take_back (GcArena    *arena,
                    GcMutation *m)
{
  end_left_open (arena, m);
  m->is_lent = FALSE;
  gc_arena_end_innermost (arena);
  gc_mutation_unref (m);
}

/* A mutation that is opened and closed many times and stays the same to who keeps it: not
 * active at first. */
GcMutation *
gc_mutation_new_lent_ (void)
{
  GcMutation *m = gc_mutation_alloc ();

  m->is_lent = TRUE;
  return m;
}

/* Calls @func, on a thread of the library's: scopes that it leaves open, of whatever arena, are ended. Who wants one of these
 * would wait for ever. */
void
gc_mutation_call_apart_ (void   (*func) (gpointer data),
                         gpointer data)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  GPtrArray *outer = gc_arenas_open;

  gc_arenas_open = open;
  func (data);
  while (open->len > 0)
    end_one_left_open (open->pdata[open->len - 1]);
  gc_arenas_open = outer;
}

/* Whether the calling thread may open one: not in a finalizer or a listener. */
gboolean
gc_mutation_can_open_ (void)
{
  return !gc_arena_is_finalizing ();
}

/* Opens it on @arena. It must not be open. No other thread that has a scope runs until it is closed. */
void
gc_mutation_open_ (GcMutation *m,
                   GcArena    *arena)
{
  g_assert (m->arena == NULL && m->is_lent);
  if (!gc_arena_is_mine (arena))
    {
      gc_arena_enter (arena, FALSE);
      g_object_ref (arena);
    }
  gc_scope_push (arena, m);
  set_lent (m);
  gc_arena_begin_alone (arena);
}

/* Closes it again: a safe point, as the end of any scope is. */
void
gc_mutation_close_ (GcMutation *m)
{
  GcArena *arena = m->arena;

  end_left_open (arena, m);
  gc_arena_end_alone (arena);
  gc_arena_end_innermost (arena);
}

/* Drops the owner's reference. Others may keep theirs; the mutation is closed for ever. */
void
gc_mutation_free_lent_ (GcMutation *m)
{
  g_assert (m->arena == NULL);
  m->is_lent = FALSE;
  gc_mutation_unref (m);
}

/* Whether it is open, by the calling thread. */
gboolean
gc_mutation_is_mine_ (GcMutation *m)
{
  GcArena *arena = __atomic_load_n (&m->arena, __ATOMIC_ACQUIRE);

  return arena != NULL && gc_arena_is_mine (arena);
}

/* Whether a safe point would have work to do: collection, or scopes left open. */
gboolean
gc_mutation_owes_ (GcMutation *m)
{
  GcArena *arena = m->arena;

  if (G_LIKELY (!gc_arena_is_contended (arena)))
    return gc_heap_owes_alone (&arena->heap) || arena->first.innermost != m;
  return gc_arena_wants_stop (arena) || gc_arena_get_innermost (arena) != m;
}

/* Closes what a borrower left open, and offers a safe point. FALSE if it could not be one. */
gboolean
gc_mutation_safepoint_lent_ (GcMutation *m)
{
  GcArena *arena = m->arena;

  end_left_open (arena, m);
  if (m->outer != NULL || __atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) > 0)
    return FALSE;
  gc_arena_end_alone (arena);
  gc_arena_after_hold (arena, gc_arena_stop (arena), FALSE);
  gc_arena_begin_alone (arena);
  return TRUE;
}
