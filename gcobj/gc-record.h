/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_TYPE_RECORD    (gc_record_get_type ())
#define GC_RECORD(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_RECORD, GcRecord))
#define GC_IS_RECORD(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_RECORD))

typedef struct _GcRecord GcRecord;

GCOBJ_AVAILABLE_IN_ALL
GType        gc_record_get_type            (void) G_GNUC_CONST;

/* Types */
GCOBJ_AVAILABLE_IN_ALL
GType        gc_record_type_register       (const char         *name,
                                            GType               parent,
                                            const char *const  *names,
                                            const GType        *types,
                                            gsize               n_types,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
const char **gc_record_type_list_fields    (GType               type,
                                            gsize              *n_fields);
GCOBJ_AVAILABLE_IN_ALL
GType        gc_record_type_get_field_type (GType               type,
                                            const char         *name);

/* Records */
GCOBJ_AVAILABLE_IN_ALL
GcRecord    *gc_record_new                 (GcMutation         *m,
                                            GType               type,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
GType        gc_record_get_record_type     (GcRecord           *self);
GCOBJ_AVAILABLE_IN_ALL
const char **gc_record_list_fields         (GcRecord           *self,
                                            gsize              *n_fields);
GCOBJ_AVAILABLE_IN_ALL
gboolean     gc_record_has_field           (GcRecord           *self,
                                            const char         *name);
GCOBJ_AVAILABLE_IN_ALL
GType        gc_record_get_field_type      (GcRecord           *self,
                                            const char         *name);

GCOBJ_AVAILABLE_IN_ALL
gboolean     gc_record_get_value           (GcRecord           *self,
                                            const char         *name,
                                            GValue             *value,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
gboolean     gc_record_set_value           (GcRecord           *self,
                                            const char         *name,
                                            const GValue       *value,
                                            GError            **error);

GCOBJ_AVAILABLE_IN_ALL
gpointer     gc_record_get_object          (GcRecord           *self,
                                            const char         *name,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
gpointer     gc_record_dup_object          (GcRecord           *self,
                                            const char         *name,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
gboolean     gc_record_set_object          (GcRecord           *self,
                                            const char         *name,
                                            gpointer            object,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
const char  *gc_record_get_string          (GcRecord           *self,
                                            const char         *name,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
char        *gc_record_dup_string          (GcRecord           *self,
                                            const char         *name,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
gboolean     gc_record_set_string          (GcRecord           *self,
                                            const char         *name,
                                            const char         *value,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
gboolean     gc_record_get_boolean         (GcRecord           *self,
                                            const char         *name,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
gboolean     gc_record_set_boolean         (GcRecord           *self,
                                            const char         *name,
                                            gboolean            value,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
gint64       gc_record_get_int64           (GcRecord           *self,
                                            const char         *name,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
gboolean     gc_record_set_int64           (GcRecord           *self,
                                            const char         *name,
                                            gint64              value,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
double       gc_record_get_double          (GcRecord           *self,
                                            const char         *name,
                                            GError            **error);
GCOBJ_AVAILABLE_IN_ALL
gboolean     gc_record_set_double          (GcRecord           *self,
                                            const char         *name,
                                            double              value,
                                            GError            **error);

/* The same by ids of names: g_quark_from_string() */
GCOBJ_AVAILABLE_IN_ALL
gpointer     gc_record_id_get_object        (GcRecord           *self,
                                             GQuark              id,
                                             GError            **error);
GCOBJ_AVAILABLE_IN_ALL
gpointer     gc_record_id_dup_object        (GcRecord           *self,
                                             GQuark              id,
                                             GError            **error);
GCOBJ_AVAILABLE_IN_ALL
void         gc_record_id_set_object        (GcRecord           *self,
                                             GQuark              id,
                                             gpointer            object,
                                             GError            **error);
GCOBJ_AVAILABLE_IN_ALL
const char  *gc_record_id_get_string        (GcRecord           *self,
                                             GQuark              id,
                                             GError            **error);
GCOBJ_AVAILABLE_IN_ALL
char        *gc_record_id_dup_string        (GcRecord           *self,
                                             GQuark              id,
                                             GError            **error);
GCOBJ_AVAILABLE_IN_ALL
void         gc_record_id_set_string        (GcRecord           *self,
                                             GQuark              id,
                                             const char         *value,
                                             GError            **error);
GCOBJ_AVAILABLE_IN_ALL
gboolean     gc_record_id_get_boolean       (GcRecord           *self,
                                             GQuark              id,
                                             GError            **error);
GCOBJ_AVAILABLE_IN_ALL
void         gc_record_id_set_boolean       (GcRecord           *self,
                                             GQuark              id,
                                             gboolean            value,
                                             GError            **error);
GCOBJ_AVAILABLE_IN_ALL
gint64       gc_record_id_get_int64         (GcRecord           *self,
                                             GQuark              id,
                                             GError            **error);
GCOBJ_AVAILABLE_IN_ALL
void         gc_record_id_set_int64         (GcRecord           *self,
                                             GQuark              id,
                                             gint64              value,
                                             GError            **error);
GCOBJ_AVAILABLE_IN_ALL
double       gc_record_id_get_double        (GcRecord           *self,
                                             GQuark              id,
                                             GError            **error);
GCOBJ_AVAILABLE_IN_ALL
void         gc_record_id_set_double        (GcRecord           *self,
                                             GQuark              id,
                                             double              value,
                                             GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcRecord, gc_object_unref)

G_END_DECLS
