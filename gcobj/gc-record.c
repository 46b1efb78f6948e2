/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-record-private.h"
#include "gcobj/gc-type.h"
#include "gcobj/gc-value.h"

/**
 * SECTION:gc-record
 * @Title: GcRecord
 * @Short_description: Objects whose type is defined at run time
 *
 * |[<!-- language="C" -->
 * const char *names[] = { "name", "age", "parent", NULL };
 * GType types[] = { G_TYPE_STRING, G_TYPE_INT, G_TYPE_NONE };
 * GType person = gc_record_type_register ("DemoPerson", GC_TYPE_RECORD, names, types, 3, &error);
 *
 * GcRecord *byron = gc_record_new (m, person, &error);
 * GcRecord *ada = gc_record_new (m, person, &error);
 *
 * gc_record_set_string (ada, "name", "Ada", NULL);
 * gc_record_set_int64 (ada, "age", 36, NULL);
 * gc_record_set_object (ada, "parent", byron, NULL);
 * ]|
 *
 * A record is an object with named fields of given types. Its type is registered by
 * gc_record_type_register(), by an interpreter or a script that can't define types in C,
 * and is a GType as good as any: fields are stored natively, references to objects are
 * traced, the fields of a parent type are inherited. A new record's fields are 0, %FALSE
 * or %NULL.
 *
 * Fields are read and written by name. A name that there is not, a value of a wrong type, a number
 * that a field can't hold and an object of another arena are errors; numbers are converted to
 * the field's type where nothing but precision of a float is lost. Getters and setters work
 * anywhere; only what gives a plain pointer wants a scope.
 *
 * What reads and writes a field often finds it by the #GQuark of its name, which takes no more
 * than an array's element: an interpreter keeps that in its code, as the bindings do in their classes.
 * |[<!-- language="C" -->
 * GQuark age = g_quark_from_string ("age");
 *
 * gc_record_id_set_int64 (ada, age, gc_record_id_get_int64 (ada, age, NULL) + 1, NULL);
 * ]|
 *
 * Text is copied into the heap. A #GObject or boxed value in a field is held by the
 * record, and let go some time after the record died or the field was written, outside of all
 * scopes. What such a value refers to is not traced.
 */

/**
 * GcRecord: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * The base of all types of records. Its structure is private.
 *
 * Since: 0.1
 */
GC_DEFINE_ABSTRACT_TYPE (GcRecord, gc_record, GC_TYPE_OBJECT, )

/* A value of a type that is neither stored natively nor traced. It is counted, so that it
 * can be copied, which calls foreign code, while another thread writes the field. */
typedef struct
{
  gint   ref_count;
  GValue value;
} GcHeld;

static GcHeld *
held_ref (GcHeld *held)
{
  __atomic_add_fetch (&held->ref_count, 1, __ATOMIC_RELAXED);
  return held;
}

static void
held_unref (gpointer data)
{
  GcHeld *held = data;

  if (__atomic_sub_fetch (&held->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  g_value_unset (&held->value);
  g_free (held);
}

/* The finalizer of types with such fields, their own or inherited. */
void
gc_record_finalize (GcObject *object)
{
  const GcRecordInfo *info = gc_record_get_info (object);
  GcArena *arena = gc_arena_of (object);

  for (guint i = 0; i < info->n_fields; i++)
    if (info->fields[i].kind == GC_FIELD_HELD)
      {
        GcHeld *held = *(GcHeld **) gc_record_get_place ((GcRecord *) object, &info->fields[i]);

        if (held != NULL)
          gc_arena_defer_notify (arena, held_unref, held);
      }
  GC_OBJECT_CLASS (gc_record_parent_class)->finalize (object);
}

static void
store_held (GcRecord            *self,
            const GcRecordField *field,
            GcHeld              *held)
{
  GcArena *arena = gc_arena_of (self);
  GcHeld **place = gc_record_get_place (self, field);
  GcScope scope;
  GcHeld *old;

  gc_scope_enter (&scope, arena);
  old = *place;
  *place = held;
  gc_scope_leave (&scope);

  if (old == NULL)
    return;
  if (scope.is_entered)
    held_unref (old);
  else
    gc_arena_defer_notify (arena, held_unref, old);
}

static gboolean
is_null_pointer (const GValue *value)
{
  return G_VALUE_HOLDS_POINTER (value) && g_value_get_pointer (value) == NULL;
}

/* Whether what is in the value can be in a value of the type. Its own type may be more general. */
static gboolean
is_compatible (const GValue *value,
               GType         type)
{
  if (g_value_type_compatible (G_VALUE_TYPE (value), type))
    return TRUE;
  if (G_VALUE_HOLDS_OBJECT (value))
    {
      gpointer object = g_value_get_object (value);

      return g_type_is_a (type, G_TYPE_OBJECT) &&
             (object == NULL || G_TYPE_CHECK_INSTANCE_TYPE (object, type));
    }
  return FALSE;
}

static gboolean
fail_type (const GcRecordField  *field,
           const GValue         *value,
           GError              **error)
{
  g_set_error (error, GC_ERROR, GC_ERROR_TYPE, "The field '%s' is a %s, the value is a %s",
               field->name, g_type_name (field->type), G_VALUE_TYPE_NAME (value));
  return FALSE;
}

static gboolean
set_held (GcRecord             *self,
          const GcRecordField  *field,
          const GValue         *value,
          GError              **error)
{
  GcHeld *held = NULL;

  if (!is_null_pointer (value))
    {
      if (!is_compatible (value, field->type))
        return fail_type (field, value, error);
      held = g_new0 (GcHeld, 1);
      held->ref_count = 1;
      g_value_init (&held->value, field->type);
      if (G_VALUE_HOLDS_OBJECT (value))
        g_value_set_object (&held->value, g_value_get_object (value));
      else
        g_value_copy (value, &held->value);
    }
  store_held (self, field, held);
  return TRUE;
}

/* Copies the content, if there is any, into a value that is as if it was new. */
static void
get_held (GcRecord            *self,
          const GcRecordField *field,
          GValue              *value)
{
  GcHeld **place = gc_record_get_place (self, field);
  GcScope scope;
  GcHeld *held;

  gc_scope_enter (&scope, gc_arena_of (self));
  held = *place != NULL ? held_ref (*place) : NULL;
  gc_scope_leave (&scope);
  if (held == NULL)
    return;
  g_value_copy (&held->value, value);
  held_unref (held);
}

/**
 * gc_record_new: (constructor)
 * @m: a mutation
 * @type: a type that gc_record_type_register() gave
 * @error: return location for an error
 *
 * Makes a record. Its fields are 0, %FALSE or %NULL.
 *
 * Returns: (transfer none): the record, unowned; %NULL with %GC_ERROR_TYPE if @type is no
 *   type of records, %GC_ERROR_NOT_MUTATING if @m is finished, or the errors of
 *   gc_object_try_new()
 *
 * Since: 0.1
 */
GcRecord *
gc_record_new (GcMutation  *m,
               GType        type,
               GError     **error)
{
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (type == GC_TYPE_RECORD || !g_type_is_a (type, GC_TYPE_RECORD))
    {
      const char *name = g_type_name (type);

      g_set_error (error, GC_ERROR, GC_ERROR_TYPE, "%s is no type of records that can be made",
                   name != NULL ? name : "<invalid>");
      return NULL;
    }
  if (gc_check_mutation (m, error) == NULL)
    return NULL;
  return gc_object_try_new (m, type, 0, error);
}

/**
 * gc_record_get_record_type:
 * @self: a record
 *
 * Gives the type of a record.
 *
 * Returns: the type that it was made with
 *
 * Since: 0.1
 */
GType
gc_record_get_record_type (GcRecord *self)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_RECORD), G_TYPE_INVALID);

  return G_TYPE_FROM_INSTANCE (self);
}

/**
 * gc_record_list_fields:
 * @self: a record
 * @n_fields: (out) (optional): how many there are
 *
 * Lists the names of a record's fields, those of its type's parents first.
 *
 * Returns: (transfer container) (array length=n_fields): the names; free the array, not
 *   the names, with g_free()
 *
 * Since: 0.1
 */
const char **
gc_record_list_fields (GcRecord *self,
                       gsize    *n_fields)
{
  if (n_fields != NULL)
    *n_fields = 0;
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_RECORD), NULL);

  return gc_record_copy_names (gc_record_get_info (self), n_fields);
}

/**
 * gc_record_has_field:
 * @self: a record
 * @name: a name
 *
 * Whether there is a field of this name.
 *
 * Returns: %TRUE if there is
 *
 * Since: 0.1
 */
gboolean
gc_record_has_field (GcRecord   *self,
                     const char *name)
{
  return gc_record_get_field_type (self, name) != G_TYPE_INVALID;
}

/**
 * gc_record_get_field_type:
 * @self: a record
 * @name: a name
 *
 * Tells of what type a field is.
 *
 * Returns: its type, or %G_TYPE_INVALID if there is no such field
 *
 * Since: 0.1
 */
GType
gc_record_get_field_type (GcRecord   *self,
                          const char *name)
{
  const GcRecordField *field;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_RECORD), G_TYPE_INVALID);
  g_return_val_if_fail (name != NULL, G_TYPE_INVALID);

  field = gc_record_find_field (gc_record_get_info (self), name);
  return field != NULL ? field->type : G_TYPE_INVALID;
}

/**
 * gc_record_get_value:
 * @self: a record
 * @name: the name of a field
 * @value: (out caller-allocates): a value that is not initialized
 * @error: return location for an error
 *
 * Reads a field of any type. An object gets an external reference.
 *
 * Returns: %TRUE if @value was set to a value of the field's type; %FALSE with
 *   %GC_ERROR_NAME if there is no such field
 *
 * Since: 0.1
 */
gboolean
gc_record_get_value (GcRecord    *self,
                     const char  *name,
                     GValue      *value,
                     GError     **error)
{
  const GcRecordField *field;
  guint64 scalar;

  g_return_val_if_fail (value != NULL, FALSE);
  g_return_val_if_fail (!G_IS_VALUE (value), FALSE);

  field = gc_record_need_field (self, name, error);
  if (field == NULL)
    return FALSE;
  g_value_init (value, field->type);
  switch (field->kind)
    {
    case GC_FIELD_SCALAR:
      gc_record_load_scalar (self, field, &scalar);
      gc_scalar_load_value (value, &scalar);
      break;
    case GC_FIELD_OBJECT:
      gc_value_take_object (value, gc_object_dup_slot_ (self, gc_record_get_place (self, field)));
      break;
    case GC_FIELD_STRING:
      g_value_take_string (value, gc_record_load_string (self, field));
      break;
    case GC_FIELD_HELD:
      get_held (self, field, value);
      break;
    default:
      g_assert_not_reached ();
    }
  return TRUE;
}

/**
 * gc_record_set_value:
 * @self: a record
 * @name: the name of a field
 * @value: a value
 * @error: return location for an error
 *
 * Writes a field of any type. A pointer that is %NULL stands for %NULL of the field's
 * type, and a number of any type is converted.
 *
 * Returns: %TRUE if the field was written; %FALSE with %GC_ERROR_NAME if there is no such
 *   field, %GC_ERROR_TYPE if @value is not of its type, %GC_ERROR_RANGE if it can't hold the
 *   number or text is not UTF-8, %GC_ERROR_WRONG_ARENA if the object is another arena's, or the
 *   errors of gc_object_try_new() for text
 *
 * Since: 0.1
 */
gboolean
gc_record_set_value (GcRecord      *self,
                     const char    *name,
                     const GValue  *value,
                     GError       **error)
{
  const GcRecordField *field;
  GType type;

  g_return_val_if_fail (G_IS_VALUE (value), FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);

  field = gc_record_need_field (self, name, error);
  if (field == NULL)
    return FALSE;
  type = G_VALUE_TYPE (value);
  switch (field->kind)
    {
    case GC_FIELD_SCALAR:
      /* A number will do for an enumeration, and not another enumeration. */
      if (gc_scalar_get_size (type) == 0 ||
          (type != G_TYPE_FUNDAMENTAL (type) && type != field->type &&
           G_TYPE_FUNDAMENTAL (type) == G_TYPE_FUNDAMENTAL (field->type)))
        return fail_type (field, value, error);
      return gc_record_store_scalar (self, field, gc_scalar_from_value (value), error);
    case GC_FIELD_OBJECT:
      if (is_null_pointer (value))
        return gc_record_store_object (self, field, NULL, error);
      if (!GC_VALUE_HOLDS_OBJECT (value))
        return fail_type (field, value, error);
      return gc_record_store_object (self, field, gc_value_get_object (value), error);
    case GC_FIELD_STRING:
      if (is_null_pointer (value))
        return gc_record_store_string (self, field, NULL, error);
      if (!G_VALUE_HOLDS_STRING (value))
        return fail_type (field, value, error);
      return gc_record_store_string (self, field, g_value_get_string (value), error);
    case GC_FIELD_HELD:
      return set_held (self, field, value, error);
    default:
      g_assert_not_reached ();
    }
}
