/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A runner beside threads that have scopes of its arena: while it has its turn, none of them runs. */

#include <pthread.h>
#include <stdatomic.h>

#include "demo.h"

#define N_STEPS   4000
#define N_THREADS 2

GC_DECLARE_TYPE (Counter, counter, DEMO, COUNTER, GcObject)

struct _Counter
{
  GcObject parent_instance;
  GC_REF (GcObject) list;
  guint64 n;
};

GC_DEFINE_TYPE (Counter, counter, GC_TYPE_OBJECT,
                GC_FIELD (Counter, list))

static atomic_bool is_over;
static atomic_uint n_scopes;

/* As slow as an increment can be, so that two at once would lose one. */
static void
add_one (Counter *counter)
{
  guint64 n = counter->n;

  for (guint i = 0; i < 50; i++)
    __atomic_signal_fence (__ATOMIC_SEQ_CST);
  counter->n = n + 1;
}

static GcStepResult
count (GcMutation  *m,
       GcStep      *step,
       gpointer     context,
       GError     **error)
{
  Counter *counter = context;
  Counter *item = gc_new (m, Counter);

  add_one (counter);
  gc_set (item, list, counter->list);
  gc_set (counter, list, counter->n % 500 == 0 ? NULL : (GcObject *) item);
  return counter->n >= N_STEPS ? gc_step_done (step, INT (1)) : GC_STEP_CONTINUE;
}

static void *
work_beside (void *data)
{
  GcArena *arena = data;

  while (!atomic_load (&is_over))
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      GcArray *array = gc_array_new (m);

      for (guint i = 0; i < 200; i++)
        gc_array_append (array, gc_new (m, Counter));
      g_assert_cmpuint (gc_array_get_length (array), ==, 200);
      atomic_fetch_add (&n_scopes, 1);
    }
  return NULL;
}

static void
test_beside (Demo          *demo,
             gconstpointer  data)
{
  pthread_t threads[N_THREADS];
  g_autoptr (GcRun) run = NULL;
  g_autoptr (GError) error = NULL;

  atomic_store (&is_over, FALSE);
  for (guint i = 0; i < N_THREADS; i++)
    g_assert_cmpint (pthread_create (&threads[i], NULL, work_beside, demo->arena), ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

    run = gc_runner_start (demo->runner, gc_sequence_steps (m, count, gc_new (m, Counter)), NULL);
  }
  while (gc_runner_step (demo->runner, 20))
    sched_yield ();
  atomic_store (&is_over, TRUE);
  for (guint i = 0; i < N_THREADS; i++)
    pthread_join (threads[i], NULL);
  g_assert_cmpint (gc_untag_int (gc_run_get_result (run, &error)), ==, 1);
  g_assert_no_error (error);
}

/* Two runners of one arena, on two threads, whose steps change one object without a lock. */
static void *
run_beside (void *data)
{
  GcArena *arena = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcRunner) runner = NULL;
  g_autoptr (GcRun) run = NULL;

  g_main_context_push_thread_default (context);
  runner = gc_runner_new (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    run = gc_runner_start (runner, gc_sequence_steps (m, count, gc_arena_get_root (arena)), NULL);
  }
  while (gc_runner_step (runner, 20))
    sched_yield ();
  g_assert_cmpint (gc_untag_int (gc_run_get_result (run, NULL)), ==, 1);
  g_clear_object (&run);
  g_clear_object (&runner);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_two_runners (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  pthread_t threads[N_THREADS];
  Counter *counter;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    counter = gc_new (m, Counter);
    gc_arena_set_root (arena, counter);
    gc_object_ref (counter);
  }
  for (guint i = 0; i < N_THREADS; i++)
    g_assert_cmpint (pthread_create (&threads[i], NULL, run_beside, arena), ==, 0);
  for (guint i = 0; i < N_THREADS; i++)
    pthread_join (threads[i], NULL);
  /* Each but the first to get there does one step more. */
  g_assert_cmpuint (counter->n, >=, N_STEPS);
  g_assert_cmpuint (counter->n, <, N_STEPS + N_THREADS);
  gc_object_unref (counter);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  demo_add ("mutators/beside", test_beside);
  g_test_add_func ("/mutators/two-runners", test_two_runners);
  return g_test_run ();
}
