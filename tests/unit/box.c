/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values in the heap. */

#include <math.h>
#include <gio/gio.h>
#include "demo.h"
#include "token.h"

#define expect_critical(pattern) \
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, pattern)

static void
test_numbers (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_auto (GValue) value = G_VALUE_INIT;
  GcBox *box = gc_box_new_int64 (m, G_MININT64);

  g_assert_true (GC_IS_BOX (box));
  g_assert_true (gc_box_get_value_type (box) == G_TYPE_INT64);
  g_assert_cmpint (gc_box_get_int64 (box, NULL), ==, G_MININT64);
  gc_box_get_value (box, &value);
  g_assert_cmpint (g_value_get_int64 (&value), ==, G_MININT64);

  box = gc_box_new_double (m, 0.5);
  g_assert_true (gc_box_get_value_type (box) == G_TYPE_DOUBLE);
  g_assert_cmpfloat (gc_box_get_double (box, NULL), ==, 0.5);

  box = gc_box_new_boolean (m, TRUE);
  g_assert_true (gc_box_get_value_type (box) == G_TYPE_BOOLEAN);
  g_assert_true (gc_box_get_boolean (box, NULL));
  g_assert_false (gc_box_get_boolean (gc_box_new_boolean (m, FALSE), NULL));
  /* None of them has a finalizer. */
  g_assert_true (GC_OBJECT_GET_CLASS (box)->finalize == GC_OBJECT_CLASS (g_type_class_peek (GC_TYPE_OBJECT))->finalize);
}

/* A number in a box of a type, read as another. */
static GcBox *
box_of (GcMutation *m,
        GType       type,
        double      number)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) real = G_VALUE_INIT;

  g_value_set_double (g_value_init (&real, G_TYPE_DOUBLE), number);
  g_value_init (&value, type);
  g_assert_true (g_value_transform (&real, &value));
  return gc_box_new (m, &value);
}

static void
test_conversions (void)
{
  static const double readable[] = { 0, 1, 42, 127 };
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  const GType types[] = {
    G_TYPE_CHAR, G_TYPE_UCHAR, G_TYPE_INT, G_TYPE_UINT, G_TYPE_LONG, G_TYPE_ULONG,
    G_TYPE_INT64, G_TYPE_UINT64, G_TYPE_FLOAT, G_TYPE_DOUBLE
  };
  g_autoptr (GError) error = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (readable); j++)
      {
        GcBox *box = box_of (m, types[i], readable[j]);

        g_assert_cmpint (gc_box_get_int64 (box, &error), ==, (gint64) readable[j]);
        g_assert_no_error (error);
        g_assert_cmpfloat (gc_box_get_double (box, &error), ==, readable[j]);
        g_assert_no_error (error);
        g_assert_false (gc_box_get_boolean (box, &error));
        g_assert_error (error, GC_ERROR, GC_ERROR_TYPE);
        g_clear_error (&error);
      }

  for (guint i = 0; i < 4; i++)
    {
      const double numbers[] = { 0.5, 0x1p63, -INFINITY, NAN };

      g_assert_cmpint (gc_box_get_int64 (gc_box_new_double (m, numbers[i]), &error), ==, 0);
      g_assert_error (error, GC_ERROR, GC_ERROR_RANGE);
      g_clear_error (&error);
    }
  g_assert_cmpint (gc_box_get_int64 (gc_box_new_double (m, -0x1p63), NULL), ==, G_MININT64);
  g_value_set_uint64 (g_value_init (&value, G_TYPE_UINT64), G_MAXUINT64);
  g_assert_cmpint (gc_box_get_int64 (gc_box_new (m, &value), &error), ==, 0);
  g_assert_error (error, GC_ERROR, GC_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_cmpfloat (gc_box_get_double (gc_box_new (m, &value), NULL), ==, 0x1p64);
  g_assert_cmpfloat (gc_box_get_double (gc_box_new_boolean (m, TRUE), &error), ==, 0);
  g_assert_error (error, GC_ERROR, GC_ERROR_TYPE);
  g_value_unset (&value);
  g_clear_error (&error);
  g_value_set_string (g_value_init (&value, G_TYPE_STRING), "1");
  g_assert_cmpint (gc_box_get_int64 (gc_box_new (m, &value), &error), ==, 0);
  g_assert_error (error, GC_ERROR, GC_ERROR_TYPE);
}

/* What a box owns is freed once, after it died, where anything may be done. */
static void
test_owned (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GFile) file = g_file_new_for_path ("/");
  gpointer watched = file;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_new_with_tail (m, DemoVector, 3);
    g_auto (GValue) token = G_VALUE_INIT;
    g_auto (GValue) object = G_VALUE_INIT;
    g_auto (GValue) text = G_VALUE_INIT;

    token_use_arena = arena;
    gc_arena_set_root (arena, vector);
    g_value_take_boxed (g_value_init (&token, TOKEN_TYPE), token_new (7));
    g_value_set_object (g_value_init (&object, G_TYPE_FILE), file);
    g_value_set_string (g_value_init (&text, G_TYPE_STRING), "text");
    gc_set (vector, items[0], gc_box_new (m, &token));
    gc_set (vector, items[1], gc_box_new (m, &object));
    gc_set (vector, items[2], gc_box_new (m, &text));
  }
  g_assert_cmpint (token_count, ==, 1);
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_arena_get_root (arena);
    g_auto (GValue) value = G_VALUE_INIT;

    demo_scribble (m, 1000);
    g_assert_true (gc_box_get_value_type (GC_BOX (vector->items[0])) == TOKEN_TYPE);
    gc_box_get_value (GC_BOX (vector->items[0]), &value);
    g_assert_cmpint (((Token *) g_value_get_boxed (&value))->number, ==, 7);
    g_assert_cmpint (token_count, ==, 2);
    g_value_unset (&value);
    gc_box_get_value (GC_BOX (vector->items[1]), &value);
    g_assert_true (G_VALUE_HOLDS (&value, G_TYPE_FILE));
    g_assert_true (g_value_get_object (&value) == file);
    g_value_unset (&value);
    gc_box_get_value (GC_BOX (vector->items[2]), &value);
    g_assert_cmpstr (g_value_get_string (&value), ==, "text");
    gc_arena_set_root (arena, NULL);
  }
  g_object_add_weak_pointer (watched, &watched);
  g_clear_object (&file);
  gc_arena_collect (arena);
  g_assert_cmpint (token_count, ==, 0);
  g_assert_null (watched);
  g_assert_cmpuint (demo_count_live (arena), ==, 0);
  token_use_arena = NULL;
}

/* With the arena's end it ends too. */
static void
test_arena_ends (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    g_auto (GValue) token = G_VALUE_INIT;

    g_value_take_boxed (g_value_init (&token, TOKEN_TYPE), token_new (1));
    gc_arena_set_root (arena, gc_box_new (m, &token));
    gc_box_new (m, &token);
  }
  g_clear_object (&arena);
  g_assert_cmpint (token_count, ==, 0);
}

/* On the main context of an arena that is attached, and not before. */
static void
test_attached (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();

  gc_arena_attach (arena, context);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    g_auto (GValue) token = G_VALUE_INIT;

    g_value_take_boxed (g_value_init (&token, TOKEN_TYPE), token_new (1));
    gc_box_new (m, &token);
  }
  gc_arena_collect (arena);
  g_assert_cmpint (token_count, ==, 1);
  while (token_count > 0)
    g_main_context_iteration (context, TRUE);
}

/* An object in a box is traced: the box keeps it, and a cycle through the box dies. */
static void
test_object (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = demo_watch_new (m, &n_finalized);
    g_auto (GValue) value = G_VALUE_INIT;

    g_value_init (&value, demo_node_get_type ());
    gc_value_set_object (&value, node);
    gc_set (node, any, gc_box_new (m, &value));
    gc_arena_set_root (arena, node->any);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  {
    g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

    g_assert_cmpuint (stats->n_external_refs, ==, 0);
  }
  {
    g_autoptr (GcBox) box = gc_arena_dup_root (arena);
    g_auto (GValue) value = G_VALUE_INIT;

    /* Out of a scope, too. */
    g_assert_true (gc_box_get_value_type (box) == demo_node_get_type ());
    gc_box_get_value (box, &value);
    g_assert_true (DEMO_IS_WATCH (gc_value_get_object (&value)));
    g_assert_true (DEMO_NODE (gc_value_get_object (&value))->any == GC_OBJECT (box));
  }
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
  g_assert_cmpuint (demo_count_live (arena), ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    g_auto (GValue) value = G_VALUE_INIT;
    g_auto (GValue) copy = G_VALUE_INIT;

    g_value_init (&value, GC_TYPE_OBJECT);
    gc_box_get_value (gc_box_new (m, &value), &copy);
    g_assert_true (GC_VALUE_HOLDS_OBJECT (&copy));
    g_assert_null (gc_value_get_object (&copy));
  }
  g_assert_cmpuint (n_finalized, ==, 1);
}

static void
test_invalid (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  GcMutation *m = gc_mutation_ref (gc_arena_begin (arena));
  g_autoptr (GcMutation) n = gc_arena_begin (other);
  g_auto (GValue) value = G_VALUE_INIT;

  expect_critical ("*G_IS_VALUE*");
  g_assert_null (gc_box_new (m, &value));
  expect_critical ("*G_IS_VALUE*");
  g_assert_null (gc_box_new (m, NULL));
  g_value_init (&value, GC_TYPE_OBJECT);
  gc_value_set_object (&value, gc_new (n, DemoNode));
  expect_critical ("*gc_mutation_get_arena*");
  g_assert_null (gc_box_new (m, &value));
  expect_critical ("*GC_TYPE_BOX*");
  g_assert_cmpint (gc_box_get_int64 ((GcBox *) gc_new (m, DemoNode), NULL), ==, 0);
  expect_critical ("*GC_TYPE_BOX*");
  g_assert_cmpuint (gc_box_get_value_type (NULL), ==, G_TYPE_INVALID);
  expect_critical ("*G_IS_VALUE*");
  gc_box_get_value (gc_box_new_int64 (m, 1), &value);
  gc_mutation_finish (m);
  expect_critical ("*");
  g_assert_null (gc_box_new_int64 (m, 1));
  expect_critical ("*");
  g_assert_null (gc_box_new_double (m, 1));
  expect_critical ("*");
  g_assert_null (gc_box_new_boolean (m, TRUE));
  g_test_assert_expected_messages ();
  gc_mutation_unref (m);
  gc_mutation_unref (m);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/box/numbers", test_numbers);
  g_test_add_func ("/box/conversions", test_conversions);
  g_test_add_func ("/box/owned", test_owned);
  g_test_add_func ("/box/arena-ends", test_arena_ends);
  g_test_add_func ("/box/attached", test_attached);
  g_test_add_func ("/box/object", test_object);
  g_test_add_func ("/box/invalid", test_invalid);
  return g_test_run ();
}
