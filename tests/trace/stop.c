/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program to be looked into by a debugger, which stops it in look(). */

#include "tests/unit/demo.h"

int look (GcArena *arena, DemoNode *node, GcString *string, gpointer pointer, DemoVector *vector, DemoNode *wild,
          DemoVector *medium, DemoVector *large);

G_GNUC_NO_INLINE int
look (GcArena    *arena,
      DemoNode   *node,
      GcString   *string,
      gpointer    pointer,
      DemoVector *vector,
      DemoNode   *wild,
      DemoVector *medium,
      DemoVector *large)
{
  return node->value;
}

int
main (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *node = gc_new (m, DemoNode);
  DemoVector *vector = gc_new_with_tail (m, DemoVector, 3);
  GcString *string = gc_string_new (m, "a \"text\"");
  DemoVector *medium = gc_new_with_tail (m, DemoVector, 10000);
  DemoVector *large = gc_new_with_tail (m, DemoVector, 1000000);
  DemoNode local = { .value = 1 };
  guint n_finalized = 0;

  gc_set (node, left, demo_watch_new (m, &n_finalized));
  gc_set (node, right, node);
  gc_set (node, any, GC_OBJECT (string));
  gc_set_weak (node, weak, node);
  gc_set (vector, items[1], GC_OBJECT (node));
  gc_set (vector, items[2], gc_tag_int (7));
  gc_arena_set_root (arena, vector);
  gc_set (medium, items[199], GC_OBJECT (large));
  gc_set (large, items[199], GC_OBJECT (medium));
  return look (arena, node, string, node->left, vector, &local, medium, large) != 0;
}
