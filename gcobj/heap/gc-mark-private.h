/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How marking writes an object's metadata bytes. */

#include "gcobj/heap/gc-heap-private.h"

G_BEGIN_DECLS

/* Sets the colour in an unmarked object's first byte. TRUE if it was unmarked. */
static inline gboolean
mark_byte (GcHeap   *heap,
           gpointer  object)
{
  guint8 *meta = gc_meta (object);
  guint8 byte = gc_meta_load (meta);

  if (byte & heap->colour)
    return FALSE;
  gc_meta_store (meta, (byte & GC_META_KEEP) | heap->colour | GC_META_NEEDLOG);
  return TRUE;
}

/* As memset(), which no other marker may meet at the same bytes. */
static inline void
fill_bytes (guint8 *meta,
            gsize   n,
            guint8  byte)
{
  guint64 eight = byte * (guint64) 0x0101010101010101;

  for (; n > 0 && ((guintptr) meta & 7) != 0; n--)
    gc_meta_store (meta++, byte);
  for (; n >= 8; n -= 8, meta += 8)
    __atomic_store_n ((guint64 *) (gpointer) meta, eight, __ATOMIC_RELAXED);
  for (; n > 0; n--)
    gc_meta_store (meta++, byte);
}

/* Marks the rest of an object's own bytes. The first has its colour already, and
 * is given back. Up to four by stores without a branch, most important last. */
static inline guint8
fill (GcObject *object,
      gsize     size,
      guint8    colour)
{
  guint8 *meta = gc_meta (object);
  guint8 hi = ((guintptr) object & 8) << 2;
  gsize halves = size / 8 + (hi >> 5);
  gsize own = halves / 2;
  guint8 tail = GC_FAULT (TAIL_NEXT) ? 0 : (halves & 1) << 4;
  guint8 rest = colour | GC_META_CONT;
  guint8 first = (gc_meta_load (meta) & ~(GC_META_START_HI | GC_META_TAIL_NEXT)) | hi;

  G_STATIC_ASSERT (GC_META_START_HI == 8 << 2 && GC_META_TAIL_NEXT == 1 << 4);
  if (G_LIKELY (own <= 4))
    {
      gsize is_single = own == 1;

      /* Stores of no effect, for small objects, are overwritten by those that follow. */
      gc_meta_store (meta + own / 3, rest);
      gc_meta_store (meta + own / 4 * 2, rest);
      gc_meta_store (meta + own - 1, rest | tail);
      gc_meta_store (meta, first | (tail & -(guint) is_single));
    }
  else if (size <= GC_LARGE_SIZE)
    {
      fill_bytes (meta + 1, own - 2, rest);
      gc_meta_store (meta + own - 1, rest | tail);
      gc_meta_store (meta, first);
    }
  return first;
}

G_END_DECLS
