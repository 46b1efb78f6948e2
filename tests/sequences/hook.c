/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sequences do not run inside of a listener's hook, even if that iterates the main context. */

#include "demo.h"

#define DEMO_TYPE_NESTING_LISTENER (demo_nesting_listener_get_type ())
G_DECLARE_FINAL_TYPE (DemoNestingListener, demo_nesting_listener, DEMO, NESTING_LISTENER, GObject)

struct _DemoNestingListener
{
  GObject parent_instance;
  GcRunner *runner;
  GcSequence *sequence;
  guint n_pauses;
};

static void
refused (const char *function)
{
  g_autofree char *pattern = g_strdup_printf ("%s: assertion*is_here*", function);

  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, pattern);
}

static void
paused (GcListener    *listener,
        GcArena       *arena,
        const GcEvent *event)
{
  DemoNestingListener *self = DEMO_NESTING_LISTENER (listener);
  guint64 n_steps = gc_runner_get_n_steps (self->runner);

  self->n_pauses++;
  while (g_main_context_iteration (NULL, FALSE))
    ;
  refused ("gc_runner_start");
  g_assert_null (gc_runner_start (self->runner, self->sequence, NULL));
  refused ("gc_runner_run");
  g_assert_null (gc_runner_run (self->runner, self->sequence, NULL, NULL));
  refused ("gc_runner_step");
  g_assert_false (gc_runner_step (self->runner, 1));
  g_test_assert_expected_messages ();
  {
    g_autofree char *text = gc_runner_dump (self->runner);

    g_assert_cmpstr (text, ==, "0: running\n");
  }
  g_assert_cmpuint (gc_runner_get_n_steps (self->runner), ==, n_steps);
}

static void
demo_nesting_listener_listen (GcListenerInterface *iface)
{
  iface->paused = paused;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DemoNestingListener, demo_nesting_listener, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GC_TYPE_LISTENER, demo_nesting_listener_listen))

static void
demo_nesting_listener_class_init (DemoNestingListenerClass *klass)
{
}

static void
demo_nesting_listener_init (DemoNestingListener *self)
{
}

static void
test_hook (Demo          *demo,
           gconstpointer  data)
{
  g_autoptr (DemoNestingListener) listener = g_object_new (DEMO_TYPE_NESTING_LISTENER, NULL);
  g_autoptr (GcRun) run = NULL;
  g_autoptr (GcSequence) other = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

    run = gc_runner_start (demo->runner, gc_generator_count (m, gc_generator_range (m, 0, 10, 1)), NULL);
    other = gc_object_ref (gc_sequence_never (m));
  }
  listener->runner = demo->runner;
  listener->sequence = other;
  gc_arena_set_listener (demo->arena, GC_LISTENER (listener));
  gc_arena_collect (demo->arena);
  g_assert_cmpuint (listener->n_pauses, ==, 1);
  gc_arena_set_listener (demo->arena, NULL);
  while (!gc_run_is_done (run))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (gc_untag_int (gc_run_get_result (run, NULL)), ==, 10);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("hook/nested", test_hook);

  return g_test_run ();
}
