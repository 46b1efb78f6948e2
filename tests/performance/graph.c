/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A graph full of cycles, built, kept and dropped as a whole.
 *
 * A ring of vertices, each with two edges to vertices chosen at random, and an
 * index of them all. A collector is asked for a collection while the graph
 * lives, and for another when it doesn't; it may have one to complete before.
 * In the end a graph is collected twice: the second time has nothing but
 * marking to do, and its price for each object is that of marking where no
 * cache helps. Programs without a collector know that the index owns the
 * vertices and tear down from there.
 */

#include "peer-graph.h"

#define N_ROUNDS 10

static void
build (PeerArena *arena,
       size_t     n_vertices,
       uint32_t  *random)
{
  PEER_BEGIN (m, arena);

  PEER_SET_ROOT (arena, graph_build (m, n_vertices, random));
}

/* Along the ring, which is how the vertices lie in memory; across it, too, if
 * "edges" is set. */
static void
check (PeerArena *arena,
       bool       edges)
{
  PEER_BEGIN (m, arena);
  const Index *index = PEER_GET_ROOT (arena);
  const Vertex *vertex = index->vertices[0];
  uint64_t sum = 0;

  for (size_t i = 0; i < index->n; i++, vertex = vertex->next)
    {
      sum = sum * 31 + vertex->number;
      if (edges)
        sum += vertex->a->number ^ vertex->b->number;
    }
  bench_require (vertex == index->vertices[0]);
  bench_check (sum & 0xffffffff);
  (void) m;
}

static void
drop (PeerArena *arena)
{
  if (!PEER_COLLECTS)
    {
      Index *index = PEER_GET_ROOT (arena);

      for (size_t i = 0; i < index->n; i++)
        PEER_DROP (vertex, index->vertices[i]);
      PEER_DROP_TAIL (index);
    }
  PEER_SET_ROOT (arena, NULL);
}

static double
collect (PeerArena *arena)
{
  double start = bench_cpu_seconds ();

  PEER_COLLECT (arena);
  return bench_cpu_seconds () - start;
}

static void
graph (size_t n_vertices)
{
  uint32_t random = 2463534242;
  double live_seconds = 0;
  double dead_seconds = 0;
  double marking_seconds = 0;

  PEER_ARENA (arena);

  for (int i = 0; i < N_ROUNDS; i++)
    {
      build (arena, n_vertices, &random);
      live_seconds += collect (arena);
      if (PEER_COLLECTS && i == N_ROUNDS - 1)
        marking_seconds = collect (arena);
      check (arena, i == 0);
      drop (arena);
      dead_seconds += collect (arena);
    }

  if (PEER_COLLECTS)
    {
      bench_report ("live-ns-per-object", "%.1f",
                    1e9 * live_seconds / (double) (N_ROUNDS * n_vertices));
      bench_report ("dead-ns-per-object", "%.1f",
                    1e9 * dead_seconds / (double) (N_ROUNDS * n_vertices));
      bench_report ("marking-ns-per-object", "%.1f",
                    1e9 * marking_seconds / (double) n_vertices);
    }
  PEER_BEGIN (m, arena);
  PEER_REPORT (m);
}

const BenchWorkload bench_workload = {
  "graph", PEER_NAME, 1000 * 1000, 20 * 1000, graph
};
