/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Generators by hand: pulling an item, and closing. */

#include "gcseq/gc-generator-private.h"

/**
 * GcItem: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * What gc_generator_next() ends with: an item of a generator, or its end. Its structure is private.
 *
 * Since: 0.1
 */
struct _GcItem
{
  GcObject          parent_instance;
  GC_REF (GcObject) value;
  gboolean          is_end;
};
typedef GcObjectClass GcItemClass;

GC_DECLARE_CLASS_ (GcItem, gc_item)
GC_DEFINE_TYPE (GcItem, gc_item, GC_TYPE_OBJECT,
                GC_FIELD (GcItem, value))

/**
 * gc_item_is_end:
 * @self: an item
 *
 * Whether the generator has ended, so that there is no item.
 *
 * Returns: %TRUE at the end
 *
 * Since: 0.1
 */
gboolean
gc_item_is_end (GcItem *self)
{
  g_return_val_if_fail (GC_IS_ITEM (self), TRUE);

  return self->is_end;
}

/**
 * gc_item_get_value: (skip)
 * @self: an item
 *
 * Gives the item; at the end the result of the generator.
 *
 * Returns: (type GcObj.Object) (transfer none) (nullable): an object or a tagged word
 *
 * Since: 0.1
 */
gpointer
gc_item_get_value (GcItem *self)
{
  g_return_val_if_fail (GC_IS_ITEM (self), NULL);

  return self->value;
}

/**
 * gc_item_dup_value: (rename-to gc_item_get_value)
 * @self: an item
 *
 * Gives the item; at the end the result of the generator. What is not an object is in a #GcBox.
 *
 * Returns: (transfer full) (nullable): an object
 *
 * Since: 0.1
 */
GcObject *
gc_item_dup_value (GcItem *self)
{
  g_return_val_if_fail (GC_IS_ITEM (self), NULL);

  return gc_word_dup_object (gc_object_get_arena ((GcObject *) self), self->value);
}

/* Pulling */

typedef struct
{
  GcSequence          parent_instance;
  GC_REF (GcSequence) generator;
} GcNextSequence;
typedef GcSequenceClass GcNextSequenceClass;

static gboolean
has_ended (GcSequence *sequence)
{
  return sequence->state == GC_SEQUENCE_DONE || sequence->state == GC_SEQUENCE_FAILED;
}

static GcStepResult
gc_next_sequence_step (GcSequence  *sequence,
                       GcMutation  *m,
                       GcStep      *step,
                       GError     **error)
{
  GcNextSequence *self = (GcNextSequence *) sequence;
  GcItem *item;

  if (self->generator != NULL && !has_ended (self->generator))
    {
      step->next = self->generator;
      gc_set (self, generator, NULL);
      return GC_STEP_CALL;
    }
  item = gc_new (m, GcItem);
  gc_set (item, value, step->value);
  item->is_end = !step->is_item;
  step->value = item;
  return GC_STEP_DONE;
}

static void
gc_next_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_next_sequence_step;
  klass->flags = GC_SEQUENCE_TAKES_ITEMS | GC_SEQUENCE_SAME_STEP;
}

GType gc_next_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcNextSequence, gc_next_sequence)
GC_DEFINE_TYPE (GcNextSequence, gc_next_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcNextSequence, generator)
                GC_CLASS_INIT (gc_next_sequence_class_init))

/**
 * gc_generator_next:
 * @m: a mutation
 * @generator: a sequence that gives items
 *
 * Makes a sequence that runs @generator until it gives its next item, and ends with a #GcItem that
 * has it, in the same step. When @generator ends, that is a #GcItem for which gc_item_is_end() is %TRUE and whose value is
 * the result; and so it is, with %NULL, for one that has ended before. If @generator fails, so does this.
 *
 * Unlike other operations it leaves @generator to who has it. One at a time: while an item is awaited, another
 * gc_generator_next() fails with %GC_SEQUENCE_ERROR_BUSY. Cancelling it cancels the generator.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_next (GcMutation *m,
                   GcSequence *generator)
{
  GcNextSequence *self;

  g_return_val_if_fail (gc_sequence_is_for (generator, m), NULL);

  self = gc_new (m, GcNextSequence);
  if (self != NULL)
    gc_set (self, generator, generator);
  return (GcSequence *) self;
}

/* Closing */

typedef struct
{
  GcSequence        parent_instance;
  GC_REF (GcObject) generators; /* an array, or just one */
  GC_REF (GcObject) value;      /* what to end with, */
  GError           *error;      /* unless there is an error */
  guint32           i;
  guint8            is_closing;
  guint8            was_cancelled;      /* the strand, when the error was thrown */
  guint8            is_strict;
} GcClosingSequence;
typedef GcSequenceClass GcClosingSequenceClass;

/* The first error stays. */
static void
keep_error (GcClosingSequence *self,
            GError            *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_clear_error (&error);
}

static gboolean
is_cancelled (GcStep *step)
{
  return gc_step_context (step)->strand->cancel == GC_CANCEL_DELIVERED;
}

static GcSequence *
get_generator (GcClosingSequence *self,
               guint              i)
{
  if (!GC_IS_ARRAY (self->generators))
    return i == 0 ? (GcSequence *) self->generators : NULL;
  return i < gc_array_get_length ((GcArray *) self->generators) ? gc_array_get ((GcArray *) self->generators, i) : NULL;
}

/* What came of closing one. Our own error coming back is what is expected; a cancellation of the whole
 * strand looks the same, and goes on. */
static void
settle (GcClosingSequence *self,
        GcStep            *step)
{
  if (step->error != NULL)
    {
      if (self->is_closing && self->was_cancelled == is_cancelled (step) &&
          g_error_matches (step->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_clear_error (&step->error);
      else
        keep_error (self, g_steal_pointer (&step->error));
    }
  else if (step->is_item)
    keep_error (self, gc_sequence_new_error (get_generator (self, self->i - 1), GC_SEQUENCE_ERROR_UNWANTED,
                                             "gave an item while it was closed"));
  self->is_closing = FALSE;
}

static GcStepResult
gc_closing_sequence_step (GcSequence  *sequence,
                          GcMutation  *m,
                          GcStep      *step,
                          GError     **error)
{
  GcClosingSequence *self = (GcClosingSequence *) sequence;
  GcSequence *generator;

  settle (self, step);
  while ((generator = get_generator (self, self->i)) != NULL)
    {
      self->i++;
      if (generator->state == GC_SEQUENCE_SUSPENDED || generator->state == GC_SEQUENCE_NEW)
        {
          GError cancelled = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The generator was closed" };

          self->is_closing = TRUE;
          self->was_cancelled = is_cancelled (step);
          return gc_step_throw_into (step, generator, &cancelled);
        }
      if (self->is_strict && !has_ended (generator))
        keep_error (self, gc_sequence_new_error (generator, GC_SEQUENCE_ERROR_BUSY, "is awaited by another"));
    }
  if (self->error != NULL)
    return gc_step_take_error (step, g_steal_pointer (&self->error));
  step->value = self->value;
  return GC_STEP_DONE;
}

static void
gc_closing_sequence_finalize (GcObject *object)
{
  g_clear_error (&((GcClosingSequence *) object)->error);
}

static void
gc_closing_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_closing_sequence_step;
  klass->error = gc_closing_sequence_step;
  klass->flags = GC_SEQUENCE_TAKES_ITEMS;
}

GType gc_closing_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcClosingSequence, gc_closing_sequence)
GC_DEFINE_TYPE (GcClosingSequence, gc_closing_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcClosingSequence, generators)
                GC_FIELD (GcClosingSequence, value)
                GC_FINALIZE (gc_closing_sequence_finalize)
                GC_CLASS_INIT (gc_closing_sequence_class_init))

/* What becomes of a sequence that ends while it has generators that are suspended: closes them, one or an array,
 * and ends with @value, or with @error, which it takes. It counts as begun, so that a
 * cancellation that comes before its first step does not leave them open. */
GcSequence *
gc_closing_new (GcMutation *m,
                gpointer    generators,
                gpointer    value,
                GError     *error)
{
  GcClosingSequence *self = gc_new (m, GcClosingSequence);
  GcSequence *sequence = (GcSequence *) self;

  gc_set (self, generators, generators);
  gc_set (self, value, value);
  self->error = error;
  sequence->state = GC_SEQUENCE_SUSPENDED;
  gc_set (sequence, link, sequence);
  return sequence;
}

/**
 * gc_generator_close:
 * @m: a mutation
 * @generator: a sequence that gives items
 *
 * Makes a sequence that ends @generator before it has given all of its items. %G_IO_ERROR_CANCELLED enters where it gave
 * its last item, so that what it has deferred runs, and what has to be done finally, even if that
 * takes a while. Then this ends with %NULL.
 *
 * A generator that has not begun runs no code: it is just over. One that has ended is left alone. One
 * that another awaits is %GC_SEQUENCE_ERROR_BUSY. If it fails with another error while it is closed, so does this; and
 * if it gives an item, that is %GC_SEQUENCE_ERROR_UNWANTED.
 *
 * Operations that stop early, as gc_generator_take() does, close their source themselves; so do all when they are closed or
 * cancelled, or when a function of theirs fails. What is dropped is not closed: it is collected, as anything else.
 *
 * The error enters in the step after this one's first.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_close (GcMutation *m,
                    GcSequence *generator)
{
  GcClosingSequence *self;

  g_return_val_if_fail (gc_sequence_is_for (generator, m), NULL);

  self = gc_new (m, GcClosingSequence);
  if (self == NULL)
    return NULL;
  gc_set (self, generators, generator);
  self->is_strict = TRUE;
  return (GcSequence *) self;
}
