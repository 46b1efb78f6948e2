/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A map of the heap
 * =================
 *
 * A heap is a mark-region space after Whippet's Nofl: no size classes, no
 * copying. Objects are 8-byte aligned and at least 16 bytes long.
 *
 * slab      4 MiB, 4 MiB-aligned, so that a mask finds it from any object in it.
 *           [0, 16K) this header, [16K, 256K) metadata, [256K, 4M) 60 blocks.
 * block     64 KiB of objects; the unit of sweeping, of release to the system
 *           and of relocation.
 * granule   16 bytes, with one metadata byte at slab + (offset >> 4). No two
 *           objects start in one granule. The byte belongs to the object that
 *           starts in it, else to the one that covers it wholly.
 * large     an object over GC_LARGE_SIZE, at the start of a page: in a slab of pages that it shares with others
 *           of its kind (gc-pages.c), or, over GC_PAGES_SIZE, in a slab-aligned mapping of its own
 *           at +256K. The same formulas work on the object's start.
 * window    where a mutation bump-allocates: [ptr, limit) is zeroed.
 * hole      a run of free granules of a block; a window is a part of one.
 *
 * The cycle (gc-cycle.c), with what may run in between:
 *
 *   SWEEPING --finish sweep--> IDLE --start--> MARKING --remark--> CLEARING --> SWEEPING
 *
 *   start    (atomic) windows are retired, the colour flips, roots become grey
 *   marking  (slices) objects are allocated white; the barrier shades. At its end the keeper
 *            (gc-keeper.c), if there is one, looks at what is left, between two remarks
 *   remark   (atomic) dirty roots and what they lead to
 *   clearing (slices) weak slots, guardians, ephemerons, finalizers; allocation uses
 *            empty blocks only, so that a block of the new epoch holds only new objects
 *   sweeping (lazily, by allocation; else in slices)
 *
 * Invariants, checked by gc_heap_verify():
 *
 *   I1  Outside of marking each object is in one of two states: it carries the
 *       current colour in every byte of its own, or none (allocated since).
 *   I2  No byte carries both colours. After a sweep no byte of the block
 *       carries the other colour.
 *   I3  An object's first byte has START_HI exactly if it starts in the high half of
 *       its granule; its last own byte has TAIL_NEXT exactly if it also
 *       covers the low half of the granule after it; both only once marked.
 *   I4  While marking, no marked object that is neither in a queue nor being scanned
 *       refers to a white object (the insertion barrier: NEEDLOG is set with the colour,
 *       so each store into a marked object shades what it stores).
 *   I5  A block with the heap's epoch is swept. Blocks of older epochs that
 *       are not empty are reached by the sweep cursor, or in an allocator's run, once.
 *   I6  After remark everything that the roots lead to carries the current colour.
 *
 * Generations (gc-minor.c, gc-log.c). The colour sticks: what a collection marked is old and
 * keeps its colour until the next major one flips it; what has no colour is young. A minor
 * collection is the same machine without the flip. It begins at a safe point that owes, while
 * IDLE or SWEEPING, and returns to that state; it marks from the roots, the external
 * references that are new, and the old objects that were stored into.
 *
 *   I7  While the heap is generational and does not mark: an old object that refers to a young
 *       one, weakly or not, is in the log, or in an allocator's `logged` between two stops, or large with a dirty card for the slot. An object
 *       in the log has no NEEDLOG, unless it is a table's storage, which has a note of its own.
 *   I8  Young objects lie in the blocks of allocators' windows and of their lists `young`, and in the list
 *       `large_young`. When clearing begins, those blocks go to their lists `recent`, whose
 *       blocks have room wherever a byte has no colour, and the large ones to `large_condemned`.
 *   I9  A block or large object that is taken while clearing goes on has `born` equal to the
 *       heap's `stamp`, and no other has. What is unmarked then and not born so is dead.
 *   I10 The list of old finalizable objects holds marked ones only, until the colour flips.
 *   I11 Log, cards, `young` and what they lead to mean nothing once the colour has flipped: they
 *       are dropped together. Marking sets NEEDLOG anew.
 *   I12 `round` counts collections of both kinds, `cycle`, `epoch` and the statistics of what
 *       lives only major ones.
 *   I13 No object in the blocks that gc_young_block_ and gc_other_young_blocks_ name was scanned: it is unmarked, or grey and
 *       waits for the next slice. A block is named once, at its allocator's `told_at`: NULL while no thread has a scope.
 *   I14 While marking goes on, what was stored into marked objects is grey or in an allocator's `stored`, which
 *       is empty once marking is complete.
 *   I15 When clearing begins, what the keeper visits is marked: what it keeps, and what it
 *       condemned in this cycle.
 *   I16 While markers work as a team (gc-team.c) only the metadata of unmarked objects and what belongs to one
 *       marker is written. What a marker has given away is in the pool, what it must not scan in `deferred`,
 *       and both are empty when all are hungry. Between two drains all that is grey is the heap's marker's.
 *   I17 A page of a slab of pages is used exactly if a large object in one of the four lists covers it, and a first
 *       page exactly if one starts there. A page that is fresh reads as zero, and is not used. A slab with room for the
 *       smallest large object is in the list `open`, once.
 *
 * Several mutators: I18 to I21 are in gc-share.c.
 */

#include <pthread.h>
#include "gcobj/gc-arena.h"
#include "gcobj/gc-object.h"
#include "gcobj/gc-stats.h"
#include "gcobj/gc-pacing.h"
#include "gcobj/gc-slot.h"
#include "gcobj/heap/gc-kind-private.h"
#include "gcobj/heap/gc-space-private.h"

G_BEGIN_DECLS

typedef struct _GcLarge      GcLarge;
typedef struct _GcBudget     GcBudget;
typedef struct _GcSegment    GcSegment;
typedef struct _GcQueue      GcQueue;
typedef struct _GcSegmentPool GcSegmentPool;
typedef struct _GcWeakHolder GcWeakHolder;
typedef struct _GcKeeper     GcKeeper;
typedef struct _GcEventBuffer GcEventBuffer;
typedef struct _GcTeam       GcTeam;

struct _GcBudget
{
  gint64 deadline_ns;           /* monotonic time; 0 = none */
  gint64 units;                 /* an object or 16 slots; G_MAXINT64 = unbounded */
};

#define GC_BUDGET_UNBOUNDED ((GcBudget) { 0, G_MAXINT64 })

/* A LIFO of words in segments that never move. */
#define GC_SEGMENT_WORDS 2046   /* with the rest: 16 KiB */

struct _GcSegment
{
  GcSegment *below;
  gsize      n;                 /* valid while another segment is on top */
  gpointer   words[GC_SEGMENT_WORDS];
};

struct _GcQueue
{
  GcSegment     *top;
  gsize          n;             /* words in the top segment */
  gsize          n_below;       /* words in the others */
  GcSegmentPool *pool;          /* NULL: emptied segments are freed */
};

/* Emptied segments: what one collection needed the next one will, and the system would map and
 * zero the same memory over and over (performance/graph). */
struct _GcSegmentPool
{
  GcSegment *segments;
  gsize      n;
  gsize      n_idle;            /* the fewest there were since the last trim */
};

/* Something outside of the objects that refers weakly to objects. */
typedef enum
{
  GC_WEAK_BEFORE,               /* cleared before dead objects are resurrected */
  GC_WEAK_RESURRECT,            /* resurrects */
  GC_WEAK_AFTER                 /* cleared after that */
} GcWeakStage;

struct _GcWeakHolder
{
  GcWeakHolder *next;
  GcWeakStage   stage;
  /* Continues to forget what is dead (or to resurrect it); TRUE when it is done. The
   * holder keeps its own cursor, which restart sets to the beginning. */
  void        (*restart)  (GcWeakHolder *self);
  gboolean    (*process)  (GcWeakHolder *self,
                           GcHeap       *heap,
                           GcBudget     *budget);
  /* Visits each reference through gc_tracer_visit_weak(), after objects moved. */
  void        (*relocate) (GcWeakHolder *self,
                           GcHeap       *heap,
                           GcTracer     *tracer);
  gboolean      busy;           /* in this cycle's clearing: not done yet */
};

/* Something outside of the heap that keeps objects on conditions that only it knows: see
 * gc-keeper.c for what follows what. */
typedef enum
{
  GC_KEEPER_KEEPS,
  GC_KEEPER_JUDGES,
  GC_KEEPER_RECONSIDERS,        /* marking goes on for what judging found to be kept */
  GC_KEEPER_CONDEMNS,
  GC_KEEPER_DONE
} GcKeeperPhase;

struct _GcKeeper
{
  void        (*restart)       (GcKeeper *self,
                                GcHeap   *heap);
  /* Continues to shade what is kept, in a minor collection at least what is young. */
  gboolean    (*keep)          (GcKeeper *self,
                                GcHeap   *heap,
                                GcBudget *budget);
  /* Goes through what is not marked: what is kept after all is shaded, and has_kept set (in the
   * last trial all is kept); the rest is noted. */
  void        (*begin_judging) (GcKeeper *self,
                                GcHeap   *heap);
  gboolean    (*judge)         (GcKeeper *self,
                                GcHeap   *heap,
                                GcBudget *budget);
  /* Continues to shade what was noted. */
  gboolean    (*condemn)       (GcKeeper *self,
                                GcHeap   *heap,
                                GcBudget *budget);
  /* Visits what is kept or condemned: see I15. */
  void        (*visit)         (GcKeeper *self,
                                GcTracer *tracer);
  GcKeeperPhase phase;
  guint         n_trials;
  gboolean      has_kept;
  gboolean      is_last_trial;
};

struct _GcTracer
{
  GcHeap  *heap;
  void   (*visit)      (GcTracer *self, gpointer *slot);
  void   (*visit_weak) (GcTracer *self, gpointer *slot);
  gpointer data;
  GcObject *object;             /* being traced, for messages */
};

/* Objects whose finalizers are running; on the stack of who runs them. */
#define GC_BATCH 64

typedef struct _GcBatch GcBatch;
struct _GcBatch
{
  GcBatch *next;
  guint    n;
  gpointer objects[GC_BATCH];
};

/* The marker: see gc-mark.c for the order and why. */
#define GC_EDGE_RING   16
#define GC_OBJECT_RING 32
#define GC_FIFO        4096
#define GC_SLICE_SLOTS 512      /* large arrays are scanned so many slots at a time */
#define GC_SLICE_MIN   1024     /* arrays up to this size are scanned in one go */
#define GC_MAX_MARKERS 16       /* threads that mark in one pause */
#define GC_NARROW      32       /* slots of a class that the fast path takes: slack of the stack */

typedef struct
{
  GcObject *edges[GC_EDGE_RING];
  guint     edge_head, edge_flushed;
  GcObject *objects[GC_OBJECT_RING];
  guint     object_head;
  GcObject *fifo[GC_FIFO];
  guint     fifo_head, fifo_tail;
  guint     n_urgent;           /* objects in the FIFO and arrays in the queue */
  gboolean  in_order;           /* neighbours in the array last scanned are neighbours in memory */
  GcQueue   stack;
  GcQueue   arrays;             /* pairs of object and next index */
  GcQueue   weak_owners;        /* marked objects with weak slots or weak entries */
  gsize     weak_index;         /* within the weak owner being cleared */
  GcQueue   late;               /* storage of ephemerons, to be scanned when all else is */
  GcQueue   ephemerons;         /* marked objects with ephemerons */
  gsize     ephemeron_index;
  guint64   marked_bytes, marked_objects, traced_bytes;
  GcTracer  tracer;
  GcTeam   *team;               /* while it marks with others: see gc-team.c */
  gboolean  is_helper;
  GcQueue   deferred;           /* of a helper: marked, and for the others to scan */
} GcMarker;

/* The keys that pending ephemerons wait for: buckets of chains through the entries. */
typedef struct
{
  GcEphemeron *first;
  guint64      round;           /* the collection that filled it: emptied lazily */
} GcBucket;

typedef enum
{
  GC_STATE_SWEEPING,            /* lazily; IDLE once the cursor is at the end */
  GC_STATE_IDLE,
  GC_STATE_MARKING,
  GC_STATE_MARKED,              /* held there by gc_arena_finish_marking() */
  GC_STATE_CLEARING
} GcState;

typedef enum
{
  GC_PAUSE_START,
  GC_PAUSE_MARK,
  GC_PAUSE_REMARK,
  GC_PAUSE_CLEAR,
  GC_PAUSE_SWEEP
} GcPauseKind;

/* External references: a hash index over chunks of roots. */
#define GC_CHUNK_ROOTS 511      /* scanned in 3 us: the unit of root marking */

typedef struct _GcExternalChunk GcExternalChunk;

typedef struct
{
  pthread_mutex_t   lock;       /* a leaf: nothing is called while it is held */
  GcExternalChunk **chunks;
  guint             n_chunks;
  guint32          *index;      /* open addressing by address; entry number + 1 */
  gsize             index_size; /* a power of two */
  gsize             n;          /* objects referenced */
  guint32           free_entry; /* list through unused entries; + 1 */
} GcExternal;

/* What the layer above supplies. */
typedef struct
{
  /* Reports the roots that are scanned at once: few. */
  void (*visit_roots) (gpointer owner, GcTracer *tracer);
} GcHeapHooks;

struct _GcHeap
{
  gpointer            owner;    /* the arena */
  const GcHeapHooks  *hooks;
  gboolean            is_shared;                    /* atomic: several threads mutate; see I18 */
  gboolean            is_stopped;                   /* of a shared heap: none of them does at the moment */
  guint8              colour;   /* the current one */
  GcState             state;
  gboolean            barrier_on;                   /* a store into a marked object shades */
  gboolean            barrier_held;
  guint32             epoch;
  guint32             stamp;                        /* grows when clearing begins: see I9 */
  guint64             round;                        /* collections begun, minor ones too */
  guint64             cycle;
  guint               zeal;

  pthread_mutex_t     lock;                         /* recursive; of a shared heap: see I18. Far from what all read */
  guint               n_guests;                     /* atomic, and as far: mutators that wait awake for the end of a pause */
  GcSlab            **slabs;
  guint               n_slabs, n_slabs_allocated;
  guint               sweep_slab, sweep_block;      /* the cursor */
  guint               release_slab, release_block;
  GcBlock            *empty;
  GcBlock            *ready;
  GcLarge            *large;
  GcLarge            *large_young, *large_young_last;
  GcLarge            *large_condemned, *large_condemned_last;
  GcLarge            *large_unswept;
  GcSlab             *open;                         /* slabs of pages with room */

  GcSegmentPool       segments;                     /* of all queues */
  GcMarker            marker;
  guint               n_markers;                    /* atomic: threads that mark in one pause */
  GcTeam             *team;                         /* atomic: made when first needed */
  gboolean            always_helps;                 /* for tests: it is called at once, and waited for */
  GcAllocator         allocator;                    /* the first, and the only one until the heap is shared; what it
                                                     * writes is not beside what others read, too */
  GcExternal          external;
  guint               n_rescans;                    /* of the roots, in this cycle */

  gboolean            generational;                 /* minor collections happen */
  gboolean            is_always_generational;       /* for tests: survival does not matter */
  gboolean            is_minor;                     /* the collection that goes on */
  GcState             resumed_state;                /* what it returns to */
  gsize               mapped_since, mapped_most;    /* bytes of objects with mappings of their own since the last cycle; of the largest */
  gsize               minor_began_at;               /* what was allocated when the minor collection began */
  gsize               nursery;                      /* bytes between two minor collections, for each mutator */
  guint               n_allocating;                 /* of a shared heap: mutators that do; */
  guint               n_sleeping;                   /* and that `sleep` provides for */
  gsize               grown;                        /* of allocated: what is not young */
  double              survival;                     /* the share of young bytes: moving average */
  guint               n_majors_off;                 /* major cycles until generations are tried again */
  guint               next_majors_off;              /* how many when they are next found to be of no use */
  GcQueue             log;                          /* old objects that may refer to young ones */
  guint64             log_era;                      /* grows when the log is dropped */
  GcQueue             dirty;                        /* large objects with dirty cards */
  gsize               dirty_index;                  /* the next card of the one on top */

  GcBucket           *buckets;
  gsize               n_buckets;                    /* a power of two, or 0 */
  gsize               n_ephemerons;                 /* entries in storage: what the buckets are for */
  gsize               n_ephemerons_new;             /* made since the cycle began */
  gsize               n_ephemerons_met;             /* in storage that clearing has met */
  guint64             ephemeron_cycle;              /* that these two are of */
  guint64             waiting_round;                /* the last in which an ephemeron had to wait */

  GcKeeper           *keeper;                       /* or NULL */
  GcWeakHolder       *holders;
  GcWeakStage         stage;                        /* of clearing */

  GcQueue             finalizable;                  /* young objects with finalizers */
  GcQueue             finalizable_next;             /* those that this clearing leaves young */
  GcQueue             finalizable_old;
  GcQueue             finalizable_kept;             /* those that this cycle found alive */
  GcQueue             dead;                         /* to be finalized */
  gsize               n_dead;
  guint64             dead_cycle;                   /* the cycle that last went through the list */
  GcBatch            *batches;

  GcPacing            pacing;
  gsize               allocated;                    /* bytes since the last cycle ended */
  gsize               trigger;                      /* of allocated: the next slice */
  gsize               sleep;                        /* of allocated: where debt begins */
  gsize               paid_at;                      /* of allocated: the last slice */
  double              credit;                       /* bytes of debt paid since */
  gsize               live_bytes;                   /* at the end of the last marking */
  gsize               heap_limit;
  gboolean            over_limit;
  gboolean            is_exhausted;                 /* atomic: beyond the limit and its reserve, and has said so */
  gsize               external_bytes;
  gsize               external_since;               /* of allocated: what was external */
  GcStats             stats;
  guint64             swept_live, swept_free, dropped_bytes;  /* work not credited yet */
  guint64             marked_credited, traced_credited;

  GcEventBuffer      *events;                       /* the owner's; NULL while nobody listens */
  gpointer            shadow;                       /* of zeal's shadow-slots */
  guint64             move_epoch;                   /* relocations so far: address hashes are stale */
};

G_END_DECLS
