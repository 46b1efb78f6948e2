/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* This library. */

#pragma once

#include <gcobj/gcobj.h>

#define PEER_NAME                       "gcobj"

typedef GcObject   PeerObject;
typedef GcMutation PeerMutation;

#define PEER_ENTER(m) \
  g_autoptr (GcArena) m##_arena = gc_arena_new (); \
  g_autoptr (GcMutation) m = gc_arena_begin (m##_arena)

#define PEER_REF                        GC_REF
#define PEER_REF_TAIL                   GC_REF_TAIL
#define PEER_LENGTH                     const gsize
#define PEER_SET                        gc_set
#define PEER_ROOT                       GC_ROOT
#define PEER_SAFEPOINT                  gc_mutation_safepoint
#define PEER_DROP(type, object)         ((void) (object))

#define PEER_DECLARE_TYPE(Type, type, TYPE) \
  GC_DECLARE_TYPE (Type, type, PEER, TYPE, GcObject)

#define PEER_FIELD(Type, field, target) GC_FIELD (Type, field)

#define PEER_DEFINE_TYPE(Type, type, ...) \
  GC_DEFINE_TYPE (Type, type, GC_TYPE_OBJECT, __VA_ARGS__) \
 \
  static inline Type * \
  type##_new (PeerMutation *m) \
  { \
    return gc_new (m, Type); \
  }

#define PEER_DEFINE_LEAF_TYPE(Type, type) \
  PEER_DEFINE_TYPE (Type, type, )

#define PEER_DEFINE_TAIL_TYPE(Type, type, tail, length, ...) \
  PEER_GCOBJ_DEFINE_TAIL_TYPE (Type, type, \
                               GC_FIELD_TAIL (Type, tail, length) __VA_ARGS__)

#define PEER_DEFINE_LEAF_TAIL_TYPE(Type, type, tail, length) \
  PEER_GCOBJ_DEFINE_TAIL_TYPE (Type, type, GC_FIELD_TAIL_BYTES (Type, tail, length))

#define PEER_GCOBJ_DEFINE_TAIL_TYPE(Type, type, ...) \
  GC_DEFINE_TYPE (Type, type, GC_TYPE_OBJECT, __VA_ARGS__) \
 \
  static inline Type * \
  type##_new (PeerMutation *m, \
              size_t        n) \
  { \
    return gc_new_with_tail (m, Type, n); \
  }
