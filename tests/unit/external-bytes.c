/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bytes that objects own outside of the heap. */

#include "demo.h"

static guint64
total (GcArena *arena)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

  return stats->external_bytes;
}

static void
test_account (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcObject *a, *b;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    a = gc_object_ref (gc_new (m, DemoNode));
    b = gc_object_ref (gc_new (m, DemoNode));
  }
  g_assert_cmpuint (gc_object_get_external_bytes (a), ==, 0);
  gc_object_add_external_bytes (a, 1000);
  gc_object_add_external_bytes (b, 500);
  gc_object_add_external_bytes (a, 234);
  g_assert_cmpuint (gc_object_get_external_bytes (a), ==, 1234);
  g_assert_cmpuint (gc_object_get_external_bytes (b), ==, 500);
  g_assert_cmpuint (total (arena), ==, 1734);

  gc_object_add_external_bytes (a, -1000);
  gc_object_add_external_bytes (b, 0);
  g_assert_cmpuint (gc_object_get_external_bytes (a), ==, 234);
  g_assert_cmpuint (total (arena), ==, 734);

  /* They stay with their object, wherever it goes ... */
  gc_arena_collect (arena);
  g_assert_cmpuint (gc_object_get_external_bytes (a), ==, 234);
  g_assert_cmpuint (gc_object_get_external_bytes (b), ==, 500);

  /* ... and end with it. */
  gc_object_unref (a);
  gc_arena_collect (arena);
  g_assert_cmpuint (total (arena), ==, 500);
  gc_object_unref (b);
  gc_arena_collect (arena);
  g_assert_cmpuint (total (arena), ==, 0);
}

static void
test_many (void)
{
  enum { N = 3000 };
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint64 expected = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = demo_chain_new (m, N);

    gc_arena_set_root (arena, node);
    for (; node != NULL; node = node->left)
      {
        gc_object_add_external_bytes (GC_OBJECT (node), node->value + 1);
        /* As much garbage, which shares the table. */
        gc_object_add_external_bytes (GC_OBJECT (gc_new (m, DemoNode)), 7);
      }
  }
  for (guint round = 0; round < 6; round++)
    {
      gc_arena_collect (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *node = gc_arena_get_root (arena);

        expected = 0;
        for (DemoNode *at = node; at != NULL; at = at->left)
          {
            g_assert_cmpuint (gc_object_get_external_bytes (GC_OBJECT (at)), ==, at->value + 1);
            expected += at->value + 1;
          }
        g_assert_cmpuint (total (arena), ==, expected);
        /* Every other one goes. */
        for (; node != NULL && node->left != NULL; node = node->left)
          gc_set (node, left, node->left->left);
      }
    }
  g_assert_cmpuint (expected, >, 0);
}

/* They are owed for like bytes of the heap: garbage that owns much goes early. */
static void
test_debt (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcPacing) pacing = gc_arena_get_pacing (arena);
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcObject *object = GC_OBJECT (demo_watch_new (m, &n_finalized));
    gsize before = gc_arena_get_debt (arena);

    g_assert_cmpuint (before, ==, 0);
    gc_object_add_external_bytes (object, pacing->min_sleep / 2);
    g_assert_cmpuint (gc_arena_get_debt (arena), ==, 0);
    gc_object_add_external_bytes (object, pacing->min_sleep / 2 + 1000);
    g_assert_cmpuint (gc_arena_get_debt (arena), ==, 1000 + sizeof (DemoWatch));
  }
  for (guint i = 0; i < 100 && n_finalized == 0; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      gc_object_add_external_bytes (GC_OBJECT (gc_new (m, DemoNode)), 1 << 20);
    }
  g_assert_cmpuint (n_finalized, ==, 1);
}

/* The sleep after a cycle is as long as what lives is large, external bytes included. */
static void
test_sleep (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GcObject *object;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    object = gc_object_ref (gc_new (m, DemoNode));
    gc_object_add_external_bytes (object, 100 << 20);
  }
  gc_arena_collect (arena);
  gc_object_add_external_bytes (object, 90 << 20);
  g_assert_cmpuint (gc_arena_get_debt (arena), ==, 0);
  gc_object_add_external_bytes (object, 11 << 20);
  g_assert_cmpuint (gc_arena_get_debt (arena), >, 0);
  gc_object_unref (object);
}

/* However many they are: slices are the longer, the more is overdue, and the cycle comes to its end. */
static void
test_overdue (void)
{
  for (guint shift = 36; shift < 63; shift++)
    {
      g_autoptr (GcArena) arena = demo_exact_arena_new ();
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      guint n_slices = 0;

      gc_arena_set_root (arena, demo_chain_new (m, 20000));
      gc_object_add_external_bytes (gc_arena_get_root (arena), (gssize) 1 << shift);
      for (gboolean is_complete = FALSE; !is_complete; n_slices++)
        {
          g_autoptr (GcStats) stats = NULL;

          gc_mutation_safepoint (m);
          stats = gc_arena_get_stats (arena);
          is_complete = stats->n_cycles > 0;
        }
      g_assert_cmpuint (n_slices, <=, 8);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/external-bytes/account", test_account);
  g_test_add_func ("/external-bytes/many", test_many);
  g_test_add_func ("/external-bytes/debt", test_debt);
  g_test_add_func ("/external-bytes/sleep", test_sleep);
  g_test_add_func ("/external-bytes/overdue", test_overdue);
  return g_test_run ();
}
