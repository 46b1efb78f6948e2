/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-transform.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_map             (GcMutation      *m,
                                          GcSequence      *generator,
                                          GcMapFunc        func,
                                          gpointer         context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_map_full        (GcMutation      *m,
                                          GcSequence      *generator,
                                          GcStepFunc       func,
                                          gpointer         user_data,
                                          GDestroyNotify   destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_filter          (GcMutation      *m,
                                          GcSequence      *generator,
                                          GcPredicateFunc  func,
                                          gpointer         context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_filter_full     (GcMutation      *m,
                                          GcSequence      *generator,
                                          GcStepFunc       func,
                                          gpointer         user_data,
                                          GDestroyNotify   destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_flat_map        (GcMutation      *m,
                                          GcSequence      *generator,
                                          GcThenFunc       func,
                                          gpointer         context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_flat_map_full   (GcMutation      *m,
                                          GcSequence      *generator,
                                          GcStepFunc       func,
                                          gpointer         user_data,
                                          GDestroyNotify   destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_scan            (GcMutation      *m,
                                          GcSequence      *generator,
                                          gpointer         initial,
                                          GcFoldFunc       func,
                                          gpointer         context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_scan_full       (GcMutation      *m,
                                          GcSequence      *generator,
                                          const GValue    *initial,
                                          GcStepFunc       func,
                                          gpointer         user_data,
                                          GDestroyNotify   destroy);

G_END_DECLS
