/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The phases of a cycle, driven by hand. */

#include "demo.h"

static GcArena *
arena_with_chain (guint n)
{
  GcArena *arena = demo_exact_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  gc_arena_set_root (arena, demo_chain_new (m, n));
  return arena;
}

static guint
root_length (GcArena *arena)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  return demo_chain_length (gc_arena_get_root (arena));
}

static void
test_by_name (void)
{
  g_autoptr (GcArena) arena = arena_with_chain (1000);

  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
  gc_arena_start_cycle (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_MARKING);
  gc_arena_start_cycle (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_MARKING);
  gc_arena_finish_marking (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_MARKED);
  gc_arena_finish_marking (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_MARKED);
  gc_arena_start_sweeping (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_SWEEPING);
  gc_arena_finish_cycle (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
  g_assert_cmpuint (root_length (arena), ==, 1000);
  demo_check (arena);
}

static guint64
n_cycles (GcArena *arena)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

  return stats->n_cycles;
}

/* Each one, called in each phase, goes where it says and loses nothing. */
static void
test_any_order (void)
{
  static void (*const moves[]) (GcArena *arena) = {
    gc_arena_start_cycle, gc_arena_finish_marking, gc_arena_start_sweeping, gc_arena_finish_cycle, gc_arena_collect
  };
  static const GcPhase after[] = {
    GC_PHASE_MARKING, GC_PHASE_MARKED, GC_PHASE_SWEEPING, GC_PHASE_IDLE, GC_PHASE_IDLE
  };

  for (guint first = 0; first < G_N_ELEMENTS (moves); first++)
    for (guint second = 0; second < G_N_ELEMENTS (moves); second++)
      for (guint third = 0; third < G_N_ELEMENTS (moves); third++)
        {
          g_autoptr (GcArena) arena = arena_with_chain (50);
          guint order[] = { first, second, third };

          for (guint i = 0; i < G_N_ELEMENTS (order); i++)
            {
              /* A cycle that is being marked is not begun anew. */
              gboolean stays = order[i] == 0 && gc_arena_get_phase (arena) == GC_PHASE_MARKED;

              moves[order[i]] (arena);
              g_assert_cmpint (gc_arena_get_phase (arena), ==, stays ? GC_PHASE_MARKED : after[order[i]]);
              g_assert_cmpuint (root_length (arena), ==, 50);
            }
          demo_check (arena);
        }
}

/* Clearing is a phase of its own if there is enough to clear. */
static void
test_clearing_in_slices (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint n_clearing = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *head = NULL;

    for (guint i = 0; i < 5000; i++)
      {
        DemoNode *node = gc_new (m, DemoNode);

        gc_set (node, left, head);
        gc_set_weak (node, weak, gc_new (m, DemoNode));
        head = node;
      }
    gc_arena_set_root (arena, head);
  }
  gc_arena_finish_marking (arena);
  while (!gc_arena_step_units (arena, 2))
    if (gc_arena_get_phase (arena) == GC_PHASE_CLEARING)
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        /* No weak slot leads to what is dead, cleared already or not. */
        for (DemoNode *node = gc_arena_get_root (arena); node != NULL; node = node->left)
          g_assert_null (gc_weak_get (node, weak));
        n_clearing++;
      }
  g_assert_cmpuint (n_clearing, >, 10);
  demo_check (arena);
}

/* Steps of one unit complete cycles; what a step does is reproducible. */
static void
test_units (void)
{
  guint lengths[2][4];

  for (guint run = 0; run < 2; run++)
    for (guint units = 1; units <= 4; units++)
      {
        g_autoptr (GcArena) arena = arena_with_chain (500);
        guint n_steps = 1;

        while (!gc_arena_step_units (arena, units))
          {
            g_assert_cmpuint (root_length (arena), ==, 500);
            g_assert_cmpuint (n_steps++, <, 5000);
          }
        lengths[run][units - 1] = n_steps;
        g_assert_cmpuint (n_cycles (arena), ==, 1);
      }
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (lengths[0][i], ==, lengths[1][i]);
  g_assert_cmpuint (lengths[0][0], >, lengths[0][3]);
}

/* Zero means as little as possible. */
static void
test_no_units (void)
{
  g_autoptr (GcArena) arena = arena_with_chain (100);
  guint n_steps = 0;

  while (!gc_arena_step_units (arena, 0))
    g_assert_cmpuint (n_steps++, <, 5000);
  g_assert_cmpuint (n_steps, >, 50);
}

/* All units at once are one cycle, from wherever it stands. */
static void
test_all_units (void)
{
  g_autoptr (GcArena) arena = arena_with_chain (10000);

  for (guint i = 1; i <= 3; i++)
    {
      g_assert_true (gc_arena_step_units (arena, G_MAXUINT));
      g_assert_cmpuint (n_cycles (arena), ==, i);
    }
}

/* While a cycle goes on by single units, a program changes the graph all the time. */
static void
test_mutation_between_steps (void)
{
  g_autoptr (GcArena) arena = arena_with_chain (300);
  guint n_finalized = 0, n_made = 0;

  for (guint step = 0; step < 3000; step++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *root = gc_arena_get_root (arena);
        DemoNode *node = root;

        /* Rotate: the first goes to the end, so that references move from what is
         * not marked to what is, and back. */
        for (guint i = step % 7; i > 0 && node->left != NULL; i--)
          node = node->left;
        gc_set (node, any, GC_OBJECT (demo_watch_new (m, &n_finalized)));
        n_made++;
        gc_arena_set_root (arena, root->left);
        for (node = root->left; node->left != NULL; node = node->left)
          ;
        gc_set (node, left, root);
        gc_set (root, left, NULL);
        root->value = node->value + 1;
      }
      gc_arena_step_units (arena, 3);
    }
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *root = gc_arena_get_root (arena);
    guint length = 0, n_held = 0;

    for (DemoNode *node = root; node != NULL; node = node->left)
      {
        g_assert_cmpint (node->value, ==, root->value + (int) length++);
        n_held += node->any != NULL;
      }
    g_assert_cmpuint (length, ==, 300);
    g_assert_cmpuint (n_finalized, <=, n_made - n_held);
  }
  g_assert_cmpuint (n_cycles (arena), >, 2);
  demo_check (arena);
}

/* What is made while a cycle marks is found, and lost, like anything else. */
static void
test_new_while_marking (void)
{
  g_autoptr (GcArena) arena = arena_with_chain (100);
  guint n_finalized = 0;

  gc_arena_start_cycle (arena);
  gc_arena_step_units (arena, 10);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *root = gc_arena_get_root (arena);

    gc_set (root, right, demo_watch_new (m, &n_finalized));
    demo_watch_new (m, &n_finalized);
  }
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
}

/* Roots that come to lead elsewhere while the end of marking is held. */
static void
test_roots_while_marked (void)
{
  g_autoptr (GcArena) arena = arena_with_chain (100);
  guint n_finalized = 0;
  gpointer external;

  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *root = demo_watch_new (m, &n_finalized);

    external = gc_object_ref (demo_watch_new (m, &n_finalized));
    gc_set (DEMO_NODE (external), left, demo_watch_new (m, &n_finalized));
    gc_set (root, left, demo_watch_new (m, &n_finalized));
    gc_set_weak (root, weak, root->left);
    gc_arena_set_root (arena, root);
  }
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *root = gc_arena_get_root (arena);

    g_assert_true (gc_weak_get (root, weak) == root->left);
  }
  gc_object_unref (external);
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 2);
}

/* What is made after marking outlives the cycle, reachable or not. */
static void
test_new_after_marking (void)
{
  g_autoptr (GcArena) arena = arena_with_chain (100);
  guint n_finalized = 0;

  gc_arena_start_sweeping (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < 5000; i++)
      demo_watch_new (m, &n_finalized);
  }
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_finalized, ==, 5000);
  demo_check (arena);
}

/* In the marked phase a dead object can still be reached by a weak slot, and lives
 * on if it is stored. */
static void
test_marked (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *root = gc_new (m, DemoNode);
    DemoNode *other = gc_new (m, DemoNode);

    gc_set (root, left, other);
    gc_set_weak (root, weak, demo_watch_new (m, &n_finalized));
    gc_set_weak (other, weak, demo_watch_new (m, &n_finalized));
    gc_set (gc_weak_get (root, weak), left, demo_watch_new (m, &n_finalized));
    gc_arena_set_root (arena, root);
  }
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *root = gc_arena_get_root (arena);

    gc_set (root, right, gc_weak_get (root, weak));
    g_assert_nonnull (root->right);
  }
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *root = gc_arena_get_root (arena);

    g_assert_true (DEMO_IS_WATCH (root->right->left));
    g_assert_true (gc_weak_get (root, weak) == root->right);
    g_assert_null (gc_weak_get (root->left, weak));
  }
  demo_check (arena);
}

/* However short steps are, each does something; the last says that all is done. */
static void
test_step (void)
{
  static const guint budgets[] = { 0, 1, 10, 100, 1000000 };

  for (guint i = 0; i < G_N_ELEMENTS (budgets); i++)
    {
      g_autoptr (GcArena) arena = arena_with_chain (2000);
      guint n_steps = 0;

      g_assert_false (gc_arena_step (arena, budgets[i]));
      g_assert_cmpuint (n_cycles (arena), ==, 0);
      gc_arena_start_cycle (arena);
      while (gc_arena_step (arena, budgets[i]))
        g_assert_cmpuint (n_steps++, <, 20000);
      g_assert_cmpuint (n_cycles (arena), ==, 1);
      g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
      g_assert_cmpuint (root_length (arena), ==, 2000);
      demo_check (arena);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/phase/by-name", test_by_name);
  g_test_add_func ("/phase/any-order", test_any_order);
  g_test_add_func ("/phase/clearing", test_clearing_in_slices);
  g_test_add_func ("/phase/units", test_units);
  g_test_add_func ("/phase/units/none", test_no_units);
  g_test_add_func ("/phase/units/all", test_all_units);
  g_test_add_func ("/phase/mutation-between-steps", test_mutation_between_steps);
  g_test_add_func ("/phase/new/while-marking", test_new_while_marking);
  g_test_add_func ("/phase/roots-while-marked", test_roots_while_marked);
  g_test_add_func ("/phase/new/after-marking", test_new_after_marking);
  g_test_add_func ("/phase/marked", test_marked);
  g_test_add_func ("/phase/step", test_step);
  return g_test_run ();
}
