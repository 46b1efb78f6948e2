/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-sequence.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_from_signal      (GcMutation   *m,
                                          GObject      *instance,
                                          const char   *detailed_signal);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_from_property    (GcMutation   *m,
                                          GObject      *instance,
                                          const char   *property,
                                          const GValue *value);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_from_cancellable (GcMutation   *m,
                                          GCancellable *cancellable);

G_END_DECLS
