/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Closures whose data is collected. */

#include "peers.h"

static guint n_calls;
static gpointer last_data;
static int last_number;

static void
on_poked (TestThing *thing,
          int        number,
          gpointer   data)
{
  n_calls++;
  last_data = data;
  last_number = number;
  (void) thing;
}

static int
on_asked (TestThing  *thing,
          int         number,
          const char *text,
          DemoNode   *node)
{
  n_calls++;
  (void) thing;
  return number + (int) strlen (text) + node->value;
}

static gulong
connect (GcMutation *m,
         TestThing  *thing,
         gpointer    data,
         TestThing  *owner)
{
  return g_signal_connect_closure (thing, "poked",
                                   gc_closure_new (m, G_CALLBACK (on_poked), data, G_OBJECT (owner)), FALSE);
}

/* A handler whose data leads to what it is connected to. */
static void
test_cycle (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  TestThing *thing = thing_new ();
  guint n_finalized = 0;

  n_calls = 0;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = demo_watch_new (m, &n_finalized);

    node->value = 7;
    gc_set (node, any, gc_peer_new (m, G_OBJECT (thing)));
    connect (m, thing, node, thing);
  }
  for (guint i = 0; i < 3; i++)
    {
      gc_arena_collect (arena);
      g_signal_emit_by_name (thing, "poked", (int) i);
      g_assert_cmpint (last_number, ==, i);
      g_assert_cmpint (((DemoNode *) last_data)->value, ==, 7);
    }
  g_assert_cmpuint (n_calls, ==, 3);
  g_object_unref (thing);
  gc_arena_collect (arena);
  g_assert_cmpint (n_things, ==, 0);
  g_assert_cmpuint (live_objects (arena), ==, 0);
  g_assert_cmpuint (n_finalized, ==, 1);
}

/* A disconnected handler gives up its data, and its place is used again. */
static void
test_disconnect (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (TestThing) thing = thing_new ();
  guint n_finalized = 0;

  for (guint round = 0; round < 50; round++)
    {
      gulong handlers[40];

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
          handlers[i] = connect (m, thing, demo_watch_new (m, &n_finalized), thing);
      }
      gc_arena_collect (arena);
      g_assert_cmpuint (n_finalized, ==, 0);
      for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
        g_signal_handler_disconnect (thing, handlers[i]);
      g_assert_cmpuint (live_objects (arena), ==, 2);
      g_assert_cmpuint (n_finalized, ==, G_N_ELEMENTS (handlers));
      n_finalized = 0;
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        g_assert_cmpuint (gc_peer_new (m, G_OBJECT (thing))->slots->n, <=, 128);
      }
    }
}

static gulong the_handler;

static void
on_poked_once (TestThing *thing,
               int        number,
               DemoNode  *node)
{
  g_signal_handler_disconnect (thing, the_handler);
  gc_arena_collect (gc_arena_of (node));
  /* Kept for the time of the call. */
  g_assert_cmpint (node->value, ==, number);
  n_calls++;
}

static void
test_disconnect_inside (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (TestThing) thing = thing_new ();
  guint n_finalized = 0;

  n_calls = 0;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = demo_watch_new (m, &n_finalized);

    node->value = 9;
    the_handler = g_signal_connect_closure (thing, "poked", gc_closure_new (m, G_CALLBACK (on_poked_once), node,
                                                                            G_OBJECT (thing)), FALSE);
  }
  g_signal_emit_by_name (thing, "poked", 9);
  g_signal_emit_by_name (thing, "poked", 9);
  g_assert_cmpuint (n_calls, ==, 1);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
}

/* Called by GObject after it has seen that the closure is valid, and before it marshals: as late as another thread can
 * disconnect. Then the place of the data is somebody else's. */
static void
disconnect_late (gpointer  data,
                 GClosure *closure)
{
  GcArena *arena = data;
  g_autoptr (TestThing) thing = NULL;

  g_closure_invalidate (closure);
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcPeer *peer = gc_arena_get_root (arena);

    thing = TEST_THING (g_object_ref (gc_peer_get_object (peer)));
    for (guint i = 0; i < 4; i++)
      connect (m, thing, peer, thing);
  }
}

static void
ignore (gpointer  data,
        GClosure *closure)
{
}

static void
test_disconnect_late (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (TestThing) thing = thing_new ();
  GClosure *closure;
  GValue values[2] = { G_VALUE_INIT, G_VALUE_INIT };

  n_calls = 0;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, gc_peer_new (m, G_OBJECT (thing)));
    closure = g_closure_ref (gc_closure_new (m, G_CALLBACK (on_poked), gc_new (m, DemoNode), G_OBJECT (thing)));
  }
  g_closure_sink (closure);
  g_closure_add_marshal_guards (closure, arena, disconnect_late, NULL, ignore);
  g_value_set_object (g_value_init (&values[0], TEST_TYPE_THING), thing);
  g_value_set_int (g_value_init (&values[1], G_TYPE_INT), 5);
  g_closure_invoke (closure, NULL, 2, values, NULL);
  g_assert_cmpuint (n_calls, ==, 0);
  g_closure_unref (closure);
  g_value_unset (&values[0]);
}

/* Arguments and results go through whatever marshaller there is. */
static void
test_marshal (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (TestThing) thing = thing_new ();
  int result = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_new (m, DemoNode);

    node->value = 1000;
    g_signal_connect_closure (thing, "asked", gc_closure_new (m, G_CALLBACK (on_asked), node, G_OBJECT (thing)),
                              FALSE);
  }
  g_signal_emit_by_name (thing, "asked", 20, "abc", &result);
  g_assert_cmpint (result, ==, 1023);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GClosure *closure = g_closure_ref (gc_closure_new (m, G_CALLBACK (on_asked), gc_new (m, DemoNode), G_OBJECT (thing)));
    GValue values[3] = { G_VALUE_INIT, G_VALUE_INIT, G_VALUE_INIT }, value = G_VALUE_INIT;

    g_closure_sink (closure);
    g_value_set_object (g_value_init (&values[0], TEST_TYPE_THING), thing);
    g_value_set_int (g_value_init (&values[1], G_TYPE_INT), 5);
    g_value_set_static_string (g_value_init (&values[2], G_TYPE_STRING), "xy");
    g_value_init (&value, G_TYPE_INT);
    g_closure_invoke (closure, &value, 3, values, NULL);        /* no signal: the generic one */
    g_assert_cmpint (g_value_get_int (&value), ==, 7);
    g_closure_unref (closure);
    for (guint i = 0; i < 3; i++)
      g_value_unset (&values[i]);
  }
}

/* What is no object is handed on as it is. */
static void
test_words (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (TestThing) thing = thing_new ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    connect (m, thing, NULL, thing);
  }
  last_data = thing;
  g_signal_emit_by_name (thing, "poked", 1);
  g_assert_null (last_data);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    connect (m, thing, gc_tag_int (77), thing);
  }
  g_signal_emit_by_name (thing, "poked", 1);
  g_assert_cmpint (gc_untag_int (last_data), ==, 77);
}

/* Connected to a part, owned by the whole: the part's reference count matters to nobody. */
static void
test_part_and_whole (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  TestThing *whole = thing_new (), *part = thing_new ();

  whole->other = part;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_new (m, DemoNode);

    gc_set (node, any, gc_peer_new (m, G_OBJECT (whole)));
    connect (m, part, node, whole);
  }
  n_calls = 0;
  gc_arena_collect (arena);
  g_signal_emit_by_name (part, "poked", 1);
  g_assert_cmpuint (n_calls, ==, 1);
  g_object_unref (whole);
  gc_arena_collect (arena);
  g_assert_cmpint (n_things, ==, 0);
  g_assert_cmpuint (live_objects (arena), ==, 0);
}

/* The owner, or the arena, is gone and the closure is not. */
static void
test_left_over (void)
{
  GcArena *arena = gc_arena_new ();
  g_autoptr (TestThing) thing = thing_new ();
  TestThing *owner = thing_new ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    connect (m, thing, gc_new (m, DemoNode), owner);
    connect (m, thing, gc_new (m, DemoNode), thing);
  }
  n_calls = 0;
  g_signal_emit_by_name (thing, "poked", 1);
  g_assert_cmpuint (n_calls, ==, 2);
  g_object_unref (owner);
  gc_arena_collect (arena);
  g_assert_cmpuint (live_objects (arena), ==, 3);
  g_signal_emit_by_name (thing, "poked", 1);
  g_assert_cmpuint (n_calls, ==, 3);
  g_object_unref (arena);
  g_signal_emit_by_name (thing, "poked", 1);
  g_assert_cmpuint (n_calls, ==, 3);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/closure/cycle", test_cycle);
  g_test_add_func ("/closure/disconnect", test_disconnect);
  g_test_add_func ("/closure/disconnect-inside", test_disconnect_inside);
  g_test_add_func ("/closure/disconnect-late", test_disconnect_late);
  g_test_add_func ("/closure/marshal", test_marshal);
  g_test_add_func ("/closure/words", test_words);
  g_test_add_func ("/closure/part-and-whole", test_part_and_whole);
  g_test_add_func ("/closure/left-over", test_left_over);

  return g_test_run ();
}
