/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Safe points in the midst of scopes. */

#include "gcobj/gc-debug-private.h"

/* A safe point of an arena that other threads use, or want to. */
static gboolean
stop_contended (GcArena    *arena,
                GcMutation *m)
{
  GcMutator *mutator = gc_heap_is_shared (&arena->heap) ? gc_mutator_find (arena) : &arena->first;

  /* There is none inside of a pause. */
  if (mutator == NULL || mutator->innermost != m)
    return FALSE;
  m->n_safepoints++;
  if (gc_arena_wants_stop (arena) && !gc_mutator_still_goes_on (mutator))
    gc_arena_after_hold (arena, gc_arena_stop (arena), FALSE);
  return TRUE;
}

/* A safe point at which there may be something to do, or which is none. */
static G_GNUC_NO_INLINE gboolean
stop (GcMutation *m)
{
  GcArena *arena = m->arena;

  if (m->outer != NULL || m->is_lent || __atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) > 0)
    return FALSE;
  if (G_UNLIKELY (gc_arena_is_contended (arena)))
    return stop_contended (arena, m);
  if (arena->first.innermost != m)
    return FALSE;
  if (G_UNLIKELY (gc_heap_owes_alone (&arena->heap)))
    gc_arena_after_hold (arena, gc_arena_stop (arena), FALSE);
  return TRUE;
}

/**
 * gc_mutation_safepoint:
 * @m: a mutation
 *
 * Offers a safe point in the middle of a scope: owed collection work is done
 * if @m is the thread's only open scope and nothing inhibits it. Rooted locals
 * (GC_ROOT()) survive; other pointers are void afterwards. A function that calls this is
 * declared GC_MAY_COLLECT.
 *
 * Returns: %TRUE if collection was possible, so that pointers are void
 *
 * Since: 0.1
 */
gboolean
gc_mutation_safepoint (GcMutation *m)
{
  GcArena *arena;

  g_return_val_if_fail (m != NULL, FALSE);

  /* Programs have one for each few loads that miss the cache, which the processor overlaps as far as it looks ahead: so that the instructions
   * in between count twice (performance/mutators, map). */
  if (G_UNLIKELY (__atomic_load_n (&m->lone_thread, __ATOMIC_RELAXED) != gc_os_this_thread ()))
    {
      arena = __atomic_load_n (&m->arena, __ATOMIC_ACQUIRE);
      g_return_val_if_fail (arena != NULL && gc_arena_is_mine (arena), FALSE);
      return stop (m);
    }
  arena = m->arena;
  if (G_UNLIKELY (__atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) > 0))
    return stop (m);
  if (G_UNLIKELY (gc_arena_is_contended (arena)))
    {
      if (!gc_heap_is_shared (&arena->heap) || gc_heap_owes_shared (&arena->heap) || gc_arena_is_stop_wanted (arena))
        return stop (m);
      m->n_safepoints++;
    }
  else if (G_UNLIKELY (gc_heap_owes_with (&arena->heap, &m->window)))
    return stop (m);
  return TRUE;
}
