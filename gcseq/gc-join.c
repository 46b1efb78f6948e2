/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The frame of all joins: see gc-join-private.h. */

#include "gcseq/gc-generator.h"
#include "gcseq/gc-join-private.h"

typedef struct
{
  GcSequence           parent_instance;
  GC_REF (GcArray)     sequences; /* that are still to begin; or NULL */
  GC_REF (GcSequence)  generator; /* gives them; or NULL */
  GC_REF (GcSequence)  fetch;     /* is under way */
  GC_REF (GcTaskGroup) fetches;
  GC_REF (GcTaskGroup) group;
  GC_REF (GcObject)    value;     /* that of the first to end, if that is what counts */
  GC_REF (GcObject)    error;     /* what it ends with, in a box */
  guint32              error_index;
  guint32              n;         /* children that have begun */
  guint32              max;       /* to run at a time */
  guint8               kind;
  guint8               is_over;
  guint8               is_cancelled;
  guint8               has_value;
} GcJoinSequence;
typedef GcSequenceClass GcJoinSequenceClass;

/* A generator that gave an item wants to be closed. */
static void
close_generator (GcJoinSequence *self,
                 GcMutation     *m,
                 GcStep         *step)
{
  if (self->generator == NULL)
    return;
  if (self->generator->state == GC_SEQUENCE_SUSPENDED)
    gc_task_group_spawn (self->fetches, step, gc_generator_close (m, self->generator));
  gc_set (self, generator, NULL);
}

/* No more children begin, and those that run are cancelled. */
static void
stop (GcJoinSequence *self,
      GcMutation     *m,
      GcStep         *step)
{
  if (self->is_over)
    return;
  self->is_over = TRUE;
  gc_set (self, sequences, NULL);
  gc_task_group_cancel (self->group);
  if (self->fetch != NULL)
    gc_task_group_cancel_one (self->fetches, 0);
  else
    close_generator (self, m, step);
}

/* Keeps the error of the lowest index. Those of children that we cancelled don't count. */
static void
keep_error (GcJoinSequence *self,
            GcMutation     *m,
            guint           index,
            GError         *error)
{
  if ((self->is_over && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) ||
      (self->error != NULL && self->error_index < index))
    {
      g_error_free (error);
      return;
    }
  gc_set (self, error, gc_word_from_error (m, error));
  self->error_index = index;
}

/* A child has ended: with @error, which this takes, or with @value. */
static void
child_ended (GcJoinSequence *self,
             GcMutation     *m,
             GcStep         *step,
             guint           index,
             gpointer        value,
             GError         *error)
{
  gboolean has_failed = error != NULL;

  switch ((GcJoinKind) self->kind)
    {
    case GC_JOIN_ALL_SETTLED:
      gc_array_set (self->group->items, index, gc_outcome_new (m, index, value, error));
      return;
    case GC_JOIN_ALL:
      if (!has_failed)
        return;                 /* the group has the value */
      keep_error (self, m, index, error);
      break;
    case GC_JOIN_ANY:
      if (has_failed)
        {
          gc_array_set (self->group->items, index, gc_word_from_error (m, error));
          return;
        }
      G_GNUC_FALLTHROUGH;
    case GC_JOIN_RACE:
    case GC_JOIN_DETACHED:
    case GC_JOIN_SELECT:
    default:
      if (self->is_over)
        {
          g_clear_error (&error);
          return;
        }
      self->has_value = !has_failed || self->kind == GC_JOIN_SELECT;
      if (self->kind == GC_JOIN_SELECT)
        gc_set (self, value, (GcObject *) gc_outcome_new (m, index, value, error));
      else if (has_failed)
        keep_error (self, m, index, error);
      else
        gc_set (self, value, value);
      break;
    }
  stop (self, m, step);
}

static void
begin_child (GcJoinSequence *self,
             GcStep         *step,
             GcSequence     *child)
{
  gc_task_group_spawn (self->group, step, child);
  self->n++;
}

/* The generator gave a child, or has ended. */
static void
fetch_ended (GcJoinSequence *self,
             GcMutation     *m,
             GcStep         *step,
             gpointer        item,
             GError         *error)
{
  gboolean has_item = self->fetch != NULL && gc_fetch_has_item (self->fetch);

  gc_set (self, fetch, NULL);
  if (self->is_over)
    {
      g_clear_error (&error);
      close_generator (self, m, step);
      return;
    }
  if (error == NULL && has_item)
    {
      if (gc_word_is_object (item) && GC_IS_SEQUENCE (item))
        {
          begin_child (self, step, item);
          return;
        }
      error = g_error_new (GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED, "An item is not a sequence");
    }
  if (error != NULL)
    {
      keep_error (self, m, self->n, error);
      stop (self, m, step);
    }
  else
    gc_set (self, generator, NULL);
}

/* Takes what has ended. */
static void
take (GcJoinSequence *self,
      GcMutation     *m,
      GcStep         *step)
{
  guint index;

  while (gc_task_group_next (self->group, step, &index))
    {
      gpointer value = step->value;

      child_ended (self, m, step, index, value, g_steal_pointer (&step->error));
    }
  while (self->fetches != NULL && gc_task_group_next (self->fetches, step, NULL))
    {
      gpointer value = step->value;

      fetch_ended (self, m, step, value, g_steal_pointer (&step->error));
    }
}

/* Begins children as far as @max allows, not too many in one step: FALSE if there may be more. */
static gboolean
begin (GcJoinSequence *self,
       GcMutation     *m,
       GcStep         *step)
{
  guint n_live = gc_task_group_get_n_live (self->group);

  if (self->generator != NULL && self->fetch == NULL && n_live < self->max)
    {
      gc_set (self, fetch, gc_fetch_new (m, self->generator));
      gc_task_group_spawn (self->fetches, step, self->fetch);
    }
  for (guint i = 0; self->sequences != NULL && n_live < self->max; i++, n_live++)
    {
      GcSequence *child;

      if (self->n >= gc_array_get_length (self->sequences))
        {
          gc_set (self, sequences, NULL);
          break;
        }
      if (i == GC_FUEL)
        return FALSE;
      child = gc_array_get (self->sequences, self->n);
      gc_array_set (self->sequences, self->n, NULL);
      begin_child (self, step, child);
    }
  return TRUE;
}

static gboolean
has_ended (GcJoinSequence *self)
{
  if (self->kind == GC_JOIN_DETACHED && self->is_over)
    return TRUE;
  return self->sequences == NULL && self->generator == NULL && gc_task_group_get_n_live (self->group) == 0 &&
         (self->fetches == NULL || gc_task_group_get_n_live (self->fetches) == 0);
}

/* The errors of all children, in one. */
static GError *
all_failed (GcJoinSequence *self)
{
  GPtrArray *causes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);

  if (self->kind == GC_JOIN_ANY)
    for (guint i = 0; i < self->n; i++)
      g_ptr_array_add (causes, gc_word_dup_error (gc_array_get (self->group->items, i)));
  return gc_sequence_error_new_all_failed (causes);
}

static GcStepResult
finish (GcJoinSequence *self,
        GcStep         *step)
{
  if (self->is_cancelled)
    return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
  if (self->error != NULL)
    return gc_step_take_error (step, gc_word_dup_error (self->error));
  if (self->kind == GC_JOIN_ALL || self->kind == GC_JOIN_ALL_SETTLED)
    step->value = gc_task_group_steal_results (self->group);
  else if (self->has_value)
    step->value = self->value;
  else
    return gc_step_take_error (step, all_failed (self));
  return GC_STEP_DONE;
}

static GcStepResult
gc_join_sequence_step (GcSequence  *sequence,
                       GcMutation  *m,
                       GcStep      *step,
                       GError     **error)
{
  GcJoinSequence *self = (GcJoinSequence *) sequence;

  if (self->group == NULL)
    {
      gc_set (self, group, gc_task_group_new_keeping (m));
      if (self->generator != NULL)
        gc_set (self, fetches, gc_task_group_new (m));
    }
  take (self, m, step);
  if (!begin (self, m, step))
    return GC_STEP_CONTINUE;
  return has_ended (self) ? finish (self, step) : GC_STEP_WAIT;
}

static GcStepResult
gc_join_sequence_cancel (GcSequence  *sequence,
                         GcMutation  *m,
                         GcStep      *step,
                         GError     **error)
{
  GcJoinSequence *self = (GcJoinSequence *) sequence;

  self->is_cancelled = TRUE;
  stop (self, m, step);
  return gc_join_sequence_step (sequence, m, step, error);
}

static char *
gc_join_sequence_describe (GcSequence *sequence)
{
  static const char *const names[] = {
    [GC_JOIN_ALL] = "all",
    [GC_JOIN_ALL_SETTLED] = "all settled",
    [GC_JOIN_ANY] = "any",
    [GC_JOIN_RACE] = "race",
    [GC_JOIN_DETACHED] = "detached race",
    [GC_JOIN_SELECT] = "select",
  };
  GcJoinSequence *self = (GcJoinSequence *) sequence;

  return g_strdup_printf ("%s: %u begun, %u running", names[self->kind], self->n,
                          self->group != NULL ? gc_task_group_get_n_live (self->group) : 0);
}

static void
gc_join_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_join_sequence_step;
  klass->cancel = gc_join_sequence_cancel;
  klass->describe = gc_join_sequence_describe;
}

GType gc_join_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcJoinSequence, gc_join_sequence)
GC_DEFINE_TYPE (GcJoinSequence, gc_join_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcJoinSequence, sequences)
                GC_FIELD (GcJoinSequence, generator)
                GC_FIELD (GcJoinSequence, fetch)
                GC_FIELD (GcJoinSequence, fetches)
                GC_FIELD (GcJoinSequence, group)
                GC_FIELD (GcJoinSequence, value)
                GC_FIELD (GcJoinSequence, error)
                GC_CLASS_INIT (gc_join_sequence_class_init))

static GcJoinSequence *
new_join (GcMutation *m,
          GcJoinKind  kind,
          guint       max)
{
  GcJoinSequence *self = gc_new (m, GcJoinSequence);

  if (self == NULL)
    return NULL;
  self->kind = kind;
  self->max = max > 0 ? max : G_MAXUINT;
  return self;
}

GcSequence *
gc_join_new_array (GcMutation        *m,
                   GcJoinKind         kind,
                   GcSequence *const *sequences,
                   gsize              n,
                   guint              max)
{
  GcJoinSequence *self;

  g_return_val_if_fail (sequences != NULL || n == 0, NULL);
  for (gsize i = 0; i < n; i++)
    g_return_val_if_fail (GC_IS_SEQUENCE (sequences[i]), NULL);

  self = new_join (m, kind, max);
  if (self == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    g_return_val_if_fail (gc_word_is_of (sequences[i], self), NULL);
  gc_set (self, sequences, gc_array_new_from_list (m, (GcObject **) sequences, n, NULL));
  return (GcSequence *) self;
}

/* Sequences up to a NULL. */
GcSequence *
gc_join_new_va (GcMutation *m,
                GcJoinKind  kind,
                GcSequence *first,
                va_list     args)
{
  g_autoptr (GPtrArray) sequences = g_ptr_array_new ();

  for (GcSequence *child = first; child != NULL; child = va_arg (args, GcSequence *))
    g_ptr_array_add (sequences, child);
  return gc_join_new_array (m, kind, (GcSequence *const *) sequences->pdata, sequences->len, 0);
}

GcSequence *
gc_join_new_from (GcMutation *m,
                  GcJoinKind  kind,
                  GcSequence *generator,
                  guint       max)
{
  GcJoinSequence *self;

  g_return_val_if_fail (GC_IS_SEQUENCE (generator), NULL);

  self = new_join (m, kind, max);
  if (self == NULL)
    return NULL;
  g_return_val_if_fail (gc_word_is_of (generator, self), NULL);
  gc_set (self, generator, generator);
  return (GcSequence *) self;
}
