/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A map of the tree of dominators in which areas are retained bytes: nodes of a class that have the same
 * classes above them are one rectangle. Laid out after Bruls, Huizing and van Wijk,
 * "Squarified treemaps" (2000). */

#include <string.h>

#include "commands.h"

#define MAX_DEPTH  8
#define MIN_SIDE   6.0          /* pixels; smaller ones are not divided */
#define MIN_AREA   12.0         /* square pixels; smaller ones are not drawn */
#define HEADING    15.0

typedef struct
{
  double x, y, width, height;
} Area;

/* Nodes of one class. */
typedef struct
{
  const char *name;
  GArray     *nodes;
  guint64     bytes;
  guint32     class;
} Group;

typedef struct
{
  GString            *out;
  const Heap         *heap;
  const HeapChildren *children;
} Map;

void
append_escaped (GString    *out,
                const char *text)
{
  for (gsize n; *text != '\0'; text += MAX (n, 1))
    switch ((n = control_length (text)) > 0 ? ' ' : *text)
      {
      case '<':
        g_string_append (out, "&lt;");
        break;
      case '>':
        g_string_append (out, "&gt;");
        break;
      case '&':
        g_string_append (out, "&amp;");
        break;
      case '"':
        g_string_append (out, "&quot;");
        break;
      default:
        g_string_append_c (out, n > 0 ? ' ' : *text);
      }
}

static void
group_free (gpointer data)
{
  g_array_unref (((Group *) data)->nodes);
  g_free (data);
}

static int
compare_groups (gconstpointer a,
                gconstpointer b)
{
  const Group *x = *(Group *const *) a, *y = *(Group *const *) b;

  return x->bytes != y->bytes ? (x->bytes < y->bytes ? 1 : -1) : strcmp (x->name, y->name);
}

/* What the nodes dominate at once, by class. */
static GPtrArray *
divide (const Map    *map,
        const GArray *nodes)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func (group_free);
  g_autoptr (GHashTable) by_class = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < nodes->len; i++)
    {
      guint32 node = g_array_index (nodes, guint32, i);

      for (guint32 c = map->children->start[node]; c < map->children->start[node + 1]; c++)
        {
          guint32 child = map->children->nodes[c];
          guint32 class = map->heap->classes->class_of[child];
          Group *group = g_hash_table_lookup (by_class, GUINT_TO_POINTER (class));

          if (group == NULL)
            {
              group = g_new0 (Group, 1);
              group->name = heap_file_class_name (map->heap->file, child);
              group->class = class;
              group->nodes = g_array_new (FALSE, FALSE, sizeof (guint32));
              g_hash_table_insert (by_class, GUINT_TO_POINTER (class), group);
              g_ptr_array_add (groups, group);
            }
          g_array_append_val (group->nodes, child);
          group->bytes += map->heap->tree->retained[child];
        }
    }
  g_ptr_array_sort (groups, compare_groups);
  return groups;
}

static void draw_children (const Map *map, const GArray *nodes, guint64 bytes, Area area, guint depth);

static void
draw (const Map   *map,
      const Group *group,
      Area         area,
      guint        depth)
{
  g_autofree char *size = g_format_size_full (group->bytes, G_FORMAT_SIZE_IEC_UNITS);
  guint hue = group->class * 137 % 360;
  gboolean has_text = area.width > 40 && area.height > HEADING;

  if (area.width * area.height < MIN_AREA)
    return;
  g_string_append_printf (map->out, "<g><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                          "fill=\"hsl(%u,55%%,%u%%)\"/><title>", area.x, area.y, area.width, area.height,
                          hue, 88 - 4 * MIN (depth, 7));
  append_escaped (map->out, group->name);
  g_string_append_printf (map->out, ": %u, retaining %s</title>", group->nodes->len, size);
  if (has_text)
    {
      g_autofree char *start = g_utf8_substring (group->name, 0, MIN (g_utf8_strlen (group->name, -1), area.width / 7));

      g_string_append_printf (map->out, "<text x=\"%.1f\" y=\"%.1f\">", area.x + 3, area.y + 11);
      append_escaped (map->out, start);
      g_string_append (map->out, "</text>");
    }
  g_string_append (map->out, "</g>\n");

  if (depth >= MAX_DEPTH || area.width < MIN_SIDE || area.height < MIN_SIDE)
    return;
  area.x += 2;
  area.width -= 4;
  area.y += has_text ? HEADING : 2;
  area.height -= has_text ? HEADING + 2 : 4;
  if (area.width > 0 && area.height > 0)
    draw_children (map, group->nodes, group->bytes, area, depth + 1);
}

/* The worst proportion of the sides of groups that share a row. */
static double
worst (double least,
       double most,
       double sum,
       double side)
{
  return MAX (side * side * most / (sum * sum), sum * sum / (side * side * least));
}

/* @bytes is what the whole area stands for. */
static void
draw_children (const Map    *map,
               const GArray *nodes,
               guint64       bytes,
               Area          area,
               guint         depth)
{
  g_autoptr (GPtrArray) groups = divide (map, nodes);
  double scale = bytes > 0 ? area.width * area.height / (double) bytes : 0;

  for (guint i = 0, end; i < groups->len; i = end)
    {
      double side = MIN (area.width, area.height);
      double most = ((Group *) groups->pdata[i])->bytes * scale;
      double sum = most, along = 0, thickness;

      if (most < MIN_AREA || side < 1)
        return;
      for (end = i + 1; end < groups->len; end++)
        {
          double next = ((Group *) groups->pdata[end])->bytes * scale;
          double last = ((Group *) groups->pdata[end - 1])->bytes * scale;

          if (next <= 0 || worst (next, most, sum + next, side) > worst (last, most, sum, side))
            break;
          sum += next;
        }
      thickness = MIN (sum / side, area.width >= area.height ? area.width : area.height);
      for (guint k = i; k < end; k++)
        {
          const Group *group = groups->pdata[k];
          double length = group->bytes * scale / sum * side;

          draw (map, group, area.width >= area.height ? (Area) { area.x, area.y + along, thickness, length }
                                                      : (Area) { area.x + along, area.y, length, thickness }, depth);
          along += length;
        }
      if (area.width >= area.height)
        {
          area.x += thickness;
          area.width -= thickness;
        }
      else
        {
          area.y += thickness;
          area.height -= thickness;
        }
    }
}

void
append_treemap (GString    *out,
                const Heap *heap,
                guint       width,
                guint       height)
{
  g_autoptr (HeapChildren) children = heap_children_new (heap->file, heap->tree);
  g_autoptr (GArray) roots = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 root = 0;

  g_array_append_val (roots, root);
  g_string_append_printf (out, "<svg viewBox=\"0 0 %u %u\" width=\"%u\" height=\"%u\" class=\"map\">\n",
                          width, height, width, height);
  draw_children (&(Map) { out, heap, children }, roots, heap->tree->retained[0], (Area) { 0, 0, width, height }, 0);
  g_string_append (out, "</svg>\n");
}
