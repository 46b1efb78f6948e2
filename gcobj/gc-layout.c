/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Layouts, from the fields that types list. */

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-type.h"

/* Offsets of @entry's slots, at the end of @offsets. */
static void
append_slots (GArray            *offsets,
              const GcTypeEntry *entry)
{
  for (guint i = 0; i < entry->size / sizeof (gpointer); i++)
    {
      guint16 offset = entry->offset + i * sizeof (gpointer);

      g_array_append_val (offsets, offset);
    }
}

static const guint16 *
steal_offsets (GArray  *offsets,
               guint16 *n)
{
  *n = offsets->len;
  return (const guint16 *) g_array_free (offsets, FALSE);
}

static GArray *
copy_offsets (const guint16 *offsets,
              guint          n)
{
  GArray *copy = g_array_new (FALSE, FALSE, sizeof (guint16));

  if (n > 0)
    g_array_append_vals (copy, offsets, n);
  return copy;
}

/* Fields with their names, parents' first. */
static const GcLayoutField *
extend_fields (const GcLayout    *parent,
               const GcTypeEntry *entries,
               guint32           *n)
{
  GArray *fields = g_array_new (FALSE, FALSE, sizeof (GcLayoutField));

  if (parent->n_fields > 0)
    g_array_append_vals (fields, parent->fields, parent->n_fields);
  for (; entries->kind != GC_ENTRY_END; entries++)
    if (entries->kind <= GC_ENTRY_TAIL_SLOTS)
      {
        gboolean is_tail = entries->kind == GC_ENTRY_TAIL_SLOTS;
        GcLayoutField field = { entries->name, entries->offset, is_tail ? 0 : entries->size / sizeof (gpointer) };

        g_array_append_val (fields, field);
      }
  *n = fields->len;
  return (const GcLayoutField *) g_array_free (fields, FALSE);
}

/* The parent's layout with the type's own fields: for the life of the process, as classes are. */
const GcLayout *
gc_layout_extend (const GcLayout    *parent,
                  const GcTypeEntry *entries)
{
  GcLayout *layout = g_new (GcLayout, 1);
  GArray *slots = copy_offsets (parent->slots, parent->n_slots);
  GArray *weak = copy_offsets (parent->weak, parent->n_weak);
  GArray *untraced = copy_offsets (parent->untraced, parent->n_untraced);

  *layout = *parent;
  for (const GcTypeEntry *entry = entries; entry->kind != GC_ENTRY_END; entry++)
    switch (entry->kind)
      {
      case GC_ENTRY_SLOTS:
        append_slots (slots, entry);
        break;
      case GC_ENTRY_WEAK:
        append_slots (weak, entry);
        break;
      case GC_ENTRY_UNTRACED:
        append_slots (untraced, entry);
        break;
      case GC_ENTRY_TAIL_SLOTS:
      case GC_ENTRY_TAIL_BYTES:
      case GC_ENTRY_TAIL_EPHEMERONS:
      case GC_ENTRY_TAIL_WEAK_VALUES:
        layout->flags = GC_KIND_TAIL |
          (entry->kind == GC_ENTRY_TAIL_SLOTS ? GC_KIND_TAIL_SLOTS :
           entry->kind == GC_ENTRY_TAIL_EPHEMERONS ? GC_KIND_EPHEMERONS :
           entry->kind == GC_ENTRY_TAIL_WEAK_VALUES ? GC_KIND_WEAK_VALUES : 0);
        layout->tail_offset = entry->offset;
        layout->tail_element_size = entry->size;
        layout->tail_count_offset = entry->count_offset;
        break;
      default:
        break;
      }
  layout->slots = steal_offsets (slots, &layout->n_slots);
  layout->weak = steal_offsets (weak, &layout->n_weak);
  layout->untraced = steal_offsets (untraced, &layout->n_untraced);
  layout->fields = extend_fields (parent, entries, &layout->n_fields);
  return layout;
}
