/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-join-private.h"

/**
 * SECTION:gc-outcome
 * @Title: GcOutcome
 * @Short_description: What one of several sequences ended with
 *
 * |[<!-- language="C" -->
 * static gpointer
 * count_failures (GcMutation *m, gpointer value, gpointer context, GError **error)
 * {
 *   GcArray *outcomes = value;
 *   int n = 0;
 *
 *   for (gsize i = 0; i < gc_array_get_length (outcomes); i++)
 *     n += gc_outcome_has_failed (gc_array_get (outcomes, i));
 *   return gc_tag_int (n);
 * }
 *
 * static GcSequence *
 * demo_count_failures (GcMutation *m, GcSequence *a, GcSequence *b)
 * {
 *   return gc_sequence_map (m, gc_sequence_all_settled (m, a, b, NULL), count_failures, NULL);
 * }
 * ]|
 *
 * An outcome is an object of the arena: an element of the result of gc_sequence_all_settled(), or the result of
 * gc_sequence_select(). It does not change.
 */

/**
 * GcOutcome: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * What one of several sequences ended with. Its fields are private.
 *
 * Since: 0.1
 */
struct _GcOutcome
{
  GcObject          parent_instance;
  GC_REF (GcObject) value;
  GC_REF (GcObject) error;      /* or NULL: a box */
  guint32           index;
};
typedef GcObjectClass GcOutcomeClass;

GC_DECLARE_CLASS_ (GcOutcome, gc_outcome)
GC_DEFINE_TYPE (GcOutcome, gc_outcome, GC_TYPE_OBJECT,
                GC_FIELD (GcOutcome, value)
                GC_FIELD (GcOutcome, error))

/* Takes the error, if any. */
GcOutcome *
gc_outcome_new (GcMutation *m,
                guint       index,
                gpointer    value,
                GError     *error)
{
  GcOutcome *self = gc_new (m, GcOutcome);

  self->index = index;
  if (error != NULL)
    gc_set (self, error, gc_word_from_error (m, error));
  else
    gc_set (self, value, value);
  return self;
}

/**
 * gc_outcome_get_index:
 * @self: an outcome
 *
 * Gives which of the sequences it is of.
 *
 * Returns: its index among them, from 0
 *
 * Since: 0.1
 */
guint
gc_outcome_get_index (GcOutcome *self)
{
  g_return_val_if_fail (GC_IS_OUTCOME (self), 0);

  return self->index;
}

/**
 * gc_outcome_has_failed:
 * @self: an outcome
 *
 * Whether the sequence failed.
 *
 * Returns: %TRUE if it ended with an error
 *
 * Since: 0.1
 */
gboolean
gc_outcome_has_failed (GcOutcome *self)
{
  g_return_val_if_fail (GC_IS_OUTCOME (self), TRUE);

  return self->error != NULL;
}

/**
 * gc_outcome_get_result: (skip)
 * @self: an outcome
 * @error: return location for an error
 *
 * Gives what the sequence ended with. The outcome keeps it alive.
 *
 * Returns: (type GcObj.Object) (transfer none) (nullable): the result: an object or a tagged word; %NULL with
 *   @error set if it failed
 *
 * Since: 0.1
 */
gpointer
gc_outcome_get_result (GcOutcome  *self,
                       GError    **error)
{
  g_return_val_if_fail (GC_IS_OUTCOME (self), NULL);

  if (self->error == NULL)
    return self->value;
  g_propagate_error (error, gc_word_dup_error (self->error));
  return NULL;
}

/**
 * gc_outcome_dup_result: (rename-to gc_outcome_get_result)
 * @self: an outcome
 * @error: return location for an error
 *
 * Gives what the sequence ended with. What is not an object is in a #GcBox.
 *
 * Returns: (transfer full) (nullable): the result; %NULL with @error set if it failed
 *
 * Since: 0.1
 */
GcObject *
gc_outcome_dup_result (GcOutcome  *self,
                       GError    **error)
{
  g_return_val_if_fail (GC_IS_OUTCOME (self), NULL);

  return gc_word_dup_object (gc_object_get_arena ((GcObject *) self), gc_outcome_get_result (self, error));
}
