/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of objects with finalizers, and the queue of those that died. Running
 * them is the arena's business: it has to give up its hold first. */

#include "gcobj/heap/gc-heap-private.h"

void
gc_heap_add_finalizable (GcHeap   *heap,
                         gpointer  object)
{
  gc_heap_lock (heap);
  gc_queue_push (&heap->finalizable, object);
  gc_heap_unlock (heap);
}

static gboolean
abandon (GcHeap   *heap,
         gpointer  object)
{
  GcQueue *queues[] = {
    &heap->finalizable, &heap->finalizable_next, &heap->finalizable_old, &heap->finalizable_kept
  };

  for (guint q = 0; q < G_N_ELEMENTS (queues); q++)
    {
      gsize n = queues[q]->n;

      for (GcSegment *segment = queues[q]->top; segment != NULL;
           segment = segment->below, n = segment != NULL ? segment->n : 0)
        for (gsize i = n; i-- > 0; )
          if (segment->words[i] == object && !GC_FAULT (ABANDON))
            {
              segment->words[i] = GC_TOMBSTONE;
              return TRUE;
            }
    }
  return FALSE;
}

/* Takes an object out of the list. Quick for young objects, which are on top. */
gboolean
gc_heap_abandon (GcHeap   *heap,
                 gpointer  object)
{
  gboolean is_found;

  gc_heap_lock (heap);
  is_found = abandon (heap, object);
  gc_heap_unlock (heap);
  return is_found;
}

/* Keeps a dead object's own memory, and nothing that it refers to, until it is
 * finalized: it is marked and not scanned. */
static void
keep_memory (GcHeap   *heap,
             GcObject *object)
{
  GcObjectClass *klass = gc_class_of (object);
  guint8 *meta = gc_meta (object);
  gsize size = gc_size_of (object, klass);
  guint8 hi = ((guintptr) object & 8) != 0 ? GC_META_START_HI : 0;
  gsize halves = size / 8 + (hi != 0);
  gsize own = halves / 2;
  guint8 tail = halves & 1 ? GC_META_TAIL_NEXT : 0;

  if (GC_FAULT (KEEP_MEMORY))
    return;
  meta[0] = (meta[0] & GC_META_KEEP) | heap->colour | GC_META_NEEDLOG | hi;
  if (size > GC_LARGE_SIZE)
    return;
  for (gsize i = 1; i < own; i++)
    meta[i] = heap->colour | GC_META_CONT;
  meta[own - 1] |= tail;
}

/* Goes through one list: what is dead is queued, what is marked goes to @kept, what was made
 * since clearing began stays young. TRUE when the list is through. */
static gboolean
sift (GcHeap   *heap,
      GcQueue  *list,
      GcQueue  *kept,
      GcBudget *budget)
{
  GcObject *object;
  guint ticks = 0;

  while ((object = gc_queue_pop (list)) != NULL)
    {
      if (object == GC_TOMBSTONE)
        continue;
      if (gc_heap_is_dead (heap, object))
        {
          gsize size = gc_size_of (object, gc_class_of (object));

          keep_memory (heap, object);
          heap->dropped_bytes += size;
          if (heap->is_minor)
            gc_minor_account_kept (heap, size);
          gc_queue_push (&heap->dead, object);
          heap->n_dead++;
          if (GC_FAULT (FINALIZE_TWICE))
            gc_queue_push (kept, object);
        }
      else if (!GC_FAULT (FINALIZE_LOST))
        gc_queue_push (gc_is_marked (heap, object) ? kept : &heap->finalizable_next, object);
      if (++ticks == 256)
        {
          ticks = 0;
          if (gc_budget_spend (budget, 256))
            return FALSE;
        }
    }
  return TRUE;
}

static void
swap (GcQueue *a,
      GcQueue *b)
{
  GcQueue old = *a;

  *a = *b;
  *b = old;
}

/* Moves dead objects to the queue. A minor collection looks at young ones alone. TRUE when
 * all are through. */
gboolean
gc_heap_queue_dead (GcHeap   *heap,
                    GcBudget *budget)
{
  GcObject *object;

  if (heap->is_minor)
    {
      if (!sift (heap, &heap->finalizable, &heap->finalizable_old, budget))
        return FALSE;
    }
  else
    {
      /* What waits since the last cycle, or is being finalized, is kept for one more. */
      for (GcBatch *batch = heap->batches; batch != NULL; batch = batch->next)
        for (guint i = 0; i < batch->n; i++)
          keep_memory (heap, batch->objects[i]);
      if (heap->dead_cycle != heap->cycle)
        {
          heap->dead_cycle = heap->cycle;
          while ((object = gc_queue_pop (&heap->dead)) != NULL)
            gc_queue_push (&heap->finalizable_old, object);
          heap->n_dead = 0;
        }
      if (!sift (heap, &heap->finalizable_old, &heap->finalizable_kept, budget) ||
          !sift (heap, &heap->finalizable, &heap->finalizable_kept, budget))
        return FALSE;
      swap (&heap->finalizable_old, &heap->finalizable_kept);
    }
  swap (&heap->finalizable, &heap->finalizable_next);
  return TRUE;
}

/* Takes the next objects to be finalized. Until the batch ends their memory stays. In a scope, and under the
 * lock; in a shared heap several threads may finalize at once. */
void
gc_heap_begin_batch (GcHeap  *heap,
                     GcBatch *batch)
{
  batch->n = 0;
  while (batch->n < GC_BATCH && heap->n_dead > 0)
    {
      batch->objects[batch->n++] = gc_queue_pop (&heap->dead);
      __atomic_store_n (&heap->n_dead, heap->n_dead - 1, __ATOMIC_RELAXED);
    }
  batch->next = heap->batches;
  heap->batches = batch;
}

void
gc_heap_end_batch (GcHeap  *heap,
                   GcBatch *batch)
{
  heap->stats.n_finalized += batch->n;
  for (GcBatch **link = &heap->batches; *link != NULL; link = &(*link)->next)
    if (*link == batch)
      {
        *link = batch->next;
        return;
      }
}
