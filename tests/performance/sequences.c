/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What sequences cost beside GTask and plain sources of a main context.
 *
 * All of it runs in one process, in rounds: each round does every operation a number of times, so that a
 * disturbance of the machine hits all of them. The figure is CPU time of the process for one operation, the median
 * of the rounds; the ratio is to a GTask that returns, which is what one hop costs a GNOME program today. */

#include <gcseq/gcseq.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

#define N_ROUNDS 7
#define N_WAITING 100000

static GcArena *arena;
static GcRunner *runner;
static GMainLoop *loop;
static gsize n_wanted, n_done;

static double
cpu_ns (void)
{
  return bench_cpu_seconds () * 1e9;
}

/* Sequences to measure */

static gpointer
same (GcMutation  *m,
      gpointer     value,
      gpointer     context,
      GError     **error)
{
  return value;
}

static GcStepResult
spin (GcMutation  *m,
      GcStep      *step,
      gpointer     context,
      GError     **error)
{
  return n_done++ < n_wanted ? GC_STEP_CONTINUE : gc_step_done (step, NULL);
}

static GcStepResult
wake_self (GcMutation  *m,
           GcStep      *step,
           gpointer     context,
           GError     **error)
{
  g_auto (GcWaker) waker = GC_WAKER_INIT;

  if (n_done++ >= n_wanted)
    return gc_step_done (step, NULL);
  gc_step_init_waker (step, &waker);
  gc_waker_wake (&waker);
  return GC_STEP_WAIT;
}

static GcSequence *
next_link (GcMutation  *m,
           gpointer     value,
           gpointer     context,
           GError     **error)
{
  if (n_done++ >= n_wanted)
    return gc_sequence_value (m, NULL);
  return gc_sequence_then (m, gc_sequence_value (m, NULL), next_link, NULL);
}

GC_DEFINE_COROUTINE (PerfEmpty, perf_empty, )

GC_COROUTINE_BODY (PerfEmpty, perf_empty)
{
  GC_BEGIN ();
  GC_END ();
}

typedef enum { AWAIT_VALUE, AWAIT_MAP, AWAIT_TWO_MAPS, AWAIT_COROUTINE, PAUSE } PerfKind;

GC_DEFINE_COROUTINE (PerfLoop, perf_loop,
                     GC_PARAM (PerfKind, kind))

#define VALUE           gc_sequence_value (m, NULL)
#define MAP(sequence)   gc_sequence_map (m, sequence, same, NULL)

GC_COROUTINE_BODY (PerfLoop, perf_loop)
{
  GC_BEGIN ();
  while (n_done++ < n_wanted)
    switch (self->kind)
      {
      case AWAIT_VALUE:
        GC_AWAIT (VALUE);
        break;
      case AWAIT_MAP:
        GC_AWAIT (MAP (VALUE));
        break;
      case AWAIT_TWO_MAPS:
        GC_AWAIT (MAP (MAP (VALUE)));
        break;
      case AWAIT_COROUTINE:
        GC_AWAIT (perf_empty_new (m));
        break;
      case PAUSE:
      default:
        GC_PAUSE ();
      }
  GC_END ();
}

static GcSequence *
make (GcMutation *m,
      int         kind)
{
  GcSequence *sequence;

  switch (kind)
    {
    case -1:
      return gc_sequence_steps (m, spin, NULL);
    case -2:
      return gc_sequence_then (m, VALUE, next_link, NULL);
    case -3:
      return gc_sequence_steps (m, wake_self, NULL);
    case -4:
      sequence = gc_sequence_steps (m, wake_self, NULL);
      for (guint i = 0; i < 1000; i++)
        sequence = MAP (sequence);
      return sequence;
    default:
      return perf_loop_new (m, kind);
    }
}

static void
run_one (int kind)
{
  g_autoptr (GError) error = NULL;
  GcMutation *m = gc_arena_begin (arena);
  GcSequence *sequence = gc_object_ref (make (m, kind));

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  gc_runner_run (runner, sequence, NULL, &error);
  gc_object_unref (sequence);
  bench_require (error == NULL);
}

/* The others */

static void
on_task (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_task_propagate_pointer (G_TASK (result), NULL);
  g_main_loop_quit (loop);
}

static void
run_task (int kind)
{
  for (; n_done < n_wanted; n_done++)
    {
      GTask *task = g_task_new (NULL, NULL, on_task, NULL);

      g_task_return_pointer (task, NULL, NULL);
      g_object_unref (task);
      g_main_loop_run (loop);
    }
}

static gboolean
on_idle (gpointer data)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
run_idle (int kind)
{
  for (; n_done < n_wanted; n_done++)
    {
      g_idle_add (on_idle, NULL);
      g_main_loop_run (loop);
    }
}

static void
on_run (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  gc_runner_run_finish (GC_RUNNER (source), result, NULL);
  n_done++;
}

static void
run_async (int kind)
{
  while (n_done < n_wanted)
    {
      gsize until = MIN (n_done + 1000, n_wanted);
      GcMutation *m = gc_arena_begin (arena);

      for (gsize i = n_done; i < until; i++)
        gc_runner_run_async (runner, VALUE, NULL, on_run, NULL);
      gc_mutation_finish (m);
      gc_mutation_unref (m);
      while (n_done < until)
        g_main_context_iteration (NULL, TRUE);
    }
}

static const struct
{
  const char *name;
  void      (*run) (int kind);
  int         kind;
  gsize       divisor;          /* slower ones are done less often */
} operations[] = {
  { "task", run_task, 0, 20 },
  { "idle", run_idle, 0, 20 },
  { "step", run_one, -1, 1 },
  { "pause", run_one, PAUSE, 1 },
  { "await", run_one, AWAIT_VALUE, 1 },
  { "await-map", run_one, AWAIT_MAP, 1 },
  { "await-two-maps", run_one, AWAIT_TWO_MAPS, 1 },
  { "await-coroutine", run_one, AWAIT_COROUTINE, 1 },
  { "then", run_one, -2, 1 },
  { "wake", run_one, -3, 4 },
  { "wake-under-1000-maps", run_one, -4, 4 },
  { "run-async", run_async, 0, 20 },
};

static int
compare (const void *a,
         const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* Coroutines that wait, as many as there may be at once: what one takes. */

GC_DEFINE_COROUTINE (PerfWaiter, perf_waiter,
                     GC_PARAM (int, kind))

GC_COROUTINE_BODY (PerfWaiter, perf_waiter)
{
  GC_BEGIN ();
  GC_AWAIT (gc_sequence_never (m));
  GC_END ();
}

GC_DEFINE_COROUTINE (PerfAll, perf_all,
                     GC_PARAM (guint, n)
                     GC_LOCAL_REF (GcTaskGroup, group)
                     GC_LOCAL (guint, i))

GC_COROUTINE_BODY (PerfAll, perf_all)
{
  GC_BEGIN ();
  gc_set (self, group, gc_task_group_new (m));
  for (self->i = 0; self->i < self->n; self->i++)
    {
      gc_task_group_spawn (self->group, step, perf_waiter_new (m, 0));
      if (self->i % 64 == 63)
        GC_PAUSE ();
    }
  for (;;)
    GC_AWAIT_OR_ANY (gc_sequence_never (m))
      break;
  gc_task_group_cancel (self->group);
  while (gc_task_group_get_n_live (self->group) > 0)
    {
      while (gc_task_group_next (self->group, step, NULL))
        gc_step_catch (step, 0, -1);
      if (gc_task_group_get_n_live (self->group) > 0)
        GC_WAIT ();
    }
  GC_END ();
}

static gsize
live_bytes (void)
{
  g_autoptr (GcStats) stats = NULL;

  gc_arena_collect (arena);
  stats = gc_arena_get_stats (arena);
  return stats->live_bytes;
}

static void
measure_waiting (guint n)
{
  gsize before = live_bytes ();
  double time = cpu_ns ();
  GcMutation *m = gc_arena_begin (arena);
  GcRun *run = gc_runner_start (runner, perf_all_new (m, n), NULL);

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  bench_report ("start-waiting-ns", "%.1f", (cpu_ns () - time) / n);
  bench_report ("bytes-waiting", "%.1f", (double) (live_bytes () - before) / n);
  time = cpu_ns ();
  gc_run_cancel (run);
  while (!gc_run_is_done (run))
    g_main_context_iteration (NULL, TRUE);
  bench_report ("cancel-waiting-ns", "%.1f", (cpu_ns () - time) / n);
  g_object_unref (run);
}

static void
run (size_t size)
{
  double times[G_N_ELEMENTS (operations)][N_ROUNDS];
  double task;

  arena = gc_arena_new ();
  runner = gc_runner_new (arena);
  loop = g_main_loop_new (NULL, FALSE);

  for (guint round = 0; round < N_ROUNDS; round++)
    for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
      {
        double begin = cpu_ns ();

        n_done = 0;
        n_wanted = MAX (size / operations[i].divisor, 1);
        operations[i].run (operations[i].kind);
        times[i][round] = (cpu_ns () - begin) / n_wanted;
        bench_require (n_done >= n_wanted);
      }
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    qsort (times[i], N_ROUNDS, sizeof (double), compare);
  task = times[0][N_ROUNDS / 2];
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      g_autofree char *key = g_strconcat (operations[i].name, "-ns", NULL);

      bench_report (key, "%.1f  %.1f times faster than a task", times[i][N_ROUNDS / 2],
                    task / times[i][N_ROUNDS / 2]);
    }
  measure_waiting (MIN (size, N_WAITING));
  g_object_unref (runner);
  g_object_unref (arena);
  g_main_loop_unref (loop);
}

const BenchWorkload bench_workload = {
  .name = "sequences",
  .peer = "gcobj",
  .full_size = 1000000,
  .quick_size = 2000,
  .run = run,
};
