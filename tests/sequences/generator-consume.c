/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sequences that use a generator up. */

#include "generators.h"

static gpointer
add (GcMutation  *m,
     gpointer     so_far,
     gpointer     item,
     gpointer     context,
     GError     **error)
{
  if (item == context)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  return INT (gc_untag_int (so_far) + gc_untag_int (item));
}

static gboolean
is_three (GcMutation  *m,
          gpointer     item,
          gpointer     context,
          GError     **error)
{
  if (item == context)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  return gc_untag_int (item) == 3;
}

static gboolean
is_below (GcMutation  *m,
          gpointer     item,
          gpointer     context,
          GError     **error)
{
  if (item == context)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  return gc_untag_int (item) < 3;
}

static guint n_tended;

static GcStepResult
tend (GcMutation  *m,
      GcStep      *step,
      gpointer     context,
      GError     **error)
{
  if (gc_step_get_error (step) != NULL)
    return GC_STEP_FAILED;
  n_tended += gc_untag_int (context);
  return gc_step_done (step, NULL);
}

/* Awaits something for odd numbers. */
static GcSequence *
tend_odd (GcMutation  *m,
          gpointer     item,
          gpointer     context,
          GError     **error)
{
  if (item == context)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  return gc_untag_int (item) % 2 != 0 ? gc_sequence_steps (m, tend, item) : NULL;
}

/* What is awaited gives items, which nobody takes; or fails. */
static GcSequence *
give_items (GcMutation  *m,
            gpointer     item,
            gpointer     context,
            GError     **error)
{
  return numbers (m, 2);
}

static GcSequence *
be_broken (GcMutation  *m,
           gpointer     item,
           gpointer     context,
           GError     **error)
{
  g_autoptr (GError) broken_pipe = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");

  return gc_sequence_error (m, broken_pipe);
}

/* The same as scripts have them. */
static gint64
number_at (GcArray *array,
           gsize    i)
{
  GcObject *object = gc_array_get (array, i);

  return object != NULL ? gc_box_get_int64 (GC_BOX (object), NULL) : 0;
}

static GcStepResult
script_add (GcMutation  *m,
            GcStep      *step,
            gpointer     user_data,
            GError     **error)
{
  GcArray *both = gc_step_get (step);

  return gc_step_done (step, INT (number_at (both, 0) + number_at (both, 1)));
}

static GcStepResult
script_is_three (GcMutation  *m,
                 GcStep      *step,
                 gpointer     user_data,
                 GError     **error)
{
  return gc_step_done (step, gc_box_new_boolean (m, gc_untag_int (gc_step_get (step)) == 3));
}

static GcStepResult
script_is_below (GcMutation  *m,
                 GcStep      *step,
                 gpointer     user_data,
                 GError     **error)
{
  return gc_step_done (step, gc_box_new_int64 (m, gc_untag_int (gc_step_get (step)) < 3));
}

static GcStepResult
script_tend_odd (GcMutation  *m,
                 GcStep      *step,
                 gpointer     user_data,
                 GError     **error)
{
  gpointer item = gc_step_get (step);

  if (gc_untag_int (item) % 2 != 0)
    return gc_step_become (step, gc_sequence_steps (m, tend, item));
  return gc_step_done (step, NULL);
}

static GcStepResult
script_throws (GcMutation  *m,
               GcStep      *step,
               gpointer     user_data,
               GError     **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  return GC_STEP_FAILED;
}

static GcStepResult
script_nonsense (GcMutation  *m,
                 GcStep      *step,
                 gpointer     user_data,
                 GError     **error)
{
  return GC_STEP_WAIT;
}

enum
{
  FOLD, FOR_EACH, FIND, ANY_MATCH, ALL_MATCH,
  COLLECT, COUNT, FIND_NONE, ANY_MATCH_NONE, ALL_MATCH_ALL, FOR_EACH_GIVES, FOR_EACH_BROKEN,
  N_KINDS,
  N_WITH_FUNC = ALL_MATCH + 1
};

typedef enum { IN_C, IN_SCRIPT, FAILING, THROWING, NONSENSE, N_WAYS } Way;

#define CONTEXT(kind, way) GUINT_TO_POINTER ((kind) * N_WAYS + (way))

static GcSequence *
consume (GcMutation *m,
         GcSequence *s,
         guint       kind,
         Way         way)
{
  gpointer failing = way == FAILING ? INT (2) : INT (-1);
  GcStepFunc other = way == THROWING ? script_throws : way == NONSENSE ? script_nonsense : NULL;
  g_auto (GValue) ten = G_VALUE_INIT;

  if (way == IN_C || way == FAILING)
    switch (kind)
      {
      case FOLD: return gc_generator_fold (m, s, INT (10), add, failing);
      case FOR_EACH: return gc_generator_for_each (m, s, tend_odd, failing);
      case FIND: return gc_generator_find (m, s, is_three, failing);
      case ANY_MATCH: return gc_generator_any_match (m, s, is_three, failing);
      case ALL_MATCH: return gc_generator_all_match (m, s, is_below, failing);
      }
  switch (kind)
    {
    case FOLD:
      g_value_set_int64 (g_value_init (&ten, G_TYPE_INT64), 10);
      return gc_generator_fold_full (m, s, &ten, other != NULL ? other : script_add, NULL, NULL);
    case FOR_EACH: return gc_generator_for_each_full (m, s, other != NULL ? other : script_tend_odd, NULL, NULL);
    case FIND: return gc_generator_find_full (m, s, other != NULL ? other : script_is_three, NULL, NULL);
    case ANY_MATCH: return gc_generator_any_match_full (m, s, other != NULL ? other : script_is_three, NULL, NULL);
    case ALL_MATCH: return gc_generator_all_match_full (m, s, other != NULL ? other : script_is_below, NULL, NULL);
    case COLLECT: return gc_generator_collect (m, s);
    case COUNT: return gc_generator_count (m, s);
    case FIND_NONE: return gc_generator_find (m, gc_generator_take (m, s, 3), is_three, NULL);
    case ANY_MATCH_NONE: return gc_generator_any_match (m, gc_generator_take (m, s, 3), is_three, NULL);
    case ALL_MATCH_ALL: return gc_generator_all_match (m, gc_generator_take (m, s, 3), is_below, NULL);
    case FOR_EACH_GIVES: return gc_generator_for_each (m, s, give_items, NULL);
    case FOR_EACH_BROKEN: return gc_generator_for_each (m, s, be_broken, NULL);
    default: g_assert_not_reached ();
    }
}

static GcSequence *
make (GcMutation *m,
      gpointer    context)
{
  guint n = GPOINTER_TO_UINT (context);

  return consume (m, numbers (m, 5), n / N_WAYS, n % N_WAYS);
}

static GcSequence *
make_broken (GcMutation *m,
             gpointer    context)
{
  guint n = GPOINTER_TO_UINT (context);

  return consume (m, broken (m), n / N_WAYS, n % N_WAYS);
}

/* To ask, one for an item, and the end; closing takes five. */
static const struct
{
  const char *text;
  guint       n_steps;
  guint       n_cleaned;
  const char *broken;
} expected[] = {
  [FOLD] = { "20", 7, 0, BROKEN },
  [FOR_EACH] = { "100", 9, 0, BROKEN }, /* and one for each that is awaited */
  [FIND] = { "3", 10, 1, BROKEN },
  [ANY_MATCH] = { "1", 10, 1, BROKEN },
  [ALL_MATCH] = { "0", 10, 1, BROKEN },
  [COLLECT] = { "[0 1 2 3 4]", 7, 0, BROKEN },
  [COUNT] = { "5", 7, 0, BROKEN },
  [FIND_NONE] = { "null", 0, 1, BROKEN },
  [ANY_MATCH_NONE] = { "0", 0, 1, BROKEN },
  [ALL_MATCH_ALL] = { "1", 0, 1, BROKEN },
  [FOR_EACH_GIVES] = { "GcSequenceError 3", 0, 2, "GcSequenceError 3" },
  [FOR_EACH_BROKEN] = { BROKEN, 0, 1, BROKEN },
};

static void
test_results (Demo          *demo,
              gconstpointer  data)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      g_test_message ("kind %u", kind);
      n_tended = 0;
      assert_run (demo, make, CONTEXT (kind, IN_C), expected[kind].text, expected[kind].n_steps);
      g_assert_cmpuint (seen.n_cleaned, ==, expected[kind].n_cleaned);
      g_assert_cmpuint (n_tended, ==, kind == FOR_EACH ? 1 + 3 : 0);
      assert_run (demo, make_broken, CONTEXT (kind, IN_C), expected[kind].broken, 0);
      if (kind >= N_WITH_FUNC)
        continue;
      assert_run (demo, make, CONTEXT (kind, IN_SCRIPT), expected[kind].text, expected[kind].n_steps);
      assert_run (demo, make, CONTEXT (kind, FAILING), BROKEN, 0);
      g_assert_cmpuint (seen.n_cleaned, ==, 1);
      g_assert_cmpuint (seen.n_given, ==, 3);
      assert_run (demo, make, CONTEXT (kind, THROWING), BROKEN, 0);
      g_assert_cmpuint (seen.n_cleaned, ==, 1);
      assert_run (demo, make, CONTEXT (kind, NONSENSE), "GcSequenceError 0", 0);
      g_assert_cmpuint (seen.n_cleaned, ==, 1);
    }
}

static void
test_cancelled (Demo          *demo,
                gconstpointer  data)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    for (Way way = IN_C; way <= FAILING; way++)
      {
        if ((way == IN_SCRIPT && kind >= N_WITH_FUNC) || kind == FOR_EACH_GIVES)
          continue;
        g_test_message ("kind %u, way %u", kind, way);
        cancel_everywhere (demo, make, CONTEXT (kind, way));
        cancel_everywhere (demo, make_broken, CONTEXT (kind, way));
      }
}

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) other = gc_arena_new ();
  GcMutation *m = gc_arena_begin (demo->arena);
  GcMutation *m2 = gc_arena_begin (other);
  GcSequence *foreign = numbers (m2, 1), *own = numbers (m, 1);

  if (data == NULL)             /* what is refused is not a matter of collecting */
    {
#define REFUSED(what, call) \
      g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, what ": assertion*"); \
      g_assert_null (call); \
      g_test_assert_expected_messages ()

      REFUSED ("gc_generator_collect", gc_generator_collect (m, foreign));
      REFUSED ("gc_generator_count", gc_generator_count (m, NULL));
      REFUSED ("gc_generator_fold", gc_generator_fold (m, own, foreign, add, NULL));
      REFUSED ("gc_generator_fold", gc_generator_fold (m, own, NULL, NULL, NULL));
      REFUSED ("gc_generator_fold_full", gc_generator_fold_full (m, own, NULL, NULL, NULL, NULL));
      REFUSED ("gc_generator_for_each", gc_generator_for_each (m, foreign, tend_odd, NULL));
      REFUSED ("gc_generator_for_each_full", gc_generator_for_each_full (m, foreign, script_tend_odd, NULL, NULL));
      REFUSED ("gc_generator_find", gc_generator_find (m, own, is_three, foreign));
      REFUSED ("gc_generator_find_full", gc_generator_find_full (m, own, NULL, NULL, NULL));
      REFUSED ("gc_generator_any_match", gc_generator_any_match (m, own, NULL, NULL));
      REFUSED ("gc_generator_any_match_full", gc_generator_any_match_full (m, NULL, script_is_three, NULL, NULL));
      REFUSED ("gc_generator_all_match", gc_generator_all_match (m, foreign, is_below, NULL));
      REFUSED ("gc_generator_all_match_full", gc_generator_all_match_full (m, own, NULL, NULL, NULL));
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

  demo_add ("generator-consume/results", test_results);
  demo_add ("generator-consume/cancelled", test_cancelled);
  demo_add ("generator-consume/misuse", test_misuse);

  return g_test_run ();
}
