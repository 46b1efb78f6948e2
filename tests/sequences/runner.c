/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runners: the main context, stepping by hand, cancelling, runs as objects. */

#include "demo.h"

static GcSequence *
make_never (GcMutation *m,
            gpointer    context)
{
  return gc_sequence_never (m);
}

static GcStepResult
count_down (GcMutation  *m,
            GcStep      *step,
            gpointer     context,
            GError     **error)
{
  guint *n = context;

  if (gc_step_get_error (step) != NULL)
    return GC_STEP_FAILED;
  return --*n > 0 ? GC_STEP_CONTINUE : gc_step_done (step, INT (5));
}

/* With data that is not of the arena, for scripts and tests. */
static GcStepResult
count_down_user (GcMutation  *m,
                 GcStep      *step,
                 gpointer     user_data,
                 GError     **error)
{
  return count_down (m, step, user_data, error);
}

static GcSequence *
make_count (GcMutation *m,
            gpointer    context)
{
  return gc_sequence_func (m, count_down_user, context, NULL);
}

static GcRun *
start (Demo     *demo,
       DemoMake  make,
       gpointer  context)
{
  g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

  return gc_runner_start (demo->runner, make (m, context), NULL);
}

/* run_async */

typedef struct
{
  gpointer  value;
  GError   *error;
  guint     n_calls;
} Outcome;

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  Outcome *outcome = data;

  outcome->n_calls++;
  outcome->value = gc_runner_run_finish (GC_RUNNER (source), result, &outcome->error);
}

static void
begin (Demo         *demo,
       DemoMake      make,
       gpointer      context,
       GCancellable *cancellable,
       Outcome      *outcome)
{
  g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

  gc_runner_run_async (demo->runner, make (m, context), cancellable, on_done, outcome);
}

static void
test_async (Demo          *demo,
            gconstpointer  data)
{
  Outcome outcome = { NULL, NULL, 0 };
  guint n = 10;

  begin (demo, make_count, &n, NULL, &outcome);
  g_assert_cmpuint (outcome.n_calls, ==, 0);
  g_assert_cmpuint (n, ==, 10);         /* the call itself runs no step */
  gc_arena_collect (demo->arena);       /* and nobody else keeps the sequence */
  while (outcome.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (gc_untag_int (outcome.value), ==, 5);
}

static GcSequence *
make_object (GcMutation *m,
             gpointer    context)
{
  return gc_sequence_value (m, gc_string_new (m, "result"));
}

/* The result is kept until it is asked for, and once more for who asked. */
static void
test_async_object (Demo          *demo,
                   gconstpointer  data)
{
  Outcome outcome = { NULL, NULL, 0 };

  begin (demo, make_object, NULL, NULL, &outcome);
  while (outcome.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  gc_arena_collect (demo->arena);
  g_assert_cmpstr (gc_string_get_text (outcome.value), ==, "result");
  gc_object_unref (outcome.value);
}

/* Cancelled before it begins, while it waits, and after it has ended. */
static void
test_cancellable (Demo          *demo,
                  gconstpointer  data)
{
  for (guint when = 0; when < 3; when++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Outcome outcome = { NULL, NULL, 0 };
      guint n = 3;

      if (when == 0)
        g_cancellable_cancel (cancellable);
      begin (demo, when == 1 ? make_never : make_count, &n, cancellable, &outcome);
      if (when == 1)
        {
          while (g_main_context_iteration (NULL, FALSE))
            ;
          g_assert_cmpuint (outcome.n_calls, ==, 0);
          g_cancellable_cancel (cancellable);
        }
      while (outcome.n_calls == 0)
        g_main_context_iteration (NULL, TRUE);
      if (when == 2)
        {
          g_cancellable_cancel (cancellable);
          g_assert_no_error (outcome.error);
        }
      else
        g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpuint (n, ==, when == 2 ? 0 : 3);
      g_clear_error (&outcome.error);
      g_assert_cmpuint (outcome.n_calls, ==, 1);
    }
}

static gpointer
cancel_from_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel_from_thread (Demo          *demo,
                         gconstpointer  data)
{
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Outcome outcome = { NULL, NULL, 0 };
      GThread *thread;

      begin (demo, make_never, NULL, cancellable, &outcome);
      thread = g_thread_new ("cancel", cancel_from_thread, cancellable);
      while (outcome.n_calls == 0)
        g_main_context_iteration (NULL, TRUE);
      g_thread_join (thread);
      g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&outcome.error);
    }
}

/* Cancelled in its own step: seen before the next one; a result in that step wins. */

static GcRun *own_run;
static guint n_own_steps;

static GcStepResult
cancel_own (GcMutation  *m,
            GcStep      *step,
            gpointer     context,
            GError     **error)
{
  if (gc_step_get_error (step) != NULL)
    return GC_STEP_FAILED;
  n_own_steps++;
  gc_run_cancel (own_run);
  return gc_untag_int (context) == 0 ? GC_STEP_CONTINUE : gc_step_done (step, context);
}

static GcSequence *
make_cancel_own (GcMutation *m,
                 gpointer    context)
{
  return gc_sequence_steps (m, cancel_own, context);
}

static void
test_cancel_own (Demo          *demo,
                 gconstpointer  data)
{
  for (guint ends = 0; ends < 2; ends++)
    {
      g_autoptr (GError) error = NULL;
      gpointer result;

      n_own_steps = 0;
      own_run = start (demo, make_cancel_own, INT (ends));
      while (gc_runner_step (demo->runner, 100))
        ;
      g_assert_cmpuint (n_own_steps, ==, 1);
      result = gc_run_get_result (own_run, &error);
      if (ends)
        g_assert_cmpint (gc_untag_int (result), ==, 1);
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_object_unref (own_run);
    }
}

/* Stepping by hand: at most so many steps, whether something is left, and the run's result. */
static void
test_step (Demo          *demo,
           gconstpointer  data)
{
  guint n = 10;
  g_autoptr (GcRun) run = start (demo, make_count, &n);
  g_autoptr (GError) error = NULL;

  g_assert_true (gc_runner_step (demo->runner, 0));
  g_assert_cmpuint (n, ==, 10);
  g_assert_true (gc_runner_step (demo->runner, 4));
  g_assert_cmpuint (n, ==, 6);
  g_assert_null (gc_run_get_result (run, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_assert_true (gc_runner_step (demo->runner, 1));
  g_assert_cmpuint (n, ==, 5);
  g_assert_false (gc_runner_step (demo->runner, 100));
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (gc_run_is_done (run));
  g_assert_cmpint (gc_untag_int (gc_run_get_result (run, NULL)), ==, 5);
  g_assert_false (gc_runner_step (demo->runner, 1));
}

/* Several share the steps, turn by turn. */
static void
test_turns (Demo          *demo,
            gconstpointer  data)
{
  guint n[2] = { 1000, 1000 };
  g_autoptr (GcRun) first = start (demo, make_count, &n[0]);
  g_autoptr (GcRun) second = start (demo, make_count, &n[1]);

  gc_runner_step (demo->runner, 640);
  g_assert_cmpuint (n[0], ==, 680);
  g_assert_cmpuint (n[1], ==, 680);
  while (gc_runner_step (demo->runner, 64))
    ;
}

/* The runs as a list, and what they say. */

static guint n_changes;

static void
on_items_changed (GListModel *model,
                  guint       position,
                  guint       n_removed,
                  guint       n_added,
                  gpointer    data)
{
  GPtrArray *mirror = data;

  n_changes++;
  g_ptr_array_remove_range (mirror, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr (GcRun) run = g_list_model_get_item (model, position + i);

      g_ptr_array_insert (mirror, position + i, run);
    }
  g_assert_cmpuint (mirror->len, ==, g_list_model_get_n_items (model));
  for (guint i = 0; i < mirror->len; i++)
    {
      g_autoptr (GcRun) run = g_list_model_get_item (model, i);

      g_assert_true (run == mirror->pdata[i]);
    }
}

static void
test_list (Demo          *demo,
           gconstpointer  data)
{
  GListModel *model = G_LIST_MODEL (demo->runner);
  g_autoptr (GPtrArray) mirror = g_ptr_array_new ();
  guint n[5] = { 3, 1, 5, 2, 4 };
  g_autofree char *dump = NULL, *dump_all = NULL;

  n_changes = 0;
  g_assert_true (g_list_model_get_item_type (model) == GC_TYPE_RUN);
  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), mirror);
  for (guint i = 0; i < 5; i++)
    g_object_unref (start (demo, make_count, &n[i]));
  g_object_unref (start (demo, make_never, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 6);
  g_assert_null (g_list_model_get_item (model, 6));
  for (guint i = 0; i < 20; i++)
    gc_runner_step (demo->runner, 1);
  g_assert_cmpuint (gc_runner_get_n_runs (demo->runner), ==, 1);

  dump = gc_runner_dump (demo->runner);
  g_assert_cmpstr (dump, ==, "0: GcNeverSequence\n");
  dump_all = gc_runner_dump_all ();
  g_assert_true (g_str_has_suffix (dump_all, ": 1 runs\n0: GcNeverSequence\n"));
  gc_run_cancel (mirror->pdata[0]);
  while (gc_runner_step (demo->runner, 1))
    ;
  g_assert_cmpuint (n_changes, ==, 12);
  g_assert_cmpuint (mirror->len, ==, 0);
  g_signal_handlers_disconnect_by_data (model, mirror);
}

static GcStepResult
report_child (GcMutation  *m,
              GcStep      *step,
              gpointer     context,
              GError     **error)
{
  gc_step_report_progress (step, 0.75, "from a child");
  return gc_step_done (step, NULL);
}

static GcStepResult
report_parent (GcMutation  *m,
               GcStep      *step,
               gpointer     context,
               GError     **error)
{
  GcTaskGroup *group = context;

  if (gc_task_group_next (group, step, NULL))
    return gc_step_done (step, NULL);
  if (gc_task_group_get_n_live (group) == 0)
    {
      gc_step_report_progress (step, 2, "beyond");
      gc_task_group_spawn (group, step, gc_sequence_steps (m, report_child, NULL));
    }
  return GC_STEP_WAIT;
}

static GcSequence *
make_report (GcMutation *m,
             gpointer    context)
{
  return gc_sequence_steps (m, report_parent, gc_task_group_new (m));
}

static void
on_progress (GcRun      *run,
             GParamSpec *pspec,
             GString    *seen)
{
  g_string_append_printf (seen, "%g %s;", gc_run_get_progress (run), gc_run_get_message (run));
}

static void
test_progress (Demo          *demo,
               gconstpointer  data)
{
  g_autoptr (GcRun) run = start (demo, make_report, NULL);
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autofree char *message = NULL;
  double progress;
  gboolean done;

  g_signal_connect (run, "notify::progress", G_CALLBACK (on_progress), seen);
  g_object_get (run, "progress", &progress, "message", &message, "done", &done, NULL);
  g_assert_cmpfloat (progress, ==, -1);
  g_assert_null (message);
  g_assert_false (done);
  while (gc_runner_step (demo->runner, 1))
    ;
  g_assert_cmpstr (seen->str, ==, "1 beyond;0.75 from a child;");
}

/* A callback that waits for another run; and a step that would. */

typedef struct
{
  Demo    *demo;
  guint    n_done;
  gboolean was_busy;
} Nested;

static void
run_inside_of_callback (GObject      *source,
                        GAsyncResult *result,
                        gpointer      data)
{
  Nested *nested = data;
  guint n = 3;

  gc_runner_run_finish (GC_RUNNER (source), result, NULL);
  g_assert_cmpint (gc_untag_int (demo_run (nested->demo, make_count, &n, NULL)), ==, 5);
  nested->n_done++;
}

static GcStepResult
run_inside_of_step (GcMutation  *m,
                    GcStep      *step,
                    gpointer     user_data,
                    GError     **error)
{
  Nested *nested = user_data;
  g_autoptr (GError) busy = NULL;

  g_assert_null (gc_runner_run (nested->demo->runner, gc_sequence_value (m, NULL), NULL, &busy));
  g_assert_error (busy, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_BUSY);
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_runner_step: assertion*");
  g_assert_false (gc_runner_step (nested->demo->runner, 1));
  g_test_assert_expected_messages ();
  /* A nested main loop: our sequences pause. */
  g_object_unref (gc_runner_start (nested->demo->runner, gc_sequence_value (m, NULL), NULL));
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (gc_runner_get_n_runs (nested->demo->runner), ==, 2);
  nested->was_busy = TRUE;
  return gc_step_done (step, NULL);
}

static GcSequence *
make_run_inside (GcMutation *m,
                 gpointer    context)
{
  return gc_sequence_func (m, run_inside_of_step, context, NULL);
}

static void
test_nested (Demo          *demo,
             gconstpointer  data)
{
  Nested nested = { demo, 0, FALSE };
  guint n = 1;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

    gc_runner_run_async (demo->runner, make_count (m, &n), NULL, run_inside_of_callback, &nested);
  }
  while (nested.n_done == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_null (demo_run (demo, make_run_inside, &nested, NULL));
  g_assert_true (nested.was_busy);
  while (gc_runner_step (demo->runner, 10))
    ;
}

/* Inside of a scope of the caller nothing is collected, and all works. */
static void
test_in_scope (Demo          *demo,
               gconstpointer  data)
{
  g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);
  guint n = 100;

  g_assert_cmpint (gc_untag_int (gc_runner_run (demo->runner, make_count (m, &n), NULL, NULL)), ==, 5);
}

/* Misuse */
static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (other);
  g_autoptr (GcRunner) own = g_object_new (GC_TYPE_RUNNER, NULL);
  GcSequence *foreign = gc_sequence_never (m);

  g_assert_true (GC_IS_ARENA (gc_runner_get_arena (own)));
  g_assert_true (gc_runner_get_arena (own) != demo->arena);
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_runner_start: assertion*");
  g_assert_null (gc_runner_start (demo->runner, foreign, NULL));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_runner_run_async: assertion*");
  gc_runner_run_async (demo->runner, foreign, NULL, NULL, NULL);
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_runner_start: assertion*");
  g_assert_null (gc_runner_start (demo->runner, NULL, NULL));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_runner_new: assertion*");
  g_assert_null (gc_runner_new (NULL));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_runner_set_budget_steps: assertion*");
  gc_runner_set_budget_steps (demo->runner, 0);
  g_test_assert_expected_messages ();
}

static gpointer
start_elsewhere (gpointer data)
{
  Demo *demo = data;
  g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

  g_assert_null (gc_runner_start (demo->runner, gc_sequence_never (m), NULL));
  return NULL;
}

/* Another thread, while this one iterates the context. */
static void
test_wrong_thread (Demo          *demo,
                   gconstpointer  data)
{
  g_main_context_acquire (NULL);
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_runner_start: assertion*");
  g_thread_join (g_thread_new ("elsewhere", start_elsewhere, demo));
  g_test_assert_expected_messages ();
  g_main_context_release (NULL);
}

static void
test_properties (Demo          *demo,
                 gconstpointer  data)
{
  GcArena *arena;
  int priority;
  guint steps, time;

  g_object_set (demo->runner, "priority", G_PRIORITY_LOW, "budget-steps", 10, "budget-us", 500, NULL);
  g_object_get (demo->runner, "arena", &arena, "priority", &priority, "budget-steps", &steps, "budget-us", &time, NULL);
  g_assert_true (arena == demo->arena);
  g_object_unref (arena);
  g_assert_cmpint (priority, ==, G_PRIORITY_LOW);
  g_assert_cmpuint (steps, ==, 10);
  g_assert_cmpuint (time, ==, 500);
}

/* GCSEQ_DEBUG=runs: at the end of the process. */
static void
test_debug (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (GcArena) arena = gc_arena_new ();
      g_autoptr (GcRunner) runner = gc_runner_new (arena);
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      g_object_unref (gc_runner_start (runner, gc_sequence_never (m), NULL));
      return;
    }
  g_setenv ("GCSEQ_DEBUG", "runs", TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_unsetenv ("GCSEQ_DEBUG");
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*GcRunner 0x*: 1 runs\n0: GcNeverSequence\n*");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sequences/runner/debug", test_debug);

  demo_add ("runner/async", test_async);
  demo_add ("runner/async-object", test_async_object);
  demo_add ("runner/cancellable", test_cancellable);
  demo_add ("runner/cancel-from-thread", test_cancel_from_thread);
  demo_add ("runner/cancel-own", test_cancel_own);
  demo_add ("runner/step", test_step);
  demo_add ("runner/turns", test_turns);
  demo_add ("runner/list", test_list);
  demo_add ("runner/progress", test_progress);
  demo_add ("runner/nested", test_nested);
  demo_add ("runner/in-scope", test_in_scope);
  demo_add ("runner/misuse", test_misuse);
  demo_add ("runner/wrong-thread", test_wrong_thread);
  demo_add ("runner/properties", test_properties);

  return g_test_run ();
}
