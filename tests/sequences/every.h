/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Every function that makes a sequence, by tables: what it ends with, in how many steps and in which of them
 * its callbacks run; cancelled after each number of steps, and dropped after each. In each case all that has begun
 * ends once, all data of callbacks is freed once, and the arena has as many objects as before.
 *
 * Each table is run once for each way to collect, which includes a full collection between every two steps. That
 * the tables are complete is seen to by tests/checks/combinators.py. */

#pragma once

#include "generators.h"

typedef enum
{
  GOOD,                         /* what it is made of ends with numbers */
  BAD                           /* some of it fails with G_IO_ERROR_BUSY */
} Mode;

typedef enum
{
  RUN,
  CANCEL,
  DROP
} Fate;

/* The texts are "steps: result", then "@step" for each callback. Where it is too late for a cancellation, since a step that
 * has been done decided what it ends with, "!n" says how many steps there are before that; what is cancelled later
 * ends as if it had not been. NULL if there is no such case. */
typedef struct
{
  const char *name;
  GcSequence *(*make) (GcMutation *m, Mode mode);
  const char *good;
  const char *bad;
} Every;

/* A table is written as ENTRY (name, good, bad, expression) each, in which the mode is "mode". */
#define EVERY_MAKE(name, good, bad, ...) \
  static GcSequence * \
  make_##name (GcMutation *m, \
               Mode        mode) \
  { \
    return __VA_ARGS__; \
  }

#define EVERY_ROW(name, good, bad, ...) { #name, make_##name, good, bad },

static struct
{
  Mode      mode;
  GcRunner *runner;
  guint64   n_before;           /* its steps before what is tested begins */
  GString  *callbacks;
  guint     n_data;             /* user data of callbacks, given and freed */
  guint     n_freed;
  int       waits;              /* atomic: what a thread does lasts until it is cancelled */
  int       has_stepped;        /* atomic: the first step is over */
  gint64    due;                /* a point in time that is to be later than the first step */
} every;

static gint64 patience = G_TIME_SPAN_MILLISECOND;

/* A point in time soon after the first step. If that comes too late, there is another try with more time. */
G_GNUC_UNUSED static gint64
soon (void)
{
  return every.due = g_get_monotonic_time () + patience;
}

/* A callback runs. The runner does one step in each dispatch, so that its count is exact. */
static void
note (void)
{
  g_string_append_printf (every.callbacks, " @%d",
                          (int) (gc_runner_get_n_steps (every.runner) - every.n_before) + 1);
}

static gpointer
data_new (int number)
{
  int *data = g_new (int, 1);

  *data = number;
  every.n_data++;
  return data;
}

static void
data_free (gpointer data)
{
  g_free (data);
  every.n_freed++;
}

/* Data and its destroy function, as arguments */
#define DATA(number) data_new (number), data_free

/* A number as scripts give it. */
static const GValue *
number (int i)
{
  static GValue value;

  if (!G_IS_VALUE (&value))
    g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, i);
  return &value;
}

/* What combinators are given: ends after so many pauses with a number, or fails with a code of G_IO_ERROR. */
GC_DEFINE_COROUTINE (EveryPart, every_part, GC_PARAM (int, n_pauses) GC_PARAM (int, number) GC_PARAM (int, code))

static void
every_part_ended (EveryPart *self)
{
  seen.n_ended++;
}

GC_COROUTINE_BODY (EveryPart, every_part)
{
  GC_BEGIN ();
  seen.n_begun++;
  GC_DEFER (every_part_ended);
  while (self->n_pauses-- > 0)
    GC_PAUSE ();
  if (self->code != 0)
    GC_THROW (G_IO_ERROR, self->code, "part");
  GC_RETURN (INT (self->number));
  GC_END ();
}

/* Two steps: ends with 1, or fails. */
#define PART_OF(mode) every_part_new (m, 1, 1, (mode) == BAD ? G_IO_ERROR_BUSY : 0)
#define PART          PART_OF (mode)
/* Three steps, and ends with 2 in any case. */
#define OTHER         every_part_new (m, 2, 2, 0)
#define STAY          gc_sequence_never (m)

/* A child that begins, and that nobody awaits. It lives as long as its group does. */
GC_DEFINE_COROUTINE (EveryDrop, every_drop, GC_PARAM_REF (GcSequence, child) GC_PARAM_REF (GcTaskGroup, group))

GC_COROUTINE_BODY (EveryDrop, every_drop)
{
  GC_BEGIN ();
  gc_task_group_spawn (self->group, step, self->child);
  GC_END ();
}

static GString *
describe_end (Demo  *demo,
              GcRun *run)
{
  g_autoptr (GError) error = NULL;
  gpointer value = gc_run_get_result (run, &error);
  GString *text = g_string_new (NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    g_string_append (text, "busy");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_string_append (text, "cancelled");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PENDING))
    g_string_append (text, "waits");
  else if (error != NULL)
    g_string_append_printf (text, "%s %d", g_quark_to_string (error->domain), error->code);
  else
    {
      GcMutation *m = gc_arena_begin (demo->arena);

      append_text (text, value);
      gc_mutation_finish (m);
      gc_mutation_unref (m);
    }
  return text;
}

/* Steps until so many are done, or it ends. */
static void
drive (GcRun   *run,
       guint64  n_steps)
{
  while ((run == NULL || !gc_run_is_done (run)) && gc_runner_get_n_steps (every.runner) < every.n_before + n_steps)
    {
      g_main_context_iteration (NULL, TRUE);
      g_atomic_int_set (&every.has_stepped, gc_runner_get_n_steps (every.runner) > 0);
    }
}

/* What is still on its way in other threads, and in idle callbacks, comes to its end. */
static void
clear_up (Demo       *demo,
          const char *name,
          gsize       n_objects)
{
  gint64 until = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
  gsize n = 0;

  for (guint i = 0; g_get_monotonic_time () < until; i++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      n = demo_n_objects (demo);
      if (n == n_objects && seen.n_begun == seen.n_ended && every.n_data == every.n_freed)
        return;
      if (i > 2)
        g_usleep (1000);
    }
  g_error ("%s: %" G_GSIZE_FORMAT " objects where there were %" G_GSIZE_FORMAT "; %u begun, %u ended; "
           "%u data, %u freed", name, n, n_objects, seen.n_begun, seen.n_ended, every.n_data, every.n_freed);
}

/* Gives what it ends with, unless it is dropped. */
static GString *
run_every (Demo        *demo,
           const Every *what,
           Mode         mode,
           Fate         fate,
           guint        n_steps)
{
  g_autofree char *title = g_strdup_printf ("%s, %s, %s after %u", what->name, mode == GOOD ? "good" : "bad",
                                            fate == RUN ? "run" : fate == CANCEL ? "cancelled" : "dropped", n_steps);
  gsize n_objects = demo_n_objects (demo);
  gboolean is_late = FALSE;
  GcTaskGroup *group = NULL;
  GcSequence *sequence;
  GcMutation *m;
  GcRun *run;
  GString *text = NULL;

  generators_reset ();
  memset (&every, 0, sizeof every);
  every.mode = mode;
  g_atomic_int_set (&every.waits, fate == CANCEL);
  every.callbacks = g_string_new (NULL);
  every.runner = gc_runner_new (demo->arena);
  gc_runner_set_budget_steps (every.runner, 1);

  m = gc_arena_begin (demo->arena);
  sequence = what->make (m, mode);
  if (fate == DROP)
    {
      group = gc_object_ref (gc_task_group_new (m));
      sequence = every_drop_new (m, sequence, group);
    }
  run = gc_runner_start (every.runner, sequence, NULL);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  if (fate == DROP)
    {
      drive (run, 1);
      g_assert_true (gc_run_is_done (run));
      every.n_before = 1;
      g_clear_object (&run);
    }
  if (every.due > 0 && n_steps > 0 && fate != DROP)
    {
      drive (run, 1);
      is_late = g_get_monotonic_time () >= every.due;
    }
  drive (run, n_steps);
  if (fate == CANCEL)
    {
      g_assert_cmpuint (gc_runner_get_n_steps (every.runner), ==, n_steps);
      gc_run_cancel (run);
      g_atomic_int_set (&every.waits, FALSE);
      drive (run, G_MAXUINT);
    }
  if (fate != DROP)
    text = describe_end (demo, run);
  if (fate == RUN)
    {
      g_autofree char *steps = g_strdup_printf ("%d: ", (int) gc_runner_get_n_steps (every.runner));

      g_string_prepend (text, steps);
      g_string_append (text, every.callbacks->str);
      if (!gc_run_is_done (run))
        {
          gc_run_cancel (run);
          drive (run, G_MAXUINT);
        }
    }
  g_clear_object (&run);
  g_clear_pointer (&group, gc_object_unref);
  while (g_main_context_iteration (NULL, FALSE))        /* losers that were detached come to an end */
    ;
  g_assert_finalize_object (every.runner);
  clear_up (demo, title, n_objects);
  g_string_free (every.callbacks, TRUE);
  if (is_late)
    {
      g_string_free (text, TRUE);
      patience *= 2;
      g_assert_cmpint (patience, <, 30 * G_TIME_SPAN_SECOND);
      return run_every (demo, what, mode, fate, n_steps);
    }
  return text;
}

static void
test_one (Demo        *demo,
          const Every *what,
          Mode         mode,
          const char  *expected)
{
  const char *title = mode == GOOD ? "good" : "bad";
  guint n_steps, n_cancelled = 0;
  g_autofree char *expected_full = NULL;
  g_autofree char *full = NULL;
  GString *text;

  if (expected == NULL)
    return;
  n_steps = strtoul (expected, NULL, 10);
  text = run_every (demo, what, mode, RUN, n_steps);
  for (guint k = 0; k < n_steps; k++)
    {
      GString *end = run_every (demo, what, mode, CANCEL, k);

      if (g_str_equal (end->str, "cancelled"))
        n_cancelled++;
      else if (strstr (text->str, end->str) == NULL)
        g_error ("%s, %s, cancelled after %u of %u steps: %s", what->name, title, k, n_steps, end->str);
      g_string_free (end, TRUE);
      run_every (demo, what, mode, DROP, k);
    }
  if (n_cancelled < n_steps)
    g_string_append_printf (text, " !%u", n_cancelled);

  full = g_strdup_printf ("%s, %s: %s", what->name, title, text->str);
  expected_full = g_strdup_printf ("%s, %s: %s", what->name, title, expected);
  g_assert_cmpstr (full, ==, expected_full);
  g_string_free (text, TRUE);
}

/* The table of a test ends with an entry that has no name. */
static void
test_table (Demo        *demo,
            const Every *table)
{
  for (guint i = 0; table[i].name != NULL; i++)
    {
      test_one (demo, &table[i], GOOD, table[i].good);
      test_one (demo, &table[i], BAD, table[i].bad);
    }
}
