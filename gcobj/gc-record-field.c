/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reading and writing fields of records, whoever found them. */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-record-private.h"
#include "gcobj/gc-string-private.h"

/* The field of this name, or NULL with an error. */
const GcRecordField *
gc_record_need_field (GcRecord    *self,
                      const char  *name,
                      GError     **error)
{
  const GcRecordField *field;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_RECORD), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  field = gc_record_find_field (gc_record_get_info (self), name);
  if (field == NULL)
    g_set_error (error, GC_ERROR, GC_ERROR_NAME, "A %s has no field '%s'",
                 g_type_name (G_TYPE_FROM_INSTANCE (self)), name);
  return field;
}

const GcRecordField *
gc_record_need_id (GcRecord  *self,
                   GQuark     id,
                   GError   **error)
{
  const GcRecordField *field;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_RECORD), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  field = gc_record_find_id (gc_record_get_info (self), id);
  if (field == NULL)
    {
      const char *name = g_quark_to_string (id);

      g_set_error (error, GC_ERROR, GC_ERROR_NAME, "A %s has no field '%s'",
                   g_type_name (G_TYPE_FROM_INSTANCE (self)), name != NULL ? name : "<invalid>");
    }
  return field;
}

/* The field that was found, or NULL with an error if it is of another kind. */
const GcRecordField *
gc_record_need_kind (const GcRecordField  *field,
                     GcFieldKind           kind,
                     GError              **error)
{
  static const char *const names[] = {
    [GC_FIELD_SCALAR] = "a boolean or number",
    [GC_FIELD_OBJECT] = "an object",
    [GC_FIELD_STRING] = "a string",
  };

  if (field == NULL || field->kind == kind)
    return field;
  g_set_error (error, GC_ERROR, GC_ERROR_TYPE, "The field '%s' is a %s, and not %s", field->name,
               g_type_name (field->type), names[kind]);
  return NULL;
}

/* Booleans and numbers are whole whoever writes them meanwhile, and need no scope. */
#define COPY_ATOMIC(T, to, from) \
  __atomic_store_n ((T *) (to), __atomic_load_n ((const T *) (from), __ATOMIC_RELAXED), __ATOMIC_RELAXED)

static void
copy_scalar (gpointer      to,
             gconstpointer from,
             gsize         size)
{
  switch (size)
    {
    case 1: COPY_ATOMIC (guint8, to, from); break;
    case 4: COPY_ATOMIC (guint32, to, from); break;
    case 8: COPY_ATOMIC (guint64, to, from); break;
    default: g_assert_not_reached ();
    }
}

void
gc_record_load_scalar (GcRecord            *self,
                       const GcRecordField *field,
                       guint64             *place)
{
  copy_scalar (place, gc_record_get_place (self, field), field->size);
}

/* Reads a boolean or number into a variable that may be of another type. */
void
gc_record_load_number (GcRecord             *self,
                       const GcRecordField  *field,
                       GType                 type,
                       gpointer              variable,
                       GError              **error)
{
  guint64 stored;

  if (field->type == type)
    {
      copy_scalar (variable, gc_record_get_place (self, field), field->size);
      return;
    }
  gc_record_load_scalar (self, field, &stored);
  if (!gc_scalar_store (gc_scalar_load (field->type, &stored), type, variable, error))
    g_prefix_error (error, "The field '%s': ", field->name);
}

gboolean
gc_record_store_scalar (GcRecord             *self,
                        const GcRecordField  *field,
                        GcScalar              scalar,
                        GError              **error)
{
  guint64 converted;

  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);

  if (!gc_scalar_store (scalar, field->type, &converted, error))
    {
      g_prefix_error (error, "The field '%s': ", field->name);
      return FALSE;
    }
  copy_scalar (gc_record_get_place (self, field), &converted, field->size);
  return TRUE;
}

/* Writes a boolean or number from a variable that may be of another type. */
gboolean
gc_record_store_number (GcRecord             *self,
                        const GcRecordField  *field,
                        GType                 type,
                        gconstpointer         variable,
                        GError              **error)
{
  if (field->type != type)
    return gc_record_store_scalar (self, field, gc_scalar_load (type, variable), error);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);

  copy_scalar (gc_record_get_place (self, field), variable, field->size);
  return TRUE;
}

gboolean
gc_record_store_object (GcRecord             *self,
                        const GcRecordField  *field,
                        gpointer              object,
                        GError              **error)
{
  GcArena *arena = gc_arena_of (object);

  g_return_val_if_fail (object == NULL || arena != NULL, FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);

  if (object != NULL && !G_TYPE_CHECK_INSTANCE_TYPE (object, field->type))
    {
      g_set_error (error, GC_ERROR, GC_ERROR_TYPE, "The field '%s' is a %s, the object is a %s",
                   field->name, g_type_name (field->type), g_type_name (G_TYPE_FROM_INSTANCE (object)));
      return FALSE;
    }
  if (object != NULL && arena != gc_arena_of (self))
    {
      g_set_error (error, GC_ERROR, GC_ERROR_WRONG_ARENA,
                   "The object for the field '%s' is of another arena", field->name);
      return FALSE;
    }
  gc_object_set_slot (self, gc_record_get_place (self, field), object);
  return TRUE;
}

gboolean
gc_record_store_string (GcRecord             *self,
                        const GcRecordField  *field,
                        const char           *text,
                        GError              **error)
{
  gsize length = text != NULL ? strlen (text) : 0;
  GcString *string = NULL;
  gboolean ok = TRUE;
  GcScope scope;
  GcMutation *m;

  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);

  if (text != NULL && !gc_check_utf8 (text, length, error))
    {
      g_prefix_error (error, "The field '%s': ", field->name);
      return FALSE;
    }
  m = gc_scope_enter (&scope, gc_arena_of (self));
  if (text != NULL)
    ok = (string = gc_string_try_make (m, text, length, error)) != NULL;
  if (ok)
    gc_store_ (self, gc_record_get_place (self, field), string);
  gc_scope_leave (&scope);
  return ok;
}

/* In a scope. */
const char *
gc_record_peek_string (GcRecord            *self,
                       const GcRecordField *field)
{
  const GcString *string = *(GcString *const *) gc_record_get_place (self, field);

  return string != NULL ? string->text : NULL;
}

char *
gc_record_load_string (GcRecord            *self,
                       const GcRecordField *field)
{
  GcScope scope;
  char *text;

  gc_scope_enter (&scope, gc_arena_of (self));
  text = g_strdup (gc_record_peek_string (self, field));
  gc_scope_leave (&scope);
  return text;
}
