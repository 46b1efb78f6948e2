/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects that get pages, or a mapping of their own. */

#include "demo.h"
#include "gcobj/gc-arena-private.h"

#define HEADER offsetof (DemoBlob, bytes)

static guint
n_large (GcArena *arena)
{
  GcHeap *heap = &arena->heap;
  GcLarge *lists[] = { heap->large, heap->large_unswept, heap->large_young, heap->large_condemned };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (GcLarge *large = lists[i]; large != NULL; large = large->next)
      n++;
  return n;
}

/* The limits between blocks, pages and mappings are exact. */
static void
check_threshold (gsize      limit,
                 GcSlabKind below,
                 GcSlabKind above)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  for (gssize by = -32; by <= 32; by++)
    {
      gsize size = limit + by;
      DemoBlob *blob = gc_new_with_tail (m, DemoBlob, size - HEADER);
      gboolean is_above = gc_object_get_size (GC_OBJECT (blob)) > limit;
      guint kind = gc_slab_of (blob)->kind;

      g_assert_cmpint (is_above, ==, by > 0);
      g_assert_cmpint (kind, ==, is_above ? above : below);
      if (kind == GC_SLAB_LARGE)
        g_assert_cmpuint ((gsize) ((char *) blob - (char *) gc_slab_of (blob)), ==, GC_FIRST_OFFSET);
      for (gsize i = 0; i < blob->n; i++)
        g_assert_cmpuint (blob->bytes[i], ==, 0);
      memset (blob->bytes, 0xff, blob->n);
    }
  g_assert_cmpuint (n_large (arena), ==, below == GC_SLAB_BLOCKS_KIND ? 32 : 65);
}

static void
test_threshold (void)
{
  check_threshold (GC_LARGE_SIZE, GC_SLAB_BLOCKS_KIND, GC_SLAB_PAGES_KIND);
  check_threshold (GC_PAGES_SIZE, GC_SLAB_PAGES_KIND, GC_SLAB_LARGE);
}

/* Up to 16 MiB, whole and apart. */
static void
test_sizes (void)
{
  static const gsize sizes[] = {
    (32 << 10) + 1, 40000, 1 << 16, (4 << 20) - (256 << 10), (4 << 20) - 1, 4 << 20, (4 << 20) + 8, 5000001, 16 << 20
  };
  g_autoptr (GcArena) arena = gc_arena_new ();
  DemoBlob *blobs[G_N_ELEMENTS (sizes)];

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        blobs[i] = gc_object_ref (gc_new_with_tail (m, DemoBlob, sizes[i]));
        memset (blobs[i]->bytes, 1 + i, sizes[i]);
      }
  }
  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (GcStats) stats = NULL;

      demo_check (arena);
      stats = gc_arena_get_stats (arena);
      g_assert_cmpuint (stats->live_objects, ==, G_N_ELEMENTS (sizes));
      g_assert_cmpuint (n_large (arena), ==, G_N_ELEMENTS (sizes));
      for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
        {
          g_assert_cmpuint (blobs[i]->n, ==, sizes[i]);
          g_assert_true (gc_object_get_arena (GC_OBJECT (blobs[i])) == arena);
          for (gsize k = 0; k < sizes[i]; k += k < 4096 || k + 4096 > sizes[i] ? 1 : 509)
            g_assert_cmpuint (blobs[i]->bytes[k], ==, 1 + i);
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_assert_true (gc_address_is_ours (blobs[i]));
      gc_object_unref (blobs[i]);
      gc_arena_collect (arena);
      g_assert_cmpuint (n_large (arena), ==, G_N_ELEMENTS (sizes) - 1 - i);
      /* Pages wait for the next object, a mapping is gone. */
      g_assert_cmpint (gc_address_is_ours (blobs[i]), ==, sizes[i] < GC_PAGES_SIZE);
    }
}

/* Slots behind the first 4 MiB of an object work like others. */
static void
test_slots (void)
{
  enum { N = (16 << 20) / sizeof (gpointer) };
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_new_with_tail (m, DemoVector, N);

    for (gsize i = 0; i < N; i += 4999)
      gc_set (vector, items[i], GC_OBJECT (demo_watch_new (m, &n_finalized)));
    gc_set (vector, items[N - 1], GC_OBJECT (demo_watch_new (m, &n_finalized)));
    gc_arena_set_root (arena, vector);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_arena_get_root (arena);

    for (gsize i = 0; i < N; i += 4999)
      g_assert_true (DEMO_IS_WATCH (vector->items[i]));
    gc_set (vector, items[N - 1], NULL);
    gc_set (vector, items[0], NULL);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 2);
}

/* How many bytes of an array nobody has written to, as far as the system tells. */
static gsize
count_unwritten (DemoVector *vector)
{
  gsize size = gc_object_get_size (GC_OBJECT (vector));
  gsize n = 0;

  for (gsize at = 0, run; at < size; at += run)
    {
      gboolean is_written;

      run = gc_os_measure_run ((char *) vector + at, size - at, &is_written);
      g_assert_cmpuint (run, >, 0);
      g_assert_cmpuint (run, <=, size - at);
      n += is_written ? 0 : run;
    }
  return n;
}

/* Collections don't touch those parts of a large array that nobody has written to, and find what was written between them. */
static void
test_sparse (void)
{
  enum { N = (64 << 20) / sizeof (gpointer), N_STORED = 200 };
  g_autoptr (GcArena) arena = gc_arena_new ();
  gsize places[N_STORED] = { 0, N - 1, N / 2 };
  DemoVector *vector;
  guint n_finalized = 0;
  gsize n_unwritten;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    vector = gc_object_ref (gc_new_with_tail (m, DemoVector, N));
    n_unwritten = count_unwritten (vector);
    if (n_unwritten == 0)
      {
        gc_object_unref (vector);
        g_test_skip ("the system does not tell what was written, or has huge pages for everything");
        return;
      }
    g_assert_cmpuint (n_unwritten, >, 32 << 20);
    for (guint i = 3; i < N_STORED; i++)
      places[i] = g_test_rand_int_range (0, N);
    for (guint i = 0; i < N_STORED; i++)
      gc_set (vector, items[places[i]], GC_OBJECT (demo_watch_new (m, &n_finalized)));
  }
  n_unwritten = count_unwritten (vector);
  for (guint round = 0; round < 3; round++)
    {
      gc_arena_collect (arena);
      g_assert_cmpuint (n_finalized, ==, 0);
      g_assert_cmpuint (count_unwritten (vector), ==, n_unwritten);
      for (guint i = 0; i < N_STORED; i++)
        g_assert_true (DEMO_IS_WATCH (vector->items[places[i]]));
    }
  gc_object_unref (vector);
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, N_STORED);
}

/* Stores into the part of a large array that is scanned already, and into what is not; once with something in each page
 * of it, and once with nothing, which is passed over. */
static void
test_store_while_marking (gconstpointer is_written)
{
  enum { N = 1 << 20 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcPacing) pacing = gc_arena_get_pacing (arena);
  DemoVector *vector;
  guint n_stores = 0, n_finalized = 0;

  /* Nothing is marked but what this asks for. */
  pacing->min_sleep = 1 << 30;
  gc_arena_set_pacing (arena, pacing);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    vector = gc_object_ref (gc_new_with_tail (m, DemoVector, N));
    if (is_written)
      for (gsize i = N / 4; i < N / 4 * 3; i += 500)
        gc_set (vector, items[i], vector);
  }
  gc_arena_start_cycle (arena);
  while (gc_arena_get_phase (arena) == GC_PHASE_MARKING)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        gc_set (vector, items[n_stores], GC_OBJECT (demo_watch_new (m, &n_finalized)));
        gc_set (vector, items[N - 1 - n_stores], GC_OBJECT (demo_watch_new (m, &n_finalized)));
        n_stores++;
      }
      gc_arena_step_units (arena, is_written ? 1000 : 50);
    }
  g_assert_cmpuint (n_stores, >=, is_written ? 30 : 8);
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    demo_scribble (m, 10000);
    for (guint i = 0; i < n_stores; i++)
      {
        g_assert_true (DEMO_IS_WATCH (vector->items[i]));
        g_assert_true (DEMO_IS_WATCH (vector->items[N - 1 - i]));
      }
  }
  demo_check (arena);
  gc_object_unref (vector);
}

/* Garbage of this kind is given back, and what was allocated in each phase is kept. */
static void
test_turnover (void)
{
  enum { KEPT = 20 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcStats) stats = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, gc_new_with_tail (m, DemoVector, KEPT));
  }
  for (guint step = 0; step < 3000; step++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoVector *all = gc_arena_get_root (arena);
        DemoBlob *blob = gc_new_with_tail (m, DemoBlob, 33000 + step);
        guint i = step % KEPT;

        if (all->items[i] != NULL)
          for (gsize k = 0; k < DEMO_BLOB (all->items[i])->n; k += 1001)
            g_assert_cmpuint (DEMO_BLOB (all->items[i])->bytes[k], ==, 1 + (step - KEPT) % 255);
        memset (blob->bytes, 1 + step % 255, blob->n);
        gc_set (all, items[i], blob);
      }
      gc_arena_step_units (arena, 1 + step % 50);
    }
  demo_check (arena);
  g_assert_cmpuint (n_large (arena), ==, KEPT);
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->peak_heap_bytes, <, 40 << 20);
  g_assert_cmpuint (stats->heap_bytes, <, 3 << 20);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/large/threshold", test_threshold);
  g_test_add_func ("/large/sizes", test_sizes);
  g_test_add_func ("/large/slots", test_slots);
  g_test_add_func ("/large/sparse", test_sparse);
  g_test_add_data_func ("/large/store-while-marking/sparse", GINT_TO_POINTER (FALSE), test_store_while_marking);
  g_test_add_data_func ("/large/store-while-marking/written", GINT_TO_POINTER (TRUE), test_store_while_marking);
  g_test_add_func ("/large/turnover", test_turnover);
  return g_test_run ();
}
