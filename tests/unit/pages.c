/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Slabs of pages: large objects that share a mapping. */

#include "demo.h"
#include "gcobj/gc-arena-private.h"

#define HEADER  offsetof (DemoBlob, bytes)
#define ROOM    (GC_SLAB_PAGES - GC_FIRST_OFFSET / GC_PAGE_SIZE)

static DemoBlob *
blob_new (GcArena *arena,
          guint    n_pages)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoBlob *blob = gc_new_with_tail (m, DemoBlob, n_pages * GC_PAGE_SIZE - HEADER);

  for (gsize i = 0; i < blob->n; i++)
    g_assert_cmpuint (blob->bytes[i], ==, 0);
  memset (blob->bytes, 0xff, blob->n);
  return gc_object_ref (blob);
}

static guint
n_slabs (GcArena *arena)
{
  guint n = 0;

  for (GcSlab *slab = arena->heap.open; slab != NULL; slab = slab->next)
    n++;
  return n;
}

static guint64
heap_bytes (GcArena *arena)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

  return stats->heap_bytes;
}

static GcArena *
quiet_arena (void)
{
  GcArena *arena = demo_exact_arena_new ();

  demo_sleep_for_ever (arena);
  return arena;
}

static void
trim (GcArena *arena)
{
  g_assert_true (gc_arena_idle_collect (arena, TRUE));
}

static void
minor (GcArena *arena)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  gc_minor_start (&arena->heap);
  gc_minor_complete (&arena->heap);
}

/* Objects lie side by side, and the first run of pages that is long enough serves. */
static void
test_runs (void)
{
  g_autoptr (GcArena) arena = quiet_arena ();
  DemoBlob *blobs[6];
  char *start;

  for (guint i = 0; i < 6; i++)
    blobs[i] = blob_new (arena, 9 + i);
  start = (char *) blobs[0];
  for (guint i = 1; i < 6; i++)
    g_assert_true ((char *) blobs[i] == (char *) blobs[i - 1] + (8 + i) * GC_PAGE_SIZE);

  gc_object_unref (blobs[1]);   /* 10 pages */
  gc_object_unref (blobs[3]);   /* 12 pages */
  gc_arena_collect (arena);
  blobs[1] = blob_new (arena, 11);
  g_assert_true ((char *) blobs[1] == (char *) blobs[2] + 11 * GC_PAGE_SIZE);
  blobs[3] = blob_new (arena, 10);
  g_assert_true ((char *) blobs[3] == start + 9 * GC_PAGE_SIZE);
  demo_check (arena);

  /* Neighbours that are free are one run. */
  gc_object_unref (blobs[0]);
  gc_object_unref (blobs[3]);
  gc_object_unref (blobs[2]);
  gc_arena_collect (arena);
  blobs[0] = blob_new (arena, 30);
  g_assert_true ((char *) blobs[0] == start);
  g_assert_cmpuint (n_slabs (arena), ==, 1);
  demo_check (arena);
  gc_object_unref (blobs[0]);
  gc_object_unref (blobs[1]);
  gc_object_unref (blobs[4]);
  gc_object_unref (blobs[5]);
}

/* A slab is filled to its last page, and opened again when there is room. */
static void
test_full (void)
{
  g_autoptr (GcArena) arena = quiet_arena ();
  enum { N = ROOM / 64, REST = ROOM % 64 };
  DemoBlob *blobs[N], *other;

  G_STATIC_ASSERT (REST == 0);
  for (guint i = 0; i < N; i++)
    blobs[i] = blob_new (arena, 64);
  g_assert_true ((char *) blobs[N - 1] + 64 * GC_PAGE_SIZE == (char *) gc_slab_of (blobs[0]) + GC_SLAB_SIZE);
  g_assert_cmpuint (n_slabs (arena), ==, 0);
  demo_check (arena);

  other = blob_new (arena, 64);
  g_assert_true (gc_slab_of (other) != gc_slab_of (blobs[0]));
  g_assert_cmpuint (n_slabs (arena), ==, 1);
  gc_object_unref (blobs[N - 1]);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_slabs (arena), ==, 2);
  demo_check (arena);
  for (guint i = 0; i < N - 1; i++)
    gc_object_unref (blobs[i]);
  gc_object_unref (other);
}

/* What is free stays for eight cycles, and goes at once when memory is short. */
static void
test_release (void)
{
  g_autoptr (GcArena) arena = quiet_arena ();
  DemoBlob *kept = blob_new (arena, 9);
  guint64 small = heap_bytes (arena), full;

  for (guint round = 0; round < 2; round++)
    {
      DemoBlob *blobs[20];

      for (guint i = 0; i < G_N_ELEMENTS (blobs); i++)
        blobs[i] = blob_new (arena, 9 + 2 * i);
      full = heap_bytes (arena);
      g_assert_cmpuint (full, >=, small + 20 * 28 * GC_PAGE_SIZE);
      for (guint i = 0; i < G_N_ELEMENTS (blobs); i++)
        gc_object_unref (blobs[i]);
      if (round == 0)
        {
          for (guint i = 0; i < GC_EMPTY_CYCLES; i++)
            {
              g_assert_cmpuint (heap_bytes (arena), ==, full);
              gc_arena_finish_cycle (arena);
            }
          gc_arena_finish_cycle (arena);
        }
      else
        {
          gc_arena_collect (arena);
          trim (arena);
        }
      g_assert_cmpuint (heap_bytes (arena), ==, small);
      demo_check (arena);
    }
  gc_object_unref (kept);
  gc_arena_collect (arena);
  trim (arena);
  g_assert_cmpuint (n_slabs (arena), ==, 0);
}

/* Cards of neighbours do not get in each other's way, nor do those of an object that was there before. */
static void
test_cards (void)
{
  g_autoptr (GcArena) arena = quiet_arena ();
  enum { N = 30 };
  guint n_finalized = 0;
  DemoVector *vectors[N];

  arena->heap.is_always_generational = TRUE;
  gc_generations_set (&arena->heap, TRUE);
  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < N; i++)
        {
          g_autoptr (GcMutation) m = gc_arena_begin (arena);

          vectors[i] = gc_object_ref (gc_new_with_tail (m, DemoVector, 4100 + 900 * i));
        }
      gc_arena_collect (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (guint i = 0; i < N; i++)
          for (gsize k = i; k < vectors[i]->n; k += 257)
            gc_set (vectors[i], items[k], GC_OBJECT (demo_watch_new (m, &n_finalized)));
      }
      minor (arena);
      demo_check (arena);
      g_assert_cmpuint (n_finalized, ==, 0);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (guint i = 0; i < N; i++)
          for (gsize k = i; k < vectors[i]->n; k += 257)
            g_assert_true (DEMO_IS_WATCH (vectors[i]->items[k]));
      }
      for (guint i = 0; i < N; i++)
        gc_object_unref (vectors[i]);
      gc_arena_collect (arena);
      g_assert_cmpuint (n_finalized, >, 0);
      n_finalized = 0;
    }
}

/* Sizes at random, for a while: each is whole, and the slabs agree with the lists all along. */
static void
test_churn (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  enum { N = 60 };
  DemoBlob *blobs[N] = { NULL };

  for (guint round = 0; round < 2000; round++)
    {
      guint i = g_rand_int_range (rand, 0, N);

      if (blobs[i] != NULL)
        {
          for (gsize k = 0; k < blobs[i]->n; k += 499)
            g_assert_cmpuint (blobs[i]->bytes[k], ==, 1 + i);
          gc_object_unref (blobs[i]);
        }
      blobs[i] = blob_new (arena, g_rand_int_range (rand, 9, 65));
      memset (blobs[i]->bytes, 1 + i, blobs[i]->n);
      gc_arena_step_units (arena, g_rand_int_range (rand, 1, 200));
      if (round % 100 == 0)
        demo_check (arena);
    }
  for (guint i = 0; i < N; i++)
    g_clear_pointer (&blobs[i], gc_object_unref);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pages/runs", test_runs);
  g_test_add_func ("/pages/full", test_full);
  g_test_add_func ("/pages/release", test_release);
  g_test_add_func ("/pages/cards", test_cards);
  g_test_add_func ("/pages/churn", test_churn);
  return g_test_run ();
}
