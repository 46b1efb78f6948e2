/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Minor collections: gc-minor.c. Included by gc-heap-private.h. */

#include "gcobj/heap/gc-heap-private.h"

G_BEGIN_DECLS

#define GC_NURSERY ((gsize) 1 << 20)

/* Modes that walk over all that is marked. After a minor collection that may be an object whose
 * finalizer has run; these modes collect in full at every safe point anyway. */
#define GC_ZEAL_WALKS (GC_ZEAL_SHADOW_SLOTS | GC_ZEAL_UNTRACED)

/* The threads whose allocation is provided for. */
static inline guint
gc_heap_get_n_allocating (const GcHeap *heap)
{
  return CLAMP (heap->n_allocating, 1, 16);
}

/* Bytes between two minor collections: so many for each thread that allocates. Otherwise they would stop
 * each other the more often, the more they are. */
static inline gsize
gc_heap_get_nursery (const GcHeap *heap)
{
  return heap->n_allocating > 1 ? MIN (heap->nursery, G_MAXSIZE / 64) * gc_heap_get_n_allocating (heap) : heap->nursery;
}

/* In a shared heap: bytes that its thread allocated since the last collection. */
static inline gssize
gc_allocator_get_young (const GcAllocator *self)
{
  return self->since_minor + self->allocated;
}

/* Whether the next collection had better be a major one. */
static inline gboolean
gc_minor_is_pointless (const GcHeap *heap)
{
  return heap->grown + gc_heap_get_nursery (heap) / 2 >= heap->sleep;
}

gboolean  gc_minor_is_possible   (const GcHeap  *heap);
gboolean  gc_minor_is_due        (GcHeap        *heap);
void      gc_minor_start         (GcHeap        *heap);
void      gc_minor_begin_clearing (GcHeap       *heap);
void      gc_minor_account_kept  (GcHeap        *heap,
                                  gsize          size);
gboolean  gc_minor_end           (GcHeap        *heap,
                                  GcBudget      *budget);
void      gc_minor_complete      (GcHeap        *heap);
void      gc_generations_set     (GcHeap        *heap,
                                  gboolean       on);
void      gc_generations_after_major (GcHeap    *heap);

G_END_DECLS
