/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-call-private.h"
#include "gcseq/gc-loop.h"

/**
 * SECTION:gc-loop
 * @Title: Loops
 * @Short_description: Sequences that run others again and again
 *
 * |[<!-- language="C" -->
 * static GcSequence *
 * collatz (GcMutation *m, gpointer value, gpointer context, GError **error)
 * {
 *   gssize n = gc_untag_int (value);
 *
 *   if (n == 1)
 *     return NULL;                                      // the loop ends with 1
 *   return gc_sequence_value (m, gc_tag_int (n % 2 == 0 ? n / 2 : 3 * n + 1));
 * }
 *
 * static GcSequence *
 * demo_collatz (GcMutation *m, gssize n)
 * {
 *   return gc_sequence_loop (m, gc_tag_int (n), collatz, NULL);
 * }
 * ]|
 *
 * A loop has a value, and a function that makes the sequence of the next round of it. What that ends with is the value of the
 * round after. So a loop takes no memory but that of one round, however often it runs.
 *
 * A function in C that returns %NULL, with no error set, ends the loop with the value as it is. One of a #GcStepFunc,
 * which languages with bindings give, finds the value in gc_step_get(); it returns what gc_step_become()
 * returns for another round, and what gc_step_done() returns to end the loop with a result. In either, a round can end the loop
 * in its last step: it becomes a gc_sequence_loop_break().
 *
 * A function runs in the step after the one in which the round before it ends; the loop ends in that step if there
 * is no other. An error of a round, or of a function, is the loop's.
 *
 * Loops over the items of a generator are gc_generator_for_each() and gc_generator_fold().
 */

#define FOR_EVER G_MAXUINT64

typedef struct
{
  GcSequence        parent_instance;
  GC_REF (GcObject) initial;
  GC_REF (GcObject) context;
  GC_REF (GcObject) condition_context;
  GCallback         func;       /* see gc-call-private.h */
  GCallback         condition;
  guint64           n, i;       /* how many rounds, and how many there were */
  guint8            has_begun;
  guint8            has_condition;
  guint8            counts;     /* func gets the number of the round */
  guint8            is_over;    /* the round was the last */
} GcLoopSequence;
typedef GcSequenceClass GcLoopSequenceClass;

static GcStepResult
gc_loop_sequence_step (GcSequence  *sequence,
                       GcMutation  *m,
                       GcStep      *step,
                       GError     **error)
{
  GcLoopSequence *self = (GcLoopSequence *) sequence;
  gpointer value = step->value;
  GcSequence *round;

  if (!self->has_begun)
    {
      self->has_begun = TRUE;
      value = self->initial;
      gc_set (self, initial, NULL);
    }
  if (!self->is_over && self->has_condition)
    {
      self->is_over = !gc_call_predicate (self->condition, self->condition_context, m, step, value, error);
      if (*error != NULL || step->error != NULL)
        return GC_STEP_FAILED;
    }
  if (self->is_over || self->i == self->n)
    {
      step->value = value;
      return GC_STEP_DONE;
    }
  round = gc_call_round (self->func, self->context, m, step, self->counts ? gc_tag_int (self->i) : value, error);
  self->i++;
  if (self->func != NULL)
    step->value = value;
  step->next = round;
  return round != NULL ? GC_STEP_CALL : GC_STEP_DONE;
}

static void
gc_loop_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_loop_sequence_step;
}

GType gc_loop_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcLoopSequence, gc_loop_sequence)
GC_DEFINE_TYPE (GcLoopSequence, gc_loop_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcLoopSequence, initial)
                GC_FIELD (GcLoopSequence, context)
                GC_FIELD (GcLoopSequence, condition_context)
                GC_CLASS_INIT (gc_loop_sequence_class_init))

static GcLoopSequence *
loop_new (GcMutation *m,
          gpointer    initial,
          guint64     n,
          GCallback   func,
          gpointer    context)
{
  GcLoopSequence *self = gc_new (m, GcLoopSequence);

  if (self == NULL)
    return NULL;
  gc_set (self, initial, initial);
  gc_set (self, context, context);
  self->func = func;
  self->n = n;
  return self;
}

static GcLoopSequence *
loop_new_script (GcMutation     *m,
                 const GValue   *initial,
                 guint64         n,
                 GcStepFunc      func,
                 gpointer        user_data,
                 GDestroyNotify  destroy)
{
  GcObject *script = gc_script_new (m, func, user_data, destroy);
  gpointer word = script != NULL ? gc_word_from_value (m, initial) : NULL;

  g_return_val_if_fail (gc_word_is_for (word, m), NULL);

  return script != NULL ? loop_new (m, word, n, NULL, script) : NULL;
}

/* Breaking */

typedef struct
{
  GcSequence        parent_instance;
  GC_REF (GcObject) value;
} GcLoopBreakSequence;
typedef GcSequenceClass GcLoopBreakSequenceClass;

static GcStepResult
gc_loop_break_sequence_step (GcSequence  *sequence,
                             GcMutation  *m,
                             GcStep      *step,
                             GError     **error)
{
  GcSequence *loop = sequence->link;

  if (loop == NULL || !G_TYPE_CHECK_INSTANCE_TYPE (loop, gc_loop_sequence_get_type ()))
    return gc_step_throw (step, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED,
                          "A break is not what the round of a loop has become");
  ((GcLoopSequence *) loop)->is_over = TRUE;
  step->value = ((GcLoopBreakSequence *) sequence)->value;
  return GC_STEP_DONE;
}

static void
gc_loop_break_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_loop_break_sequence_step;
}

GType gc_loop_break_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcLoopBreakSequence, gc_loop_break_sequence)
GC_DEFINE_TYPE (GcLoopBreakSequence, gc_loop_break_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcLoopBreakSequence, value)
                GC_CLASS_INIT (gc_loop_break_sequence_class_init))

/**
 * gc_sequence_loop: (skip)
 * @m: a mutation
 * @initial: (nullable): the value of the first round: an object or a tagged word
 * @func: makes the sequence of a round of the value; %NULL ends the loop with the value
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that runs rounds until @func returns %NULL or a round becomes a gc_sequence_loop_break(). @func runs
 * in the step after the one in which the round before it ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_loop (GcMutation *m,
                  gpointer    initial,
                  GcThenFunc  func,
                  gpointer    context)
{
  g_return_val_if_fail (func != NULL, NULL);
  g_return_val_if_fail (gc_word_is_for (initial, m) && gc_word_is_for (context, m), NULL);

  return (GcSequence *) loop_new (m, initial, FOR_EVER, (GCallback) func, context);
}

/**
 * gc_sequence_loop_full: (constructor) (rename-to gc_sequence_loop)
 * @m: a mutation
 * @initial: (nullable): the value of the first round: anything
 * @func: (scope notified) (closure user_data) (destroy destroy): makes the sequence of a round of what gc_step_get() gives,
 *   and returns what gc_step_become() returns; or ends the loop by what gc_step_done() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that runs rounds until @func says that it is done or a round becomes a gc_sequence_loop_break(). @func
 * runs in the step after the one in which the round before it ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_loop_full (GcMutation     *m,
                       const GValue   *initial,
                       GcStepFunc      func,
                       gpointer        user_data,
                       GDestroyNotify  destroy)
{
  g_return_val_if_fail (func != NULL, NULL);

  return (GcSequence *) loop_new_script (m, initial, FOR_EVER, func, user_data, destroy);
}

/**
 * gc_sequence_loop_break: (skip)
 * @m: a mutation
 * @value: (type GcObj.Object) (nullable): the loop's result: an object or a tagged word
 *
 * Makes a sequence that ends the loop that it is a round of. It is what the loop's function returns, or what the round
 * becomes in its last step, as the function of a gc_sequence_then() makes it. Awaited by anything else than a loop it fails
 * with %GC_SEQUENCE_ERROR_FAILED.
 *
 * The loop ends in the step after its own.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_loop_break (GcMutation *m,
                        gpointer    value)
{
  GcLoopBreakSequence *self;

  g_return_val_if_fail (gc_word_is_for (value, m), NULL);

  self = gc_new (m, GcLoopBreakSequence);
  if (self != NULL)
    gc_set (self, value, value);
  return (GcSequence *) self;
}

/**
 * gc_sequence_loop_break_of: (constructor) (rename-to gc_sequence_loop_break)
 * @m: a mutation
 * @value: (nullable): the loop's result: anything
 *
 * Makes a sequence that ends the loop that it is a round of. It is what the round becomes in its last step. Awaited by
 * anything else than a loop it fails with %GC_SEQUENCE_ERROR_FAILED.
 *
 * The loop ends in the step after its own.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_loop_break_of (GcMutation   *m,
                           const GValue *value)
{
  return gc_sequence_loop_break (m, gc_word_from_value (m, value));
}

static GcSequence *
set_condition (GcLoopSequence *self,
               GCallback       condition,
               gpointer        context)
{
  if (self == NULL)
    return NULL;
  self->has_condition = TRUE;
  self->condition = condition;
  gc_set (self, condition_context, context);
  return (GcSequence *) self;
}

/**
 * gc_sequence_loop_while: (skip)
 * @m: a mutation
 * @initial: (nullable): the value of the first round: an object or a tagged word
 * @condition: says of the value whether there is another round
 * @func: makes the sequence of a round of the value
 * @context: (nullable): an object, which is traced, or a tagged word: for both functions
 *
 * Makes a sequence that runs rounds as long as @condition says yes, and ends with the value it said no to. Both functions run
 * in the step after the one in which the round before them ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_loop_while (GcMutation      *m,
                        gpointer         initial,
                        GcPredicateFunc  condition,
                        GcThenFunc       func,
                        gpointer         context)
{
  g_return_val_if_fail (condition != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);
  g_return_val_if_fail (gc_word_is_for (initial, m) && gc_word_is_for (context, m), NULL);

  return set_condition (loop_new (m, initial, FOR_EVER, (GCallback) func, context), (GCallback) condition, context);
}

/**
 * gc_sequence_loop_while_full: (constructor) (rename-to gc_sequence_loop_while)
 * @m: a mutation
 * @initial: (nullable): the value of the first round: anything
 * @condition: (scope notified) (closure condition_data) (destroy condition_destroy): says of what gc_step_get() gives whether
 *   there is another round: returns what gc_step_done() returns, with something that counts as true or not
 * @condition_data: data for @condition
 * @condition_destroy: (nullable): frees @condition_data
 * @func: (scope notified) (closure user_data) (destroy destroy): makes the sequence of a round of what gc_step_get() gives,
 *   and returns what gc_step_become() returns; or ends the loop by what gc_step_done() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that runs rounds as long as @condition says yes, and ends with the value it said no to. Both functions run
 * in the step after the one in which the round before them ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_loop_while_full (GcMutation     *m,
                             const GValue   *initial,
                             GcStepFunc      condition,
                             gpointer        condition_data,
                             GDestroyNotify  condition_destroy,
                             GcStepFunc      func,
                             gpointer        user_data,
                             GDestroyNotify  destroy)
{
  GcObject *script;

  g_return_val_if_fail (condition != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  script = gc_script_new (m, condition, condition_data, condition_destroy);
  return set_condition (loop_new_script (m, initial, FOR_EVER, func, user_data, destroy), NULL, script);
}

static GcSequence *
set_counts (GcLoopSequence *self)
{
  if (self != NULL)
    self->counts = TRUE;
  return (GcSequence *) self;
}

/**
 * gc_sequence_repeat: (skip)
 * @m: a mutation
 * @n: how many rounds
 * @func: makes the sequence of a round of its number, which is a tagged integer and counts from 0
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that runs @n rounds, and ends with what the last one ended with; %NULL if there was none. @func may
 * end it sooner, as that of gc_sequence_loop(). It runs in the step after the one in which the round before it ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_repeat (GcMutation *m,
                    guint64     n,
                    GcThenFunc  func,
                    gpointer    context)
{
  g_return_val_if_fail (func != NULL, NULL);
  g_return_val_if_fail (gc_word_is_for (context, m), NULL);

  return set_counts (loop_new (m, NULL, n, (GCallback) func, context));
}

/**
 * gc_sequence_repeat_full: (constructor) (rename-to gc_sequence_repeat)
 * @m: a mutation
 * @n: how many rounds
 * @func: (scope notified) (closure user_data) (destroy destroy): makes the sequence of a round, whose number gc_step_get()
 *   gives, counted from 0, and returns what gc_step_become() returns; or ends the loop by what gc_step_done() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that runs @n rounds, and ends with what the last one ended with; %NULL if there was none. @func runs in
 * the step after the one in which the round before it ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_repeat_full (GcMutation     *m,
                         guint64         n,
                         GcStepFunc      func,
                         gpointer        user_data,
                         GDestroyNotify  destroy)
{
  g_return_val_if_fail (func != NULL, NULL);

  return set_counts (loop_new_script (m, NULL, n, func, user_data, destroy));
}
