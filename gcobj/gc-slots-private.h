/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-type.h"

G_BEGIN_DECLS

/* A row of slots of fixed length: what growing containers keep their elements in. Internal: no
 * program ever sees one. */
typedef struct
{
  GcObject    parent_instance;
  const gsize n;
  GC_REF_TAIL (GcObject) items;
} GcSlots;

typedef struct
{
  GcObjectClass parent_class;
} GcSlotsClass;

GType     gc_slots_get_type (void);

GcSlots  *gc_slots_new      (GcMutation    *m,
                             gsize          n,
                             GError       **error);
void      gc_slots_copy     (GcSlots       *self,
                             gsize          to,
                             gconstpointer  words,
                             gsize          n);
void      gc_slots_clear    (GcSlots       *self,
                             gsize          from,
                             gsize          n);

static inline void
gc_slots_set (GcSlots       *self,
              gsize          index,
              gconstpointer  word)
{
  gc_store_ (self, &self->items[index], word);
}

G_END_DECLS
