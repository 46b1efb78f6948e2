/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The zeal modes: checks that run after marking and at safe points. They
 * cost a test on slow paths while they are off. */

#include "gcobj/heap/gc-heap-private.h"

static const GDebugKey keys[] = {
  { "safepoint", GC_ZEAL_SAFEPOINT },
  { "verify", GC_ZEAL_VERIFY },
  { "clobber", GC_ZEAL_CLOBBER },
  { "relocate", GC_ZEAL_RELOCATE },
  { "shadow-slots", GC_ZEAL_SHADOW_SLOTS },
  { "untraced", GC_ZEAL_UNTRACED },
};

/* The modes that GCOBJ_ZEAL names. Read once. */
guint
gc_zeal_from_environment (void)
{
  static gsize initialized;
  static guint zeal;

  if (g_once_init_enter (&initialized))
    {
      zeal = g_parse_debug_string (g_getenv ("GCOBJ_ZEAL"), keys, G_N_ELEMENTS (keys));
      g_once_init_leave (&initialized, 1);
    }
  return zeal;
}

void
gc_zeal_set (GcHeap *heap,
             guint   zeal)
{
  guint changed = heap->zeal ^ zeal;

  heap->zeal = zeal;
  if (changed & GC_ZEAL_SHADOW_SLOTS)
    {
      if (zeal & GC_ZEAL_SHADOW_SLOTS)
        gc_shadow_begin (heap);
      else
        gc_shadow_end (heap);
    }
}

/* Everything that lives is marked, and nothing new is allocated yet. */
void
gc_zeal_after_marking (GcHeap *heap)
{
  if (heap->zeal & GC_ZEAL_VERIFY)
    {
      g_autoptr (GError) error = NULL;

      if (!gc_heap_verify (heap, &error))
        g_critical ("verify: %s", error->message);
    }
  if (heap->zeal & GC_ZEAL_UNTRACED)
    gc_untraced_check (heap);
  if (heap->zeal & GC_ZEAL_SHADOW_SLOTS)
    {
      gc_shadow_check (heap);
      gc_shadow_rebuild (heap);
    }
}

/* Everything is swept. */
void
gc_zeal_after_cycle (GcHeap *heap)
{
  if (heap->zeal & GC_ZEAL_VERIFY)
    for (guint s = 0; s < heap->n_slabs; s++)
      for (guint b = GC_FIRST_BLOCK; b < GC_SLAB_BLOCKS; b++)
        {
          GcBlock *block = &heap->slabs[s]->blocks[b];

          if (block->epoch != heap->epoch &&
              (block->state == GC_BLOCK_USED || block->state == GC_BLOCK_READY))
            g_critical ("verify: cycle %" G_GUINT64_FORMAT " left a block unswept", heap->cycle);
        }
}

void
gc_zeal_at_safepoint (GcHeap *heap)
{
  if (heap->zeal & (GC_ZEAL_SAFEPOINT | GC_ZEAL_RELOCATE | GC_ZEAL_SHADOW_SLOTS | GC_ZEAL_UNTRACED))
    gc_heap_collect (heap);
  if (heap->zeal & GC_ZEAL_RELOCATE)
    gc_relocate (heap);
}
