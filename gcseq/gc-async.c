/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-async.h"
#include "gcseq/gc-promise-private.h"

/**
 * SECTION:gc-async
 * @Title: Asynchronous operations
 * @Short_description: Sequences of what Gio and threads do
 *
 * |[<!-- language="C" -->
 * static void
 * demo_open (gpointer source, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data,
 *            gpointer user_data)
 * {
 *   g_file_query_info_async (source, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT,
 *                            cancellable, callback, callback_data);
 * }
 *
 * static gpointer
 * demo_opened (GcMutation *m, gpointer source, GAsyncResult *result, gpointer user_data, GError **error)
 * {
 *   g_autoptr (GFileInfo) info = g_file_query_info_finish (source, result, error);
 *
 *   return info != NULL ? gc_box_new_int64 (m, g_file_info_get_size (info)) : NULL;
 * }
 *
 * static GcSequence *
 * demo_size (GcMutation *m, GFile *file)
 * {
 *   return gc_sequence_from_async (m, file, demo_open, demo_opened, NULL, NULL);
 * }
 * ]|
 *
 * Any pair of functions in Gio's manner is a sequence: one that starts an operation and takes a callback, and one that
 * gives the result. The first is called in the sequence's first step, the second in its last one; the callback comes in
 * between, outside of any scope. Languages with bindings get a #GcPromise, which their callback settles.
 *
 * An operation that is cancelled is waited for: Gio calls back soon after its #GCancellable is cancelled. The
 * sequence fails then with the operation's error, or with %G_IO_ERROR_CANCELLED if it has succeeded nevertheless. A
 * sequence that is dropped half-way cancels its operation too, and its result is thrown away.
 */

/* From a pair of functions */

typedef struct
{
  GcOperation        operation;
  GObject           *source;
  GCancellable      *cancellable;
  GAsyncResult      *result;
  GcAsyncStartFunc   start;
  GcAsyncFinishFunc  finish;
  gpointer           user_data;
  GDestroyNotify     destroy;
} GcAsync;

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  GcAsync *self = data;

  self->result = g_object_ref (result);
  gc_operation_complete (self);
  gc_operation_unref (self);
}

static gboolean
async_start (GcOperation  *operation,
             GcStep       *step,
             GError      **error)
{
  GcAsync *self = (GcAsync *) operation;

  self->cancellable = g_cancellable_new ();
  self->start (self->source, self->cancellable, on_ready, gc_operation_ref (self), self->user_data);
  return TRUE;
}

static gpointer
async_finish (GcOperation  *operation,
              GcMutation   *m,
              GError      **error)
{
  GcAsync *self = (GcAsync *) operation;

  return self->finish (m, self->source, self->result, self->user_data, error);
}

static void
async_cancel (GcOperation *operation)
{
  g_cancellable_cancel (((GcAsync *) operation)->cancellable);
}

static void
async_clear (GcOperation *operation)
{
  GcAsync *self = (GcAsync *) operation;

  g_clear_object (&self->source);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->result);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
}

static const GcOperationClass async_class = {
  .name = "async",
  .size = sizeof (GcAsync),
  .start = async_start,
  .finish = async_finish,
  .cancel = async_cancel,
  .clear = async_clear,
};

/**
 * gc_sequence_from_async: (skip)
 * @m: a mutation
 * @source: (type GObject) (nullable): the object that the functions are called with, which is kept
 * @start: starts the operation
 * @finish: gives its result
 * @user_data: data for both
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence of an operation in Gio's manner. @start is called in its first step, and @finish in the step after
 * the callback has come. @start has to see to it that the callback is called once.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_from_async (GcMutation        *m,
                        gpointer           source,
                        GcAsyncStartFunc   start,
                        GcAsyncFinishFunc  finish,
                        gpointer           user_data,
                        GDestroyNotify     destroy)
{
  GcAsync *self;

  g_return_val_if_fail (source == NULL || G_IS_OBJECT (source), NULL);
  g_return_val_if_fail (start != NULL, NULL);
  g_return_val_if_fail (finish != NULL, NULL);

  self = gc_operation_new (&async_class);
  self->operation.is_awaited = TRUE;
  self->source = source != NULL ? g_object_ref (source) : NULL;
  self->start = start;
  self->finish = finish;
  self->user_data = user_data;
  self->destroy = destroy;
  return gc_operation_await (m, self);
}

/* From a function that settles a promise */

typedef struct
{
  GcPromiseWait  wait;
  GcPromiseFunc  func;
  gpointer       user_data;
  GDestroyNotify destroy;
} GcPromised;

static gboolean
promised_start (GcOperation  *operation,
                GcStep       *step,
                GError      **error)
{
  GcPromised *self = (GcPromised *) operation;

  self->func (self->wait.promise, self->user_data);
  gc_promise_wait_begin (&self->wait);
  return TRUE;
}

/* Who settles it does so when it was cancelled; if the sequence was dropped, nobody waits. */
static void
promised_cancel (GcOperation *operation)
{
  g_cancellable_cancel (gc_promise_get_cancellable (((GcPromiseWait *) operation)->promise));
}

static void
promised_clear (GcOperation *operation)
{
  GcPromised *self = (GcPromised *) operation;

  gc_promise_wait_clear (operation);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
}

static const GcOperationClass promised_class = {
  .name = "async",
  .size = sizeof (GcPromised),
  .start = promised_start,
  .finish = gc_promise_wait_finish,
  .cancel = promised_cancel,
  .clear = promised_clear,
};

static GcSequence *
promised_new (GcMutation             *m,
              const GcOperationClass *klass,
              GcPromiseFunc           func,
              gpointer                user_data,
              GDestroyNotify          destroy)
{
  GcPromised *self = gc_operation_new (klass);

  self->wait.operation.is_awaited = TRUE;
  self->wait.promise = gc_promise_new ();
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  return gc_operation_await (m, self);
}

/**
 * gc_sequence_from_async_full: (constructor) (rename-to gc_sequence_from_async)
 * @m: a mutation
 * @begin: (scope notified) (closure user_data) (destroy destroy): starts the operation
 * @user_data: data for @begin
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence of any operation with a callback. @begin is called in its first step, with a promise that the
 * operation's callback has to settle; it gives gc_promise_get_cancellable() to the operation, so that this can be
 * cancelled. The sequence ends in the step after the promise was settled.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_from_async_full (GcMutation     *m,
                             GcPromiseFunc   begin,
                             gpointer        user_data,
                             GDestroyNotify  destroy)
{
  g_return_val_if_fail (begin != NULL, NULL);

  return promised_new (m, &promised_class, begin, user_data, destroy);
}

/* In a thread */

typedef struct
{
  GcAsync      async;
  GcThreadFunc func;
  gboolean     is_silent;       /* it failed without an error */
} GcThread;

typedef struct
{
  GcThread     *self;
  GCancellable *cancellable;
  GValue        value;
  GError       *error;
  gboolean      is_good;
} GcThreadCall;

static void
thread_call (gpointer data)
{
  GcThreadCall *call = data;

  call->is_good = call->self->func (&call->value, call->cancellable, call->self->async.user_data, &call->error);
}

/* The record lives as long as the thread works: the callback, which comes after that, has a reference. */
static void
thread_run (GTask        *task,
            gpointer      source,
            gpointer      data,
            GCancellable *cancellable)
{
  GcThread *self = data;
  GcThreadCall call = { self, cancellable, G_VALUE_INIT, NULL, FALSE };

  gc_operation_take_over (self);
  gc_mutation_call_apart_ (thread_call, &call);
  self->is_silent = !call.is_good && call.error == NULL;
  gc_operation_hand_over (self);
  if (!call.is_good && call.error != NULL)
    g_task_return_error (task, call.error);
  else
    g_task_return_value (task, G_IS_VALUE (&call.value) ? &call.value : NULL);
  if (G_IS_VALUE (&call.value))
    g_value_unset (&call.value);
}

static gboolean
thread_start (GcOperation  *operation,
              GcStep       *step,
              GError      **error)
{
  GcAsync *self = (GcAsync *) operation;
  g_autoptr (GTask) task = NULL;

  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_ready, gc_operation_ref (self));
  g_task_set_source_tag (task, gc_sequence_in_thread);
  g_task_set_name (task, "gc_sequence_in_thread");
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, thread_run);
  return TRUE;
}

static gpointer
thread_finish (GcOperation  *operation,
               GcMutation   *m,
               GError      **error)
{
  GcThread *self = (GcThread *) operation;
  GValue value = G_VALUE_INIT;
  gpointer word;

  if (!g_task_propagate_value (G_TASK (self->async.result), &value, error))
    return NULL;
  if (self->is_silent)
    g_set_error_literal (error, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED, "The thread failed without an error");
  word = gc_word_from_value (m, &value);
  g_value_unset (&value);
  return word;
}

static const GcOperationClass thread_class = {
  .name = "thread",
  .size = sizeof (GcThread),
  .start = thread_start,
  .finish = thread_finish,
  .cancel = async_cancel,
  .clear = async_clear,
};

/**
 * gc_sequence_in_thread: (skip)
 * @m: a mutation
 * @func: does the work, in a thread of Gio's
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data, in the runner's thread, once @func has returned
 *
 * Makes a sequence of a function that runs in a thread of its own. What is not an object of the arena in its result goes
 * into a #GcBox. The thread begins in the sequence's first step, and the sequence ends in its second one.
 *
 * If the sequence is cancelled or dropped, @func goes on until it looks at its cancellable. A mutation that it leaves
 * open is finished, with a critical warning.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_in_thread (GcMutation     *m,
                       GcThreadFunc    func,
                       gpointer        user_data,
                       GDestroyNotify  destroy)
{
  GcThread *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = gc_operation_new (&thread_class);
  self->async.operation.is_awaited = TRUE;
  self->async.user_data = user_data;
  self->async.destroy = destroy;
  self->func = func;
  return gc_operation_await (m, self);
}

static void
promised_thread_call (gpointer data)
{
  GcPromised *self = data;

  self->func (self->wait.promise, self->user_data);
}

static void
promised_thread_run (GTask        *task,
                     gpointer      source,
                     gpointer      data,
                     GCancellable *cancellable)
{
  GcPromised *self = data;

  gc_operation_take_over (self);
  gc_mutation_call_apart_ (promised_thread_call, self);
  gc_operation_hand_over (self);
  g_task_return_boolean (task, TRUE);
}

static void
on_thread_ended (GObject      *source,
                 GAsyncResult *result,
                 gpointer      data)
{
  GcPromise *promise = ((GcPromiseWait *) data)->promise;

  if (!gc_promise_is_settled (promise))
    gc_promise_take_error (promise, g_error_new_literal (GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED,
                                                         "The thread has not settled its promise"));
  gc_operation_unref (data);
}

static gboolean
promised_thread_start (GcOperation  *operation,
                       GcStep       *step,
                       GError      **error)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_thread_ended, gc_operation_ref (operation));

  gc_promise_wait_begin ((GcPromiseWait *) operation);
  g_task_set_source_tag (task, gc_sequence_in_thread_full);
  g_task_set_name (task, "gc_sequence_in_thread");
  g_task_set_task_data (task, operation, NULL);
  g_task_run_in_thread (task, promised_thread_run);
  return TRUE;
}

static const GcOperationClass promised_thread_class = {
  .name = "thread",
  .size = sizeof (GcPromised),
  .start = promised_thread_start,
  .finish = gc_promise_wait_finish,
  .cancel = promised_cancel,
  .clear = promised_clear,
};

/**
 * gc_sequence_in_thread_full: (constructor) (rename-to gc_sequence_in_thread)
 * @m: a mutation
 * @func: (scope notified) (closure user_data) (destroy destroy): does the work, in a thread of Gio's, and settles the
 *   promise before it returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data, in the runner's thread, once @func has returned
 *
 * Makes a sequence of a function that runs in a thread of its own, for languages whose functions may run in any thread.
 * The thread begins in the sequence's first step, and the sequence ends in its second one. A promise that @func leaves
 * unsettled is an error, %GC_SEQUENCE_ERROR_FAILED.
 *
 * If the sequence is cancelled or dropped, gc_promise_get_cancellable() is cancelled, and @func goes on until it
 * looks at that. A mutation that it leaves open is finished, with a critical warning.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_in_thread_full (GcMutation     *m,
                            GcPromiseFunc   func,
                            gpointer        user_data,
                            GDestroyNotify  destroy)
{
  g_return_val_if_fail (func != NULL, NULL);

  return promised_new (m, &promised_thread_class, func, user_data, destroy);
}
