/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Plain C structures, for peers without GType.
 *
 * The including header defines peer_allocate (size, leaf), where "leaf" is a
 * constant that says that there will be no pointers inside;
 * PEER_ALLOCATES_DIRTY (leaf), whether that memory has still to be zeroed;
 * and PEER_DEFINE_DROP (Type, type, fields…).
 */

#pragma once

#include "peer-memory.h"

typedef struct
{
  const char *name;
} PeerClass;

typedef struct
{
  const PeerClass *klass;
} PeerObject;

#define PEER_DECLARE_TYPE(Type, type, TYPE) \
  typedef struct _##Type Type;

#define PEER_DEFINE_TYPE(Type, type, ...) \
  PEER_PLAIN_DEFINE_TYPE (Type, type, false, __VA_ARGS__)

#define PEER_DEFINE_LEAF_TYPE(Type, type) \
  PEER_PLAIN_DEFINE_TYPE (Type, type, true, )

/* Zeroing by assignment: gcc makes calloc () of malloc () and memset (), and
 * glibc's calloc () does without the per-thread cache. */
#define PEER_PLAIN_DEFINE_TYPE(Type, type, leaf, ...) \
  static const PeerClass type##_class = { #Type }; \
 \
  static inline Type * \
  type##_new (PeerMutation *m) \
  { \
    Type *self = peer_allocate (sizeof (Type), leaf); \
 \
    if (PEER_ALLOCATES_DIRTY (leaf)) \
      *self = (Type) { .parent_instance = { &type##_class } }; \
    else \
      self->parent_instance.klass = &type##_class; \
    return self; \
  } \
 \
  PEER_DEFINE_DROP (Type, type, __VA_ARGS__)
