/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What tests of generators and loops share: a source that counts whether it was closed, results as text, and
 * cancelling and closing after each step. */

#pragma once

#include "demo.h"

/* What sources have done since generators_reset(): each that has begun has to end, unless it is dropped. */
static struct
{
  guint n_begun;
  guint n_ended;                /* deferred code has run */
  guint n_cleaned;              /* clean-up that awaits has run to its end, when it was closed */
  guint n_given;                /* items */
} seen;

static inline void
generators_reset (void)
{
  memset (&seen, 0, sizeof seen);
}

/* Numbers from first to last, with so many pauses before each; fails after the last if it has an error to
 * fail with, or ends with 100. Closing it takes two steps. */
GC_DEFINE_COROUTINE (TestNumbers, test_numbers,
                     GC_PARAM (int, first)
                     GC_PARAM (int, last)
                     GC_PARAM (int, n_pauses)
                     GC_PARAM (gboolean, fails)
                     GC_LOCAL (int, k))

static void
test_numbers_ended (TestNumbers *self)
{
  seen.n_ended++;
}

GC_COROUTINE_BODY (TestNumbers, test_numbers)
{
  GC_BEGIN ();
  seen.n_begun++;
  GC_DEFER (test_numbers_ended);
  for (; self->first <= self->last; self->first++)
    {
      for (self->k = 0; self->k < self->n_pauses; self->k++)
        GC_PAUSE ();
      seen.n_given++;
      GC_YIELD_OR_ANY (INT (self->first))
        {
          g_assert_error (GC_CAUGHT, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          GC_PAUSE ();
          GC_PAUSE ();
          seen.n_cleaned++;
          GC_THROW (G_IO_ERROR, G_IO_ERROR_CANCELLED, "closed");
        }
    }
  if (self->fails)
    GC_THROW (G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  GC_RETURN (INT (100));
  GC_END ();
}

/* From 0, so many numbers. */
G_GNUC_UNUSED static GcSequence *
numbers (GcMutation *m,
         int         n)
{
  return test_numbers_new (m, 0, n - 1, 0, FALSE);
}

/* 1 2 and then an error */
G_GNUC_UNUSED static GcSequence *
broken (GcMutation *m)
{
  return test_numbers_new (m, 1, 2, 1, TRUE);
}

static void
append_text (GString *text,
             gpointer word)
{
  if (word == NULL)
    g_string_append (text, "null");
  else if (gc_is_tagged (word))
    g_string_append_printf (text, "%d", (int) gc_untag_int (word));
  else if (GC_IS_ARRAY (word))
    {
      g_string_append_c (text, '[');
      for (gsize i = 0; i < gc_array_get_length (word); i++)
        {
          if (i > 0)
            g_string_append_c (text, ' ');
          append_text (text, gc_array_get (word, i));
        }
      g_string_append_c (text, ']');
    }
  else if (GC_IS_BOX (word) && gc_box_get_value_type (word) == G_TYPE_INT64)
    g_string_append_printf (text, "box %" G_GINT64_FORMAT, gc_box_get_int64 (word, NULL));
  else if (GC_IS_OUTCOME (word))
    {
      g_string_append_printf (text, "#%u ", gc_outcome_get_index (word));
      append_text (text, gc_outcome_has_failed (word) ? INT (-1) : gc_outcome_get_result (word, NULL));
    }
  else if (GC_IS_ITEM (word))
    {
      g_string_append (text, gc_item_is_end (word) ? "end " : "item ");
      append_text (text, gc_item_get_value (word));
    }
  else
    g_string_append (text, G_OBJECT_TYPE_NAME (word));
}

/* Runs what @make makes and tells what it ended with. */
G_GNUC_UNUSED static char *
run_to_text (Demo     *demo,
             DemoMake  make,
             gpointer  context,
             guint64  *n_steps)
{
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);
  guint64 before = gc_runner_get_n_steps (demo->runner);
  GcMutation *m = gc_arena_begin (demo->arena);
  GcSequence *sequence = gc_object_ref (make (m, context));
  gpointer value;

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  value = gc_runner_run (demo->runner, sequence, NULL, &error);
  gc_object_unref (sequence);
  if (n_steps != NULL)
    *n_steps = gc_runner_get_n_steps (demo->runner) - before;
  m = gc_arena_begin (demo->arena);
  if (error != NULL)
    g_string_append_printf (text, "%s %d", g_quark_to_string (error->domain), error->code);
  else
    append_text (text, value);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  if (value != NULL && !gc_is_tagged (value))
    gc_object_unref (value);
  return g_string_free (text, FALSE);
}

/* What it ends with and in how many steps, 0 for any; what began has ended. */
#define assert_run(demo, make, context, text, steps) \
  G_STMT_START { \
    guint64 n_steps_ = 0; \
    g_autofree char *text_ = NULL; \
    generators_reset (); \
    text_ = run_to_text (demo, make, context, &n_steps_); \
    g_assert_cmpstr (text_, ==, text); \
    if ((steps) != 0) \
      g_assert_cmpuint (n_steps_, ==, steps); \
    g_assert_cmpuint (seen.n_begun, ==, seen.n_ended); \
  } G_STMT_END

#define BROKEN    "g-io-error-quark 44"
#define CANCELLED "g-io-error-quark 19"

G_GNUC_UNUSED static GcRun *
start (Demo     *demo,
       DemoMake  make,
       gpointer  context)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  GcRun *run = gc_runner_start (demo->runner, make (m, context), NULL);

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  return run;
}

G_GNUC_UNUSED static void
finish (Demo  *demo,
        GcRun *run)
{
  for (guint i = 0; !gc_run_is_done (run); i++)
    {
      g_assert_cmpuint (i, <, 100000);
      gc_runner_step (demo->runner, 1);
    }
}

/* Cancels it after each number of steps. It ends, as cancelled or as if it had not been, which may be with the
 * error BROKEN_PIPE; what began has ended when it has. */
G_GNUC_UNUSED static void
cancel_everywhere (Demo     *demo,
                   DemoMake  make,
                   gpointer  context)
{
  gboolean is_over = FALSE;
  guint n_cancelled = 0;

  for (guint k = 0; !is_over; k++)
    {
      g_autoptr (GError) error = NULL;
      GcRun *run;

      g_assert_cmpuint (k, <, 1000);
      generators_reset ();
      run = start (demo, make, context);
      for (guint i = 0; i < k && !gc_run_is_done (run); i++)
        gc_runner_step (demo->runner, 1);
      is_over = gc_run_is_done (run);
      gc_run_cancel (run);
      finish (demo, run);
      gc_run_get_result (run, &error);
      if (is_over)
        g_assert_false (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        n_cancelled++;
      else if (error != NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
      g_assert_cmpuint (seen.n_begun, ==, seen.n_ended);
      g_object_unref (run);
    }
  g_assert_cmpuint (n_cancelled, >, 0);
}

/* Pulls so many items of what @make makes by hand, and then does this with it. */
typedef enum
{
  THEN_CLOSE,
  THEN_DROP
} Then;

G_GNUC_UNUSED static GcSequence *
next_of_root (GcMutation *m,
              gpointer    context)
{
  return gc_generator_next (m, gc_arena_get_root (gc_mutation_get_arena (m)));
}

G_GNUC_UNUSED static GcSequence *
close_root (GcMutation *m,
            gpointer    context)
{
  return gc_generator_close (m, gc_arena_get_root (gc_mutation_get_arena (m)));
}

/* Gives whether there was an item. */
G_GNUC_UNUSED static gboolean
pull_one (Demo *demo)
{
  g_autoptr (GError) error = NULL;
  GcMutation *m = gc_arena_begin (demo->arena);
  GcSequence *sequence = gc_object_ref (next_of_root (m, NULL));
  GcItem *item;
  gboolean is_end;

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  item = gc_runner_run (demo->runner, sequence, NULL, &error);
  gc_object_unref (sequence);
  if (item == NULL)
    {
      g_assert_nonnull (error);
      return FALSE;
    }
  is_end = gc_item_is_end (item);
  gc_object_unref (item);
  return !is_end;
}

G_GNUC_UNUSED static void
set_root (Demo     *demo,
          DemoMake  make,
          gpointer  context)
{
  GcMutation *m = gc_arena_begin (demo->arena);

  gc_arena_set_root (demo->arena, make (m, context));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

G_GNUC_UNUSED static void
assert_close (Demo *demo)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (demo_run (demo, close_root, NULL, &error));
  g_assert_no_error (error);
}

G_GNUC_UNUSED static GcSequence *
make_numbers (GcMutation *m,
              gpointer    context)
{
  return numbers (m, GPOINTER_TO_INT (context));
}

G_GNUC_UNUSED static GcSequence *
make_broken_numbers (GcMutation *m,
             gpointer    context)
{
  return broken (m);
}

G_GNUC_UNUSED static void
assert_state (Demo            *demo,
              GcSequenceState  state)
{
  GcMutation *m = gc_arena_begin (demo->arena);

  g_assert_cmpint (gc_sequence_get_state (gc_arena_get_root (demo->arena)), ==, state);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

/* After each number of items. What began has ended in either case, and only once. */
G_GNUC_UNUSED static void
stop_everywhere (Demo     *demo,
                 DemoMake  make,
                 gpointer  context,
                 Then      then)
{
  gboolean has_item = TRUE;
  guint n_cleaned;

  for (guint k = 0; has_item; k++)
    {
      generators_reset ();
      set_root (demo, make, context);
      for (guint i = 0; i < k && has_item; i++)
        has_item = pull_one (demo);
      if (then == THEN_CLOSE)
        {
          assert_close (demo);
          g_assert_cmpuint (seen.n_begun, ==, seen.n_ended);
          g_assert_false (pull_one (demo));
        }
      n_cleaned = seen.n_cleaned;
      gc_arena_set_root (demo->arena, NULL);
      gc_arena_collect (demo->arena);
      g_assert_cmpuint (seen.n_begun, ==, seen.n_ended);
      g_assert_cmpuint (seen.n_cleaned, ==, n_cleaned); /* what is dropped runs no clean-up that awaits */
    }
}
