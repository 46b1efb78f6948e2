/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Work in threads: results, errors, cancelling in each state, dropping, many at a time. */

#include "wait.h"

typedef enum
{
  GIVES_NUMBER,
  GIVES_NOTHING,
  UNTIL_CANCELLED
} How;

typedef struct
{
  How      how;
  guint    n_destroyed;
  gboolean fails;
} Plan;

static void
settle (GcPromise *promise)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 42);
  gc_promise_resolve_value (promise, &value);
}

static void
destroy_plan (gpointer data)
{
  Plan *plan = data;

  plan->n_destroyed++;
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

static gboolean
work (GValue        *result,
      GCancellable  *cancellable,
      gpointer       data,
      GError       **error)
{
  Plan *plan = data;

  g_assert_true (g_main_context_get_thread_default () == NULL);
  if (plan->how == UNTIL_CANCELLED)
    while (!g_cancellable_set_error_if_cancelled (cancellable, error))
      g_usleep (100);
  if (plan->how == UNTIL_CANCELLED || plan->fails)
    return FALSE;
  if (plan->how == GIVES_NUMBER)
    {
      g_value_init (result, G_TYPE_INT);
      g_value_set_int (result, 42);
    }
  return TRUE;
}

static GcSequence *
make_thread (GcMutation *m,
             gpointer    plan)
{
  return gc_sequence_in_thread (m, work, plan, destroy_plan);
}

static void
work_promised (GcPromise *promise,
               gpointer   data)
{
  Plan *plan = data;

  if (plan->how == UNTIL_CANCELLED)
    while (!g_cancellable_is_cancelled (gc_promise_get_cancellable (promise)))
      g_usleep (100);
  if (!plan->fails)
    settle (promise);
}

static GcSequence *
make_promised_thread (GcMutation *m,
                      gpointer    plan)
{
  return gc_sequence_in_thread_full (m, work_promised, plan, destroy_plan);
}

static void
wait_for_destroy (Plan *plan,
                  guint n)
{
  while (plan->n_destroyed < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_threads (Demo          *demo,
              gconstpointer  data)
{
  Plan plan = { GIVES_NUMBER, 0, FALSE };

  assert_boxed (demo, make_thread, &plan, 42);
  assert_boxed (demo, make_promised_thread, &plan, 42);
  plan.how = GIVES_NOTHING;
  demo_assert_steps (demo, make_thread, &plan, 0, 2);
  plan.fails = TRUE;
  demo_assert_error (demo, make_thread, &plan, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
  demo_assert_error (demo, make_promised_thread, &plan, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
  wait_for_destroy (&plan, 5);
  g_assert_cmpuint (plan.n_destroyed, ==, 5);
  plan = (Plan) { UNTIL_CANCELLED, 0, FALSE };
  wait_cancel_everywhere (demo, make_thread, &plan, 2, 3);
  wait_cancel_everywhere (demo, make_promised_thread, &plan, 2, 3);
  demo_n_objects (demo);
  wait_for_destroy (&plan, 6);
  wait_drop (demo, make_thread, &plan);
  wait_drop (demo, make_promised_thread, &plan);
  wait_for_destroy (&plan, 8);
}

/* Many at a time, some cancelled, some dropped: every record is freed, in this thread. */

#define N_TASKS 100

static GThread *main_thread;
static guint n_freed;

static void
count_freed (gpointer data)
{
  g_assert_true (g_thread_self () == main_thread);
  n_freed++;
}

static gboolean
hash_something (GValue        *result,
                GCancellable  *cancellable,
                gpointer       data,
                GError       **error)
{
  guint hash = GPOINTER_TO_UINT (data);

  for (guint i = 0; i < 2000; i++)
    hash = hash * 31 + i;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  g_value_init (result, G_TYPE_UINT);
  g_value_set_uint (result, hash);
  return TRUE;
}

static GcStepResult
run_many (GcMutation  *m,
          GcStep      *step,
          gpointer     context,
          GError     **error)
{
  static guint n_cancelled, n_good;
  GcTaskGroup *group = context;
  guint index;

  if (gc_task_group_get_n_live (group) == 0)
    {
      n_good = n_cancelled = 0;
      for (guint i = 0; i < N_TASKS; i++)
        {
          GcSequence *work_here = gc_sequence_in_thread (m, hash_something, GUINT_TO_POINTER (i), count_freed);

          if (i % 10 == 0)
            gc_task_group_spawn (gc_task_group_new (m), step, work_here);       /* dropped */
          else
            gc_task_group_spawn (group, step, work_here);
        }
    }
  while (gc_task_group_next (group, step, &index))
    {
      if (gc_step_catch (step, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        n_cancelled++;
      else
        n_good++;
      if (n_good + n_cancelled == N_TASKS / 2)
        gc_task_group_cancel (group);
      if (gc_task_group_get_n_live (group) == 0)
        return gc_step_done (step, INT (n_good + n_cancelled));
    }
  return GC_STEP_WAIT;
}

static GcSequence *
make_many (GcMutation *m,
           gpointer    context)
{
  return gc_sequence_steps (m, run_many, gc_task_group_new (m));
}

static void
test_many_threads (Demo          *demo,
                   gconstpointer  data)
{
  main_thread = g_thread_self ();
  n_freed = 0;
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_many, NULL, NULL)), ==, N_TASKS - N_TASKS / 10);
  demo_n_objects (demo);
  while (n_freed < N_TASKS)
    g_main_context_iteration (NULL, TRUE);
  demo->n_before += 2 + N_TASKS / 64;   /* the table of cells does not shrink */
}

/* What a thread leaves open: everybody else would wait for it. */

typedef struct
{
  GcArena    *arena, *other;
  GcMutation *left[4];
  guint       n_ended;          /* functions, and what they left */
} Leaving;

static void
count_ended (gpointer data)
{
  ((Leaving *) data)->n_ended++;
}

static void
leave_open (Leaving *self)
{
  g_autoptr (GcMutation) finished = gc_arena_begin (self->other);

  gc_mutation_finish (finished);
  self->left[0] = gc_arena_begin (self->arena);
  self->left[1] = gc_arena_begin (self->arena);
  self->left[2] = gc_arena_begin (self->other);
  self->left[3] = gc_arena_begin (self->arena);
  gc_mutation_finish (self->left[3]);
}

static gboolean
work_and_leave_open (GValue        *result,
                     GCancellable  *cancellable,
                     gpointer       data,
                     GError       **error)
{
  leave_open (data);
  return TRUE;
}

static void
work_promised_and_leave_open (GcPromise *promise,
                              gpointer   data)
{
  leave_open (data);
  settle (promise);
}

static GcSequence *
make_leaving (GcMutation *m,
              gpointer    data)
{
  return gc_sequence_in_thread (m, work_and_leave_open, data, count_ended);
}

static GcSequence *
make_promised_leaving (GcMutation *m,
                       gpointer    data)
{
  return gc_sequence_in_thread_full (m, work_promised_and_leave_open, data, count_ended);
}

static void
test_left_open (Demo          *demo,
                gconstpointer  data)
{
  const DemoMake makes[] = { make_leaving, make_promised_leaving };
  g_autoptr (GcArena) other = gc_arena_new ();
  Leaving leaving = { demo->arena, other, { NULL }, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (makes); i++)
    {
      g_autoptr (GError) error = NULL;

      for (guint j = 0; j < 3; j++)
        g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "a callback left a mutation open");
      demo_run (demo, makes[i], &leaving, &error);
      g_assert_no_error (error);
      demo_n_objects (demo);
      while (leaving.n_ended <= i)
        g_main_context_iteration (NULL, TRUE);
      g_test_assert_expected_messages ();
      for (guint j = 0; j < G_N_ELEMENTS (leaving.left); j++)
        {
          g_assert_false (gc_mutation_is_active (leaving.left[j]));
          gc_mutation_unref (leaving.left[j]);
        }
      /* Nobody waits. */
      gc_arena_collect (other);
      gc_arena_collect (demo->arena);
    }
}

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  GcMutation *m = gc_arena_begin (demo->arena);

  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_in_thread: assertion*");
  g_assert_null (gc_sequence_in_thread (m, NULL, NULL, NULL));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_in_thread_full: assertion*");
  g_assert_null (gc_sequence_in_thread_full (m, NULL, NULL, NULL));
  g_test_assert_expected_messages ();
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("thread/ends", test_threads);
  demo_add ("thread/many", test_many_threads);
  demo_add ("thread/left-open", test_left_open);
  demo_add ("thread/misuse", test_misuse);

  return g_test_run ();
}
