/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several mutators. Who may mutate at which time is the arena's business (gc-hold.c); the heap is told when it becomes
 * shared, and of each stop.
 *
 * A heap is shared from when a second thread wants a scope beside the first's, for good. Until then whoever has a scope
 * has the heap alone, and nothing of the following costs anything.
 *
 * Invariants, after those of gc-heap-types-private.h:
 *
 *   I18 In a shared heap, while it is not stopped, who has a scope writes the following under `lock` alone: GcHeap and what hangs
 *       on it, blocks, metadata bytes, and what the arena keeps beside the objects. Without the lock it reads metadata
 *       bytes, the state, the colour and the stamps, of which only a stop changes all but the first, and writes
 *       objects, its allocator, the blocks in that one's lists (gc-recent.c), its window, cards of large arrays (which between stops only become dirty, of an array that is in
 *       the list), and of the block that its allocator has taken off the lists all that nobody else
 *       looks at: memory that is free, metadata bytes of the dead, and what the sweep counts.
 *   I19 A metadata byte is written by one thread at a time: under the lock, by those that work in a stop, or, those of the
 *       dead, by who has taken the block to allocate into it. NEEDLOG alone is taken from marked objects without the lock, too; so that
 *       and setting SPECIAL are atomic. So no bit is lost. Who
 *       reads a byte without the lock finds what it said when the last stop ended, but that NEEDLOG may be gone, since the object
 *       is in the log by then, and that an unmarked object may be grey; neither makes a difference to the barrier, nor to who
 *       looks for free granules: grey objects are in blocks that nobody allocates into, or were marked before.
 *   I20 Between stops `allocated` counts whole chunks, and lacks at most GC_UNTOLD and a block's worth of each allocator, and large
 *       objects nothing. What was swept comes to its count at the same time. In a stop all of it is there. A mutator whose nursery is full
 *       has the heap owe, where a minor collection is possible.
 *   I21 Between stops nothing that was resurrected waits to be scanned: mutators shade, and only a stop scans. */

#include "gcobj/heap/gc-heap-private.h"

#define LOCK_SPINS 200

/* From now on; nobody mutates at the moment, or the calling thread alone. */
void
gc_heap_share (GcHeap *heap)
{
  gc_marker_shade_stored (heap);
  gc_heap_settle (heap);
  __atomic_store_n (&heap->is_shared, TRUE, __ATOMIC_RELAXED);
}

/* No thread mutates. */
void
gc_heap_stop (GcHeap *heap)
{
  heap->is_stopped = TRUE;
  heap->n_allocating = 0;
  for (GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
    {
      heap->n_allocating += self->block != NULL;
      gc_allocator_flush (self, heap);
      gc_allocator_flush_log (self, heap);
      gc_allocator_give_back (self, heap);
    }
  gc_heap_sleep_longer (heap);
}

void
gc_heap_resume (GcHeap *heap)
{
  heap->is_stopped = FALSE;
}

/* Bytes allocated since the last cycle: in a stop exactly, otherwise as far as allocators have told. */
gsize
gc_heap_count_allocated (const GcHeap *heap)
{
  gsize bytes = __atomic_load_n (&heap->allocated, __ATOMIC_RELAXED);

  if (heap->is_stopped)
    for (const GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
      if (self->window != NULL)
        bytes -= self->window->limit - self->window->ptr;
  return bytes;
}

/* It is held for a microsecond or two: to take or sweep a block. To sleep for that would cost more. */
void
gc_heap_lock_shared (GcHeap *heap)
{
  if (GC_FAULT (MUTATOR_LOCK))
    return;
  for (guint i = 0; i < LOCK_SPINS; i++)
    {
      if (pthread_mutex_trylock (&heap->lock) == 0)
        return;
      gc_os_relax ();
    }
  pthread_mutex_lock (&heap->lock);
}

void
gc_heap_unlock_shared (GcHeap *heap)
{
  int failed = GC_FAULT (MUTATOR_LOCK) ? 0 : pthread_mutex_unlock (&heap->lock);

  g_assert (failed == 0);       /* by who has it */
}
