/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gio/gio.h>
#include <gcobj/gc-array.h>

G_BEGIN_DECLS

#define GC_TYPE_LIST_MODEL (gc_list_model_get_type ())
GCOBJ_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GcListModel, gc_list_model, GC, LIST_MODEL, GObject)

GCOBJ_AVAILABLE_IN_ALL
GcListModel *gc_list_model_new       (GcArray     *array);
GCOBJ_AVAILABLE_IN_ALL
GcListModel *gc_list_model_new_with_owner (GcArray *array,
                                           GObject *owner);

GCOBJ_AVAILABLE_IN_ALL
GcArray     *gc_list_model_get_array (GcListModel *self);
GCOBJ_AVAILABLE_IN_ALL
GcArray     *gc_list_model_dup_array (GcListModel *self);
GCOBJ_AVAILABLE_IN_ALL
void         gc_list_model_flush     (GcListModel *self);

G_END_DECLS
