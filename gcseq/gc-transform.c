/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-call-private.h"
#include "gcseq/gc-transform.h"

/**
 * SECTION:gc-transform
 * @Title: Transforming results
 * @Short_description: Sequences that go on with the result of another
 *
 * |[<!-- language="C" -->
 * static gpointer
 * twice (GcMutation *m, gpointer value, gpointer context, GError **error)
 * {
 *   return gc_tag_int (2 * gc_untag_int (value));
 * }
 *
 * static GcSequence *
 * demo_six (GcMutation *m)
 * {
 *   return gc_sequence_map (m, gc_sequence_value (m, gc_tag_int (3)), twice, NULL);
 * }
 * ]|
 *
 * Each of these takes a sequence, which is its from then on, and is a sequence. A function is given
 * with a context, an object that is traced; languages with bindings give a #GcStepFunc, which finds the value in
 * gc_step_get() and returns what gc_step_done() (or gc_step_become(), where a sequence is wanted) returns.
 */

/* map, inspect and then: one frame, which calls and then goes on */

typedef struct
{
  GcSequence          parent_instance;
  GC_REF (GcSequence) child;
  GC_REF (GcObject)   context;
  GCallback           func;
} GcMapSequence;
typedef GcSequenceClass GcMapSequenceClass;

typedef GcMapSequence   GcInspectSequence;
typedef GcSequenceClass GcInspectSequenceClass;

typedef GcMapSequence   GcThenSequence;
typedef GcSequenceClass GcThenSequenceClass;

static GcStepResult
gc_map_sequence_step (GcSequence  *sequence,
                      GcMutation  *m,
                      GcStep      *step,
                      GError     **error)
{
  GcMapSequence *self = (GcMapSequence *) sequence;

  if (self->child != NULL)
    return gc_step_call_child (step, self);
  step->value = gc_call_value (self->func, self->context, m, step, step->value, error);
  return GC_STEP_DONE;
}

static void
gc_map_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_map_sequence_step;
  klass->flags = GC_SEQUENCE_SAME_STEP;
}

GType gc_map_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcMapSequence, gc_map_sequence)
GC_DEFINE_TYPE (GcMapSequence, gc_map_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcMapSequence, child)
                GC_FIELD (GcMapSequence, context)
                GC_CLASS_INIT (gc_map_sequence_class_init))

static GcStepResult
gc_inspect_sequence_step (GcSequence  *sequence,
                          GcMutation  *m,
                          GcStep      *step,
                          GError     **error)
{
  GcMapSequence *self = (GcMapSequence *) sequence;
  gpointer value = step->value;

  if (self->child != NULL)
    return gc_step_call_child (step, self);
  if (self->func != NULL)
    ((GcInspectFunc) self->func) (m, value, self->context, error);
  else
    gc_call_value (NULL, self->context, m, step, value, error);
  step->value = value;
  return GC_STEP_DONE;
}

static void
gc_inspect_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_inspect_sequence_step;
  klass->flags = GC_SEQUENCE_SAME_STEP;
}

GType gc_inspect_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcInspectSequence, gc_inspect_sequence)
GC_DEFINE_TYPE (GcInspectSequence, gc_inspect_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcInspectSequence, child)
                GC_FIELD (GcInspectSequence, context)
                GC_CLASS_INIT (gc_inspect_sequence_class_init))

static GcStepResult
gc_then_sequence_step (GcSequence  *sequence,
                       GcMutation  *m,
                       GcStep      *step,
                       GError     **error)
{
  GcMapSequence *self = (GcMapSequence *) sequence;

  if (self->child != NULL)
    return gc_step_call_child (step, self);
  step->next = gc_call_sequence (self->func, self->context, m, step, step->value, error);
  return GC_STEP_BECOME;
}

static void
gc_then_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_then_sequence_step;
}

GType gc_then_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcThenSequence, gc_then_sequence)
GC_DEFINE_TYPE (GcThenSequence, gc_then_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcThenSequence, child)
                GC_FIELD (GcThenSequence, context)
                GC_CLASS_INIT (gc_then_sequence_class_init))

static GcSequence *
set_up (GcMapSequence *self,
        GcSequence    *sequence,
        GCallback      func,
        gpointer       context)
{
  if (self == NULL)
    return NULL;
  g_return_val_if_fail (gc_word_is_of (sequence, self) && gc_word_is_of (context, self), NULL);

  gc_set (self, child, sequence);
  gc_set (self, context, context);
  self->func = func;
  return (GcSequence *) self;
}

/**
 * gc_sequence_map: (skip)
 * @m: a mutation
 * @sequence: a sequence
 * @func: makes a result of the result
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that ends with what @func makes of the result of @sequence. @func runs in the step in which
 * @sequence ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_map (GcMutation *m,
                 GcSequence *sequence,
                 GcMapFunc   func,
                 gpointer    context)
{
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  return set_up (gc_new (m, GcMapSequence), sequence, (GCallback) func, context);
}

/**
 * gc_sequence_map_full: (constructor) (rename-to gc_sequence_map)
 * @m: a mutation
 * @sequence: a sequence
 * @func: (scope notified) (closure user_data) (destroy destroy): makes a result of what gc_step_get() gives, and
 *   returns what gc_step_done() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that ends with what @func makes of the result of @sequence. @func runs in the step in which
 * @sequence ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_map_full (GcMutation     *m,
                      GcSequence     *sequence,
                      GcStepFunc      func,
                      gpointer        user_data,
                      GDestroyNotify  destroy)
{
  GcObject *script;

  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  script = gc_script_new (m, func, user_data, destroy);
  return script != NULL ? set_up (gc_new (m, GcMapSequence), sequence, NULL, script) : NULL;
}

/**
 * gc_sequence_inspect: (skip)
 * @m: a mutation
 * @sequence: a sequence
 * @func: sees the result
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that ends with the result of @sequence, once @func has seen it. @func runs in the step in which
 * @sequence ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_inspect (GcMutation    *m,
                     GcSequence    *sequence,
                     GcInspectFunc  func,
                     gpointer       context)
{
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  return set_up (gc_new (m, GcInspectSequence), sequence, (GCallback) func, context);
}

/**
 * gc_sequence_inspect_full: (constructor) (rename-to gc_sequence_inspect)
 * @m: a mutation
 * @sequence: a sequence
 * @func: (scope notified) (closure user_data) (destroy destroy): sees what gc_step_get() gives, and returns what
 *   gc_step_done() returns; with which result does not matter
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that ends with the result of @sequence, once @func has seen it. @func runs in the step in which
 * @sequence ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_inspect_full (GcMutation     *m,
                          GcSequence     *sequence,
                          GcStepFunc      func,
                          gpointer        user_data,
                          GDestroyNotify  destroy)
{
  GcObject *script;

  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  script = gc_script_new (m, func, user_data, destroy);
  return script != NULL ? set_up (gc_new (m, GcInspectSequence), sequence, NULL, script) : NULL;
}

/**
 * gc_sequence_then: (skip)
 * @m: a mutation
 * @sequence: a sequence
 * @func: makes the sequence to go on with
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that becomes the one that @func makes of the result of @sequence. @func runs in the step
 * after the one in which @sequence ends. That it *becomes* the other makes chains of any length
 * take constant memory.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_then (GcMutation *m,
                  GcSequence *sequence,
                  GcThenFunc  func,
                  gpointer    context)
{
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  return set_up (gc_new (m, GcThenSequence), sequence, (GCallback) func, context);
}

/**
 * gc_sequence_then_full: (constructor) (rename-to gc_sequence_then)
 * @m: a mutation
 * @sequence: a sequence
 * @func: (scope notified) (closure user_data) (destroy destroy): makes a sequence of what gc_step_get() gives, and
 *   returns what gc_step_become() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that becomes the one that @func makes of the result of @sequence. @func runs in the step
 * after the one in which @sequence ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_then_full (GcMutation     *m,
                       GcSequence     *sequence,
                       GcStepFunc      func,
                       gpointer        user_data,
                       GDestroyNotify  destroy)
{
  GcObject *script;

  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  script = gc_script_new (m, func, user_data, destroy);
  return script != NULL ? set_up (gc_new (m, GcThenSequence), sequence, NULL, script) : NULL;
}
