/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-sequence.h>

G_BEGIN_DECLS

#define GC_TYPE_ONCE    (gc_once_get_type ())
#define GC_ONCE(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_ONCE, GcOnce))
#define GC_IS_ONCE(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_ONCE))

typedef struct _GcOnce GcOnce;

GCOBJ_AVAILABLE_IN_ALL
GType       gc_once_get_type (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcOnce     *gc_once_new      (GcMutation *m,
                              GcSequence *sequence);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_once_get      (GcOnce     *self,
                              GcMutation *m);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_once_is_done  (GcOnce     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcOnce, gc_object_unref)

G_END_DECLS
