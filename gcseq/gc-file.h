/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-sequence.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_load_file  (GcMutation *m,
                                    GFile      *file);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_store_file (GcMutation *m,
                                    GFile      *file,
                                    GcBytes    *data);

G_END_DECLS
