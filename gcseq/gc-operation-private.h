/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcseq/gc-runner-private.h"

G_BEGIN_DECLS

/* Something outside of the arena that a sequence waits for: a callback of Gio, a source, a thread.
 *
 * The record is counted and in malloc's memory. The sequence has a reference, and whoever completes
 * the operation another: a callback stores what came in the record and completes it, on any thread, and
 * never sees the sequence, which may be gone. A sequence that is dropped half-way cancels its operation
 * and forgets it; the rest happens with nobody looking. */

typedef struct _GcOperation GcOperation;

typedef struct
{
  const char   *name;           /* for descriptions */
  gsize         size;
  /* In the first step, with the runner's main context as the thread's default one. FALSE if
   * it could not begin, with an error. */
  gboolean    (*start)  (GcOperation  *self,
                         GcStep       *step,
                         GError      **error);
  /* In the step after it was completed: gives the result, or sets the error. */
  gpointer    (*finish) (GcOperation  *self,
                         GcMutation   *m,
                         GError      **error);
  /* Stops it: in a step, or when it was dropped, with no scope. */
  void        (*cancel) (GcOperation  *self);
  /* Frees what it has, outside of finalizers. */
  void        (*clear)  (GcOperation  *self);
} GcOperationClass;

struct _GcOperation
{
  const GcOperationClass *klass;
  GcWaker                 waker;
  gint                    ref_count;    /* atomic */
  gint                    is_done;      /* atomic */
  guint8                  has_begun;
  guint8                  is_awaited;   /* once cancelled it is still waited for */
};

/* gc-operation.c */
gpointer    gc_operation_new      (const GcOperationClass *klass);
gpointer    gc_operation_ref      (gpointer                operation);
void        gc_operation_unref    (gpointer                operation);
void        gc_operation_complete (gpointer                operation);
GcSequence *gc_operation_await    (GcMutation             *m,
                                   gpointer                operation);

/* What one thread has done before it hands the record over, another sees after it has taken it over, whatever
 * brings the record there. A new reference hands over, and completing takes over. */
static inline void
gc_operation_hand_over (gpointer operation)
{
  __atomic_fetch_add (&((GcOperation *) operation)->ref_count, 0, __ATOMIC_RELEASE);
}

static inline void
gc_operation_take_over (gpointer operation)
{
  (void) __atomic_load_n (&((GcOperation *) operation)->ref_count, __ATOMIC_ACQUIRE);
}

G_END_DECLS
