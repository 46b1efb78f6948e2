/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-runner-private.h"
#include "gcseq/gc-task-group-private.h"

/**
 * SECTION:gc-task-group
 * @Title: GcTaskGroup
 * @Short_description: Sequences that run side by side, for one that awaits them
 *
 * |[<!-- language="C" -->
 * GC_DEFINE_COROUTINE (Fetch, fetch,
 *                      GC_LOCAL_REF (GcTaskGroup, group)
 *                      GC_LOCAL (guint, index))
 *
 * GC_COROUTINE_BODY (Fetch, fetch)
 * {
 *   GC_BEGIN ();
 *   gc_set (self, group, gc_task_group_new (m));
 *   gc_task_group_spawn (self->group, step, gc_sequence_sleep (m, 1000));
 *   gc_task_group_spawn (self->group, step, gc_sequence_sleep (m, 2000));
 *   while (gc_task_group_get_n_live (self->group) > 0)
 *     GC_AWAIT_NEXT (self->group, &self->index);
 *   GC_END ();
 * }
 * ]|
 *
 * A group is what gc_sequence_all(), gc_sequence_race() and other sequences with children are made of.
 * A child begins in a step of its own, never inside of the call that spawns it. What it ends with is
 * taken by gc_task_group_next(), in the order in which children end; one sequence at a time waits on a group.
 *
 * A group is an object of the arena. When it becomes unreachable with the sequence that has it, so do the
 * children that wait, and what they waited for is cancelled. A child that is to finish its own clean-up is
 * cancelled and awaited instead.
 */

/**
 * GcTaskGroup: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * Sequences that run side by side. Its structure is private.
 *
 * Since: 0.1
 */
typedef struct
{
  GcObjectClass parent_class;
} GcTaskGroupClass;

GC_DEFINE_TYPE (GcTaskGroup, gc_task_group, GC_TYPE_OBJECT,
                GC_FIELD (GcTaskGroup, home)
                GC_FIELD (GcTaskGroup, items)
                GC_FIELD (GcTaskGroup, ended)
                GC_FIELD (GcTaskGroup, ended_last)
                GC_FIELD (GcTaskGroup, owner)
                GC_FIELD (GcTaskGroup, waiter))

#define NO_INDEX G_MAXUINT

/**
 * gc_task_group_new: (constructor)
 * @m: a mutation
 *
 * Makes a group without children.
 *
 * Returns: (transfer none): the group
 *
 * Since: 0.1
 */
GcTaskGroup *
gc_task_group_new (GcMutation *m)
{
  GcTaskGroup *self = gc_new (m, GcTaskGroup);

  if (self != NULL)
    gc_set (self, items, gc_array_new (m));
  return self;
}

/* One whose items become what its children end with, by index. */
GcTaskGroup *
gc_task_group_new_keeping (GcMutation *m)
{
  GcTaskGroup *self = gc_task_group_new (m);

  self->keeps_results = TRUE;
  return self;
}

/* The results so far, which are the group's no more. */
GcArray *
gc_task_group_steal_results (GcTaskGroup *self)
{
  GcArray *items = self->items;

  gc_set (self, items, NULL);
  return items;
}

/* In a step of a runner where the children are, if there are any. */
static gboolean
is_for (GcTaskGroup *self,
        GcStep      *step)
{
  GcRunner *runner = gc_step_context (step)->runner;

  return gc_object_get_arena ((GcObject *) self) == runner->arena &&
         (self->home == NULL || self->n_live == 0 || self->home == runner->home);
}

static guint
add (GcTaskGroup *self,
     GcStrand    *strand)
{
  guint index;

  if (self->free > 0)
    {
      index = self->free - 1;
      self->free = gc_untag_int (gc_array_get (self->items, index));
      gc_array_set (self->items, index, strand);
    }
  else
    {
      index = gc_array_get_length (self->items);
      gc_array_append (self->items, strand);
    }
  return index;
}

/**
 * gc_task_group_spawn:
 * @self: a group
 * @step: the step that it is called in
 * @sequence: what to run
 *
 * Runs a sequence beside the one that calls this. It begins in a step of its own. If it has run
 * already, or is somebody else's, it ends at once with that error. A child of a group that is cancelled is
 * cancelled before it begins.
 *
 * Returns: the child's index: small numbers, used again once a child is taken
 *
 * Since: 0.1
 */
guint
gc_task_group_spawn (GcTaskGroup *self,
                     GcStep      *step,
                     GcSequence  *sequence)
{
  GcStepContext *context = gc_step_context (step);
  GError *error = NULL;
  GcStrand *strand;

  g_return_val_if_fail (GC_IS_TASK_GROUP (self), NO_INDEX);
  g_return_val_if_fail (step != NULL && gc_step_is_active (step), NO_INDEX);
  g_return_val_if_fail (GC_IS_SEQUENCE (sequence), NO_INDEX);
  g_return_val_if_fail (is_for (self, step), NO_INDEX);
  g_return_val_if_fail (gc_object_get_arena ((GcObject *) sequence) == context->runner->arena, NO_INDEX);
  g_return_val_if_fail (self->items != NULL, NO_INDEX);

  gc_set (self, home, context->runner->home);
  gc_set (self, owner, context->strand);
  if (sequence->state == GC_SEQUENCE_DONE || sequence->state == GC_SEQUENCE_FAILED)
    error = gc_sequence_new_error (sequence, GC_SEQUENCE_ERROR_FINISHED, "has ended already");
  else if (sequence->state != GC_SEQUENCE_NEW || (sequence->flags & GC_SEQUENCE_IS_SPAWNED))
    error = gc_sequence_new_error (sequence, GC_SEQUENCE_ERROR_BUSY, "is awaited by another");

  strand = gc_strand_new (context->m, sequence, error);
  gc_set (strand, group, self);
  strand->index = add (self, strand);
  strand->cancel = self->is_cancelled ? GC_CANCEL_PENDING : GC_CANCEL_NONE;
  self->n_live++;
  gc_home_enqueue (self->home, strand);
  return strand->index;
}

/* A child has ended: called by the driver. */
void
gc_task_group_ended (GcTaskGroup *self,
                     GcStrand    *strand)
{
  if (self->ended_last != NULL)
    gc_set (self->ended_last, next, strand);
  else
    gc_set (self, ended, strand);
  gc_set (self, ended_last, strand);
  if (self->waiter != NULL)
    {
      GcStrand *waiter = self->waiter;

      gc_set (self, waiter, NULL);
      if (waiter->state != GC_STRAND_ENDED)
        gc_strand_wake (waiter);
    }
}

/**
 * gc_task_group_next:
 * @self: a group
 * @step: the step that it is called in
 * @index: (out) (optional): where to put the child's index
 *
 * Takes a child that has ended. What it ended with is what has come into the step then: gc_step_get() gives
 * the result; an error has to be taken, by gc_step_steal_error() or gc_step_catch(), or the step fails with it.
 *
 * If none has ended, return %GC_STEP_WAIT from the step and ask again in the next.
 *
 * Returns: %TRUE if there was one
 *
 * Since: 0.1
 */
gboolean
gc_task_group_next (GcTaskGroup *self,
                    GcStep      *step,
                    guint       *index)
{
  GcStrand *strand;

  g_return_val_if_fail (GC_IS_TASK_GROUP (self), FALSE);
  g_return_val_if_fail (step != NULL && gc_step_is_active (step), FALSE);
  g_return_val_if_fail (is_for (self, step), FALSE);

  strand = self->ended;
  if (strand == NULL)
    {
      gc_set (self, waiter, gc_step_context (step)->strand);
      return FALSE;
    }
  gc_set (self, ended, strand->next);
  if (strand->next == NULL)
    gc_set (self, ended_last, NULL);
  gc_set (strand, next, NULL);
  self->n_live--;

  step->value = strand->value;
  step->is_item = FALSE;
  g_clear_error (&step->error);
  step->error = gc_strand_take_error (strand);
  if (index != NULL)
    *index = strand->index;
  if (self->items == NULL)
    return TRUE;
  if (self->keeps_results)
    gc_array_set (self->items, strand->index, strand->value);
  else
    {
      gc_array_set (self->items, strand->index, gc_tag_int (self->free));
      self->free = strand->index + 1;
    }
  return TRUE;
}

/* Whether the calling thread is in a step of the runner where the children are; or there are none. */
static gboolean
can_cancel (GcTaskGroup *self)
{
  GcRunner *runner;

  if (self->home == NULL || self->n_live == 0)
    return TRUE;
  runner = self->home->runner;
  return runner != NULL && gc_step_is_active (&runner->context->step);
}

static void
cancel_item (gpointer item)
{
  if (gc_word_is_object (item) && G_TYPE_CHECK_INSTANCE_TYPE (item, gc_strand_get_type ()))
    gc_strand_cancel (item);
}

/**
 * gc_task_group_cancel:
 * @self: a group
 *
 * Cancels all children, and those that are still to come. They end in steps of their own, and are to be
 * taken by gc_task_group_next() as others are. To be called inside of a step of the group's runner; a group without
 * children can be cancelled anywhere.
 *
 * Since: 0.1
 */
void
gc_task_group_cancel (GcTaskGroup *self)
{
  gsize n;

  g_return_if_fail (GC_IS_TASK_GROUP (self));
  g_return_if_fail (self->items != NULL);
  g_return_if_fail (can_cancel (self));

  self->is_cancelled = TRUE;
  if (self->n_live == 0)
    return;                     /* and perhaps in no scope, where items can be read */
  gc_array_peek (self->items, &n);
  for (gsize i = 0; i < n; i++)
    cancel_item (gc_array_get (self->items, i));
}

/**
 * gc_task_group_cancel_one:
 * @self: a group
 * @index: a child's index
 *
 * Cancels one child. To be called inside of a step of the group's runner.
 *
 * Since: 0.1
 */
void
gc_task_group_cancel_one (GcTaskGroup *self,
                          guint        index)
{
  g_return_if_fail (GC_IS_TASK_GROUP (self));
  g_return_if_fail (self->items != NULL && index < gc_array_get_length (self->items));
  g_return_if_fail (can_cancel (self));

  cancel_item (gc_array_get (self->items, index));
}

/**
 * gc_task_group_get_n_live:
 * @self: a group
 *
 * Gives how many children were spawned and not taken yet.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
gc_task_group_get_n_live (GcTaskGroup *self)
{
  g_return_val_if_fail (GC_IS_TASK_GROUP (self), 0);

  return self->n_live;
}
