/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-step.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_body (GcMutation     *m,
                              const char     *name,
                              GcStepFunc      func,
                              gpointer        user_data,
                              GDestroyNotify  destroy);

G_END_DECLS
