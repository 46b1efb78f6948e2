/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Ephemerons: entries whose value lives while their key does (Hayes, "Ephemerons:
 * a new finalization mechanism", OOPSLA 1997).
 *
 * While marking, an entry whose key is unmarked waits in an index by its key's
 * address. When a key is marked, what waits for it is shaded at once; so the
 * fixpoint takes time linear in the number of entries. The links are in the entries and
 * the index is made large enough when entries are, so that finishing a
 * collection needs no memory. The index is emptied bucket by bucket, when first used in a cycle.
 *
 * Storage is scanned when nothing else is grey, so that few entries have to wait. Only scanning
 * puts an entry into the index. An entry that waits has a link, if only to the end
 * of the chain, so that none gets there twice: storage that is in the log is scanned again.
 * What a program stores into a marked object is shaded, as everywhere: at worst it lives for a
 * cycle longer. For that such storage keeps NEEDLOG while it is in the log.
 *
 * A key that was stored as a strong one (a table's string) has no SPECIAL bit, which every
 * weak key has: that byte is read anyway, the key itself is not. */

#include "gcobj/heap/gc-heap-private.h"

#define LAST ((GcEphemeron *) 1)       /* the end of a chain */

/* How many entries there are is counted anew in each cycle, since storage dies
 * without being told of: what clearing met, and what was made since the cycle began. */
static void
begin_count (GcHeap *heap)
{
  if (heap->ephemeron_cycle == heap->cycle)
    return;
  heap->ephemeron_cycle = heap->cycle;
  heap->n_ephemerons_new = heap->n_ephemerons_met = 0;
}

static GcBucket *
bucket_of (GcHeap        *heap,
           gconstpointer  key)
{
  guint64 hash = (guint64) (guintptr) key / 8 * 0x9E3779B97F4A7C15;
  GcBucket *bucket = &heap->buckets[(hash >> 32) & (heap->n_buckets - 1)];

  if (bucket->round != heap->round)
    {
      bucket->round = heap->round;
      bucket->first = LAST;
    }
  return bucket;
}

/* Makes the index large enough for @n more entries. To be called before their storage
 * is allocated. */
void
gc_ephemeron_reserve (GcHeap *heap,
                      gsize   n)
{
  GcBucket *old = heap->buckets;
  gsize n_old = heap->n_buckets;
  gsize size = 16;

  begin_count (heap);
  heap->n_ephemerons += n;
  heap->n_ephemerons_new += n;
  /* Tables are never full: a chain's average length stays below 1.5. */
  while (size < heap->n_ephemerons / 2)
    size *= 2;
  if (size == n_old || (size < n_old && (heap->barrier_on || size > n_old / 8)))
    return;

  heap->buckets = g_new0 (GcBucket, size);
  heap->n_buckets = size;
  for (gsize i = 0; i < n_old; i++)
    {
      /* After marking the chains may lead through storage that is dead. */
      gboolean is_waiting = heap->barrier_on && old[i].round == heap->round;
      GcEphemeron *entry = is_waiting ? old[i].first : LAST;

      while (entry != LAST)
        {
          GcEphemeron *next = entry->pending;
          GcBucket *bucket = bucket_of (heap, entry->key);

          entry->pending = bucket->first;
          bucket->first = entry;
          entry = next;
        }
    }
  g_free (old);
}

/* Clearing met storage of @n entries. */
void
gc_ephemeron_met (GcHeap *heap,
                  gsize   n)
{
  begin_count (heap);
  heap->n_ephemerons_met += n;
}

/* Clearing met all of it. */
void
gc_ephemeron_counted (GcHeap *heap)
{
  begin_count (heap);
  heap->n_ephemerons = heap->n_ephemerons_met + heap->n_ephemerons_new;
  if (heap->n_ephemerons == 0)
    {
      g_clear_pointer (&heap->buckets, g_free);
      heap->n_buckets = 0;
    }
}

/* An entry of a marked object: its value lives if its key does, else it waits. */
void
gc_ephemeron_marked (GcHeap      *heap,
                     GcEphemeron *entry)
{
  GcBucket *bucket;

  if (entry->pending != NULL)
    return;
  if (gc_is_ref (entry->key) && !gc_is_marked (heap, entry->key))
    {
      if (gc_meta_load (gc_meta (entry->key)) & GC_META_SPECIAL)
        {
          bucket = bucket_of (heap, entry->key);
          entry->pending = bucket->first;
          bucket->first = entry;
          heap->waiting_round = heap->round;
          return;
        }
      gc_shade (heap, entry->key);
    }
  if (gc_is_ref (entry->value))
    gc_shade (heap, entry->value);
}

/* A flagged object is marked: what waits for it lives. */
void
gc_ephemeron_key_marked (GcHeap   *heap,
                         gpointer  key)
{
  GcBucket *bucket;
  GcEphemeron **link;

  if (heap->waiting_round != heap->round || GC_FAULT (EPHEMERON_KEY))
    return;
  bucket = bucket_of (heap, key);
  link = &bucket->first;
  while (*link != LAST)
    {
      GcEphemeron *entry = *link;

      if (entry->key == key)
        {
          *link = entry->pending;
          entry->pending = NULL;
          if (gc_is_ref (entry->value))
            gc_shade (heap, entry->value);
        }
      else
        link = &entry->pending;
    }
}

/* Writes an entry with a weak key, or with one that is no object. A removed entry can be
 * used for another key at any time: that it still waits for the one before does no harm. */
void
gc_ephemeron_set (gpointer     owner,
                  GcEphemeron *entry,
                  gpointer     key,
                  gpointer     value)
{
  if (gc_is_ref (key))
    __atomic_fetch_or (gc_meta (key), GC_META_SPECIAL, __ATOMIC_RELAXED);    /* see I19 */
  entry->key = key;
  gc_store_ (owner, &entry->value, value);
  gc_heap_note_weak_store (gc_heap_of (owner), owner, key);
}

/* Writes an entry with a strong key, which never was nor will be a weak one. */
void
gc_ephemeron_set_strong (gpointer     owner,
                         GcEphemeron *entry,
                         gpointer     key,
                         gpointer     value)
{
  gc_store_ (owner, &entry->key, key);
  gc_store_ (owner, &entry->value, value);
}

/* Writes an entry with a strong key and a weak value. */
void
gc_weak_entry_set (gpointer  owner,
                   GcEntry  *entry,
                   gpointer  key,
                   gpointer  value)
{
  entry->value = value;
  gc_store_ (owner, &entry->key, key);
  gc_heap_note_weak_store (gc_heap_of (owner), owner, value);
}
