/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rooted locals. */

#include "demo.h"

/* An arena in which every safe point collects all garbage. */
static GcArena *
eager_arena_new (void)
{
  GcArena *arena = gc_arena_new ();

  gc_arena_set_zeal (arena, gc_arena_get_zeal (arena) | GC_ZEAL_SAFEPOINT);
  return arena;
}

static void
test_survives_safepoint (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  guint n_finalized = 0;
  GC_ROOT (m, DemoNode, node);

  g_assert_null (node);
  node = demo_watch_new (m, &n_finalized);
  gc_set (node, left, demo_watch_new (m, &n_finalized));
  demo_watch_new (m, &n_finalized);
  g_assert_true (gc_mutation_safepoint (m));
  g_assert_cmpuint (n_finalized, ==, 1);
  g_assert_true (DEMO_IS_WATCH (node->left));
}

static void
test_assignment_reroots (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  guint n_finalized = 0;
  GC_ROOT (m, DemoNode, node);

  for (guint i = 0; i < 10; i++)
    {
      node = demo_watch_new (m, &n_finalized);
      node->value = (int) i;
      gc_mutation_safepoint (m);
      g_assert_cmpuint (n_finalized, ==, i);
      g_assert_cmpint (node->value, ==, (int) i);
    }
  node = NULL;
  gc_mutation_safepoint (m);
  g_assert_cmpuint (n_finalized, ==, 10);
}

/* A rooted local may hold an immediate, as a slot may. */
static void
test_tagged (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GC_ROOT (m, GcObject, word);

  word = gc_tag_int (12);
  gc_mutation_safepoint (m);
  g_assert_cmpint (gc_untag_int (word), ==, 12);
}

static guint n_made;

static DemoNode *
make_deep (GcMutation *m,
           guint       depth)
{
  GC_ROOT (m, DemoNode, node);
  GC_ROOT (m, DemoNode, below);

  node = demo_watch_new (m, NULL);
  node->value = (int) depth;
  n_made++;
  if (depth > 0)
    {
      below = make_deep (m, depth - 1);
      gc_set (node, left, below);
    }
  gc_mutation_safepoint (m);
  return node;
}

/* Roots end with their blocks, last first, and what is returned can be rooted again. */
static void
test_nested_blocks (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GC_ROOT (m, DemoNode, node);
  guint length = 0;

  n_made = 0;
  node = make_deep (m, 50);
  gc_mutation_safepoint (m);
  for (DemoNode *at = node; at != NULL; at = at->left)
    g_assert_cmpint (at->value, ==, (int) (50 - length++));
  g_assert_cmpuint (length, ==, 51);
  g_assert_cmpuint (n_made, ==, 51);
}

static void
test_ends_with_block (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  guint n_finalized = 0;
  GC_ROOT (m, DemoNode, outer);

  outer = demo_watch_new (m, &n_finalized);
  for (guint i = 0; i < 5; i++)
    {
      GC_ROOT (m, DemoNode, inner);

      inner = demo_watch_new (m, &n_finalized);
      gc_mutation_safepoint (m);
      g_assert_cmpuint (n_finalized, ==, i);
      if (i % 2 == 0)
        continue;                       /* every way out unroots it */
      gc_mutation_safepoint (m);
    }
  gc_mutation_safepoint (m);
  g_assert_cmpuint (n_finalized, ==, 5);
  g_assert_nonnull (outer);
}

/* The roots of a scope end with it. */
static void
test_ends_with_scope (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GC_ROOT (m, DemoNode, node);

    node = demo_watch_new (m, &n_finalized);
    gc_mutation_finish (m);
    g_assert_cmpuint (n_finalized, ==, 1);
  }
  /* Its end found nothing to unroot in the next scope. */
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GC_ROOT (m, DemoNode, node);

    node = demo_watch_new (m, &n_finalized);
    gc_mutation_safepoint (m);
    g_assert_cmpuint (n_finalized, ==, 1);
  }
}

/* A root belongs to the scope it was given, not to the innermost one. */
static void
test_of_outer_scope (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  g_autoptr (GcMutation) outer = gc_arena_begin (arena);
  guint n_finalized = 0;
  GC_ROOT (outer, DemoNode, node);

  {
    g_autoptr (GcMutation) inner = gc_arena_begin (arena);
    GC_ROOT (outer, DemoNode, of_outer);
    GC_ROOT (inner, DemoNode, of_inner);

    node = demo_watch_new (inner, &n_finalized);
    of_outer = demo_watch_new (inner, &n_finalized);
    of_inner = demo_watch_new (inner, &n_finalized);
  }
  gc_mutation_safepoint (outer);
  g_assert_cmpuint (n_finalized, ==, 2);
  g_assert_true (DEMO_IS_WATCH (node));
}

static void
test_safepoint_only_when_alone (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  guint n_finalized = 0;

  demo_watch_new (m, &n_finalized);
  {
    g_autoptr (GcMutation) inner = gc_arena_begin (arena);

    g_assert_false (gc_mutation_safepoint (inner));
    g_assert_false (gc_mutation_safepoint (m));
  }
  gc_arena_inhibit (arena);
  g_assert_false (gc_mutation_safepoint (m));
  gc_arena_uninhibit (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  g_assert_true (gc_mutation_safepoint (m));
  g_assert_cmpuint (n_finalized, ==, 1);
}

/* A list that grows through many safe points while a cycle goes on in slices. */
static void
test_import (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  GcMutation *m = gc_arena_begin (arena);
  GC_ROOT (m, DemoNode, list);

  pacing->min_sleep = 64 << 10;
  gc_arena_set_pacing (arena, pacing);
  for (int i = 2999; i >= 0; i--)
    {
      DemoNode *node = gc_new (m, DemoNode);

      node->value = i;
      gc_set (node, left, list);
      list = node;
      demo_scribble (m, 20);
      gc_mutation_safepoint (m);
    }
  g_assert_cmpuint (demo_chain_length (list), ==, 3000);
  gc_arena_set_root (arena, list);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  demo_check (arena);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/root/survives-safepoint", test_survives_safepoint);
  g_test_add_func ("/root/assignment", test_assignment_reroots);
  g_test_add_func ("/root/tagged", test_tagged);
  g_test_add_func ("/root/nested-blocks", test_nested_blocks);
  g_test_add_func ("/root/ends-with-block", test_ends_with_block);
  g_test_add_func ("/root/ends-with-scope", test_ends_with_scope);
  g_test_add_func ("/root/of-outer-scope", test_of_outer_scope);
  g_test_add_func ("/root/safepoint-alone", test_safepoint_only_when_alone);
  g_test_add_func ("/root/import", test_import);
  return g_test_run ();
}
