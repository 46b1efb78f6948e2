/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Random heaps: what is in a snapshot is what a model in plain arrays says, and dominators and
 * retained sizes are those of a reference computation that takes each node out and looks what is left. */

#include "snapshot.h"
#include "tools/heap-tree.h"

#define MAX_NODES 60
#define MAX_SLOTS 5

typedef struct
{
  guint    n;
  guint    n_slots[MAX_NODES];
  int      to[MAX_NODES][MAX_SLOTS];    /* -1: NULL */
  int      weak[MAX_NODES];
  gboolean is_external[MAX_NODES];
  int      root;
  gboolean is_alive[MAX_NODES];
} Model;

static void
mark (Model *model,
      int    i)
{
  if (i < 0 || model->is_alive[i])
    return;
  model->is_alive[i] = TRUE;
  for (guint s = 0; s < model->n_slots[i]; s++)
    mark (model, model->to[i][s]);
}

static void
make_model (Model *model,
            GRand *random)
{
  memset (model, 0, sizeof *model);
  model->n = g_rand_int_range (random, 1, MAX_NODES);
  model->root = g_rand_int_range (random, -1, model->n);
  for (guint i = 0; i < model->n; i++)
    {
      model->n_slots[i] = g_rand_int_range (random, 0, MAX_SLOTS + 1);
      model->is_external[i] = g_rand_int_range (random, 0, 20) == 0;
      model->weak[i] = g_rand_int_range (random, -1, model->n);
      for (guint s = 0; s < model->n_slots[i]; s++)
        model->to[i][s] = g_rand_int_range (random, 0, 4) == 0 ? -1 : g_rand_int_range (random, 0, model->n);
    }
  mark (model, model->root);
  for (guint i = 0; i < model->n; i++)
    if (model->is_external[i])
      mark (model, i);
}

/* An object has a size of its own, by which it is known: a vector behind a node with a weak slot. */
static void
build (GcArena     *arena,
       const Model *model,
       gpointer    *externals)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *nodes[MAX_NODES];

  for (guint i = 0; i < model->n; i++)
    {
      nodes[i] = gc_new (m, DemoNode);
      gc_set (nodes[i], any, gc_new_with_tail (m, DemoVector, i + MAX_SLOTS));
    }
  for (guint i = 0; i < model->n; i++)
    {
      DemoVector *vector = (DemoVector *) nodes[i]->any;

      for (guint s = 0; s < model->n_slots[i]; s++)
        if (model->to[i][s] >= 0)
          gc_set (vector, items[s], nodes[model->to[i][s]]);
      if (model->weak[i] >= 0)
        gc_set_weak (nodes[i], weak, nodes[model->weak[i]]);
      externals[i] = model->is_external[i] ? gc_object_ref (nodes[i]) : NULL;
    }
  gc_arena_set_root (arena, model->root >= 0 ? nodes[model->root] : NULL);
}

/* Which one of the model's a node is, by the size of its vector. */
static int
identify (const HeapFile *file,
          guint32         node)
{
  guint32 vector = follow (file, node, HEAP_EDGE_PROPERTY, "any");

  return (int) ((file->size[vector] - sizeof (DemoVector)) / sizeof (gpointer)) - MAX_SLOTS;
}

static void
check_content (const HeapFile *file,
               const Model    *model)
{
  guint n_alive = 0, n_external = 0, n_weak = 0, n_weak_found = 0;
  guint32 external = find_synthetic (file, "(External references)");

  for (guint i = 0; i < model->n; i++)
    {
      n_alive += model->is_alive[i];
      n_external += model->is_external[i];
      n_weak += model->is_alive[i] && model->weak[i] >= 0 && model->is_alive[model->weak[i]];
    }
  g_assert_cmpuint (file->n_nodes, ==, 6 + 2 * n_alive);
  g_assert_cmpuint (file->first_edge[external + 1] - file->first_edge[external], ==, n_external);
  for (guint32 e = file->first_edge[external]; e < file->first_edge[external + 1]; e++)
    g_assert_true (model->is_external[identify (file, file->edge_to[e])]);
  if (model->root >= 0)
    g_assert_cmpint (identify (file, arena_root (file)), ==, model->root);

  for (guint32 node = 0; node < file->n_nodes; node++)
    {
      guint32 vector, weak;
      int i;

      if (!g_str_equal (heap_file_class_name (file, node), "DemoNode"))
        continue;
      i = identify (file, node);
      g_assert_true (model->is_alive[i]);
      vector = follow (file, node, HEAP_EDGE_PROPERTY, "any");
      for (guint s = 0; s < model->n_slots[i]; s++)
        {
          g_autofree char *label = g_strdup_printf ("[%u]", s);
          guint32 to = follow (file, vector, HEAP_EDGE_ELEMENT, label);

          g_assert_cmpint (to != NONE ? identify (file, to) : -1, ==, model->to[i][s]);
        }
      weak = follow (file, node, HEAP_EDGE_WEAK, "weak");
      n_weak_found += weak != NONE;
      if (weak != NONE)
        g_assert_cmpint (identify (file, weak), ==, model->weak[i]);
    }
  g_assert_cmpuint (n_weak_found, ==, n_weak);
}

/* What the root leads to without going through @without. */
static void
reach (const HeapFile *file,
       guint32         node,
       guint32         without,
       gboolean       *is_reached)
{
  if (node == without || is_reached[node])
    return;
  is_reached[node] = TRUE;
  for (guint32 e = file->first_edge[node]; e < file->first_edge[node + 1]; e++)
    if (file->edge_kind[e] != HEAP_EDGE_WEAK)
      reach (file, file->edge_to[e], without, is_reached);
}

static void
check_tree (const HeapFile *file)
{
  g_autoptr (HeapTree) tree = heap_tree_new (file);
  g_autofree gboolean *dominates = g_new0 (gboolean, (gsize) file->n_nodes * file->n_nodes);
  guint32 n = file->n_nodes;

  for (guint32 d = 0; d < n; d++)
    {
      g_autofree gboolean *is_reached = g_new0 (gboolean, n);
      guint64 retained = 0;

      reach (file, 0, d, is_reached);
      for (guint32 i = 0; i < n; i++)
        if (!is_reached[i])
          {
            dominates[d * n + i] = TRUE;
            retained += file->size[i];
          }
      g_assert_cmpuint (tree->retained[d], ==, retained);
    }
  /* The nearest of a node's dominators is the one that all others dominate. */
  for (guint32 i = 1; i < n; i++)
    {
      guint32 nearest = tree->dominator[i];

      g_assert_true (nearest != i && dominates[nearest * n + i]);
      for (guint32 d = 0; d < n; d++)
        if (d != i && dominates[d * n + i])
          g_assert_true (dominates[d * n + nearest]);
    }
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (g_test_rand_int ());

  for (guint round = 0; round < 150; round++)
    {
      g_autoptr (GcArena) arena = gc_arena_new ();
      g_autoptr (HeapFile) file = NULL;
      gpointer externals[MAX_NODES];
      Model model;

      make_model (&model, random);
      build (arena, &model, externals);
      if (round % 3 == 1)
        gc_arena_collect (arena);
      else if (round % 3 == 2)
        {
          gc_arena_start_cycle (arena);
          gc_arena_step_units (arena, g_rand_int_range (random, 1, 100));
        }
      file = take_snapshot (arena);
      check_content (file, &model);
      check_tree (file);
      demo_check (arena);
      for (guint i = 0; i < model.n; i++)
        if (externals[i] != NULL)
          gc_object_unref (externals[i]);
    }
}

/* Shapes that are hard for the computation of dominators: long chains with ways back and across. */
static void
test_shapes (void)
{
  for (guint shape = 0; shape < 3; shape++)
    {
      g_autoptr (GcArena) arena = gc_arena_new ();
      g_autoptr (HeapFile) file = NULL;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *head = demo_chain_new (m, 200), *last = head;

        gc_arena_set_root (arena, head);
        for (DemoNode *node = head; node != NULL; node = node->left)
          {
            last = node;
            gc_set (node, right, shape == 0 ? head : node->left != NULL ? node->left->left : NULL);
          }
        gc_set (last, any, shape == 2 ? GC_OBJECT (head->left) : NULL);
        for (DemoNode *node = head; shape == 2 && node != NULL; node = node->left)
          if (node->value % 7 == 0)
            gc_set (node, any, last);
      }
      file = take_snapshot (arena);
      check_tree (file);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snapshot-model/random", test_random);
  g_test_add_func ("/snapshot-model/shapes", test_shapes);
  return g_test_run ();
}
