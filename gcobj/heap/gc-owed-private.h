/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What was allocated, and whether a slice is owed for it: what each safe point asks. */

#include "gcobj/heap/gc-heap-private.h"

G_BEGIN_DECLS

/* Bytes allocated since the last cycle, without what the window is zeroed ahead. */
static inline gsize
gc_heap_get_allocated (const GcHeap *heap)
{
  const GcWindow *window;

  if (G_UNLIKELY (gc_heap_is_shared (heap)))
    return gc_heap_count_allocated (heap);
  window = heap->allocator.window;
  return heap->allocated - (window != NULL ? window->limit - window->ptr : 0);
}

/* The same without what objects own outside of the heap. */
static inline gsize
gc_heap_get_own_allocated (const GcHeap *heap)
{
  return gc_heap_get_allocated (heap) - heap->external_since;
}

/* Whether a slice is due, in a heap that is not shared, for who has the hold and knows the window. */
static inline gboolean
gc_heap_owes_with (const GcHeap   *heap,
                   const GcWindow *window)
{
  return heap->allocated - (gsize) (window->limit - window->ptr) >= heap->trigger;
}

/* The same, for who has the hold. */
static inline gboolean
gc_heap_owes_alone (const GcHeap *heap)
{
  const GcWindow *window = heap->allocator.window;

  return window != NULL ? gc_heap_owes_with (heap, window) : heap->allocated >= heap->trigger;
}

static inline gboolean
gc_heap_owes_shared (const GcHeap *heap)
{
  return __atomic_load_n (&heap->allocated, __ATOMIC_RELAXED) >= __atomic_load_n (&heap->trigger, __ATOMIC_RELAXED);
}

static inline gboolean
gc_heap_owes (const GcHeap *heap)
{
  if (G_UNLIKELY (gc_heap_is_shared (heap)))
    return gc_heap_owes_shared (heap);
  return gc_heap_owes_alone (heap);
}

G_END_DECLS
