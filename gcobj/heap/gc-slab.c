/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Slabs: where blocks come from, and which addresses are ours. */

#include "gcobj/heap/gc-heap-private.h"
#include "gcobj/heap/gc-probe-private.h"

G_STATIC_ASSERT (sizeof (GcBlock) == GC_CACHE_LINE);
G_STATIC_ASSERT (sizeof (GcSlab) <= 16 << 10);
G_STATIC_ASSERT (GC_FIRST_BLOCK % GC_POPULATE_BLOCKS == 0 && GC_SLAB_BLOCKS % GC_POPULATE_BLOCKS == 0);

/* Pages that no slab falls into are never touched. */
guint8 gc_registry[GC_REGISTRY_BITS / 8];

/* Tells who debugs. */
void (*gc_slab_log) (const GcSlab *slab, gsize size, gboolean is_taken);

void
gc_slab_register (GcSlab   *slab,
                  gboolean  ours)
{
  gsize piece = (guintptr) slab / GC_SLAB_SIZE;
  guint8 bit = 1u << (piece % 8);

  g_assert (piece < GC_REGISTRY_BITS);
  if (ours)
    __atomic_fetch_or (&gc_registry[piece / 8], bit, __ATOMIC_RELAXED);
  else
    __atomic_fetch_and (&gc_registry[piece / 8], (guint8) ~bit, __ATOMIC_RELAXED);
}

/* Huge pages have to be asked for before the first touch: around that the system keeps ordinary ones, and there is
 * the metadata, which is looked at in no order (performance/live-objects, map-steps). */
GcSlab *
gc_slab_map (GcHeap   *heap,
             gsize     size,
             gboolean  want_huge)
{
  GcSlab *slab = gc_os_map (size, GC_SLAB_SIZE);

  if (slab == NULL)
    return NULL;
  if (want_huge)
    gc_os_want_huge (slab, size);
  slab->heap = heap;
  gc_slab_register (slab, TRUE);
  GC_PROBE2 (slab__map, heap->owner, size);
  if (G_UNLIKELY (gc_slab_log != NULL))
    gc_slab_log (slab, size, TRUE);
  return slab;
}

void
gc_slab_unmap (GcSlab *slab,
               gsize   size)
{
  GC_PROBE2 (slab__unmap, slab->heap->owner, size);
  if (G_UNLIKELY (gc_slab_log != NULL))
    gc_slab_log (slab, size, FALSE);
  gc_slab_register (slab, FALSE);
  gc_os_unmap (slab, size);
}

/* Adds the blocks of a new slab to the empty ones. */
gboolean
gc_slab_add (GcHeap *heap)
{
  /* Not the first: a small heap is to stay small. */
  GcSlab *slab = gc_slab_map (heap, GC_SLAB_SIZE, heap->n_slabs > 0);

  if (slab == NULL)
    return FALSE;
  if (heap->n_slabs == heap->n_slabs_allocated)
    {
      heap->n_slabs_allocated = MAX (16, heap->n_slabs_allocated * 2);
      heap->slabs = g_renew (GcSlab *, heap->slabs, heap->n_slabs_allocated);
    }
  slab->kind = GC_SLAB_BLOCKS_KIND;
  slab->index = heap->n_slabs;
  heap->slabs[heap->n_slabs++] = slab;

  /* From the last, so that they are taken in the order of their addresses. */
  for (guint i = GC_SLAB_BLOCKS; i-- > GC_FIRST_BLOCK; )
    {
      GcBlock *block = &slab->blocks[i];

      block->state = GC_BLOCK_EMPTY;
      block->is_zero = TRUE;
      block->next = heap->empty;
      heap->empty = block;
    }
  return TRUE;
}

void
gc_slabs_free (GcHeap *heap)
{
  for (guint i = 0; i < heap->n_slabs; i++)
    gc_slab_unmap (heap->slabs[i], GC_SLAB_SIZE);
  g_clear_pointer (&heap->slabs, g_free);
  heap->n_slabs = 0;
}

/* Memory was taken from the system, or given back. */
void
gc_heap_count_bytes (GcHeap *heap,
                     gssize  bytes)
{
  __atomic_store_n (&heap->stats.heap_bytes, heap->stats.heap_bytes + (guint64) bytes, __ATOMIC_RELAXED);
  heap->stats.peak_heap_bytes = MAX (heap->stats.peak_heap_bytes, heap->stats.heap_bytes);
}

/* A block's memory and its share of the metadata. */
#define BLOCK_FOOTPRINT (GC_BLOCK_SIZE + GC_BLOCK_GRANULES)

void
gc_block_put_empty (GcHeap  *heap,
                    GcBlock *block)
{
  gc_block_set_empty (block);
  block->next = heap->empty;
  heap->empty = block;
}

/* Has a block that was just swept, and that nobody allocates into, found by who looks for room, if it has some. */
void
gc_block_put_swept (GcHeap  *heap,
                    GcBlock *block,
                    guint    n_live)
{
  block->state = GC_BLOCK_USED;
  if (n_live == 0)
    gc_block_put_empty (heap, block);
  else if (n_live <= GC_FULL_GRANULES)
    {
      block->state = GC_BLOCK_READY;
      block->next = heap->ready;
      heap->ready = block;
    }
}

static GcBlock *
take_off (GcHeap   *heap,
          GcBlock **list)
{
  GcBlock *block = *list;

  GC_FAULT_WAIT (MUTATOR_LOCK);
  *list = block->next;
  block->state = GC_BLOCK_USED;
  block->live_granules = 0;
  block->epoch = heap->epoch;
  block->born = heap->stamp;
  if (block->is_zero)
    gc_heap_count_bytes (heap, BLOCK_FOOTPRINT);
  return block;
}

/* In a stop, or under the lock: what was left to a mutator is everybody's again. */
void
gc_allocator_give_back (GcAllocator *self,
                        GcHeap      *heap)
{
  GcBlock *last = self->empty;

  if (last == NULL)
    return;
  while (last->next != NULL)
    last = last->next;
  last->next = heap->empty;
  heap->empty = self->empty;
  self->empty = NULL;
}

/* Whether the list of empty blocks has any, from the system if need be, and without memory from other mutators. */
static gboolean
has_empty (GcHeap *heap)
{
  if (heap->empty == NULL && !gc_slab_add (heap))
    for (GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
      gc_allocator_give_back (self, heap);
  return heap->empty != NULL;
}

/* Takes a block off the list, or NULL without memory. */
GcBlock *
gc_block_take_off (GcHeap *heap)
{
  return has_empty (heap) ? take_off (heap, &heap->empty) : NULL;
}

/* The same for a mutator of a shared heap, to which those that follow in the list are left, until the next stop. */
GcBlock *
gc_block_take_off_near (GcHeap      *heap,
                        GcAllocator *self)
{
  GcBlock *last;

  if (self->empty == NULL)
    {
      if (!has_empty (heap))
        return NULL;
      self->empty = last = heap->empty;
      for (guint i = 1; i < GC_RUN && last->next != NULL; i++)
        last = last->next;
      heap->empty = last->next;
      last->next = NULL;
    }
  return take_off (heap, &self->empty);
}

/* Has a fresh block's memory present, and its metadata. A heap of some size will fill the block; a small one may not. A large
 * one will fill the next ones too, so that fewer allocations have to wait for the system (performance/map-steps). */
static void
populate (GcHeap  *heap,
          GcBlock *block)
{
  char *start = gc_block_start (block);
  guint8 *meta = gc_meta (start);
  guint64 heap_bytes = __atomic_load_n (&heap->stats.heap_bytes, __ATOMIC_RELAXED);
  guint n = 1;

  if (heap_bytes > 4 * GC_SLAB_SIZE)
    {
      if (__atomic_load_n (&block->is_present, __ATOMIC_RELAXED))
        return;
      n = GC_POPULATE_BLOCKS - (guintptr) start / GC_BLOCK_SIZE % GC_POPULATE_BLOCKS;
      for (guint i = 1; i < n; i++)
        __atomic_store_n (&block[i].is_present, TRUE, __ATOMIC_RELAXED);
      gc_os_populate (meta, n * GC_BLOCK_GRANULES);
    }
  else
    /* The page's first touch would otherwise fall into a marking slice. */
    *(volatile guint8 *) meta = 0;
  if (heap_bytes > GC_SLAB_SIZE / 4 + BLOCK_FOOTPRINT)
    gc_os_populate (start, n * GC_BLOCK_SIZE);
}

/* Clears the metadata of a block that was taken off the list. */
void
gc_block_clear (GcHeap  *heap,
                GcBlock *block)
{
  guint8 *meta = gc_meta (gc_block_start (block));

  if (block->is_zero)
    populate (heap, block);
  else
    memset (meta, 0, GC_BLOCK_GRANULES);
}

/* Gives a block whose metadata is clear, or NULL without memory. */
GcBlock *
gc_block_take_empty (GcHeap *heap)
{
  GcBlock *block = gc_block_take_off (heap);

  if (block != NULL)
    gc_block_clear (heap, block);
  return block;
}

/* Returns all empty blocks to the system, now, and what queues had need of. */
void
gc_heap_trim (GcHeap *heap)
{
  GcBudget budget = GC_BUDGET_UNBOUNDED;

  g_assert (heap->state == GC_STATE_IDLE);
  gc_segments_free (&heap->segments);
  for (guint s = 0; s < heap->n_slabs; s++)
    for (guint i = GC_FIRST_BLOCK; i < GC_SLAB_BLOCKS; i++)
      if (heap->slabs[s]->blocks[i].state == GC_BLOCK_EMPTY)
        heap->slabs[s]->blocks[i].empty_age = GC_EMPTY_CYCLES;
  gc_pages_expire (heap);
  heap->release_slab = 0;
  heap->release_block = GC_FIRST_BLOCK;
  gc_heap_release_empty (heap, &budget);
}

/* Returns blocks that stayed empty for GC_EMPTY_CYCLES to the system, whole runs at
 * once. TRUE when all were looked at. */
gboolean
gc_heap_release_empty (GcHeap   *heap,
                       GcBudget *budget)
{
  while (heap->release_slab < heap->n_slabs)
    {
      GcSlab *slab = heap->slabs[heap->release_slab];
      guint i = heap->release_block;

      while (i < GC_SLAB_BLOCKS)
        {
          guint run = i;
          gint64 units;

          while (run < GC_SLAB_BLOCKS &&
                 slab->blocks[run].state == GC_BLOCK_EMPTY &&
                 !slab->blocks[run].is_zero &&
                 slab->blocks[run].empty_age >= GC_EMPTY_CYCLES)
            {
              __atomic_store_n (&slab->blocks[run].is_present, FALSE, __ATOMIC_RELAXED);
              slab->blocks[run++].is_zero = TRUE;
            }
          if (run == i)
            {
              i++;
              continue;
            }

          gc_os_discard (gc_block_start (&slab->blocks[i]), (run - i) * GC_BLOCK_SIZE);
          gc_os_discard (gc_meta (gc_block_start (&slab->blocks[i])), (run - i) * GC_BLOCK_GRANULES);
          gc_heap_count_bytes (heap, -(gssize) ((run - i) * BLOCK_FOOTPRINT));
          units = 512 * (run - i);
          i = run;
          if (gc_budget_spend (budget, units))
            {
              heap->release_block = i;
              return FALSE;
            }
        }
      for (i = GC_FIRST_BLOCK; i < GC_SLAB_BLOCKS; i++)
        if (slab->blocks[i].state == GC_BLOCK_EMPTY && slab->blocks[i].empty_age < GC_EMPTY_CYCLES)
          slab->blocks[i].empty_age++;
      heap->release_slab++;
      heap->release_block = GC_FIRST_BLOCK;
      if (gc_budget_spend (budget, 64))
        return FALSE;
    }
  return gc_pages_release (heap, budget);
}
