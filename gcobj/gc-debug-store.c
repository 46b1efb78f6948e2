/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GCOBJ_DEBUG=barriers: checks each store into a slot. What never went through the barrier is found
 * by GCOBJ_ZEAL=shadow-slots; this finds what told it something wrong. */

#include "gcobj/gc-debug-private.h"

static void
look_for (GcTracer *tracer,
          gpointer *slot)
{
  if ((gpointer) slot == tracer->data)
    tracer->data = NULL;
}

/* Whether a layout or a trace function reports the word. A tail is not searched but computed. */
static gboolean
is_slot (GcHeap        *heap,
         GcObject      *owner,
         gconstpointer  slot)
{
  GcObjectClass *klass = gc_class_of (owner);
  gsize offset = (const char *) slot - (const char *) owner;
  GcTracer tracer = { heap, look_for, look_for, (gpointer) slot, owner };

  if ((klass->flags & GC_KIND_TAIL) && offset >= klass->tail_offset)
    return TRUE;
  for (guint i = 0; i < klass->n_slots; i++)
    if (klass->slots[i] == offset)
      return TRUE;
  if (klass->flags & GC_KIND_TRACE)
    klass->trace (owner, &tracer);
  return tracer.data == NULL;
}

void
gc_debug_check_store (gpointer      owner,
                      gconstpointer slot,
                      gconstpointer value)
{
  GcHeap *heap = gc_heap_of (owner);
  const char *name = g_type_name (G_TYPE_FROM_INSTANCE (owner));
  gsize offset = (const char *) slot - (const char *) owner;

  if (!gc_is_ref (value))
    return;
  if (!gc_arena_is_mine (heap->owner))
    g_critical ("barriers: a store into the %s at %p: the thread has no scope of its arena", name, owner);
  /* Memory that the object owns elsewhere is its trace function's business. */
  if (!gc_address_is_ours (slot))
    return;
  if ((const char *) slot < (char *) owner || offset + sizeof (gpointer) > gc_object_get_size (owner))
    g_critical ("barriers: a store into the %s at %p: the slot at %p is not inside of it", name, owner, slot);
  else if (!is_slot (heap, owner, slot))
    g_critical ("barriers: a store into the %s at %p: there is no slot at offset %" G_GSIZE_FORMAT
                ": neither its layout nor its trace function reports one", name, owner, offset);
}
