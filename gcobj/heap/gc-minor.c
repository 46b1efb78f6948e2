/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Minor collections, and whether there are any.
 *
 * Most objects die young (Ungar, "Generation scavenging", 1984). With marks that stick (Demers et
 * al., "Combining generational and conservative garbage collection", POPL 1990) a minor
 * collection costs in proportion to what is new and survives, and moves nothing. Its blocks are
 * allocated into again at once, while they are in the cache.
 *
 * Where much survives, minor collections do work that a major one does again, and the barrier
 * costs a program that stores a lot. The heap then goes without them for one major cycle, and for twice as many
 * each time that this is found again: a program that builds what it keeps is soon done with that
 * (performance/gcbench), one that replaces old objects goes on (performance/lru-churn). */

#include "gcobj/heap/gc-events-private.h"

#define MAX_SURVIVAL   0.3      /* over this, on average: no minor collections */
#define FIRST_SURVIVAL 0.2      /* assumed when they begin */
#define GOOD_SURVIVAL  0.15     /* under this they have proved their worth */
#define MAX_MAJORS_OFF 8        /* the most major cycles without */

/* Whether a minor collection may begin. */
gboolean
gc_minor_is_possible (const GcHeap *heap)
{
  return heap->generational && (heap->zeal & GC_ZEAL_WALKS) == 0 &&
         (heap->state == GC_STATE_IDLE || heap->state == GC_STATE_SWEEPING) &&
         !gc_minor_is_pointless (heap);
}

/* In a stop of a shared heap: whether a mutator has used its nursery up, however little others have: it would take memory that is
 * not in the cache. */
static gboolean
has_full_nursery (const GcHeap *heap)
{
  if (gc_heap_is_shared (heap))
    for (const GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
      if (self->since_minor > 0 && (gsize) self->since_minor >= heap->nursery)
        return TRUE;
  return FALSE;
}

/* Whether a safe point that owes had better begin one. */
gboolean
gc_minor_is_due (GcHeap *heap)
{
  return gc_minor_is_possible (heap) &&
         (gc_heap_get_own_allocated (heap) >= heap->grown + gc_heap_get_nursery (heap) || has_full_nursery (heap));
}

void
gc_minor_start (GcHeap *heap)
{
  g_assert (heap->state == GC_STATE_IDLE || heap->state == GC_STATE_SWEEPING);

  heap->resumed_state = heap->state;
  heap->is_minor = TRUE;
  heap->minor_began_at = gc_heap_get_own_allocated (heap);
  heap->round++;
  gc_heap_begin_work (heap, GC_PAUSE_START);
  gc_heap_note_collection_begun (heap);
  /* What the marker does from here on pays nothing of the major cycle's debt. */
  heap->marked_credited = heap->traced_credited = 0;
  gc_heap_retire_windows (heap);
  gc_heap_recycle_recent (heap);
  gc_marker_reset (heap);
  heap->n_rescans = 0;
  gc_keeper_restart (heap);
  gc_heap_shade_roots (heap);
  gc_heap_set_barrier (heap, TRUE);
  heap->state = GC_STATE_MARKING;
}

/* What a minor collection reclaimed counts as never allocated. */
static void
account (GcHeap *heap)
{
  gsize allocated = gc_heap_get_own_allocated (heap);
  gsize young = allocated - MIN (allocated, heap->grown);
  gsize survived = MIN (heap->marker.marked_bytes, young);
  gsize reclaimed = young - survived;

  gc_heap_count (heap, -(gssize) reclaimed);
  heap->stats.allocated_bytes += reclaimed;
  heap->grown += survived;
  heap->survival = 0.6 * heap->survival + 0.4 * survived / (young + 1);
}

/* A dead object that is to be finalized keeps its memory until a major cycle: it was not reclaimed after all. */
void
gc_minor_account_kept (GcHeap *heap,
                       gsize   size)
{
  gc_heap_count (heap, (gssize) size);
  heap->stats.allocated_bytes -= size;
  heap->grown += size;
}

/* All that is young and lives is marked. */
void
gc_minor_begin_clearing (GcHeap *heap)
{
  gc_heap_retire_windows (heap);
  heap->stamp += !GC_FAULT (EPOCH);
  gc_heap_age_young (heap);
  account (heap);
}

/* After clearing. TRUE when the collection is complete. */
gboolean
gc_minor_end (GcHeap   *heap,
              GcBudget *budget)
{
  GcMarker *marker = &heap->marker;

  if (!gc_large_sweep_condemned (heap, budget))
    return FALSE;
  gc_heap_note_collection_ended (heap);
  gc_queue_clear (&marker->stack);
  marker->marked_bytes = marker->marked_objects = marker->traced_bytes = 0;
  heap->marked_credited = heap->traced_credited = 0;
  heap->state = heap->resumed_state;
  heap->is_minor = FALSE;
  heap->stats.n_minor_cycles++;
  if (heap->survival > MAX_SURVIVAL && !heap->is_always_generational)
    {
      heap->n_majors_off = heap->next_majors_off;
      heap->next_majors_off = MIN (2 * heap->next_majors_off, MAX_MAJORS_OFF);
      gc_generations_set (heap, FALSE);
    }
  else if (heap->survival < GOOD_SURVIVAL)
    heap->next_majors_off = 1;
  gc_heap_set_trigger (heap);
  return TRUE;
}

/* Ends the minor collection that goes on, if one does. */
void
gc_minor_complete (GcHeap *heap)
{
  GcBudget budget = GC_BUDGET_UNBOUNDED;
  GcPauseKind kind;

  while (heap->is_minor)
    gc_heap_advance (heap, &budget, &kind);
}

/* Switches generations on or off. On only where no old object refers to a young one: right
 * after a major collection has marked, or before there is any old object. */
void
gc_generations_set (GcHeap   *heap,
                    gboolean  on)
{
  heap->generational = on;
  if (on)
    heap->survival = FIRST_SURVIVAL;
  gc_heap_update_barrier (heap);
  if (heap->state == GC_STATE_IDLE || heap->state == GC_STATE_SWEEPING)
    gc_heap_set_trigger (heap);
}

/* A major collection has marked all that lives, and nothing is new. */
void
gc_generations_after_major (GcHeap *heap)
{
  if (!heap->generational && (heap->is_always_generational || --heap->n_majors_off == 0))
    gc_generations_set (heap, TRUE);
}
