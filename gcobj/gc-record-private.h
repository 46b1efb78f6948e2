/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-record.h"
#include "gcobj/gc-scalar-private.h"

G_BEGIN_DECLS

typedef enum
{
  GC_FIELD_SCALAR,              /* stored as it is */
  GC_FIELD_OBJECT,              /* a slot */
  GC_FIELD_STRING,              /* a slot with a GcString, which text that was read outlives */
  GC_FIELD_HELD                 /* a pointer to a GcHeld, or NULL */
} GcFieldKind;

typedef struct
{
  const char  *name;
  GQuark       id;              /* the name's */
  GcFieldKind  kind;
  GType        type;
  guint        offset;
  guint        size;
} GcRecordField;

/* A type, for the life of the process. The fields of the parent come first. */
typedef struct
{
  char           *name;
  char          **own_names;    /* of the fields that are not the parent's */
  GType           type;
  GType           parent;
  guint           n_fields;
  guint           n_inherited;
  GcRecordField  *fields;
  GHashTable     *by_name;      /* neither changes, so that anybody may look */
  const GcRecordField **by_id;  /* by the last bits of the id, or behind where that place was taken */
  guint           id_mask;
  guint           size;
} GcRecordInfo;

struct _GcRecord
{
  GcObject parent_instance;
};

typedef struct
{
  GcObjectClass       parent_class;
  const GcRecordInfo *info;     /* NULL for GcRecord itself */
} GcRecordClass;

static inline const GcRecordInfo *
gc_record_get_info (gconstpointer self)
{
  return ((const GcRecordClass *) ((const GTypeInstance *) self)->g_class)->info;
}

static inline gpointer
gc_record_get_place (GcRecord            *self,
                     const GcRecordField *field)
{
  return (char *) self + field->offset;
}

/* The field of an id, or NULL. */
static inline const GcRecordField *
gc_record_find_id (const GcRecordInfo *info,
                   GQuark              id)
{
  const GcRecordField *field = NULL;

  if (info != NULL)
    for (guint i = id & info->id_mask; (field = info->by_id[i]) != NULL && field->id != id; )
      i = (i + 1) & info->id_mask;
  return field;
}

/* gc-record-type.c */
const GcRecordField *gc_record_find_field    (const GcRecordInfo   *info,
                                              const char           *name);
const char         **gc_record_copy_names    (const GcRecordInfo   *info,
                                              gsize                *n_fields);

/* gc-record.c */
void                 gc_record_finalize      (GcObject             *object);

/* gc-record-field.c */
const GcRecordField *gc_record_need_field    (GcRecord             *self,
                                              const char           *name,
                                              GError              **error);
const GcRecordField *gc_record_need_id       (GcRecord             *self,
                                              GQuark                id,
                                              GError              **error);
const GcRecordField *gc_record_need_kind     (const GcRecordField  *field,
                                              GcFieldKind           kind,
                                              GError              **error);
void                 gc_record_load_number   (GcRecord             *self,
                                              const GcRecordField  *field,
                                              GType                 type,
                                              gpointer              variable,
                                              GError              **error);
gboolean             gc_record_store_number  (GcRecord             *self,
                                              const GcRecordField  *field,
                                              GType                 type,
                                              gconstpointer         variable,
                                              GError              **error);
gboolean             gc_record_store_scalar  (GcRecord             *self,
                                              const GcRecordField  *field,
                                              GcScalar              scalar,
                                              GError              **error);
void                 gc_record_load_scalar   (GcRecord             *self,
                                              const GcRecordField  *field,
                                              guint64              *place);
gboolean             gc_record_store_object  (GcRecord             *self,
                                              const GcRecordField  *field,
                                              gpointer              object,
                                              GError              **error);
gboolean             gc_record_store_string  (GcRecord             *self,
                                              const GcRecordField  *field,
                                              const char           *text,
                                              GError              **error);
char                *gc_record_load_string   (GcRecord             *self,
                                              const GcRecordField  *field);
const char          *gc_record_peek_string   (GcRecord             *self,
                                              const GcRecordField  *field);

G_END_DECLS
