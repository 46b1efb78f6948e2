/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Hash tables, strong ones and those with weak values. Weak keys: ephemeron.c. */

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

static void
test_weak_values (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_keys = 0, n_values = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcTable *table = gc_table_new (m, GC_TABLE_WEAK_VALUES);
    GcArray *kept = gc_array_new (m);

    gc_arena_set_root (arena, kept);
    gc_array_append (kept, table);
    for (int i = 0; i < 3000; i++)
      {
        DemoNode *value = demo_watch_new (m, &n_values);
        DemoNode *key = demo_watch_new (m, &n_keys);

        key->value = value->value = i;
        gc_table_insert (table, key, value);
        if (i % 3 == 0)
          {
            gc_array_append (kept, value);
            gc_set (value, left, key);
          }
      }
    /* A value that only its own entry's key leads to. */
    {
      DemoNode *key = demo_watch_new (m, &n_keys);

      gc_set (key, left, demo_watch_new (m, &n_values));
      gc_table_insert (table, key, key->left);
    }
    g_assert_cmpuint (gc_table_get_size (table), ==, 3001);
  }
  gc_arena_collect (arena);
  gc_arena_collect (arena);         /* keys go a cycle after their values */
  g_assert_cmpuint (n_values, ==, 2000);
  g_assert_cmpuint (n_keys, ==, 2000);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *kept = gc_arena_get_root (arena);
    GcTable *table = gc_array_get (kept, 0);

    g_assert_cmpuint (gc_table_get_size (table), ==, 1001);
    for (int i = 0; i < 1000; i++)
      {
        DemoNode *value = gc_array_get (kept, i + 1);

        g_assert_true (gc_table_lookup (table, value->left) == value);
      }
    /* Places that the collector cleared are used again. */
    for (int i = 0; i < 3000; i++)
      gc_table_insert (table, gc_tag_int (i), gc_array_get (kept, i % 1000 + 1));
    g_assert_cmpuint (gc_table_get_size (table), ==, 4001);
  }
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_values, ==, 3001);
  g_assert_cmpuint (n_keys, ==, 3001);
}

/* Between marking and clearing a value that died is out of sight, and can be replaced. */
static void
test_weak_values_while_clearing (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (GcTable) table = NULL;
  g_autoptr (GcObject) keys = NULL;
  const int n = 3000;
  guint n_gone = 0, n_replaced = 0;
  gboolean is_complete = FALSE;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *array = gc_array_new (m);

    table = gc_object_ref (gc_table_new (m, GC_TABLE_WEAK_VALUES));
    keys = gc_object_ref (array);
    for (int i = 0; i < n; i++)
      {
        gc_array_append (array, node_new (m, i));
        gc_table_insert (table, gc_array_get (array, i), node_new (m, i));
      }
  }
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    /* Here what is dead can still be brought back. */
    g_assert_cmpuint (gc_table_get_size (table), ==, (guint) n);
    g_assert_cmpint (get_value (gc_table_lookup (table, gc_array_get (GC_ARRAY (keys), 7))), ==, 7);
  }
  do
    {
      is_complete = gc_arena_step_units (arena, 20);
      if (gc_arena_get_phase (arena) == GC_PHASE_CLEARING)
        {
          g_autoptr (GcMutation) m = gc_arena_begin (arena);
          g_autofree GcObject **values = NULL;
          gsize n_values;

          for (int i = 0; i < n; i += 10)
            {
              gpointer key = gc_array_get (GC_ARRAY (keys), i);

              n_gone += !gc_table_contains (table, key);
            }
          values = gc_table_list_values (table, &n_values);
          g_assert_cmpuint (n_values, ==, n_replaced);
          for (guint i = 0; i < n_values; i++)
            g_assert_cmpint (get_value (values[i]), >=, n);
          for (guint i = 0; i < 3; i++)
            {
              DemoNode *value = node_new (m, n);
              gpointer key = gc_array_get (GC_ARRAY (keys), n_replaced * 5);

              gc_table_insert (table, key, value);
              gc_set ((DemoNode *) key, left, value);
              n_replaced++;
            }
          gc_table_insert (table, gc_tag_int (n_replaced), NULL);
          gc_table_remove (table, gc_tag_int (n_replaced));
        }
    }
  while (!is_complete);
  g_assert_cmpuint (n_gone, >, 0);
  g_assert_cmpuint (n_replaced, >, 0);
  gc_arena_collect (arena);
  g_assert_cmpuint (gc_table_get_size (table), ==, n_replaced);
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

static void
leave_open (gpointer key,
            gpointer value,
            gpointer data)
{
  (void) key;
  (void) value;
  gc_arena_begin (data);
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

/* What the table holds, by the numbers of keys and values, while it is marked in slices. */
static void
churn (GRand        *rand,
       GcTableFlags  flags,
       guint         units,
       int           size)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (GHashTable) model = g_hash_table_new (NULL, NULL);
  guint n_cycles = 0;
  int serial = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *roots = gc_array_new (m);

    gc_arena_set_root (arena, roots);
    gc_array_append (roots, gc_table_new (m, flags));
    for (int i = 0; i < size; i++)
      gc_array_append (roots, node_new (m, i));
  }

  while (n_cycles < 5)
    {
      n_cycles += gc_arena_step_units (arena, units);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcArray *roots = gc_arena_get_root (arena);
        GcTable *table = gc_array_get (roots, 0);

        for (gint i = g_rand_int_range (rand, 0, 2 * units) / 10; i > 0; i--)
          {
            int number = g_rand_int_range (rand, 0, size);
            DemoNode *key = gc_array_get (roots, number + 1);
            DemoNode *value;

            switch (g_rand_int_range (rand, 0, 6))
              {
              case 0:
                g_assert_cmpint (gc_table_remove (table, key), ==,
                                 g_hash_table_remove (model, GINT_TO_POINTER (number + 1)));
                break;
              case 1:
                value = gc_table_lookup (table, key);
                g_assert_cmpint (get_value (value), ==,
                                 g_hash_table_contains (model, GINT_TO_POINTER (number + 1)) ?
                                 GPOINTER_TO_INT (g_hash_table_lookup (model, GINT_TO_POINTER (number + 1))) : -1);
                break;
              case 2:
                demo_scribble (m, 2);
                break;
              case 3:
                if (g_rand_int_range (rand, 0, 200) == 0)
                  {
                    gc_table_clear (table);
                    g_hash_table_remove_all (model);
                  }
                break;
              default:
                value = node_new (m, serial);
                gc_table_insert (table, key, value);
                if (flags == GC_TABLE_WEAK_VALUES)
                  gc_set (key, left, value);
                g_hash_table_replace (model, GINT_TO_POINTER (number + 1), GINT_TO_POINTER (serial));
                serial++;
              }
          }
      }
    }
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcTable *table = gc_array_get (gc_arena_get_root (arena), 0);
    GcTableIter iter;
    gpointer key, value;

    g_assert_cmpuint (gc_table_get_size (table), ==, g_hash_table_size (model));
    gc_table_iter_init (&iter, table);
    while (gc_table_iter_next (&iter, &key, &value))
      g_assert_cmpint (get_value (value), ==,
                       GPOINTER_TO_INT (g_hash_table_lookup (model, GINT_TO_POINTER (get_value (key) + 1))));
  }
}

static void
test_incremental (gconstpointer data)
{
  GcTableFlags flags = GPOINTER_TO_UINT (data);
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  churn (rand, flags, 6, 20);
  churn (rand, flags, 10, 200);
  churn (rand, flags, 40, 4000);
  churn (rand, flags, 25, 9000);
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
  g_test_add_func ("/table/weak-values", test_weak_values);
  g_test_add_func ("/table/weak-values-while-clearing", test_weak_values_while_clearing);
  g_test_add_func ("/table/foreach", test_foreach);
  g_test_add_func ("/table/foreach-misuse", test_foreach_misuse);
  g_test_add_func ("/table/iter", test_iter);
  g_test_add_func ("/table/outside-of-a-scope", test_outside_of_a_scope);
  g_test_add_func ("/table/errors", test_errors);
  g_test_add_func ("/table/heap-limit", test_heap_limit);
  g_test_add_data_func ("/table/incremental/strong", GUINT_TO_POINTER (GC_TABLE_STRONG), test_incremental);
  g_test_add_data_func ("/table/incremental/weak-keys", GUINT_TO_POINTER (GC_TABLE_WEAK_KEYS), test_incremental);
  g_test_add_data_func ("/table/incremental/weak-values", GUINT_TO_POINTER (GC_TABLE_WEAK_VALUES),
                        test_incremental);
  return g_test_run ();
}
