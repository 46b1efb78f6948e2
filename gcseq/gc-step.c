/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-runner-private.h"

/**
 * SECTION:gc-step
 * @Title: GcStep
 * @Short_description: What goes into a step of a sequence and what comes out
 *
 * |[<!-- language="C" -->
 * static GcStepResult
 * demo_double_step (GcSequence *sequence, GcMutation *m, GcStep *step, GError **error)
 * {
 *   DemoDouble *self = DEMO_DOUBLE (sequence);
 *
 *   if (self->child != NULL)
 *     {
 *       GcSequence *child = self->child;
 *
 *       gc_set (self, child, NULL);
 *       return gc_step_call (step, child);
 *     }
 *   return gc_step_done (step, gc_tag_int (2 * gc_untag_int (gc_step_get (step))));
 * }
 * ]|
 *
 * A #GcStep is lent to a step; outside of one its functions are refused with a critical warning.
 * What comes in is the result, the item or the error of the sequence that was called. What goes
 * out is said by one of the functions that return a #GcStepResult, which the step returns in turn.
 *
 * A result is one word of a slot: an object, %NULL, or a tagged integer (gc_tag_int()). In languages
 * with bindings gc_step_done_value() takes any value, and gc_step_dup() gives a #GcBox for what is
 * not an object.
 */

/* (See gc-step-context.c.) */
static gpointer
step_copy (gpointer step)
{
  return step;
}

static void
step_free (gpointer step)
{
  (void) step;
}

/**
 * GcStep:
 *
 * What goes into a step and what comes out. It is a boxed type, and a copy is the same structure, which is of
 * use inside of the runner's steps only: one that is kept for longer is refused. (When the runner is gone, it may become that of
 * a later runner.)
 *
 * Since: 0.1
 */
GType
gc_step_get_type (void)
{
  static gsize type_id;

  if (g_once_init_enter (&type_id))
    g_once_init_leave (&type_id, g_boxed_type_register_static (g_intern_static_string ("GcStep"),
                                                               step_copy, step_free));
  return type_id;
}

/* In a step, on its thread. */
static gboolean
is_active (GcStep *step)
{
  return step != NULL && step->is_active && gc_mutation_is_mine_ (gc_step_context (step)->m);
}

static gboolean
is_of_arena (GcStep   *step,
             gpointer  word)
{
  return gc_word_is_in (word, gc_step_context (step)->runner->arena);
}

/**
 * gc_step_done: (skip)
 * @step: a step
 * @value: (type GcObj.Object) (nullable): the result: an object or a tagged word
 *
 * Ends the sequence with a result.
 *
 * Returns: what to return from the step
 *
 * Since: 0.1
 */
GcStepResult
gc_step_done (GcStep   *step,
              gpointer  value)
{
  g_return_val_if_fail (is_active (step), GC_STEP_FAILED);
  g_return_val_if_fail (is_of_arena (step, value), GC_STEP_FAILED);

  step->value = value;
  return GC_STEP_DONE;
}

/**
 * gc_step_done_value: (rename-to gc_step_done)
 * @step: a step
 * @value: (nullable): the result: anything
 *
 * Ends the sequence with a result. What is not an object of the arena goes into a #GcBox.
 *
 * Returns: what to return from the step
 *
 * Since: 0.1
 */
GcStepResult
gc_step_done_value (GcStep       *step,
                    const GValue *value)
{
  g_return_val_if_fail (is_active (step), GC_STEP_FAILED);

  return gc_step_done (step, gc_word_from_value (gc_step_context (step)->m, value));
}

/**
 * gc_step_emit: (skip)
 * @step: a step
 * @item: (type GcObj.Object) (nullable): the item: an object or a tagged word
 *
 * Gives an item to whoever takes this sequence's items, and suspends the sequence until the next one is wanted. If
 * nobody takes items, the next step begins with the error %GC_SEQUENCE_ERROR_UNWANTED.
 *
 * Returns: what to return from the step
 *
 * Since: 0.1
 */
GcStepResult
gc_step_emit (GcStep   *step,
              gpointer  item)
{
  g_return_val_if_fail (is_active (step), GC_STEP_FAILED);
  g_return_val_if_fail (is_of_arena (step, item), GC_STEP_FAILED);

  step->value = item;
  return GC_STEP_YIELD;
}

/**
 * gc_step_emit_value: (rename-to gc_step_emit)
 * @step: a step
 * @item: (nullable): the item: anything
 *
 * Gives an item to whoever takes this sequence's items, as gc_step_emit(). What is not an object
 * of the arena goes into a #GcBox.
 *
 * Returns: what to return from the step
 *
 * Since: 0.1
 */
GcStepResult
gc_step_emit_value (GcStep       *step,
                    const GValue *item)
{
  g_return_val_if_fail (is_active (step), GC_STEP_FAILED);

  return gc_step_emit (step, gc_word_from_value (gc_step_context (step)->m, item));
}

/**
 * gc_step_call:
 * @step: a step
 * @sequence: the sequence to await
 *
 * Runs another sequence and then steps this one with its result. One that has given an
 * item goes on from there. If @sequence has ended already, or is somebody else's, the next step begins
 * with that error.
 *
 * Returns: what to return from the step
 *
 * Since: 0.1
 */
GcStepResult
gc_step_call (GcStep     *step,
              GcSequence *sequence)
{
  g_return_val_if_fail (is_active (step), GC_STEP_FAILED);
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence) && is_of_arena (step, sequence), GC_STEP_FAILED);

  step->next = sequence;
  return GC_STEP_CALL;
}

/**
 * gc_step_throw_into:
 * @step: a step
 * @sequence: the sequence to await
 * @error: the error that enters it
 *
 * Runs another sequence, one that has given an item, with an error: it goes on from where it gave the item
 * as if that had failed with a copy of @error. Then this one is stepped with its result, its next item or its
 * error, as after gc_step_call(). One that has not begun fails with @error at once, and runs no code.
 *
 * gc_generator_close() is made of this.
 *
 * Returns: what to return from the step
 *
 * Since: 0.1
 */
GcStepResult
gc_step_throw_into (GcStep       *step,
                    GcSequence   *sequence,
                    const GError *error)
{
  GError *copy;

  g_return_val_if_fail (is_active (step), GC_STEP_FAILED);
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence) && is_of_arena (step, sequence), GC_STEP_FAILED);
  g_return_val_if_fail (error != NULL, GC_STEP_FAILED);

  copy = g_error_copy (error);  /* it may be the one that was caught */
  g_clear_error (&step->caught);
  step->caught = copy;
  step->is_throwing = TRUE;
  step->next = sequence;
  return GC_STEP_CALL;
}

/**
 * gc_step_become:
 * @step: a step
 * @sequence: the sequence that takes over
 *
 * Ends this sequence and runs another in its place, whose result is the result. It takes no
 * memory: sequences can become others for ever.
 *
 * Returns: what to return from the step
 *
 * Since: 0.1
 */
GcStepResult
gc_step_become (GcStep     *step,
                GcSequence *sequence)
{
  g_return_val_if_fail (is_active (step), GC_STEP_FAILED);
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence) && is_of_arena (step, sequence), GC_STEP_FAILED);

  step->next = sequence;
  return GC_STEP_BECOME;
}

/**
 * gc_step_take_error: (skip)
 * @step: a step
 * @error: (transfer full): the error
 *
 * Ends the sequence with an error.
 *
 * Returns: what to return from the step
 *
 * Since: 0.1
 */
GcStepResult
gc_step_take_error (GcStep *step,
                    GError *error)
{
  g_return_val_if_fail (error != NULL, GC_STEP_FAILED);
  if (!is_active (step))
    {
      g_error_free (error);
      g_return_val_if_reached (GC_STEP_FAILED);
    }

  g_clear_error (&step->error);
  step->error = error;
  return GC_STEP_FAILED;
}

/**
 * gc_step_fail:
 * @step: a step
 * @error: the error
 *
 * Ends the sequence with a copy of an error.
 *
 * Returns: what to return from the step
 *
 * Since: 0.1
 */
GcStepResult
gc_step_fail (GcStep       *step,
              const GError *error)
{
  g_return_val_if_fail (is_active (step), GC_STEP_FAILED);
  g_return_val_if_fail (error != NULL, GC_STEP_FAILED);

  return gc_step_take_error (step, g_error_copy (error));
}

/**
 * gc_step_throw: (skip)
 * @step: a step
 * @domain: the error's domain
 * @code: its code
 * @format: a format for its message
 * @...: arguments of the format
 *
 * Ends the sequence with a new error.
 *
 * Returns: what to return from the step
 *
 * Since: 0.1
 */
GcStepResult
gc_step_throw (GcStep     *step,
               GQuark      domain,
               int         code,
               const char *format,
               ...)
{
  GError *error;
  va_list args;

  g_return_val_if_fail (format != NULL, GC_STEP_FAILED);

  va_start (args, format);
  error = g_error_new_valist (domain, code, format, args);
  va_end (args);
  return gc_step_take_error (step, error);
}

/**
 * gc_step_throw_literal: (rename-to gc_step_throw)
 * @step: a step
 * @domain: the error's domain
 * @code: its code
 * @message: its message
 *
 * Ends the sequence with a new error.
 *
 * Returns: what to return from the step
 *
 * Since: 0.1
 */
GcStepResult
gc_step_throw_literal (GcStep     *step,
                       GQuark      domain,
                       int         code,
                       const char *message)
{
  /* (A host looks the domain up by its name.) */
  g_return_val_if_fail (g_quark_to_string (domain) != NULL, GC_STEP_FAILED);
  g_return_val_if_fail (message != NULL, GC_STEP_FAILED);

  return gc_step_take_error (step, g_error_new_literal (domain, code, message));
}

/**
 * gc_step_get: (skip)
 * @step: a step
 *
 * Gives what came in: the result of the sequence that was called, or an item of it.
 *
 * Returns: (type GcObj.Object) (transfer none) (nullable): an object or a tagged word
 *
 * Since: 0.1
 */
gpointer
gc_step_get (GcStep *step)
{
  g_return_val_if_fail (is_active (step), NULL);

  return step->value;
}

/**
 * gc_step_dup: (rename-to gc_step_get)
 * @step: a step
 *
 * Gives what came in: the result of the sequence that was called, or an item of it. What is not an
 * object is in a #GcBox.
 *
 * Returns: (transfer full) (nullable): an object
 *
 * Since: 0.1
 */
GcObject *
gc_step_dup (GcStep *step)
{
  gpointer value = gc_step_get (step);

  if (value == NULL)
    return NULL;
  if (gc_is_tagged (value))
    value = gc_box_new_int64 (gc_step_context (step)->m, gc_untag_int (value));
  return gc_object_ref (value);
}

/**
 * gc_step_is_active:
 * @step: a step
 *
 * Whether the calling thread is in a step of the runner: whether anything else can be
 * asked of @step.
 *
 * Returns: %TRUE inside of a step
 *
 * Since: 0.1
 */
gboolean
gc_step_is_active (GcStep *step)
{
  g_return_val_if_fail (step != NULL, FALSE);

  return is_active (step);
}

/**
 * gc_step_is_item:
 * @step: a step
 *
 * Whether what came in is an item of the sequence that was called, and not its result. Only classes
 * with %GC_SEQUENCE_TAKES_ITEMS meet items.
 *
 * Returns: %TRUE for an item
 *
 * Since: 0.1
 */
gboolean
gc_step_is_item (GcStep *step)
{
  g_return_val_if_fail (is_active (step), FALSE);

  return step->is_item;
}

/**
 * gc_step_get_error:
 * @step: a step
 *
 * Gives the error that came in: the failure of the sequence that was called, or a cancellation. Also one
 * that gc_step_catch() has taken in this step.
 *
 * Returns: (transfer none) (nullable): the error
 *
 * Since: 0.1
 */
const GError *
gc_step_get_error (GcStep *step)
{
  g_return_val_if_fail (is_active (step), NULL);

  return step->error != NULL ? step->error : step->caught;
}

/**
 * gc_step_steal_error:
 * @step: a step
 *
 * Takes the error that came in: it counts as handled.
 *
 * Returns: (transfer full) (nullable): the error
 *
 * Since: 0.1
 */
GError *
gc_step_steal_error (GcStep *step)
{
  g_return_val_if_fail (is_active (step), NULL);

  return g_steal_pointer (&step->error);
}

/**
 * gc_step_catch:
 * @step: a step
 * @domain: a domain, 0 for any
 * @code: a code of it, -1 for any
 *
 * Takes the error that came in if it is of this kind: it counts as handled, and gc_step_get_error() gives
 * it until the step ends.
 *
 * Returns: %TRUE if there was one
 *
 * Since: 0.1
 */
gboolean
gc_step_catch (GcStep *step,
               GQuark  domain,
               int     code)
{
  g_return_val_if_fail (is_active (step), FALSE);

  if (step->error == NULL || (domain != 0 && step->error->domain != domain) ||
      (code != -1 && step->error->code != code))
    return FALSE;
  g_clear_error (&step->caught);
  step->caught = g_steal_pointer (&step->error);
  return TRUE;
}

/**
 * gc_step_consume:
 * @step: a step
 * @fuel: how much, in steps
 *
 * Says that the step was as much work as several: the strand's turn, and the runner's dispatch, end
 * sooner.
 *
 * Since: 0.1
 */
void
gc_step_consume (GcStep *step,
                 guint   fuel)
{
  g_return_if_fail (is_active (step));

  step->fuel -= MIN (fuel, (guint) GC_FUEL);
}

/**
 * gc_step_init_waker: (skip)
 * @step: a step
 * @waker: (out caller-allocates): a waker to set
 *
 * Sets a waker for the running sequence, to be cleared by gc_waker_clear().
 *
 * Since: 0.1
 */
void
gc_step_init_waker (GcStep  *step,
                    GcWaker *waker)
{
  GcStepContext *context = gc_step_context (step);

  g_return_if_fail (is_active (step));
  g_return_if_fail (waker != NULL);

  gc_hub_init_waker (context->runner->hub, gc_home_need_cell (context->runner->home, context->strand), waker);
}

/**
 * gc_step_dup_waker:
 * @step: a step
 *
 * Gives a waker for the running sequence. Return %GC_STEP_WAIT to be stepped again when it is
 * woken. It may be used on any thread.
 *
 * Returns: (transfer full): a waker
 *
 * Since: 0.1
 */
GcWaker *
gc_step_dup_waker (GcStep *step)
{
  GcWaker *waker;

  g_return_val_if_fail (is_active (step), NULL);

  waker = g_new0 (GcWaker, 1);
  gc_step_init_waker (step, waker);
  return waker;
}
