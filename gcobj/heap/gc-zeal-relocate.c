/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Zeal mode relocate: at each safe point every block without an externally
 * referenced object moves, by remapping its pages, and its old addresses become
 * inaccessible for good. A pointer that survived a safe point outside of any root, or sits in
 * a slot that is not traced, faults when it is followed; the handler says what it was.
 *
 * A block moves to the same place in a new slab, together with its metadata, so
 * that an object's address changes by the distance of the two slabs. */

#include "gcobj/heap/gc-heap-private.h"

typedef struct
{
  GcSlab  *to;
  guint64  moved;               /* one bit for each block */
} Move;

/* Where blocks were, for the fault handler: never freed. */
typedef struct
{
  char    *from;
  char    *to;
  guint64  cycle;
} Grave;

static pthread_mutex_t graves_lock = PTHREAD_MUTEX_INITIALIZER;
static Grave *graves;
static gsize n_graves, n_graves_allocated;

static void
add_grave (char    *from,
           char    *to,
           guint64  cycle)
{
  pthread_mutex_lock (&graves_lock);
  if (n_graves == n_graves_allocated)
    {
      n_graves_allocated = MAX (1024, n_graves_allocated * 2);
      graves = g_renew (Grave, graves, n_graves_allocated);
    }
  graves[n_graves++] = (Grave) { from, to, cycle };
  pthread_mutex_unlock (&graves_lock);
}

/* Follows an address through the moves of its block; the process is about to end. */
static gboolean
explain_fault (gconstpointer address)
{
  const char *now = address;
  guint64 cycle = 0;
  char text[256];

  for (gsize i = 0; i < n_graves; i++)
    if (now >= graves[i].from && now < graves[i].from + GC_BLOCK_SIZE)
      {
        now = graves[i].to + (now - graves[i].from);
        if (cycle == 0)
          cycle = graves[i].cycle;
      }
  if (cycle == 0)
    return FALSE;

  if (gc_address_is_ours (now))
    {
      /* The access may be to a field: look for the object's start. */
      for (const char *start = (const char *) ((guintptr) now & ~(guintptr) 7);
           start + 4096 > now && gc_address_is_ours (start); start -= 8)
        {
          GcObject *object = gc_heap_find_marked (gc_slab_of (start)->heap, start);

          if (object != NULL)
            {
              g_snprintf (text, sizeof text,
                          "gcobj: stale pointer: %p was in a %s until cycle %" G_GUINT64_FORMAT "\n",
                          address, g_type_name (G_TYPE_FROM_INSTANCE (object)), cycle);
              gc_os_print (text);
              return TRUE;
            }
        }
    }
  g_snprintf (text, sizeof text,
              "gcobj: stale pointer: %p was in an object until cycle %" G_GUINT64_FORMAT "\n",
              address, cycle);
  gc_os_print (text);
  return TRUE;
}

static void
fix_slot (GcTracer *tracer,
          gpointer *slot)
{
  gpointer word = *slot;
  const Move *move;

  if (!gc_is_ref (word))
    return;
  move = g_hash_table_lookup (tracer->data, gc_slab_of (word));
  if (move != NULL && move->moved >> (((guintptr) word & GC_SLAB_MASK) / GC_BLOCK_SIZE) & 1)
    *slot = (char *) word + ((char *) move->to - (char *) gc_slab_of (word));
}

static void
fix_object (GcObject *object,
            gpointer  tracer)
{
  gc_heap_trace_object (((GcTracer *) tracer)->heap, object, tracer);
}

static void
fix_queue (GcQueue  *queue,
           GcTracer *tracer)
{
  gsize n = queue->n;

  for (GcSegment *segment = queue->top; segment != NULL;
       segment = segment->below, n = segment != NULL ? segment->n : 0)
    for (gsize i = 0; i < n; i++)
      fix_slot (tracer, &segment->words[i]);
}

static void
pin_block (gpointer object,
           gpointer heap)
{
  (void) heap;
  if (gc_slab_of (object)->kind == GC_SLAB_BLOCKS_KIND)
    gc_block_of (object)->has_pin = TRUE;
}

/* Moves what can be moved of a slab into a new one. NULL if that is nothing. */
static Move *
move_slab (GcHeap *heap,
           GcSlab *from)
{
  guint64 moved = 0;
  gboolean stays = FALSE;
  GcSlab *to;
  Move *move;

  for (guint b = GC_FIRST_BLOCK; b < GC_SLAB_BLOCKS; b++)
    {
      GcBlock *block = &from->blocks[b];

      if (block->state != GC_BLOCK_USED && block->state != GC_BLOCK_READY)
        continue;
      if (block->has_pin)
        stays = TRUE;
      else
        moved |= (guint64) 1 << b;
    }
  if (moved == 0 || (to = gc_slab_map (heap, GC_SLAB_SIZE, FALSE)) == NULL)
    return NULL;

  to->kind = GC_SLAB_BLOCKS_KIND;
  to->index = from->index;
  for (guint b = GC_FIRST_BLOCK; b < GC_SLAB_BLOCKS; b++)
    {
      GcBlock *block = &from->blocks[b];
      char *start = gc_block_start (block);
      char *target = gc_block_start (&to->blocks[b]);

      to->blocks[b].state = GC_BLOCK_EMPTY;
      to->blocks[b].is_zero = TRUE;
      if (!(moved >> b & 1))
        continue;
      memcpy (gc_meta (target), gc_meta (start), GC_BLOCK_GRANULES);
      to->blocks[b] = *block;
      if (!gc_os_move (start, target, GC_BLOCK_SIZE))
        g_error ("gcobj: relocate: the system has no memory maps left");
      add_grave (start, target, heap->cycle);
      block->state = GC_BLOCK_ABSENT;
    }

  move = g_new (Move, 1);
  *move = (Move) { to, moved };
  if (stays)
    heap->slabs[from->index] = from;
  else
    {
      heap->slabs[from->index] = to;
      gc_slab_register (from, FALSE);
    }
  return move;
}

void
gc_relocate (GcHeap *heap)
{
  g_autoptr (GHashTable) moves = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  GcTracer tracer = { heap, fix_slot, fix_slot, moves, NULL };
  guint n_slabs = heap->n_slabs;
  GHashTableIter iter;
  gpointer from, move;

  g_assert (heap->state == GC_STATE_IDLE && gc_queue_is_empty (&heap->log));
  gc_os_on_fault (explain_fault);
  gc_heap_retire_windows (heap);
  gc_log_drop (heap);
  gc_heap_drop_young (heap, TRUE);
  gc_external_foreach (heap, pin_block, heap);
  for (GcBatch *batch = heap->batches; batch != NULL; batch = batch->next)
    for (guint i = 0; i < batch->n; i++)
      pin_block (batch->objects[i], heap);

  for (guint s = 0; s < n_slabs; s++)
    {
      GcSlab *slab = heap->slabs[s];
      Move *moved = move_slab (heap, slab);

      if (moved == NULL)
        continue;
      g_hash_table_insert (moves, slab, moved);
      if (heap->slabs[s] == slab)
        {
          /* Pinned blocks stay behind: one slab more. */
          if (heap->n_slabs == heap->n_slabs_allocated)
            {
              heap->n_slabs_allocated *= 2;
              heap->slabs = g_renew (GcSlab *, heap->slabs, heap->n_slabs_allocated);
            }
          moved->to->index = heap->n_slabs;
          heap->slabs[heap->n_slabs++] = moved->to;
        }
    }

  /* The slabs that nothing is left in; their addresses stay taken. */
  g_hash_table_iter_init (&iter, moves);
  while (g_hash_table_iter_next (&iter, &from, &move))
    if (!gc_address_is_ours (from))
      gc_os_bury (from, GC_SLAB_SIZE);

  heap->ready = heap->empty = NULL;
  for (guint s = heap->n_slabs; s-- > 0; )
    for (guint b = GC_SLAB_BLOCKS; b-- > GC_FIRST_BLOCK; )
      {
        GcBlock *block = &heap->slabs[s]->blocks[b];
        GcBlock **list = block->state == GC_BLOCK_READY ? &heap->ready :
                         block->state == GC_BLOCK_EMPTY ? &heap->empty : NULL;

        block->has_pin = FALSE;
        if (list != NULL)
          {
            block->next = *list;
            *list = block;
          }
      }

  gc_heap_foreach_marked (heap, fix_object, &tracer);
  tracer.object = NULL;
  heap->hooks->visit_roots (heap->owner, &tracer);
  for (GcWeakHolder *holder = heap->holders; holder != NULL; holder = holder->next)
    holder->relocate (holder, heap, &tracer);
  if (!GC_FAULT (RELOCATE_LISTS))
    {
      fix_queue (&heap->finalizable, &tracer);
      fix_queue (&heap->finalizable_old, &tracer);
    }
  fix_queue (&heap->dead, &tracer);
  heap->move_epoch++;
  if (heap->zeal & GC_ZEAL_SHADOW_SLOTS)
    gc_shadow_rebuild (heap);
}
