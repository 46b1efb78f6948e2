/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One HTML page that needs nothing else. */

#include <string.h>

#include "commands.h"

#define N_CLASSES  30
#define N_LARGEST  10

static void
append_head (GString    *out,
             const Heap *heap)
{
  const HeapFile *file = heap->file;
  g_autofree char *name = g_path_get_basename (heap->path);
  g_autofree char *size = g_format_size_full (heap->tree->retained[0], G_FORMAT_SIZE_IEC_UNITS);

  g_string_append (out,
                   "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Heap: ");
  append_escaped (out, name);
  g_string_append (out,
                   "</title>\n<style>\n"
                   "body { font: 14px sans-serif; margin: 2em; max-width: 1000px; color: #222; background: #fff }\n"
                   "table { border-collapse: collapse }\n"
                   "th, td { padding: 2px 10px; text-align: right; border-bottom: 1px solid #ddd }\n"
                   "th:last-child, td:last-child { text-align: left }\n"
                   "pre { background: #f4f4f4; padding: 1em; overflow-x: auto }\n"
                   "svg text { font: 11px sans-serif }\n"
                   ".map rect { stroke: #fff; stroke-width: 1 }\n"
                   ".map g:hover > rect { stroke: #000 }\n"
                   ".map text { pointer-events: none }\n"
                   "</style>\n</head>\n<body>\n<h1>");
  append_escaped (out, name);
  g_string_append_printf (out, "</h1>\n<p>%u nodes and %u references, %s in all.</p>\n", file->n_nodes, file->n_edges, size);
}

static void
append_classes (GString    *out,
                const Heap *heap,
                guint       limit)
{
  g_autofree guint32 *order = heap_classes_sort (heap->classes, "retained");
  guint n = 0;

  g_string_append (out, "<h2>Types</h2>\n<table>\n<tr><th>retained</th><th>shallow</th><th>count</th><th>type</th></tr>\n");
  for (guint32 i = 0; i < heap->classes->n && (limit == 0 || n < limit); i++)
    {
      const HeapClass *class = &heap->classes->classes[order[i]];

      if (class->shallow == 0 && class->name[0] == '(')
        continue;
      n++;
      g_string_append_printf (out, "<tr><td>%" G_GUINT64_FORMAT "</td><td>%" G_GUINT64_FORMAT "</td><td>%"
                              G_GUINT64_FORMAT "</td><td>", class->retained, class->shallow, class->count);
      append_escaped (out, class->name);
      g_string_append (out, "</td></tr>\n");
    }
  g_string_append (out, "</table>\n");
}

/* The bars' heights are logarithms: one long pause shall be seen beside many short ones. */
static void
append_pauses (GString        *out,
               const HeapFile *file)
{
  guint first = file->n_pauses, last = 0;
  guint most = 1;

  g_string_append (out, "<h2>Pauses</h2>\n");
  for (guint i = 0; i < file->n_pauses; i++)
    if (file->pauses[i] > 0)
      {
        first = MIN (first, i);
        last = i;
        most = MAX (most, g_bit_storage (file->pauses[i]));
      }
  if (!file->is_ours)
    {
      g_string_append (out, "<p>The file does not tell of pauses.</p>\n");
      return;
    }
  g_string_append_printf (out, "<p>%" G_GUINT64_FORMAT " %s.", file->n_cycles, file->n_cycles == 1 ? "cycle" : "cycles");
  if (file->n_requests > 0)
    g_string_append_printf (out, " The program asked for %" G_GUINT64_FORMAT " %s at once, of %.1f µs at most.",
                            file->n_requests, file->n_requests == 1 ? "collection" : "collections",
                            file->max_request_ns / 1e3);
  if (first == file->n_pauses)
    {
      g_string_append_printf (out, " The collector made no %spause yet.</p>\n", file->n_requests > 0 ? "other " : "");
      return;
    }
  g_string_append_printf (out, " The longest %spause took %.1f µs.</p>\n"
                          "<svg class=\"pauses\" width=\"%u\" height=\"160\">\n", file->n_requests > 0 ? "other " : "",
                          file->max_pause_ns / 1e3, (last - first + 1) * 60);
  for (guint i = first; i <= last; i++)
    {
      guint x = (i - first) * 60;
      guint height = file->pauses[i] > 0 ? g_bit_storage (file->pauses[i]) * 110 / most : 0;

      g_string_append_printf (out, "<g><rect x=\"%u\" y=\"%u\" width=\"50\" height=\"%u\" fill=\"#4a7ebb\"/>"
                              "<text x=\"%u\" y=\"%u\">%" G_GUINT64_FORMAT "</text>"
                              "<text x=\"%u\" y=\"150\">&lt; %" G_GUINT64_FORMAT " µs</text></g>\n",
                              x, 130 - height, height, x, 125 - height, file->pauses[i], x, (guint64) 1 << i);
    }
  g_string_append (out, "</svg>\n");
}

static void
append_text (GString    *out,
             const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_string_append (out, "<pre>");
  for (guint i = 0; lines[i] != NULL; i++)
    {
      append_escaped (out, lines[i]);
      g_string_append (out, lines[i + 1] != NULL ? "\n" : "");
    }
  g_string_append (out, "</pre>\n");
}

/* Where much comes together: objects that retain most, each with what leads to it. One that
 * retains little more than some single object that it dominates is on the way to that. */
static void
append_largest (GString    *out,
                const Heap *heap)
{
  const HeapFile *file = heap->file;
  const HeapTree *tree = heap->tree;
  g_autofree guint8 *is_shown = g_new0 (guint8, file->n_nodes);
  g_autofree guint64 *most_below = g_new0 (guint64, file->n_nodes);

  for (guint32 i = 1; i < file->n_nodes; i++)
    if (tree->distance[i] != HEAP_FAR)
      most_below[tree->dominator[i]] = MAX (most_below[tree->dominator[i]], tree->retained[i]);

  g_string_append (out, "<h2>What retains most</h2>\n");
  for (guint n = 0; n < N_LARGEST; n++)
    {
      g_autoptr (GString) path = g_string_new (NULL);
      guint32 largest = 0;

      for (guint32 i = 1; i < file->n_nodes; i++)
        if (file->kind[i] != HEAP_NODE_SYNTHETIC && !is_shown[i] && tree->distance[i] != HEAP_FAR &&
            most_below[i] < tree->retained[i] / 5 * 4 &&
            (largest == 0 || tree->retained[i] > tree->retained[largest]))
          largest = i;
      if (largest == 0)
        break;
      is_shown[largest] = 1;
      append_path (path, file, tree, largest, "");
      append_text (out, path->str);
    }
}

gboolean
command_report (const Options  *options,
                Heap          **heaps,
                char          **words,
                GString        *out,
                GError        **error)
{
  (void) words;
  (void) error;
  append_head (out, heaps[0]);
  g_string_append (out, "<h2>Map of what retains what</h2>\n");
  append_treemap (out, heaps[0], 1000, 600);
  append_classes (out, heaps[0], options->limit);
  append_pauses (out, heaps[0]->file);
  append_largest (out, heaps[0]);
  g_string_append (out, "</body>\n</html>\n");
  return TRUE;
}
