/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-task-group.h>

G_BEGIN_DECLS

/**
 * GcScopeFunc: (skip)
 * @m: the mutation
 * @group: the scope's tasks
 * @step: the step that it is called in, for gc_task_group_spawn()
 * @context: (nullable): the context, which is traced
 * @error: return location for an error
 *
 * Makes the body of a scope.
 *
 * Returns: the body; or %NULL with @error set
 *
 * Since: 0.1
 */
typedef GcSequence *(*GcScopeFunc) (GcMutation   *m,
                                    GcTaskGroup  *group,
                                    GcStep       *step,
                                    gpointer      context,
                                    GError      **error);

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_scope      (GcMutation     *m,
                                    GcScopeFunc     func,
                                    gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_scope_full (GcMutation     *m,
                                    GcStepFunc      func,
                                    gpointer        user_data,
                                    GDestroyNotify  destroy);

G_END_DECLS
