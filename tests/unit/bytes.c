/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bytes in the heap. */

#include "demo.h"

#define expect_critical(pattern) \
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, pattern)

static void
assert_bytes (GcBytes    *bytes,
              const char *data,
              gsize       size)
{
  const guint8 *found;
  gsize n = G_MAXSIZE;

  g_assert_true (GC_IS_BYTES (bytes));
  found = gc_bytes_get_data (bytes, &n);
  g_assert_nonnull (found);
  g_assert_cmpuint ((guintptr) found % 8, ==, 0);
  g_assert_cmpmem (found, n, data, size);
  g_assert_true (gc_bytes_get_data (bytes, NULL) == found);
  g_assert_cmpuint (gc_bytes_get_size (bytes), ==, size);
}

static void
test_new (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GBytes) gbytes = g_bytes_new ("\0\1\2", 3);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) copy = NULL;
  g_autoptr (GError) error = NULL;

  assert_bytes (gc_bytes_new (m, "a\0b", 3), "a\0b", 3);
  assert_bytes (gc_bytes_new (m, NULL, 0), "", 0);
  assert_bytes (gc_bytes_try_new (m, "a\0b", 3, &error), "a\0b", 3);
  g_assert_no_error (error);
  assert_bytes (gc_bytes_from_gbytes (m, gbytes, &error), "\0\1\2", 3);
  g_assert_no_error (error);
  assert_bytes (gc_bytes_from_gbytes (m, empty, &error), "", 0);
  g_assert_no_error (error);
  copy = gc_bytes_to_gbytes (gc_bytes_new (m, "a\0b", 3));
  g_assert_cmpmem (g_bytes_get_data (copy, NULL), g_bytes_get_size (copy), "a\0b", 3);
}

static void
test_slice (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcBytes *bytes = gc_bytes_new (m, "0123456789", 10);
  static const struct { gsize offset, size; } outside[] = {
    { 0, 11 }, { 10, 1 }, { 11, 0 }, { 5, 6 }, { G_MAXSIZE, 1 }, { 1, G_MAXSIZE }, { G_MAXSIZE, G_MAXSIZE }
  };

  assert_bytes (gc_bytes_slice (m, bytes, 0, 10, NULL), "0123456789", 10);
  assert_bytes (gc_bytes_slice (m, bytes, 3, 4, NULL), "3456", 4);
  assert_bytes (gc_bytes_slice (m, bytes, 10, 0, NULL), "", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (outside); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (gc_bytes_slice (m, bytes, outside[i].offset, outside[i].size, &error));
      g_assert_error (error, GC_ERROR, GC_ERROR_RANGE);
    }
}

static void
test_compare (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GHashTable) table = g_hash_table_new (gc_bytes_hash, gc_bytes_equal);
  GcBytes *a = gc_bytes_new (m, "0123456789", 10);
  GcBytes *b = gc_bytes_new (m, "0123456789", 10);
  char data[20] = { 0 };

  g_assert_true (gc_bytes_equal (a, a));
  g_assert_true (gc_bytes_equal (a, b));
  g_assert_cmpuint (gc_bytes_hash (a), ==, gc_bytes_hash (b));
  g_assert_false (gc_bytes_equal (a, gc_bytes_new (m, "0123456789", 9)));
  g_assert_false (gc_bytes_equal (a, gc_bytes_new (m, "0123456780", 10)));
  g_assert_true (gc_bytes_equal (gc_bytes_new (m, NULL, 0), gc_bytes_slice (m, a, 5, 0, NULL)));

  /* Zeros of different numbers differ, and so do those of one number with one bit set. */
  for (gsize n = 0; n <= sizeof data; n++)
    {
      g_hash_table_add (table, gc_bytes_new (m, data, n));
      for (gsize i = 0; i < n * 8; i++)
        {
          data[i / 8] ^= 1 << i % 8;
          g_hash_table_add (table, gc_bytes_new (m, data, n));
          data[i / 8] ^= 1 << i % 8;
        }
    }
  g_assert_cmpuint (g_hash_table_size (table), ==, 21 + 8 * 20 * 21 / 2);
}

static void
test_invalid (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_mutation_ref (gc_arena_begin (arena));
  GcBytes *bytes = gc_object_ref (gc_bytes_new (m, "a", 1));
  g_autoptr (GBytes) gbytes = gc_bytes_to_gbytes (bytes);
  g_autoptr (GError) error = NULL;
  gsize size = 1;

  expect_critical ("*data != NULL*");
  g_assert_null (gc_bytes_new (m, NULL, 1));
  expect_critical ("*too large*");
  g_assert_null (gc_bytes_new (m, "a", G_MAXSIZE));
  expect_critical ("*GC_TYPE_BYTES*");
  g_assert_null (gc_bytes_get_data ((GcBytes *) gc_new (m, DemoNode), &size));
  g_assert_cmpuint (size, ==, 0);
  expect_critical ("*GC_TYPE_BYTES*");
  g_assert_null (gc_bytes_to_gbytes (NULL));
  expect_critical ("*GC_TYPE_BYTES*");
  g_assert_false (gc_bytes_equal (bytes, gc_string_new (m, "a")));
  g_test_assert_expected_messages ();

  g_assert_null (gc_bytes_try_new (m, "a", G_MAXSIZE, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_NO_MEMORY);
  g_clear_error (&error);
  g_assert_null (gc_bytes_try_new (m, "a", G_MAXSIZE, NULL));

  gc_mutation_finish (m);
  expect_critical ("*");
  g_assert_null (gc_bytes_new (m, "a", 1));
  g_test_assert_expected_messages ();
  g_assert_null (gc_bytes_try_new (m, "a", 1, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_NOT_MUTATING);
  g_clear_error (&error);
  g_assert_null (gc_bytes_from_gbytes (m, gbytes, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_NOT_MUTATING);
  g_clear_error (&error);
  g_assert_null (gc_bytes_slice (m, bytes, 0, 1, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_NOT_MUTATING);
  assert_bytes (bytes, "a", 1);
  gc_object_unref (bytes);
  gc_mutation_unref (m);
  gc_mutation_unref (m);
}

static void
test_collected (void)
{
  enum { N = 400 };
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autofree char *data = g_strnfill (N * 200, 'x');
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_new_with_tail (m, DemoVector, N);

    gc_arena_set_root (arena, vector);
    for (gsize i = 0; i < N; i++)
      {
        gc_set (vector, items[i], gc_bytes_new (m, data, i * 200));
        gc_bytes_new (m, data, i);
      }
  }
  g_assert_cmpuint (demo_count_live (arena), ==, N + 1);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_arena_get_root (arena);

    demo_scribble (m, 10000);
    for (gsize i = 0; i < N; i++)
      assert_bytes (GC_BYTES (vector->items[i]), data, i * 200);
    gc_arena_set_root (arena, NULL);
  }
  demo_check (arena);
  g_assert_cmpuint (demo_count_live (arena), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bytes/new", test_new);
  g_test_add_func ("/bytes/slice", test_slice);
  g_test_add_func ("/bytes/compare", test_compare);
  g_test_add_func ("/bytes/invalid", test_invalid);
  g_test_add_func ("/bytes/collected", test_collected);
  return g_test_run ();
}
