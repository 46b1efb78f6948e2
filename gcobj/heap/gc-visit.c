/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an object refers to, for all but the marker, which has a loop of its own. */

#include "gcobj/heap/gc-heap-private.h"

/* Reports all slots of an object, weak ones apart. Of an ephemeron neither the
 * key nor the value is strong. */
void
gc_heap_trace_object (GcHeap   *heap,
                      GcObject *object,
                      GcTracer *tracer)
{
  GcObjectClass *klass = gc_class_of (object);
  const GcLayout *layout = klass->layout;
  char *base = (char *) object;

  (void) heap;
  tracer->object = object;
  for (guint i = 0; i < klass->n_slots; i++)
    tracer->visit (tracer, (gpointer *) (base + klass->slots[i]));
  for (guint i = 0; i < layout->n_weak; i++)
    tracer->visit_weak (tracer, (gpointer *) (base + layout->weak[i]));
  if (klass->flags & (GC_KIND_TAIL_SLOTS | GC_KIND_EPHEMERONS | GC_KIND_WEAK_VALUES))
    {
      gsize n = gc_tail_count (object, klass);
      gpointer tail = base + klass->tail_offset;

      for (gsize i = 0; i < n; i++)
        if (klass->flags & GC_KIND_EPHEMERONS)
          {
            tracer->visit_weak (tracer, &((GcEphemeron *) tail)[i].key);
            tracer->visit_weak (tracer, &((GcEphemeron *) tail)[i].value);
          }
        else if (klass->flags & GC_KIND_WEAK_VALUES)
          {
            tracer->visit (tracer, &((GcEntry *) tail)[i].key);
            tracer->visit_weak (tracer, &((GcEntry *) tail)[i].value);
          }
        else
          tracer->visit (tracer, &((gpointer *) tail)[i]);
    }
  if (klass->flags & GC_KIND_TRACE)
    klass->trace (object, tracer);
}
