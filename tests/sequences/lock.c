/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Semaphores, locks and limiters: order, cancelling and dropping of those that wait and of those that have. */

#include "wait.h"

static gpointer
root_of (GcMutation *m)
{
  return gc_arena_get_root (gc_mutation_get_arena (m));
}

static void
set_semaphore (Demo  *demo,
               guint  n)
{
  GcMutation *m = gc_arena_begin (demo->arena);

  gc_arena_set_root (demo->arena, gc_semaphore_new (m, n));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

static void
set_mutex (Demo *demo)
{
  GcMutation *m = gc_arena_begin (demo->arena);

  gc_arena_set_root (demo->arena, gc_async_mutex_new (m));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

static guint
get_n_free (Demo *demo)
{
  return gc_semaphore_get_n_free (wait_root (demo));
}

static GcSequence *
make_acquire (GcMutation *m,
              gpointer    context)
{
  return gc_semaphore_acquire (root_of (m), m);
}

static GcSequence *
make_run_value (GcMutation *m,
                gpointer    context)
{
  return gc_semaphore_run (root_of (m), m, gc_sequence_value (m, INT (3)));
}

static GcSequence *
make_run_never (GcMutation *m,
                gpointer    context)
{
  return gc_semaphore_run (root_of (m), m, gc_sequence_never (m));
}

static GcSequence *
make_run_error (GcMutation *m,
                gpointer    context)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy");

  return gc_semaphore_run (root_of (m), m, gc_sequence_error (m, error));
}

static GcPermit *
permit_of (GcRun *run)
{
  g_autoptr (GError) error = NULL;
  gpointer permit;

  wait_until_done (run);
  permit = gc_run_get_result (run, &error);
  g_assert_no_error (error);
  return permit;
}

static void
test_semaphore (Demo          *demo,
                gconstpointer  data)
{
  GcRun *runs[5];

  set_semaphore (demo, 2);
  for (guint i = 0; i < 5; i++)
    {
      runs[i] = wait_start (demo, make_acquire, NULL);
      gc_runner_step (demo->runner, 1);
      g_assert_cmpint (gc_run_is_done (runs[i]), ==, i < 2);
    }
  g_assert_cmpuint (get_n_free (demo), ==, 0);
  g_assert_cmpuint (gc_semaphore_get_n_waiting (wait_root (demo)), ==, 3);
  for (guint i = 0; i < 5; i++)
    {
      gc_permit_release (permit_of (runs[i]));
      gc_permit_release (permit_of (runs[i]));          /* once */
      gc_runner_step (demo->runner, 2);
      for (guint k = 0; k < 5; k++)
        g_assert_cmpint (gc_run_is_done (runs[k]), ==, k < i + 3);
    }
  g_assert_cmpuint (get_n_free (demo), ==, 2);
  for (guint i = 0; i < 5; i++)
    g_object_unref (runs[i]);
  gc_arena_set_root (demo->arena, NULL);
}

/* Without waiting, and outside of steps. */
static void
test_try_acquire (Demo          *demo,
                  gconstpointer  data)
{
  GcPermit *permit;
  GcMutation *m;
  GcRun *run;

  set_semaphore (demo, 1);
  m = gc_arena_begin (demo->arena);
  permit = gc_semaphore_try_acquire (root_of (m), m);
  g_assert_nonnull (permit);
  g_assert_null (gc_semaphore_try_acquire (root_of (m), m));
  gc_object_ref (permit);
  gc_mutation_finish (m);
  gc_mutation_unref (m);

  /* Who waits comes before who tries. */
  run = wait_start (demo, make_run_value, NULL);
  wait_idle ();
  g_assert_false (gc_run_is_done (run));
  m = gc_arena_begin (demo->arena);
  gc_permit_release (permit);
  g_assert_null (gc_semaphore_try_acquire (root_of (m), m));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  gc_object_unref (permit);
  wait_until_done (run);
  g_object_unref (run);
  g_assert_cmpuint (get_n_free (demo), ==, 1);
  gc_arena_set_root (demo->arena, NULL);
}

/* A permit that nobody has any more is released when it is collected. */
static void
test_permit_collected (Demo          *demo,
                       gconstpointer  data)
{
  g_autoptr (GcRun) first = NULL, second = NULL;

  set_semaphore (demo, 1);
  first = wait_start (demo, make_acquire, NULL);
  permit_of (first);
  second = wait_start (demo, make_acquire, NULL);
  gc_runner_step (demo->runner, 1);
  demo_n_objects (demo);
  g_assert_false (gc_run_is_done (second));
  g_clear_object (&first);
  demo_n_objects (demo);
  gc_permit_release (permit_of (second));
  g_assert_cmpuint (get_n_free (demo), ==, 1);
  gc_arena_set_root (demo->arena, NULL);
}

static void
test_run (Demo          *demo,
          gconstpointer  data)
{
  set_semaphore (demo, 1);
  demo_assert_steps (demo, make_run_value, NULL, 3, 3);
  g_assert_cmpuint (get_n_free (demo), ==, 1);
  demo_assert_error (demo, make_run_error, NULL, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpuint (get_n_free (demo), ==, 1);
  gc_arena_set_root (demo->arena, NULL);
}

/* Whoever is cancelled, wherever it is: the permits are all there in the end. */
static void
test_cancelled (Demo          *demo,
                gconstpointer  data)
{
  g_autoptr (GcRun) holder = NULL, first = NULL, second = NULL;

  set_semaphore (demo, 1);
  wait_cancel_everywhere (demo, make_run_value, NULL, 4, 2);
  wait_cancel_everywhere (demo, make_run_never, NULL, 4, 5);
  g_assert_cmpuint (get_n_free (demo), ==, 1);

  holder = wait_start (demo, make_acquire, NULL);
  permit_of (holder);
  wait_cancel_everywhere (demo, make_acquire, NULL, 3, 4);
  wait_cancel_everywhere (demo, make_run_value, NULL, 3, 4);
  /* Granted, and cancelled before it knows. */
  first = wait_start (demo, make_run_never, NULL);
  second = wait_start (demo, make_run_value, NULL);
  gc_runner_step (demo->runner, 2);
  gc_permit_release (permit_of (holder));
  gc_run_cancel (first);
  wait_assert_cancelled (first);
  wait_until_done (second);
  g_assert_cmpint (gc_untag_int (gc_run_get_result (second, NULL)), ==, 3);
  g_assert_cmpuint (get_n_free (demo), ==, 1);
  gc_arena_set_root (demo->arena, NULL);
}

/* Who is dropped: while it waits, and while it has the permit. */
static void
test_dropped (Demo          *demo,
              gconstpointer  data)
{
  g_autoptr (GcRun) holder = NULL, waiter = NULL;

  set_semaphore (demo, 1);
  wait_drop (demo, make_run_never, NULL);
  g_assert_cmpuint (get_n_free (demo), ==, 1);
  wait_drop (demo, make_acquire, NULL);
  g_assert_cmpuint (get_n_free (demo), ==, 1);

  holder = wait_start (demo, make_acquire, NULL);
  permit_of (holder);
  wait_drop (demo, make_run_value, NULL);
  wait_drop (demo, make_acquire, NULL);
  g_assert_cmpuint (gc_semaphore_get_n_waiting (wait_root (demo)), ==, 0);
  waiter = wait_start (demo, make_run_value, NULL);
  gc_runner_step (demo->runner, 1);
  gc_permit_release (permit_of (holder));
  wait_until_done (waiter);
  g_assert_cmpuint (get_n_free (demo), ==, 1);
  gc_arena_set_root (demo->arena, NULL);
}

/* The lock */

static GcSequence *
make_lock (GcMutation *m,
           gpointer    context)
{
  return gc_async_mutex_lock (root_of (m), m);
}

static gboolean
is_locked (Demo *demo)
{
  return gc_async_mutex_is_locked (wait_root (demo));
}

static void
test_mutex (Demo          *demo,
            gconstpointer  data)
{
  g_autoptr (GcRun) first = NULL, second = NULL;
  GcMutation *m;

  set_mutex (demo);
  g_assert_false (is_locked (demo));
  first = wait_start (demo, make_lock, NULL);
  second = wait_start (demo, make_lock, NULL);
  gc_runner_step (demo->runner, 10);
  g_assert_true (gc_run_is_done (first));
  g_assert_false (gc_run_is_done (second));
  g_assert_true (is_locked (demo));
  m = gc_arena_begin (demo->arena);
  g_assert_null (gc_async_mutex_try_lock (root_of (m), m));
  gc_permit_release (permit_of (first));
  g_assert_null (gc_async_mutex_try_lock (root_of (m), m));     /* it is the second one's */
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  gc_permit_release (permit_of (second));
  g_assert_false (is_locked (demo));
  m = gc_arena_begin (demo->arena);
  gc_permit_release (gc_async_mutex_try_lock (root_of (m), m));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  g_assert_false (is_locked (demo));
  gc_arena_set_root (demo->arena, NULL);
}

/* No two are inside at a time, and they enter in order. */

static guint n_inside, n_entered;

GC_DEFINE_COROUTINE (LockInside, lock_inside,
                     GC_PARAM (guint, number)
                     GC_PARAM (guint, limit))

GC_COROUTINE_BODY (LockInside, lock_inside)
{
  GC_BEGIN ();
  g_assert_cmpuint (self->number, ==, n_entered++);
  g_assert_cmpuint (++n_inside, <=, self->limit);
  GC_AWAIT (gc_sequence_sleep (m, 50));
  g_assert_cmpuint (n_inside--, <=, self->limit);
  if (self->number % 5 == 3)
    GC_THROW (G_IO_ERROR, G_IO_ERROR_BUSY, "busy");
  GC_END ();
}

GC_DEFINE_COROUTINE (LockMany, lock_many,
                     GC_PARAM (guint, limit)
                     GC_LOCAL_REF (GcTaskGroup, group)
                     GC_LOCAL (guint, n))

GC_COROUTINE_BODY (LockMany, lock_many)
{
  GC_BEGIN ();
  gc_set (self, group, gc_task_group_new (m));
  for (self->n = 0; self->n < 30; self->n++)
    {
      GcSequence *inside = lock_inside_new (m, self->n, self->limit);

      gc_task_group_spawn (self->group, step,
                           self->limit == 1 ? gc_async_mutex_run (root_of (m), m, inside)
                                            : gc_limiter_run (root_of (m), m, inside));
    }
  while (gc_task_group_get_n_live (self->group) > 0)
    {
      if (gc_task_group_next (self->group, step, NULL))
        g_assert_true (step->error == NULL || gc_step_catch (step, G_IO_ERROR, G_IO_ERROR_BUSY));
      else
        GC_WAIT ();
    }
  GC_RETURN (INT (1));
  GC_END ();
}

static GcSequence *
make_many (GcMutation *m,
           gpointer    limit)
{
  return lock_many_new (m, GPOINTER_TO_UINT (limit));
}

static void
test_mutual_exclusion (Demo          *demo,
                       gconstpointer  data)
{
  n_inside = n_entered = 0;
  set_mutex (demo);
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_many, GUINT_TO_POINTER (1), NULL)), ==, 1);
  g_assert_cmpuint (n_entered, ==, 30);
  g_assert_false (is_locked (demo));
  gc_arena_set_root (demo->arena, NULL);
}

static void
test_limiter (Demo          *demo,
              gconstpointer  data)
{
  GcMutation *m = gc_arena_begin (demo->arena);

  gc_arena_set_root (demo->arena, gc_limiter_new (m, 4));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  n_inside = n_entered = 0;
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_many, GUINT_TO_POINTER (4), NULL)), ==, 1);
  g_assert_cmpuint (n_entered, ==, 30);
  g_assert_cmpuint (gc_limiter_get_n_running (wait_root (demo)), ==, 0);
  g_assert_cmpuint (gc_limiter_get_n_waiting (wait_root (demo)), ==, 0);
  gc_arena_set_root (demo->arena, NULL);
}

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) other = gc_arena_new ();
  GcMutation *m = gc_arena_begin (demo->arena), *m2 = gc_arena_begin (other);
  GcSemaphore *semaphore = gc_semaphore_new (m, 1);

  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_semaphore_acquire: assertion*");
  g_assert_null (gc_semaphore_acquire (semaphore, m2));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_semaphore_run: assertion*");
  g_assert_null (gc_semaphore_run (semaphore, m, gc_sequence_never (m2)));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_limiter_new: assertion*");
  g_assert_null (gc_limiter_new (m, 0));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_permit_release: assertion*");
  gc_permit_release (NULL);
  g_test_assert_expected_messages ();
  gc_mutation_finish (m2);
  gc_mutation_unref (m2);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("lock/semaphore", test_semaphore);
  demo_add ("lock/try-acquire", test_try_acquire);
  demo_add ("lock/permit-collected", test_permit_collected);
  demo_add ("lock/run", test_run);
  demo_add ("lock/cancelled", test_cancelled);
  demo_add ("lock/dropped", test_dropped);
  demo_add ("lock/mutex", test_mutex);
  demo_add ("lock/mutual-exclusion", test_mutual_exclusion);
  demo_add ("lock/limiter", test_limiter);
  demo_add ("lock/misuse", test_misuse);

  return g_test_run ();
}
