/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The GTypes of enumerations, by hand: there are few, and they change rarely. */

#include "gcobj/gc-arena.h"
#include "gcobj/gc-error.h"
#include "gcobj/gc-event.h"
#include "gcobj/gc-table.h"

#define DEFINE(name, c_name, registration) \
  GType \
  name##_get_type (void) \
  { \
    static gsize type_id; \
    if (g_once_init_enter (&type_id)) \
      g_once_init_leave (&type_id, registration (g_intern_static_string (c_name), name##_values)); \
    return type_id; \
  }

static const GEnumValue gc_phase_values[] = {
  { GC_PHASE_IDLE, "GC_PHASE_IDLE", "idle" },
  { GC_PHASE_MARKING, "GC_PHASE_MARKING", "marking" },
  { GC_PHASE_MARKED, "GC_PHASE_MARKED", "marked" },
  { GC_PHASE_CLEARING, "GC_PHASE_CLEARING", "clearing" },
  { GC_PHASE_SWEEPING, "GC_PHASE_SWEEPING", "sweeping" },
  { 0, NULL, NULL }
};

DEFINE (gc_phase, "GcPhase", g_enum_register_static)

static const GEnumValue gc_error_values[] = {
  { GC_ERROR_FAILED, "GC_ERROR_FAILED", "failed" },
  { GC_ERROR_HEAP_LIMIT, "GC_ERROR_HEAP_LIMIT", "heap-limit" },
  { GC_ERROR_NO_MEMORY, "GC_ERROR_NO_MEMORY", "no-memory" },
  { GC_ERROR_NOT_MUTATING, "GC_ERROR_NOT_MUTATING", "not-mutating" },
  { GC_ERROR_WRONG_ARENA, "GC_ERROR_WRONG_ARENA", "wrong-arena" },
  { GC_ERROR_WRONG_SET, "GC_ERROR_WRONG_SET", "wrong-set" },
  { GC_ERROR_TYPE, "GC_ERROR_TYPE", "type" },
  { GC_ERROR_EXISTS, "GC_ERROR_EXISTS", "exists" },
  { GC_ERROR_NAME, "GC_ERROR_NAME", "name" },
  { GC_ERROR_RANGE, "GC_ERROR_RANGE", "range" },
  { GC_ERROR_CORRUPT, "GC_ERROR_CORRUPT", "corrupt" },
  { 0, NULL, NULL }
};

DEFINE (gc_error, "GcError", g_enum_register_static)

static const GFlagsValue gc_zeal_values[] = {
  { GC_ZEAL_NONE, "GC_ZEAL_NONE", "none" },
  { GC_ZEAL_SAFEPOINT, "GC_ZEAL_SAFEPOINT", "safepoint" },
  { GC_ZEAL_VERIFY, "GC_ZEAL_VERIFY", "verify" },
  { GC_ZEAL_CLOBBER, "GC_ZEAL_CLOBBER", "clobber" },
  { GC_ZEAL_RELOCATE, "GC_ZEAL_RELOCATE", "relocate" },
  { GC_ZEAL_SHADOW_SLOTS, "GC_ZEAL_SHADOW_SLOTS", "shadow-slots" },
  { GC_ZEAL_UNTRACED, "GC_ZEAL_UNTRACED", "untraced" },
  { 0, NULL, NULL }
};

DEFINE (gc_zeal, "GcZeal", g_flags_register_static)

static const GFlagsValue gc_table_flags_values[] = {
  { GC_TABLE_STRONG, "GC_TABLE_STRONG", "strong" },
  { GC_TABLE_WEAK_KEYS, "GC_TABLE_WEAK_KEYS", "weak-keys" },
  { GC_TABLE_WEAK_VALUES, "GC_TABLE_WEAK_VALUES", "weak-values" },
  { 0, NULL, NULL }
};

DEFINE (gc_table_flags, "GcTableFlags", g_flags_register_static)

static const GEnumValue gc_event_type_values[] = {
  { GC_EVENT_COLLECTION_BEGUN, "GC_EVENT_COLLECTION_BEGUN", "collection-begun" },
  { GC_EVENT_STARTED, "GC_EVENT_STARTED", "started" },
  { GC_EVENT_MARKED, "GC_EVENT_MARKED", "marked" },
  { GC_EVENT_REMARKED, "GC_EVENT_REMARKED", "remarked" },
  { GC_EVENT_CLEARED, "GC_EVENT_CLEARED", "cleared" },
  { GC_EVENT_SWEPT, "GC_EVENT_SWEPT", "swept" },
  { GC_EVENT_COLLECTION_ENDED, "GC_EVENT_COLLECTION_ENDED", "collection-ended" },
  { GC_EVENT_PAUSED, "GC_EVENT_PAUSED", "paused" },
  { GC_EVENT_RESIZED, "GC_EVENT_RESIZED", "resized" },
  { GC_EVENT_FINALIZED, "GC_EVENT_FINALIZED", "finalized" },
  { 0, NULL, NULL }
};

DEFINE (gc_event_type, "GcEventType", g_enum_register_static)

static const GEnumValue gc_pause_reason_values[] = {
  { GC_PAUSE_REASON_DEBT, "GC_PAUSE_REASON_DEBT", "debt" },
  { GC_PAUSE_REASON_HEAP_LIMIT, "GC_PAUSE_REASON_HEAP_LIMIT", "heap-limit" },
  { GC_PAUSE_REASON_IDLE, "GC_PAUSE_REASON_IDLE", "idle" },
  { GC_PAUSE_REASON_STEP, "GC_PAUSE_REASON_STEP", "step" },
  { GC_PAUSE_REASON_REQUEST, "GC_PAUSE_REASON_REQUEST", "request" },
  { GC_PAUSE_REASON_ZEAL, "GC_PAUSE_REASON_ZEAL", "zeal" },
  { GC_PAUSE_REASON_LOW_MEMORY, "GC_PAUSE_REASON_LOW_MEMORY", "low-memory" },
  { 0, NULL, NULL }
};

DEFINE (gc_pause_reason, "GcPauseReason", g_enum_register_static)
