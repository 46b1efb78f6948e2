/* Questions to a graph: what is derived from a type, who refers to it, and what
 * leads from one type to another.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-query.h"
#include "gg-node-private.h"

static int
compare_nodes (gconstpointer a,
               gconstpointer b)
{
  g_autofree char *name_a = gg_node_get_full_name (*(GgNode **) a);
  g_autofree char *name_b = gg_node_get_full_name (*(GgNode **) b);

  return g_strcmp0 (name_a, name_b);
}

static int
compare_references (gconstpointer a,
                    gconstpointer b)
{
  GgReference *reference_a = *(GgReference **) a;
  GgReference *reference_b = *(GgReference **) b;
  GgNode *source_a = reference_a->source;
  GgNode *source_b = reference_b->source;

  if (reference_a->relation != reference_b->relation)
    return (int) reference_a->relation - (int) reference_b->relation;
  return compare_nodes (&source_a, &source_b);
}

/* Whether a reference says what its source is, and not what it is made of. */
static gboolean
is_derivation (GgReference *reference)
{
  return reference->relation <= GG_RELATION_PREREQUISITE;
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

/**
 * gg_type_dup_parent: (rename-to gg_type_get_parent)
 * @self: a type
 *
 * Gives the parent class.
 *
 * Returns: (transfer full) (nullable): the parent, or %NULL
 */
GgType *
gg_type_dup_parent (GgType *self)
{
  GgType *parent;

  g_return_val_if_fail (GG_IS_TYPE (self), NULL);
  GG_SCOPE (self);

  parent = gg_type_get_parent (self);
  return parent != NULL ? gc_object_ref (parent) : NULL;
}

/**
 * gg_type_is_a:
 * @self: a type
 * @other: a type of the same graph
 *
 * Whether @self is @other, or is derived from it, implements it or requires it.
 *
 * Returns: %TRUE if it is
 */
gboolean
gg_type_is_a (GgType *self,
              GgType *other)
{
  g_return_val_if_fail (GG_IS_TYPE (self), FALSE);
  g_return_val_if_fail (GG_IS_TYPE (other), FALSE);
  GG_SCOPE (self);

  if (self == other)
    return TRUE;
  for (GgReference *r = GG_NODE (self)->references; r != NULL; r = r->next)
    if (is_derivation (r) && r->target != NULL && gg_type_is_a (r->target, other))
      return TRUE;
  return FALSE;
}

/**
 * gg_type_list_subtypes:
 * @self: a type
 * @n: (out): how many there are
 *
 * Lists the classes that are derived from @self directly, or implement it.
 *
 * Returns: (transfer container) (array length=n): types, by name
 */
GgType **
gg_type_list_subtypes (GgType *self,
                       gsize  *n)
{
  GPtrArray *types;
  GcTableIter iter;
  gpointer key;

  g_return_val_if_fail (GG_IS_TYPE (self), NULL);
  GG_SCOPE (self);

  types = g_ptr_array_new ();
  if (self->referrers != NULL)
    {
      gc_table_iter_init (&iter, self->referrers);
      while (gc_table_iter_next (&iter, &key, NULL))
        if (is_derivation (key))
          g_ptr_array_add (types, GG_REFERENCE (key)->source);
    }
  g_ptr_array_sort (types, compare_nodes);
  return gg_list_steal (types, n);
}

/**
 * gg_type_list_referrers:
 * @self: a type
 * @n: (out): how many there are
 *
 * Lists the references to @self, of whatever kind.
 *
 * Returns: (transfer container) (array length=n): references, by relation and name
 */
GgReference **
gg_type_list_referrers (GgType *self,
                        gsize  *n)
{
  GPtrArray *references;
  GcTableIter iter;
  gpointer key;

  g_return_val_if_fail (GG_IS_TYPE (self), NULL);
  GG_SCOPE (self);

  references = g_ptr_array_new ();
  if (self->referrers != NULL)
    {
      gc_table_iter_init (&iter, self->referrers);
      while (gc_table_iter_next (&iter, &key, NULL))
        g_ptr_array_add (references, key);
    }
  g_ptr_array_sort (references, compare_references);
  return gg_list_steal (references, n);
}

/* The type that defines @node, by itself or in one of its members. */
static GgType *
get_defining_type (GgNode *node)
{
  while (node->owner->owner != NULL)
    node = node->owner;
  return GG_TYPE (node);
}

/* A search, breadth-first. */
typedef struct
{
  GcArray *queue;       /* types that were reached */
  GcTable *reached_by;  /* by which reference */
} Search;

/* Follows what @node and its members refer to. */
static void
follow (Search *search,
        GgNode *node)
{
  for (GgReference *r = node->references; r != NULL; r = r->next)
    if (r->target != NULL && !gc_table_contains (search->reached_by, r->target))
      {
        gc_table_insert (search->reached_by, r->target, r);
        gc_array_append (search->queue, r->target);
      }
  for (GgNode *member = node->first; member != NULL; member = member->next)
    follow (search, member);
}

/**
 * gg_type_find_path:
 * @self: a type
 * @target: a type of the same graph
 * @n: (out): how long the path is; 0 if there is none
 *
 * Finds a shortest chain of references that leads from @self, or a member of
 * it, to @target.
 *
 * Returns: (transfer container) (array length=n): references, of which each but the
 *   first belongs to the type that the one before it refers to
 */
GgReference **
gg_type_find_path (GgType *self,
                   GgType *target,
                   gsize  *n)
{
  GPtrArray *path;
  Search search;

  g_return_val_if_fail (GG_IS_TYPE (self), NULL);
  g_return_val_if_fail (GG_IS_TYPE (target), NULL);
  GG_SCOPE (self);

  search.queue = gc_array_new (scope.m);
  search.reached_by = gc_table_new (scope.m, GC_TABLE_STRONG);
  gc_array_append (search.queue, self);
  for (gsize i = 0; i < gc_array_get_length (search.queue); i++)
    {
      GgType *type = gc_array_get (search.queue, i);

      if (type == target)
        break;
      follow (&search, GG_NODE (type));
    }

  path = g_ptr_array_new ();
  while (target != self)
    {
      GgReference *reference = gc_table_lookup (search.reached_by, target);

      if (reference == NULL)
        break;
      g_ptr_array_insert (path, 0, reference);
      target = get_defining_type (reference->source);
    }
  return gg_list_steal (path, n);
}
