/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-runner-private.h"
#include "gcseq/gc-source.h"
#include "gcseq/gc-time.h"

/**
 * SECTION:gc-time
 * @Title: Time
 * @Short_description: Sleeping, deadlines, and waiting for idleness
 *
 * |[<!-- language="C" -->
 * GC_DEFINE_COROUTINE (Blink, blink,
 *                      GC_LOCAL (int, n))
 *
 * GC_COROUTINE_BODY (Blink, blink)
 * {
 *   GC_BEGIN ();
 *   for (self->n = 0; self->n < 3; self->n++)
 *     GC_AWAIT (gc_sequence_sleep (m, 500 * G_TIME_SPAN_MILLISECOND));
 *   GC_END ();
 * }
 *
 * static GcSequence *
 * demo_blink (GcMutation *m)
 * {
 *   return gc_sequence_timeout (m, blink_new (m), 1 * G_TIME_SPAN_SECOND);
 * }
 * ]|
 *
 * Times are in microseconds; points in time are those of g_get_monotonic_time(). A runner has one timer
 * for all of its sequences, and those that sleep cost nothing until then.
 *
 * A time that runs out is %G_IO_ERROR_TIMED_OUT.
 */

/* Sleep */

typedef struct
{
  GcSequence parent_instance;
  gint64     when;              /* until it begins: how long, if it is_delay */
  guint8     is_delay;
  guint8     has_begun;
} GcSleepSequence;
typedef GcSequenceClass GcSleepSequenceClass;

static gint64
add_time (gint64 now,
          gint64 delay)
{
  return delay > G_MAXINT64 - now ? G_MAXINT64 : now + MAX (delay, 0);
}

static GcStepResult
gc_sleep_sequence_step (GcSequence  *sequence,
                        GcMutation  *m,
                        GcStep      *step,
                        GError     **error)
{
  GcSleepSequence *self = (GcSleepSequence *) sequence;
  gint64 now = g_get_monotonic_time ();

  if (!self->has_begun)
    {
      GcStepContext *context = gc_step_context (step);
      GcRunner *runner = context->runner;

      self->has_begun = TRUE;
      if (self->is_delay)
        self->when = add_time (now, self->when);
      if (now < self->when)
        gc_timers_add (&runner->timers, runner->hub, gc_home_need_cell (runner->home, context->strand), self->when);
    }
  if (now < self->when)
    return GC_STEP_WAIT;
  step->value = NULL;
  return GC_STEP_DONE;
}

static void
gc_sleep_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_sleep_sequence_step;
}

GType gc_sleep_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcSleepSequence, gc_sleep_sequence)
GC_DEFINE_TYPE (GcSleepSequence, gc_sleep_sequence, GC_TYPE_SEQUENCE,
                GC_CLASS_INIT (gc_sleep_sequence_class_init))

static GcSequence *
sleep_new (GcMutation *m,
           gint64      when,
           gboolean    is_delay)
{
  GcSleepSequence *self = gc_new (m, GcSleepSequence);

  if (self == NULL)
    return NULL;
  self->when = when;
  self->is_delay = is_delay;
  return (GcSequence *) self;
}

/**
 * gc_sequence_sleep: (constructor)
 * @m: a mutation
 * @microseconds: how long
 *
 * Makes a sequence that ends with %NULL some time after its first step. It ends in its first step if the time is
 * not positive, else in its second one. Cancelled, it fails at once.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_sleep (GcMutation *m,
                   gint64      microseconds)
{
  return sleep_new (m, microseconds, TRUE);
}

/**
 * gc_sequence_sleep_until: (constructor)
 * @m: a mutation
 * @when: a point in time, of g_get_monotonic_time()
 *
 * Makes a sequence that ends with %NULL at a point in time. It ends in its first step if that is past, else in its
 * second one. Cancelled, it fails at once.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_sleep_until (GcMutation *m,
                         gint64      when)
{
  return sleep_new (m, when, FALSE);
}

/* A sequence against the clock: two children, of which the first decides. The clock is a child so that its
 * timer is over when it is not needed any more. */

#define CHILD 0                 /* their indices */
#define CLOCK 1

typedef struct
{
  GcSequence           parent_instance;
  GC_REF (GcSequence)  child;
  GC_REF (GcSequence)  clock;
  GC_REF (GcTaskGroup) group;
  guint8               is_late;
  guint8               is_cancelled;
} GcTimeoutSequence;
typedef GcSequenceClass GcTimeoutSequenceClass;

static GcStepResult
end_timeout (GcTimeoutSequence *self,
             GcStep            *step)
{
  gc_task_group_cancel (self->group);   /* the clock, which ends by itself */
  if (step->error == NULL)
    /* What has come in spite of the clock is not thrown away, but a cancellation is not lost either. */
    return self->is_cancelled
      ? gc_step_throw_literal (step, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled")
      : GC_STEP_DONE;
  if (self->is_late && !self->is_cancelled && g_error_matches (step->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return gc_step_throw_literal (step, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "It took too long");
  return GC_STEP_FAILED;
}

static GcStepResult
gc_timeout_sequence_step (GcSequence  *sequence,
                          GcMutation  *m,
                          GcStep      *step,
                          GError     **error)
{
  GcTimeoutSequence *self = (GcTimeoutSequence *) sequence;
  guint index;

  if (self->group == NULL)
    {
      gc_set (self, group, gc_task_group_new (m));
      gc_task_group_spawn (self->group, step, self->child);
      gc_task_group_spawn (self->group, step, self->clock);
      gc_set (self, child, NULL);
      gc_set (self, clock, NULL);
    }
  while (gc_task_group_next (self->group, step, &index))
    {
      if (index == CHILD)
        return end_timeout (self, step);
      g_clear_error (&step->error);     /* the clock was cancelled */
      self->is_late = TRUE;
      gc_task_group_cancel_one (self->group, CHILD);
    }
  return GC_STEP_WAIT;
}

static GcStepResult
gc_timeout_sequence_cancel (GcSequence  *sequence,
                            GcMutation  *m,
                            GcStep      *step,
                            GError     **error)
{
  GcTimeoutSequence *self = (GcTimeoutSequence *) sequence;

  self->is_cancelled = TRUE;
  gc_task_group_cancel (self->group);
  return gc_timeout_sequence_step (sequence, m, step, error);
}

static void
gc_timeout_sequence_class_init (GcSequenceClass *klass)
{
  klass->step = gc_timeout_sequence_step;
  klass->cancel = gc_timeout_sequence_cancel;
}

GType gc_timeout_sequence_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcTimeoutSequence, gc_timeout_sequence)
GC_DEFINE_TYPE (GcTimeoutSequence, gc_timeout_sequence, GC_TYPE_SEQUENCE,
                GC_FIELD (GcTimeoutSequence, child)
                GC_FIELD (GcTimeoutSequence, clock)
                GC_FIELD (GcTimeoutSequence, group)
                GC_CLASS_INIT (gc_timeout_sequence_class_init))

static GcSequence *
timeout_new (GcMutation *m,
             GcSequence *sequence,
             GcSequence *clock)
{
  GcTimeoutSequence *self = gc_new (m, GcTimeoutSequence);

  if (self == NULL)
    return NULL;
  gc_set (self, child, sequence);
  gc_set (self, clock, clock);
  return (GcSequence *) self;
}

/**
 * gc_sequence_timeout: (constructor)
 * @m: a mutation
 * @sequence: a sequence
 * @microseconds: how long it may take
 *
 * Makes a sequence that runs @sequence and ends as it does. If that takes longer than so much time from the first step
 * on, @sequence is cancelled and awaited, and the sequence fails with %G_IO_ERROR_TIMED_OUT. If @sequence
 * ends with something else than %G_IO_ERROR_CANCELLED in spite of that, this is what counts.
 *
 * @sequence begins in the step after the first one, and its end is passed on in the step after that.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_timeout (GcMutation *m,
                     GcSequence *sequence,
                     gint64      microseconds)
{
  g_return_val_if_fail (gc_sequence_is_for (sequence, m), NULL);

  return timeout_new (m, sequence, gc_sequence_sleep (m, microseconds));
}

/**
 * gc_sequence_deadline: (constructor)
 * @m: a mutation
 * @sequence: a sequence
 * @when: a point in time, of g_get_monotonic_time()
 *
 * Makes a sequence that runs @sequence and ends as it does. If it has not ended at that point in time, it
 * is cancelled and awaited, and the sequence fails with %G_IO_ERROR_TIMED_OUT: see gc_sequence_timeout().
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_deadline (GcMutation *m,
                      GcSequence *sequence,
                      gint64      when)
{
  g_return_val_if_fail (gc_sequence_is_for (sequence, m), NULL);

  return timeout_new (m, sequence, gc_sequence_sleep_until (m, when));
}

/**
 * gc_sequence_idle: (constructor)
 * @m: a mutation
 *
 * Makes a sequence that ends with %NULL when the runner's main context is idle: when nothing of a higher priority than
 * %G_PRIORITY_DEFAULT_IDLE is to be done. It ends in its second step. Cancelled, it fails at once.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_idle (GcMutation *m)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  return gc_sequence_from_source (m, source);
}
