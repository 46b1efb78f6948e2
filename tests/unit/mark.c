/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Marking graphs of many shapes, in one go and in slices: what is marked is what
 * can be reached, no more and no less. */

#include "demo.h"
#include "gcobj/gc-arena-private.h"

/* Makes a graph and gives its root. */
typedef gpointer (*Shape) (GcMutation *m);

static gpointer
make_list (GcMutation *m)
{
  return demo_chain_new (m, 300000);
}

static DemoNode *
tree (GcMutation *m,
      guint       depth)
{
  DemoNode *node = gc_new (m, DemoNode);

  if (depth > 0)
    {
      gc_set (node, left, tree (m, depth - 1));
      gc_set (node, right, tree (m, depth - 1));
    }
  return node;
}

static gpointer
make_tree (GcMutation *m)
{
  return tree (m, 15);
}

/* Each node has two children that lead on: the stack gets deep and full. */
static gpointer
make_comb (GcMutation *m)
{
  DemoNode *root = gc_new (m, DemoNode);
  DemoNode *at = root;

  for (guint i = 0; i < 100000; i++)
    {
      gc_set (at, left, gc_new (m, DemoNode));
      gc_set (at, any, GC_OBJECT (gc_new (m, DemoNode)));
      gc_set (at, right, gc_new (m, DemoNode));
      at = i % 2 == 0 ? at->left : at->right;
    }
  return root;
}

/* Far more references at once than any ring or queue holds. */
static gpointer
make_fan (GcMutation *m)
{
  DemoVector *vector = gc_new_with_tail (m, DemoVector, 100000);

  for (gsize i = 0; i < vector->n; i++)
    gc_set (vector, items[i], GC_OBJECT (i % 3 == 0 ? (gpointer) gc_new_with_tail (m, DemoBlob, i % 40) :
                                         (gpointer) gc_new (m, DemoNode)));
  return vector;
}

/* Arrays in arrays, so that slices of several wait at once. */
static gpointer
make_arrays (GcMutation *m)
{
  DemoVector *outer = gc_new_with_tail (m, DemoVector, 2000);

  for (gsize i = 0; i < outer->n; i += 100)
    {
      DemoVector *inner = gc_new_with_tail (m, DemoVector, 1500 + i);

      for (gsize k = 0; k < inner->n; k += 7)
        gc_set (inner, items[k], GC_OBJECT (gc_new (m, DemoNode)));
      gc_set (inner, items[1], GC_OBJECT (outer));
      gc_set (inner, items[2], outer->items[i >= 100 ? i - 100 : 0]);
      gc_set (outer, items[i], GC_OBJECT (inner));
      gc_set (outer, items[i + 1], gc_tag_int (i));
    }
  return outer;
}

static gpointer
make_random (GcMutation *m)
{
  enum { N = 60000 };
  g_autofree gpointer *nodes = g_new (gpointer, N);

  for (guint i = 0; i < N; i++)
    nodes[i] = gc_new (m, DemoNode);
  for (guint i = 0; i < N; i++)
    {
      DemoNode *node = nodes[i];

      if (g_test_rand_int_range (0, 3) > 0)
        gc_set (node, left, nodes[g_test_rand_int_range (0, N)]);
      if (g_test_rand_int_range (0, 3) > 0)
        gc_set (node, right, nodes[g_test_rand_int_range (0, N)]);
      gc_set (node, any, g_test_rand_bit () ? nodes[g_test_rand_int_range (0, N)] : gc_tag_int (i));
      gc_set_weak (node, weak, nodes[g_test_rand_int_range (0, N)]);
    }
  return nodes[0];
}

static const struct { const char *path; Shape make; } shapes[] = {
  { "/mark/list", make_list },
  { "/mark/tree", make_tree },
  { "/mark/comb", make_comb },
  { "/mark/fan", make_fan },
  { "/mark/arrays", make_arrays },
  { "/mark/random", make_random },
};

/* The same by other means. */
static void
visit (GHashTable *seen,
       GPtrArray  *pending,
       gpointer    word)
{
  if (word != NULL && !gc_is_tagged (word) && g_hash_table_add (seen, word))
    g_ptr_array_add (pending, word);
}

static GHashTable *
reach (gpointer root)
{
  GHashTable *seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) pending = g_ptr_array_new ();

  visit (seen, pending, root);
  while (pending->len > 0)
    {
      gpointer object = g_ptr_array_steal_index (pending, pending->len - 1);

      if (DEMO_IS_NODE (object))
        {
          visit (seen, pending, ((DemoNode *) object)->left);
          visit (seen, pending, ((DemoNode *) object)->right);
          visit (seen, pending, ((DemoNode *) object)->any);
        }
      else if (DEMO_IS_VECTOR (object))
        for (gsize i = 0; i < ((DemoVector *) object)->n; i++)
          visit (seen, pending, ((DemoVector *) object)->items[i]);
    }
  return seen;
}

static void
expect_seen (GcObject *object,
             gpointer  seen)
{
  g_assert_true (g_hash_table_contains (seen, object));
}

static void
check_marked (GcArena *arena)
{
  g_autoptr (GHashTable) seen = reach (arena->root);
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);
  GHashTableIter iter;
  gpointer object;
  guint64 bytes = 0;

  gc_heap_foreach_marked (&arena->heap, expect_seen, seen);
  g_hash_table_iter_init (&iter, seen);
  while (g_hash_table_iter_next (&iter, &object, NULL))
    {
      g_assert_true (gc_is_marked (&arena->heap, object));
      bytes += gc_object_get_size (object);
    }
  g_assert_cmpuint (stats->live_objects, ==, g_hash_table_size (seen));
  g_assert_cmpuint (stats->live_bytes, ==, bytes);
}

static void
test_shape (gconstpointer data)
{
  static const guint units[] = { G_MAXUINT, 1000, 61 };
  Shape make = *(const Shape *) data;
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  demo_sleep_for_ever (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    demo_scribble (m, 1000);
    gc_arena_set_root (arena, make (m));
    demo_scribble (m, 1000);
  }
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      gc_arena_finish_cycle (arena);
      check_marked (arena);
      while (!gc_arena_step_units (arena, units[i]))
        ;
      gc_arena_finish_cycle (arena);
      check_marked (arena);
    }
  demo_check (arena);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    g_test_add_data_func (shapes[i].path, &shapes[i].make, test_shape);
  return g_test_run ();
}
