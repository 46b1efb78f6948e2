/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* This library. */

#pragma once

#include <gcobj/gcobj.h>

#include "bench.h"

#define PEER_NAME                       "gcobj"

typedef GcObject   PeerObject;
typedef GcMutation PeerMutation;
typedef GcArena    PeerArena;

#define PEER_COLLECTS                   true
#define PEER_COLLECT(arena)             gc_arena_collect (arena)

#define PEER_ARENA(arena) \
  g_autoptr (GcArena) arena = gc_arena_new ()
#define PEER_BEGIN(m, arena) \
  g_autoptr (GcMutation) m = gc_arena_begin (arena)
#define PEER_ENTER(m) \
  PEER_ARENA (m##_arena); \
  PEER_BEGIN (m, m##_arena)
#define PEER_SET_ROOT(arena, object)    gc_arena_set_root ((arena), (object))
#define PEER_GET_ROOT(arena)            gc_arena_get_root (arena)

#define PEER_REF                        GC_REF
#define PEER_REF_TAIL                   GC_REF_TAIL
#define PEER_LENGTH                     const gsize
#define PEER_SET                        gc_set
#define PEER_ROOT                       GC_ROOT
#define PEER_SAFEPOINT                  gc_mutation_safepoint
#define PEER_DROP(type, object)         ((void) (object))
#define PEER_DROP_TAIL(object)          ((void) (object))

#define PEER_DECLARE_TYPE(Type, type, TYPE) \
  GC_DECLARE_TYPE (Type, type, PEER, TYPE, GcObject)

#define PEER_FIELD(Type, field, target) GC_FIELD (Type, field)
#define PEER_BORROWED(Type, field)      GC_FIELD (Type, field)

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

/* What slices took so far, and how many of them as long as so many microseconds, which is a power of two. */
#define PEER_HAS_PAUSES

typedef struct
{
  double  seconds;
  double  longest;              /* seconds */
  guint64 n_late;
} PeerPauses;

G_GNUC_UNUSED static PeerPauses
peer_get_pauses (GcMutation *m,
                 guint       late_us)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (gc_mutation_get_arena (m));
  PeerPauses self = { (double) stats->pause_ns / 1e9, (double) stats->max_pause_ns / 1e9, 0 };

  for (guint i = (guint) g_bit_storage (late_us); i < GC_STATS_N_PAUSES; i++)
    self.n_late += stats->pauses[i];
  return self;
}

/* The collector's own CPU time. */
#define PEER_REPORT(m)                  peer_report (m)

static inline void
peer_report (GcMutation *m)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (gc_mutation_get_arena (m));
  const struct { const char *key; guint64 ns; } longest[] = {
    { "gc-longest-us", stats->max_pause_ns },
    { "gc-longest-start-us", stats->max_start_ns },
    { "gc-longest-mark-us", stats->max_mark_ns },
    { "gc-longest-remark-us", stats->max_remark_ns },
    { "gc-longest-clear-us", stats->max_clear_ns },
    { "gc-longest-sweep-us", stats->max_sweep_ns },
  };

  bench_report ("gc-cycles", "%" G_GUINT64_FORMAT, stats->n_cycles);
  bench_report ("gc-minor-cycles", "%" G_GUINT64_FORMAT, stats->n_minor_cycles);
  bench_report ("gc-slices", "%" G_GUINT64_FORMAT, stats->n_pauses);
  bench_report ("gc-cpu-ms", "%.1f", (double) stats->pause_ns / 1e6);
  for (size_t i = 0; i < G_N_ELEMENTS (longest); i++)
    bench_report (longest[i].key, "%.1f", (double) longest[i].ns / 1e3);
}
