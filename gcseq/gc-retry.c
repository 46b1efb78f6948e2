/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-call-private.h"
#include "gcseq/gc-coroutine.h"
#include "gcseq/gc-retry.h"
#include "gcseq/gc-time.h"

/**
 * SECTION:gc-retry
 * @Title: Trying again
 * @Short_description: Running what may fail until it does not
 *
 * |[<!-- language="C" -->
 * static GcSequence *
 * open_port (GcMutation *m, gpointer n_tries, gpointer port, GError **error)
 * {
 *   if (g_random_boolean ())
 *     g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "The port is busy");
 *   return gc_sequence_value (m, port);
 * }
 *
 * static gboolean
 * is_busy (GcMutation *m, const GError *error, guint n_tries, gpointer port)
 * {
 *   return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY);
 * }
 *
 * static GcSequence *
 * open_patiently (GcMutation *m, gpointer port)
 * {
 *   // Five tries; after 100 ms, 200 ms and so on, each shorter by up to a fifth
 *   return gc_sequence_retry (m, 5, 100 * G_TIME_SPAN_MILLISECOND, 2, 0.2, open_port, is_busy, port);
 * }
 * ]|
 */

/* Longer than anybody waits, and short enough to be added to the time. */
#define MAX_DELAY (G_MAXINT64 / 4)

GC_DEFINE_COROUTINE (GcRetrySequence, retry,
                     GC_PARAM (guint, max_tries)
                     GC_PARAM (double, delay)
                     GC_PARAM (double, factor)
                     GC_PARAM (double, jitter)
                     GC_PARAM (GCallback, func)
                     GC_PARAM_REF (GcObject, context)
                     GC_PARAM (GcRetryFunc, condition)
                     GC_PARAM_REF (GcObject, condition_context)     /* a script, or that of func */
                     GC_LOCAL (guint, n_tries)
                     GC_LOCAL_REF (GcObject, result))

/* A function that fails at once is a try that failed. */
static GcSequence *
try_once (GcRetrySequence *self,
          GcMutation      *m,
          GcStep          *step)
{
  g_autoptr (GError) error = NULL;
  GcSequence *sequence;

  sequence = gc_call_sequence (self->func, self->context, m, step, gc_tag_int (self->n_tries), &error);
  self->n_tries++;
  if (error == NULL)
    error = g_steal_pointer (&step->error);
  return error != NULL ? gc_sequence_error (m, error) : sequence;
}

/* Whether to try again after what was caught. A cancellation is nothing to try again. */
static gboolean
should_retry (GcRetrySequence *self,
              GcMutation      *m,
              GcStep          *step)
{
  const GError *error = step->caught;
  GError *thrown = NULL;
  gboolean is_yes;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      (self->max_tries > 0 && self->n_tries >= self->max_tries))
    return FALSE;
  if (self->condition != NULL)
    return self->condition (m, error, self->n_tries, self->condition_context);
  if (self->condition_context == NULL)
    return TRUE;
  is_yes = gc_call_predicate (NULL, self->condition_context, m, step, gc_tag_int (self->n_tries), &thrown);
  if (thrown != NULL)
    gc_step_take_error (step, thrown);
  return is_yes;
}

static gint64
next_delay (GcRetrySequence *self)
{
  double delay = self->delay * (1 - self->jitter * g_random_double ());

  self->delay = MIN (self->delay * self->factor, (double) MAX_DELAY);
  return (gint64) delay;
}

GC_COROUTINE_BODY (GcRetrySequence, retry)
{
  GC_BEGIN ();
  for (;;)
    {
      GC_AWAIT_REF_OR_ANY (result, try_once (self, m, step))
        {
          if (!should_retry (self, m, step))
            return step->error != NULL ? GC_STEP_FAILED : gc_step_take_error (step, g_steal_pointer (&step->caught));
          if (self->delay > 0)
            GC_AWAIT (gc_sequence_sleep (m, next_delay (self)));
          continue;
        }
      GC_RETURN (self->result);
    }
  GC_END ();
}

#define CHECK_BACK_OFF(delay, factor, jitter) \
  g_return_val_if_fail (delay >= 0 && delay <= MAX_DELAY, NULL); \
  g_return_val_if_fail (factor >= 0 && factor <= G_MAXDOUBLE, NULL); \
  g_return_val_if_fail (jitter >= 0 && jitter <= 1, NULL)

/**
 * gc_sequence_retry: (skip)
 * @m: a mutation
 * @max_tries: how often to try at most; 0 for no limit
 * @delay: how long to wait before the second try, in microseconds
 * @factor: how much longer to wait before each next one: 1 for always the same time, 2 for twice as long
 * @jitter: which part of the time may be taken off at random, from 0 to 1, so that many that failed
 *   together do not try again together
 * @func: makes the sequence of a try; the value that it gets is how many there were before, a tagged integer
 * @condition: (nullable): says whether to try again; %NULL for any error
 * @context: (nullable): an object, which is traced, or a tagged word: for both functions
 *
 * Makes a sequence that tries until a try ends with a result, which is its own, or until it is not to be tried again: then it
 * fails with the last error as it is. %G_IO_ERROR_CANCELLED is never tried again. @func failing is a try that failed.
 *
 * @func runs in the first step of a try; @condition in the step after the one in which a try fails, and that is the first
 * of the next try if there is nothing to wait.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_retry (GcMutation  *m,
                   guint        max_tries,
                   gint64       delay,
                   double       factor,
                   double       jitter,
                   GcThenFunc   func,
                   GcRetryFunc  condition,
                   gpointer     context)
{
  CHECK_BACK_OFF (delay, factor, jitter);
  g_return_val_if_fail (func != NULL, NULL);
  g_return_val_if_fail (gc_word_is_for (context, m), NULL);

  return retry_new (m, max_tries, delay, factor, jitter, (GCallback) func, context, condition,
                    condition != NULL ? context : NULL);
}

/**
 * gc_sequence_retry_full: (constructor) (rename-to gc_sequence_retry)
 * @m: a mutation
 * @max_tries: how often to try at most; 0 for no limit
 * @delay: how long to wait before the second try, in microseconds
 * @factor: how much longer to wait before each next one: 1 for always the same time, 2 for twice as long
 * @jitter: which part of the time may be taken off at random, from 0 to 1, so that many that failed
 *   together do not try again together
 * @func: (scope notified) (closure user_data) (destroy destroy): makes the sequence of a try, and returns what gc_step_become()
 *   returns; gc_step_get() gives how many tries there were before
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 * @condition: (scope notified) (closure condition_data) (destroy condition_destroy) (nullable): says whether to try again after
 *   what gc_step_get_error() gives: returns what gc_step_done() returns, with something that counts as true or not; gc_step_get()
 *   gives how many tries there were. %NULL for any error
 * @condition_data: data for @condition
 * @condition_destroy: (nullable): frees @condition_data
 *
 * Makes a sequence that tries until a try ends with a result, which is its own, or until it is not to be tried again: then it
 * fails with the last error as it is. %G_IO_ERROR_CANCELLED is never tried again. @func failing is a try that failed.
 *
 * @func runs in the first step of a try; @condition in the step after the one in which a try fails, and that is the first
 * of the next try if there is nothing to wait.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_retry_full (GcMutation     *m,
                        guint           max_tries,
                        gint64          delay,
                        double          factor,
                        double          jitter,
                        GcStepFunc      func,
                        gpointer        user_data,
                        GDestroyNotify  destroy,
                        GcStepFunc      condition,
                        gpointer        condition_data,
                        GDestroyNotify  condition_destroy)
{
  GcObject *script, *condition_script = NULL;

  CHECK_BACK_OFF (delay, factor, jitter);
  g_return_val_if_fail (func != NULL, NULL);

  script = gc_script_new (m, func, user_data, destroy);
  if (condition != NULL)
    condition_script = gc_script_new (m, condition, condition_data, condition_destroy);
  if (script == NULL)
    return NULL;
  return retry_new (m, max_tries, delay, factor, jitter, NULL, script, NULL, condition_script);
}
