/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Wakers: from other threads, stale ones, and strands that were dropped. */

#include <pthread.h>

#include "demo.h"

#define N_THREADS 4
#define N_WAKES   20000

typedef struct
{
  GcWaker waker;
  guint   wanted;               /* atomic: how often the sequence has asked */
  guint   given;                /* atomic */
  gint    stop;
} Channel;

static Channel channels[N_THREADS];

static void *
wake_often (void *data)
{
  Channel *channel = data;

  while (!g_atomic_int_get (&channel->stop))
    {
      guint wanted = __atomic_load_n (&channel->wanted, __ATOMIC_ACQUIRE);

      if (wanted == __atomic_load_n (&channel->given, __ATOMIC_RELAXED))
        {
          /* Where one thread runs at a time, who waits has to let the others. */
          if (RUNNING_ON_VALGRIND)
            g_thread_yield ();
          continue;
        }
      __atomic_store_n (&channel->given, wanted, __ATOMIC_RELEASE);
      gc_waker_wake (&channel->waker);
    }
  return NULL;
}

/* Asks, waits, and asks again once it was given. No wake may be lost, or it hangs. */
static GcStepResult
ask (GcMutation  *m,
     GcStep      *step,
     gpointer     context,
     GError     **error)
{
  Channel *channel = &channels[gc_untag_int (context)];
  guint n = RUNNING_ON_VALGRIND ? N_WAKES / 100 : g_test_slow () ? N_WAKES * 10 : N_WAKES;

  if (channel->waker.hub == NULL)
    gc_step_init_waker (step, &channel->waker);
  if (__atomic_load_n (&channel->given, __ATOMIC_ACQUIRE) != channel->wanted)
    return GC_STEP_WAIT;
  if (channel->wanted == n)
    return gc_step_done (step, INT (n));
  __atomic_store_n (&channel->wanted, channel->wanted + 1, __ATOMIC_RELEASE);
  return GC_STEP_WAIT;
}

static GcStepResult
ask_all (GcMutation  *m,
         GcStep      *step,
         gpointer     context,
         GError     **error)
{
  GcTaskGroup *group = context;

  if (gc_task_group_get_n_live (group) == 0)
    for (guint i = 0; i < N_THREADS; i++)
      gc_task_group_spawn (group, step, gc_sequence_steps (m, ask, INT (i)));
  while (gc_task_group_next (group, step, NULL))
    if (gc_task_group_get_n_live (group) == 0)
      return gc_step_done (step, INT (1));
  return GC_STEP_WAIT;
}

static GcSequence *
make_ask_all (GcMutation *m,
              gpointer    context)
{
  return gc_sequence_steps (m, ask_all, gc_task_group_new (m));
}

static void
test_threads (Demo          *demo,
              gconstpointer  data)
{
  pthread_t threads[N_THREADS];

  if (data != NULL)
    {
      g_test_skip ("one way is enough");
      return;
    }
  memset (channels, 0, sizeof channels);
  for (guint i = 0; i < N_THREADS; i++)
    channels[i].given = channels[i].wanted = 0;
  {
    GcMutation *m = gc_arena_begin (demo->arena);
    GcRun *run = gc_runner_start (demo->runner, make_ask_all (m, NULL), NULL);

    gc_mutation_finish (m);
    gc_mutation_unref (m);
    /* The first step of each sets its waker, before its thread begins. */
    g_main_context_iteration (NULL, FALSE);
    for (guint i = 0; i < N_THREADS; i++)
      {
        g_assert_nonnull (channels[i].waker.hub);
        pthread_create (&threads[i], NULL, wake_often, &channels[i]);
      }
    while (!gc_run_is_done (run))
      g_main_context_iteration (NULL, TRUE);
    g_assert_cmpint (gc_untag_int (gc_run_get_result (run, NULL)), ==, 1);
    g_object_unref (run);
  }
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_atomic_int_set (&channels[i].stop, TRUE);
      pthread_join (threads[i], NULL);
      g_assert_false (gc_waker_wake (&channels[i].waker));      /* it is over */
      gc_waker_clear (&channels[i].waker);
      gc_waker_clear (&channels[i].waker);
    }
}

/* Wakers and timers of strands that were collected do nothing, and their cells are used again. */
static guint n_dropped;

static GcStepResult
wait_for_ever (GcMutation  *m,
               GcStep      *step,
               gpointer     context,
               GError     **error)
{
  g_autoptr (GcWaker) waker = gc_step_dup_waker (step);

  n_dropped++;
  return GC_STEP_WAIT;
}

static GcStepResult
spawn_and_drop (GcMutation  *m,
                GcStep      *step,
                gpointer     context,
                GError     **error)
{
  if (n_dropped >= 5000)
    return gc_step_done (step, INT (1));
  for (guint i = 0; i < 10; i++)
    gc_task_group_spawn (gc_task_group_new (m), step, gc_sequence_steps (m, wait_for_ever, NULL));
  return GC_STEP_CONTINUE;
}

static GcSequence *
make_spawn_and_drop (GcMutation *m,
                     gpointer    context)
{
  return gc_sequence_steps (m, spawn_and_drop, NULL);
}

static void
test_dropped (Demo          *demo,
              gconstpointer  data)
{
  n_dropped = data == NULL ? 0 : 4500;
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_spawn_and_drop, NULL, NULL)), ==, 1);
  demo->n_before += 8192 / 64;  /* the table of cells does not shrink */
}

/* What was cancelled waits for a waker while it cleans up. */

static GcWaker cleaning;
static gboolean is_clean;

static gboolean
end_cleaning (gpointer data)
{
  is_clean = TRUE;
  g_assert_true (gc_waker_wake (&cleaning));
  return G_SOURCE_REMOVE;
}

static GcStepResult
clean_up_slowly (GcMutation  *m,
                 GcStep      *step,
                 gpointer     context,
                 GError     **error)
{
  if (gc_step_catch (step, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      gc_step_init_waker (step, &cleaning);
      g_idle_add (end_cleaning, NULL);
    }
  return is_clean ? gc_step_done (step, INT (1)) : GC_STEP_WAIT;
}

static void
test_wake_cancelled (Demo          *demo,
                     gconstpointer  data)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  g_autoptr (GcRun) run = gc_runner_start (demo->runner, gc_sequence_steps (m, clean_up_slowly, NULL), NULL);

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  is_clean = FALSE;
  gc_runner_step (demo->runner, 1);
  gc_run_cancel (run);
  for (guint i = 0; i < 100 && !gc_run_is_done (run); i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (100);
    }
  g_assert_true (gc_run_is_done (run));
  g_assert_cmpint (gc_untag_int (gc_run_get_result (run, NULL)), ==, 1);
  gc_waker_clear (&cleaning);
}

/* Cancelled by another thread while it ends. */
static gpointer
cancel_again (gpointer data)
{
  GcRun *run = data;

  for (guint i = 0; i < 2000; i++)
    gc_run_cancel (run);
  g_object_unref (run);
  return NULL;
}

static GcSequence *
make_value (GcMutation *m,
            gpointer    context)
{
  return gc_sequence_value (m, INT (1));
}

static void
test_cancel_ending (Demo          *demo,
                    gconstpointer  data)
{
  for (guint i = 0; i < 20; i++)
    {
      GcMutation *m = gc_arena_begin (demo->arena);
      g_autoptr (GcRun) run = gc_runner_start (demo->runner, make_value (m, NULL), NULL);
      g_autoptr (GError) error = NULL;
      GThread *thread;

      gc_mutation_finish (m);
      gc_mutation_unref (m);
      thread = g_thread_new ("cancel", cancel_again, g_object_ref (run));
      while (!gc_run_is_done (run))
        g_main_context_iteration (NULL, TRUE);
      if (gc_run_get_result (run, &error) == NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_thread_join (thread);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("waker/threads", test_threads);
  demo_add ("waker/dropped", test_dropped);
  demo_add ("waker/wake-cancelled", test_wake_cancelled);
  demo_add ("waker/cancel-ending", test_cancel_ending);

  return g_test_run ();
}
