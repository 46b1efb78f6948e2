/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reading and writing fields of records, whoever found them. */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-record-private.h"
#include "gcobj/gc-string-private.h"

/* The field of this name, or NULL. */
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

void
gc_record_load_scalar (GcRecord            *self,
                       const GcRecordField *field,
                       guint64             *place)
{
  GcScope scope;

  gc_scope_enter (&scope, gc_arena_of (self));
  memcpy (place, gc_record_get_place (self, field), gc_scalar_get_size (field->type));
  gc_scope_leave (&scope);
}

gboolean
gc_record_store_scalar (GcRecord             *self,
                        const GcRecordField  *field,
                        GcScalar              scalar,
                        GError              **error)
{
  guint64 converted;
  GcScope scope;

  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);

  if (!gc_scalar_store (scalar, field->type, &converted, error))
    {
      g_prefix_error (error, "The field '%s': ", field->name);
      return FALSE;
    }
  gc_scope_enter (&scope, gc_arena_of (self));
  memcpy (gc_record_get_place (self, field), &converted, gc_scalar_get_size (field->type));
  gc_scope_leave (&scope);
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
