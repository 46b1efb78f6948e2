/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Clean-up that is sure to happen, and shields. */

#include "parts.h"

/* What the body and the clean-up do. */
typedef struct
{
  int  n;                       /* the body's steps besides the last */
  int  code;                    /* what it fails with; -1: it does not */
  int  clean_n;                 /* the clean-up's; -1: it is done in the function */
  int  clean_code;              /* what it fails with */
  gboolean throws;              /* the function itself */
} Plan;

static Plan plan;

static GcSequence *
clean_up (GcMutation  *m,
          gpointer     context,
          GError     **error)
{
  trace_add ('u');
  if (plan.throws)
    g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_PERM, "thrown");
  if (plan.clean_n < 0 || plan.throws)
    return NULL;
  if (plan.clean_code >= 0)
    return demo_failure_new (m, 'c', plan.clean_n, plan.clean_code);
  return demo_part_new (m, 'c', plan.clean_n, 99);
}

static GcSequence *
make_body (GcMutation *m)
{
  return plan.code < 0 ? demo_part_new (m, 'a', plan.n, 1) : demo_failure_new (m, 'f', plan.n, plan.code);
}

static GcSequence *
make_finally (GcMutation *m,
              gpointer    context)
{
  return gc_sequence_finally (m, make_body (m), clean_up, gc_string_new (m, "context"));
}

static void
test_finally (Demo          *demo,
              gconstpointer  data)
{
  trace_clear ();
  plan = (Plan) { 2, -1, 3, -1, FALSE };
  demo_assert_steps (demo, make_finally, NULL, 1, 1 + 3 + 1 + 4);
  g_assert_cmpstr (trace, ==, "auc");
  trace_clear ();
  plan = (Plan) { 2, -1, -1, -1, FALSE };
  demo_assert_steps (demo, make_finally, NULL, 1, 1 + 3);
  g_assert_cmpstr (trace, ==, "au");
  trace_clear ();
  plan = (Plan) { 2, G_IO_ERROR_BUSY, 3, -1, FALSE };
  demo_assert_error (demo, make_finally, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpstr (trace, ==, "fuc");
  /* The first error counts. */
  plan = (Plan) { 2, G_IO_ERROR_BUSY, 3, G_IO_ERROR_CLOSED, FALSE };
  demo_assert_error (demo, make_finally, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
  plan = (Plan) { 2, -1, 3, G_IO_ERROR_CLOSED, FALSE };
  demo_assert_error (demo, make_finally, NULL, G_IO_ERROR, G_IO_ERROR_CLOSED);
  plan = (Plan) { 2, -1, 3, -1, TRUE };
  demo_assert_error (demo, make_finally, NULL, G_FILE_ERROR, G_FILE_ERROR_PERM);
  plan = (Plan) { 2, G_IO_ERROR_BUSY, 3, -1, TRUE };
  demo_assert_error (demo, make_finally, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
}

/* Cancelled anywhere: once begun, it cleans up once, to the end. */
static void
check_finally (gssize        number,
               const GError *error,
               guint         n_steps,
               gpointer      context)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (trace_count ('u'), ==, n_steps > 0);
  g_assert_cmpuint (trace_count ('c'), ==, n_steps > 0 && plan.clean_n >= 0);
}

static void
test_cancel (Demo          *demo,
             gconstpointer  data)
{
  for (int clean_n = -1; clean_n < 3; clean_n++)
    for (int code = -1; code < 2; code++)
      {
        plan = (Plan) { 3, code, clean_n, -1, FALSE };
        part_cancel_everywhere (demo, make_finally, NULL, check_finally);
        part_drop_everywhere (demo, make_finally, NULL, 10);
      }
  /* An error of the clean-up does not hide the cancellation. */
  plan = (Plan) { 3, -1, 2, G_IO_ERROR_CLOSED, FALSE };
  part_cancel_everywhere (demo, make_finally, NULL, check_finally);
  plan = (Plan) { 3, -1, 2, -1, TRUE };
  plan.clean_n = -1;
  part_cancel_everywhere (demo, make_finally, NULL, check_finally);
}

/* Several, one in the other: from inside out. */
static GcSequence *
clean_up_letter (GcMutation  *m,
                 gpointer     context,
                 GError     **error)
{
  return demo_part_new (m, gc_untag_int (context), 2, 0);
}

static GcSequence *
make_nested (GcMutation *m,
             gpointer    context)
{
  GcSequence *inner = gc_sequence_finally (m, demo_part_new (m, 'a', 3, 1), clean_up_letter, INT ('i'));
  GcSequence *outer = gc_sequence_chain (m, inner, demo_part_new (m, 'b', 3, 2));

  return gc_sequence_finally (m, outer, clean_up_letter, INT ('o'));
}

static void
check_nested (gssize        number,
              const GError *error,
              guint         n_steps,
              gpointer      context)
{
  static const char *const sane[] = { "", "o", "io", "aio", "aibo" };

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_strcmp0 (trace, "aibo") == 0 || g_strv_contains (sane, trace), ==, TRUE);
}

static void
test_nested (Demo          *demo,
             gconstpointer  data)
{
  trace_clear ();
  demo_assert_steps (demo, make_nested, NULL, 2, 2 + 1 + 4 + (1 + 3) + 4 + (1 + 3));
  g_assert_cmpstr (trace, ==, "aibo");
  part_cancel_everywhere (demo, make_nested, NULL, check_nested);
}

/* What is cancelled may be caught above: the clean-up was before. */
static GcSequence *
caught (GcMutation    *m,
        const GError  *error,
        gpointer       context,
        GError       **new_error)
{
  return demo_part_new (m, 'x', 1, 5);
}

static GcSequence *
make_caught (GcMutation *m,
             gpointer    context)
{
  return gc_sequence_catch (m, make_finally (m, NULL), G_IO_ERROR, G_IO_ERROR_CANCELLED, caught, NULL);
}

static void
check_caught (gssize        number,
              const GError *error,
              guint         n_steps,
              gpointer      context)
{
  if (n_steps == 0)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (number, ==, 5);
  g_assert_true (g_str_has_suffix (trace, n_steps == 1 ? "x" : "ucx"));
}

static void
test_caught (Demo          *demo,
             gconstpointer  data)
{
  plan = (Plan) { 3, -1, 2, -1, FALSE };
  part_cancel_everywhere (demo, make_caught, NULL, check_caught);
}

/* A clean-up that waits for a waker, in the strand of a run that was cancelled. */
static GcWaker waker;
static gboolean is_woken;

static GcStepResult
wait_for_waker (GcMutation  *m,
                GcStep      *step,
                gpointer     context,
                GError     **error)
{
  if (is_woken)
    return gc_step_done (step, NULL);
  gc_waker_clear (&waker);
  gc_step_init_waker (step, &waker);
  return GC_STEP_WAIT;
}

static GcSequence *
clean_up_waiting (GcMutation  *m,
                  gpointer     context,
                  GError     **error)
{
  return gc_sequence_steps (m, wait_for_waker, NULL);
}

static GcSequence *
make_waiting (GcMutation *m,
              gpointer    context)
{
  return gc_sequence_finally (m, gc_sequence_never (m), clean_up_waiting, NULL);
}

static void
test_waiting (Demo          *demo,
              gconstpointer  data)
{
  g_autoptr (GcRun) run = part_start (demo, make_waiting, NULL, 2);
  g_autoptr (GError) error = NULL;

  is_woken = FALSE;
  gc_run_cancel (run);
  part_settle (demo);
  g_assert_false (gc_run_is_done (run));
  gc_run_cancel (run);
  part_settle (demo);
  g_assert_false (gc_run_is_done (run));
  is_woken = TRUE;
  gc_waker_wake (&waker);
  gc_waker_clear (&waker);
  part_settle (demo);
  g_assert_true (gc_run_is_done (run));
  gc_run_get_result (run, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Shield */

static GcSequence *
make_shield (GcMutation *m,
             gpointer    context)
{
  GcSequence *inner = gc_sequence_shield (m, gc_sequence_shield (m, make_body (m)));

  return gc_sequence_chain (m, gc_sequence_shield (m, inner), demo_part_new (m, 'b', 2, 2));
}

static void
check_shield (gssize        number,
              const GError *error,
              guint         n_steps,
              gpointer      context)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (trace, ==, n_steps < 2 ? "" : plan.code < 0 ? "a" : "f");
}

static GcSequence *
make_bare_shield (GcMutation *m,
                  gpointer    context)
{
  return gc_sequence_shield (m, make_body (m));
}

static void
test_shield (Demo          *demo,
             gconstpointer  data)
{
  plan = (Plan) { .n = 3, .code = -1 };
  demo_assert_steps (demo, make_shield, NULL, 2, 1 + 3 + 4 + 3);
  part_cancel_everywhere (demo, make_shield, NULL, check_shield);
  part_drop_everywhere (demo, make_shield, NULL, 12);
  plan.code = G_IO_ERROR_BUSY;
  demo_assert_error (demo, make_shield, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
  part_cancel_everywhere (demo, make_shield, NULL, check_shield);
}

/* At the end of a run as well: it was cancelled, whether anybody comes after or not. */
static void
check_bare_shield (gssize        number,
                   const GError *error,
                   guint         n_steps,
                   gpointer      context)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (trace, ==, n_steps == 0 ? "" : "a");
}

static void
test_bare_shield (Demo          *demo,
                  gconstpointer  data)
{
  plan = (Plan) { .n = 3, .code = -1 };
  part_cancel_everywhere (demo, make_bare_shield, NULL, check_bare_shield);
}

/* What gives items, in places where nobody can take them */
GC_DEFINE_COROUTINE (DemoGiver, demo_giver, GC_PARAM (int, n))

GC_COROUTINE_BODY (DemoGiver, demo_giver)
{
  GC_BEGIN ();
  while (self->n-- > 0)
    GC_YIELD (INT (self->n));
  GC_END ();
}

static GcStepResult
take_all (GcMutation  *m,
          GcStep      *step,
          gpointer     context,
          GError     **error)
{
  gssize sum = gc_untag_int (gc_array_get (context, 1));

  if (gc_step_is_item (step))
    gc_array_set (context, 1, INT (sum + gc_untag_int (gc_step_get (step))));
  else if (gc_array_get (context, 2) != NULL)
    return gc_step_get_error (step) != NULL ? GC_STEP_FAILED : gc_step_done (step, INT (sum));
  gc_array_set (context, 2, INT (1));
  return gc_step_call (step, gc_array_get (context, 0));
}

static GcSequence *
make_taker (GcMutation *m,
            GcSequence *giver)
{
  GcArray *context = gc_array_new (m);

  gc_array_append (context, giver);
  gc_array_append (context, INT (0));
  gc_array_append (context, NULL);
  return gc_sequence_steps (m, take_all, context);
}

static GcSequence *
give (GcMutation  *m,
      gpointer     context,
      GError     **error)
{
  return demo_giver_new (m, 3);
}

static GcSequence *
make_items (GcMutation *m,
            gpointer    context)
{
  GcSequence *giver = demo_giver_new (m, 5);

  switch (GPOINTER_TO_INT (context))
    {
    case 0:
      return make_taker (m, gc_sequence_finally (m, gc_sequence_named (m, giver, "giver"), clean_up, NULL));
    case 1:
      return make_taker (m, gc_sequence_finally (m, giver, give, NULL));
    default:
      return make_taker (m, gc_sequence_shield (m, giver));
    }
}

static void
test_items (Demo          *demo,
            gconstpointer  data)
{
  plan = (Plan) { .clean_n = 1, .clean_code = -1 };
  trace_clear ();
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_items, GINT_TO_POINTER (0), NULL)), ==, 10);
  g_assert_cmpstr (trace, ==, "uc");
  demo_assert_error (demo, make_items, GINT_TO_POINTER (1), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_UNWANTED);
  demo_assert_error (demo, make_items, GINT_TO_POINTER (2), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_UNWANTED);
}

/* Functions of scripts */

static GcStepResult
script (GcMutation  *m,
        GcStep      *step,
        gpointer     user_data,
        GError     **error)
{
  g_assert_null (gc_step_get (step));
  switch (GPOINTER_TO_INT (user_data))
    {
    case 0:
      return gc_step_become (step, demo_part_new (m, 'c', 1, 0));
    case 1:
      return gc_step_done (step, INT (5));
    case 2:
      return gc_step_throw (step, G_FILE_ERROR, G_FILE_ERROR_IO, "thrown");
    default:
      return GC_STEP_WAIT;
    }
}

static GcSequence *
make_script (GcMutation *m,
             gpointer    context)
{
  return gc_sequence_finally_full (m, make_body (m), script, context, count_freed);
}

static void
test_script (Demo          *demo,
             gconstpointer  data)
{
  n_freed = 0;
  plan = (Plan) { .n = 1, .code = -1 };
  trace_clear ();
  demo_assert_steps (demo, make_script, GINT_TO_POINTER (0), 1, 1 + 2 + 1 + 2);
  g_assert_cmpstr (trace, ==, "ac");
  demo_assert_steps (demo, make_script, GINT_TO_POINTER (1), 1, 1 + 2);
  demo_assert_error (demo, make_script, GINT_TO_POINTER (2), G_FILE_ERROR, G_FILE_ERROR_IO);
  demo_assert_error (demo, make_script, GINT_TO_POINTER (3), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
  plan.code = G_IO_ERROR_BUSY;
  demo_assert_error (demo, make_script, GINT_TO_POINTER (0), G_IO_ERROR, G_IO_ERROR_BUSY);
  gc_arena_collect (demo->arena);
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (n_freed, ==, 5);
}

/* Misuse */

static GcSequence *
give_ended (GcMutation  *m,
            gpointer     context,
            GError     **error)
{
  return gc_arena_get_root (gc_mutation_get_arena (m));
}

static GcSequence *
make_ended (GcMutation *m,
            gpointer    context)
{
  GcSequence *part = demo_part_new (m, 'a', 0, 1);

  gc_arena_set_root (gc_mutation_get_arena (m), part);
  return gc_sequence_finally (m, part, give_ended, NULL);
}

#define EXPECT(what) g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, what ": assertion*")

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (demo->arena), *n = gc_arena_begin (arena);
  GcSequence *mine = gc_sequence_value (m, NULL), *other = gc_sequence_value (n, NULL);

  EXPECT ("gc_sequence_shield");
  g_assert_null (gc_sequence_shield (m, NULL));
  EXPECT ("gc_sequence_shield");
  g_assert_null (gc_sequence_shield (m, other));
  EXPECT ("gc_sequence_finally");
  g_assert_null (gc_sequence_finally (m, mine, NULL, NULL));
  EXPECT ("set_up");
  g_assert_null (gc_sequence_finally (m, mine, clean_up, other));
  EXPECT ("set_up");
  g_assert_null (gc_sequence_finally (m, other, clean_up, NULL));
  EXPECT ("gc_sequence_finally_full");
  g_assert_null (gc_sequence_finally_full (m, mine, NULL, NULL, NULL));
  g_test_assert_expected_messages ();
  gc_mutation_finish (n);
  gc_mutation_unref (n);
  gc_mutation_finish (m);
  gc_mutation_unref (m);

  demo_assert_error (demo, make_ended, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FINISHED);
  gc_arena_set_root (demo->arena, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("finally/finally", test_finally);
  demo_add ("finally/cancel", test_cancel);
  demo_add ("finally/nested", test_nested);
  demo_add ("finally/caught", test_caught);
  demo_add ("finally/waiting", test_waiting);
  demo_add ("finally/shield", test_shield);
  demo_add ("finally/bare-shield", test_bare_shield);
  demo_add ("finally/items", test_items);
  demo_add ("finally/script", test_script);
  demo_add ("finally/misuse", test_misuse);

  return g_test_run ();
}
