/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Allocation into holes of all sizes: nothing overlaps, nothing is lost, memory is
 * zeroed and accounted to the byte. */

#include "demo.h"
#include "gcobj/gc-arena-private.h"

/* Fills a blob with a pattern of its own and remembers how. */
static GcObject *
make (GcMutation *m,
      gsize       n,
      guint8      pattern)
{
  DemoBlob *blob = gc_new_with_tail (m, DemoBlob, n);

  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint (blob->bytes[i], ==, 0);
  memset (blob->bytes, pattern, n);
  return GC_OBJECT (blob);
}

static void
check (GcObject *object,
       gsize     n,
       guint8    pattern)
{
  DemoBlob *blob = DEMO_BLOB (object);

  g_assert_cmpuint (blob->n, ==, n);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint (blob->bytes[i], ==, pattern);
}

/* Sizes of all kinds, most of them small: to the odd number of words. */
static gsize
random_size (void)
{
  switch (g_test_rand_int_range (0, 12))
    {
    case 0: return g_test_rand_int_range (0, GC_LARGE_SIZE - 16 + 1);
    case 1: return g_test_rand_int_range (0, 4096);
    case 2: return GC_MEDIUM_SIZE - 24 + g_test_rand_int_range (0, 24);
    default: return g_test_rand_int_range (0, 120);
    }
}

static void
test_mixed_sizes (void)
{
  enum { N = 4000, ROUNDS = 25 };
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autofree gsize *sizes = g_new0 (gsize, N);
  g_autofree guint8 *patterns = g_new0 (guint8, N);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, gc_new_with_tail (m, DemoVector, N));
  }
  for (guint round = 0; round < ROUNDS; round++)
    {
      guint share = g_test_rand_int_range (1, 100);

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoVector *all = gc_arena_get_root (arena);

        for (guint i = 0; i < N; i++)
          {
            if (all->items[i] != NULL)
              check (all->items[i], sizes[i], patterns[i]);
            if (g_test_rand_int_range (0, 100) >= (gint) share)
              continue;
            sizes[i] = random_size ();
            patterns[i] = g_test_rand_int_range (1, 256);
            gc_set (all, items[i], make (m, sizes[i], patterns[i]));
          }
        /* Some are gone for good, so that blocks get nearly empty. */
        if (round % 5 == 4)
          for (guint i = 0; i < N; i++)
            if (i % 50 != round)
              gc_set (all, items[i], NULL);
      }
      if (round % 2 == 0)
        demo_check (arena);
      else
        gc_arena_start_sweeping (arena);
    }
}

/* The same while collection goes on in small steps: allocation in every phase. */
static void
test_in_all_phases (void)
{
  enum { N = 2000 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autofree gsize *sizes = g_new0 (gsize, N);
  g_autofree guint8 *patterns = g_new0 (guint8, N);
  guint n_in_phase[GC_PHASE_SWEEPING + 1] = { 0 };

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, gc_new_with_tail (m, DemoVector, N));
  }
  for (guint step = 0; step < 6000; step++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoVector *all = gc_arena_get_root (arena);

        for (guint k = 0; k < 8; k++)
          {
            guint i = g_test_rand_int_range (0, N);

            if (all->items[i] != NULL)
              check (all->items[i], sizes[i], patterns[i]);
            sizes[i] = random_size ();
            patterns[i] = g_test_rand_int_range (1, 256);
            gc_set (all, items[i], make (m, sizes[i], patterns[i]));
          }
        n_in_phase[gc_arena_get_phase (arena)]++;
      }
      if (step % 500 == 499)
        gc_arena_finish_marking (arena);
      else
        gc_arena_step_units (arena, g_test_rand_int_range (1, 100));
    }
  g_assert_cmpuint (n_in_phase[GC_PHASE_MARKING], >, 0);
  g_assert_cmpuint (n_in_phase[GC_PHASE_MARKED], >, 0);
  g_assert_cmpuint (n_in_phase[GC_PHASE_SWEEPING], >, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *all = gc_arena_get_root (arena);

    for (guint i = 0; i < N; i++)
      if (all->items[i] != NULL)
        check (all->items[i], sizes[i], patterns[i]);
  }
  demo_check (arena);
}

static guint64
heap_bytes (GcArena *arena)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

  return stats->heap_bytes;
}

/* Holes as large as a dead object take objects of that size, before more memory is taken. */
static void
test_holes_are_filled (void)
{
  static const gsize sizes[] = { 0, 8, 16, 24, 56, 200 };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      enum { N = 40000 };
      g_autoptr (GcArena) arena = demo_exact_arena_new ();
      guint64 before;

      demo_sleep_for_ever (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoVector *all = gc_new_with_tail (m, DemoVector, N);

        gc_arena_set_root (arena, all);
        for (guint i = 0; i < N; i++)
          gc_set (all, items[i], make (m, sizes[s], 1));
        for (guint i = 0; i < N; i += 2)
          gc_set (all, items[i], NULL);
      }
      gc_arena_collect (arena);
      before = heap_bytes (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoVector *all = gc_arena_get_root (arena);
        guint n = 0;

        /* An odd number of words leaves half a granule at either end that can't be used. */
        for (guint i = 0; i < N && heap_bytes (arena) == before; i += 2, n++)
          gc_set (all, items[i], make (m, sizes[s], 2));
        if ((16 + sizes[s]) % 16 == 0)
          g_assert_cmpuint (n, ==, N / 2);
        else
          g_assert_cmpuint (n, >, 0);
        for (guint i = 1; i < N; i += 2)
          check (all->items[i], sizes[s], 1);
      }
      demo_check (arena);
    }
}

/* Exact numbers of bytes, whatever is zeroed ahead. */
static void
test_account (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GcHeap *heap = &arena->heap;
  gsize expected = 0;

  demo_sleep_for_ever (arena);
  for (guint round = 0; round < 300; round++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      for (guint i = 0; i < 20; i++)
        {
          gsize n = random_size ();

          expected += gc_object_get_size (make (m, n, 3));
          g_assert_cmpuint (gc_heap_get_allocated (heap), ==, expected);
        }
    }
}

/* The window is always zeroed from end to end, in the thread's innermost scope alone. */
static void
test_window (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GcHeap *heap = &arena->heap;

  for (guint round = 0; round < 50; round++)
    {
      {
        g_autoptr (GcMutation) outer = gc_arena_begin (arena);
        DemoNode *kept = NULL;

        for (guint i = 0; i < 500; i++)
          {
            g_autoptr (GcMutation) inner = i % 4 == 0 ? gc_arena_begin (arena) : NULL;
            GcMutation *m = inner != NULL ? inner : outer;
            DemoNode *node = gc_new (m, DemoNode);

            gc_set (node, left, i % 3 == 0 ? kept : NULL);
            kept = node;
            g_assert_true (heap->allocator.window == &m->window);
            g_assert_true (m->window.ptr <= m->window.limit);
            g_assert_true (m->window.limit <= heap->allocator.hole_end);
            g_assert_cmpuint ((gsize) m->window.ptr % 8, ==, 0);
            for (const char *at = m->window.ptr; at < m->window.limit; at++)
              g_assert_cmpint (*at, ==, 0);
            if (inner != NULL)
              g_assert_true (outer->window.ptr == outer->window.limit);
          }
        gc_arena_set_root (arena, kept);
      }
      g_assert_true (heap->allocator.window == &arena->first.parked);
      if (round % 5 == 0)
        gc_arena_collect (arena);
    }
}

/* An object never reaches from one block into the next. */
static void
test_blocks (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  for (guint round = 0; round < 10; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *head = NULL;

        for (guint i = 0; i < 3000; i++)
          {
            GcObject *object = make (m, random_size (), 1);
            char *last = (char *) object + gc_object_get_size (object) - 1;
            DemoNode *node;

            g_assert_true (gc_block_of (object) == gc_block_of (last));
            g_assert_cmpint (gc_block_of (object)->state, ==, GC_BLOCK_USED);
            g_assert_true (gc_slab_of (object) == gc_slab_of (last));
            if (i % 4 != round % 4)
              continue;
            node = gc_new (m, DemoNode);
            gc_set (node, any, object);
            gc_set (node, left, head);
            head = node;
          }
        gc_arena_set_root (arena, head);
      }
      demo_check (arena);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/allocate/mixed-sizes", test_mixed_sizes);
  g_test_add_func ("/allocate/all-phases", test_in_all_phases);
  g_test_add_func ("/allocate/holes", test_holes_are_filled);
  g_test_add_func ("/allocate/account", test_account);
  g_test_add_func ("/allocate/window", test_window);
  g_test_add_func ("/allocate/blocks", test_blocks);
  return g_test_run ();
}
