/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Guardians that deliver by a callback on a main context. */

#include "demo.h"

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

typedef struct
{
  GThread *thread;
  guint    n_calls;             /* atomic, where another thread delivers */
  guint    n_freed;
  int      sum;
  GArray  *to_quit;             /* a main loop's, or NULL */
  gboolean collects;
} Calls;

static void
on_dead (GcGuardian *guardian,
         GcObject   *object,
         const char *tag,
         gpointer    data)
{
  GcArena *arena = gc_object_get_arena (object);
  Calls *calls = data;

  g_assert_true (GC_IS_GUARDIAN (guardian));
  g_assert_cmpstr (tag, ==, "tag");
  if (calls->thread != NULL)
    g_assert_true (g_thread_self () == calls->thread);
  /* Nothing is collected here. */
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    check_pair (DEMO_NODE (object));
    calls->sum += DEMO_NODE (object)->value;
    demo_scribble (m, 100);
  }
  __atomic_add_fetch (&calls->n_calls, 1, __ATOMIC_RELAXED);
}

static void
free_calls (gpointer data)
{
  ((Calls *) data)->n_freed++;
}

static void
iterate (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    ;
}

static void
watch_pairs (GcArena    *arena,
             GcGuardian *guardian,
             guint      *n_finalized,
             int         n)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  for (int i = 0; i < n; i++)
    gc_guardian_watch (guardian, pair_new (m, n_finalized, i), "tag");
}

static void
test_callback (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  GcGuardian *guardian = make_guardian (arena);
  guint n_finalized = 0;
  Calls first = { .thread = g_thread_self () }, second = { .thread = g_thread_self () };

  gc_guardian_set_callback (guardian, context, on_dead, &first, free_calls);
  watch_pairs (arena, guardian, &n_finalized, 500);
  gc_arena_collect (arena);
  g_assert_cmpuint (first.n_calls, ==, 0);
  iterate (context);
  g_assert_cmpuint (first.n_calls, ==, 500);
  g_assert_cmpint (first.sum, ==, 499 * 250);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1000);

  /* One that comes later is told of what is in the queue, on its own context. */
  watch_pairs (arena, guardian, &n_finalized, 10);
  gc_arena_collect (arena);
  gc_guardian_set_callback (guardian, NULL, on_dead, &second, free_calls);
  g_assert_cmpuint (first.n_freed, ==, 0);        /* a delivery is under way */
  iterate (context);
  g_assert_cmpuint (first.n_freed, ==, 1);
  g_assert_cmpuint (first.n_calls, ==, 500);
  iterate (NULL);
  g_assert_cmpuint (second.n_calls, ==, 10);

  /* None any more: they wait. */
  gc_guardian_set_callback (guardian, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (second.n_freed, ==, 1);
  watch_pairs (arena, guardian, &n_finalized, 10);
  gc_arena_collect (arena);
  iterate (NULL);
  g_assert_cmpuint (gc_guardian_get_n_queued (guardian), ==, 10);
  g_assert_cmpuint (second.n_calls, ==, 10);

  /* The data goes with the guardian. */
  gc_guardian_set_callback (guardian, context, on_dead, &second, free_calls);
  iterate (context);
  g_assert_cmpuint (second.n_calls, ==, 20);
  gc_object_unref (guardian);
  gc_arena_collect (arena);
  g_assert_cmpuint (second.n_freed, ==, 2);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1040);
}

/* What is under way keeps the guardian and the arena; the data goes with them. */
static void
test_callback_ends (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  GcArena *arena = gc_arena_new ();
  GcGuardian *guardian = make_guardian (arena);
  guint n_finalized = 0;
  Calls calls = { NULL };

  gc_guardian_set_callback (guardian, context, on_dead, &calls, free_calls);
  watch_pairs (arena, guardian, &n_finalized, 3);
  gc_arena_collect (arena);
  gc_object_unref (guardian);
  g_object_add_weak_pointer (G_OBJECT (arena), (gpointer *) &arena);
  g_object_unref (arena);
  g_assert_nonnull (arena);
  iterate (context);
  g_assert_null (arena);
  g_assert_cmpuint (calls.n_freed, ==, 1);
  g_assert_cmpuint (calls.n_calls, ==, 3);
  g_assert_cmpuint (n_finalized, ==, 6);
}

static gpointer
run_loop (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_ref (g_main_loop_get_context (data));

  g_main_context_push_thread_default (context);
  g_main_loop_run (data);
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* Delivery on another thread than that which collects. */
static void
test_callback_thread (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  g_autoptr (GcGuardian) guardian = make_guardian (arena);
  GThread *thread = g_thread_new ("deliver", run_loop, loop);
  Calls calls = { .thread = thread };

  gc_guardian_set_callback (guardian, context, on_dead, &calls, NULL);
  for (guint i = 0; i < 50; i++)
    {
      watch_pairs (arena, guardian, NULL, 20);
      for (guint k = 0; k < 5; k++)
        gc_arena_step_units (arena, 100);
    }
  /* While the callback runs nothing is collected. */
  for (guint i = 0; i < 30000 && __atomic_load_n (&calls.n_calls, __ATOMIC_RELAXED) < 1000; i++)
    {
      gc_arena_collect (arena);
      g_usleep (1000);
    }
  g_main_loop_quit (loop);
  g_thread_join (thread);
  gc_arena_collect (arena);
  g_assert_cmpuint (gc_guardian_get_n_queued (guardian), ==, 0);
  g_assert_cmpuint (calls.n_calls, ==, 1000);
}

/* Nothing is lost if the callback comes while the dead are being brought back. */
static void
test_callback_incremental (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcGuardian) guardian = make_guardian (arena);
  Calls calls = { .thread = g_thread_self () };
  gboolean is_complete = FALSE;

  watch_pairs (arena, guardian, NULL, 2000);
  while (!is_complete)
    {
      is_complete = gc_arena_step_units (arena, 20);
      gc_guardian_set_callback (guardian, context, on_dead, &calls, NULL);
      iterate (context);
    }
  g_assert_cmpuint (calls.n_calls, ==, 2000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guardian/callback", test_callback);
  g_test_add_func ("/guardian/callback-ends", test_callback_ends);
  g_test_add_func ("/guardian/callback-thread", test_callback_thread);
  g_test_add_func ("/guardian/callback-incremental", test_callback_incremental);
  return g_test_run ();
}
