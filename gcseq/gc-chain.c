/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-call-private.h"
#include "gcseq/gc-chain.h"

/**
 * SECTION:gc-chain
 * @Title: One after the other
 * @Short_description: Sequences that run others in turn, without a function between
 *
 * |[<!-- language="C" -->
 * static GcSequence *
 * demo_save (GcMutation *m, GcSequence *check, GcSequence *write)
 * {
 *   return gc_sequence_named (m, gc_sequence_chain (m, check, write), "saving");
 * }
 * ]|
 *
 * Each of these takes sequences, which are its from then on, and is a sequence. Those that become another are
 * over then: who takes items from them would ask an ended sequence for the next one. Generators have a chain of
 * their own.
 */

typedef struct
{
  GcSequence          parent_instance;
  GC_REF (GcSequence) child;
  GC_REF (GcSequence) second;
} GcChainSequence;
typedef GcSequenceClass GcChainSequenceClass;

static GcStepResult
gc_chain_sequence_step (GcSequence  *sequence,
                        GcMutation  *m,
                        GcStep      *step,
                        GError     **error)
{
  GcChainSequence *self = (GcChainSequence *) sequence;

  if (self->child != NULL)
    return gc_step_call_child (step, self);
  step->next = self->second;
  return GC_STEP_BECOME;
}

static void
gc_chain_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_chain_sequence_step;
  klass->flags = GC_SEQUENCE_SAME_STEP;
}

GType gc_chain_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcChainSequence, gc_chain_sequence)
GC_DEFINE_TYPE (GcChainSequence, gc_chain_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcChainSequence, child)
                GC_FIELD (GcChainSequence, second)
                GC_CLASS_INIT (gc_chain_sequence_class_init))

/**
 * gc_sequence_chain: (constructor)
 * @m: a mutation
 * @first: a sequence
 * @second: another
 *
 * Makes a sequence that runs @first and then becomes @second, whose result is its result. If @first fails, that is its
 * error, and @second does not begin. The first step of @second comes after the one in which @first ends, with no
 * step between.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_chain (GcMutation *m,
                   GcSequence *first,
                   GcSequence *second)
{
  GcChainSequence *self;

  g_return_val_if_fail (GC_IS_SEQUENCE (first), NULL);
  g_return_val_if_fail (GC_IS_SEQUENCE (second), NULL);

  self = gc_new (m, GcChainSequence);
  if (self == NULL)
    return NULL;
  g_return_val_if_fail (gc_word_is_of (first, self) && gc_word_is_of (second, self), NULL);
  gc_set (self, child, first);
  gc_set (self, second, second);
  return (GcSequence *) self;
}

/* A result that is a sequence */

typedef struct
{
  GcSequence          parent_instance;
  GC_REF (GcSequence) child;
} GcFlattenSequence;
typedef GcSequenceClass GcFlattenSequenceClass;

static GcStepResult
gc_flatten_sequence_step (GcSequence  *sequence,
                          GcMutation  *m,
                          GcStep      *step,
                          GError     **error)
{
  GcFlattenSequence *self = (GcFlattenSequence *) sequence;

  if (self->child != NULL)
    return gc_step_call_child (step, self);
  if (!gc_word_is_object (step->value) || !GC_IS_SEQUENCE (step->value))
    return gc_step_throw (step, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED, "The result is not a sequence");
  step->next = step->value;
  return GC_STEP_BECOME;
}

static void
gc_flatten_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_flatten_sequence_step;
  klass->flags = GC_SEQUENCE_SAME_STEP;
}

GType gc_flatten_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcFlattenSequence, gc_flatten_sequence)
GC_DEFINE_TYPE (GcFlattenSequence, gc_flatten_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcFlattenSequence, child)
                GC_CLASS_INIT (gc_flatten_sequence_class_init))

/**
 * gc_sequence_flatten: (constructor)
 * @m: a mutation
 * @sequence: a sequence whose result is a sequence
 *
 * Makes a sequence that becomes the result of @sequence, in the step in which that ends. Where the result is not a
 * sequence, it fails with %GC_SEQUENCE_ERROR_FAILED.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_flatten (GcMutation *m,
                     GcSequence *sequence)
{
  GcFlattenSequence *self;

  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);

  self = gc_new (m, GcFlattenSequence);
  if (self == NULL)
    return NULL;
  g_return_val_if_fail (gc_word_is_of (sequence, self), NULL);
  gc_set (self, child, sequence);
  return (GcSequence *) self;
}

/* A name */

typedef struct
{
  GcSequence          parent_instance;
  GC_REF (GcSequence) child;
  GC_REF (GcString)   name;
} GcNamedSequence;
typedef GcSequenceClass GcNamedSequenceClass;

static GcStepResult
gc_named_sequence_step (GcSequence  *sequence,
                        GcMutation  *m,
                        GcStep      *step,
                        GError     **error)
{
  GcNamedSequence *self = (GcNamedSequence *) sequence;

  return self->child != NULL ? gc_step_call_child (step, self) : GC_STEP_DONE;
}

static char *
gc_named_sequence_describe (GcSequence *sequence)
{
  return g_strdup (gc_string_get_text (((GcNamedSequence *) sequence)->name));
}

static void
gc_named_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_named_sequence_step;
  klass->describe = gc_named_sequence_describe;
  klass->flags = GC_SEQUENCE_SAME_STEP;
}

GType gc_named_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcNamedSequence, gc_named_sequence)
GC_DEFINE_TYPE (GcNamedSequence, gc_named_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcNamedSequence, child)
                GC_FIELD (GcNamedSequence, name)
                GC_CLASS_INIT (gc_named_sequence_class_init))

/**
 * gc_sequence_named: (constructor)
 * @m: a mutation
 * @sequence: a sequence
 * @name: what to call it, in UTF-8
 *
 * Makes a sequence that does what @sequence does and has a name: gc_runner_dump(), gc_run_describe() and messages
 * of errors give it, beside the sequences that are awaited inside. It ends in the step in which @sequence ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_named (GcMutation *m,
                   GcSequence *sequence,
                   const char *name)
{
  GcNamedSequence *self;

  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NULL);
  g_return_val_if_fail (name != NULL && g_utf8_validate (name, -1, NULL), NULL);

  self = gc_new (m, GcNamedSequence);
  if (self == NULL)
    return NULL;
  g_return_val_if_fail (gc_word_is_of (sequence, self), NULL);
  gc_set (self, child, sequence);
  gc_set (self, name, gc_string_new (m, name));
  return (GcSequence *) self;
}
