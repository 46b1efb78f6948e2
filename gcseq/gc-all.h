/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-outcome.h>
#include <gcseq/gc-sequence.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_join                (GcMutation  *m,
                                             GcSequence  *first,
                                             GcSequence  *second);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_all                 (GcMutation  *m,
                                             GcSequence  *first,
                                             ...) G_GNUC_NULL_TERMINATED;
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_allv                (GcMutation  *m,
                                             GcSequence **sequences,
                                             gsize        n);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_all_limited         (GcMutation  *m,
                                             GcSequence **sequences,
                                             gsize        n,
                                             guint        max);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_all_from            (GcMutation  *m,
                                             GcSequence  *generator,
                                             guint        max);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_all_settled         (GcMutation  *m,
                                             GcSequence  *first,
                                             ...) G_GNUC_NULL_TERMINATED;
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_all_settledv        (GcMutation  *m,
                                             GcSequence **sequences,
                                             gsize        n);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_all_settled_limited (GcMutation  *m,
                                             GcSequence **sequences,
                                             gsize        n,
                                             guint        max);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_all_settled_from    (GcMutation  *m,
                                             GcSequence  *generator,
                                             guint        max);

G_END_DECLS
