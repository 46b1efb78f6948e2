/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Guardians and death queues, as a program uses them: what is watched comes in, what is delivered
 * goes out. In between gc-watch.c takes it from the one to the other. */

#include "gcobj/gc-watch-private.h"

GC_DECLARE_CLASS_ (GcWatched, gc_watched)
GC_DEFINE_TYPE (GcWatched, gc_watched, GC_TYPE_OBJECT,
                GC_FIELD_TAIL_BYTES (GcWatched, watches, n))

static void
grow_watched (GcWatcher  *self,
              GcMutation *m,
              gboolean    has_tokens)
{
  gsize n = self->n_watched;
  gsize room = n + n / 2 + 4;
  GcWatched *watched = gc_new_with_tail (m, GcWatched, room);

  if (n > 0)
    memcpy (watched->watches, self->watched->watches, n * sizeof (GcWatch));
  gc_set (self, watched, watched);
  if (has_tokens)
    {
      GcSlots *tokens = gc_slots_new (m, room, NULL);

      if (n > 0)
        gc_slots_copy (tokens, 0, self->tokens->items, n);
      gc_set (self, tokens, tokens);
    }
}

static void
grow_queue (GcWatcher  *self,
            GcMutation *m)
{
  gsize room = self->queue != NULL ? self->queue->n / 2 : 0;
  gsize first = MIN (self->n_queued, room - self->head);
  GcSlots *queue = gc_slots_new (m, (room + room / 2 + 4) * 2, NULL);

  if (self->n_queued > 0)
    {
      gc_slots_copy (queue, 0, &self->queue->items[self->head * 2], first * 2);
      gc_slots_copy (queue, first * 2, self->queue->items, (self->n_queued - first) * 2);
    }
  gc_set (self, queue, queue);
  self->head = 0;
}

/* Inside a scope: watches @object. A tagged @token comes with it when it is delivered; any other
 * is what a death queue delivers. */
void
gc_watch_add (GcWatcher  *self,
              GcMutation *m,
              gpointer    object,
              gpointer    token)
{
  gboolean has_tokens = gc_is_ref (token);

  if (self->watched == NULL || self->n_watched == self->watched->n)
    grow_watched (self, m, has_tokens);
  if (self->queue == NULL || self->n_watched + self->n_queued >= self->queue->n / 2)
    grow_queue (self, m);
  if (has_tokens)
    gc_slots_set (self->tokens, self->n_watched, token);
  self->watched->watches[self->n_watched++] = (GcWatch) { object, has_tokens ? NULL : token };
}

static gpointer
pop (GcWatcher *self,
     gpointer  *token)
{
  GcHeap *heap = gc_heap_of (self);
  gboolean is_resurrecting = heap->state == GC_STATE_CLEARING && heap->stage == GC_WEAK_RESURRECT;
  gpointer object;
  gsize place;

  if (self->n_queued <= (is_resurrecting ? self->n_hidden : 0))
    return NULL;
  place = gc_watch_place (self, 0);
  object = self->queue->items[place];
  if (token != NULL)
    *token = self->queue->items[place + 1];
  gc_slots_set (self->queue, place, NULL);
  gc_slots_set (self->queue, place + 1, NULL);
  self->head = (self->head + 1) % (self->queue->n / 2);
  self->n_queued--;
  return object;
}

/* Inside a scope: the next of the queue, or NULL. What was just brought back stays out of
 * sight until it is marked with all that it leads to: see gc_heap_settle(). */
gpointer
gc_watch_pop (GcWatcher *self,
              gpointer  *token)
{
  GcHeap *heap = gc_slab_of (self)->heap;
  gpointer object;

  gc_heap_lock (heap);
  object = pop (self, token);
  gc_heap_unlock (heap);
  return object;
}
