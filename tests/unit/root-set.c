/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Root sets and their keys. */

#include "steps.h"

#define CRITICAL(pattern) g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, pattern)

static GcRootSet *
make_set (GcArena *arena)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcRootSet *set = gc_root_set_new (m);

  gc_arena_set_root (arena, set);
  return gc_object_ref (set);
}

static GcRootKey *
stash (GcArena   *arena,
       GcRootSet *set,
       int        value,
       guint     *n_finalized)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *node = demo_watch_new (m, n_finalized);

  node->value = value;
  return gc_root_set_stash (set, node);
}

static int
fetch_value (GcRootSet *set,
             GcRootKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GcObject) object = gc_root_set_fetch_dup (set, key, &error);

  g_assert_no_error (error);
  return DEMO_NODE (object)->value;
}

/* As gc-arena's test_dynamic_roots. */
static void
test_dynamic_roots (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcRootSet) set = make_set (arena);
  guint n_a = 0, n_b = 0;
  GcRootKey *a = stash (arena, set, 12, &n_a);
  GcRootKey *b = stash (arena, set, 13, &n_b);
  GcRootKey *a_copy, *b_copy, *b_again;

  gc_arena_collect (arena);
  g_assert_cmpuint (n_a + n_b, ==, 0);
  g_assert_cmpint (fetch_value (set, a), ==, 12);
  g_assert_cmpint (fetch_value (set, b), ==, 13);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    b_again = gc_root_set_stash (set, gc_root_set_fetch (set, b, NULL));
  }
  g_assert_true (b_again != b);
  g_assert_cmpuint (gc_root_set_get_size (set), ==, 3);
  a_copy = gc_root_key_ref (a);
  b_copy = g_boxed_copy (GC_TYPE_ROOT_KEY, b);
  g_assert_true (b_copy == b);
  gc_root_key_unref (a);
  g_boxed_free (GC_TYPE_ROOT_KEY, b);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_a + n_b, ==, 0);
  gc_root_key_unref (a_copy);
  gc_root_key_unref (b_copy);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_a, ==, 1);
  g_assert_cmpuint (n_b, ==, 0);
  g_assert_cmpint (fetch_value (set, b_again), ==, 13);
  gc_root_key_unref (b_again);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_b, ==, 1);
  g_assert_cmpuint (gc_root_set_get_size (set), ==, 0);
}

static void
test_wrong_set (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other_arena = gc_arena_new ();
  g_autoptr (GcRootSet) set = make_set (arena);
  g_autoptr (GcRootSet) second = NULL;
  g_autoptr (GcRootSet) other = make_set (other_arena);
  g_autoptr (GcRootKey) key = stash (arena, set, 1, NULL);
  g_autoptr (GcRootKey) other_key = stash (other_arena, other, 2, NULL);
  GError *error = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    second = gc_object_ref (gc_root_set_new (m));
    g_assert_null (gc_root_set_fetch (second, key, &error));
    g_assert_error (error, GC_ERROR, GC_ERROR_WRONG_SET);
    g_clear_error (&error);
  }
  g_assert_null (gc_root_set_fetch_dup (set, other_key, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_WRONG_SET);
  g_clear_error (&error);
  g_assert_null (gc_root_set_fetch_dup (other, key, NULL));
  g_assert_true (gc_root_set_contains (set, key));
  g_assert_false (gc_root_set_contains (second, key));
  g_assert_false (gc_root_set_contains (set, other_key));
  g_assert_false (gc_root_set_remove (second, key));
  g_assert_false (gc_root_set_remove (set, other_key));
  g_assert_cmpint (fetch_value (set, key), ==, 1);
  g_assert_cmpint (fetch_value (other, other_key), ==, 2);
}

static void
test_remove (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcRootSet) set = make_set (arena);
  guint n_finalized = 0;
  GcRootKey *key = stash (arena, set, 1, &n_finalized);
  GcRootKey *next;
  GError *error = NULL;

  g_assert_true (gc_root_set_remove (set, key));
  g_assert_false (gc_root_set_remove (set, key));
  g_assert_false (gc_root_set_contains (set, key));
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
  /* Its place goes to another key. */
  next = stash (arena, set, 2, &n_finalized);
  g_assert_null (gc_root_set_fetch_dup (set, key, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_WRONG_SET);
  g_clear_error (&error);
  gc_root_key_unref (key);
  gc_arena_collect (arena);
  g_assert_cmpint (fetch_value (set, next), ==, 2);
  g_assert_cmpuint (gc_root_set_get_size (set), ==, 1);
  gc_root_key_unref (next);
}

/* Keys outlive their set and their arena. */
static void
test_outlives (void)
{
  GcArena *arena = gc_arena_new ();
  GcRootSet *set = make_set (arena);
  guint n_finalized = 0;
  GcRootKey *keys[10];
  GError *error = NULL;

  for (int i = 0; i < 10; i++)
    keys[i] = stash (arena, set, i, &n_finalized);
  gc_root_key_unref (keys[0]);
  gc_object_unref (set);
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 10);
  gc_root_key_unref (keys[1]);
  set = make_set (arena);
  g_assert_null (gc_root_set_fetch_dup (set, keys[2], &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_WRONG_SET);
  g_clear_error (&error);
  gc_root_key_unref (keys[2]);
  keys[0] = stash (arena, set, 0, &n_finalized);
  gc_object_unref (set);
  g_object_unref (arena);
  g_assert_cmpuint (n_finalized, ==, 11);
  gc_root_key_unref (keys[0]);
  for (guint i = 3; i < 10; i++)
    gc_root_key_unref (keys[i]);
}

/* Dropped keys are found also if nobody uses the set, and a great many of them. */
static void
test_many (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcRootSet) set = make_set (arena);
  const guint n = 20000;
  g_autofree GcRootKey **keys = g_new (GcRootKey *, n);
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < n; i++)
      keys[i] = gc_root_set_stash (set, demo_watch_new (m, &n_finalized));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  for (guint i = 0; i < 100; i++)
    gc_root_key_unref (keys[i * 2]);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 100);
  for (guint i = 200; i < n; i++)
    gc_root_key_unref (keys[i]);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, <, n - 200);
  for (guint i = 0; i < 6; i++)
    gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, n - 100);
  g_assert_cmpuint (gc_root_set_get_size (set), ==, 100);
  for (guint i = 0; i < 100; i++)
    gc_root_key_unref (keys[i * 2 + 1]);
}

static gpointer
drop_all (gpointer data)
{
  GcRootKey **keys = data;

  for (guint i = 0; keys[i] != NULL; i++)
    {
      gc_root_key_ref (keys[i]);
      gc_root_key_unref (keys[i]);
      gc_root_key_unref (keys[i]);
    }
  g_free (keys);
  return NULL;
}

/* Other threads drop keys while this one uses the set and collects. */
static void
test_threads (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcRootSet) set = make_set (arena);
  guint n_finalized = 0, n = 0;

  for (guint round = 0; round < 20; round++)
    {
      GThread *threads[4];

      for (guint t = 0; t < G_N_ELEMENTS (threads); t++)
        {
          GcRootKey **keys = g_new0 (GcRootKey *, 501);
          g_autoptr (GcMutation) m = gc_arena_begin (arena);

          for (guint i = 0; i < 500; i++)
            keys[i] = gc_root_set_stash (set, demo_watch_new (m, &n_finalized));
          n += 500;
          threads[t] = g_thread_new ("drop", drop_all, keys);
        }
      for (guint i = 0; i < 10; i++)
        {
          g_autoptr (GcRootKey) key = stash (arena, set, (int) i, NULL);

          gc_arena_step_units (arena, 100);
          g_assert_cmpint (fetch_value (set, key), ==, (int) i);
        }
      gc_arena_collect (arena);
      for (guint t = 0; t < G_N_ELEMENTS (threads); t++)
        g_thread_join (threads[t]);
    }
  g_assert_cmpuint (gc_root_set_get_size (set), ==, 0);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, n);
}

/* Objects come and go while the set is marked in slices. */
static void
test_incremental (gconstpointer data)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new_with (GPOINTER_TO_INT (data));
  g_autoptr (GcRootSet) set = make_set (arena);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) gc_root_key_unref);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  guint n_cycles = 0;
  int serial = 0;

  while (n_cycles < 6)
    {
      g_autoptr (GcMutation) m = NULL;

      if (serial > 5000)
        n_cycles += demo_step (arena, rand, 20);
      m = gc_arena_begin (arena);
      for (guint i = 0; i < 2; i++)
        if (keys->len > 0 && g_rand_int_range (rand, 0, 3) == 0)
          {
            guint at = g_rand_int_range (rand, 0, keys->len);
            DemoNode *node = gc_root_set_fetch (set, keys->pdata[at], NULL);

            g_assert_cmpint (node->value, ==, g_array_index (values, int, at));
            if (g_rand_boolean (rand))
              gc_root_set_remove (set, keys->pdata[at]);
            g_ptr_array_remove_index_fast (keys, at);
            g_array_remove_index_fast (values, at);
          }
        else
          {
            DemoNode *node = gc_new (m, DemoNode);

            node->value = serial;
            g_ptr_array_add (keys, gc_root_set_stash (set, node));
            g_array_append_val (values, serial);
            serial++;
          }
      demo_scribble (m, 1);
    }
  g_assert_cmpuint (gc_root_set_get_size (set), ==, keys->len);
  for (guint i = 0; i < keys->len; i++)
    g_assert_cmpint (fetch_value (set, keys->pdata[i]), ==, g_array_index (values, int, i));
}

static void
test_misuse (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcRootSet) set = make_set (arena);
  g_autoptr (GcRootSet) foreign = make_set (other);
  g_autoptr (GcRootKey) key = stash (arena, set, 1, NULL);
  GcMutation *m;

  CRITICAL ("*gc_arena_of (object) == arena*");
  g_assert_null (gc_root_set_stash (set, foreign));
  CRITICAL ("*gc_arena_of (object) == arena*");
  g_assert_null (gc_root_set_stash (set, NULL));
  CRITICAL ("*gc_arena_of (object) == arena*");
  g_assert_null (gc_root_set_stash (set, gc_tag_int (1)));
  CRITICAL ("*key != NULL*");
  g_assert_null (gc_root_set_fetch_dup (set, NULL, NULL));
  CRITICAL ("*gc_root_set_contains*");
  g_assert_false (gc_root_set_contains (NULL, key));
  CRITICAL ("*gc_object_can_read_*");
  g_assert_null (gc_root_set_fetch (set, key, NULL));
  CRITICAL ("*key != NULL*");
  gc_root_key_unref (NULL);
  m = gc_arena_begin (arena);
  gc_mutation_finish (m);
  CRITICAL ("*gc_object*");
  g_assert_null (gc_root_set_new (m));
  gc_mutation_unref (m);
  g_test_assert_expected_messages ();
  g_assert_cmpint (fetch_value (set, key), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/root-set/dynamic-roots", test_dynamic_roots);
  g_test_add_func ("/root-set/wrong-set", test_wrong_set);
  g_test_add_func ("/root-set/remove", test_remove);
  g_test_add_func ("/root-set/outlives", test_outlives);
  g_test_add_func ("/root-set/many", test_many);
  g_test_add_func ("/root-set/threads", test_threads);
  g_test_add_data_func ("/root-set/incremental/major", GINT_TO_POINTER (FALSE), test_incremental);
  g_test_add_data_func ("/root-set/incremental/minor", GINT_TO_POINTER (TRUE), test_incremental);
  g_test_add_func ("/root-set/misuse", test_misuse);
  return g_test_run ();
}
