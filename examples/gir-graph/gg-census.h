/* Counts what is in an arena.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include "gg-graph.h"

G_BEGIN_DECLS

/* What there is besides nodes, after their kinds. */
enum
{
  GG_ROW_REFERENCES = GG_N_KINDS,
  GG_ROW_NAMES,
  GG_ROW_DOCS,
  GG_ROW_OTHER,                 /* arrays and tables */
  GG_N_ROWS
};

typedef struct
{
  gsize objects;
  gsize bytes;
} GgCount;

typedef struct
{
  GgCount rows[GG_N_ROWS];
  GgCount total;                /* what the collector found alive */
  gsize   text;                 /* bytes outside of the heap */
  gsize   links;                /* references that are resolved */
  gsize   dangling;             /* and that are not */
  gsize   back_links;           /* weak, from types to who refers to them */
} GgCensus;

const char *gg_census_get_label (guint        row);
GC_MAY_COLLECT
void        gg_census_take      (GgCensus    *census,
                                 GgGraph     *graph);
void        gg_census_count     (GgCensus    *census,
                                 GgNamespace *namespace);

G_END_DECLS
