/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What all peers but ours have in common.
 *
 * No mutation scopes, no barrier, no rooted locals; and blocks of variable
 * size are plain memory, since GObject has no instances of variable size.
 * The including header defines peer_allocate_block (size, leaf) for them,
 * which returns zeroed memory.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct _PeerMutation PeerMutation;      /* never defined: always NULL */

#ifndef PEER_ENTER
#define PEER_ENTER(m)                   PeerMutation *m = NULL
#endif
#define PEER_REF(Type)                  __typeof__ (Type *)
#define PEER_REF_TAIL(Type)             __typeof__ (Type *[])
#define PEER_LENGTH                     size_t
#define PEER_SET(owner, field, value)   ((owner)->field = (value))
#define PEER_ROOT(m, Type, name)        Type *name = NULL
#define PEER_SAFEPOINT(m)               ((void) (m))

#define PEER_DEFINE_TAIL_TYPE(Type, type, tail, length, ...) \
  PEER_MEMORY_DEFINE_TAIL_TYPE (Type, type, tail, length, false)

#define PEER_DEFINE_LEAF_TAIL_TYPE(Type, type, tail, length) \
  PEER_MEMORY_DEFINE_TAIL_TYPE (Type, type, tail, length, true)

#define PEER_MEMORY_DEFINE_TAIL_TYPE(Type, type, tail, length, leaf) \
  static inline Type * \
  type##_new (PeerMutation *m, \
              size_t        n) \
  { \
    Type *self = peer_allocate_block (sizeof (Type) + n * sizeof (((Type *) NULL)->tail[0]), \
                                      leaf); \
 \
    self->length = n; \
    return self; \
  }
