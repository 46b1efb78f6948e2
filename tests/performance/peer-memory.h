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
#include <stdlib.h>

typedef struct _PeerMutation PeerMutation;      /* never defined: always NULL */

typedef struct
{
  void *root;
} PeerArena;

/* What a peer with a collector defines otherwise. */
#ifndef PEER_COLLECTS
#define PEER_COLLECTS                   false
#define PEER_COLLECT(arena)             ((void) (arena))
#define PEER_START()                    ((void) 0)
#define PEER_DROP_TAIL(object)          free (object)
#endif

#define PEER_ARENA(arena) \
  PeerArena arena##_memory = { NULL }; \
  PeerArena *arena = &arena##_memory; \
  PEER_START ()
#define PEER_BEGIN(m, arena) \
  PeerMutation *m = ((void) (arena), NULL)
#define PEER_ENTER(m) \
  PEER_ARENA (m##_arena); \
  PEER_BEGIN (m, m##_arena)
#define PEER_SET_ROOT(arena, object)    ((arena)->root = (object))
#define PEER_GET_ROOT(arena)            ((arena)->root)
#define PEER_REPORT(m)                  ((void) (m))
#define PEER_REF(Type)                  __typeof__ (Type *)
#define PEER_REF_TAIL(Type)             __typeof__ (Type *[])
#define PEER_LENGTH                     size_t
#define PEER_SET(owner, field, value)   ((owner)->field = (value))
#define PEER_ROOT(m, Type, name)        Type *name = NULL
#define PEER_SAFEPOINT(m)               ((void) (m))
#define PEER_BORROWED(Type, field)

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
