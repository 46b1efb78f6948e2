/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_TYPE_STRING    (gc_string_get_type ())
#define GC_STRING(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_STRING, GcString))
#define GC_IS_STRING(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_STRING))

typedef struct _GcString GcString;

GCOBJ_AVAILABLE_IN_ALL
GType       gc_string_get_type      (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcString   *gc_string_new           (GcMutation     *m,
                                     const char     *text);
GCOBJ_AVAILABLE_IN_ALL
GcString   *gc_string_try_new       (GcMutation     *m,
                                     const char     *text,
                                     GError        **error);
GCOBJ_AVAILABLE_IN_ALL
GcString   *gc_string_new_len       (GcMutation     *m,
                                     const char     *text,
                                     gssize          length);
GCOBJ_AVAILABLE_IN_ALL
GcString   *gc_string_try_new_len   (GcMutation     *m,
                                     const char     *text,
                                     gssize          length,
                                     GError        **error);
GCOBJ_AVAILABLE_IN_ALL
GcString   *gc_string_new_printf    (GcMutation     *m,
                                     const char     *format,
                                     ...) G_GNUC_PRINTF (2, 3);
GCOBJ_AVAILABLE_IN_ALL
GcString   *gc_string_concat        (GcMutation     *m,
                                     GcString       *a,
                                     GcString       *b);
GCOBJ_AVAILABLE_IN_ALL
GcString   *gc_string_try_concat    (GcMutation     *m,
                                     GcString       *a,
                                     GcString       *b,
                                     GError        **error);

GCOBJ_AVAILABLE_IN_ALL
const char *gc_string_get_text      (GcString       *self);
GCOBJ_AVAILABLE_IN_ALL
gsize       gc_string_get_length    (GcString       *self);
GCOBJ_AVAILABLE_IN_ALL
guint       gc_string_hash          (gconstpointer   self);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_string_equal         (gconstpointer   self,
                                     gconstpointer   other);
GCOBJ_AVAILABLE_IN_ALL
int         gc_string_compare       (gconstpointer   self,
                                     gconstpointer   other);

GCOBJ_AVAILABLE_IN_ALL
GcString   *gc_string_intern        (GcMutation     *m,
                                     const char     *text);
GCOBJ_AVAILABLE_IN_ALL
GcString   *gc_string_try_intern    (GcMutation     *m,
                                     const char     *text,
                                     GError        **error);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_string_is_interned   (GcString       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcString, gc_object_unref)

G_END_DECLS
