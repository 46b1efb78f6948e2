/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects over GC_LARGE_SIZE, each in a mapping of its own. */

#include "gcobj/heap/gc-heap-private.h"

static gpointer
large_object (GcSlab *slab)
{
  return (char *) slab + GC_FIRST_OFFSET;
}

static void
count (GcHeap *heap,
       gssize  bytes)
{
  heap->stats.heap_bytes += bytes;
  heap->stats.peak_heap_bytes = MAX (heap->stats.peak_heap_bytes, heap->stats.heap_bytes);
}

static void
free_large (GcHeap *heap,
            GcSlab *slab)
{
  count (heap, -(gssize) slab->object_size);
  gc_slab_unmap (slab, slab->map_size);
}

gpointer
gc_large_allocate (GcHeap *heap,
                   gsize   size)
{
  gsize map_size = (GC_FIRST_OFFSET + size + 4095) & ~(gsize) 4095;
  GcBudget budget = { 0, 4 };
  GcSlab *slab;

  /* Dead ones go first, a few at each allocation, as small objects are swept. */
  if (heap->state == GC_STATE_SWEEPING)
    gc_large_sweep (heap, &budget);

  slab = gc_slab_map (heap, map_size);
  if (slab == NULL)
    return NULL;
  if (size >= GC_SLAB_SIZE)
    gc_os_want_huge (slab, map_size);
  slab->kind = GC_SLAB_LARGE;
  slab->map_size = map_size;
  slab->object_size = size;
  slab->born = heap->stamp;
  slab->card_shift = GC_CARD_SHIFT;
  while (size >> slab->card_shift >= GC_MAX_CARDS)
    slab->card_shift++;
  slab->next = heap->large_young;
  if (heap->large_young == NULL)
    heap->large_young_last = slab;
  heap->large_young = slab;
  heap->allocated += size;
  count (heap, size);
  return large_object (slab);
}

/* TRUE when no unswept large object is left. */
gboolean
gc_large_sweep (GcHeap   *heap,
                GcBudget *budget)
{
  GcSlab *slab;

  while ((slab = heap->large_unswept) != NULL)
    {
      guint8 *meta = gc_meta (large_object (slab));

      heap->large_unswept = slab->next;
      if (((*meta & heap->colour) != 0 && !GC_FAULT (LARGE_SWEEP)) || GC_FAULT (LARGE_KEPT))
        {
          slab->next = heap->large;
          heap->large = slab;
        }
      else
        {
          heap->swept_free += slab->object_size;
          budget->units -= 512;     /* an unmapping takes microseconds */
          free_large (heap, slab);
        }
      if (gc_budget_spend (budget, 1))
        return heap->large_unswept == NULL;
    }
  return TRUE;
}

/* Clearing begins: of the young ones those live that are marked. */
void
gc_large_condemn (GcHeap *heap)
{
  g_assert (heap->large_condemned == NULL);

  heap->large_condemned = heap->large_young;
  heap->large_condemned_last = heap->large_young_last;
  heap->large_young = heap->large_young_last = NULL;
}

/* A major collection ended: all are to be swept but those that were made while it cleared. */
void
gc_large_begin_sweep (GcHeap *heap)
{
  g_assert (heap->large_unswept == NULL);

  if (heap->large_condemned != NULL)
    {
      heap->large_condemned_last->next = heap->large;
      heap->large = heap->large_condemned;
    }
  heap->large_unswept = heap->large;
  heap->large = heap->large_condemned = heap->large_condemned_last = NULL;
}

/* A minor collection ends: frees the young ones that are dead. TRUE when all are through. */
gboolean
gc_large_sweep_condemned (GcHeap   *heap,
                          GcBudget *budget)
{
  GcSlab *slab;

  while ((slab = heap->large_condemned) != NULL)
    {
      heap->large_condemned = slab->next;
      if ((*gc_meta (large_object (slab)) & heap->colour) != 0)
        {
          slab->next = heap->large;
          heap->large = slab;
        }
      else
        {
          budget->units -= 512;
          free_large (heap, slab);
        }
      if (gc_budget_spend (budget, 1))
        return heap->large_condemned == NULL;
    }
  return TRUE;
}

void
gc_large_free_all (GcHeap *heap)
{
  GcSlab *lists[] = { heap->large, heap->large_unswept, heap->large_young, heap->large_condemned };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    while (lists[i] != NULL)
      {
        GcSlab *slab = lists[i];

        lists[i] = slab->next;
        free_large (heap, slab);
      }
  heap->large = heap->large_unswept = heap->large_young = heap->large_condemned = NULL;
}
