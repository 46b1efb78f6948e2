/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-transform.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_loop            (GcMutation      *m,
                                         gpointer         initial,
                                         GcThenFunc       func,
                                         gpointer         context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_loop_full       (GcMutation      *m,
                                         const GValue    *initial,
                                         GcStepFunc       func,
                                         gpointer         user_data,
                                         GDestroyNotify   destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_loop_break      (GcMutation      *m,
                                         gpointer         value);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_loop_break_of   (GcMutation      *m,
                                         const GValue    *value);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_loop_while      (GcMutation      *m,
                                         gpointer         initial,
                                         GcPredicateFunc  condition,
                                         GcThenFunc       func,
                                         gpointer         context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_loop_while_full (GcMutation      *m,
                                         const GValue    *initial,
                                         GcStepFunc       condition,
                                         gpointer         condition_data,
                                         GDestroyNotify   condition_destroy,
                                         GcStepFunc       func,
                                         gpointer         user_data,
                                         GDestroyNotify   destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_repeat          (GcMutation      *m,
                                         guint64          n,
                                         GcThenFunc       func,
                                         gpointer         context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_repeat_full     (GcMutation      *m,
                                         guint64          n,
                                         GcStepFunc       func,
                                         gpointer         user_data,
                                         GDestroyNotify   destroy);

G_END_DECLS
