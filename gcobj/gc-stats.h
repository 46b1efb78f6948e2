/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-types.h>

G_BEGIN_DECLS

#define GC_TYPE_STATS (gc_stats_get_type ())

/**
 * GC_STATS_N_PAUSES:
 *
 * The number of classes in the histogram `pauses` of #GcStats.
 *
 * Since: 0.1
 */
#define GC_STATS_N_PAUSES 24

typedef struct _GcStats GcStats;

/**
 * GcStats:
 * @n_cycles: cycles completed
 * @live_objects: objects that the last completed marking found alive; with several marker threads
 *   (#GcArena:marker-threads) a few of them can count twice, and their bytes too
 * @live_bytes: their bytes
 * @allocated_bytes: bytes allocated since the arena was made
 * @heap_bytes: bytes of memory taken from the system for objects and metadata
 * @peak_heap_bytes: the largest value of @heap_bytes
 * @external_bytes: bytes that live objects own outside of the heap, as reported
 * @debt_bytes: collection work owed, in bytes
 * @n_finalized: finalizers run
 * @n_external_refs: objects that are referenced from outside
 * @n_pauses: slices of collection work
 * @pause_ns: their sum, in nanoseconds of the collecting thread's CPU time
 * @max_pause_ns: the longest of them
 * @max_start_ns: the longest start of a cycle
 * @max_mark_ns: the longest slice of marking
 * @max_remark_ns: the longest end of marking
 * @max_clear_ns: the longest slice of clearing weak references
 * @max_sweep_ns: the longest slice of sweeping
 * @pauses: how many pauses there were by length: the n-th counts those below
 *   2^n microseconds that are in no smaller class; the last counts all longer ones
 * @n_minor_cycles: collections of young objects alone; no other figure counts them as cycles
 * @n_requests: pauses of whatever length that were asked for: by gc_arena_collect() and the functions that begin or finish a
 *   phase, by the heap limit, or where memory is short
 * @request_ns: their sum, in nanoseconds of the collecting thread's CPU time
 * @max_request_ns: the longest of them
 *
 * What an arena did and holds. The figures of pauses are those of slices, whose length is the collector's business; what was
 * asked for at once counts as a request and in no figure of pauses.
 *
 * Since: 0.1
 */
struct _GcStats
{
  guint64 n_cycles;
  guint64 live_objects;
  guint64 live_bytes;
  guint64 allocated_bytes;
  guint64 heap_bytes;
  guint64 peak_heap_bytes;
  guint64 external_bytes;
  guint64 debt_bytes;
  guint64 n_finalized;
  guint64 n_external_refs;
  guint64 n_pauses;
  guint64 pause_ns;
  guint64 max_pause_ns;
  guint64 max_start_ns;
  guint64 max_mark_ns;
  guint64 max_remark_ns;
  guint64 max_clear_ns;
  guint64 max_sweep_ns;
  guint64 pauses[24];
  guint64 n_minor_cycles;
  guint64 n_requests;
  guint64 request_ns;
  guint64 max_request_ns;
};

GCOBJ_AVAILABLE_IN_ALL
GType    gc_stats_get_type (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GcStats *gc_stats_copy     (const GcStats *stats);
GCOBJ_AVAILABLE_IN_ALL
void     gc_stats_free     (GcStats       *stats);
GCOBJ_AVAILABLE_IN_ALL
char    *gc_stats_to_string (const GcStats *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcStats, gc_stats_free)

G_END_DECLS
