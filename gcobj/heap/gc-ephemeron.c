/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Ephemerons: entries whose value lives while their key does (Hayes, "Ephemerons:
 * a new finalization mechanism", OOPSLA 1997).
 *
 * While marking, an entry whose key is unmarked waits in an index by its key's
 * address. When a key is marked, what waits for it is shaded at once; so the
 * fixpoint takes time linear in the number of entries. The links are in the entries and
 * the index is made large enough when entries are, so that finishing a
 * collection needs no memory. The index is emptied bucket by bucket, when first used in a cycle. */

#include "gcobj/heap/gc-heap-private.h"

static GcBucket *
bucket_of (GcHeap        *heap,
           gconstpointer  key)
{
  guint64 hash = (guint64) (guintptr) key / 8 * 0x9E3779B97F4A7C15;
  GcBucket *bucket = &heap->buckets[(hash >> 32) & (heap->n_buckets - 1)];

  if (bucket->epoch != heap->cycle)
    {
      bucket->epoch = heap->cycle;
      bucket->first = NULL;
    }
  return bucket;
}

/* Makes room for @n more entries that may wait. */
void
gc_ephemeron_reserve (GcHeap *heap,
                      gsize   n)
{
  GcBucket *old = heap->buckets;
  gsize n_old = heap->n_buckets;
  gsize size = MAX (n_old, 16);

  heap->n_ephemerons += n;
  while (size < heap->n_ephemerons)
    size *= 2;
  if (size == n_old)
    return;

  heap->buckets = g_new0 (GcBucket, size);
  heap->n_buckets = size;
  for (gsize i = 0; i < n_old; i++)
    {
      /* After marking the chains may lead through storage that is dead. */
      gboolean is_waiting = heap->barrier_on && old[i].epoch == heap->cycle;
      GcEphemeron *entry = is_waiting ? old[i].first : NULL;

      while (entry != NULL)
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

void
gc_ephemeron_release (GcHeap *heap,
                      gsize   n)
{
  heap->n_ephemerons -= MIN (n, heap->n_ephemerons);
}

/* An entry of a marked object: its value lives if its key does, else it waits. */
void
gc_ephemeron_marked (GcHeap      *heap,
                     GcEphemeron *entry)
{
  GcBucket *bucket;

  if (!gc_is_ref (entry->key) || gc_is_marked (heap, entry->key))
    {
      if (gc_is_ref (entry->value))
        gc_shade (heap, entry->value);
      return;
    }
  bucket = bucket_of (heap, entry->key);
  entry->pending = bucket->first;
  bucket->first = entry;
}

/* A flagged object is marked: what waits for it lives. */
void
gc_ephemeron_key_marked (GcHeap   *heap,
                         gpointer  key)
{
  GcBucket *bucket;
  GcEphemeron **link;

  if (heap->n_buckets == 0 || GC_FAULT (EPHEMERON_KEY))
    return;
  bucket = bucket_of (heap, key);
  link = &bucket->first;
  while (*link != NULL)
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

static gboolean
is_marking (GcHeap *heap)
{
  return heap->barrier_on;
}

/* Writes an entry that is free or has the same key. The caller does not turn a
 * tombstone into an entry while marking goes on: it may still be waiting. */
void
gc_ephemeron_set (gpointer     owner,
                  GcEphemeron *entry,
                  gpointer     key,
                  gpointer     value)
{
  GcHeap *heap = gc_slab_of (owner)->heap;
  gboolean is_new = entry->key != key;

  entry->key = key;
  entry->value = value;
  if (!gc_is_ref (key))
    {
      gc_write_barrier_ (owner, &entry->value, value);
      return;
    }
  *gc_meta (key) |= GC_META_SPECIAL;
  if (!is_marking (heap) || !gc_is_marked (heap, owner))
    return;
  if (gc_is_marked (heap, key))
    {
      if (gc_is_ref (value))
        gc_shade (heap, value);
    }
  else if (is_new)
    gc_ephemeron_marked (heap, entry);
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
}
