/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <pthread.h>

#include "gcseq/gc-promise-private.h"

/**
 * SECTION:gc-promise
 * @Title: GcPromise
 * @Short_description: A result that is given from outside, on any thread
 *
 * |[<!-- language="C" -->
 * static gpointer
 * demo_work (gpointer data)
 * {
 *   g_autoptr (GcPromise) promise = data;
 *
 *   gc_promise_resolve (promise, gc_tag_int (42));
 *   return NULL;
 * }
 *
 * static GcSequence *
 * demo_answer (GcMutation *m)
 * {
 *   g_autoptr (GcPromise) promise = gc_promise_new ();
 *
 *   g_thread_unref (g_thread_new ("work", demo_work, g_object_ref (promise)));
 *   return gc_promise_wait (promise, m);
 * }
 * ]|
 *
 * A promise is settled once, with a result or an error; what comes later is ignored. Any number of sequences may wait
 * for it, of any arenas and runners, before and after. It is no object of an arena and holds none until it is
 * settled with one, which it keeps alive then.
 *
 * A sequence that waits keeps the promise alive: one that nobody settles is waited for as long as nobody cancels.
 */

struct _GcPromise
{
  GObject          parent_instance;

  pthread_mutex_t  lock;        /* a leaf: nothing foreign is called under it */
  GList           *waits;       /* of GcPromiseWait, each with a reference */
  GCancellable    *cancellable;
  gint             is_settled;  /* atomic; then the rest does not change any more */
  gpointer         word;        /* an external reference, or a tagged word */
  GValue           value;       /* instead of word, if it is initialized */
  GError          *error;
};

/**
 * GcPromise:
 *
 * A result that is given from outside.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (GcPromise, gc_promise, G_TYPE_OBJECT)

static void
gc_promise_init (GcPromise *self)
{
  pthread_mutex_init (&self->lock, NULL);
  self->cancellable = g_cancellable_new ();
}

/* Those that wait refer to it: none is left. */
static void
gc_promise_finalize (GObject *object)
{
  GcPromise *self = GC_PROMISE (object);

  if (gc_word_is_object (self->word))
    gc_object_unref (self->word);
  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
  g_clear_error (&self->error);
  g_object_unref (self->cancellable);
  pthread_mutex_destroy (&self->lock);
  G_OBJECT_CLASS (gc_promise_parent_class)->finalize (object);
}

static void
gc_promise_class_init (GcPromiseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gc_promise_finalize;
}

/**
 * gc_promise_new:
 *
 * Makes a promise.
 *
 * Returns: (transfer full): the promise
 *
 * Since: 0.1
 */
GcPromise *
gc_promise_new (void)
{
  return g_object_new (GC_TYPE_PROMISE, NULL);
}

/* Settles it unless it is; takes what it is given, of which one is not %NULL at most. FALSE if it was. */
static gboolean
settle (GcPromise *self,
        gpointer   word,
        GValue    *value,
        GError    *error)
{
  GList *waits;

  pthread_mutex_lock (&self->lock);
  if (self->is_settled)
    {
      pthread_mutex_unlock (&self->lock);
      return FALSE;
    }
  self->word = word;
  if (value != NULL)
    self->value = *value;
  self->error = error;
  __atomic_store_n (&self->is_settled, TRUE, __ATOMIC_RELEASE);
  waits = g_steal_pointer (&self->waits);
  for (GList *l = waits; l != NULL; l = l->next)
    ((GcPromiseWait *) l->data)->is_linked = FALSE;
  pthread_mutex_unlock (&self->lock);

  for (GList *l = waits, *next; l != NULL; l = next)
    {
      next = l->next;           /* it is gone with the reference */
      gc_operation_complete (l->data);
      gc_operation_unref (l->data);
    }
  return TRUE;
}

/**
 * gc_promise_resolve: (skip)
 * @self: a promise
 * @value: (type GcObj.Object) (nullable): the result: an object or a tagged word
 *
 * Settles a promise with a result, unless it is settled already. May be called from any thread; an object as
 * gc_object_ref() may be.
 *
 * Returns: %TRUE if this has settled it
 *
 * Since: 0.1
 */
gboolean
gc_promise_resolve (GcPromise *self,
                    gpointer   value)
{
  g_return_val_if_fail (GC_IS_PROMISE (self), FALSE);

  if (gc_word_is_object (value))
    gc_object_ref (value);
  if (settle (self, value, NULL, NULL))
    return TRUE;
  if (gc_word_is_object (value))
    gc_object_unref (value);
  return FALSE;
}

/**
 * gc_promise_resolve_value: (rename-to gc_promise_resolve)
 * @self: a promise
 * @value: (nullable): the result: anything
 *
 * Settles a promise with a result, unless it is settled already. What is not an object of an arena is put into
 * a #GcBox by those that wait. May be called from any thread.
 *
 * Returns: %TRUE if this has settled it
 *
 * Since: 0.1
 */
gboolean
gc_promise_resolve_value (GcPromise    *self,
                          const GValue *value)
{
  GValue copy = G_VALUE_INIT;

  g_return_val_if_fail (GC_IS_PROMISE (self), FALSE);

  if (value == NULL || !G_IS_VALUE (value))
    return settle (self, NULL, NULL, NULL);
  g_value_init (&copy, G_VALUE_TYPE (value));
  g_value_copy (value, &copy);
  if (settle (self, NULL, &copy, NULL))
    return TRUE;
  g_value_unset (&copy);
  return FALSE;
}

/* Takes the error. */
gboolean
gc_promise_take_error (GcPromise *self,
                       GError    *error)
{
  if (settle (self, NULL, NULL, error))
    return TRUE;
  g_error_free (error);
  return FALSE;
}

/**
 * gc_promise_reject:
 * @self: a promise
 * @error: the error
 *
 * Settles a promise with a copy of an error, unless it is settled already. May be called from any thread.
 *
 * Returns: %TRUE if this has settled it
 *
 * Since: 0.1
 */
gboolean
gc_promise_reject (GcPromise    *self,
                   const GError *error)
{
  g_return_val_if_fail (GC_IS_PROMISE (self), FALSE);
  g_return_val_if_fail (error != NULL, FALSE);

  return gc_promise_take_error (self, g_error_copy (error));
}

/**
 * gc_promise_reject_literal:
 * @self: a promise
 * @domain: the error's domain
 * @code: its code
 * @message: its message
 *
 * Settles a promise with a new error, unless it is settled already. May be called from any thread. It is for languages that
 * can't give a #GError to a function.
 *
 * Returns: %TRUE if this has settled it
 *
 * Since: 0.1
 */
gboolean
gc_promise_reject_literal (GcPromise  *self,
                           GQuark      domain,
                           int         code,
                           const char *message)
{
  g_return_val_if_fail (GC_IS_PROMISE (self), FALSE);
  /* (A host looks the domain up by its name.) */
  g_return_val_if_fail (g_quark_to_string (domain) != NULL, FALSE);
  g_return_val_if_fail (message != NULL, FALSE);

  return gc_promise_take_error (self, g_error_new_literal (domain, code, message));
}

/**
 * gc_promise_is_settled:
 * @self: a promise
 *
 * Whether the promise has a result or an error. May be called from any thread.
 *
 * Returns: %TRUE if it has
 *
 * Since: 0.1
 */
gboolean
gc_promise_is_settled (GcPromise *self)
{
  g_return_val_if_fail (GC_IS_PROMISE (self), FALSE);

  return __atomic_load_n (&self->is_settled, __ATOMIC_ACQUIRE);
}

/**
 * gc_promise_get_cancellable:
 * @self: a promise
 *
 * Gives what is cancelled when the sequence that has begun the work is cancelled or dropped: one that
 * gc_sequence_from_async_full() or gc_sequence_in_thread_full() has made. For others nobody cancels it, unless the
 * program does.
 *
 * Returns: (transfer none): the cancellable
 *
 * Since: 0.1
 */
GCancellable *
gc_promise_get_cancellable (GcPromise *self)
{
  g_return_val_if_fail (GC_IS_PROMISE (self), NULL);

  return self->cancellable;
}

/* Waiting */

/* Completes the operation when the promise is settled: now, if it is. */
void
gc_promise_wait_begin (GcPromiseWait *self)
{
  GcPromise *promise = self->promise;
  gboolean is_settled;

  pthread_mutex_lock (&promise->lock);
  is_settled = promise->is_settled;
  if (!is_settled)
    {
      gc_operation_ref (self);
      self->link.data = self;
      self->link.next = promise->waits;
      self->link.prev = NULL;
      if (promise->waits != NULL)
        promise->waits->prev = &self->link;
      promise->waits = &self->link;
      self->is_linked = TRUE;
    }
  pthread_mutex_unlock (&promise->lock);
  if (is_settled)
    gc_operation_complete (self);
}

gboolean
gc_promise_wait_start (GcOperation  *operation,
                       GcStep       *step,
                       GError      **error)
{
  gc_promise_wait_begin ((GcPromiseWait *) operation);
  return TRUE;
}

/* What the promise was settled with. */
gpointer
gc_promise_wait_finish (GcOperation  *operation,
                        GcMutation   *m,
                        GError      **error)
{
  GcPromise *promise = ((GcPromiseWait *) operation)->promise;
  gpointer word = promise->word;

  if (promise->error != NULL)
    {
      g_propagate_error (error, g_error_copy (promise->error));
      return NULL;
    }
  if (G_IS_VALUE (&promise->value) && GC_VALUE_HOLDS_OBJECT (&promise->value))
    word = gc_value_get_object (&promise->value);
  else if (G_IS_VALUE (&promise->value))
    word = gc_word_from_value (m, &promise->value);
  return word;
}

/* Waits no more. */
void
gc_promise_wait_leave (GcOperation *operation)
{
  GcPromiseWait *self = (GcPromiseWait *) operation;
  GcPromise *promise = self->promise;
  gboolean was_linked;

  pthread_mutex_lock (&promise->lock);
  was_linked = self->is_linked;
  if (was_linked)
    promise->waits = g_list_remove_link (promise->waits, &self->link);
  self->is_linked = FALSE;
  pthread_mutex_unlock (&promise->lock);
  if (was_linked)
    gc_operation_unref (self);
}

void
gc_promise_wait_clear (GcOperation *operation)
{
  g_clear_object (&((GcPromiseWait *) operation)->promise);
}

static const GcOperationClass promise_class = {
  .name = "promise",
  .size = sizeof (GcPromiseWait),
  .start = gc_promise_wait_start,
  .finish = gc_promise_wait_finish,
  .cancel = gc_promise_wait_leave,
  .clear = gc_promise_wait_clear,
};

/**
 * gc_promise_wait:
 * @self: a promise
 * @m: a mutation
 *
 * Makes a sequence that ends as the promise is settled. It ends in its first step if it is settled already, else in the
 * step after it was. Cancelled, it fails at once, and the promise is not changed. A result of another arena is an
 * error, %GC_SEQUENCE_ERROR_FAILED.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_promise_wait (GcPromise  *self,
                 GcMutation *m)
{
  GcPromiseWait *wait;

  g_return_val_if_fail (GC_IS_PROMISE (self), NULL);

  wait = gc_operation_new (&promise_class);
  wait->promise = g_object_ref (self);
  return gc_operation_await (m, wait);
}
