/* Questions to a graph: what is derived from a type, who refers to it, and what
 * leads from one type to another.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-query.h"
#include "gg-node-private.h"

#include <string.h>

/* Makes the answer to a question of what is in @found, by name. Nothing is
 * collected in a scope, so that plain memory can hold objects meanwhile. */
static GcArray *
make_answer (GcMutation *m,
             GPtrArray  *found,
             GCompareFunc compare)
{
  g_ptr_array_sort (found, compare);
  return gc_array_new_from_list (m, (GcObject **) found->pdata, found->len, NULL);
}

static int
compare_types (gconstpointer a,
               gconstpointer b)
{
  g_autofree char *name_a = gg_node_get_full_name (*(GgNode **) a);
  g_autofree char *name_b = gg_node_get_full_name (*(GgNode **) b);

  return strcmp (name_a, name_b);
}

static int
compare_references (gconstpointer a,
                    gconstpointer b)
{
  GgReference *reference_a = *(GgReference **) a;
  GgReference *reference_b = *(GgReference **) b;

  if (reference_a->relation != reference_b->relation)
    return reference_a->relation < reference_b->relation ? -1 : 1;
  return compare_types (&reference_a->source, &reference_b->source);
}

/**
 * gg_type_get_parent: (skip)
 * @self: a type
 *
 * Gives the parent class, inside a scope.
 *
 * Returns: (transfer none) (nullable): the parent, or %NULL
 */
GgType *
gg_type_get_parent (GgType *self)
{
  g_return_val_if_fail (GG_IS_TYPE (self), NULL);

  for (GgReference *r = GG_NODE (self)->references; r != NULL; r = r->next)
    if (r->relation == GG_RELATION_PARENT)
      return r->target;
  return NULL;
}
