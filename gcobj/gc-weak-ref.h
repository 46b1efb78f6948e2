/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_TYPE_WEAK_REF    (gc_weak_ref_get_type ())
#define GC_WEAK_REF(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_WEAK_REF, GcWeakRef))
#define GC_IS_WEAK_REF(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_WEAK_REF))

typedef struct _GcWeakRef GcWeakRef;

GCOBJ_AVAILABLE_IN_ALL
GType      gc_weak_ref_get_type       (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcWeakRef *gc_weak_ref_new            (GcMutation *m,
                                       gpointer    object);
GCOBJ_AVAILABLE_IN_ALL
gpointer   gc_weak_ref_upgrade        (GcWeakRef  *self);
GCOBJ_AVAILABLE_IN_ALL
GcObject  *gc_weak_ref_upgrade_dup    (GcWeakRef  *self);
GCOBJ_AVAILABLE_IN_ALL
gboolean   gc_weak_ref_is_dead        (GcWeakRef  *self);
GCOBJ_AVAILABLE_IN_ALL
gboolean   gc_weak_ref_is_dropped     (GcWeakRef  *self);
GCOBJ_AVAILABLE_IN_ALL
gpointer   gc_weak_ref_resurrect      (GcWeakRef  *self);
GCOBJ_AVAILABLE_IN_ALL
GcObject  *gc_weak_ref_resurrect_dup  (GcWeakRef  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcWeakRef, gc_object_unref)

G_END_DECLS
