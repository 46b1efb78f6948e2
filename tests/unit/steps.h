/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Collection in small steps of both kinds, for tests that link with the private library. */

#include "gcobj/gc-arena-private.h"
#include "demo.h"

/* An arena that collects only in the steps that a test takes. With generations minor
 * collections happen too. */
G_GNUC_UNUSED static GcArena *
demo_stepped_arena_new_with (gboolean generations)
{
  GcArena *arena = demo_stepped_arena_new ();

  if (generations)
    {
      arena->heap.is_always_generational = TRUE;
      gc_generations_set (&arena->heap, TRUE);
    }
  return arena;
}

/* About @units of work; now and then another minor collection begins. Whether that completed a
 * major cycle. */
G_GNUC_UNUSED static gboolean
demo_step (GcArena *arena,
           GRand   *rand,
           guint    units)
{
  GcHeap *heap = &arena->heap;
  GcBudget budget = { 0, units };
  GcPauseKind kind;

  gc_arena_take_hold (arena);
  if (heap->generational && !heap->is_minor && g_rand_int_range (rand, 0, 8) == 0 &&
      (heap->state == GC_STATE_IDLE || heap->state == GC_STATE_SWEEPING))
    gc_minor_start (heap);
  if (heap->is_minor)
    {
      gc_heap_advance (heap, &budget, &kind);
      gc_arena_release_hold (arena);
      return FALSE;
    }
  gc_arena_release_hold (arena);
  return gc_arena_step_units (arena, units);
}
