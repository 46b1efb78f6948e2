/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Dominators after Lengauer and Tarjan, "A fast algorithm for finding dominators in a flowgraph"
 * (TOPLAS 1979), the simple version: O(m log n). Vertices are numbers in depth-first order here. */

#include "heap-tree.h"

#define NONE G_MAXUINT32

typedef struct
{
  guint32  n;                   /* nodes that the root leads to */
  guint32 *node;                /* of each vertex */
  guint32 *vertex;              /* of each node, or NONE */
  guint32 *parent, *semi, *label, *ancestor, *dominator;
  guint32 *bucket, *next;       /* lists of vertices by their semidominator */
  guint32 *pred_start, *preds;  /* by vertex */
  guint32 *stack;
} Work;

void
heap_tree_free (HeapTree *self)
{
  g_free (self->dominator);
  g_free (self->retained);
  g_free (self->distance);
  g_free (self->by_edge);
  g_free (self->by_node);
  g_free (self);
}

/* Breadth first, so that each node is found on a shortest path. */
static void
find_distances (HeapTree       *self,
                const HeapFile *file)
{
  g_autofree guint32 *queue = g_new (guint32, file->n_nodes);
  guint32 head = 0, tail = 0;

  for (guint32 i = 0; i < file->n_nodes; i++)
    self->distance[i] = HEAP_FAR;
  self->distance[0] = 0;
  queue[tail++] = 0;
  while (head < tail)
    {
      guint32 from = queue[head++];

      for (guint32 e = file->first_edge[from]; e < file->first_edge[from + 1]; e++)
        {
          guint32 to = file->edge_to[e];

          if (self->distance[to] != HEAP_FAR || heap_file_is_weak (file, e))
            continue;
          self->distance[to] = self->distance[from] + 1;
          self->by_edge[to] = e;
          self->by_node[to] = from;
          queue[tail++] = to;
        }
    }
}

/* Numbers nodes depth first. The stack holds the next edge of each open node. */
static void
number (Work           *work,
        const HeapFile *file)
{
  g_autofree guint32 *next_edge = g_new (guint32, file->n_nodes);
  guint32 depth = 1;

  for (guint32 i = 0; i < file->n_nodes; i++)
    work->vertex[i] = NONE;
  work->vertex[0] = 0;
  work->node[0] = 0;
  work->parent[0] = 0;
  work->n = 1;
  work->stack[0] = 0;
  next_edge[0] = file->first_edge[0];
  while (depth > 0)
    {
      guint32 from = work->stack[depth - 1];
      guint32 e = next_edge[from];

      if (e == file->first_edge[from + 1])
        {
          depth--;
          continue;
        }
      next_edge[from]++;
      if (work->vertex[file->edge_to[e]] == NONE && !heap_file_is_weak (file, e))
        {
          guint32 to = file->edge_to[e];

          work->vertex[to] = work->n;
          work->node[work->n] = to;
          work->parent[work->n] = work->vertex[from];
          work->n++;
          next_edge[to] = file->first_edge[to];
          work->stack[depth++] = to;
        }
    }
}

static void
collect_predecessors (Work           *work,
                      const HeapFile *file)
{
  for (int pass = 0; pass < 2; pass++)
    {
      for (guint32 v = 0; v < work->n; v++)
        {
          guint32 from = work->node[v];

          for (guint32 e = file->first_edge[from]; e < file->first_edge[from + 1]; e++)
            {
              guint32 to = work->vertex[file->edge_to[e]];

              if (to == NONE || heap_file_is_weak (file, e))
                continue;
              if (pass == 0)
                work->pred_start[to + 1]++;
              else
                work->preds[work->pred_start[to]++] = v;
            }
        }
      if (pass == 0)
        for (guint32 v = 0; v < work->n; v++)
          work->pred_start[v + 1] += work->pred_start[v];
    }
  /* The second pass moved each start to the next one's place. */
  for (guint32 v = work->n; v > 0; v--)
    work->pred_start[v] = work->pred_start[v - 1];
  work->pred_start[0] = 0;
}

/* The vertex with the lowest semidominator on the way to the forest's root, path compressed. */
static guint32
evaluate (Work    *work,
          guint32  v)
{
  guint32 depth = 0;

  if (work->ancestor[v] == NONE)
    return work->label[v];
  for (guint32 u = v; work->ancestor[work->ancestor[u]] != NONE; u = work->ancestor[u])
    work->stack[depth++] = u;
  while (depth > 0)
    {
      guint32 u = work->stack[--depth];
      guint32 a = work->ancestor[u];

      if (work->semi[work->label[a]] < work->semi[work->label[u]])
        work->label[u] = work->label[a];
      work->ancestor[u] = work->ancestor[a];
    }
  return work->label[v];
}

static void
find_dominators (Work *work)
{
  for (guint32 v = 0; v < work->n; v++)
    {
      work->semi[v] = work->label[v] = v;
      work->ancestor[v] = work->bucket[v] = NONE;
    }
  for (guint32 v = work->n - 1; v > 0; v--)
    {
      guint32 p = work->parent[v];

      for (guint32 i = work->pred_start[v]; i < work->pred_start[v + 1]; i++)
        {
          guint32 u = evaluate (work, work->preds[i]);

          work->semi[v] = MIN (work->semi[v], work->semi[u]);
        }
      work->next[v] = work->bucket[work->semi[v]];
      work->bucket[work->semi[v]] = v;
      work->ancestor[v] = p;
      for (guint32 w = work->bucket[p]; w != NONE; w = work->next[w])
        {
          guint32 u = evaluate (work, w);

          work->dominator[w] = work->semi[u] < work->semi[w] ? u : p;
        }
      work->bucket[p] = NONE;
    }
  work->dominator[0] = 0;
  for (guint32 v = 1; v < work->n; v++)
    if (work->dominator[v] != work->semi[v])
      work->dominator[v] = work->dominator[work->dominator[v]];
}

HeapTree *
heap_tree_new (const HeapFile *file)
{
  HeapTree *self = g_new (HeapTree, 1);
  guint32 n = file->n_nodes;
  g_autofree guint32 *block = g_new0 (guint32, (gsize) n * 11 + 1 + file->n_edges);
  Work work = {
    0, block, block + n, block + 2 * (gsize) n, block + 3 * (gsize) n, block + 4 * (gsize) n,
    block + 5 * (gsize) n, block + 6 * (gsize) n, block + 7 * (gsize) n, block + 8 * (gsize) n,
    block + 9 * (gsize) n, block + 11 * (gsize) n + 1, block + 10 * (gsize) n + 1
  };

  *self = (HeapTree) {
    g_new0 (guint32, n), g_memdup2 (file->size, n * sizeof (guint64)), g_new (guint32, n), g_new0 (guint32, n),
    g_new0 (guint32, n)
  };
  find_distances (self, file);
  number (&work, file);
  collect_predecessors (&work, file);
  find_dominators (&work);
  for (guint32 v = work.n - 1; v > 0; v--)
    {
      guint32 dominator = work.node[work.dominator[v]];

      self->dominator[work.node[v]] = dominator;
      self->retained[dominator] += self->retained[work.node[v]];
    }
  return self;
}
