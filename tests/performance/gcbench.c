/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Trees built from the top and from the bottom.
 *
 * After GCBench by John Ellis, Pete Kovac and Hans Boehm: a long-lived tree
 * and a large array of numbers stay alive while trees of even depths come
 * and go, as many nodes of each depth, half of them built top down (old
 * objects refer to new ones) and half bottom up. The size is the depth of
 * the tree that first stretches the heap; the original has 18.
 */

#include "peer.h"
#include "peer-node.h"

PEER_DECLARE_TYPE (Numbers, numbers, NUMBERS)

struct _Numbers
{
  PeerObject parent_instance;
  PEER_LENGTH n;
  double values[];
};

PEER_DEFINE_LEAF_TAIL_TYPE (Numbers, numbers, values, n)

static void
populate (PeerMutation *m,
          Node         *node,
          size_t        depth)
{
  if (depth == 0)
    return;
  PEER_SET (node, left, node_new (m));
  PEER_SET (node, right, node_new (m));
  populate (m, node->left, depth - 1);
  populate (m, node->right, depth - 1);
}

static Node *
new_tree_top_down (PeerMutation *m,
                   size_t        depth)
{
  Node *root = node_new (m);

  populate (m, root, depth);
  return root;
}

/* The original never looks at its trees; one walk down each is next to
 * nothing and notices a tree that was not finished. */
static size_t
spine_length (const Node *node)
{
  size_t length = 0;

  for (; node != NULL; node = (length & 1) != 0 ? node->left : node->right)
    length++;
  return length;
}

static size_t
tree_size (size_t depth)
{
  return ((size_t) 1 << (depth + 1)) - 1;
}

static void
gcbench (size_t stretch_depth)
{
  const size_t long_lived_depth = stretch_depth - 2;
  const size_t n_numbers = 500000;

  PEER_ENTER (m);
  PEER_ROOT (m, Node, long_lived);
  PEER_ROOT (m, Numbers, numbers);
  Node *stretch = node_new_tree (m, stretch_depth);

  bench_check (spine_length (stretch));
  PEER_DROP (node, stretch);
  PEER_SAFEPOINT (m);

  long_lived = new_tree_top_down (m, long_lived_depth);
  PEER_SAFEPOINT (m);

  numbers = numbers_new (m, n_numbers);
  for (size_t i = 0; i < n_numbers / 2; i++)
    numbers->values[i] = 1.0 / (double) (i + 1);

  for (size_t depth = 4; depth <= long_lived_depth; depth += 2)
    {
      size_t n_trees = 2 * tree_size (stretch_depth) / tree_size (depth);
      size_t lengths = 0;

      for (size_t i = 0; i < 2 * n_trees; i++)
        {
          Node *tree = i < n_trees ? new_tree_top_down (m, depth)
                                   : node_new_tree (m, depth);

          lengths += spine_length (tree);
          PEER_DROP (node, tree);
          PEER_SAFEPOINT (m);
        }
      bench_check (lengths);
    }

  bench_check (node_count (long_lived));
  bench_check ((uint64_t) (1000 * 1000 * numbers->values[999] + 0.5));
  PEER_DROP (node, long_lived);
  PEER_REPORT (m);
}

const BenchWorkload bench_workload = {
  "gcbench", PEER_NAME, 18, 14, gcbench
};
