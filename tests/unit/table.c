/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Hash tables. Weak ones: table-weak.c; weak keys: ephemeron.c too. */

#include "demo.h"

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
get_value (gpointer object)
{
  return object != NULL ? DEMO_NODE (object)->value : -1;
}

static void
test_basics (void)
{
  const GcTableFlags kinds[] = { GC_TABLE_STRONG, GC_TABLE_WEAK_KEYS, GC_TABLE_WEAK_VALUES };
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      GcTable *table = gc_table_new (m, kinds[k]);
      DemoNode *nodes[100];

      g_assert_true (GC_IS_TABLE (table));
      g_assert_cmpint (gc_table_get_flags (table), ==, kinds[k]);
      g_assert_cmpuint (gc_table_get_size (table), ==, 0);
      g_assert_null (gc_table_lookup (table, table));
      g_assert_false (gc_table_contains (table, table));
      g_assert_false (gc_table_remove (table, table));
      gc_table_clear (table);

      for (int i = 0; i < 100; i++)
        {
          nodes[i] = node_new (m, i);
          gc_table_insert (table, nodes[i], node_new (m, i * 2));
        }
      gc_table_insert (table, table, NULL);
      g_assert_cmpuint (gc_table_get_size (table), ==, 101);
      g_assert_true (gc_table_contains (table, table));
      g_assert_null (gc_table_lookup (table, table));
      for (int i = 0; i < 100; i++)
        g_assert_cmpint (get_value (gc_table_lookup (table, nodes[i])), ==, i * 2);

      gc_table_insert (table, nodes[7], nodes[8]);
      g_assert_true (gc_table_lookup (table, nodes[7]) == nodes[8]);
      g_assert_cmpuint (gc_table_get_size (table), ==, 101);
      g_assert_true (gc_table_remove (table, nodes[7]));
      g_assert_false (gc_table_remove (table, nodes[7]));
      g_assert_false (gc_table_contains (table, nodes[7]));
      g_assert_cmpuint (gc_table_get_size (table), ==, 100);
      for (int i = 0; i < 99; i++)
        gc_table_remove (table, nodes[i]);
      g_assert_cmpuint (gc_table_get_size (table), ==, 2);
      g_assert_cmpint (get_value (gc_table_lookup (table, nodes[99])), ==, 198);
      gc_table_clear (table);
      g_assert_cmpuint (gc_table_get_size (table), ==, 0);
      g_assert_null (gc_table_lookup (table, nodes[99]));
      gc_table_insert (table, nodes[99], table);
      g_assert_true (gc_table_lookup (table, nodes[99]) == table);
    }
}

/* Strings are equal by what is in them, in every kind of table. */
static void
test_strings (void)
{
  const GcTableFlags kinds[] = { GC_TABLE_STRONG, GC_TABLE_WEAK_KEYS, GC_TABLE_WEAK_VALUES };
  g_autoptr (GcArena) arena = gc_arena_new ();

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcTable *table = gc_table_new (m, kinds[k]);
        DemoNode *value = node_new (m, 42);

        gc_arena_set_root (arena, value);
        gc_set (value, any, GC_OBJECT (table));
        gc_table_insert_string (table, "answer", value);
        gc_table_insert (table, gc_string_new (m, ""), value);
        gc_table_insert_string (table, "Zürich", value);
        g_assert_cmpuint (gc_table_get_size (table), ==, 3);
        gc_table_insert (table, gc_string_new (m, "answer"), value);
        g_assert_cmpuint (gc_table_get_size (table), ==, 3);
        for (int i = 0; i < 500; i++)
          {
            g_autofree char *name = g_strdup_printf ("name %d", i);

            if (i % 2)
              gc_table_insert_string (table, name, value);
            else
              gc_table_insert (table, gc_string_new (m, name), gc_tag_int (i));
          }
        g_assert_cmpuint (gc_table_get_size (table), ==, 503);
      }
      /* Nothing else holds the keys. */
      gc_arena_collect (arena);
      gc_arena_collect (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *value = gc_arena_get_root (arena);
        GcTable *table = GC_TABLE (value->any);

        g_assert_cmpuint (gc_table_get_size (table), ==, 503);
        g_assert_true (gc_table_lookup_string (table, "answer") == value);
        g_assert_true (gc_table_lookup (table, gc_string_new (m, "answer")) == value);
        g_assert_true (gc_table_lookup (table, gc_string_intern (m, "answer")) == value);
        g_assert_true (gc_table_lookup_string (table, "") == value);
        g_assert_true (gc_table_contains_string (table, "Zürich"));
        g_assert_false (gc_table_contains_string (table, "Z\303"));
        g_assert_false (gc_table_contains_string (table, "Answer"));
        g_assert_null (gc_table_lookup_string (table, "name"));
        for (int i = 0; i < 500; i++)
          {
            g_autofree char *name = g_strdup_printf ("name %d", i);
            gpointer found = gc_table_lookup_string (table, name);

            g_assert_true (found == (i % 2 ? (gpointer) value : gc_tag_int (i)));
          }
        g_assert_true (gc_table_remove_string (table, "answer"));
        g_assert_false (gc_table_remove_string (table, "answer"));
        g_assert_true (gc_table_remove (table, gc_string_new (m, "")));
        g_assert_cmpuint (gc_table_get_size (table), ==, 501);
      }
    }
}

/* Numbers as keys and values. */
static void
test_words (void)
{
  const GcTableFlags kinds[] = { GC_TABLE_STRONG, GC_TABLE_WEAK_KEYS, GC_TABLE_WEAK_VALUES };
  g_autoptr (GcArena) arena = gc_arena_new ();

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      GcTable *table;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        table = gc_table_new (m, kinds[k]);
        gc_arena_set_root (arena, table);
        for (int i = -1000; i < 1000; i++)
          gc_table_insert (table, gc_tag_int (i), gc_tag_int (i * 3));
        gc_table_insert (table, gc_tag_int (5000), node_new (m, 5));
      }
      gc_arena_collect (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        g_autofree GcObject **keys = NULL;
        g_autofree GcObject **values = NULL;
        gsize n;

        table = gc_arena_get_root (arena);
        g_assert_cmpuint (gc_table_get_size (table), ==,
                          kinds[k] == GC_TABLE_WEAK_VALUES ? 2000 : 2001);
        for (int i = -1000; i < 1000; i++)
          g_assert_cmpint (gc_untag_int (gc_table_lookup (table, gc_tag_int (i))), ==, i * 3);
        g_assert_cmpint (get_value (gc_table_lookup (table, gc_tag_int (5000))), ==,
                         kinds[k] == GC_TABLE_WEAK_VALUES ? -1 : 5);
        g_assert_null (gc_table_lookup_dup (table, gc_tag_int (3)));
        keys = gc_table_list_keys (table, &n);
        g_assert_cmpuint (n, ==, gc_table_get_size (table));
        for (gsize i = 0; i < n; i++)
          g_assert_null (keys[i]);
        values = gc_table_list_values (table, &n);
        for (gsize i = 0; i < n; i++)
          g_assert_true (values[i] == NULL || get_value (values[i]) == 5);
      }
    }
}

static void
test_lifetime (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_keys = 0, n_values = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcTable *table = gc_table_new (m, GC_TABLE_STRONG);

    gc_arena_set_root (arena, table);
    for (int i = 0; i < 1000; i++)
      gc_table_insert (table, demo_watch_new (m, &n_keys), demo_watch_new (m, &n_values));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_keys + n_values, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcTable *table = gc_arena_get_root (arena);
    GcTableIter iter;
    gpointer key;
    guint n = 0;

    gc_table_iter_init (&iter, table);
    while (gc_table_iter_next (&iter, &key, NULL))
      if (++n % 4 != 0)
        gc_table_iter_remove (&iter);
    g_assert_cmpuint (n, ==, 1000);
    g_assert_cmpuint (gc_table_get_size (table), ==, 250);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_keys, ==, 750);
  g_assert_cmpuint (n_values, ==, 750);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_table_clear (gc_arena_get_root (arena));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_keys, ==, 1000);
  g_assert_cmpuint (n_values, ==, 1000);
}

typedef struct
{
  GcTable *table;
  guint    n;
  int      sum;
} Walk;

static void
count_entry (gpointer key,
             gpointer value,
             gpointer data)
{
  Walk *walk = data;

  walk->n++;
  walk->sum += get_value (value);
  /* It may change the table; it sees what there was. */
  g_assert_true (gc_table_remove (walk->table, key));
  gc_table_insert (walk->table, value, key);
}

static void
test_foreach (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcTable) table = NULL;
  Walk walk = { NULL, 0, 0 };

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    table = gc_object_ref (gc_table_new (m, GC_TABLE_STRONG));
    for (int i = 1; i <= 100; i++)
      gc_table_insert (table, node_new (m, -1), node_new (m, i));
    walk.table = table;
    gc_table_foreach (table, count_entry, &walk);
    g_assert_cmpuint (walk.n, ==, 100);
    g_assert_cmpint (walk.sum, ==, 5050);
  }
  /* Outside of a scope it opens one. */
  walk.n = walk.sum = 0;
  gc_table_foreach (table, count_entry, &walk);
  g_assert_cmpuint (walk.n, ==, 100);
  g_assert_cmpint (walk.sum, ==, -100);
  g_assert_cmpuint (gc_table_get_size (table), ==, 100);
}

static GcMutation *left_open;

static void
leave_open (gpointer key,
            gpointer value,
            gpointer data)
{
  (void) key;
  (void) value;
  left_open = gc_arena_begin (data);
}

static void
collect (gpointer key,
         gpointer value,
         gpointer data)
{
  (void) key;
  (void) value;
  gc_arena_collect (data);
}

static void
test_foreach_misuse (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcTable *table = gc_table_new (m, GC_TABLE_STRONG);

  gc_table_insert (table, table, table);
  CRITICAL ("a callback left a mutation open");
  gc_table_foreach (table, leave_open, arena);
  g_assert_false (gc_mutation_is_active (left_open));
  gc_mutation_unref (left_open);
  CRITICAL ("*gc_arena_is_mine*");
  gc_table_foreach (table, collect, arena);
  CRITICAL ("*func != NULL*");
  gc_table_foreach (table, NULL, NULL);
  g_test_assert_expected_messages ();
  g_assert_true (gc_mutation_is_active (m));
  g_assert_cmpuint (gc_table_get_size (table), ==, 1);
}

static void
test_iter (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcTable *table = gc_table_new (m, GC_TABLE_STRONG);
  GcTableIter iter;
  gpointer key, value;
  gssize sum = 0;

  gc_table_iter_init (&iter, table);
  g_assert_false (gc_table_iter_next (&iter, &key, &value));
  for (int i = 0; i < 1000; i++)
    gc_table_insert (table, gc_tag_int (i), gc_tag_int (-i));
  gc_table_iter_init (&iter, table);
  while (gc_table_iter_next (&iter, &key, &value))
    {
      g_assert_cmpint (gc_untag_int (key), ==, -gc_untag_int (value));
      sum += gc_untag_int (key);
    }
  g_assert_cmpint (sum, ==, 999 * 500);
  g_assert_false (gc_table_iter_next (&iter, NULL, NULL));

  /* A change that moves the entries is noticed. */
  gc_table_iter_init (&iter, table);
  g_assert_true (gc_table_iter_next (&iter, NULL, NULL));
  for (int i = 1000; i < 3000; i++)
    gc_table_insert (table, gc_tag_int (i), NULL);
  CRITICAL ("*gc_table_iter_next*");
  g_assert_false (gc_table_iter_next (&iter, NULL, NULL));
  CRITICAL ("*gc_table_iter_remove*");
  gc_table_iter_remove (&iter);
  gc_table_iter_init (&iter, table);
  CRITICAL ("*gc_table_iter_remove*");
  gc_table_iter_remove (&iter);
  g_assert_true (gc_table_iter_next (&iter, NULL, NULL));
  gc_table_iter_remove (&iter);
  CRITICAL ("*gc_table_iter_remove*");
  gc_table_iter_remove (&iter);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (gc_table_get_size (table), ==, 2999);
}

static void
test_outside_of_a_scope (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcTable) table = NULL;
  g_autoptr (GcObject) node = NULL;
  g_autoptr (GcObject) by_string = NULL;
  g_autoptr (GcObject) by_key = NULL;
  g_autofree GcObject **keys = NULL;
  GError *error = NULL;
  GcTableIter iter;
  gsize n;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    table = gc_object_ref (gc_table_new (m, GC_TABLE_STRONG));
    node = gc_object_ref (node_new (m, 1));
  }
  g_assert_true (gc_table_try_insert (table, node, table, &error));
  g_assert_true (gc_table_try_insert_string (table, "node", node, &error));
  for (int i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d", i);

      g_assert_true (gc_table_try_insert_string (table, name, node, &error));
    }
  g_assert_no_error (error);
  gc_arena_collect (arena);
  by_string = gc_table_lookup_string_dup (table, "node");
  g_assert_true (by_string == node);
  by_key = gc_table_lookup_dup (table, node);
  g_assert_true (by_key == GC_OBJECT (table));
  g_assert_null (gc_table_lookup_dup (table, table));
  keys = gc_table_list_keys (table, &n);
  g_assert_cmpuint (n, ==, 1002);
  g_assert_true (gc_table_remove (table, node));

  CRITICAL ("*gc_object_can_read_*");
  g_assert_null (gc_table_lookup (table, node));
  CRITICAL ("*gc_object_can_read_*");
  g_assert_null (gc_table_lookup_string (table, "node"));
  CRITICAL ("*gc_object_can_read_*");
  gc_table_iter_init (&iter, table);
  CRITICAL ("*table != NULL*");
  g_assert_false (gc_table_iter_next (&iter, NULL, NULL));
  g_test_assert_expected_messages ();
}

static void
test_errors (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GcMutation) m2 = gc_arena_begin (other);
  GcTable *table = gc_table_new (m, GC_TABLE_STRONG);
  GcObject *foreign = GC_OBJECT (gc_array_new (m2));
  GError *error = NULL;

  gc_table_insert_string (table, "a", table);
  g_assert_false (gc_table_try_insert (table, foreign, NULL, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_WRONG_ARENA);
  g_clear_error (&error);
  g_assert_false (gc_table_try_insert (table, table, foreign, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_WRONG_ARENA);
  g_clear_error (&error);
  g_assert_false (gc_table_try_insert_string (table, "\xff", NULL, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_RANGE);
  g_clear_error (&error);

  CRITICAL ("gc_table_insert: The key or the value*");
  gc_table_insert (table, foreign, NULL);
  CRITICAL ("*is_key*");
  gc_table_insert (table, NULL, NULL);
  CRITICAL ("*is_key*");
  gc_table_insert (table, (gpointer) 2, NULL);
  CRITICAL ("*g_utf8_validate*");
  gc_table_insert_string (table, "\xff", NULL);
  CRITICAL ("*key != NULL*");
  gc_table_insert_string (table, NULL, NULL);
  CRITICAL ("*check_key*");
  g_assert_false (gc_table_contains (table, foreign));
  CRITICAL ("*check_key*");
  g_assert_null (gc_table_lookup (table, NULL));
  CRITICAL ("*check_key*");
  g_assert_false (gc_table_remove (table, (gpointer) 2));
  CRITICAL ("*gc_table_get_size*");
  g_assert_cmpuint (gc_table_get_size ((gpointer) foreign), ==, 0);
  CRITICAL ("*flags*");
  g_assert_null (gc_table_new (m, GC_TABLE_WEAK_KEYS | GC_TABLE_WEAK_VALUES));
  g_assert_cmpuint (gc_table_get_size (table), ==, 1);
  gc_mutation_finish (m2);
  gc_mutation_finish (m);
  CRITICAL ("*gc_object*");
  g_assert_null (gc_table_new (m, GC_TABLE_STRONG));
  g_test_assert_expected_messages ();
}

static void
test_heap_limit (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcMutation) m = NULL;
  GError *error = NULL;
  GcTable *table;
  gsize n = 0;

  gc_arena_set_heap_limit (arena, 1 << 20);
  m = gc_arena_begin (arena);
  table = gc_table_new (m, GC_TABLE_STRONG);
  gc_arena_set_root (arena, table);
  while (gc_table_try_insert (table, gc_tag_int ((gssize) n), NULL, &error))
    n++;
  g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
  g_clear_error (&error);
  g_assert_cmpuint (gc_table_get_size (table), ==, n);
  g_assert_true (gc_table_contains (table, gc_tag_int ((gssize) n - 1)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/basics", test_basics);
  g_test_add_func ("/table/strings", test_strings);
  g_test_add_func ("/table/words", test_words);
  g_test_add_func ("/table/lifetime", test_lifetime);
  g_test_add_func ("/table/foreach", test_foreach);
  g_test_add_func ("/table/foreach-misuse", test_foreach_misuse);
  g_test_add_func ("/table/iter", test_iter);
  g_test_add_func ("/table/outside-of-a-scope", test_outside_of_a_scope);
  g_test_add_func ("/table/errors", test_errors);
  g_test_add_func ("/table/heap-limit", test_heap_limit);
  return g_test_run ();
}
