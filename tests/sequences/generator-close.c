/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Generators that are closed before they end. */

#include "generators.h"

static GcSequence *
same (GcMutation  *m,
      gpointer     value,
      gpointer     context,
      GError     **error)
{
  return gc_sequence_value (m, value);
}

/* Items and errors pass by. */
static GcSequence *
make_nested (GcMutation *m,
             gpointer    context)
{
  return gc_sequence_then (m, gc_sequence_then (m, numbers (m, 5), same, NULL), same, NULL);
}

/* What has to be done finally is, however the generator ends; and it may take a while. */
static guint n_tidied;

static GcStepResult
tidy (GcMutation  *m,
      GcStep      *step,
      gpointer     context,
      GError     **error)
{
  gc_array_append (context, NULL);
  if (gc_array_get_length (context) < 4)
    return GC_STEP_CONTINUE;
  n_tidied++;
  return gc_step_done (step, NULL);
}

static GcSequence *
make_tidy (GcMutation  *m,
           gpointer     context,
           GError     **error)
{
  return gc_sequence_steps (m, tidy, gc_array_new (m));
}

static GcSequence *
make_finally (GcMutation *m,
              gpointer    context)
{
  return gc_generator_take (m, gc_sequence_finally (m, numbers (m, 5), make_tidy, NULL), 3);
}

static GcSequence *
make_finally_collect (GcMutation *m,
                      gpointer    context)
{
  return gc_generator_collect (m, make_finally (m, NULL));
}

static void
test_close_finally (Demo          *demo,
                    gconstpointer  data)
{
  n_tidied = 0;
  set_root (demo, make_finally, NULL);
  g_assert_true (pull_one (demo));
  assert_close (demo);
  g_assert_cmpuint (n_tidied, ==, 1);
  assert_run (demo, make_finally_collect, NULL, "[0 1 2]", 0);
  g_assert_cmpuint (n_tidied, ==, 2);
  cancel_everywhere (demo, make_finally_collect, NULL);
  gc_arena_set_root (demo->arena, NULL);
}

typedef enum { FAILS, ENDS, GIVES } Manner;
static Manner manner;

static GcStepResult
misbehave (GcMutation  *m,
           GcStep      *step,
           gpointer     context,
           GError     **error)
{
  if (!gc_step_catch (step, G_IO_ERROR, G_IO_ERROR_CANCELLED) || manner == GIVES)
    return gc_step_emit (step, INT (1));
  if (manner == ENDS)
    return gc_step_done (step, INT (1));
  return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
}

static GcSequence *
make_misbehave (GcMutation *m,
                gpointer    context)
{
  return gc_sequence_steps (m, misbehave, NULL);
}

static void
test_close (Demo          *demo,
            gconstpointer  data)
{
  generators_reset ();
  set_root (demo, make_numbers, GINT_TO_POINTER (2));   /* not begun */
  assert_run (demo, close_root, NULL, "null", 2);
  g_assert_cmpuint (seen.n_begun, ==, 0);
  assert_state (demo, GC_SEQUENCE_FAILED);
  assert_run (demo, close_root, NULL, "null", 1);       /* over */

  set_root (demo, make_numbers, GINT_TO_POINTER (2));   /* half-way, with clean-up in three steps */
  g_assert_true (pull_one (demo));
  seen.n_begun = 0;
  {
    guint64 n_steps;
    g_autofree char *text = run_to_text (demo, close_root, NULL, &n_steps);

    g_assert_cmpstr (text, ==, "null");
    g_assert_cmpuint (n_steps, ==, 5);
  }
  g_assert_cmpuint (seen.n_cleaned, ==, 1);
  assert_state (demo, GC_SEQUENCE_FAILED);

  set_root (demo, make_broken_numbers, NULL);                   /* failed by itself */
  while (pull_one (demo))
    ;
  assert_state (demo, GC_SEQUENCE_FAILED);
  assert_run (demo, close_root, NULL, "null", 1);

  generators_reset ();
  set_root (demo, make_nested, NULL);
  g_assert_true (pull_one (demo));
  assert_close (demo);
  g_assert_cmpuint (seen.n_cleaned, ==, 1);
  g_assert_false (pull_one (demo));

  manner = FAILS;
  set_root (demo, make_misbehave, NULL);
  g_assert_true (pull_one (demo));
  assert_run (demo, close_root, NULL, BROKEN, 3);
  manner = ENDS;
  set_root (demo, make_misbehave, NULL);
  g_assert_true (pull_one (demo));
  assert_run (demo, close_root, NULL, "null", 3);
  assert_state (demo, GC_SEQUENCE_DONE);
  manner = GIVES;
  set_root (demo, make_misbehave, NULL);
  g_assert_true (pull_one (demo));
  assert_run (demo, close_root, NULL, "GcSequenceError 3", 3);
  assert_state (demo, GC_SEQUENCE_SUSPENDED);
  gc_arena_set_root (demo->arena, NULL);
}

/* Cancelled while it closes something: that is not taken for the end of the closing. */
static void
test_close_cancelled (Demo          *demo,
                      gconstpointer  data)
{
  gboolean is_over = FALSE;

  for (guint k = 0; !is_over; k++)
    {
      g_autoptr (GError) error = NULL;
      GcRun *run;

      generators_reset ();
      set_root (demo, make_nested, NULL);
      g_assert_true (pull_one (demo));
      run = start (demo, close_root, NULL);
      for (guint i = 0; i < k && !gc_run_is_done (run); i++)
        gc_runner_step (demo->runner, 1);
      is_over = gc_run_is_done (run);
      gc_run_cancel (run);
      finish (demo, run);
      g_assert_null (gc_run_get_result (run, &error));
      if (is_over)
        g_assert_no_error (error);
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      if (k > 0)                /* what has not begun does not close anything */
        g_assert_cmpuint (seen.n_ended, ==, 1);
      g_object_unref (run);
      gc_arena_set_root (demo->arena, NULL);
      gc_arena_collect (demo->arena);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("generator-close/close", test_close);
  demo_add ("generator-close/finally", test_close_finally);
  demo_add ("generator-close/cancelled", test_close_cancelled);

  return g_test_run ();
}
