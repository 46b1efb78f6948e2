/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When the collector works, and how much. After a cycle it sleeps until so many
 * bytes are allocated; each byte after that is a byte of debt, and each
 * byte of work done pays a part of it back. A slice pays what is owed but works
 * no longer than its time; what it could not pay stays owed. */

#include "gcobj/heap/gc-heap-private.h"

#define QUANTUM    (16 << 10)    /* debt that is worth a slice */
#define MINOR_QUANTUM (32 << 10) /* allocated between two slices of a minor collection */
#define STRETCH    (64 << 10)    /* allocated between two safe points: its time again in each slice */
#define SHARED_STRETCH 2         /* at least, where several threads allocate: to stop them takes its time, too */
#define MAX_STRETCH 12           /* to at most this multiple: below a millisecond */
#define MAPPED_SHARE 8           /* of large objects' bytes one in so many makes slices late */
#define MINOR_LATE 4             /* nurseries allocated while a minor collection goes on make it late, in a small heap */
#define LATE       16            /* times what is due, from where on memory matters more than a short slice */
#define MAX_LATE   (1 << 20)     /* from where on a slice has hours: noted external bytes may be anything */

const GcPacing gc_default_pacing = {
  .min_sleep = 8 << 20,
  .sleep_factor = 1.0,
  .mark_factor = 0.01,
  .trace_factor = 0.04,
  .keep_factor = 0.01,
  .free_factor = 0.02,
  .drop_factor = 0.2,
};

/* How long to sleep, by what lived at the end of the last cycle, and at least so long for each thread that allocates. */
void
gc_heap_set_sleep (GcHeap *heap)
{
  const GcPacing *pacing = &heap->pacing;
  double bytes = (double) (heap->live_bytes + heap->external_bytes) * pacing->sleep_factor;
  double least = (double) pacing->min_sleep * gc_heap_get_n_allocating (heap);

  heap->sleep = (gsize) MIN (MAX (bytes, least), 1e18);
  heap->n_sleeping = gc_heap_get_n_allocating (heap);
  gc_heap_set_trigger (heap);
}

/* More threads allocate than when the heap was told to sleep. */
void
gc_heap_sleep_longer (GcHeap *heap)
{
  if (gc_heap_get_n_allocating (heap) > heap->n_sleeping && !heap->is_minor &&
      (heap->state == GC_STATE_IDLE || heap->state == GC_STATE_SWEEPING))
    gc_heap_set_sleep (heap);
}

/* Between two collections: when the next one is due. */
void
gc_heap_set_trigger (GcHeap *heap)
{
  heap->trigger = heap->sleep;
  if (heap->generational && !gc_minor_is_pointless (heap))
    heap->trigger = MIN (heap->trigger, heap->grown + heap->external_since + gc_heap_get_nursery (heap));
}

/* A cycle ended: a new account begins. */
void
gc_heap_sleep (GcHeap *heap)
{
  gsize allocated = gc_heap_get_allocated (heap);

  heap->stats.allocated_bytes += allocated - heap->external_since;
  gc_heap_count (heap, -(gssize) allocated);
  heap->external_since = 0;
  heap->mapped_since = heap->mapped_most = 0;
  heap->grown = 0;
  heap->credit = 0;
  gc_heap_set_sleep (heap);
}

/* Bytes owed. */
gsize
gc_heap_get_debt (GcHeap *heap)
{
  double debt = (double) gc_heap_get_allocated (heap) - (double) heap->sleep - heap->credit;

  return debt > 0 ? (gsize) debt : 0;
}

/* Pays for the work done since the last call. */
void
gc_heap_credit (GcHeap *heap)
{
  const GcPacing *pacing = &heap->pacing;
  const GcMarker *marker = &heap->marker;

  heap->credit += (marker->marked_bytes - heap->marked_credited) * pacing->mark_factor +
                  (marker->traced_bytes - heap->traced_credited) * pacing->trace_factor +
                  heap->swept_live * pacing->keep_factor +
                  heap->swept_free * pacing->free_factor +
                  heap->dropped_bytes * pacing->drop_factor;
  heap->marked_credited = marker->marked_bytes;
  heap->traced_credited = marker->traced_bytes;
  heap->swept_live = heap->swept_free = heap->dropped_bytes = 0;
}

static void
record_pause (GcHeap      *heap,
              GcPauseKind  kind,
              gint64       ns)
{
  GcStats *stats = &heap->stats;
  guint64 *longest[] = {
    [GC_PAUSE_START] = &stats->max_start_ns,
    [GC_PAUSE_MARK] = &stats->max_mark_ns,
    [GC_PAUSE_REMARK] = &stats->max_remark_ns,
    [GC_PAUSE_CLEAR] = &stats->max_clear_ns,
    [GC_PAUSE_SWEEP] = &stats->max_sweep_ns,
  };
  guint64 pause = MAX (ns, 0);
  guint class = 0;

  *longest[kind] = MAX (*longest[kind], pause);
  stats->max_pause_ns = MAX (stats->max_pause_ns, pause);
  stats->pause_ns += pause;
  stats->n_pauses++;
  for (guint64 us = pause / 1000; us > 0 && class < GC_STATS_N_PAUSES - 1; us /= 2)
    class++;
  stats->pauses[class]++;
}

/* Work that somebody asks for, all of it: no slice, and no pause that the collector answers for. */
void
gc_heap_run_request (GcHeap  *heap,
                     void   (*work) (GcHeap *heap))
{
  GcStats *stats = &heap->stats;
  gint64 before = gc_os_cpu_ns ();
  guint64 ns;

  work (heap);
  ns = (guint64) MAX (gc_os_cpu_ns () - before, 0);
  stats->n_requests++;
  stats->request_ns += ns;
  stats->max_request_ns = MAX (stats->max_request_ns, ns);
}

/* Works for as long as the budget lasts. Gives whether a major cycle was completed, up to its
 * sweep. */
static gboolean
step (GcHeap   *heap,
      GcBudget  budget,
      gboolean  is_owed,
      gboolean  begins_minor)
{
  gint64 before = gc_os_cpu_ns ();
  GcPauseKind kind = GC_PAUSE_SWEEP;
  gboolean is_complete = FALSE;
  gboolean is_minor;

  if (begins_minor)
    gc_minor_start (heap);
  else if (budget.deadline_ns == 0)
    gc_minor_complete (heap);
  is_minor = heap->is_minor;
  if (is_minor)
    gc_heap_advance (heap, &budget, &kind);
  else if (is_owed || (heap->state != GC_STATE_SWEEPING && heap->state != GC_STATE_IDLE))
    is_complete = gc_heap_advance (heap, &budget, &kind);
  else if (heap->state == GC_STATE_SWEEPING)
    gc_heap_sweep (heap, &budget);

  /* The end of a cycle has begun a new account. */
  if (!is_complete && !is_minor)
    gc_heap_credit (heap);
  record_pause (heap, kind, gc_os_cpu_ns () - before);
  return is_complete;
}

/* Works for as long as the budget lasts. A minor collection that goes on is ended first, none is
 * begun; what is not owed ends with the sweep and begins no cycle. TRUE when a cycle was
 * completed, up to its sweep. */
gboolean
gc_heap_step (GcHeap   *heap,
              GcBudget  budget,
              gboolean  is_owed)
{
  return step (heap, budget, is_owed, FALSE);
}

/* By how much a slice is to be longer because slices as they are don't keep up: where the system is slow to
 * take memory back, say, or under an instrument. In proportion to what is overdue, and faster than that once it
 * is LATE, whatever the time: the heap would grow without end. Of objects with mappings of their own a part counts: they are work
 * of fewer slices than small ones of their size. The largest does not count: one alone makes nothing late (performance/heap-growth). */
gsize
gc_heap_get_lateness (GcHeap *heap)
{
  gsize debt = gc_heap_get_debt (heap);
  gsize own = gc_heap_get_own_allocated (heap);
  gsize spared = heap->mapped_since - (heap->mapped_since - heap->mapped_most) / MAPPED_SHARE;
  gsize some = heap->sleep / 8 + 1;
  gsize late = (debt - MIN (debt, spared)) / some;

  if (heap->is_minor)
    late = MAX (late, (own - MIN (own, heap->minor_began_at)) / MAX (some, MINOR_LATE * gc_heap_get_nursery (heap)));
  late = MIN (late, MAX_LATE);
  return late <= LATE ? MIN (late, MAX_STRETCH) : late * late / LATE;
}

/* One slice for the debt. A program with few safe points gets longer ones, in
 * proportion to what it allocated since the last: a bound on time alone does not bound
 * the heap. What was paid for in advance does not count: scanning one large array pays for a
 * while without slices, and the program is not late after that. */
gboolean
gc_heap_pay (GcHeap *heap,
             gint64  budget_ns)
{
  gboolean is_minor, begins_minor;
  gsize allocated = gc_heap_get_allocated (heap);
  gsize small = allocated - MIN (allocated, heap->mapped_since);
  gsize floor = heap->is_minor ? heap->paid_at : MAX (heap->paid_at, heap->sleep);
  gsize debt = gc_heap_get_debt (heap);
  gsize since = MIN (small - MIN (small, floor), heap->is_minor ? G_MAXSIZE : debt);
  gsize least = gc_heap_get_n_allocating (heap) > 1 ? SHARED_STRETCH : 1;
  gsize stretch = MAX (CLAMP (since / STRETCH, least, MAX_STRETCH), gc_heap_get_lateness (heap));
  GcBudget budget = { gc_os_now_ns () + budget_ns * (gint64) stretch, G_MAXINT64 };
  gboolean is_complete;

  begins_minor = gc_minor_is_due (heap);
  is_minor = heap->is_minor || begins_minor;
  if (!is_minor && allocated < heap->sleep &&
      (heap->state == GC_STATE_IDLE || heap->state == GC_STATE_SWEEPING))
    {
      /* The safe point was wanted for something else. */
      gc_heap_set_trigger (heap);
      return FALSE;
    }
  is_complete = step (heap, budget, TRUE, begins_minor);

  if (is_minor)
    {
      heap->paid_at = heap->is_minor ? small : 0;
      if (heap->is_minor)
        heap->trigger = gc_heap_get_allocated (heap) + MINOR_QUANTUM;
      return FALSE;
    }
  heap->paid_at = is_complete ? 0 : small;
  if (!is_complete)
    heap->trigger = MAX (heap->sleep + (gsize) MAX (heap->credit, 0) + QUANTUM,
                         gc_heap_get_allocated (heap) + QUANTUM / 4);
  return is_complete;
}
