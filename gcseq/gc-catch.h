/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-leaf.h>

G_BEGIN_DECLS

/**
 * GcMapErrorFunc: (skip)
 * @m: the mutation
 * @error: an error
 * @context: (nullable): the context, which is traced
 *
 * Makes an error of another.
 *
 * Returns: (transfer full) (nullable): the error; %NULL leaves it as it is
 *
 * Since: 0.1
 */
typedef GError *(*GcMapErrorFunc) (GcMutation   *m,
                                   const GError *error,
                                   gpointer      context);

/**
 * GcCatchFunc: (skip)
 * @m: the mutation
 * @caught: the error that was caught
 * @context: (nullable): the context, which is traced
 * @error: return location for an error
 *
 * Makes a sequence of an error.
 *
 * Returns: the sequence to go on with; or %NULL with @error set
 *
 * Since: 0.1
 */
typedef GcSequence *(*GcCatchFunc) (GcMutation    *m,
                                    const GError  *caught,
                                    gpointer       context,
                                    GError       **error);

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_map_error      (GcMutation     *m,
                                        GcSequence     *sequence,
                                        GcMapErrorFunc  func,
                                        gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_map_error_full (GcMutation     *m,
                                        GcSequence     *sequence,
                                        GcStepFunc      func,
                                        gpointer        user_data,
                                        GDestroyNotify  destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_or_else        (GcMutation     *m,
                                        GcSequence     *sequence,
                                        GcCatchFunc     func,
                                        gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_or_else_full   (GcMutation     *m,
                                        GcSequence     *sequence,
                                        GcStepFunc      func,
                                        gpointer        user_data,
                                        GDestroyNotify  destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_catch          (GcMutation     *m,
                                        GcSequence     *sequence,
                                        GQuark          domain,
                                        int             code,
                                        GcCatchFunc     func,
                                        gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_catch_full     (GcMutation     *m,
                                        GcSequence     *sequence,
                                        GQuark          domain,
                                        int             code,
                                        GcStepFunc      func,
                                        gpointer        user_data,
                                        GDestroyNotify  destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_catch_value    (GcMutation     *m,
                                        GcSequence     *sequence,
                                        GQuark          domain,
                                        int             code,
                                        gpointer        value);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_catch_value_of (GcMutation     *m,
                                        GcSequence     *sequence,
                                        GQuark          domain,
                                        int             code,
                                        const GValue   *value);

G_END_DECLS
