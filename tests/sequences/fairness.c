/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sequences that never end keep neither the others nor the main context from their work. */

#include <stdlib.h>
#include <time.h>

#include "demo.h"

#define N_SHORT      100
#define FRAME_MS     16
#define N_FRAMES     30

static gint64
thread_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * (gint64) 1000000 + now.tv_nsec / 1000;
}

/* Endless in three ways: bare steps, garbage, and chains that are built as they run. */

static GcStepResult
spin (GcMutation  *m,
      GcStep      *step,
      gpointer     context,
      GError     **error)
{
  return gc_step_get_error (step) != NULL ? GC_STEP_FAILED : GC_STEP_CONTINUE;
}

static GcStepResult
litter (GcMutation  *m,
        GcStep      *step,
        gpointer     context,
        GError     **error)
{
  if (gc_step_get_error (step) != NULL)
    return GC_STEP_FAILED;
  for (guint i = 0; i < 4; i++)
    gc_string_new (m, "garbage");
  return GC_STEP_CONTINUE;
}

static GcSequence *
link_more (GcMutation  *m,
           gpointer     value,
           gpointer     context,
           GError     **error)
{
  return gc_sequence_then (m, gc_sequence_value (m, NULL), link_more, NULL);
}

static GcSequence *
make_endless (GcMutation *m,
              guint       kind)
{
  switch (kind)
    {
    case 0:
      return gc_sequence_steps (m, spin, NULL);
    case 1:
      return gc_sequence_steps (m, litter, NULL);
    default:
      return gc_sequence_then (m, gc_sequence_value (m, NULL), link_more, NULL);
    }
}

GC_DEFINE_COROUTINE (DemoShort, demo_short,
                     GC_PARAM (guint, n))

GC_COROUTINE_BODY (DemoShort, demo_short)
{
  GC_BEGIN ();
  while (self->n-- > 0)
    GC_AWAIT (gc_sequence_value (m, NULL));
  GC_END ();
}

/* The three longest: an instrument, or a page fault storm, may hit one. */
static void
note_longest (gint64 longest[3],
              gint64 took)
{
  for (guint i = 0; i < 3; i++)
    if (took > longest[i])
      {
        gint64 shorter = longest[i];

        longest[i] = took;
        took = shorter;
      }
}

/* In processor time of the thread, which others on a busy machine take nothing of. */
typedef struct
{
  gint64 at[N_FRAMES];
  guint  n;
} Ticks;

static gboolean
on_tick (gpointer data)
{
  Ticks *ticks = data;

  if (ticks->n < N_FRAMES)
    ticks->at[ticks->n++] = thread_cpu_us ();
  return G_SOURCE_CONTINUE;
}

static int
compare (const void *a,
         const void *b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/* The median time between two ticks, in microseconds. The sequences use all that they get. */
static gint64
median_interval (Ticks *ticks)
{
  gint64 intervals[N_FRAMES - 1];

  for (guint i = 1; i < N_FRAMES; i++)
    intervals[i - 1] = ticks->at[i] - ticks->at[i - 1];
  qsort (intervals, N_FRAMES - 1, sizeof (gint64), compare);
  return intervals[(N_FRAMES - 1) / 2];
}

static void
test_fair (Demo          *demo,
           gconstpointer  data)
{
  GcRun *endless[3], *brief[N_SHORT];
  Ticks ticks = { { 0 }, 0 };
  guint id, n_left = N_SHORT;
  gint64 longest[3] = { 0, 0, 0 };

  {
    g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

    for (guint i = 0; i < 3; i++)
      endless[i] = gc_runner_start (demo->runner, make_endless (m, i), NULL);
    for (guint i = 0; i < N_SHORT; i++)
      brief[i] = gc_runner_start (demo->runner, demo_short_new (m, 10 + i), NULL);
  }
  id = g_timeout_add (FRAME_MS, on_tick, &ticks);
  while (ticks.n < N_FRAMES)
    {
      gint64 begin = thread_cpu_us ();

      g_main_context_iteration (NULL, FALSE);
      note_longest (longest, thread_cpu_us () - begin);
    }
  g_source_remove (id);

  for (guint i = 0; i < N_SHORT; i++)
    {
      n_left -= gc_run_is_done (brief[i]);
      g_object_unref (brief[i]);
    }
  g_assert_cmpuint (n_left, ==, 0);
  g_test_message ("ticks every %.1f ms, longest dispatches %.2f %.2f %.2f ms, of CPU",
                  median_interval (&ticks) / 1e3, longest[0] / 1e3, longest[1] / 1e3, longest[2] / 1e3);
  g_assert_cmpint (median_interval (&ticks), <, (FRAME_MS + 8) * 1000);
  g_assert_cmpint (longest[2], <, gc_runner_get_budget_us (demo->runner) + 1000);

  for (guint i = 0; i < 3; i++)
    {
      g_assert_false (gc_run_is_done (endless[i]));
      gc_run_cancel (endless[i]);
    }
  while (gc_runner_step (demo->runner, 100))
    ;
  for (guint i = 0; i < 3; i++)
    g_object_unref (endless[i]);
}

/* Many that end at once are told of in dispatches that keep the budget too, in their order. */

static guint n_told;
static gboolean is_in_order;

static void
on_ended (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  is_in_order &= GPOINTER_TO_UINT (data) == n_told++;
  gc_runner_run_finish (GC_RUNNER (source), result, NULL);
}

static void
test_ends (Demo          *demo,
           gconstpointer  data)
{
  gint64 longest[3] = { 0, 0, 0 };

  n_told = 0;
  is_in_order = TRUE;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

    for (guint i = 0; i < 20000; i++)
      gc_runner_run_async (demo->runner, gc_sequence_value (m, NULL), NULL, on_ended, GUINT_TO_POINTER (i));
  }
  while (n_told < 20000)
    {
      gint64 begin = thread_cpu_us ();

      g_main_context_iteration (NULL, FALSE);
      note_longest (longest, thread_cpu_us () - begin);
    }
  g_test_message ("longest dispatches %.2f %.2f %.2f ms of CPU", longest[0] / 1e3, longest[1] / 1e3, longest[2] / 1e3);
  g_assert_true (is_in_order);
  g_assert_cmpint (longest[2], <, gc_runner_get_budget_us (demo->runner) + 1000);
  demo->n_before += 32768 / 64;
}

/* What waits uses no processor time. */
static void
test_idle (Demo          *demo,
           gconstpointer  data)
{
  Ticks ticks = { { 0 }, 0 };
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 begin, used;
  guint id;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

    for (guint i = 0; i < 2000; i++)
      g_ptr_array_add (runs, gc_runner_start (demo->runner, gc_sequence_never (m), NULL));
  }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  id = g_timeout_add (50, on_tick, &ticks);
  begin = thread_cpu_us ();
  while (ticks.n < 6)
    g_main_context_iteration (NULL, TRUE);
  used = thread_cpu_us () - begin;
  g_source_remove (id);
  g_test_message ("%.2f ms of CPU in 300 ms", used / 1e3);
  g_assert_cmpint (used, <, 15000);

  for (guint i = 0; i < runs->len; i++)
    gc_run_cancel (runs->pdata[i]);
  while (gc_runner_step (demo->runner, 100))
    ;
  /* The tables of runs and of cells do not shrink. */
  demo->n_before += 4096 / 64;
}

/* An endless run lives in a bounded heap. */
static void
test_bounded (Demo          *demo,
              gconstpointer  data)
{
  for (guint kind = 1; kind < 3; kind++)
    {
      g_autoptr (GcStats) stats = NULL;
      GcRun *run;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

        run = gc_runner_start (demo->runner, make_endless (m, kind), NULL);
      }
      gc_runner_step (demo->runner, 1000000);
      stats = gc_arena_get_stats (demo->arena);
      g_assert_cmpuint (stats->peak_heap_bytes, <, 16 << 20);
      gc_run_cancel (run);
      while (gc_runner_step (demo->runner, 100))
        ;
      g_object_unref (run);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/sequences/fairness/timer", Demo, NULL, demo_set_up, test_fair, demo_tear_down);
  g_test_add ("/sequences/fairness/ends", Demo, NULL, demo_set_up, test_ends, demo_tear_down);
  g_test_add ("/sequences/fairness/idle", Demo, NULL, demo_set_up, test_idle, demo_tear_down);
  g_test_add ("/sequences/fairness/bounded", Demo, NULL, demo_set_up, test_bounded, demo_tear_down);

  return g_test_run ();
}
