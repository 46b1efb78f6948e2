/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What keeps objects on conditions that the heap can't see, such as references to a GObject that
 * stands for one. The heap asks its keeper in two rounds.
 *
 * While marking goes on: what it keeps for certain. When all that is kept is marked, it judges the
 * others, of which it knows: it may find that it keeps one after all, which is marked then with all
 * that it leads to, others of the keeper's among them, so that it has to judge anew. Those that
 * are left it condemns: all at once, since one often leads to the next. They are marked too, for this
 * cycle, with what they lead to; whatever the keeper does to them later, it meets them whole.
 *
 * All of it goes in slices, and the heap is MARKING throughout: the barrier shades, and what the
 * program comes to keep in between is marked by the REMARK that follows. A minor collection condemns
 * nothing. */

#include "gcobj/heap/gc-heap-private.h"

#define MAX_TRIALS 4            /* then everything is kept for one more cycle */

/* A heap has one keeper, from now on. */
void
gc_heap_set_keeper (GcHeap   *heap,
                    GcKeeper *keeper)
{
  g_assert (heap->keeper == NULL || keeper == NULL);

  heap->keeper = keeper;
  if (keeper != NULL)
    gc_keeper_restart (heap);
}

/* A collection begins. */
void
gc_keeper_restart (GcHeap *heap)
{
  GcKeeper *self = heap->keeper;

  if (self == NULL)
    return;
  self->phase = GC_KEEPER_KEEPS;
  self->n_trials = 0;
  self->restart (self, heap);
}

/* Shades what is kept for certain, unless that is done. TRUE when it is through. */
gboolean
gc_keeper_keep (GcHeap   *heap,
                GcBudget *budget)
{
  GcKeeper *self = heap->keeper;

  return self == NULL || self->phase != GC_KEEPER_KEEPS || self->keep (self, heap, budget);
}

/* Whether marking has gone beyond what is kept for certain. */
gboolean
gc_keeper_has_begun (GcHeap *heap)
{
  return heap->keeper != NULL && heap->keeper->phase != GC_KEEPER_KEEPS;
}

/* All that is reachable is grey or marked: goes on until what the keeper condemns is marked as well.
 * TRUE when it is through. */
gboolean
gc_keeper_condemn (GcHeap   *heap,
                   GcBudget *budget)
{
  GcKeeper *self = heap->keeper;

  if (self == NULL || heap->is_minor)
    return TRUE;
  for (;;)
    switch (self->phase)
      {
      case GC_KEEPER_KEEPS:
      case GC_KEEPER_RECONSIDERS:
        if (!gc_marker_drain (heap, budget))
          return FALSE;
        gc_heap_remark (heap);
        self->has_kept = FALSE;
        self->is_last_trial = ++self->n_trials == MAX_TRIALS;
        self->begin_judging (self, heap);
        self->phase = GC_KEEPER_JUDGES;
        if (gc_budget_spend (budget, 1))
          return FALSE;
        break;

      case GC_KEEPER_JUDGES:
        if (!self->judge (self, heap, budget))
          return FALSE;
        self->phase = self->has_kept && !self->is_last_trial && !GC_FAULT (KEEPER_TRIAL) ?
                      GC_KEEPER_RECONSIDERS : GC_KEEPER_CONDEMNS;
        break;

      case GC_KEEPER_CONDEMNS:
        if (!self->condemn (self, heap, budget) || !gc_marker_drain (heap, budget))
          return FALSE;
        self->phase = GC_KEEPER_DONE;
        return TRUE;

      case GC_KEEPER_DONE:
        return TRUE;

      default:
        g_assert_not_reached ();
      }
}
