/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Instances of GType with a reference count.
 *
 * A field owns a reference, a new object is its creator's, and the last
 * unref tears down what hangs below. The including header defines
 * PeerObject, PeerObjectClass, PEER_TYPE_OBJECT, peer_instance_new (type),
 * peer_unref (object) and PEER_FINALIZE_CLASS (klass), the class that holds
 * the finalize slot.
 */

#pragma once

#include <glib-object.h>

#define peer_allocate_block(size, leaf) g_malloc0 (size)
#define PEER_COLLECTS                   false
#define PEER_COLLECT(arena)             ((void) (arena))
#define PEER_START()                    ((void) 0)
#define PEER_DROP_TAIL(object)          g_free (object)

#include "peer-memory.h"

#define PEER_DECLARE_TYPE(Type, type, TYPE) \
  typedef struct _##Type Type; \
  typedef struct { PeerObjectClass parent_class; } Type##Class; \
  GType type##_get_type (void);

#define PEER_FIELD(Type, field, target) \
  if (self->field != NULL) \
    peer_unref (self->field);

#define PEER_DROP(type, object)         peer_unref (object)

#define PEER_DEFINE_LEAF_TYPE(Type, type) \
  G_DEFINE_TYPE (Type, type, PEER_TYPE_OBJECT) \
 \
  static void type##_init (Type *self) {} \
  static void type##_class_init (Type##Class *klass) {} \
 \
  PEER_COUNTED_DEFINE_NEW (Type, type)

#define PEER_DEFINE_TYPE(Type, type, ...) \
  G_DEFINE_TYPE (Type, type, PEER_TYPE_OBJECT) \
 \
  static void \
  type##_finalize (PeerObject *object) \
  { \
    Type *self = (Type *) object; \
 \
    (void) self; \
    __VA_ARGS__ \
    PEER_FINALIZE_CLASS (type##_parent_class)->finalize (object); \
  } \
 \
  static void type##_init (Type *self) {} \
 \
  static void \
  type##_class_init (Type##Class *klass) \
  { \
    PEER_FINALIZE_CLASS (klass)->finalize = type##_finalize; \
  } \
 \
  PEER_COUNTED_DEFINE_NEW (Type, type)

#define PEER_COUNTED_DEFINE_NEW(Type, type) \
  static inline Type * \
  type##_new (PeerMutation *m) \
  { \
    return peer_instance_new (type##_get_type ()); \
  }
