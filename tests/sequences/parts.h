/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What tests of combinators are made of: small sequences that leave a trace, and ways to interrupt a thing
 * after each of its steps. */

#pragma once

#include "demo.h"

/* The trace: letters, in order. */
static char trace[4096];
static guint trace_length;

static inline void
trace_clear (void)
{
  trace_length = 0;
  trace[0] = '\0';
}

static inline void
trace_add (char letter)
{
  g_assert_cmpuint (trace_length, <, sizeof trace - 1);
  trace[trace_length++] = letter;
  trace[trace_length] = '\0';
}

static inline guint
trace_count (char letter)
{
  guint n = 0;

  for (guint i = 0; i < trace_length; i++)
    n += trace[i] == letter;
  return n;
}

/* Takes n steps besides its last one; leaves its letter then, and ends with the number. */
GC_DEFINE_COROUTINE (DemoPart, demo_part, GC_PARAM (char, letter) GC_PARAM (int, n) GC_PARAM (int, number))

GC_COROUTINE_BODY (DemoPart, demo_part)
{
  GC_BEGIN ();
  while (self->n-- > 0)
    GC_PAUSE ();
  trace_add (self->letter);
  GC_RETURN (INT (self->number));
  GC_END ();
}

/* Likewise, and fails with the code of G_IO_ERROR. */
GC_DEFINE_COROUTINE (DemoFailure, demo_failure, GC_PARAM (char, letter) GC_PARAM (int, n) GC_PARAM (int, code))

GC_COROUTINE_BODY (DemoFailure, demo_failure)
{
  GC_BEGIN ();
  while (self->n-- > 0)
    GC_PAUSE ();
  trace_add (self->letter);
  GC_THROW (G_IO_ERROR, self->code, "%c", self->letter);
  GC_END ();
}

/* Waits until cancelled, and leaves its letter when that comes. */
GC_DEFINE_COROUTINE (DemoStay, demo_stay, GC_PARAM (char, letter))

GC_COROUTINE_BODY (DemoStay, demo_stay)
{
  GC_BEGIN ();
  GC_AWAIT_OR_ANY (gc_sequence_never (m))
    {
      trace_add (self->letter);
      GC_THROW (GC_CAUGHT->domain, GC_CAUGHT->code, "%s", GC_CAUGHT->message);
    }
  GC_END ();
}

/* Runs what @make makes for @n_steps, or until it ends. */
static inline GcRun *
part_start (Demo     *demo,
            DemoMake  make,
            gpointer  context,
            guint     n_steps)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  GcRun *run = gc_runner_start (demo->runner, make (m, context), NULL);

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  for (guint i = 0; i < n_steps && !gc_run_is_done (run); i++)
    gc_runner_step (demo->runner, 1);
  return run;
}

static inline void
part_finish (Demo  *demo,
             GcRun *run)
{
  for (guint i = 0; i < 100000 && !gc_run_is_done (run); i++)
    gc_runner_step (demo->runner, 1);
  g_assert_true (gc_run_is_done (run));
}

/* Runs what is ready until nothing is. */
static inline void
part_settle (Demo *demo)
{
  guint64 before;

  do
    {
      before = gc_runner_get_n_steps (demo->runner);
      gc_runner_step (demo->runner, 100);
    }
  while (gc_runner_get_n_steps (demo->runner) != before);
}

/* Cancels what @make makes after each number of steps that it does not end in, and has @check look at what
 * comes of it: a number, -1 if it failed. The trace is that of the run. */
typedef void (*PartCheck) (gssize        number,
                           const GError *error,
                           guint         n_steps,
                           gpointer      context);

static inline void
part_cancel_everywhere (Demo      *demo,
                        DemoMake   make,
                        gpointer   context,
                        PartCheck  check)
{
  for (guint n = 0;; n++)
    {
      g_autoptr (GcRun) run = NULL;
      g_autoptr (GError) error = NULL;
      gpointer value;

      trace_clear ();
      run = part_start (demo, make, context, n);
      if (gc_run_is_done (run))
        break;
      gc_run_cancel (run);
      part_finish (demo, run);
      value = gc_run_get_result (run, &error);
      check (error != NULL ? -1 : gc_is_tagged (value) ? gc_untag_int (value) : 0, error, n, context);
    }
  part_settle (demo);
  g_assert_cmpuint (demo_n_objects (demo), <=, demo->n_before + 4);
}

/* Lets what @make makes run beside another for so many steps, and drops it. */
GC_DEFINE_COROUTINE (DemoDrop, demo_drop,
                     GC_PARAM_REF (GcSequence, child) GC_PARAM (guint, n) GC_LOCAL_REF (GcTaskGroup, group))

GC_COROUTINE_BODY (DemoDrop, demo_drop)
{
  GC_BEGIN ();
  gc_set (self, group, gc_task_group_new (m));
  gc_task_group_spawn (self->group, step, self->child);
  gc_set (self, child, NULL);
  while (self->n-- > 0)
    GC_PAUSE ();
  gc_set (self, group, NULL);
  GC_END ();
}

typedef struct
{
  DemoMake make;
  gpointer context;
  guint    n;
} PartDrop;

static inline GcSequence *
make_drop (GcMutation *m,
           gpointer    context)
{
  PartDrop *drop = context;

  return demo_drop_new (m, drop->make (m, drop->context), drop->n);
}

/* Drops it after each number of steps up to @max: nothing may be left. What is ready when it is dropped goes on
 * as long as it is. */
static inline void
part_drop_everywhere (Demo     *demo,
                      DemoMake  make,
                      gpointer  context,
                      guint     max)
{
  for (guint n = 0; n <= max; n++)
    {
      PartDrop drop = { make, context, n };
      g_autoptr (GcRun) run = NULL;

      trace_clear ();
      run = part_start (demo, make_drop, &drop, 0);
      part_finish (demo, run);
      part_settle (demo);
      g_assert_cmpuint (demo_n_objects (demo), <=, demo->n_before + 4);
    }
}

/* Callbacks for scripts, whose data is a counter that has to be freed */
static G_GNUC_UNUSED guint n_freed;

static inline void
count_freed (gpointer data)
{
  n_freed++;
}
