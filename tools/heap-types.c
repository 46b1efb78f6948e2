/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <string.h>

#include "heap-types.h"

void
heap_children_free (HeapChildren *self)
{
  g_free (self->start);
  g_free (self->nodes);
  g_free (self);
}

HeapChildren *
heap_children_new (const HeapFile *file,
                   const HeapTree *tree)
{
  HeapChildren *self = g_new (HeapChildren, 1);
  guint32 n = file->n_nodes;

  self->start = g_new0 (guint32, n + 2);
  self->nodes = g_new (guint32, n);
  for (guint32 i = 1; i < n; i++)
    if (tree->distance[i] != HEAP_FAR)
      self->start[tree->dominator[i] + 2]++;
  for (guint32 i = 0; i < n; i++)
    self->start[i + 2] += self->start[i + 1];
  for (guint32 i = 1; i < n; i++)
    if (tree->distance[i] != HEAP_FAR)
      self->nodes[self->start[tree->dominator[i] + 1]++] = i;
  return self;
}

void
heap_classes_free (HeapClasses *self)
{
  g_free (self->classes);
  g_free (self->class_of);
  g_free (self);
}

static void
find_classes (HeapClasses    *self,
              const HeapFile *file)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) classes = g_array_new (FALSE, FALSE, sizeof (HeapClass));
  /* By text and kind: a hash of text is for each pair only once. */
  g_autofree guint32 *known = g_new0 (guint32, (gsize) file->n_strings * (HEAP_NODE_OTHER + 1));

  for (guint32 i = 0; i < file->n_nodes; i++)
    {
      guint32 *number = &known[(gsize) file->name[i] * (HEAP_NODE_OTHER + 1) + file->kind[i]];
      HeapClass *class;

      if (*number == 0)
        {
          const char *name = heap_file_class_name (file, i);

          *number = GPOINTER_TO_UINT (g_hash_table_lookup (by_name, name));
          if (*number == 0)
            {
              HeapClass new = { .name = name };

              g_array_append_val (classes, new);
              *number = classes->len;
              g_hash_table_insert (by_name, (gpointer) name, GUINT_TO_POINTER (*number));
            }
        }
      class = &g_array_index (classes, HeapClass, *number - 1);
      class->count++;
      class->shallow += file->size[i];
      self->class_of[i] = *number - 1;
    }
  self->n = classes->len;
  self->classes = (HeapClass *) g_array_free (g_steal_pointer (&classes), FALSE);
}

/* Down the tree of dominators: what is below another of its class is counted there. */
static void
add_retained (HeapClasses    *self,
              const HeapFile *file,
              const HeapTree *tree)
{
  g_autoptr (HeapChildren) children = heap_children_new (file, tree);
  g_autofree guint32 *n_open = g_new0 (guint32, self->n);
  g_autofree guint32 *next = g_memdup2 (children->start, ((gsize) file->n_nodes + 1) * sizeof (guint32));
  g_autofree guint32 *stack = g_new (guint32, file->n_nodes);
  guint32 depth = 0;

  stack[depth++] = 0;
  while (depth > 0)
    {
      guint32 node = stack[depth - 1];
      guint32 class = self->class_of[node];

      if (next[node] == children->start[node] && n_open[class]++ == 0)
        self->classes[class].retained += tree->retained[node];
      if (next[node] < children->start[node + 1])
        {
          stack[depth++] = children->nodes[next[node]++];
          /* A node without children is opened and closed at once; one with some shall not be opened twice. */
          continue;
        }
      n_open[class]--;
      depth--;
    }
}

HeapClasses *
heap_classes_new (const HeapFile *file,
                  const HeapTree *tree)
{
  HeapClasses *self = g_new0 (HeapClasses, 1);

  self->class_of = g_new (guint32, file->n_nodes);
  find_classes (self, file);
  add_retained (self, file, tree);
  return self;
}

typedef struct
{
  const HeapClasses *classes;
  char               by;
} Order;

static guint64
key_of (const HeapClass *class,
        char             by)
{
  return by == 'c' ? class->count : by == 's' ? class->shallow : class->retained;
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      data)
{
  const Order *order = data;
  const HeapClass *x = &order->classes->classes[*(const guint32 *) a];
  const HeapClass *y = &order->classes->classes[*(const guint32 *) b];
  guint64 key_x = key_of (x, order->by), key_y = key_of (y, order->by);

  return key_x != key_y ? (key_x < key_y ? 1 : -1) : strcmp (x->name, y->name);
}

/* Numbers of classes, the largest first: by "retained", "shallow" or "count". */
guint32 *
heap_classes_sort (const HeapClasses *self,
                   const char        *by)
{
  guint32 *order = g_new (guint32, self->n);

  for (guint32 i = 0; i < self->n; i++)
    order[i] = i;
  g_qsort_with_data (order, self->n, sizeof *order, compare, &(Order) { self, *by });
  return order;
}
