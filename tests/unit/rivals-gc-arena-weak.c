/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the Rust crate gc-arena asserts of its weak references, of what can be done
 * between marking and the end of dead objects, and of root sets. */

#include "demo.h"

/* The test's objects: root is a vector of what a test needs. */
static gpointer
item (GcArena *arena,
      guint    i)
{
  return ((DemoVector *) gc_arena_get_root (arena))->items[i];
}

static void
set_item (GcArena  *arena,
          guint     i,
          gpointer  value)
{
  DemoVector *root = gc_arena_get_root (arena);

  gc_set (root, items[i], value);
}

static GcArena *
arena_with_root (void)
{
  GcArena *arena = demo_exact_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  gc_arena_set_root (arena, gc_new_with_tail (m, DemoVector, 8));
  return arena;
}

/* A weak reference leads to its object while that lives, and some time after its last
 * strong reference went away to nothing; garbage alone, at safe points, gets it there. */
static void
test_weak_allocation (void)
{
  g_autoptr (GcArena) arena = arena_with_root ();
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  guint n_rounds = 0;

  pacing->min_sleep = 4096;
  gc_arena_set_pacing (arena, pacing);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_new (m, DemoNode);

    node->value = 42;
    set_item (arena, 0, node);
    set_item (arena, 1, gc_weak_ref_new (m, node));
    g_assert_true (gc_weak_ref_upgrade (item (arena, 1)) == node);
  }
  gc_arena_finish_cycle (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_true (gc_weak_ref_upgrade (item (arena, 1)) == item (arena, 0));
    set_item (arena, 0, NULL);
  }
  for (gboolean done = FALSE; !done; )
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      DemoNode *node = gc_weak_ref_upgrade (item (arena, 1));

      demo_scribble (m, 10);
      if (node != NULL)
        g_assert_cmpint (node->value, ==, 42);
      done = node == NULL;
      g_assert_cmpuint (n_rounds++, <, 1000000);
    }
}

/* Held between marking and the rest: what is dead is told from what is not, and can be had.
 * Resurrection keeps it, and what it leads to, for this cycle only. */
static void
test_finalization (void)
{
  g_autoptr (GcArena) arena = arena_with_root ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *a = demo_watch_new (m, &n_finalized);
    DemoNode *b = demo_watch_new (m, &n_finalized);

    gc_set (a, left, demo_watch_new (m, &n_finalized));
    set_item (arena, 0, gc_new (m, DemoNode));          /* in the place of a */
    set_item (arena, 1, b);
    set_item (arena, 2, gc_weak_ref_new (m, a));
    set_item (arena, 3, gc_weak_ref_new (m, b));
  }
  for (guint cycle = 0; cycle < 3; cycle++)
    {
      gc_arena_finish_marking (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcWeakRef *c = item (arena, 2);

        g_assert_nonnull (gc_weak_ref_upgrade (c));
        g_assert_true (gc_weak_ref_is_dead (c));
        g_assert_false (gc_weak_ref_is_dropped (c));
        g_assert_false (gc_weak_ref_is_dead (item (arena, 3)));
        if (cycle < 2)
          {
            g_assert_true (gc_weak_ref_resurrect (c) == gc_weak_ref_upgrade (c));
            g_assert_false (gc_weak_ref_is_dead (c));
          }
      }
      gc_arena_finish_cycle (arena);
      g_assert_cmpuint (n_finalized, ==, cycle < 2 ? 0 : 2);
    }
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcWeakRef *c = item (arena, 2);

    g_assert_null (gc_weak_ref_upgrade (c));
    g_assert_true (gc_weak_ref_is_dead (c));
    g_assert_true (gc_weak_ref_is_dropped (c));
    g_assert_null (gc_weak_ref_resurrect (c));
    g_assert_false (gc_weak_ref_is_dead (item (arena, 3)));
  }
  demo_check (arena);
}

/* Asked again at the same place, the end of marking is still the end of marking: what was
 * resurrected stays, and what is resurrected now too. */
static void
test_marking_twice (void)
{
  g_autoptr (GcArena) arena = arena_with_root ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < 3; i++)
      set_item (arena, i, gc_weak_ref_new (m, demo_watch_new (m, &n_finalized)));
  }
  for (guint i = 0; i < 2; i++)
    {
      gc_arena_finish_marking (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (guint k = 0; k < 3; k++)
          g_assert_cmpint (gc_weak_ref_is_dead (item (arena, k)), ==, k >= i);
        g_assert_nonnull (gc_weak_ref_resurrect (item (arena, i)));
      }
    }
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
}

/* What only the dead lead to is dead. */
static void
test_transitive_death (void)
{
  g_autoptr (GcArena) arena = arena_with_root ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *outer = gc_new (m, DemoNode);

    gc_set (outer, left, gc_new (m, DemoNode));
    set_item (arena, 0, outer);
    set_item (arena, 1, gc_weak_ref_new (m, outer));
    set_item (arena, 2, gc_weak_ref_new (m, outer->left));
  }
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_false (gc_weak_ref_is_dead (item (arena, 1)));
    g_assert_false (gc_weak_ref_is_dead (item (arena, 2)));
  }
  gc_arena_finish_cycle (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    set_item (arena, 0, NULL);
  }
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_true (gc_weak_ref_is_dead (item (arena, 1)));
    g_assert_true (gc_weak_ref_is_dead (item (arena, 2)));
    g_assert_nonnull (gc_weak_ref_upgrade (item (arena, 2)));
  }
  gc_arena_finish_cycle (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_true (gc_weak_ref_is_dropped (item (arena, 2)));
  }
}

/* ---- root sets ---- */

/* Keys keep what they were given for as long as one copy of them is left; each stash is a
 * key of its own. */
static void
test_dynamic_roots (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcRootKey) a = NULL;
  g_autoptr (GcRootKey) b = NULL;
  g_autoptr (GcRootKey) b_again = NULL;
  GcRootKey *copy;
  guint n_a = 0, n_b = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcRootSet *set = gc_root_set_new (m);

    gc_arena_set_root (arena, set);
    a = gc_root_set_stash (set, demo_watch_new (m, &n_a));
    b = gc_root_set_stash (set, demo_watch_new (m, &n_b));
  }
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_a + n_b, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcRootSet *set = gc_arena_get_root (arena);
    g_autoptr (GError) error = NULL;
    gpointer object = gc_root_set_fetch (set, b, &error);

    g_assert_no_error (error);
    g_assert_true (((DemoWatch *) gc_root_set_fetch (set, a, NULL))->n_finalized == &n_a);
    g_assert_true (((DemoWatch *) object)->n_finalized == &n_b);
    b_again = gc_root_set_stash (set, object);
    g_assert_true (b_again != b);
  }
  copy = gc_root_key_ref (a);
  g_clear_pointer (&a, gc_root_key_unref);
  g_clear_pointer (&b, gc_root_key_unref);
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_a + n_b, ==, 0);
  gc_root_key_unref (copy);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_a, ==, 1);
  g_assert_cmpuint (n_b, ==, 0);
  g_clear_pointer (&b_again, gc_root_key_unref);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_b, ==, 1);
}

/* A key of another set, of this arena or another, is refused: a panic there, an error here. */
static void
test_dynamic_bad_set (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcArena) other = demo_exact_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GcMutation) n = gc_arena_begin (other);
  GcRootSet *sets[] = { gc_root_set_new (m), gc_root_set_new (m), gc_root_set_new (n) };
  g_autoptr (GcRootKey) key = gc_root_set_stash (sets[0], gc_new (m, DemoNode));

  g_assert_true (DEMO_IS_NODE (gc_root_set_fetch (sets[0], key, NULL)));
  for (guint i = 1; i < G_N_ELEMENTS (sets); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (gc_root_set_fetch (sets[i], key, &error));
      g_assert_error (error, GC_ERROR, GC_ERROR_WRONG_SET);
      g_assert_false (gc_root_set_contains (sets[i], key));
    }
}

/* Sets are objects: what only a dead set holds is dead, and keys outlive set and arena. */
static void
test_dead_set (void)
{
  GcArena *arena = demo_exact_arena_new ();
  g_autoptr (GcRootKey) key = NULL;
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = demo_watch_new (m, &n_finalized);
    GcRootSet *set = gc_root_set_new (m);

    /* Also where what is held refers to the set. */
    gc_set (node, any, GC_OBJECT (set));
    key = gc_root_set_stash (set, node);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
  g_object_unref (arena);
}

/* What failed to be constructed is not finalized; what was constructed for it is. */
static void
test_failed_construction (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint n_whole = 0, n_header = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *whole = demo_watch_new (m, &n_whole);

    for (guint i = 0; i < 5; i++)
      {
        gc_set (whole, left, demo_watch_new (m, &n_header));
        gc_set (whole->left, right, whole);
      }
    gc_object_abandon (GC_OBJECT (whole));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_whole, ==, 0);
  g_assert_cmpuint (n_header, ==, 5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rivals/gc-arena/weak/allocation", test_weak_allocation);
  g_test_add_func ("/rivals/gc-arena/weak/finalization", test_finalization);
  g_test_add_func ("/rivals/gc-arena/weak/marking-twice", test_marking_twice);
  g_test_add_func ("/rivals/gc-arena/weak/transitive-death", test_transitive_death);
  g_test_add_func ("/rivals/gc-arena/roots/dynamic", test_dynamic_roots);
  g_test_add_func ("/rivals/gc-arena/roots/bad-set", test_dynamic_bad_set);
  g_test_add_func ("/rivals/gc-arena/roots/dead-set", test_dead_set);
  g_test_add_func ("/rivals/gc-arena/builder/failed", test_failed_construction);
  return g_test_run ();
}
