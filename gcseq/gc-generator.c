/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-generator-private.h"

/**
 * SECTION:gc-generator
 * @Title: Generators
 * @Short_description: Sequences that give items on their way
 *
 * |[<!-- language="C" -->
 * GC_DEFINE_COROUTINE (Squares, squares,
 *                      GC_PARAM (gssize, n)
 *                      GC_LOCAL (gssize, i))
 *
 * GC_COROUTINE_BODY (Squares, squares)
 * {
 *   GC_BEGIN ();
 *   for (; self->i < self->n; self->i++)
 *     GC_YIELD (gc_tag_int (self->i * self->i));
 *   GC_END ();
 * }
 *
 * static gpointer
 * add (GcMutation *m, gpointer sum, gpointer item, gpointer context, GError **error)
 * {
 *   return gc_tag_int (gc_untag_int (sum) + gc_untag_int (item));
 * }
 *
 * static GcSequence *
 * sum_of_squares (GcMutation *m, gssize n)
 * {
 *   return gc_generator_fold (m, squares_new (m, n), gc_tag_int (0), add, NULL);
 * }
 * ]|
 *
 * A generator is any sequence that gives items, by gc_step_emit() or GC_YIELD(), before it ends. It is as lazy as all
 * sequences: it runs from one item to the next when somebody wants the next, so that one without an
 * end costs nothing. It may await whatever it likes in between, and items of what it awaits are
 * its own, unless it takes them.
 *
 * Functions of this page make generators; operations (gc_generator_map() and so on) make one of others, and
 * consumers (gc_generator_fold() and so on) make a sequence that uses a generator up and ends with a result. What is given to
 * one of these is its own from then on.
 *
 * A generator that is suspended refers to what it needs to go on, and is an object as others: dropped, it is collected, with
 * all cycles that go through it. gc_generator_close() ends one in time.
 */

/**
 * gc_generator_empty:
 * @m: a mutation
 *
 * Makes a generator that ends in its first step, without an item.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_empty (GcMutation *m)
{
  return gc_sequence_value (m, NULL);
}

GC_DEFINE_COROUTINE (GcOnceGenerator, once,
                     GC_PARAM_REF (GcObject, item))

GC_COROUTINE_BODY (GcOnceGenerator, once)
{
  GC_BEGIN ();
  GC_YIELD (self->item);
  GC_END ();
}

/**
 * gc_generator_once: (skip)
 * @m: a mutation
 * @item: (type GcObj.Object) (nullable): an object or a tagged word
 *
 * Makes a generator of one item, which it gives in its first step.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_once (GcMutation *m,
                   gpointer    item)
{
  g_return_val_if_fail (gc_word_is_for (item, m), NULL);

  return once_new (m, item);
}

/**
 * gc_generator_once_of: (rename-to gc_generator_once)
 * @m: a mutation
 * @item: (nullable): anything
 *
 * Makes a generator of one item, which it gives in its first step. What is not an object of the arena is put into a
 * #GcBox.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_once_of (GcMutation   *m,
                      const GValue *item)
{
  return gc_generator_once (m, gc_word_from_value (m, item));
}

/* Tagged words have 61 bits. */
static gpointer
number (GcMutation *m,
        gint64      value)
{
  gpointer word = gc_tag_int (value);

  return gc_untag_int (word) == value ? word : gc_box_new_int64 (m, value);
}

GC_DEFINE_COROUTINE (GcRangeGenerator, range,
                     GC_PARAM (gint64, i)
                     GC_PARAM (gint64, end)
                     GC_PARAM (gint64, by))

GC_COROUTINE_BODY (GcRangeGenerator, range)
{
  GC_BEGIN ();
  while (self->by > 0 ? self->i < self->end : self->i > self->end)
    {
      GC_YIELD (number (m, self->i));
      if (__builtin_add_overflow (self->i, self->by, &self->i))
        break;
    }
  GC_END ();
}

/**
 * gc_generator_range:
 * @m: a mutation
 * @start: the first number
 * @end: where to end: not one of the items
 * @step: from one number to the next; may be negative, but not 0
 *
 * Makes a generator of numbers, one a step. They are tagged integers; those that need more than 61 bits are in a #GcBox.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_range (GcMutation *m,
                    gint64      start,
                    gint64      end,
                    gint64      step)
{
  g_return_val_if_fail (step != 0, NULL);

  return range_new (m, start, end, step);
}

GC_DEFINE_COROUTINE (GcArrayGenerator, from_array,
                     GC_PARAM_REF (GcArray, array)
                     GC_LOCAL (gsize, i))

GC_COROUTINE_BODY (GcArrayGenerator, from_array)
{
  GC_BEGIN ();
  while (self->i < gc_array_get_length (self->array))
    GC_YIELD (gc_array_get (self->array, self->i++));
  GC_END ();
}

/**
 * gc_generator_from_array:
 * @m: a mutation
 * @array: an array
 *
 * Makes a generator of what is in @array, one a step, by index. If the array changes meanwhile, it gives what is there
 * when the item is wanted.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_from_array (GcMutation *m,
                         GcArray    *array)
{
  g_return_val_if_fail (GC_IS_ARRAY (array) && gc_word_is_for (array, m), NULL);

  return from_array_new (m, array);
}

/* What an item of a list model is as an item of a generator; takes the reference. */
static gpointer
take_model_item (GcMutation *m,
                 gpointer    item)
{
  g_auto (GValue) value = G_VALUE_INIT;
  gpointer object;

  if (GC_IS_HANDLE (item))
    {
      object = gc_handle_get_object (item);
      if (gc_word_is_object (object) && gc_word_is_for (object, m))
        {
          g_object_unref (item);
          return object;
        }
    }
  g_value_init (&value, G_TYPE_OBJECT);
  g_value_take_object (&value, item);
  return gc_box_new (m, &value);
}

GC_DEFINE_COROUTINE (GcListModelGenerator, from_list_model,
                     GC_PARAM_GOBJECT (GListModel, model)
                     GC_LOCAL (guint, i))

GC_COROUTINE_BODY (GcListModelGenerator, from_list_model)
{
  GC_BEGIN ();
  while (self->i < g_list_model_get_n_items (self->model))
    GC_YIELD (take_model_item (m, g_list_model_get_item (self->model, self->i++)));
  GC_END ();
}

/**
 * gc_generator_from_list_model:
 * @m: a mutation
 * @model: a list model
 *
 * Makes a generator of the items of @model, one a step, by position. Each is a #GcBox with the #GObject, but for a
 * #GcHandle of this arena, whose object is the item itself. If the model changes meanwhile, it gives what is at the next
 * position when the item is wanted. The model is asked on the runner's thread.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_from_list_model (GcMutation *m,
                              GListModel *model)
{
  g_return_val_if_fail (G_IS_LIST_MODEL (model), NULL);

  return from_list_model_new (m, model);
}

typedef struct
{
  GcSequence        parent_instance;
  GC_REF (GcObject) context;
  GcGenerateFunc    func;
} GcFuncGenerator;
typedef GcSequenceClass GcFuncGeneratorClass;

static GcStepResult
gc_func_generator_step (GcSequence  *sequence,
                        GcMutation  *m,
                        GcStep      *step,
                        GError     **error)
{
  GcFuncGenerator *self = (GcFuncGenerator *) sequence;
  gpointer item = NULL;

  if (self->func (m, &item, self->context, error))
    return gc_step_emit (step, item);
  return gc_step_done (step, NULL);
}

static void
gc_func_generator_class_init (GcSequenceClass *klass)
{
  klass->step = gc_func_generator_step;
}

GType gc_func_generator_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcFuncGenerator, gc_func_generator)
GC_DEFINE_TYPE (GcFuncGenerator, gc_func_generator, GC_TYPE_SEQUENCE,
                GC_FIELD (GcFuncGenerator, context)
                GC_CLASS_INIT (gc_func_generator_class_init))

/**
 * gc_generator_from_func: (skip)
 * @m: a mutation
 * @func: gives the next item, or says that there is none
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a generator of what @func gives. It is called in a step of its own each time that an item is wanted.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_from_func (GcMutation     *m,
                        GcGenerateFunc  func,
                        gpointer        context)
{
  GcFuncGenerator *self;

  g_return_val_if_fail (func != NULL, NULL);
  g_return_val_if_fail (gc_word_is_for (context, m), NULL);

  self = gc_new (m, GcFuncGenerator);
  if (self == NULL)
    return NULL;
  gc_set (self, context, context);
  self->func = func;
  return (GcSequence *) self;
}

/**
 * gc_generator_from_func_full: (rename-to gc_generator_from_func)
 * @m: a mutation
 * @func: (scope notified) (closure user_data) (destroy destroy): returns what gc_step_emit() returns, or at the end what
 *   gc_step_done() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a generator of what @func gives. It is called in a step of its own each time that an item is wanted; it may
 * await something before, as any function of gc_sequence_func().
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_from_func_full (GcMutation     *m,
                             GcStepFunc      func,
                             gpointer        user_data,
                             GDestroyNotify  destroy)
{
  return gc_sequence_func (m, func, user_data, destroy);
}
