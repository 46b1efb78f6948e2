/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The accessors of records that have the value's type in their names. */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-record-private.h"
#include "gcobj/gc-type.h"

/* The field of this name and kind, or NULL. */
static const GcRecordField *
need_kind (GcRecord    *self,
           const char  *name,
           GcFieldKind  kind,
           GError     **error)
{
  return gc_record_need_kind (gc_record_need_field (self, name, error), kind, error);
}

/**
 * gc_record_get_object: (skip)
 * @self: a record
 * @name: the name of a field that holds an object
 * @error: return location for an error
 *
 * Reads a field, inside a scope.
 *
 * Returns: (type GcObj.Object) (transfer none) (nullable): the object; %NULL also with
 *   %GC_ERROR_NAME if there is no such field, or %GC_ERROR_TYPE if it holds no objects
 *
 * Since: 0.1
 */
gpointer
gc_record_get_object (GcRecord    *self,
                      const char  *name,
                      GError     **error)
{
  const GcRecordField *field;

  g_return_val_if_fail (gc_object_can_read_ (self), NULL);

  field = need_kind (self, name, GC_FIELD_OBJECT, error);
  return field != NULL ? *(gpointer *) gc_record_get_place (self, field) : NULL;
}

/**
 * gc_record_dup_object: (rename-to gc_record_get_object)
 * @self: a record
 * @name: the name of a field that holds an object
 * @error: return location for an error
 *
 * Reads a field and gives a new reference to the object.
 *
 * Returns: (type GcObj.Object) (transfer full) (nullable): the object; %NULL also with
 *   %GC_ERROR_NAME if there is no such field, or %GC_ERROR_TYPE if it holds no objects
 *
 * Since: 0.1
 */
gpointer
gc_record_dup_object (GcRecord    *self,
                      const char  *name,
                      GError     **error)
{
  const GcRecordField *field = need_kind (self, name, GC_FIELD_OBJECT, error);

  return field != NULL ? gc_object_dup_slot_ (self, gc_record_get_place (self, field)) : NULL;
}

/**
 * gc_record_set_object:
 * @self: a record
 * @name: the name of a field that holds an object
 * @object: (type GcObj.Object) (nullable): an object of the same arena
 * @error: return location for an error
 *
 * Writes a field.
 *
 * Returns: %TRUE if the field was written; %FALSE with %GC_ERROR_NAME if there is no such
 *   field, %GC_ERROR_TYPE if it does not hold objects of this type, or %GC_ERROR_WRONG_ARENA
 *   if the object is another arena's
 *
 * Since: 0.1
 */
gboolean
gc_record_set_object (GcRecord    *self,
                      const char  *name,
                      gpointer     object,
                      GError     **error)
{
  const GcRecordField *field = need_kind (self, name, GC_FIELD_OBJECT, error);

  return field != NULL && gc_record_store_object (self, field, object, error);
}

/**
 * gc_record_get_string: (skip)
 * @self: a record
 * @name: the name of a field that holds a string
 * @error: return location for an error
 *
 * Reads a field, inside a scope. The text is valid until the scope ends, also if
 * the field is written.
 *
 * Returns: (transfer none) (nullable): UTF-8 text; %NULL also with %GC_ERROR_NAME if there is
 *   no such field, or %GC_ERROR_TYPE if it holds no string
 *
 * Since: 0.1
 */
const char *
gc_record_get_string (GcRecord    *self,
                      const char  *name,
                      GError     **error)
{
  const GcRecordField *field;

  g_return_val_if_fail (gc_object_can_read_ (self), NULL);

  field = need_kind (self, name, GC_FIELD_STRING, error);
  return field != NULL ? gc_record_peek_string (self, field) : NULL;
}

/**
 * gc_record_dup_string: (rename-to gc_record_get_string)
 * @self: a record
 * @name: the name of a field that holds a string
 * @error: return location for an error
 *
 * Reads a field and gives a copy of the text.
 *
 * Returns: (transfer full) (nullable): UTF-8 text; %NULL also with %GC_ERROR_NAME if there is
 *   no such field, or %GC_ERROR_TYPE if it holds no string
 *
 * Since: 0.1
 */
char *
gc_record_dup_string (GcRecord    *self,
                      const char  *name,
                      GError     **error)
{
  const GcRecordField *field = need_kind (self, name, GC_FIELD_STRING, error);

  return field != NULL ? gc_record_load_string (self, field) : NULL;
}

/**
 * gc_record_set_string:
 * @self: a record
 * @name: the name of a field that holds a string
 * @value: (nullable): UTF-8 text, which is copied
 * @error: return location for an error
 *
 * Writes a field.
 *
 * Returns: %TRUE if the field was written; %FALSE with %GC_ERROR_NAME if there is no such
 *   field, %GC_ERROR_TYPE if it holds no string, %GC_ERROR_RANGE if @value is not UTF-8, or the
 *   errors of gc_object_try_new()
 *
 * Since: 0.1
 */
gboolean
gc_record_set_string (GcRecord    *self,
                      const char  *name,
                      const char  *value,
                      GError     **error)
{
  const GcRecordField *field = need_kind (self, name, GC_FIELD_STRING, error);

  return field != NULL && gc_record_store_string (self, field, value, error);
}

static void
get_scalar (GcRecord    *self,
            const char  *name,
            GType        type,
            gpointer     variable,
            GError     **error)
{
  const GcRecordField *field = need_kind (self, name, GC_FIELD_SCALAR, error);

  if (field != NULL)
    gc_record_load_number (self, field, type, variable, error);
}

static gboolean
set_scalar (GcRecord       *self,
            const char     *name,
            GType           type,
            gconstpointer   variable,
            GError        **error)
{
  const GcRecordField *field = need_kind (self, name, GC_FIELD_SCALAR, error);

  return field != NULL && gc_record_store_number (self, field, type, variable, error);
}

/**
 * gc_record_get_boolean:
 * @self: a record
 * @name: the name of a field that holds a boolean
 * @error: return location for an error
 *
 * Reads a field.
 *
 * Returns: the boolean; %FALSE also with %GC_ERROR_NAME if there is no such field, or
 *   %GC_ERROR_TYPE if it holds no boolean
 *
 * Since: 0.1
 */
gboolean
gc_record_get_boolean (GcRecord    *self,
                       const char  *name,
                       GError     **error)
{
  gboolean value = FALSE;

  get_scalar (self, name, G_TYPE_BOOLEAN, &value, error);
  return value;
}

/**
 * gc_record_set_boolean:
 * @self: a record
 * @name: the name of a field that holds a boolean
 * @value: a boolean
 * @error: return location for an error
 *
 * Writes a field.
 *
 * Returns: %TRUE if the field was written; %FALSE with %GC_ERROR_NAME if there is no such
 *   field, or %GC_ERROR_TYPE if it holds no boolean
 *
 * Since: 0.1
 */
gboolean
gc_record_set_boolean (GcRecord    *self,
                       const char  *name,
                       gboolean     value,
                       GError     **error)
{
  value = value != FALSE;
  return set_scalar (self, name, G_TYPE_BOOLEAN, &value, error);
}

/**
 * gc_record_get_int64:
 * @self: a record
 * @name: the name of a field that holds a number
 * @error: return location for an error
 *
 * Reads a field that is a number of any type, an enumeration or flags.
 *
 * Returns: the number; 0 also with %GC_ERROR_NAME if there is no such field, %GC_ERROR_TYPE if
 *   it holds no number, or %GC_ERROR_RANGE if the number has a fraction or is too large
 *
 * Since: 0.1
 */
gint64
gc_record_get_int64 (GcRecord    *self,
                     const char  *name,
                     GError     **error)
{
  gint64 value = 0;

  get_scalar (self, name, G_TYPE_INT64, &value, error);
  return value;
}

/**
 * gc_record_set_int64:
 * @self: a record
 * @name: the name of a field that holds a number
 * @value: a number
 * @error: return location for an error
 *
 * Writes a field that is a number of any type, an enumeration or flags.
 *
 * Returns: %TRUE if the field was written; %FALSE with %GC_ERROR_NAME if there is no such
 *   field, %GC_ERROR_TYPE if it holds no number, or %GC_ERROR_RANGE if it can't hold this one
 *
 * Since: 0.1
 */
gboolean
gc_record_set_int64 (GcRecord    *self,
                     const char  *name,
                     gint64       value,
                     GError     **error)
{
  return set_scalar (self, name, G_TYPE_INT64, &value, error);
}

/**
 * gc_record_get_double:
 * @self: a record
 * @name: the name of a field that holds a number
 * @error: return location for an error
 *
 * Reads a field that is a number of any type.
 *
 * Returns: the number; 0 also with %GC_ERROR_NAME if there is no such field, or
 *   %GC_ERROR_TYPE if it holds no number
 *
 * Since: 0.1
 */
double
gc_record_get_double (GcRecord    *self,
                      const char  *name,
                      GError     **error)
{
  double value = 0;

  get_scalar (self, name, G_TYPE_DOUBLE, &value, error);
  return value;
}

/**
 * gc_record_set_double:
 * @self: a record
 * @name: the name of a field that holds a number
 * @value: a number
 * @error: return location for an error
 *
 * Writes a field that is a number of any type.
 *
 * Returns: %TRUE if the field was written; %FALSE with %GC_ERROR_NAME if there is no such
 *   field, %GC_ERROR_TYPE if it holds no number, or %GC_ERROR_RANGE if it can't hold this one
 *
 * Since: 0.1
 */
gboolean
gc_record_set_double (GcRecord    *self,
                      const char  *name,
                      double       value,
                      GError     **error)
{
  return set_scalar (self, name, G_TYPE_DOUBLE, &value, error);
}
