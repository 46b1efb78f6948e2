/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/heap/gc-heap-types-private.h"

G_BEGIN_DECLS

/* A set of objects, weakly held, found by a hash and a match: see gc-weak-set.c. */
typedef struct
{
  gpointer object;              /* NULL: free; GC_TOMBSTONE: was removed */
  guint64  hash;
  gsize    value;               /* the owner's */
  gsize    value2;
} GcWeakSetEntry;

typedef struct _GcWeakSet GcWeakSet;
struct _GcWeakSet
{
  GcWeakHolder    holder;
  GcWeakSetEntry *entries;
  gsize           size;         /* a power of two, or 0 */
  gsize           n, n_used;    /* objects; entries that are not free */
  gsize           cursor;       /* of clearing */
  gboolean        by_address;   /* the hash is the object's address */
  void          (*dropped) (GcWeakSet *self, GcHeap *heap, GcWeakSetEntry *entry);
};

typedef gboolean (*GcWeakSetMatch) (gconstpointer object, gconstpointer key);

void      gc_weak_set_init       (GcWeakSet     *self,
                                  GcHeap        *heap,
                                  GcWeakStage    stage,
                                  gboolean       by_address);
void      gc_weak_set_clear      (GcWeakSet     *self,
                                  GcHeap        *heap);
guint64   gc_weak_set_hash       (gconstpointer  object);
GcWeakSetEntry *gc_weak_set_find (GcWeakSet     *self,
                                  guint64        hash,
                                  GcWeakSetMatch match,
                                  gconstpointer  key);
GcWeakSetEntry *gc_weak_set_add  (GcWeakSet     *self,
                                  guint64        hash,
                                  gpointer       object);

G_END_DECLS
