/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Notes of what the collector does: see gc-events-private.h. */

#include "gcobj/heap/gc-events-private.h"

GcEventBuffer *
gc_events_new (void)
{
  GcEventBuffer *self = g_new0 (GcEventBuffer, 1);

  pthread_mutex_init (&self->lock, NULL);
  return self;
}

void
gc_events_free (GcEventBuffer *self)
{
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}

/* Moves the notes to @events, which has room for GC_EVENTS, and gives their number. Needs no hold. */
guint
gc_events_take (GcEventBuffer *self,
                GcEvent       *events)
{
  guint n;

  pthread_mutex_lock (&self->lock);
  n = self->n;
  memcpy (events, self->events, n * sizeof *events);
  self->n = 0;
  pthread_mutex_unlock (&self->lock);
  return n;
}

/* Takes a note, if there is room for it and @n_free more. */
static void
note (GcHeap  *heap,
      guint    n_free,
      GcEvent  event)
{
  GcEventBuffer *self = heap->events;

  event.reason = self->reason;
  event.collection = heap->round;
  event.thread = gc_os_thread_id ();
  event.heap_bytes = heap->stats.heap_bytes;
  event.live_bytes = heap->stats.live_bytes;
  event.live_objects = heap->stats.live_objects;
  event.allocated_bytes = heap->stats.allocated_bytes + gc_heap_get_own_allocated (heap);
  event.external_bytes = heap->external_bytes;
  event.debt_bytes = gc_heap_get_debt (heap);
  pthread_mutex_lock (&self->lock);
  if (self->n + n_free < GC_EVENTS)
    self->events[self->n++] = event;
  pthread_mutex_unlock (&self->lock);
}

static void
end_work (GcHeap *heap,
          gint64  now)
{
  static const GcEventType types[] = {
    [GC_PAUSE_START] = GC_EVENT_STARTED,
    [GC_PAUSE_MARK] = GC_EVENT_MARKED,
    [GC_PAUSE_REMARK] = GC_EVENT_REMARKED,
    [GC_PAUSE_CLEAR] = GC_EVENT_CLEARED,
    [GC_PAUSE_SWEEP] = GC_EVENT_SWEPT,
  };
  GcEventBuffer *self = heap->events;
  /* The marker counts from 0 again where a collection starts, and when a minor one is over. */
  guint64 marked = heap->marker.marked_objects;
  guint64 n = marked - MIN (marked, self->marked_before);

  if (!self->in_work)
    return;
  self->in_work = FALSE;
  self->marked_in_pause += n;
  note (heap, GC_EVENTS_ENDS, (GcEvent) {
    .type = types[self->kind], .is_minor = self->work_is_minor, .n = n,
    .time_ns = self->work_began, .duration_ns = now - self->work_began
  });
}

void
gc_events_begin_pause (GcHeap        *heap,
                       GcPauseReason  reason)
{
  GcEventBuffer *self = heap->events;

  self->in_pause = TRUE;
  self->in_work = self->work_is_minor = FALSE;
  self->reason = reason;
  self->marked_in_pause = 0;
  self->pause_began = gc_os_now_ns ();
}

void
gc_events_end_pause (GcHeap *heap)
{
  GcEventBuffer *self = heap->events;
  gint64 now = gc_os_now_ns ();

  /* Somebody began to listen in the midst of it. */
  if (!self->in_pause)
    return;
  end_work (heap, now);
  self->in_pause = FALSE;
  if (heap->stats.heap_bytes != self->heap_bytes)
    {
      self->heap_bytes = heap->stats.heap_bytes;
      note (heap, 1, (GcEvent) { .type = GC_EVENT_RESIZED, .time_ns = now });
    }
  note (heap, 0, (GcEvent) {
    .type = GC_EVENT_PAUSED, .is_minor = self->work_is_minor, .n = self->marked_in_pause,
    .time_ns = self->pause_began, .duration_ns = now - self->pause_began
  });
}

void
gc_events_begin_work (GcHeap      *heap,
                      GcPauseKind  kind)
{
  GcEventBuffer *self = heap->events;
  gint64 now;

  if (!self->in_pause || (self->in_work && self->kind == kind))
    return;
  now = gc_os_now_ns ();
  end_work (heap, now);
  self->in_work = TRUE;
  self->kind = kind;
  self->work_is_minor = heap->is_minor;
  self->work_began = now;
  self->marked_before = heap->marker.marked_objects;
}

void
gc_events_note_collection (GcHeap      *heap,
                           GcEventType  type,
                           guint64      n)
{
  GcEventBuffer *self = heap->events;
  gint64 now = gc_os_now_ns ();

  if (!self->in_pause)
    return;
  if (type == GC_EVENT_COLLECTION_BEGUN)
    {
      /* Its first piece of work has begun just before. */
      self->marked_before = 0;
      now = self->work_began;
    }
  else
    end_work (heap, now);
  note (heap, GC_EVENTS_ENDS, (GcEvent) { .type = type, .is_minor = heap->is_minor, .n = n, .time_ns = now });
}

/* Finalizers ran, without the hold. */
void
gc_events_note_finalized (GcHeap *heap,
                          gint64  began,
                          guint64 n)
{
  note (heap, 0, (GcEvent) {
    .type = GC_EVENT_FINALIZED, .n = n, .time_ns = began, .duration_ns = gc_os_now_ns () - began
  });
}
