/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Operations of Gio: results, errors, cancelling in each state, dropping. */

#include <glib/gstdio.h>

#include "wait.h"

/* An operation as a library would have it: a GTask that returns later, from this context or from a thread. */

typedef enum
{
  ASIDE,                        /* from an idle source */
  THREAD,                       /* from a thread */
  AT_ONCE,                      /* inside of the call, as it should not be */
  NEVER                         /* only if it is cancelled */
} How;

typedef struct
{
  gint     turn;                /* atomic: orders what threads do, which GLib's locks do unseen */
  How      how;
  gint     answer;              /* negative: an error */
  gboolean is_deaf;             /* does not look at its cancellable */
  guint    n_started;
  guint    n_finished;
  guint    n_cancelled;
  guint    n_destroyed;
} Log;

static void
return_answer (GTask *task)
{
  Log *log = g_task_get_task_data (task);
  gboolean is_deaf;
  gint answer;

  __atomic_load_n (&log->turn, __ATOMIC_ACQUIRE);
  is_deaf = log->is_deaf;
  answer = log->answer;
  __atomic_add_fetch (&log->turn, 1, __ATOMIC_RELEASE);
  if (!is_deaf && g_task_return_error_if_cancelled (task))
    return;
  if (answer < 0)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
  else
    g_task_return_int (task, answer);
}

static gboolean
on_idle (gpointer task)
{
  return_answer (task);
  return G_SOURCE_REMOVE;
}

static void
in_thread (GTask        *task,
           gpointer      source,
           gpointer      data,
           GCancellable *cancellable)
{
  g_usleep (200);
  return_answer (task);
}

static void
on_cancelled (GCancellable *cancellable,
              GTask        *task)
{
  Log *log = g_task_get_task_data (task);

  log->n_cancelled++;
  if (log->how == NEVER)
    g_idle_add_full (G_PRIORITY_DEFAULT, on_idle, g_object_ref (task), g_object_unref);
}

static void
start (gpointer             source,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             callback_data,
       gpointer             user_data)
{
  Log *log = user_data;
  g_autoptr (GTask) task = g_task_new (source, cancellable, log->how != AT_ONCE ? callback : NULL, callback_data);

  log->n_started++;
  __atomic_add_fetch (&log->turn, 1, __ATOMIC_RELEASE);
  g_task_set_task_data (task, log, NULL);
  g_task_set_check_cancellable (task, !log->is_deaf);
  if (log->how == NEVER)
    g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), g_object_ref (task), g_object_unref);
  else if (log->how == THREAD)
    g_task_run_in_thread (task, in_thread);
  else if (log->how == ASIDE)
    g_idle_add_full (G_PRIORITY_DEFAULT, on_idle, g_object_ref (task), g_object_unref);
  else
    {
      return_answer (task);
      callback (source, G_ASYNC_RESULT (task), callback_data);
    }
}

static gpointer
finish (GcMutation    *m,
        gpointer       source,
        GAsyncResult  *result,
        gpointer       user_data,
        GError       **error)
{
  Log *log = user_data;
  gssize answer = g_task_propagate_int (G_TASK (result), error);

  g_assert_true (g_async_result_get_source_object (result) == source);
  if (source != NULL)
    g_object_unref (source);
  log->n_finished++;
  return INT (answer);
}

static void
destroy (gpointer data)
{
  Log *log = data;

  __atomic_load_n (&log->turn, __ATOMIC_ACQUIRE);
  log->n_destroyed++;
}

static GcSequence *
make_async (GcMutation *m,
            gpointer    log)
{
  return gc_sequence_from_async (m, NULL, start, finish, log, destroy);
}

static GcSequence *
make_async_of_source (GcMutation *m,
                      gpointer    log)
{
  g_autoptr (GCancellable) source = g_cancellable_new ();       /* any object */

  return gc_sequence_from_async (m, source, start, finish, log, destroy);
}

static void
assert_log (Log  *log,
            guint n_started,
            guint n_finished)
{
  wait_idle ();
  g_assert_cmpuint (log->n_started, ==, n_started);
  g_assert_cmpuint (log->n_finished, ==, n_finished);
}

static void
test_results (Demo          *demo,
              gconstpointer  data)
{
  for (How how = ASIDE; how <= AT_ONCE; how++)
    {
      Log good = { .how = how, .answer = 42 }, bad = { .how = how, .answer = -1 };
      guint n_steps = how == AT_ONCE ? 1 : 2;

      demo_assert_steps (demo, make_async, &good, 42, n_steps);
      demo_assert_steps (demo, make_async_of_source, &good, 42, n_steps);
      demo_assert_error (demo, make_async, &bad, G_IO_ERROR, G_IO_ERROR_BUSY);
      assert_log (&good, 2, 2);
      assert_log (&bad, 1, 1);
      g_assert_cmpuint (good.n_destroyed, ==, 2);
      g_assert_cmpuint (bad.n_destroyed, ==, 1);
    }
}

/* The callback comes where the runner is, even if somebody has chosen another context meanwhile. */
static void
test_context (Demo          *demo,
              gconstpointer  data)
{
  g_autoptr (GMainContext) other = g_main_context_new ();
  Log log = { .how = THREAD, .answer = 1 };
  g_autoptr (GcRun) run = wait_start (demo, make_async, &log);

  g_main_context_push_thread_default (other);
  gc_runner_step (demo->runner, 1);
  g_main_context_pop_thread_default (other);
  wait_until_done (run);
  g_assert_cmpint (gc_untag_int (gc_run_get_result (run, NULL)), ==, 1);
}

/* Cancelled: the operation is cancelled and waited for. */
static void
test_cancelled (Demo          *demo,
                gconstpointer  data)
{
  Log log = { .how = NEVER };
  guint n_steps = 3;

  wait_cancel_everywhere (demo, make_async, &log, n_steps, n_steps + 1);
  assert_log (&log, n_steps, n_steps);
  g_assert_cmpuint (log.n_cancelled, ==, n_steps);

  /* One that succeeds nevertheless: the cancellation is not lost. */
  log = (Log) { .how = THREAD, .answer = 5, .is_deaf = TRUE };
  wait_cancel_everywhere (demo, make_async, &log, n_steps, 2);
  g_assert_cmpuint (log.n_started, ==, n_steps);
  g_assert_cmpuint (log.n_finished, ==, n_steps);
  log = (Log) { .how = ASIDE, .answer = 5 };
  wait_cancel_everywhere (demo, make_async, &log, n_steps, 2);
  assert_log (&log, n_steps, n_steps);
}

/* Dropped half-way: cancelled, and what comes is thrown away. */
static void
test_dropped (Demo          *demo,
              gconstpointer  data)
{
  Log log = { .how = NEVER };

  wait_drop (demo, make_async, &log);
  g_assert_cmpuint (log.n_cancelled, ==, 1);
  wait_idle ();
  assert_log (&log, 1, 0);
  g_assert_cmpuint (log.n_destroyed, ==, 1);

  /* One that was never run. */
  {
    GcMutation *m = gc_arena_begin (demo->arena);

    make_async (m, &log);
    gc_mutation_finish (m);
    gc_mutation_unref (m);
    demo_n_objects (demo);
    demo_n_objects (demo);
    g_assert_cmpuint (log.n_destroyed, ==, 2);
  }
}

/* The runner goes while an operation is under way. */
static void
test_runner_gone (Demo          *demo,
                  gconstpointer  data)
{
  Log log = { .how = NEVER };
  WaitDrop drop = { make_async, &log, 0 };
  GcRunner *runner = gc_runner_new (demo->arena), *own = demo->runner;

  demo->runner = runner;
  g_assert_cmpint (gc_untag_int (demo_run (demo, wait_make_drop, &drop, NULL)), ==, 1);
  demo->runner = own;
  g_assert_finalize_object (runner);
  demo_n_objects (demo);
  demo_n_objects (demo);
  g_assert_cmpuint (log.n_cancelled, ==, 1);
  wait_idle ();
  g_assert_cmpuint (log.n_destroyed, ==, 1);
}

/* With a promise, as scripts do */

typedef struct
{
  How   how;
  guint n_destroyed;
} Plan;

static gboolean
settle (gpointer promise)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 42);
  gc_promise_resolve_value (promise, &value);
  return G_SOURCE_REMOVE;
}

static void
settle_cancelled (GCancellable *cancellable,
                  GcPromise    *promise)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");

  gc_promise_reject (promise, error);
}

static void
begin (GcPromise *promise,
       gpointer   data)
{
  Plan *plan = data;

  if (plan->how == NEVER)
    g_signal_connect (gc_promise_get_cancellable (promise), "cancelled", G_CALLBACK (settle_cancelled), promise);
  else if (plan->how == AT_ONCE)
    settle (promise);
  else
    g_idle_add_full (G_PRIORITY_DEFAULT, settle, g_object_ref (promise), g_object_unref);
}

static void
destroy_plan (gpointer data)
{
  Plan *plan = data;

  plan->n_destroyed++;
}

static GcSequence *
make_promised (GcMutation *m,
               gpointer    plan)
{
  return gc_sequence_from_async_full (m, begin, plan, destroy_plan);
}

static void
assert_boxed (Demo     *demo,
              DemoMake  make,
              gpointer  context,
              gint64    number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GcRun) run = wait_start (demo, make, context);

  wait_until_done (run);
  g_assert_cmpint (gc_box_get_int64 (gc_run_get_result (run, &error), NULL), ==, number);
  g_assert_no_error (error);
}

static void
test_promised (Demo          *demo,
               gconstpointer  data)
{
  Plan plan = { ASIDE, 0 };

  assert_boxed (demo, make_promised, &plan, 42);
  plan.how = AT_ONCE;
  assert_boxed (demo, make_promised, &plan, 42);
  wait_idle ();
  g_assert_cmpuint (plan.n_destroyed, ==, 2);
  plan.how = NEVER;
  wait_cancel_everywhere (demo, make_promised, &plan, 3, 4);
  wait_drop (demo, make_promised, &plan);
  demo_n_objects (demo);        /* that of the run that was cancelled before it began, too */
  g_assert_cmpuint (plan.n_destroyed, ==, 7);
}

/* Files */

typedef struct
{
  GFile *file;
  GFile *missing;
  GFile *wrong;
} Files;

static GcSequence *
make_load (GcMutation *m,
           gpointer    file)
{
  return gc_sequence_load_file (m, file);
}

static GcSequence *
make_store (GcMutation *m,
            gpointer    file)
{
  return gc_sequence_store_file (m, file, gc_bytes_new (m, "some text", 9));
}

static void
test_files (Demo          *demo,
            gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("gcseq-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autofree char *wrong_path = g_build_filename (path, "below", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) wrong = g_file_new_for_path (wrong_path);
  g_autoptr (GcRun) run = NULL;
  gsize size;

  demo_assert_error (demo, make_load, file, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  demo_assert_steps (demo, make_store, file, 0, 2);
  demo_assert_error (demo, make_store, wrong, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  run = wait_start (demo, make_load, file);
  wait_until_done (run);
  g_assert_cmpmem (gc_bytes_get_data (gc_run_get_result (run, NULL), &size), 9, "some text", 9);
  g_assert_cmpuint (size, ==, 9);
  wait_cancel_everywhere (demo, make_load, file, 3, 1);
  wait_cancel_everywhere (demo, make_store, file, 3, 1);
  wait_drop (demo, make_load, file);
  wait_drop (demo, make_store, file);
  g_assert_true (g_file_delete (file, NULL, NULL));
  for (gint64 until = g_get_monotonic_time () + 30 * G_USEC_PER_SEC; g_rmdir (folder) != 0; g_usleep (1000))
    {
      /* Threads of Gio still remove what was begun, or put it in place. */
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      wait_idle ();
      g_file_delete (file, NULL, NULL);
    }
}

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  g_autoptr (GFile) file = g_file_new_for_path ("/");
  Log log = { 0 };

  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_from_async: assertion*");
  g_assert_null (gc_sequence_from_async (m, NULL, NULL, finish, &log, destroy));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_from_async: assertion*");
  g_assert_null (gc_sequence_from_async (m, NULL, start, NULL, &log, destroy));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_load_file: assertion*");
  g_assert_null (gc_sequence_load_file (m, NULL));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_store_file: assertion*");
  g_assert_null (gc_sequence_store_file (m, file, NULL));
  gc_mutation_finish (m);
  /* With no mutation there is no sequence, and what was given is freed. */
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "*");
  g_assert_null (gc_sequence_from_async (m, NULL, start, finish, &log, destroy));
  g_assert_cmpuint (log.n_destroyed, ==, 1);
  g_test_assert_expected_messages ();
  gc_mutation_unref (m);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("async/results", test_results);
  demo_add ("async/context", test_context);
  demo_add ("async/cancelled", test_cancelled);
  demo_add ("async/dropped", test_dropped);
  demo_add ("async/runner-gone", test_runner_gone);
  demo_add ("async/promised", test_promised);
  demo_add ("async/files", test_files);
  demo_add ("async/misuse", test_misuse);

  return g_test_run ();
}
