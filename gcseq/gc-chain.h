/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-sequence.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_chain   (GcMutation *m,
                                 GcSequence *first,
                                 GcSequence *second);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_flatten (GcMutation *m,
                                 GcSequence *sequence);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_named   (GcMutation *m,
                                 GcSequence *sequence,
                                 const char *name);

G_END_DECLS
