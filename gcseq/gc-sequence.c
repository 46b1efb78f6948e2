/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-strand-private.h"

/**
 * SECTION:gc-sequence
 * @Title: GcSequence
 * @Short_description: A computation cut into steps, with a safe point between them
 *
 * |[<!-- language="C" -->
 * GC_DECLARE_TYPE (DemoCount, demo_count, DEMO, COUNT, GcSequence)
 *
 * struct _DemoCount
 * {
 *   GcSequence parent_instance;
 *   int        n;
 * };
 *
 * static GcStepResult
 * demo_count_step (GcSequence *sequence, GcMutation *m, GcStep *step, GError **error)
 * {
 *   DemoCount *self = DEMO_COUNT (sequence);
 *
 *   if (self->n-- > 0)
 *     return GC_STEP_CONTINUE;
 *   return gc_step_done (step, NULL);
 * }
 *
 * static void
 * demo_count_class_init (GcSequenceClass *klass)
 * {
 *   klass->step = demo_count_step;
 * }
 *
 * GC_DEFINE_TYPE (DemoCount, demo_count, GC_TYPE_SEQUENCE,
 *                 GC_CLASS_INIT (demo_count_class_init))
 * ]|
 *
 * A sequence is an object of an arena. It is lazy: making one runs nothing, and no user code ever runs inside
 * a constructor. A #GcRunner runs it, or another sequence that calls it: each step of it is a call of
 * #GcSequenceClass.step, inside a mutation scope, and says what comes next. Between two steps is a
 * safe point, where the collector is paid; so an endless sequence lives in a bounded heap.
 *
 * A sequence runs once. Calling one that has ended is %GC_SEQUENCE_ERROR_FINISHED, one that
 * belongs to somebody else %GC_SEQUENCE_ERROR_BUSY.
 *
 * Most programs write coroutines (GC_DEFINE_COROUTINE()) and combine the sequences that the
 * library has; a class of one's own, as above, is what these are made of.
 *
 * What a sequence refers to is traced like the fields of any object: cycles among sequences, their contexts and
 * their results are reclaimed, and dropping a sequence half-way is enough to end it.
 */

/**
 * GcSequence: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * A computation cut into steps. Its fields are private.
 *
 * Since: 0.1
 */

/* Only the driver steps, and no script may: of whom the runner's state says nothing, with
 * whichever step it has kept. */
/**
 * GcSequenceClass::step: (skip)
 * @self: a sequence
 * @m: the mutation
 * @step: what goes in and out
 * @error: return location for an error
 *
 * Runs a step. See #GcSequenceClass.
 *
 * Returns: what comes next
 */

/**
 * GcSequenceClass::error: (skip)
 * @self: a sequence
 * @m: the mutation
 * @step: what goes in and out
 * @error: return location for an error
 *
 * Runs a step that begins with an error. See #GcSequenceClass.
 *
 * Returns: what comes next
 */

/**
 * GcSequenceClass::cancel: (skip)
 * @self: a sequence
 * @m: the mutation
 * @step: what goes in and out
 * @error: return location for an error
 *
 * Runs the step in which a cancellation arrives. See #GcSequenceClass.
 *
 * Returns: what comes next
 */

/**
 * GcSequenceClass::describe: (skip)
 * @self: a sequence
 *
 * Tells what the sequence is. See #GcSequenceClass.
 *
 * Returns: (transfer full): the description
 */

static GcStepResult
gc_sequence_real_step (GcSequence  *self,
                       GcMutation  *m,
                       GcStep      *step,
                       GError     **error)
{
  return gc_step_take_error (step, gc_sequence_new_error (self, GC_SEQUENCE_ERROR_FAILED, "has no step function"));
}

static void
gc_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_sequence_real_step;
}

GC_DEFINE_ABSTRACT_TYPE (GcSequence, gc_sequence, GC_TYPE_OBJECT,
                         GC_FIELD (GcSequence, link)
                         GC_CLASS_INIT (gc_sequence_class_init))

G_STATIC_ASSERT (sizeof (GcSequence) == 24);

GError *
gc_sequence_new_error (GcSequence *self,
                       int         code,
                       const char *what)
{
  g_autofree char *description = gc_sequence_describe (self);

  return g_error_new (GC_SEQUENCE_ERROR, code, "%s %s", description, what);
}

/**
 * gc_sequence_get_state:
 * @self: a sequence
 *
 * Gives where the sequence is.
 *
 * Returns: the state
 *
 * Since: 0.1
 */
GcSequenceState
gc_sequence_get_state (GcSequence *self)
{
  g_return_val_if_fail (GC_IS_SEQUENCE (self), GC_SEQUENCE_FAILED);

  return self->state;
}

/**
 * gc_sequence_describe:
 * @self: a sequence
 *
 * Tells in a few words what the sequence is: its name where it was given one, or the name of
 * its type.
 *
 * Returns: (transfer full): the description
 *
 * Since: 0.1
 */
char *
gc_sequence_describe (GcSequence *self)
{
  GcSequenceClass *klass;
  char *description = NULL;

  g_return_val_if_fail (GC_IS_SEQUENCE (self), NULL);

  klass = gc_sequence_class_of (self);
  if (klass->describe != NULL)
    description = klass->describe (self);
  return description != NULL ? description : g_strdup (G_OBJECT_TYPE_NAME (self));
}
