/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-transform.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_take_while      (GcMutation      *m,
                                          GcSequence      *generator,
                                          GcPredicateFunc  func,
                                          gpointer         context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_take_while_full (GcMutation      *m,
                                          GcSequence      *generator,
                                          GcStepFunc       func,
                                          gpointer         user_data,
                                          GDestroyNotify   destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_take            (GcMutation      *m,
                                          GcSequence      *generator,
                                          guint64          n);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_skip            (GcMutation      *m,
                                          GcSequence      *generator,
                                          guint64          n);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_chunk           (GcMutation      *m,
                                          GcSequence      *generator,
                                          guint            n);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_enumerate       (GcMutation      *m,
                                          GcSequence      *generator);

G_END_DECLS
