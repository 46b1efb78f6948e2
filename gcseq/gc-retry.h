/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-transform.h>

G_BEGIN_DECLS

/**
 * GcRetryFunc: (skip)
 * @m: the mutation
 * @error: what a try failed with
 * @n_tries: how many there were
 * @context: (nullable): the context, which is traced
 *
 * Says whether to try again.
 *
 * Returns: whether to
 *
 * Since: 0.1
 */
typedef gboolean (*GcRetryFunc) (GcMutation   *m,
                                 const GError *error,
                                 guint         n_tries,
                                 gpointer      context);

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_retry      (GcMutation     *m,
                                    guint           max_tries,
                                    gint64          delay,
                                    double          factor,
                                    double          jitter,
                                    GcThenFunc      func,
                                    GcRetryFunc     condition,
                                    gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_retry_full (GcMutation     *m,
                                    guint           max_tries,
                                    gint64          delay,
                                    double          factor,
                                    double          jitter,
                                    GcStepFunc      func,
                                    gpointer        user_data,
                                    GDestroyNotify  destroy,
                                    GcStepFunc      condition,
                                    gpointer        condition_data,
                                    GDestroyNotify  condition_destroy);

G_END_DECLS
