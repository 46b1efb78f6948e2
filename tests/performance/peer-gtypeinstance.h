/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A fundamental type with an atomic reference count.
 *
 * The lightest counted object that GType offers, as GskRenderNode and
 * GtkExpression have it.
 */

#pragma once

#include <glib-object.h>

#define PEER_NAME                       "gtypeinstance"

typedef struct
{
  GTypeInstance parent_instance;
  gint          ref_count;      /* atomic */
} PeerObject;

typedef struct
{
  GTypeClass parent_class;
  void     (*finalize) (PeerObject *object);
} PeerObjectClass;

#define PEER_TYPE_OBJECT                (peer_object_get_type ())
#define PEER_FINALIZE_CLASS(klass)      ((PeerObjectClass *) (klass))
#define peer_instance_new(type)         ((void *) g_type_create_instance (type))
#define peer_unref(object)              peer_object_unref ((PeerObject *) (object))

static inline void
peer_object_unref (PeerObject *self)
{
  if (g_atomic_int_dec_and_test (&self->ref_count))
    ((PeerObjectClass *) self->parent_instance.g_class)->finalize (self);
}

static void
peer_object_finalize (PeerObject *self)
{
  g_type_free_instance (&self->parent_instance);
}

static void
peer_object_init (GTypeInstance *instance,
                  gpointer       klass)
{
  ((PeerObject *) instance)->ref_count = 1;
}

static void
peer_object_class_init (gpointer klass,
                        gpointer data)
{
  PEER_FINALIZE_CLASS (klass)->finalize = peer_object_finalize;
}

static GType
peer_object_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    {
      static const GTypeFundamentalInfo fundamental = {
        G_TYPE_FLAG_CLASSED | G_TYPE_FLAG_INSTANTIATABLE |
        G_TYPE_FLAG_DERIVABLE | G_TYPE_FLAG_DEEP_DERIVABLE,
      };
      static const GTypeInfo info = {
        .class_size = sizeof (PeerObjectClass),
        .class_init = peer_object_class_init,
        .instance_size = sizeof (PeerObject),
        .instance_init = peer_object_init,
      };

      g_once_init_leave (&type,
                         g_type_register_fundamental (g_type_fundamental_next (),
                                                      "PeerObject", &info, &fundamental,
                                                      G_TYPE_FLAG_ABSTRACT));
    }
  return type;
}

#include "peer-counted.h"
