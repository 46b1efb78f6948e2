/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Empty blocks: when they go back to the system, and that they come again zeroed. And slabs that are given up for good. */

#include "demo.h"
#include "gcobj/gc-arena-private.h"

enum { N = 100000 };

static GcArena *
arena_with_garbage (void)
{
  GcArena *arena = demo_exact_arena_new ();

  demo_sleep_for_ever (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    demo_scribble (m, N);
  }
  return arena;
}

static guint
count_blocks (GcArena  *arena,
              guint     state,
              gboolean  is_zero)
{
  GcHeap *heap = &arena->heap;
  guint n = 0;

  for (guint s = 0; s < heap->n_slabs; s++)
    for (guint b = GC_FIRST_BLOCK; b < GC_SLAB_BLOCKS; b++)
      n += heap->slabs[s]->blocks[b].state == state && heap->slabs[s]->blocks[b].is_zero == is_zero;
  return n;
}

static guint64
heap_bytes (GcArena *arena)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

  return stats->heap_bytes;
}

/* A block is kept while it may be needed again: for so many cycles. */
static void
test_cycles (void)
{
  g_autoptr (GcArena) arena = arena_with_garbage ();
  guint64 full = heap_bytes (arena);
  guint n_blocks;

  g_assert_cmpuint (full, >=, N * sizeof (DemoNode));
  gc_arena_finish_cycle (arena);
  n_blocks = count_blocks (arena, GC_BLOCK_EMPTY, FALSE);
  g_assert_cmpuint (n_blocks, >=, N * sizeof (DemoNode) / GC_BLOCK_SIZE);
  g_assert_cmpuint (heap_bytes (arena), ==, full);
  for (guint i = 1; i < GC_EMPTY_CYCLES; i++)
    gc_arena_finish_cycle (arena);
  g_assert_cmpuint (count_blocks (arena, GC_BLOCK_EMPTY, FALSE), ==, n_blocks);
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (count_blocks (arena, GC_BLOCK_EMPTY, FALSE), ==, 0);
  g_assert_cmpuint (heap_bytes (arena), ==, full - n_blocks * (GC_BLOCK_SIZE + GC_BLOCK_GRANULES));
}

/* One that is used in between starts anew. */
static void
test_used_in_between (void)
{
  g_autoptr (GcArena) arena = arena_with_garbage ();
  guint n_blocks;

  gc_arena_finish_cycle (arena);
  n_blocks = count_blocks (arena, GC_BLOCK_EMPTY, FALSE);
  for (guint i = 0; i < 5; i++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        demo_scribble (m, N);
      }
      gc_arena_finish_cycle (arena);
      g_assert_cmpuint (count_blocks (arena, GC_BLOCK_EMPTY, FALSE), ==, n_blocks);
    }
}

/* What was given back reads as zero, and is counted again when it is taken. */
static void
test_taken_again (void)
{
  g_autoptr (GcArena) arena = arena_with_garbage ();
  guint64 full = heap_bytes (arena);

  for (guint i = 0; i <= GC_EMPTY_CYCLES; i++)
    gc_arena_finish_cycle (arena);
  for (GcBlock *block = arena->heap.empty; block != NULL; block = block->next)
    {
      const char *start = gc_block_start (block);
      const guint8 *meta = gc_meta (start);

      g_assert_true (block->is_zero);
      for (gsize i = 0; i < GC_BLOCK_SIZE; i += 8)
        g_assert_cmpint (start[i], ==, 0);
      for (guint g = 0; g < GC_BLOCK_GRANULES; g++)
        g_assert_cmpuint (meta[g], ==, 0);
    }
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < N; i++)
      {
        DemoNode *node = gc_new (m, DemoNode);

        g_assert_null (node->left);
        g_assert_cmpint (node->value, ==, 0);
        node->value = -1;
      }
  }
  g_assert_cmpuint (heap_bytes (arena), ==, full);
  demo_check (arena);
}

/* Giving back is done in slices, too. */
static void
test_in_slices (void)
{
  g_autoptr (GcArena) arena = arena_with_garbage ();
  guint n_steps = 0;

  for (guint i = 0; i < GC_EMPTY_CYCLES; i++)
    gc_arena_finish_cycle (arena);
  gc_arena_start_sweeping (arena);
  for (GcBudget budget = { 0, 1 }; !gc_heap_release_empty (&arena->heap, &budget); budget.units = 1)
    n_steps++;
  g_assert_cmpuint (n_steps, >, 0);
  g_assert_cmpuint (count_blocks (arena, GC_BLOCK_EMPTY, FALSE), ==, 0);
  demo_check (arena);
}

/* A full block among empty ones stays where it is. */
static void
test_around_used (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  demo_sleep_for_ever (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *head = NULL;

    for (guint i = 0; i < N; i++)
      {
        DemoNode *node = gc_new (m, DemoNode);

        if (i % 5000 != 0)
          continue;
        node->value = 19 - (int) i / 5000;
        gc_set (node, left, head);
        head = node;
      }
    gc_arena_set_root (arena, head);
  }
  for (guint i = 0; i <= GC_EMPTY_CYCLES; i++)
    gc_arena_finish_cycle (arena);
  g_assert_cmpuint (count_blocks (arena, GC_BLOCK_READY, FALSE), >=, 19);
  g_assert_cmpuint (heap_bytes (arena), <, 25 * (GC_BLOCK_SIZE + GC_BLOCK_GRANULES));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_cmpuint (demo_chain_length (gc_arena_get_root (arena)), ==, 20);
  }
  demo_check (arena);
}

static guint
count_maps (void)
{
  g_autofree char *text = NULL;
  guint n = 0;

  if (g_file_get_contents ("/proc/self/maps", &text, NULL, NULL))
    for (const char *c = text; *c != '\0'; c++)
      n += *c == '\n';
  return n;
}

/* Relocation leaves slabs behind. As the system counts they are one, since there are no holes between: it allows 65,530. */
static void
test_maps (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  const guint n = 500;
  guint n_before;

  gc_arena_set_zeal (arena, GC_ZEAL_RELOCATE);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, gc_new (m, DemoNode));
  }
  n_before = count_maps ();
  for (guint i = 0; i < n; i++)
    gc_arena_collect (arena);
  if (!demo_is_slow ())
    g_assert_cmpuint (count_maps (), <, n_before + n / 4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/release/cycles", test_cycles);
  g_test_add_func ("/release/used-in-between", test_used_in_between);
  g_test_add_func ("/release/taken-again", test_taken_again);
  g_test_add_func ("/release/slices", test_in_slices);
  g_test_add_func ("/release/around-used", test_around_used);
  g_test_add_func ("/release/maps", test_maps);
  return g_test_run ();
}
