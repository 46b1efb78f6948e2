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
  gint64 read_us;               /* for reading and resolving */
  gint64 begin_us;              /* when the program began */
} GgReading;

GC_MAY_COLLECT
void gg_figures_print_overview (GgGraph         *graph);
void gg_figures_print_drop     (const char      *name,
                                const GgCensus  *before,
                                const GgCensus  *own,
                                const GgCensus  *after);
GC_MAY_COLLECT
void gg_figures_print_stats    (GcArena         *arena,
                                const GgReading *reading);

G_END_DECLS
