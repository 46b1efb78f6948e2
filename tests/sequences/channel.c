/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Channels: order, room, closing, and waiters that are cancelled or dropped. */

#include "wait.h"

/* The channel of a test is the arena's root. */

static GcChannel *
channel_of (GcMutation *m)
{
  return gc_arena_get_root (gc_mutation_get_arena (m));
}

static void
set_channel (Demo  *demo,
             guint  capacity)
{
  GcMutation *m = gc_arena_begin (demo->arena);

  gc_arena_set_root (demo->arena, gc_channel_new (m, capacity));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

static guint
get_length (Demo *demo)
{
  return gc_channel_get_length (wait_root (demo));
}

static gboolean
try_send (Demo *demo,
          int   i)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  gboolean is_sent = gc_channel_try_send (channel_of (m), m, INT (i));

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  return is_sent;
}

static int
try_receive (Demo *demo)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  gpointer item = INT (-1);

  gc_channel_try_receive (channel_of (m), m, &item);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  return gc_untag_int (item);
}

static void
close_channel (Demo *demo)
{
  GcMutation *m = gc_arena_begin (demo->arena);

  gc_channel_close (channel_of (m));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

static GcSequence *
make_send (GcMutation *m,
           gpointer    i)
{
  return gc_channel_send (channel_of (m), m, INT (GPOINTER_TO_INT (i)));
}

static GcSequence *
make_receive (GcMutation *m,
              gpointer    context)
{
  return gc_channel_receive (channel_of (m), m);
}

static void
assert_result (GcRun *run,
               int    i)
{
  g_autoptr (GError) error = NULL;
  gpointer value;

  wait_until_done (run);
  value = gc_run_get_result (run, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gc_untag_int (value), ==, i);
}

static void
assert_closed (GcRun *run)
{
  g_autoptr (GError) error = NULL;

  wait_until_done (run);
  g_assert_null (gc_run_get_result (run, &error));
  g_assert_error (error, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_CLOSED);
}

/* Without waiting: one step each. */
static void
test_steps (Demo          *demo,
            gconstpointer  data)
{
  set_channel (demo, 2);
  demo_assert_steps (demo, make_send, GINT_TO_POINTER (1), 0, 1);
  demo_assert_steps (demo, make_send, GINT_TO_POINTER (2), 0, 1);
  g_assert_false (try_send (demo, 3));
  g_assert_cmpuint (get_length (demo), ==, 2);
  demo_assert_steps (demo, make_receive, NULL, 1, 1);
  g_assert_true (try_send (demo, 3));
  demo_assert_steps (demo, make_receive, NULL, 2, 1);
  demo_assert_steps (demo, make_receive, NULL, 3, 1);
  g_assert_cmpint (try_receive (demo), ==, -1);
  gc_arena_set_root (demo->arena, NULL);
}

/* Without waiting and outside of steps, the forms that scripts call: what is no object comes in a box. */
static void
test_try (Demo          *demo,
          gconstpointer  data)
{
  g_auto (GValue) number = G_VALUE_INIT;
  GcObject *item = NULL;
  GcMutation *m;

  g_value_init (&number, G_TYPE_DOUBLE);
  g_value_set_double (&number, 0.5);
  set_channel (demo, 2);
  m = gc_arena_begin (demo->arena);
  g_assert_false (gc_channel_try_receive_dup (channel_of (m), m, &item));
  g_assert_null (item);
  g_assert_true (gc_channel_try_send_value (channel_of (m), m, &number));
  g_assert_true (gc_channel_try_send_value (channel_of (m), m, NULL));
  g_assert_false (gc_channel_try_send_value (channel_of (m), m, &number));

  g_assert_true (gc_channel_try_receive_dup (channel_of (m), m, &item));
  g_assert_true (GC_IS_BOX (item));
  g_assert_cmpfloat (gc_box_get_double (GC_BOX (item), 0), ==, 0.5);
  gc_object_unref (item);
  g_assert_true (gc_channel_try_receive_dup (channel_of (m), m, NULL));
  g_assert_false (gc_channel_try_receive_dup (channel_of (m), m, NULL));
  g_assert_true (gc_channel_try_send_value (channel_of (m), m, &number));
  gc_channel_close (channel_of (m));
  g_assert_false (gc_channel_try_send_value (channel_of (m), m, &number));
  g_assert_true (gc_channel_try_receive_dup (channel_of (m), m, NULL));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  gc_arena_set_root (demo->arena, NULL);
}

/* One that has no end. */
static void
test_unlimited (Demo          *demo,
                gconstpointer  data)
{
  set_channel (demo, 0);
  for (int i = 0; i < 5; i++)
    g_assert_true (try_send (demo, i));
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (try_receive (demo), ==, i);
  for (int i = 5; i < 100; i++)
    g_assert_true (try_send (demo, i));
  gc_arena_collect (demo->arena);
  for (int i = 3; i < 100; i++)
    g_assert_cmpint (try_receive (demo), ==, i);
  g_assert_cmpint (try_receive (demo), ==, -1);
  gc_arena_set_root (demo->arena, NULL);
}

/* Who waits is served in the order of arrival. */
static void
test_fair (Demo          *demo,
           gconstpointer  data)
{
  GcRun *runs[4];

  set_channel (demo, 1);
  for (guint i = 0; i < 4; i++)
    {
      runs[i] = wait_start (demo, make_receive, NULL);
      gc_runner_step (demo->runner, 1);
    }
  for (int i = 0; i < 4; i++)
    {
      g_assert_true (try_send (demo, i));
      gc_runner_step (demo->runner, 1);
      assert_result (runs[i], i);
      g_object_unref (runs[i]);
    }
  g_assert_true (try_send (demo, 10));
  for (int i = 0; i < 4; i++)
    {
      runs[i] = wait_start (demo, make_send, GINT_TO_POINTER (11 + i));
      gc_runner_step (demo->runner, 1);
      g_assert_false (gc_run_is_done (runs[i]));
    }
  for (int i = 0; i < 4; i++)
    {
      g_assert_cmpint (try_receive (demo), ==, 10 + i);
      g_assert_false (try_send (demo, 99));     /* nobody overtakes */
      gc_runner_step (demo->runner, 1);
      assert_result (runs[i], 0);
      g_object_unref (runs[i]);
    }
  g_assert_cmpint (try_receive (demo), ==, 14);
  gc_arena_set_root (demo->arena, NULL);
}

static void
test_closed (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcRun) sender = NULL, receiver = NULL;

  set_channel (demo, 1);
  g_assert_true (try_send (demo, 1));
  sender = wait_start (demo, make_send, GINT_TO_POINTER (2));
  gc_runner_step (demo->runner, 1);
  close_channel (demo);
  close_channel (demo);
  assert_closed (sender);
  g_assert_false (try_send (demo, 3));
  demo_assert_error (demo, make_send, GINT_TO_POINTER (3), GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_CLOSED);
  demo_assert_steps (demo, make_receive, NULL, 1, 1);
  demo_assert_error (demo, make_receive, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_CLOSED);
  g_assert_true (gc_channel_is_closed (wait_root (demo)));

  set_channel (demo, 1);
  receiver = wait_start (demo, make_receive, NULL);
  gc_runner_step (demo->runner, 1);
  close_channel (demo);
  assert_closed (receiver);

  /* One that was granted its room before has not sent yet. */
  set_channel (demo, 1);
  g_assert_true (try_send (demo, 1));
  g_clear_object (&sender);
  sender = wait_start (demo, make_send, GINT_TO_POINTER (2));
  gc_runner_step (demo->runner, 1);
  g_assert_cmpint (try_receive (demo), ==, 1);
  close_channel (demo);
  assert_closed (sender);
  gc_arena_set_root (demo->arena, NULL);
}

/* Who is cancelled leaves the queue; what was granted to it goes to the next. */
static void
test_cancelled (Demo          *demo,
                gconstpointer  data)
{
  g_autoptr (GcRun) first = NULL, second = NULL, third = NULL;

  set_channel (demo, 1);
  wait_cancel_everywhere (demo, make_receive, NULL, 3, 4);
  first = wait_start (demo, make_receive, NULL);
  second = wait_start (demo, make_receive, NULL);
  third = wait_start (demo, make_receive, NULL);
  gc_runner_step (demo->runner, 3);
  gc_run_cancel (first);
  wait_assert_cancelled (first);
  g_assert_true (try_send (demo, 7));   /* granted to the second, which is cancelled before it knows */
  gc_run_cancel (second);
  wait_assert_cancelled (second);
  assert_result (third, 7);

  g_clear_object (&first);
  g_clear_object (&second);
  g_clear_object (&third);
  g_assert_true (try_send (demo, 1));
  wait_cancel_everywhere (demo, make_send, NULL, 3, 4);
  first = wait_start (demo, make_send, GINT_TO_POINTER (2));
  second = wait_start (demo, make_send, GINT_TO_POINTER (3));
  gc_runner_step (demo->runner, 2);
  g_assert_cmpint (try_receive (demo), ==, 1);
  gc_run_cancel (first);
  wait_assert_cancelled (first);
  assert_result (second, 0);
  g_assert_cmpint (try_receive (demo), ==, 3);
  g_assert_cmpuint (get_length (demo), ==, 0);
  gc_arena_set_root (demo->arena, NULL);
}

/* Who is dropped swallows nothing. */
static void
test_dropped (Demo          *demo,
              gconstpointer  data)
{
  g_autoptr (GcRun) run = NULL;

  set_channel (demo, 1);
  wait_drop (demo, make_receive, NULL);
  run = wait_start (demo, make_receive, NULL);
  gc_runner_step (demo->runner, 1);
  g_assert_true (try_send (demo, 5));
  assert_result (run, 5);
  g_clear_object (&run);

  g_assert_true (try_send (demo, 1));
  wait_drop (demo, make_send, GINT_TO_POINTER (2));
  run = wait_start (demo, make_send, GINT_TO_POINTER (3));
  gc_runner_step (demo->runner, 1);
  g_assert_cmpint (try_receive (demo), ==, 1);
  assert_result (run, 0);
  g_assert_cmpint (try_receive (demo), ==, 3);
  gc_arena_set_root (demo->arena, NULL);
}

/* One that is dropped while it waits, granted, and collected only then: with no zeal, where nothing else collects. */
static GcStepResult
drop_and_send (GcMutation  *m,
               GcStep      *step,
               gpointer     turn,
               GError     **error)
{
  switch ((*(guint *) turn)++)
    {
    case 0:
      gc_task_group_spawn (gc_task_group_new (m), step, gc_channel_receive (channel_of (m), m));
      gc_step_consume (step, 64);
      return GC_STEP_CONTINUE;
    case 1:
      return gc_step_done (step, INT (1));
    default:
      g_assert_not_reached ();
    }
}

static GcSequence *
make_drop_and_send (GcMutation *m,
                    gpointer    turn)
{
  return gc_sequence_func (m, drop_and_send, turn, NULL);
}

static void
test_dropped_granted (Demo          *demo,
                      gconstpointer  data)
{
  g_autoptr (GcRun) run = NULL;
  guint turn = 0;

  if (data != NULL)
    {
      g_test_skip ("it would be collected before");
      return;
    }
  set_channel (demo, 1);
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_drop_and_send, &turn, NULL)), ==, 1);
  run = wait_start (demo, make_receive, NULL);
  gc_runner_step (demo->runner, 1);
  g_assert_true (try_send (demo, 5));   /* granted to what is garbage; the runner has not seen it */
  gc_arena_collect (demo->arena);
  gc_arena_collect (demo->arena);
  assert_result (run, 5);
  gc_arena_set_root (demo->arena, NULL);
}

/* Many producers and consumers; and all of it as garbage. */

#define N_ITEMS 40
#define N_EACH  3

GC_DEFINE_COROUTINE (ChannelProduce, channel_produce,
                     GC_PARAM_REF (GcChannel, channel)
                     GC_LOCAL (int, i))

GC_COROUTINE_BODY (ChannelProduce, channel_produce)
{
  GC_BEGIN ();
  for (self->i = 1; self->i <= N_ITEMS; self->i++)
    {
      GC_AWAIT (gc_channel_send (self->channel, m, INT (self->i)));
      if (self->i % 7 == 0)
        GC_AWAIT (gc_sequence_idle (m));
    }
  GC_END ();
}

static gssize sum;
static guint n_items;

static GcStepResult
add_items (GcMutation  *m,
           GcStep      *step,
           gpointer     context,
           GError     **error)
{
  GcArray *calls = context;     /* the generator */

  if (gc_step_get_error (step) != NULL)
    return GC_STEP_FAILED;
  if (gc_step_is_item (step))
    {
      sum += gc_untag_int (gc_step_get (step));
      n_items++;
    }
  else if (gc_sequence_get_state (gc_array_get (calls, 0)) == GC_SEQUENCE_DONE)
    return gc_step_done (step, NULL);
  return gc_step_call (step, gc_array_get (calls, 0));
}

static GcSequence *
consume_new (GcMutation *m,
             GcChannel  *channel)
{
  GcArray *calls = gc_array_new (m);

  gc_array_append (calls, gc_channel_receive_all (channel, m));
  return gc_sequence_steps (m, add_items, calls);
}

GC_DEFINE_COROUTINE (ChannelMany, channel_many,
                     GC_LOCAL_REF (GcChannel, channel)
                     GC_LOCAL_REF (GcTaskGroup, producers)
                     GC_LOCAL_REF (GcTaskGroup, consumers)
                     GC_LOCAL (guint, i))

GC_COROUTINE_BODY (ChannelMany, channel_many)
{
  GC_BEGIN ();
  gc_set (self, channel, gc_channel_new (m, 2));
  gc_set (self, producers, gc_task_group_new (m));
  gc_set (self, consumers, gc_task_group_new (m));
  for (self->i = 0; self->i < N_EACH; self->i++)
    {
      gc_task_group_spawn (self->consumers, step, consume_new (m, self->channel));
      gc_task_group_spawn (self->producers, step, channel_produce_new (m, self->channel));
    }
  while (gc_task_group_get_n_live (self->producers) > 0)
    GC_AWAIT_NEXT (self->producers, &self->i);
  gc_channel_close (self->channel);
  while (gc_task_group_get_n_live (self->consumers) > 0)
    GC_AWAIT_NEXT (self->consumers, &self->i);
  GC_RETURN (INT (1));
  GC_END ();
}

static GcSequence *
make_many (GcMutation *m,
           gpointer    context)
{
  return channel_many_new (m);
}

static void
test_many (Demo          *demo,
           gconstpointer  data)
{
  sum = 0;
  n_items = 0;
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_many, NULL, NULL)), ==, 1);
  g_assert_cmpuint (n_items, ==, N_EACH * N_ITEMS);
  g_assert_cmpint (sum, ==, N_EACH * N_ITEMS * (N_ITEMS + 1) / 2);
  wait_drop (demo, make_many, NULL);
}

/* Two runners of an arena, in two threads. */

static gpointer
send_from_thread (gpointer data)
{
  GcArena *arena = data;
  GMainContext *context = g_main_context_new ();
  GcRunner *runner;

  g_main_context_push_thread_default (context);
  runner = gc_runner_new (arena);
  for (int i = 1; i <= 100; i++)
    {
      GcMutation *m = gc_arena_begin (arena);
      GcRun *run = gc_runner_start (runner, make_send (m, GINT_TO_POINTER (i)), NULL);

      gc_mutation_finish (m);
      gc_mutation_unref (m);
      while (!gc_run_is_done (run))
        g_main_context_iteration (context, TRUE);
      g_object_unref (run);
    }
  g_object_unref (runner);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  return NULL;
}

static void
test_two_threads (Demo          *demo,
                  gconstpointer  data)
{
  GThread *thread;

  set_channel (demo, 3);
  thread = g_thread_new ("send", send_from_thread, demo->arena);
  for (int i = 1; i <= 100; i++)
    {
      g_autoptr (GcRun) run = wait_start (demo, make_receive, NULL);

      assert_result (run, i);
    }
  g_thread_join (thread);
  gc_arena_set_root (demo->arena, NULL);
}

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) other = gc_arena_new ();
  GcMutation *m = gc_arena_begin (demo->arena), *m2 = gc_arena_begin (other);
  GcChannel *channel = gc_channel_new (m, 1);

  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_channel_send: assertion*");
  g_assert_null (gc_channel_send (channel, m2, INT (1)));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_channel_send: assertion*");
  g_assert_null (gc_channel_send (channel, m, gc_string_new (m2, "text")));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_channel_try_send: assertion*");
  g_assert_false (gc_channel_try_send (channel, m, gc_string_new (m2, "text")));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_channel_receive: assertion*");
  g_assert_null (gc_channel_receive (channel, m2));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_channel_close: assertion*");
  gc_channel_close (NULL);
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

  demo_add ("channel/steps", test_steps);
  demo_add ("channel/try", test_try);
  demo_add ("channel/unlimited", test_unlimited);
  demo_add ("channel/fair", test_fair);
  demo_add ("channel/closed", test_closed);
  demo_add ("channel/cancelled", test_cancelled);
  demo_add ("channel/dropped", test_dropped);
  demo_add ("channel/dropped-granted", test_dropped_granted);
  demo_add ("channel/many", test_many);
  demo_add ("channel/two-threads", test_two_threads);
  demo_add ("channel/misuse", test_misuse);

  return g_test_run ();
}
