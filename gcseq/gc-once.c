/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-coroutine.h"
#include "gcseq/gc-once.h"
#include "gcseq/gc-permits-private.h"

/**
 * SECTION:gc-once
 * @Title: GcOnce
 * @Short_description: A sequence that runs once, for many that want its result
 *
 * |[<!-- language="C" -->
 * static GcOnce *
 * demo_settings (GcMutation *m, GFile *file)
 * {
 *   return gc_once_new (m, gc_sequence_load_file (m, file));
 * }
 *
 * static GcSequence *
 * demo_use_settings (GcMutation *m, GcOnce *settings)
 * {
 *   return gc_sequence_map (m, gc_once_get (settings, m), demo_parse, NULL);
 * }
 * ]|
 *
 * The sequence begins when its result is wanted for the first time, beside the one that wants it, and on that one's
 * runner. All that want it get the result, or the error, also later.
 *
 * One that is cancelled while it waits does not cancel the sequence, which others may wait for: that goes on as long as
 * the #GcOnce is alive.
 */

struct _GcOnce
{
  GcObject             parent_instance;
  GC_REF (GcSequence)  sequence;        /* until it has ended */
  GC_REF (GcTaskGroup) group;           /* from when it begins until it has ended */
  GC_REF (GcObject)    value;
  GError              *error;
  GcPermits           *ended;           /* has none, and is closed in the end */
  guint8               is_done;
};
typedef GcObjectClass GcOnceClass;

static void
gc_once_finalize (GcObject *object)
{
  GcOnce *self = (GcOnce *) object;

  g_clear_error (&self->error);
  g_clear_pointer (&self->ended, gc_permits_unref);
}

GC_DECLARE_CLASS_ (GcOnce, gc_once)

/**
 * GcOnce: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * A sequence that runs once. Its structure is private.
 *
 * Since: 0.1
 */
GC_DEFINE_TYPE (GcOnce, gc_once, GC_TYPE_OBJECT,
                GC_FIELD (GcOnce, sequence)
                GC_FIELD (GcOnce, group)
                GC_FIELD (GcOnce, value)
                GC_FIELD_UNTRACED (GcOnce, error)
                GC_FIELD_UNTRACED (GcOnce, ended)
                GC_FINALIZE (gc_once_finalize))

GC_DEFINE_COROUTINE (GcOnceRunSequence, gc_once_run_sequence,
                     GC_PARAM_REF (GcOnce, once)
                     GC_LOCAL_REF (GcObject, value))

GC_COROUTINE_BODY (GcOnceRunSequence, gc_once_run_sequence)
{
  GC_BEGIN ();
  GC_AWAIT_REF_OR_ANY (value, self->once->sequence)
    self->once->error = g_error_copy (GC_CAUGHT);
  gc_set (self->once, value, self->value);
  gc_set (self->once, sequence, NULL);
  gc_set (self->once, group, NULL);
  self->once->is_done = TRUE;
  gc_permits_close (self->once->ended);
  GC_END ();
}

/* The first one begins it. */
static void
begin (GcOnce     *once,
       GcMutation *m,
       GcStep     *step)
{
  if (once->is_done || once->group != NULL)
    return;
  gc_set (once, group, gc_task_group_new (m));
  gc_task_group_spawn (once->group, step, gc_once_run_sequence_new (m, once));
}

GC_DEFINE_COROUTINE (GcOnceGetSequence, gc_once_get_sequence,
                     GC_PARAM_REF (GcOnce, once)
                     GC_LOCAL_CLEAR (GcPermitWait *, wait, gc_permit_wait_clear))

GC_COROUTINE_BODY (GcOnceGetSequence, gc_once_get_sequence)
{
  GC_BEGIN ();
  begin (self->once, m, step);
  while (gc_permits_take (self->once->ended, &self->wait, step) == GC_PERMIT_WAITING)
    GC_WAIT ();
  if (self->once->error != NULL)
    return gc_step_fail (step, self->once->error);
  GC_RETURN (self->once->value);
  GC_END ();
}

/**
 * gc_once_new: (constructor)
 * @m: a mutation
 * @sequence: a sequence
 *
 * Makes an object that runs @sequence when somebody wants its result.
 *
 * Returns: (transfer none): the object
 *
 * Since: 0.1
 */
GcOnce *
gc_once_new (GcMutation *m,
             GcSequence *sequence)
{
  GcOnce *self;

  g_return_val_if_fail (gc_sequence_is_for (sequence, m), NULL);

  self = gc_new (m, GcOnce);
  if (self == NULL)
    return NULL;
  gc_set (self, sequence, sequence);
  self->ended = gc_permits_new (0);
  return self;
}

/**
 * gc_once_get:
 * @self: an object that runs a sequence once
 * @m: a mutation
 *
 * Makes a sequence that ends as the other one does: in its first step if that has ended already, else in the step after
 * it has. May be called as often as one likes.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_once_get (GcOnce     *self,
             GcMutation *m)
{
  g_return_val_if_fail (GC_IS_ONCE (self), NULL);
  g_return_val_if_fail (m != NULL && gc_object_get_arena ((GcObject *) self) == gc_mutation_get_arena (m), NULL);

  return gc_once_get_sequence_new (m, self);
}

/**
 * gc_once_is_done:
 * @self: an object that runs a sequence once
 *
 * Whether the sequence has ended.
 *
 * Returns: %TRUE if it has
 *
 * Since: 0.1
 */
gboolean
gc_once_is_done (GcOnce *self)
{
  g_return_val_if_fail (GC_IS_ONCE (self), FALSE);

  return self->is_done;
}
