/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GTasks that sequences wait for, and sequences that are GTasks. */

#include "wait.h"

/* A sequence waits for a task */

static GcSequence *
make_wait (GcMutation *m,
           gpointer    task)
{
  return gc_sequence_from_task_value (m, task);
}

static gpointer
take_int (GcMutation    *m,
          gpointer       source,
          GAsyncResult  *result,
          gpointer       user_data,
          GError       **error)
{
  return INT (g_task_propagate_int (G_TASK (result), error));
}

static void
count (gpointer n)
{
  ++*(guint *) n;
}

static guint n_destroyed;

static GcSequence *
make_wait_int (GcMutation *m,
               gpointer    task)
{
  return gc_sequence_from_task (m, task, take_int, &n_destroyed, count);
}

static gboolean
return_int (gpointer task)
{
  g_task_return_int (task, 42);
  return G_SOURCE_REMOVE;
}

static gboolean
return_value (gpointer task)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 42);
  g_task_return_value (task, &value);
  return G_SOURCE_REMOVE;
}

static gboolean
return_error (gpointer task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
  return G_SOURCE_REMOVE;
}

static void
later (GTask       *task,
       GSourceFunc  func)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, func, g_object_ref (task), g_object_unref);
}

static void
assert_box (GcRun *run)
{
  g_autoptr (GError) error = NULL;
  gpointer value;

  wait_until_done (run);
  value = gc_run_get_result (run, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gc_box_get_int64 (value, NULL), ==, 42);
}

static void
test_wait (Demo          *demo,
           gconstpointer  data)
{
  g_autoptr (GTask) number = g_task_new (NULL, NULL, NULL, NULL), value = g_task_new (NULL, NULL, NULL, NULL);
  g_autoptr (GTask) failing = g_task_new (NULL, NULL, NULL, NULL), done = g_task_new (NULL, NULL, NULL, NULL);
  g_autoptr (GcRun) run = NULL, run_done = NULL;

  n_destroyed = 0;
  later (number, return_int);
  demo_assert_steps (demo, make_wait_int, number, 42, 2);
  g_assert_cmpuint (n_destroyed, ==, 1);
  later (value, return_value);
  run = wait_start (demo, make_wait, value);
  assert_box (run);
  later (failing, return_error);
  demo_assert_error (demo, make_wait, failing, G_IO_ERROR, G_IO_ERROR_BUSY);

  return_value (done);
  wait_idle ();
  g_assert_true (g_task_get_completed (done));
  run_done = wait_start (demo, make_wait, done);
  assert_box (run_done);
  wait_idle ();
  g_assert_finalize_object (g_steal_pointer (&number));
  g_assert_finalize_object (g_steal_pointer (&done));
}

static void
in_thread (GTask        *task,
           gpointer      source,
           gpointer      data,
           GCancellable *cancellable)
{
  g_usleep (100);
  return_value (task);
}

/* A task of another context, which another thread iterates. */
static gpointer
run_other (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  GAsyncQueue *queue = data;
  GTask *task;
  gint stop = 0;

  g_main_context_push_thread_default (context);
  while (!stop)
    {
      task = g_async_queue_pop (queue);
      stop = task == (gpointer) queue;
      if (stop)
        break;
      {
        GTask *own = g_task_new (NULL, NULL, NULL, NULL);

        g_async_queue_push (g_task_get_task_data (task), g_object_ref (own));
        g_task_run_in_thread (own, in_thread);
        while (!g_task_get_completed (own))
          g_main_context_iteration (context, TRUE);
        g_object_unref (own);
        g_object_unref (task);
      }
    }
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_wait_other_thread (Demo          *demo,
                        gconstpointer  data)
{
  g_autoptr (GAsyncQueue) orders = g_async_queue_new (), tasks = g_async_queue_new ();
  GThread *thread = g_thread_new ("other", run_other, orders);

  for (guint i = 0; i < 50; i++)
    {
      GTask *order = g_task_new (NULL, NULL, NULL, NULL);
      g_autoptr (GTask) task = NULL;
      g_autoptr (GcRun) run = NULL;

      g_task_set_task_data (order, tasks, NULL);
      g_async_queue_push (orders, order);
      task = g_async_queue_pop (tasks);
      run = wait_start (demo, make_wait, task);
      assert_box (run);
    }
  g_async_queue_push (orders, orders);
  g_thread_join (thread);
}

static void
until_cancelled (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  while (!g_task_return_error_if_cancelled (task))
    g_usleep (100);
}

static GcSequence *
make_cancellable (GcMutation *m,
                  gpointer    context)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, NULL, NULL);

  g_task_run_in_thread (task, until_cancelled);
  return gc_sequence_from_task_value (m, task);
}

static void
test_wait_cancelled (Demo          *demo,
                     gconstpointer  data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) cancellable_task = g_task_new (NULL, cancellable, NULL, NULL);
  g_autoptr (GcRun) run = NULL;

  /* One that can't be cancelled goes on. */
  wait_cancel_everywhere (demo, make_wait, task, 3, 4);
  wait_drop (demo, make_wait, task);
  demo_n_objects (demo);
  g_task_return_boolean (task, TRUE);
  wait_idle ();
  g_assert_finalize_object (g_steal_pointer (&task));

  run = wait_start (demo, make_wait, cancellable_task);
  gc_runner_step (demo->runner, 1);
  gc_run_cancel (run);
  gc_runner_step (demo->runner, 1);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  g_assert_false (gc_run_is_done (run));
  g_task_return_error_if_cancelled (cancellable_task);
  wait_assert_cancelled (run);

  g_clear_object (&cancellable_task);
  g_clear_object (&cancellable);
  cancellable = g_cancellable_new ();
  cancellable_task = g_task_new (NULL, cancellable, NULL, NULL);
  wait_drop (demo, make_wait, cancellable_task);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  g_task_return_error_if_cancelled (cancellable_task);
  wait_idle ();
  g_assert_finalize_object (g_steal_pointer (&cancellable_task));

  {
    g_autoptr (GcRun) thread = wait_start (demo, make_cancellable, NULL);

    gc_runner_step (demo->runner, 1);
    gc_run_cancel (thread);
    wait_assert_cancelled (thread);
  }
}

/* A sequence that is a task */

typedef struct
{
  guint         n_called;
  GAsyncResult *result;
} Caller;

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  Caller *caller = data;

  caller->n_called++;
  g_set_object (&caller->result, result);
}

static GTask *
call (Demo             *demo,
      DemoMake          make,
      gpointer          context,
      GCancellable     *cancellable,
      GcTaskReturnFunc  func,
      Caller           *caller)
{
  GTask *task = g_task_new (demo->runner, cancellable, on_ready, caller);
  GcMutation *m = gc_arena_begin (demo->arena);

  if (func != NULL)
    gc_runner_run_task_full (demo->runner, make (m, context), task, func, caller);
  else
    gc_runner_run_task (demo->runner, make (m, context), task);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  return task;
}

static void
wait_for_call (Caller *caller)
{
  g_assert_cmpuint (caller->n_called, ==, 0);
  while (caller->n_called == 0)
    g_main_context_iteration (NULL, TRUE);
  wait_idle ();
  g_assert_cmpuint (caller->n_called, ==, 1);
  caller->n_called = 0;
  g_clear_object (&caller->result);
}

static GcSequence *
make_number (GcMutation *m,
             gpointer    context)
{
  return gc_sequence_then_full (m, gc_sequence_sleep (m, 500), context, NULL, NULL);
}

static GcStepResult
give_number (GcMutation  *m,
             GcStep      *step,
             gpointer     data,
             GError     **error)
{
  return gc_step_become (step, gc_sequence_value (m, INT (42)));
}

static GcStepResult
give_object (GcMutation  *m,
             GcStep      *step,
             gpointer     data,
             GError     **error)
{
  return gc_step_become (step, gc_sequence_value (m, gc_string_new (m, "text")));
}

static GcSequence *
make_object (GcMutation *m,
             gpointer    context)
{
  return make_number (m, give_object);
}

static GcSequence *
make_failing (GcMutation *m,
              gpointer    context)
{
  return gc_sequence_timeout (m, gc_sequence_never (m), 500);
}

static GcSequence *
make_never (GcMutation *m,
            gpointer    context)
{
  return gc_sequence_never (m);
}

static GcSequence *
make_root (GcMutation *m,
           gpointer    context)
{
  return gc_arena_get_root (gc_mutation_get_arena (m));
}

static void
return_length (GTask    *task,
               gpointer  value,
               gpointer  caller)
{
  g_task_return_boolean (task, gc_string_get_length (value) == 4);
}

static void
test_return (Demo          *demo,
             gconstpointer  data)
{
  Caller caller = { 0, NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) number = NULL, object = NULL, failing = NULL, cancelled = NULL, custom = NULL, again = NULL;
  g_autoptr (GError) timed_out = NULL, was_cancelled = NULL, finished = NULL;
  GcObject *string;

  number = call (demo, make_number, give_number, NULL, NULL, &caller);
  wait_for_call (&caller);
  g_assert_cmpint (g_task_propagate_int (number, NULL), ==, 42);

  object = call (demo, make_object, NULL, NULL, NULL, &caller);
  wait_for_call (&caller);
  gc_arena_collect (demo->arena);
  string = g_task_propagate_pointer (object, NULL);
  g_assert_cmpstr (gc_string_get_text ((GcString *) string), ==, "text");
  gc_object_unref (string);

  custom = call (demo, make_object, NULL, NULL, return_length, &caller);
  wait_for_call (&caller);
  g_assert_true (g_task_propagate_boolean (custom, NULL));

  failing = call (demo, make_failing, NULL, NULL, NULL, &caller);
  wait_for_call (&caller);
  g_assert_null (g_task_propagate_pointer (failing, &timed_out));
  g_assert_error (timed_out, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  cancelled = call (demo, make_never, NULL, cancellable, NULL, &caller);
  wait_idle ();
  g_cancellable_cancel (cancellable);
  wait_for_call (&caller);
  g_assert_null (g_task_propagate_pointer (cancelled, &was_cancelled));
  g_assert_error (was_cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* One that can't begin. */
  {
    GcMutation *m = gc_arena_begin (demo->arena);

    gc_arena_set_root (demo->arena, gc_sequence_value (m, INT (1)));
    gc_mutation_finish (m);
    gc_mutation_unref (m);
  }
  demo_run (demo, make_root, NULL, NULL);
  again = call (demo, make_root, NULL, NULL, NULL, &caller);
  wait_for_call (&caller);
  g_assert_null (g_task_propagate_pointer (again, &finished));
  g_assert_error (finished, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FINISHED);
  gc_arena_set_root (demo->arena, NULL);
  g_assert_finalize_object (g_steal_pointer (&number));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("task/wait", test_wait);
  demo_add ("task/wait-other-thread", test_wait_other_thread);
  demo_add ("task/wait-cancelled", test_wait_cancelled);
  demo_add ("task/return", test_return);

  return g_test_run ();
}
