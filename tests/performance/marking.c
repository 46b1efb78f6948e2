/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Marking with one thread and with two, in turn.
 *
 * Collects heaps of several shapes, in which everything lives: a random graph with an index of
 * its vertices; one without; trees; and a list, of which two threads can't have a part each. A busy machine
 * tells little by the wall clock, so that the share of the busier thread is shown beside it: what the pause would take if
 * both threads ran from the beginning. */

#include <gcobj/gcobj.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

#define N_ROUNDS 9

GC_DECLARE_TYPE (Vertex, vertex, PERF, VERTEX, GcObject)

struct _Vertex
{
  GcObject parent_instance;
  GC_REF (Vertex) left;
  GC_REF (Vertex) right;
  guint64 number;
};

GC_DEFINE_TYPE (Vertex, vertex, GC_TYPE_OBJECT,
                GC_FIELD (Vertex, left)
                GC_FIELD (Vertex, right))

GC_DECLARE_TYPE (VertexIndex, vertex_index, PERF, VERTEX_INDEX, GcObject)

struct _VertexIndex
{
  GcObject parent_instance;
  const gsize n;
  GC_REF_TAIL (Vertex) vertices;
};

GC_DEFINE_TYPE (VertexIndex, vertex_index, GC_TYPE_OBJECT,
                GC_FIELD_TAIL (VertexIndex, vertices, n))

static Vertex *
make_vertex (GcMutation *m,
             size_t      number)
{
  Vertex *vertex = gc_new (m, Vertex);

  vertex->number = number;
  return vertex;
}

/* Each vertex leads to two others chosen at random. */
static GcObject *
make_graph (GcMutation *m,
            size_t      n,
            bool        keeps_index)
{
  uint32_t random = 2463534242;
  VertexIndex *index = gc_new_with_tail (m, VertexIndex, n);
  Vertex *first;

  for (size_t i = 0; i < n; i++)
    gc_set (index, vertices[i], make_vertex (m, i));
  for (size_t i = 0; i < n; i++)
    {
      gc_set (index->vertices[i], left, index->vertices[bench_random_below (&random, n)]);
      gc_set (index->vertices[i], right, index->vertices[bench_random_below (&random, n)]);
    }
  first = index->vertices[0];
  return keeps_index ? (GcObject *) index : (GcObject *) first;
}

static Vertex *
make_tree (GcMutation *m,
           size_t      n)
{
  Vertex *vertex = make_vertex (m, n);

  if (n > 1)
    {
      gc_set (vertex, left, make_tree (m, (n - 1) / 2));
      gc_set (vertex, right, make_tree (m, n - 1 - (n - 1) / 2 > 0 ? n - 1 - (n - 1) / 2 : 1));
    }
  return vertex;
}

static Vertex *
make_list (GcMutation *m,
           size_t      n)
{
  Vertex *list = NULL;

  for (size_t i = 0; i < n; i++)
    {
      Vertex *vertex = make_vertex (m, i);

      gc_set (vertex, left, list);
      list = vertex;
    }
  return list;
}

typedef enum { INDEX, GRAPH, TREE, LIST, N_SHAPES } Shape;

static const char *const names[N_SHAPES] = { "index", "graph", "tree", "list" };

typedef struct
{
  double wall;
  double busier;
} Times;

static Times
collect (GcArena *arena,
         guint    n_threads)
{
  double wall, all, mine;

  gc_arena_set_marker_threads (arena, n_threads);
  gc_arena_finish_cycle (arena);
  wall = bench_seconds (CLOCK_MONOTONIC);
  all = bench_seconds (CLOCK_PROCESS_CPUTIME_ID);
  mine = bench_seconds (CLOCK_THREAD_CPUTIME_ID);
  gc_arena_finish_marking (arena);
  mine = bench_seconds (CLOCK_THREAD_CPUTIME_ID) - mine;
  all = bench_seconds (CLOCK_PROCESS_CPUTIME_ID) - all;
  wall = bench_seconds (CLOCK_MONOTONIC) - wall;
  return (Times) { wall, MAX (mine, all - mine) };
}

static int
compare (const void *a,
         const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median (double *figures)
{
  qsort (figures, N_ROUNDS, sizeof (double), compare);
  return figures[N_ROUNDS / 2];
}

static void
measure (Shape  shape,
         size_t n)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  double wall[2][N_ROUNDS], busier[2][N_ROUNDS];
  g_autofree char *key_wall = g_strdup_printf ("%s-speedup-wall", names[shape]);
  g_autofree char *key_busier = g_strdup_printf ("%s-speedup-busier-thread", names[shape]);
  g_autofree char *key_ns = g_strdup_printf ("%s-ns-per-object", names[shape]);
  GcStats *stats;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcObject *root = shape == TREE ? (GcObject *) make_tree (m, n) :
                     shape == LIST ? (GcObject *) make_list (m, n) : make_graph (m, n, shape == INDEX);

    gc_arena_set_root (arena, root);
  }
  gc_arena_collect (arena);

  for (int i = 0; i < N_ROUNDS; i++)
    for (guint k = 0; k < 2; k++)
      {
        Times times = collect (arena, k + 1);

        wall[k][i] = times.wall;
        busier[k][i] = times.busier;
      }
  gc_arena_finish_cycle (arena);
  stats = gc_arena_get_stats (arena);
  bench_require (stats->live_objects >= n / 2);
  gc_stats_free (stats);

  bench_report (key_ns, "%.1f", 1e9 * median (wall[0]) / (double) n);
  bench_report (key_wall, "%.2f", median (wall[0]) / median (wall[1]));
  bench_report (key_busier, "%.2f", median (busier[0]) / median (busier[1]));
}

static void
marking (size_t n)
{
  for (Shape shape = 0; shape < N_SHAPES; shape++)
    measure (shape, n);
  bench_check (n);
}

const BenchWorkload bench_workload = {
  "marking", "gcobj", 1000 * 1000, 20 * 1000, marking
};
