/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Operations outside of the arena, and the one frame that awaits them: see gc-operation-private.h. */

#include "gcseq/gc-operation-private.h"

typedef struct
{
  GcSequence   parent_instance;
  GcOperation *operation;       /* NULL once it has ended */
  guint8       is_cancelled;
} GcOperationSequence;
typedef GcSequenceClass GcOperationSequenceClass;

/* Gives an operation that has not begun, with one reference. */
gpointer
gc_operation_new (const GcOperationClass *klass)
{
  GcOperation *self = g_malloc0 (klass->size);

  self->klass = klass;
  self->ref_count = 1;
  return self;
}

gpointer
gc_operation_ref (gpointer operation)
{
  GcOperation *self = operation;

  __atomic_add_fetch (&self->ref_count, 1, __ATOMIC_RELEASE);
  return self;
}

void
gc_operation_unref (gpointer operation)
{
  GcOperation *self = operation;

  if (__atomic_sub_fetch (&self->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  if (self->klass->clear != NULL)
    self->klass->clear (self);
  gc_waker_clear (&self->waker);
  g_free (self);
}

/* It has ended, with what the record tells: from any thread. Who calls this has a reference. */
void
gc_operation_complete (gpointer operation)
{
  GcOperation *self = operation;

  gc_operation_take_over (self);
  __atomic_store_n (&self->is_done, TRUE, __ATOMIC_RELEASE);
  gc_waker_wake (&self->waker);
}

/* The frame was dropped: outside of scopes, since what is cancelled may call anything. */
static void
abandon (gpointer operation)
{
  GcOperation *self = operation;

  if (self->has_begun && !__atomic_load_n (&self->is_done, __ATOMIC_ACQUIRE) && self->klass->cancel != NULL)
    self->klass->cancel (self);
  gc_operation_unref (self);
}

/* Callbacks come where the runner's sequences run, whatever context the caller has chosen. */
static gboolean
start (GcOperation  *self,
       GcStep       *step,
       GError      **error)
{
  GMainContext *context = gc_step_context (step)->runner->main_context;
  g_autoptr (GMainContext) current = g_main_context_ref_thread_default ();
  gboolean has_begun;

  gc_step_init_waker (step, &self->waker);
  self->has_begun = TRUE;
  if (current != context)
    g_main_context_push_thread_default (context);
  has_begun = self->klass->start (self, step, error);
  if (current != context)
    g_main_context_pop_thread_default (context);
  return has_begun;
}

static GcStepResult
throw_cancelled (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
  return GC_STEP_FAILED;
}

static GcStepResult
gc_operation_sequence_step (GcSequence  *sequence,
                            GcMutation  *m,
                            GcStep      *step,
                            GError     **error)
{
  GcOperationSequence *self = (GcOperationSequence *) sequence;
  GcOperation *operation = self->operation;
  GError *failure = NULL;

  if (!operation->has_begun && !start (operation, step, error))
    {
      self->operation = NULL;
      gc_operation_unref (operation);
      return GC_STEP_FAILED;
    }
  if (!__atomic_load_n (&operation->is_done, __ATOMIC_ACQUIRE))
    return GC_STEP_WAIT;

  self->operation = NULL;
  step->value = operation->klass->finish (operation, m, &failure);
  gc_operation_unref (operation);
  if (failure == NULL && gc_word_is_object (step->value) &&
      gc_object_get_arena (step->value) != gc_mutation_get_arena (m))
    failure = g_error_new_literal (GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED, "The result is of another arena");
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return GC_STEP_FAILED;
    }
  /* A cancellation is never lost, or a loop of operations would go on after it. */
  return self->is_cancelled ? throw_cancelled (error) : GC_STEP_DONE;
}

static GcStepResult
gc_operation_sequence_cancel (GcSequence  *sequence,
                              GcMutation  *m,
                              GcStep      *step,
                              GError     **error)
{
  GcOperationSequence *self = (GcOperationSequence *) sequence;
  GcOperation *operation = self->operation;

  self->is_cancelled = TRUE;
  if (!__atomic_load_n (&operation->is_done, __ATOMIC_ACQUIRE) && operation->klass->cancel != NULL)
    operation->klass->cancel (operation);
  if (operation->is_awaited)
    return gc_operation_sequence_step (sequence, m, step, error);
  self->operation = NULL;
  gc_operation_unref (operation);
  return throw_cancelled (error);
}

static char *
gc_operation_sequence_describe (GcSequence *sequence)
{
  GcOperation *operation = ((GcOperationSequence *) sequence)->operation;

  return g_strdup (operation != NULL ? operation->klass->name : NULL);
}

static void
gc_operation_sequence_finalize (GcObject *object)
{
  GcOperationSequence *self = (GcOperationSequence *) object;

  if (self->operation != NULL)
    gc_arena_defer_notify (gc_object_get_arena (object), abandon, self->operation);
}

static void
gc_operation_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_operation_sequence_step;
  klass->cancel = gc_operation_sequence_cancel;
  klass->describe = gc_operation_sequence_describe;
}

GType gc_operation_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcOperationSequence, gc_operation_sequence)
GC_DEFINE_TYPE (GcOperationSequence, gc_operation_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD_UNTRACED (GcOperationSequence, operation)
                GC_CLASS_INIT (gc_operation_sequence_class_init)
                GC_FINALIZE (gc_operation_sequence_finalize))

/* Gives a sequence that begins @operation, which it takes, and awaits it. */
GcSequence *
gc_operation_await (GcMutation *m,
                    gpointer    operation)
{
  GcOperationSequence *self = gc_new (m, GcOperationSequence);

  if (self == NULL)
    {
      gc_operation_unref (operation);
      return NULL;
    }
  self->operation = operation;
  return (GcSequence *) self;
}
