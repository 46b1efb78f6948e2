/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What tests of waiting share: cancelling after each number of steps, and dropping half-way. */

#pragma once

#include "demo.h"

/* Iterates the main context until nothing is to be done. */
G_GNUC_UNUSED static void
wait_idle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* The arena's root, to look at until the next safe point. */
G_GNUC_UNUSED static gpointer
wait_root (Demo *demo)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  gpointer root = gc_object_ref (gc_arena_get_root (demo->arena));

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  gc_object_unref (root);
  return root;
}

/* Begins what @make makes. */
G_GNUC_UNUSED static GcRun *
wait_start (Demo     *demo,
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
wait_until_done (GcRun *run)
{
  while (!gc_run_is_done (run))
    g_main_context_iteration (NULL, TRUE);
}

/* Ends as cancelled. */
G_GNUC_UNUSED static void
wait_assert_cancelled (GcRun *run)
{
  g_autoptr (GError) error = NULL;

  wait_until_done (run);
  g_assert_null (gc_run_get_result (run, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Runs it again and again, and cancels it before its first step, after that, and so on: it has to end, as cancelled
 * or, if it was done, well. It is not done before at least @n_cancelled steps of that. */
G_GNUC_UNUSED static void
wait_cancel_everywhere (Demo     *demo,
                        DemoMake  make,
                        gpointer  context,
                        guint     n_steps,
                        guint     n_cancelled)
{
  guint n = 0;

  for (guint k = 0; k <= n_steps; k++)
    {
      g_autoptr (GcRun) run = wait_start (demo, make, context);
      g_autoptr (GError) error = NULL;

      for (guint i = 0; i < k; i++)
        gc_runner_step (demo->runner, 1);
      gc_run_cancel (run);
      wait_until_done (run);
      gc_run_get_result (run, &error);
      if (error != NULL)
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          n++;
        }
      wait_idle ();
    }
  g_assert_cmpuint (n, >=, n_cancelled);
  demo_n_objects (demo);        /* those that never began are finalized */
  wait_idle ();
}

/* Dropping: a child that begins, and that nobody awaits. */

typedef struct
{
  DemoMake make;
  gpointer context;
  guint    n_turns;
} WaitDrop;

G_GNUC_UNUSED static GcStepResult
wait_drop_step (GcMutation *m,
                GcStep     *step,
                gpointer    data,
                GError    **error)
{
  WaitDrop *drop = data;

  if (drop->n_turns == 0)
    gc_task_group_spawn (gc_task_group_new (m), step, drop->make (m, drop->context));
  gc_step_consume (step, 64);   /* its turn is over: the child's comes */
  return drop->n_turns++ < 4 ? GC_STEP_CONTINUE : gc_step_done (step, INT (1));
}

G_GNUC_UNUSED static GcSequence *
wait_make_drop (GcMutation *m,
                gpointer    context)
{
  return gc_sequence_func (m, wait_drop_step, context, NULL);
}

/* Begins what @make makes, and drops it. */
G_GNUC_UNUSED static void
wait_drop (Demo     *demo,
           DemoMake  make,
           gpointer  context)
{
  WaitDrop drop = { make, context, 0 };

  g_assert_cmpint (gc_untag_int (demo_run (demo, wait_make_drop, &drop, NULL)), ==, 1);
  wait_idle ();                 /* what is ready goes on; what waits is garbage */
  demo_n_objects (demo);
  demo_n_objects (demo);
}
