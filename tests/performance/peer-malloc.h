/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The C library's malloc () and free (). */

#pragma once

#include <stdlib.h>

#define PEER_NAME                       "malloc"

#define peer_allocate(size, leaf)       malloc (size)
#define PEER_ALLOCATES_DIRTY(leaf)      true
#define peer_allocate_block(size, leaf) calloc (1, size)

#define PEER_DROP(type, object)         type##_drop (object)

#define PEER_FIELD(Type, field, target) \
  if (self->field != NULL) \
    target##_drop (self->field);

#define PEER_DEFINE_DROP(Type, type, ...) \
  static inline void \
  type##_drop (Type *self) \
  { \
    __VA_ARGS__ \
    free (self); \
  }

#include "peer-plain.h"
