/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Blocks that were allocated into: `young` since the last collection, `recent` before that. The latter have room wherever a byte has
 * no colour, and are swept when they are taken again, while they are in the cache.
 *
 * In a shared heap a mutator comes to its blocks by runs (GC_RUN) that lie side by side: of those that wait for the sweep, its cursor takes a
 * run at a time and leaves it to the mutator, and so it is with the list of empty ones, of which the rest goes back in the next stop. All of that
 * is done under the lock. Where two mutators had every other block, the end of one's had the processor fetch the beginning
 * of the other's ahead, which took a microsecond to get back (performance/mutators, on processors that are far from each other).
 *
 * In a shared heap they are their mutator's own between stops, which takes them without the lock: for another processor they would
 * be no better than any other memory, and their owner had to fetch others in turn. In a stop what it left is put to other use. */

#include "gcobj/heap/gc-heap-private.h"

#define KEPT (GC_NURSERY / GC_BLOCK_SIZE)   /* by a mutator from one collection to the next: safe points may be far apart */

/* What was allocated since the last collection is not young any more. */
void
gc_heap_age_young (GcHeap *heap)
{
  GcBlock *block;

  for (GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
    {
      while ((block = self->young) != NULL)
        {
          self->young = block->next;
          block->next = self->recent;
          self->recent = block;
          self->n_recent++;
        }
      self->since_minor = 0;
    }
}

/* What is young and what was is found by the sweep's cursor. */
void
gc_heap_drop_young (GcHeap   *heap,
                    gboolean  recent_too)
{
  for (GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
    {
      self->young = NULL;
      self->since_minor = 0;
      if (recent_too)
        {
          self->recent = NULL;
          self->n_recent = self->n_run = 0;
        }
    }
}

/* While a major collection marks, what it has not marked yet has the other colour and is not
 * to be swept: the bytes of what died young are clean anyway. */
gboolean
gc_recent_may_be_swept (const GcHeap *heap)
{
  return heap->state != GC_STATE_MARKING || heap->is_minor;
}

/* Sweeps a block that held young objects, which is no work of the major cycle. */
guint
gc_recent_sweep (GcHeap  *heap,
                 GcBlock *block,
                 guint64 *bits)
{
  guint64 live = heap->swept_live, free = heap->swept_free;
  guint n_live = gc_block_sweep (heap, block, bits);

  heap->swept_live = live;
  heap->swept_free = free;
  return n_live;
}

/* The next of those that the allocator had, or NULL. */
GcBlock *
gc_recent_pop (GcAllocator *self)
{
  GcBlock *block = self->recent;

  if (block != NULL)
    {
      self->recent = block->next;
      self->n_recent--;
    }
  return block;
}

/* Sweeps what held young objects, at most so many blocks and until so many are left, or until one is empty if that
 * is @enough. */
static void
sort_recent (GcHeap      *heap,
             GcAllocator *self,
             guint        n_left,
             gboolean     enough)
{
  guint64 bits[GC_BITMAP_WORDS];

  for (guint i = 0; i < GC_SWEEP_LIMIT && !(enough && heap->empty != NULL) && self->n_recent > n_left; i++)
    {
      GcBlock *block = gc_recent_pop (self);

      gc_block_put_swept (heap, block, gc_recent_sweep (heap, block, bits));
    }
}

/* Looks for an empty block among those that held the allocator's young objects. */
void
gc_recent_find_empty (GcHeap      *heap,
                      GcAllocator *self)
{
  if (heap->state != GC_STATE_CLEARING && gc_recent_may_be_swept (heap))
    sort_recent (heap, self, 0, TRUE);
}

/* A minor collection begins, and will ask for empty blocks while it clears: they come from what the last one
 * left. Otherwise, where each takes several slices, the heap would grow by a few blocks each time. A mutator of a shared heap keeps
 * some, unless it has not allocated of late. */
void
gc_heap_recycle_recent (GcHeap *heap)
{
  for (GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
    sort_recent (heap, self, gc_heap_is_shared (heap) && self->young != NULL ? KEPT : 0, FALSE);
}
