/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-step.h>

G_BEGIN_DECLS

/**
 * GcStepsFunc: (skip)
 * @m: the mutation
 * @step: what goes in and out
 * @context: the context, which is traced
 * @error: return location for an error
 *
 * A step as a function with a traced context.
 *
 * Returns: what comes next
 *
 * Since: 0.1
 */
typedef GcStepResult (*GcStepsFunc) (GcMutation  *m,
                                     GcStep      *step,
                                     gpointer     context,
                                     GError     **error);

/**
 * GcThunkFunc: (skip)
 * @m: the mutation
 * @context: the context, which is traced
 * @error: return location for an error
 *
 * Makes a sequence.
 *
 * Returns: (transfer none): the sequence; or %NULL with @error set
 *
 * Since: 0.1
 */
typedef GcSequence *(*GcThunkFunc) (GcMutation  *m,
                                    gpointer     context,
                                    GError     **error);

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_value       (GcMutation     *m,
                                     gpointer        value);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_value_of    (GcMutation     *m,
                                     const GValue   *value);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_error       (GcMutation     *m,
                                     const GError   *error);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_never       (GcMutation     *m);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_steps       (GcMutation     *m,
                                     GcStepsFunc     func,
                                     gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_func        (GcMutation     *m,
                                     GcStepFunc      func,
                                     gpointer        user_data,
                                     GDestroyNotify  destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_defer       (GcMutation     *m,
                                     GcThunkFunc     func,
                                     gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_defer_full  (GcMutation     *m,
                                     GcStepFunc      func,
                                     gpointer        user_data,
                                     GDestroyNotify  destroy);

G_END_DECLS
