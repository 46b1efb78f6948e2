/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-sequence-enums.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
guint         gc_sequence_error_get_n_causes (const GError *error);
GCOBJ_AVAILABLE_IN_ALL
const GError *gc_sequence_error_get_cause    (const GError *error,
                                              guint         index);

G_END_DECLS
