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
