/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sets of objects that do not keep them alive. */

#include "demo.h"
#include "gcobj/gc-arena-private.h"

static gsize dropped_value;
static guint n_dropped;

static void
on_dropped (GcWeakSet      *self,
            GcHeap         *heap,
            GcWeakSetEntry *entry)
{
  dropped_value += entry->value;
  n_dropped++;
}

static gboolean
match_value (gconstpointer object,
             gconstpointer key)
{
  return ((const DemoNode *) object)->value == GPOINTER_TO_INT (key);
}

/* What is found is what was added; equal hashes are told apart by the match. */
static void
test_find (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcWeakSet set;

  gc_weak_set_init (&set, &arena->heap, GC_WEAK_AFTER, FALSE);
  g_assert_null (gc_weak_set_find (&set, 0, match_value, NULL));
  for (int i = 0; i < 2000; i++)
    {
      DemoNode *node = gc_new (m, DemoNode);
      GcWeakSetEntry *entry;

      node->value = i;
      entry = gc_weak_set_add (&set, i % 10, node);
      g_assert_true (entry->object == node);
      entry->value = i;
    }
  g_assert_cmpuint (set.n, ==, 2000);
  for (int i = 0; i < 2000; i++)
    {
      GcWeakSetEntry *entry = gc_weak_set_find (&set, i % 10, match_value, GINT_TO_POINTER (i));

      g_assert_nonnull (entry);
      g_assert_cmpuint (entry->value, ==, i);
      g_assert_null (gc_weak_set_find (&set, i % 10 + 1, match_value, GINT_TO_POINTER (i)));
    }
  g_assert_null (gc_weak_set_find (&set, 3, match_value, GINT_TO_POINTER (-1)));
  gc_weak_set_clear (&set, &arena->heap);
  g_assert_null (gc_weak_set_find (&set, 0, match_value, NULL));
}

/* Dead objects leave, once; the others stay, wherever they move. */
static void
test_dead_leave (void)
{
  enum { N = 3000 };
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcWeakSet set;
  guint n_left = N;

  n_dropped = 0;
  dropped_value = 0;
  gc_weak_set_init (&set, &arena->heap, GC_WEAK_AFTER, TRUE);
  set.dropped = on_dropped;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *head = demo_chain_new (m, N);

    for (DemoNode *node = head; node != NULL; node = node->left)
      gc_weak_set_add (&set, gc_weak_set_hash (node), node)->value = 1 + node->value;
    gc_arena_set_root (arena, head);
  }
  for (guint round = 0; round < 6; round++)
    {
      gc_arena_collect (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        guint n = 0;

        g_assert_cmpuint (set.n, ==, n_left);
        g_assert_cmpuint (n_dropped, ==, N - n_left);
        for (DemoNode *node = gc_arena_get_root (arena); node != NULL; node = node->left)
          {
            GcWeakSetEntry *entry = gc_weak_set_find (&set, gc_weak_set_hash (node), NULL, node);

            g_assert_nonnull (entry);
            g_assert_cmpuint (entry->value, ==, 1 + node->value);
            n++;
          }
        g_assert_cmpuint (n, ==, n_left);
        /* Each second one goes. */
        for (DemoNode *node = gc_arena_get_root (arena); node != NULL && node->left != NULL; node = node->left)
          {
            gc_set (node, left, node->left->left);
            n_left--;
          }
      }
    }
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_dropped, ==, N);
  g_assert_cmpuint (dropped_value, ==, (gsize) N * (N + 1) / 2);
  g_assert_cmpuint (set.n, ==, 0);
  gc_weak_set_clear (&set, &arena->heap);
}

/* The place of one that left does not hide those that come after it. */
static void
test_dead_among_equals (void)
{
  enum { N = 200 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint n = 0;
  GcWeakSet set;

  gc_weak_set_init (&set, &arena->heap, GC_WEAK_AFTER, FALSE);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *head = demo_chain_new (m, N);

    for (DemoNode *node = head; node != NULL; node = node->left)
      gc_weak_set_add (&set, 7, node);
    for (DemoNode *node = head; node != NULL && node->left != NULL; node = node->left)
      gc_set (node, left, node->left->left);
    gc_arena_set_root (arena, head);
  }
  gc_arena_collect (arena);
  for (DemoNode *node = arena->root; node != NULL; node = node->left, n++)
    g_assert_true (gc_weak_set_find (&set, 7, match_value, GINT_TO_POINTER (node->value))->object == node);
  g_assert_cmpuint (n, ==, N / 2);
  g_assert_null (gc_weak_set_find (&set, 7, match_value, GINT_TO_POINTER (1)));
  gc_weak_set_clear (&set, &arena->heap);
}

/* Between marking and clearing what is dead is not found, and what is added is
 * not taken for dead. */
static void
test_while_clearing (void)
{
  enum { N = 4000 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autofree gpointer *dead = g_new (gpointer, N);
  guint n_clearing = 0;
  GcWeakSet set;

  gc_weak_set_init (&set, &arena->heap, GC_WEAK_AFTER, TRUE);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < N; i++)
      {
        dead[i] = gc_new (m, DemoNode);
        gc_weak_set_add (&set, gc_weak_set_hash (dead[i]), dead[i]);
      }
  }
  gc_arena_finish_marking (arena);
  while (!gc_arena_step_units (arena, 1))
    if (gc_arena_get_phase (arena) == GC_PHASE_CLEARING)
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *node = gc_new (m, DemoNode);

        gc_weak_set_add (&set, gc_weak_set_hash (node), node)->value = 99;
        gc_set (node, left, gc_arena_get_root (arena));
        gc_arena_set_root (arena, node);
        for (guint i = 0; i < N; i += 37)
          g_assert_null (gc_weak_set_find (&set, gc_weak_set_hash (dead[i]), NULL, dead[i]));
        n_clearing++;
      }
  g_assert_cmpuint (n_clearing, >, 5);
  g_assert_cmpuint (set.n, ==, n_clearing);
  for (DemoNode *node = arena->root; node != NULL; node = node->left)
    g_assert_cmpuint (gc_weak_set_find (&set, gc_weak_set_hash (node), NULL, node)->value, ==, 99);
  demo_check (arena);
  gc_weak_set_clear (&set, &arena->heap);
}

/* What leaves makes room, so that a set does not grow by turnover. */
static void
test_turnover (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GcWeakSet set;

  gc_weak_set_init (&set, &arena->heap, GC_WEAK_AFTER, TRUE);
  for (guint round = 0; round < 200; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (guint i = 0; i < 50; i++)
          {
            gpointer node = gc_new (m, DemoNode);

            gc_weak_set_add (&set, gc_weak_set_hash (node), node);
          }
      }
      gc_arena_collect (arena);
      g_assert_cmpuint (set.n, ==, 0);
    }
  g_assert_cmpuint (set.size, <=, 512);
  gc_weak_set_clear (&set, &arena->heap);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weak-set/find", test_find);
  g_test_add_func ("/weak-set/dead-leave", test_dead_leave);
  g_test_add_func ("/weak-set/dead-among-equals", test_dead_among_equals);
  g_test_add_func ("/weak-set/while-clearing", test_while_clearing);
  g_test_add_func ("/weak-set/turnover", test_turnover);
  return g_test_run ();
}
