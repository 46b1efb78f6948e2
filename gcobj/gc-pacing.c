/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-arena-private.h"

/**
 * SECTION:gc-pacing
 * @Title: GcPacing
 * @Short_description: How much an arena collects
 *
 * |[<!-- language="C" -->
 * g_autoptr (GcPacing) pacing = gc_arena_get_pacing (arena);
 *
 * pacing->sleep_factor = 2.0;                  // faster, and a larger heap
 * gc_arena_set_pacing (arena, pacing);
 * ]|
 */

G_DEFINE_BOXED_TYPE (GcPacing, gc_pacing, gc_pacing_copy, gc_pacing_free)

/**
 * gc_pacing_new:
 *
 * Makes a pacing with the default figures.
 *
 * Returns: (transfer full): the pacing
 *
 * Since: 0.1
 */
GcPacing *
gc_pacing_new (void)
{
  return gc_pacing_copy (&gc_default_pacing);
}

/**
 * gc_pacing_copy:
 * @pacing: a pacing
 *
 * Copies a pacing.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
GcPacing *
gc_pacing_copy (const GcPacing *pacing)
{
  g_return_val_if_fail (pacing != NULL, NULL);

  return g_memdup2 (pacing, sizeof *pacing);
}

/**
 * gc_pacing_free: (skip)
 * @pacing: (transfer full): a pacing
 *
 * Frees a pacing.
 *
 * Since: 0.1
 */
void
gc_pacing_free (GcPacing *pacing)
{
  g_free (pacing);
}

/**
 * gc_arena_get_pacing:
 * @arena: an arena
 *
 * Gives how much collection work is done for what is allocated.
 *
 * Returns: (transfer full): a copy of the arena's pacing
 *
 * Since: 0.1
 */
GcPacing *
gc_arena_get_pacing (GcArena *arena)
{
  GcScope scope;
  GcPacing *pacing;

  g_return_val_if_fail (GC_IS_ARENA (arena), NULL);

  gc_scope_enter (&scope, arena);
  pacing = gc_pacing_copy (&arena->heap.pacing);
  gc_scope_leave (&scope);
  return pacing;
}

/**
 * gc_arena_set_pacing:
 * @arena: an arena
 * @pacing: the pacing; no factor may be negative
 *
 * Tunes how much collection work is done for what is allocated. How long the arena
 * sleeps counts from the last cycle's end.
 *
 * Since: 0.1
 */
void
gc_arena_set_pacing (GcArena        *arena,
                     const GcPacing *pacing)
{
  GcScope scope;

  g_return_if_fail (GC_IS_ARENA (arena));
  g_return_if_fail (pacing != NULL);
  g_return_if_fail (pacing->sleep_factor >= 0 && pacing->mark_factor >= 0 &&
                    pacing->trace_factor >= 0 && pacing->keep_factor >= 0 &&
                    pacing->free_factor >= 0 && pacing->drop_factor >= 0);

  gc_scope_enter (&scope, arena);
  arena->heap.pacing = *pacing;
  gc_heap_set_sleep (&arena->heap);
  gc_scope_leave (&scope);
}
