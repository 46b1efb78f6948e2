/* Questions to a graph.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include "gg-graph.h"

G_BEGIN_DECLS

GgType  *gg_type_get_parent      (GgType      *self);
GgType  *gg_type_dup_parent      (GgType      *self);
gboolean gg_type_is_a            (GgType      *self,
                                  GgType      *other);
GcArray *gg_type_list_subtypes   (GgType      *self,
                                  GcMutation  *m);
GcArray *gg_type_list_referrers  (GgType      *self,
                                  GcMutation  *m);
GcArray *gg_graph_find_path      (GgGraph     *self,
                                  GcMutation  *m,
                                  GgType      *from,
                                  GgType      *to);

G_END_DECLS
