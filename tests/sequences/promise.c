/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Promises: settled before and after, by several threads, awaited by many, cancelled and dropped. */

#include <pthread.h>

#include "wait.h"

static GcSequence *
make_wait (GcMutation *m,
           gpointer    promise)
{
  return gc_promise_wait (promise, m);
}

static void
test_settled_before (Demo          *demo,
                     gconstpointer  data)
{
  g_autoptr (GcPromise) good = gc_promise_new ();
  g_autoptr (GcPromise) bad = gc_promise_new ();
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy");

  g_assert_false (gc_promise_is_settled (good));
  g_assert_true (gc_promise_resolve (good, INT (5)));
  g_assert_true (gc_promise_is_settled (good));
  g_assert_false (gc_promise_resolve (good, INT (6)));
  g_assert_false (gc_promise_reject (good, error));
  demo_assert_steps (demo, make_wait, good, 5, 1);
  demo_assert_steps (demo, make_wait, good, 5, 1);

  g_assert_true (gc_promise_reject (bad, error));
  g_assert_false (gc_promise_resolve_value (bad, NULL));
  demo_assert_error (demo, make_wait, bad, G_IO_ERROR, G_IO_ERROR_BUSY);
  demo_assert_error (demo, make_wait, bad, G_IO_ERROR, G_IO_ERROR_BUSY);
}

static gboolean
resolve_later (gpointer promise)
{
  gc_promise_resolve (promise, INT (9));
  return G_SOURCE_REMOVE;
}

static void
test_settled_after (Demo          *demo,
                    gconstpointer  data)
{
  g_autoptr (GcPromise) promise = gc_promise_new ();

  g_timeout_add_full (G_PRIORITY_DEFAULT, 2, resolve_later, g_object_ref (promise), g_object_unref);
  demo_assert_steps (demo, make_wait, promise, 9, 2);
}

/* Any value: a box, an object of the arena, nothing. */
static void
test_values (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcPromise) text = gc_promise_new (), object = gc_promise_new (), nothing = gc_promise_new ();
  g_autoptr (GcPromise) word = gc_promise_new (), late = gc_promise_new ();
  g_auto (GValue) value = G_VALUE_INIT, holder = G_VALUE_INIT, back = G_VALUE_INIT;
  g_autoptr (GcRun) run = NULL;
  GcMutation *m;
  GcObject *string;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, "hello");
  g_assert_true (gc_promise_resolve_value (text, &value));
  g_assert_false (gc_promise_resolve_value (text, &value));
  run = wait_start (demo, make_wait, text);
  wait_until_done (run);
  gc_box_get_value (gc_run_get_result (run, NULL), &back);
  g_assert_cmpstr (g_value_get_string (&back), ==, "hello");

  m = gc_arena_begin (demo->arena);
  string = GC_OBJECT (gc_string_new (m, "text"));
  g_value_init (&holder, GC_TYPE_OBJECT);
  gc_value_set_object (&holder, string);
  g_assert_true (gc_promise_resolve_value (object, &holder));
  g_assert_true (gc_promise_resolve (word, string));
  g_assert_false (gc_promise_resolve (word, string));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  g_value_unset (&holder);
  gc_arena_collect (demo->arena);
  g_assert_true (demo_run (demo, make_wait, object, NULL) == string);
  g_assert_true (demo_run (demo, make_wait, word, NULL) == string);

  g_assert_true (gc_promise_resolve_value (nothing, NULL));
  g_assert_null (demo_run (demo, make_wait, nothing, NULL));
}

/* One of another arena is refused. */
static void
test_other_arena (Demo          *demo,
                  gconstpointer  data)
{
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcPromise) promise = gc_promise_new ();
  GcMutation *m = gc_arena_begin (other);

  gc_promise_resolve (promise, gc_string_new (m, "text"));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  demo_assert_error (demo, make_wait, promise, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
}

/* Cancelled and dropped ones leave the promise as it was, for others. */
static void
test_cancelled (Demo          *demo,
                gconstpointer  data)
{
  g_autoptr (GcPromise) promise = gc_promise_new ();
  g_autoptr (GcRun) run = NULL;

  wait_cancel_everywhere (demo, make_wait, promise, 3, 4);
  wait_drop (demo, make_wait, promise);
  run = wait_start (demo, make_wait, promise);
  gc_runner_step (demo->runner, 1);
  g_assert_false (g_cancellable_is_cancelled (gc_promise_get_cancellable (promise)));
  gc_promise_resolve (promise, INT (3));
  wait_until_done (run);
  g_assert_cmpint (gc_untag_int (gc_run_get_result (run, NULL)), ==, 3);
  g_clear_object (&run);

  /* Cancelled once it was settled: the cancellation is not lost. */
  g_clear_object (&promise);
  promise = gc_promise_new ();
  run = wait_start (demo, make_wait, promise);
  gc_runner_step (demo->runner, 1);
  gc_promise_resolve (promise, INT (3));
  gc_run_cancel (run);
  wait_assert_cancelled (run);
  g_clear_object (&run);
  g_assert_finalize_object (g_steal_pointer (&promise));
}

/* Many sequences wait for many promises, which threads settle in a race. */

#define N_THREADS  4
#define N_PROMISES 200
#define N_WAITS    3            /* for each */

static GcPromise *promises[N_PROMISES];
static guint n_settled;         /* atomic */

static void *
settle_all (void *data)
{
  guint first = GPOINTER_TO_UINT (data) * N_PROMISES / N_THREADS;
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy");

  for (guint i = 0; i < N_PROMISES; i++)
    {
      guint k = (first + i) % N_PROMISES;
      gboolean is_mine = k % 3 == 0 ? gc_promise_reject (promises[k], error) : gc_promise_resolve (promises[k], INT (k));

      if (is_mine)
        __atomic_add_fetch (&n_settled, 1, __ATOMIC_RELAXED);
      if (i % 16 == 0)
        sched_yield ();
    }
  return NULL;
}

static GcStepResult
wait_all (GcMutation  *m,
          GcStep      *step,
          gpointer     context,
          GError     **error)
{
  static guint n_failed, n_good;
  GcTaskGroup *group = context;
  guint index;

  if (gc_task_group_get_n_live (group) == 0)
    {
      n_failed = n_good = 0;
      for (guint i = 0; i < N_PROMISES * N_WAITS; i++)
        gc_task_group_spawn (group, step, gc_promise_wait (promises[i / N_WAITS], m));
    }
  while (gc_task_group_next (group, step, &index))
    {
      if (gc_step_catch (step, G_IO_ERROR, G_IO_ERROR_BUSY))
        n_failed++;
      else if (gc_untag_int (gc_step_get (step)) == (int) index / N_WAITS)
        n_good++;
      if (gc_task_group_get_n_live (group) == 0)
        return gc_step_done (step, INT (n_failed * 1000 + n_good));
    }
  return GC_STEP_WAIT;
}

static GcSequence *
make_wait_all (GcMutation *m,
               gpointer    context)
{
  return gc_sequence_steps (m, wait_all, gc_task_group_new (m));
}

static void
test_threads (Demo          *demo,
              gconstpointer  data)
{
  pthread_t threads[N_THREADS];
  guint n_failed = (N_PROMISES + 2) / 3 * N_WAITS;
  gpointer value;

  n_settled = 0;
  for (guint i = 0; i < N_PROMISES; i++)
    promises[i] = gc_promise_new ();
  for (guint i = 0; i < N_THREADS; i++)
    pthread_create (&threads[i], NULL, settle_all, GUINT_TO_POINTER (i));
  value = demo_run (demo, make_wait_all, NULL, NULL);
  g_assert_cmpint (gc_untag_int (value), ==, n_failed * 1000 + N_PROMISES * N_WAITS - n_failed);
  for (guint i = 0; i < N_THREADS; i++)
    pthread_join (threads[i], NULL);
  g_assert_cmpuint (n_settled, ==, N_PROMISES);
  for (guint i = 0; i < N_PROMISES; i++)
    g_assert_finalize_object (promises[i]);
  demo->n_before += 2 + N_PROMISES * N_WAITS / 64;      /* the table of cells does not shrink */
}

/* Settled by a thread while those that wait are cancelled. */
static void *
settle_backwards (void *data)
{
  for (guint i = N_PROMISES; i-- > 0; )
    {
      gc_promise_resolve (promises[i], INT (i));
      if (i % 8 == 0)
        sched_yield ();
    }
  return NULL;
}

static void
test_cancelled_in_race (Demo          *demo,
                        gconstpointer  data)
{
  GcRun *runs[N_PROMISES];
  pthread_t thread;
  guint n_cancelled = 0;

  for (guint i = 0; i < N_PROMISES; i++)
    {
      promises[i] = gc_promise_new ();
      runs[i] = wait_start (demo, make_wait, promises[i]);
    }
  gc_runner_step (demo->runner, N_PROMISES);
  pthread_create (&thread, NULL, settle_backwards, NULL);
  for (guint i = 0; i < N_PROMISES; i++)
    {
      gc_run_cancel (runs[i]);
      gc_runner_step (demo->runner, 1);
    }
  for (guint i = 0; i < N_PROMISES; i++)
    {
      g_autoptr (GError) error = NULL;

      wait_until_done (runs[i]);
      if (gc_run_get_result (runs[i], &error) == NULL && error != NULL)
        n_cancelled += g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_object_unref (runs[i]);
    }
  g_assert_cmpuint (n_cancelled, >, 0);
  pthread_join (thread, NULL);
  for (guint i = 0; i < N_PROMISES; i++)
    g_assert_finalize_object (promises[i]);
  demo->n_before += 4 + N_PROMISES / 64;
}

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcPromise) promise = gc_promise_new ();
  GcMutation *m = gc_arena_begin (demo->arena);

  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_promise_reject: assertion*");
  g_assert_false (gc_promise_reject (promise, NULL));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_promise_wait: assertion*");
  g_assert_null (gc_promise_wait (NULL, m));
  gc_mutation_finish (m);
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "*");
  g_assert_null (gc_promise_wait (promise, m));
  g_test_assert_expected_messages ();
  gc_mutation_unref (m);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("promise/settled-before", test_settled_before);
  demo_add ("promise/settled-after", test_settled_after);
  demo_add ("promise/values", test_values);
  demo_add ("promise/other-arena", test_other_arena);
  demo_add ("promise/cancelled", test_cancelled);
  demo_add ("promise/threads", test_threads);
  demo_add ("promise/cancelled-in-race", test_cancelled_in_race);
  demo_add ("promise/misuse", test_misuse);

  return g_test_run ();
}
