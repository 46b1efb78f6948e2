/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-call-private.h"

/**
 * SECTION:gc-leaf
 * @Title: Leaves
 * @Short_description: Sequences that await no other
 *
 * |[<!-- language="C" -->
 * static GcStepResult
 * count_down (GcMutation *m, GcStep *step, gpointer context, GError **error)
 * {
 *   DemoCounter *counter = context;
 *
 *   if (counter->n-- > 0)
 *     return GC_STEP_CONTINUE;
 *   return gc_step_done (step, NULL);
 * }
 *
 * static GcSequence *
 * demo_count_down (GcMutation *m, DemoCounter *counter)
 * {
 *   return gc_sequence_steps (m, count_down, counter);
 * }
 * ]|
 *
 * The sequences that others are combined of. Those that wait for time, for Gio or for other threads have
 * pages of their own.
 */

/* A value */

typedef struct
{
  GcSequence        parent_instance;
  GC_REF (GcObject) value;
} GcValueSequence;
typedef GcSequenceClass GcValueSequenceClass;

static GcStepResult
gc_value_sequence_step (GcSequence  *sequence,
                        GcMutation  *m,
                        GcStep      *step,
                        GError     **error)
{
  step->value = ((GcValueSequence *) sequence)->value;
  return GC_STEP_DONE;
}

static void
gc_value_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_value_sequence_step;
}

GType gc_value_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcValueSequence, gc_value_sequence)
GC_DEFINE_TYPE (GcValueSequence, gc_value_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcValueSequence, value)
                GC_CLASS_INIT (gc_value_sequence_class_init))

/**
 * gc_sequence_value: (skip)
 * @m: a mutation
 * @value: (type GcObj.Object) (nullable): an object or a tagged word
 *
 * Makes a sequence that ends with @value in its first step.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_value (GcMutation *m,
                   gpointer    value)
{
  GcValueSequence *self = gc_new (m, GcValueSequence);

  if (self == NULL)
    return NULL;
  g_return_val_if_fail (gc_word_is_of (value, self), NULL);

  gc_set (self, value, value);
  return (GcSequence *) self;
}

/**
 * gc_sequence_value_of: (constructor) (rename-to gc_sequence_value)
 * @m: a mutation
 * @value: (nullable): anything
 *
 * Makes a sequence that ends with @value in its first step. What is not an object of the arena is put into a #GcBox.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_value_of (GcMutation   *m,
                      const GValue *value)
{
  return gc_sequence_value (m, gc_word_from_value (m, value));
}

/* An error */

typedef struct
{
  GcSequence  parent_instance;
  GError     *error;
} GcErrorSequence;
typedef GcSequenceClass GcErrorSequenceClass;

static GcStepResult
gc_error_sequence_step (GcSequence  *sequence,
                        GcMutation  *m,
                        GcStep      *step,
                        GError     **error)
{
  g_propagate_error (error, g_error_copy (((GcErrorSequence *) sequence)->error));
  return GC_STEP_FAILED;
}

static void
gc_error_sequence_finalize (GcObject *object)
{
  g_clear_error (&((GcErrorSequence *) object)->error);
}

static void
gc_error_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_error_sequence_step;
}

GType gc_error_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcErrorSequence, gc_error_sequence)
GC_DEFINE_TYPE (GcErrorSequence, gc_error_sequence, GC_TYPE_SEQUENCE,
                GC_FINALIZE (gc_error_sequence_finalize)
                GC_CLASS_INIT (gc_error_sequence_class_init))

/**
 * gc_sequence_error: (constructor)
 * @m: a mutation
 * @error: an error
 *
 * Makes a sequence that fails with a copy of @error in its first step.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_error (GcMutation   *m,
                   const GError *error)
{
  GcErrorSequence *self;

  g_return_val_if_fail (error != NULL, NULL);

  self = gc_new (m, GcErrorSequence);
  if (self != NULL)
    self->error = g_error_copy (error);
  return (GcSequence *) self;
}

/* Never */

typedef GcSequence      GcNeverSequence;
typedef GcSequenceClass GcNeverSequenceClass;

static GcStepResult
gc_never_sequence_step (GcSequence  *sequence,
                        GcMutation  *m,
                        GcStep      *step,
                        GError     **error)
{
  return GC_STEP_WAIT;
}

static void
gc_never_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_never_sequence_step;
}

GType gc_never_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcNeverSequence, gc_never_sequence)
GC_DEFINE_TYPE (GcNeverSequence, gc_never_sequence, GC_TYPE_SEQUENCE,
                GC_CLASS_INIT (gc_never_sequence_class_init))

/**
 * gc_sequence_never: (constructor)
 * @m: a mutation
 *
 * Makes a sequence that waits until it is cancelled.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_never (GcMutation *m)
{
  return (GcSequence *) gc_new (m, GcNeverSequence);
}

/* A function as steps, in its two forms */

typedef struct
{
  GcSequence        parent_instance;
  GC_REF (GcObject) context;
  GcStepsFunc       func;
} GcStepsSequence;
typedef GcSequenceClass GcStepsSequenceClass;

static GcStepResult
gc_steps_sequence_step (GcSequence  *sequence,
                        GcMutation  *m,
                        GcStep      *step,
                        GError     **error)
{
  GcStepsSequence *self = (GcStepsSequence *) sequence;

  if (self->func == NULL)
    return gc_call_script (self->context, m, step, error);
  return self->func (m, step, self->context, error);
}

static void
gc_steps_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_steps_sequence_step;
  klass->error = gc_steps_sequence_step;
  klass->flags = GC_SEQUENCE_TAKES_ITEMS;
}

GType gc_steps_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcStepsSequence, gc_steps_sequence)
GC_DEFINE_TYPE (GcStepsSequence, gc_steps_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcStepsSequence, context)
                GC_CLASS_INIT (gc_steps_sequence_class_init))

/**
 * gc_sequence_steps: (skip)
 * @m: a mutation
 * @func: the step
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence of a function: each step is a call of it. Errors and items of what it calls
 * enter as well as results: ask gc_step_get_error() and gc_step_is_item().
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_steps (GcMutation  *m,
                   GcStepsFunc  func,
                   gpointer     context)
{
  GcStepsSequence *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = gc_new (m, GcStepsSequence);
  if (self == NULL)
    return NULL;
  g_return_val_if_fail (gc_word_is_of (context, self), NULL);

  self->func = func;
  gc_set (self, context, context);
  return (GcSequence *) self;
}

/**
 * gc_sequence_func: (constructor) (rename-to gc_sequence_steps)
 * @m: a mutation
 * @func: (scope notified) (closure user_data) (destroy destroy): the step
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence of a function: each step is a call of it. Errors and items of what it calls
 * enter as well as results: ask gc_step_get_error() and gc_step_is_item(). An error that it does not
 * take is what the sequence fails with.
 *
 * Objects of the arena that @user_data refers to are not traced; a language with bindings holds them by external references,
 * so that a cycle through the function itself is not reclaimed before the sequence has ended.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_func (GcMutation     *m,
                  GcStepFunc      func,
                  gpointer        user_data,
                  GDestroyNotify  destroy)
{
  GcObject *script;
  GcStepsSequence *self;

  g_return_val_if_fail (func != NULL, NULL);

  script = gc_script_new (m, func, user_data, destroy);
  if (script == NULL)
    return NULL;
  self = gc_new (m, GcStepsSequence);
  gc_set (self, context, script);
  return (GcSequence *) self;
}

/* A sequence that is made when it is run */

typedef struct
{
  GcSequence        parent_instance;
  GC_REF (GcObject) context;
  GcThunkFunc       func;
} GcDeferSequence;
typedef GcSequenceClass GcDeferSequenceClass;

static GcStepResult
gc_defer_sequence_step (GcSequence  *sequence,
                        GcMutation  *m,
                        GcStep      *step,
                        GError     **error)
{
  GcDeferSequence *self = (GcDeferSequence *) sequence;

  if (self->func == NULL)
    step->next = gc_call_sequence (NULL, self->context, m, step, NULL, error);
  else
    step->next = self->func (m, self->context, error);
  return GC_STEP_BECOME;
}

static void
gc_defer_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_defer_sequence_step;
}

GType gc_defer_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcDeferSequence, gc_defer_sequence)
GC_DEFINE_TYPE (GcDeferSequence, gc_defer_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcDeferSequence, context)
                GC_CLASS_INIT (gc_defer_sequence_class_init))

/**
 * gc_sequence_defer: (skip)
 * @m: a mutation
 * @func: makes the sequence
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that is made when it is run: @func is called in the first step, and the sequence
 * becomes what it returns.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_defer (GcMutation  *m,
                   GcThunkFunc  func,
                   gpointer     context)
{
  GcDeferSequence *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = gc_new (m, GcDeferSequence);
  if (self == NULL)
    return NULL;
  g_return_val_if_fail (gc_word_is_of (context, self), NULL);

  self->func = func;
  gc_set (self, context, context);
  return (GcSequence *) self;
}

/**
 * gc_sequence_defer_full: (constructor) (rename-to gc_sequence_defer)
 * @m: a mutation
 * @func: (scope notified) (closure user_data) (destroy destroy): makes the sequence, and returns what
 *   gc_step_become() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that is made when it is run: @func is called in the first step, and the sequence
 * becomes what that says.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_defer_full (GcMutation     *m,
                        GcStepFunc      func,
                        gpointer        user_data,
                        GDestroyNotify  destroy)
{
  GcObject *script;
  GcDeferSequence *self;

  g_return_val_if_fail (func != NULL, NULL);

  script = gc_script_new (m, func, user_data, destroy);
  if (script == NULL)
    return NULL;
  self = gc_new (m, GcDeferSequence);
  gc_set (self, context, script);
  return (GcSequence *) self;
}
