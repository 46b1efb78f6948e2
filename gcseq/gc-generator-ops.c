/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-generator-private.h"
#include "gcseq/gc-generator-ops.h"

/**
 * SECTION:gc-generator-ops
 * @Title: Operations on generators
 * @Short_description: Generators made of the items of another
 *
 * |[<!-- language="C" -->
 * static gboolean
 * is_odd (GcMutation *m, gpointer item, gpointer context, GError **error)
 * {
 *   return gc_untag_int (item) % 2 != 0;
 * }
 *
 * static GcSequence *
 * first_odd_numbers (GcMutation *m, guint n)
 * {
 *   GcSequence *numbers = gc_generator_range (m, 0, G_MAXINT64, 1);
 *
 *   return gc_generator_collect (m, gc_generator_take (m, gc_generator_filter (m, numbers, is_odd, NULL), n));
 * }
 * ]|
 *
 * Each of these takes a generator, which is its from then on, and is a generator: see #gc-generator. A function gets
 * an item and a context, an object that is traced; languages with bindings give a #GcStepFunc, which finds the item in
 * gc_step_get() and returns what gc_step_done() returns. A function runs in the step in which the source gives the item, so
 * that a tower of operations costs one step each for passing the wish for the next item on, and none for the item itself.
 *
 * When the source ends, so do these, with its result. When a function fails, the source is closed
 * before the error goes on. None of them runs ahead: an item is pulled when one is wanted.
 */

static GcStepResult
map_item (GcStage  *self,
          GcMutation   *m,
          GcStep       *step,
          gpointer      item,
          GError      **error)
{
  return gc_stage_give (self, step, gc_call_value (self->func, self->context, m, step, item, error));
}

GC_DEFINE_STAGE (GcMapStage, gc_map_stage, .item = map_item)

/**
 * gc_generator_map: (skip)
 * @m: a mutation
 * @generator: a generator
 * @func: makes an item of an item
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a generator of what @func makes of each item, in the step that gives it. To await something for each item, use
 * gc_generator_flat_map().
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_map (GcMutation *m,
                  GcSequence *generator,
                  GcMapFunc   func,
                  gpointer    context)
{
  GC_CHECK_STAGE (m, generator, func, context);

  return gc_stage_new (m, GcMapStage_gc_class_ (), generator, (GCallback) func, context);
}

/**
 * gc_generator_map_full: (rename-to gc_generator_map)
 * @m: a mutation
 * @generator: a generator
 * @func: (scope notified) (closure user_data) (destroy destroy): makes an item of what gc_step_get() gives, and returns
 *   what gc_step_done() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a generator of what @func makes of each item, in the step that gives it. To await something for each item, use
 * gc_generator_flat_map().
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_map_full (GcMutation     *m,
                       GcSequence     *generator,
                       GcStepFunc      func,
                       gpointer        user_data,
                       GDestroyNotify  destroy)
{
  GC_CHECK_STAGE (m, generator, func, NULL);

  return gc_stage_new_script (m, GcMapStage_gc_class_ (), generator, func, user_data, destroy);
}

static GcStepResult
filter_item (GcStage  *self,
             GcMutation   *m,
             GcStep       *step,
             gpointer      item,
             GError      **error)
{
  if (gc_call_predicate (self->func, self->context, m, step, item, error))
    return gc_stage_give (self, step, item);
  return gc_stage_pull (self, step);
}

GC_DEFINE_STAGE (GcFilterStage, gc_filter_stage, .item = filter_item)

/**
 * gc_generator_filter: (skip)
 * @m: a mutation
 * @generator: a generator
 * @func: says whether to keep an item
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a generator of those items that @func says yes to, in the step that gives them.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_filter (GcMutation      *m,
                     GcSequence      *generator,
                     GcPredicateFunc  func,
                     gpointer         context)
{
  GC_CHECK_STAGE (m, generator, func, context);

  return gc_stage_new (m, GcFilterStage_gc_class_ (), generator, (GCallback) func, context);
}

/**
 * gc_generator_filter_full: (rename-to gc_generator_filter)
 * @m: a mutation
 * @generator: a generator
 * @func: (scope notified) (closure user_data) (destroy destroy): says whether to keep what gc_step_get() gives: returns what
 *   gc_step_done() returns, with something that counts as true or not
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a generator of those items that @func says yes to, in the step that gives them.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_filter_full (GcMutation     *m,
                          GcSequence     *generator,
                          GcStepFunc      func,
                          gpointer        user_data,
                          GDestroyNotify  destroy)
{
  GC_CHECK_STAGE (m, generator, func, NULL);

  return gc_stage_new_script (m, GcFilterStage_gc_class_ (), generator, func, user_data, destroy);
}

static GcStepResult
flat_map_item (GcStage  *self,
               GcMutation   *m,
               GcStep       *step,
               gpointer      item,
               GError      **error)
{
  return gc_stage_await (self, step, gc_call_sequence (self->func, self->context, m, step, item, error));
}

GC_DEFINE_STAGE (GcFlatMapStage, gc_flat_map_stage, .item = flat_map_item, .passes = TRUE)

/**
 * gc_generator_flat_map: (skip)
 * @m: a mutation
 * @generator: a generator
 * @func: makes a generator of an item
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a generator of the items of the generators that @func makes of each item, one after the other. @func
 * runs in the step that gives the item; what the generators end with is dropped. One that awaits
 * something and then gives one item is a map that awaits, and one that gives none a filter.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_flat_map (GcMutation *m,
                       GcSequence *generator,
                       GcThenFunc  func,
                       gpointer    context)
{
  GC_CHECK_STAGE (m, generator, func, context);

  return gc_stage_new (m, GcFlatMapStage_gc_class_ (), generator, (GCallback) func, context);
}

/**
 * gc_generator_flat_map_full: (rename-to gc_generator_flat_map)
 * @m: a mutation
 * @generator: a generator
 * @func: (scope notified) (closure user_data) (destroy destroy): makes a generator of what gc_step_get() gives, and returns
 *   what gc_step_become() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a generator of the items of the generators that @func makes of each item, one after the other. @func
 * runs in the step that gives the item; what the generators end with is dropped. One that awaits
 * something and then gives one item is a map that awaits, and one that gives none a filter.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_flat_map_full (GcMutation     *m,
                            GcSequence     *generator,
                            GcStepFunc      func,
                            gpointer        user_data,
                            GDestroyNotify  destroy)
{
  GC_CHECK_STAGE (m, generator, func, NULL);

  return gc_stage_new_script (m, GcFlatMapStage_gc_class_ (), generator, func, user_data, destroy);
}

static GcStepResult
scan_item (GcStage  *self,
           GcMutation   *m,
           GcStep       *step,
           gpointer      item,
           GError      **error)
{
  gc_set (self, state, gc_call_fold (self->func, self->context, m, step, self->state, item, error));
  return gc_stage_give (self, step, self->state);
}

GC_DEFINE_STAGE (GcScanStage, gc_scan_stage, .item = scan_item)

/**
 * gc_generator_scan: (skip)
 * @m: a mutation
 * @generator: a generator
 * @initial: (nullable): what there is before the first item: an object or a tagged word
 * @func: puts an item to what there is so far
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a generator of what there is after each item, as gc_generator_fold() makes it. @func runs in the step that gives
 * the item.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_scan (GcMutation *m,
                   GcSequence *generator,
                   gpointer    initial,
                   GcFoldFunc  func,
                   gpointer    context)
{
  GC_CHECK_STAGE (m, generator, func, context);
  g_return_val_if_fail (gc_word_is_for (initial, m), NULL);

  return gc_stage_keep (gc_stage_new (m, GcScanStage_gc_class_ (), generator, (GCallback) func, context),
                            initial);
}

/**
 * gc_generator_scan_full: (rename-to gc_generator_scan)
 * @m: a mutation
 * @generator: a generator
 * @initial: (nullable): what there is before the first item: anything
 * @func: (scope notified) (closure user_data) (destroy destroy): gc_step_get() gives it an array of two, what there is so far
 *   and the item; it returns what gc_step_done() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a generator of what there is after each item, as gc_generator_fold() makes it. @func runs in the step that gives
 * the item.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_scan_full (GcMutation     *m,
                        GcSequence     *generator,
                        const GValue   *initial,
                        GcStepFunc      func,
                        gpointer        user_data,
                        GDestroyNotify  destroy)
{
  gpointer word = gc_word_from_value (m, initial);

  GC_CHECK_STAGE (m, generator, func, NULL);
  g_return_val_if_fail (gc_word_is_for (word, m), NULL);

  return gc_stage_keep (gc_stage_new_script (m, GcScanStage_gc_class_ (), generator, func, user_data, destroy),
                            word);
}
