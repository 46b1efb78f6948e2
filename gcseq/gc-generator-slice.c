/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-generator-private.h"
#include "gcseq/gc-generator-slice.h"

/**
 * SECTION:gc-generator-slice
 * @Title: Parts of generators
 * @Short_description: Some of the items, counted or in groups
 *
 * |[<!-- language="C" -->
 * static GcSequence *
 * second_page (GcMutation *m, GcSequence *generator)
 * {
 *   return gc_generator_collect (m, gc_generator_take (m, gc_generator_skip (m, generator, 20), 20));
 * }
 * ]|
 *
 * Operations as those of #gc-generator-ops. Those that have enough before the source has ended close it, so that what that has
 * to do finally is done then.
 */

static GcStepResult
take_want (GcStage  *self,
           GcMutation   *m,
           GcStep       *step,
           GError      **error)
{
  if (self->n == 0)
    return gc_stage_stop (self, m, step, NULL);
  self->n--;
  return gc_stage_pull (self, step);
}

static GcStepResult
give_item (GcStage  *self,
           GcMutation   *m,
           GcStep       *step,
           gpointer      item,
           GError      **error)
{
  return gc_stage_give (self, step, item);
}

GC_DEFINE_STAGE (GcTakeStage, gc_take_stage, .want = take_want, .item = give_item)

/**
 * gc_generator_take:
 * @m: a mutation
 * @generator: a generator
 * @n: how many items
 *
 * Makes a generator of the first @n items, each in the step that gives it. When one more is wanted, @generator is closed,
 * and this ends with %NULL.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_take (GcMutation *m,
                   GcSequence *generator,
                   guint64     n)
{
  g_return_val_if_fail (gc_sequence_is_for (generator, m), NULL);

  return gc_stage_count (gc_stage_new (m, GcTakeStage_gc_class_ (), generator, NULL, NULL), n);
}

static GcStepResult
skip_item (GcStage  *self,
           GcMutation   *m,
           GcStep       *step,
           gpointer      item,
           GError      **error)
{
  if (self->n == 0)
    return gc_stage_give (self, step, item);
  self->n--;
  return gc_stage_pull (self, step);
}

GC_DEFINE_STAGE (GcSkipStage, gc_skip_stage, .item = skip_item)

/**
 * gc_generator_skip:
 * @m: a mutation
 * @generator: a generator
 * @n: how many items
 *
 * Makes a generator of all items but the first @n, each in the step that gives it.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_skip (GcMutation *m,
                   GcSequence *generator,
                   guint64     n)
{
  g_return_val_if_fail (gc_sequence_is_for (generator, m), NULL);

  return gc_stage_count (gc_stage_new (m, GcSkipStage_gc_class_ (), generator, NULL, NULL), n);
}

static GcStepResult
take_while_item (GcStage  *self,
                 GcMutation   *m,
                 GcStep       *step,
                 gpointer      item,
                 GError      **error)
{
  if (gc_call_predicate (self->func, self->context, m, step, item, error))
    return gc_stage_give (self, step, item);
  return gc_stage_stop (self, m, step, NULL);
}

GC_DEFINE_STAGE (GcTakeWhileStage, gc_take_while_stage, .item = take_while_item)

/**
 * gc_generator_take_while: (skip)
 * @m: a mutation
 * @generator: a generator
 * @func: says whether to go on
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a generator of the items up to the first that @func says no to. @func runs in the step that gives the item. Then
 * @generator is closed, and this ends with %NULL.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_take_while (GcMutation      *m,
                         GcSequence      *generator,
                         GcPredicateFunc  func,
                         gpointer         context)
{
  GC_CHECK_STAGE (m, generator, func, context);

  return gc_stage_new (m, GcTakeWhileStage_gc_class_ (), generator, (GCallback) func, context);
}

/**
 * gc_generator_take_while_full: (rename-to gc_generator_take_while)
 * @m: a mutation
 * @generator: a generator
 * @func: (scope notified) (closure user_data) (destroy destroy): says whether to go on, of what gc_step_get() gives: returns
 *   what gc_step_done() returns, with something that counts as true or not
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a generator of the items up to the first that @func says no to. @func runs in the step that gives the item. Then
 * @generator is closed, and this ends with %NULL.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_take_while_full (GcMutation     *m,
                              GcSequence     *generator,
                              GcStepFunc      func,
                              gpointer        user_data,
                              GDestroyNotify  destroy)
{
  GC_CHECK_STAGE (m, generator, func, NULL);

  return gc_stage_new_script (m, GcTakeWhileStage_gc_class_ (), generator, func, user_data, destroy);
}

static GcStepResult
chunk_item (GcStage  *self,
            GcMutation   *m,
            GcStep       *step,
            gpointer      item,
            GError      **error)
{
  GcArray *chunk = (GcArray *) self->state;

  if (chunk == NULL)
    {
      chunk = gc_array_new (m);
      gc_set (self, state, chunk);
    }
  gc_array_append (chunk, item);
  if (gc_array_get_length (chunk) < self->n)
    return gc_stage_pull (self, step);
  gc_set (self, state, NULL);
  return gc_stage_give (self, step, chunk);
}

/* What is left comes as the last item, with the result kept for after it. */
static GcStepResult
chunk_end (GcStage  *self,
           GcMutation   *m,
           GcStep       *step,
           gpointer      result,
           GError      **error)
{
  GcArray *chunk = (GcArray *) self->state;

  if (chunk == NULL)
    return gc_step_done_ (step, result);
  self->is_over = TRUE;
  gc_set (self, state, result);
  return gc_stage_give (self, step, chunk);
}

static GcStepResult
chunk_want (GcStage  *self,
            GcMutation   *m,
            GcStep       *step,
            GError      **error)
{
  return self->is_over ? gc_step_done_ (step, self->state) : gc_stage_pull (self, step);
}

GC_DEFINE_STAGE (GcChunkStage, gc_chunk_stage, .want = chunk_want, .item = chunk_item, .end = chunk_end)

/**
 * gc_generator_chunk:
 * @m: a mutation
 * @generator: a generator
 * @n: how many items make a chunk: at least 1
 *
 * Makes a generator of arrays (#GcArray) of @n items each, but for the last, which has what is left. A chunk
 * comes in the step that gives its last item.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_chunk (GcMutation *m,
                    GcSequence *generator,
                    guint       n)
{
  g_return_val_if_fail (gc_sequence_is_for (generator, m), NULL);
  g_return_val_if_fail (n > 0, NULL);

  return gc_stage_count (gc_stage_new (m, GcChunkStage_gc_class_ (), generator, NULL, NULL), n);
}

static GcStepResult
enumerate_item (GcStage  *self,
                GcMutation   *m,
                GcStep       *step,
                gpointer      item,
                GError      **error)
{
  GcArray *both = gc_array_new (m);

  gc_array_append (both, gc_tag_int (self->n++));
  gc_array_append (both, item);
  return gc_stage_give (self, step, both);
}

GC_DEFINE_STAGE (GcEnumerateStage, gc_enumerate_stage, .item = enumerate_item)

/**
 * gc_generator_enumerate:
 * @m: a mutation
 * @generator: a generator
 *
 * Makes a generator of arrays (#GcArray) of two: the number of the item, counted from 0, as a tagged integer, and the
 * item. Each comes in the step that gives the item.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_enumerate (GcMutation *m,
                        GcSequence *generator)
{
  g_return_val_if_fail (gc_sequence_is_for (generator, m), NULL);

  return gc_stage_new (m, GcEnumerateStage_gc_class_ (), generator, NULL, NULL);
}
