/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_TYPE_BYTES    (gc_bytes_get_type ())
#define GC_BYTES(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_BYTES, GcBytes))
#define GC_IS_BYTES(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_BYTES))

typedef struct _GcBytes GcBytes;

GCOBJ_AVAILABLE_IN_ALL
GType         gc_bytes_get_type       (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcBytes      *gc_bytes_new            (GcMutation     *m,
                                       gconstpointer   data,
                                       gsize           size);
GCOBJ_AVAILABLE_IN_ALL
GcBytes      *gc_bytes_try_new        (GcMutation     *m,
                                       gconstpointer   data,
                                       gsize           size,
                                       GError        **error);
GCOBJ_AVAILABLE_IN_ALL
GcBytes      *gc_bytes_from_gbytes    (GcMutation     *m,
                                       GBytes         *bytes,
                                       GError        **error);
GCOBJ_AVAILABLE_IN_ALL
GcBytes      *gc_bytes_slice          (GcMutation     *m,
                                       GcBytes        *bytes,
                                       gsize           offset,
                                       gsize           size,
                                       GError        **error);

GCOBJ_AVAILABLE_IN_ALL
const guint8 *gc_bytes_get_data       (GcBytes        *self,
                                       gsize          *size);
GCOBJ_AVAILABLE_IN_ALL
gsize         gc_bytes_get_size       (GcBytes        *self);
GCOBJ_AVAILABLE_IN_ALL
GBytes       *gc_bytes_to_gbytes      (GcBytes        *self);
GCOBJ_AVAILABLE_IN_ALL
guint         gc_bytes_hash           (gconstpointer   self);
GCOBJ_AVAILABLE_IN_ALL
gboolean      gc_bytes_equal          (gconstpointer   self,
                                       gconstpointer   other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcBytes, gc_object_unref)

G_END_DECLS
