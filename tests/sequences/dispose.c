/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* g_object_run_dispose(), which scripts can call: a runner goes on. */

#include "demo.h"

typedef struct
{
  GcRunner *runner;
  guint     n;
} Disposing;

static GcStepResult
dispose_step (GcMutation  *m,
              GcStep      *step,
              gpointer     user_data,
              GError     **error)
{
  Disposing *disposing = user_data;

  g_object_run_dispose (G_OBJECT (disposing->runner));
  return --disposing->n > 0 ? GC_STEP_CONTINUE : gc_step_done (step, INT (5));
}

static GcSequence *
make_dispose (GcMutation *m,
              gpointer    context)
{
  return gc_sequence_func (m, dispose_step, context, NULL);
}

static void
take_result (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr (GError) error = NULL;
  guint *n = data;

  gc_runner_run_finish (GC_RUNNER (source), result, &error);
  g_assert_no_error (error);
  ++*n;
}

/* With nobody who waits in the library, and nothing that is run after it. */
static void
test_async (Demo          *demo,
            gconstpointer  data)
{
  guint n = 0;

  for (guint i = 1; i <= 3; i++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

        gc_runner_run_async (demo->runner, gc_sequence_sleep (m, 1000), NULL, take_result, &n);
      }
      g_object_run_dispose (G_OBJECT (demo->runner));
      for (gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC; n < i && g_get_monotonic_time () < end;)
        if (!g_main_context_iteration (NULL, FALSE))
          g_usleep (100);
      g_assert_cmpuint (n, ==, i);
    }
}

static void
test_inside (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  Disposing disposing = { demo->runner, 10000 };        /* more than one dispatch runs */
  gpointer value = demo_run (demo, make_dispose, &disposing, &error);

  g_assert_no_error (error);
  g_assert_cmpint (gc_untag_int (value), ==, 5);
  g_assert_cmpuint (disposing.n, ==, 0);
}

/* It is still told of, while it has a run. */
static void
test_dump (Demo          *demo,
           gconstpointer  data)
{
  guint n = 0;

  for (guint i = 1; i <= 2; i++)
    {
      g_autofree char *waiting = NULL, *ended = NULL;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

        gc_runner_run_async (demo->runner, gc_sequence_sleep (m, 1000), NULL, take_result, &n);
      }
      g_object_run_dispose (G_OBJECT (demo->runner));
      waiting = gc_runner_dump_all ();
      g_assert_nonnull (strstr (waiting, ": 1 runs\n0: GcSleepSequence\n"));
      while (n < i)
        g_main_context_iteration (NULL, TRUE);
      ended = gc_runner_dump_all ();
      g_assert_cmpstr (ended, ==, "");
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("dispose/async", test_async);
  demo_add ("dispose/inside", test_inside);
  demo_add ("dispose/dump", test_dump);

  return g_test_run ();
}
