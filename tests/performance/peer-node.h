/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The trees of the tree workloads. */

#pragma once

#include "peer.h"

PEER_DECLARE_TYPE (Node, node, NODE)

struct _Node
{
  PeerObject parent_instance;
  PEER_REF (Node) left;
  PEER_REF (Node) right;
};

PEER_DEFINE_TYPE (Node, node,
                  PEER_FIELD (Node, left, node)
                  PEER_FIELD (Node, right, node))

/* Bottom up: children are older than their parent. */
static Node *
node_new_tree (PeerMutation *m,
               size_t        depth)
{
  Node *left = depth > 0 ? node_new_tree (m, depth - 1) : NULL;
  Node *right = depth > 0 ? node_new_tree (m, depth - 1) : NULL;
  Node *self = node_new (m);

  if (depth > 0)
    {
      PEER_SET (self, left, left);
      PEER_SET (self, right, right);
    }
  return self;
}

static size_t
node_count (const Node *self)
{
  return self->left != NULL
    ? 1 + node_count (self->left) + node_count (self->right)
    : 1;
}
