/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Joins that await all: values in order, errors, limits, outcomes. */

#include "parts.h"

/* The results as one number, a digit each. */
static gpointer
digits (GcMutation  *m,
        gpointer     value,
        gpointer     context,
        GError     **error)
{
  GcArray *results = value;
  gssize number = 0;

  for (gsize i = 0; i < gc_array_get_length (results); i++)
    number = number * 10 + gc_untag_int (gc_array_get (results, i));
  return INT (number);
}

/* Outcomes as a number: 9 for an error, and the index has to be right. */
static gpointer
outcome_digits (GcMutation  *m,
                gpointer     value,
                gpointer     context,
                GError     **error)
{
  GcArray *outcomes = value;
  gssize number = 0;

  for (gsize i = 0; i < gc_array_get_length (outcomes); i++)
    {
      GcOutcome *outcome = gc_array_get (outcomes, i);
      g_autoptr (GError) failure = NULL;
      gpointer result = gc_outcome_get_result (outcome, &failure);

      g_assert_true (GC_IS_OUTCOME (outcome));
      g_assert_cmpuint (gc_outcome_get_index (outcome), ==, i);
      g_assert_cmpint (gc_outcome_has_failed (outcome), ==, failure != NULL);
      number = number * 10 + (failure != NULL ? 9 : gc_untag_int (result));
    }
  return INT (number);
}

static GcSequence *
make_join (GcMutation *m,
           gpointer    context)
{
  return gc_sequence_map (m, gc_sequence_join (m, demo_part_new (m, 'a', 0, 1), demo_part_new (m, 'b', 0, 2)),
                          digits, NULL);
}

static GcSequence *
make_all (GcMutation *m,
          gpointer    context)
{
  GcSequence *all = gc_sequence_all (m, demo_part_new (m, 'a', 100, 1), demo_part_new (m, 'b', 0, 2),
                                     demo_part_new (m, 'c', 200, 3), NULL);

  return gc_sequence_map (m, all, digits, NULL);
}

static GcSequence *
make_none (GcMutation *m,
           gpointer    context)
{
  return gc_sequence_map (m, gc_sequence_allv (m, NULL, 0), digits, NULL);
}

static void
test_values (Demo          *demo,
             gconstpointer  data)
{
  demo_assert_steps (demo, make_join, NULL, 12, 1 + 1 + 2 + 1);
  demo_assert_steps (demo, make_none, NULL, 0, 1 + 1);
  trace_clear ();
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_all, NULL, NULL)), ==, 123);
  g_assert_cmpstr (trace, ==, "bac");
}

static void
check_cancelled (gssize        number,
                 const GError *error,
                 guint         n_steps,
                 gpointer      context)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel (Demo          *demo,
             gconstpointer  data)
{
  part_cancel_everywhere (demo, make_join, NULL, check_cancelled);
  part_drop_everywhere (demo, make_join, NULL, 6);
  part_drop_everywhere (demo, make_all, NULL, 6);
}

/* In dumps: how many there are. */
static GcSequence *
make_waiting (GcMutation *m,
              gpointer    context)
{
  return gc_sequence_all (m, gc_sequence_never (m), gc_sequence_value (m, NULL), gc_sequence_never (m), NULL);
}

static void
test_describe (Demo          *demo,
               gconstpointer  data)
{
  g_autoptr (GcRun) run = part_start (demo, make_waiting, NULL, 0);
  g_autofree char *before = gc_run_describe (run);
  g_autofree char *after = NULL;

  part_settle (demo);
  after = gc_run_describe (run);
  g_assert_cmpstr (before, ==, "all: 0 begun, 0 running");
  g_assert_cmpstr (after, ==, "all: 3 begun, 2 running");
  gc_run_cancel (run);
  part_finish (demo, run);
}

/* Errors */

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

static GcSequence *
make_failures (GcMutation *m,
               gpointer    context)
{
  GcSequence *sequences[] = {
    make_stay (m, 's'),
    demo_failure_new (m, 'f', 20, G_IO_ERROR_BUSY),
    demo_failure_new (m, 'g', 3, G_IO_ERROR_CLOSED),
    make_stay (m, 't'),
    gc_sequence_shield (m, demo_failure_new (m, 'h', 100, G_IO_ERROR_EXISTS)),
    demo_part_new (m, 'z', 0, 1),
  };

  switch (GPOINTER_TO_INT (context))
    {
    case 0:                     /* each in one turn: f is the first */
      return gc_sequence_allv (m, sequences, G_N_ELEMENTS (sequences));
    case 1:                     /* g is, since f begins when it has ended */
      sequences[1] = gc_sequence_chain (m, make_stay (m, 'u'), sequences[1]);
      return gc_sequence_allv (m, sequences, G_N_ELEMENTS (sequences));
    case 2:                     /* f never begins */
      sequences[2] = sequences[1];
      sequences[1] = demo_failure_new (m, 'g', 3, G_IO_ERROR_CLOSED);
      return gc_sequence_all_limited (m, sequences, G_N_ELEMENTS (sequences), 2);
    default:                    /* a child that was cancelled by somebody else counts */
      sequences[1] = demo_failure_new (m, 'k', 0, G_IO_ERROR_CANCELLED);
      sequences[2] = make_stay (m, 'v');
      sequences[4] = make_stay (m, 'w');
      return gc_sequence_allv (m, sequences, G_N_ELEMENTS (sequences));
    }
}

static void
test_errors (Demo          *demo,
             gconstpointer  data)
{
  trace_clear ();
  demo_assert_error (demo, make_failures, GINT_TO_POINTER (0), G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpuint (trace_count ('s'), ==, 1);
  g_assert_cmpuint (trace_count ('t'), ==, 1);
  g_assert_cmpuint (trace_count ('h'), ==, 1);
  trace_clear ();
  demo_assert_error (demo, make_failures, GINT_TO_POINTER (1), G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpuint (trace_count ('f'), ==, 0);
  g_assert_cmpuint (trace_count ('u'), ==, 1);
  trace_clear ();
  demo_assert_error (demo, make_failures, GINT_TO_POINTER (2), G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpstr (trace, ==, "gs");
  trace_clear ();
  demo_assert_error (demo, make_failures, GINT_TO_POINTER (3), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (int i = 0; i < 4; i++)
    part_cancel_everywhere (demo, make_failures, GINT_TO_POINTER (i), check_cancelled);
}

/* The lowest index counts: also of one that ends last, when it was cancelled already. */
static GcSequence *
fail_late (GcMutation    *m,
           const GError  *caught,
           gpointer       context,
           GError       **error)
{
  return demo_failure_new (m, 'l', 5, G_IO_ERROR_NOT_EMPTY);
}

static GcSequence *
make_late (GcMutation *m,
           gpointer    context)
{
  return gc_sequence_all (m, gc_sequence_catch (m, gc_sequence_never (m), G_IO_ERROR, G_IO_ERROR_CANCELLED, fail_late, NULL),
                          demo_failure_new (m, 'f', 5, G_IO_ERROR_BUSY), NULL);
}

static void
test_lowest (Demo          *demo,
             gconstpointer  data)
{
  trace_clear ();
  demo_assert_error (demo, make_late, NULL, G_IO_ERROR, G_IO_ERROR_NOT_EMPTY);
  g_assert_cmpstr (trace, ==, "fl");
}

/* Limits */

static guint n_running, n_most;

GC_DEFINE_COROUTINE (DemoCounted, demo_counted, GC_PARAM (int, n) GC_PARAM (int, number))

GC_COROUTINE_BODY (DemoCounted, demo_counted)
{
  GC_BEGIN ();
  n_running++;
  n_most = MAX (n_most, n_running);
  while (self->n-- > 0)
    GC_PAUSE ();
  n_running--;
  GC_RETURN (INT (self->number));
  GC_END ();
}

static GcSequence *
make_limited (GcMutation *m,
              gpointer    context)
{
  GcSequence *sequences[8];

  for (guint i = 0; i < G_N_ELEMENTS (sequences); i++)
    sequences[i] = demo_counted_new (m, (i % 3) * 100, i);
  return gc_sequence_map (m, gc_sequence_all_limited (m, sequences, G_N_ELEMENTS (sequences), GPOINTER_TO_UINT (context)),
                          digits, NULL);
}

static void
test_limit (Demo          *demo,
            gconstpointer  data)
{
  for (guint max = 0; max <= 9; max++)
    {
      n_most = n_running = 0;
      g_assert_cmpint (gc_untag_int (demo_run (demo, make_limited, GUINT_TO_POINTER (max), NULL)), ==, 1234567);
      g_assert_cmpuint (n_running, ==, 0);
      g_assert_cmpuint (n_most, <=, max == 0 ? 8 : max);
      g_assert_cmpuint (n_most, >=, max == 0 ? 3 : MIN (max, 3));
    }
}

/* Many: no step begins all of them. */
static GcSequence *
make_many (GcMutation *m,
           gpointer    context)
{
  guint n = GPOINTER_TO_UINT (context);
  g_autoptr (GPtrArray) sequences = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (sequences, gc_sequence_value (m, INT (0)));
  return gc_sequence_map (m, gc_sequence_allv (m, (GcSequence **) sequences->pdata, n), digits, NULL);
}

static void
test_many (Demo          *demo,
           gconstpointer  data)
{
  demo_assert_steps (demo, make_many, GUINT_TO_POINTER (60), 0, 1 + 1 + 60 + 1);
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_many, GUINT_TO_POINTER (data == NULL ? 20000 : 150), NULL)), ==, 0);
}

/* Outcomes */

static GcSequence *
make_settled (GcMutation *m,
              gpointer    context)
{
  GcSequence *sequences[] = { demo_part_new (m, 'a', 3, 1), demo_failure_new (m, 'f', 0, G_IO_ERROR_BUSY),
                              demo_part_new (m, 'c', 1, 3), demo_failure_new (m, 'g', 5, G_IO_ERROR_CANCELLED) };
  GcSequence *all;

  if (context == NULL)
    all = gc_sequence_all_settled (m, sequences[0], sequences[1], sequences[2], sequences[3], NULL);
  else if (context == INT (0))
    all = gc_sequence_all_settledv (m, sequences, 4);
  else
    all = gc_sequence_all_settled_limited (m, sequences, 4, gc_untag_int (context));
  return gc_sequence_map (m, all, outcome_digits, NULL);
}

static GcSequence *
make_one_settled (GcMutation *m,
                  gpointer    context)
{
  return gc_sequence_all_settled (m, gc_sequence_value (m, gc_string_new (m, "x")), gc_sequence_value (m, INT (-4)),
                                  gc_sequence_value (m, NULL), demo_failure_new (m, 'f', 0, G_IO_ERROR_BUSY), NULL);
}

static void
test_settled (Demo          *demo,
              gconstpointer  data)
{
  g_autoptr (GcRun) run = NULL;
  g_autoptr (GcObject) object = NULL;
  g_autoptr (GcObject) number = NULL;
  g_autoptr (GError) error = NULL;
  GcArray *outcomes;
  GcMutation *m;

  g_assert_cmpint (gc_untag_int (demo_run (demo, make_settled, NULL, NULL)), ==, 1939);
  for (gssize i = 0; i < 4; i++)
    g_assert_cmpint (gc_untag_int (demo_run (demo, make_settled, INT (i), NULL)), ==, 1939);
  part_cancel_everywhere (demo, make_settled, INT (2), check_cancelled);
  part_drop_everywhere (demo, make_settled, INT (2), 12);

  /* As scripts see them. */
  run = part_start (demo, make_one_settled, NULL, 0);
  part_finish (demo, run);
  m = gc_arena_begin (demo->arena);
  outcomes = gc_run_get_result (run, NULL);
  object = gc_outcome_dup_result (gc_array_get (outcomes, 0), &error);
  g_assert_true (GC_IS_STRING (object));
  number = gc_outcome_dup_result (gc_array_get (outcomes, 1), &error);
  g_assert_cmpint (gc_box_get_int64 ((GcBox *) number, NULL), ==, -4);
  g_assert_null (gc_outcome_dup_result (gc_array_get (outcomes, 2), &error));
  g_assert_no_error (error);
  g_assert_null (gc_outcome_dup_result (gc_array_get (outcomes, 3), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_null (gc_outcome_get_result (gc_array_get (outcomes, 3), NULL));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

/* Misuse */

static GcSequence *
make_twice (GcMutation *m,
            gpointer    context)
{
  GcSequence *part = demo_part_new (m, 'a', 3, 1);

  return gc_sequence_all (m, part, part, NULL);
}

#define EXPECT(what) g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, what ": assertion*")

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (demo->arena), *n = gc_arena_begin (arena);
  GcSequence *list[] = { gc_sequence_value (m, NULL), gc_sequence_value (n, NULL), NULL };

  EXPECT ("gc_join_new_array");
  g_assert_null (gc_sequence_join (m, list[0], NULL));
  EXPECT ("gc_join_new_array");
  g_assert_null (gc_sequence_allv (m, list, 3));
  EXPECT ("gc_join_new_array");
  g_assert_null (gc_sequence_all (m, list[0], list[1], NULL));
  EXPECT ("gc_join_new_array");
  g_assert_null (gc_sequence_all_settledv (m, NULL, 3));
  EXPECT ("gc_join_new_from");
  g_assert_null (gc_sequence_all_from (m, NULL, 3));
  EXPECT ("gc_join_new_from");
  g_assert_null (gc_sequence_all_settled_from (m, list[1], 3));
  EXPECT ("gc_outcome_get_index");
  gc_outcome_get_index (NULL);
  EXPECT ("gc_outcome_has_failed");
  gc_outcome_has_failed ((GcOutcome *) list[0]);
  EXPECT ("gc_outcome_get_result");
  g_assert_null (gc_outcome_get_result (NULL, NULL));
  EXPECT ("gc_outcome_dup_result");
  g_assert_null (gc_outcome_dup_result (NULL, NULL));
  g_test_assert_expected_messages ();
  gc_mutation_finish (n);
  gc_mutation_unref (n);
  gc_mutation_finish (m);
  gc_mutation_unref (m);

  demo_assert_error (demo, make_twice, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_BUSY);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("all/values", test_values);
  demo_add ("all/cancel", test_cancel);
  demo_add ("all/describe", test_describe);
  demo_add ("all/errors", test_errors);
  demo_add ("all/lowest", test_lowest);
  demo_add ("all/limit", test_limit);
  demo_add ("all/many", test_many);
  demo_add ("all/settled", test_settled);
  demo_add ("all/misuse", test_misuse);

  return g_test_run ();
}
