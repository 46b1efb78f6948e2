/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The neighbourhood of an object as a graph for Graphviz. */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-snapshot-private.h"
#include "gcobj/gc-snapshot.h"

#define DEFAULT_NODES 100

static void
append_quoted (GString    *text,
               const char *string)
{
  for (; *string != '\0'; string++)
    if (*string == '"' || *string == '\\')
      g_string_append_printf (text, "\\%c", *string);
    else if ((guchar) *string < 0x20)
      g_string_append_c (text, ' ');
    else
      g_string_append_c (text, *string);
}

/* What is at most @depth edges away from the first node, in both directions. From the roots the way
 * leads on only where they are what is looked at: nearly everything is next to them. */
static GArray *
collect (const GcGraph *graph,
         guint32        first,
         guint          depth,
         guint          max_nodes,
         guint8        *is_in)
{
  GArray *nodes = g_array_new (FALSE, FALSE, sizeof (guint32));

  is_in[first] = 1;
  g_array_append_val (nodes, first);
  for (guint level = 0; level < depth && nodes->len < max_nodes; level++)
    {
      GcEdgeCursor cursor = gc_graph_begin_edges (graph);
      guint n_before = nodes->len;

      for (guint32 from = 0; from < graph->nodes.n; from++)
        for (guint32 n = gc_graph_node (graph, from)->n_edges; n > 0; n--)
          {
            guint32 to = gc_edge_to (gc_edge_cursor_next (&cursor, from));
            guint32 known = is_in[from] == 1 ? from : to;
            guint32 found = is_in[from] == 1 ? to : from;

            if (is_in[known] != 1 || is_in[found] != 0 || nodes->len >= max_nodes ||
                (known < GC_NODE_FIRST_OBJECT && first >= GC_NODE_FIRST_OBJECT))
              continue;
            is_in[found] = 2;
            g_array_append_val (nodes, found);
          }
      for (guint i = n_before; i < nodes->len; i++)
        is_in[g_array_index (nodes, guint32, i)] = 1;
      if (nodes->len == n_before)
        break;
    }
  return nodes;
}

static void
append_node (GString       *text,
             const GcGraph *graph,
             guint32        number,
             gboolean       is_focus)
{
  const GcNode *node = gc_graph_node (graph, number);

  g_string_append_printf (text, "  n%u [label=\"", number);
  if (node->kind == GC_NODE_STRING)
    g_string_append (text, "\\\"");
  append_quoted (text, gc_graph_string (graph, node->name));
  if (node->kind == GC_NODE_STRING)
    g_string_append (text, "\\\"");
  if (node->object != NULL)
    g_string_append_printf (text, " @%" G_GUINT64_FORMAT, node->id);
  if (node->kind != GC_NODE_SYNTHETIC)
    g_string_append_printf (text, "\\n%" G_GSIZE_FORMAT " bytes", node->size);
  g_string_append_printf (text, "\"%s%s];\n", is_focus ? ", style=filled" : "",
                          node->kind == GC_NODE_SYNTHETIC ? ", shape=plaintext" :
                          node->kind == GC_NODE_NATIVE ? ", shape=ellipse" : "");
}

static char *
draw (const GcGraph *graph,
      guint32        first,
      guint          depth,
      guint          max_nodes)
{
  g_autofree guint8 *is_in = g_new0 (guint8, graph->nodes.n);
  g_autoptr (GArray) nodes = collect (graph, first, depth, max_nodes, is_in);
  GString *text = g_string_new ("digraph heap {\n  node [shape=box, fontname=\"sans\", fontsize=10];\n"
                                "  edge [fontname=\"sans\", fontsize=9];\n");
  GcEdgeCursor cursor = gc_graph_begin_edges (graph);

  for (guint i = 0; i < nodes->len; i++)
    append_node (text, graph, g_array_index (nodes, guint32, i), i == 0);
  for (guint32 from = 0; from < graph->nodes.n; from++)
    for (guint32 n = gc_graph_node (graph, from)->n_edges; n > 0; n--)
      {
        const GcEdge *edge = gc_edge_cursor_next (&cursor, from);
        g_autofree char *label = NULL;

        if (!is_in[from] || !is_in[gc_edge_to (edge)])
          continue;
        label = from > GC_NODE_ROOTS ? gc_graph_edge_label (graph, gc_edge_kind (edge), edge->name) : g_strdup ("");
        g_string_append_printf (text, "  n%u -> n%u [label=\"", from, gc_edge_to (edge));
        append_quoted (text, label);
        g_string_append_printf (text, "\"%s];\n", gc_edge_kind (edge) == GC_EDGE_WEAK ? ", style=dashed" : "");
      }
  g_string_append (text, "}\n");
  return g_string_free (text, FALSE);
}

/**
 * gc_arena_to_dot:
 * @arena: an arena
 * @focus: (nullable): an object of @arena, or %NULL for its roots
 * @depth: how many references away from @focus, in both directions
 * @max_nodes: how many objects at most, the nearest ones; 0 for 100
 * @error: return location for an error
 *
 * Draws what is around an object: text in the language of Graphviz, whose program `dot` makes a picture
 * of it. Weak references are dashed.
 *
 * |[
 * dot -Tsvg node.dot -o node.svg
 * ]|
 *
 * Returns: (transfer full): the text; %NULL with %GC_ERROR_FAILED if nothing leads to @focus,
 *   %GC_ERROR_WRONG_ARENA, or %GC_ERROR_NO_MEMORY
 *
 * Since: 0.1
 */
char *
gc_arena_to_dot (GcArena   *arena,
                 GcObject  *focus,
                 guint      depth,
                 guint      max_nodes,
                 GError   **error)
{
  g_autoptr (GcGraph) graph = NULL;
  guint32 first = GC_NODE_ROOTS;

  g_return_val_if_fail (GC_IS_ARENA (arena), NULL);
  g_return_val_if_fail (focus == NULL || gc_is_a (focus, GC_TYPE_OBJECT), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);
  g_return_val_if_fail (gc_graph_may_walk (arena), NULL);

  if (focus != NULL && gc_arena_of (focus) != arena)
    {
      g_set_error_literal (error, GC_ERROR, GC_ERROR_WRONG_ARENA, "The object is of another arena");
      return NULL;
    }
  graph = gc_graph_new (arena, GC_GRAPH_EDGES | GC_GRAPH_IDS, focus, error);
  if (graph == NULL)
    return NULL;
  if (focus != NULL)
    {
      first = graph->target_node;
      if (first == 0)
        {
          g_set_error_literal (error, GC_ERROR, GC_ERROR_FAILED, "Nothing leads to the object");
          return NULL;
        }
    }
  return draw (graph, first, depth, max_nodes != 0 ? max_nodes : DEFAULT_NODES);
}
