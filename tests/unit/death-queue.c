/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Death queues, which tell what died. */

#include "steps.h"

static DemoNode *
node_new (GcMutation *m,
          int         value)
{
  DemoNode *node = gc_new (m, DemoNode);

  node->value = value;
  return node;
}

static GcGuardian *
make_guardian (GcArena *arena)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  return gc_object_ref (gc_guardian_new (m));
}

/* A node that leads to another, which says the same. */
static DemoNode *
pair_new (GcMutation *m,
          guint      *n_finalized,
          int         value)
{
  DemoNode *node = demo_watch_new (m, n_finalized);

  node->value = value;
  gc_set (node, left, demo_watch_new (m, n_finalized));
  node->left->value = value;
  gc_set (node->left, right, node);
  return node;
}

static void
check_pair (DemoNode *node)
{
  g_assert_true (DEMO_IS_NODE (node));
  g_assert_cmpint (node->left->value, ==, node->value);
  g_assert_true (node->left->right == node);
}

static void
test_death_queue (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcDeathQueue) queue = NULL;
  guint n_objects = 0, n_tokens = 0;
  int sum = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *kept = gc_array_new (m);

    gc_arena_set_root (arena, kept);
    queue = gc_object_ref (gc_death_queue_new (m));
    for (int i = 0; i < 1000; i++)
      {
        DemoNode *node = pair_new (m, &n_objects, i);
        DemoNode *token = demo_watch_new (m, &n_tokens);

        token->value = i;
        gc_death_queue_watch (queue, node, token);
        if (i % 4 == 0)
          gc_array_append (kept, node);
      }
    g_assert_null (gc_death_queue_pop (queue));
    g_assert_cmpuint (gc_death_queue_get_n_watched (queue), ==, 1000);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_objects, ==, 1500);
  g_assert_cmpuint (n_tokens, ==, 0);
  g_assert_cmpuint (gc_death_queue_get_n_watched (queue), ==, 250);
  g_assert_cmpuint (gc_death_queue_get_n_queued (queue), ==, 750);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *token;

    while ((token = gc_death_queue_pop (queue)) != NULL)
      {
        g_assert_cmpint (token->value % 4, !=, 0);
        sum += token->value;
      }
  }
  g_assert_cmpint (sum, ==, 499500 - 249 * 500);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_tokens, ==, 750);
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  {
    g_autoptr (GcObject) token = gc_death_queue_pop_dup (queue);

    g_assert_cmpint (DEMO_NODE (token)->value % 4, ==, 0);
  }
  g_clear_pointer (&queue, gc_object_unref);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_tokens, ==, 1000);
  g_assert_cmpuint (n_objects, ==, 2000);
}

/* What is brought back has not died. */
static void
test_death_after_guardian (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcGuardian) guardian = make_guardian (arena);
  g_autoptr (GcDeathQueue) queue = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = pair_new (m, NULL, 1);

    queue = gc_object_ref (gc_death_queue_new (m));
    gc_guardian_watch (guardian, node, NULL);
    gc_death_queue_watch (queue, node, node_new (m, 1));
    gc_death_queue_watch (queue, node, node_new (m, 2));
    gc_death_queue_watch (queue, node->left, node_new (m, 3));
    /* A queue and a guardian that nothing keeps. */
    gc_death_queue_watch (gc_death_queue_new (m), node, node_new (m, 4));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (gc_death_queue_get_n_queued (queue), ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    check_pair (gc_guardian_pop (guardian, NULL));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (gc_death_queue_get_n_queued (queue), ==, 3);
  g_assert_cmpuint (gc_death_queue_get_n_watched (queue), ==, 0);
}

static void
test_death_incremental (gconstpointer data)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new_with (GPOINTER_TO_INT (data));
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  g_autoptr (GcDeathQueue) queue = NULL;
  guint n_cycles = 0, n_popped = 0;
  int serial = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    queue = gc_object_ref (gc_death_queue_new (m));
  }
  while (n_cycles < 6)
    {
      n_cycles += demo_step (arena, rand, 15);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *token;

        gc_death_queue_watch (queue, node_new (m, serial), node_new (m, serial));
        serial++;
        while ((token = gc_death_queue_pop (queue)) != NULL)
          {
            g_assert_cmpint (token->value, <, serial);
            n_popped++;
          }
        demo_scribble (m, 3);
      }
    }
  g_assert_cmpuint (n_popped, >, 10);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_popped + gc_death_queue_get_n_queued (queue), ==, (guint) serial);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/death-queue/basics", test_death_queue);
  g_test_add_func ("/death-queue/after-guardian", test_death_after_guardian);
  g_test_add_data_func ("/death-queue/incremental/major", GINT_TO_POINTER (FALSE), test_death_incremental);
  g_test_add_data_func ("/death-queue/incremental/minor", GINT_TO_POINTER (TRUE), test_death_incremental);
  return g_test_run ();
}
