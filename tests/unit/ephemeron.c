/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables with weak keys: entries whose value lives while their key does. */

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

static void
test_keys_die (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_keys = 0, n_values = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *root = make_root (m, arena);
    GcTable *table = get_table (arena);

    for (int i = 0; i < 3000; i++)
      {
        DemoNode *key = demo_watch_new (m, &n_keys);
        DemoNode *value = demo_watch_new (m, &n_values);

        /* A value that leads to its key keeps neither. */
        gc_set (value, left, key);
        value->value = i;
        gc_table_insert (table, key, value);
        if (i % 3 == 0)
          gc_array_append (root, key);
      }
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_keys, ==, 2000);
  g_assert_cmpuint (n_values, ==, 2000);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *root = gc_arena_get_root (arena);
    GcTable *table = get_table (arena);

    g_assert_cmpuint (gc_table_get_size (table), ==, 1000);
    for (int i = 0; i < 1000; i++)
      {
        DemoNode *value = gc_table_lookup (table, gc_array_get (root, i + 1));

        g_assert_cmpint (value->value, ==, i * 3);
        g_assert_true (value->left == gc_array_get (root, i + 1));
      }
    g_assert_true (gc_array_set_length (root, 1, NULL));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_keys, ==, 3000);
  g_assert_cmpuint (n_values, ==, 3000);
}

/* Each value is the next entry's key. */
static void
test_chain (gconstpointer data)
{
  gboolean is_forwards = GPOINTER_TO_INT (data);
  g_autoptr (GcArena) arena = gc_arena_new ();
  const int n = 5000;
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *root = make_root (m, arena);
    GcTable *table = get_table (arena);
    GcArray *nodes = gc_array_new (m);

    for (int i = 0; i < n; i++)
      {
        gc_array_append (nodes, demo_watch_new (m, &n_finalized));
        DEMO_NODE (gc_array_get (nodes, i))->value = i;
      }
    for (int k = 0; k < n - 1; k++)
      {
        int i = is_forwards ? k : n - 2 - k;

        gc_table_insert (table, gc_array_get (nodes, i), gc_array_get (nodes, i + 1));
      }
    gc_array_append (root, gc_array_get (nodes, n / 2));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, (guint) n / 2);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *root = gc_arena_get_root (arena);
    GcTable *table = get_table (arena);
    DemoNode *node = gc_array_get (root, 1);

    g_assert_cmpuint (gc_table_get_size (table), ==, (guint) n - 1 - n / 2);
    for (int i = n / 2; i < n - 1; i++)
      {
        g_assert_cmpint (node->value, ==, i);
        node = gc_table_lookup (table, node);
      }
    g_assert_null (gc_table_lookup (table, node));
    gc_array_pop (root);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, (guint) n);
}

/* What is no object, and strings, stay; their values are kept. */
static void
test_strong_keys (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  for (guint round = 0; round < 2; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcTable *table;

        make_root (m, arena);
        table = get_table (arena);
        for (int i = 0; i < 100; i++)
          {
            g_autofree char *name = g_strdup_printf ("%d", i);

            gc_table_insert_string (table, name, demo_watch_new (m, &n_finalized));
            gc_table_insert (table, gc_tag_int (i), demo_watch_new (m, &n_finalized));
          }
      }
      /* Once all at a time, once in small steps. */
      if (round == 0)
        gc_arena_collect (arena);
      else
        for (guint i = 0; i < 2; i++)
          while (!gc_arena_step_units (arena, 3))
            ;
      g_assert_cmpuint (n_finalized, ==, 0);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        g_assert_cmpuint (gc_table_get_size (get_table (arena)), ==, 200);
        g_assert_true (DEMO_IS_NODE (gc_table_lookup_string (get_table (arena), "99")));
      }
      gc_arena_set_root (arena, NULL);
      gc_arena_collect (arena);
      g_assert_cmpuint (n_finalized, ==, 200);
      n_finalized = 0;
    }
}

/* A table that is reachable from a key's value alone, and the other way around. */
static void
test_tables_in_tables (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *root = make_root (m, arena);
    GcTable *outer = get_table (arena);
    DemoNode *first = demo_watch_new (m, &n_finalized);
    DemoNode *second = demo_watch_new (m, &n_finalized);
    GcTable *inner = gc_table_new (m, GC_TABLE_WEAK_KEYS);

    gc_array_append (root, first);
    gc_table_insert (outer, first, inner);
    gc_table_insert (inner, first, second);
    gc_table_insert (outer, second, demo_watch_new (m, &n_finalized));
    gc_table_insert (inner, inner, demo_watch_new (m, &n_finalized));
    gc_table_insert (outer, gc_new (m, DemoNode), outer);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_cmpuint (gc_table_get_size (get_table (arena)), ==, 2);
    gc_array_pop (gc_arena_get_root (arena));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 4);
  g_assert_cmpuint (demo_count_live (arena), ==, 4);   /* array and table, their storage */
}

static guint64
count_cycles (GcArena *arena)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

  return stats->n_cycles;
}

/* Between the end of marking and the sweep. */
static void
test_phases (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (GcTable) table = NULL;
  guint n_finalized = 0, n_steps = 0;
  guint64 n_cycles = count_cycles (arena);
  gboolean is_complete = FALSE;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    table = gc_object_ref (gc_table_new (m, GC_TABLE_WEAK_KEYS));
    for (int i = 0; i < 2000; i++)
      gc_table_insert (table, demo_watch_new (m, &n_finalized), demo_watch_new (m, &n_finalized));
  }
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    g_autofree GcObject **keys = NULL;
    gsize n;

    /* What is dead can be brought back as long as marking is held at its end. */
    keys = gc_table_list_keys (table, &n);
    g_assert_cmpuint (n, ==, 2000);
    gc_arena_set_root (arena, keys[1000]);
    /* The storage that this makes has all of them too. */
    for (int i = 0; i < 3000; i++)
      gc_table_insert (table, gc_tag_int (i), gc_tag_int (i));
    g_assert_cmpuint (gc_table_get_size (table), ==, 5000);
    for (int i = 0; i < 3000; i++)
      gc_table_remove (table, gc_tag_int (i));
  }
  /* Where finalizers take too long for one safe point, the next goes on, and may end the cycle. */
  while (!is_complete && count_cycles (arena) == n_cycles)
    {
      is_complete = gc_arena_step_units (arena, 30);
      n_steps++;
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *key = gc_new (m, DemoNode);
        g_autofree GcObject **keys = NULL;
        gsize n;

        g_assert_true (DEMO_IS_NODE (gc_table_lookup (table, gc_arena_get_root (arena))));
        /* New entries with new keys, which are garbage as soon as they are made. */
        gc_table_insert (table, key, gc_new (m, DemoNode));
        g_assert_true (DEMO_IS_NODE (gc_table_lookup (table, key)));
        keys = gc_table_list_keys (table, &n);
        if (gc_arena_get_phase (arena) == GC_PHASE_CLEARING)
          g_assert_cmpuint (n, ==, 1 + n_steps);
        demo_scribble (m, 10);
      }
    }
  g_assert_cmpuint (n_steps, >, 10);
  gc_arena_collect (arena);
  g_assert_cmpuint (gc_table_get_size (table), ==, 1);
  g_assert_cmpuint (n_finalized, ==, 3998);
}

/* A growing table in the midst of clearing, and a guardian that brings keys back. */
static void
test_guarded_keys (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (GcTable) table = NULL;
  g_autoptr (GcGuardian) guardian = NULL;
  const int n = 2000;
  gboolean is_complete = FALSE;
  int n_extra = 0, n_delivered = 0, n_stolen = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    table = gc_object_ref (gc_table_new (m, GC_TABLE_WEAK_KEYS));
    guardian = gc_object_ref (gc_guardian_new (m));
    for (int i = 0; i < n; i++)
      {
        DemoNode *key = node_new (m, i);

        gc_table_insert (table, key, node_new (m, i));
        gc_set ((DemoNode *) gc_table_lookup (table, key), left, node_new (m, -i));
        if (i % 2 == 0)
          gc_guardian_watch (guardian, key, NULL);
      }
  }
  while (!is_complete)
    {
      is_complete = gc_arena_step_units (arena, 15);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        g_autofree GcObject **keys = NULL;
        gsize n_keys;

        gc_table_insert (table, gc_tag_int (n_extra), gc_tag_int (n_extra));
        n_extra++;
        demo_scribble (m, 5);
        /* What a program gets of this is whole, also where it was just brought back. */
        keys = gc_table_list_keys (table, &n_keys);
        for (gsize i = 0; i < n_keys; i++)
          if (keys[i] != NULL)
            {
              DemoNode *value = gc_table_lookup (table, keys[i]);

              g_assert_cmpint (value->value, ==, DEMO_NODE (keys[i])->value);
              if (value->left == NULL)
                continue;
              g_assert_cmpint (value->left->value, ==, -value->value);
              if (gc_arena_get_phase (arena) == GC_PHASE_CLEARING && i % 3 == 0)
                {
                  /* To where no barrier looks after marking: all that leads there is new. */
                  DemoNode *thief = node_new (m, value->value);

                  gc_set (thief, left, value->left);
                  gc_set (thief, right, gc_arena_get_root (arena));
                  gc_set (value, left, NULL);
                  gc_arena_set_root (arena, thief);
                  n_stolen++;
                }
            }
      }
    }
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *key;

    demo_scribble (m, 50000);
    g_assert_cmpint (n_stolen, >, 100);
    for (DemoNode *thief = gc_arena_get_root (arena); thief != NULL; thief = thief->right)
      g_assert_cmpint (thief->left->value, ==, -thief->value);
    g_assert_cmpuint (gc_table_get_size (table), ==, (guint) (n / 2 + n_extra));
    while ((key = gc_guardian_pop (guardian, NULL)) != NULL)
      {
        DemoNode *value = gc_table_lookup (table, key);

        g_assert_cmpint (value->value, ==, key->value);
        g_assert_true (value->left == NULL || value->left->value == -key->value);
        n_delivered++;
      }
    g_assert_cmpint (n_delivered, ==, n / 2);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (gc_table_get_size (table), ==, (guint) n_extra);
}

/* The table grows at each stage of clearing: what may still be brought back has to be in the new
 * storage, what can't be must not. */
static void
test_growth_while_clearing (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  g_autoptr (GcTable) table = NULL;
  g_autoptr (GcGuardian) guardian = NULL;
  const int n = 1500;
  gboolean is_complete = FALSE, has_grown[3] = { FALSE };

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    table = gc_object_ref (gc_table_new (m, GC_TABLE_WEAK_KEYS));
    guardian = gc_object_ref (gc_guardian_new (m));
    gc_arena_set_root (arena, demo_chain_new (m, n));
    /* Weak references, so that the first stage takes a while. */
    for (DemoNode *node = gc_arena_get_root (arena); node != NULL; node = node->left)
      gc_set_weak (node, weak, node);
    for (int i = 0; i < n; i++)
      {
        DemoNode *key = node_new (m, i);

        gc_table_insert (table, key, node_new (m, i));
        if (i % 3 == 0)
          gc_guardian_watch (guardian, key, NULL);
      }
  }
  while (!is_complete)
    {
      is_complete = gc_arena_step_units (arena, 30);
      if (gc_arena_get_phase (arena) == GC_PHASE_CLEARING && !has_grown[arena->heap.stage])
        {
          g_autoptr (GcMutation) m = gc_arena_begin (arena);
          int first = 100000 * ((int) arena->heap.stage + 1);

          has_grown[arena->heap.stage] = TRUE;
          for (int i = first; i < first + 5000; i++)
            gc_table_insert (table, gc_tag_int (i), NULL);
          for (int i = first; i < first + 4999; i++)
            gc_table_remove (table, gc_tag_int (i));
          if (arena->heap.stage == GC_WEAK_AFTER)
            g_assert_cmpuint (gc_table_get_size (table), ==, n / 3 + has_grown[0] + has_grown[1] + 1);
        }
    }
  g_assert_true (has_grown[GC_WEAK_BEFORE] && has_grown[GC_WEAK_RESURRECT] && has_grown[GC_WEAK_AFTER]);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      DemoNode *key;
      int n_popped = 0;

      demo_scribble (m, 20000);
      g_assert_cmpuint (gc_table_get_size (table), ==, (i == 0 ? n / 3 : 0) + 3);
      while ((key = gc_guardian_pop (guardian, NULL)) != NULL)
        {
          g_assert_cmpint (DEMO_NODE (gc_table_lookup (table, key))->value, ==, key->value);
          n_popped++;
        }
      g_assert_cmpint (n_popped, ==, i == 0 ? n / 3 : 0);
      gc_mutation_finish (m);
      gc_arena_collect (arena);
    }
}

/* The collector's index grows with the tables and goes with them. */
static void
test_accounting (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GcHeap *heap = &arena->heap;
  gsize n_buckets;

  demo_sleep_for_ever (arena);
  g_assert_cmpuint (heap->n_buckets, ==, 0);
  for (guint round = 0; round < 3; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcArray *root = make_root (m, arena);

        for (int i = 0; i < 20000; i++)
          {
            gc_array_append (root, node_new (m, i));
            gc_table_insert (get_table (arena), gc_array_get (root, i + 1), NULL);
          }
      }
      gc_arena_collect (arena);
      g_assert_cmpuint (heap->n_ephemerons, >=, 20000);
      g_assert_cmpuint (heap->n_ephemerons, <, 140000);
      n_buckets = heap->n_buckets;
      g_assert_cmpuint (n_buckets, >=, 10000);
      for (guint i = 0; i < 4; i++)
        {
          gc_arena_collect (arena);
          g_assert_cmpuint (heap->n_ephemerons, >=, 20000);
          g_assert_cmpuint (heap->n_ephemerons, <, 80000);
        }
      gc_arena_set_root (arena, NULL);
      gc_arena_collect (arena);
      g_assert_cmpuint (heap->n_ephemerons, ==, 0);
      g_assert_cmpuint (heap->n_buckets, ==, 0);
    }
  /* A small one after a large one. */
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcTable *big = gc_table_new (m, GC_TABLE_WEAK_KEYS);

    make_root (m, arena);
    gc_table_insert (get_table (arena), big, big);
    for (int i = 0; i < 20000; i++)
      gc_table_insert (big, gc_tag_int (i), NULL);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (heap->n_ephemerons, ==, 8);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_table_insert (gc_table_new (m, GC_TABLE_WEAK_KEYS), gc_arena_get_root (arena), NULL);
  }
  g_assert_cmpuint (heap->n_buckets, ==, 16);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ephemeron/keys-die", test_keys_die);
  g_test_add_data_func ("/ephemeron/chain/forwards", GINT_TO_POINTER (TRUE), test_chain);
  g_test_add_data_func ("/ephemeron/chain/backwards", GINT_TO_POINTER (FALSE), test_chain);
  g_test_add_func ("/ephemeron/strong-keys", test_strong_keys);
  g_test_add_func ("/ephemeron/tables-in-tables", test_tables_in_tables);
  g_test_add_func ("/ephemeron/phases", test_phases);
  g_test_add_func ("/ephemeron/guarded-keys", test_guarded_keys);
  g_test_add_func ("/ephemeron/growth-while-clearing", test_growth_while_clearing);
  g_test_add_func ("/ephemeron/accounting", test_accounting);
  return g_test_run ();
}
