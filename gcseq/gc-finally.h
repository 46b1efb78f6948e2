/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-leaf.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_finally      (GcMutation     *m,
                                      GcSequence     *sequence,
                                      GcThunkFunc     func,
                                      gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_finally_full (GcMutation     *m,
                                      GcSequence     *sequence,
                                      GcStepFunc      func,
                                      gpointer        user_data,
                                      GDestroyNotify  destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_shield       (GcMutation     *m,
                                      GcSequence     *sequence);

G_END_DECLS
