/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables: classes by size, and all nodes for other programs. */

#include "commands.h"

gboolean
command_top (const Options  *options,
             Heap          **heaps,
             char          **words,
             GString        *out,
             GError        **error)
{
  const HeapClasses *classes = heaps[0]->classes;
  g_autofree guint32 *order = heap_classes_sort (classes, options->sort);
  guint n_shown = 0, n_all = 0;

  (void) words;
  (void) error;
  g_string_append_printf (out, "%14s %14s %10s  %s\n", "retained", "shallow", "count", "type");
  for (guint32 i = 0; i < classes->n; i++)
    {
      const HeapClass *class = &classes->classes[order[i]];

      /* The roots retain everything, by their nature. */
      if (class->shallow == 0 && class->name[0] == '(')
        continue;
      n_all++;
      if (options->limit == 0 || n_shown < options->limit)
        {
          n_shown++;
          g_string_append_printf (out, "%14" G_GUINT64_FORMAT " %14" G_GUINT64_FORMAT " %10" G_GUINT64_FORMAT "  %s\n",
                                  class->retained, class->shallow, class->count, class->name);
        }
    }
  if (n_shown < n_all)
    g_string_append_printf (out, "(%u more: --limit=0 shows all)\n", n_all - n_shown);
  return TRUE;
}

gboolean
command_nodes (const Options  *options,
               Heap          **heaps,
               char          **words,
               GString        *out,
               GError        **error)
{
  const HeapFile *file = heaps[0]->file;
  const HeapTree *tree = heaps[0]->tree;

  (void) options;
  (void) words;
  (void) error;
  g_string_append (out, "id\tdominator\tdistance\tshallow\tretained\ttype\n");
  for (guint32 i = 0; i < file->n_nodes; i++)
    if (tree->distance[i] != HEAP_FAR)
      g_string_append_printf (out, "%" G_GUINT64_FORMAT "\t%" G_GUINT64_FORMAT "\t%u\t%" G_GUINT64_FORMAT
                              "\t%" G_GUINT64_FORMAT "\t%s\n", file->id[i], file->id[tree->dominator[i]],
                              tree->distance[i], file->size[i], tree->retained[i], heap_file_class_name (file, i));
  return TRUE;
}
