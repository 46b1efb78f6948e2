/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows of slots, the storage of containers, and how many slots are stored into at once. */

#include "gcobj/gc-slots-private.h"

GC_DECLARE_CLASS_ (GcSlots, gc_slots)
GC_DEFINE_TYPE (GcSlots, gc_slots, GC_TYPE_OBJECT,
                GC_FIELD_TAIL (GcSlots, items, n))

/* Without an error to set, no memory is fatal. */
GcSlots *
gc_slots_new (GcMutation  *m,
              gsize        n,
              GError     **error)
{
  return gc_object_allocate (m, GcSlots_gc_class_ (), n, error);
}

static void
report (GcSlots *self,
        gsize    from,
        gsize    n)
{
  if (G_LIKELY (!gc_store_matters (self)))
    return;
  for (gsize i = from; i < from + n; i++)
    gc_write_barrier_ (self, &self->items[i], self->items[i]);
}

/* Stores @n words, which may be slots of @self itself. Each is reported, also where it only
 * moves: a large array is marked in slices, and what comes from ahead of the
 * marker to behind it would be missed. */
void
gc_slots_copy (GcSlots       *self,
               gsize          to,
               gconstpointer  words,
               gsize          n)
{
  memmove ((gpointer) (guintptr) &self->items[to], words, n * sizeof (gpointer));
  report (self, to, n);
}

void
gc_slots_clear (GcSlots *self,
                gsize    from,
                gsize    n)
{
  memset ((gpointer) (guintptr) &self->items[from], 0, n * sizeof (gpointer));
  report (self, from, n);
}
