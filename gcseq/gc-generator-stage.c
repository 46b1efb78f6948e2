/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What operations on generators have in common: see gc-generator-private.h. */

#include "gcseq/gc-generator-private.h"

/* Gives an item. */
GcStepResult
gc_stage_give (GcStage *self,
                   GcStep      *step,
                   gpointer     item)
{
  self->phase = GC_STAGE_IDLE;
  step->value = item;
  return GC_STEP_YIELD;
}

/* Runs the source until it gives the next item. */
GcStepResult
gc_stage_pull (GcStage *self,
                   GcStep      *step)
{
  self->phase = GC_STAGE_PULLS;
  step->next = self->source;
  return GC_STEP_CALL;
}

/* Runs another sequence before the next item. */
GcStepResult
gc_stage_await (GcStage *self,
                    GcStep      *step,
                    GcSequence  *other)
{
  self->phase = GC_STAGE_AWAITS;
  if (self->other != other)
    gc_set (self, other, other);
  step->next = other;
  return GC_STEP_CALL;
}

/* Whether there is something to close. */
static gboolean
is_open (GcSequence *sequence)
{
  return sequence != NULL && sequence->state == GC_SEQUENCE_SUSPENDED;
}

/* Closes what is open and ends with @value, or with @error, which it takes. */
static GcStepResult
close_and_end (GcStage *self,
               GcMutation  *m,
               GcStep      *step,
               gpointer     value,
               GError      *error)
{
  gpointer generators = self->source;

  if (is_open (self->other))
    {
      generators = gc_array_new (m);
      gc_array_append (generators, self->other);
      gc_array_append (generators, self->source);
    }
  step->next = gc_closing_new (m, generators, value, error);
  return GC_STEP_BECOME;
}

/* Ends with @value before the source has ended. */
GcStepResult
gc_stage_stop (GcStage *self,
                   GcMutation  *m,
                   GcStep      *step,
                   gpointer     value)
{
  return close_and_end (self, m, step, value, NULL);
}

/* Fails with the error that entered, once what is open is closed. */
static GcStepResult
gc_stage_error (GcSequence  *sequence,
                    GcMutation  *m,
                    GcStep      *step,
                    GError     **error)
{
  GcStage *self = (GcStage *) sequence;

  if (!is_open (self->source) && !is_open (self->other))
    return GC_STEP_FAILED;
  return close_and_end (self, m, step, NULL, g_steal_pointer (&step->error));
}

static GcStepResult
go_on (GcStage  *self,
       GcMutation   *m,
       GcStep       *step,
       GError      **error)
{
  GcStageClass *klass = (GcStageClass *) gc_sequence_class_of (self);
  gpointer value = step->value;

  switch ((GcStagePhase) self->phase)
    {
    case GC_STAGE_PULLS:
      if (step->is_item)
        return klass->item (self, m, step, value, error);
      return klass->end != NULL ? klass->end (self, m, step, value, error) : GC_STEP_DONE;

    case GC_STAGE_AWAITS:
      if (!step->is_item)
        {
          gc_set (self, other, NULL);
          return klass->other != NULL ? klass->other (self, m, step, value, error) : gc_stage_pull (self, step);
        }
      if (!klass->passes)
        {
          *error = gc_sequence_new_error (self->other, GC_SEQUENCE_ERROR_UNWANTED, "gave an item that nobody takes");
          return GC_STEP_FAILED;
        }
      self->phase = GC_STAGE_PASSES;
      return GC_STEP_YIELD;

    case GC_STAGE_PASSES:
      return gc_stage_await (self, step, self->other);

    case GC_STAGE_IDLE:
    default:
      return klass->want != NULL ? klass->want (self, m, step, error) : gc_stage_pull (self, step);
    }
}

static GcStepResult
gc_stage_step (GcSequence  *sequence,
                   GcMutation  *m,
                   GcStep      *step,
                   GError     **error)
{
  GcStepResult result = go_on ((GcStage *) sequence, m, step, error);

  if (G_LIKELY (*error == NULL && step->error == NULL))
    return result;
  if (*error != NULL)
    {
      g_clear_error (&step->error);
      step->error = g_steal_pointer (error);
    }
  return gc_stage_error (sequence, m, step, error);
}

static void
gc_stage_class_init (GcSequenceClass *klass)
{
  klass->step = gc_stage_step;
  klass->error = gc_stage_error;
  klass->flags = GC_SEQUENCE_TAKES_ITEMS | GC_SEQUENCE_SAME_STEP;
}

GC_DEFINE_ABSTRACT_TYPE (GcStage, gc_stage, GC_TYPE_SEQUENCE,
                         GC_FIELD (GcStage, source)
                         GC_FIELD (GcStage, other)
                         GC_FIELD (GcStage, context)
                         GC_FIELD (GcStage, state)
                         GC_CLASS_INIT (gc_stage_class_init))

GcSequence *
gc_stage_new (GcMutation    *m,
                  GcObjectClass *klass,
                  GcSequence    *source,
                  GCallback      func,
                  gpointer       context)
{
  GcStage *self = gc_object_new_of_class (m, klass);

  if (self == NULL)
    return NULL;
  gc_set (self, source, source);
  gc_set (self, context, context);
  self->func = func;
  return (GcSequence *) self;
}

/* The same with a function of a script. */
GcSequence *
gc_stage_new_script (GcMutation     *m,
                         GcObjectClass  *klass,
                         GcSequence     *source,
                         GcStepFunc      func,
                         gpointer        user_data,
                         GDestroyNotify  destroy)
{
  GcObject *script = gc_script_new (m, func, user_data, destroy);

  return script != NULL ? gc_stage_new (m, klass, source, NULL, script) : NULL;
}
