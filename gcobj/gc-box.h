/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_TYPE_BOX    (gc_box_get_type ())
#define GC_BOX(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_BOX, GcBox))
#define GC_IS_BOX(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_BOX))

typedef struct _GcBox GcBox;

GCOBJ_AVAILABLE_IN_ALL
GType    gc_box_get_type       (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcBox   *gc_box_new            (GcMutation    *m,
                                const GValue  *value);
GCOBJ_AVAILABLE_IN_ALL
GcBox   *gc_box_new_boolean    (GcMutation    *m,
                                gboolean       value);
GCOBJ_AVAILABLE_IN_ALL
GcBox   *gc_box_new_int64      (GcMutation    *m,
                                gint64         value);
GCOBJ_AVAILABLE_IN_ALL
GcBox   *gc_box_new_double     (GcMutation    *m,
                                double         value);

GCOBJ_AVAILABLE_IN_ALL
GType    gc_box_get_value_type (GcBox         *self);
GCOBJ_AVAILABLE_IN_ALL
void     gc_box_get_value      (GcBox         *self,
                                GValue        *value);
GCOBJ_AVAILABLE_IN_ALL
gboolean gc_box_get_boolean    (GcBox         *self,
                                GError       **error);
GCOBJ_AVAILABLE_IN_ALL
gint64   gc_box_get_int64      (GcBox         *self,
                                GError       **error);
GCOBJ_AVAILABLE_IN_ALL
double   gc_box_get_double     (GcBox         *self,
                                GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcBox, gc_object_unref)

G_END_DECLS
