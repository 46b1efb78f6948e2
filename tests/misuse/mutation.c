/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Scopes that are finished, lent, another thread's or not there at all. */

#include "misuse.h"

/* Everything but asking whether it is active refuses a finished mutation. */
static void
test_finished (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (arena);
  g_autoptr (GError) error = NULL;
  GcMutationMark mark;
  GcMutation *other;

  gc_mutation_save (m, &mark);
  gc_mutation_finish (m);
  for (guint round = 0; round < 2; round++)
    {
      EXPECT_ASSERTION ("gc_mutation_finish", "arena != NULL");
      gc_mutation_finish (m);
      EXPECT_ASSERTION ("gc_object_allocate", "arena != NULL");
      g_assert_null (gc_new (m, DemoNode));
      EXPECT_ASSERTION ("gc_object_allocate", "arena != NULL");
      g_assert_null (gc_new_with_tail (m, DemoVector, 3));
      EXPECT_ASSERTION ("gc_object_allocate", "arena != NULL");
      g_assert_null (gc_object_new (m, demo_watch_get_type ()));
      EXPECT_ASSERTION ("gc_object_allocate", "arena != NULL");
      g_assert_null (gc_object_try_new (m, demo_node_get_type (), 0, &error));
      g_assert_no_error (error);
      EXPECT_ASSERTION ("gc_mutation_safepoint", "arena != NULL*");
      g_assert_false (gc_mutation_safepoint (m));
      EXPECT_ASSERTION ("gc_mutation_save", "*gc_mutation_is_active (m)");
      gc_mutation_save (m, &mark);
      EXPECT_ASSERTION ("gc_mutation_restore", "*gc_mutation_is_active (m)");
      gc_mutation_restore (m, &mark);
      EXPECT_ASSERTION ("gc_root_push_", "gc_mutation_is_active (m)");
      {
        GC_ROOT (m, DemoNode, node);

        g_assert_null (node);
      }
      g_test_assert_expected_messages ();
      g_assert_false (gc_mutation_is_active (m));

      /* Also while another scope of the arena is open. */
      other = gc_arena_begin (arena);
      g_assert_true (other != m);
      EXPECT_ASSERTION ("gc_object_allocate", "arena != NULL");
      g_assert_null (gc_new (m, DemoNode));
      gc_mutation_finish (other);
      gc_mutation_unref (other);
    }
  gc_mutation_unref (m);
  still_works (arena);
}

static void
test_null (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcMutationMark mark;

  EXPECT_ASSERTION ("gc_object_allocate", "arena != NULL");
  g_assert_null (gc_new (NULL, DemoNode));
  EXPECT_ASSERTION ("gc_mutation_finish", "m != NULL");
  gc_mutation_finish (NULL);
  EXPECT_ASSERTION ("gc_mutation_ref", "m != NULL");
  g_assert_null (gc_mutation_ref (NULL));
  EXPECT_ASSERTION ("gc_mutation_unref", "m != NULL");
  gc_mutation_unref (NULL);
  EXPECT_ASSERTION ("gc_mutation_is_active", "m != NULL");
  g_assert_false (gc_mutation_is_active (NULL));
  EXPECT_ASSERTION ("gc_mutation_get_arena", "m != NULL");
  g_assert_null (gc_mutation_get_arena (NULL));
  EXPECT_ASSERTION ("gc_mutation_get_depth", "m != NULL");
  g_assert_cmpuint (gc_mutation_get_depth (NULL), ==, 0);
  EXPECT_ASSERTION ("gc_mutation_safepoint", "m != NULL");
  g_assert_false (gc_mutation_safepoint (NULL));
  EXPECT_ASSERTION ("gc_mutation_save", "m != NULL*");
  gc_mutation_save (NULL, &mark);
  EXPECT_ASSERTION ("gc_mutation_save", "mark != NULL");
  gc_mutation_save (m, NULL);
  EXPECT_ASSERTION ("gc_mutation_restore", "mark != NULL");
  gc_mutation_restore (m, NULL);
  EXPECT_ASSERTION ("gc_root_push_", "m != NULL");
  {
    GC_ROOT (NULL, DemoNode, node);

    g_assert_null (node);
  }
  g_clear_pointer (&m, gc_mutation_leave_);
  still_works (arena);
}

static void
test_order (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *outer = gc_arena_begin (arena);
  GcMutation *inner = gc_arena_begin (arena);

  EXPECT_ASSERTION ("gc_mutation_finish", "gc_arena_get_innermost (arena) == m");
  gc_mutation_finish (outer);
  g_test_assert_expected_messages ();
  g_assert_true (gc_mutation_is_active (outer));
  g_assert_nonnull (gc_new (outer, DemoNode));
  g_assert_nonnull (gc_new (inner, DemoNode));
  gc_mutation_finish (inner);
  gc_mutation_finish (outer);
  gc_mutation_unref (inner);
  gc_mutation_unref (outer);
  still_works (arena);
}

static gpointer
use_elsewhere (gpointer m)
{
  GcMutationMark mark;

  EXPECT_ASSERTION ("gc_mutation_finish", "gc_arena_is_mine (arena)");
  gc_mutation_finish (m);
  EXPECT_ASSERTION ("gc_mutation_safepoint", "*gc_arena_is_mine (arena)");
  g_assert_false (gc_mutation_safepoint (m));
  EXPECT_ASSERTION ("gc_mutation_save", "gc_arena_is_mine (m->arena)");
  gc_mutation_save (m, &mark);
  EXPECT_ASSERTION ("gc_object_allocate", "arena != NULL");
  g_assert_null (gc_new_with_tail (m, DemoVector, 1));
  EXPECT_ASSERTION ("gc_object_allocate", "arena != NULL");
  g_assert_null (gc_new (m, DemoWatch));
  g_test_assert_expected_messages ();
  return NULL;
}

static void
test_other_thread (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (arena);
  DemoNode *node = gc_new (m, DemoNode);

  g_thread_join (g_thread_new ("use", use_elsewhere, m));
  g_assert_true (gc_mutation_is_active (m));
  gc_set (node, left, gc_new (m, DemoNode));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  still_works (arena);
}

/* ---- lent to a callback ---- */

static void
finish_it (GcMutation *m,
           gpointer    data)
{
  EXPECT_ASSERTION ("gc_mutation_finish", "!m->is_lent");
  gc_mutation_finish (m);
  g_assert_true (gc_mutation_is_active (m));
  g_assert_nonnull (gc_new (m, DemoNode));
  g_assert_false (gc_mutation_safepoint (m));
}

static void
test_lent_finished (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  gc_arena_mutate (arena, finish_it, NULL);
  still_works (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_mutate (arena, finish_it, NULL);
    g_assert_true (gc_mutation_is_active (m));
  }
  still_works (arena);
}

static void
drop_it (GcMutation *m,
         gpointer    data)
{
  EXPECT_CRITICAL ("gc_mutation_unref: the mutation is lent to a callback");
  gc_mutation_unref (m);
  g_test_assert_expected_messages ();
  g_assert_true (gc_mutation_is_active (m));
}

static void
test_lent_dropped (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  gc_arena_mutate (arena, drop_it, NULL);
  still_works (arena);
}

static void
leave_open (GcMutation *m,
            gpointer    scopes)
{
  GcArena *arena = gc_mutation_get_arena (m);

  ((GcMutation **) scopes)[0] = gc_arena_begin (arena);
  ((GcMutation **) scopes)[1] = gc_arena_begin (arena);
  EXPECT_CRITICAL ("a callback left a mutation open");
  EXPECT_CRITICAL ("a callback left a mutation open");
}

static void
test_left_open (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *scopes[2];

  gc_arena_mutate (arena, leave_open, scopes);
  g_test_assert_expected_messages ();
  for (guint i = 0; i < G_N_ELEMENTS (scopes); i++)
    {
      g_assert_false (gc_mutation_is_active (scopes[i]));
      gc_mutation_unref (scopes[i]);
    }
  still_works (arena);
}

static gpointer
unref_elsewhere (gpointer m)
{
  gc_mutation_unref (m);
  return NULL;
}

static void
leave_dropped (GcMutation *m,
               gpointer    data)
{
  GcMutation *inner = gc_arena_begin (gc_mutation_get_arena (m));

  EXPECT_CRITICAL ("a mutation was dropped without being finished, by another thread");
  g_thread_join (g_thread_new ("drop", unref_elsewhere, inner));
}

static void
test_left_dropped (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  gc_arena_mutate (arena, leave_dropped, NULL);
  still_works (arena);
}

/* ---- no scope ---- */

DemoNode *demo_node_get_left (DemoNode *self);
DemoNode *demo_node_dup_left (DemoNode *self);
void demo_node_set_left (DemoNode *self, DemoNode *value);

GC_DEFINE_ACCESSORS (DemoNode, demo_node, DemoNode, demo_node_get_type, left)

/* Derived accessors speak in the name of the program that they are part of. */
#define EXPECT_ACCESSOR(function, condition) \
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, function ": assertion '" condition "' failed")

static void
test_outside (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  DemoNode *node;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (gc_new (m, DemoNode));
    gc_set (node, left, node);
  }
  EXPECT_ASSERTION ("gc_arena_get_root", "gc_arena_is_mutating (arena)");
  g_assert_null (gc_arena_get_root (arena));
  EXPECT_ACCESSOR ("demo_node_get_left", "gc_object_can_read_ (self)");
  g_assert_null (demo_node_get_left (node));
  EXPECT_ASSERTION ("gc_object_abandon", "gc_arena_is_mutating (arena)");
  gc_object_abandon (GC_OBJECT (node));
  gc_object_unref (node);
  still_works (arena);
}

static gpointer
read_elsewhere (gpointer node)
{
  EXPECT_ACCESSOR ("demo_node_get_left", "gc_object_can_read_ (self)");
  g_assert_null (demo_node_get_left (node));
  EXPECT_ASSERTION ("gc_arena_get_root", "gc_arena_is_mutating (arena)");
  g_assert_null (gc_arena_get_root (gc_object_get_arena (node)));
  g_test_assert_expected_messages ();
  return NULL;
}

/* A scope is its thread's alone. */
static void
test_outside_on_this_thread (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (arena);
  DemoNode *node = gc_new (m, DemoNode);

  g_thread_join (g_thread_new ("read", read_elsewhere, node));
  g_assert_null (demo_node_get_left (node));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  still_works (arena);
}

static void
test_accessor_types (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (arena);
  DemoNode *node = gc_new (m, DemoNode);
  gpointer vector = gc_new_with_tail (m, DemoVector, 1);

  EXPECT_ACCESSOR ("demo_node_get_left", "*demo_node_get_type ()*");
  g_assert_null (demo_node_get_left (vector));
  EXPECT_ACCESSOR ("demo_node_dup_left", "*demo_node_get_type ()*");
  g_assert_null (demo_node_dup_left (NULL));
  EXPECT_ACCESSOR ("demo_node_set_left", "*demo_node_get_type ()*");
  demo_node_set_left (vector, node);
  EXPECT_ACCESSOR ("demo_node_set_left", "value == NULL || *");
  demo_node_set_left (node, vector);
  g_assert_null (node->left);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  still_works (arena);
}

/* A mark of another arena's scope, or of one that ended since. */
static void
test_marks (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  GcMutation *m = gc_arena_begin (arena);
  GcMutation *in_other = gc_arena_begin (other);
  GcMutation *inner = gc_arena_begin (arena);
  GcMutationMark mark, ended;

  gc_mutation_save (in_other, &mark);
  gc_mutation_save (inner, &ended);
  EXPECT_ASSERTION ("gc_mutation_restore", "scope != NULL");
  gc_mutation_restore (m, &mark);
  g_assert_true (gc_mutation_is_active (inner));
  gc_mutation_finish (inner);
  EXPECT_ASSERTION ("gc_mutation_restore", "scope != NULL");
  gc_mutation_restore (m, &ended);
  gc_mutation_unref (inner);
  gc_mutation_finish (in_other);
  gc_mutation_unref (in_other);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  still_works (arena);
  still_works (other);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/misuse/mutation/finished", test_finished);
  g_test_add_func ("/misuse/mutation/null", test_null);
  g_test_add_func ("/misuse/mutation/order", test_order);
  g_test_add_func ("/misuse/mutation/other-thread", test_other_thread);
  g_test_add_func ("/misuse/mutation/lent/finished", test_lent_finished);
  g_test_add_func ("/misuse/mutation/lent/dropped", test_lent_dropped);
  g_test_add_func ("/misuse/mutation/left-open", test_left_open);
  g_test_add_func ("/misuse/mutation/left-dropped", test_left_dropped);
  g_test_add_func ("/misuse/mutation/outside", test_outside);
  g_test_add_func ("/misuse/mutation/outside/thread", test_outside_on_this_thread);
  g_test_add_func ("/misuse/mutation/accessor-types", test_accessor_types);
  g_test_add_func ("/misuse/mutation/marks", test_marks);
  return g_test_run ();
}
