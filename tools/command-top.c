/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables: classes by size, and all nodes for other programs. */

#include "commands.h"

/* How many bytes the control character at the beginning of @text has, in UTF-8; 0: there is none. Names are anybody's: they
 * shall break no line, and tell a terminal nothing. */
gsize
control_length (const char *text)
{
  const guchar *bytes = (const guchar *) text;

  if (bytes[0] == 0xc2 && bytes[1] >= 0x80 && bytes[1] < 0xa0)
    return 2;
  return (bytes[0] > 0 && bytes[0] < 0x20) || bytes[0] == 0x7f;
}

/* In one line, and one field. */
void
append_plain (GString    *out,
              const char *text)
{
  while (*text != '\0')
    {
      gsize n = control_length (text);

      g_string_append_c (out, n > 0 ? ' ' : *text);
      text += MAX (n, 1);
    }
}

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
          g_string_append_printf (out, "%14" G_GUINT64_FORMAT " %14" G_GUINT64_FORMAT " %10" G_GUINT64_FORMAT "  ",
                                  class->retained, class->shallow, class->count);
          append_plain (out, class->name);
          g_string_append_c (out, '\n');
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
      {
        g_string_append_printf (out, "%" G_GUINT64_FORMAT "\t%" G_GUINT64_FORMAT "\t%u\t%" G_GUINT64_FORMAT
                                "\t%" G_GUINT64_FORMAT "\t", file->id[i], file->id[tree->dominator[i]],
                                tree->distance[i], file->size[i], tree->retained[i]);
        append_plain (out, heap_file_class_name (file, i));
        g_string_append_c (out, '\n');
      }
  return TRUE;
}
