/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Minor collections: what they keep, what they reclaim, and when there are any. */

#include "gcobj/gc-arena-private.h"
#include "demo.h"

/* An arena that begins with generations, verified at the end of each marking. */
static GcArena *
generational_arena_new (void)
{
  GcArena *arena = gc_arena_new ();

  gc_arena_set_zeal (arena, GC_ZEAL_VERIFY);
  demo_sleep_for_ever (arena);
  arena->heap.is_always_generational = TRUE;
  gc_generations_set (&arena->heap, TRUE);
  return arena;
}

/* Inside a scope without raw pointers. */
static void
minor (GcArena *arena)
{
  gc_minor_start (&arena->heap);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_MARKING);
  gc_minor_complete (&arena->heap);
}

static guint64
n_minor_cycles (GcArena *arena)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

  return stats->n_minor_cycles;
}

/* What lives is old after one; what dies old stays until a major one. */
static void
test_sticky (void)
{
  g_autoptr (GcArena) arena = generational_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GC_ROOT (m, DemoNode, node);

  node = gc_new (m, DemoNode);
  g_assert_false (gc_is_marked (&arena->heap, node));
  minor (arena);
  g_assert_true (gc_is_marked (&arena->heap, node));
  g_assert_cmpuint (n_minor_cycles (arena), ==, 1);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
  minor (arena);
  g_assert_true (gc_is_marked (&arena->heap, node));
}

/* An old object that a young one is stored into, more than once. */
static void
test_log (void)
{
  g_autoptr (GcArena) arena = generational_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcHeap *heap = &arena->heap;
  GC_ROOT (m, DemoNode, node);

  node = gc_new (m, DemoNode);
  minor (arena);
  for (guint i = 0; i < 3; i++)
    {
      gc_set (node, left, gc_new (m, DemoNode));
      gc_set (node, right, gc_new (m, DemoNode));
      g_assert_cmpuint (gc_queue_get_length (&heap->log), ==, 1);
      minor (arena);
      g_assert_true (gc_queue_is_empty (&heap->log));
      g_assert_true (gc_is_marked (heap, node->left));
      g_assert_true (gc_is_marked (heap, node->right));
    }
  gc_set (node, right, NULL);
  gc_set (node, left, node);
  g_assert_true (gc_queue_is_empty (&heap->log));
}

/* Only the weak slots of objects in the log are looked at. */
static void
test_weak (void)
{
  g_autoptr (GcArena) arena = generational_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GC_ROOT (m, DemoNode, node);
  GC_ROOT (m, DemoNode, other);

  node = gc_new (m, DemoNode);
  minor (arena);
  gc_set_weak (node, weak, gc_new (m, DemoNode));
  g_assert_nonnull (gc_weak_get (node, weak));
  minor (arena);
  g_assert_null (gc_weak_get (node, weak));

  other = gc_new (m, DemoNode);
  gc_set_weak (node, weak, other);
  minor (arena);
  g_assert_true (gc_weak_get (node, weak) == other);
}

/* Young memory is used again, large objects and all, and counts as never allocated. */
static void
test_reuse (void)
{
  g_autoptr (GcArena) arena = generational_arena_new ();
  g_autoptr (GcStats) stats = NULL;

  arena->heap.nursery = 256 << 10;
  gc_heap_set_trigger (&arena->heap);
  for (guint round = 0; round < 400; round++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      for (guint i = 0; i < 1000; i++)
        gc_new (m, DemoNode);
      gc_object_new_with_tail (m, demo_blob_get_type (), 500);
      gc_object_new_with_tail (m, demo_blob_get_type (), 50000);
      gc_mutation_safepoint (m);
    }
  stats = gc_arena_get_stats (arena);
#ifndef __SANITIZE_THREAD__     /* which makes a slice's time too short for its work */
  g_assert_cmpuint (stats->n_minor_cycles, >, 50);
  g_assert_cmpuint (stats->n_cycles, ==, 0);
  g_assert_cmpuint (stats->peak_heap_bytes, <, 4 << 20);
#endif
  g_assert_cmpuint (stats->allocated_bytes, >=, 400 * (1000 * sizeof (DemoNode) + 50500));
}

/* Explicit functions end a minor collection first, and are of major cycles. */
static void
test_explicit (void)
{
  g_autoptr (GcArena) arena = generational_arena_new ();
  g_autoptr (GcStats) stats = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, demo_chain_new (m, 1000));
    gc_minor_start (&arena->heap);
  }
  gc_arena_finish_cycle (arena);
  g_assert_false (arena->heap.is_minor);
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_minor_cycles, ==, 1);
  g_assert_cmpuint (stats->n_cycles, ==, 1);
  g_assert_cmpuint (stats->live_objects, ==, 1000);
}

/* Whether there are minor collections again after @n major ones, and not before. */
static void
assert_off (GcArena *arena,
            guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      g_assert_false (arena->heap.generational);
      gc_arena_collect (arena);
    }
  g_assert_true (arena->heap.generational);
}

/* Where all survives there are none: for one major cycle, and for twice as many each time that it is found again,
 * but for eight at most; and for one again after they were of use. */
static void
test_survival (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  const guint n_off[] = { 1, 2, 4, 8, 8 };

  gc_arena_set_zeal (arena, GC_ZEAL_NONE);
  gc_generations_set (&arena->heap, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (n_off) + 1; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      DemoNode *chain;

      if (i == G_N_ELEMENTS (n_off))
        for (guint j = 0; j < 4; j++)
          {
            demo_chain_new (m, 50000);
            minor (arena);
          }
      chain = demo_chain_new (m, 50000);
      gc_arena_set_root (arena, chain);
      minor (arena);
      gc_mutation_finish (m);
      assert_off (arena, i < G_N_ELEMENTS (n_off) ? n_off[i] : 1);
    }
}

/* What dies young with a finalizer keeps its memory until a major collection: so there has to be one. */
static void
test_finalizers (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GcStats) stats = NULL;
  guint n_finalized = 0;

  arena->heap.is_always_generational = TRUE;
  gc_generations_set (&arena->heap, TRUE);
  for (guint i = 0; i < 2000000; i++)
    {
      demo_watch_new (m, &n_finalized);
      gc_mutation_safepoint (m);
    }
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_minor_cycles, >, 0);
  g_assert_cmpuint (stats->n_cycles, >, 1);
  g_assert_cmpuint (n_finalized, >, 1000000);
  /* What dies in a cycle stays for the next. Where a slice's time is too short for its work, slices are
   * stretched only once twice the allowance of 8 MiB is overdue; but then as far as it takes. */
  g_assert_cmpuint (stats->peak_heap_bytes, <, (demo_is_slow () ? 80 : 40) << 20);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/minor/sticky", test_sticky);
  g_test_add_func ("/minor/log", test_log);
  g_test_add_func ("/minor/weak", test_weak);
  g_test_add_func ("/minor/reuse", test_reuse);
  g_test_add_func ("/minor/explicit", test_explicit);
  g_test_add_func ("/minor/survival", test_survival);
  g_test_add_func ("/minor/finalizers", test_finalizers);
  return g_test_run ();
}
