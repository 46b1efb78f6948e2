/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The collection cycle: what follows what. The map in gc-heap-private.h shows
 * it whole. All of this runs under the exclusive hold on the arena. */

#include "gcobj/heap/gc-events-private.h"

#define ATOMIC_NS   20000       /* what START and REMARK usually stay below */
#define MAX_RESCANS 16          /* in one cycle */

static void
visit_root (GcTracer *tracer,
            gpointer *slot)
{
  if (gc_is_ref (*slot))
    gc_shade_root (tracer->heap, *slot);
}

/* Shades the roots that are few and change often: the root object, rooted locals.
 * Whether one of them was white. */
gboolean
gc_heap_shade_roots (GcHeap *heap)
{
  GcTracer tracer = { heap, visit_root, visit_root, NULL, NULL };
  guint before = heap->marker.fifo_tail;

  heap->hooks->visit_roots (heap->owner, &tracer);
  return heap->marker.fifo_tail != before;
}

/* START: everything is swept; all that lives turns white by flipping the colour. */
static void
start (GcHeap *heap)
{
  g_assert (heap->state == GC_STATE_IDLE);

  gc_heap_begin_work (heap, GC_PAUSE_START);
  gc_heap_retire_windows (heap);
  gc_log_drop (heap);
  gc_heap_drop_young (heap, FALSE);
  if (!GC_FAULT (COLOUR_FLIP))
    heap->colour ^= GC_META_COLOURS;
  heap->cycle++;
  heap->round++;
  gc_heap_note_collection_begun (heap);
  heap->marked_credited = heap->traced_credited = 0;
  gc_marker_reset (heap);
  gc_external_dirty_all (heap);
  heap->n_rescans = 0;
  gc_keeper_restart (heap);
  gc_heap_shade_roots (heap);
  gc_heap_set_barrier (heap, TRUE);
  heap->state = GC_STATE_MARKING;
}

/* No object that existed before can be told from a new one by its colour alone
 * from here on; by its block it can: windows move to empty blocks of a new epoch. */
static void
begin_epoch (GcHeap *heap)
{
  gc_heap_retire_windows (heap);
  heap->epoch++;
  heap->stamp += !GC_FAULT (EPOCH);
  heap->ready = NULL;
  gc_heap_drop_young (heap, TRUE);
}

/* REMARK: marks what changed behind the marker's back, atomically. */
void
gc_heap_remark (GcHeap *heap)
{
  GcBudget budget = GC_BUDGET_UNBOUNDED;

  gc_heap_begin_work (heap, GC_PAUSE_REMARK);
  if (GC_FAULT (REMARK))
    return;
  gc_heap_shade_roots (heap);
  gc_external_scan_dirty (heap, &budget);
  gc_log_scan (heap, &budget);
  gc_marker_drain (heap, &budget);
}

static void
begin_clearing (GcHeap *heap)
{
  if (heap->is_minor)
    gc_minor_begin_clearing (heap);
  else
    {
      begin_epoch (heap);
      heap->live_bytes = heap->marker.marked_bytes;
      heap->stats.live_bytes = heap->marker.marked_bytes;
      heap->stats.live_objects = heap->marker.marked_objects;
    }
  gc_log_begin_era (heap);
  gc_large_condemn (heap);
  gc_zeal_after_marking (heap);
  for (GcWeakHolder *holder = heap->holders; holder != NULL; holder = holder->next)
    {
      holder->restart (holder);
      holder->busy = TRUE;
    }
  heap->stage = GC_WEAK_BEFORE;
  heap->state = GC_STATE_CLEARING;
}

/* Weak references are cleared, guardians resurrect, what follows resurrection is
 * cleared, finalizers are queued. TRUE when all that is done. */
static gboolean
clear (GcHeap   *heap,
       GcBudget *budget)
{
  if (heap->stage == GC_WEAK_BEFORE)
    {
      if (!gc_heap_clear_weak (heap, budget) ||
          !gc_heap_process_holders (heap, GC_WEAK_BEFORE, budget))
        return FALSE;
      heap->stage = GC_WEAK_RESURRECT;
    }
  if (heap->stage == GC_WEAK_RESURRECT)
    {
      if (!gc_heap_process_holders (heap, GC_WEAK_RESURRECT, budget) ||
          !gc_marker_drain (heap, budget))
        {
          /* I21: mutators of a shared heap can't settle. */
          if (gc_heap_is_shared (heap))
            gc_heap_settle (heap);
          return FALSE;
        }
      /* A program meets only marked and new objects from here on: it can hide none. */
      if (!heap->is_minor)
        gc_generations_after_major (heap);
      gc_heap_set_barrier (heap, FALSE);
      heap->stage = GC_WEAK_AFTER;
      if (heap->zeal & GC_ZEAL_SHADOW_SLOTS)
        gc_shadow_refresh (heap);
    }
  return gc_heap_clear_weak (heap, budget) &&
         gc_heap_clear_ephemerons (heap, budget) &&
         gc_heap_process_holders (heap, GC_WEAK_AFTER, budget) &&
         gc_heap_queue_dead (heap, budget);
}

static void
begin_sweeping (GcHeap *heap)
{
  heap->sweep_slab = heap->release_slab = 0;
  heap->sweep_block = heap->release_block = GC_FIRST_BLOCK;
  gc_large_begin_sweep (heap);
  heap->state = GC_STATE_SWEEPING;
  heap->stats.n_cycles++;
  gc_heap_note_collection_ended (heap);
  gc_queue_clear (&heap->marker.stack);
  gc_heap_sleep (heap);
}

/* Goes on sweeping until everything is swept and IDLE (TRUE) or the budget is spent. */
gboolean
gc_heap_sweep (GcHeap   *heap,
               GcBudget *budget)
{
  gc_heap_begin_work (heap, GC_PAUSE_SWEEP);
  if (!gc_heap_finish_sweep (heap, budget) || !gc_heap_release_empty (heap, budget) ||
      !gc_segments_trim (&heap->segments, budget))
    return FALSE;
  heap->state = GC_STATE_IDLE;
  gc_zeal_after_cycle (heap);
  return TRUE;
}

/* Whether a phase that can't be interrupted had better wait for the next slice: if this one
 * began with @units and did something, however short it is. */
static gboolean
is_nearly_spent (const GcBudget *budget,
                 gint64          units)
{
  return budget->deadline_ns != 0 && units - budget->units > 256 &&
         gc_os_now_ns () + ATOMIC_NS > budget->deadline_ns;
}

/* Goes on until all that roots lead to is marked, but for what comes up until REMARK. */
static gboolean
mark (GcHeap   *heap,
      GcBudget *budget)
{
  if (!gc_keeper_keep (heap, budget) || !gc_external_scan_dirty (heap, budget) ||
      !gc_log_scan (heap, budget) || !gc_marker_drain (heap, budget))
    return FALSE;
  /* What roots lead to by now is better marked in slices than in REMARK; but a
   * program that goes on to store fresh graphs into roots must not go on for ever. */
  while (heap->n_rescans < MAX_RESCANS && gc_heap_shade_roots (heap))
    {
      heap->n_rescans++;
      if (!gc_marker_drain (heap, budget))
        return FALSE;
    }
  return TRUE;
}

/* Goes on with the collection, or begins a major one, until it is complete (TRUE) or the budget
 * is spent.
 * @kind is what was done last. */
gboolean
gc_heap_advance (GcHeap      *heap,
                 GcBudget    *budget,
                 GcPauseKind *kind)
{
  gint64 units = budget->units;

  *kind = GC_PAUSE_CLEAR;
  switch (heap->state)
    {
    case GC_STATE_SWEEPING:
      *kind = GC_PAUSE_SWEEP;
      if (!gc_heap_sweep (heap, budget))
        return FALSE;
      if (is_nearly_spent (budget, units))
        return FALSE;
      G_GNUC_FALLTHROUGH;

    case GC_STATE_IDLE:
      *kind = GC_PAUSE_START;
      start (heap);
      if (--budget->units <= 0)
        return FALSE;
      G_GNUC_FALLTHROUGH;

    case GC_STATE_MARKING:
      *kind = GC_PAUSE_MARK;
      gc_heap_begin_work (heap, GC_PAUSE_MARK);
      if (!gc_keeper_has_begun (heap) && !mark (heap, budget))
        return FALSE;
      if (is_nearly_spent (budget, units) || !gc_keeper_condemn (heap, budget))
        return FALSE;
      G_GNUC_FALLTHROUGH;

    case GC_STATE_MARKED:
      *kind = GC_PAUSE_REMARK;
      gc_heap_remark (heap);
      begin_clearing (heap);
      if (--budget->units <= 0)
        return FALSE;
      G_GNUC_FALLTHROUGH;

    case GC_STATE_CLEARING:
      gc_heap_begin_work (heap, GC_PAUSE_CLEAR);
      if (!clear (heap, budget))
        return FALSE;
      if (heap->is_minor)
        return gc_minor_end (heap, budget);
      begin_sweeping (heap);
      return TRUE;

    default:
      g_assert_not_reached ();
    }
}

static void
finish_sweep (GcHeap *heap)
{
  GcBudget budget = GC_BUDGET_UNBOUNDED;

  if (heap->state == GC_STATE_SWEEPING)
    gc_heap_sweep (heap, &budget);
}

/* Begins a cycle unless one has begun. */
void
gc_heap_start_cycle (GcHeap *heap)
{
  gc_minor_complete (heap);
  finish_sweep (heap);
  if (heap->state == GC_STATE_IDLE)
    start (heap);
}

/* Marks all that lives, and stays there: what is dead can be resurrected. */
void
gc_heap_finish_marking (GcHeap *heap)
{
  GcBudget budget = GC_BUDGET_UNBOUNDED;

  gc_minor_complete (heap);
  if (heap->state == GC_STATE_CLEARING)
    gc_heap_finish_clearing (heap);
  gc_heap_start_cycle (heap);
  gc_heap_begin_work (heap, GC_PAUSE_MARK);
  gc_keeper_keep (heap, &budget);
  gc_external_scan_dirty (heap, &budget);
  gc_marker_drain (heap, &budget);
  gc_keeper_condemn (heap, &budget);
  gc_heap_remark (heap);
  begin_epoch (heap);
  heap->state = GC_STATE_MARKED;
}

/* Goes on to the beginning of the sweep; beginning a cycle if none has begun. */
void
gc_heap_finish_clearing (GcHeap *heap)
{
  GcBudget budget = GC_BUDGET_UNBOUNDED;
  GcPauseKind kind;

  gc_minor_complete (heap);
  while (!gc_heap_advance (heap, &budget, &kind))
    ;
}

/* Completes the cycle that has begun, or a new one. */
void
gc_heap_finish_cycle (GcHeap *heap)
{
  gc_minor_complete (heap);
  if (heap->state != GC_STATE_SWEEPING)
    gc_heap_finish_clearing (heap);
  finish_sweep (heap);
}

/* Reclaims all that is garbage now. What became garbage since a cycle began is
 * not in that cycle's reach, so that one has to end first. */
void
gc_heap_collect (GcHeap *heap)
{
  gc_minor_complete (heap);
  if (heap->state != GC_STATE_IDLE)
    gc_heap_finish_cycle (heap);
  gc_heap_finish_cycle (heap);
}
