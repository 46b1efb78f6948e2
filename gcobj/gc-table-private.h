/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-table.h"
#include "gcobj/gc-type.h"

G_BEGIN_DECLS

struct _GcTable
{
  GcObject           parent_instance;
  GC_REF (GcEntries) storage;   /* of the kind that the flags say; NULL: empty */
  gsize              n;         /* entries, less storage->n_cleared */
  gsize              n_used;    /* places that are not free: entries and tombstones */
  guint64            move_epoch;  /* the heap's, when the places were worked out */
  guint              flags;
};

/* What is looked for: a word, or text that equals a string's. */
typedef struct
{
  gpointer    key;              /* NULL: text */
  const char *text;
  gsize       length;
  gboolean    is_string;
  guint64     hash;
} GcTableKey;

typedef enum { GC_TABLE_LOOK, GC_TABLE_TAKE_REFERENCE, GC_TABLE_TAKE_OUT } GcTableAction;

/* gc-table.c: by an object or, if there is some, by text */
gboolean    gc_table_try_insert_any (GcTable       *self,
                                     gpointer       key,
                                     const char    *text,
                                     gpointer       value,
                                     GError       **error);
void        gc_table_insert_any     (GcTable       *self,
                                     gpointer       key,
                                     const char    *text,
                                     gpointer       value,
                                     const char    *function);
gboolean    gc_table_act            (GcTable       *self,
                                     gpointer       key,
                                     const char    *text,
                                     GcTableAction  action,
                                     gpointer      *value);

/* gc-table-storage.c */
GType       gc_table_slots_get_type (void);
GcTableKey  gc_table_key_from_word (gpointer      key);
GcTableKey  gc_table_key_from_text (const char   *text);
void        gc_table_refresh       (GcTable      *self,
                                    GcMutation   *m);
GcEntry    *gc_table_find          (GcTable      *self,
                                    GcMutation   *m,
                                    GcTableKey   *key);
gboolean    gc_table_put           (GcTable      *self,
                                    GcMutation   *m,
                                    GcTableKey   *key,
                                    gpointer      value,
                                    GError      **error);
void        gc_table_take_out      (GcTable      *self,
                                    GcEntry      *entry);
void        gc_table_shrink        (GcTable      *self,
                                    GcMutation   *m);
void        gc_table_empty         (GcTable      *self);
gsize       gc_table_count         (GcTable      *self);

/* A strong table's storage counts slots, of which an entry has two. */
static inline gsize
gc_table_get_room (const GcEntries *storage,
                   guint            flags)
{
  gsize n = storage != NULL ? storage->n : 0;

  return flags == GC_TABLE_STRONG ? n / 2 : n;
}

/* All kinds of entries begin with key and value. */
static inline GcEntry *
gc_table_get_entry (GcEntries *storage,
                    guint      flags,
                    gsize      index)
{
  gsize size = flags == GC_TABLE_WEAK_KEYS ? sizeof (GcEphemeron) : sizeof (GcEntry);

  return (GcEntry *) ((char *) storage + sizeof (GcEntries) + index * size);
}

/* Whether a place holds an entry that a program may see. */
static inline gboolean
gc_table_is_entry (GcHeap        *heap,
                   guint          flags,
                   const GcEntry *entry)
{
  gpointer weak = flags == GC_TABLE_WEAK_KEYS ? entry->key : entry->value;

  return entry->key != NULL && entry->key != GC_TOMBSTONE &&
         (flags == GC_TABLE_STRONG || !gc_is_ref (weak) || !gc_heap_is_gone (heap, weak));
}

G_END_DECLS
