/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-transform.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_collect        (GcMutation     *m,
                                         GcSequence     *generator);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_count          (GcMutation     *m,
                                         GcSequence     *generator);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_fold           (GcMutation     *m,
                                         GcSequence     *generator,
                                         gpointer        initial,
                                         GcFoldFunc      func,
                                         gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_fold_full      (GcMutation     *m,
                                         GcSequence     *generator,
                                         const GValue   *initial,
                                         GcStepFunc      func,
                                         gpointer        user_data,
                                         GDestroyNotify  destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_for_each       (GcMutation     *m,
                                         GcSequence     *generator,
                                         GcThenFunc      func,
                                         gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_for_each_full  (GcMutation     *m,
                                         GcSequence     *generator,
                                         GcStepFunc      func,
                                         gpointer        user_data,
                                         GDestroyNotify  destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_find           (GcMutation     *m,
                                         GcSequence     *generator,
                                         GcPredicateFunc func,
                                         gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_find_full      (GcMutation     *m,
                                         GcSequence     *generator,
                                         GcStepFunc      func,
                                         gpointer        user_data,
                                         GDestroyNotify  destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_any_match      (GcMutation     *m,
                                         GcSequence     *generator,
                                         GcPredicateFunc func,
                                         gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_any_match_full (GcMutation     *m,
                                         GcSequence     *generator,
                                         GcStepFunc      func,
                                         gpointer        user_data,
                                         GDestroyNotify  destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_all_match      (GcMutation     *m,
                                         GcSequence     *generator,
                                         GcPredicateFunc func,
                                         gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_all_match_full (GcMutation     *m,
                                         GcSequence     *generator,
                                         GcStepFunc      func,
                                         gpointer        user_data,
                                         GDestroyNotify  destroy);

G_END_DECLS
