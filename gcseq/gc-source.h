/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-sequence.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_from_source      (GcMutation   *m,
                                          GSource      *source);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_from_fd          (GcMutation   *m,
                                          int           fd,
                                          GIOCondition  condition);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_from_child       (GcMutation   *m,
                                          GPid          pid);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_from_subprocess  (GcMutation   *m,
                                          GSubprocess  *subprocess);

G_END_DECLS
