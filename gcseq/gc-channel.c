/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-channel.h"
#include "gcseq/gc-coroutine.h"
#include "gcseq/gc-permits-private.h"

/**
 * SECTION:gc-channel
 * @Title: GcChannel
 * @Short_description: A queue between sequences
 *
 * |[<!-- language="C" -->
 * GC_DEFINE_COROUTINE (Produce, produce,
 *                      GC_PARAM_REF (GcChannel, channel)
 *                      GC_LOCAL (int, n))
 *
 * GC_COROUTINE_BODY (Produce, produce)
 * {
 *   GC_BEGIN ();
 *   for (self->n = 0; self->n < 100; self->n++)
 *     GC_AWAIT (gc_channel_send (self->channel, m, gc_tag_int (self->n)));
 *   gc_channel_close (self->channel);
 *   GC_END ();
 * }
 *
 * GC_DEFINE_COROUTINE (Consume, consume,
 *                      GC_PARAM_REF (GcChannel, channel)
 *                      GC_LOCAL (gssize, sum))
 *
 * GC_COROUTINE_BODY (Consume, consume)
 * {
 *   GC_BEGIN ();
 *   for (;;)
 *     {
 *       GC_AWAIT_OR (gc_channel_receive (self->channel, m), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_CLOSED)
 *         GC_RETURN (gc_tag_int (self->sum));
 *       self->sum += gc_untag_int (GC_RESULT);
 *     }
 *   GC_END ();
 * }
 * ]|
 *
 * A channel has room for some items. Who sends waits while it is full, and who receives while it is empty, in the order of
 * arrival. Any number of sequences of all runners of the arena may send and receive; each item is received once.
 *
 * What is sent is received, also after the channel was closed; then receiving ends with %GC_SEQUENCE_ERROR_CLOSED. Sending
 * on a closed channel fails with that at once, and so do those that wait to send.
 *
 * A channel is an object of the arena. Who is cancelled while it waits leaves the queue, and has sent or received
 * nothing; who is dropped leaves it when it is collected, and what was granted to it meanwhile goes to the next.
 *
 * Steps have their arena to themselves, and need no lock. Threads that call functions of one channel, semaphore or lock in
 * scopes of their own at the same time do.
 */

struct _GcChannel
{
  GcObject         parent_instance;
  GC_REF (GcArray) ring;
  gsize            first;
  gsize            n;
  GcPermits       *items;       /* as many as there are, without those granted already */
  GcPermits       *room;        /* NULL if it has no end */
  guint8           is_closed;
};
typedef GcObjectClass GcChannelClass;

static void
gc_channel_finalize (GcObject *object)
{
  GcChannel *self = (GcChannel *) object;

  g_clear_pointer (&self->items, gc_permits_unref);
  g_clear_pointer (&self->room, gc_permits_unref);
}

GC_DECLARE_CLASS_ (GcChannel, gc_channel)

/**
 * GcChannel: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * A queue between sequences. Its structure is private.
 *
 * Since: 0.1
 */
GC_DEFINE_TYPE (GcChannel, gc_channel, GC_TYPE_OBJECT,
                GC_FIELD (GcChannel, ring)
                GC_FIELD_UNTRACED (GcChannel, items)
                GC_FIELD_UNTRACED (GcChannel, room)
                GC_FINALIZE (gc_channel_finalize))

#define RING_MIN 8              /* items that there is room for at once */

static GcArray *
ring_new (GcMutation *m,
          gsize       n)
{
  GcArray *ring = gc_array_new (m);

  /* (Whose length can be set below the heap's limit only; the scope has to be finished.) */
  while (gc_array_get_length (ring) < n)
    gc_array_append (ring, NULL);
  return ring;
}

/* The ring grows as it has to: a channel of great capacity is rarely full. */
static void
push (GcChannel  *self,
      GcMutation *m,
      gpointer    item)
{
  gsize size = gc_array_get_length (self->ring);

  if (self->n == size)
    {
      GcArray *ring = ring_new (m, 2 * size);

      for (gsize i = 0; i < self->n; i++)
        gc_array_set (ring, i, gc_array_get (self->ring, (self->first + i) % size));
      gc_set (self, ring, ring);
      self->first = 0;
      size *= 2;
    }
  gc_array_set (self->ring, (self->first + self->n) % size, item);
  self->n++;
  gc_permits_give (self->items);
}

/* With a permit for an item. */
static gpointer
pop (GcChannel *self)
{
  gpointer item = gc_array_get (self->ring, self->first);

  gc_array_set (self->ring, self->first, NULL);
  self->first = (self->first + 1) % gc_array_get_length (self->ring);
  self->n--;
  if (self->room != NULL)
    gc_permits_give (self->room);
  return item;
}

static gboolean
is_of_arena (GcChannel  *self,
             GcMutation *m)
{
  return m != NULL && gc_object_get_arena ((GcObject *) self) == gc_mutation_get_arena (m);
}

/**
 * gc_channel_new: (constructor)
 * @m: a mutation
 * @capacity: how many items there is room for, 0 for any number
 *
 * Makes a channel.
 *
 * Returns: (transfer none): the channel
 *
 * Since: 0.1
 */
GcChannel *
gc_channel_new (GcMutation *m,
                guint       capacity)
{
  GcChannel *self;

  g_return_val_if_fail (m != NULL && gc_mutation_get_arena (m) != NULL, NULL);

  self = gc_new (m, GcChannel);
  gc_set (self, ring, ring_new (m, RING_MIN));
  self->items = gc_permits_new (0);
  self->room = capacity > 0 ? gc_permits_new (capacity) : NULL;
  return self;
}

/* Sending */

GC_DEFINE_COROUTINE (GcSendSequence, gc_send_sequence,
                     GC_PARAM_REF (GcChannel, channel)
                     GC_PARAM_REF (GcObject, item)
                     GC_LOCAL (GcPermitState, state)
                     GC_LOCAL_CLEAR (GcPermitWait *, wait, gc_permit_wait_clear))

GC_COROUTINE_BODY (GcSendSequence, gc_send_sequence)
{
  GC_BEGIN ();
  self->state = GC_PERMIT_TAKEN;
  if (self->channel->room != NULL && !self->channel->is_closed)
    while ((self->state = gc_permits_take (self->channel->room, &self->wait, step)) == GC_PERMIT_WAITING)
      GC_WAIT ();
  if (self->channel->is_closed)
    GC_THROW (GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_CLOSED, "The channel is closed");
  push (self->channel, m, self->item);
  GC_END ();
}

/**
 * gc_channel_send: (skip)
 * @self: a channel
 * @m: a mutation
 * @item: (type GcObj.Object) (nullable): an object or a tagged word
 *
 * Makes a sequence that sends an item and ends with %NULL: in its first step if there is room, else in the step after there
 * was. If the channel is closed it fails with %GC_SEQUENCE_ERROR_CLOSED.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_channel_send (GcChannel  *self,
                 GcMutation *m,
                 gpointer    item)
{
  g_return_val_if_fail (GC_IS_CHANNEL (self), NULL);
  g_return_val_if_fail (is_of_arena (self, m), NULL);
  g_return_val_if_fail (gc_word_is_of (item, self), NULL);

  return gc_send_sequence_new (m, self, item);
}

/**
 * gc_channel_send_value: (rename-to gc_channel_send)
 * @self: a channel
 * @m: a mutation
 * @item: (nullable): anything
 *
 * Makes a sequence that sends an item and ends with %NULL: in its first step if there is room, else in the step after there
 * was. What is not an object of the arena goes into a #GcBox. If the channel is closed it fails with
 * %GC_SEQUENCE_ERROR_CLOSED.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_channel_send_value (GcChannel    *self,
                       GcMutation   *m,
                       const GValue *item)
{
  g_return_val_if_fail (GC_IS_CHANNEL (self), NULL);
  g_return_val_if_fail (is_of_arena (self, m), NULL);

  return gc_channel_send (self, m, gc_word_from_value (m, item));
}

/**
 * gc_channel_try_send: (skip)
 * @self: a channel
 * @m: a mutation
 * @item: (type GcObj.Object) (nullable): an object or a tagged word
 *
 * Sends an item if there is room and the channel is open. May be called in a step and in any scope.
 *
 * Returns: %TRUE if it was sent
 *
 * Since: 0.1
 */
gboolean
gc_channel_try_send (GcChannel  *self,
                     GcMutation *m,
                     gpointer    item)
{
  g_return_val_if_fail (GC_IS_CHANNEL (self), FALSE);
  g_return_val_if_fail (is_of_arena (self, m), FALSE);
  g_return_val_if_fail (gc_word_is_of (item, self), FALSE);

  if (self->is_closed || (self->room != NULL && !gc_permits_try_take (self->room)))
    return FALSE;
  push (self, m, item);
  return TRUE;
}

/**
 * gc_channel_try_send_value: (rename-to gc_channel_try_send)
 * @self: a channel
 * @m: a mutation
 * @item: (nullable): anything
 *
 * Sends an item if there is room and the channel is open. What is not an object of the arena goes into a #GcBox. May be
 * called in a step and in any scope.
 *
 * Returns: %TRUE if it was sent
 *
 * Since: 0.1
 */
gboolean
gc_channel_try_send_value (GcChannel    *self,
                           GcMutation   *m,
                           const GValue *item)
{
  g_return_val_if_fail (GC_IS_CHANNEL (self), FALSE);
  g_return_val_if_fail (is_of_arena (self, m), FALSE);

  return gc_channel_try_send (self, m, gc_word_from_value (m, item));
}

/* Receiving */

GC_DEFINE_COROUTINE (GcReceiveSequence, gc_receive_sequence,
                     GC_PARAM_REF (GcChannel, channel)
                     GC_LOCAL (GcPermitState, state)
                     GC_LOCAL_CLEAR (GcPermitWait *, wait, gc_permit_wait_clear))

GC_COROUTINE_BODY (GcReceiveSequence, gc_receive_sequence)
{
  GC_BEGIN ();
  while ((self->state = gc_permits_take (self->channel->items, &self->wait, step)) == GC_PERMIT_WAITING)
    GC_WAIT ();
  if (self->state == GC_PERMIT_CLOSED)
    GC_THROW (GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_CLOSED, "The channel is closed");
  GC_RETURN (pop (self->channel));
  GC_END ();
}

/**
 * gc_channel_receive:
 * @self: a channel
 * @m: a mutation
 *
 * Makes a sequence that receives an item and ends with it: in its first step if there is one, else in the step after it
 * came. If the channel is closed and nothing is left it fails with %GC_SEQUENCE_ERROR_CLOSED.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_channel_receive (GcChannel  *self,
                    GcMutation *m)
{
  g_return_val_if_fail (GC_IS_CHANNEL (self), NULL);
  g_return_val_if_fail (is_of_arena (self, m), NULL);

  return gc_receive_sequence_new (m, self);
}

GC_DEFINE_COROUTINE (GcReceiveAllSequence, gc_receive_all_sequence,
                     GC_PARAM_REF (GcChannel, channel)
                     GC_LOCAL (GcPermitState, state)
                     GC_LOCAL_CLEAR (GcPermitWait *, wait, gc_permit_wait_clear))

GC_COROUTINE_BODY (GcReceiveAllSequence, gc_receive_all_sequence)
{
  GC_BEGIN ();
  for (;;)
    {
      while ((self->state = gc_permits_take (self->channel->items, &self->wait, step)) == GC_PERMIT_WAITING)
        GC_WAIT ();
      if (self->state == GC_PERMIT_CLOSED)
        GC_RETURN (NULL);
      GC_YIELD (pop (self->channel));
    }
  GC_END ();
}

/**
 * gc_channel_receive_all:
 * @self: a channel
 * @m: a mutation
 *
 * Makes a sequence that gives the items of the channel, one after the other, until it is closed and nothing is left; then
 * it ends with %NULL. An item is received in the step that gives it, when it is wanted.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_channel_receive_all (GcChannel  *self,
                        GcMutation *m)
{
  g_return_val_if_fail (GC_IS_CHANNEL (self), NULL);
  g_return_val_if_fail (is_of_arena (self, m), NULL);

  return gc_receive_all_sequence_new (m, self);
}

/**
 * gc_channel_try_receive: (skip)
 * @self: a channel
 * @m: a mutation
 * @item: (out) (optional): where to put the item
 *
 * Receives an item if there is one. May be called in a step and in any scope.
 *
 * Returns: %TRUE if there was one
 *
 * Since: 0.1
 */
gboolean
gc_channel_try_receive (GcChannel  *self,
                        GcMutation *m,
                        gpointer   *item)
{
  gpointer value;

  g_return_val_if_fail (GC_IS_CHANNEL (self), FALSE);
  g_return_val_if_fail (is_of_arena (self, m), FALSE);

  if (!gc_permits_try_take (self->items))
    return FALSE;
  value = pop (self);
  if (item != NULL)
    *item = value;
  return TRUE;
}

/**
 * gc_channel_try_receive_dup: (rename-to gc_channel_try_receive)
 * @self: a channel
 * @m: a mutation
 * @item: (out) (transfer full) (optional) (nullable): where to put the item
 *
 * Receives an item if there is one. What is not an object is in a #GcBox. May be called in a step and in any scope.
 *
 * Returns: %TRUE if there was one
 *
 * Since: 0.1
 */
gboolean
gc_channel_try_receive_dup (GcChannel   *self,
                            GcMutation  *m,
                            GcObject   **item)
{
  gpointer value = NULL;
  gboolean is_received = gc_channel_try_receive (self, m, &value);

  if (item != NULL)
    *item = is_received ? gc_word_dup_object (gc_mutation_get_arena (m), value) : NULL;
  return is_received;
}

/**
 * gc_channel_close:
 * @self: a channel
 *
 * Closes the channel: nothing can be sent any more, and what was sent can still be received. Harmless if it is closed
 * already. To be called in a step or another scope.
 *
 * Since: 0.1
 */
void
gc_channel_close (GcChannel *self)
{
  g_return_if_fail (GC_IS_CHANNEL (self));

  self->is_closed = TRUE;
  gc_permits_close (self->items);
  if (self->room != NULL)
    gc_permits_close (self->room);
}

/**
 * gc_channel_is_closed:
 * @self: a channel
 *
 * Whether the channel is closed.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean
gc_channel_is_closed (GcChannel *self)
{
  g_return_val_if_fail (GC_IS_CHANNEL (self), TRUE);

  return self->is_closed;
}

/**
 * gc_channel_get_length:
 * @self: a channel
 *
 * Gives how many items were sent and not received yet.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
gc_channel_get_length (GcChannel *self)
{
  g_return_val_if_fail (GC_IS_CHANNEL (self), 0);

  return self->n;
}
