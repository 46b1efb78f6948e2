/* Turns the names in a graph into references, and back again.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include "gg-graph.h"

G_BEGIN_DECLS

GC_MAY_COLLECT
void  gg_resolve (GcMutation  *m,
                  GgGraph     *graph);
guint gg_unlink  (GgNamespace *namespace);

G_END_DECLS
