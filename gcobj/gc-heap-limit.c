/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The heap limit: who may fail does beyond it, and the next safe point collects. Nobody else does: they
 * use a reserve, and then go on with a warning. */

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-error.h"

/* Bytes that count against the limit: alive or not known to be dead. */
static gsize
used_bytes (const GcHeap *heap)
{
  return heap->live_bytes + gc_heap_get_own_allocated (heap) + heap->external_bytes;
}

/* Any thread may set it at any time. */
static gsize
limit_of (const GcHeap *heap)
{
  return __atomic_load_n (&heap->heap_limit, __ATOMIC_RELAXED);
}

static gsize
reserve_bytes (const GcHeap *heap)
{
  return MAX (limit_of (heap) / 16, 1 << 20);
}

/* Whether @size bytes more are below the limit, or beyond it by so many at most. */
static gboolean
fits (const GcHeap *heap,
      gsize         size,
      gsize         beyond)
{
  gsize limit = limit_of (heap);
  gsize total;

  return limit == 0 ||
         (g_size_checked_add (&total, used_bytes (heap), size) && total <= limit + beyond);
}

/* Whether @size bytes more fit below the limit. If not, the next safe point collects. */
gboolean
gc_arena_has_room (GcArena *arena,
                   gsize    size)
{
  GcHeap *heap = &arena->heap;
  gboolean has_room;

  gc_heap_lock (heap);
  has_room = fits (heap, size, 0);
  if (!has_room)
    {
      __atomic_store_n (&heap->over_limit, TRUE, __ATOMIC_RELAXED);
      gc_heap_set_trigger_to (heap, 0);
    }
  gc_heap_unlock (heap);
  return has_room;
}

/* @size bytes are taken beyond the limit. Warns where even the reserve for finishing a scope has no room for them:
 * once, until the heap is below its limit again. */
void
gc_arena_exceed (GcArena *arena,
                 gsize    size)
{
  GcHeap *heap = &arena->heap;
  gboolean is_new;

  gc_heap_lock (heap);
  is_new = !__atomic_load_n (&heap->is_exhausted, __ATOMIC_RELAXED) && !fits (heap, size, reserve_bytes (heap));
  if (is_new)
    __atomic_store_n (&heap->is_exhausted, TRUE, __ATOMIC_RELAXED);
  gc_heap_unlock (heap);
  if (is_new)
    g_critical ("gcobj: the heap exceeds its limit of %" G_GSIZE_FORMAT " bytes and the reserve for "
                "finishing a scope", gc_arena_get_heap_limit (arena));
}

/* After a collection. */
void
gc_arena_check_limit_again (GcArena *arena)
{
  GcHeap *heap = &arena->heap;

  heap->over_limit = !fits (heap, 0, 0);
  if (!heap->over_limit)
    __atomic_store_n (&heap->is_exhausted, FALSE, __ATOMIC_RELAXED);
}

/**
 * gc_arena_check_heap_limit:
 * @arena: an arena
 * @error: return location for an error
 *
 * Tells whether the arena is within its limit. After a safe point the answer counts what
 * is alive only, since the limit was reached.
 *
 * Returns: %TRUE if it is, %FALSE with %GC_ERROR_HEAP_LIMIT if not
 *
 * Since: 0.1
 */
gboolean
gc_arena_check_heap_limit (GcArena  *arena,
                           GError  **error)
{
  GcScope scope;
  gboolean has_room;

  g_return_val_if_fail (GC_IS_ARENA (arena), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  gc_scope_enter (&scope, arena);
  has_room = gc_arena_has_room (arena, 0);
  gc_scope_leave (&scope);
  if (!has_room)
    g_set_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT,
                 "The heap reached its limit of %" G_GSIZE_FORMAT " bytes", gc_arena_get_heap_limit (arena));
  return has_room;
}
