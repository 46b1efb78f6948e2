/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-arena.h"
#include "gcobj/gc-back-ref-private.h"
#include "gcobj/gc-os-private.h"
#include "gcobj/gc-peer.h"
#include "gcobj/gc-root.h"
#include "gcobj/gc-type.h"
#include "gcobj/heap/gc-heap-private.h"

G_BEGIN_DECLS

/* A mutation scope. Its head is the allocation window: while a scope is the
 * innermost of its thread it has the thread's window, else an empty one, so
 * that allocation through an outer or a finished scope takes the slow path. */
struct _GcMutation
{
  GcWindow    window;
  GcArena    *arena;            /* NULL once finished */
  gintptr     lone_thread;      /* atomic: the thread whose only scope in the arena this is, and is not lent, so that it has safe points; or 0 */
  guint       n_safepoints;     /* in a shared arena since the last stop: gc-precedence.c's */
  GcMutation *outer;
  GcRoot     *roots;
  guint       depth;
  gint        ref_count;
  guint8      is_implicit;      /* opened by a setter or getter: its end is no safe point */
  guint8      is_lent;          /* to a callback, which may not finish it */
  gint        is_dropped;       /* atomic: its last reference went away on another thread */
};

/* An implicit scope, on the stack of the function that needs one. In a shared arena what is done in it is done under the
 * heap's lock: it is how the library keeps threads apart that use one container. */
typedef struct
{
  GcMutation m;
  GcArena   *arena;
  gboolean   is_entered;        /* FALSE where the thread had a scope already */
} GcScope;

/* What a thread has that has a scope: gc-hold.c. It belongs to nobody in particular in between. */
typedef struct _GcMutator GcMutator;
struct _GcMutator
{
  GcArena     *arena;
  GcMutation  *innermost;
  GcWindow     parked;          /* the window while no scope is open */
  GcAllocator *allocator;
  GcMutator   *next;            /* of the arena's */
  GcMutator   *next_idle;
  GcMutator   *outer;           /* of the thread's, in another arena */
  /* gc-precedence.c's */
  gboolean     is_running;      /* has a scope that counts */
  gboolean     goes_on;         /* though a pause is owed, */
  guint        n_changes;       /* since the arena's were so many */
  gint64       resumed_ns;
  gint64       interval_ns;     /* between two safe points, until it stopped last */
};

typedef struct
{
  GDestroyNotify notify;
  gpointer       data;
} GcDeferred;

/* Locks, from the outside in: hold (scopes and pauses), the heap's lock (of a shared arena), the external references'
 * lock, deferred_lock. Nothing is called while one of the two leaves is taken. */
struct _GcArena
{
  GObject          parent_instance;

  GcHeap           heap;
  gpointer         root;
  GcBackRef       *back_ref;

  /* gc-hold.c's, under the mutex where nothing else is said */
  pthread_mutex_t  hold;
  pthread_cond_t   changed;
  gintptr          owner;       /* atomic: the thread that has the arena for itself, or 0 */
  gint             n_wanting;   /* atomic: threads that wait for the arena to be shared */
  gboolean         is_contended;        /* atomic: it is shared, or is to be */
  gboolean         is_stop_wanted;      /* atomic: in a shared one somebody waits for a safe point */
  gboolean         is_pausing;  /* atomic: in an arena that is not shared */
  gboolean         is_requested;        /* a pause that is owed */
  guint            n_scopes;    /* threads that have a scope, and are not at a safe point; */
  guint            n_running;   /* and do not wait to be alone */
  guint            n_pausing;   /* that wait to pause */
  guint            n_alone;     /* that wait to be alone */
  guint            n_waiting;   /* for any of this, asleep */
  guint            n_changes;   /* atomic: of any of this */
  gint64           awake_ns;    /* how long it is worth to wait awake for that */
  guint            alone_depth; /* the owner's, or in an arena that is not shared of who has the scope */
  guint            n_unlocked;  /* in such an arena: scopes of the library that would have the heap's lock in a shared one */
  GcMutator        first;       /* the only one until the arena is shared */
  GcMutator       *idle;
  gint             n_inhibited; /* atomic */

  pthread_mutex_t  deferred_lock;
  GArray          *deferred;
  GMainContext    *context;     /* attached to, or NULL; under deferred_lock */
  GSource         *source;
  gpointer         memory_monitor;      /* of gc-memory-monitor.c; under deferred_lock */
  gulong           memory_handler;
  gint             memory_warning;      /* atomic: the level that work is requested for, or 0 */
  GMainContext    *last_context;  /* attached to when the arena was disposed of */

  GcWeakSet        side;        /* identity hashes and external bytes */
  gpointer         interned;    /* gc-string-intern.c's GcWeakSet, made when first used */
  gpointer         watchers;    /* gc-watch.c's guardians and death queues, likewise */
  gpointer         serials;     /* gc-serial.c's, likewise */
  gpointer         array_watches;       /* gc-array-watch.c's list */
  gpointer         peers;       /* atomic: gc-peers.c's, likewise */

  GcEventBuffer   *events;      /* atomic; made with the first listener */
  struct _GcListener *listener; /* under the lock of events */
};

/* gc-hold.c */
void        gc_mutators_free        (GcArena     *arena);
void        gc_arena_take_hold      (GcArena     *arena);
gboolean    gc_arena_try_hold       (GcArena     *arena);
void        gc_arena_release_hold   (GcArena     *arena);
void        gc_arena_enter          (GcArena     *arena,
                                     gboolean     is_implicit);
void        gc_arena_leave          (GcArena     *arena);
gboolean    gc_arena_leave_at_safepoint (GcArena *arena);
gboolean    gc_arena_stop           (GcArena     *arena);
void        gc_arena_let_others_in  (GcArena     *arena);
void        gc_arena_begin_alone    (GcArena     *arena);
void        gc_arena_end_alone      (GcArena     *arena);

/* The calling thread's, in all shared arenas; the latest first. */
extern GC_THREAD_LOCAL GcMutator *gc_mutators_of_thread;

/* The arenas in which the calling thread began scopes that are open, where somebody looks for those left open:
 * gc-lend.c. */
extern GC_THREAD_LOCAL GPtrArray *gc_arenas_open;

/* The calling thread's in a shared arena, or NULL if it has no scope. */
static inline GcMutator *
gc_mutator_find (GcArena *arena)
{
  for (GcMutator *self = gc_mutators_of_thread; self != NULL; self = self->outer)
    if (self->arena == arena)
      return self;
  return NULL;
}

static inline gboolean
gc_arena_is_owner (GcArena *arena)
{
  return __atomic_load_n (&arena->owner, __ATOMIC_RELAXED) == gc_os_this_thread ();
}

/* Whether the calling thread has a scope or the hold. Only it can change the answer. */
static inline gboolean
gc_arena_is_mine (GcArena *arena)
{
  return (G_UNLIKELY (gc_heap_is_shared (&arena->heap)) && gc_mutator_find (arena) != NULL) || gc_arena_is_owner (arena);
}

/* The calling thread's innermost scope, or NULL. */
static inline GcMutation *
gc_arena_get_innermost (GcArena *arena)
{
  GcMutator *mutator;

  if (G_LIKELY (!gc_heap_is_shared (&arena->heap)))
    return gc_arena_is_owner (arena) ? arena->first.innermost : NULL;
  mutator = gc_mutator_find (arena);
  return mutator != NULL ? mutator->innermost : NULL;
}

/* Whether the calling thread has a scope open. */
static inline gboolean
gc_arena_is_mutating (GcArena *arena)
{
  return gc_arena_get_innermost (arena) != NULL;
}

/* Of a thread that has a scope. */
static inline GcMutator *
gc_arena_get_mutator (GcArena *arena)
{
  return G_LIKELY (!gc_heap_is_shared (&arena->heap)) ? &arena->first : gc_mutator_find (arena);
}

/* Whether a thread waits for the arena to be shared. */
static inline gboolean
gc_arena_is_wanted (GcArena *arena)
{
  return __atomic_load_n (&arena->n_wanting, __ATOMIC_RELAXED) > 0;
}

static inline gboolean
gc_arena_is_contended (GcArena *arena)
{
  return __atomic_load_n (&arena->is_contended, __ATOMIC_RELAXED);
}

static inline gboolean
gc_arena_is_stop_wanted (GcArena *arena)
{
  return __atomic_load_n (&arena->is_stop_wanted, __ATOMIC_RELAXED);
}

/* Whether a safe point may have something to do. */
static inline gboolean
gc_arena_wants_stop (GcArena *arena)
{
  return gc_heap_owes (&arena->heap) || gc_arena_is_stop_wanted (arena) || gc_arena_is_wanted (arena);
}

/* Zeroed, in cache lines of its own, for g_aligned_free(): what one thread writes all the time had better not be beside what
 * others read, such as a class. */
static inline gpointer
gc_allocate_apart (gsize size)
{
  return g_aligned_alloc0 (1, (size + GC_CACHE_LINE - 1) / GC_CACHE_LINE * GC_CACHE_LINE, GC_CACHE_LINE);
}

/* gc-precedence.c */
void        gc_mutator_resume       (GcMutator   *self);
gboolean    gc_mutator_goes_on      (GcMutator   *self);
gboolean    gc_mutator_still_goes_on (GcMutator  *self);

/* gc-mutation.c */
GcMutation *gc_scope_enter          (GcScope     *scope,
                                     GcArena     *arena);
void        gc_scope_leave          (GcScope     *scope);
void        gc_scope_enter_alone    (GcScope     *scope,
                                     GcArena     *arena);
void        gc_scope_leave_alone    (GcScope     *scope);
void        gc_scope_push           (GcArena     *arena,
                                     GcMutation  *m);
void        gc_scope_pop            (GcArena     *arena);
GcMutation *gc_mutation_alloc       (void);
void        gc_mutation_recycle     (GcMutation  *m);
GcMutation *gc_arena_begin_scope    (GcArena     *arena);
void        gc_arena_end_innermost  (GcArena     *arena);

/* gc-lend.c */
GcMutation *gc_arena_lend           (GcArena     *arena);
void        gc_arena_take_back      (GcArena     *arena,
                                     GcMutation  *m);

/* gc-arena-collect.c */
gboolean    gc_arena_is_due         (GcArena     *arena);
gboolean    gc_arena_is_due_at_once (GcArena     *arena);
gboolean    gc_arena_safepoint      (GcArena     *arena);
void        gc_arena_after_hold     (GcArena     *arena,
                                     gboolean     has_dead,
                                     gboolean     all);
void        gc_arena_finalize_all   (GcArena     *arena);

/* What of the program's the collector has called on this thread. */
typedef enum
{
  GC_CALLBACK_NONE,
  GC_CALLBACK_HOOK,
  GC_CALLBACK_FINALIZER
} GcCallbackKind;

gboolean       gc_arena_is_finalizing   (void);
gboolean       gc_arena_is_in_finalizer (void);
GcCallbackKind gc_arena_enter_callback  (GcCallbackKind kind);
void           gc_arena_leave_callback  (GcCallbackKind outer);
void        gc_arena_renew_attachment (GcArena   *arena);
void        gc_arena_run_deferred   (GcArena     *arena);
void        gc_arena_run_last_deferred (GcArena      *arena,
                                        GMainContext *context);
gboolean    gc_arena_is_behind      (GcArena     *arena);
gboolean    gc_arena_idle_slice     (GcArena     *arena,
                                     gint64       budget_ns);
gboolean    gc_arena_idle_start_cycle (GcArena     *arena);
gboolean    gc_arena_idle_collect   (GcArena     *arena,
                                     gboolean     trims);

/* gc-heap-limit.c */
gboolean    gc_arena_has_room       (GcArena     *arena,
                                     gsize        size);
void        gc_arena_exceed         (GcArena     *arena,
                                     gsize        size);
void        gc_arena_check_limit_again (GcArena  *arena);

/* gc-object.c */
GcArena    *gc_arena_of             (gconstpointer object);
gpointer    gc_object_allocate      (GcMutation    *m,
                                     GcObjectClass *klass,
                                     gsize          n,
                                     GError       **error);

/* gc-layout.c */
const GcLayout *gc_layout_extend    (const GcLayout    *parent,
                                     const GcTypeEntry *entries);

/* gc-type.c */
gboolean    gc_class_seal           (GcObjectClass *klass);

/* gc-side.c */
void        gc_side_init            (GcArena       *arena);
void        gc_side_clear           (GcArena       *arena);
gsize       gc_side_external_bytes  (GcArena       *arena,
                                     gpointer       object);

/* gc-watch.c */
void        gc_watch_clear          (GcArena       *arena);

/* gc-memory-monitor.c */
gpointer    gc_memory_monitor_connect (GcArena     *arena,
                                       gulong      *handler);
void        gc_memory_monitor_disconnect (gpointer  monitor,
                                          gulong    handler);
gboolean    gc_memory_monitor_serve (GcArena       *arena);

/* gc-array-watch.c */
void        gc_array_watch_clear    (GcArena       *arena);

/* gc-peers.c, gc-peers-release.c */
typedef void (*GcPeerVisitor)       (GcPeer        *peer,
                                     GObject       *object,
                                     gpointer       data);
gboolean    gc_peers_is_valid       (GcArena       *arena,
                                     GError       **error);
void        gc_peers_foreach_root   (GcArena       *arena,
                                     GcPeerVisitor  visit,
                                     gpointer       data);
gboolean    gc_peers_can_release    (GcArena       *arena);
void        gc_peers_release        (GcArena       *arena,
                                     gint64         until_ns);
void        gc_peers_after_hold     (GcArena       *arena,
                                     gboolean       all);
void        gc_peers_clear          (GcArena       *arena);

static inline GcArena *
gc_heap_get_arena (GcHeap *heap)
{
  return heap->owner;
}

G_END_DECLS
