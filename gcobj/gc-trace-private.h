/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What writes a trace. All of it is called under the lock of a GcTraceFile. */

#include "gcobj/gc-event-private.h"

G_BEGIN_DECLS

typedef struct _GcTraceWriter GcTraceWriter;
struct _GcTraceWriter
{
  /* @arena counts from 1; once for each, before its first event */
  void (*add_arena) (GcTraceWriter *self,
                     guint          arena);
  /* a piece of work with a beginning and an end, on a thread */
  void (*add_span)  (GcTraceWriter *self,
                     guint          arena,
                     const char    *name,
                     const char    *message,
                     const GcEvent *event);
  /* a collection, which goes on while the program does; NULL: its end is enough */
  void (*begin)     (GcTraceWriter *self,
                     guint          arena,
                     const GcEvent *event);
  void (*end)       (GcTraceWriter *self,
                     guint          arena,
                     gint64         began_ns,
                     const char    *message,
                     const GcEvent *event);
  void (*count)     (GcTraceWriter *self,
                     guint          arena,
                     const GcEvent *event);
  /* FALSE once writing failed, with errno; until the next events the file is complete */
  gboolean (*flush) (GcTraceWriter *self);
  void (*free)      (GcTraceWriter *self);
};

/* The counters, in the order of gc_trace_get_counts(). */
#define GC_TRACE_N_COUNTS 4
extern const char *const gc_trace_counts[GC_TRACE_N_COUNTS];

static inline void
gc_trace_get_counts (const GcEvent *event,
                     guint64       *counts)
{
  counts[0] = event->heap_bytes;
  counts[1] = event->live_bytes;
  counts[2] = event->external_bytes;
  counts[3] = event->debt_bytes;
}

/* gc-trace-file.c */
void           gc_trace_remove        (const char *path);

/* gc-trace-json.c: NULL with errno */
GcTraceWriter *gc_trace_json_new      (const char *path);

/* gc-trace-sysprof.c: NULL with errno, or NULL if Sysprof does not listen */
GcTraceWriter *gc_trace_sysprof_new   (const char *path);
GcTraceWriter *gc_trace_collector_new (void);

G_END_DECLS
