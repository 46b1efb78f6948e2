/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Signals, properties and cancellables. */

#include "wait.h"

/* An object with a property and a signal. */

#define DEMO_TYPE_THING (demo_thing_get_type ())
G_DECLARE_FINAL_TYPE (DemoThing, demo_thing, DEMO, THING, GObject)

struct _DemoThing
{
  GObject parent_instance;
  gint    level;                /* atomic */
};

G_DEFINE_FINAL_TYPE (DemoThing, demo_thing, G_TYPE_OBJECT)

static void
demo_thing_init (DemoThing *self)
{
}

static void
demo_thing_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  g_atomic_int_set (&DEMO_THING (object)->level, g_value_get_int (value));
}

static void
demo_thing_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  g_value_set_int (value, g_atomic_int_get (&DEMO_THING (object)->level));
}

static void
demo_thing_class_init (DemoThingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = demo_thing_set_property;
  object_class->get_property = demo_thing_get_property;
  g_object_class_install_property (object_class, 1,
                                   g_param_spec_int ("level", "Level", "A level", 0, 1000, 0, G_PARAM_READWRITE));
  g_signal_new ("happened", DEMO_TYPE_THING, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                G_TYPE_BOOLEAN, 2, G_TYPE_STRING, G_TYPE_INT);
}

static GcSequence *
make_signal (GcMutation *m,
             gpointer    thing)
{
  return gc_sequence_from_signal (m, thing, "happened::here");
}

/* That nothing is connected any more, once what is dropped is finalized. */
static void
assert_not_connected (Demo       *demo,
                      gpointer    thing,
                      const char *signal)
{
  demo_n_objects (demo);
  g_assert_false (g_signal_has_handler_pending (thing, g_signal_lookup (signal, G_OBJECT_TYPE (thing)), 0, TRUE));
}

static void
test_signal (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (DemoThing) thing = g_object_new (DEMO_TYPE_THING, NULL);
  g_autoptr (GcRun) run = wait_start (demo, make_signal, thing);
  g_auto (GValue) text = G_VALUE_INIT, number = G_VALUE_INIT;
  gboolean result;
  GcArray *array;
  GcMutation *m;

  g_signal_emit_by_name (thing, "happened::here", "early", 1, &result);
  gc_runner_step (demo->runner, 1);
  g_signal_emit_by_name (thing, "happened::there", "elsewhere", 2, &result);
  gc_runner_step (demo->runner, 1);
  g_assert_false (gc_run_is_done (run));
  g_signal_emit_by_name (thing, "happened::here", "now", 3, &result);
  g_signal_emit_by_name (thing, "happened::here", "late", 4, &result);
  wait_until_done (run);
  m = gc_arena_begin (demo->arena);
  array = gc_run_get_result (run, NULL);
  g_assert_cmpuint (gc_array_get_length (array), ==, 2);
  gc_box_get_value (gc_array_get (array, 0), &text);
  gc_box_get_value (gc_array_get (array, 1), &number);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  g_assert_cmpstr (g_value_get_string (&text), ==, "now");
  g_assert_cmpint (g_value_get_int (&number), ==, 3);

  wait_cancel_everywhere (demo, make_signal, thing, 3, 4);
  wait_drop (demo, make_signal, thing);
  assert_not_connected (demo, thing, "happened");
  g_assert_finalize_object (g_steal_pointer (&thing));
}

typedef struct
{
  GObject *instance;
  int      level;               /* negative: any */
} Wish;

static GcSequence *
make_property (GcMutation *m,
               gpointer    data)
{
  Wish *wish = data;
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT64);  /* is transformed */
  g_value_set_int64 (&value, wish->level);
  return gc_sequence_from_property (m, wish->instance, "level", wish->level >= 0 ? &value : NULL);
}

static void
assert_level (GcRun *run,
              int    level)
{
  wait_until_done (run);
  g_assert_cmpint (gc_box_get_int64 (gc_run_get_result (run, NULL), NULL), ==, level);
}

static void
test_property (Demo          *demo,
               gconstpointer  data)
{
  GObject *thing = g_object_new (DEMO_TYPE_THING, "level", 1, NULL);
  Wish now = { thing, 1 }, later = { thing, 7 }, any = { thing, -1 };
  g_autoptr (GcRun) run_now = wait_start (demo, make_property, &now);
  g_autoptr (GcRun) run_later = wait_start (demo, make_property, &later);
  g_autoptr (GcRun) run_any = wait_start (demo, make_property, &any);

  gc_runner_step (demo->runner, 3);
  g_assert_true (gc_run_is_done (run_now));
  assert_level (run_now, 1);
  g_object_set (thing, "level", 5, NULL);
  assert_level (run_any, 5);
  g_assert_false (gc_run_is_done (run_later));
  g_object_set (thing, "level", 7, NULL);
  g_object_set (thing, "level", 8, NULL);
  assert_level (run_later, 7);

  wait_cancel_everywhere (demo, make_property, &later, 3, 4);
  wait_drop (demo, make_property, &later);
  assert_not_connected (demo, thing, "notify");
  g_assert_finalize_object (thing);
}

/* Changed by another thread, over and over. */
static gpointer
count_up (gpointer thing)
{
  for (int i = 1; i <= 500; i++)
    g_object_set (thing, "level", i, NULL);
  return NULL;
}

static void
test_property_thread (Demo          *demo,
                      gconstpointer  data)
{
  GObject *thing = g_object_new (DEMO_TYPE_THING, NULL);
  Wish last = { thing, 500 }, any = { thing, -1 };
  g_autoptr (GcRun) run_last = wait_start (demo, make_property, &last);
  g_autoptr (GcRun) run_any = wait_start (demo, make_property, &any);
  GThread *thread;

  gc_runner_step (demo->runner, 2);
  thread = g_thread_new ("count", count_up, thing);
  wait_until_done (run_any);
  assert_level (run_last, 500);
  g_thread_join (thread);
  g_assert_finalize_object (thing);
}

static GcSequence *
make_cancellable (GcMutation *m,
                  gpointer    cancellable)
{
  return gc_sequence_from_cancellable (m, cancellable);
}

static gboolean
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_cancellable (Demo          *demo,
                  gconstpointer  data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  wait_cancel_everywhere (demo, make_cancellable, cancellable, 3, 4);
  wait_drop (demo, make_cancellable, cancellable);
  assert_not_connected (demo, cancellable, "cancelled");
  g_timeout_add (2, cancel, cancellable);
  demo_assert_steps (demo, make_cancellable, cancellable, 0, 2);
  demo_assert_steps (demo, make_cancellable, cancellable, 0, 1);
  g_assert_finalize_object (g_steal_pointer (&cancellable));
}

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (DemoThing) thing = g_object_new (DEMO_TYPE_THING, NULL);
  g_auto (GValue) wrong = G_VALUE_INIT;
  GcMutation *m = gc_arena_begin (demo->arena);

  g_value_init (&wrong, G_TYPE_OBJECT);
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_from_signal: assertion*");
  g_assert_null (gc_sequence_from_signal (m, G_OBJECT (thing), "no-such-signal"));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_from_property: assertion*");
  g_assert_null (gc_sequence_from_property (m, G_OBJECT (thing), "no-such-property", NULL));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_from_property: assertion*");
  g_assert_null (gc_sequence_from_property (m, G_OBJECT (thing), "level", &wrong));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_from_cancellable: assertion*");
  g_assert_null (gc_sequence_from_cancellable (m, NULL));
  g_test_assert_expected_messages ();
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("signal/signal", test_signal);
  demo_add ("signal/property", test_property);
  demo_add ("signal/property-thread", test_property_thread);
  demo_add ("signal/cancellable", test_cancellable);
  demo_add ("signal/misuse", test_misuse);

  return g_test_run ();
}
