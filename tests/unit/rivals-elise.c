/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the Rust crate elise (and shifgrethor before it) asserts and promises, asserted of
 * this library: rooted locals, rerooting, roots in unmanaged memory, objects that own unmanaged
 * memory and refer to the stack. */

#include "demo.h"

static guint64
count_managed (GcMutation *m)
{
  g_autoptr (GcStats) stats = NULL;

  g_assert_true (gc_mutation_safepoint (m));
  stats = gc_arena_get_stats (gc_mutation_get_arena (m));
  return stats->live_objects;
}

/* An arena in which each safe point collects everything that is garbage. */
static GcArena *
eager_arena_new (void)
{
  GcArena *arena = gc_arena_new ();

  gc_arena_set_zeal (arena, gc_arena_get_zeal (arena) | GC_ZEAL_SAFEPOINT);
  return arena;
}

/* A rooted local survives a collection, and can be assigned to another local after it. */
static void
test_stack_rooted (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GC_ROOT (m, DemoNode, rooted);
  DemoNode *copy;

  rooted = gc_new (m, DemoNode);
  rooted->value = 0xbadcafe;
  g_assert_cmpuint (count_managed (m), ==, 1);
  copy = rooted;
  g_assert_cmpint (copy->value, ==, 0xbadcafe);
}

static DemoNode *
inner_function (GcMutation *m,
                GcObject  **external)
{
  GC_ROOT (m, DemoNode, inner);

  inner = gc_new (m, DemoNode);
  inner->value = 0xbeefdad;
  *external = gc_object_ref (inner);            /* so that its place can be compared */
  g_assert_cmpuint (count_managed (m), ==, 1);
  g_assert_cmpint (inner->value, ==, 0xbeefdad);
  return inner;
}

/* What an inner block rooted goes on living in a root of the outer one, as the same object; and
 * no longer than that. */
static void
test_rerooting (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  {
    GcObject *external;
    GC_ROOT (m, DemoNode, outer);

    outer = inner_function (m, &external);
    g_assert_true (GC_OBJECT (outer) == external);
    gc_object_unref (external);
    for (guint i = 0; i < 3; i++)
      {
        demo_scribble (m, 100);
        g_assert_cmpuint (count_managed (m), ==, 1);
        g_assert_cmpint (outer->value, ==, 0xbeefdad);
      }
  }
  g_assert_cmpuint (count_managed (m), ==, 0);
}

/* A root in unmanaged memory: copied, dropped and used from any thread. */
static gpointer
use_root (gpointer root)
{
  g_assert_cmpint (DEMO_NODE (root)->value, ==, 11);
  gc_object_unref (gc_object_ref (root));
  gc_object_unref (root);
  return NULL;
}

static void
test_heap_root (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GThread *threads[4];
  DemoNode *root = gc_object_ref (gc_new (m, DemoNode));

  root->value = 11;
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("root", use_root, gc_object_ref (root));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpuint (count_managed (m), ==, 1);
    }
  gc_object_unref (root);
  g_assert_cmpuint (count_managed (m), ==, 0);
}

/* An object that is not handed to the collector's care yet, because it was only just made, is
 * safe up to the next safe point; stored into something that lives, beyond. */
static void
test_unmanaged_until_stored (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GC_ROOT (m, DemoNode, list);
  DemoNode *node;

  list = gc_new (m, DemoNode);
  node = gc_new (m, DemoNode);
  for (guint i = 0; i < 20000; i++)
    gc_new (m, DemoNode);                       /* nothing is collected here */
  node->value = 5;
  gc_set (list, left, node);
  g_assert_cmpuint (count_managed (m), ==, 2);
  g_assert_cmpint (list->left->value, ==, 5);
}

/* Objects own unmanaged memory, with references in it; and refer to the stack, which
 * is not looked at when they end. */
GC_DECLARE_TYPE (DemoMixed, demo_mixed, DEMO, MIXED, GcObject)

struct _DemoMixed
{
  GcObject parent_instance;
  struct { gsize n; DemoNode *nodes[4]; } *owned;
  GC_UNTRACED const int *on_stack;
};

static guint n_freed;

static void
demo_mixed_trace (GcObject *object,
                  GcTracer *tracer)
{
  DemoMixed *self = DEMO_MIXED (object);

  gc_trace_array (tracer, self->owned->nodes, self->owned->n);
}

static void
demo_mixed_finalize (GcObject *object)
{
  g_assert_cmpuint (DEMO_MIXED (object)->owned->n, ==, 4);
  g_free (DEMO_MIXED (object)->owned);
  n_freed++;
}

GC_DEFINE_TYPE (DemoMixed, demo_mixed, GC_TYPE_OBJECT,
                GC_FIELD_UNTRACED (DemoMixed, on_stack)
                GC_TRACE (demo_mixed_trace)
                GC_FINALIZE (demo_mixed_finalize))

static void
test_mixed (void)
{
  g_autoptr (GcArena) arena = eager_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  guint n_finalized = 0;

  n_freed = 0;
  {
    int local = 99;
    GC_ROOT (m, DemoMixed, mixed);

    mixed = gc_new (m, DemoMixed);
    mixed->on_stack = &local;
    mixed->owned = g_malloc0 (sizeof *mixed->owned);
    mixed->owned->n = 4;
    for (guint i = 0; i < 4; i++)
      gc_object_set_slot (mixed, &mixed->owned->nodes[i], demo_watch_new (m, &n_finalized));
    g_assert_cmpuint (count_managed (m), ==, 5);
    g_assert_cmpint (*mixed->on_stack, ==, 99);
    gc_object_set_slot (mixed, &mixed->owned->nodes[1], NULL);
    g_assert_cmpuint (count_managed (m), ==, 4);
    g_assert_cmpuint (n_finalized, ==, 1);
    g_assert_true (DEMO_IS_WATCH (mixed->owned->nodes[3]));
  }
  g_assert_cmpuint (count_managed (m), ==, 0);
  g_assert_cmpuint (n_finalized, ==, 4);
  g_assert_cmpuint (n_freed, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rivals/elise/stack-rooted", test_stack_rooted);
  g_test_add_func ("/rivals/elise/rerooting", test_rerooting);
  g_test_add_func ("/rivals/elise/heap-root", test_heap_root);
  g_test_add_func ("/rivals/elise/unmanaged-until-stored", test_unmanaged_until_stored);
  g_test_add_func ("/rivals/elise/mixed", test_mixed);
  return g_test_run ();
}
