/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loops: results, steps, ways out, and memory. */

#include "generators.h"

/* Each round adds one. */
static GcSequence *
up_to_five (GcMutation  *m,
            gpointer     value,
            gpointer     context,
            GError     **error)
{
  if (value == context)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  if (gc_untag_int (value) == 5)
    return NULL;
  return gc_sequence_value (m, INT (gc_untag_int (value) + 1));
}

static GcSequence *
break_at_three (GcMutation  *m,
                gpointer     value,
                gpointer     context,
                GError     **error)
{
  if (gc_untag_int (value) == 3)
    return gc_sequence_loop_break (m, INT (33));
  return gc_sequence_value (m, INT (gc_untag_int (value) + 1));
}

/* The round decides, in its last step. */
static GcSequence *
decide (GcMutation  *m,
        gpointer     value,
        gpointer     context,
        GError     **error)
{
  return gc_untag_int (value) == 3 ? gc_sequence_loop_break (m, INT (44)) : gc_sequence_value (m, value);
}

static GcSequence *
break_inside (GcMutation  *m,
              gpointer     value,
              gpointer     context,
              GError     **error)
{
  return gc_sequence_then (m, gc_sequence_value (m, INT (gc_untag_int (value) + 1)), decide, NULL);
}

static gpointer
same (GcMutation  *m,
      gpointer     value,
      gpointer     context,
      GError     **error)
{
  return value;
}

static GcSequence *
break_too_deep (GcMutation  *m,
                gpointer     value,
                gpointer     context,
                GError     **error)
{
  return gc_sequence_map (m, gc_sequence_loop_break (m, INT (1)), same, NULL);
}

static GcSequence *
broken_round (GcMutation  *m,
              gpointer     value,
              gpointer     context,
              GError     **error)
{
  g_autoptr (GError) broken_pipe = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");

  return gc_sequence_error (m, broken_pipe);
}

static gboolean
is_below_four (GcMutation  *m,
               gpointer     value,
               gpointer     context,
               GError     **error)
{
  if (value == context)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  return gc_untag_int (value) < 4;
}

/* Gives items on its way, which pass by. */
static GcSequence *
give_and_add (GcMutation  *m,
              gpointer     value,
              gpointer     context,
              GError     **error)
{
  return test_numbers_new (m, 0, gc_untag_int (value), 0, FALSE);
}

static GcSequence *
wait_for_ever (GcMutation  *m,
               gpointer     value,
               gpointer     context,
               GError     **error)
{
  return gc_sequence_never (m);
}

/* The same as scripts have them. */
static gint64
number_of (GcStep *step)
{
  gpointer value = gc_step_get (step);

  return gc_is_tagged (value) ? gc_untag_int (value) : gc_box_get_int64 (value, NULL);
}

static GcStepResult
script_up_to_five (GcMutation  *m,
                   GcStep      *step,
                   gpointer     user_data,
                   GError     **error)
{
  gint64 n = number_of (step);

  return n == 5 ? gc_step_done (step, INT (5)) : gc_step_become (step, gc_sequence_value (m, INT (n + 1)));
}

static GcStepResult
script_break_at_three (GcMutation  *m,
                       GcStep      *step,
                       gpointer     user_data,
                       GError     **error)
{
  g_auto (GValue) value = G_VALUE_INIT;
  gint64 n = number_of (step);

  g_value_set_int64 (g_value_init (&value, G_TYPE_INT64), 33);
  return gc_step_call (step, n == 3 ? gc_sequence_loop_break_of (m, &value) : gc_sequence_value (m, INT (n + 1)));
}

static GcStepResult
script_is_below_four (GcMutation  *m,
                      GcStep      *step,
                      gpointer     user_data,
                      GError     **error)
{
  return gc_step_done (step, gc_box_new_boolean (m, number_of (step) < 4));
}

static GcStepResult
script_nonsense (GcMutation  *m,
                 GcStep      *step,
                 gpointer     user_data,
                 GError     **error)
{
  return GC_STEP_YIELD;
}

static GcStepResult
script_throws (GcMutation  *m,
               GcStep      *step,
               gpointer     user_data,
               GError     **error)
{
  return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
}

enum
{
  LOOP, LOOP_BREAK, LOOP_BREAK_INSIDE, LOOP_BREAK_DEEP, LOOP_FAILS, LOOP_BROKEN,
  WHILE, WHILE_NEVER, WHILE_FAILS, WHILE_ENDS,
  REPEAT, REPEAT_NONE, REPEAT_ENDS, REPEAT_BROKEN, REPEAT_TWICE,
  SCRIPT_LOOP, SCRIPT_BREAK, SCRIPT_NONSENSE, SCRIPT_THROWS, SCRIPT_WHILE, SCRIPT_WHILE_THROWS, SCRIPT_REPEAT, BREAK_ALONE,
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
  g_auto (GValue) zero = G_VALUE_INIT;

  g_value_set_int64 (g_value_init (&zero, G_TYPE_INT64), 0);
  switch (GPOINTER_TO_UINT (context))
    {
    case LOOP: return gc_sequence_loop (m, INT (0), up_to_five, NULL);
    case LOOP_BREAK: return gc_sequence_loop (m, INT (0), break_at_three, NULL);
    case LOOP_BREAK_INSIDE: return gc_sequence_loop (m, INT (0), break_inside, NULL);
    case LOOP_BREAK_DEEP: return gc_sequence_loop (m, INT (0), break_too_deep, NULL);
    case LOOP_FAILS: return gc_sequence_loop (m, INT (0), up_to_five, INT (2));
    case LOOP_BROKEN: return gc_sequence_loop (m, INT (0), broken_round, NULL);
    case WHILE: return gc_sequence_loop_while (m, INT (0), is_below_four, up_to_five, NULL);
    case WHILE_NEVER: return gc_sequence_loop_while (m, INT (7), is_below_four, up_to_five, NULL);
    case WHILE_FAILS: return gc_sequence_loop_while (m, INT (0), is_below_four, up_to_five, INT (3));
    case WHILE_ENDS: return gc_sequence_loop_while (m, INT (0), is_below_four, break_at_three, NULL);
    case REPEAT: return gc_sequence_repeat (m, 3, up_to_five, NULL);
    case REPEAT_NONE: return gc_sequence_repeat (m, 0, up_to_five, NULL);
    case REPEAT_ENDS: return gc_sequence_repeat (m, 100, up_to_five, NULL);
    case REPEAT_BROKEN: return gc_sequence_repeat (m, 3, up_to_five, INT (1));
    case REPEAT_TWICE:
      return gc_sequence_then (m, gc_sequence_repeat (m, 2, up_to_five, NULL), up_to_five, NULL);
    case SCRIPT_LOOP: return gc_sequence_loop_full (m, &zero, script_up_to_five, NULL, destroy);
    case SCRIPT_BREAK: return gc_sequence_loop_full (m, &zero, script_break_at_three, NULL, destroy);
    case SCRIPT_NONSENSE: return gc_sequence_loop_full (m, &zero, script_nonsense, NULL, destroy);
    case SCRIPT_THROWS: return gc_sequence_loop_full (m, &zero, script_throws, NULL, destroy);
    case SCRIPT_WHILE:
      return gc_sequence_loop_while_full (m, &zero, script_is_below_four, NULL, destroy, script_up_to_five, NULL, destroy);
    case SCRIPT_WHILE_THROWS:
      return gc_sequence_loop_while_full (m, &zero, script_throws, NULL, destroy, script_up_to_five, NULL, destroy);
    case SCRIPT_REPEAT: return gc_sequence_repeat_full (m, 100, script_up_to_five, NULL, destroy);
    case BREAK_ALONE: return gc_sequence_loop_break (m, NULL);
    default: g_assert_not_reached ();
    }
}

/* A step for each call of the function, one for what it makes. */
static const struct
{
  const char *text;
  guint       n_steps;
} expected[] = {
  [LOOP] = { "5", 11 },
  [LOOP_BREAK] = { "33", 9 },
  [LOOP_BREAK_INSIDE] = { "44", 16 },           /* five a round: the function, then, the value, then, what that becomes */
  [LOOP_BREAK_DEEP] = { "GcSequenceError 0", 0 },
  [LOOP_FAILS] = { BROKEN, 5 },
  [LOOP_BROKEN] = { BROKEN, 2 },
  [WHILE] = { "4", 9 },
  [WHILE_NEVER] = { "7", 1 },
  [WHILE_FAILS] = { BROKEN, 7 },
  [WHILE_ENDS] = { "33", 9 },
  [REPEAT] = { "3", 7 },
  [REPEAT_NONE] = { "null", 1 },
  [REPEAT_ENDS] = { "5", 11 },
  [REPEAT_BROKEN] = { BROKEN, 3 },
  [REPEAT_TWICE] = { "3", 8 },
  [SCRIPT_LOOP] = { "5", 11 },
  [SCRIPT_BREAK] = { "box 33", 9 },
  [SCRIPT_NONSENSE] = { "GcSequenceError 0", 1 },
  [SCRIPT_THROWS] = { BROKEN, 1 },
  [SCRIPT_WHILE] = { "4", 9 },
  [SCRIPT_WHILE_THROWS] = { BROKEN, 1 },
  [SCRIPT_REPEAT] = { "5", 11 },
  [BREAK_ALONE] = { "GcSequenceError 0", 1 },
};

static void
test_results (Demo          *demo,
              gconstpointer  data)
{
  n_destroyed = 0;
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      g_test_message ("kind %u", kind);
      assert_run (demo, make, GUINT_TO_POINTER (kind), expected[kind].text, expected[kind].n_steps);
    }
  gc_arena_collect (demo->arena);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_destroyed, ==, 9);
}

static void
test_cancelled (Demo          *demo,
                gconstpointer  data)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    if (strstr (expected[kind].text, "gc-sequence-error") == NULL)
      {
        g_test_message ("kind %u", kind);
        cancel_everywhere (demo, make, GUINT_TO_POINTER (kind));
      }
}

/* Items of its rounds are the loop's; so a loop is a generator. */
static GcSequence *
make_items (GcMutation *m,
            gpointer    context)
{
  return gc_sequence_repeat (m, 3, give_and_add, NULL);
}

static GcSequence *
make_collect (GcMutation *m,
              gpointer    context)
{
  return gc_generator_collect (m, make_items (m, context));
}

static void
test_items (Demo          *demo,
            gconstpointer  data)
{
  assert_run (demo, make_collect, NULL, "[0 0 1 0 1 2]", 14);
  stop_everywhere (demo, make_items, NULL, THEN_CLOSE);
  stop_everywhere (demo, make_items, NULL, THEN_DROP);
}

/* Dropped while a round waits: what the group had is collected, and what is left is what tear-down asserts. */
static GcStepResult
spawn_and_drop (GcMutation  *m,
                GcStep      *step,
                gpointer     context,
                GError     **error)
{
  gc_task_group_spawn (gc_task_group_new (m), step, gc_sequence_loop (m, NULL, wait_for_ever, gc_array_new (m)));
  gc_task_group_spawn (gc_task_group_new (m), step, gc_sequence_repeat (m, 2, wait_for_ever, NULL));
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
}

/* Constant memory */

static GcSequence *
count_up (GcMutation  *m,
          gpointer     value,
          gpointer     context,
          GError     **error)
{
  return value != context ? gc_sequence_value (m, INT (gc_untag_int (value) + 1)) : NULL;
}

static GcSequence *
make_long_loop (GcMutation *m,
                gpointer    context)
{
  return gc_sequence_loop (m, INT (0), count_up, context);
}

/* Chains that are built as they run: each becomes the next. */
static GcSequence *
chain_on (GcMutation  *m,
          gpointer     value,
          gpointer     context,
          GError     **error)
{
  if (value == context)
    return gc_sequence_value (m, value);
  return gc_sequence_then (m, gc_sequence_value (m, INT (gc_untag_int (value) + 1)), chain_on, context);
}

static GcSequence *
make_long_chain (GcMutation *m,
                 gpointer    context)
{
  return gc_sequence_then (m, gc_sequence_value (m, INT (0)), chain_on, context);
}

static void
test_memory (Demo          *demo,
             gconstpointer  data)
{
  guint n = data != NULL ? 200 : g_test_slow () ? 10000000 : 1000000;
  g_autoptr (GcStats) stats = NULL;

  g_assert_cmpint (gc_untag_int (demo_run (demo, make_long_loop, INT (n), NULL)), ==, n);
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_long_chain, INT (n), NULL)), ==, n);
  stats = gc_arena_get_stats (demo->arena);
  g_test_message ("peak: %" G_GUINT64_FORMAT " bytes, of %" G_GUINT64_FORMAT, stats->peak_heap_bytes,
                  stats->allocated_bytes);
  if (data == NULL)
    g_assert_cmpuint (stats->peak_heap_bytes, <, 16 << 20);
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

      REFUSED ("gc_sequence_loop", gc_sequence_loop (m, NULL, NULL, NULL));
      REFUSED ("gc_sequence_loop", gc_sequence_loop (m, foreign, up_to_five, NULL));
      REFUSED ("gc_sequence_loop", gc_sequence_loop (m, NULL, up_to_five, foreign));
      REFUSED ("gc_sequence_loop_full", gc_sequence_loop_full (m, NULL, NULL, NULL, NULL));
      REFUSED ("gc_sequence_loop_break", gc_sequence_loop_break (m, foreign));
      REFUSED ("gc_sequence_loop_while", gc_sequence_loop_while (m, NULL, NULL, up_to_five, NULL));
      REFUSED ("gc_sequence_loop_while", gc_sequence_loop_while (m, NULL, is_below_four, NULL, NULL));
      REFUSED ("gc_sequence_loop_while", gc_sequence_loop_while (m, foreign, is_below_four, up_to_five, NULL));
      REFUSED ("gc_sequence_loop_while_full", gc_sequence_loop_while_full (m, NULL, NULL, NULL, NULL, script_throws, NULL, NULL));
      REFUSED ("gc_sequence_repeat", gc_sequence_repeat (m, 1, NULL, NULL));
      REFUSED ("gc_sequence_repeat", gc_sequence_repeat (m, 1, up_to_five, foreign));
      REFUSED ("gc_sequence_repeat_full", gc_sequence_repeat_full (m, 1, NULL, NULL, NULL));
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

  demo_add ("loop/results", test_results);
  demo_add ("loop/cancelled", test_cancelled);
  demo_add ("loop/items", test_items);
  demo_add ("loop/dropped", test_dropped);
  demo_add ("loop/memory", test_memory);
  demo_add ("loop/misuse", test_misuse);

  return g_test_run ();
}
