/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GObjects that hold objects. */

#include <gio/gio.h>
#include "demo.h"

static void
test_object (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcHandle) handle = NULL;
  guint n_finalized = 0;
  DemoNode *node;
  GcObject *object;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = demo_watch_new (m, &n_finalized);
    node->value = 42;
    handle = gc_handle_new (node);
  }
  gc_arena_collect (arena);
  /* It keeps the object, in its place. */
  g_assert_cmpuint (n_finalized, ==, 0);
  g_assert_true (gc_handle_get_object (handle) == node);
  g_assert_cmpint (node->value, ==, 42);
  {
    g_autoptr (GcObject) copy = gc_handle_dup_object (handle);

    g_assert_true (copy == GC_OBJECT (node));
  }
  g_object_get (handle, "object", &object, NULL);
  g_assert_true (object == GC_OBJECT (node));

  g_clear_object (&handle);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  gc_object_unref (object);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
}

static void
test_store (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GListStore) store = g_list_store_new (GC_TYPE_HANDLE);
  guint n_finalized = 0;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < 100; i++)
      {
        g_autoptr (GcHandle) handle = gc_handle_new (demo_watch_new (m, &n_finalized));

        g_list_store_append (store, handle);
      }
  }
  g_assert_cmpuint (demo_count_live (arena), ==, 100);
  g_list_store_splice (store, 0, 60, NULL, 0);
  g_assert_cmpuint (demo_count_live (arena), ==, 40);
  g_assert_cmpuint (n_finalized, ==, 60);
  g_list_store_remove_all (store);
  g_assert_cmpuint (demo_count_live (arena), ==, 0);
  g_assert_cmpuint (n_finalized, ==, 100);
}

/* A handle keeps the arena; its last reference goes on whatever thread. */
static gpointer
drop (gpointer handle)
{
  g_object_unref (handle);
  return NULL;
}

static void
test_keeps_arena (void)
{
  GcArena *arena = gc_arena_new ();
  gpointer watched = arena;
  guint n_finalized = 0;
  GcHandle *handle;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    handle = gc_handle_new (demo_watch_new (m, &n_finalized));
  }
  g_object_add_weak_pointer (watched, &watched);
  g_object_unref (arena);
  g_assert_nonnull (watched);
  g_assert_true (DEMO_IS_WATCH (gc_handle_get_object (handle)));
  g_thread_join (g_thread_new ("drop", drop, handle));
  g_assert_null (watched);
  g_assert_cmpuint (n_finalized, ==, 1);
}

static void
test_invalid (void)
{
  g_autoptr (GcHandle) handle = g_object_new (GC_TYPE_HANDLE, NULL);
  g_autoptr (GcObject) object = NULL;

  g_assert_null (gc_handle_get_object (handle));
  g_assert_null (gc_handle_dup_object (handle));
  g_object_get (handle, "object", &object, NULL);
  g_assert_null (object);

  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "*arena*");
  g_assert_null (gc_handle_new (NULL));
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "*arena*");
  g_assert_null (gc_handle_new (handle));
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "*GC_IS_HANDLE*");
  g_assert_null (gc_handle_get_object (NULL));
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "*GC_IS_HANDLE*");
  g_assert_null (gc_handle_dup_object (NULL));
  g_test_assert_expected_messages ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/handle/object", test_object);
  g_test_add_func ("/handle/store", test_store);
  g_test_add_func ("/handle/keeps-arena", test_keeps_arena);
  g_test_add_func ("/handle/invalid", test_invalid);
  return g_test_run ();
}
