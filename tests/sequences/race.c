/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Joins of which the first one counts. */

#include "parts.h"

static GcSequence *
clean_up (GcMutation  *m,
          gpointer     context,
          GError     **error)
{
  return demo_part_new (m, gc_untag_int (context), 5, 0);
}

/* Stays until cancelled, and takes its time to clean up. */
static GcSequence *
make_stay (GcMutation *m,
           char        letter)
{
  return gc_sequence_finally (m, gc_sequence_never (m), clean_up, INT (letter));
}

static void
check_cancelled (gssize        number,
                 const GError *error,
                 guint         n_steps,
                 gpointer      context)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Any */

static GcSequence *
make_any (GcMutation *m,
          gpointer    context)
{
  return gc_sequence_any (m, make_stay (m, 's'), demo_failure_new (m, 'f', 0, G_IO_ERROR_BUSY),
                          demo_part_new (m, 'a', 90, 1), demo_part_new (m, 'b', 30, 2), make_stay (m, 't'), NULL);
}

static GcSequence *
make_any_limited (GcMutation *m,
                  gpointer    context)
{
  GcSequence *sequences[] = { demo_failure_new (m, 'f', 0, G_IO_ERROR_BUSY), demo_failure_new (m, 'g', 90, 0),
                              demo_part_new (m, 'a', 3, 1), demo_part_new (m, 'b', 0, 2) };

  return gc_sequence_any_limited (m, sequences, 4, GPOINTER_TO_UINT (context));
}

static GcSequence *
make_none_of (GcMutation *m,
              gpointer    context)
{
  GcSequence *sequences[] = { demo_failure_new (m, 'f', 90, G_IO_ERROR_BUSY), gc_sequence_anyv (m, NULL, 0),
                              demo_failure_new (m, 'g', 0, G_IO_ERROR_CANCELLED) };

  return gc_sequence_anyv (m, sequences, G_N_ELEMENTS (sequences));
}

static void
test_any (Demo          *demo,
          gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;

  trace_clear ();
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_any, NULL, NULL)), ==, 2);
  g_assert_cmpstr (trace, ==, "fbst");
  part_cancel_everywhere (demo, make_any, NULL, check_cancelled);
  part_drop_everywhere (demo, make_any, NULL, 20);
  for (guint max = 0; max < 5; max++)
    g_assert_cmpint (gc_untag_int (demo_run (demo, make_any_limited, GUINT_TO_POINTER (max), NULL)), ==, 1);

  g_assert_null (demo_run (demo, make_none_of, NULL, &error));
  g_assert_error (error, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_ALL_FAILED);
  g_assert_cmpstr (error->message, ==, "None of 3 sequences succeeded: f; None of 0 sequences succeeded; g");
  copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_cmpuint (gc_sequence_error_get_n_causes (copy), ==, 3);
  g_assert_error (gc_sequence_error_get_cause (copy, 0), G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_error (gc_sequence_error_get_cause (copy, 1), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_ALL_FAILED);
  g_assert_cmpuint (gc_sequence_error_get_n_causes (gc_sequence_error_get_cause (copy, 1)), ==, 0);
  g_assert_error (gc_sequence_error_get_cause (copy, 2), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (gc_sequence_error_get_n_causes (gc_sequence_error_get_cause (copy, 2)), ==, 0);
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_error_get_cause: assertion*");
  g_assert_null (gc_sequence_error_get_cause (copy, 3));
  g_test_assert_expected_messages ();
}

/* Race */

static GcSequence *
make_race (GcMutation *m,
           gpointer    context)
{
  GcSequence *sequences[] = { make_stay (m, 's'), gc_sequence_shield (m, demo_part_new (m, 'a', 90, 1)), NULL,
                              gc_sequence_shield (m, demo_failure_new (m, 'g', 95, 0)) };

  sequences[2] = context == NULL ? demo_part_new (m, 'b', 3, 2) : demo_failure_new (m, 'f', 3, G_IO_ERROR_BUSY);
  return gc_sequence_race (m, sequences[0], sequences[1], sequences[2], sequences[3], NULL);
}

static GcSequence *
make_race_of_none (GcMutation *m,
                   gpointer    context)
{
  return gc_sequence_racev (m, NULL, 0);
}

static GcSequence *
make_short_race (GcMutation *m,
                 gpointer    context)
{
  GcSequence *sequences[] = { demo_part_new (m, 'a', 0, 1), gc_sequence_never (m) };

  return gc_sequence_racev (m, sequences, 2);
}

static void
test_race (Demo          *demo,
           gconstpointer  data)
{
  trace_clear ();
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_race, NULL, NULL)), ==, 2);
  g_assert_cmpuint (strlen (trace), ==, 4);
  g_assert_cmpint (trace[0], ==, 'b');
  trace_clear ();
  demo_assert_error (demo, make_race, INT (1), G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpuint (strlen (trace), ==, 4);
  demo_assert_error (demo, make_race_of_none, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_ALL_FAILED);
  /* begun, one ends, the other waits, cancelled, that is met, seen */
  demo_assert_steps (demo, make_short_race, NULL, 1, 1 + 1 + 1 + 1 + 1 + 1);
  part_cancel_everywhere (demo, make_race, NULL, check_cancelled);
  part_cancel_everywhere (demo, make_race, INT (1), check_cancelled);
  part_drop_everywhere (demo, make_race, NULL, 20);
}

/* Detached: the losers are cancelled, and what they do then is theirs. */

static guint n_reports;

/* Does not stop for a cancellation. */
static GcStepResult
report (GcMutation  *m,
        GcStep      *step,
        gpointer     context,
        GError     **error)
{
  g_autoptr (GError) ignored = gc_step_steal_error (step);

  gc_step_report_progress (step, 0.5, "still there");
  if (n_reports++ < GPOINTER_TO_UINT (context))
    return GC_STEP_CONTINUE;
  return GC_STEP_WAIT;
}

static GcSequence *
make_detached (GcMutation *m,
               gpointer    context)
{
  GcSequence *sequences[] = { gc_sequence_func (m, report, context, NULL), make_stay (m, 's'),
                              gc_sequence_shield (m, gc_sequence_never (m)), demo_part_new (m, 'a', 3, 5) };

  return gc_sequence_race_detachedv (m, sequences, G_N_ELEMENTS (sequences));
}

static GcSequence *
make_detached_two (GcMutation *m,
                   gpointer    context)
{
  return gc_sequence_race_detached (m, demo_failure_new (m, 'f', 2, G_IO_ERROR_BUSY), gc_sequence_never (m), NULL);
}

static void
test_detached (Demo          *demo,
               gconstpointer  data)
{
  trace_clear ();
  n_reports = 0;
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_detached, GUINT_TO_POINTER (500), NULL)), ==, 5);
  part_settle (demo);
  g_assert_cmpuint (n_reports, >, 500);         /* went on, beyond the run */
  g_assert_cmpuint (trace_count ('s'), ==, 1);  /* what needs no waiting was done */
  g_assert_cmpuint (demo_n_objects (demo), <=, demo->n_before + 4);
  demo_assert_error (demo, make_detached_two, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
  part_cancel_everywhere (demo, make_detached_two, NULL, check_cancelled);
  n_reports = 0;
  part_cancel_everywhere (demo, make_detached, GUINT_TO_POINTER (0), check_cancelled);
}

/* Select */

static gpointer
tell (GcMutation  *m,
      gpointer     value,
      gpointer     context,
      GError     **error)
{
  g_autoptr (GError) failure = NULL;
  gpointer result = gc_outcome_get_result (value, &failure);

  return INT (gc_outcome_get_index (value) * 1000 + (failure != NULL ? 999 : gc_untag_int (result)));
}

static GcSequence *
make_select (GcMutation *m,
             gpointer    context)
{
  GcSequence *sequences[] = { make_stay (m, 's'), demo_part_new (m, 'a', 190, 1),
                              context == NULL ? demo_part_new (m, 'b', 3, 2) : demo_failure_new (m, 'f', 3, 0) };
  GcSequence *select;

  if (context == INT (2))
    select = gc_sequence_selectv (m, NULL, 0);
  else
    select = gc_sequence_select (m, sequences[0], sequences[1], sequences[2], NULL);
  return gc_sequence_map (m, select, tell, NULL);
}

static void
test_select (Demo          *demo,
             gconstpointer  data)
{
  trace_clear ();
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_select, NULL, NULL)), ==, 2002);
  g_assert_cmpstr (trace, ==, "bs");
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_select, INT (1), NULL)), ==, 2999);
  demo_assert_error (demo, make_select, INT (2), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_ALL_FAILED);
  part_cancel_everywhere (demo, make_select, NULL, check_cancelled);
  part_drop_everywhere (demo, make_select, NULL, 20);
}

/* Misuse */

#define EXPECT(what) g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, what ": assertion*")

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (demo->arena), *n = gc_arena_begin (arena);
  GcSequence *list[] = { gc_sequence_value (m, NULL), gc_sequence_value (n, NULL), NULL };

  EXPECT ("gc_join_new_array");
  g_assert_null (gc_sequence_anyv (m, list, 3));
  EXPECT ("gc_join_new_array");
  g_assert_null (gc_sequence_racev (m, list, 2));
  EXPECT ("gc_join_new_array");
  g_assert_null (gc_sequence_race_detached (m, (GcSequence *) arena, NULL));
  EXPECT ("gc_join_new_array");
  g_assert_null (gc_sequence_select (m, list[0], list[1], NULL));
  EXPECT ("gc_join_new_from");
  g_assert_null (gc_sequence_race_from (m, NULL, 0));
  EXPECT ("gc_sequence_error_get_n_causes");
  g_assert_cmpuint (gc_sequence_error_get_n_causes (NULL), ==, 0);
  g_test_assert_expected_messages ();
  gc_mutation_finish (n);
  gc_mutation_unref (n);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("race/any", test_any);
  demo_add ("race/race", test_race);
  demo_add ("race/detached", test_detached);
  demo_add ("race/select", test_select);
  demo_add ("race/misuse", test_misuse);

  return g_test_run ();
}
