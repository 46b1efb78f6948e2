/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-handle.h"
#include "gcobj/gc-param.h"
#include "gcobj/gc-value.h"

/**
 * SECTION:gc-handle
 * @Title: GcHandle
 * @Short_description: An object of an arena as a GObject
 *
 * |[<!-- language="C" -->
 * g_autoptr (GListStore) store = g_list_store_new (GC_TYPE_HANDLE);
 * g_autoptr (GcHandle) handle = gc_handle_new (node);
 *
 * g_list_store_append (store, handle);
 * ]|
 *
 * A handle is a #GObject that holds an external reference to an object of an arena, for places
 * that take nothing but GObjects, such as a #GListModel. It keeps the object and its
 * arena alive. Handles for one object are as many as are made, and not equal.
 *
 * A handle that the object itself leads to is a cycle that nobody sees: it leaks.
 */

struct _GcHandle
{
  GObject  parent_instance;
  gpointer object;
};

enum
{
  PROP_0,
  PROP_OBJECT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/**
 * GcHandle:
 *
 * A GObject that holds an external reference to an object of an arena.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (GcHandle, gc_handle, G_TYPE_OBJECT)

static void
gc_handle_init (GcHandle *self)
{
  (void) self;
}

/* Not in dispose: an object once given stays, whoever else still uses the handle. */
static void
gc_handle_finalize (GObject *object)
{
  GcHandle *self = GC_HANDLE (object);

  g_clear_pointer (&self->object, gc_object_unref);
  G_OBJECT_CLASS (gc_handle_parent_class)->finalize (object);
}

static void
gc_handle_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  GcHandle *self = GC_HANDLE (object);

  if (id == PROP_OBJECT)
    gc_value_set_object (value, self->object);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gc_handle_set_property (GObject      *object,
                        guint         id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  GcHandle *self = GC_HANDLE (object);

  if (id == PROP_OBJECT)
    self->object = gc_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gc_handle_class_init (GcHandleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = gc_handle_finalize;
  object_class->get_property = gc_handle_get_property;
  object_class->set_property = gc_handle_set_property;

  /**
   * GcHandle:object:
   *
   * The object that the handle keeps alive.
   *
   * Since: 0.1
   */
  properties[PROP_OBJECT] =
    gc_param_spec_object ("object", "Object", "The object that is kept alive", GC_TYPE_OBJECT,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

/**
 * gc_handle_new:
 * @object: (type GcObj.Object): an object
 *
 * Makes a handle. As for gc_object_ref(), the caller is in a scope or knows that the object
 * is alive.
 *
 * Returns: (transfer full): the handle
 *
 * Since: 0.1
 */
GcHandle *
gc_handle_new (gpointer object)
{
  g_return_val_if_fail (gc_arena_of (object) != NULL, NULL);

  return g_object_new (GC_TYPE_HANDLE, "object", object, NULL);
}

/**
 * gc_handle_get_object: (skip)
 * @self: a handle
 *
 * Gives the object. It is alive, and in its place, as long as the handle is, inside of a scope
 * or not.
 *
 * Returns: (type GcObj.Object) (transfer none) (nullable): the object, or %NULL if
 *   the handle was made without one
 *
 * Since: 0.1
 */
gpointer
gc_handle_get_object (GcHandle *self)
{
  g_return_val_if_fail (GC_IS_HANDLE (self), NULL);

  return self->object;
}

/**
 * gc_handle_dup_object: (rename-to gc_handle_get_object)
 * @self: a handle
 *
 * Gives a new reference to the object.
 *
 * Returns: (type GcObj.Object) (transfer full) (nullable): the object, or %NULL if
 *   the handle was made without one
 *
 * Since: 0.1
 */
gpointer
gc_handle_dup_object (GcHandle *self)
{
  g_return_val_if_fail (GC_IS_HANDLE (self), NULL);

  return self->object != NULL ? gc_object_ref (self->object) : NULL;
}
