/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Results made into others, and sequences one after the other. */

#include "parts.h"

static gpointer
half (GcMutation  *m,
      gpointer     value,
      gpointer     context,
      GError     **error)
{
  gssize n = gc_untag_int (value);

  trace_add ('h');
  if (n % 2 != 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "odd");
  return INT (n / 2 + gc_untag_int (context));
}

static void
look (GcMutation  *m,
      gpointer     value,
      gpointer     context,
      GError     **error)
{
  trace_add ('0' + gc_untag_int (value) % 10);
  if (gc_untag_int (value) > 90)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "large");
}

static GcSequence *
make_inspect (GcMutation *m,
              gpointer    context)
{
  GcSequence *part = demo_part_new (m, 'a', 3, GPOINTER_TO_INT (context));

  return gc_sequence_map (m, gc_sequence_inspect (m, part, look, NULL), half, INT (1));
}

/* Seen in the step in which it ends, before who comes after. */
static void
test_inspect (Demo          *demo,
              gconstpointer  data)
{
  trace_clear ();
  demo_assert_steps (demo, make_inspect, GINT_TO_POINTER (84), 43, 2 + 4);
  g_assert_cmpstr (trace, ==, "a4h");
  trace_clear ();
  demo_assert_error (demo, make_inspect, GINT_TO_POINTER (7), G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpstr (trace, ==, "a7h");
  trace_clear ();
  demo_assert_error (demo, make_inspect, GINT_TO_POINTER (98), G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpstr (trace, ==, "a8");
}

/* An object goes through, and what a function keeps in its context. */
static gpointer
put (GcMutation  *m,
     gpointer     value,
     gpointer     context,
     GError     **error)
{
  gc_array_append (context, value);
  return context;
}

static void
check_string (GcMutation  *m,
              gpointer     value,
              gpointer     context,
              GError     **error)
{
  g_assert_cmpstr (gc_string_get_text (gc_array_get (value, 0)), ==, "text");
  trace_add ('s');
}

static GcSequence *
make_objects (GcMutation *m,
              gpointer    context)
{
  GcSequence *value = gc_sequence_value (m, gc_string_new (m, "text"));
  GcSequence *late = gc_sequence_chain (m, demo_part_new (m, 'a', 2, 0), value);

  return gc_sequence_inspect (m, gc_sequence_map (m, late, put, gc_array_new (m)), check_string, NULL);
}

static void
test_objects (Demo          *demo,
              gconstpointer  data)
{
  trace_clear ();
  g_assert_nonnull (demo_run (demo, make_objects, NULL, NULL));
  g_assert_cmpstr (trace, ==, "as");
}

/* Chain */

static GcSequence *
make_chain (GcMutation *m,
            gpointer    context)
{
  return gc_sequence_chain (m, demo_part_new (m, 'a', 2, 1), demo_part_new (m, 'b', 1, 2));
}

static GcSequence *
make_chain_of_failure (GcMutation *m,
                       gpointer    context)
{
  return gc_sequence_chain (m, demo_failure_new (m, 'a', 0, G_IO_ERROR_FAILED), demo_part_new (m, 'b', 0, 2));
}

static GcSequence *
make_long_chain (GcMutation *m,
                 gpointer    context)
{
  GcSequence *sequence = gc_sequence_value (m, INT (7));

  for (guint i = 0; i < GPOINTER_TO_UINT (context); i++)
    sequence = gc_sequence_chain (m, gc_sequence_value (m, NULL), sequence);
  return sequence;
}

static void
check_chain (gssize        number,
             const GError *error,
             guint         n_steps,
             gpointer      context)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (trace, ==, n_steps < 4 ? "" : "a");
}

static void
test_chain (Demo          *demo,
            gconstpointer  data)
{
  trace_clear ();
  demo_assert_steps (demo, make_chain, NULL, 2, 1 + 3 + 2);
  g_assert_cmpstr (trace, ==, "ab");
  trace_clear ();
  demo_assert_error (demo, make_chain_of_failure, NULL, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpstr (trace, ==, "a");
  demo_assert_steps (demo, make_long_chain, GUINT_TO_POINTER (20), 7, 41);
  part_cancel_everywhere (demo, make_chain, NULL, check_chain);
  part_drop_everywhere (demo, make_chain, NULL, 6);
}

/* Flatten */

static GcSequence *
make_flatten (GcMutation *m,
              gpointer    context)
{
  GcSequence *inner = gc_sequence_value (m, context == NULL ? demo_part_new (m, 'b', 1, 5) : context);

  return gc_sequence_flatten (m, gc_sequence_chain (m, demo_part_new (m, 'a', 0, 0), inner));
}

static GcSequence *
make_flatten_string (GcMutation *m,
                     gpointer    context)
{
  return gc_sequence_flatten (m, gc_sequence_value (m, gc_string_new (m, "no")));
}

static void
test_flatten (Demo          *demo,
              gconstpointer  data)
{
  trace_clear ();
  demo_assert_steps (demo, make_flatten, NULL, 5, 1 + 2 + 1 + 2);
  g_assert_cmpstr (trace, ==, "ab");
  demo_assert_error (demo, make_flatten, INT (3), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
  demo_assert_error (demo, make_flatten_string, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
}

/* Tails take constant memory: each becomes the next. */
static GcSequence *
go_on (GcMutation  *m,
       gpointer     value,
       gpointer     context,
       GError     **error)
{
  gssize n = gc_untag_int (value);

  if (n == 0)
    return gc_sequence_value (m, INT (9));
  return gc_sequence_then (m, gc_sequence_flatten (m, gc_sequence_value (m, gc_sequence_value (m, INT (n - 1)))),
                           go_on, NULL);
}

static GcSequence *
make_tail (GcMutation *m,
           gpointer    context)
{
  return go_on (m, context, NULL, NULL);
}

static void
test_tail (Demo          *demo,
           gconstpointer  data)
{
  GcRun *run = part_start (demo, make_tail, INT (data == NULL ? 100000 : 100), data == NULL ? 100000 : 100);

  g_assert_false (gc_run_is_done (run));
  g_assert_cmpuint (demo_n_objects (demo), <, demo->n_before + 20);
  while (gc_runner_step (demo->runner, 1000))
    ;
  g_assert_cmpint (gc_untag_int (gc_run_get_result (run, NULL)), ==, 9);
  g_object_unref (run);
}

/* Names */

static GcSequence *
make_named (GcMutation *m,
            gpointer    context)
{
  return gc_sequence_named (m, gc_sequence_named (m, demo_stay_new (m, 'x'), "inner"), "größer");
}

static GcSequence *
make_named_value (GcMutation *m,
                  gpointer    context)
{
  return gc_sequence_named (m, demo_part_new (m, 'a', 1, 4), "part");
}

static void
test_named (Demo          *demo,
            gconstpointer  data)
{
  g_autoptr (GcRun) run = part_start (demo, make_named, NULL, 3);
  g_autofree char *line = NULL;
  g_autofree char *dump = NULL;
  g_autoptr (GError) error = NULL;

  line = gc_run_describe (run);
  g_assert_true (g_str_has_suffix (line, " < inner < größer"));
  dump = gc_runner_dump (demo->runner);
  g_assert_nonnull (strstr (dump, line));
  gc_run_cancel (run);
  part_finish (demo, run);
  gc_run_get_result (run, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  demo_assert_steps (demo, make_named_value, NULL, 4, 1 + 2);
}

/* Functions of scripts */

static GcStepResult
script_look (GcMutation  *m,
             GcStep      *step,
             gpointer     user_data,
             GError     **error)
{
  trace_add ('0' + gc_untag_int (gc_step_get (step)));
  switch (GPOINTER_TO_INT (user_data))
    {
    case 0:
      return gc_step_done (step, INT (1000));
    case 1:
      return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
    case 2:
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
      return GC_STEP_DONE;
    default:
      return GC_STEP_WAIT;
    }
}

static GcSequence *
make_script_inspect (GcMutation *m,
                     gpointer    context)
{
  return gc_sequence_inspect_full (m, demo_part_new (m, 'a', 1, 6), script_look, context, count_freed);
}

static void
test_script (Demo          *demo,
             gconstpointer  data)
{
  n_freed = 0;
  trace_clear ();
  demo_assert_steps (demo, make_script_inspect, GINT_TO_POINTER (0), 6, 3);
  g_assert_cmpstr (trace, ==, "a6");
  demo_assert_error (demo, make_script_inspect, GINT_TO_POINTER (1), G_IO_ERROR, G_IO_ERROR_BUSY);
  demo_assert_error (demo, make_script_inspect, GINT_TO_POINTER (2), G_IO_ERROR, G_IO_ERROR_BUSY);
  demo_assert_error (demo, make_script_inspect, GINT_TO_POINTER (3), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
  gc_arena_collect (demo->arena);
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (n_freed, ==, 4);
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
  GcObject *object = (GcObject *) gc_array_new (n);

  EXPECT ("gc_sequence_chain");
  g_assert_null (gc_sequence_chain (m, mine, NULL));
  EXPECT ("gc_sequence_chain");
  g_assert_null (gc_sequence_chain (m, mine, other));
  EXPECT ("gc_sequence_flatten");
  g_assert_null (gc_sequence_flatten (m, (GcSequence *) gc_array_new (m)));
  EXPECT ("gc_sequence_flatten");
  g_assert_null (gc_sequence_flatten (m, other));
  EXPECT ("gc_sequence_named");
  g_assert_null (gc_sequence_named (m, mine, NULL));
  EXPECT ("gc_sequence_named");
  g_assert_null (gc_sequence_named (m, mine, "\xff"));
  EXPECT ("gc_sequence_inspect");
  g_assert_null (gc_sequence_inspect (m, mine, NULL, NULL));
  EXPECT ("set_up");
  g_assert_null (gc_sequence_inspect (m, mine, look, object));
  EXPECT ("set_up");
  g_assert_null (gc_sequence_map (m, other, half, NULL));
  EXPECT ("set_up");
  g_assert_null (gc_sequence_map (m, mine, half, object));
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

  demo_add ("transform/inspect", test_inspect);
  demo_add ("transform/objects", test_objects);
  demo_add ("transform/chain", test_chain);
  demo_add ("transform/flatten", test_flatten);
  demo_add ("transform/tail", test_tail);
  demo_add ("transform/named", test_named);
  demo_add ("transform/script", test_script);
  demo_add ("transform/misuse", test_misuse);

  return g_test_run ();
}
