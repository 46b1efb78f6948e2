/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Peers, closures, list models and handles with an owner, given what they can't be given. */

#include "misuse.h"

static void
on_called (void)
{
  g_assert_not_reached ();
}

static void
test_peer (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GcMutation) finished = gc_arena_begin (arena);
  g_autoptr (GcObject) stranger = NULL;

  gc_mutation_finish (finished);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (other);

    stranger = gc_object_ref (gc_new (m, DemoNode));
  }
  EXPECT_ASSERTION ("gc_peer_new", "arena != NULL");
  g_assert_null (gc_peer_new (finished, object));
  EXPECT_ASSERTION ("gc_peer_new", "arena != NULL");
  g_assert_null (gc_peer_new (NULL, object));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcPeer *peer = gc_peer_new (m, object);
    GcPeer *node = (GcPeer *) gc_new (m, DemoNode);

    EXPECT_ASSERTION ("gc_peer_new", "G_IS_OBJECT (object)");
    g_assert_null (gc_peer_new (m, NULL));
    EXPECT_ASSERTION ("gc_peer_new", "G_IS_OBJECT (object)");
    g_assert_null (gc_peer_new (m, (GObject *) node));
    EXPECT_ASSERTION ("gc_peer_new", "(gpointer) object != (gpointer) arena");
    g_assert_null (gc_peer_new (m, G_OBJECT (arena)));

    for (guint i = 0; i < 2; i++)
      {
        GcPeer *self = i == 0 ? NULL : node;

        EXPECT_ASSERTION ("gc_peer_get_object", "gc_is_a (self, GC_TYPE_PEER)");
        g_assert_null (gc_peer_get_object (self));
        EXPECT_ASSERTION ("gc_peer_dup_object", "gc_is_a (self, GC_TYPE_PEER)");
        g_assert_null (gc_peer_dup_object (self));
        EXPECT_ASSERTION ("gc_peer_is_alive", "gc_is_a (self, GC_TYPE_PEER)");
        g_assert_false (gc_peer_is_alive (self));
        EXPECT_ASSERTION ("gc_peer_set_data", "gc_is_a (self, GC_TYPE_PEER)");
        gc_peer_set_data (self, "key", NULL);
        EXPECT_ASSERTION ("gc_peer_get_data", "gc_is_a (self, GC_TYPE_PEER)");
        g_assert_null (gc_peer_get_data (self, "key"));
        EXPECT_ASSERTION ("gc_peer_dup_data", "gc_is_a (self, GC_TYPE_PEER)");
        g_assert_null (gc_peer_dup_data (self, "key"));
        EXPECT_ASSERTION ("gc_peer_set_main_context", "gc_is_a (self, GC_TYPE_PEER)");
        gc_peer_set_main_context (self, NULL);
      }
    EXPECT_ASSERTION ("gc_peer_set_data", "key != NULL");
    gc_peer_set_data (peer, NULL, NULL);
    EXPECT_ASSERTION ("gc_peer_get_data", "key != NULL");
    g_assert_null (gc_peer_get_data (peer, NULL));
    EXPECT_ASSERTION ("gc_peer_set_data", "!gc_is_ref (value) || gc_arena_of (value) == arena");
    gc_peer_set_data (peer, "key", stranger);
    g_assert_null (gc_peer_get_data (peer, "key"));
    gc_arena_set_root (arena, peer);
  }
  /* Outside of a scope. */
  EXPECT_ASSERTION ("gc_peer_get_object", "gc_object_can_read_ (self)");
  {
    g_autoptr (GcPeer) peer = gc_arena_dup_root (arena);

    g_assert_null (gc_peer_get_object (peer));
  }
  EXPECT_ASSERTION ("gc_arena_get_n_peers", "GC_IS_ARENA (arena)");
  g_assert_cmpuint (gc_arena_get_n_peers (NULL), ==, 0);
  still_works (arena);
}

static void
test_closure (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GcMutation) stranger = gc_arena_begin (other);

  EXPECT_ASSERTION ("gc_closure_new", "arena != NULL");
  g_assert_null (gc_closure_new (NULL, on_called, NULL, object));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    EXPECT_ASSERTION ("gc_closure_new", "callback != NULL");
    g_assert_null (gc_closure_new (m, NULL, NULL, object));
    EXPECT_ASSERTION ("gc_closure_new", "!gc_is_ref (data) || gc_arena_of (data) == arena");
    g_assert_null (gc_closure_new (m, on_called, gc_new (stranger, DemoNode), object));
    EXPECT_ASSERTION ("gc_peer_new", "G_IS_OBJECT (object)");
    g_assert_null (gc_closure_new (m, on_called, NULL, NULL));
  }
  still_works (arena);
}

static void
test_list_model (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GcListModel) model = NULL;
  g_autoptr (GcHandle) handle = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *array = gc_array_new (m);

    EXPECT_ASSERTION ("gc_list_model_new", "gc_is_a (array, GC_TYPE_ARRAY)");
    g_assert_null (gc_list_model_new (NULL));
    EXPECT_ASSERTION ("gc_list_model_new", "gc_is_a (array, GC_TYPE_ARRAY)");
    g_assert_null (gc_list_model_new ((GcArray *) gc_new (m, DemoNode)));
    EXPECT_ASSERTION ("gc_list_model_new_with_owner", "G_IS_OBJECT (owner)");
    g_assert_null (gc_list_model_new_with_owner (array, NULL));
    EXPECT_ASSERTION ("gc_handle_new_with_owner", "gc_arena_of (object) != NULL");
    g_assert_null (gc_handle_new_with_owner (object, object));
    EXPECT_ASSERTION ("gc_handle_new_with_owner", "G_IS_OBJECT (owner)");
    g_assert_null (gc_handle_new_with_owner (array, NULL));

    /* An arena can't own. */
    EXPECT_ASSERTION ("gc_peer_new", "(gpointer) object != (gpointer) arena");
    handle = gc_handle_new_with_owner (array, G_OBJECT (arena));
    g_assert_null (gc_handle_dup_object (handle));
    g_clear_object (&handle);

    model = gc_list_model_new_with_owner (array, object);
    handle = gc_handle_new_with_owner (array, object);
  }
  EXPECT_ASSERTION ("gc_list_model_flush", "GC_IS_LIST_MODEL (self)");
  gc_list_model_flush (NULL);
  EXPECT_ASSERTION ("gc_list_model_get_array", "gc_arena_is_mutating (arena)");
  g_assert_null (gc_list_model_get_array (model));
  EXPECT_ASSERTION ("gc_handle_get_object", "gc_arena_is_mutating (arena)");
  g_assert_null (gc_handle_get_object (handle));
  still_works (arena);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/misuse/peer", test_peer);
  g_test_add_func ("/misuse/closure", test_closure);
  g_test_add_func ("/misuse/list-model", test_list_model);

  return g_test_run ();
}
