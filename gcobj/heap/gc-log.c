/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The barrier behind gc_set(), and the log that generations need.
 *
 * While marking goes on it is the insertion barrier of Dijkstra and Steele: a reference that comes
 * into a marked object is marked itself. Between collections of a generational heap it notes the
 * owner: an old object that comes to refer to a young one. A minor collection scans it again.
 *
 * A weak store shades nothing; but a minor collection clears only the weak slots of objects that
 * it scans, so that the owner is noted as well, also while marking goes on.
 *
 * An object in the log has lost NEEDLOG, so that it gets there once; what is stored into it
 * after that is found by the scan. Storage with ephemerons or weak values keeps NEEDLOG, since
 * what comes into it has to be shaded even so (gc-ephemeron.c), and has a note of its own. Of a
 * large array the log has just the cards, in the metadata that a large object does not use. */

#include "gcobj/heap/gc-heap-private.h"

/* Whether it was there: two threads that store into one object get here together, and the second finds it noted. */
static gboolean
take_needlog (guint8 *meta)
{
  return (gc_meta_load (meta) & GC_META_NEEDLOG) != 0 &&
         (__atomic_fetch_and (meta, (guint8) ~GC_META_NEEDLOG, __ATOMIC_RELAXED) & GC_META_NEEDLOG) != 0;
}

static void
log_owner (GcHeap   *heap,
           GcObject *owner)
{
  if (gc_class_of (owner)->flags & (GC_KIND_EPHEMERONS | GC_KIND_WEAK_VALUES))
    {
      GcEntries *entries = (GcEntries *) owner;

      if (entries->logged == heap->log_era)
        return;
      entries->logged = heap->log_era;
    }
  else if (!take_needlog (gc_meta (owner)))
    return;
  gc_queue_push (&heap->log, owner);
}

/* Hands over what a mutator has noted by itself. In a stop, or under the lock by its thread. */
void
gc_allocator_flush_log (GcAllocator *self,
                        GcHeap      *heap)
{
  for (guint i = 0; i < self->n_logged && !GC_FAULT (MUTATOR_LOG); i++)
    gc_queue_push (&heap->log, self->logged[i]);
  self->n_logged = 0;
}

/* The card of a slot in a large array, or NULL if the slot is anywhere else. */
static guint8 *
find_card (GcObject      *owner,
           gconstpointer  slot)
{
  GcObjectClass *klass = gc_class_of (owner);
  gsize offset = (const char *) slot - (const char *) owner;
  GcLarge *large;

  if (gc_slab_of (owner)->kind == GC_SLAB_BLOCKS_KIND || !(klass->flags & GC_KIND_TAIL_SLOTS) ||
      (klass->flags & (GC_KIND_EPHEMERONS | GC_KIND_WEAK_VALUES)))
    return NULL;
  large = gc_large_of (owner);
  if (offset < klass->tail_offset || offset >= large->size)
    return NULL;
  return &gc_large_cards (large)[offset >> large->card_shift];
}

/* Whether the slot has a card, which is dirty then. */
static gboolean
dirty_card (GcHeap        *heap,
            GcObject      *owner,
            gconstpointer  slot)
{
  guint8 *card = find_card (owner, slot);
  GcLarge *large;

  if (card == NULL)
    return FALSE;
  if (GC_FAULT (CARD))
    return TRUE;
  __atomic_store_n (card, TRUE, __ATOMIC_RELAXED);
  large = gc_large_of (owner);
  if (!large->is_dirty)
    {
      __atomic_store_n (&large->is_dirty, TRUE, __ATOMIC_RELAXED);
      gc_queue_push (&heap->dirty, large);
    }
  return TRUE;
}

/* Without the lock: whether a store into a large array that is in the list already needs no more than its card
 * (performance/mutators). */
gboolean
gc_log_has_card (GcHeap        *heap,
                 gpointer       owner,
                 gconstpointer  slot)
{
  guint8 *card;

  if (heap->barrier_on || !heap->generational || (card = find_card (owner, slot)) == NULL ||
      !__atomic_load_n (&gc_large_of (owner)->is_dirty, __ATOMIC_RELAXED))
    return FALSE;
  if (!__atomic_load_n (card, __ATOMIC_RELAXED) && !GC_FAULT (CARD))
    __atomic_store_n (card, TRUE, __ATOMIC_RELAXED);
  return TRUE;
}

/* Without the lock: notes a marked owner, into which an unmarked value was stored, with what its thread has noted before
 * (performance/mutators). FALSE where there is more to it. */
gboolean
gc_log_note_own (GcHeap      *heap,
                 GcAllocator *self,
                 GcObject    *owner)
{
  if (heap->barrier_on || !heap->generational || gc_slab_of (owner)->kind != GC_SLAB_BLOCKS_KIND ||
      (gc_class_of (owner)->flags & (GC_KIND_EPHEMERONS | GC_KIND_WEAK_VALUES)))
    return FALSE;
  if (!GC_FAULT (LOG) && take_needlog (gc_meta (owner)))
    {
      self->logged[self->n_logged++] = owner;
      if (self->n_logged == GC_LOGGED)
        {
          gc_heap_lock (heap);
          gc_allocator_flush_log (self, heap);
          gc_heap_unlock (heap);
        }
    }
  return TRUE;
}

/* After a store into a slot; in a shared heap under the lock. */
void
gc_heap_note_store (GcHeap        *heap,
                    gpointer       owner,
                    gconstpointer  slot,
                    gconstpointer  value)
{
  if (!gc_is_ref (value) || !gc_is_marked (heap, owner) || gc_is_marked (heap, value))
    return;
  if (heap->barrier_on)
    {
      if (!GC_FAULT (BARRIER_SHADE))
        gc_shade (heap, (gpointer) value);
    }
  else if (heap->generational && !GC_FAULT (LOG) && !dirty_card (heap, owner, slot))
    log_owner (heap, owner);
}

/* After a store into a weak slot, or of a weak key or value; in a shared heap under the lock. */
void
gc_heap_note_weak_store (GcHeap        *heap,
                         gpointer       owner,
                         gconstpointer  value)
{
  if (!(heap->barrier_on || heap->generational) ||
      !gc_is_ref (value) || !gc_is_marked (heap, owner) || gc_is_marked (heap, value))
    return;
  /* A major collection clears whatever it marked. */
  if (heap->barrier_on && !heap->is_minor && heap->state != GC_STATE_CLEARING)
    return;
  /* New since marking ended: NEEDLOG has to stay while stores shade, and nothing scans the log
   * any more, so that the value just becomes old. */
  if (heap->barrier_on && heap->state == GC_STATE_CLEARING)
    gc_shade (heap, (gpointer) value);
  else if (!GC_FAULT (LOG_WEAK))
    log_owner (heap, owner);
}

/* Scans the dirty cards of a large array from heap->dirty_index on. TRUE when it is through. */
static gboolean
scan_cards (GcHeap   *heap,
            GcLarge  *large,
            GcBudget *budget)
{
  GcObject *object = gc_large_object (large);
  gsize first = gc_class_of (object)->tail_offset;
  gsize end = first + gc_tail_count (object, gc_class_of (object)) * sizeof (gpointer);
  gsize n_cards = (large->size >> large->card_shift) + 1;
  gsize card_size = (gsize) 1 << large->card_shift;
  guint8 *cards = gc_large_cards (large);
  guint units = 0;

  while (heap->dirty_index < n_cards)
    {
      gsize i = heap->dirty_index++;
      guint64 eight;

      if (i % 8 == 0)
        {
          units++;
          memcpy (&eight, cards + i, sizeof eight);
          if (eight == 0)
            heap->dirty_index = i + 8;
        }
      if (heap->dirty_index == i + 1 && cards[i])
        {
          gsize from = MAX (i << large->card_shift, first);
          gsize to = MIN ((i << large->card_shift) + card_size, end);

          cards[i] = FALSE;
          if (from < to)
            gc_marker_scan_words (heap, (gpointer *) ((char *) object + from), (to - from) / sizeof (gpointer));
          units += card_size / sizeof (gpointer) / 16;
        }
      if (units >= 64)
        {
          if (gc_budget_spend (budget, units))
            return FALSE;
          units = 0;
        }
    }
  budget->units -= units;
  heap->dirty_index = 0;
  return TRUE;
}

/* Scans what was noted. TRUE when nothing is left. */
gboolean
gc_log_scan (GcHeap   *heap,
             GcBudget *budget)
{
  GcObject *owner;
  GcLarge *large;
  guint units = 0;

  while ((owner = gc_queue_pop (&heap->log)) != NULL)
    {
      /* First: what is stored from now on is shaded or noted again. Storage of entries stays
       * noted until marking ends: it will be cleared, and what comes into it is shaded; to scan
       * it for each store would never end. */
      *gc_meta (owner) |= GC_META_NEEDLOG;
      units += gc_marker_rescan (heap, owner);
      if (units >= 128)
        {
          if (gc_budget_spend (budget, units))
            return FALSE;
          units = 0;
        }
    }
  budget->units -= units;
  while ((large = gc_queue_pop (&heap->dirty)) != NULL)
    {
      if (!scan_cards (heap, large, budget))
        {
          gc_queue_push (&heap->dirty, large);
          return FALSE;
        }
      large->is_dirty = FALSE;
    }
  return TRUE;
}

/* Marking ended, and has seen all that is in the log. */
void
gc_log_begin_era (GcHeap *heap)
{
  heap->log_era++;
}

/* A major collection begins, which needs none of it. Cards stay as they are: one that is dirty
 * for no reason costs a scan. */
void
gc_log_drop (GcHeap *heap)
{
  GcLarge *large;

  gc_queue_clear (&heap->log);
  heap->log_era++;
  while ((large = gc_queue_pop (&heap->dirty)) != NULL)
    large->is_dirty = FALSE;
  heap->dirty_index = 0;
}
