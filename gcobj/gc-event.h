/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-types.h>

G_BEGIN_DECLS

#define GC_TYPE_EVENT        (gc_event_get_type ())
#define GC_TYPE_EVENT_TYPE   (gc_event_type_get_type ())
#define GC_TYPE_PAUSE_REASON (gc_pause_reason_get_type ())

/**
 * GcEventType:
 * @GC_EVENT_COLLECTION_BEGUN: a collection began
 * @GC_EVENT_STARTED: the start of a cycle: roots were looked at
 * @GC_EVENT_MARKED: a slice of marking
 * @GC_EVENT_REMARKED: the end of marking, in one piece
 * @GC_EVENT_CLEARED: a slice of clearing weak references and of serving guardians and finalizers
 * @GC_EVENT_SWEPT: a slice of sweeping
 * @GC_EVENT_COLLECTION_ENDED: a collection ended: what lives is known. Of a major one the sweep follows.
 * @GC_EVENT_PAUSED: a pause, with all that was done in it
 * @GC_EVENT_RESIZED: the heap has more memory of the system, or less, than after the last pause
 * @GC_EVENT_FINALIZED: finalizers ran, after a pause
 *
 * What a #GcEvent tells of.
 *
 * Since: 0.1
 */
typedef enum
{
  GC_EVENT_COLLECTION_BEGUN,
  GC_EVENT_STARTED,
  GC_EVENT_MARKED,
  GC_EVENT_REMARKED,
  GC_EVENT_CLEARED,
  GC_EVENT_SWEPT,
  GC_EVENT_COLLECTION_ENDED,
  GC_EVENT_PAUSED,
  GC_EVENT_RESIZED,
  GC_EVENT_FINALIZED
} GcEventType;

/**
 * GcPauseReason:
 * @GC_PAUSE_REASON_DEBT: a safe point paid for what was allocated
 * @GC_PAUSE_REASON_HEAP_LIMIT: a safe point collected because the heap had reached its limit
 * @GC_PAUSE_REASON_IDLE: the main context was idle: gc_arena_attach()
 * @GC_PAUSE_REASON_STEP: gc_arena_step() or gc_arena_step_units()
 * @GC_PAUSE_REASON_REQUEST: gc_arena_collect(), or a function that finishes a phase
 * @GC_PAUSE_REASON_ZEAL: a check of #GcZeal
 * @GC_PAUSE_REASON_LOW_MEMORY: the system is short of memory
 *
 * Why there was a pause.
 *
 * Since: 0.1
 */
typedef enum
{
  GC_PAUSE_REASON_DEBT,
  GC_PAUSE_REASON_HEAP_LIMIT,
  GC_PAUSE_REASON_IDLE,
  GC_PAUSE_REASON_STEP,
  GC_PAUSE_REASON_REQUEST,
  GC_PAUSE_REASON_ZEAL,
  GC_PAUSE_REASON_LOW_MEMORY
} GcPauseReason;

typedef struct _GcEvent GcEvent;

/**
 * GcEvent:
 * @type: what happened
 * @reason: why there was a pause
 * @is_minor: whether it belongs to a collection of young objects alone
 * @collection: the number of the last collection that had begun; major and minor ones are
 *   counted together
 * @time_ns: when it began: nanoseconds of the monotonic clock (g_get_monotonic_time() has its
 *   microseconds)
 * @duration_ns: how long it took, in nanoseconds of wall-clock time; 0 of what is a moment
 * @thread: the system's number of the thread on which it happened
 * @n: how many: of marking and clearing, objects marked; of a collection's end, objects that
 *   it marked in all; of finalizers, how many ran; else 0
 * @heap_bytes: memory taken from the system, after it
 * @live_bytes: what the last major collection found alive
 * @live_objects: their number
 * @allocated_bytes: bytes allocated since the arena was made
 * @external_bytes: bytes that live objects own outside of the heap, as reported
 * @debt_bytes: collection work owed, in bytes
 *
 * Something that the collector did.
 *
 * Since: 0.1
 */
struct _GcEvent
{
  GcEventType   type;
  GcPauseReason reason;
  gboolean      is_minor;
  guint64       collection;
  gint64        time_ns;
  gint64        duration_ns;
  guint64       thread;
  guint64       n;
  guint64       heap_bytes;
  guint64       live_bytes;
  guint64       live_objects;
  guint64       allocated_bytes;
  guint64       external_bytes;
  guint64       debt_bytes;

  /*< private >*/
  gpointer      padding[4];
};

GCOBJ_AVAILABLE_IN_ALL
GType    gc_event_type_get_type   (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GType    gc_pause_reason_get_type (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GType    gc_event_get_type        (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GcEvent *gc_event_copy            (const GcEvent *event);
GCOBJ_AVAILABLE_IN_ALL
void     gc_event_free            (GcEvent       *event);
GCOBJ_AVAILABLE_IN_ALL
char    *gc_event_to_string       (const GcEvent *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcEvent, gc_event_free)

G_END_DECLS
