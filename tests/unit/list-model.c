/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* List models of arrays. */

#include <gio/gio.h>
#include "demo.h"

typedef struct
{
  guint position, n_removed, n_added;
  guint n_signals;
  GPtrArray *seen;              /* what a view that follows the signals shows: handles */
} View;

static void
on_items_changed (GListModel *model,
                  guint       position,
                  guint       n_removed,
                  guint       n_added,
                  View       *view)
{
  view->position = position;
  view->n_removed = n_removed;
  view->n_added = n_added;
  view->n_signals++;
  g_assert_cmpuint (position + n_removed, <=, view->seen->len);
  if (n_removed > 0)
    g_ptr_array_remove_range (view->seen, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (view->seen, (int) (position + i), g_list_model_get_item (model, position + i));
}

static View *
view_new (GListModel *model)
{
  View *view = g_new0 (View, 1);

  view->seen = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    g_ptr_array_add (view->seen, g_list_model_get_item (model, i));
  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), view);
  return view;
}

static void
view_free (View *view)
{
  g_ptr_array_unref (view->seen);
  g_free (view);
}

static void
check_view (View       *view,
            GListModel *model,
            GcArray    *array)
{
  gsize n = gc_array_get_length (array);

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, n);
  g_assert_cmpuint (view->seen->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GcHandle) handle = g_list_model_get_item (model, i);
      g_autoptr (GcObject) expected = gc_array_dup (array, i, NULL);
      g_autoptr (GcObject) seen = gc_handle_dup_object (view->seen->pdata[i]);
      g_autoptr (GcObject) object = gc_handle_dup_object (handle);

      g_assert_true (object == expected);
      g_assert_true (seen == expected);
      /* The same handle as long as somebody has one. */
      if (expected != NULL)
        g_assert_true (handle == view->seen->pdata[i]);
    }
  g_assert_null (g_list_model_get_item (model, (guint) n));
}

static GcArray *
make_array (GcArena *arena,
            guint    n)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcArray *array = gc_object_ref (gc_array_new (m));

  for (guint i = 0; i < n; i++)
    gc_array_append (array, gc_new (m, DemoNode));
  return array;
}

static void
iterate (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_changes (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArray) array = make_array (arena, 5);
  g_autoptr (GcListModel) list = gc_list_model_new (array);
  GListModel *model = G_LIST_MODEL (list);
  View *view = view_new (model);

  g_assert_true (g_list_model_get_item_type (model) == GC_TYPE_HANDLE);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_true (gc_list_model_get_array (list) == array);
  }
  check_view (view, model, array);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < 100; i++)
      gc_array_append (array, gc_new (m, DemoNode));
  }
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 5);
  iterate ();
  g_assert_cmpuint (view->n_signals, ==, 1);
  g_assert_cmpuint (view->position, ==, 5);
  g_assert_cmpuint (view->n_removed, ==, 0);
  g_assert_cmpuint (view->n_added, ==, 100);
  check_view (view, model, array);

  gc_array_remove (array, 50);
  iterate ();
  g_assert_cmpuint (view->position, ==, 50);
  g_assert_cmpuint (view->n_removed, ==, 1);
  g_assert_cmpuint (view->n_added, ==, 0);
  check_view (view, model, array);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_array_set (array, 7, gc_new (m, DemoNode));
    gc_array_set (array, 9, NULL);
  }
  gc_list_model_flush (list);
  g_assert_cmpuint (view->position, ==, 7);
  g_assert_cmpuint (view->n_removed, ==, 3);
  g_assert_cmpuint (view->n_added, ==, 3);
  check_view (view, model, array);
  iterate ();
  g_assert_cmpuint (view->n_signals, ==, 3);

  gc_array_clear (array);
  gc_list_model_flush (list);
  g_assert_cmpuint (view->n_removed, ==, 104);
  check_view (view, model, array);

  /* Nothing changed, in the end. */
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_array_append (array, gc_new (m, DemoNode));
    gc_array_pop (array);
  }
  iterate ();
  g_assert_cmpuint (view->n_signals, ==, 4);
  g_clear_object (&list);
  view_free (view);
}

/* Whatever is done between two signals, who follows them sees the array. */
static void
test_random (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArray) array = make_array (arena, 20);
  g_autoptr (GcListModel) list = gc_list_model_new (array);
  View *view = view_new (G_LIST_MODEL (list));

  for (guint round = 0; round < 300; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (gint n = g_test_rand_int_range (0, 5); n > 0; n--)
          {
            gint length = (gint) gc_array_get_length (array);

            switch (g_test_rand_int_range (0, 6))
              {
              case 0:
                gc_array_append (array, gc_new (m, DemoNode));
                break;
              case 1:
                gc_array_insert (array, g_test_rand_int_range (0, length + 1), gc_new (m, DemoNode));
                break;
              case 2:
                if (length > 0)
                  gc_array_remove (array, g_test_rand_int_range (0, length));
                break;
              case 3:
                if (length > 0)
                  gc_array_set (array, g_test_rand_int_range (0, length), gc_new (m, DemoNode));
                break;
              case 4:
                gc_array_pop (array);
                break;
              default:
                gc_array_set_length (array, MAX (0, length + g_test_rand_int_range (-3, 4)), NULL);
              }
          }
      }
      if (round % 7 == 0)
        gc_arena_collect (arena);
      gc_list_model_flush (list);
      check_view (view, G_LIST_MODEL (list), array);
    }
  g_clear_object (&list);
  view_free (view);
}

/* The model keeps the array and the arena; handles that it gave outlive it. */
static void
test_ownership (void)
{
  GcArena *arena = gc_arena_new ();
  gpointer weak = arena;
  GcArray *array = make_array (arena, 3);
  GcListModel *list = gc_list_model_new (array);
  GcHandle *handle;

  g_object_add_weak_pointer (G_OBJECT (arena), &weak);
  gc_object_unref (array);
  g_object_unref (arena);
  g_assert_nonnull (weak);
  gc_arena_collect (weak);
  handle = g_list_model_get_item (G_LIST_MODEL (list), 1);
  array = gc_list_model_dup_array (list);
  g_object_unref (list);
  g_assert_true (DEMO_IS_NODE (gc_handle_get_object (handle)));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (weak);

    /* Nobody is told any more. */
    gc_array_append (array, gc_new (m, DemoNode));
  }
  iterate ();
  gc_object_unref (array);
  g_assert_nonnull (weak);
  g_object_unref (handle);
  g_assert_null (weak);
}

static void
test_several (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArray) array = make_array (arena, 3);
  g_autoptr (GcArray) other = make_array (arena, 1);
  g_autoptr (GcListModel) one = gc_list_model_new (array);
  g_autoptr (GcListModel) two = gc_list_model_new (array);
  g_autoptr (GcListModel) three = gc_list_model_new (other);
  g_autoptr (GcListModel) none = g_object_new (GC_TYPE_LIST_MODEL, NULL);
  View *views[] = { view_new (G_LIST_MODEL (one)), view_new (G_LIST_MODEL (two)), view_new (G_LIST_MODEL (three)) };

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (none)), ==, 0);
  gc_list_model_flush (none);
  gc_object_unref (gc_array_pop_dup (array));
  iterate ();
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (views[i]->n_signals, ==, i < 2);
  check_view (views[0], G_LIST_MODEL (one), array);
  check_view (views[1], G_LIST_MODEL (two), array);
  g_clear_object (&one);
  g_clear_object (&two);
  g_clear_object (&three);
  for (guint i = 0; i < 3; i++)
    view_free (views[i]);
}

/* What an owner's peer keeps: no external reference, and a cycle through the elements is reclaimed. */
static void
test_owner (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  GcListModel *list;
  View *view;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *array = gc_array_new (m);

    for (guint i = 0; i < 10; i++)
      {
        DemoNode *node = gc_new (m, DemoNode);

        node->value = (int) i;
        gc_set (node, any, gc_peer_new (m, owner));
        gc_array_append (array, node);
      }
    list = gc_list_model_new_with_owner (array, owner);
  }
  /* As the widgets of a window: the owner has them. */
  g_object_set_data_full (owner, "list", list, g_object_unref);
  view = view_new (G_LIST_MODEL (list));
  g_object_set_data_full (owner, "view", view, (GDestroyNotify) view_free);
  for (guint round = 0; round < 3; round++)
    {
      gc_arena_collect (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcArray *array = gc_list_model_get_array (list);

        gc_array_remove (array, 0);
        gc_array_append (array, gc_new (m, DemoNode));
      }
      iterate ();
      g_assert_cmpuint (view->n_signals, ==, round + 1);
      {
        g_autoptr (GcArray) array = gc_list_model_dup_array (list);

        check_view (view, G_LIST_MODEL (list), array);
      }
      {
        g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

        g_assert_cmpuint (stats->n_external_refs, ==, 0);
      }
    }
  g_object_add_weak_pointer (owner, (gpointer *) &owner);
  g_object_unref (owner);
  g_assert_nonnull (owner);
  gc_arena_collect (arena);
  g_assert_null (owner);
  gc_arena_collect (arena);
  {
    g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

    g_assert_cmpuint (stats->live_objects, ==, 0);
  }
}

/* A model that outlives its owner. */
static void
test_owner_gone (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GcArray) array = make_array (arena, 3);
  g_autoptr (GcListModel) list = gc_list_model_new_with_owner (array, owner);
  g_autoptr (GcHandle) handle = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_autoptr (GcHandle) late = NULL;

  g_object_unref (owner);
  gc_arena_collect (arena);
  gc_arena_collect (arena);
  g_assert_null (gc_handle_dup_object (handle));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_null (gc_handle_get_object (handle));
  }
  g_assert_null (gc_list_model_dup_array (list));
  late = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_null (gc_handle_dup_object (late));
  gc_list_model_flush (list);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/list-model/changes", test_changes);
  g_test_add_func ("/list-model/random", test_random);
  g_test_add_func ("/list-model/ownership", test_ownership);
  g_test_add_func ("/list-model/several", test_several);
  g_test_add_func ("/list-model/owner", test_owner);
  g_test_add_func ("/list-model/owner-gone", test_owner_gone);

  return g_test_run ();
}
