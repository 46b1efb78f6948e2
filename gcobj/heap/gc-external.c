/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* External references: which objects are referenced from outside of the heap,
 * and how often. Taken and dropped from any thread, also under a language's global
 * lock: the one lock here is a leaf. Entries live in chunks that never move, each
 * with a dirty byte; marking scans a chunk at a time, and the end of marking
 * only those that came to hold something new.
 *
 * The index finds an object's entry, by linear probing. A wrapper comes and goes with each
 * call from a script: what is deleted leaves no mark behind that later searches would
 * pass, but the words after it move up. */

#include "gcobj/heap/gc-heap-private.h"

typedef struct
{
  gpointer object;              /* NULL: unused */
  gsize    count;               /* of an unused entry: the next one + 1 */
} Entry;

struct _GcExternalChunk
{
  gboolean is_dirty;
  Entry    entries[GC_CHUNK_ROOTS];
};

#define MIN_INDEX 64            /* words, which are 256 bytes */

void
gc_external_init (GcExternal *self)
{
  pthread_mutex_init (&self->lock, NULL);
}

void
gc_external_clear (GcExternal *self)
{
  for (guint i = 0; i < self->n_chunks; i++)
    g_free (self->chunks[i]);
  g_clear_pointer (&self->chunks, g_free);
  g_clear_pointer (&self->index, g_free);
  pthread_mutex_destroy (&self->lock);
}

static Entry *
entry_at (GcExternal *self,
          guint32     number)
{
  return &self->chunks[number / GC_CHUNK_ROOTS]->entries[number % GC_CHUNK_ROOTS];
}

static gsize
hash_of (gconstpointer object)
{
  return (gsize) (((guint64) (guintptr) object / 8 * 0x9E3779B97F4A7C15) >> 20);
}

/* The index word of an object's entry, or NULL. */
static guint32 *
find (GcExternal    *self,
      gconstpointer  object)
{
  gsize mask = self->index_size - 1;

  if (self->index_size == 0)
    return NULL;
  for (gsize i = hash_of (object) & mask; self->index[i] != 0; i = (i + 1) & mask)
    if (entry_at (self, self->index[i] - 1)->object == object)
      return &self->index[i];
  return NULL;
}

static void
index_insert (GcExternal *self,
              guint32     number)
{
  gsize mask = self->index_size - 1;
  gsize i = hash_of (entry_at (self, number)->object) & mask;

  while (self->index[i] != 0)
    i = (i + 1) & mask;
  self->index[i] = number + 1;
}

static void
index_remove (GcExternal *self,
              guint32    *word)
{
  gsize mask = self->index_size - 1;
  gsize hole = word - self->index;

  for (gsize i = (hole + 1) & mask; self->index[i] != 0; i = (i + 1) & mask)
    {
      gsize home = hash_of (entry_at (self, self->index[i] - 1)->object) & mask;

      /* It is searched for from its home on, and would not be found behind the hole. */
      if (((i - home) & mask) >= ((i - hole) & mask))
        {
          self->index[hole] = self->index[i];
          hole = i;
        }
    }
  self->index[hole] = 0;
}

/* Full at most to a half, and not much larger than it has to be. */
static gboolean
index_fits (GcExternal *self)
{
  return (self->n + 1) * 2 <= self->index_size && (self->index_size <= MIN_INDEX || self->n * 16 >= self->index_size);
}

static void
resize_index (GcExternal *self)
{
  gsize size = MIN_INDEX;

  while (size < self->n * 4)
    size *= 2;
  g_free (self->index);
  self->index = g_new0 (guint32, size);
  self->index_size = size;
  for (guint32 i = 0; i < self->n_chunks * GC_CHUNK_ROOTS; i++)
    if (entry_at (self, i)->object != NULL)
      index_insert (self, i);
}

static void
add_chunk (GcExternal *self)
{
  guint32 first = self->n_chunks * GC_CHUNK_ROOTS;

  self->chunks = g_renew (GcExternalChunk *, self->chunks, self->n_chunks + 1);
  self->chunks[self->n_chunks++] = g_new0 (GcExternalChunk, 1);
  for (guint32 i = GC_CHUNK_ROOTS; i-- > 0; )
    {
      entry_at (self, first + i)->count = self->free_entry;
      self->free_entry = first + i + 1;
    }
}

/* Counts one reference more. TRUE if there was none to any object: what keeps the arena is told once. */
gboolean
gc_external_ref (GcHeap   *heap,
                 gpointer  object)
{
  GcExternal *self = &heap->external;
  gboolean is_first = FALSE;
  guint32 *word;

  pthread_mutex_lock (&self->lock);
  word = find (self, object);
  if (word != NULL)
    entry_at (self, *word - 1)->count++;
  else
    {
      guint32 number;

      if (self->free_entry == 0)
        add_chunk (self);
      if (!index_fits (self))
        resize_index (self);
      number = self->free_entry - 1;
      self->free_entry = entry_at (self, number)->count;
      *entry_at (self, number) = (Entry) { object, 1 };
      self->n++;
      index_insert (self, number);
      if (!GC_FAULT (EXTERNAL_ROOT))
        self->chunks[number / GC_CHUNK_ROOTS]->is_dirty = TRUE;
      is_first = self->n == 1;
    }
  pthread_mutex_unlock (&self->lock);
  return is_first;
}

/* Counts one reference less, and tells if it was the last to any object. FALSE if there is none. Never shades,
 * moves or collects: the object just stops to be a root. */
gboolean
gc_external_unref (GcHeap   *heap,
                   gpointer  object,
                   gboolean *was_last)
{
  GcExternal *self = &heap->external;
  guint32 *word;

  *was_last = FALSE;
  pthread_mutex_lock (&self->lock);
  word = find (self, object);
  if (word != NULL)
    {
      guint32 number = *word - 1;
      Entry *entry = entry_at (self, number);

      if (--entry->count == 0 && !GC_FAULT (EXTERNAL_UNREF))
        {
          index_remove (self, word);
          entry->object = NULL;
          entry->count = self->free_entry;
          self->free_entry = number + 1;
          self->n--;
          *was_last = self->n == 0;
        }
    }
  pthread_mutex_unlock (&self->lock);
  return word != NULL;
}

gboolean
gc_external_has (GcHeap        *heap,
                 gconstpointer  object)
{
  GcExternal *self = &heap->external;
  gboolean has;

  pthread_mutex_lock (&self->lock);
  has = find (self, object) != NULL;
  pthread_mutex_unlock (&self->lock);
  return has;
}

gsize
gc_external_count (GcHeap *heap)
{
  gsize n;

  pthread_mutex_lock (&heap->external.lock);
  n = heap->external.n;
  pthread_mutex_unlock (&heap->external.lock);
  return n;
}

/* A new cycle has to look at all of them. */
void
gc_external_dirty_all (GcHeap *heap)
{
  GcExternal *self = &heap->external;

  pthread_mutex_lock (&self->lock);
  for (guint i = 0; i < self->n_chunks; i++)
    self->chunks[i]->is_dirty = TRUE;
  pthread_mutex_unlock (&self->lock);
}

/* Shades what dirty chunks hold. TRUE when none is dirty. */
gboolean
gc_external_scan_dirty (GcHeap   *heap,
                        GcBudget *budget)
{
  GcExternal *self = &heap->external;
  gboolean is_done = TRUE;
  gboolean is_first = TRUE;

  pthread_mutex_lock (&self->lock);
  for (guint i = 0; i < self->n_chunks; i++)
    {
      GcExternalChunk *chunk = self->chunks[i];

      if (!chunk->is_dirty)
        continue;
      if (!is_first &&
          gc_budget_spend (budget, 0))
        {
          is_done = FALSE;
          break;
        }
      is_first = FALSE;
      chunk->is_dirty = FALSE;
      budget->units -= GC_CHUNK_ROOTS / 8;
      for (guint k = 0; k < GC_CHUNK_ROOTS; k++)
        if (chunk->entries[k].object != NULL)
          {
            gc_shade_root (heap, chunk->entries[k].object);
            *gc_meta (chunk->entries[k].object) |= GC_META_PINNED;
          }
    }
  pthread_mutex_unlock (&self->lock);
  return is_done;
}

void
gc_external_foreach (GcHeap *heap,
                     GFunc   func,
                     gpointer data)
{
  GcExternal *self = &heap->external;

  pthread_mutex_lock (&self->lock);
  for (guint32 i = 0; i < self->n_chunks * GC_CHUNK_ROOTS; i++)
    if (entry_at (self, i)->object != NULL)
      func (entry_at (self, i)->object, data);
  pthread_mutex_unlock (&self->lock);
}
