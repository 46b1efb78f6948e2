/* SPDX-License-Identifier: CC0-1.0 */
#pragma once

#include "gg-graph.h"

G_BEGIN_DECLS

struct _GgGraph
{
  GcObject parent_instance;
  GC_REF (GcArray) namespaces;      /* in the order in which they were read */
  GC_REF (GgNamespace) basic;       /* types that no namespace defines */
  char *girdir;                     /* owned */
};

/* gg-suggest.c */
void gg_suggest (GgGraph     *graph,
                 const char  *name,
                 GError     **error);

G_END_DECLS
