/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sleeping, timeouts, idleness. */

#include "gcseq/gc-runner-private.h"
#include "wait.h"

#define MS G_TIME_SPAN_MILLISECOND

static GcSequence *
make_sleep (GcMutation *m,
            gpointer    us)
{
  return gc_sequence_sleep (m, GPOINTER_TO_INT (us));
}

static GcSequence *
make_sleep_until (GcMutation *m,
                  gpointer    when)
{
  return gc_sequence_sleep_until (m, *(gint64 *) when);
}

static void
assert_sleep (Demo     *demo,
              DemoMake  make,
              int       us,
              guint     n_steps)
{
  gint64 before = g_get_monotonic_time ();

  demo_assert_steps (demo, make, GINT_TO_POINTER (us), 0, n_steps);
  g_assert_cmpint (g_get_monotonic_time () - before, >=, us);
}

/* Two steps, if the first of them comes in time. Where the machine has other things to do, there is a next time. */
static void
assert_sleep_until (Demo *demo)
{
  gboolean is_in_time = FALSE;

  for (gint64 us = 50 * MS; !is_in_time; us *= 2)
    {
      gint64 when = g_get_monotonic_time () + us;
      guint64 before = gc_runner_get_n_steps (demo->runner);
      g_autoptr (GcRun) run = wait_start (demo, make_sleep_until, &when);

      g_assert_cmpint (us, <, 30 * G_TIME_SPAN_SECOND);
      gc_runner_step (demo->runner, 1);
      is_in_time = g_get_monotonic_time () < when;
      if (is_in_time)
        g_assert_false (gc_run_is_done (run));
      wait_until_done (run);
      g_assert_cmpint (g_get_monotonic_time (), >=, when);
      if (is_in_time)
        g_assert_cmpuint (gc_runner_get_n_steps (demo->runner) - before, ==, 2);
    }
}

static void
test_sleep (Demo          *demo,
            gconstpointer  data)
{
  gint64 past = g_get_monotonic_time () - 1;

  assert_sleep (demo, make_sleep, 3 * MS, 2);
  assert_sleep (demo, make_sleep, 0, 1);
  assert_sleep (demo, make_sleep, -5, 1);
  assert_sleep_until (demo);
  demo_assert_steps (demo, make_sleep_until, &past, 0, 1);
}

static GcSequence *
make_long_sleep (GcMutation *m,
                 gpointer    us)
{
  return gc_sequence_sleep (m, G_MAXINT64);
}

static void
test_sleep_cancelled (Demo          *demo,
                      gconstpointer  data)
{
  gint64 before = g_get_monotonic_time ();

  wait_cancel_everywhere (demo, make_long_sleep, NULL, 3, 4);
  wait_drop (demo, make_long_sleep, NULL);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 20 * G_TIME_SPAN_SECOND);
}

/* Those that sleep shorter end sooner, however they were begun; which says something if all were begun within the
 * least difference of their times. A last child tells how long that took. */

static gint64 difference;       /* of times */
static gint64 begun_within;

static GcStepResult
note_begun (GcMutation  *m,
            GcStep      *step,
            gpointer     context,
            GError     **error)
{
  begun_within += g_get_monotonic_time ();
  return gc_step_done (step, NULL);
}

static GcStepResult
sleep_all (GcMutation  *m,
           GcStep      *step,
           gpointer     context,
           GError     **error)
{
  static const int times[] = { 4, 1, 3, 2 };
  static guint order[G_N_ELEMENTS (times)], n;
  GcTaskGroup *group = context;
  guint index;

  if (gc_task_group_get_n_live (group) == 0)
    {
      n = 0;
      begun_within = -g_get_monotonic_time ();
      for (guint i = 0; i < G_N_ELEMENTS (times); i++)
        gc_task_group_spawn (group, step, gc_sequence_sleep (m, times[i] * difference));
      gc_task_group_spawn (group, step, gc_sequence_func (m, note_begun, NULL, NULL));
    }
  while (gc_task_group_next (group, step, &index))
    {
      if (index < G_N_ELEMENTS (times))
        order[n++] = index;
      if (n == G_N_ELEMENTS (times))
        return gc_step_done (step, INT (order[0] * 1000 + order[1] * 100 + order[2] * 10 + order[3]));
    }
  return GC_STEP_WAIT;
}

static GcSequence *
make_sleep_all (GcMutation *m,
                gpointer    context)
{
  return gc_sequence_steps (m, sleep_all, gc_task_group_new (m));
}

static void
test_sleep_order (Demo          *demo,
                  gconstpointer  data)
{
  int order;

  difference = 10 * MS;
  do
    {
      difference *= 2;
      g_assert_cmpint (difference, <, 30 * G_TIME_SPAN_SECOND);
      order = gc_untag_int (demo_run (demo, make_sleep_all, NULL, NULL));
    }
  while (begun_within >= difference);
  g_assert_cmpint (order, ==, 1320);
}

/* Timeouts */

static GcSequence *
make_in_time (GcMutation *m,
              gpointer    context)
{
  return gc_sequence_timeout (m, gc_sequence_value (m, INT (7)), 60 * G_TIME_SPAN_SECOND);
}

static GcSequence *
make_late (GcMutation *m,
           gpointer    context)
{
  return gc_sequence_timeout (m, gc_sequence_never (m), 2 * MS);
}

static GcSequence *
make_deadline (GcMutation *m,
               gpointer    context)
{
  return gc_sequence_deadline (m, gc_sequence_never (m), g_get_monotonic_time () + 2 * MS);
}

static GcSequence *
make_failing (GcMutation *m,
              gpointer    context)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy");

  return gc_sequence_timeout (m, gc_sequence_error (m, error), 60 * G_TIME_SPAN_SECOND);
}

static GcSequence *
make_awaited_by_itself (GcMutation *m,
                        gpointer    context)
{
  return gc_sequence_timeout (m, gc_arena_get_root (gc_mutation_get_arena (m)), 60 * G_TIME_SPAN_SECOND);
}

static void
test_timeout (Demo          *demo,
              gconstpointer  data)
{
  /* It spawns, the child ends, the clock begins, it ends, and the clock is cancelled. */
  demo_assert_steps (demo, make_in_time, NULL, 7, 5);
  demo_assert_error (demo, make_late, NULL, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  demo_assert_error (demo, make_deadline, NULL, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  demo_assert_error (demo, make_failing, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
}

/* One that has ended can't be run again. */
static void
test_timeout_of_ended (Demo          *demo,
                       gconstpointer  data)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  GcSequence *ended = gc_sequence_value (m, INT (1));

  gc_arena_set_root (demo->arena, ended);
  g_object_unref (gc_runner_start (demo->runner, ended, NULL));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  while (gc_runner_step (demo->runner, 10))
    ;
  demo_assert_error (demo, make_awaited_by_itself, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FINISHED);
  gc_arena_set_root (demo->arena, NULL);
}

/* What cleans up for a while when it is cancelled is awaited, and what it says then counts. */

typedef struct
{
  guint    n_cleaned;
  gboolean succeeds;
} Stubborn;

GC_DEFINE_COROUTINE (TimeStubborn, time_stubborn,
                     GC_PARAM (Stubborn *, log))

GC_COROUTINE_BODY (TimeStubborn, time_stubborn)
{
  GC_BEGIN ();
  GC_AWAIT_OR (gc_sequence_never (m), G_IO_ERROR, G_IO_ERROR_CANCELLED)
    {
      GC_AWAIT (gc_sequence_sleep (m, 2 * MS));
      self->log->n_cleaned++;
      if (self->log->succeeds)
        GC_RETURN (INT (5));
      GC_THROW (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
    }
  GC_END ();
}

static GcSequence *
make_stubborn (GcMutation *m,
               gpointer    context)
{
  return gc_sequence_timeout (m, time_stubborn_new (m, context), 2 * MS);
}

static GcSequence *
make_patient (GcMutation *m,
              gpointer    context)
{
  return gc_sequence_timeout (m, time_stubborn_new (m, context), 60 * G_TIME_SPAN_SECOND);
}

static void
test_timeout_awaits (Demo          *demo,
                     gconstpointer  data)
{
  Stubborn log = { 0, FALSE };
  g_autoptr (GcRun) run = NULL;

  demo_assert_error (demo, make_stubborn, &log, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (log.n_cleaned, ==, 1);
  log.succeeds = TRUE;
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_stubborn, &log, NULL)), ==, 5);
  g_assert_cmpuint (log.n_cleaned, ==, 2);

  /* Cancelled from outside, it is cancelled whatever the child says. */
  run = wait_start (demo, make_patient, &log);
  for (guint i = 0; i < 5; i++)
    gc_runner_step (demo->runner, 5);
  gc_run_cancel (run);
  wait_assert_cancelled (run);
  g_assert_cmpuint (log.n_cleaned, ==, 3);
}

static GcSequence *
make_never_late (GcMutation *m,
                 gpointer    context)
{
  return gc_sequence_timeout (m, gc_sequence_never (m), 60 * G_TIME_SPAN_SECOND);
}

static void
test_timeout_cancelled (Demo          *demo,
                        gconstpointer  data)
{
  Stubborn log = { 0, TRUE };

  wait_cancel_everywhere (demo, make_never_late, NULL, 5, 6);
  wait_cancel_everywhere (demo, make_in_time, NULL, 6, 3);
  wait_cancel_everywhere (demo, make_patient, &log, 6, 7);
  wait_drop (demo, make_never_late, NULL);
  wait_drop (demo, make_in_time, NULL);
}

/* Timers of what is over go: many timeouts of an hour leave no timer. */
GC_DEFINE_COROUTINE (TimeMany, time_many,
                     GC_LOCAL (int, n))

GC_COROUTINE_BODY (TimeMany, time_many)
{
  GC_BEGIN ();
  for (self->n = 0; self->n < 200; self->n++)
    GC_AWAIT (gc_sequence_timeout (m, gc_sequence_sleep (m, 1), G_TIME_SPAN_HOUR));
  GC_RETURN (INT (self->n));
  GC_END ();
}

static GcSequence *
make_many (GcMutation *m,
           gpointer    context)
{
  return time_many_new (m);
}

static void
test_timeout_often (Demo          *demo,
                    gconstpointer  data)
{
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_many, NULL, NULL)), ==, 200);
  g_assert_cmpuint (demo->runner->timers.n_allocated, <=, 32);
}

/* Idleness */

static gboolean
count (gpointer data)
{
  guint *n = data;

  return --*n > 0;
}

static GcSequence *
make_idle (GcMutation *m,
           gpointer    context)
{
  return gc_sequence_idle (m);
}

static void
test_idle (Demo          *demo,
           gconstpointer  data)
{
  guint n = 10;
  GSource *busy = g_idle_source_new ();

  g_source_set_priority (busy, G_PRIORITY_DEFAULT);
  g_source_set_callback (busy, count, &n, NULL);
  g_source_attach (busy, NULL);
  demo_assert_steps (demo, make_idle, NULL, 0, 2);
  g_assert_cmpuint (n, ==, 0);
  g_source_unref (busy);
  wait_cancel_everywhere (demo, make_idle, NULL, 3, 2);
  wait_drop (demo, make_idle, NULL);
}

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) other = gc_arena_new ();
  GcMutation *m = gc_arena_begin (demo->arena);
  GcMutation *m2 = gc_arena_begin (other);

  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_timeout: assertion*");
  g_assert_null (gc_sequence_timeout (m, NULL, 5));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_timeout: assertion*");
  g_assert_null (gc_sequence_timeout (m, gc_sequence_never (m2), 5));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_deadline: assertion*");
  g_assert_null (gc_sequence_deadline (m, gc_sequence_never (m2), 5));
  g_test_assert_expected_messages ();
  gc_mutation_finish (m2);
  gc_mutation_unref (m2);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("time/sleep", test_sleep);
  demo_add ("time/sleep-cancelled", test_sleep_cancelled);
  demo_add ("time/sleep-order", test_sleep_order);
  demo_add ("time/timeout", test_timeout);
  demo_add ("time/timeout-of-ended", test_timeout_of_ended);
  demo_add ("time/timeout-awaits", test_timeout_awaits);
  demo_add ("time/timeout-cancelled", test_timeout_cancelled);
  demo_add ("time/timeout-often", test_timeout_often);
  demo_add ("time/idle", test_idle);
  demo_add ("time/misuse", test_misuse);

  return g_test_run ();
}
