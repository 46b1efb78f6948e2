/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <gobject/gvaluecollector.h>

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-value-private.h"

/**
 * SECTION:gc-value
 * @Title: Values
 * @Short_description: Objects in a GValue, and in signals
 *
 * |[<!-- language="C" -->
 * g_auto (GValue) value = G_VALUE_INIT;
 *
 * g_value_init (&value, GC_TYPE_OBJECT);
 * gc_value_set_object (&value, node);          // takes an external reference
 * g_assert (gc_value_get_object (&value) == node);
 * ]|
 *
 * A #GValue that holds an object holds an external reference to it, so that it
 * may outlive any scope and pass through signals, properties and bindings.
 *
 * A signal with an object among its arguments needs marshallers before GLib 2.89,
 * whose generic one does not know fundamental types of others: give
 * gc_cclosure_marshal_VOID__OBJECT() to g_signal_new() and
 * gc_cclosure_marshal_VOID__OBJECTv() to g_signal_set_va_marshaller().
 */

/**
 * GC_VALUE_HOLDS_OBJECT:
 * @value: a value
 *
 * Whether @value is of a type derived from #GcObject.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */

static void
value_init (GValue *value)
{
  value->data[0].v_pointer = NULL;
}

static void
value_free (GValue *value)
{
  if (value->data[0].v_pointer != NULL)
    gc_object_unref (value->data[0].v_pointer);
}

static void
value_copy (const GValue *from,
            GValue       *to)
{
  gpointer object = from->data[0].v_pointer;

  to->data[0].v_pointer = object != NULL ? gc_object_ref (object) : NULL;
}

static gpointer
value_peek (const GValue *value)
{
  return value->data[0].v_pointer;
}

static char *
value_collect (GValue      *value,
               guint        n_values,
               GTypeCValue *values,
               guint        flags)
{
  gpointer object = values[0].v_pointer;

  value->data[0].v_pointer = NULL;
  if (object == NULL)
    return NULL;
  if (gc_arena_of (object) == NULL)
    return g_strdup_printf ("the object at %p for value type '%s' is not an object of an arena",
                            object, G_VALUE_TYPE_NAME (value));
  if (!g_value_type_compatible (G_TYPE_FROM_INSTANCE (object), G_VALUE_TYPE (value)))
    return g_strdup_printf ("invalid object type '%s' for value type '%s'",
                            g_type_name (G_TYPE_FROM_INSTANCE (object)), G_VALUE_TYPE_NAME (value));
  /* Also with G_VALUE_NOCOPY_CONTENTS: a value always holds a reference, as GObject's do. */
  value->data[0].v_pointer = gc_object_ref (object);
  return NULL;
}

static char *
value_lcopy (const GValue *value,
             guint         n_values,
             GTypeCValue  *values,
             guint         flags)
{
  gpointer *location = values[0].v_pointer;
  gpointer object = value->data[0].v_pointer;

  if (location == NULL)
    return g_strdup_printf ("value location for '%s' passed as NULL", G_VALUE_TYPE_NAME (value));
  *location = object == NULL || flags & G_VALUE_NOCOPY_CONTENTS ? object : gc_object_ref (object);
  return NULL;
}

const GTypeValueTable gc_value_table = {
  value_init, value_free, value_copy, value_peek, "p", value_collect, "p", value_lcopy
};

/**
 * gc_value_set_object: (skip)
 * @value: a value of a type derived from #GcObject
 * @object: (type GcObj.Object) (nullable): an object of that type
 *
 * Has @value hold an external reference to @object.
 *
 * Since: 0.1
 */
void
gc_value_set_object (GValue   *value,
                     gpointer  object)
{
  gpointer old;

  g_return_if_fail (GC_VALUE_HOLDS_OBJECT (value));
  g_return_if_fail (object == NULL || gc_arena_of (object) != NULL);
  g_return_if_fail (object == NULL ||
                    g_value_type_compatible (G_TYPE_FROM_INSTANCE (object), G_VALUE_TYPE (value)));

  old = value->data[0].v_pointer;
  value->data[0].v_pointer = object != NULL ? gc_object_ref (object) : NULL;
  if (old != NULL)
    gc_object_unref (old);
}

/**
 * gc_value_take_object: (skip)
 * @value: a value of a type derived from #GcObject
 * @object: (type GcObj.Object) (transfer full) (nullable): an object of that type
 *
 * Has @value take over the caller's external reference to @object.
 *
 * Since: 0.1
 */
void
gc_value_take_object (GValue   *value,
                      gpointer  object)
{
  gc_value_set_object (value, object);
  if (object != NULL && gc_arena_of (object) != NULL)
    gc_object_unref (object);
}

/**
 * gc_value_get_object: (skip)
 * @value: a value of a type derived from #GcObject
 *
 * Gives what @value holds. It is alive as long as @value holds it.
 *
 * Returns: (type GcObj.Object) (transfer none) (nullable): the object
 *
 * Since: 0.1
 */
gpointer
gc_value_get_object (const GValue *value)
{
  g_return_val_if_fail (GC_VALUE_HOLDS_OBJECT (value), NULL);

  return value->data[0].v_pointer;
}

/**
 * gc_value_dup_object: (skip)
 * @value: a value of a type derived from #GcObject
 *
 * Gives what @value holds, with a new external reference.
 *
 * Returns: (type GcObj.Object) (transfer full) (nullable): the object
 *
 * Since: 0.1
 */
gpointer
gc_value_dup_object (const GValue *value)
{
  g_return_val_if_fail (GC_VALUE_HOLDS_OBJECT (value), NULL);

  return value->data[0].v_pointer != NULL ? gc_object_ref (value->data[0].v_pointer) : NULL;
}

typedef void (*MarshalFunc) (gpointer first, gpointer object, gpointer last);

static void
call (GClosure *closure,
      gpointer  instance,
      gpointer  object,
      gpointer  marshal_data)
{
  MarshalFunc func = (MarshalFunc) (marshal_data != NULL ? marshal_data : ((GCClosure *) closure)->callback);

  if (G_CCLOSURE_SWAP_DATA (closure))
    func (closure->data, object, instance);
  else
    func (instance, object, closure->data);
}

/**
 * gc_cclosure_marshal_VOID__OBJECT: (skip)
 * @closure: a closure
 * @return_value: (nullable): ignored
 * @n_params: 2
 * @params: the instance and an object
 * @invocation_hint: ignored
 * @marshal_data: (nullable): a function that is called instead of the closure's
 *
 * A marshaller for handlers `void (*) (gpointer instance, GcObject *object, gpointer data)`.
 *
 * Since: 0.1
 */
void
gc_cclosure_marshal_VOID__OBJECT (GClosure     *closure,
                                  GValue       *return_value,
                                  guint         n_params,
                                  const GValue *params,
                                  gpointer      invocation_hint,
                                  gpointer      marshal_data)
{
  g_return_if_fail (n_params == 2);

  call (closure, g_value_peek_pointer (params), params[1].data[0].v_pointer, marshal_data);
}

/**
 * gc_cclosure_marshal_VOID__OBJECTv: (skip)
 * @closure: a closure
 * @return_value: (nullable): ignored
 * @instance: the instance
 * @args: an object
 * @marshal_data: (nullable): a function that is called instead of the closure's
 * @n_params: 1
 * @param_types: the object's type
 *
 * The form of gc_cclosure_marshal_VOID__OBJECT() for g_signal_set_va_marshaller().
 *
 * Since: 0.1
 */
void
gc_cclosure_marshal_VOID__OBJECTv (GClosure *closure,
                                   GValue   *return_value,
                                   gpointer  instance,
                                   va_list   args,
                                   gpointer  marshal_data,
                                   int       n_params,
                                   GType    *param_types)
{
  gboolean is_static;
  gpointer object;
  va_list copy;

  g_return_if_fail (n_params == 1);

  is_static = (param_types[0] & G_SIGNAL_TYPE_STATIC_SCOPE) != 0;
  va_copy (copy, args);
  object = va_arg (copy, gpointer);
  va_end (copy);
  if (object != NULL && !is_static)
    gc_object_ref (object);
  call (closure, instance, object, marshal_data);
  if (object != NULL && !is_static)
    gc_object_unref (object);
}
