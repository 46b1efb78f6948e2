/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the collector notes of its work while somebody listens. Notes are taken inside of pauses, into
 * memory that is there already, and told after them (gc-listener.c). While nobody listens each
 * place costs one branch and one nop; there is none outside of pauses. */

#include "gcobj/gc-event.h"
#include "gcobj/heap/gc-heap-private.h"
#include "gcobj/heap/gc-probe-private.h"

G_BEGIN_DECLS

#define GC_EVENTS      64       /* gc_arena_collect() has 20 at most; longer ones are a loop over cycles */
#define GC_EVENTS_ENDS 4        /* kept free for what ends a pause */

struct _GcEventBuffer
{
  pthread_mutex_t lock;         /* a leaf: nothing is called while it is held */
  /* under the hold */
  gboolean        in_pause;
  gboolean        in_work;
  GcPauseReason   reason;
  GcPauseKind     kind;
  gboolean        work_is_minor;
  gint64          pause_began;
  gint64          work_began;
  guint64         marked_in_pause;
  guint64         marked_before;
  guint64         heap_bytes;   /* told last */
  /* under the lock, too */
  guint           n;
  GcEvent         events[GC_EVENTS];
};

/* gc-events.c */
GcEventBuffer *gc_events_new              (void);
void           gc_events_free             (GcEventBuffer *self);
guint          gc_events_take             (GcEventBuffer *self,
                                           GcEvent       *events);
void           gc_events_begin_pause      (GcHeap        *heap,
                                           GcPauseReason  reason);
void           gc_events_end_pause        (GcHeap        *heap);
void           gc_events_begin_work       (GcHeap        *heap,
                                           GcPauseKind    kind);
void           gc_events_note_collection  (GcHeap        *heap,
                                           GcEventType    type,
                                           guint64        n);
void           gc_events_note_finalized   (GcHeap        *heap,
                                           gint64         began,
                                           guint64        n);

static inline void
gc_heap_begin_pause (GcHeap        *heap,
                     GcPauseReason  reason)
{
  GC_PROBE2 (pause__begin, heap->owner, (int) reason);
  if (G_UNLIKELY (heap->events != NULL))
    gc_events_begin_pause (heap, reason);
}

static inline void
gc_heap_end_pause (GcHeap        *heap,
                   GcPauseReason  reason)
{
  if (G_UNLIKELY (heap->events != NULL))
    gc_events_end_pause (heap);
  GC_PROBE2 (pause__end, heap->owner, (int) reason);
}

/* Work of one kind ends where that of another begins, or the pause ends. */
static inline void
gc_heap_begin_work (GcHeap      *heap,
                    GcPauseKind  kind)
{
  GC_PROBE3 (phase, heap->owner, (int) kind, heap->is_minor);
  if (G_UNLIKELY (heap->events != NULL))
    gc_events_begin_work (heap, kind);
}

static inline void
gc_heap_note_collection_begun (GcHeap *heap)
{
  GC_PROBE3 (collection__begin, heap->owner, heap->round, heap->is_minor);
  if (G_UNLIKELY (heap->events != NULL))
    gc_events_note_collection (heap, GC_EVENT_COLLECTION_BEGUN, 0);
}

/* Before the marker forgets what it did. */
static inline void
gc_heap_note_collection_ended (GcHeap *heap)
{
  GC_PROBE3 (collection__end, heap->owner, heap->round, heap->is_minor);
  if (G_UNLIKELY (heap->events != NULL))
    gc_events_note_collection (heap, GC_EVENT_COLLECTION_ENDED, heap->marker.marked_objects);
}

G_END_DECLS
