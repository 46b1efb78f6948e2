/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Weak references, with the semantics of the Rust crate gc-arena: its tests of these, where
 * they have a counterpart, under their names. */

#include "demo.h"

#define CRITICAL(pattern) g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, pattern)

/* The root: its left child, and a weak reference to something in any. */
static DemoNode *
get_root (GcArena *arena)
{
  return gc_arena_get_root (arena);
}

static GcWeakRef *
get_ref (GcArena *arena)
{
  return GC_WEAK_REF (get_root (arena)->any);
}

static void
make_root (GcArena *arena,
           guint   *n_finalized)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *root = gc_new (m, DemoNode);

  gc_arena_set_root (arena, root);
  gc_set (root, left, demo_watch_new (m, n_finalized));
  gc_set (root->left, left, demo_watch_new (m, n_finalized));
  gc_set (root, any, gc_weak_ref_new (m, root->left));
}

static void
drop_child (GcArena *arena)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  gc_set (get_root (arena), left, NULL);
}

static void
test_weak_allocation (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  make_root (arena, &n_finalized);
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_true (gc_weak_ref_upgrade (get_ref (arena)) == get_root (arena)->left);
    g_assert_false (gc_weak_ref_is_dead (get_ref (arena)));
    g_assert_false (gc_weak_ref_is_dropped (get_ref (arena)));
  }
  drop_child (arena);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 2);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_null (gc_weak_ref_upgrade (get_ref (arena)));
    g_assert_null (gc_weak_ref_resurrect (get_ref (arena)));
    g_assert_true (gc_weak_ref_is_dead (get_ref (arena)));
    g_assert_true (gc_weak_ref_is_dropped (get_ref (arena)));
  }
}

static void
test_basic_finalization (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  guint n_finalized = 0;

  make_root (arena, &n_finalized);
  gc_arena_finish_marking (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_MARKED);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_false (gc_weak_ref_is_dead (get_ref (arena)));
  }
  gc_arena_finish_cycle (arena);
  drop_child (arena);

  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcWeakRef *ref = get_ref (arena);

    g_assert_nonnull (gc_weak_ref_upgrade (ref));
    g_assert_true (gc_weak_ref_is_dead (ref));
    g_assert_false (gc_weak_ref_is_dropped (ref));
    g_assert_true (gc_weak_ref_resurrect (ref) == gc_weak_ref_upgrade (ref));
    g_assert_false (gc_weak_ref_is_dead (ref));
  }
  gc_arena_finish_marking (arena);
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_weak_ref_upgrade (get_ref (arena));

    /* It lasted for that cycle, with what it leads to. */
    g_assert_true (DEMO_IS_NODE (node->left));
    demo_scribble (m, 1000);
  }

  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_nonnull (gc_weak_ref_upgrade (get_ref (arena)));
    g_assert_true (gc_weak_ref_is_dead (get_ref (arena)));
  }
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_finalized, ==, 2);

  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_null (gc_weak_ref_upgrade (get_ref (arena)));
    g_assert_true (gc_weak_ref_is_dead (get_ref (arena)));
    g_assert_true (gc_weak_ref_is_dropped (get_ref (arena)));
  }
}

static void
test_transitive_death (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (GcWeakRef) inner = NULL;

  make_root (arena, NULL);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    inner = gc_object_ref (gc_weak_ref_new (m, get_root (arena)->left->left));
  }
  gc_arena_finish_marking (arena);
  g_assert_false (gc_weak_ref_is_dead (inner));
  gc_arena_finish_cycle (arena);
  drop_child (arena);
  gc_arena_finish_marking (arena);
  g_assert_true (gc_weak_ref_is_dead (inner));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_weak_ref_resurrect (get_ref (arena));
    /* Not before marking goes on: what it leads to is not known yet. */
    g_assert_true (gc_weak_ref_is_dead (inner));
  }
  gc_arena_finish_marking (arena);
  g_assert_false (gc_weak_ref_is_dead (inner));
}

/* What was brought back and stored stays. */
static void
test_stored (gconstpointer data)
{
  gboolean is_resurrected = GPOINTER_TO_INT (data);
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  guint n_finalized = 0;

  make_root (arena, &n_finalized);
  drop_child (arena);
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *between = gc_new (m, DemoNode);

    /* In an object that is new, and so is not marked. */
    gc_set (between, right, is_resurrected ? gc_weak_ref_resurrect (get_ref (arena)) :
                                             gc_weak_ref_upgrade (get_ref (arena)));
    gc_set (get_root (arena), left, between);
  }
  for (guint i = 0; i < 3; i++)
    {
      gc_arena_collect (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        g_assert_true (gc_weak_ref_upgrade (get_ref (arena)) == get_root (arena)->left->right);
        g_assert_true (DEMO_IS_NODE (get_root (arena)->left->right->left));
        demo_scribble (m, 1000);
      }
    }
  g_assert_cmpuint (n_finalized, ==, 0);
}

/* A reference, a root or a rooted local keeps what was upgraded while marking was held. */
static void
test_rooted (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (GcObject) kept = NULL;
  guint n_finalized = 0;

  make_root (arena, &n_finalized);
  drop_child (arena);
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    g_autoptr (GcWeakRef) ref = gc_object_ref (get_ref (arena));

    kept = gc_weak_ref_upgrade_dup (ref);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  g_assert_true (DEMO_IS_NODE (DEMO_NODE (kept)->left));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_true (gc_weak_ref_upgrade (get_ref (arena)) == kept);
  }
}

/* An upgrade in the midst of marking does not keep by itself; a store does. */
static void
test_while_marking (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  const int n = 1000;
  gboolean is_complete = FALSE;
  int i = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *root = gc_new (m, DemoNode);
    GcArray *refs = gc_array_new (m);

    gc_arena_set_root (arena, root);
    gc_set (root, any, GC_OBJECT (refs));
    gc_set (root, left, demo_chain_new (m, 2000));
    for (int k = 0; k < n; k++)
      {
        DemoNode *node = gc_new (m, DemoNode);

        node->value = k;
        gc_array_append (refs, gc_weak_ref_new (m, node));
      }
  }
  gc_arena_start_cycle (arena);
  while (!is_complete)
    {
      is_complete = gc_arena_step_units (arena, 20);
      if (gc_arena_get_phase (arena) == GC_PHASE_MARKING && i < n)
        {
          g_autoptr (GcMutation) m = gc_arena_begin (arena);
          DemoNode *root = get_root (arena);
          DemoNode *kept = gc_weak_ref_upgrade (gc_array_get (GC_ARRAY (root->any), i++));
          DemoNode *lost = gc_weak_ref_upgrade (gc_array_get (GC_ARRAY (root->any), i++));

          g_assert_nonnull (lost);
          gc_set (kept, left, root->right);
          gc_set (root, right, kept);
        }
    }
  g_assert_cmpint (i, >, 20);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *root = get_root (arena);
    DemoNode *node = root->right;

    demo_scribble (m, 10000);
    for (int k = n - 1; k >= 0; k--)
      {
        GcWeakRef *ref = gc_array_get (GC_ARRAY (root->any), k);

        if (k >= i || k % 2 == 1)
          g_assert_true (gc_weak_ref_is_dropped (ref));
        else
          {
            g_assert_true (gc_weak_ref_upgrade (ref) == node);
            g_assert_cmpint (node->value, ==, k);
            node = node->left;
          }
      }
  }
}

/* While references are being cleared nobody gets at the dead. */
static void
test_while_clearing (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (GcArray) refs = NULL;
  const int n = 2000;
  gboolean is_complete = FALSE;
  guint n_between = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    refs = gc_object_ref (gc_array_new (m));
    for (int i = 0; i < n; i++)
      gc_array_append (refs, gc_weak_ref_new (m, gc_new (m, DemoNode)));
  }
  while (!is_complete)
    {
      is_complete = gc_arena_step_units (arena, 50);
      if (gc_arena_get_phase (arena) == GC_PHASE_CLEARING)
        {
          g_autoptr (GcMutation) m = gc_arena_begin (arena);

          for (int i = 0; i < n; i++)
            {
              GcWeakRef *ref = gc_array_get (refs, i);

              g_assert_null (gc_weak_ref_upgrade (ref));
              g_assert_null (gc_weak_ref_resurrect (ref));
              g_assert_null (gc_weak_ref_upgrade_dup (ref));
              g_assert_true (gc_weak_ref_is_dead (ref));
              n_between += !gc_weak_ref_is_dropped (ref);
            }
        }
    }
  g_assert_cmpuint (n_between, >, 0);
}

static void
test_outside_of_a_scope (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcWeakRef) ref = NULL;
  g_autoptr (GcObject) node = NULL;
  g_autoptr (GcObject) upgraded = NULL;
  g_autoptr (GcObject) resurrected = NULL;
  GcMutation *m = gc_arena_begin (arena);

  node = gc_object_ref (gc_new (m, DemoNode));
  ref = gc_object_ref (gc_weak_ref_new (m, node));
  CRITICAL ("*gc_arena_of (object) == arena*");
  g_assert_null (gc_weak_ref_new (m, NULL));
  CRITICAL ("*gc_arena_of (object) == arena*");
  g_assert_null (gc_weak_ref_new (m, gc_tag_int (1)));
  {
    g_autoptr (GcMutation) m2 = gc_arena_begin (other);

    CRITICAL ("*gc_arena_of (object) == arena*");
    g_assert_null (gc_weak_ref_new (m2, node));
  }
  gc_mutation_finish (m);
  CRITICAL ("*arena != NULL*");
  g_assert_null (gc_weak_ref_new (m, node));
  gc_mutation_unref (m);

  upgraded = gc_weak_ref_upgrade_dup (ref);
  g_assert_true (upgraded == node);
  resurrected = gc_weak_ref_resurrect_dup (ref);
  g_assert_true (resurrected == node);
  g_assert_false (gc_weak_ref_is_dead (ref));
  CRITICAL ("*gc_object_can_read_*");
  g_assert_null (gc_weak_ref_upgrade (ref));
  CRITICAL ("*gc_object_can_read_*");
  g_assert_null (gc_weak_ref_resurrect (ref));
  CRITICAL ("*gc_weak_ref_is_dead*");
  g_assert_true (gc_weak_ref_is_dead ((gpointer) node));
  g_test_assert_expected_messages ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weak-ref/weak-allocation", test_weak_allocation);
  g_test_add_func ("/weak-ref/basic-finalization", test_basic_finalization);
  g_test_add_func ("/weak-ref/transitive-death", test_transitive_death);
  g_test_add_data_func ("/weak-ref/stored/upgraded", GINT_TO_POINTER (FALSE), test_stored);
  g_test_add_data_func ("/weak-ref/stored/resurrected", GINT_TO_POINTER (TRUE), test_stored);
  g_test_add_func ("/weak-ref/rooted", test_rooted);
  g_test_add_func ("/weak-ref/while-marking", test_while_marking);
  g_test_add_func ("/weak-ref/while-clearing", test_while_clearing);
  g_test_add_func ("/weak-ref/outside-of-a-scope", test_outside_of_a_scope);
  return g_test_run ();
}
