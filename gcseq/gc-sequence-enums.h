/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <glib-object.h>
#include <gcobj/gcobj.h>

G_BEGIN_DECLS

#define GC_TYPE_STEP_RESULT    (gc_step_result_get_type ())
#define GC_TYPE_SEQUENCE_STATE (gc_sequence_state_get_type ())
#define GC_TYPE_SEQUENCE_FLAGS (gc_sequence_flags_get_type ())
#define GC_TYPE_SEQUENCE_ERROR (gc_sequence_error_get_type ())
#define GC_SEQUENCE_ERROR      (gc_sequence_error_quark ())

/**
 * GcStepResult:
 * @GC_STEP_FAILED: there is an error
 * @GC_STEP_CONTINUE: step me again, after a safe point
 * @GC_STEP_WAIT: step me again when a waker is woken
 * @GC_STEP_CALL: run another sequence, then step me with its result
 * @GC_STEP_BECOME: run another sequence in my place
 * @GC_STEP_YIELD: here is an item; step me again when the next one is wanted
 * @GC_STEP_DONE: here is my result
 *
 * What a step says comes next.
 *
 * Since: 0.1
 */
typedef enum
{
  GC_STEP_FAILED,
  GC_STEP_CONTINUE,
  GC_STEP_WAIT,
  GC_STEP_CALL,
  GC_STEP_BECOME,
  GC_STEP_YIELD,
  GC_STEP_DONE
} GcStepResult;

/**
 * GcSequenceState:
 * @GC_SEQUENCE_NEW: no step has run
 * @GC_SEQUENCE_RUNNING: it has a step to run, or runs it
 * @GC_SEQUENCE_AWAITING: another sequence runs, whose result it awaits
 * @GC_SEQUENCE_WAITING: it waits to be woken
 * @GC_SEQUENCE_SUSPENDED: it gave an item and goes on when the next one is wanted
 * @GC_SEQUENCE_DONE: it has ended with a result
 * @GC_SEQUENCE_FAILED: it has ended with an error; cancelled ones with %G_IO_ERROR_CANCELLED
 *
 * Where a sequence is.
 *
 * Since: 0.1
 */
typedef enum
{
  GC_SEQUENCE_NEW,
  GC_SEQUENCE_RUNNING,
  GC_SEQUENCE_AWAITING,
  GC_SEQUENCE_WAITING,
  GC_SEQUENCE_SUSPENDED,
  GC_SEQUENCE_DONE,
  GC_SEQUENCE_FAILED
} GcSequenceState;

/**
 * GcSequenceFlags:
 * @GC_SEQUENCE_NONE: neither of these
 * @GC_SEQUENCE_SAME_STEP: what the awaited sequence ends with enters in the same step, with no
 *   safe point between
 * @GC_SEQUENCE_TAKES_ITEMS: items of the awaited sequence enter as well as its result; without this
 *   they pass by, to who awaits this one
 *
 * How a class of sequences takes what it awaits.
 *
 * Since: 0.1
 */
typedef enum
{
  GC_SEQUENCE_NONE        = 0,
  GC_SEQUENCE_SAME_STEP   = 1 << 0,
  GC_SEQUENCE_TAKES_ITEMS = 1 << 1
} GcSequenceFlags;

/**
 * GcSequenceError:
 * @GC_SEQUENCE_ERROR_FAILED: a step failed and gave no error
 * @GC_SEQUENCE_ERROR_FINISHED: the sequence has ended already
 * @GC_SEQUENCE_ERROR_BUSY: the sequence is awaited by another, or the runner is in a step
 * @GC_SEQUENCE_ERROR_UNWANTED: an item was given that nobody takes
 * @GC_SEQUENCE_ERROR_EXCEPTION: a script raised an exception
 * @GC_SEQUENCE_ERROR_CLOSED: a channel, group or lock is closed
 * @GC_SEQUENCE_ERROR_ALL_FAILED: none of several sequences succeeded
 *
 * Errors of the #GC_SEQUENCE_ERROR domain. Cancellation is %G_IO_ERROR_CANCELLED, a time
 * that ran out %G_IO_ERROR_TIMED_OUT.
 *
 * Since: 0.1
 */
typedef enum
{
  GC_SEQUENCE_ERROR_FAILED,
  GC_SEQUENCE_ERROR_FINISHED,
  GC_SEQUENCE_ERROR_BUSY,
  GC_SEQUENCE_ERROR_UNWANTED,
  GC_SEQUENCE_ERROR_EXCEPTION,
  GC_SEQUENCE_ERROR_CLOSED,
  GC_SEQUENCE_ERROR_ALL_FAILED
} GcSequenceError;

GCOBJ_AVAILABLE_IN_ALL
GType  gc_step_result_get_type     (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GType  gc_sequence_state_get_type  (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GType  gc_sequence_flags_get_type  (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GType  gc_sequence_error_get_type  (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GQuark gc_sequence_error_quark     (void);

G_END_DECLS
