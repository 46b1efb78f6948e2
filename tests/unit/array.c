/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Growable arrays. */

#include "steps.h"

#define CRITICAL(pattern) g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, pattern)

static DemoNode *
node_new (GcMutation *m,
          int         value)
{
  DemoNode *node = gc_new (m, DemoNode);

  node->value = value;
  return node;
}

static int
value_at (GcArray *array,
          gsize    index)
{
  return DEMO_NODE (gc_array_get (array, index))->value;
}

static void
test_basics (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcArray *array = gc_array_new (m);
  DemoNode *nodes[5];
  gsize n;

  g_assert_true (GC_IS_ARRAY (array));
  g_assert_cmpuint (gc_array_get_length (array), ==, 0);
  g_assert_null (gc_array_peek (array, &n));
  g_assert_cmpuint (n, ==, 0);
  g_assert_null (gc_array_pop (array));
  gc_array_clear (array);

  for (int i = 0; i < 5; i++)
    gc_array_append (array, nodes[i] = node_new (m, i));
  g_assert_cmpuint (gc_array_get_length (array), ==, 5);
  for (int i = 0; i < 5; i++)
    g_assert_true (gc_array_get (array, i) == nodes[i]);
  g_assert_cmpint (gc_array_index_of (array, nodes[3]), ==, 3);
  g_assert_true (gc_array_contains (array, nodes[4]));
  g_assert_cmpint (gc_array_index_of (array, array), ==, -1);
  g_assert_false (gc_array_contains (array, NULL));

  gc_array_set (array, 2, NULL);
  g_assert_null (gc_array_get (array, 2));
  g_assert_cmpint (gc_array_index_of (array, NULL), ==, 2);
  gc_array_remove (array, 2);
  g_assert_cmpuint (gc_array_get_length (array), ==, 4);
  g_assert_true (gc_array_get (array, 2) == nodes[3]);
  gc_array_insert (array, 0, nodes[2]);
  gc_array_insert (array, 5, nodes[2]);
  gc_array_insert (array, 3, nodes[2]);
  g_assert_cmpuint (gc_array_get_length (array), ==, 7);
  g_assert_true (gc_array_get (array, 0) == nodes[2]);
  g_assert_true (gc_array_get (array, 1) == nodes[0]);
  g_assert_true (gc_array_get (array, 3) == nodes[2]);
  g_assert_true (gc_array_get (array, 6) == nodes[2]);
  g_assert_true (gc_array_pop (array) == nodes[2]);
  g_assert_true (gc_array_pop (array) == nodes[4]);

  g_assert_true (gc_array_set_length (array, 100, NULL));
  g_assert_null (gc_array_get (array, 99));
  g_assert_true (gc_array_get (array, 4) == nodes[3]);
  g_assert_true (gc_array_peek (array, &n)[4] == GC_OBJECT (nodes[3]));
  g_assert_cmpuint (n, ==, 100);
  g_assert_true (gc_array_set_length (array, 2, NULL));
  g_assert_cmpuint (gc_array_get_length (array), ==, 2);
  g_assert_true (gc_array_get (array, 1) == nodes[0]);
  g_assert_true (gc_array_set_length (array, 3, NULL));
  g_assert_null (gc_array_get (array, 2));
  gc_array_clear (array);
  g_assert_cmpuint (gc_array_get_length (array), ==, 0);
}

static void
test_making (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GError) error = NULL;
  GcArray *array;
  GcObject *values[4] = { NULL };
  g_autofree GcObject **list = NULL;
  gsize n;

  array = gc_array_new_sized (m, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (gc_array_get_length (array), ==, 0);
  array = gc_array_new_sized (m, 1000, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (gc_array_get_length (array), ==, 1000);
  g_assert_null (gc_array_get (array, 999));

  values[1] = GC_OBJECT (node_new (m, 1));
  values[2] = gc_tag_int (-7);
  values[3] = GC_OBJECT (array);
  array = gc_array_new_from_list (m, values, 4, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 4; i++)
    g_assert_true (gc_array_get (array, i) == values[i]);
  list = gc_array_list (array, &n);
  g_assert_cmpuint (n, ==, 4);
  g_assert_null (list[0]);
  g_assert_true (list[1] == values[1]);
  g_assert_null (list[2]);                  /* a number is no object */
  g_assert_true (list[3] == values[3]);
  g_assert_null (list[4]);
  array = gc_array_new_from_list (m, NULL, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (gc_array_get_length (array), ==, 0);
  gc_array_append (array, array);           /* a cycle */
}

/* Tagged words come back as they are in C, and as nothing where references are given. */
static void
test_words (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcArray *array = gc_array_new (m);

  for (int i = 0; i < 100; i++)
    gc_array_append (array, gc_tag_int (i - 50));
  for (int i = 0; i < 100; i++)
    g_assert_cmpint (gc_untag_int (gc_array_get (array, i)), ==, i - 50);
  g_assert_null (gc_array_dup (array, 3, NULL));
  g_assert_cmpint (gc_array_index_of (array, gc_tag_int (0)), ==, 50);
  g_assert_cmpint (gc_untag_int (gc_array_pop (array)), ==, 49);
  g_assert_null (gc_array_pop_dup (array));
  g_assert_cmpuint (gc_array_get_length (array), ==, 98);
}

static void
test_lifetime (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *array = gc_array_new (m);

    gc_arena_set_root (arena, array);
    for (int i = 0; i < 2000; i++)
      gc_array_append (array, demo_watch_new (m, &n_finalized));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *array = gc_arena_get_root (arena);

    for (int i = 0; i < 500; i++)
      gc_array_remove (array, 0);
    for (int i = 0; i < 500; i++)
      gc_array_pop (array);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1000);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_true (gc_array_set_length (gc_arena_get_root (arena), 300, NULL));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1700);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_array_clear (gc_arena_get_root (arena));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 2000);
}

/* By an index that may be negative, and by ranges. */
static void
test_at_and_ranges (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArray) array = NULL;
  GcObject *values[5];
  GcObject *value;
  g_autoptr (GcStats) stats = NULL;
  GError *error = NULL;
  gsize n;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (int i = 0; i < 5; i++)
      values[i] = i == 3 ? gc_tag_int (3) : GC_OBJECT (node_new (m, i));
    array = gc_object_ref (gc_array_new_from_list (m, values, 5, NULL));
  }
  for (gssize i = -5; i < 5; i++)
    {
      GcObject *expected = values[i < 0 ? i + 5 : i];

      g_assert_true (gc_array_at (array, i, &value, &error));
      g_assert_no_error (error);
      g_assert_true (value == (gc_is_ref (expected) ? expected : NULL));
      g_clear_pointer (&value, gc_object_unref);
      g_assert_true (gc_array_at (array, i, NULL, NULL));
    }
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_external_refs, ==, 1);
  for (guint i = 0; i < 4; i++)
    {
      const gssize wrong[] = { 5, -6, G_MAXSSIZE, G_MINSSIZE };

      value = values[0];
      g_assert_false (gc_array_at (array, wrong[i], &value, &error));
      g_assert_error (error, GC_ERROR, GC_ERROR_RANGE);
      g_assert_null (value);
      g_clear_error (&error);
    }

  for (gsize index = 0; index <= 5; index++)
    for (gsize most = 0; most < 7; most++)
      {
        g_autofree GcObject **list = gc_array_list_range (array, index, most < 6 ? most : G_MAXSIZE, &n, &error);

        g_assert_no_error (error);
        g_assert_cmpuint (n, ==, MIN (most, 5 - index));
        for (gsize i = 0; i < n; i++)
          g_assert_true (list[i] == (gc_is_ref (values[index + i]) ? values[index + i] : NULL));
        g_assert_null (list[n]);
      }
  g_assert_null (gc_array_list_range (array, 6, 0, &n, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_null (gc_array_list_range (array, G_MAXSIZE, G_MAXSIZE, &n, NULL));
  g_assert_cmpuint (n, ==, 0);
}

/* Whatever changes an array is counted, and what does not is not. */
static void
test_changes (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcArray *array = gc_array_new (m);
  GError *error = NULL;
  guint n = gc_array_get_n_changes (array);

#define CHANGES(what) \
  G_STMT_START { \
    what; \
    g_assert_cmpuint (gc_array_get_n_changes (array), !=, n); \
    n = gc_array_get_n_changes (array); \
  } G_STMT_END

  for (int i = 0; i < 100; i++)
    CHANGES (gc_array_append (array, array));
  CHANGES (gc_array_try_append (array, NULL, NULL));
  CHANGES (gc_array_set (array, 0, NULL));
  CHANGES (gc_array_try_set (array, 0, array, NULL));
  CHANGES (gc_array_insert (array, 3, NULL));
  CHANGES (gc_array_try_insert (array, 3, NULL, NULL));
  CHANGES (gc_array_remove (array, 3));
  CHANGES (gc_array_try_remove (array, 3, NULL));
  CHANGES (gc_array_pop (array));
  CHANGES (gc_object_unref (gc_array_pop_dup (array)));
  CHANGES (gc_array_set_length (array, 3, NULL));
  CHANGES (gc_array_set_length (array, 1000, NULL));
  CHANGES (gc_array_clear (array));
  g_assert_null (gc_array_pop (array));
  g_assert_false (gc_array_try_remove (array, 0, &error));
  g_clear_error (&error);
  g_assert_false (gc_array_contains (array, NULL));
  g_assert_cmpuint (gc_array_get_n_changes (array), ==, n);
  CRITICAL ("*gc_array_get_n_changes*");
  g_assert_cmpuint (gc_array_get_n_changes ((gpointer) arena), ==, 0);
  g_test_assert_expected_messages ();
}

/* As a script does it. */
static void
test_outside_of_a_scope (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GcArray) array = NULL;
  g_autoptr (GcObject) first = NULL;
  g_autoptr (GcObject) got = NULL;
  g_autoptr (GcObject) popped = NULL;
  g_autofree GcObject **list = NULL;
  gsize n;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    array = gc_object_ref (gc_array_new (m));
    first = gc_object_ref (node_new (m, 1));
  }
  for (int i = 0; i < 1000; i++)
    g_assert_true (gc_array_try_append (array, first, &error));
  g_assert_true (gc_array_try_insert (array, 500, array, &error));
  g_assert_true (gc_array_try_set (array, 0, NULL, &error));
  g_assert_true (gc_array_try_remove (array, 1, &error));
  g_assert_no_error (error);
  gc_arena_collect (arena);
  g_assert_null (gc_array_dup (array, 0, &error));
  g_assert_no_error (error);
  got = gc_array_dup (array, 499, &error);
  g_assert_true (got == GC_OBJECT (array));
  popped = gc_array_pop_dup (array);
  g_assert_true (popped == first);
  g_assert_cmpuint (gc_array_get_length (array), ==, 999);
  g_assert_cmpint (gc_array_index_of (array, array), ==, 499);
  list = gc_array_list (array, &n);
  g_assert_cmpuint (n, ==, 999);
  g_assert_true (gc_array_set_length (array, 1, &error));
  g_assert_no_error (error);
  /* A raw pointer would be worth nothing. */
  CRITICAL ("*gc_object_can_read_*");
  g_assert_null (gc_array_get (array, 0));
  CRITICAL ("*gc_object_can_read_*");
  g_assert_null (gc_array_pop (array));
  CRITICAL ("*gc_object_can_read_*");
  g_assert_null (gc_array_peek (array, &n));
  g_test_assert_expected_messages ();
  g_assert_cmpuint (gc_array_get_length (array), ==, 1);
}

static void
test_errors (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GcMutation) m2 = gc_arena_begin (other);
  GcArray *array = gc_array_new (m);
  GcObject *foreign = GC_OBJECT (gc_array_new (m2));
  GError *error = NULL;

#define FAILS(call, code) \
  G_STMT_START { \
    g_assert_true ((gsize) (call) == 0); \
    g_assert_error (error, GC_ERROR, code); \
    g_clear_error (&error); \
  } G_STMT_END

  gc_array_append (array, array);
  FAILS (gc_array_dup (array, 1, &error), GC_ERROR_RANGE);
  FAILS (gc_array_dup (array, G_MAXSIZE, &error), GC_ERROR_RANGE);
  FAILS (gc_array_try_set (array, 1, NULL, &error), GC_ERROR_RANGE);
  FAILS (gc_array_try_insert (array, 2, NULL, &error), GC_ERROR_RANGE);
  FAILS (gc_array_try_insert (array, G_MAXSIZE, NULL, &error), GC_ERROR_RANGE);
  FAILS (gc_array_try_remove (array, 1, &error), GC_ERROR_RANGE);
  FAILS (gc_array_set_length (array, (gsize) 1 << 40, &error), GC_ERROR_RANGE);
  FAILS (gc_array_set_length (array, G_MAXSIZE, &error), GC_ERROR_RANGE);
  FAILS (gc_array_new_sized (m, (gsize) 1 << 40, &error), GC_ERROR_RANGE);
  FAILS (gc_array_new_sized (m, G_MAXSIZE, &error), GC_ERROR_RANGE);
  FAILS (gc_array_try_set (array, 0, foreign, &error), GC_ERROR_WRONG_ARENA);
  FAILS (gc_array_try_append (array, foreign, &error), GC_ERROR_WRONG_ARENA);
  FAILS (gc_array_try_insert (array, 0, foreign, &error), GC_ERROR_WRONG_ARENA);
  FAILS (gc_array_new_from_list (m, &foreign, 1, &error), GC_ERROR_WRONG_ARENA);
  g_assert_cmpuint (gc_array_get_length (array), ==, 1);
  g_assert_true (gc_array_get (array, 0) == array);

  CRITICAL ("gc_array_set: There is no element 1*");
  gc_array_set (array, 1, NULL);
  CRITICAL ("gc_array_set: The value is not an object of*");
  gc_array_set (array, 0, foreign);
  CRITICAL ("gc_array_append: The value is not an object of*");
  gc_array_append (array, foreign);
  CRITICAL ("gc_array_insert: There is no element 7*");
  gc_array_insert (array, 7, NULL);
  CRITICAL ("*gc_array_insert*");
  gc_array_insert (array, G_MAXSIZE, NULL);
  CRITICAL ("gc_array_remove: There is no element 1*");
  gc_array_remove (array, 1);
  CRITICAL ("*gc_array_get*");
  g_assert_null (gc_array_get (array, 1));
  CRITICAL ("*gc_array_append*");
  gc_array_append (GC_ARRAY (NULL), NULL);
  CRITICAL ("*gc_array_get_length*");
  g_assert_cmpuint (gc_array_get_length ((gpointer) arena), ==, 0);
  g_assert_cmpuint (gc_array_get_length (array), ==, 1);
  g_test_assert_expected_messages ();

  gc_mutation_finish (m2);
  gc_mutation_finish (m);
  FAILS (gc_array_new_sized (m, 1, &error), GC_ERROR_NOT_MUTATING);
  FAILS (gc_array_new_from_list (m, NULL, 0, &error), GC_ERROR_NOT_MUTATING);
  CRITICAL ("*gc_object*");
  g_assert_null (gc_array_new (m));
  g_test_assert_expected_messages ();
}

/* An array within a heap limit fails, and stays as it was. */
static void
test_heap_limit (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcMutation) m = NULL;
  GError *error = NULL;
  GcArray *array;

  gc_arena_set_heap_limit (arena, 1 << 20);
  m = gc_arena_begin (arena);
  array = gc_array_new (m);
  gc_arena_set_root (arena, array);
  gc_array_append (array, array);
  g_assert_false (gc_array_set_length (array, 1 << 20, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
  g_clear_error (&error);
  g_assert_null (gc_array_new_sized (m, 1 << 20, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
  g_clear_error (&error);
  while (gc_array_try_append (array, array, &error))
    ;
  g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
  g_clear_error (&error);
  g_assert_true (gc_array_get (array, gc_array_get_length (array) - 1) == array);
}

/* A large array is marked in slices, with its elements moving in between. The check
 * after each marking would find what was missed, and clobbered memory shows. */
static void
churn (GRand    *rand,
       gboolean  generations,
       guint     units,
       gsize     length)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new_with (generations);
  g_autoptr (GArray) model = g_array_new (FALSE, FALSE, sizeof (int));
  int serial = 0;
  guint n_cycles = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *array = gc_array_new (m);

    gc_arena_set_root (arena, array);
    for (; serial < (int) length; serial++)
      {
        gc_array_append (array, node_new (m, serial));
        g_array_append_val (model, serial);
      }
  }

  while (n_cycles < 4)
    {
      n_cycles += demo_step (arena, rand, units);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcArray *array = gc_arena_get_root (arena);

        /* Less than the collector does, or it never ends. */
        for (gint i = g_rand_int_range (rand, 0, 2 * units) / 10; i > 0; i--)
          {
            gsize n = gc_array_get_length (array);
            gsize at = g_rand_int_range (rand, 0, n), to = g_rand_int_range (rand, 0, n);

            switch (g_rand_int_range (rand, 0, 5))
              {
              case 0:
                gc_array_insert (array, at, node_new (m, serial));
                g_array_insert_val (model, at, serial);
                serial++;
                break;
              case 1:
                if (n > length / 2)
                  {
                    gc_array_remove (array, at);
                    g_array_remove_index (model, at);
                  }
                break;
              case 2:
                gc_array_set (array, at, node_new (m, serial));
                g_array_index (model, int, at) = serial++;
                break;
              case 3:
                {
                  /* What only this array holds moves ahead of or behind the marker. */
                  gpointer moving = gc_array_get (array, at);
                  int value = value_at (array, at);

                  gc_array_remove (array, at);
                  gc_array_insert (array, MIN (to, n - 1), moving);
                  g_array_remove_index (model, at);
                  g_array_insert_val (model, MIN (to, n - 1), value);
                }
                break;
              default:
                demo_scribble (m, 3);
              }
          }
      }
    }

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *array = gc_arena_get_root (arena);

    g_assert_cmpuint (gc_array_get_length (array), ==, model->len);
    for (guint i = 0; i < model->len; i++)
      g_assert_cmpint (value_at (array, i), ==, g_array_index (model, int, i));
  }
  demo_check (arena);
}

static void
test_incremental (gconstpointer data)
{
  gboolean generations = GPOINTER_TO_INT (data);
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  churn (rand, generations, 6, 20);
  churn (rand, generations, 10, 200);
  churn (rand, generations, 40, 4000);
  churn (rand, generations, 25, 9000);           /* a mapping of its own */
}

/* Elements go from the end, which is not marked yet, to the start, which is. */
static void
test_rotation (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  const int n = 5000;
  gboolean is_complete = FALSE;
  int first = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *array = gc_array_new (m);

    gc_arena_set_root (arena, array);
    for (int i = 0; i < n; i++)
      gc_array_append (array, node_new (m, i));
  }
  while (!is_complete)
    {
      is_complete = gc_arena_step_units (arena, 33);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcArray *array = gc_arena_get_root (arena);

        for (guint i = 0; i < 50; i++)
          gc_array_insert (array, 0, gc_array_pop (array));
        first = (first + n - 50) % n;
        demo_scribble (m, 10);
      }
    }
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *array = gc_arena_get_root (arena);

    demo_scribble (m, 100000);
    for (int i = 0; i < n; i++)
      g_assert_cmpint (value_at (array, i), ==, (first + i) % n);
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/array/basics", test_basics);
  g_test_add_func ("/array/making", test_making);
  g_test_add_func ("/array/words", test_words);
  g_test_add_func ("/array/at-and-ranges", test_at_and_ranges);
  g_test_add_func ("/array/changes", test_changes);
  g_test_add_func ("/array/lifetime", test_lifetime);
  g_test_add_func ("/array/outside-of-a-scope", test_outside_of_a_scope);
  g_test_add_func ("/array/errors", test_errors);
  g_test_add_func ("/array/heap-limit", test_heap_limit);
  g_test_add_data_func ("/array/incremental/major", GINT_TO_POINTER (FALSE), test_incremental);
  g_test_add_data_func ("/array/incremental/minor", GINT_TO_POINTER (TRUE), test_incremental);
  g_test_add_func ("/array/rotation", test_rotation);
  return g_test_run ();
}
