/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Zeal mode untraced: looks at each word of each live object for a
 * reference to an object that neither its layout nor its trace function reports. */

#include "gcobj/heap/gc-heap-private.h"

typedef struct
{
  GcHeap     *heap;
  GHashTable *slots;            /* addresses that this object reports */
  GHashTable *reported;         /* type and offset, as one string */
} Check;

static void
note_slot (GcTracer *tracer,
           gpointer *slot)
{
  g_hash_table_add (((Check *) tracer->data)->slots, slot);
}

static gboolean
is_declared_untraced (const GcLayout *layout,
                      gsize           offset)
{
  for (guint i = 0; i < layout->n_untraced; i++)
    if (layout->untraced[i] == offset)
      return TRUE;
  return FALSE;
}

static void
check_object (GcObject *object,
              gpointer  data)
{
  Check *check = data;
  GcObjectClass *klass = gc_class_of (object);
  const GcLayout *layout = klass->layout;
  GcTracer tracer = { check->heap, note_slot, note_slot, check, NULL };
  /* A tail is either reported or not made of references. */
  gsize end = klass->flags & GC_KIND_TAIL ? layout->tail_offset : klass->instance_size;

  g_hash_table_remove_all (check->slots);
  gc_heap_trace_object (check->heap, object, &tracer);
  for (gsize offset = sizeof (GcObject); offset + sizeof (gpointer) <= end; offset += sizeof (gpointer))
    {
      gpointer *slot = (gpointer *) ((char *) object + offset);
      GcObject *target = gc_heap_find_marked (check->heap, *slot);
      char *place;

      if (target == NULL || g_hash_table_contains (check->slots, slot) ||
          is_declared_untraced (layout, offset))
        continue;
      place = g_strdup_printf ("%s+%" G_GSIZE_FORMAT, g_type_name (G_TYPE_FROM_INSTANCE (object)), offset);
      if (g_hash_table_add (check->reported, place))
        g_critical ("untraced: %s: the word at offset %" G_GSIZE_FORMAT " holds a reference to a %s "
                    "that neither its layout nor its trace function reports",
                    g_type_name (G_TYPE_FROM_INSTANCE (object)), offset,
                    g_type_name (G_TYPE_FROM_INSTANCE (target)));
    }
}

void
gc_untraced_check (GcHeap *heap)
{
  Check check = {
    heap,
    g_hash_table_new (NULL, NULL),
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL)
  };

  gc_heap_foreach_marked (heap, check_object, &check);
  g_hash_table_unref (check.slots);
  g_hash_table_unref (check.reported);
}
