/* The objects of a graph: nodes, of which types and namespaces are special
 * ones, and the references between them.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include <gcobj/gcobj.h>

#include "gg-kind.h"

G_BEGIN_DECLS

/* g-ir-scanner wants to see the names that GC_DECLARE_TYPE () declares. */
#ifdef __GI_SCANNER__
# define GG_DECLARE_TYPE(T, t_n, MODULE, OBJ_NAME, Parent) \
  GType t_n##_get_type (void); \
  typedef struct _##T T; \
  typedef struct { Parent##Class parent_class; } T##Class;
#else
# define GG_DECLARE_TYPE GC_DECLARE_TYPE
#endif

#define GG_TYPE_NODE      (gg_node_get_type ())
#define GG_TYPE_TYPE      (gg_type_get_type ())
#define GG_TYPE_NAMESPACE (gg_namespace_get_type ())
#define GG_TYPE_REFERENCE (gg_reference_get_type ())

GG_DECLARE_TYPE (GgNode, gg_node, GG, NODE, GcObject)
GG_DECLARE_TYPE (GgType, gg_type, GG, TYPE, GgNode)
GG_DECLARE_TYPE (GgNamespace, gg_namespace, GG, NAMESPACE, GgNode)
GG_DECLARE_TYPE (GgReference, gg_reference, GG, REFERENCE, GcObject)

GgKind      gg_node_get_kind          (GgNode      *self);
char       *gg_node_get_name          (GgNode      *self);
char       *gg_node_get_full_name     (GgNode      *self);
char       *gg_node_get_summary       (GgNode      *self);
GgNode     *gg_node_get_owner         (GgNode      *self);
GgNode     *gg_node_dup_owner         (GgNode      *self);
GgNode    **gg_node_list_members      (GgNode      *self,
                                       gsize       *n);

char       *gg_namespace_get_version  (GgNamespace *self);

GgNode     *gg_reference_get_source   (GgReference *self);
GgNode     *gg_reference_dup_source   (GgReference *self);
GgType     *gg_reference_get_target   (GgReference *self);
GgType     *gg_reference_dup_target   (GgReference *self);
GgRelation  gg_reference_get_relation (GgReference *self);

G_END_DECLS
