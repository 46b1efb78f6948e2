/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-runner-private.h"

/**
 * SECTION:gc-run
 * @Title: GcRun
 * @Short_description: A sequence that a runner runs
 *
 * |[<!-- language="C" -->
 * g_autoptr (GcRun) run = gc_runner_start (runner, sequence, NULL);
 *
 * while (gc_runner_step (runner, 8))
 *   demo_do_something_else ();
 * if (gc_run_get_result (run, &error) == NULL && error != NULL)
 *   g_warning ("%s", error->message);
 * ]|
 *
 * A run is a handle for a sequence on its way: it tells how far that is, cancels it, and has its
 * result in the end. It is a #GObject, so that it can be watched: its properties change in the runner's main
 * context, never inside of a step. A runner is a #GListModel of its runs.
 *
 * A run that nobody refers to goes on nevertheless.
 */

/**
 * GcRun:
 *
 * A sequence that a runner runs.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (GcRun, gc_run, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_DONE,
  PROP_PROGRESS,
  PROP_MESSAGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
gc_run_init (GcRun *self)
{
  (void) self;
}

static void
gc_run_finalize (GObject *object)
{
  GcRun *self = GC_RUN (object);

  if (gc_word_is_object (self->value))
    gc_object_unref (self->value);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->task);
  g_clear_object (&self->runner);
  gc_waker_clear (&self->waker);
  g_free (self->message);
  G_OBJECT_CLASS (gc_run_parent_class)->finalize (object);
}

static void
gc_run_get_property (GObject    *object,
                     guint       id,
                     GValue     *value,
                     GParamSpec *pspec)
{
  GcRun *self = GC_RUN (object);

  switch (id)
    {
    case PROP_DONE:
      g_value_set_boolean (value, self->has_ended);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
gc_run_class_init (GcRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = gc_run_finalize;
  object_class->get_property = gc_run_get_property;

  /**
   * GcRun:done:
   *
   * Whether the sequence has ended.
   *
   * Since: 0.1
   */
  properties[PROP_DONE] =
    g_param_spec_boolean ("done", "Done", "Whether the sequence has ended", FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * GcRun:progress:
   *
   * How far the sequence is, from 0 to 1; negative while it has not said so.
   *
   * Since: 0.1
   */
  properties[PROP_PROGRESS] =
    g_param_spec_double ("progress", "Progress", "How far the sequence is, from 0 to 1", -1, 1, -1,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * GcRun:message:
   *
   * What the sequence said that it does.
   *
   * Since: 0.1
   */
  properties[PROP_MESSAGE] =
    g_param_spec_string ("message", "Message", "What the sequence says that it does", NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

/* From any thread. */
static void
on_cancelled (GCancellable *cancellable,
              GcRun        *self)
{
  __atomic_store_n (&self->is_cancelled, TRUE, __ATOMIC_RELAXED);
  gc_waker_wake (&self->waker);
}

/* Inside of a scope. */
GcRun *
gc_run_new (GcRunner     *runner,
            GcSequence   *sequence,
            GCancellable *cancellable)
{
  GcHome *home = runner->home;
  GcRun *self = g_object_new (GC_TYPE_RUN, NULL);
  GcStrand *strand = gc_strand_new (runner->m, sequence, NULL);

  self->progress = -1;
  self->runner = g_object_ref (runner);
  strand->run = self;
  if (runner->free_run > 0)
    {
      self->index = runner->free_run - 1;
      runner->free_run = gc_untag_int (gc_array_get (home->runs, self->index));
      gc_array_set (home->runs, self->index, strand);
    }
  else
    {
      self->index = gc_array_get_length (home->runs);
      gc_array_append (home->runs, strand);
    }
  gc_hub_init_waker (runner->hub, gc_home_need_cell (home, strand), &self->waker);
  gc_home_enqueue (home, strand);
  if (cancellable != NULL)
    {
      self->cancellable = g_object_ref (cancellable);
      self->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), self, NULL);
    }
  return self;
}

/* NULL once it has ended. Inside of a scope. */
GcStrand *
gc_run_get_strand (GcRun *self)
{
  return self->has_ended ? NULL : (GcStrand *) gc_array_get (self->runner->home->runs, self->index);
}

/* The sequence has ended: called by the driver, inside of the scope. */
void
gc_run_ended (GcRun  *self,
              gpointer value,
              GError *error)
{
  GcRunner *runner = self->runner;

  self->has_ended = TRUE;
  self->value = gc_word_is_object (value) ? gc_object_ref (value) : value;
  self->error = error;
  gc_array_set (runner->home->runs, self->index, gc_tag_int (runner->free_run));
  runner->free_run = self->index + 1;
  g_ptr_array_add (runner->ended, self);
}

/* Tells those who want to know, outside of the scope. The waker stays, since other threads may be using it to cancel: it
 * wakes nothing any more. */
void
gc_run_tell (GcRun *self)
{
  GTask *task = g_steal_pointer (&self->task);

  if (self->cancelled_id != 0)
    g_cancellable_disconnect (self->cancellable, self->cancelled_id);
  self->cancelled_id = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DONE]);
  if (task == NULL)
    return;
  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_pointer (task, self->value, NULL);
  g_object_unref (task);
}

/**
 * gc_run_cancel:
 * @self: a run
 *
 * Cancels the sequence. The innermost sequence that it awaits meets %G_IO_ERROR_CANCELLED in its next step,
 * and may clean up. Harmless if it has ended. May be called from any thread, and inside of a step.
 *
 * Since: 0.1
 */
void
gc_run_cancel (GcRun *self)
{
  g_return_if_fail (GC_IS_RUN (self));

  on_cancelled (NULL, self);
  /* In a step of the runner it is seen at once, and not when the turn is over. */
  if (self->runner != NULL && gc_mutation_is_mine_ (self->runner->m) && !self->has_ended)
    gc_strand_cancel (gc_run_get_strand (self));
}

/**
 * gc_run_is_done:
 * @self: a run
 *
 * Whether the sequence has ended.
 *
 * Returns: %TRUE if it has
 *
 * Since: 0.1
 */
gboolean
gc_run_is_done (GcRun *self)
{
  g_return_val_if_fail (GC_IS_RUN (self), FALSE);

  return self->has_ended;
}

/* FALSE, and an error, if there is no result. */
static gboolean
has_result (GcRun   *self,
            GError **error)
{
  if (!self->has_ended)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, "The sequence has not ended");
  else if (self->error != NULL)
    g_propagate_error (error, g_error_copy (self->error));
  else
    return TRUE;
  return FALSE;
}

/**
 * gc_run_get_result: (skip)
 * @self: a run
 * @error: return location for an error
 *
 * Gives what the sequence has ended with. The run keeps it alive.
 *
 * Returns: (type GcObj.Object) (transfer none) (nullable): the result: an object or a tagged word; %NULL with
 *   @error set if it failed, and with %G_IO_ERROR_PENDING if it has not ended
 *
 * Since: 0.1
 */
gpointer
gc_run_get_result (GcRun   *self,
                   GError **error)
{
  g_return_val_if_fail (GC_IS_RUN (self), NULL);

  return has_result (self, error) ? self->value : NULL;
}

/**
 * gc_run_dup_result: (rename-to gc_run_get_result)
 * @self: a run
 * @error: return location for an error
 *
 * Gives what the sequence has ended with. What is not an object is in a #GcBox.
 *
 * Returns: (transfer full) (nullable): the result; %NULL with @error set if it failed, and with
 *   %G_IO_ERROR_PENDING if it has not ended
 *
 * Since: 0.1
 */
GcObject *
gc_run_dup_result (GcRun   *self,
                   GError **error)
{
  g_return_val_if_fail (GC_IS_RUN (self), NULL);

  return has_result (self, error) ? gc_word_dup_object (self->runner->arena, self->value) : NULL;
}

/* Inside of a scope, or on the runner's thread: sequences end in scopes. */
static char *
describe (GcRun *self)
{
  if (self->has_ended)
    return g_strdup (self->error != NULL ? "failed" : "done");
  return gc_strand_describe (gc_run_get_strand (self));
}

/* Tells where it is, and how far. Inside of a scope, on any thread. */
void
gc_run_dump (GcRun   *self,
             GString *text)
{
  g_autofree char *description = describe (self);

  g_string_append (text, description);
  if (self->progress >= 0)
    g_string_append_printf (text, " (%.0f %%%s%s)", self->progress * 100, self->message != NULL ? ", " : "",
                            self->message != NULL ? self->message : "");
}

/**
 * gc_run_describe:
 * @self: a run
 *
 * Tells where the sequence is: the sequences that await each other, from the innermost outwards.
 *
 * Returns: (transfer full): the description
 *
 * Since: 0.1
 */
char *
gc_run_describe (GcRun *self)
{
  GcMutation *m;
  char *description;

  g_return_val_if_fail (GC_IS_RUN (self), NULL);

  if (self->has_ended)
    return describe (self);
  if (!gc_arena_can_begin (self->runner->arena))
    return g_strdup ("running");        /* asked by a hook, which sees no more */
  m = gc_arena_begin (self->runner->arena);
  description = describe (self);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  return description;
}

/**
 * gc_run_get_progress:
 * @self: a run
 *
 * Gives how far the sequence is: the property #GcRun:progress.
 *
 * Returns: from 0 to 1; negative if it has not said so
 *
 * Since: 0.1
 */
double
gc_run_get_progress (GcRun *self)
{
  g_return_val_if_fail (GC_IS_RUN (self), -1);

  return self->progress;
}

/**
 * gc_run_get_message:
 * @self: a run
 *
 * Gives what the sequence said that it does: the property #GcRun:message.
 *
 * Returns: (nullable): the message
 *
 * Since: 0.1
 */
const char *
gc_run_get_message (GcRun *self)
{
  g_return_val_if_fail (GC_IS_RUN (self), NULL);

  return self->message;
}

/* The run that the running strand is for, through groups. NULL if that has ended before its child did. */
static GcRun *
find_run (GcStrand *strand)
{
  while (strand != NULL && strand->run == NULL)
    strand = strand->group != NULL ? strand->group->owner : NULL;
  return strand != NULL ? strand->run : NULL;
}

/**
 * gc_step_report_progress:
 * @step: a step
 * @progress: how far the sequence is, from 0 to 1
 * @message: (nullable): what it does, for people to read; %NULL leaves the message as it is
 *
 * Says how far the run is that the step is of; a child of a group speaks for the whole run. Who watches
 * #GcRun:progress hears of it after the dispatch.
 *
 * Since: 0.1
 */
void
gc_step_report_progress (GcStep     *step,
                         double      progress,
                         const char *message)
{
  GcRun *run;

  g_return_if_fail (step != NULL && gc_step_is_active (step));

  run = find_run (gc_step_context (step)->strand);
  if (run == NULL)
    return;
  run->progress = CLAMP (progress, 0, 1);
  if (message != NULL)
    {
      g_free (run->message);
      run->message = g_strdup (message);
    }
  if (!run->has_news)
    {
      run->has_news = TRUE;
      g_ptr_array_add (run->runner->news, g_object_ref (run));
    }
}

/* Tells those who watch it, outside of the scope; takes the reference. */
void
gc_run_tell_progress (GcRun *self)
{
  self->has_news = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
  g_object_unref (self);
}
