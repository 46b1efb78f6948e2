/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bodies of other languages: what enters, what passes by, and what is freed. */

#include "demo.h"

typedef struct
{
  guint n_steps;
  guint n_freed;
} Script;

static Script script;

static void
free_script (gpointer data)
{
  script.n_freed++;
}

/* Gives two items, then fails. */
static GcStepResult
give (GcMutation  *m,
      GcStep      *step,
      gpointer     data,
      GError     **error)
{
  guint *n = data;

  if (gc_step_get_error (step) != NULL || ++*n > 2)
    {
      *n = 0;
      return gc_step_throw (step, G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
    }
  return gc_step_emit (step, INT (*n));
}

static guint n_given;

/* Awaits the items' giver: only its error comes in. */
static GcStepResult
pass (GcMutation  *m,
      GcStep      *step,
      gpointer     data,
      GError     **error)
{
  switch (script.n_steps++)
    {
    case 0:
      n_given = 0;
      return gc_step_call (step, gc_sequence_body (m, "giver", give, &n_given, NULL));
    default:
      g_assert_false (gc_step_is_item (step));
      g_assert_true (gc_step_catch (step, G_IO_ERROR, G_IO_ERROR_BUSY));
      return gc_step_done (step, INT (7));
    }
}

/* Adds the items to the result. */
static GcStepResult
add_up (GcMutation  *m,
        GcStep      *step,
        gpointer     context,
        GError     **error)
{
  static gssize sum;
  static gboolean begun;

  if (!begun)
    {
      begun = TRUE;
      sum = 0;
      return gc_step_call (step, context);
    }
  sum += gc_untag_int (gc_step_get (step));
  if (gc_step_is_item (step))
    return gc_step_call (step, context);
  begun = FALSE;
  return gc_step_done (step, INT (sum));
}

static GcSequence *
make_passing (GcMutation *m,
              gpointer    context)
{
  GcSequence *sequence = gc_sequence_body (m, "passer", pass, NULL, free_script);
  g_autofree char *description = gc_sequence_describe (sequence);

  g_assert_cmpstr (description, ==, "passer");
  return gc_sequence_steps (m, add_up, sequence);
}

static void
test_items (Demo          *demo,
            gconstpointer  data)
{
  script = (Script) { 0 };
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_passing, NULL, NULL)), ==, 1 + 2 + 7);
  g_assert_cmpuint (script.n_steps, ==, 2);
  gc_arena_collect (demo->arena);
  gc_arena_collect (demo->arena);
  g_assert_cmpuint (script.n_freed, ==, 1);
}

static GcSequence *
make_unnamed (GcMutation *m,
              gpointer    context)
{
  g_autofree char *description = NULL;
  GcSequence *sequence;

  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_body: assertion*");
  g_assert_null (gc_sequence_body (m, NULL, NULL, NULL, NULL));
  g_test_assert_expected_messages ();
  n_given = 2;
  sequence = gc_sequence_body (m, NULL, give, &n_given, NULL);
  description = gc_sequence_describe (sequence);
  g_assert_cmpstr (description, ==, "GcBodySequence");
  return sequence;
}

static void
test_error (Demo          *demo,
            gconstpointer  data)
{
  demo_assert_error (demo, make_unnamed, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("body/items", test_items);
  demo_add ("body/error", test_error);

  return g_test_run ();
}
