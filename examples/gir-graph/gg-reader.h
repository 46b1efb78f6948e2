/* Reads a GIR file into an arena.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include "gg-graph.h"

G_BEGIN_DECLS

GC_MAY_COLLECT
GgNamespace *gg_read (GcMutation      *m,
                      const char      *path,
                      GgProgressFunc   progress,
                      gpointer         user_data,
                      GPtrArray       *includes,
                      GError         **error);

G_END_DECLS
