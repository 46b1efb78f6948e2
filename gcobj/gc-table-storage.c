/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A table's storage: open addressing with linear probing in one object, at most
 * three quarters full. What the collector clears and what is removed leaves a
 * tombstone. An object's place is worked out from its address, so that all places are
 * worked out anew when objects have moved. */

#include "gcobj/gc-error.h"
#include "gcobj/gc-hash-private.h"
#include "gcobj/gc-string-private.h"
#include "gcobj/gc-table-private.h"

#define MIN_ROOM  8
#define KEEP_ROOM 64            /* a table with no more room than that keeps it */
#define MAX_ROOM  ((gsize) 1 << 31)     /* as many bits as hashes have */

/* One type of storage for each kind of table: the collector goes by the class. */
typedef struct { GcEntries header; gpointer words[]; }       GcTableSlots;
typedef struct { GcEntries header; GcEphemeron entries[]; }  GcTableEphemerons;
typedef struct { GcEntries header; GcEntry entries[]; }      GcTableWeakValues;
typedef struct { GcObjectClass parent_class; }               GcTableSlotsClass;
typedef GcTableSlotsClass                                    GcTableEphemeronsClass;
typedef GcTableSlotsClass                                    GcTableWeakValuesClass;

static GType gc_table_ephemerons_get_type (void);
static GType gc_table_weak_values_get_type (void);

#define TAIL(kind, T, tail) \
  { kind, offsetof (T, tail), sizeof (((T *) 0)->tail[0]), offsetof (GcEntries, n), #tail, NULL, NULL },

GC_DECLARE_CLASS_ (GcTableSlots, gc_table_slots)
GC_DECLARE_CLASS_ (GcTableEphemerons, gc_table_ephemerons)
GC_DECLARE_CLASS_ (GcTableWeakValues, gc_table_weak_values)
GC_DEFINE_TYPE (GcTableSlots, gc_table_slots, GC_TYPE_OBJECT,
                TAIL (GC_ENTRY_TAIL_SLOTS, GcTableSlots, words))
GC_DEFINE_TYPE (GcTableEphemerons, gc_table_ephemerons, GC_TYPE_OBJECT,
                TAIL (GC_ENTRY_TAIL_EPHEMERONS, GcTableEphemerons, entries))
GC_DEFINE_TYPE (GcTableWeakValues, gc_table_weak_values, GC_TYPE_OBJECT,
                TAIL (GC_ENTRY_TAIL_WEAK_VALUES, GcTableWeakValues, entries))

static gboolean
is_string (gconstpointer word)
{
  return gc_is_ref (word) && G_TYPE_FROM_INSTANCE (word) == GC_TYPE_STRING;
}

static guint64
hash_word (gconstpointer word)
{
  guint64 hash = (guint64) (guintptr) word * 0x9E3779B97F4A7C15;

  return hash >> 32;
}

GcTableKey
gc_table_key_from_word (gpointer key)
{
  GcTableKey result = { .key = key, .hash = hash_word (key) };

  if (is_string (key))
    {
      GcString *string = key;

      result.is_string = TRUE;
      result.text = string->text;
      result.length = string->n - 1;
      result.hash = gc_hash_cached (&string->hash, string->text, result.length);
    }
  return result;
}

GcTableKey
gc_table_key_from_text (const char *text)
{
  gsize length = strlen (text);

  return (GcTableKey) {
    .is_string = TRUE, .text = text, .length = length, .hash = gc_hash_bytes (text, length)
  };
}

static gboolean
matches (const GcTableKey *key,
         gpointer          other)
{
  GcString *string = other;

  if (other == key->key)
    return TRUE;
  return key->is_string && is_string (other) && string->n == key->length + 1 &&
         gc_hash_cached (&string->hash, string->text, key->length) == key->hash &&
         memcmp (string->text, key->text, key->length) == 0;
}

/* The entry of @key, or where it could be put. Some place is always free. */
static GcEntry *
probe (GcEntries        *storage,
       guint             flags,
       const GcTableKey *key,
       gboolean         *is_found)
{
  gsize mask = gc_table_get_room (storage, flags) - 1;
  GcEntry *tombstone = NULL;

  for (gsize i = key->hash & mask; ; i = (i + 1) & mask)
    {
      GcEntry *entry = gc_table_get_entry (storage, flags, i);

      *is_found = FALSE;
      if (entry->key == NULL)
        return tombstone != NULL ? tombstone : entry;
      if (entry->key == GC_TOMBSTONE)
        {
          if (tombstone == NULL)
            tombstone = entry;
        }
      else if (matches (key, entry->key))
        {
          *is_found = TRUE;
          return entry;
        }
    }
}

/* Writes into a place that is free or has the same key. A string is compared by what is in
 * it, so that it is held like a number even where keys are weak. */
static void
write_entry (GcEntries *storage,
             guint      flags,
             GcEntry   *entry,
             gpointer   key,
             gpointer   value)
{
  switch (flags)
    {
    case GC_TABLE_WEAK_KEYS:
      if (is_string (key))
        gc_ephemeron_set_strong (storage, (GcEphemeron *) entry, key, value);
      else
        gc_ephemeron_set (storage, (GcEphemeron *) entry, key, value);
      break;
    case GC_TABLE_WEAK_VALUES:
      gc_weak_entry_set (storage, entry, key, value);
      break;
    default:
      gc_store_ (storage, &entry->key, key);
      gc_store_ (storage, &entry->value, value);
    }
}

/* Whether an entry has to be copied though no program sees it: a key that seems dead
 * may still be resurrected, and then the entry is there again. */
static gboolean
may_come_back (GcHeap        *heap,
               guint          flags,
               const GcEntry *entry)
{
  return flags == GC_TABLE_WEAK_KEYS && gc_is_ref (entry->key) && heap->stage != GC_WEAK_AFTER;
}

static GcEntries *
new_storage (GcMutation  *m,
             GcHeap      *heap,
             guint        flags,
             gsize        room,
             GError     **error)
{
  switch (flags)
    {
    case GC_TABLE_WEAK_KEYS:
      gc_ephemeron_reserve (heap, room);
      return gc_object_allocate (m, GcTableEphemerons_gc_class_ (), room, error);
    case GC_TABLE_WEAK_VALUES:
      return gc_object_allocate (m, GcTableWeakValues_gc_class_ (), room, error);
    default:
      return gc_object_allocate (m, GcTableSlots_gc_class_ (), room * 2, error);
    }
}

/* Moves the entries to new storage with room for @n. It is filled while it is white, and
 * becomes part of the table after that: if marking or clearing goes on the barrier
 * then shades it, and it is marked and cleared like any other. */
static gboolean
rehash (GcTable     *self,
        GcMutation  *m,
        gsize        n,
        GError     **error)
{
  GcHeap *heap = gc_heap_of (self);
  guint flags = self->flags;
  gsize old_room = gc_table_get_room (self->storage, flags);
  gsize room = MIN_ROOM;
  gsize n_copied = 0;
  GcEntries *storage;

  while (room / 2 < n && room < MAX_ROOM)
    room *= 2;
  if (n > room / 4 * 3)
    {
      g_set_error_literal (error, GC_ERROR, GC_ERROR_RANGE, "The table is too large");
      return FALSE;
    }
  storage = new_storage (m, heap, flags, room, error);
  if (storage == NULL)
    return FALSE;

  for (gsize i = 0; i < old_room; i++)
    {
      GcEntry *entry = gc_table_get_entry (self->storage, flags, i);
      GcTableKey key;
      gboolean is_found;

      if (entry->key == NULL || entry->key == GC_TOMBSTONE ||
          !(gc_table_is_entry (heap, flags, entry) || may_come_back (heap, flags, entry)))
        continue;
      key = gc_table_key_from_word (entry->key);
      write_entry (storage, flags, probe (storage, flags, &key, &is_found), entry->key, entry->value);
      n_copied++;
    }
  gc_set (self, storage, storage);
  self->n = self->n_used = n_copied;
  self->move_epoch = heap->move_epoch;
  return TRUE;
}

/* Takes off what the collector cleared. */
gsize
gc_table_count (GcTable *self)
{
  if (self->storage != NULL)
    {
      self->n -= self->storage->n_cleared;
      self->storage->n_cleared = 0;
    }
  return self->n;
}

/* Works out all places anew if objects have moved. */
void
gc_table_refresh (GcTable    *self,
                  GcMutation *m)
{
  if (G_UNLIKELY (self->storage != NULL && self->move_epoch != gc_heap_of (self)->move_epoch))
    rehash (self, m, gc_table_count (self), NULL);
}

/* The entry of @key that a program may see, or NULL. Inside a scope, as all of these. */
GcEntry *
gc_table_find (GcTable    *self,
               GcMutation *m,
               GcTableKey *key)
{
  gboolean is_found;
  GcEntry *entry;

  if (self->storage == NULL)
    return NULL;
  gc_table_refresh (self, m);
  entry = probe (self->storage, self->flags, key, &is_found);
  return is_found && gc_table_is_entry (gc_heap_of (self), self->flags, entry) ? entry : NULL;
}

/* The key as an object. */
static gpointer
make_key (GcMutation        *m,
          const GcTableKey  *key,
          GError           **error)
{
  if (key->key != NULL)
    return key->key;
  return error != NULL ? gc_string_try_make (m, key->text, key->length, error) :
                         gc_string_make (m, key->text, key->length);
}

/* Makes or replaces an entry. Without an error to set, no memory is fatal. */
gboolean
gc_table_put (GcTable     *self,
              GcMutation  *m,
              GcTableKey  *key,
              gpointer     value,
              GError     **error)
{
  gboolean is_found = FALSE;
  GcEntry *entry = NULL;
  gpointer word;

  gc_table_refresh (self, m);
  if (self->storage != NULL)
    entry = probe (self->storage, self->flags, key, &is_found);
  if (is_found)
    {
      write_entry (self->storage, self->flags, entry, entry->key, value);
      return TRUE;
    }

  word = make_key (m, key, error);
  if (word == NULL)
    return FALSE;
  if (entry == NULL ||
      (entry->key == NULL && self->n_used >= gc_table_get_room (self->storage, self->flags) / 4 * 3))
    {
      if (!rehash (self, m, gc_table_count (self) + 1, error))
        return FALSE;
      entry = probe (self->storage, self->flags, key, &is_found);
    }
  if (entry->key == NULL)
    self->n_used++;
  self->n++;
  write_entry (self->storage, self->flags, entry, word, value);
  return TRUE;
}

/* Removes an entry; the others stay in their places. */
void
gc_table_take_out (GcTable *self,
                   GcEntry *entry)
{
  write_entry (self->storage, self->flags, entry, GC_TOMBSTONE, NULL);
  self->n--;
}

/* After a removal: gives up storage that is hardly used. If there is no memory for less, it stays. */
void
gc_table_shrink (GcTable    *self,
                 GcMutation *m)
{
  gsize room = gc_table_get_room (self->storage, self->flags);
  gsize n = gc_table_count (self);
  GError *error = NULL;

  if (n == 0)
    gc_table_empty (self);
  else if (room > KEEP_ROOM && n < room / 8 && !rehash (self, m, n, &error))
    g_clear_error (&error);
}

void
gc_table_empty (GcTable *self)
{
  gc_set (self, storage, NULL);
  self->n = self->n_used = 0;
}
