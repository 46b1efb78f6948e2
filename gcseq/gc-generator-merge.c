/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-generator-merge.h"
#include "gcseq/gc-generator-private.h"

/**
 * SECTION:gc-generator-merge
 * @Title: Several generators
 * @Short_description: One generator made of several, in turn or side by side
 *
 * |[<!-- language="C" -->
 * static GcSequence *
 * numbered (GcMutation *m, GcSequence *names)
 * {
 *   return gc_generator_zip (m, gc_generator_range (m, 1, G_MAXINT64, 1), names, NULL);
 * }
 * ]|
 *
 * The generators that these take are theirs from then on. Whatever ends one of these, the end of a source, an error, a
 * cancellation or gc_generator_close(), those that have not ended are closed first.
 */

/* The generators as an array; NULL if one can't be taken. */
static GcArray *
list_sources (GcMutation  *m,
              GcSequence **generators,
              gsize        n)
{
  GcArray *sources = gc_array_new (m);

  for (gsize i = 0; i < n; i++)
    {
      if (sources == NULL || !gc_sequence_is_for (generators[i], m))
        return NULL;
      gc_array_append (sources, generators[i]);
    }
  return sources;
}

static GcArray *
list_sources_va (GcMutation *m,
                 GcSequence *first,
                 va_list     args)
{
  GcArray *sources = gc_array_new (m);

  for (GcSequence *generator = first; generator != NULL; generator = va_arg (args, GcSequence *))
    {
      if (sources == NULL || !gc_sequence_is_for (generator, m))
        return NULL;
      gc_array_append (sources, generator);
    }
  return sources;
}

/* In the coroutines below: ends with what was caught, once all is closed. */
#define FAIL_CLOSED() GC_BECOME (gc_closing_new (m, self->sources, NULL, g_steal_pointer (&step->caught)))

/* One after the other: items pass by. */

GC_DEFINE_COROUTINE (GcChainGenerator, chain,
                     GC_PARAM_REF (GcArray, sources)
                     GC_LOCAL (gsize, i))

GC_COROUTINE_BODY (GcChainGenerator, chain)
{
  GC_BEGIN ();
  while (self->i < gc_array_get_length (self->sources))
    GC_AWAIT_OR_ANY (gc_array_get (self->sources, self->i++))
      FAIL_CLOSED ();
  GC_END ();
}

/**
 * gc_generator_chain: (skip)
 * @m: a mutation
 * @first: (nullable): a generator
 * @...: more of them, %NULL at the end
 *
 * Makes a generator of the items of several, one after the other, each in the step that gives it. A generator begins in the
 * second step after the one in which that before it ends.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_chain (GcMutation *m,
                    GcSequence *first,
                    ...)
{
  GcArray *sources;
  va_list args;

  va_start (args, first);
  sources = list_sources_va (m, first, args);
  va_end (args);
  g_return_val_if_fail (sources != NULL, NULL);

  return chain_new (m, sources);
}

/**
 * gc_generator_chain_array: (rename-to gc_generator_chain)
 * @m: a mutation
 * @generators: (array length=n): generators
 * @n: how many
 *
 * Makes a generator of the items of several, one after the other, each in the step that gives it. A generator begins in the
 * second step after the one in which that before it ends.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_chain_array (GcMutation  *m,
                          GcSequence **generators,
                          gsize        n)
{
  GcArray *sources = list_sources (m, generators, n);

  g_return_val_if_fail (sources != NULL, NULL);

  return chain_new (m, sources);
}

/* Side by side, in step */

GC_DEFINE_COROUTINE_WITH_FLAGS (GcZipGenerator, zip, GC_SEQUENCE_TAKES_ITEMS | GC_SEQUENCE_SAME_STEP,
                                GC_PARAM_REF (GcArray, sources)
                                GC_LOCAL_REF (GcArray, items)
                                GC_LOCAL (gsize, i))

GC_COROUTINE_BODY (GcZipGenerator, zip)
{
  GC_BEGIN ();
  while (gc_array_get_length (self->sources) > 0)
    {
      gc_set (self, items, gc_array_new (m));
      for (self->i = 0; self->i < gc_array_get_length (self->sources); self->i++)
        {
          GC_AWAIT_OR_ANY (gc_array_get (self->sources, self->i))
            FAIL_CLOSED ();
          if (!GC_HAS_ITEM)
            GC_BECOME (gc_closing_new (m, self->sources, NULL, NULL));
          gc_array_append (self->items, GC_RESULT);
        }
      GC_YIELD_OR_ANY (self->items)
        FAIL_CLOSED ();
    }
  GC_END ();
}

/**
 * gc_generator_zip: (skip)
 * @m: a mutation
 * @first: (nullable): a generator
 * @...: more of them, %NULL at the end
 *
 * Makes a generator of arrays (#GcArray) with one item of each generator. They are pulled one after the other, in that order; the
 * array comes in the step in which the last gives its item. When one ends, the others are closed, and this ends.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_zip (GcMutation *m,
                  GcSequence *first,
                  ...)
{
  GcArray *sources;
  va_list args;

  va_start (args, first);
  sources = list_sources_va (m, first, args);
  va_end (args);
  g_return_val_if_fail (sources != NULL, NULL);

  return zip_new (m, sources);
}

/**
 * gc_generator_zip_array: (rename-to gc_generator_zip)
 * @m: a mutation
 * @generators: (array length=n): generators
 * @n: how many
 *
 * Makes a generator of arrays (#GcArray) with one item of each generator. They are pulled one after the other, in that order; the
 * array comes in the step in which the last gives its item. When one ends, the others are closed, and this ends.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_zip_array (GcMutation  *m,
                        GcSequence **generators,
                        gsize        n)
{
  GcArray *sources = list_sources (m, generators, n);

  g_return_val_if_fail (sources != NULL, NULL);

  return zip_new (m, sources);
}

/* Side by side, as they come: each source is run by a child, until it gives an item. It runs on only when that
 * was handed on and the next is wanted. */

typedef struct
{
  GcSequence           parent_instance;
  GC_REF (GcArray)     sources; /* those that may have to be closed */
  GC_REF (GcArray)     running; /* by a child's index: the source that it runs */
  GC_REF (GcTaskGroup) group;
  GC_REF (GcSequence)  last;    /* whose item is out */
  GC_REF (GcSequence)  outer;   /* or NULL: its items are the sources */
  GError              *error;   /* what it fails with once its children have ended */
  guint32              limit;   /* of sources that outer gave */
  guint32              n_inner; /* these */
  guint8               is_outer_idle;
  guint8               is_failing;
} GcMergeGenerator;
typedef GcSequenceClass GcMergeGeneratorClass;

/* Has the source run until it gives an item. */
static void
run_source (GcMergeGenerator *self,
            GcMutation       *m,
            GcStep           *step,
            GcSequence       *source)
{
  guint index = gc_task_group_spawn (self->group, step, gc_generator_next (m, source));

  while (index >= gc_array_get_length (self->running))
    gc_array_append (self->running, NULL);
  gc_array_set (self->running, index, source);
}

static void
begin (GcMergeGenerator *self,
       GcMutation       *m,
       GcStep           *step)
{
  gc_set (self, group, gc_task_group_new (m));
  gc_set (self, running, gc_array_new (m));
  for (gsize i = 0; i < gc_array_get_length (self->sources); i++)
    run_source (self, m, step, gc_array_get (self->sources, i));
}

static void
begin_failing (GcMergeGenerator *self,
               GcStep           *step)
{
  if (self->is_failing)         /* the first error stays */
    {
      g_clear_error (&step->error);
      return;
    }
  self->is_failing = TRUE;
  self->error = g_steal_pointer (&step->error);
  if (self->group != NULL)
    gc_task_group_cancel (self->group);
}

/* The generator of generators has given one, or may give another now. */
static void
go_on_with_outer (GcMergeGenerator *self,
                  GcMutation       *m,
                  GcStep           *step,
                  GcSequence       *inner)
{
  if (inner != NULL)
    {
      gc_array_append (self->sources, inner);
      self->n_inner++;
      run_source (self, m, step, inner);
    }
  self->is_outer_idle = self->n_inner >= self->limit;
  if (!self->is_outer_idle)
    run_source (self, m, step, self->outer);
}

/* A source has ended. */
static void
drop_source (GcMergeGenerator *self,
             GcMutation       *m,
             GcStep           *step,
             GcSequence       *source)
{
  if (self->outer == NULL)
    return;
  if (source == self->outer)
    {
      gc_set (self, outer, NULL);
      return;
    }
  gc_array_remove (self->sources, gc_array_index_of (self->sources, source));
  self->n_inner--;
  if (self->is_outer_idle)
    go_on_with_outer (self, m, step, NULL);
}

/* Takes what children have ended with; TRUE if there is an item, which is in step->value then. */
static gboolean
take_item (GcMergeGenerator *self,
           GcMutation       *m,
           GcStep           *step)
{
  guint index;

  while (gc_task_group_next (self->group, step, &index))
    {
      GcSequence *source = gc_array_get (self->running, index);
      GcItem *item = step->value;

      if (step->error != NULL || self->is_failing)
        begin_failing (self, step);
      else if (gc_item_is_end (item))
        drop_source (self, m, step, source);
      else if (source != self->outer)
        {
          gc_set (self, last, source);
          step->value = gc_item_get_value (item);
          return TRUE;
        }
      else if (gc_sequence_is_for (gc_item_get_value (item), m))
        go_on_with_outer (self, m, step, gc_item_get_value (item));
      else
        {
          step->error = g_error_new_literal (GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED,
                                             "An item of the generator is not a generator");
          begin_failing (self, step);
        }
    }
  return FALSE;
}

static GcStepResult
gc_merge_generator_step (GcSequence  *sequence,
                         GcMutation  *m,
                         GcStep      *step,
                         GError     **error)
{
  GcMergeGenerator *self = (GcMergeGenerator *) sequence;

  if (step->error != NULL)
    begin_failing (self, step);
  else if (self->group == NULL)
    begin (self, m, step);
  if (self->last != NULL && !self->is_failing)
    {
      run_source (self, m, step, self->last);
      gc_set (self, last, NULL);
    }
  if (self->group != NULL && take_item (self, m, step))
    return gc_step_emit (step, step->value);
  if (self->group != NULL && gc_task_group_get_n_live (self->group) > 0)
    return GC_STEP_WAIT;
  if (!self->is_failing)
    return gc_step_done (step, NULL);
  step->next = gc_closing_new (m, self->sources, NULL, g_steal_pointer (&self->error));
  return GC_STEP_BECOME;
}

static void
gc_merge_generator_finalize (GcObject *object)
{
  g_clear_error (&((GcMergeGenerator *) object)->error);
}

static void
gc_merge_generator_class_init (GcSequenceClass *klass)
{
  klass->step = gc_merge_generator_step;
  klass->error = gc_merge_generator_step;
}

GType gc_merge_generator_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcMergeGenerator, gc_merge_generator)
GC_DEFINE_TYPE (GcMergeGenerator, gc_merge_generator, GC_TYPE_SEQUENCE,
                GC_FIELD (GcMergeGenerator, sources)
                GC_FIELD (GcMergeGenerator, running)
                GC_FIELD (GcMergeGenerator, group)
                GC_FIELD (GcMergeGenerator, last)
                GC_FIELD (GcMergeGenerator, outer)
                GC_FINALIZE (gc_merge_generator_finalize)
                GC_CLASS_INIT (gc_merge_generator_class_init))

static GcMergeGenerator *
merge_new (GcMutation *m,
           GcArray    *sources)
{
  GcMergeGenerator *self = gc_new (m, GcMergeGenerator);

  if (self != NULL)
    gc_set (self, sources, sources);
  return self;
}

/**
 * gc_generator_merge: (skip)
 * @m: a mutation
 * @first: (nullable): a generator
 * @...: more of them, %NULL at the end
 *
 * Makes a generator of the items of several that run side by side, each handed on as it comes; two that come at the same time in
 * the order in which they came. A generator runs on when its item was handed on and one more is wanted, so that none
 * is ahead by more than one item, and none can crowd out others. This ends with %NULL when all have ended. When one
 * fails, the others are cancelled, or closed if they have given an item, and awaited.
 *
 * An item comes in the step after the one that gives it, or later if others are ahead.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_merge (GcMutation *m,
                    GcSequence *first,
                    ...)
{
  GcArray *sources;
  va_list args;

  va_start (args, first);
  sources = list_sources_va (m, first, args);
  va_end (args);
  g_return_val_if_fail (sources != NULL, NULL);

  return (GcSequence *) merge_new (m, sources);
}

/**
 * gc_generator_merge_array: (rename-to gc_generator_merge)
 * @m: a mutation
 * @generators: (array length=n): generators
 * @n: how many
 *
 * Makes a generator of the items of several that run side by side, each handed on as it comes; two that come at the same time in
 * the order in which they came. A generator runs on when its item was handed on and one more is wanted, so that none
 * is ahead by more than one item, and none can crowd out others. This ends with %NULL when all have ended. When one
 * fails, the others are cancelled, or closed if they have given an item, and awaited.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_merge_array (GcMutation  *m,
                          GcSequence **generators,
                          gsize        n)
{
  GcArray *sources = list_sources (m, generators, n);

  g_return_val_if_fail (sources != NULL, NULL);

  return (GcSequence *) merge_new (m, sources);
}

/**
 * gc_generator_flatten:
 * @m: a mutation
 * @generator: a generator of generators
 * @limit: how many of them run side by side: at least 1
 *
 * Makes a generator of the items of those generators that @generator gives, which run side by side as those of
 * gc_generator_merge() do. While @limit of them run, @generator is not asked for another. With a @limit of 1 they run one
 * after the other.
 *
 * Returns: (transfer none): the generator
 *
 * Since: 0.1
 */
GcSequence *
gc_generator_flatten (GcMutation *m,
                      GcSequence *generator,
                      guint       limit)
{
  GcMergeGenerator *self;

  g_return_val_if_fail (gc_sequence_is_for (generator, m), NULL);
  g_return_val_if_fail (limit > 0, NULL);

  self = merge_new (m, list_sources (m, &generator, 1));
  if (self == NULL)
    return NULL;
  gc_set (self, outer, generator);
  self->limit = limit;
  return (GcSequence *) self;
}
