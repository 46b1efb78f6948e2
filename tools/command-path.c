/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What leads from the root to a node. */

#include <string.h>

#include "commands.h"

#define MAX_TEXT   60
#define EDGE_WIDTH 20

/* A node by its id, with or without "@", or the one of a type that retains most. */
gboolean
find_node (const Heap  *heap,
           const char  *what,
           guint32     *node,
           GError     **error)
{
  const HeapFile *file = heap->file;
  const char *digits = what[0] == '@' ? what + 1 : what;
  gboolean is_found = FALSE;
  guint64 id;

  if (g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT64, &id, NULL))
    {
      if (heap_file_find_id (file, id, node))
        return TRUE;
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no object @%" G_GUINT64_FORMAT " in '%s'",
                   id, heap->path);
      return FALSE;
    }
  for (guint32 i = 0; i < file->n_nodes; i++)
    if ((!is_found || heap->tree->retained[i] > heap->tree->retained[*node]) &&
        strcmp (heap_file_class_name (file, i), what) == 0)
      {
        *node = i;
        is_found = TRUE;
      }
  if (!is_found)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no object of the type '%s' in '%s'",
                 what, heap->path);
  return is_found;
}

/* Its type and, of a string, the text, in one line. */
void
append_node_name (GString        *out,
                  const HeapFile *file,
                  guint32         node)
{
  append_plain (out, heap_file_class_name (file, node));
  if (file->kind[node] == HEAP_NODE_STRING)
    {
      g_autofree char *text = g_utf8_substring (heap_file_string (file, file->name[node]), 0,
                                                MIN (MAX_TEXT, g_utf8_strlen (heap_file_string (file, file->name[node]), -1)));

      g_string_append (out, " \"");
      append_plain (out, g_strdelimit (text, "\"", ' '));
      g_string_append_c (out, '"');
    }
  if (file->kind[node] != HEAP_NODE_SYNTHETIC)
    g_string_append_printf (out, " @%" G_GUINT64_FORMAT, file->id[node]);
}

void
append_path (GString        *out,
             const HeapFile *file,
             const HeapTree *tree,
             guint32         node,
             const char     *indent)
{
  guint32 length = tree->distance[node];
  g_autofree guint32 *path = g_new (guint32, (gsize) length + 1);

  for (guint32 i = length; i > 0; i--)
    {
      path[i] = node;
      node = tree->by_node[node];
    }
  for (guint32 i = 1; i <= length; i++)
    {
      gboolean is_root = file->kind[path[i]] == HEAP_NODE_SYNTHETIC;
      g_autofree char *label = is_root ? g_strdup ("") : heap_file_edge_label (file, tree->by_edge[path[i]]);

      g_string_append (out, indent);
      if (!is_root)
        {
          gsize start = out->len + 2;

          g_string_append (out, "  ");
          append_plain (out, label);
          for (glong n = g_utf8_strlen (out->str + start, -1); n < EDGE_WIDTH; n++)
            g_string_append_c (out, ' ');
          g_string_append_c (out, ' ');
        }
      append_node_name (out, file, path[i]);
      if (!is_root)
        g_string_append_printf (out, "  (%" G_GUINT64_FORMAT " bytes, retains %" G_GUINT64_FORMAT ")",
                                file->size[path[i]], tree->retained[path[i]]);
      g_string_append_c (out, '\n');
    }
}

gboolean
command_path (const Options  *options,
              Heap          **heaps,
              char          **words,
              GString        *out,
              GError        **error)
{
  const Heap *heap = heaps[0];
  guint32 node;

  (void) options;
  if (!find_node (heap, words[0], &node, error))
    return FALSE;
  if (heap->tree->distance[node] == HEAP_FAR)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nothing keeps '%s' alive: only weak references lead to it",
                   words[0]);
      return FALSE;
    }
  append_path (out, heap->file, heap->tree, node, "");
  return TRUE;
}
