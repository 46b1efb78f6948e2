/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Trying again: how often, after what, and how long it waits. */

#include "generators.h"

static guint n_tries;
static int error_code;          /* of GIOErrorEnum: what tries fail with */
static guint n_asked;
static int asked_code;

static GcSequence *
be_broken (GcMutation *m)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, error_code, "broken");

  return gc_sequence_error (m, error);
}

/* Fails until the number of tries is that of the context. */
static GcSequence *
try_it (GcMutation  *m,
        gpointer     value,
        gpointer     context,
        GError     **error)
{
  g_assert_cmpint (gc_untag_int (value), ==, n_tries);
  return ++n_tries < gc_untag_int (context) ? be_broken (m) : gc_sequence_value (m, INT (n_tries));
}

/* The function itself fails. */
static GcSequence *
fail_at_once (GcMutation  *m,
              gpointer     value,
              gpointer     context,
              GError     **error)
{
  if (++n_tries == gc_untag_int (context))
    return gc_sequence_value (m, INT (n_tries));
  g_set_error_literal (error, G_IO_ERROR, error_code, "broken");
  return NULL;
}

static GcSequence *
wait_for_ever (GcMutation  *m,
               gpointer     value,
               gpointer     context,
               GError     **error)
{
  return gc_sequence_never (m);
}

static gboolean
not_thrice (GcMutation   *m,
            const GError *error,
            guint         n,
            gpointer      context)
{
  g_assert_cmpuint (n, ==, n_tries);
  n_asked++;
  asked_code = error->code;
  return n < 3;
}

static GcStepResult
script_try (GcMutation  *m,
            GcStep      *step,
            gpointer     user_data,
            GError     **error)
{
  if (++n_tries == 3)
    return gc_step_done (step, NULL);           /* nonsense: it has to make a sequence */
  if (n_tries == 2)
    return gc_step_throw (step, G_IO_ERROR, error_code, "broken");
  return gc_step_become (step, n_tries < 5 ? be_broken (m) : gc_sequence_value (m, INT (n_tries)));
}

static GcStepResult
script_not_thrice (GcMutation  *m,
                   GcStep      *step,
                   gpointer     user_data,
                   GError     **error)
{
  const GError *came = gc_step_get_error (step);

  g_assert_nonnull (came);
  n_asked++;
  asked_code = came->code;
  return gc_step_done (step, gc_box_new_boolean (m, gc_untag_int (gc_step_get (step)) < 3));
}

static GcStepResult
script_throws (GcMutation  *m,
               GcStep      *step,
               gpointer     user_data,
               GError     **error)
{
  return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_EXISTS, "thrown");
}

enum
{
  FIRST, THIRD, TOO_OFTEN, NO_LIMIT, AT_ONCE, ASKS, CANCELS,
  SCRIPT, SCRIPT_ASKS, SCRIPT_ASKS_THROWS, SLEEPS, SLEEPS_LONG, WAITS,
  N_KINDS
};

static guint n_destroyed;

static void
destroy (gpointer data)
{
  n_destroyed++;
}

static GcSequence *
make (GcMutation *m,
      gpointer    context)
{
  n_tries = n_asked = 0;
  error_code = GPOINTER_TO_UINT (context) == CANCELS ? G_IO_ERROR_CANCELLED : G_IO_ERROR_BROKEN_PIPE;
  switch (GPOINTER_TO_UINT (context))
    {
    case FIRST: return gc_sequence_retry (m, 3, 0, 1, 0, try_it, NULL, INT (1));
    case THIRD: return gc_sequence_retry (m, 3, 0, 1, 0, try_it, NULL, INT (3));
    case TOO_OFTEN: return gc_sequence_retry (m, 3, 0, 1, 0, try_it, NULL, INT (4));
    case NO_LIMIT: return gc_sequence_retry (m, 0, 0, 1, 0, try_it, NULL, INT (40));
    case AT_ONCE: return gc_sequence_retry (m, 3, 0, 1, 0, fail_at_once, NULL, INT (3));
    case ASKS: return gc_sequence_retry (m, 0, 0, 1, 0, try_it, not_thrice, INT (9));
    case CANCELS: return gc_sequence_retry (m, 0, 0, 1, 0, try_it, not_thrice, INT (9));
    case SCRIPT: return gc_sequence_retry_full (m, 9, 0, 1, 0, script_try, NULL, destroy, NULL, NULL, NULL);
    case SCRIPT_ASKS:
      return gc_sequence_retry_full (m, 9, 0, 1, 0, script_try, NULL, destroy, script_not_thrice, NULL, destroy);
    case SCRIPT_ASKS_THROWS:
      return gc_sequence_retry_full (m, 9, 0, 1, 0, script_try, NULL, destroy, script_throws, NULL, destroy);
    case SLEEPS: return gc_sequence_retry (m, 3, 2000, 2, 0.5, try_it, NULL, INT (3));
    case SLEEPS_LONG: return gc_sequence_retry (m, 3, 3600 * G_TIME_SPAN_SECOND, 1e300, 0, try_it, NULL, INT (3));
    case WAITS: return gc_sequence_retry (m, 3, 0, 1, 0, wait_for_ever, NULL, NULL);
    default: g_assert_not_reached ();
    }
}

/* A step for the function, one for what it makes; the function follows an error in the step of that. */
static const struct
{
  const char *text;
  guint       n_steps;
  guint       n_tries;
  guint       n_asked;
} expected[] = {
  [FIRST] = { "1", 3, 1, 0 },
  [THIRD] = { "3", 7, 3, 0 },
  [TOO_OFTEN] = { BROKEN, 7, 3, 0 },
  [NO_LIMIT] = { "40", 81, 40, 0 },
  [AT_ONCE] = { "3", 7, 3, 0 },
  [ASKS] = { BROKEN, 7, 3, 3 },
  [CANCELS] = { CANCELLED, 3, 1, 0 },
  [SCRIPT] = { "5", 11, 5, 0 },
  [SCRIPT_ASKS] = { "GcSequenceError 0", 7, 3, 3 },
  [SCRIPT_ASKS_THROWS] = { "g-io-error-quark 2", 3, 1, 0 },
  [SLEEPS] = { "3", 0, 3, 0 },
};

static void
test_results (Demo          *demo,
              gconstpointer  data)
{
  n_destroyed = 0;
  for (guint kind = 0; kind <= SLEEPS; kind++)
    {
      g_test_message ("kind %u", kind);
      assert_run (demo, make, GUINT_TO_POINTER (kind), expected[kind].text, expected[kind].n_steps);
      g_assert_cmpuint (n_tries, ==, expected[kind].n_tries);
      g_assert_cmpuint (n_asked, ==, expected[kind].n_asked);
      if (kind == ASKS)
        g_assert_cmpint (asked_code, ==, G_IO_ERROR_BROKEN_PIPE);
    }
  gc_arena_collect (demo->arena);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_destroyed, ==, 5);
}

static void
test_cancelled (Demo          *demo,
                gconstpointer  data)
{
  for (guint kind = 0; kind < SLEEPS; kind++)
    if (kind != CANCELS && kind != SCRIPT_ASKS && kind != SCRIPT_ASKS_THROWS)   /* they have errors of their own */
      {
        g_test_message ("kind %u", kind);
        cancel_everywhere (demo, make, GUINT_TO_POINTER (kind));
      }
}

/* Cancelled while it sleeps or a try waits: at once. */
static void
test_cancelled_waiting (Demo          *demo,
                        gconstpointer  data)
{
  for (guint kind = SLEEPS_LONG; kind <= WAITS; kind++)
    {
      g_autoptr (GError) error = NULL;
      GcRun *run = start (demo, make, GUINT_TO_POINTER (kind));

      gc_runner_step (demo->runner, 100);
      g_assert_false (gc_run_is_done (run));
      gc_run_cancel (run);
      gc_runner_step (demo->runner, 10);
      g_assert_true (gc_run_is_done (run));
      g_assert_null (gc_run_get_result (run, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_object_unref (run);
    }
}

/* Four tries wait 10, 20 and 40 ms; never less, but for what jitter takes off. */
static GcSequence *
make_slow (GcMutation *m,
           gpointer    context)
{
  n_tries = 0;
  error_code = G_IO_ERROR_BROKEN_PIPE;
  return gc_sequence_retry (m, 4, 10 * G_TIME_SPAN_MILLISECOND, 2, GPOINTER_TO_INT (context) / 100.0, try_it, NULL, INT (4));
}

static void
test_delays (Demo          *demo,
             gconstpointer  data)
{
  gint64 begin = g_get_monotonic_time ();

  if (data != NULL)
    {
      g_test_skip ("one way is enough");
      return;
    }
  assert_run (demo, make_slow, GINT_TO_POINTER (0), "4", 0);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 70 * G_TIME_SPAN_MILLISECOND);
  begin = g_get_monotonic_time ();
  assert_run (demo, make_slow, GINT_TO_POINTER (50), "4", 0);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 35 * G_TIME_SPAN_MILLISECOND);
}

static GcStepResult
spawn_and_drop (GcMutation  *m,
                GcStep      *step,
                gpointer     context,
                GError     **error)
{
  gc_task_group_spawn (gc_task_group_new (m), step, make (m, GUINT_TO_POINTER (SLEEPS_LONG)));
  gc_task_group_spawn (gc_task_group_new (m), step, make (m, GUINT_TO_POINTER (WAITS)));
  return gc_step_done (step, NULL);
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
  for (guint i = 0; i < 20; i++)
    assert_run (demo, make_spawn_and_drop, NULL, "null", 0);
  while (gc_runner_step (demo->runner, 100))
    ;
}

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) other = gc_arena_new ();
  GcMutation *m = gc_arena_begin (demo->arena);
  GcMutation *m2 = gc_arena_begin (other);
  gpointer foreign = gc_array_new (m2);

  if (data == NULL)             /* what is refused is not a matter of collecting */
    {
#define REFUSED(what, call) \
      g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, what ": assertion*"); \
      g_assert_null (call); \
      g_test_assert_expected_messages ()

      REFUSED ("gc_sequence_retry", gc_sequence_retry (m, 1, 0, 1, 0, NULL, NULL, NULL));
      REFUSED ("gc_sequence_retry", gc_sequence_retry (m, 1, 0, 1, 0, try_it, NULL, foreign));
      REFUSED ("gc_sequence_retry", gc_sequence_retry (m, 1, -1, 1, 0, try_it, NULL, NULL));
      REFUSED ("gc_sequence_retry", gc_sequence_retry (m, 1, G_MAXINT64, 1, 0, try_it, NULL, NULL));
      REFUSED ("gc_sequence_retry", gc_sequence_retry (m, 1, 0, -1, 0, try_it, NULL, NULL));
      REFUSED ("gc_sequence_retry", gc_sequence_retry (m, 1, 0, 0.0 / 0.0, 0, try_it, NULL, NULL));
      REFUSED ("gc_sequence_retry", gc_sequence_retry (m, 1, 0, 1, 1.5, try_it, NULL, NULL));
      REFUSED ("gc_sequence_retry", gc_sequence_retry (m, 1, 0, 1, 0.0 / 0.0, try_it, NULL, NULL));
      REFUSED ("gc_sequence_retry_full", gc_sequence_retry_full (m, 1, 0, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL));
      REFUSED ("gc_sequence_retry_full", gc_sequence_retry_full (m, 1, 0, -1, 0, script_try, NULL, NULL, NULL, NULL, NULL));
    }
  gc_mutation_finish (m2);
  gc_mutation_unref (m2);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("retry/results", test_results);
  demo_add ("retry/cancelled", test_cancelled);
  demo_add ("retry/cancelled-waiting", test_cancelled_waiting);
  demo_add ("retry/delays", test_delays);
  demo_add ("retry/dropped", test_dropped);
  demo_add ("retry/misuse", test_misuse);

  return g_test_run ();
}
