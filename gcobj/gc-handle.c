/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-handle.h"
#include "gcobj/gc-param.h"
#include "gcobj/gc-peer-private.h"
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
 * A handle that the object itself leads to is a cycle that nobody sees: it leaks. One with an owner
 * (gc_handle_new_with_owner()) does not: the object is kept by the owner's #GcPeer for it.
 */

struct _GcHandle
{
  GObject  parent_instance;
  GcKept   kept;
  gpointer object;              /* while it is made */
  GObject *owner;
};

enum
{
  PROP_0,
  PROP_OBJECT,
  PROP_OWNER,
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

static void
gc_handle_constructed (GObject *object)
{
  GcHandle *self = GC_HANDLE (object);

  G_OBJECT_CLASS (gc_handle_parent_class)->constructed (object);
  if (self->object != NULL)
    gc_kept_init (&self->kept, self->object, self->owner);
  g_clear_pointer (&self->object, gc_object_unref);
  self->owner = NULL;
}

/* Not in dispose: an object once given stays, whoever else still uses the handle. */
static void
gc_handle_finalize (GObject *object)
{
  GcHandle *self = GC_HANDLE (object);

  gc_kept_clear (&self->kept);
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
    gc_value_take_object (value, gc_kept_dup (&self->kept));
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
  else if (id == PROP_OWNER)
    self->owner = g_value_get_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gc_handle_class_init (GcHandleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = gc_handle_constructed;
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

  /**
   * GcHandle:owner:
   *
   * The GObject whose peer keeps the object for the handle, if there is one. The handle does not keep it.
   *
   * Since: 0.1
   */
  properties[PROP_OWNER] =
    g_param_spec_object ("owner", "Owner", "The GObject whose peer keeps the object", G_TYPE_OBJECT,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

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

/* Takes what is kept. */
GcHandle *
gc_handle_new_kept (GcKept kept)
{
  GcHandle *self = g_object_new (GC_TYPE_HANDLE, NULL);

  self->kept = kept;
  return self;
}

/**
 * gc_handle_new_with_owner:
 * @object: (type GcObj.Object): an object
 * @owner: a GObject
 *
 * Makes a handle that has no external reference to the object: the peer of @owner keeps it, as
 * if @owner led to it, until the handle is finalized. So what the object leads to may in its turn keep the
 * handle, and @owner, without a leak. Once @owner is finalized the handle has no object any more.
 *
 * Returns: (transfer full): the handle
 *
 * Since: 0.1
 */
GcHandle *
gc_handle_new_with_owner (gpointer  object,
                          GObject  *owner)
{
  g_return_val_if_fail (gc_arena_of (object) != NULL, NULL);
  g_return_val_if_fail (G_IS_OBJECT (owner), NULL);

  return g_object_new (GC_TYPE_HANDLE, "object", object, "owner", owner, NULL);
}

/**
 * gc_handle_get_object: (skip)
 * @self: a handle
 *
 * Gives the object. It is alive, and in its place, as long as the handle is, inside of a scope
 * or not. If the handle has an owner, that holds inside a scope alone, for as long as it is open.
 *
 * Returns: (type GcObj.Object) (transfer none) (nullable): the object, or %NULL if
 *   the handle was made without one
 *
 * Since: 0.1
 */
gpointer
gc_handle_get_object (GcHandle *self)
{
  g_autoptr (GcArena) arena = NULL;

  g_return_val_if_fail (GC_IS_HANDLE (self), NULL);

  if (self->kept.slot == NULL)
    return self->kept.object;
  arena = gc_kept_dup_arena (&self->kept);
  if (arena == NULL)
    return NULL;
  g_return_val_if_fail (gc_arena_is_mutating (arena), NULL);
  return gc_kept_peek (&self->kept, arena);
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

  return gc_kept_dup (&self->kept);
}
