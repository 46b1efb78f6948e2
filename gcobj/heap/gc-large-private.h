/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Large objects: gc-large.c and gc-pages.c. Included by gc-heap-private.h. */

#include "gcobj/heap/gc-heap-private.h"

G_BEGIN_DECLS

#define GC_PAGES_SIZE      ((gsize) 256 << 10) /* over it, what a mapping costs is little beside the object */
#define GC_MIN_PAGES       (GC_LARGE_SIZE / GC_PAGE_SIZE + 1)  /* of the smallest large object */
#define GC_CARDS_AT        64                  /* behind the object's own byte */

/* What is known of a large object, behind its own byte in the metadata that it does not use. */
struct _GcLarge
{
  GcLarge *next;
  gsize    size;
  gsize    written;             /* scanning: so far from the start nobody need ask what was written. Atomic */
  guint32  born;                /* the heap's stamp when it was allocated */
  guint8   card_shift;
  guint8   is_dirty;            /* in the heap's queue of those with dirty cards */
};

static inline GcLarge *
gc_large_of (gconstpointer object)
{
  return (GcLarge *) (gc_meta (object) + 16);
}

static inline gpointer
gc_large_object (const GcLarge *large)
{
  const char *slab = (const char *) gc_slab_of (large);

  return (gpointer) (slab + ((gsize) ((const char *) large - slab) - 16) * GC_GRANULE);
}

static inline guint8 *
gc_large_cards (GcLarge *large)
{
  return (guint8 *) large - 16 + GC_CARDS_AT;
}

/* gc-large.c */
gpointer  gc_large_allocate      (GcHeap        *heap,
                                  gsize          size);
gsize     gc_large_get_run       (gpointer       object,
                                  gsize          offset,
                                  gboolean       is_first,
                                  gboolean      *is_written);
gboolean  gc_large_sweep         (GcHeap        *heap,
                                  GcBudget      *budget);
void      gc_large_condemn       (GcHeap        *heap);
void      gc_large_begin_sweep   (GcHeap        *heap);
gboolean  gc_large_sweep_condemned (GcHeap      *heap,
                                    GcBudget    *budget);
void      gc_large_free_all      (GcHeap        *heap);

/* gc-pages.c */
gpointer  gc_pages_take          (GcHeap        *heap,
                                  gsize          size);
void      gc_pages_give_back     (GcHeap        *heap,
                                  gpointer       object,
                                  gsize          size);
gboolean  gc_pages_has_object    (const GcSlab  *slab,
                                  gconstpointer  address);
gboolean  gc_pages_release       (GcHeap        *heap,
                                  GcBudget      *budget);
void      gc_pages_expire        (GcHeap        *heap);
void      gc_pages_free_all      (GcHeap        *heap);

G_END_DECLS
