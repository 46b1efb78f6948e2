/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Strings in the heap, and weak interning. */

#include "demo.h"

/* A string that is referred to strongly, and one that is not. */
GC_DECLARE_TYPE (DemoName, demo_name, DEMO, NAME, GcObject)
struct _DemoName { GcObject parent_instance; GC_REF (GcString) kept; GC_WEAK (GcString) seen; };
GC_DEFINE_TYPE (DemoName, demo_name, GC_TYPE_OBJECT,
                GC_FIELD (DemoName, kept)
                GC_FIELD_WEAK (DemoName, seen))

#define expect_critical(pattern) \
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, pattern)

static void
assert_text (GcString   *string,
             const char *text)
{
  g_assert_true (GC_IS_STRING (string));
  g_assert_cmpstr (gc_string_get_text (string), ==, text);
  g_assert_cmpuint (gc_string_get_length (string), ==, strlen (text));
}

static void
test_new (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  assert_text (gc_string_new (m, "hello"), "hello");
  assert_text (gc_string_new (m, ""), "");
  assert_text (gc_string_new (m, "größer → 😀"), "größer → 😀");
  assert_text (gc_string_new_len (m, "hello", 4), "hell");
  assert_text (gc_string_new_len (m, "hello", 0), "");
  assert_text (gc_string_new_len (m, "hello", -1), "hello");
  assert_text (gc_string_new_len (m, NULL, 0), "");
  assert_text (gc_string_new_printf (m, "%s %d", "number", 42), "number 42");
  g_assert_true (gc_string_new (m, "hello") != gc_string_new (m, "hello"));
}

/* All remainders of the size, and a large object. */
static void
test_sizes (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autofree char *large = g_strnfill (1 << 20, 'x');
  g_autoptr (GcString) kept = NULL;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_new_with_tail (m, DemoVector, 300);

    gc_arena_set_root (arena, vector);
    for (gsize i = 0; i < vector->n; i++)
      gc_set (vector, items[i], gc_string_new_len (m, large, (gssize) i));
    kept = gc_object_ref (gc_string_new (m, large));
    g_assert_cmpuint (gc_object_get_size (GC_OBJECT (kept)), >, 1 << 20);
  }
  demo_check (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_arena_get_root (arena);

    demo_scribble (m, 1000);
    for (gsize i = 0; i < vector->n; i++)
      {
        GcString *string = GC_STRING (vector->items[i]);

        g_assert_cmpuint (gc_string_get_length (string), ==, i);
        g_assert_cmpmem (gc_string_get_text (string), i + 1, gc_string_get_text (string), strlen (gc_string_get_text (string)) + 1);
      }
    assert_text (kept, large);
  }
}

static void
test_invalid (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GError) error = NULL;

  expect_critical ("*utf8*");
  g_assert_null (gc_string_new (m, "a\xff"));
  expect_critical ("*utf8*");
  g_assert_null (gc_string_new_len (m, "a\0b", 3));
  expect_critical ("*utf8*");
  g_assert_null (gc_string_intern (m, "a\xff"));
  expect_critical ("*text != NULL*");
  g_assert_null (gc_string_new (m, NULL));
  expect_critical ("*");
  g_assert_null (gc_string_new (NULL, "a"));
  expect_critical ("*GC_TYPE_STRING*");
  g_assert_null (gc_string_get_text ((GcString *) gc_new (m, DemoNode)));
  expect_critical ("*GC_TYPE_STRING*");
  g_assert_cmpuint (gc_string_get_length ((GcString *) gc_new (m, DemoNode)), ==, 0);
  expect_critical ("*GC_TYPE_STRING*");
  g_assert_false (gc_string_equal (gc_string_new (m, "a"), &error));
  expect_critical ("*GC_TYPE_STRING*");
  g_assert_null (gc_string_concat (m, gc_string_new (m, "a"), NULL));
  g_test_assert_expected_messages ();

  g_assert_null (gc_string_try_new (m, "a\xff", &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_null (gc_string_try_new (m, "a\xff", NULL));
  g_assert_null (gc_string_try_new_len (m, "a\0b", 3, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_RANGE);
  g_clear_error (&error);
  /* The first half of a character. */
  g_assert_null (gc_string_try_new_len (m, "ö", 1, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_null (gc_string_try_intern (m, "a\xff", &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_RANGE);
}

static void
test_finished (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_mutation_ref (gc_arena_begin (arena));
  GcString *string = gc_object_ref (gc_string_new (m, "a"));
  g_autoptr (GError) error = NULL;

  gc_mutation_finish (m);
  expect_critical ("*");
  g_assert_null (gc_string_new (m, "a"));
  expect_critical ("*");
  g_assert_null (gc_string_intern (m, "a"));
  g_test_assert_expected_messages ();
  g_assert_null (gc_string_try_new (m, "a", &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_NOT_MUTATING);
  g_clear_error (&error);
  g_assert_null (gc_string_try_intern (m, "a", &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_NOT_MUTATING);
  g_clear_error (&error);
  g_assert_null (gc_string_try_concat (m, string, string, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_NOT_MUTATING);
  /* What only reads works. */
  assert_text (string, "a");
  g_assert_false (gc_string_is_interned (string));
  gc_object_unref (string);
  gc_mutation_unref (m);
  gc_mutation_unref (m);
}

/* A program that doubles a string until it is refused goes on. */
static void
test_limit (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GError) error = NULL;

  gc_arena_set_heap_limit (arena, 8 << 20);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcString *string = gc_string_try_new (m, "0123456789abcdef", &error);

    while (error == NULL)
      {
        g_assert_cmpuint (gc_string_get_length (string), <, 8 << 20);
        string = gc_string_try_concat (m, string, string, &error);
      }
    g_assert_null (string);
    g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
  }
  gc_arena_collect (arena);
  g_assert_true (gc_arena_check_heap_limit (arena, NULL));
}

static void
test_compare (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GcMutation) n = gc_arena_begin (other);
  GcString *a = gc_string_new (m, "straße");
  GcString *b = gc_string_new (m, "straßen");
  GcString *c = gc_string_new (n, "straße");
  const char *sorted[] = { "", "Z", "a", "aa", "ab", "b", "ä", "ö", "→", "😀" };

  g_assert_true (gc_string_equal (a, a));
  g_assert_true (gc_string_equal (a, c));
  g_assert_false (gc_string_equal (a, b));
  g_assert_false (gc_string_equal (b, a));
  g_assert_cmpuint (gc_string_hash (a), ==, gc_string_hash (c));
  g_assert_cmpuint (gc_string_hash (a), ==, gc_string_hash (a));
  g_assert_cmpuint (gc_string_hash (a), !=, gc_string_hash (b));
  g_assert_cmpuint (gc_object_hash (GC_OBJECT (a)), !=, gc_object_hash (GC_OBJECT (c)));

  for (gsize i = 0; i < G_N_ELEMENTS (sorted); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (sorted); j++)
      {
        int result = gc_string_compare (gc_string_new (m, sorted[i]), gc_string_new (m, sorted[j]));

        g_assert_cmpint ((result > 0) - (result < 0), ==, (i > j) - (i < j));
      }
}

static void
test_concat (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcString *empty = gc_string_new (m, "");
  GcString *a = gc_string_new (m, "grö");
  GcString *b = gc_string_new (m, "ßer");

  assert_text (gc_string_concat (m, a, b), "größer");
  assert_text (gc_string_concat (m, empty, b), "ßer");
  assert_text (gc_string_concat (m, a, empty), "grö");
  assert_text (gc_string_concat (m, empty, empty), "");
  assert_text (gc_string_try_concat (m, a, a, NULL), "grögrö");
  g_assert_true (gc_string_equal (gc_string_concat (m, a, b), gc_string_new (m, "größer")));
}

/* As keys of a GHashTable; and the low bits of the hash, by which tables find their places. */
static void
test_hash (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GHashTable) table = g_hash_table_new (gc_string_hash, gc_string_equal);
  guint8 used[4096] = { 0 };
  guint n_used = 0;

  for (guint i = 0; i < 4096; i++)
    {
      GcString *string = gc_string_new_printf (m, "%u", i);
      guint8 *place = &used[gc_string_hash (string) % 4096];

      g_hash_table_insert (table, string, GUINT_TO_POINTER (i));
      n_used += *place == 0;
      *place = 1;
    }
  for (guint i = 0; i < 4096; i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (table, gc_string_new_printf (m, "%u", i))), ==, i);
  /* 4096 * (1 - 1/e) = 2589, with a deviation of 32. */
  g_assert_cmpuint (n_used, >, 2589 - 6 * 32);
  g_assert_cmpuint (n_used, <, 2589 + 6 * 32);
}

static void
test_dies (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoName *name = gc_new (m, DemoName);

    gc_arena_set_root (arena, name);
    gc_set (name, kept, gc_string_new (m, "kept"));
    for (guint i = 0; i < 1000; i++)
      gc_set_weak (name, seen, gc_string_new_printf (m, "string %u", i));
  }
  g_assert_cmpuint (demo_count_live (arena), ==, 2);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoName *name = gc_arena_get_root (arena);

    assert_text (name->kept, "kept");
    g_assert_null (gc_weak_get (name, seen));
  }
  gc_arena_set_root (arena, NULL);
  g_assert_cmpuint (demo_count_live (arena), ==, 0);
}

/* With an external reference the text stays where it is, and is read by any thread. */
static gpointer
read_elsewhere (gpointer data)
{
  assert_text (data, "pinned");
  return GUINT_TO_POINTER (gc_string_hash (data));
}

static void
test_pinned (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GThread *threads[4];
  const char *text;
  GcString *string;
  guint hash;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    string = gc_object_ref (gc_string_new (m, "pinned"));
    text = gc_string_get_text (string);
  }
  gc_arena_collect (arena);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", read_elsewhere, string);
  for (guint i = 0; i < 10; i++)
    gc_arena_collect (arena);
  hash = gc_string_hash (string);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, hash);
  g_assert_true (gc_string_get_text (string) == text);
  g_assert_cmpstr (text, ==, "pinned");
  gc_object_unref (string);
  g_assert_cmpuint (demo_count_live (arena), ==, 0);
}

static void
test_intern (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GcMutation) n = gc_arena_begin (other);
  GcString *plain = gc_string_new (m, "a");
  GcString *a;

  g_assert_false (gc_string_is_interned (plain));
  a = gc_string_intern (m, "a");
  assert_text (a, "a");
  g_assert_true (a != plain);
  g_assert_true (gc_string_intern (m, "a") == a);
  g_assert_true (gc_string_try_intern (m, "a", NULL) == a);
  g_assert_true (gc_string_is_interned (a));
  g_assert_false (gc_string_is_interned (plain));
  g_assert_true (gc_string_intern (m, "b") != a);
  g_assert_true (gc_string_intern (m, "") == gc_string_intern (m, ""));
  assert_text (gc_string_intern (m, ""), "");
  /* Each arena has its own. */
  g_assert_true (gc_string_intern (n, "a") != a);
  g_assert_true (gc_string_equal (gc_string_intern (n, "a"), a));
}

static void
test_intern_weak (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoName *name = gc_new (m, DemoName);

    gc_arena_set_root (arena, name);
    gc_set (name, kept, gc_string_intern (m, "kept"));
    gc_set_weak (name, seen, gc_string_intern (m, "lost"));
  }
  g_assert_cmpuint (demo_count_live (arena), ==, 2);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoName *name = gc_arena_get_root (arena);

    g_assert_null (gc_weak_get (name, seen));
    g_assert_true (gc_string_intern (m, "kept") == name->kept);
    g_assert_true (gc_string_is_interned (name->kept));
    gc_set_weak (name, seen, gc_string_intern (m, "lost"));
    assert_text (gc_weak_get (name, seen), "lost");
    gc_arena_set_root (arena, NULL);
  }
  g_assert_cmpuint (demo_count_live (arena), ==, 0);
}

/* At all points of a cycle: what is rooted is found, and there is one string of each text. */
static void
test_intern_cycle (void)
{
  enum { N = 500 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint seen_phases = 0;

  demo_sleep_for_ever (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, gc_new_with_tail (m, DemoVector, N));
  }
  for (guint round = 0; round < 4000; round++)
    {
      seen_phases |= 1u << gc_arena_get_phase (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoVector *vector = gc_arena_get_root (arena);

        for (guint i = 0; i < 20; i++)
          {
            guint k = g_test_rand_int_range (0, N);
            char text[32];
            GcString *string;

            g_snprintf (text, sizeof text, "name %u", k);
            string = gc_string_intern (m, text);
            assert_text (string, text);
            g_assert_true (gc_string_is_interned (string));
            g_assert_true (gc_string_intern (m, text) == string);
            if (vector->items[k] != NULL)
              g_assert_true (vector->items[k] == GC_OBJECT (string));
            gc_set (vector, items[k], g_test_rand_bit () ? string : NULL);
          }
      }
      gc_arena_step_units (arena, g_test_rand_int_range (1, 200));
    }
  /* Phases that end within a step of any length are not met. */
  g_assert_cmpuint (seen_phases & (1u << GC_PHASE_MARKING), !=, 0);
  g_assert_cmpuint (seen_phases & (1u << GC_PHASE_CLEARING), !=, 0);
  demo_check (arena);
}

/* After marking what is dead can still be brought back: interning does it, too. */
static void
test_intern_marked (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  demo_sleep_for_ever (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoName *name = gc_new (m, DemoName);

    gc_arena_set_root (arena, name);
    gc_set_weak (name, seen, gc_string_intern (m, "back"));
    gc_string_intern (m, "gone");
  }
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoName *name = gc_arena_get_root (arena);
    GcString *string = gc_string_intern (m, "back");

    assert_text (string, "back");
    g_assert_true (string == gc_weak_get (name, seen));
    g_assert_true (gc_string_is_interned (string));
    gc_set (name, kept, string);
  }
  gc_arena_finish_cycle (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoName *name = gc_arena_get_root (arena);

    assert_text (name->kept, "back");
    g_assert_true (gc_string_intern (m, "back") == name->kept);
    g_assert_true (gc_weak_get (name, seen) == name->kept);
  }
  g_assert_cmpuint (demo_count_live (arena), ==, 2);
  demo_check (arena);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/string/new", test_new);
  g_test_add_func ("/string/sizes", test_sizes);
  g_test_add_func ("/string/invalid", test_invalid);
  g_test_add_func ("/string/finished", test_finished);
  g_test_add_func ("/string/limit", test_limit);
  g_test_add_func ("/string/compare", test_compare);
  g_test_add_func ("/string/concat", test_concat);
  g_test_add_func ("/string/hash", test_hash);
  g_test_add_func ("/string/dies", test_dies);
  g_test_add_func ("/string/pinned", test_pinned);
  g_test_add_func ("/string/intern", test_intern);
  g_test_add_func ("/string/intern/weak", test_intern_weak);
  g_test_add_func ("/string/intern/cycle", test_intern_cycle);
  g_test_add_func ("/string/intern/marked", test_intern_marked);
  return g_test_run ();
}
