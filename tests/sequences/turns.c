/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a strand carries from one turn to the next: results and errors, one step in each turn. */

#include "demo.h"

static gpointer
increment (GcMutation  *m,
           gpointer     value,
           gpointer     context,
           GError     **error)
{
  return INT (gc_untag_int (value) + 1);
}

static GcStepResult
recover (GcMutation  *m,
         GcStep      *step,
         gpointer     context,
         GError     **error)
{
  if (gc_step_catch (step, G_IO_ERROR, G_IO_ERROR_BUSY))
    return gc_step_done (step, INT (7));
  return gc_step_call (step, context);
}

static GcSequence *
make_failing (GcMutation *m,
              gpointer    context)
{
  GError error = { G_IO_ERROR, G_IO_ERROR_BUSY, (char *) "busy" };
  GcSequence *sequence = gc_sequence_map (m, gc_sequence_error (m, &error), increment, NULL);

  return context != NULL ? gc_sequence_steps (m, recover, sequence) : sequence;
}

static GcRun *
start (Demo       *demo,
       GcSequence *(*make) (GcMutation *m, gpointer context),
       gpointer    context)
{
  g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

  return gc_runner_start (demo->runner, make (m, context), NULL);
}

/* An error is kept until the turn in which a frame takes it. */
static void
test_errors (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcRun) passed = start (demo, make_failing, NULL);
  g_autoptr (GcRun) caught = start (demo, make_failing, INT (1));
  g_autoptr (GError) error = NULL;
  guint n = 0;

  while (gc_runner_step (demo->runner, 1))
    g_assert_cmpuint (++n, <, 20);
  g_assert_null (gc_run_get_result (passed, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpstr (error->message, ==, "busy");
  g_assert_cmpint (gc_untag_int (gc_run_get_result (caught, NULL)), ==, 7);
}

/* A script may dispose of a runner that it goes on using, or of the one that it waits for. */
static gboolean
dispose_it (gpointer data)
{
  g_object_run_dispose (data);
  return G_SOURCE_REMOVE;
}

static void
test_disposed (Demo          *demo,
               gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GcSequence) first = NULL;
  g_autoptr (GcSequence) second = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

    first = gc_object_ref (gc_sequence_value (m, INT (1)));
    second = gc_object_ref (gc_sequence_sleep (m, 20000));
  }
  g_object_run_dispose (G_OBJECT (demo->runner));
  g_assert_cmpint (gc_untag_int (gc_runner_run (demo->runner, first, NULL, &error)), ==, 1);
  g_assert_no_error (error);

  g_timeout_add (1, dispose_it, demo->runner);
  g_assert_null (gc_runner_run (demo->runner, second, NULL, &error));
  g_assert_no_error (error);
}

/* GJS and lgi keep a step without a reference, for as long as a script likes. */
static GcStep *kept;

static GcStepResult
keep (GcMutation  *m,
      GcStep      *step,
      gpointer     context,
      GError     **error)
{
  g_assert_true (kept == NULL || !gc_step_is_active (kept) || kept == step);
  kept = step;
  return gc_step_done (step, NULL);
}

static void
test_kept_step (Demo          *demo,
                gconstpointer  data)
{
  kept = NULL;
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GcRunner) runner = gc_runner_new (demo->arena);
      g_autoptr (GcSequence) sequence = NULL;
      g_autoptr (GError) error = NULL;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

        sequence = gc_object_ref (gc_sequence_steps (m, keep, NULL));
      }
      gc_runner_run (runner, sequence, NULL, &error);
      g_assert_no_error (error);
      g_assert_finalize_object (g_steal_pointer (&runner));
      g_assert_false (gc_step_is_active (kept));
      g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_step_get: assertion*");
      g_assert_null (gc_step_get (kept));
      g_test_assert_expected_messages ();
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("turns/errors", test_errors);
  demo_add ("turns/disposed", test_disposed);
  demo_add ("turns/kept-step", test_kept_step);

  return g_test_run ();
}
