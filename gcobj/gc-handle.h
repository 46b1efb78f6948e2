/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_TYPE_HANDLE (gc_handle_get_type ())
GCOBJ_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GcHandle, gc_handle, GC, HANDLE, GObject)

GCOBJ_AVAILABLE_IN_ALL
GcHandle *gc_handle_new        (gpointer  object);
GCOBJ_AVAILABLE_IN_ALL
GcHandle *gc_handle_new_with_owner (gpointer  object,
                                    GObject  *owner);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_handle_get_object (GcHandle *self);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_handle_dup_object (GcHandle *self);

G_END_DECLS
