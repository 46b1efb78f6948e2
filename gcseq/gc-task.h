/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-async.h>
#include <gcseq/gc-runner.h>

G_BEGIN_DECLS

/**
 * GcTaskReturnFunc: (skip)
 * @task: the task
 * @value: (nullable): what the sequence ended with: an object or a tagged word
 * @user_data: user data
 *
 * Returns a sequence's result from a #GTask.
 *
 * Since: 0.1
 */
typedef void (*GcTaskReturnFunc) (GTask    *task,
                                  gpointer  value,
                                  gpointer  user_data);

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_from_task      (GcMutation        *m,
                                        GTask             *task,
                                        GcAsyncFinishFunc  finish,
                                        gpointer           user_data,
                                        GDestroyNotify     destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_from_task_value (GcMutation       *m,
                                         GTask            *task);

GCOBJ_AVAILABLE_IN_ALL
void        gc_runner_run_task         (GcRunner          *self,
                                        GcSequence        *sequence,
                                        GTask             *task);
GCOBJ_AVAILABLE_IN_ALL
void        gc_runner_run_task_full    (GcRunner          *self,
                                        GcSequence        *sequence,
                                        GTask             *task,
                                        GcTaskReturnFunc   func,
                                        gpointer           user_data);

G_END_DECLS
