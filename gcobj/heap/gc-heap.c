/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A heap's beginning and end, and the switch of the barrier. */

#include "gcobj/heap/gc-heap-private.h"

#ifdef GCOBJ_FAULTS
int gc_planted_fault;
#endif

/* While this is not 0, stores into objects with NEEDLOG report themselves; with GC_STORES_ALL
 * all do. With full checks they always do. */
guint8 gc_barrier_needed_ = GCOBJ_CHECKS >= 2 ? GC_STORES_ALL : 0;

/* The numbers of blocks in which all objects are young, of whatever arena, or 0: stores into these are
 * of no interest, and gc_set() does not ask. They are hints. What they say has to be true, for every thread that sees it: see
 * gc-young.c. */
GC_YOUNG_LOCAL_ guintptr gc_young_block_;
guintptr gc_other_young_blocks_[GC_N_YOUNG_][GC_YOUNG_WORDS_] __attribute__ ((aligned (GC_CACHE_LINE)));

G_STATIC_ASSERT (GC_BLOCK_SIZE == 1 << GC_YOUNG_SHIFT_);
G_STATIC_ASSERT (GC_YOUNG_WORDS_ * sizeof (guintptr) == GC_CACHE_LINE);

static pthread_mutex_t barrier_lock = PTHREAD_MUTEX_INITIALIZER;
static guint n_holding_marked, n_holding_all = GCOBJ_CHECKS >= 2;

static void
change_barrier (guint *count,
                int    by)
{
  pthread_mutex_lock (&barrier_lock);
  *count += by;
  __atomic_store_n (&gc_barrier_needed_,
                    (n_holding_marked > 0 ? GC_STORES_MARKED : 0) | (n_holding_all > 0 ? GC_STORES_ALL : 0),
                    __ATOMIC_RELAXED);
  pthread_mutex_unlock (&barrier_lock);
}

/* Has all stores reported until gc_barrier_release(). */
void
gc_barrier_hold (void)
{
  change_barrier (&n_holding_all, 1);
}

void
gc_barrier_release (void)
{
  change_barrier (&n_holding_all, -1);
}

void
gc_heap_set_barrier (GcHeap   *heap,
                     gboolean  on)
{
  heap->barrier_on = on;
  gc_heap_update_barrier (heap);
}

/* Stores are reported while they shade or are logged. */
void
gc_heap_update_barrier (GcHeap *heap)
{
  gboolean held = heap->barrier_on || heap->generational;

  if (heap->barrier_held == held)
    return;
  heap->barrier_held = held;
  change_barrier (&n_holding_marked, held ? 1 : -1);
}

/* All queues that a heap has. */
#define N_QUEUES 12

static void
list_queues (GcHeap  *heap,
             GcQueue *queues[N_QUEUES])
{
  GcQueue *list[] = {
    &heap->marker.stack, &heap->marker.arrays, &heap->marker.weak_owners, &heap->marker.late,
    &heap->marker.ephemerons,
    &heap->finalizable, &heap->finalizable_next, &heap->finalizable_old, &heap->finalizable_kept,
    &heap->dead, &heap->log, &heap->dirty
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (list) == N_QUEUES);
  memcpy (queues, list, sizeof list);
}

void
gc_heap_init (GcHeap            *heap,
              gpointer           owner,
              const GcHeapHooks *hooks)
{
  GcQueue *queues[N_QUEUES];
  pthread_mutexattr_t recursive;

  pthread_mutexattr_init (&recursive);
  pthread_mutexattr_settype (&recursive, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init (&heap->lock, &recursive);
  pthread_mutexattr_destroy (&recursive);
  list_queues (heap, queues);
  for (guint i = 0; i < N_QUEUES; i++)
    queues[i]->pool = &heap->segments;
  heap->owner = owner;
  heap->hooks = hooks;
  heap->colour = GC_META_COLOUR_A;
  heap->state = GC_STATE_IDLE;
  heap->epoch = 1;
  heap->stamp = 1;
  heap->log_era = 1;
  heap->nursery = GC_NURSERY;
  heap->n_majors_off = heap->next_majors_off = 1;
  heap->n_markers = 1;
  heap->pacing = gc_default_pacing;
  heap->sweep_block = heap->release_block = GC_FIRST_BLOCK;
  gc_external_init (&heap->external);
  gc_heap_sleep (heap);
}

/* Frees all memory. Finalizers must have run. */
void
gc_heap_clear (GcHeap *heap)
{
  GcQueue *queues[N_QUEUES];

  list_queues (heap, queues);
  gc_heap_forget_young (heap);
  gc_team_free (heap);
  gc_zeal_set (heap, 0);
  heap->generational = FALSE;
  gc_heap_set_barrier (heap, FALSE);
  for (guint i = 0; i < N_QUEUES; i++)
    gc_queue_clear (queues[i]);
  gc_segments_free (&heap->segments);
  g_clear_pointer (&heap->buckets, g_free);
  gc_large_free_all (heap);
  gc_pages_free_all (heap);
  gc_slabs_free (heap);
  gc_external_clear (&heap->external);
  pthread_mutex_destroy (&heap->lock);
}
