/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A ring of vertices, each with two edges to vertices chosen at random, and an index of them all. */

#pragma once

#include "peer.h"

PEER_DECLARE_TYPE (Vertex, vertex, VERTEX)

struct _Vertex
{
  PeerObject parent_instance;
  PEER_REF (Vertex) previous;
  PEER_REF (Vertex) next;
  PEER_REF (Vertex) a;
  PEER_REF (Vertex) b;
  uint64_t number;
};

PEER_DEFINE_TYPE (Vertex, vertex,
                  PEER_BORROWED (Vertex, previous)
                  PEER_BORROWED (Vertex, next)
                  PEER_BORROWED (Vertex, a)
                  PEER_BORROWED (Vertex, b))

PEER_DECLARE_TYPE (Index, index, INDEX)

struct _Index
{
  PeerObject parent_instance;
  PEER_LENGTH n;
  PEER_REF_TAIL (Vertex) vertices;
};

PEER_DEFINE_TAIL_TYPE (Index, index, vertices, n)

static Index *
graph_build (PeerMutation *m,
             size_t        n_vertices,
             uint32_t     *random)
{
  PEER_ROOT (m, Index, index);

  index = index_new (m, n_vertices);
  for (size_t i = 0; i < n_vertices; i++)
    {
      Vertex *vertex = vertex_new (m);

      vertex->number = i;
      PEER_SET (index, vertices[i], vertex);
      if (i > 0)
        {
          PEER_SET (vertex, previous, index->vertices[i - 1]);
          PEER_SET (vertex->previous, next, vertex);
        }
      PEER_SAFEPOINT (m);
    }
  PEER_SET (index->vertices[0], previous, index->vertices[n_vertices - 1]);
  PEER_SET (index->vertices[n_vertices - 1], next, index->vertices[0]);

  for (size_t i = 0; i < n_vertices; i++)
    {
      Vertex *vertex = index->vertices[i];

      PEER_SET (vertex, a, index->vertices[bench_random_below (random, n_vertices)]);
      PEER_SET (vertex, b, index->vertices[bench_random_below (random, n_vertices)]);
    }
  return index;
}
