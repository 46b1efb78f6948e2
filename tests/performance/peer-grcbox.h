/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GRcBox: plain structures with a count that is not atomic, in front. */

#pragma once

#include <glib.h>

#define PEER_NAME                       "grcbox"

#define peer_allocate(size, leaf)       g_rc_box_alloc0 (size)
#define PEER_ALLOCATES_DIRTY(leaf)      false
#define peer_allocate_block(size, leaf) g_malloc0 (size)
#define PEER_COLLECTS                   false
#define PEER_COLLECT(arena)             ((void) (arena))
#define PEER_START()                    ((void) 0)
#define PEER_DROP_TAIL(object)          g_free (object)

#define PEER_DROP(type, object)         type##_drop (object)

#define PEER_FIELD(Type, field, target) \
  if (self->field != NULL) \
    target##_drop (self->field);

#define PEER_DEFINE_DROP(Type, type, ...) \
  static inline void type##_drop (Type *self); \
 \
  static void \
  type##_clear (void *object) \
  { \
    Type *self = object; \
 \
    (void) self; \
    __VA_ARGS__ \
  } \
 \
  static inline void \
  type##_drop (Type *self) \
  { \
    g_rc_box_release_full (self, type##_clear); \
  }

#include "peer-plain.h"
