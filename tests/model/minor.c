/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Minor collections, in slices of some units, wherever a safe point may do work. Most runs owe
 * nothing, and would see none; and all of them are too small for a nursery of the usual size. */

#include <stdlib.h>
#include "gcobj/gc-arena-private.h"
#include "model.h"

/* Nothing is old yet: it is safe to begin with generations. */
void
model_begin_minors (Run *run)
{
  GcHeap *heap = &run->arena->heap;

#ifdef GCOBJ_FAULTS
  if (g_getenv ("MODEL_FAULT") != NULL)
    gc_planted_fault = atoi (g_getenv ("MODEL_FAULT"));
#endif
  /* In some runs others help to mark, wherever anything is marked. */
  if (run->options->seed % 3 == 0)
    {
      run->has_helpers = TRUE;
      gc_arena_set_marker_threads (run->arena, 2 + run->options->seed / 3 % 2);
      heap->always_helps = TRUE;
    }
  run->is_generational = run->options->seed % 4 != 0;
  if (!run->is_generational)
    return;
  /* What is owed is collected by time, which can't be repeated: see set_pacing(). */
  heap->nursery = run->is_timed ? (gsize) 1 << (9 + run->options->seed % 7) : G_MAXSIZE / 4;
  heap->is_always_generational = TRUE;
  gc_generations_set (heap, TRUE);
}

/* At a safe point, under the hold. */
void
model_minor (Run *run)
{
  GcHeap *heap = &run->arena->heap;
  gboolean begins = model_chance (run, 2);
  GcBudget budget = { 0, 1 + model_pick (run, run->step_units * 2) };
  GcPauseKind kind;

  if (!run->is_generational || (run->options->zeal & GC_ZEAL_WALKS) != 0)
    return;
  if (begins && (heap->state == GC_STATE_IDLE || heap->state == GC_STATE_SWEEPING))
    gc_minor_start (heap);
  if (heap->is_minor)
    {
      gc_heap_advance (heap, &budget, &kind);
      run->figures.minors += !heap->is_minor;
    }
}
