/* Questions to a graph.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include "gg-graph.h"

G_BEGIN_DECLS

GgType       *gg_type_get_parent     (GgType      *self);
GgType       *gg_type_dup_parent     (GgType      *self);
gboolean      gg_type_is_a           (GgType      *self,
                                      GgType      *other);
GgType      **gg_type_list_subtypes  (GgType      *self,
                                      gsize       *n);
GgReference **gg_type_list_referrers (GgType      *self,
                                      gsize       *n);
GgReference **gg_type_find_path      (GgType      *self,
                                      GgType      *target,
                                      gsize       *n);

G_END_DECLS
