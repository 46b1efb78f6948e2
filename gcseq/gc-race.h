/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-outcome.h>
#include <gcseq/gc-sequence.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_any                (GcMutation  *m,
                                            GcSequence  *first,
                                            ...) G_GNUC_NULL_TERMINATED;
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_anyv               (GcMutation  *m,
                                            GcSequence **sequences,
                                            gsize        n);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_any_limited        (GcMutation  *m,
                                            GcSequence **sequences,
                                            gsize        n,
                                            guint        max);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_any_from           (GcMutation  *m,
                                            GcSequence  *generator,
                                            guint        max);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_race               (GcMutation  *m,
                                            GcSequence  *first,
                                            ...) G_GNUC_NULL_TERMINATED;
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_racev              (GcMutation  *m,
                                            GcSequence **sequences,
                                            gsize        n);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_race_from          (GcMutation  *m,
                                            GcSequence  *generator,
                                            guint        max);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_race_detached      (GcMutation  *m,
                                            GcSequence  *first,
                                            ...) G_GNUC_NULL_TERMINATED;
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_race_detachedv     (GcMutation  *m,
                                            GcSequence **sequences,
                                            gsize        n);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_race_detached_from (GcMutation  *m,
                                            GcSequence  *generator,
                                            guint        max);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_select             (GcMutation  *m,
                                            GcSequence  *first,
                                            ...) G_GNUC_NULL_TERMINATED;
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_selectv            (GcMutation  *m,
                                            GcSequence **sequences,
                                            gsize        n);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_select_from        (GcMutation  *m,
                                            GcSequence  *generator,
                                            guint        max);

G_END_DECLS
