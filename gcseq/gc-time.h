/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-step.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_sleep       (GcMutation *m,
                                     gint64      microseconds);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_sleep_until (GcMutation *m,
                                     gint64      when);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_timeout     (GcMutation *m,
                                     GcSequence *sequence,
                                     gint64      microseconds);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_deadline    (GcMutation *m,
                                     GcSequence *sequence,
                                     gint64      when);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_idle        (GcMutation *m);

G_END_DECLS
