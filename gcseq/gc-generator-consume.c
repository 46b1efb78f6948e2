/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-generator-consume.h"
#include "gcseq/gc-generator-private.h"

/**
 * SECTION:gc-generator-consume
 * @Title: Consuming generators
 * @Short_description: Sequences that use a generator up and end with a result
 *
 * |[<!-- language="C" -->
 * static GcSequence *
 * print_one (GcMutation *m, gpointer item, gpointer context, GError **error)
 * {
 *   g_print ("%d\n", (int) gc_untag_int (item));
 *   return NULL;                                        // nothing to wait for
 * }
 *
 * static GcSequence *
 * print_numbers (GcMutation *m)
 * {
 *   return gc_generator_for_each (m, gc_generator_range (m, 0, 10, 1), print_one, NULL);
 * }
 * ]|
 *
 * Each of these takes a generator, which is its from then on, pulls its items, and ends with a result. A function runs
 * in the step in which the generator gives the item, and the result comes in the step in which the generator ends. Those that know
 * their result sooner close the generator and end with it once that is closed. If a function fails, the
 * generator is closed before the error goes on.
 */

static GcStepResult
collect_item (GcStage  *self,
              GcMutation   *m,
              GcStep       *step,
              gpointer      item,
              GError      **error)
{
  gc_array_append ((GcArray *) self->state, item);
  return gc_stage_pull (self, step);
}

static GcStepResult
kept_end (GcStage  *self,
          GcMutation   *m,
          GcStep       *step,
          gpointer      result,
          GError      **error)
{
  return gc_step_done_ (step, self->state);
}

GC_DEFINE_STAGE (GcCollectStage, gc_collect_stage, .item = collect_item, .end = kept_end)

/**
 * gc_generator_collect:
 * @m: a mutation
 * @generator: a generator
 *
 * Makes a sequence that ends with an array (#GcArray) of all items, in the step in which @generator ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_collect (GcMutation *m,
                      GcSequence *generator)
{
  g_return_val_if_fail (gc_sequence_is_for (generator, m), NULL);

  return gc_stage_keep (gc_stage_new (m, GcCollectStage_gc_class_ (), generator, NULL, NULL),
                            gc_array_new (m));
}

static GcStepResult
count_item (GcStage  *self,
            GcMutation   *m,
            GcStep       *step,
            gpointer      item,
            GError      **error)
{
  self->n++;
  return gc_stage_pull (self, step);
}

static GcStepResult
count_end (GcStage  *self,
           GcMutation   *m,
           GcStep       *step,
           gpointer      result,
           GError      **error)
{
  return gc_step_done_ (step, gc_tag_int (self->n));
}

GC_DEFINE_STAGE (GcCountStage, gc_count_stage, .item = count_item, .end = count_end)

/**
 * gc_generator_count:
 * @m: a mutation
 * @generator: a generator
 *
 * Makes a sequence that ends with how many items there are, a tagged integer, in the step in which @generator ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_count (GcMutation *m,
                    GcSequence *generator)
{
  g_return_val_if_fail (gc_sequence_is_for (generator, m), NULL);

  return gc_stage_new (m, GcCountStage_gc_class_ (), generator, NULL, NULL);
}

static GcStepResult
fold_item (GcStage  *self,
           GcMutation   *m,
           GcStep       *step,
           gpointer      item,
           GError      **error)
{
  gc_set (self, state, gc_call_fold (self->func, self->context, m, step, self->state, item, error));
  return gc_stage_pull (self, step);
}

GC_DEFINE_STAGE (GcFoldStage, gc_fold_stage, .item = fold_item, .end = kept_end)

/**
 * gc_generator_fold: (skip)
 * @m: a mutation
 * @generator: a generator
 * @initial: (nullable): what there is before the first item: an object or a tagged word
 * @func: puts an item to what there is so far
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that ends with what @func makes of all items, beginning with @initial. @func runs in the step that gives
 * the item; the result comes in the step in which @generator ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_fold (GcMutation *m,
                   GcSequence *generator,
                   gpointer    initial,
                   GcFoldFunc  func,
                   gpointer    context)
{
  GC_CHECK_STAGE (m, generator, func, context);
  g_return_val_if_fail (gc_word_is_for (initial, m), NULL);

  return gc_stage_keep (gc_stage_new (m, GcFoldStage_gc_class_ (), generator, (GCallback) func, context),
                            initial);
}

/**
 * gc_generator_fold_full: (rename-to gc_generator_fold)
 * @m: a mutation
 * @generator: a generator
 * @initial: (nullable): what there is before the first item: anything
 * @func: (scope notified) (closure user_data) (destroy destroy): gc_step_get() gives it an array of two, what there is so
 *   far and the item; it returns what gc_step_done() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that ends with what @func makes of all items, beginning with @initial. @func runs in the step that gives
 * the item; the result comes in the step in which @generator ends.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_fold_full (GcMutation    *m,
                        GcSequence    *generator,
                        const GValue  *initial,
                        GcStepFunc     func,
                        gpointer       user_data,
                        GDestroyNotify destroy)
{
  gpointer word = gc_word_from_value (m, initial);

  GC_CHECK_STAGE (m, generator, func, NULL);
  g_return_val_if_fail (gc_word_is_for (word, m), NULL);

  return gc_stage_keep (gc_stage_new_script (m, GcFoldStage_gc_class_ (), generator, func, user_data, destroy),
                            word);
}

static GcStepResult
for_each_item (GcStage  *self,
               GcMutation   *m,
               GcStep       *step,
               gpointer      item,
               GError      **error)
{
  GcSequence *sequence = gc_call_round (self->func, self->context, m, step, item, error);

  return sequence != NULL ? gc_stage_await (self, step, sequence) : gc_stage_pull (self, step);
}

GC_DEFINE_STAGE (GcForEachStage, gc_for_each_stage, .item = for_each_item)

/**
 * gc_generator_for_each: (skip)
 * @m: a mutation
 * @generator: a generator
 * @func: does something with an item, or makes a sequence that does; %NULL if there is nothing to await
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that calls @func for each item, in the step that gives it, and awaits what @func returns before it pulls
 * the next. It ends with what @generator ends with.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_for_each (GcMutation *m,
                       GcSequence *generator,
                       GcThenFunc  func,
                       gpointer    context)
{
  GC_CHECK_STAGE (m, generator, func, context);

  return gc_stage_new (m, GcForEachStage_gc_class_ (), generator, (GCallback) func, context);
}

/**
 * gc_generator_for_each_full: (rename-to gc_generator_for_each)
 * @m: a mutation
 * @generator: a generator
 * @func: (scope notified) (closure user_data) (destroy destroy): does something with what gc_step_get() gives; returns what
 *   gc_step_become() returns for something to await, and what gc_step_done() returns if there is nothing
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that calls @func for each item, in the step that gives it, and awaits what @func returns before it pulls
 * the next. It ends with what @generator ends with.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_for_each_full (GcMutation    *m,
                            GcSequence    *generator,
                            GcStepFunc     func,
                            gpointer       user_data,
                            GDestroyNotify destroy)
{
  GC_CHECK_STAGE (m, generator, func, NULL);

  return gc_stage_new_script (m, GcForEachStage_gc_class_ (), generator, func, user_data, destroy);
}

static GcStepResult
find_item (GcStage  *self,
           GcMutation   *m,
           GcStep       *step,
           gpointer      item,
           GError      **error)
{
  if (gc_call_predicate (self->func, self->context, m, step, item, error))
    return gc_stage_stop (self, m, step, item);
  return gc_stage_pull (self, step);
}

static GcStepResult
find_end (GcStage  *self,
          GcMutation   *m,
          GcStep       *step,
          gpointer      result,
          GError      **error)
{
  return gc_step_done_ (step, NULL);
}

GC_DEFINE_STAGE (GcFindStage, gc_find_stage, .item = find_item, .end = find_end)

/**
 * gc_generator_find: (skip)
 * @m: a mutation
 * @generator: a generator
 * @func: says whether an item is the one
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that ends with the first item that @func says yes to, or with %NULL if there is none. @func runs in the step
 * that gives the item. What was found is the result once @generator is closed.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_find (GcMutation     *m,
                   GcSequence     *generator,
                   GcPredicateFunc func,
                   gpointer        context)
{
  GC_CHECK_STAGE (m, generator, func, context);

  return gc_stage_new (m, GcFindStage_gc_class_ (), generator, (GCallback) func, context);
}

/**
 * gc_generator_find_full: (rename-to gc_generator_find)
 * @m: a mutation
 * @generator: a generator
 * @func: (scope notified) (closure user_data) (destroy destroy): says whether it is the one, of what gc_step_get() gives, and returns
 *   what gc_step_done() returns, with something that counts as true or not
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that ends with the first item that @func says yes to, or with %NULL if there is none. @func runs in the step
 * that gives the item. What was found is the result once @generator is closed.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_find_full (GcMutation    *m,
                        GcSequence    *generator,
                        GcStepFunc     func,
                        gpointer       user_data,
                        GDestroyNotify destroy)
{
  GC_CHECK_STAGE (m, generator, func, NULL);

  return gc_stage_new_script (m, GcFindStage_gc_class_ (), generator, func, user_data, destroy);
}

static GcStepResult
any_match_item (GcStage  *self,
                GcMutation   *m,
                GcStep       *step,
                gpointer      item,
                GError      **error)
{
  if (gc_call_predicate (self->func, self->context, m, step, item, error))
    return gc_stage_stop (self, m, step, gc_tag_int (1));
  return gc_stage_pull (self, step);
}

static GcStepResult
any_match_end (GcStage  *self,
               GcMutation   *m,
               GcStep       *step,
               gpointer      result,
               GError      **error)
{
  return gc_step_done_ (step, gc_tag_int (0));
}

GC_DEFINE_STAGE (GcAnyMatchStage, gc_any_match_stage, .item = any_match_item, .end = any_match_end)

/**
 * gc_generator_any_match: (skip)
 * @m: a mutation
 * @generator: a generator
 * @func: says yes or no to an item
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that ends with 1, a tagged integer, if @func says yes to an item, and with 0 if to none. @func runs in the
 * step that gives the item. The first yes closes @generator.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_any_match (GcMutation     *m,
                        GcSequence     *generator,
                        GcPredicateFunc func,
                        gpointer        context)
{
  GC_CHECK_STAGE (m, generator, func, context);

  return gc_stage_new (m, GcAnyMatchStage_gc_class_ (), generator, (GCallback) func, context);
}

/**
 * gc_generator_any_match_full: (rename-to gc_generator_any_match)
 * @m: a mutation
 * @generator: a generator
 * @func: (scope notified) (closure user_data) (destroy destroy): says yes or no, of what gc_step_get() gives, and returns
 *   what gc_step_done() returns, with something that counts as true or not
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that ends with 1, a tagged integer, if @func says yes to an item, and with 0 if to none. @func runs in the
 * step that gives the item. The first yes closes @generator.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_any_match_full (GcMutation    *m,
                             GcSequence    *generator,
                             GcStepFunc     func,
                             gpointer       user_data,
                             GDestroyNotify destroy)
{
  GC_CHECK_STAGE (m, generator, func, NULL);

  return gc_stage_new_script (m, GcAnyMatchStage_gc_class_ (), generator, func, user_data, destroy);
}

static GcStepResult
all_match_item (GcStage  *self,
                GcMutation   *m,
                GcStep       *step,
                gpointer      item,
                GError      **error)
{
  if (!gc_call_predicate (self->func, self->context, m, step, item, error))
    return gc_stage_stop (self, m, step, gc_tag_int (0));
  return gc_stage_pull (self, step);
}

static GcStepResult
all_match_end (GcStage  *self,
               GcMutation   *m,
               GcStep       *step,
               gpointer      result,
               GError      **error)
{
  return gc_step_done_ (step, gc_tag_int (1));
}

GC_DEFINE_STAGE (GcAllMatchStage, gc_all_match_stage, .item = all_match_item, .end = all_match_end)

/**
 * gc_generator_all_match: (skip)
 * @m: a mutation
 * @generator: a generator
 * @func: says yes or no to an item
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that ends with 1, a tagged integer, if @func says yes to all items, and with 0 if not. @func runs in the
 * step that gives the item. The first no closes @generator.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_all_match (GcMutation     *m,
                        GcSequence     *generator,
                        GcPredicateFunc func,
                        gpointer        context)
{
  GC_CHECK_STAGE (m, generator, func, context);

  return gc_stage_new (m, GcAllMatchStage_gc_class_ (), generator, (GCallback) func, context);
}

/**
 * gc_generator_all_match_full: (rename-to gc_generator_all_match)
 * @m: a mutation
 * @generator: a generator
 * @func: (scope notified) (closure user_data) (destroy destroy): says yes or no, of what gc_step_get() gives, and returns
 *   what gc_step_done() returns, with something that counts as true or not
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that ends with 1, a tagged integer, if @func says yes to all items, and with 0 if not. @func runs in the
 * step that gives the item. The first no closes @generator.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_all_match_full (GcMutation    *m,
                             GcSequence    *generator,
                             GcStepFunc     func,
                             gpointer       user_data,
                             GDestroyNotify destroy)
{
  GC_CHECK_STAGE (m, generator, func, NULL);

  return gc_stage_new_script (m, GcAllMatchStage_gc_class_ (), generator, func, user_data, destroy);
}
