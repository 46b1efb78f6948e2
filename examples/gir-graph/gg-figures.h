/* Prints figures: what there is, what was reclaimed, and what it cost.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include "gg-census.h"

G_BEGIN_DECLS

/* What reading took. */
typedef struct
{
  gsize  bytes;                 /* of GIR files */
  gint64 read_us;
} GgReading;

GC_MAY_COLLECT
void gg_figures_print_overview (GgGraph         *graph);
void gg_figures_print_drop     (const GgCensus  *before,
                                const GgCensus  *after);
void gg_figures_print_stats    (GcArena         *arena,
                                const GgReading *reading);

G_END_DECLS
