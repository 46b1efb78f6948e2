/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Scopes, and sequences that run once. */

#include "wait.h"

/* A task that counts how it ends. */

static guint n_begun, n_finished, n_failed, n_cleaned;

GC_DEFINE_COROUTINE (ScopeTask, scope_task,
                     GC_PARAM (gint64, us)
                     GC_PARAM (gboolean, fails))

GC_COROUTINE_BODY (ScopeTask, scope_task)
{
  GC_BEGIN ();
  n_begun++;
  GC_AWAIT_OR (gc_sequence_sleep (m, self->us), G_IO_ERROR, G_IO_ERROR_CANCELLED)
    {
      GC_AWAIT (gc_sequence_sleep (m, 500));
      n_cleaned++;
      GC_THROW (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    }
  if (self->fails)
    {
      n_failed++;
      GC_THROW (G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
    }
  n_finished++;
  GC_END ();
}

/* A body that ends once all tasks have. */
GC_DEFINE_COROUTINE (ScopePatient, scope_patient, )

GC_COROUTINE_BODY (ScopePatient, scope_patient)
{
  GC_BEGIN ();
  while (n_finished + n_failed < 3)
    GC_AWAIT (gc_sequence_sleep (m, 100));
  GC_END ();
}

typedef enum
{
  NOTHING,                      /* no task */
  ENDS,                         /* the body ends while tasks run */
  FAILS,                        /* it fails */
  NEVER,                        /* it does not end */
  TASK_FAILS,                   /* it ends well, but a task has failed */
  NO_BODY,                      /* none is made */
  THROWS,                       /* the function fails, with tasks begun */
  N_CASES
} Case;

static GcSequence *
make_body (GcMutation   *m,
           GcTaskGroup  *group,
           GcStep       *step,
           gpointer      context,
           GError      **error)
{
  Case what = gc_untag_int (context);
  g_autoptr (GError) failure = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_EXISTS, "exists");

  if (what != NOTHING)
    for (guint i = 0; i < 3; i++)
      gc_task_group_spawn (group, step, scope_task_new (m, what == TASK_FAILS ? 100 : G_TIME_SPAN_HOUR,
                                                        what == TASK_FAILS && i == 1));
  switch (what)
    {
    case NOTHING:
      return gc_sequence_value (m, INT (5));
    case ENDS:
      return gc_sequence_sleep (m, 1000);
    case FAILS:
      return gc_sequence_timeout (m, gc_sequence_never (m), 1000);
    case NEVER:
      return gc_sequence_never (m);
    case TASK_FAILS:
      return scope_patient_new (m);
    case THROWS:
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    case NO_BODY:
    default:
      return NULL;
    }
}

static GcSequence *
make_scope (GcMutation *m,
            gpointer    what)
{
  return gc_sequence_scope (m, make_body, INT (GPOINTER_TO_INT (what)));
}

static void
start_count (void)
{
  n_begun = n_finished = n_failed = n_cleaned = 0;
}

#define CASE(what) GINT_TO_POINTER (what)

static GcStepResult
sleep_then_nine (GcMutation *m,
                 GcStep     *step,
                 gpointer    data,
                 GError    **error)
{
  GcTaskGroup *group = gc_step_get (step);

  g_assert_true (GC_IS_TASK_GROUP (group));
  gc_task_group_spawn (group, step, scope_task_new (m, G_TIME_SPAN_HOUR, FALSE));
  return gc_step_become (step, gc_sequence_value (m, INT (9)));
}

static GcStepResult
fail (GcMutation *m,
      GcStep     *step,
      gpointer    data,
      GError    **error)
{
  return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_EXISTS, "exists");
}

static GcSequence *
make_script_scope (GcMutation *m,
                   gpointer    func)
{
  return gc_sequence_scope_full (m, func, NULL, NULL);
}

static void
test_ends (Demo          *demo,
           gconstpointer  data)
{
  start_count ();
  demo_assert_steps (demo, make_scope, CASE (NOTHING), 5, 3);
  g_assert_null (demo_run (demo, make_scope, CASE (ENDS), NULL));
  g_assert_cmpuint (n_begun, ==, 3);
  g_assert_cmpuint (n_cleaned, ==, 3);
  start_count ();
  demo_assert_error (demo, make_scope, CASE (FAILS), G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (n_begun, ==, 3);
  g_assert_cmpuint (n_cleaned, ==, 3);
  start_count ();
  demo_assert_error (demo, make_scope, CASE (TASK_FAILS), G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpuint (n_finished, ==, 2);
  demo_assert_error (demo, make_scope, CASE (NO_BODY), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
  start_count ();
  demo_assert_error (demo, make_scope, CASE (THROWS), G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_cmpuint (n_begun, ==, n_cleaned);

  start_count ();
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_script_scope, sleep_then_nine, NULL)), ==, 9);
  g_assert_cmpuint (n_cleaned, ==, n_begun);
  demo_assert_error (demo, make_script_scope, fail, G_IO_ERROR, G_IO_ERROR_EXISTS);
}

static void
test_cancelled (Demo          *demo,
                gconstpointer  data)
{
  start_count ();
  wait_cancel_everywhere (demo, make_scope, CASE (NEVER), 10, 11);
  g_assert_cmpuint (n_begun, >, 0);
  g_assert_cmpuint (n_begun, ==, n_cleaned);
  wait_cancel_everywhere (demo, make_scope, CASE (FAILS), 4, 5);
  wait_cancel_everywhere (demo, make_scope, CASE (NOTHING), 4, 3);
  wait_cancel_everywhere (demo, make_scope, CASE (THROWS), 1, 1);
  g_assert_cmpuint (n_begun, ==, n_cleaned);
  wait_drop (demo, make_scope, CASE (NEVER));
}

/* Cancelled while it waits for its tasks to clean up: they are awaited nevertheless. */
static void
test_cancelled_late (Demo          *demo,
                     gconstpointer  data)
{
  g_autoptr (GcRun) run = wait_start (demo, make_scope, CASE (FAILS));

  start_count ();
  while (n_begun < 3)
    g_main_context_iteration (NULL, TRUE);
  g_usleep (2000);
  gc_runner_step (demo->runner, 2);     /* the time is up */
  gc_run_cancel (run);
  wait_assert_cancelled (run);
  g_assert_cmpuint (n_cleaned, ==, 3);
}

/* Once */

static guint n_runs;

static gpointer
count_run (GcMutation  *m,
           gpointer     value,
           gpointer     context,
           GError     **error)
{
  n_runs++;
  if (context != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
  return INT (8);
}

/* It runs for some time; with a promise, until that is settled. */
static void
set_once (Demo      *demo,
          gpointer   fails,
          gint64     us,
          GcPromise *promise)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  GcSequence *first = promise != NULL ? gc_promise_wait (promise, m) : gc_sequence_sleep (m, us);
  GcSequence *sequence = gc_sequence_map (m, first, count_run, fails);

  gc_arena_set_root (demo->arena, gc_once_new (m, sequence));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  n_runs = 0;
}

static GcSequence *
make_get (GcMutation *m,
          gpointer    context)
{
  return gc_once_get (gc_arena_get_root (gc_mutation_get_arena (m)), m);
}

static gboolean
is_done (Demo *demo)
{
  return gc_once_is_done (wait_root (demo));
}

static void
test_once (Demo          *demo,
           gconstpointer  data)
{
  GcRun *runs[4];

  set_once (demo, NULL, 1000, NULL);
  for (guint i = 0; i < 4; i++)
    runs[i] = wait_start (demo, make_get, NULL);
  for (guint i = 0; i < 4; i++)
    {
      wait_until_done (runs[i]);
      g_assert_cmpint (gc_untag_int (gc_run_get_result (runs[i], NULL)), ==, 8);
      g_object_unref (runs[i]);
    }
  g_assert_true (is_done (demo));
  demo_assert_steps (demo, make_get, NULL, 8, 1);
  g_assert_cmpuint (n_runs, ==, 1);

  set_once (demo, INT (1), 0, NULL);
  demo_assert_error (demo, make_get, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
  demo_assert_error (demo, make_get, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpuint (n_runs, ==, 1);
  gc_arena_set_root (demo->arena, NULL);
}

/* Who waits may be cancelled or dropped; the sequence goes on, and others get the result. */
static void
test_once_cancelled (Demo          *demo,
                     gconstpointer  data)
{
  g_autoptr (GcPromise) promise = gc_promise_new ();
  g_autoptr (GcRun) run = NULL;

  set_once (demo, NULL, 0, promise);
  wait_cancel_everywhere (demo, make_get, NULL, 3, 4);
  wait_drop (demo, make_get, NULL);
  run = wait_start (demo, make_get, NULL);
  gc_runner_step (demo->runner, 10);
  g_assert_false (gc_run_is_done (run));
  gc_promise_resolve (promise, NULL);
  wait_until_done (run);
  g_assert_cmpint (gc_untag_int (gc_run_get_result (run, NULL)), ==, 8);
  g_assert_cmpuint (n_runs, ==, 1);

  /* Dropped with the object: it never ends. */
  set_once (demo, NULL, G_TIME_SPAN_HOUR, NULL);
  wait_drop (demo, make_get, NULL);
  gc_arena_set_root (demo->arena, NULL);
}

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) other = gc_arena_new ();
  GcMutation *m = gc_arena_begin (demo->arena), *m2 = gc_arena_begin (other);
  GcOnce *once = gc_once_new (m, gc_sequence_never (m));

  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_scope: assertion*");
  g_assert_null (gc_sequence_scope (m, NULL, NULL));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_once_new: assertion*");
  g_assert_null (gc_once_new (m, gc_sequence_never (m2)));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_once_get: assertion*");
  g_assert_null (gc_once_get (once, m2));
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

  demo_add ("scope/ends", test_ends);
  demo_add ("scope/cancelled", test_cancelled);
  demo_add ("scope/cancelled-late", test_cancelled_late);
  demo_add ("scope/once", test_once);
  demo_add ("scope/once-cancelled", test_once_cancelled);
  demo_add ("scope/misuse", test_misuse);

  return g_test_run ();
}
