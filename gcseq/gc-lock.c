/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-coroutine.h"
#include "gcseq/gc-lock.h"
#include "gcseq/gc-permits-private.h"

/**
 * SECTION:gc-lock
 * @Title: Semaphores and locks
 * @Short_description: So many sequences at a time, and no more
 *
 * |[<!-- language="C" -->
 * GC_DEFINE_COROUTINE (Save, save,
 *                      GC_PARAM_REF (GcAsyncMutex, mutex)
 *                      GC_PARAM_GOBJECT (GFile, file)
 *                      GC_PARAM_REF (GcBytes, data)
 *                      GC_LOCAL_REF (GcPermit, permit))
 *
 * GC_COROUTINE_BODY (Save, save)
 * {
 *   GC_BEGIN ();
 *   GC_AWAIT_REF (permit, gc_async_mutex_lock (self->mutex, m));
 *   GC_AWAIT (gc_sequence_store_file (m, self->file, self->data));
 *   gc_permit_release (self->permit);
 *   GC_END ();
 * }
 *
 * static GcSequence *
 * demo_save (GcMutation *m, GcAsyncMutex *mutex, GFile *file, GcBytes *data)
 * {
 *   return gc_async_mutex_run (mutex, m, gc_sequence_store_file (m, file, data));
 * }
 * ]|
 *
 * A #GcSemaphore has some permits; who takes one when there is none waits for it. A #GcAsyncMutex is a semaphore with one
 * permit, and a #GcLimiter one with which sequences are run. They are objects of the arena, and sequences of all
 * runners of the arena may share one.
 *
 * Permits go to those that wait in the order in which these have begun to. One that is cancelled while it
 * waits leaves the queue; one that is dropped leaves it when it is collected, and what was granted to it meanwhile
 * goes to the next.
 *
 * A #GcPermit is released by gc_permit_release(), or when it becomes unreachable and is collected. The functions that
 * run a sequence, like the second one above, release at once in every case: when it succeeds, fails, or is cancelled.
 */

/* Acquired permits */

struct _GcPermit
{
  GcObject   parent_instance;
  GcPermits *taken;             /* NULL once it is released */
};
typedef GcObjectClass GcPermitClass;

static void
gc_permit_finalize (GcObject *object)
{
  gc_permits_give_back (&((GcPermit *) object)->taken);
}

GC_DECLARE_CLASS_ (GcPermit, gc_permit)

/**
 * GcPermit: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * A permit of a semaphore, or a lock. Its structure is private.
 *
 * Since: 0.1
 */
GC_DEFINE_TYPE (GcPermit, gc_permit, GC_TYPE_OBJECT,
                GC_FIELD_UNTRACED (GcPermit, taken)
                GC_FINALIZE (gc_permit_finalize))

static GcPermit *
permit_new (GcMutation *m,
            GcPermits  *taken)
{
  GcPermit *self = gc_new (m, GcPermit);

  self->taken = gc_permits_ref (taken);
  return self;
}

/**
 * gc_permit_release:
 * @self: a permit
 *
 * Gives the permit back: to the sequence that waits longest, if any does. Harmless if it was released already.
 *
 * Since: 0.1
 */
void
gc_permit_release (GcPermit *self)
{
  g_return_if_fail (GC_IS_PERMIT (self));

  gc_permits_give_back (&self->taken);
}

/* The sequences */

GC_DEFINE_COROUTINE (GcAcquireSequence, gc_acquire_sequence,
                     GC_PARAM_REF (GcObject, owner)             /* has the permits */
                     GC_PARAM (GcPermits *, permits)
                     GC_LOCAL_CLEAR (GcPermitWait *, wait, gc_permit_wait_clear))

GC_COROUTINE_BODY (GcAcquireSequence, gc_acquire_sequence)
{
  GC_BEGIN ();
  while (gc_permits_take (self->permits, &self->wait, step) == GC_PERMIT_WAITING)
    GC_WAIT ();
  GC_RETURN (permit_new (m, self->permits));
  GC_END ();
}

GC_DEFINE_COROUTINE (GcPermittedSequence, gc_permitted_sequence,
                     GC_PARAM_REF (GcObject, owner)
                     GC_PARAM (GcPermits *, permits)
                     GC_PARAM_REF (GcSequence, child)
                     GC_LOCAL_CLEAR (GcPermits *, taken, gc_permits_give_back)
                     GC_LOCAL_CLEAR (GcPermitWait *, wait, gc_permit_wait_clear))

GC_COROUTINE_BODY (GcPermittedSequence, gc_permitted_sequence)
{
  GC_BEGIN ();
  while (gc_permits_take (self->permits, &self->wait, step) == GC_PERMIT_WAITING)
    GC_WAIT ();
  self->taken = gc_permits_ref (self->permits);
  GC_AWAIT (self->child);
  GC_RETURN (GC_RESULT);
  GC_END ();
}

/* What has permits: three types of one kind */

typedef struct
{
  GcObject   parent_instance;
  GcPermits *permits;
  guint      n;
} Gate;

struct _GcSemaphore  { Gate gate; };
struct _GcAsyncMutex { Gate gate; };
struct _GcLimiter    { Gate gate; };
typedef GcObjectClass GcSemaphoreClass;
typedef GcObjectClass GcAsyncMutexClass;
typedef GcObjectClass GcLimiterClass;

static void
gate_finalize (GcObject *object)
{
  Gate *gate = (Gate *) object;

  if (gate->permits != NULL)
    gc_permits_unref (gate->permits);
}

static gpointer
gate_new (gpointer object,
          guint    n)
{
  Gate *gate = object;

  if (gate == NULL)
    return NULL;
  gate->permits = gc_permits_new (n);
  gate->n = n;
  return gate;
}

static gboolean
gate_is_of (gpointer    gate,
            GcMutation *m)
{
  return m != NULL && gc_object_get_arena (gate) == gc_mutation_get_arena (m);
}

static GcSequence *
gate_acquire (Gate       *gate,
              GcMutation *m)
{
  return gc_acquire_sequence_new (m, (GcObject *) gate, gate->permits);
}

static GcPermit *
gate_try_acquire (Gate       *gate,
                  GcMutation *m)
{
  return gc_permits_try_take (gate->permits) ? permit_new (m, gate->permits) : NULL;
}

static GcSequence *
gate_run (Gate       *gate,
          GcMutation *m,
          GcSequence *sequence)
{
  return gc_permitted_sequence_new (m, (GcObject *) gate, gate->permits, sequence);
}

GC_DECLARE_CLASS_ (GcSemaphore, gc_semaphore)
GC_DECLARE_CLASS_ (GcAsyncMutex, gc_async_mutex)
GC_DECLARE_CLASS_ (GcLimiter, gc_limiter)

/**
 * GcSemaphore: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * Some permits, which sequences take and release. Its structure is private.
 *
 * Since: 0.1
 */
GC_DEFINE_TYPE (GcSemaphore, gc_semaphore, GC_TYPE_OBJECT,
                GC_FIELD_UNTRACED (GcSemaphore, gate.permits)
                GC_FINALIZE (gate_finalize))

/**
 * GcAsyncMutex: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * A lock that one sequence at a time has. Its structure is private.
 *
 * Since: 0.1
 */
GC_DEFINE_TYPE (GcAsyncMutex, gc_async_mutex, GC_TYPE_OBJECT,
                GC_FIELD_UNTRACED (GcAsyncMutex, gate.permits)
                GC_FINALIZE (gate_finalize))

/**
 * GcLimiter: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * Runs so many sequences at a time. Its structure is private.
 *
 * Since: 0.1
 */
GC_DEFINE_TYPE (GcLimiter, gc_limiter, GC_TYPE_OBJECT,
                GC_FIELD_UNTRACED (GcLimiter, gate.permits)
                GC_FINALIZE (gate_finalize))

/**
 * gc_semaphore_new: (constructor)
 * @m: a mutation
 * @n_permits: how many permits there are
 *
 * Makes a semaphore.
 *
 * Returns: (transfer none): the semaphore
 *
 * Since: 0.1
 */
GcSemaphore *
gc_semaphore_new (GcMutation *m,
                  guint       n_permits)
{
  return gate_new (gc_new (m, GcSemaphore), n_permits);
}

/**
 * gc_semaphore_acquire:
 * @self: a semaphore
 * @m: a mutation
 *
 * Makes a sequence that takes a permit and ends with it, a #GcPermit: in its first step if one is free, else in the step
 * after it was granted.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_semaphore_acquire (GcSemaphore *self,
                      GcMutation  *m)
{
  g_return_val_if_fail (GC_IS_SEMAPHORE (self), NULL);
  g_return_val_if_fail (gate_is_of (self, m), NULL);

  return gate_acquire (&self->gate, m);
}

/**
 * gc_semaphore_try_acquire:
 * @self: a semaphore
 * @m: a mutation
 *
 * Takes a permit if one is free.
 *
 * Returns: (transfer none) (nullable): the permit
 *
 * Since: 0.1
 */
GcPermit *
gc_semaphore_try_acquire (GcSemaphore *self,
                          GcMutation  *m)
{
  g_return_val_if_fail (GC_IS_SEMAPHORE (self), NULL);
  g_return_val_if_fail (gate_is_of (self, m), NULL);

  return gate_try_acquire (&self->gate, m);
}

/**
 * gc_semaphore_run:
 * @self: a semaphore
 * @m: a mutation
 * @sequence: a sequence
 *
 * Makes a sequence that takes a permit, runs @sequence, releases the permit, and ends as @sequence did. If a permit is
 * free, @sequence begins in the step after the first one. It is released in the step after @sequence has ended.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_semaphore_run (GcSemaphore *self,
                  GcMutation  *m,
                  GcSequence  *sequence)
{
  g_return_val_if_fail (GC_IS_SEMAPHORE (self), NULL);
  g_return_val_if_fail (gate_is_of (self, m), NULL);
  g_return_val_if_fail (gc_sequence_is_for (sequence, m), NULL);

  return gate_run (&self->gate, m, sequence);
}

/**
 * gc_semaphore_get_n_free:
 * @self: a semaphore
 *
 * Gives how many permits are free.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
gc_semaphore_get_n_free (GcSemaphore *self)
{
  g_return_val_if_fail (GC_IS_SEMAPHORE (self), 0);

  return gc_permits_get_n_free (self->gate.permits);
}

/**
 * gc_semaphore_get_n_waiting:
 * @self: a semaphore
 *
 * Gives how many sequences wait for a permit.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
gc_semaphore_get_n_waiting (GcSemaphore *self)
{
  g_return_val_if_fail (GC_IS_SEMAPHORE (self), 0);

  return gc_permits_get_n_waiting (self->gate.permits);
}

/**
 * gc_async_mutex_new: (constructor)
 * @m: a mutation
 *
 * Makes a lock, which is free.
 *
 * Returns: (transfer none): the lock
 *
 * Since: 0.1
 */
GcAsyncMutex *
gc_async_mutex_new (GcMutation *m)
{
  return gate_new (gc_new (m, GcAsyncMutex), 1);
}

/**
 * gc_async_mutex_lock:
 * @self: a lock
 * @m: a mutation
 *
 * Makes a sequence that takes the lock and ends with a #GcPermit, whose release unlocks it: in its first step if the lock
 * is free, else in the step after it was. A sequence that waits for a lock that it has itself waits until it is cancelled.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_async_mutex_lock (GcAsyncMutex *self,
                     GcMutation   *m)
{
  g_return_val_if_fail (GC_IS_ASYNC_MUTEX (self), NULL);
  g_return_val_if_fail (gate_is_of (self, m), NULL);

  return gate_acquire (&self->gate, m);
}

/**
 * gc_async_mutex_try_lock:
 * @self: a lock
 * @m: a mutation
 *
 * Takes the lock if it is free.
 *
 * Returns: (transfer none) (nullable): what unlocks it
 *
 * Since: 0.1
 */
GcPermit *
gc_async_mutex_try_lock (GcAsyncMutex *self,
                         GcMutation   *m)
{
  g_return_val_if_fail (GC_IS_ASYNC_MUTEX (self), NULL);
  g_return_val_if_fail (gate_is_of (self, m), NULL);

  return gate_try_acquire (&self->gate, m);
}

/**
 * gc_async_mutex_run:
 * @self: a lock
 * @m: a mutation
 * @sequence: a sequence
 *
 * Makes a sequence that takes the lock, runs @sequence, unlocks, and ends as @sequence did. If the lock is free,
 * @sequence begins in the step after the first one. It is unlocked in the step after @sequence has ended.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_async_mutex_run (GcAsyncMutex *self,
                    GcMutation   *m,
                    GcSequence   *sequence)
{
  g_return_val_if_fail (GC_IS_ASYNC_MUTEX (self), NULL);
  g_return_val_if_fail (gate_is_of (self, m), NULL);
  g_return_val_if_fail (gc_sequence_is_for (sequence, m), NULL);

  return gate_run (&self->gate, m, sequence);
}

/**
 * gc_async_mutex_is_locked:
 * @self: a lock
 *
 * Whether somebody has the lock.
 *
 * Returns: %TRUE if it is taken
 *
 * Since: 0.1
 */
gboolean
gc_async_mutex_is_locked (GcAsyncMutex *self)
{
  g_return_val_if_fail (GC_IS_ASYNC_MUTEX (self), FALSE);

  return gc_permits_get_n_free (self->gate.permits) == 0;
}

/**
 * gc_limiter_new: (constructor)
 * @m: a mutation
 * @limit: how many sequences may run at a time, 1 or more
 *
 * Makes a limiter.
 *
 * Returns: (transfer none): the limiter
 *
 * Since: 0.1
 */
GcLimiter *
gc_limiter_new (GcMutation *m,
                guint       limit)
{
  g_return_val_if_fail (limit > 0, NULL);

  return gate_new (gc_new (m, GcLimiter), limit);
}

/**
 * gc_limiter_run:
 * @self: a limiter
 * @m: a mutation
 * @sequence: a sequence
 *
 * Makes a sequence that waits until fewer than the limit run, runs @sequence, and ends as @sequence did. If nobody has
 * to wait, @sequence begins in the step after the first one. The next one may run in the step after it has ended.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_limiter_run (GcLimiter  *self,
                GcMutation *m,
                GcSequence *sequence)
{
  g_return_val_if_fail (GC_IS_LIMITER (self), NULL);
  g_return_val_if_fail (gate_is_of (self, m), NULL);
  g_return_val_if_fail (gc_sequence_is_for (sequence, m), NULL);

  return gate_run (&self->gate, m, sequence);
}

/**
 * gc_limiter_get_n_running:
 * @self: a limiter
 *
 * Gives how many sequences run through it.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
gc_limiter_get_n_running (GcLimiter *self)
{
  g_return_val_if_fail (GC_IS_LIMITER (self), 0);

  return self->gate.n - gc_permits_get_n_free (self->gate.permits);
}

/**
 * gc_limiter_get_n_waiting:
 * @self: a limiter
 *
 * Gives how many sequences wait until they may run.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
gc_limiter_get_n_waiting (GcLimiter *self)
{
  g_return_val_if_fail (GC_IS_LIMITER (self), 0);

  return gc_permits_get_n_waiting (self->gate.permits);
}
