/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-sequence.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_chain       (GcMutation  *m,
                                      GcSequence  *first,
                                      ...) G_GNUC_NULL_TERMINATED;
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_chain_array (GcMutation  *m,
                                      GcSequence **generators,
                                      gsize        n);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_zip         (GcMutation  *m,
                                      GcSequence  *first,
                                      ...) G_GNUC_NULL_TERMINATED;
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_zip_array   (GcMutation  *m,
                                      GcSequence **generators,
                                      gsize        n);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_merge       (GcMutation  *m,
                                      GcSequence  *first,
                                      ...) G_GNUC_NULL_TERMINATED;
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_merge_array (GcMutation  *m,
                                      GcSequence **generators,
                                      gsize        n);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_flatten     (GcMutation  *m,
                                      GcSequence  *generator,
                                      guint        limit);

G_END_DECLS
