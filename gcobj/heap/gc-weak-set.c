/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sets of objects that do not keep them alive, outside of the heap: open
 * addressing by a hash that is either the owner's or the object's address. */

#include "gcobj/heap/gc-heap-private.h"

#define SLICE 256               /* entries between two looks at the budget */

guint64
gc_weak_set_hash (gconstpointer object)
{
  return ((guint64) (guintptr) object / 8 * 0x9E3779B97F4A7C15) >> 16;
}

static void
insert (GcWeakSet            *self,
        const GcWeakSetEntry *entry)
{
  gsize i = entry->hash & (self->size - 1);

  while (self->entries[i].object != NULL)
    i = (i + 1) & (self->size - 1);
  self->entries[i] = *entry;
  self->n++;
  self->n_used++;
}

static void
rehash (GcWeakSet *self,
        gsize      size)
{
  GcWeakSetEntry *old = self->entries;
  gsize n_old = self->size;

  self->entries = g_new0 (GcWeakSetEntry, size);
  self->size = size;
  self->n = self->n_used = 0;
  self->cursor = 0;
  for (gsize i = 0; i < n_old; i++)
    if (gc_is_ref (old[i].object))
      {
        if (self->by_address)
          old[i].hash = gc_weak_set_hash (old[i].object);
        insert (self, &old[i]);
      }
  g_free (old);
}

static void
restart (GcWeakHolder *holder)
{
  ((GcWeakSet *) holder)->cursor = 0;
}

static gboolean
process (GcWeakHolder *holder,
         GcHeap       *heap,
         GcBudget     *budget)
{
  GcWeakSet *self = (GcWeakSet *) holder;

  while (self->cursor < self->size)
    {
      gsize end = MIN (self->size, self->cursor + SLICE);

      for (; self->cursor < end; self->cursor++)
        {
          GcWeakSetEntry *entry = &self->entries[self->cursor];

          if (!gc_is_ref (entry->object) || !gc_heap_is_dead (heap, entry->object) || GC_FAULT (WEAK_SET))
            continue;
          if (self->dropped != NULL)
            self->dropped (self, heap, entry);
          entry->object = GC_TOMBSTONE;
          self->n--;
        }
      if (gc_budget_spend (budget, SLICE / 4))
        return FALSE;
    }
  return TRUE;
}

static void
relocate (GcWeakHolder *holder,
          GcHeap       *heap,
          GcTracer     *tracer)
{
  GcWeakSet *self = (GcWeakSet *) holder;

  (void) heap;
  for (gsize i = 0; i < self->size; i++)
    if (gc_is_ref (self->entries[i].object))
      tracer->visit (tracer, &self->entries[i].object);
  if (self->by_address && self->size > 0)
    rehash (self, self->size);
}

void
gc_weak_set_init (GcWeakSet   *self,
                  GcHeap      *heap,
                  GcWeakStage  stage,
                  gboolean     by_address)
{
  *self = (GcWeakSet) {
    .holder = { .stage = stage, .restart = restart, .process = process, .relocate = relocate },
    .by_address = by_address,
  };
  gc_heap_add_holder (heap, &self->holder);
}

void
gc_weak_set_clear (GcWeakSet *self,
                   GcHeap    *heap)
{
  gc_heap_remove_holder (heap, &self->holder);
  g_clear_pointer (&self->entries, g_free);
  self->size = self->n = self->n_used = 0;
}

/* The entry with this hash that matches, or NULL. What may be dead is not found. Without
 * a @match the key is the object. The entry is valid until the next addition. */
GcWeakSetEntry *
gc_weak_set_find (GcWeakSet      *self,
                  guint64         hash,
                  GcWeakSetMatch  match,
                  gconstpointer   key)
{
  if (self->size == 0)
    return NULL;
  for (gsize i = hash & (self->size - 1); self->entries[i].object != NULL; i = (i + 1) & (self->size - 1))
    {
      GcWeakSetEntry *entry = &self->entries[i];

      if (entry->object == GC_TOMBSTONE || entry->hash != hash)
        continue;
      /* While clearing only: in MARKED a program still comes to what is dead, and brings it back. */
      if (gc_slab_of (entry->object)->heap->state == GC_STATE_CLEARING &&
          gc_heap_is_dead (gc_slab_of (entry->object)->heap, entry->object))
        continue;
      if (match != NULL ? match (entry->object, key) : entry->object == key)
        return entry;
    }
  return NULL;
}

/* Adds an object that is not in the set. */
GcWeakSetEntry *
gc_weak_set_add (GcWeakSet *self,
                 guint64    hash,
                 gpointer   object)
{
  GcWeakSetEntry entry = { object, hash, 0, 0 };
  gsize i;

  if (self->n_used * 2 >= self->size)
    rehash (self, self->n * 4 >= self->size ? MAX (self->size * 2, 16) : self->size);
  insert (self, &entry);
  for (i = hash & (self->size - 1); self->entries[i].object != object; i = (i + 1) & (self->size - 1))
    ;
  return &self->entries[i];
}
