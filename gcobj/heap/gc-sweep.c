/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sweeping: a block's metadata becomes a bitmap of its live granules, when the
 * block is taken for allocation or when a cycle has to start. Dead objects are
 * not touched.
 *
 * In a shared heap other mutators may read a byte of a live object meanwhile, which is stored as it was, or is not stored at
 * all where they may write it (I19). So the stores are
 * atomic, at least for each byte; those of SSE2 are by what processors do, but the language does not say so. */

#include "gcobj/heap/gc-heap-private.h"

static inline void
clear_bytes (guint8  *meta,
             guint64  which)
{
  for (; which != 0; which &= which - 1)
    __atomic_store_n (&meta[__builtin_ctzll (which)], 0, __ATOMIC_RELAXED);
}

#if defined (__SSE2__) && !defined (__SANITIZE_THREAD__)
# include <emmintrin.h>

/* The bits of 16 metadata bytes at once. */
typedef struct { __m128i colour; } Sweeper;
# define STRIDE 16

static inline Sweeper
sweeper_init (guint8 colour)
{
  return (Sweeper) { _mm_set1_epi8 (colour) };
}

/* All bits of the bytes that have the colour. */
static inline __m128i
find_live (const Sweeper *self,
           __m128i        v)
{
  return _mm_cmpeq_epi8 (_mm_and_si128 (v, self->colour), self->colour);
}

/* Clears the bytes without the colour; gives which bytes live and which have TAIL_NEXT. */
static inline void
sweeper_step (Sweeper *self,
              guint8  *meta,
              guint64 *live,
              guint64 *tail)
{
  __m128i v = _mm_load_si128 ((const __m128i *) meta);
  __m128i is_live = find_live (self, v);

  v = _mm_and_si128 (v, is_live);
  _mm_store_si128 ((__m128i *) meta, v);
  *live = (guint32) _mm_movemask_epi8 (is_live);
  *tail = (guint32) _mm_movemask_epi8 (_mm_slli_epi16 (v, 3));
}

/* The same, without a store to a byte that has the colour. */
static inline void
sweeper_step_dead (Sweeper *self,
                   guint8  *meta,
                   guint64 *live,
                   guint64 *tail)
{
  __m128i v = _mm_load_si128 ((const __m128i *) meta);
  __m128i is_live = find_live (self, v);
  guint stale = ~_mm_movemask_epi8 (_mm_or_si128 (is_live, _mm_cmpeq_epi8 (v, _mm_setzero_si128 ()))) & 0xffff;

  *live = (guint32) _mm_movemask_epi8 (is_live);
  *tail = (guint32) _mm_movemask_epi8 (_mm_slli_epi16 (_mm_and_si128 (v, is_live), 3));
  if (stale != 0 && *live == 0)
    _mm_store_si128 ((__m128i *) meta, _mm_setzero_si128 ());
  else
    clear_bytes (meta, stale);
}

/* Whether 64 bytes are 0: what was allocated there since the last collection is all dead, or nothing was. */
static inline gboolean
is_clear (const guint8 *meta)
{
  const __m128i *v = (const __m128i *) meta;
  __m128i any = _mm_or_si128 (_mm_or_si128 (_mm_load_si128 (v), _mm_load_si128 (v + 1)),
                              _mm_or_si128 (_mm_load_si128 (v + 2), _mm_load_si128 (v + 3)));

  return _mm_movemask_epi8 (_mm_cmpeq_epi8 (any, _mm_setzero_si128 ())) == 0xffff;
}

static inline void
reader_step (const guint8 *meta,
             guint64      *used,
             guint64      *tail)
{
  __m128i v = _mm_load_si128 ((const __m128i *) meta);

  *used = (guint32) ~_mm_movemask_epi8 (_mm_cmpeq_epi8 (v, _mm_setzero_si128 ())) & 0xffff;
  *tail = (guint32) _mm_movemask_epi8 (_mm_slli_epi16 (v, 3));
}

#else

/* Eight bytes at once in a word; byte order does not matter to the masks
 * because bytes are gathered through memory order below. */
typedef struct { guint64 colour; } Sweeper;
# define STRIDE 8
# define ONES ((guint64) 0x0101010101010101)

static inline Sweeper
sweeper_init (guint8 colour)
{
  return (Sweeper) { colour };
}

/* Bit n of the result: bit 0 of byte n. */
static inline guint64
gather (guint64 ones)
{
  return (GUINT64_FROM_LE (ones) * (guint64) 0x0102040810204080) >> 56;
}

/* Bit 0 of the bytes that have the colour. */
static inline guint64
find_live (const Sweeper *self,
           guint64        v)
{
  return (self->colour == GC_META_COLOUR_A ? v : v >> 1) & ONES;
}

static inline void
sweeper_step (Sweeper *self,
              guint8  *meta,
              guint64 *live,
              guint64 *tail)
{
  guint64 v = __atomic_load_n ((const guint64 *) (gconstpointer) meta, __ATOMIC_RELAXED);
  guint64 ones = find_live (self, v);

  v &= ones * 0xff;
  __atomic_store_n ((guint64 *) (gpointer) meta, v, __ATOMIC_RELAXED);
  *live = gather (ones);
  *tail = gather (v >> 4 & ONES);
}

/* Bit 0 of each byte: whether the byte is not 0. */
static inline guint64
is_not_zero (guint64 v)
{
  guint64 any = (v & (0x7f * ONES)) + (0x7f * ONES);

  return (any | v) >> 7 & ONES;
}

static inline void
sweeper_step_dead (Sweeper *self,
                   guint8  *meta,
                   guint64 *live,
                   guint64 *tail)
{
  guint64 v = __atomic_load_n ((const guint64 *) (gconstpointer) meta, __ATOMIC_RELAXED);
  guint64 ones = find_live (self, v);

  *live = gather (ones);
  *tail = gather ((v & ones * 0xff) >> 4 & ONES);
  clear_bytes (meta, gather (is_not_zero (v)) & ~*live);
}

/* Whether 64 bytes are 0. */
static inline gboolean
is_clear (const guint8 *meta)
{
  const guint64 *v = (const guint64 *) (gconstpointer) meta;
  guint64 any = 0;

  for (guint i = 0; i < 64 / STRIDE; i++)
    any |= __atomic_load_n (&v[i], __ATOMIC_RELAXED);
  return any == 0;
}

static inline void
reader_step (const guint8 *meta,
             guint64      *used,
             guint64      *tail)
{
  guint64 v = __atomic_load_n ((const guint64 *) (gconstpointer) meta, __ATOMIC_RELAXED);

  *used = gather (is_not_zero (v));
  *tail = gather (v >> 4 & ONES);
}

#endif

/* Without the instruction, which not every machine has, a compiler calls a function. */
static inline guint
count_bits (guint64 word)
{
#ifdef __POPCNT__
  return __builtin_popcountll (word);
#else
  word -= word >> 1 & 0x5555555555555555;
  word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
  word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return word * 0x0101010101010101 >> 56;
#endif
}

static inline __attribute__ ((always_inline)) guint
sweep (GcHeap   *heap,
       GcBlock  *block,
       guint64  *bits,
       gboolean  only_dead)
{
  guint8 *meta = gc_meta (gc_block_start (block));
  Sweeper sweeper = sweeper_init (heap->colour);
  guint64 carry = 0;
  guint n_live = 0;

  for (guint word = 0; word < GC_BITMAP_WORDS; word++)
    {
      guint64 used = 0, tails = 0;

      for (guint i = is_clear (meta + word * 64) ? 64 : 0; i < 64; i += STRIDE)
        {
          guint64 live, tail;

          if (only_dead)
            sweeper_step_dead (&sweeper, meta + word * 64 + i, &live, &tail);
          else
            sweeper_step (&sweeper, meta + word * 64 + i, &live, &tail);
          used |= live << i;
          tails |= tail << i;
        }
      if (GC_FAULT (SWEEP_LIVE) || (only_dead && GC_FAULT (MUTATOR_SWEEP)))
        used &= used - 1;
      used |= tails << 1 | carry;
      carry = tails >> 63;
      bits[word] = used;
      n_live += count_bits (used);
    }
  block->live_granules = n_live;

  if (heap->zeal & GC_ZEAL_CLOBBER)
    {
      char *start = gc_block_start (block);

      for (guint g = 0; g < GC_BLOCK_GRANULES; g++)
        if (!(bits[g / 64] >> (g % 64) & 1))
          memset (start + (gsize) g * GC_GRANULE, GC_CLOBBER, GC_GRANULE);
    }
  return n_live;
}

/* Sweeps a block: clears what belongs to dead objects and puts one bit for
 * each granule that is in use into @bits. Gives the number of these. */
guint
gc_block_sweep_only (GcHeap  *heap,
                     GcBlock *block,
                     guint64 *bits)
{
  block->epoch = heap->epoch;
  return sweep (heap, block, bits, FALSE);
}

/* The same in a shared heap without the lock, for who has taken the block, and has set its epoch. */
guint
gc_block_sweep_dead (GcHeap  *heap,
                     GcBlock *block,
                     guint64 *bits)
{
  return sweep (heap, block, bits, TRUE);
}

/* The same, credited to the heap. */
guint
gc_block_sweep (GcHeap  *heap,
                GcBlock *block,
                guint64 *bits)
{
  guint n_live = gc_block_sweep_only (heap, block, bits);

  heap->swept_live += (gsize) n_live * GC_GRANULE;
  heap->swept_free += GC_BLOCK_SIZE - (gsize) n_live * GC_GRANULE;
  return n_live;
}

/* The same bitmap of a block that is swept already. */
void
gc_block_read_bits (GcBlock *block,
                    guint64 *bits)
{
  const guint8 *meta = gc_meta (gc_block_start (block));
  guint64 carry = 0;

  for (guint word = 0; word < GC_BITMAP_WORDS; word++)
    {
      guint64 used = 0, tails = 0;

      for (guint i = 0; i < 64; i += STRIDE)
        {
          guint64 u, t;

          reader_step (meta + word * 64 + i, &u, &t);
          used |= u << i;
          tails |= t << i;
        }
      bits[word] = used | tails << 1 | carry;
      carry = tails >> 63;
    }
}

static inline gboolean
is_unswept (const GcHeap  *heap,
            const GcBlock *block)
{
  return block->epoch != heap->epoch && (block->state == GC_BLOCK_USED || block->state == GC_BLOCK_READY);
}

/* The next block that is not swept of the slab that the cursor is in; NULL at its end, when the cursor goes on to the next
 * slab. Where a heap is large and little is left, to look for it takes a millisecond. */
GcBlock *
gc_heap_next_unswept (GcHeap *heap)
{
  GcSlab *slab;

  if (!gc_heap_has_unswept_slab (heap))
    return NULL;
  slab = heap->slabs[heap->sweep_slab];
  while (heap->sweep_block < GC_SLAB_BLOCKS)
    {
      GcBlock *block = &slab->blocks[heap->sweep_block++];

      if (is_unswept (heap, block))
        return block;
    }
  heap->sweep_slab++;
  heap->sweep_block = GC_FIRST_BLOCK;
  return NULL;
}

/* The next of what was left to a mutator, or NULL at the end of that. */
static GcBlock *
next_of_run (GcHeap      *heap,
             GcAllocator *self)
{
  while (self->n_run > 0)
    {
      self->n_run--;
      if (is_unswept (heap, self->run++))
        return self->run - 1;
    }
  return NULL;
}

/* The same as gc_heap_next_unswept() for a mutator of a shared heap, under the lock: those that lie side by side are left to it (gc-recent.c).
 * NULL at the end of them. */
GcBlock *
gc_heap_next_unswept_near (GcHeap      *heap,
                           GcAllocator *self)
{
  if (self->n_run == 0 && gc_heap_has_unswept_slab (heap))
    {
      self->run = &heap->slabs[heap->sweep_slab]->blocks[heap->sweep_block];
      self->n_run = MIN (GC_RUN, GC_SLAB_BLOCKS - heap->sweep_block);
      heap->sweep_block += self->n_run;
      if (heap->sweep_block == GC_SLAB_BLOCKS)
        {
          heap->sweep_slab++;
          heap->sweep_block = GC_FIRST_BLOCK;
        }
    }
  return next_of_run (heap, self);
}

/* Sweeps what allocation left unswept. TRUE when nothing is left. */
gboolean
gc_heap_finish_sweep (GcHeap   *heap,
                      GcBudget *budget)
{
  guint64 bits[GC_BITMAP_WORDS];

  if (budget->deadline_ns == 0 && budget->units > G_MAXINT32 && gc_team_is_wanted (heap))
    gc_team_sweep (heap);
  while (gc_heap_has_unswept_slab (heap))
    {
      GcBlock *block = gc_heap_next_unswept (heap);

      if (block != NULL)
        gc_block_put_swept (heap, block, gc_block_sweep (heap, block, bits));
      if (gc_budget_spend (budget, 64))
        return FALSE;
    }
  for (GcAllocator *self = &heap->allocator; self != NULL && !GC_FAULT (MUTATOR_RUN); self = self->next)
    for (GcBlock *block; (block = next_of_run (heap, self)) != NULL; )
      {
        gc_block_put_swept (heap, block, gc_block_sweep (heap, block, bits));
        if (gc_budget_spend (budget, 64))
          return FALSE;
      }
  return gc_large_sweep (heap, budget);
}
