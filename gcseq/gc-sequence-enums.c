/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The GTypes of enumerations, by hand: there are few, and they change rarely. */

#include "gcseq/gc-sequence-enums.h"

#define DEFINE(name, c_name, registration) \
  GType \
  name##_get_type (void) \
  { \
    static gsize type_id; \
    if (g_once_init_enter (&type_id)) \
      g_once_init_leave (&type_id, registration (g_intern_static_string (c_name), name##_values)); \
    return type_id; \
  }

static const GEnumValue gc_step_result_values[] = {
  { GC_STEP_FAILED, "GC_STEP_FAILED", "failed" },
  { GC_STEP_CONTINUE, "GC_STEP_CONTINUE", "continue" },
  { GC_STEP_WAIT, "GC_STEP_WAIT", "wait" },
  { GC_STEP_CALL, "GC_STEP_CALL", "call" },
  { GC_STEP_BECOME, "GC_STEP_BECOME", "become" },
  { GC_STEP_YIELD, "GC_STEP_YIELD", "yield" },
  { GC_STEP_DONE, "GC_STEP_DONE", "done" },
  { 0, NULL, NULL }
};

DEFINE (gc_step_result, "GcStepResult", g_enum_register_static)

static const GEnumValue gc_sequence_state_values[] = {
  { GC_SEQUENCE_NEW, "GC_SEQUENCE_NEW", "new" },
  { GC_SEQUENCE_RUNNING, "GC_SEQUENCE_RUNNING", "running" },
  { GC_SEQUENCE_AWAITING, "GC_SEQUENCE_AWAITING", "awaiting" },
  { GC_SEQUENCE_WAITING, "GC_SEQUENCE_WAITING", "waiting" },
  { GC_SEQUENCE_SUSPENDED, "GC_SEQUENCE_SUSPENDED", "suspended" },
  { GC_SEQUENCE_DONE, "GC_SEQUENCE_DONE", "done" },
  { GC_SEQUENCE_FAILED, "GC_SEQUENCE_FAILED", "failed" },
  { 0, NULL, NULL }
};

DEFINE (gc_sequence_state, "GcSequenceState", g_enum_register_static)

static const GFlagsValue gc_sequence_flags_values[] = {
  { GC_SEQUENCE_NONE, "GC_SEQUENCE_NONE", "none" },
  { GC_SEQUENCE_SAME_STEP, "GC_SEQUENCE_SAME_STEP", "same-step" },
  { GC_SEQUENCE_TAKES_ITEMS, "GC_SEQUENCE_TAKES_ITEMS", "takes-items" },
  { 0, NULL, NULL }
};

DEFINE (gc_sequence_flags, "GcSequenceFlags", g_flags_register_static)

static const GEnumValue gc_sequence_error_values[] = {
  { GC_SEQUENCE_ERROR_FAILED, "GC_SEQUENCE_ERROR_FAILED", "failed" },
  { GC_SEQUENCE_ERROR_FINISHED, "GC_SEQUENCE_ERROR_FINISHED", "finished" },
  { GC_SEQUENCE_ERROR_BUSY, "GC_SEQUENCE_ERROR_BUSY", "busy" },
  { GC_SEQUENCE_ERROR_UNWANTED, "GC_SEQUENCE_ERROR_UNWANTED", "unwanted" },
  { GC_SEQUENCE_ERROR_EXCEPTION, "GC_SEQUENCE_ERROR_EXCEPTION", "exception" },
  { GC_SEQUENCE_ERROR_CLOSED, "GC_SEQUENCE_ERROR_CLOSED", "closed" },
  { GC_SEQUENCE_ERROR_ALL_FAILED, "GC_SEQUENCE_ERROR_ALL_FAILED", "all-failed" },
  { 0, NULL, NULL }
};

/* Errors of this domain have more than others. A binding that finds the domain by its name makes some that
 * lack it, and the process dies of these, unless the domain is there before: so it comes with the type, and with the first
 * runner, and the overrides of bindings ask for it when they are loaded. */
#define REGISTER(name, values) (gc_sequence_error_quark (), g_enum_register_static (name, values))
DEFINE (gc_sequence_error, "GcSequenceError", REGISTER)
