/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_TYPE_ARRAY    (gc_array_get_type ())
#define GC_ARRAY(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_ARRAY, GcArray))
#define GC_IS_ARRAY(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_ARRAY))

typedef struct _GcArray GcArray;

GCOBJ_AVAILABLE_IN_ALL
GType      gc_array_get_type      (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcArray   *gc_array_new           (GcMutation  *m);
GCOBJ_AVAILABLE_IN_ALL
GcArray   *gc_array_new_sized     (GcMutation  *m,
                                   gsize        length,
                                   GError     **error);
GCOBJ_AVAILABLE_IN_ALL
GcArray   *gc_array_new_from_list (GcMutation  *m,
                                   GcObject   **values,
                                   gsize        n,
                                   GError     **error);

GCOBJ_AVAILABLE_IN_ALL
gsize      gc_array_get_length    (GcArray     *self);
GCOBJ_AVAILABLE_IN_ALL
gboolean   gc_array_set_length    (GcArray     *self,
                                   gsize        length,
                                   GError     **error);

GCOBJ_AVAILABLE_IN_ALL
gpointer   gc_array_get           (GcArray     *self,
                                   gsize        index);
GCOBJ_AVAILABLE_IN_ALL
GcObject  *gc_array_dup           (GcArray     *self,
                                   gsize        index,
                                   GError     **error);
GCOBJ_AVAILABLE_IN_ALL
gboolean   gc_array_at            (GcArray     *self,
                                   gssize       index,
                                   GcObject   **value,
                                   GError     **error);
GCOBJ_AVAILABLE_IN_ALL
GcObject *const *gc_array_peek    (GcArray     *self,
                                   gsize       *n);
GCOBJ_AVAILABLE_IN_ALL
GcObject **gc_array_list          (GcArray     *self,
                                   gsize       *n);
GCOBJ_AVAILABLE_IN_ALL
GcObject **gc_array_list_range    (GcArray     *self,
                                   gsize        index,
                                   gsize        most,
                                   gsize       *n,
                                   GError     **error);
GCOBJ_AVAILABLE_IN_ALL
guint      gc_array_get_n_changes (GcArray     *self);

GCOBJ_AVAILABLE_IN_ALL
void       gc_array_set           (GcArray     *self,
                                   gsize        index,
                                   gpointer     value);
GCOBJ_AVAILABLE_IN_ALL
gboolean   gc_array_try_set       (GcArray     *self,
                                   gsize        index,
                                   gpointer     value,
                                   GError     **error);
GCOBJ_AVAILABLE_IN_ALL
void       gc_array_append        (GcArray     *self,
                                   gpointer     value);
GCOBJ_AVAILABLE_IN_ALL
gboolean   gc_array_try_append    (GcArray     *self,
                                   gpointer     value,
                                   GError     **error);
GCOBJ_AVAILABLE_IN_ALL
void       gc_array_insert        (GcArray     *self,
                                   gsize        index,
                                   gpointer     value);
GCOBJ_AVAILABLE_IN_ALL
gboolean   gc_array_try_insert    (GcArray     *self,
                                   gsize        index,
                                   gpointer     value,
                                   GError     **error);
GCOBJ_AVAILABLE_IN_ALL
void       gc_array_remove        (GcArray     *self,
                                   gsize        index);
GCOBJ_AVAILABLE_IN_ALL
gboolean   gc_array_try_remove    (GcArray     *self,
                                   gsize        index,
                                   GError     **error);
GCOBJ_AVAILABLE_IN_ALL
gpointer   gc_array_pop           (GcArray     *self);
GCOBJ_AVAILABLE_IN_ALL
GcObject  *gc_array_pop_dup       (GcArray     *self);
GCOBJ_AVAILABLE_IN_ALL
void       gc_array_clear         (GcArray     *self);

GCOBJ_AVAILABLE_IN_ALL
gssize     gc_array_index_of      (GcArray     *self,
                                   gpointer     value);
GCOBJ_AVAILABLE_IN_ALL
gboolean   gc_array_contains      (GcArray     *self,
                                   gpointer     value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcArray, gc_object_unref)

G_END_DECLS
