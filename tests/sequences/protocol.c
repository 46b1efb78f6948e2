/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The protocol of steps: results, states and misuse, each row of the tables. */

#include "demo.h"

static gpointer
increment (GcMutation  *m,
           gpointer     value,
           gpointer     context,
           GError     **error)
{
  return INT (gc_untag_int (value) + 1);
}

static GcSequence *
make_value (GcMutation *m,
            gpointer    context)
{
  return gc_sequence_value (m, INT (41));
}

static GcSequence *
make_map (GcMutation *m,
          gpointer    context)
{
  return gc_sequence_map (m, gc_sequence_map (m, make_value (m, NULL), increment, NULL), increment, NULL);
}

static GcSequence *
go_on (GcMutation  *m,
       gpointer     value,
       gpointer     context,
       GError     **error)
{
  return gc_sequence_value (m, INT (gc_untag_int (value) * 2));
}

static GcSequence *
make_then (GcMutation *m,
           gpointer    context)
{
  return gc_sequence_then (m, make_value (m, NULL), go_on, NULL);
}

/* map runs in the producer's step, then in the next one and becomes another. */
static void
test_steps (Demo          *demo,
            gconstpointer  data)
{
  demo_assert_steps (demo, make_value, NULL, 41, 1);
  demo_assert_steps (demo, make_map, NULL, 43, 3);
  demo_assert_steps (demo, make_then, NULL, 82, 4);
}

static GcSequence *
make_tower (GcMutation *m,
            gpointer    context)
{
  GcSequence *sequence = gc_sequence_value (m, INT (0));

  for (guint i = 0; i < GPOINTER_TO_UINT (context); i++)
    sequence = gc_sequence_map (m, sequence, increment, NULL);
  return sequence;
}

/* However deep: the C stack stays flat, and the result comes through. */
static void
test_tower (Demo          *demo,
            gconstpointer  data)
{
  guint n = data == NULL ? 100000 : 300;

  g_assert_cmpint (gc_untag_int (demo_run (demo, make_tower, GUINT_TO_POINTER (n), NULL)), ==, n);
}

/* States */

typedef struct
{
  guint            n;
  GcStepResult     result;
  gboolean         throws;
  GcSequence      *other;
  GcSequenceState  seen;
} Plan;

static Plan plan;

static GcStepResult
follow (GcMutation  *m,
        GcStep      *step,
        gpointer     context,
        GError     **error)
{
  const GError *came = gc_step_get_error (step);

  if (plan.n++ > 0)
    {
      if (came != NULL)
        return GC_STEP_FAILED;
      return gc_step_done (step, INT (plan.n));
    }
  if (plan.throws)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
  return plan.result;
}

static GcSequence *
make_plan (GcMutation *m,
           gpointer    context)
{
  return gc_sequence_steps (m, follow, NULL);
}

static void
test_results (Demo          *demo,
              gconstpointer  data)
{
  plan = (Plan) { .result = GC_STEP_CONTINUE };
  demo_assert_steps (demo, make_plan, NULL, 2, 2);
  plan = (Plan) { .result = GC_STEP_FAILED };
  demo_assert_error (demo, make_plan, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
  plan = (Plan) { .result = 99 };
  demo_assert_error (demo, make_plan, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
  plan = (Plan) { .result = GC_STEP_FAILED, .throws = TRUE };
  demo_assert_error (demo, make_plan, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
  plan = (Plan) { .result = GC_STEP_DONE, .throws = TRUE };     /* an error stays one */
  demo_assert_error (demo, make_plan, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
  plan = (Plan) { .result = GC_STEP_CALL };                     /* nothing to call */
  demo_assert_error (demo, make_plan, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
  plan = (Plan) { .result = GC_STEP_BECOME };
  demo_assert_error (demo, make_plan, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
  plan = (Plan) { .result = GC_STEP_YIELD };                    /* nobody takes it */
  demo_assert_error (demo, make_plan, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_UNWANTED);
}

/* Awaiting what can't be awaited */

static GcStepResult
call_twice (GcMutation  *m,
            GcStep      *step,
            gpointer     context,
            GError     **error)
{
  if (gc_step_get_error (step) != NULL)
    return GC_STEP_FAILED;
  return gc_step_call (step, context);
}

static GcSequence *
make_call_twice (GcMutation *m,
                 gpointer    context)
{
  return gc_sequence_steps (m, call_twice, make_value (m, NULL));
}

static GcSequence *selfish;

static GcStepResult
call_self (GcMutation  *m,
           GcStep      *step,
           gpointer     context,
           GError     **error)
{
  if (gc_step_get_error (step) != NULL)
    return GC_STEP_FAILED;
  return gc_step_call (step, gc_arena_get_root (gc_mutation_get_arena (m)));
}

static GcSequence *
make_call_self (GcMutation *m,
                gpointer    context)
{
  selfish = gc_sequence_steps (m, call_self, NULL);
  gc_arena_set_root (gc_mutation_get_arena (m), selfish);
  return selfish;
}

static void
test_await_again (Demo          *demo,
                  gconstpointer  data)
{
  demo_assert_error (demo, make_call_twice, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FINISHED);
  demo_assert_error (demo, make_call_self, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_BUSY);
  gc_arena_set_root (demo->arena, NULL);
}

/* A sequence that gave an item from within another can't be called but through that. */
static GcStepResult
give_for_ever (GcMutation  *m,
               GcStep      *step,
               gpointer     context,
               GError     **error)
{
  return gc_step_emit (step, INT (1));
}

static GcStepResult
call_inner (GcMutation  *m,
            GcStep      *step,
            gpointer     context,
            GError     **error)
{
  if (gc_step_get_error (step) != NULL)
    return GC_STEP_FAILED;
  plan.n++;
  if (plan.n == 3)
    return gc_step_call (step, gc_array_get (context, 0));
  return gc_step_call (step, gc_array_get (context, 1));
}

static GcSequence *
make_call_inner (GcMutation *m,
                 gpointer    context)
{
  GcArray *both = gc_array_new (m);
  GcSequence *inner = gc_sequence_steps (m, give_for_ever, NULL);

  gc_array_append (both, inner);
  gc_array_append (both, gc_sequence_map (m, inner, increment, NULL));
  return gc_sequence_steps (m, call_inner, both);
}

static void
test_await_inner (Demo          *demo,
                  gconstpointer  data)
{
  plan = (Plan) { .n = 0 };
  demo_assert_error (demo, make_call_inner, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_BUSY);
  g_assert_cmpint (plan.n, ==, 3);
}

/* One that another has called, and that has not had its first step yet, belongs to that. */
static GcStepResult
call_root (GcMutation  *m,
           GcStep      *step,
           gpointer     context,
           GError     **error)
{
  gpointer value = gc_step_get (step);

  if (gc_step_get_error (step) != NULL)
    return GC_STEP_FAILED;
  if (value == NULL)
    return gc_step_call (step, gc_arena_get_root (gc_mutation_get_arena (m)));
  return gc_step_done (step, value);
}

static void
test_await_both (Demo          *demo,
                 gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  GcMutation *m = gc_arena_begin (demo->arena);
  GcRun *first, *second;

  gc_arena_set_root (demo->arena, make_value (m, NULL));
  first = gc_runner_start (demo->runner, gc_sequence_steps (m, call_root, NULL), NULL);
  second = gc_runner_start (demo->runner, gc_sequence_steps (m, call_root, NULL), NULL);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  while (gc_runner_step (demo->runner, 1))
    ;
  g_assert_cmpint (gc_untag_int (gc_run_get_result (first, &error)), ==, 41);
  g_assert_no_error (error);
  g_assert_null (gc_run_get_result (second, &error));
  g_assert_error (error, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_BUSY);
  g_object_unref (first);
  g_object_unref (second);
  gc_arena_set_root (demo->arena, NULL);
}

/* An error that is thrown into a sequence enters where that gave its item: it may end, fail, or go on. */
static GcStepResult
give_or_meet (GcMutation  *m,
              GcStep      *step,
              gpointer     context,
              GError     **error)
{
  const GError *came = gc_step_get_error (step);

  if (came == NULL)
    return plan.n++ < 100 ? gc_step_emit (step, INT (1)) : gc_step_done (step, NULL);
  g_assert_error (came, G_IO_ERROR, G_IO_ERROR_CLOSED);
  plan.n += 1000;
  if (plan.result == GC_STEP_FAILED)
    return GC_STEP_FAILED;
  gc_step_catch (step, 0, -1);
  return plan.result == GC_STEP_DONE ? gc_step_done (step, INT (7)) : gc_step_emit (step, INT (8));
}

static GcStepResult
throw_into (GcMutation  *m,
            GcStep      *step,
            gpointer     context,
            GError     **error)
{
  GcSequence *sequence = gc_array_get (context, 0);
  gpointer value = gc_step_get (step);

  if (gc_step_get_error (step) != NULL)
    return GC_STEP_FAILED;
  if (gc_array_get_length (context) == 1 && !plan.throws)
    {
      gc_array_append (context, NULL);
      return gc_step_call (step, sequence);
    }
  if (gc_array_get_length (context) < 3)
    {
      g_autoptr (GError) thrown = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "closed");

      gc_array_set_length (context, 3, NULL);
      return gc_step_throw_into (step, sequence, thrown);
    }
  g_assert_cmpint (gc_step_is_item (step), ==, plan.result == GC_STEP_YIELD);
  return gc_step_done (step, value);
}

static GcSequence *
make_throw_into (GcMutation *m,
                 gpointer    context)
{
  GcArray *args = gc_array_new (m);
  GcSequence *sequence = gc_sequence_steps (m, give_or_meet, NULL);

  if (context != NULL)          /* from within another, which errors and items pass by */
    sequence = gc_sequence_then (m, gc_sequence_then (m, sequence, go_on, NULL), go_on, NULL);
  gc_array_append (args, sequence);
  return gc_sequence_steps (m, throw_into, args);
}

static void
test_throw_into (Demo          *demo,
                 gconstpointer  data)
{
  for (guint i = 0; i < 2; i++)
    {
      gpointer deep = GUINT_TO_POINTER (i);

      plan = (Plan) { .result = GC_STEP_FAILED };
      demo_assert_error (demo, make_throw_into, deep, G_IO_ERROR, G_IO_ERROR_CLOSED);
      g_assert_cmpint (plan.n, ==, 1001);
      plan = (Plan) { .result = GC_STEP_DONE };
      demo_assert_steps (demo, make_throw_into, deep, 7 << 2 * i, 5 + 6 * i);
      g_assert_cmpint (plan.n, ==, 1001);
      plan = (Plan) { .result = GC_STEP_YIELD };
      demo_assert_steps (demo, make_throw_into, deep, 8, 5 + 2 * i);
      g_assert_cmpint (plan.n, ==, 1001);
      plan = (Plan) { .throws = TRUE };         /* what has not begun does not begin */
      demo_assert_error (demo, make_throw_into, deep, G_IO_ERROR, G_IO_ERROR_CLOSED);
      g_assert_cmpint (plan.n, ==, 0);
    }
}

static GcSequence *
make_root (GcMutation *m,
           gpointer    context)
{
  return gc_arena_get_root (gc_mutation_get_arena (m));
}

/* Running what has run. */
static void
test_run_again (Demo          *demo,
                gconstpointer  data)
{
  g_autoptr (GcRun) run = NULL;
  g_autoptr (GError) error = NULL;
  GcMutation *m = gc_arena_begin (demo->arena);

  gc_arena_set_root (demo->arena, make_value (m, NULL));
  g_assert_cmpint (gc_sequence_get_state (gc_arena_get_root (demo->arena)), ==, GC_SEQUENCE_NEW);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  demo_assert_steps (demo, make_root, NULL, 41, 1);
  demo_assert_error (demo, make_root, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FINISHED);

  m = gc_arena_begin (demo->arena);
  g_assert_cmpint (gc_sequence_get_state (gc_arena_get_root (demo->arena)), ==, GC_SEQUENCE_DONE);
  run = gc_runner_start (demo->runner, gc_arena_get_root (demo->arena), NULL);
  g_assert_true (gc_run_is_done (run));
  g_assert_null (gc_run_get_result (run, &error));
  g_assert_error (error, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FINISHED);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  gc_arena_set_root (demo->arena, NULL);
}

/* A step kept beyond its time. */
static GcStep *kept;
static GcMutation *kept_mutation;

static GcStepResult
keep_step (GcMutation  *m,
           GcStep      *step,
           gpointer     context,
           GError     **error)
{
  kept = g_boxed_copy (GC_TYPE_STEP, step);
  kept_mutation = gc_mutation_ref (m);
  return gc_step_done (step, NULL);
}

static GcSequence *
make_keep_step (GcMutation *m,
                gpointer    context)
{
  return gc_sequence_steps (m, keep_step, NULL);
}

static void
test_late_step (Demo          *demo,
                gconstpointer  data)
{
  demo_run (demo, make_keep_step, NULL, NULL);
  g_assert_false (gc_step_is_active (kept));
  g_assert_false (gc_mutation_is_active (kept_mutation));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_step_done: assertion*");
  g_assert_cmpint (gc_step_done (kept, NULL), ==, GC_STEP_FAILED);
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_step_get: assertion*");
  g_assert_null (gc_step_get (kept));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_step_dup_waker: assertion*");
  g_assert_null (gc_step_dup_waker (kept));
  g_test_assert_expected_messages ();
  g_boxed_free (GC_TYPE_STEP, kept);
  gc_mutation_unref (kept_mutation);
}

/* A step that can't finish the mutation that is lent to it, and one that leaves a scope open. */
static GcStepResult
finish_mutation (GcMutation  *m,
                 GcStep      *step,
                 gpointer     context,
                 GError     **error)
{
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "gc_mutation_finish: assertion*");
  gc_mutation_finish (m);
  g_test_assert_expected_messages ();
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "a callback left a mutation open");
  kept_mutation = gc_arena_begin (gc_mutation_get_arena (m));
  return GC_STEP_CONTINUE;
}

static GcStepResult
finish_once (GcMutation  *m,
             GcStep      *step,
             gpointer     context,
             GError     **error)
{
  if (plan.n++ == 0)
    return finish_mutation (m, step, context, error);
  g_test_assert_expected_messages ();
  g_assert_false (gc_mutation_is_active (kept_mutation));
  gc_mutation_unref (kept_mutation);
  return gc_step_done (step, gc_sequence_value (m, NULL));
}

static GcSequence *
make_finish (GcMutation *m,
             gpointer    context)
{
  return gc_sequence_steps (m, finish_once, NULL);
}

static void
test_scopes (Demo          *demo,
             gconstpointer  data)
{
  plan = (Plan) { .n = 0 };
  g_assert_nonnull (demo_run (demo, make_finish, NULL, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("protocol/steps", test_steps);
  demo_add ("protocol/tower", test_tower);
  demo_add ("protocol/results", test_results);
  demo_add ("protocol/await-again", test_await_again);
  demo_add ("protocol/await-inner", test_await_inner);
  demo_add ("protocol/await-both", test_await_both);
  demo_add ("protocol/throw-into", test_throw_into);
  demo_add ("protocol/run-again", test_run_again);
  demo_add ("protocol/late-step", test_late_step);
  demo_add ("protocol/scopes", test_scopes);

  return g_test_run ();
}
