/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Where objects lie: the geometry of slabs, blocks and granules, the metadata byte, and what a thread allocates with. The map and
 * the invariants are in gc-heap-types-private.h. */

#include "gcobj/gc-object.h"

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

typedef struct _GcHeap       GcHeap;
typedef struct _GcSlab       GcSlab;
typedef struct _GcBlock      GcBlock;
typedef struct _GcAllocator  GcAllocator;

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
  guint     n_recent, n_run;
  GcBlock  *run, *empty;        /* from where on n_run blocks are left to it to sweep; and empty ones that are */
  guintptr  young_block;        /* the number of one with new objects alone, or 0, */
  guintptr *told_at;            /* and where gc_set() is told of it, or NULL */
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

G_END_DECLS
