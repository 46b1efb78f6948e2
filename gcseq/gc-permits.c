/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Permits, and the queue of those that wait for them: see gc-permits-private.h. */

#include <pthread.h>

#include "gcseq/gc-permits-private.h"

struct _GcPermits
{
  gint            ref_count;    /* atomic */
  pthread_mutex_t lock;         /* the rest; wakers are woken under it */
  gsize           n_free;
  GQueue          waits;        /* of GcPermitWait that are waiting */
  gboolean        is_closed;
};

struct _GcPermitWait
{
  GcPermits     *permits;
  GcWaker        waker;
  GList          link;
  GcPermitState  state;
};

GcPermits *
gc_permits_new (gsize n_free)
{
  GcPermits *self = g_new0 (GcPermits, 1);

  self->ref_count = 1;
  self->n_free = n_free;
  pthread_mutex_init (&self->lock, NULL);
  return self;
}

GcPermits *
gc_permits_ref (GcPermits *self)
{
  __atomic_add_fetch (&self->ref_count, 1, __ATOMIC_RELAXED);
  return self;
}

void
gc_permits_unref (GcPermits *self)
{
  if (__atomic_sub_fetch (&self->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}

/* Under the lock. */
static void
leave_queue (GcPermits     *self,
             GcPermitWait  *wait,
             GcPermitState  state)
{
  g_queue_unlink (&self->waits, &wait->link);
  wait->state = state;
}

/* Under the lock. */
static void
give (GcPermits *self)
{
  GcPermitWait *wait = g_queue_peek_head (&self->waits);

  if (wait == NULL)
    {
      self->n_free++;
      return;
    }
  leave_queue (self, wait, GC_PERMIT_TAKEN);
  gc_waker_wake (&wait->waker);
}

static gboolean
try_take (GcPermits *self)
{
  if (self->n_free == 0)
    return FALSE;
  self->n_free--;
  return TRUE;
}

gboolean
gc_permits_try_take (GcPermits *self)
{
  gboolean is_taken;

  pthread_mutex_lock (&self->lock);
  is_taken = try_take (self);
  pthread_mutex_unlock (&self->lock);
  return is_taken;
}

static void
wait_free (GcPermitWait *wait)
{
  gc_waker_clear (&wait->waker);
  gc_permits_unref (wait->permits);
  g_free (wait);
}

/* Queues up. It may be that there is a permit now. */
static GcPermitState
begin_to_wait (GcPermits     *self,
               GcPermitWait **wait,
               GcStep        *step)
{
  GcPermitWait *place = g_new0 (GcPermitWait, 1);

  place->permits = gc_permits_ref (self);
  place->link.data = place;
  gc_step_init_waker (step, &place->waker);
  pthread_mutex_lock (&self->lock);
  if (try_take (self))
    place->state = GC_PERMIT_TAKEN;
  else if (self->is_closed)
    place->state = GC_PERMIT_CLOSED;
  else
    g_queue_push_tail_link (&self->waits, &place->link);
  *wait = place;
  pthread_mutex_unlock (&self->lock);
  return place->state;
}

/* Takes a permit in a step. If the answer is WAITING, wait and ask again; @wait is NULL in the beginning and in the
 * end. */
GcPermitState
gc_permits_take (GcPermits     *self,
                 GcPermitWait **wait,
                 GcStep        *step)
{
  GcPermitState state;

  if (*wait != NULL)
    {
      pthread_mutex_lock (&self->lock);
      state = (*wait)->state;
      pthread_mutex_unlock (&self->lock);
    }
  else if (gc_permits_try_take (self))
    return GC_PERMIT_TAKEN;
  else
    state = begin_to_wait (self, wait, step);
  if (state != GC_PERMIT_WAITING)
    wait_free (g_steal_pointer (wait));
  return state;
}

/* Has waited for nothing: when it is cancelled, or finalized. */
void
gc_permit_wait_clear (GcPermitWait **wait)
{
  GcPermitWait *place = g_steal_pointer (wait);

  if (place == NULL)
    return;
  pthread_mutex_lock (&place->permits->lock);
  if (place->state == GC_PERMIT_WAITING)
    leave_queue (place->permits, place, GC_PERMIT_CLOSED);
  else if (place->state == GC_PERMIT_TAKEN)
    give (place->permits);
  pthread_mutex_unlock (&place->permits->lock);
  wait_free (place);
}

/* From any thread, also in a finalizer. */
void
gc_permits_give (GcPermits *self)
{
  pthread_mutex_lock (&self->lock);
  give (self);
  pthread_mutex_unlock (&self->lock);
}

/* Gives one that was taken, with the reference to where. */
void
gc_permits_give_back (GcPermits **taken)
{
  GcPermits *self = g_steal_pointer (taken);

  if (self == NULL)
    return;
  gc_permits_give (self);
  gc_permits_unref (self);
}

/* Those that wait, and will, do so in vain; free permits can still be taken. */
void
gc_permits_close (GcPermits *self)
{
  GcPermitWait *wait;

  pthread_mutex_lock (&self->lock);
  self->is_closed = TRUE;
  while ((wait = g_queue_peek_head (&self->waits)) != NULL)
    {
      leave_queue (self, wait, GC_PERMIT_CLOSED);
      gc_waker_wake (&wait->waker);
    }
  pthread_mutex_unlock (&self->lock);
}

gsize
gc_permits_get_n_free (GcPermits *self)
{
  gsize n;

  pthread_mutex_lock (&self->lock);
  n = self->n_free;
  pthread_mutex_unlock (&self->lock);
  return n;
}

gsize
gc_permits_get_n_waiting (GcPermits *self)
{
  gsize n;

  pthread_mutex_lock (&self->lock);
  n = self->waits.length;
  pthread_mutex_unlock (&self->lock);
  return n;
}
