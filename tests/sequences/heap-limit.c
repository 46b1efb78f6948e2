/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sequences in a heap beyond its limit: what a step has begun uses the reserve. */

#include "demo.h"

static void
test_channel (Demo          *demo,
              gconstpointer  data)
{
  g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);
  GcChannel *channel = NULL;
  gpointer item;

  gc_arena_set_heap_limit (demo->arena, 1);
  channel = gc_channel_new (m, 0);
  for (int i = 0; i < 100; i++)
    g_assert_true (gc_channel_try_send (channel, m, INT (i)));
  for (int i = 0; i < 100; i++)
    {
      g_assert_true (gc_channel_try_receive (channel, m, &item));
      g_assert_cmpint (gc_untag_int (item), ==, i);
    }
}

static GcSequence *
make_merged (GcMutation *m,
             gpointer    context)
{
  return gc_generator_count (m, gc_generator_merge (m, gc_generator_range (m, 0, 10, 1), gc_generator_range (m, 0, 20, 1),
                                                    gc_generator_range (m, 0, 30, 1), NULL));
}

static void
test_merge (Demo          *demo,
            gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  gpointer n;

  gc_arena_set_heap_limit (demo->arena, 1);
  n = demo_run (demo, make_merged, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gc_untag_int (n), ==, 60);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("heap-limit/channel", test_channel);
  demo_add ("heap-limit/merge", test_merge);

  return g_test_run ();
}
