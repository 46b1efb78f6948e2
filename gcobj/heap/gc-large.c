/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects over GC_LARGE_SIZE: in slabs of pages, or each in a mapping of its own. */

#include "gcobj/heap/gc-heap-private.h"

G_STATIC_ASSERT (sizeof (GcLarge) + 16 <= GC_CARDS_AT);
G_STATIC_ASSERT (GC_MAX_CARDS + GC_CARDS_AT + GC_FIRST_OFFSET / GC_GRANULE <= GC_FIRST_OFFSET);

static gpointer
map_large (GcHeap *heap,
           gsize   size)
{
  gsize map_size = (GC_FIRST_OFFSET + size + GC_PAGE_SIZE - 1) & ~(gsize) (GC_PAGE_SIZE - 1);
  GcSlab *slab = gc_slab_map (heap, map_size, size >= GC_SLAB_SIZE);

  if (slab == NULL)
    return NULL;
  slab->kind = GC_SLAB_LARGE;
  slab->map_size = map_size;
  gc_heap_count_bytes (heap, size);
  heap->mapped_since += size;
  heap->mapped_most = MAX (heap->mapped_most, size);
  return (char *) slab + GC_FIRST_OFFSET;
}

/* Gives the units of work that it was. */
static guint
free_large (GcHeap  *heap,
            GcLarge *large)
{
  GcSlab *slab = gc_slab_of (large);

  if (slab->kind == GC_SLAB_PAGES_KIND)
    {
      gc_pages_give_back (heap, gc_large_object (large), large->size);
      return 4;
    }
  gc_heap_count_bytes (heap, -(gssize) large->size);
  gc_slab_unmap (slab, slab->map_size);
  return 512;                   /* it takes microseconds */
}

static gpointer
allocate (GcHeap *heap,
          gsize   size)
{
  GcBudget budget = { 0, 4 };
  gpointer object;
  GcLarge *large;
  guint8 shift = GC_CARD_SHIFT;

  /* Dead ones go first, a few at each allocation, as small objects are swept. */
  if (heap->state == GC_STATE_SWEEPING)
    gc_large_sweep (heap, &budget);

  object = size <= GC_PAGES_SIZE ? gc_pages_take (heap, size) : map_large (heap, size);
  if (object == NULL)
    return NULL;
  while (size >> shift >= GC_MAX_CARDS)
    shift++;
  large = gc_large_of (object);
  if (size <= GC_PAGES_SIZE)
    memset (gc_meta (object), 0, GC_CARDS_AT + (size >> shift) + 8);
  *large = (GcLarge) { .next = heap->large_young, .size = size, .born = heap->stamp, .card_shift = shift };
  if (heap->large_young == NULL)
    heap->large_young_last = large;
  heap->large_young = large;
  gc_heap_count (heap, (gssize) size);
  return object;
}

gpointer
gc_large_allocate (GcHeap *heap,
                   gsize   size)
{
  gpointer object;

  gc_heap_lock (heap);
  object = allocate (heap, size);
  gc_heap_unlock (heap);
  return object;
}

/* Of an object that is scanned from byte @offset on, which is where that begins if it @is_first: up to where all is alike, either
 * written or not. What nobody ever wrote to holds nothing (performance/graph: the index is scanned three times while it is
 * filled). Two markers that scan the same object may look twice. */
gsize
gc_large_get_run (gpointer  object,
                  gsize     offset,
                  gboolean  is_first,
                  gboolean *is_written)
{
  GcLarge *large = gc_large_of (object);
  gsize page = offset & ~(gsize) (GC_PAGE_SIZE - 1);
  gsize written = is_first ? 0 : __atomic_load_n (&large->written, __ATOMIC_RELAXED);
  gsize run;

  *is_written = TRUE;
  if (offset < written)
    return written;
  run = page + gc_os_measure_run ((char *) object + page, large->size - page, is_written);
  if (GC_FAULT (UNWRITTEN))
    *is_written = FALSE;
  __atomic_store_n (&large->written, run, __ATOMIC_RELAXED);
  return run;
}

static gboolean
is_marked (const GcHeap  *heap,
           const GcLarge *large)
{
  return gc_is_marked (heap, gc_large_object (large));
}

/* TRUE when no unswept large object is left. */
gboolean
gc_large_sweep (GcHeap   *heap,
                GcBudget *budget)
{
  GcLarge *large;

  while ((large = heap->large_unswept) != NULL)
    {
      guint units = 1;

      heap->large_unswept = large->next;
      if ((is_marked (heap, large) && !GC_FAULT (LARGE_SWEEP)) || GC_FAULT (LARGE_KEPT))
        {
          large->next = heap->large;
          heap->large = large;
        }
      else
        {
          heap->swept_free += large->size;
          units = free_large (heap, large);
        }
      if (gc_budget_spend (budget, units))
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
  GcLarge *large;

  while ((large = heap->large_condemned) != NULL)
    {
      guint units = 1;

      heap->large_condemned = large->next;
      if (is_marked (heap, large))
        {
          large->next = heap->large;
          heap->large = large;
        }
      else
        {
          units = free_large (heap, large);
        }
      if (gc_budget_spend (budget, units))
        return heap->large_condemned == NULL;
    }
  return TRUE;
}

void
gc_large_free_all (GcHeap *heap)
{
  GcLarge *lists[] = { heap->large, heap->large_unswept, heap->large_young, heap->large_condemned };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    while (lists[i] != NULL)
      {
        GcLarge *large = lists[i];

        lists[i] = large->next;
        free_large (heap, large);
      }
  heap->large = heap->large_unswept = heap->large_young = heap->large_condemned = NULL;
}
