/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Weak slots of objects, and weak references from outside of objects. */

#include "gcobj/heap/gc-heap-private.h"

/* Whether marking left an object behind. True only between the end of marking and
 * the end of clearing; whoever leads a program to an object that may be dead
 * asks this first. */
gboolean
gc_heap_is_dead (GcHeap        *heap,
                 gconstpointer  object)
{
  guint32 born;

  if (heap->state != GC_STATE_CLEARING && heap->state != GC_STATE_MARKED)
    return FALSE;
  if (gc_is_marked (heap, object))
    return FALSE;
  born = gc_slab_of (object)->kind == GC_SLAB_BLOCKS_KIND ? gc_block_of (object)->born
                                                         : gc_large_of (object)->born;
  return born != heap->stamp;
}

/* Whether a weak reference to an object reads as NULL. While the arena is held
 * between marking and clearing what is dead can still be brought back. */
gboolean
gc_heap_is_gone (GcHeap        *heap,
                 gconstpointer  object)
{
  return heap->state == GC_STATE_CLEARING && gc_heap_is_dead (heap, object);
}

/* Before a program is led to objects that it has no reference to, by something that
 * resurrection keeps: what was resurrected is scanned. From a half-scanned
 * object a program could take a white one and hide it in a new object, which no barrier
 * watches after marking. */
void
gc_heap_settle (GcHeap *heap)
{
  GcBudget budget = GC_BUDGET_UNBOUNDED;

  if (gc_heap_is_shared (heap) && !heap->is_stopped)
    return;                     /* I21 */
  if (heap->state == GC_STATE_CLEARING && heap->stage == GC_WEAK_RESURRECT)
    gc_marker_drain (heap, &budget);
}

static void
ignore_slot (GcTracer *tracer,
             gpointer *slot)
{
  (void) tracer;
  (void) slot;
}

/* What is referred to is dead, or marked, or new. An owner that was made while clearing went on
 * and was shaded is old now, and can refer to what is new and was not. */
static gboolean
is_dead_for (GcHeap   *heap,
             gpointer  owner,
             gpointer  object)
{
  if (gc_heap_is_dead (heap, object))
    return TRUE;
  gc_heap_note_weak_store (heap, owner, object);
  return FALSE;
}

static void
clear_slot (GcTracer *tracer,
            gpointer *slot)
{
  if (gc_is_ref (*slot) && is_dead_for (tracer->heap, tracer->object, *slot) && !GC_FAULT (WEAK_CLEARING))
    *slot = NULL;
}

/* Turns an entry into a tombstone. */
static void
bury (GcHeap    *heap,
      GcEntries *entries,
      gpointer  *key,
      gpointer  *value)
{
  *key = GC_TOMBSTONE;
  *value = NULL;
  entries->n_cleared++;
  if (heap->zeal & GC_ZEAL_SHADOW_SLOTS)
    gc_shadow_record (heap, key, *key);
}

/* Goes through the entries of the queue's top object in slices, from *index on.
 * TRUE when it is through. */
static gboolean
clear_entries (GcHeap    *heap,
               GcEntries *entries,
               gsize     *index,
               GcBudget  *budget)
{
  GcObjectClass *klass = gc_class_of (entries);
  gpointer tail = (char *) entries + klass->tail_offset;

  while (*index < entries->n)
    {
      gsize end = MIN (entries->n, *index + GC_SLICE_SLOTS);
      gsize n = end - *index;

      for (gsize i = *index; i < end; i++)
        if (klass->flags & GC_KIND_EPHEMERONS)
          {
            GcEphemeron *entry = (GcEphemeron *) tail + i;

            entry->pending = NULL;
            if (gc_is_ref (entry->key) && is_dead_for (heap, entries, entry->key) &&
                !GC_FAULT (EPHEMERON_CLEARING))
              bury (heap, entries, &entry->key, &entry->value);
          }
        else
          {
            GcEntry *entry = (GcEntry *) tail + i;

            if (gc_is_ref (entry->value) && is_dead_for (heap, entries, entry->value) &&
                !GC_FAULT (WEAK_CLEARING))
              bury (heap, entries, &entry->key, &entry->value);
          }
      *index = end;
      if (gc_budget_spend (budget, n / 16 + 1))
        return FALSE;
    }
  return TRUE;
}

/* Clears the weak slots and entries of marked objects that refer to dead ones.
 * TRUE when no such object is left. */
gboolean
gc_heap_clear_weak (GcHeap   *heap,
                    GcBudget *budget)
{
  GcMarker *marker = &heap->marker;
  GcQueue *owners = &marker->weak_owners;
  GcTracer tracer = { heap, ignore_slot, clear_slot, NULL, NULL };
  guint ticks = 0;
  GcObject *object;

  while ((object = gc_queue_pop (owners)) != NULL)
    {
      GcObjectClass *klass = gc_class_of (object);

      if (klass->flags & GC_KIND_WEAK_VALUES)
        {
          if (!clear_entries (heap, (GcEntries *) object, &marker->weak_index, budget))
            {
              gc_queue_push (owners, object);
              return FALSE;
            }
          marker->weak_index = 0;
        }
      else if (klass->flags & GC_KIND_TRACE)
        gc_heap_trace_object (heap, object, &tracer);
      else
        {
          const GcLayout *layout = klass->layout;

          tracer.object = object;
          for (guint i = 0; i < layout->n_weak; i++)
            clear_slot (&tracer, (gpointer *) ((char *) object + layout->weak[i]));
        }
      if (++ticks == 128)
        {
          ticks = 0;
          if (gc_budget_spend (budget, 128))
            return FALSE;
        }
    }
  return TRUE;
}

/* Clears the ephemerons of marked objects whose keys are dead. */
gboolean
gc_heap_clear_ephemerons (GcHeap   *heap,
                          GcBudget *budget)
{
  GcMarker *marker = &heap->marker;
  GcObject *object;

  while ((object = gc_queue_pop (&marker->ephemerons)) != NULL)
    {
      if (!clear_entries (heap, (GcEntries *) object, &marker->ephemeron_index, budget))
        {
          gc_queue_push (&marker->ephemerons, object);
          return FALSE;
        }
      marker->ephemeron_index = 0;
      /* A minor collection meets few of them. */
      if (!heap->is_minor)
        gc_ephemeron_met (heap, ((GcEntries *) object)->n);
    }
  if (!heap->is_minor)
    gc_ephemeron_counted (heap);
  return TRUE;
}

void
gc_heap_add_holder (GcHeap       *heap,
                    GcWeakHolder *holder)
{
  holder->busy = FALSE;
  holder->next = heap->holders;
  heap->holders = holder;
  /* What it comes to hold while clearing goes on is alive; what it holds already is
   * not its own doing, so there is nothing to catch up with. */
}

void
gc_heap_remove_holder (GcHeap       *heap,
                       GcWeakHolder *holder)
{
  for (GcWeakHolder **link = &heap->holders; *link != NULL; link = &(*link)->next)
    if (*link == holder)
      {
        *link = holder->next;
        return;
      }
}

/* Has the holders of one stage forget (or resurrect) what is dead. */
gboolean
gc_heap_process_holders (GcHeap      *heap,
                         GcWeakStage  stage,
                         GcBudget    *budget)
{
  for (GcWeakHolder *holder = heap->holders; holder != NULL; holder = holder->next)
    if (holder->stage == stage && holder->busy)
      {
        if (!holder->process (holder, heap, budget))
          return FALSE;
        holder->busy = FALSE;
      }
  return TRUE;
}
