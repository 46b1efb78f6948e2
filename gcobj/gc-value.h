/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_VALUE_HOLDS_OBJECT(value) (G_TYPE_CHECK_VALUE_TYPE ((value), GC_TYPE_OBJECT))

GCOBJ_AVAILABLE_IN_ALL
void      gc_value_set_object       (GValue       *value,
                                     gpointer      object);
GCOBJ_AVAILABLE_IN_ALL
void      gc_value_take_object      (GValue       *value,
                                     gpointer      object);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_value_get_object       (const GValue *value);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_value_dup_object       (const GValue *value);

GCOBJ_AVAILABLE_IN_ALL
void      gc_cclosure_marshal_VOID__OBJECT  (GClosure     *closure,
                                             GValue       *return_value,
                                             guint         n_params,
                                             const GValue *params,
                                             gpointer      invocation_hint,
                                             gpointer      marshal_data);
GCOBJ_AVAILABLE_IN_ALL
void      gc_cclosure_marshal_VOID__OBJECTv (GClosure     *closure,
                                             GValue       *return_value,
                                             gpointer      instance,
                                             va_list       args,
                                             gpointer      marshal_data,
                                             int           n_params,
                                             GType        *param_types);

G_END_DECLS
