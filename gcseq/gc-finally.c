/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-call-private.h"
#include "gcseq/gc-finally.h"

/**
 * SECTION:gc-finally
 * @Title: Cleaning up
 * @Short_description: What is done at the end whatever happens, and what is not cancelled
 *
 * |[<!-- language="C" -->
 * static GcSequence *
 * unlock (GcMutation *m, gpointer context, GError **error)
 * {
 *   return demo_unlock (m, context);
 * }
 *
 * static GcSequence *
 * demo_write_locked (GcMutation *m, GcObject *lock, GcSequence *write)
 * {
 *   return gc_sequence_chain (m, demo_lock (m, lock), gc_sequence_finally (m, write, unlock, lock));
 * }
 * ]|
 *
 * A strand is cancelled once: the error %G_IO_ERROR_CANCELLED enters where it waits. What holds for clean-up,
 * that it is not to be cut short, holds for what gc_sequence_shield() is given: a cancellation that comes
 * meanwhile is held off, and comes when it has ended.
 *
 * These act when a sequence ends. One that is dropped half-way does not end, and is not cleaned up after
 * but by what its own classes free; whoever wants to see it end cancels it.
 */

/* Shield */

typedef struct
{
  GcSequence          parent_instance;
  GC_REF (GcSequence) child;
  guint8              is_up;    /* holds cancellations of the strand off */
} GcShieldSequence;
typedef GcSequenceClass GcShieldSequenceClass;

GType gc_shield_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcShieldSequence, gc_shield_sequence)

static void
raise_shield (GcShieldSequence *self,
              GcStep           *step)
{
  gc_strand_shield (gc_step_context (step)->strand);
  self->is_up = TRUE;
}

/* One step for results, errors and items: the shield goes down, and what was held off comes. */
static GcStepResult
gc_shield_sequence_step (GcSequence  *sequence,
                         GcMutation  *m,
                         GcStep      *step,
                         GError     **error)
{
  GcShieldSequence *self = (GcShieldSequence *) sequence;

  if (self->child != NULL)
    {
      if (!self->is_up)
        raise_shield (self, step);
      return gc_step_call_child (step, self);
    }

  if (self->is_up && gc_strand_unshield (gc_step_context (step)->strand))
    {
      self->is_up = FALSE;
      return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
    }
  self->is_up = FALSE;
  if (step->is_item)
    return gc_step_throw (step, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_UNWANTED, "What is shielded can't give items");
  return GC_STEP_DONE;
}

static void
gc_shield_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_shield_sequence_step;
  klass->error = gc_shield_sequence_step;
  klass->flags = GC_SEQUENCE_SAME_STEP | GC_SEQUENCE_TAKES_ITEMS;
}

GC_DEFINE_TYPE (GcShieldSequence, gc_shield_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcShieldSequence, child)
                GC_CLASS_INIT (gc_shield_sequence_class_init))

/**
 * gc_sequence_shield: (constructor)
 * @m: a mutation
 * @sequence: a sequence
 *
 * Makes a sequence that does what @sequence does and is not cancelled while that runs: a cancellation is held off, and
 * is what the sequence fails with in the step in which @sequence ends. Cancelled before it has begun, it does not
 * begin.
 *
 * The children of @sequence are not cancelled either, unless by itself. It can't give items: that is
 * %GC_SEQUENCE_ERROR_UNWANTED.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_shield (GcMutation *m,
                    GcSequence *sequence)
{
  GcShieldSequence *self;

  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);

  self = gc_new (m, GcShieldSequence);
  if (self == NULL)
    return NULL;
  g_return_val_if_fail (gc_word_is_of (sequence, self), NULL);
  gc_set (self, child, sequence);
  return (GcSequence *) self;
}

/* Finally */

typedef struct
{
  GcSequence          parent_instance;
  GC_REF (GcSequence) child;
  GC_REF (GcObject)   context;
  GC_REF (GcObject)   value;    /* what the child ended with, while it is cleaned up */
  GC_REF (GcObject)   error;
  GCallback           func;
  guint8              is_ending;
} GcFinallySequence;
typedef GcSequenceClass GcFinallySequenceClass;

/* What is to be awaited; NULL if nothing is, or with an error. */
static GcSequence *
call_func (GcFinallySequence  *self,
           GcMutation         *m,
           GcStep             *step,
           GError            **error)
{
  GcStepResult result;

  if (self->func != NULL)
    return ((GcThunkFunc) self->func) (m, self->context, error);
  step->value = NULL;
  step->next = NULL;
  result = gc_call_script (self->context, m, step, error);
  if (*error == NULL && step->error == NULL && result != GC_STEP_DONE && step->next == NULL)
    g_set_error (error, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED,
                 "The function returned %d; it has to return what gc_step_become() or gc_step_done() returns", result);
  return g_steal_pointer (&step->next);
}

/* The child has ended. A clean-up that is to be awaited is shielded from here on: a shield that is up already, since
 * what has not begun would not begin if a cancellation came now. */
static GcStepResult
begin_ending (GcFinallySequence *self,
              GcMutation        *m,
              GcStep            *step)
{
  GError *thrown = NULL;
  GcSequence *next;

  self->is_ending = TRUE;
  gc_set (self, value, step->value);
  if (step->error != NULL)
    gc_set (self, error, gc_word_from_error (m, g_steal_pointer (&step->error)));
  next = call_func (self, m, step, &thrown);
  if (thrown != NULL)
    return gc_step_take_error (step, thrown);
  if (next == NULL || step->error != NULL)
    return GC_STEP_DONE;
  step->next = gc_sequence_shield (m, next);
  if (step->next != NULL)
    raise_shield ((GcShieldSequence *) step->next, step);
  return GC_STEP_CALL;
}

/* What it ends with: a cancellation, the child's error, the clean-up's, the child's value. */
static GcStepResult
gc_finally_sequence_step (GcSequence  *sequence,
                          GcMutation  *m,
                          GcStep      *step,
                          GError     **error)
{
  GcFinallySequence *self = (GcFinallySequence *) sequence;

  if (self->child != NULL)
    return gc_step_call_child (step, self);
  if (!self->is_ending)
    {
      GcStepResult result = begin_ending (self, m, step);

      if (result == GC_STEP_CALL)
        return result;
    }
  if (self->error != NULL && !g_error_matches (step->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return gc_step_take_error (step, gc_word_dup_error (self->error));
  step->value = self->value;
  return GC_STEP_DONE;
}

static void
gc_finally_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_finally_sequence_step;
  klass->error = gc_finally_sequence_step;
  klass->flags = GC_SEQUENCE_SAME_STEP;
}

GType gc_finally_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcFinallySequence, gc_finally_sequence)
GC_DEFINE_TYPE (GcFinallySequence, gc_finally_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcFinallySequence, child)
                GC_FIELD (GcFinallySequence, context)
                GC_FIELD (GcFinallySequence, value)
                GC_FIELD (GcFinallySequence, error)
                GC_CLASS_INIT (gc_finally_sequence_class_init))

static GcSequence *
set_up (GcFinallySequence *self,
        GcSequence        *sequence,
        GCallback          func,
        gpointer           context)
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
 * gc_sequence_finally: (skip)
 * @m: a mutation
 * @sequence: a sequence
 * @func: cleans up: makes what is to be awaited, or %NULL if nothing is
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that cleans up when @sequence has ended: with a result, an error, or cancelled. @func runs once, in
 * the step in which @sequence ends; then what it makes is run, and is not cancelled. The sequence ends in the
 * step in which that ends.
 *
 * It ends with what @sequence has ended with. An error of the clean-up is reported only if @sequence has not failed. A
 * cancellation that came during the clean-up is delivered after it.
 *
 * Cancelled before its first step, the sequence does not begin, and @func does not run.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_finally (GcMutation  *m,
                     GcSequence  *sequence,
                     GcThunkFunc  func,
                     gpointer     context)
{
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  return set_up (gc_new (m, GcFinallySequence), sequence, (GCallback) func, context);
}

/**
 * gc_sequence_finally_full: (constructor) (rename-to gc_sequence_finally)
 * @m: a mutation
 * @sequence: a sequence
 * @func: (scope notified) (closure user_data) (destroy destroy): cleans up, and returns what gc_step_become() returns if
 *   something is to be awaited, or what gc_step_done() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that cleans up when @sequence has ended: with a result, an error, or cancelled. @func runs once, in
 * the step in which @sequence ends; then what it makes is run, and is not cancelled. The sequence ends in the
 * step in which that ends.
 *
 * It ends with what @sequence has ended with. An error of the clean-up is reported only if @sequence has not failed. A
 * cancellation that came during the clean-up is delivered after it.
 *
 * Cancelled before its first step, the sequence does not begin, and @func does not run.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_finally_full (GcMutation     *m,
                          GcSequence     *sequence,
                          GcStepFunc      func,
                          gpointer        user_data,
                          GDestroyNotify  destroy)
{
  GcObject *script;

  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  script = gc_script_new (m, func, user_data, destroy);
  return script != NULL ? set_up (gc_new (m, GcFinallySequence), sequence, NULL, script) : NULL;
}
