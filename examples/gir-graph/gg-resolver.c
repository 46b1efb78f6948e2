/* Turns the names in a graph into references, and back again.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-resolver.h"
#include "gg-graph-private.h"
#include "gg-node-private.h"

#include <string.h>

#define SAFEPOINT_INTERVAL 64   /* nodes of a namespace: as often as makes no difference */

/* A type that no namespace defines: gint, utf8, and those of C. */
static GgType *
make_basic_type (GgGraph    *graph,
                 GcMutation *m,
                 GcString   *name)
{
  GgNode *type = gg_node_new (m, GG_KIND_BASIC, name);

  gg_node_append (GG_NODE (graph->basic), type);
  gc_table_insert (graph->basic->types, name, type);
  return GG_TYPE (type);
}

/* The type that @name means in @namespace, or NULL if another namespace, to
 * which it belongs, has none of that name or is not there. */
static GgType *
find_type (GgGraph     *graph,
           GcMutation  *m,
           GgNamespace *namespace,
           GcString    *name)
{
  GgType *type;

  if (strchr (gc_string_get_text (name), '.') != NULL)
    return gg_graph_lookup (graph, gc_string_get_text (name), NULL);

  type = gc_table_lookup (namespace->types, name);
  if (type == NULL)
    type = gc_table_lookup (graph->basic->types, name);
  if (type == NULL)
    type = make_basic_type (graph, m, name);
  return type;
}

static void
resolve_node (GgGraph     *graph,
              GcMutation  *m,
              GgNamespace *namespace,
              GgNode      *node)
{
  for (GgReference *reference = node->references; reference != NULL; reference = reference->next)
    if (reference->target == NULL)
      {
        GgType *target = find_type (graph, m, namespace, reference->name);

        if (target != NULL)
          gg_reference_resolve (reference, m, target);
      }
  for (GgNode *member = node->first; member != NULL; member = member->next)
    resolve_node (graph, m, namespace, member);
}

/* Resolves all references that can be resolved: of what was just read, and those that
 * dangle since a namespace was dropped that is back. */
void
gg_resolve (GcMutation *m,
            GgGraph    *graph)
{
  GC_ROOT (m, GgGraph, rooted);
  GC_ROOT (m, GgNode, node);
  guint n = 0;

  rooted = graph;
  for (gsize i = 0; i < gc_array_get_length (rooted->namespaces); i++)
    {
      node = GG_NODE (gc_array_get (rooted->namespaces, i))->first;
      while (node != NULL)
        {
          resolve_node (rooted, m, gg_node_peek_namespace (node), node);
          node = node->next;
          if (++n % SAFEPOINT_INTERVAL == 0)
            gc_mutation_safepoint (m);  /* the rooted locals survive */
        }
    }
}

/* Unlinks what refers to @type from outside of @namespace. */
static guint
unlink_type (GgNamespace *namespace,
             GgType      *type)
{
  GcTableIter iter;
  gpointer key;
  guint n = 0;

  if (type->referrers == NULL)
    return 0;
  gc_table_iter_init (&iter, type->referrers);
  while (gc_table_iter_next (&iter, &key, NULL))
    {
      GgReference *reference = key;

      if (gg_node_peek_namespace (reference->source) != namespace)
        {
          gc_set (reference, target, NULL);
          gc_table_iter_remove (&iter);
          n++;
        }
    }
  return n;
}

/* Unlinks @namespace from the others, whose references to it dangle from then
 * on. Those of its own to others need no care: what knows of them does so weakly.
 *
 * Returns how many references dangle */
guint
gg_unlink (GgNamespace *namespace)
{
  guint n = 0;

  for (GgNode *node = GG_NODE (namespace)->first; node != NULL; node = node->next)
    if (gg_kind_is_type (node->kind))
      n += unlink_type (namespace, GG_TYPE (node));
  return n;
}
