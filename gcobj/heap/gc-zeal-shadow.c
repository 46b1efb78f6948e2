/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Zeal mode shadow-slots: a copy of each traced slot, which only the barrier
 * updates. A slot that differs from its copy was stored into around the
 * barrier. Independent of when marking ran, so that it finds nearly every such store. */

#include "gcobj/heap/gc-heap-private.h"

void
gc_shadow_begin (GcHeap *heap)
{
  heap->shadow = g_hash_table_new (NULL, NULL);
  gc_barrier_hold ();
  gc_heap_forget_young (heap);
}

void
gc_shadow_end (GcHeap *heap)
{
  g_clear_pointer (&heap->shadow, g_hash_table_unref);
  gc_barrier_release ();
}

void
gc_shadow_record (GcHeap        *heap,
                  gconstpointer  slot,
                  gconstpointer  value)
{
  g_hash_table_insert (heap->shadow, (gpointer) slot, (gpointer) value);
}

static void
check_slot (GcTracer *tracer,
            gpointer *slot)
{
  gpointer known = g_hash_table_lookup (tracer->heap->shadow, slot);

  /* Unmanaged memory is resized and reused without the barrier seeing it. */
  if (known == *slot || !gc_address_is_ours (slot))
    return;
  g_critical ("shadow-slots: the slot at offset %" G_GSSIZE_FORMAT " of a %s holds %p, and the "
              "barrier saw %p: it was stored into without gc_set ()",
              (char *) slot - (char *) tracer->object,
              g_type_name (G_TYPE_FROM_INSTANCE (tracer->object)), *slot, known);
  gc_shadow_record (tracer->heap, slot, *slot);
}

static void
copy_slot (GcTracer *tracer,
           gpointer *slot)
{
  if (*slot != NULL)
    gc_shadow_record (tracer->heap, slot, *slot);
}

static void
ignore_slot (GcTracer *tracer,
             gpointer *slot)
{
  (void) tracer;
  (void) slot;
}

static void
trace_object (GcObject *object,
              gpointer  tracer)
{
  gc_heap_trace_object (((GcTracer *) tracer)->heap, object, tracer);
}

void
gc_shadow_check (GcHeap *heap)
{
  GcTracer tracer = { heap, check_slot, ignore_slot, NULL, NULL };

  gc_heap_foreach_marked (heap, trace_object, &tracer);
}

/* Forgets the slots of the dead, whose memory comes to other objects. */
void
gc_shadow_rebuild (GcHeap *heap)
{
  GcTracer tracer = { heap, copy_slot, ignore_slot, NULL, NULL };

  g_hash_table_remove_all (heap->shadow);
  gc_heap_foreach_marked (heap, trace_object, &tracer);
}

static void
note_slot (GcTracer *tracer,
           gpointer *slot)
{
  gc_shadow_record (tracer->heap, slot, *slot);
}

/* Learns the slots of what was resurrected, and forgets none: objects that were
 * made since marking are not marked. */
void
gc_shadow_refresh (GcHeap *heap)
{
  GcTracer tracer = { heap, note_slot, ignore_slot, NULL, NULL };

  gc_heap_foreach_marked (heap, trace_object, &tracer);
}
