/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Short-lived trees of many sizes beside a long-lived one.
 *
 * The binary-trees program of the Computer Language Benchmarks Game. At
 * depth 16, some 15 million nodes of two pointers are allocated and dropped.
 */

#include "peer.h"
#include "peer-node.h"

static void
binary_trees (size_t max_depth)
{
  const size_t min_depth = 4;

  PEER_ENTER (m);
  PEER_ROOT (m, Node, long_lived);
  Node *stretch = node_new_tree (m, max_depth + 1);

  bench_check (node_count (stretch));
  PEER_DROP (node, stretch);
  PEER_SAFEPOINT (m);

  long_lived = node_new_tree (m, max_depth);
  PEER_SAFEPOINT (m);

  for (size_t depth = min_depth; depth <= max_depth; depth += 2)
    {
      size_t n_trees = (size_t) 1 << (max_depth - depth + min_depth);
      size_t n_nodes = 0;

      for (size_t i = 0; i < n_trees; i++)
        {
          Node *tree = node_new_tree (m, depth);

          n_nodes += node_count (tree);
          PEER_DROP (node, tree);
          PEER_SAFEPOINT (m);
        }
      bench_check (n_nodes);
    }

  bench_check (node_count (long_lived));
  PEER_DROP (node, long_lived);
  PEER_REPORT (m);
}

const BenchWorkload bench_workload = {
  "binary-trees", PEER_NAME, 16, 12, binary_trees
};
