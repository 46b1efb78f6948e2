/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* C++ reads slots and stores into them; types are defined in C. */

#include "types.h"

struct Frame
{
  int number;
  GC_REF (GcObject) value;
};

struct DemoEnv
{
  GcObject parent_instance;
  Frame frames[3];
  const gsize n;
  GC_REF_TAIL (DemoNode) tail;
};

int sum (DemoNode *node);

int
sum (DemoNode *node)
{
  return node == nullptr ? 0 : node->value + sum (node->left) + sum (node->right) + sum (node->children[1]);
}

void store (GcArena *arena, DemoEnv *env, DemoNode *a, DemoNode *b);

void
store (GcArena *arena, DemoEnv *env, DemoNode *a, DemoNode *b)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoLeaf *leaf = gc_new (m, DemoLeaf);
  int i = 2;

  gc_set (a, left, b);
  gc_set (a->left, right, a);
  gc_set (a, any, leaf);
  gc_set (a, children[i], DEMO_NODE (leaf));
  gc_set (a, left, nullptr);
  gc_set (env, frames[1].value, b);
  gc_set (env, tail[0], a);
  gc_set_weak (a, parent, b);
  b = gc_weak_get (a, parent);
  gc_set (b, left, gc_weak_get (a, parent));
  g_assert (sum (env->tail[0]) == sum (a) && env->frames[1].value != nullptr);
  gc_arena_set_root (arena, a);
}
