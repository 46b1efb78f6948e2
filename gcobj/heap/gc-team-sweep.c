/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several threads that sweep in one pause: blocks are swept on their own, so that each thread takes some at
 * a time and has lists of its own, which are joined in the end. */

#include "gcobj/heap/gc-heap-private.h"

#define SHARE      8            /* blocks that are taken at once: 9 us */
#define N_SHARES   (GC_SLAB_BLOCKS / SHARE)
#define FEW_SHARES (4 * N_SHARES)   /* that one thread had better sweep alone */

typedef struct
{
  GcBlock *first, *last;
} List;

typedef struct
{
  guint           next;         /* atomic: the next share */
  pthread_mutex_t lock;         /* of what follows */
  List            empty, ready;
  guint64         live, free;
} Sweep;

static void
add (List    *list,
     GcBlock *block)
{
  block->next = list->first;
  list->first = block;
  if (list->last == NULL)
    list->last = block;
}

static void
join (List *list,
      List *more)
{
  if (more->first == NULL)
    return;
  more->last->next = list->first;
  list->first = more->first;
  if (list->last == NULL)
    list->last = more->last;
}

static void
sweep_block (GcHeap  *heap,
             GcBlock *block,
             Sweep   *mine)
{
  guint64 bits[GC_BITMAP_WORDS];
  guint n_live;

  if (block->epoch == heap->epoch || (block->state != GC_BLOCK_USED && block->state != GC_BLOCK_READY))
    return;
  n_live = gc_block_sweep_only (heap, block, bits);
  mine->live += (gsize) n_live * GC_GRANULE;
  mine->free += GC_BLOCK_SIZE - (gsize) n_live * GC_GRANULE;
  block->state = GC_BLOCK_USED;
  if (n_live == 0)
    {
      gc_block_set_empty (block);
      add (&mine->empty, block);
    }
  else if (n_live <= GC_FULL_GRANULES)
    {
      block->state = GC_BLOCK_READY;
      add (&mine->ready, block);
    }
}

/* What each thread does. */
static void
sweep_shares (GcHeap   *heap,
              gpointer  data,
              gboolean  is_helper)
{
  Sweep *all = data;
  Sweep mine = { 0 };
  guint i;

  while ((i = __atomic_fetch_add (&all->next, 1, __ATOMIC_RELAXED)) < heap->n_slabs * N_SHARES)
    {
      GcBlock *blocks = &heap->slabs[i / N_SHARES]->blocks[i % N_SHARES * SHARE];

      if (is_helper && GC_FAULT (TEAM_SWEEP))
        continue;
      for (guint k = i % N_SHARES == 0 ? GC_FIRST_BLOCK : 0; k < SHARE; k++)
        sweep_block (heap, &blocks[k], &mine);
    }

  pthread_mutex_lock (&all->lock);
  join (&all->empty, &mine.empty);
  join (&all->ready, &mine.ready);
  all->live += mine.live;
  all->free += mine.free;
  pthread_mutex_unlock (&all->lock);
}

/* Sweeps what the cursor has not reached, if it is much. */
void
gc_team_sweep (GcHeap *heap)
{
  Sweep all = { .next = heap->sweep_slab * N_SHARES };

  G_STATIC_ASSERT (GC_FIRST_BLOCK < SHARE);
  if (heap->n_slabs * N_SHARES < all.next + (heap->always_helps ? 1 : FEW_SHARES))
    return;
  pthread_mutex_init (&all.lock, NULL);
  gc_team_do (heap, sweep_shares, &all);
  pthread_mutex_destroy (&all.lock);

  if (all.empty.first != NULL)
    {
      all.empty.last->next = heap->empty;
      heap->empty = all.empty.first;
    }
  if (all.ready.first != NULL)
    {
      all.ready.last->next = heap->ready;
      heap->ready = all.ready.first;
    }
  heap->swept_live += all.live;
  heap->swept_free += all.free;
  heap->sweep_slab = heap->n_slabs;
}
