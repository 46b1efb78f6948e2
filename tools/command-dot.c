/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The neighbourhood of a node, for Graphviz. */

#include "commands.h"

static void
append_quoted (GString    *out,
               const char *text)
{
  while (*text != '\0')
    {
      gsize n = control_length (text);

      if (*text == '"' || *text == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, n > 0 ? ' ' : *text);
      text += MAX (n, 1);
    }
}

/* The nearest nodes, in both directions; not by way of the roots, unless the node is one. */
static GArray *
collect (const HeapFile *file,
         guint32         first,
         const Options  *options,
         guint8         *is_in)
{
  GArray *nodes = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean from_root = file->kind[first] == HEAP_NODE_SYNTHETIC;

  is_in[first] = 1;
  g_array_append_val (nodes, first);
  for (guint level = 0; level < options->depth; level++)
    {
      guint n_before = nodes->len;

      for (guint32 from = 0; from < file->n_nodes; from++)
        for (guint32 e = file->first_edge[from]; e < file->first_edge[from + 1]; e++)
          {
            guint32 to = file->edge_to[e];
            guint32 known = is_in[from] == 1 ? from : to;
            guint32 found = is_in[from] == 1 ? to : from;

            if (is_in[known] != 1 || is_in[found] != 0 || nodes->len >= options->nodes ||
                (!from_root && file->kind[known] == HEAP_NODE_SYNTHETIC))
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

gboolean
command_dot (const Options  *options,
             Heap          **heaps,
             char          **words,
             GString        *out,
             GError        **error)
{
  const HeapFile *file = heaps[0]->file;
  g_autofree guint8 *is_in = g_new0 (guint8, file->n_nodes);
  g_autoptr (GArray) nodes = NULL;
  guint32 first;

  if (!find_node (heaps[0], words[0], &first, error))
    return FALSE;
  nodes = collect (file, first, options, is_in);
  g_string_append (out, "digraph heap {\n  node [shape=box, fontname=\"sans\", fontsize=10];\n"
                   "  edge [fontname=\"sans\", fontsize=9];\n");
  for (guint i = 0; i < nodes->len; i++)
    {
      guint32 node = g_array_index (nodes, guint32, i);
      g_autoptr (GString) name = g_string_new (NULL);

      append_node_name (name, file, node);
      g_string_append_printf (out, "  n%u [label=\"", node);
      append_quoted (out, name->str);
      g_string_append_printf (out, "\\n%" G_GUINT64_FORMAT " bytes, retains %" G_GUINT64_FORMAT "\"%s%s];\n",
                              file->size[node], heaps[0]->tree->retained[node], i == 0 ? ", style=filled" : "",
                              file->kind[node] == HEAP_NODE_SYNTHETIC ? ", shape=plaintext" : "");
    }
  for (guint32 from = 0; from < file->n_nodes; from++)
    for (guint32 e = file->first_edge[from]; e < file->first_edge[from + 1]; e++)
      {
        g_autofree char *label = NULL;

        if (!is_in[from] || !is_in[file->edge_to[e]])
          continue;
        label = heap_file_edge_label (file, e);
        g_string_append_printf (out, "  n%u -> n%u [label=\"", from, file->edge_to[e]);
        append_quoted (out, label);
        g_string_append_printf (out, "\"%s];\n", heap_file_is_weak (file, e) ? ", style=dashed" : "");
      }
  g_string_append (out, "}\n");
  return TRUE;
}
