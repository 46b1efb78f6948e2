/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-call-private.h"
#include "gcseq/gc-coroutine.h"
#include "gcseq/gc-scope.h"

/**
 * SECTION:gc-scope
 * @Title: Scopes
 * @Short_description: Tasks that end with what has begun them
 *
 * |[<!-- language="C" -->
 * static GcSequence *
 * demo_body (GcMutation *m, GcTaskGroup *group, GcStep *step, gpointer context, GError **error)
 * {
 *   gc_task_group_spawn (group, step, demo_blink (m));
 *   return gc_sequence_sleep (m, 2 * G_TIME_SPAN_SECOND);
 * }
 *
 * static GcSequence *
 * demo_scope (GcMutation *m)
 * {
 *   return gc_sequence_scope (m, demo_body, NULL);
 * }
 * ]|
 *
 * A scope has a body and tasks that run beside it, which the body begins in its #GcTaskGroup, at any time. When the body
 * has ended, in whatever way, those that still run are cancelled and awaited, and only then does the scope end. So
 * nothing that was begun in it outlives it. A body that wants its tasks to finish awaits them, by
 * gc_task_group_next().
 *
 * A scope ends as its body did. If the body succeeded and a task has failed, and nobody took that error, this is what the
 * scope fails with; tasks that were just cancelled don't count.
 */

/* Cancelled while it waits for its tasks: they are cancelled already, so it goes on waiting. */
#define WAIT_OR_ANY() GC__OR (__COUNTER__, GC_STEP_WAIT, 0, -1, )

GC_DEFINE_COROUTINE (GcScopeSequence, gc_scope_sequence,
                     GC_PARAM (GcScopeFunc, func)       /* NULL: the context is a GcScript */
                     GC_PARAM_REF (GcObject, context)
                     GC_LOCAL_REF (GcTaskGroup, group)
                     GC_LOCAL_REF (GcObject, value)
                     GC_LOCAL_CLEAR (GError *, failure, g_clear_error))

/* The body; or a sequence that fails, so that tasks begun already are taken care of. */
static GcSequence *
make_body (GcScopeSequence *self,
           GcMutation      *m,
           GcStep          *step)
{
  g_autoptr (GError) error = NULL;
  GcSequence *body;

  if (self->func != NULL)
    body = self->func (m, self->group, step, self->context, &error);
  else
    {
      body = gc_call_sequence (NULL, self->context, m, step, self->group, &error);
      if (error == NULL)
        error = g_steal_pointer (&step->error);
    }
  if (error == NULL && body == NULL)
    error = g_error_new_literal (GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED, "The scope has no body");
  return error != NULL ? gc_sequence_error (m, error) : body;
}

/* A task has ended. */
static void
take_failure (GcScopeSequence *self,
              GcStep          *step)
{
  GError *error = g_steal_pointer (&step->error);

  if (self->failure == NULL && error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->failure = error;
  else
    g_clear_error (&error);
}

GC_COROUTINE_BODY (GcScopeSequence, gc_scope_sequence)
{
  GC_BEGIN ();
  gc_set (self, group, gc_task_group_new (m));
  GC_AWAIT_REF_OR_ANY (value, make_body (self, m, step))
    self->failure = g_error_copy (GC_CAUGHT);
  gc_task_group_cancel (self->group);
  while (gc_task_group_get_n_live (self->group) > 0)
    {
      if (gc_task_group_next (self->group, step, NULL))
        take_failure (self, step);
      else
        WAIT_OR_ANY ()
          {
            g_clear_error (&self->failure);
            self->failure = g_error_copy (GC_CAUGHT);
          }
    }
  if (self->failure != NULL)
    return gc_step_take_error (step, g_steal_pointer (&self->failure));
  GC_RETURN (self->value);
  GC_END ();
}

/**
 * gc_sequence_scope: (skip)
 * @m: a mutation
 * @func: makes the body
 * @context: (nullable): an object, which is traced, or a tagged word
 *
 * Makes a sequence that runs a body, and tasks beside it which end with it. @func is called in the first step, and the body
 * begins in the second one. If no task runs when the body has ended, the scope ends in the step after that.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_scope (GcMutation  *m,
                   GcScopeFunc  func,
                   gpointer     context)
{
  g_return_val_if_fail (func != NULL, NULL);

  return gc_scope_sequence_new (m, func, context);
}

/**
 * gc_sequence_scope_full: (constructor) (rename-to gc_sequence_scope)
 * @m: a mutation
 * @func: (scope notified) (closure user_data) (destroy destroy): makes the body: gc_step_get() gives the #GcTaskGroup, and
 *   it returns what gc_step_become() returns
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes a sequence that runs a body, and tasks beside it which end with it. @func is called in the first step, and the body
 * begins in the second one. If no task runs when the body has ended, the scope ends in the step after that.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_scope_full (GcMutation     *m,
                        GcStepFunc      func,
                        gpointer        user_data,
                        GDestroyNotify  destroy)
{
  GcObject *script;

  g_return_val_if_fail (func != NULL, NULL);

  script = gc_script_new (m, func, user_data, destroy);
  return script != NULL ? gc_scope_sequence_new (m, NULL, script) : NULL;
}
