/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Scopes: nesting, who may finish them, references to them, and leaving them by
 * longjmp(). */

#include <setjmp.h>

#include <pthread.h>

#include "demo.h"

static void
test_begin_finish (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (arena);

  g_assert_true (gc_mutation_is_active (m));
  g_assert_true (gc_mutation_get_arena (m) == arena);
  g_assert_cmpuint (gc_mutation_get_depth (m), ==, 1);
  gc_mutation_finish (m);

  g_assert_false (gc_mutation_is_active (m));
  g_assert_null (gc_mutation_get_arena (m));
  g_assert_cmpuint (gc_mutation_get_depth (m), ==, 0);
  gc_mutation_unref (m);
}

static void
test_nesting (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *scopes[50];

  for (guint i = 0; i < G_N_ELEMENTS (scopes); i++)
    {
      scopes[i] = gc_arena_begin (arena);
      g_assert_cmpuint (gc_mutation_get_depth (scopes[i]), ==, i + 1);
      g_assert_nonnull (gc_new (scopes[i], DemoNode));
    }
  /* All of them serve for allocation, in any order. */
  for (guint i = 0; i < 5000; i++)
    g_assert_nonnull (gc_new (scopes[i % G_N_ELEMENTS (scopes)], DemoNode));
  for (guint i = G_N_ELEMENTS (scopes); i-- > 0; )
    {
      gc_mutation_finish (scopes[i]);
      gc_mutation_unref (scopes[i]);
    }
  demo_check (arena);
}

/* Objects that are made through scopes in turn do not overlap. */
static void
test_nested_windows (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) outer = gc_arena_begin (arena);
  DemoNode *head = NULL;

  for (int i = 999; i >= 0; i--)
    {
      g_autoptr (GcMutation) inner = i % 3 == 0 ? gc_arena_begin (arena) : NULL;
      DemoNode *node = gc_new (inner != NULL && i % 2 == 0 ? inner : outer, DemoNode);

      g_assert_cmpint (node->value, ==, 0);
      node->value = i;
      gc_set (node, left, head);
      head = node;
    }
  g_assert_cmpuint (demo_chain_length (head), ==, 1000);
}

/* The end of an inner scope is no safe point; that of the outermost is one. */
static void
test_only_outermost_collects (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  gc_arena_set_zeal (arena, GC_ZEAL_SAFEPOINT);
  {
    g_autoptr (GcMutation) outer = gc_arena_begin (arena);

    demo_watch_new (outer, &n_finalized);
    {
      g_autoptr (GcMutation) inner = gc_arena_begin (arena);

      demo_watch_new (inner, &n_finalized);
    }
    g_assert_cmpuint (n_finalized, ==, 0);
  }
  g_assert_cmpuint (n_finalized, ==, 2);
}

/* Nor is the end of one that a setter or getter opened. */
static void
test_implicit_is_no_safepoint (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;
  DemoNode *node;

  gc_arena_set_zeal (arena, GC_ZEAL_SAFEPOINT);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (gc_new (m, DemoNode));
    gc_set (node, left, demo_watch_new (m, &n_finalized));
  }
  gc_object_set_slot (node, &node->left, NULL);
  gc_arena_set_root (arena, NULL);
  gc_object_hash (GC_OBJECT (node));
  g_assert_cmpuint (n_finalized, ==, 0);
  gc_mutation_unref (gc_arena_begin (arena));
  g_assert_cmpuint (n_finalized, ==, 1);
  gc_object_unref (node);
}

/* A reference to a finished scope keeps the structure and nothing else. */
static void
test_late_reference (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (arena);
  GcMutation *kept = gc_mutation_ref (m);
  GcMutation *copy = g_boxed_copy (GC_TYPE_MUTATION, m);

  g_assert_true (kept == m);
  g_assert_true (copy == m);
  gc_mutation_finish (m);
  gc_mutation_unref (m);

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (GcMutation) other = gc_arena_begin (arena);

      g_assert_true (other != kept);
      g_assert_true (gc_mutation_is_active (other));
      g_assert_false (gc_mutation_is_active (kept));
      g_assert_null (gc_mutation_get_arena (kept));
    }
  gc_mutation_unref (kept);
  g_boxed_free (GC_TYPE_MUTATION, copy);
}

/* The last reference to an open scope ends it, on its thread. */
static void
test_last_reference_ends (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (arena);

  gc_mutation_ref (m);
  gc_mutation_unref (m);
  g_assert_true (gc_mutation_is_active (m));
  gc_mutation_unref (m);
  /* No scope is left that would forbid this. */
  gc_arena_collect (arena);
}

static gpointer
unref (gpointer m)
{
  gc_mutation_unref (m);
  return NULL;
}

/* Dropped by another thread, it ends when its own thread next begins one ... */
static void
test_dropped_elsewhere (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (arena);

  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL,
                         "a mutation was dropped without being finished, by another thread");
  g_thread_join (g_thread_new ("drop", unref, m));
  g_test_assert_expected_messages ();
  g_assert_true (gc_mutation_is_active (m));

  m = gc_arena_begin (arena);
  g_assert_cmpuint (gc_mutation_get_depth (m), ==, 1);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  demo_check (arena);
}

/* ... or finishes one around it. */
static void
test_dropped_elsewhere_inside (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *outer = gc_arena_begin (arena);
  GcMutation *inner = gc_arena_begin (arena);

  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL,
                         "a mutation was dropped without being finished, by another thread");
  g_thread_join (g_thread_new ("drop", unref, inner));
  g_test_assert_expected_messages ();
  gc_mutation_finish (outer);
  g_assert_false (gc_mutation_is_active (outer));
  gc_mutation_unref (outer);
  demo_check (arena);
}

static void
test_dropped_inside_of_later (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *outer = gc_arena_begin (arena);
  GcMutation *inner = gc_arena_begin (arena);

  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL,
                         "a mutation was dropped without being finished, inside of a later one");
  gc_mutation_unref (outer);
  g_test_assert_expected_messages ();
  g_assert_nonnull (gc_new (inner, DemoNode));
  gc_mutation_finish (inner);
  gc_mutation_unref (inner);

  inner = gc_arena_begin (arena);
  g_assert_cmpuint (gc_mutation_get_depth (inner), ==, 1);
  gc_mutation_finish (inner);
  gc_mutation_unref (inner);
  demo_check (arena);
}

static void
in_mutate (GcMutation *m,
           gpointer    data)
{
  GcArena *arena = gc_mutation_get_arena (m);
  DemoNode *node = gc_new (m, DemoNode);

  node->value = GPOINTER_TO_INT (data);
  gc_arena_set_root (arena, node);
  g_assert_false (gc_mutation_safepoint (m));
}

static void
test_lent (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  gc_arena_mutate (arena, in_mutate, GINT_TO_POINTER (5));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_cmpint (DEMO_NODE (gc_arena_get_root (arena))->value, ==, 5);
    /* Inside of a scope it is one scope more. */
    gc_arena_mutate (arena, in_mutate, GINT_TO_POINTER (6));
    g_assert_true (gc_mutation_is_active (m));
    g_assert_cmpint (DEMO_NODE (gc_arena_get_root (arena))->value, ==, 6);
  }
  demo_check (arena);
}

static void
keep_mutation (GcMutation *m,
               gpointer    data)
{
  *(GcMutation **) data = gc_mutation_ref (m);
}

static void
test_lent_and_kept (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *kept;

  gc_arena_mutate (arena, keep_mutation, &kept);
  g_assert_false (gc_mutation_is_active (kept));
  gc_mutation_unref (kept);
}

static jmp_buf escape;
static volatile gboolean escapes = TRUE;

static void
go_deep (GcArena    *arena,
         GcMutation *m,
         guint       depth,
         guint      *n_finalized)
{
  g_autoptr (GcMutation) inner = gc_arena_begin (arena);
  GC_ROOT (m, DemoNode, of_outer);
  GC_ROOT (inner, DemoNode, of_inner);

  of_outer = demo_watch_new (inner, n_finalized);
  of_inner = demo_watch_new (inner, n_finalized);
  if (depth > 0)
    go_deep (arena, m, depth - 1, n_finalized);
  else if (escapes)
    longjmp (escape, 1);
}

/* Of the frames that are gone neither scopes nor roots are left. */
static void
test_save_restore (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;
  GcMutation *m;
  GcMutationMark mark;

  gc_arena_set_zeal (arena, gc_arena_get_zeal (arena) | GC_ZEAL_SAFEPOINT);
  m = gc_arena_begin (arena);
  {
    GC_ROOT (m, DemoNode, kept);

    kept = demo_watch_new (m, &n_finalized);
    kept->value = 3;
    gc_mutation_save (m, &mark);
    for (volatile guint round = 1; round <= 3; round++)
      {
        if (setjmp (escape) == 0)
          go_deep (arena, m, 20, &n_finalized);
        gc_mutation_restore (m, &mark);
        g_assert_cmpuint (gc_mutation_get_depth (m), ==, 1);
        g_assert_true (gc_mutation_safepoint (m));
        g_assert_cmpuint (n_finalized, ==, round * 2 * 21);
        g_assert_cmpint (kept->value, ==, 3);
      }
  }
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  demo_check (arena);
}

/* Scopes run side by side; what they change together has a lock. */
static pthread_mutex_t root_lock = PTHREAD_MUTEX_INITIALIZER;   /* which TSan sees */

static gpointer
mutate_elsewhere (gpointer data)
{
  GcArena *arena = data;

  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      DemoNode *node = gc_new (m, DemoNode);
      DemoNode *root;

      pthread_mutex_lock (&root_lock);
      root = gc_arena_get_root (arena);
      node->value = root->value + 1;
      gc_set (node, left, i % 10 != 0 ? root : NULL);
      gc_arena_set_root (arena, node);
      pthread_mutex_unlock (&root_lock);
    }
  return NULL;
}

/* Threads take turns in an arena. */
static void
test_threads (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = NULL;
  GThread *threads[4];

  gc_arena_mutate (arena, in_mutate, GINT_TO_POINTER (0));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("mutate", mutate_elsewhere, arena);
  for (guint i = 0; i < 50; i++)
    gc_arena_collect (arena);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  demo_check (arena);
  m = gc_arena_begin (arena);
  g_assert_cmpint (DEMO_NODE (gc_arena_get_root (arena))->value, ==, 2000);
}

/* Ends a scope or finds it ended; what is no business of the caller's stays open. */
static void
test_leave (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) outer = gc_arena_begin (arena);
  g_autoptr (GcMutation) inner = gc_arena_begin (arena);

  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "gc_mutation_finish: assertion*");
  gc_mutation_leave (outer);
  g_test_assert_expected_messages ();
  g_assert_true (gc_mutation_is_active (outer) && gc_mutation_is_active (inner));
  g_assert_true (gc_mutation_leave (inner));
  g_assert_false (gc_mutation_leave (inner));
  g_assert_true (gc_mutation_is_active (outer));
  gc_mutation_finish (outer);
  g_assert_false (gc_mutation_leave (outer));
}

/* Two arenas at once on one thread. */
static void
test_two_arenas (void)
{
  g_autoptr (GcArena) a = gc_arena_new ();
  g_autoptr (GcArena) b = gc_arena_new ();
  g_autoptr (GcMutation) in_a = gc_arena_begin (a);
  g_autoptr (GcMutation) in_b = gc_arena_begin (b);

  for (guint i = 0; i < 2000; i++)
    {
      g_assert_true (gc_object_get_arena (GC_OBJECT (gc_new (in_a, DemoNode))) == a);
      g_assert_true (gc_object_get_arena (GC_OBJECT (gc_new (in_b, DemoNode))) == b);
    }
  g_assert_cmpuint (gc_mutation_get_depth (in_b), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mutation/begin-finish", test_begin_finish);
  g_test_add_func ("/mutation/nesting", test_nesting);
  g_test_add_func ("/mutation/nesting/windows", test_nested_windows);
  g_test_add_func ("/mutation/only-outermost-collects", test_only_outermost_collects);
  g_test_add_func ("/mutation/implicit", test_implicit_is_no_safepoint);
  g_test_add_func ("/mutation/late-reference", test_late_reference);
  g_test_add_func ("/mutation/last-reference", test_last_reference_ends);
  g_test_add_func ("/mutation/dropped/elsewhere", test_dropped_elsewhere);
  g_test_add_func ("/mutation/dropped/elsewhere-inside", test_dropped_elsewhere_inside);
  g_test_add_func ("/mutation/dropped/inside-of-later", test_dropped_inside_of_later);
  g_test_add_func ("/mutation/lent", test_lent);
  g_test_add_func ("/mutation/lent/kept", test_lent_and_kept);
  g_test_add_func ("/mutation/save-restore", test_save_restore);
  g_test_add_func ("/mutation/threads", test_threads);
  g_test_add_func ("/mutation/leave", test_leave);
  g_test_add_func ("/mutation/two-arenas", test_two_arenas);
  return g_test_run ();
}
