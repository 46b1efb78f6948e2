/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables with weak values, and all kinds while they are marked in slices. */

#include "steps.h"

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
          /* New storage has none of what is gone. */
          if (n_replaced == 6)
            {
              for (int i = 0; i < 5000; i++)
                gc_table_insert (table, gc_tag_int (i), NULL);
              g_assert_cmpuint (gc_table_get_size (table), ==, 5000 + n_replaced);
              for (int i = 0; i < 5000; i++)
                gc_table_remove (table, gc_tag_int (i));
            }
        }
    }
  while (!is_complete);
  g_assert_cmpuint (n_gone, >, 0);
  g_assert_cmpuint (n_replaced, >, 0);
  gc_arena_collect (arena);
  g_assert_cmpuint (gc_table_get_size (table), ==, n_replaced);
}

/* What the table holds, by the numbers of keys and values, while it is marked in slices. */
static void
churn (GRand        *rand,
       GcTableFlags  flags,
       gboolean      generations,
       guint         units,
       int           size)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new_with (generations);
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
      n_cycles += demo_step (arena, rand, units);
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

  for (guint generations = 0; generations < 2; generations++)
    {
      churn (rand, flags, generations, 6, 20);
      churn (rand, flags, generations, 10, 200);
      churn (rand, flags, generations, 40, 4000);
      churn (rand, flags, generations, 25, 9000);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/weak-values", test_weak_values);
  g_test_add_func ("/table/weak-values-while-clearing", test_weak_values_while_clearing);
  g_test_add_data_func ("/table/incremental/strong", GUINT_TO_POINTER (GC_TABLE_STRONG), test_incremental);
  g_test_add_data_func ("/table/incremental/weak-keys", GUINT_TO_POINTER (GC_TABLE_WEAK_KEYS), test_incremental);
  g_test_add_data_func ("/table/incremental/weak-values", GUINT_TO_POINTER (GC_TABLE_WEAK_VALUES),
                        test_incremental);
  return g_test_run ();
}
