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
 *       are not empty are reached by the sweep cursor, once.
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
 *       waits for the next slice. A block is named once, by the allocator that `told` of it.
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

G_BEGIN_DECLS

#define GC_SLAB_SIZE       ((gsize) 4 << 20)
#define GC_SLAB_MASK       (GC_SLAB_SIZE - 1)
#define GC_BLOCK_SIZE      ((gsize) 64 << 10)  /* zeroing one (7 us) is far below a slice */
#define GC_GRANULE         16                  /* 8-byte granules cost random marking 22 % */
#define GC_BLOCK_GRANULES  (GC_BLOCK_SIZE / GC_GRANULE)
#define GC_BITMAP_WORDS    (GC_BLOCK_GRANULES / 64)
#define GC_SLAB_BLOCKS     (GC_SLAB_SIZE / GC_BLOCK_SIZE)
#define GC_FIRST_BLOCK     4                   /* header and metadata fill the first four */
#define GC_FIRST_OFFSET    (GC_FIRST_BLOCK * GC_BLOCK_SIZE)
#define GC_LARGE_SIZE      ((gsize) 32 << 10)  /* half a block: a block wastes at most that */
#define GC_PAGE_SIZE       4096
#define GC_SLAB_PAGES      (GC_SLAB_SIZE / GC_PAGE_SIZE)
#define GC_PAGE_WORDS      (GC_SLAB_PAGES / 64)
#define GC_MEDIUM_SIZE     256                 /* what misses the hole goes to a block of its kind */
#define GC_ZERO_CHUNK      4096                /* zeroed and accounted ahead of the pointer: stays in L1 */
#define GC_CARD_SHIFT      9                   /* of large objects: 512 bytes, or more for huge ones */
#define GC_MAX_CARDS       ((gsize) 192 << 10)
#define GC_MIN_OBJECT      16
#define GC_MAX_OBJECT      ((gsize) 1 << 46)
#define GC_FULL_GRANULES   (GC_BLOCK_GRANULES - GC_BLOCK_GRANULES / 16)
#define GC_CACHE_LINE      64
#define GC_SWEEP_LIMIT     16                  /* blocks swept in one refill: bounds an allocation */

#define GC_EMPTY_CYCLES    8                   /* a block empty for so many goes back to the system: a page that
                                                * is wanted again costs more than zeroing it (performance/graph) */
#define GC_POPULATE_BLOCKS 4                   /* 100 us, or 500 on a machine that has to ask its host; divides
                                                * GC_FIRST_BLOCK */
#define GC_UNTOLD          ((gsize) 256 << 10) /* an allocator tells the heap of it: a line goes to and fro each time */
#define GC_STORED          128                 /* a miss of the cache each, and they overlap */
#define GC_LOGGED          128                 /* so seldom a store into an old object takes the lock */

#define GC_CLOBBER         0xdb                /* what zeal writes over the dead */

/* The metadata byte */
#define GC_META_COLOUR_A   0x01
#define GC_META_COLOUR_B   0x02
#define GC_META_COLOURS    0x03
#define GC_META_NEEDLOG    0x04                /* a store into the object must be reported */
#define GC_META_CONT       0x08                /* not the object's first byte */
#define GC_META_TAIL_NEXT  0x10
#define GC_META_START_HI   0x20
#define GC_META_SPECIAL    0x40                /* look into the side tables: an ephemeron's key, … */
#define GC_META_PINNED     0x80                /* referenced from outside when the cycle started */
/* What marking an object keeps. A grey object of one granule has TAIL_NEXT: a block that is
 * taken for allocation while marking goes on is told of its half granule by nothing else. */
#define GC_META_KEEP       (GC_META_SPECIAL | (GC_FAULT (GREY_TAIL) ? 0 : GC_META_TAIL_NEXT))

/* GcObjectClass.flags */
#define GC_KIND_READY      0x0001
#define GC_KIND_ABSTRACT   0x0002
#define GC_KIND_TAIL       0x0004             /* the size varies */
#define GC_KIND_TAIL_SLOTS 0x0008
#define GC_KIND_WEAK       0x0010             /* has weak slots in its layout */
#define GC_KIND_TRACE      0x0020
#define GC_KIND_FINALIZE   0x0040
#define GC_KIND_INIT       0x0080
#define GC_KIND_EPHEMERONS 0x0100             /* the tail holds GcEntry's with weak keys */
#define GC_KIND_WEAK_VALUES 0x0200            /* the tail holds GcEntry's with weak values */
#define GC_KIND_WIDE       0x0400             /* more slots than the marker's fast path takes */
#define GC_KIND_FINALIZE_LATE 0x0800          /* has a finalizer that an object asks for */
#define GC_KIND_ALONE      (GC_KIND_TRACE | GC_KIND_EPHEMERONS | GC_KIND_WEAK_VALUES)  /* left to the thread that
                                                                          pauses: calls out, or the ephemerons' index */
#define GC_KIND_SCAN       (GC_KIND_WIDE | GC_KIND_TAIL_SLOTS | GC_KIND_WEAK | GC_KIND_TRACE | \
                             GC_KIND_EPHEMERONS | GC_KIND_WEAK_VALUES)

#define GC_ALLOC_NEVER_FAST G_MAXUINT32        /* larger than any window */

typedef struct _GcHeap       GcHeap;
typedef struct _GcSlab       GcSlab;
typedef struct _GcBlock      GcBlock;
typedef struct _GcLarge      GcLarge;
typedef struct _GcAllocator  GcAllocator;
typedef struct _GcBudget     GcBudget;
typedef struct _GcSegment    GcSegment;
typedef struct _GcQueue      GcQueue;
typedef struct _GcSegmentPool GcSegmentPool;
typedef struct _GcWeakHolder GcWeakHolder;
typedef struct _GcKeeper     GcKeeper;
typedef struct _GcLayout     GcLayout;
typedef struct _GcEntry      GcEntry;
typedef struct _GcEntries    GcEntries;
typedef struct _GcEventBuffer GcEventBuffer;
typedef struct _GcTeam       GcTeam;

typedef enum
{
  GC_BLOCK_EMPTY,               /* in the list of empty blocks */
  GC_BLOCK_READY,               /* swept, with room, in the list of ready blocks */
  GC_BLOCK_USED,                /* holds objects */
  GC_BLOCK_ABSENT               /* moved elsewhere by relocation */
} GcBlockState;

struct _GcBlock
{
  GcBlock *next;
  guint32  epoch;               /* of the last sweep */
  guint32  born;                /* the heap's stamp when it was last taken empty */
  guint8   state;
  guint8   is_zero;             /* of an empty block: memory fresh from the system */
  guint8   empty_age;           /* cycles that it stayed empty, up to GC_EMPTY_CYCLES */
  guint8   has_pin;             /* relocation only */
  guint8   is_present;          /* of one that is_zero: was populated with another. A hint, and atomic */
  guint16  live_granules;       /* counted by the sweep */
} __attribute__ ((aligned (GC_CACHE_LINE)));    /* since each may be another mutator's */

typedef enum { GC_SLAB_BLOCKS_KIND, GC_SLAB_PAGES_KIND, GC_SLAB_LARGE } GcSlabKind;

struct _GcSlab
{
  GcHeap *heap;
  guint8  kind;
  gpointer walk;                /* of who walks the heap under the hold; else NULL */
  /* large */
  gsize   map_size;
  /* pages: see gc-pages.c */
  GcSlab *next;                 /* in the list of open ones */
  guint16 n_free;
  guint8  is_open;
  guint8  quiet;                /* cycles since a page was taken or given back, up to GC_EMPTY_CYCLES */
  guint64 aged_cycle;           /* the last that counted for it */
  guint64 used[GC_PAGE_WORDS];  /* a bit for each page */
  guint64 first[GC_PAGE_WORDS]; /* that an object starts at */
  guint64 fresh[GC_PAGE_WORDS]; /* as it came from the system */
  /* blocks */
  guint32 index;
  GcBlock blocks[GC_SLAB_BLOCKS];
};

/* The window's surroundings: one for each thread that allocates at the same time. */
struct _GcAllocator
{
  GcAllocator *next;            /* of the heap's */
  gssize    allocated;          /* in a shared heap: bytes that the heap's counts lack, */
  gssize    since_minor;        /* and those since the last collection, as far as they are in these */
  gsize     swept_live, swept_free;
  GcBlock  *young;              /* allocated into since the last collection */
  GcBlock  *recent;             /* before that, and not swept yet */
  guint     n_recent;
  guintptr  told;              /* the number of a block of its own that gc_set() was told of, or 0 */
  GcWindow *window;             /* of the innermost scope */
  char     *hole_end;
  GcBlock  *block;
  guint     cursor;             /* the granule where the search for the next hole starts */
  gboolean  is_zero;            /* the hole is zero already */
  char     *medium_ptr;         /* objects of GC_MEDIUM_SIZE and more that miss the hole */
  char     *medium_limit;
  guint64   bits[GC_BITMAP_WORDS];
  guint     n_stored;
  gpointer  stored[GC_STORED];  /* what is to be shaded: see I14 */
  guint     n_logged;
  gpointer  logged[GC_LOGGED];  /* in a shared heap: what the log lacks, see I7 */
};

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

/* A field that has slots, as the type's list names it: for people who look into the heap. */
typedef struct
{
  const char *name;
  guint32     offset;
  guint32     n;                /* slots; 0: counted ones at the instance's end */
} GcLayoutField;

/* What a class's fields are. Shared by a class and those that add none. */
struct _GcLayout
{
  guint16            n_slots;
  guint16            n_weak;
  guint16            n_untraced;
  const guint16     *slots;     /* byte offsets of all strong slots, parents' first */
  const guint16     *weak;
  const guint16     *untraced;
  guint16            flags;     /* GC_KIND_TAIL… */
  guint32            tail_offset;
  guint32            tail_element_size;
  guint32            tail_count_offset;
  const GcLayoutField *fields;  /* parents' first */
  guint32            n_fields;
};

/* A table's storage, which the collector has to understand where keys or values are weak. */
struct _GcEntry
{
  gpointer key;
  gpointer value;
};

/* Ephemerons have a link of their own, so that finishing needs no memory. */
typedef struct _GcEphemeron GcEphemeron;
struct _GcEphemeron
{
  gpointer     key;
  gpointer     value;
  GcEphemeron *pending;         /* the next of its bucket while its key is unmarked, or its end */
};

/* Objects of the EPHEMERONS and WEAK_VALUES kinds start like this. */
struct _GcEntries
{
  GcObject    parent_instance;
  const gsize n;                /* entries in the tail */
  gsize       n_cleared;        /* entries that the collector cleared: tombstones */
  guint64     logged;           /* the heap's log_era while it is in the log */
};

#define GC_TOMBSTONE ((gpointer) 2)   /* a tagged word: no object, and not free either */

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
  gboolean            is_exhausted;                 /* beyond the limit and its reserve, and has said so */
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
