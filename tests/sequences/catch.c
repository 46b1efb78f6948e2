/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Errors: made into others, and caught. */

#include "parts.h"

/* What to run: a failure of this code, after so many steps; or, with code -1, a value. */
typedef struct
{
  int n;
  int code;
} Plan;

static GcSequence *
make_part (GcMutation *m,
           gpointer    context)
{
  Plan *plan = context;

  return plan->code < 0 ? demo_part_new (m, 'a', plan->n, 1) : demo_failure_new (m, 'f', plan->n, plan->code);
}

/* map_error */

static GError *
rename_error (GcMutation   *m,
              const GError *error,
              gpointer      context)
{
  trace_add ('r');
  if (error->code == G_IO_ERROR_BUSY)
    return NULL;
  return g_error_new (G_FILE_ERROR, G_FILE_ERROR_IO, "%s, %d", error->message, (int) gc_untag_int (context));
}

static GcSequence *
make_map_error (GcMutation *m,
                gpointer    context)
{
  return gc_sequence_map_error (m, make_part (m, context), rename_error, INT (7));
}

static void
test_map_error (Demo          *demo,
                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  Plan plan = { 2, G_IO_ERROR_FAILED };
  guint64 before = gc_runner_get_n_steps (demo->runner);

  trace_clear ();
  g_assert_null (demo_run (demo, make_map_error, &plan, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_IO);
  g_assert_cmpstr (error->message, ==, "f, 7");
  g_assert_cmpuint (gc_runner_get_n_steps (demo->runner) - before, ==, 1 + 3);
  g_assert_cmpstr (trace, ==, "fr");

  plan.code = G_IO_ERROR_BUSY;
  demo_assert_error (demo, make_map_error, &plan, G_IO_ERROR, G_IO_ERROR_BUSY);
  plan.code = G_IO_ERROR_CANCELLED;
  trace_clear ();
  demo_assert_error (demo, make_map_error, &plan, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (trace, ==, "f");
  plan.code = -1;
  demo_assert_steps (demo, make_map_error, &plan, 1, 1 + 3);
}

/* or_else and catch */

static GcSequence *
fall_back (GcMutation    *m,
           const GError  *caught,
           gpointer       context,
           GError       **error)
{
  trace_add ('c');
  if (context == INT (0))
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "no way: %s", caught->message);
      return NULL;
    }
  return demo_part_new (m, 'b', 1, caught->code + gc_untag_int (context));
}

static gssize fall_back_context = 1000;

static GcSequence *
make_or_else (GcMutation *m,
              gpointer    context)
{
  return gc_sequence_or_else (m, make_part (m, context), fall_back, INT (fall_back_context));
}

static void
check_or_else (gssize        number,
               const GError *error,
               guint         n_steps,
               gpointer      context)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (trace, ==, n_steps < 4 ? "" : "fc");
}

static void
test_or_else (Demo          *demo,
              gconstpointer  data)
{
  Plan plan = { 2, G_IO_ERROR_BUSY };

  trace_clear ();
  demo_assert_steps (demo, make_or_else, &plan, 1000 + G_IO_ERROR_BUSY, 1 + 3 + 2);
  g_assert_cmpstr (trace, ==, "fcb");
  part_cancel_everywhere (demo, make_or_else, &plan, check_or_else);
  part_drop_everywhere (demo, make_or_else, &plan, 8);

  fall_back_context = 0;
  demo_assert_error (demo, make_or_else, &plan, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  fall_back_context = 1000;
  plan.code = -1;
  demo_assert_steps (demo, make_or_else, &plan, 1, 1 + 3);
  plan.code = G_IO_ERROR_CANCELLED;
  demo_assert_error (demo, make_or_else, &plan, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static GQuark catch_domain;
static int catch_code;

static GcSequence *
make_catch (GcMutation *m,
            gpointer    context)
{
  return gc_sequence_catch (m, make_part (m, context), catch_domain, catch_code, fall_back, INT (1000));
}

static void
test_catch (Demo          *demo,
            gconstpointer  data)
{
  Plan plan = { 0, G_IO_ERROR_BUSY };

  catch_domain = G_IO_ERROR;
  catch_code = G_IO_ERROR_BUSY;
  demo_assert_steps (demo, make_catch, &plan, 1000 + G_IO_ERROR_BUSY, 1 + 1 + 2);
  plan.code = G_IO_ERROR_CLOSED;
  trace_clear ();
  demo_assert_error (demo, make_catch, &plan, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpstr (trace, ==, "f");
  catch_code = -1;
  demo_assert_steps (demo, make_catch, &plan, 1000 + G_IO_ERROR_CLOSED, 1 + 1 + 2);
  catch_domain = G_FILE_ERROR;
  demo_assert_error (demo, make_catch, &plan, G_IO_ERROR, G_IO_ERROR_CLOSED);

  /* A cancellation wants to be named. */
  plan.code = G_IO_ERROR_CANCELLED;
  catch_domain = 0;
  demo_assert_error (demo, make_catch, &plan, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  catch_domain = G_IO_ERROR;
  demo_assert_error (demo, make_catch, &plan, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  catch_code = G_IO_ERROR_CANCELLED;
  demo_assert_steps (demo, make_catch, &plan, 1000 + G_IO_ERROR_CANCELLED, 1 + 1 + 2);
}

/* What is caught may go on as long as it wants to. */
static void
check_catch_cancelled (gssize        number,
                       const GError *error,
                       guint         n_steps,
                       gpointer      context)
{
  if (n_steps == 0)             /* did not begin */
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpstr (trace, ==, "");
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (number, ==, 1000 + G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (trace, ==, n_steps < 6 ? "cb" : "acb");
}

static void
test_catch_cancelled (Demo          *demo,
                      gconstpointer  data)
{
  Plan plan = { 4, -1 };

  catch_domain = G_IO_ERROR;
  catch_code = G_IO_ERROR_CANCELLED;
  part_cancel_everywhere (demo, make_catch, &plan, check_catch_cancelled);
}

static GcSequence *
make_catch_value (GcMutation *m,
                  gpointer    context)
{
  return gc_sequence_catch_value (m, make_part (m, context), G_IO_ERROR, G_IO_ERROR_BUSY, INT (5));
}

static GcSequence *
make_catch_value_of (GcMutation *m,
                     gpointer    context)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, "instead");
  return gc_sequence_catch_value_of (m, make_part (m, context), 0, -1, &value);
}

static void
test_catch_value (Demo          *demo,
                  gconstpointer  data)
{
  g_autoptr (GcRun) run = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  Plan plan = { 1, G_IO_ERROR_BUSY };

  demo_assert_steps (demo, make_catch_value, &plan, 5, 1 + 2);
  run = part_start (demo, make_catch_value_of, &plan, 0);
  part_finish (demo, run);
  gc_box_get_value (gc_run_get_result (run, NULL), &value);
  g_assert_cmpstr (g_value_get_string (&value), ==, "instead");
  plan.code = G_IO_ERROR_CLOSED;
  demo_assert_error (demo, make_catch_value, &plan, G_IO_ERROR, G_IO_ERROR_CLOSED);
  plan.code = -1;
  demo_assert_steps (demo, make_catch_value, &plan, 1, 1 + 2);
}

/* Functions of scripts */

enum
{
  BECOME,
  DONE,
  THROW,
  RAISE,
  PASS
};

static GcStepResult
script (GcMutation  *m,
        GcStep      *step,
        gpointer     user_data,
        GError     **error)
{
  const GError *caught = gc_step_get_error (step);

  g_assert_error (caught, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_null (gc_step_get (step));
  switch (GPOINTER_TO_INT (user_data))
    {
    case BECOME:
      return gc_step_become (step, demo_part_new (m, 'b', 0, 3));
    case DONE:
      return gc_step_done (step, NULL);
    case THROW:
      return gc_step_throw (step, G_FILE_ERROR, G_FILE_ERROR_IO, "%s", caught->message);
    case RAISE:
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_PERM, caught->message);
      return GC_STEP_DONE;
    default:
      return GC_STEP_FAILED;
    }
}

static Plan script_plan = { 1, G_IO_ERROR_BUSY };

static GcSequence *
make_script_or_else (GcMutation *m,
                     gpointer    context)
{
  return gc_sequence_or_else_full (m, make_part (m, &script_plan), script, context, count_freed);
}

static GcSequence *
make_script_catch (GcMutation *m,
                   gpointer    context)
{
  return gc_sequence_catch_full (m, make_part (m, &script_plan), G_IO_ERROR, G_IO_ERROR_BUSY, script, context,
                                 count_freed);
}

static GcSequence *
make_script_map_error (GcMutation *m,
                       gpointer    context)
{
  return gc_sequence_map_error_full (m, make_part (m, &script_plan), script, context, count_freed);
}

static void
test_script (Demo          *demo,
             gconstpointer  data)
{
  n_freed = 0;
  demo_assert_steps (demo, make_script_or_else, GINT_TO_POINTER (BECOME), 3, 1 + 2 + 1);
  demo_assert_steps (demo, make_script_catch, GINT_TO_POINTER (BECOME), 3, 1 + 2 + 1);
  demo_assert_error (demo, make_script_catch, GINT_TO_POINTER (DONE), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
  demo_assert_error (demo, make_script_catch, GINT_TO_POINTER (THROW), G_FILE_ERROR, G_FILE_ERROR_IO);
  demo_assert_error (demo, make_script_catch, GINT_TO_POINTER (RAISE), G_FILE_ERROR, G_FILE_ERROR_PERM);
  demo_assert_error (demo, make_script_map_error, GINT_TO_POINTER (THROW), G_FILE_ERROR, G_FILE_ERROR_IO);
  demo_assert_error (demo, make_script_map_error, GINT_TO_POINTER (RAISE), G_FILE_ERROR, G_FILE_ERROR_PERM);
  demo_assert_error (demo, make_script_map_error, GINT_TO_POINTER (DONE), G_IO_ERROR, G_IO_ERROR_BUSY);
  demo_assert_error (demo, make_script_map_error, GINT_TO_POINTER (PASS), G_IO_ERROR, G_IO_ERROR_BUSY);
  gc_arena_collect (demo->arena);
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (n_freed, ==, 9);
}

/* Misuse */

#define EXPECT(what) g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, what ": assertion*")

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (demo->arena), *n = gc_arena_begin (arena);
  GcSequence *mine = gc_sequence_value (m, NULL), *other = gc_sequence_value (n, NULL);

  EXPECT ("gc_sequence_map_error");
  g_assert_null (gc_sequence_map_error (m, NULL, rename_error, NULL));
  EXPECT ("gc_sequence_catch");
  g_assert_null (gc_sequence_or_else (m, mine, NULL, NULL));
  EXPECT ("gc_sequence_catch_full");
  g_assert_null (gc_sequence_or_else_full (m, mine, NULL, NULL, NULL));
  EXPECT ("new_catch");
  g_assert_null (gc_sequence_or_else (m, other, fall_back, NULL));
  EXPECT ("new_catch");
  g_assert_null (gc_sequence_catch_value (m, mine, 0, -1, other));
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

  demo_add ("catch/map-error", test_map_error);
  demo_add ("catch/or-else", test_or_else);
  demo_add ("catch/catch", test_catch);
  demo_add ("catch/cancelled", test_catch_cancelled);
  demo_add ("catch/value", test_catch_value);
  demo_add ("catch/script", test_script);
  demo_add ("catch/misuse", test_misuse);

  return g_test_run ();
}
