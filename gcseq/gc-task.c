/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-operation-private.h"
#include "gcseq/gc-task.h"

/**
 * SECTION:gc-task
 * @Title: GTask both ways
 * @Short_description: Waiting for a GTask, and being one
 *
 * |[<!-- language="C" -->
 * void
 * demo_thing_load_async (DemoThing *thing, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
 * {
 *   g_autoptr (GTask) task = g_task_new (thing, cancellable, callback, user_data);
 *   g_autoptr (GcMutation) m = gc_arena_begin (gc_runner_get_arena (thing->runner));
 *
 *   gc_runner_run_task (thing->runner, gc_sequence_load_file (m, thing->file), task);
 * }
 *
 * GcObject *
 * demo_thing_load_finish (DemoThing *thing, GAsyncResult *result, GError **error)
 * {
 *   return g_task_propagate_pointer (G_TASK (result), error);
 * }
 * ]|
 *
 * An asynchronous function of a GNOME library can be written as a sequence: it makes a #GTask for its caller, as usual, and
 * gc_runner_run_task() returns from that what the sequence ends with. The other way round,
 * gc_sequence_from_task() waits for a task that somebody else has begun.
 */

/* A sequence that waits for a task */

typedef struct
{
  GcOperation        operation;
  GTask             *task;
  GcAsyncFinishFunc  finish;
  gpointer           user_data;
  GDestroyNotify     destroy;
} GcTaskWait;

/* The handler refers to the record and this to the task: whoever is first cuts that. */
static void
disconnect (GTask    *task,
            gpointer  data)
{
  g_signal_handlers_disconnect_by_data (task, data);
}

static void
on_completed (GTask      *task,
              GParamSpec *pspec,
              gpointer    data)
{
  gc_operation_complete (data);
  disconnect (task, data);
}

static void
unref_closure (gpointer  data,
               GClosure *closure)
{
  gc_operation_unref (data);
}

static gboolean
task_start (GcOperation  *operation,
            GcStep       *step,
            GError      **error)
{
  GcTaskWait *self = (GcTaskWait *) operation;

  g_signal_connect_data (self->task, "notify::completed", G_CALLBACK (on_completed),
                         gc_operation_ref (self), unref_closure, 0);
  if (g_task_get_completed (self->task))
    {
      gc_operation_complete (self);
      disconnect (self->task, self);
    }
  return TRUE;
}

static gpointer
task_finish (GcOperation  *operation,
             GcMutation   *m,
             GError      **error)
{
  GcTaskWait *self = (GcTaskWait *) operation;
  GValue value = G_VALUE_INIT;
  gpointer word;

  if (self->finish != NULL)
    return self->finish (m, g_task_get_source_object (self->task), G_ASYNC_RESULT (self->task), self->user_data, error);
  if (!g_task_propagate_value (self->task, &value, error))
    return NULL;
  word = gc_word_from_value (m, &value);
  g_value_unset (&value);
  return word;
}

/* One that can't be cancelled goes on alone. */
static void
task_cancel (GcOperation *operation)
{
  GcTaskWait *self = (GcTaskWait *) operation;

  if (operation->is_awaited)
    g_cancellable_cancel (g_task_get_cancellable (self->task));
  else
    disconnect (self->task, self);
}

static void
task_clear (GcOperation *operation)
{
  GcTaskWait *self = (GcTaskWait *) operation;

  g_clear_object (&self->task);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
}

static const GcOperationClass task_class = {
  .name = "task",
  .size = sizeof (GcTaskWait),
  .start = task_start,
  .finish = task_finish,
  .cancel = task_cancel,
  .clear = task_clear,
};

/**
 * gc_sequence_from_task: (skip)
 * @m: a mutation
 * @task: a task that somebody has begun, and whose result nobody takes
 * @finish: (nullable): gives the task's result; %NULL for one of g_task_return_value()
 * @user_data: data for @finish
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that ends with the result of @task. It ends in its first step if the task is completed already, else
 * in the step after it was.
 *
 * Cancelled, or dropped half-way, it cancels the task's #GCancellable, and a cancelled one waits for the task; if the task
 * has none, it fails at once and the task goes on alone.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_from_task (GcMutation        *m,
                       GTask             *task,
                       GcAsyncFinishFunc  finish,
                       gpointer           user_data,
                       GDestroyNotify     destroy)
{
  GcTaskWait *self;

  g_return_val_if_fail (G_IS_TASK (task), NULL);

  self = gc_operation_new (&task_class);
  self->operation.is_awaited = g_task_get_cancellable (task) != NULL;
  self->task = g_object_ref (task);
  self->finish = finish;
  self->user_data = user_data;
  self->destroy = destroy;
  return gc_operation_await (m, self);
}

/**
 * gc_sequence_from_task_value: (constructor) (rename-to gc_sequence_from_task)
 * @m: a mutation
 * @task: a task that somebody has begun, whose result is one of g_task_return_value(), and nobody takes it
 *
 * Makes a sequence that ends with the result of @task. What is not an object of the arena goes into a #GcBox.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_from_task_value (GcMutation *m,
                             GTask      *task)
{
  return gc_sequence_from_task (m, task, NULL, NULL, NULL);
}

/* A task that waits for a sequence */

typedef struct
{
  GTask            *task;
  GcTaskReturnFunc  func;
  gpointer          user_data;
} GcTaskReturn;

/* Each kind by the function that suits it. */
static void
return_word (GTask    *task,
             gpointer  word,
             gpointer  user_data)
{
  if (gc_is_tagged (word))
    g_task_return_int (task, gc_untag_int (word));
  else
    g_task_return_pointer (task, word != NULL ? gc_object_ref (word) : NULL, gc_object_unref);
}

/* Also for a run that could not begin. */
static void
return_run (GcRun        *run,
            GcTaskReturn *self)
{
  GError *error = NULL;
  gpointer word = gc_run_get_result (run, &error);

  if (error != NULL)
    g_task_return_error (self->task, error);
  else
    self->func (self->task, word, self->user_data);
}

static void
on_done (GcRun      *run,
         GParamSpec *pspec,
         gpointer    data)
{
  return_run (run, data);
}

static void
free_return (gpointer  data,
             GClosure *closure)
{
  GcTaskReturn *self = data;

  g_object_unref (self->task);
  g_free (self);
}

/**
 * gc_runner_run_task_full: (skip)
 * @self: a runner
 * @sequence: what to run
 * @task: the caller's task, which is kept
 * @func: (scope async): returns the result from the task
 * @user_data: data for @func
 *
 * Runs a sequence and returns from @task what it ends with: an error by itself, and a result by @func, which is called
 * in the runner's main context, outside of any scope. The task's #GCancellable cancels the sequence.
 *
 * Since: 0.1
 */
void
gc_runner_run_task_full (GcRunner         *self,
                         GcSequence       *sequence,
                         GTask            *task,
                         GcTaskReturnFunc  func,
                         gpointer          user_data)
{
  g_autoptr (GcRun) run = NULL;
  GcTaskReturn *data;

  g_return_if_fail (GC_IS_RUNNER (self));
  g_return_if_fail (GC_IS_SEQUENCE (sequence));
  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (func != NULL);

  run = gc_runner_start (self, sequence, g_task_get_cancellable (task));
  if (run == NULL)
    return;
  data = g_new (GcTaskReturn, 1);
  *data = (GcTaskReturn) { g_object_ref (task), func, user_data };
  if (gc_run_is_done (run))
    {
      return_run (run, data);
      free_return (data, NULL);
    }
  else
    g_signal_connect_data (run, "notify::done", G_CALLBACK (on_done), data, free_return, 0);
}

/**
 * gc_runner_run_task:
 * @self: a runner
 * @sequence: what to run
 * @task: the caller's task, which is kept
 *
 * Runs a sequence and returns from @task what it ends with: an object, or %NULL, by g_task_return_pointer(), so that
 * who propagates it has a reference for gc_object_unref(); a tagged integer by g_task_return_int(). For other types there
 * is gc_runner_run_task_full(). The task's #GCancellable cancels the sequence.
 *
 * Since: 0.1
 */
void
gc_runner_run_task (GcRunner   *self,
                    GcSequence *sequence,
                    GTask      *task)
{
  gc_runner_run_task_full (self, sequence, task, return_word, NULL);
}
