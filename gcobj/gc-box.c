/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-box.h"
#include "gcobj/gc-check-private.h"
#include "gcobj/gc-scalar-private.h"
#include "gcobj/gc-type.h"
#include "gcobj/gc-value.h"

/**
 * SECTION:gc-box
 * @Title: GcBox
 * @Short_description: Any value in the heap
 *
 * |[<!-- language="C" -->
 * GcBox *answer = gc_box_new_int64 (m, 42);
 * g_auto (GValue) value = G_VALUE_INIT;
 *
 * gc_box_get_value (answer, &value);
 * g_assert (g_value_get_int64 (&value) == 42);
 * g_assert (gc_box_get_double (answer, NULL) == 42.0);
 * ]|
 *
 * A box holds a copy of a #GValue that never changes, so that containers of objects can
 * hold whatever GLib has a type for.
 *
 * An object of the arena in a box is traced like one in any slot: a cycle through a box is
 * reclaimed. That is not so for what hides inside of another value, such as a boxed structure that
 * holds external references itself.
 *
 * What the value owns, such as a string or a reference to a #GObject, is freed some time
 * after the box died, outside of all scopes: on the main context that the arena is
 * attached to, else at a safe point. A box of a number, or of an object of the arena, owns
 * nothing and needs no finalizer.
 */

/**
 * GcBox: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * A value in the heap. Its structure is private.
 *
 * Since: 0.1
 */
struct _GcBox
{
  GcObject          parent_instance;
  GC_REF (GcObject) object;     /* in the place of the value's content, if that is an object */
  GValue            value;
};

typedef struct
{
  GcObjectClass parent_class;
} GcBoxClass;

GC_DECLARE_CLASS_ (GcBox, gc_box)
GC_DEFINE_TYPE (GcBox, gc_box, GC_TYPE_OBJECT,
                GC_FIELD (GcBox, object))

/* A box whose value owns something. Only these have a finalizer. */
typedef struct _GcBox GcOwningBox;
typedef GcBoxClass GcOwningBoxClass;

static GType gc_owning_box_get_type (void);
GC_DECLARE_PARENT_CLASS_ (gc_owning_box)

static void
unset_value (gpointer data)
{
  GValue *value = data;

  g_value_unset (value);
  g_free (value);
}

static void
gc_owning_box_finalize (GcObject *object)
{
  GcBox *self = (GcBox *) object;

  /* Freeing it may call anything, which a finalizer may not. */
  gc_arena_defer_notify (gc_arena_of (object), unset_value, g_memdup2 (&self->value, sizeof (GValue)));
  GC_OBJECT_CLASS (gc_owning_box_parent_class)->finalize (object);
}

GC_DECLARE_CLASS_ (GcOwningBox, gc_owning_box)
GC_DEFINE_TYPE (GcOwningBox, gc_owning_box, GC_TYPE_BOX,
                GC_FINALIZE (gc_owning_box_finalize))

static gboolean
owns_something (GType type)
{
  return gc_scalar_get_size (type) == 0 &&
         G_TYPE_FUNDAMENTAL (type) != G_TYPE_POINTER &&
         !g_type_is_a (type, GC_TYPE_OBJECT);
}

/**
 * gc_box_new:
 * @m: a mutation
 * @value: a value
 *
 * Makes a box of a copy of @value. An object in @value is of the same arena.
 *
 * Returns: (transfer none): the box, unowned; %NULL, with a critical warning, if
 *   @value holds an object of another arena
 *
 * Since: 0.1
 */
GcBox *
gc_box_new (GcMutation   *m,
            const GValue *value)
{
  gpointer object = NULL;
  GcBox *self;

  g_return_val_if_fail (m != NULL, NULL);
  g_return_val_if_fail (G_IS_VALUE (value), NULL);
  if (GC_VALUE_HOLDS_OBJECT (value))
    {
      object = gc_value_get_object (value);
      g_return_val_if_fail (object == NULL || gc_arena_of (object) == gc_mutation_get_arena (m), NULL);
    }

  if (owns_something (G_VALUE_TYPE (value)))
    self = gc_object_new_of_class (m, GcOwningBox_gc_class_ ());
  else
    self = gc_new (m, GcBox);
  if (self == NULL)
    return NULL;

  g_value_init (&self->value, G_VALUE_TYPE (value));
  if (GC_VALUE_HOLDS_OBJECT (value))
    gc_set (self, object, object);
  else
    g_value_copy (value, &self->value);
  return self;
}

/**
 * gc_box_new_boolean:
 * @m: a mutation
 * @value: a boolean
 *
 * Makes a box of a %G_TYPE_BOOLEAN.
 *
 * Returns: (transfer none): the box, unowned
 *
 * Since: 0.1
 */
GcBox *
gc_box_new_boolean (GcMutation *m,
                    gboolean    value)
{
  GcBox *self = gc_new (m, GcBox);

  if (self != NULL)
    g_value_set_boolean (g_value_init (&self->value, G_TYPE_BOOLEAN), value);
  return self;
}

/**
 * gc_box_new_int64:
 * @m: a mutation
 * @value: a number
 *
 * Makes a box of a %G_TYPE_INT64.
 *
 * Returns: (transfer none): the box, unowned
 *
 * Since: 0.1
 */
GcBox *
gc_box_new_int64 (GcMutation *m,
                  gint64      value)
{
  GcBox *self = gc_new (m, GcBox);

  if (self != NULL)
    g_value_set_int64 (g_value_init (&self->value, G_TYPE_INT64), value);
  return self;
}

/**
 * gc_box_new_double:
 * @m: a mutation
 * @value: a number
 *
 * Makes a box of a %G_TYPE_DOUBLE.
 *
 * Returns: (transfer none): the box, unowned
 *
 * Since: 0.1
 */
GcBox *
gc_box_new_double (GcMutation *m,
                   double      value)
{
  GcBox *self = gc_new (m, GcBox);

  if (self != NULL)
    g_value_set_double (g_value_init (&self->value, G_TYPE_DOUBLE), value);
  return self;
}

/**
 * gc_box_get_value_type:
 * @self: a box
 *
 * Gives the type of the value.
 *
 * Returns: its type
 *
 * Since: 0.1
 */
GType
gc_box_get_value_type (GcBox *self)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_BOX), G_TYPE_INVALID);

  return G_VALUE_TYPE (&self->value);
}

/**
 * gc_box_get_value:
 * @self: a box
 * @value: (out caller-allocates): a value that is not initialized
 *
 * Copies the value out of the box. An object that it holds gets an external reference.
 *
 * Since: 0.1
 */
void
gc_box_get_value (GcBox  *self,
                  GValue *value)
{
  g_return_if_fail (gc_is_a (self, GC_TYPE_BOX));
  g_return_if_fail (value != NULL);
  g_return_if_fail (!G_IS_VALUE (value));

  g_value_init (value, G_VALUE_TYPE (&self->value));
  if (GC_VALUE_HOLDS_OBJECT (&self->value))
    gc_value_take_object (value, gc_object_dup_slot_ (self, &self->object));
  else
    g_value_copy (&self->value, value);
}

static gboolean
get_scalar (GcBox     *self,
            GType      type,
            gpointer   place,
            GError   **error)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_BOX), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return gc_scalar_store (gc_scalar_from_value (&self->value), type, place, error);
}

/**
 * gc_box_get_boolean:
 * @self: a box
 * @error: return location for an error
 *
 * Gives the boolean in a box.
 *
 * Returns: the boolean; %FALSE with %GC_ERROR_TYPE if it is something else
 *
 * Since: 0.1
 */
gboolean
gc_box_get_boolean (GcBox   *self,
                    GError **error)
{
  gboolean value = FALSE;

  get_scalar (self, G_TYPE_BOOLEAN, &value, error);
  return value;
}

/**
 * gc_box_get_int64:
 * @self: a box
 * @error: return location for an error
 *
 * Gives the number in a box, of whatever type it is.
 *
 * Returns: the number; 0 with %GC_ERROR_TYPE if it is something else, or
 *   with %GC_ERROR_RANGE if it has a fraction or is too large
 *
 * Since: 0.1
 */
gint64
gc_box_get_int64 (GcBox   *self,
                  GError **error)
{
  gint64 value = 0;

  get_scalar (self, G_TYPE_INT64, &value, error);
  return value;
}

/**
 * gc_box_get_double:
 * @self: a box
 * @error: return location for an error
 *
 * Gives the number in a box, of whatever type it is.
 *
 * Returns: the number; 0 with %GC_ERROR_TYPE if it is something else
 *
 * Since: 0.1
 */
double
gc_box_get_double (GcBox   *self,
                   GError **error)
{
  double value = 0;

  get_scalar (self, G_TYPE_DOUBLE, &value, error);
  return value;
}
