/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Operations on generators: items, steps, errors, closing and cancelling. */

#include "generators.h"

static gpointer
twice (GcMutation  *m,
       gpointer     value,
       gpointer     context,
       GError     **error)
{
  if (value == context)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  return INT (2 * gc_untag_int (value));
}

static gboolean
is_odd (GcMutation  *m,
        gpointer     value,
        gpointer     context,
        GError     **error)
{
  if (value == context)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  return gc_untag_int (value) % 2 != 0;
}

static gboolean
is_small (GcMutation  *m,
          gpointer     value,
          gpointer     context,
          GError     **error)
{
  if (value == context)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  return gc_untag_int (value) < 3;
}

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

static GcSequence *
up_to (GcMutation  *m,
       gpointer     value,
       gpointer     context,
       GError     **error)
{
  if (value != context)
    return numbers (m, gc_untag_int (value));
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  return NULL;
}

static GcSequence *
no_sequence (GcMutation  *m,
             gpointer     value,
             gpointer     context,
             GError     **error)
{
  return NULL;
}

/* The same as scripts have them. */
static GcStepResult
script_twice (GcMutation  *m,
              GcStep      *step,
              gpointer     user_data,
              GError     **error)
{
  g_autoptr (GcObject) value = gc_step_dup (step);

  return gc_step_done (step, INT (2 * gc_box_get_int64 ((GcBox *) value, NULL)));
}

static GcStepResult
script_is_odd (GcMutation  *m,
               GcStep      *step,
               gpointer     user_data,
               GError     **error)
{
  return gc_step_done (step, gc_box_new_boolean (m, gc_untag_int (gc_step_get (step)) % 2 != 0));
}

static GcStepResult
script_is_small (GcMutation  *m,
                 GcStep      *step,
                 gpointer     user_data,
                 GError     **error)
{
  return gc_step_done (step, gc_untag_int (gc_step_get (step)) < 3 ? INT (1) : NULL);
}

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
script_up_to (GcMutation  *m,
              GcStep      *step,
              gpointer     user_data,
              GError     **error)
{
  return gc_step_become (step, numbers (m, gc_untag_int (gc_step_get (step))));
}

/* Neither an error nor what is wanted. */
static GcStepResult
script_nonsense (GcMutation  *m,
                 GcStep      *step,
                 gpointer     user_data,
                 GError     **error)
{
  return GC_STEP_CONTINUE;
}

static GcStepResult
script_throws (GcMutation  *m,
               GcStep      *step,
               gpointer     user_data,
               GError     **error)
{
  return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
}

static GValue *
zero (void)
{
  static GValue value;

  if (!G_IS_VALUE (&value))
    {
      g_value_init (&value, gc_object_get_type ());
      gc_value_set_object (&value, NULL);
    }
  return &value;
}

enum
{
  MAP, FILTER, TAKE_WHILE, FLAT_MAP, SCAN,
  TAKE, TAKE_0, TAKE_ALL, SKIP, SKIP_ALL, CHUNK, CHUNK_EVEN, ENUMERATE, TOWER,
  N_KINDS,
  N_WITH_FUNC = SCAN + 1
};

typedef enum { IN_C, IN_SCRIPT, FAILING, NONSENSE, THROWING, N_WAYS } Way;

static guint n_destroyed;

static void
destroy (gpointer data)
{
  g_assert_cmpint (GPOINTER_TO_INT (data), ==, 17);
  n_destroyed++;
}

#define DATA GINT_TO_POINTER (17), destroy

static GcSequence *
make_operation (GcMutation *m,
                GcSequence *s,
                guint       kind,
                Way         way)
{
  gpointer failing = way == FAILING ? INT (2) : INT (-1);
  GcStepFunc other = way == NONSENSE ? script_nonsense : way == THROWING ? script_throws : NULL;

  if (way == IN_C || way == FAILING)
    switch (kind)
      {
      case MAP: return gc_generator_map (m, s, twice, failing);
      case FILTER: return gc_generator_filter (m, s, is_odd, failing);
      case TAKE_WHILE: return gc_generator_take_while (m, s, is_small, failing);
      case FLAT_MAP: return gc_generator_flat_map (m, s, up_to, failing);
      case SCAN: return gc_generator_scan (m, s, INT (0), add, failing);
      }
  switch (kind)
    {
    case MAP: return gc_generator_map_full (m, s, other != NULL ? other : script_twice, DATA);
    case FILTER: return gc_generator_filter_full (m, s, other != NULL ? other : script_is_odd, DATA);
    case TAKE_WHILE: return gc_generator_take_while_full (m, s, other != NULL ? other : script_is_small, DATA);
    case FLAT_MAP: return gc_generator_flat_map_full (m, s, other != NULL ? other : script_up_to, DATA);
    case SCAN: return gc_generator_scan_full (m, s, zero (), other != NULL ? other : script_add, DATA);
    case TAKE: return gc_generator_take (m, s, 2);
    case TAKE_0: return gc_generator_take (m, s, 0);
    case TAKE_ALL: return gc_generator_take (m, s, 100);
    case SKIP: return gc_generator_skip (m, s, 2);
    case SKIP_ALL: return gc_generator_skip (m, s, 100);
    case CHUNK: return gc_generator_chunk (m, s, 3);
    case CHUNK_EVEN: return gc_generator_chunk (m, s, 5);
    case ENUMERATE: return gc_generator_enumerate (m, s);
    case TOWER:
      s = gc_generator_take_while (m, gc_generator_filter (m, gc_generator_skip (m, s, 1), is_odd, NULL), is_small, NULL);
      return gc_generator_flat_map (m, gc_generator_map (m, gc_generator_take (m, s, 50), twice, NULL), up_to, NULL);
    default: g_assert_not_reached ();
    }
}

#define CONTEXT(kind, way) GUINT_TO_POINTER ((kind) * N_WAYS + (way))

static GcSequence *
make_five (GcMutation *m,
           gpointer    context)
{
  guint n = GPOINTER_TO_UINT (context);

  return make_operation (m, numbers (m, 5), n / N_WAYS, n % N_WAYS);
}

static GcSequence *
make_collect (GcMutation *m,
              gpointer    context)
{
  return gc_generator_collect (m, make_five (m, context));
}

static GcSequence *
make_collect_broken (GcMutation *m,
                     gpointer    context)
{
  guint n = GPOINTER_TO_UINT (context);

  return gc_generator_collect (m, make_operation (m, broken (m), n / N_WAYS, n % N_WAYS));
}

/* Alone, five numbers take seven steps to collect: to ask, five, and the end; one operation more adds one for
 * each time that an item is wanted. Closing the source takes five: to throw, three of the source's, and to end. */
static const struct
{
  const char *text;
  guint       n_steps;
  const char *broken;           /* of 1 2 and an error */
} expected[] = {
  [MAP] = { "[0 2 4 6 8]", 13, BROKEN },
  [FILTER] = { "[1 3]", 10, BROKEN },
  [TAKE_WHILE] = { "[0 1 2]", 14, BROKEN },
  /* 33, and one more where the fuel of a turn is used up before the item has come to its end */
  [FLAT_MAP] = { "[0 0 1 0 1 2 0 1 2 3]", 34, BROKEN },
  [SCAN] = { "[0 1 3 6 10]", 13, BROKEN },
  [TAKE] = { "[0 1]", 11, "[1 2]" },
  [TAKE_0] = { "[]", 4, "[]" },
  [TAKE_ALL] = { "[0 1 2 3 4]", 13, BROKEN },
  [SKIP] = { "[2 3 4]", 11, BROKEN },
  [SKIP_ALL] = { "[]", 8, BROKEN },
  [CHUNK] = { "[[0 1 2] [3 4]]", 10, BROKEN },
  [CHUNK_EVEN] = { "[[0 1 2 3 4]]", 9, BROKEN },
  [ENUMERATE] = { "[[0 0] [1 1] [2 2] [3 3] [4 4]]", 13, BROKEN },
  [TOWER] = { "[0 1]", 0, BROKEN },
};

static void
test_items (Demo          *demo,
            gconstpointer  data)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      g_test_message ("kind %u", kind);
      assert_run (demo, make_collect, CONTEXT (kind, IN_C), expected[kind].text, expected[kind].n_steps);
      assert_run (demo, make_collect_broken, CONTEXT (kind, IN_C), expected[kind].broken, 0);
    }
}

static void
test_scripts (Demo          *demo,
              gconstpointer  data)
{
  n_destroyed = 0;
  for (guint kind = 0; kind < N_WITH_FUNC; kind++)
    {
      assert_run (demo, make_collect, CONTEXT (kind, IN_SCRIPT), expected[kind].text, expected[kind].n_steps);
      assert_run (demo, make_collect_broken, CONTEXT (kind, IN_SCRIPT), BROKEN, 0);
      assert_run (demo, make_collect, CONTEXT (kind, NONSENSE), "GcSequenceError 0", 0);
      assert_run (demo, make_collect, CONTEXT (kind, THROWING), BROKEN, 0);
    }
  gc_arena_collect (demo->arena);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_destroyed, ==, 4 * N_WITH_FUNC);
}

static GcSequence *
make_no_sequence (GcMutation *m,
                  gpointer    context)
{
  return gc_generator_collect (m, gc_generator_flat_map (m, numbers (m, 3), no_sequence, NULL));
}

/* A function that fails: the source is closed, and that takes its time, before the error goes on. */
static void
test_errors (Demo          *demo,
             gconstpointer  data)
{
  for (guint kind = 0; kind < N_WITH_FUNC; kind++)
    {
      assert_run (demo, make_collect, CONTEXT (kind, FAILING), BROKEN, 0);
      g_assert_cmpuint (seen.n_begun, ==, kind == FLAT_MAP ? 3 : 1);
      g_assert_cmpuint (seen.n_cleaned, ==, 1);
    }
  assert_run (demo, make_no_sequence, NULL, "GcSequenceError 0", 0);
  g_assert_cmpuint (seen.n_cleaned, ==, 1);
}

/* Those that stop early close their source, with clean-up that awaits. */
static void
test_stops (Demo          *demo,
            gconstpointer  data)
{
  assert_run (demo, make_collect, CONTEXT (TAKE, IN_C), "[0 1]", 0);
  g_assert_cmpuint (seen.n_given, ==, 2);
  g_assert_cmpuint (seen.n_cleaned, ==, 1);
  assert_run (demo, make_collect, CONTEXT (TAKE_0, IN_C), "[]", 0);
  g_assert_cmpuint (seen.n_begun, ==, 0);
  assert_run (demo, make_collect, CONTEXT (TAKE_WHILE, IN_C), "[0 1 2]", 0);
  g_assert_cmpuint (seen.n_given, ==, 4);
  g_assert_cmpuint (seen.n_cleaned, ==, 1);
  assert_run (demo, make_collect, CONTEXT (TAKE_ALL, IN_C), "[0 1 2 3 4]", 0);
  g_assert_cmpuint (seen.n_cleaned, ==, 0);
}

static void
test_cancelled (Demo          *demo,
                gconstpointer  data)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    for (Way way = IN_C; way <= FAILING; way++)
      {
        if (way == IN_SCRIPT && kind >= N_WITH_FUNC)
          continue;
        cancel_everywhere (demo, make_collect, CONTEXT (kind, way));
        cancel_everywhere (demo, make_collect_broken, CONTEXT (kind, way));
      }
}

static void
test_closed (Demo          *demo,
             gconstpointer  data)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      stop_everywhere (demo, make_five, CONTEXT (kind, IN_C), THEN_CLOSE);
      stop_everywhere (demo, make_five, CONTEXT (kind, IN_C), THEN_DROP);
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

      REFUSED ("gc_generator_map", gc_generator_map (m, NULL, twice, NULL));
      REFUSED ("gc_generator_map", gc_generator_map (m, own, NULL, NULL));
      REFUSED ("gc_generator_map", gc_generator_map (m, foreign, twice, NULL));
      REFUSED ("gc_generator_map", gc_generator_map (m, own, twice, foreign));
      REFUSED ("gc_generator_map_full", gc_generator_map_full (m, own, NULL, NULL, NULL));
      REFUSED ("gc_generator_map_full", gc_generator_map_full (m, foreign, script_twice, NULL, NULL));
      REFUSED ("gc_generator_filter", gc_generator_filter (m, foreign, is_odd, NULL));
      REFUSED ("gc_generator_filter_full", gc_generator_filter_full (m, NULL, script_is_odd, NULL, NULL));
      REFUSED ("gc_generator_take_while", gc_generator_take_while (m, own, NULL, NULL));
      REFUSED ("gc_generator_take_while_full", gc_generator_take_while_full (m, own, NULL, NULL, NULL));
      REFUSED ("gc_generator_flat_map", gc_generator_flat_map (m, foreign, up_to, NULL));
      REFUSED ("gc_generator_flat_map_full", gc_generator_flat_map_full (m, own, NULL, NULL, NULL));
      REFUSED ("gc_generator_scan", gc_generator_scan (m, own, foreign, add, NULL));
      REFUSED ("gc_generator_scan_full", gc_generator_scan_full (m, foreign, NULL, script_add, NULL, NULL));
      REFUSED ("gc_generator_take", gc_generator_take (m, foreign, 1));
      REFUSED ("gc_generator_skip", gc_generator_skip (m, NULL, 1));
      REFUSED ("gc_generator_chunk", gc_generator_chunk (m, own, 0));
      REFUSED ("gc_generator_chunk", gc_generator_chunk (m, foreign, 1));
      REFUSED ("gc_generator_enumerate", gc_generator_enumerate (m, foreign));
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

  demo_add ("generator-ops/items", test_items);
  demo_add ("generator-ops/scripts", test_scripts);
  demo_add ("generator-ops/errors", test_errors);
  demo_add ("generator-ops/stops", test_stops);
  demo_add ("generator-ops/cancelled", test_cancelled);
  demo_add ("generator-ops/closed", test_closed);
  demo_add ("generator-ops/misuse", test_misuse);

  return g_test_run ();
}
