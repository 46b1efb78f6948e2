/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcobj/gcobj.h>

G_BEGIN_DECLS

#define GC_TYPE_OUTCOME    (gc_outcome_get_type ())
#define GC_OUTCOME(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_OUTCOME, GcOutcome))
#define GC_IS_OUTCOME(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_OUTCOME))

typedef struct _GcOutcome GcOutcome;

GCOBJ_AVAILABLE_IN_ALL
GType     gc_outcome_get_type   (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
guint     gc_outcome_get_index  (GcOutcome  *self);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_outcome_has_failed (GcOutcome  *self);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_outcome_get_result (GcOutcome  *self,
                                 GError    **error);
GCOBJ_AVAILABLE_IN_ALL
GcObject *gc_outcome_dup_result (GcOutcome  *self,
                                 GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcOutcome, gc_object_unref)

G_END_DECLS
