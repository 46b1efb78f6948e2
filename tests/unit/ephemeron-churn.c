/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables with weak keys that change while they are marked in slices. */

#include "steps.h"

static DemoNode *
node_new (GcMutation *m,
          int         value)
{
  DemoNode *node = gc_new (m, DemoNode);

  node->value = value;
  return node;
}

/* The root: an array of a table and of what keeps keys alive. */
static GcTable *
get_table (GcArena *arena)
{
  return gc_array_get (gc_arena_get_root (arena), 0);
}

static GcArray *
make_root (GcMutation *m,
           GcArena    *arena)
{
  GcArray *root = gc_array_new (m);

  gc_arena_set_root (arena, root);
  gc_array_append (root, gc_table_new (m, GC_TABLE_WEAK_KEYS));
  return root;
}

/* Keys, values and the table change while it is marked in slices. @keys keeps some keys; an
 * entry of another lasts only if a kept value leads to its key. */
static void
churn (GRand    *rand,
       gboolean  generations,
       guint     units,
       int       size)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new_with (generations);
  guint n_cycles = 0;
  int serial = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *root = make_root (m, arena);

    for (int i = 0; i < size; i++)
      gc_array_append (root, node_new (m, -1));
    for (int i = 0; i < size; i++)
      gc_table_insert (get_table (arena), node_new (m, i), node_new (m, i));
  }
  while (n_cycles < 6)
    {
      n_cycles += demo_step (arena, rand, units);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcArray *root = gc_arena_get_root (arena);
        GcTable *table = get_table (arena);

        for (gint i = g_rand_int_range (rand, 0, 2 * units) / 10; i > 0; i--)
          {
            int at = g_rand_int_range (rand, 1, size + 1);
            DemoNode *key = gc_array_get (root, at);
            DemoNode *value = gc_table_lookup (table, key);

            /* An entry's value has its key's number, also after clearing. */
            if (value != NULL)
              g_assert_cmpint (value->value, ==, key->value);
            switch (g_rand_int_range (rand, 0, 7))
              {
              case 0:
                gc_array_set (root, at, node_new (m, serial++));
                break;
              case 1:
                gc_table_remove (table, key);
                break;
              case 2:
                /* A key that nothing holds from now on. */
                key = node_new (m, serial++);
                gc_table_insert (table, key, node_new (m, key->value));
                break;
              case 3:
                /* A value that is the key of another entry, which only it leads to. */
                value = node_new (m, key->value);
                gc_set (value, left, node_new (m, serial++));
                gc_table_insert (table, value->left, node_new (m, value->left->value));
                gc_table_insert (table, key, value);
                break;
              case 4:
                if (value != NULL && value->left != NULL)
                  {
                    DemoNode *next = gc_table_lookup (table, value->left);

                    if (next != NULL)
                      g_assert_cmpint (next->value, ==, value->left->value);
                  }
                demo_scribble (m, 2);
                break;
              default:
                gc_table_insert (table, key, node_new (m, key->value));
              }
          }
      }
    }
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *root = gc_arena_get_root (arena);
    GcTable *table = get_table (arena);
    gsize n_expected = 0;

    for (int at = 1; at <= size; at++)
      {
        DemoNode *key = gc_array_get (root, at), *value;

        if (!gc_table_contains (table, key))
          continue;
        n_expected++;
        value = gc_table_lookup (table, key);
        g_assert_cmpint (value->value, ==, key->value);
        if (value->left != NULL && gc_table_contains (table, value->left))
          n_expected++;
      }
    g_assert_cmpuint (gc_table_get_size (table), ==, n_expected);
  }
}

static void
test_incremental (gconstpointer data)
{
  gboolean generations = GPOINTER_TO_INT (data);
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  churn (rand, generations, 6, 20);
  churn (rand, generations, 10, 200);
  churn (rand, generations, 30, 1500);
  churn (rand, generations, 25, 6000);
}

/* An entry is written while its table is grey: it must not come to wait twice. Many keys
 * in few buckets, all of them white until the last moment. */
static void
test_written_while_grey (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  const int n = 4000;
  gboolean is_complete = FALSE;
  int next = 0;

  demo_sleep_for_ever (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *root = make_root (m, arena);
    GcTable *table = get_table (arena);
    DemoNode *chain = demo_chain_new (m, n), *node = chain;

    /* Each half of the keys fills one half of the room, more or less. */
    for (int i = 0; i < n; i++, node = node->left)
      gc_table_insert (table, node, node_new (m, i));
    /* The keys come last: behind all that is scanned first. */
    gc_array_append (root, chain);
  }
  gc_arena_start_cycle (arena);
  while (!is_complete)
    {
      is_complete = gc_arena_step_units (arena, 5);
      if (next < n)
        {
          g_autoptr (GcMutation) m = gc_arena_begin (arena);
          GcTable *table = get_table (arena);
          DemoNode *node = gc_array_get (gc_arena_get_root (arena), 1);

          for (int i = 0; i < next; i++)
            node = node->left;
          for (int i = 0; i < 10; i++, node = node->left, next++)
            {
              gc_table_remove (table, node);
              gc_table_insert (table, node, node_new (m, node->value));
            }
        }
    }
  demo_check (arena);
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_array_get (gc_arena_get_root (arena), 1);

    for (int i = 0; i < n; i++, node = node->left)
      g_assert_cmpint (DEMO_NODE (gc_table_lookup (get_table (arena), node))->value, ==, i);
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/ephemeron/incremental/major", GINT_TO_POINTER (FALSE), test_incremental);
  g_test_add_data_func ("/ephemeron/incremental/minor", GINT_TO_POINTER (TRUE), test_incremental);
  g_test_add_func ("/ephemeron/written-while-grey", test_written_while_grey);
  return g_test_run ();
}
