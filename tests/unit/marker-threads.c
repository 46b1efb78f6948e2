/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several threads mark in one pause: what lives, and what is said of it, is the same. */

#include <sys/wait.h>
#include <unistd.h>

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-table.h"

GC_DECLARE_TYPE (TeamNode, team_node, TEAM, NODE, GcObject)

struct _TeamNode
{
  GcObject parent_instance;
  GC_REF (TeamNode) left;
  GC_REF (TeamNode) right;
  GC_WEAK (TeamNode) weak;
  guint64 number;
};

GC_DEFINE_TYPE (TeamNode, team_node, GC_TYPE_OBJECT,
                GC_FIELD (TeamNode, left)
                GC_FIELD (TeamNode, right)
                GC_FIELD_WEAK (TeamNode, weak))

#define DEPTH 16

/* A tree; each node has a weak slot that leads to its left child, or to garbage. */
static TeamNode *
make_tree (GcMutation *m,
           guint       depth)
{
  TeamNode *node = gc_new (m, TeamNode);

  node->number = depth;
  if (depth > 0)
    {
      gc_set (node, left, make_tree (m, depth - 1));
      gc_set (node, right, make_tree (m, depth - 1));
      gc_set_weak (node, weak, depth % 2 == 0 ? node->left : gc_new (m, TeamNode));
    }
  return node;
}

static guint
check_tree (TeamNode *node,
            guint     depth)
{
  g_assert_cmpuint (node->number, ==, depth);
  if (depth == 0)
    return 1;
  g_assert_true (gc_weak_get (node, weak) == (depth % 2 == 0 ? node->left : NULL));
  return 1 + check_tree (node->left, depth - 1) + check_tree (node->right, depth - 1);
}

static void
check (GcArena *arena)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  g_assert_cmpuint (check_tree (gc_arena_get_root (arena), DEPTH), ==, (2 << DEPTH) - 1);
  gc_mutation_finish (m);
  gc_arena_verify (arena, &error);
  g_assert_no_error (error);
}

static GcArena *
make_arena (guint    n,
            gboolean always)
{
  GcArena *arena = g_object_new (GC_TYPE_ARENA, "marker-threads", n, NULL);
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  arena->heap.always_helps = always;
  gc_arena_set_root (arena, make_tree (m, DEPTH));
  return arena;
}

static void
test_property (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n;

  g_object_get (arena, "marker-threads", &n, NULL);
  g_assert_cmpuint (n, ==, 1);
  gc_arena_set_marker_threads (arena, 3);
  g_assert_cmpuint (gc_arena_get_marker_threads (arena), ==, 3);
  g_object_set (arena, "marker-threads", 16, NULL);
  g_assert_cmpuint (gc_arena_get_marker_threads (arena), ==, 16);
  /* None is started before there is something to do. */
  gc_arena_collect (arena);
  g_assert_null (arena->heap.team);
}

static void
test_bad_number (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "*n >= 1*");
  gc_arena_set_marker_threads (arena, 0);
  g_test_assert_expected_messages ();
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "*n <= *");
  gc_arena_set_marker_threads (arena, 17);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (gc_arena_get_marker_threads (arena), ==, 1);
}

static void
test_collect (gconstpointer data)
{
  g_autoptr (GcArena) arena = make_arena (GPOINTER_TO_UINT (data), FALSE);

  for (guint i = 0; i < 5; i++)
    {
      gc_arena_collect (arena);
      check (arena);
    }
  g_assert_nonnull (arena->heap.team);
  /* Fewer again, and none at all. */
  gc_arena_set_marker_threads (arena, 2);
  gc_arena_collect (arena);
  check (arena);
  gc_arena_set_marker_threads (arena, 1);
  gc_arena_collect (arena);
  check (arena);
}

/* Called off after each few units, so that helpers leave work behind. */
static void
test_called_off (void)
{
  g_autoptr (GcArena) arena = make_arena (3, TRUE);

  for (guint i = 0; i < 3; i++)
    {
      while (!gc_arena_step_units (arena, 500))
        ;
      check (arena);
    }
}

/* A step with a deadline that is far away, and one whose work one thread alone has: it ends in time. */
static void
test_deadline (void)
{
  g_autoptr (GcArena) arena = make_arena (2, FALSE);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    TeamNode *last = gc_arena_get_root (arena);

    while (last->left != NULL)
      last = last->left;
    for (guint i = 0; i < 300 * 1000; i++)
      {
        gc_set (last, right, gc_new (m, TeamNode));
        last = last->right;
      }
  }
  for (guint i = 0; i < 2; i++)
    {
      gc_arena_start_cycle (arena);
      while (gc_arena_step (arena, 1500))
        ;
      g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
    }
}

/* Tables with weak keys are left to the thread that pauses; whichever thread marks a key. */
static void
test_ephemerons (void)
{
  g_autoptr (GcArena) arena = make_arena (3, TRUE);
  const guint n = 2000;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcTable *table = gc_table_new (m, GC_TABLE_WEAK_KEYS);
    GcTable *top = gc_table_new (m, GC_TABLE_STRONG);
    TeamNode *key = gc_new (m, TeamNode);

    /* Each value leads to the next key. */
    gc_table_insert (top, key, table);
    gc_arena_set_root (arena, top);
    for (guint i = 0; i < n; i++)
      {
        TeamNode *value = gc_new (m, TeamNode), *next = gc_new (m, TeamNode);

        gc_set (value, left, next);
        gc_table_insert (table, key, value);
        gc_table_insert (table, gc_new (m, TeamNode), value);
        key = next;
      }
  }
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;

      gc_arena_collect (arena);
      gc_arena_verify (arena, &error);
      g_assert_no_error (error);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcTable *top = gc_arena_get_root (arena);
        GcTableIter iter;
        gpointer key, table;

        gc_table_iter_init (&iter, top);
        g_assert_true (gc_table_iter_next (&iter, &key, &table));
        g_assert_cmpuint (gc_table_get_size (table), ==, n);
      }
    }
}

#if !defined (__SANITIZE_THREAD__)
static void
test_fork (void)
{
  g_autoptr (GcArena) arena = make_arena (2, FALSE);
  pid_t child;
  int status;

  gc_arena_collect (arena);
  child = fork ();
  if (child == 0)
    {
      alarm (120);
      for (guint i = 0; i < 2; i++)
        {
          gc_arena_collect (arena);
          check (arena);
        }
      g_clear_object (&arena);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  gc_arena_collect (arena);
  check (arena);
}
#endif

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/marker-threads/property", test_property);
  g_test_add_func ("/marker-threads/bad-number", test_bad_number);
  g_test_add_data_func ("/marker-threads/collect-two", GUINT_TO_POINTER (2), test_collect);
  g_test_add_data_func ("/marker-threads/collect-sixteen", GUINT_TO_POINTER (16), test_collect);
  g_test_add_func ("/marker-threads/called-off", test_called_off);
  g_test_add_func ("/marker-threads/deadline", test_deadline);
  g_test_add_func ("/marker-threads/ephemerons", test_ephemerons);
#if !defined (__SANITIZE_THREAD__)
  g_test_add_func ("/marker-threads/fork", test_fork);
#endif

  return g_test_run ();
}
