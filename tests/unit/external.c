/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of external references, against a plain hash table. */

#include "demo.h"
#include "gcobj/gc-arena-private.h"

static void
count (gpointer object,
       gpointer n)
{
  g_assert_true (DEMO_IS_NODE (object));
  ++*(guint *) n;
}

static void
test_counts (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcHeap *heap = &arena->heap;
  gpointer node = gc_new (m, DemoNode), other = gc_new (m, DemoNode);
  gboolean was_last;

  g_assert_false (gc_external_has (heap, node));
  g_assert_false (gc_external_unref (heap, node, &was_last));
  g_assert_false (was_last);
  g_assert_true (gc_external_ref (heap, node));
  g_assert_false (gc_external_ref (heap, node));
  g_assert_true (gc_external_has (heap, node));
  g_assert_cmpuint (gc_external_count (heap), ==, 1);
  /* Of all, not of the object. */
  g_assert_false (gc_external_ref (heap, other));
  g_assert_cmpuint (gc_external_count (heap), ==, 2);
  g_assert_true (gc_external_unref (heap, other, &was_last));
  g_assert_false (was_last);
  g_assert_true (gc_external_unref (heap, node, &was_last));
  g_assert_false (was_last);
  g_assert_true (gc_external_unref (heap, node, &was_last));
  g_assert_true (was_last);
  g_assert_false (gc_external_unref (heap, node, &was_last));
  g_assert_false (gc_external_has (heap, node));
  g_assert_cmpuint (gc_external_count (heap), ==, 0);
}

static void
test_random (void)
{
  enum { N = 4000 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GHashTable) model = g_hash_table_new (NULL, NULL);
  g_autofree gpointer *nodes = g_new (gpointer, N);
  GcHeap *heap = &arena->heap;
  GHashTableIter iter;
  gpointer key, value;

  for (guint i = 0; i < N; i++)
    nodes[i] = gc_new (m, DemoNode);
  for (guint step = 0; step < 300000; step++)
    {
      /* Tides, so that the table grows, and is used again after it emptied. */
      guint range = 1 + N / 2 + (N / 2 - 1) * (step / 40000 % 2);
      gpointer node = nodes[g_test_rand_int_range (0, range)];
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (model, node));
      gboolean was_last;

      if (g_test_rand_int_range (0, 100) < (step / 20000 % 2 == 0 ? 55 : 40))
        {
          g_assert_cmpint (gc_external_ref (heap, node), ==, g_hash_table_size (model) == 0);
          g_hash_table_insert (model, node, GUINT_TO_POINTER (n + 1));
        }
      else
        {
          g_assert_cmpint (gc_external_unref (heap, node, &was_last), ==, n > 0);
          g_assert_cmpint (was_last, ==, n == 1 && g_hash_table_size (model) == 1);
          if (n > 1)
            g_hash_table_insert (model, node, GUINT_TO_POINTER (n - 1));
          else
            g_hash_table_remove (model, node);
        }
      g_assert_cmpint (gc_external_has (heap, node), ==, g_hash_table_contains (model, node));
      if (step % 1000 == 0)
        {
          guint n_seen = 0;

          g_assert_cmpuint (gc_external_count (heap), ==, g_hash_table_size (model));
          gc_external_foreach (heap, count, &n_seen);
          g_assert_cmpuint (n_seen, ==, g_hash_table_size (model));
        }
    }
  g_hash_table_iter_init (&iter, model);
  for (guint left = g_hash_table_size (model); g_hash_table_iter_next (&iter, &key, &value); left--)
    for (guint n = GPOINTER_TO_UINT (value); n > 0; n--)
      {
        gboolean was_last;

        g_assert_true (gc_external_unref (heap, key, &was_last));
        g_assert_cmpint (was_last, ==, n == 1 && left == 1);
      }
  g_assert_cmpuint (gc_external_count (heap), ==, 0);
}

/* A reference that comes and goes for each of many objects lets the table not grow, and leaves no marks in
 * the index that later searches pass. */
static void
test_turnover (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcExternal *table = &arena->heap.external;

  for (guint i = 0; i < 100000; i++)
    {
      gpointer node = gc_new (m, DemoNode);
      gboolean was_last;

      gc_external_ref (&arena->heap, node);
      gc_external_unref (&arena->heap, node, &was_last);
    }
  g_assert_cmpuint (table->n_chunks, ==, 1);
  g_assert_cmpuint (table->index_size, <=, 256);
  for (gsize i = 0; i < table->index_size; i++)
    g_assert_cmpuint (table->index[i], ==, 0);
}

/* Marking scans the chunks in slices, and again only those with something new. */
static void
test_dirty_chunks (void)
{
  enum { N = 3 * GC_CHUNK_ROOTS };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GcHeap *heap = &arena->heap;
  gpointer nodes[N];
  gpointer late;
  guint n_steps = 0;
  GcBudget budget;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < N; i++)
      nodes[i] = gc_object_ref (gc_new (m, DemoNode));
  }
  g_assert_cmpuint (heap->external.n_chunks, ==, 3);
  gc_heap_start_cycle (heap);
  do
    {
      budget = (GcBudget) { 0, 1 };
      n_steps++;
    }
  while (!gc_external_scan_dirty (heap, &budget));
  g_assert_cmpuint (n_steps, >=, 3);
  for (guint i = 0; i < N; i++)
    {
      g_assert_true (gc_is_marked (heap, nodes[i]));
      g_assert_cmpuint (*gc_meta (nodes[i]) & GC_META_PINNED, ==, GC_META_PINNED);
    }
  budget = (GcBudget) { 0, 1 };
  g_assert_true (gc_external_scan_dirty (heap, &budget));
  g_assert_cmpint (budget.units, ==, 1);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    late = gc_object_ref (gc_new (m, DemoNode));
  }
  g_assert_false (gc_is_marked (heap, late));
  gc_arena_finish_cycle (arena);
  demo_check (arena);
  g_assert_true (DEMO_IS_NODE (late));
  for (guint i = 0; i < N; i++)
    gc_object_unref (nodes[i]);
  gc_object_unref (late);
}

/* Many roots that lead nowhere: more than the marker's FIFO and a segment of its stack. */
static void
test_many_leaves (void)
{
  enum { N = 20000 };
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autofree gpointer *blobs = g_new (gpointer, N);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < N; i++)
      blobs[i] = gc_object_ref (gc_new_with_tail (m, DemoBlob, i % 50));
  }
  demo_check (arena);
  g_assert_cmpuint (demo_count_live (arena), ==, N);
  for (guint i = 0; i < N; i++)
    gc_object_unref (blobs[i]);
  g_assert_cmpuint (demo_count_live (arena), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/external/counts", test_counts);
  g_test_add_func ("/external/random", test_random);
  g_test_add_func ("/external/turnover", test_turnover);
  g_test_add_func ("/external/dirty-chunks", test_dirty_chunks);
  g_test_add_func ("/external/many-leaves", test_many_leaves);
  return g_test_run ();
}
