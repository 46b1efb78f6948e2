/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where sequences wait, asked for by a thread that is not the runner's while they run, begin and end. */

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "demo.h"

#define N_ROUNDS  60
#define N_DUMPS   20            /* at least, while they run */
#define N_THREADS 2

static atomic_uint n_running;
static atomic_bool is_over;

GC_DEFINE_COROUTINE (Child, child,
                     GC_LOCAL (int, i))

GC_COROUTINE_BODY (Child, child)
{
  GC_BEGIN ();
  for (self->i = 0; self->i < 3; self->i++)
    GC_PAUSE ();
  GC_END ();
}

GC_DEFINE_COROUTINE (Parent, parent,
                     GC_PARAM (int, n)
                     GC_LOCAL (int, i))

static void
report (GcStep *step,
        int     i,
        int     n)
{
  g_autofree char *message = g_strdup_printf ("part %d of %d", i, n);

  gc_step_report_progress (step, (double) i / n, message);
}

GC_COROUTINE_BODY (Parent, parent)
{
  GC_BEGIN ();
  for (self->i = 0; self->i < self->n; self->i++)
    {
      report (step, self->i, self->n);
      GC_AWAIT (child_new (m));
    }
  GC_END ();
}

/* Runs of which some end at once and some take a while, in an arena and a main context of its own. */
static void *
run_many (void *data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcRunner) runner = NULL;

  g_main_context_push_thread_default (context);
  runner = gc_runner_new (arena);
  for (guint i = 0; i < N_ROUNDS || !atomic_load (&is_over); i++)
    {
      for (int n = 0; n < 8; n++)
        {
          g_autoptr (GcMutation) m = gc_arena_begin (arena);

          g_object_unref (gc_runner_start (runner, (GcSequence *) parent_new (m, n), NULL));
        }
      while (gc_runner_step (runner, 16))
        ;
      g_assert_cmpuint (gc_runner_get_n_runs (runner), ==, 0);
    }
  atomic_fetch_sub (&n_running, 1);
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* Each runner, and then as many lines as it says. Gives how many runners there are. */
static guint
check (const char *dump)
{
  g_auto (GStrv) lines = g_strsplit (dump, "\n", -1);
  guint n_runners = 0;
  char **line = lines;

  for (; *line != NULL && **line != '\0'; n_runners++)
    {
      guint n;

      g_assert_cmpint (sscanf (*line++, "GcRunner %*s %u runs", &n), ==, 1);
      for (guint i = 0; i < n; i++, line++)
        {
          g_autofree char *number = g_strdup_printf ("%u: ", i);

          g_assert_true (g_str_has_prefix (*line, number));
          g_assert_true (strstr (*line, "Parent") != NULL || g_str_has_suffix (*line, ": done") ||
                         strstr (*line, ": done (") != NULL);
        }
    }
  return n_runners;
}

static void
test_threads (void)
{
  /* What GLib and the library make once is there before the threads are. */
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcRunner) runner = gc_runner_new (arena);
  g_autofree char *none = gc_runner_dump_all ();
  pthread_t threads[N_THREADS];
  guint n = 0;

  g_assert_cmpstr (none, ==, "");
  atomic_store (&n_running, N_THREADS);
  for (guint i = 0; i < N_THREADS; i++)
    g_assert_cmpint (pthread_create (&threads[i], NULL, run_many, NULL), ==, 0);
  while (atomic_load (&n_running) > 0)
    {
      g_autofree char *dump = gc_runner_dump_all ();

      if (check (dump) > 0 && ++n == N_DUMPS)
        atomic_store (&is_over, TRUE);
    }
  for (guint i = 0; i < N_THREADS; i++)
    pthread_join (threads[i], NULL);
  g_assert_cmpuint (n, >=, N_DUMPS);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sequences/dump/threads", test_threads);

  return g_test_run ();
}
