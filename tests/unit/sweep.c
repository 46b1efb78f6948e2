/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sweeping a block, against the definition, byte by byte: with the instructions
 * of this machine and with those that every machine has. */

#include <pthread.h>
#include "demo.h"
#include "gcobj/gc-arena-private.h"

/* The portable branch of the same source, under other names. */
#undef __SSE2__
#define gc_block_sweep_only  portable_sweep_only
#define gc_block_sweep       portable_sweep
#define gc_block_sweep_dead  portable_sweep_dead
#define gc_block_read_bits   portable_read_bits
#define gc_heap_next_unswept portable_next_unswept
#define gc_heap_next_unswept_near portable_next_unswept_near
#define gc_heap_finish_sweep portable_finish_sweep
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#include "gcobj/heap/gc-sweep.c"
#pragma GCC diagnostic pop
#undef gc_block_sweep
#undef gc_block_sweep_dead
#undef gc_block_read_bits
#undef gc_heap_next_unswept
#undef gc_heap_next_unswept_near
#undef gc_heap_finish_sweep

typedef guint (*SweepFunc) (GcHeap *heap, GcBlock *block, guint64 *bits);

typedef struct
{
  SweepFunc sweep;
  void    (*read_bits) (GcBlock *block, guint64 *bits);
  SweepFunc sweep_dead;         /* what @sweep calls */
} Branch;

/* What its callers do beside. */
static guint
count_dead (GcHeap  *heap,
            GcBlock *block,
            guint    n)
{
  block->epoch = heap->epoch;
  heap->swept_live += n * GC_GRANULE;
  heap->swept_free += (GC_BLOCK_GRANULES - n) * GC_GRANULE;
  return n;
}

static guint
sweep_dead (GcHeap  *heap,
            GcBlock *block,
            guint64 *bits)
{
  return count_dead (heap, block, gc_block_sweep_dead (heap, block, bits));
}

static guint
sweep_dead_portably (GcHeap  *heap,
                     GcBlock *block,
                     guint64 *bits)
{
  return count_dead (heap, block, portable_sweep_dead (heap, block, bits));
}

static const Branch branches[] = {
  { gc_block_sweep, gc_block_read_bits, NULL },
  { portable_sweep, portable_read_bits, NULL },
  { sweep_dead, gc_block_read_bits, gc_block_sweep_dead },
  { sweep_dead_portably, portable_read_bits, portable_sweep_dead },
};

/* What a granule's byte can be after marking: of either colour or none, with any
 * of the other bits where there is a colour. */
static guint8
random_byte (void)
{
  guint8 byte = g_test_rand_int_range (0, 256) & ~GC_META_COLOURS;

  switch (g_test_rand_int_range (0, 4))
    {
    case 0: return 0;
    case 1: return byte | GC_META_COLOUR_A;
    case 2: return byte | GC_META_COLOUR_B;
    default: return g_test_rand_bit () ? 0 : GC_META_COLOUR_A | GC_META_NEEDLOG;
    }
}

/* Gives the number of granules in use. */
static guint
expect_sweep (guint8  *meta,
              guint8   colour,
              guint64 *bits)
{
  gboolean covers_next = FALSE;
  guint n = 0;

  memset (bits, 0, GC_BITMAP_WORDS * sizeof *bits);
  for (guint g = 0; g < GC_BLOCK_GRANULES; g++)
    {
      gboolean is_live = (meta[g] & colour) != 0;

      if (is_live || covers_next)
        {
          bits[g / 64] |= (guint64) 1 << (g % 64);
          n++;
        }
      if (!is_live)
        meta[g] = 0;
      covers_next = is_live && (meta[g] & GC_META_TAIL_NEXT) != 0;
    }
  return n;
}

static GcArena *
arena_with_block (GcBlock **block)
{
  GcArena *arena = demo_exact_arena_new ();

  *block = gc_block_take_empty (&arena->heap);
  g_assert_nonnull (*block);
  return arena;
}

static void
test_sweep (gconstpointer data)
{
  const Branch *branch = data;
  GcBlock *block;
  g_autoptr (GcArena) arena = arena_with_block (&block);
  GcHeap *heap = &arena->heap;
  guint8 *meta = gc_meta (gc_block_start (block));
  guint8 expected_meta[GC_BLOCK_GRANULES];
  guint64 expected[GC_BITMAP_WORDS], bits[GC_BITMAP_WORDS];

  for (guint round = 0; round < 400; round++)
    {
      guint density = g_test_rand_int_range (0, 5);
      guint n;

      for (guint g = 0; g < GC_BLOCK_GRANULES; g++)
        meta[g] = density == 0 || g_test_rand_int_range (0, 4) < (gint) density ? random_byte () : 0;
      if (round == 0)
        memset (meta, 0, GC_BLOCK_GRANULES);
      if (round == 1)
        memset (meta, heap->colour | GC_META_TAIL_NEXT, GC_BLOCK_GRANULES);
      heap->colour = round % 2 == 0 ? GC_META_COLOUR_A : GC_META_COLOUR_B;
      heap->swept_live = heap->swept_free = 0;
      heap->epoch++;
      memcpy (expected_meta, meta, GC_BLOCK_GRANULES);
      n = expect_sweep (expected_meta, heap->colour, expected);

      g_assert_cmpuint (branch->sweep (heap, block, bits), ==, n);
      g_assert_cmpmem (bits, sizeof bits, expected, sizeof expected);
      g_assert_cmpmem (meta, GC_BLOCK_GRANULES, expected_meta, sizeof expected_meta);
      g_assert_cmpuint (block->live_granules, ==, n);
      g_assert_cmpuint (block->epoch, ==, heap->epoch);
      g_assert_cmpuint (heap->swept_live, ==, n * GC_GRANULE);
      g_assert_cmpuint (heap->swept_free, ==, (GC_BLOCK_GRANULES - n) * GC_GRANULE);

      /* What was swept reads the same. */
      memset (bits, 0xaa, sizeof bits);
      branch->read_bits (block, bits);
      g_assert_cmpmem (bits, sizeof bits, expected, sizeof expected);
    }
}

/* While marking goes on a swept block has bytes of both colours: all are in use. */
static void
test_read_both_colours (gconstpointer data)
{
  const Branch *branch = data;
  GcBlock *block;
  g_autoptr (GcArena) arena = arena_with_block (&block);
  guint8 *meta = gc_meta (gc_block_start (block));
  guint64 bits[GC_BITMAP_WORDS];

  for (guint round = 0; round < 100; round++)
    {
      for (guint g = 0; g < GC_BLOCK_GRANULES; g++)
        meta[g] = random_byte ();
      branch->read_bits (block, bits);
      for (guint g = 0; g < GC_BLOCK_GRANULES; g++)
        g_assert_cmpint (bits[g / 64] >> (g % 64) & 1, ==,
                         meta[g] != 0 || (g > 0 && meta[g - 1] & GC_META_TAIL_NEXT));
    }
}

typedef struct
{
  guint8  *meta;
  guint8   colour;
  gboolean is_done;             /* atomic */
} Writer;

/* Changes bytes of the living, and finds each as it has left it. */
static void *
write_living (void *data)
{
  Writer *self = data;
  guint8 left = self->colour;

  while (!__atomic_load_n (&self->is_done, __ATOMIC_RELAXED))
    {
      for (guint g = 0; g < GC_BLOCK_GRANULES; g += 2)
        {
          g_assert_cmpuint (gc_meta_load (&self->meta[g]), ==, left);
          gc_meta_store (&self->meta[g], left ^ GC_META_SPECIAL);
        }
      left ^= GC_META_SPECIAL;
    }
  return NULL;
}

/* What others write meanwhile stays. */
static void
test_others_write (gconstpointer data)
{
  const Branch *branch = data;
  GcBlock *block;
  g_autoptr (GcArena) arena = arena_with_block (&block);
  GcHeap *heap = &arena->heap;
  Writer writer = { gc_meta (gc_block_start (block)), heap->colour, FALSE };
  guint64 bits[GC_BITMAP_WORDS];
  pthread_t thread;

  for (guint g = 0; g < GC_BLOCK_GRANULES; g += 2)
    writer.meta[g] = heap->colour;
  g_assert_cmpint (pthread_create (&thread, NULL, write_living, &writer), ==, 0);
  for (guint round = 0; round < (RUNNING_ON_VALGRIND ? 100 : 20000); round++)
    {
      for (guint g = 1; g < GC_BLOCK_GRANULES; g += 2)
        gc_meta_store (&writer.meta[g], heap->colour ^ GC_META_COLOURS);
      g_assert_cmpuint (branch->sweep_dead (heap, block, bits), ==, GC_BLOCK_GRANULES / 2);
      for (guint g = 1; g < GC_BLOCK_GRANULES; g += 2)
        g_assert_cmpuint (writer.meta[g], ==, 0);
    }
  __atomic_store_n (&writer.is_done, TRUE, __ATOMIC_RELAXED);
  g_assert_cmpint (pthread_join (thread, NULL), ==, 0);
}

/* The cursor comes to each block of an older epoch once. */
static void
test_cursor (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  GcHeap *heap = &arena->heap;
  guint n_used = 0;
  GcBlock *block;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, demo_chain_new (m, 200000));
  }
  gc_arena_start_sweeping (arena);
  for (guint s = 0; s < heap->n_slabs; s++)
    for (guint b = GC_FIRST_BLOCK; b < GC_SLAB_BLOCKS; b++)
      n_used += heap->slabs[s]->blocks[b].state == GC_BLOCK_USED;
  g_assert_cmpuint (heap->n_slabs, >, 1);
  while (gc_heap_has_unswept_slab (heap))
    {
      guint slab = heap->sweep_slab;

      if ((block = gc_heap_next_unswept (heap)) == NULL)
        {
          /* One slab at a time. */
          g_assert_cmpuint (heap->sweep_slab, ==, slab + 1);
          continue;
        }
      guint64 bits[GC_BITMAP_WORDS];

      g_assert_cmpuint (block->epoch, !=, heap->epoch);
      g_assert_true (g_hash_table_add (seen, block));
      gc_block_sweep (heap, block, bits);
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, n_used);
  g_assert_null (gc_heap_next_unswept (heap));
  demo_check (arena);
}

/* However many slabs there are, a slice does not go through all of them. */
static void
test_release_slice (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GcHeap *heap = &arena->heap;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, demo_chain_new (m, 500000));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (heap->n_slabs, >, 2);
  heap->release_slab = 0;
  for (guint i = 1; i <= heap->n_slabs; i++)
    {
      GcBudget budget = { 0, 1 };

      g_assert_false (gc_heap_release_empty (heap, &budget));
      g_assert_cmpuint (heap->release_slab, ==, i);
    }
  demo_check (arena);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/sweep/block", &branches[0], test_sweep);
  g_test_add_data_func ("/sweep/block/portable", &branches[1], test_sweep);
  g_test_add_data_func ("/sweep/block/dead", &branches[2], test_sweep);
  g_test_add_data_func ("/sweep/block/dead-portable", &branches[3], test_sweep);
  g_test_add_data_func ("/sweep/others-write", &branches[2], test_others_write);
  g_test_add_data_func ("/sweep/others-write/portable", &branches[3], test_others_write);
  g_test_add_data_func ("/sweep/read-both-colours", &branches[0], test_read_both_colours);
  g_test_add_data_func ("/sweep/read-both-colours/portable", &branches[1], test_read_both_colours);
  g_test_add_func ("/sweep/cursor", test_cursor);
  g_test_add_func ("/sweep/release-slice", test_release_slice);
  return g_test_run ();
}
