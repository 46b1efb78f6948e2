/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a listener's hook may not do, and that it stays without effect. */

#include "misuse.h"

#define DEMO_TYPE_ROGUE_LISTENER (demo_rogue_listener_get_type ())
G_DECLARE_FINAL_TYPE (DemoRogueListener, demo_rogue_listener, DEMO, ROGUE_LISTENER, GObject)

struct _DemoRogueListener
{
  GObject parent_instance;
  GcArena *other;
  guint n_pauses;
  GcObject *object;
  GListModel *list;             /* if that is what is tried */
};

static void
never (GcMutation *m,
       gpointer    data)
{
  g_assert_not_reached ();
}

static void
try_all (GcArena *arena)
{
  EXPECT_ASSERTION ("gc_arena_begin", "!gc_arena_is_finalizing ()");
  g_assert_null (gc_arena_begin (arena));
  g_assert_false (gc_arena_can_begin (arena));
  EXPECT_ASSERTION ("enter_pause", "!gc_arena_is_finalizing ()");
  gc_arena_collect (arena);
  EXPECT_ASSERTION ("enter_pause", "!gc_arena_is_finalizing ()");
  g_assert_false (gc_arena_step (arena, 1000));
  EXPECT_ASSERTION ("gc_arena_mutate", "!gc_arena_is_finalizing ()");
  gc_arena_mutate (arena, never, NULL);
  g_test_assert_expected_messages ();
}

/* What a list model has to tell waits. */
static void
try_list (GListModel *list)
{
  guint n = g_list_model_get_n_items (list);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, n);
  EXPECT_ASSERTION ("gc_list_model_flush", "!gc_arena_is_finalizing ()");
  gc_list_model_flush (GC_LIST_MODEL (list));
  g_test_assert_expected_messages ();
}

static void
paused (GcListener    *listener,
        GcArena       *arena,
        const GcEvent *event)
{
  DemoRogueListener *self = DEMO_ROGUE_LISTENER (listener);

  self->n_pauses++;
  /* A language has to refer to what it sees. */
  g_assert_true (gc_object_ref (self->object) == self->object);
  gc_object_unref (self->object);
  if (self->list != NULL)
    {
      try_list (self->list);
      return;
    }
  try_all (arena);
  try_all (self->other);
}

static void
demo_rogue_listener_listen (GcListenerInterface *iface)
{
  iface->paused = paused;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DemoRogueListener, demo_rogue_listener, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GC_TYPE_LISTENER, demo_rogue_listener_listen))

static void
demo_rogue_listener_class_init (DemoRogueListenerClass *klass)
{
}

static void
demo_rogue_listener_init (DemoRogueListener *self)
{
}

static void
test_hooks (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcArena) other = demo_exact_arena_new ();
  g_autoptr (DemoRogueListener) rogue = g_object_new (DEMO_TYPE_ROGUE_LISTENER, NULL);
  g_autoptr (GcObject) object = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    object = gc_object_ref (gc_array_new (m));
  }
  rogue->other = other;
  rogue->object = object;
  gc_arena_set_listener (arena, GC_LISTENER (rogue));
  gc_arena_collect (arena);
  g_assert_cmpuint (rogue->n_pauses, ==, 1);
  still_works (arena);
  still_works (other);
  g_assert_cmpuint (rogue->n_pauses, >, 1);
}

/* A hook that iterates the main context, while a list model has something to tell. */
static void
test_list_model (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (DemoRogueListener) rogue = g_object_new (DEMO_TYPE_ROGUE_LISTENER, NULL);
  g_autoptr (GcListModel) list = NULL;
  g_autoptr (GcArray) array = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    array = gc_object_ref (gc_array_new (m));
    gc_array_set_length (array, 5, NULL);
  }
  list = gc_list_model_new (array);
  rogue->list = G_LIST_MODEL (list);
  rogue->object = GC_OBJECT (array);
  for (guint n = 0; n < 10; n += 9)
    {
      gc_array_set_length (array, n, NULL);
      gc_arena_set_listener (arena, GC_LISTENER (rogue));
      rogue->n_pauses = 0;
      gc_arena_collect (arena);
      g_assert_cmpuint (rogue->n_pauses, ==, 1);
      gc_arena_set_listener (arena, NULL);
      while (g_list_model_get_n_items (G_LIST_MODEL (list)) != n)
        g_main_context_iteration (NULL, TRUE);
    }
  g_clear_object (&list);
  still_works (arena);
}

static void
test_arguments (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GcListenerChain) chain = gc_listener_chain_new ();
  GcEvent event = { .type = 1000 };

  EXPECT_ASSERTION ("gc_arena_set_listener", "listener == NULL || GC_IS_LISTENER (listener)");
  gc_arena_set_listener (arena, (GcListener *) object);
  EXPECT_ASSERTION ("gc_arena_set_listener", "GC_IS_ARENA (arena)");
  gc_arena_set_listener ((GcArena *) object, NULL);
  EXPECT_ASSERTION ("gc_arena_get_listener", "GC_IS_ARENA (arena)");
  g_assert_null (gc_arena_get_listener ((GcArena *) object));
  EXPECT_ASSERTION ("gc_listener_chain_add", "GC_IS_LISTENER (listener)");
  gc_listener_chain_add (chain, (GcListener *) object);
  EXPECT_ASSERTION ("gc_listener_chain_add", "listener != GC_LISTENER (self)");
  gc_listener_chain_add (chain, GC_LISTENER (chain));
  EXPECT_ASSERTION ("gc_listener_chain_remove", "GC_IS_LISTENER (listener)");
  g_assert_false (gc_listener_chain_remove (chain, NULL));
  EXPECT_ASSERTION ("gc_listener_tell", "GC_IS_LISTENER (self)");
  gc_listener_tell (NULL, arena, &event);
  EXPECT_ASSERTION ("gc_listener_tell", "event != NULL");
  gc_listener_tell (GC_LISTENER (chain), arena, NULL);
  EXPECT_ASSERTION ("gc_event_copy", "event != NULL");
  g_assert_null (gc_event_copy (NULL));
  EXPECT_ASSERTION ("gc_event_to_string", "event != NULL");
  g_assert_null (gc_event_to_string (NULL));
  EXPECT_ASSERTION ("gc_trace_file_new", "path != NULL");
  g_assert_null (gc_trace_file_new (NULL, NULL));
  g_test_assert_expected_messages ();

  /* A type that there is not. */
  {
    g_autofree char *text = gc_event_to_string (&event);

    g_assert_cmpstr (text, ==, "unknown: 0.000 ms");
    gc_listener_tell (GC_LISTENER (chain), arena, &event);
  }
  still_works (arena);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/misuse/listener/hooks", test_hooks);
  g_test_add_func ("/misuse/listener/list-model", test_list_model);
  g_test_add_func ("/misuse/listener/arguments", test_arguments);
  return g_test_run ();
}
