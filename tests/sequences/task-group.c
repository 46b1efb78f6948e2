/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Task groups where they should not be used: outside of steps, and when the runner is gone. */

#include "demo.h"

GC_DEFINE_COROUTINE (DemoSpawn, demo_spawn,
                     GC_PARAM_REF (GcTaskGroup, group) GC_PARAM (guint, first)
                     GC_LOCAL (guint, index))

/* Two children that wait, of which the second is cancelled by its index. */
GC_COROUTINE_BODY (DemoSpawn, demo_spawn)
{
  GC_BEGIN ();
  gc_task_group_spawn (self->group, step, gc_sequence_never (m));
  self->index = gc_task_group_spawn (self->group, step, gc_sequence_never (m));
  GC_PAUSE ();
  gc_task_group_cancel_one (self->group, self->index);
  gc_task_group_cancel_one (self->group, self->index);  /* once */
  GC_AWAIT_OR (gc_sequence_never (m), G_IO_ERROR, G_IO_ERROR_CANCELLED)
    while (!gc_task_group_next (self->group, step, &self->index))
      GC_WAIT ();
  g_assert_cmpuint (self->index, ==, self->first);
  g_assert_true (gc_step_catch (step, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_assert_cmpuint (gc_task_group_get_n_live (self->group), ==, 1);
  GC_END ();
}

#define EXPECT(what) g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, what ": assertion*")

static void
assert_refused (GcTaskGroup *group)
{
  GcMutation *m = gc_arena_begin (gc_object_get_arena ((GcObject *) group));

  EXPECT ("gc_task_group_cancel");
  gc_task_group_cancel (group);
  EXPECT ("gc_task_group_cancel_one");
  gc_task_group_cancel_one (group, 0);
  g_test_assert_expected_messages ();
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

static void
test_outside (Demo          *demo,
              gconstpointer  data)
{
  g_autoptr (GcRun) run = NULL;
  GcRunner *runner = gc_runner_new (demo->arena);
  GcMutation *m = gc_arena_begin (demo->arena);
  GcTaskGroup *group = gc_object_ref (gc_task_group_new (m));

  run = gc_runner_start (runner, demo_spawn_new (m, group, 1), NULL);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  for (guint i = 0; i < 10; i++)
    gc_runner_step (runner, 1);
  assert_refused (group);

  gc_run_cancel (run);
  while (!gc_run_is_done (run))
    gc_runner_step (runner, 1);
  g_assert_null (gc_run_get_result (run, NULL));
  g_clear_object (&run);
  g_assert_finalize_object (runner);

  /* The other child still waits, and nobody can run it. */
  g_assert_cmpuint (gc_task_group_get_n_live (group), ==, 1);
  assert_refused (group);
  gc_object_unref (group);
}

/* One that has no children can be cancelled anywhere: those to come are cancelled before they begin. */
static GcSequence *
make_cancelled (GcMutation *m,
                gpointer    context)
{
  GcTaskGroup *group = gc_task_group_new (m);

  gc_task_group_cancel (group);
  EXPECT ("gc_task_group_cancel_one");
  gc_task_group_cancel_one (group, 0);
  g_test_assert_expected_messages ();
  return demo_spawn_new (m, group, 0);
}

static void
test_cancelled_before (Demo          *demo,
                       gconstpointer  data)
{
  g_autoptr (GcRun) run = NULL;
  GcMutation *m = gc_arena_begin (demo->arena);

  run = gc_runner_start (demo->runner, make_cancelled (m, NULL), NULL);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  for (guint i = 0; i < 10; i++)
    gc_runner_step (demo->runner, 1);
  g_assert_false (gc_run_is_done (run));
  gc_run_cancel (run);
  gc_runner_step (demo->runner, 100);
  g_assert_true (gc_run_is_done (run));
}

static void
test_cancelled_without_scope (Demo          *demo,
                              gconstpointer  data)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  g_autoptr (GcTaskGroup) group = gc_object_ref (gc_task_group_new (m));

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  gc_task_group_cancel (group);
  g_assert_cmpuint (gc_task_group_get_n_live (group), ==, 0);
}

/* In a step of a runner that has nothing to do with the group. */
static GcTaskGroup *stranger;

static GcStepResult
take_from_stranger (GcMutation  *m,
                    GcStep      *step,
                    gpointer     context,
                    GError     **error)
{
  guint index;

  EXPECT ("gc_task_group_next");
  g_assert_false (gc_task_group_next (stranger, step, &index));
  EXPECT ("gc_task_group_spawn");
  g_assert_cmpuint (gc_task_group_spawn (stranger, step, gc_sequence_never (m)), ==, G_MAXUINT);
  g_test_assert_expected_messages ();
  return gc_step_done (step, NULL);
}

static void
run_strangely (Demo *demo)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  g_autoptr (GcSequence) sequence = gc_object_ref (gc_sequence_steps (m, take_from_stranger, NULL));
  g_autoptr (GError) error = NULL;

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  gc_runner_run (demo->runner, sequence, NULL, &error);
  g_assert_no_error (error);
}

static void
test_another_arena (Demo          *demo,
                    gconstpointer  data)
{
  GcArena *other = gc_arena_new ();
  GcMutation *m = gc_arena_begin (other);

  stranger = gc_object_ref (gc_task_group_new (m));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  run_strangely (demo);
  gc_arena_collect (other);
  gc_object_unref (stranger);
  g_assert_finalize_object (other);
}

static void
test_another_runner (Demo          *demo,
                     gconstpointer  data)
{
  g_autoptr (GcRun) run = NULL;
  GcRunner *runner = gc_runner_new (demo->arena);
  GcMutation *m = gc_arena_begin (demo->arena);

  stranger = gc_object_ref (gc_task_group_new (m));
  run = gc_runner_start (runner, demo_spawn_new (m, stranger, 1), NULL);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  gc_runner_step (runner, 1);
  g_assert_cmpuint (gc_task_group_get_n_live (stranger), ==, 2);
  run_strangely (demo);
  gc_run_cancel (run);
  while (!gc_run_is_done (run))
    gc_runner_step (runner, 10);
  gc_object_unref (stranger);
  g_clear_object (&run);
  g_assert_finalize_object (runner);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("task-group/outside", test_outside);
  demo_add ("task-group/cancelled-before", test_cancelled_before);
  demo_add ("task-group/cancelled-without-scope", test_cancelled_without_scope);
  demo_add ("task-group/another-arena", test_another_arena);
  demo_add ("task-group/another-runner", test_another_runner);

  return g_test_run ();
}
