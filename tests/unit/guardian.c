/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Guardians, which deliver the dead alive. */

#include "steps.h"

#define CRITICAL(pattern) g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, pattern)

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
test_delivery (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcGuardian) guardian = make_guardian (arena);
  guint n_finalized = 0;
  gboolean seen[100] = { FALSE };

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *kept = gc_array_new (m);

    gc_arena_set_root (arena, kept);
    for (int i = 0; i < 200; i++)
      {
        DemoNode *node = pair_new (m, &n_finalized, i);

        gc_guardian_watch (guardian, node, i % 2 ? "odd" : NULL);
        if (i >= 100)
          gc_array_append (kept, node);
      }
    g_assert_null (gc_guardian_pop (guardian, NULL));
    g_assert_cmpuint (gc_guardian_get_n_watched (guardian), ==, 200);
  }
  gc_arena_collect (arena);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  g_assert_cmpuint (gc_guardian_get_n_watched (guardian), ==, 100);
  g_assert_cmpuint (gc_guardian_get_n_queued (guardian), ==, 100);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    demo_scribble (m, 1000);
    for (int i = 0; i < 100; i++)
      {
        const char *tag = "";
        DemoNode *node = gc_guardian_pop (guardian, &tag);

        check_pair (node);
        g_assert_cmpint (node->value, <, 100);
        g_assert_false (seen[node->value]);
        seen[node->value] = TRUE;
        g_assert_cmpstr (tag, ==, node->value % 2 ? "odd" : NULL);
      }
    g_assert_null (gc_guardian_pop (guardian, NULL));
  }
  /* Delivered once. */
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 200);
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 200);
  g_assert_cmpuint (gc_guardian_get_n_queued (guardian), ==, 100);
}

/* What is delivered can be watched again, and is watched as often as it is asked. */
static void
test_again (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcGuardian) first = make_guardian (arena);
  g_autoptr (GcGuardian) second = make_guardian (arena);
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = pair_new (m, &n_finalized, 7);

    gc_guardian_watch (first, node, "a");
    gc_guardian_watch (first, node, "b");
    gc_guardian_watch (second, node, "c");
    /* Also what another one that dies leads to. */
    gc_guardian_watch (second, node->left, "d");
  }
  for (guint round = 0; round < 5; round++)
    {
      g_autoptr (GcMutation) m = NULL;
      const char *tags[4] = { NULL };
      DemoNode *nodes[4];

      gc_arena_collect (arena);
      m = gc_arena_begin (arena);
      for (guint i = 0; i < 4; i++)
        nodes[i] = gc_guardian_pop (i < 2 ? first : second, &tags[i]);
      g_assert_true (nodes[0] == nodes[1]);
      check_pair (nodes[0]);
      g_assert_true (nodes[2] == nodes[0] ? nodes[3] == nodes[0]->left :
                     nodes[2] == nodes[0]->left && nodes[3] == nodes[0]);
      g_assert_null (gc_guardian_pop (first, NULL));
      g_assert_null (gc_guardian_pop (second, NULL));
      for (guint i = 0; i < 4; i++)
        gc_guardian_watch (i < 2 ? first : second, nodes[i], tags[i]);
    }
  g_assert_cmpuint (n_finalized, ==, 0);
}

/* A guardian that is garbage delivers nothing; unless it is itself delivered. */
static void
test_dead_guardians (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcGuardian) outer = make_guardian (arena);
  guint n_lost = 0, n_kept = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcGuardian *lost = gc_guardian_new (m);
    GcGuardian *inner = gc_guardian_new (m);
    GcGuardian *innermost = gc_guardian_new (m);

    gc_guardian_watch (lost, pair_new (m, &n_lost, 1), NULL);
    gc_guardian_watch (lost, lost, NULL);
    gc_guardian_watch (outer, inner, "inner");
    gc_guardian_watch (inner, innermost, "innermost");
    gc_guardian_watch (inner, pair_new (m, &n_kept, 2), "two");
    for (int i = 0; i < 100; i++)
      gc_guardian_watch (innermost, pair_new (m, &n_kept, 3), "three");
    gc_guardian_watch (lost, inner, NULL);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_lost, ==, 2);
  g_assert_cmpuint (n_kept, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcGuardian *inner = gc_guardian_pop (outer, NULL);
    GcGuardian *innermost = NULL;

    g_assert_true (GC_IS_GUARDIAN (inner));
    for (guint i = 0; i < 2; i++)
      {
        const char *tag;
        gpointer object = gc_guardian_pop (inner, &tag);

        if (g_str_equal (tag, "two"))
          check_pair (object);
        else
          innermost = object;
      }
    for (int i = 0; i < 100; i++)
      check_pair (gc_guardian_pop (innermost, NULL));
    g_assert_null (gc_guardian_pop (innermost, NULL));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_kept, ==, 202);
}

/* The queue goes with its guardian. */
static void
test_queue_dies (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcGuardian *guardian = make_guardian (arena);
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (int i = 0; i < 50; i++)
      gc_guardian_watch (guardian, pair_new (m, &n_finalized, i), NULL);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (gc_guardian_get_n_queued (guardian), ==, 50);
  gc_object_unref (guardian);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 100);
  /* And watches and queues with their arena. */
  guardian = make_guardian (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_guardian_watch (guardian, pair_new (m, &n_finalized, 1), "x");
  }
  gc_object_unref (guardian);
}

/* Weak references to what is brought back are cleared. */
static void
test_weak_references (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcGuardian) guardian = make_guardian (arena);
  g_autoptr (GcWeakRef) ref = NULL;
  g_autoptr (GcTable) values = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = pair_new (m, NULL, 1);

    gc_guardian_watch (guardian, node, NULL);
    gc_set_weak (node->left, weak, node);
    ref = gc_object_ref (gc_weak_ref_new (m, node));
    values = gc_object_ref (gc_table_new (m, GC_TABLE_WEAK_VALUES));
    gc_table_insert_string (values, "node", node);
  }
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_guardian_pop (guardian, NULL);

    check_pair (node);
    g_assert_true (gc_weak_ref_is_dropped (ref));
    g_assert_cmpuint (gc_table_get_size (values), ==, 0);
    /* Those of what came back are cleared too, if what they lead to is dead; it is not. */
    g_assert_true (gc_weak_get (node->left, weak) == node);
  }
}

/* Objects die and are delivered in small steps, with a program at work in between. */
static void
test_incremental (gconstpointer data)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new_with (GPOINTER_TO_INT (data));
  g_autoptr (GcGuardian) guardian = make_guardian (arena);
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  guint n_cycles = 0, n_finalized = 0, n_made = 0, n_popped = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *root = gc_new (m, DemoNode);

    gc_arena_set_root (arena, root);
    gc_set (root, left, demo_chain_new (m, 1000));
  }
  while (n_cycles < 8)
    {
      n_cycles += demo_step (arena, rand, g_rand_int_range (rand, 1, 40));
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *root = gc_arena_get_root (arena);

        for (gint i = g_rand_int_range (rand, 0, 3); i > 0; i--)
          {
            DemoNode *node = pair_new (m, &n_finalized, (int) n_made++);

            gc_guardian_watch (guardian, node, "pair");
            if (g_rand_int_range (rand, 0, 4) == 0)
              gc_set (root, right, node);
          }
        while (g_rand_int_range (rand, 0, 3) != 0)
          {
            DemoNode *node = gc_guardian_pop (guardian, NULL);
            DemoNode *holder;

            if (node == NULL)
              break;
            n_popped++;
            check_pair (node);
            /* A part of it moves to where no barrier looks after marking, and is let go here. */
            holder = gc_new (m, DemoNode);
            gc_set (holder, left, node->left);
            gc_set (node, left, NULL);
            gc_set (root, any, GC_OBJECT (holder));
          }
        if (root->any != NULL)
          {
            DemoNode *part = DEMO_NODE (root->any)->left;

            g_assert_true (part->left == NULL && part->right->value == part->value);
          }
        demo_scribble (m, 2);
      }
    }
  g_assert_cmpuint (n_popped, >, 100);
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_popped + gc_guardian_get_n_queued (guardian), ==, n_made);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node;

    while ((node = gc_guardian_pop (guardian, NULL)) != NULL)
      check_pair (node);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, n_made * 2);
}

/* A deep structure is brought back in slices; nothing of it is met before all is. */
static void
test_deep (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (GcGuardian) guardian = make_guardian (arena);
  gboolean is_complete = FALSE;
  DemoNode *node = NULL;
  guint n_waiting = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (int i = 0; i < 20; i++)
      gc_guardian_watch (guardian, demo_chain_new (m, 500), NULL);
  }
  while (!is_complete)
    {
      is_complete = gc_arena_step_units (arena, 30);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        demo_scribble (m, 5);
        if (gc_guardian_get_n_queued (guardian) == 20)
          {
            node = gc_guardian_pop (guardian, NULL);
            if (node != NULL)
              {
                /* Only the last node is kept, by one that no barrier watches. */
                DemoNode *holder = gc_new (m, DemoNode), *next;

                g_assert_cmpuint (demo_chain_length (node), ==, 500);
                for (; node->left->left != NULL; node = next)
                  {
                    next = node->left;
                    gc_set (node, left, NULL);
                  }
                gc_set (holder, left, node->left);
                gc_set (node, left, NULL);
                gc_arena_set_root (arena, holder);
              }
            else
              n_waiting++;
          }
      }
    }
  g_assert_cmpuint (n_waiting, >, 10);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    demo_scribble (m, 50000);
    g_assert_cmpint (DEMO_NODE (gc_arena_get_root (arena))->left->value, ==, 499);
    while ((node = gc_guardian_pop (guardian, NULL)) != NULL)
      g_assert_cmpuint (demo_chain_length (node), ==, 500);
  }
}

/* A minor collection looks only at what is young: also at what came to be watched while it cleared. */
static void
test_minor (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new_with (TRUE);
  g_autoptr (GcGuardian) guardian = make_guardian (arena);
  g_autoptr (GcDeathQueue) queue = NULL;
  GcHeap *heap = &arena->heap;
  const int n = 3000;
  guint n_made = 0, n_popped = 0, n_told = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *kept = gc_array_new (m);

    queue = gc_object_ref (gc_death_queue_new (m));
    gc_arena_set_root (arena, kept);
    for (int i = 0; i < n; i++)
      {
        gc_array_append (kept, node_new (m, i));
        gc_guardian_watch (guardian, gc_array_get (kept, i), NULL);
        gc_death_queue_watch (queue, gc_array_get (kept, i), node_new (m, i));
      }
  }
  for (guint round = 0; round < 6; round++)
    {
      gc_arena_take_hold (arena);
      if (!heap->is_minor)
        gc_minor_start (heap);
      gc_arena_release_hold (arena);
      while (heap->is_minor)
        {
          GcBudget budget = { 0, 40 };
          GcPauseKind kind;

          gc_arena_take_hold (arena);
          gc_heap_advance (heap, &budget, &kind);
          gc_arena_release_hold (arena);
          if (round < 3)
            {
              g_autoptr (GcMutation) m = gc_arena_begin (arena);
              DemoNode *node = node_new (m, (int) n_made++);

              gc_guardian_watch (guardian, node, NULL);
              gc_death_queue_watch (queue, node_new (m, 0), node_new (m, 1));
              demo_scribble (m, 10);
            }
        }
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *node;

        while ((node = gc_guardian_pop (guardian, NULL)) != NULL)
          {
            g_assert_cmpint (node->value, <, (int) n_made);
            n_popped++;
          }
        while ((node = gc_death_queue_pop (queue)) != NULL)
          {
            g_assert_cmpint (node->value, ==, 1);
            n_told++;
          }
        demo_scribble (m, 1000);
      }
    }
  g_assert_cmpuint (n_made, >, 30);
  g_assert_cmpuint (n_popped, ==, n_made);
  g_assert_cmpuint (n_told, ==, n_made);
  g_assert_cmpuint (gc_guardian_get_n_watched (guardian), ==, (guint) n);
  g_assert_cmpuint (gc_death_queue_get_n_watched (queue), ==, (guint) n);
  g_assert_cmpuint (heap->stats.n_cycles, ==, 0);

  /* The old die in a major one. */
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_assert_cmpuint (gc_guardian_get_n_queued (guardian), ==, (guint) n);
}

static void
on_dead (GcGuardian *guardian,
         GcObject   *object,
         const char *tag,
         gpointer    data)
{
  g_assert_not_reached ();
}

static void
count_free (gpointer n_freed)
{
  ++*(guint *) n_freed;
}

static void
test_misuse (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcGuardian) guardian = make_guardian (arena);
  g_autoptr (GcGuardian) foreign = make_guardian (other);
  g_autoptr (GcDeathQueue) queue = NULL;
  g_autoptr (GcObject) node = NULL;
  const char *tag = "";
  guint n_freed = 0;
  GcMutation *m = gc_arena_begin (arena);

  queue = gc_object_ref (gc_death_queue_new (m));
  node = gc_object_ref (node_new (m, 1));
  gc_mutation_finish (m);
  CRITICAL ("*gc_object*");
  g_assert_null (gc_guardian_new (m));
  CRITICAL ("*gc_object*");
  g_assert_null (gc_death_queue_new (m));
  gc_mutation_unref (m);

  CRITICAL ("*gc_arena_of (object) == arena*");
  gc_guardian_watch (guardian, foreign, NULL);
  CRITICAL ("*gc_arena_of (object) == arena*");
  gc_guardian_watch (guardian, NULL, NULL);
  CRITICAL ("*gc_arena_of (object) == arena*");
  gc_guardian_watch (guardian, gc_tag_int (3), NULL);
  CRITICAL ("*GC_TYPE_GUARDIAN*");
  gc_guardian_watch ((gpointer) queue, node, NULL);
  CRITICAL ("*gc_object_can_read_*");
  g_assert_null (gc_guardian_pop (guardian, &tag));
  g_assert_null (tag);
  g_assert_null (gc_guardian_pop_dup (guardian, &tag));
  CRITICAL ("*gc_object_can_read_*");
  g_assert_null (gc_death_queue_pop (queue));
  g_assert_null (gc_death_queue_pop_dup (queue));
  CRITICAL ("*gc_arena_of (object) == arena*");
  gc_death_queue_watch (queue, foreign, node);
  CRITICAL ("*gc_arena_of (token) == arena*");
  gc_death_queue_watch (queue, node, foreign);
  CRITICAL ("*gc_arena_of (token) == arena*");
  gc_death_queue_watch (queue, node, NULL);
  CRITICAL ("*token != object*");
  gc_death_queue_watch (queue, node, node);
  CRITICAL ("*GC_TYPE_GUARDIAN*");
  gc_guardian_set_callback (NULL, NULL, on_dead, NULL, NULL);
  gc_guardian_set_callback (guardian, NULL, NULL, &n_freed, count_free);
  g_assert_cmpuint (n_freed, ==, 1);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (gc_guardian_get_n_watched (guardian), ==, 0);
  g_assert_cmpuint (gc_death_queue_get_n_watched (queue), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guardian/delivery", test_delivery);
  g_test_add_func ("/guardian/again", test_again);
  g_test_add_func ("/guardian/dead-guardians", test_dead_guardians);
  g_test_add_func ("/guardian/queue-dies", test_queue_dies);
  g_test_add_func ("/guardian/weak-references", test_weak_references);
  g_test_add_data_func ("/guardian/incremental/major", GINT_TO_POINTER (FALSE), test_incremental);
  g_test_add_data_func ("/guardian/incremental/minor", GINT_TO_POINTER (TRUE), test_incremental);
  g_test_add_func ("/guardian/deep", test_deep);
  g_test_add_func ("/guardian/minor", test_minor);
  g_test_add_func ("/guardian/misuse", test_misuse);
  return g_test_run ();
}
