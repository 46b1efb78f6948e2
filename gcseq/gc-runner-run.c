/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The ways to run a sequence: asynchronous, synchronous, by hand. */

#include "gcseq/gc-runner-private.h"

/* On the thread that iterates the context, and not in a finalizer or a listener. */
static gboolean
is_here (GcRunner *self)
{
  /* (Without a home, a critical warning told why.) */
  if (self->home == NULL || !gc_mutation_can_open_ ())
    return FALSE;
  if (g_main_context_is_owner (self->main_context))
    return TRUE;
  if (!g_main_context_acquire (self->main_context))
    return FALSE;
  g_main_context_release (self->main_context);
  return TRUE;
}

static gboolean
check_sequence (GcRunner    *self,
                GcSequence  *sequence,
                GError     **error)
{
  const char *what = NULL;
  int code = GC_SEQUENCE_ERROR_BUSY;

  if (sequence->state == GC_SEQUENCE_DONE || sequence->state == GC_SEQUENCE_FAILED)
    {
      code = GC_SEQUENCE_ERROR_FINISHED;
      what = "has ended already";
    }
  else if (sequence->state != GC_SEQUENCE_NEW || (sequence->flags & GC_SEQUENCE_IS_SPAWNED))
    what = "runs already";
  if (what == NULL)
    return TRUE;
  g_propagate_error (error, gc_sequence_new_error (sequence, code, what));
  return FALSE;
}

/* Begins a run; NULL with an error if the sequence can't be run. */
static GcRun *
start (GcRunner      *self,
       GcSequence    *sequence,
       GCancellable  *cancellable,
       GError       **error)
{
  gboolean is_open = gc_mutation_is_mine_ (self->m);
  GcRun *run;

  if (!check_sequence (self, sequence, error))
    return NULL;
  if (is_open)                  /* in a step */
    run = gc_run_new (self, sequence, cancellable);
  else
    {
      gc_object_ref (sequence);
      gc_mutation_open_ (self->m, self->arena);
      run = gc_run_new (self, sequence, cancellable);
      gc_mutation_close_ (self->m);
      gc_object_unref (sequence);
    }
  run->position = self->runs->len;
  pthread_mutex_lock (&self->runs_lock);
  g_ptr_array_add (self->runs, run);
  pthread_mutex_unlock (&self->runs_lock);
  gc_runner_source_update (self);
  gc_runner_list_busy (self);
  g_list_model_items_changed (G_LIST_MODEL (self), run->position, 0, 1);
  return run;
}

/**
 * gc_runner_start:
 * @self: a runner
 * @sequence: what to run
 * @cancellable: (nullable): what can cancel it
 *
 * Begins to run a sequence: its first step comes with the next dispatch, or gc_runner_step(). A
 * sequence that has ended, or that is somebody else's, is a run that has failed from the beginning.
 *
 * Returns: (transfer full): the run
 *
 * Since: 0.1
 */
GcRun *
gc_runner_start (GcRunner     *self,
                 GcSequence   *sequence,
                 GCancellable *cancellable)
{
  GError *error = NULL;
  GcRun *run;

  g_return_val_if_fail (GC_IS_RUNNER (self), NULL);
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (gc_object_get_arena ((GcObject *) sequence) == self->arena, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (is_here (self), NULL);

  run = start (self, sequence, cancellable, &error);
  if (run != NULL)
    return g_object_ref (run);
  run = g_object_new (GC_TYPE_RUN, NULL);
  run->runner = g_object_ref (self);
  run->has_ended = TRUE;
  run->error = error;
  return run;
}

/**
 * gc_runner_run_async:
 * @self: a runner
 * @sequence: what to run
 * @cancellable: (nullable): what can cancel it
 * @callback: (scope async) (nullable): called when it has ended
 * @user_data: data for @callback
 *
 * Runs a sequence. The call itself runs no step; @callback is called in the runner's main context,
 * outside of any scope.
 *
 * The sequence need not be kept alive by the caller. A @cancellable that is cancelled
 * cancels it, as gc_run_cancel() does: it may go on for as long as it takes to clean up.
 *
 * Since: 0.1
 */
void
gc_runner_run_async (GcRunner            *self,
                     GcSequence          *sequence,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  GError *error = NULL;
  GTask *task;
  GcRun *run;

  g_return_if_fail (GC_IS_RUNNER (self));
  g_return_if_fail (GC_IS_SEQUENCE (sequence));
  g_return_if_fail (gc_object_get_arena ((GcObject *) sequence) == self->arena);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  g_return_if_fail (is_here (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, gc_runner_run_async);
  g_task_set_name (task, "gc_runner_run_async");
  /* What the sequence says counts, not whether somebody cancelled meanwhile. */
  g_task_set_check_cancellable (task, FALSE);
  run = start (self, sequence, cancellable, &error);
  if (run == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  g_task_set_task_data (task, g_object_ref (run), g_object_unref);
  run->task = task;
}

/* The run of a result that is this runner's. */
static GcRun *
run_of (GcRunner      *self,
        GAsyncResult  *result,
        GError       **error)
{
  GTask *task = G_TASK (result);
  GcRun *run = g_task_get_task_data (task);

  if (run == NULL)              /* it could not begin */
    {
      g_task_propagate_pointer (task, error);
      return NULL;
    }
  g_task_propagate_pointer (task, NULL);
  return run;
}

#define IS_RESULT(self, result) \
  (g_task_is_valid (result, self) && g_async_result_is_tagged (result, gc_runner_run_async))

/**
 * gc_runner_run_finish: (skip)
 * @self: a runner
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Gives what the sequence ended with.
 *
 * Returns: (type GcObj.Object) (transfer full) (nullable): the result: an object, to be given to gc_object_unref(), or
 *   a tagged word; %NULL with @error set if it failed
 *
 * Since: 0.1
 */
gpointer
gc_runner_run_finish (GcRunner      *self,
                      GAsyncResult  *result,
                      GError       **error)
{
  GcRun *run;
  gpointer value;

  g_return_val_if_fail (GC_IS_RUNNER (self), NULL);
  g_return_val_if_fail (IS_RESULT (self, result), NULL);

  run = run_of (self, result, error);
  value = run != NULL ? gc_run_get_result (run, error) : NULL;
  return gc_word_is_object (value) ? gc_object_ref (value) : value;
}

/**
 * gc_runner_run_finish_object: (rename-to gc_runner_run_finish)
 * @self: a runner
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Gives what the sequence ended with. What is not an object is in a #GcBox.
 *
 * Returns: (transfer full) (nullable): the result; %NULL with @error set if it failed
 *
 * Since: 0.1
 */
GcObject *
gc_runner_run_finish_object (GcRunner      *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  GcRun *run;

  g_return_val_if_fail (GC_IS_RUNNER (self), NULL);
  g_return_val_if_fail (IS_RESULT (self, result), NULL);

  run = run_of (self, result, error);
  return run != NULL ? gc_run_dup_result (run, error) : NULL;
}

/* Runs to the end. NULL if it could not begin. */
static GcRun *
run_to_end (GcRunner      *self,
            GcSequence    *sequence,
            GCancellable  *cancellable,
            GError       **error)
{
  GcRun *run;

  if (self->is_dispatching)
    {
      g_set_error_literal (error, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_BUSY,
                           "A runner can't be waited for inside of its own step");
      return NULL;
    }
  run = start (self, sequence, cancellable, error);
  if (run == NULL)
    return NULL;
  g_object_ref (run);
  while (!run->has_ended)
    g_main_context_iteration (self->main_context, TRUE);
  return run;
}

/**
 * gc_runner_run: (skip)
 * @self: a runner
 * @sequence: what to run
 * @cancellable: (nullable): what can cancel it
 * @error: return location for an error
 *
 * Runs a sequence and waits for it, iterating the main context. Inside of a step of the runner it
 * fails with %GC_SEQUENCE_ERROR_BUSY.
 *
 * Returns: (type GcObj.Object) (transfer full) (nullable): the result: an object, to be given to gc_object_unref(), or
 *   a tagged word; %NULL with @error set if it failed
 *
 * Since: 0.1
 */
gpointer
gc_runner_run (GcRunner      *self,
               GcSequence    *sequence,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr (GcRun) run = NULL;
  gpointer value;

  g_return_val_if_fail (GC_IS_RUNNER (self), NULL);
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (gc_object_get_arena ((GcObject *) sequence) == self->arena, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (is_here (self), NULL);

  run = run_to_end (self, sequence, cancellable, error);
  value = run != NULL ? gc_run_get_result (run, error) : NULL;
  return gc_word_is_object (value) ? gc_object_ref (value) : value;
}

/**
 * gc_runner_run_object: (rename-to gc_runner_run)
 * @self: a runner
 * @sequence: what to run
 * @cancellable: (nullable): what can cancel it
 * @error: return location for an error
 *
 * Runs a sequence and waits for it, iterating the main context. Inside of a step of the runner it
 * fails with %GC_SEQUENCE_ERROR_BUSY. What is not an object is in a #GcBox.
 *
 * Returns: (transfer full) (nullable): the result; %NULL with @error set if it failed
 *
 * Since: 0.1
 */
GcObject *
gc_runner_run_object (GcRunner      *self,
                      GcSequence    *sequence,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr (GcRun) run = NULL;

  g_return_val_if_fail (GC_IS_RUNNER (self), NULL);
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (gc_object_get_arena ((GcObject *) sequence) == self->arena, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (is_here (self), NULL);

  run = run_to_end (self, sequence, cancellable, error);
  return run != NULL ? gc_run_dup_result (run, error) : NULL;
}

/**
 * gc_runner_step:
 * @self: a runner
 * @n: how many steps to run at most
 *
 * Runs steps now, without the main context: those of sequences that are ready, with the safe points between them.
 * What waits for timers and wakers goes on with the first call after they fired. Callbacks are called before
 * this returns; those of gc_runner_run_async() may come in the main context.
 *
 * Not to be called inside of a step of the runner.
 *
 * Returns: %TRUE if something is left: a sequence that has not ended
 *
 * Since: 0.1
 */
gboolean
gc_runner_step (GcRunner *self,
                guint     n)
{
  g_return_val_if_fail (GC_IS_RUNNER (self), FALSE);
  g_return_val_if_fail (is_here (self), FALSE);
  g_return_val_if_fail (!self->is_dispatching, FALSE);

  g_main_context_acquire (self->main_context);
  gc_runner_iterate (self, n, G_MAXINT64);
  g_main_context_release (self->main_context);
  return self->runs->len > 0;
}
