/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Ids of objects: the same in all snapshots of an arena, and never anybody else's. */

#include "snapshot.h"

#define N 120

/* Ids by the objects' values, which a vector's elements stand for; 0: is not there. */
static void
read_ids (GcArena *arena,
          guint64 *ids)
{
  g_autoptr (HeapFile) file = take_snapshot (arena);
  guint32 root = arena_root (file);

  memset (ids, 0, N * sizeof *ids);
  for (guint32 e = file->first_edge[root]; e < file->first_edge[root + 1]; e++)
    {
      g_assert_cmpuint (file->edge_name[e], <, N);
      ids[file->edge_name[e]] = file->id[file->edge_to[e]];
    }
}

static DemoVector *
root_of (GcArena *arena)
{
  return (DemoVector *) gc_arena_get_root (arena);
}

static void
fill (GcMutation *m,
      DemoVector *vector)
{
  for (guint i = 0; i < N; i++)
    if (vector->items[i] == NULL)
      gc_set (vector, items[i], i % 3 == 0 ? GC_OBJECT (demo_watch_new (m, NULL)) : GC_OBJECT (gc_new (m, DemoNode)));
}

static void
check_same (GcArena       *arena,
            const guint64 *ids)
{
  guint64 now[N];

  read_ids (arena, now);
  for (guint i = 0; i < N; i++)
    g_assert_cmpuint (now[i], ==, ids[i]);
}

/* Through every phase of a cycle, by small steps. */
static void
test_phases (void)
{
  g_autoptr (GcArena) arena = demo_stepped_arena_new ();
  guint64 ids[N];
  guint seen = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, gc_new_with_tail (m, DemoVector, N));
    fill (m, root_of (arena));
  }
  read_ids (arena, ids);
  for (guint i = 0; i < N; i++)
    {
      g_assert_cmpuint (ids[i] % 2, ==, 1);
      for (guint k = 0; k < i; k++)
        g_assert_cmpuint (ids[i], !=, ids[k]);
    }
  for (guint cycle = 0; cycle < 2; cycle++)
    {
      gc_arena_start_cycle (arena);
      do
        {
          seen |= 1u << gc_arena_get_phase (arena);
          check_same (arena, ids);
        }
      while (!gc_arena_step_units (arena, 6));
      gc_arena_finish_marking (arena);
      seen |= 1u << gc_arena_get_phase (arena);
      check_same (arena, ids);
      gc_arena_start_sweeping (arena);
      seen |= 1u << gc_arena_get_phase (arena);
      check_same (arena, ids);
      gc_arena_finish_cycle (arena);
      check_same (arena, ids);
    }
  g_assert_cmpuint (seen & (1u << GC_PHASE_MARKING), !=, 0);
  g_assert_cmpuint (seen & (1u << GC_PHASE_MARKED), !=, 0);
  g_assert_cmpuint (seen & (1u << GC_PHASE_SWEEPING), !=, 0);
  demo_check (arena);
}

/* Of those that die and those that take their memory none has the other's id, with
 * snapshots and collections of both kinds in between. */
static void
test_turnover (gconstpointer data)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (GHashTable) used = g_hash_table_new (NULL, NULL);
  guint64 ids[N], now[N];
  gboolean is_new[N];

  gc_arena_set_zeal (arena, GPOINTER_TO_UINT (data));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, gc_new_with_tail (m, DemoVector, N));
    fill (m, root_of (arena));
  }
  read_ids (arena, ids);
  for (guint i = 0; i < N; i++)
    g_hash_table_add (used, GSIZE_TO_POINTER (ids[i]));
  for (guint round = 0; round < 40; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (guint i = 0; i < N; i++)
          {
            is_new[i] = g_rand_int_range (random, 0, 4) == 0;
            if (is_new[i])
              gc_set (root_of (arena), items[i], NULL);
          }
      }
      switch (g_rand_int_range (random, 0, 4))
        {
        case 0:
          gc_arena_collect (arena);
          break;
        case 1:
          gc_arena_start_cycle (arena);
          gc_arena_step_units (arena, g_rand_int_range (random, 1, 400));
          break;
        default:
          gc_arena_step_units (arena, g_rand_int_range (random, 1, 4000));
        }
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        /* Enough for minor collections, where there are any. */
        demo_scribble (m, g_rand_int_range (random, 0, 40000));
        fill (m, root_of (arena));
      }
      read_ids (arena, now);
      for (guint i = 0; i < N; i++)
        if (is_new[i])
          g_assert_true (g_hash_table_add (used, GSIZE_TO_POINTER (now[i])));
        else
          g_assert_cmpuint (now[i], ==, ids[i]);
      memcpy (ids, now, sizeof ids);
    }
  demo_check (arena);
}

/* Objects in the memory of dead ones have ids of their own, whichever kind of collection found them dead. */
static void
test_reuse (gconstpointer data)
{
  enum { N_DEAD = 2000, N_MORE = 60000 };
  gboolean is_minor = data != NULL;
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GHashTable) dead_places = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) dead_ids = g_hash_table_new (NULL, NULL);
  g_autoptr (HeapFile) before = NULL;
  g_autoptr (HeapFile) after = NULL;
  guint n_reused = 0;

  /* The first major collection switches generations on; after that, these are young. */
  if (is_minor)
    gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_new_with_tail (m, DemoVector, N_DEAD);

    gc_arena_set_root (arena, vector);
    for (guint i = 0; i < N_DEAD; i++)
      {
        gc_set (vector, items[i], gc_new (m, DemoNode));
        g_hash_table_add (dead_places, vector->items[i]);
      }
    before = take_snapshot (arena);
    for (guint32 i = 0; i < before->n_nodes; i++)
      if (before->kind[i] == HEAP_NODE_OBJECT)
        g_hash_table_add (dead_ids, GSIZE_TO_POINTER (before->id[i]));
    if (is_minor)
      gc_arena_set_root (arena, NULL);
  }
  if (is_minor)
    for (guint i = 0; i < 20; i++)
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        demo_scribble (m, 30000);
      }
  else
    {
      /* Old first, then dead. */
      gc_arena_collect (arena);
      gc_arena_set_root (arena, NULL);
      gc_arena_collect (arena);
    }
  {
    g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

    g_assert_cmpuint (stats->n_minor_cycles > 0, ==, is_minor);
    g_assert_cmpuint (stats->n_cycles, ==, is_minor ? 1 : 2);
  }
  /* Once, unless an instrument slows collection down. */
  for (guint round = 0; round < 100 && n_reused == 0; round++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      DemoVector *vector = gc_new_with_tail (m, DemoVector, N_MORE);

      gc_arena_set_root (arena, vector);
      for (guint i = 0; i < N_MORE; i++)
        {
          gc_set (vector, items[i], gc_new (m, DemoNode));
          n_reused += g_hash_table_contains (dead_places, vector->items[i]);
        }
    }
  g_assert_cmpuint (n_reused, >, 0);
  after = take_snapshot (arena);
  for (guint32 i = 0; i < after->n_nodes; i++)
    if (after->kind[i] == HEAP_NODE_OBJECT)
      g_assert_false (g_hash_table_contains (dead_ids, GSIZE_TO_POINTER (after->id[i])));
}

/* What a guardian brought back is who it was. */
static void
test_guardian (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (HeapFile) before = NULL;
  g_autoptr (HeapFile) after = NULL;
  g_autoptr (HeapFile) others = take_snapshot (other);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_new (m, DemoNode);
    GcGuardian *guardian = gc_guardian_new (m);

    gc_arena_set_root (arena, node);
    gc_set (node, any, GC_OBJECT (guardian));
    gc_set (node, left, gc_new (m, DemoNode));
    gc_guardian_watch (guardian, GC_OBJECT (node->left), NULL);
    before = take_snapshot (arena);
    gc_set (node, left, NULL);
  }
  gc_arena_collect (arena);
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_arena_get_root (arena);

    gc_set (node, left, (DemoNode *) gc_guardian_pop ((GcGuardian *) node->any, NULL));
    g_assert_nonnull (node->left);
  }
  after = take_snapshot (arena);
  g_assert_cmpuint (after->id[follow (after, arena_root (after), HEAP_EDGE_PROPERTY, "left")], ==,
                    before->id[follow (before, arena_root (before), HEAP_EDGE_PROPERTY, "left")]);

  /* The snapshots know whose ids they have. */
  g_assert_cmpuint (before->arena, !=, 0);
  g_assert_cmpuint (before->arena, ==, after->arena);
  g_assert_cmpuint (before->arena, !=, others->arena);
}

/* What a weak reference brought back is who it was. */
static void
test_resurrection (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (HeapFile) before = NULL;
  g_autoptr (HeapFile) after = NULL;
  guint64 id;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcWeakRef *ref;
    DemoNode *node = gc_new (m, DemoNode);

    gc_arena_set_root (arena, node);
    gc_set (node, left, gc_new (m, DemoNode));
    ref = gc_weak_ref_new (m, GC_OBJECT (node->left));
    gc_set (node, any, GC_OBJECT (ref));
  }
  before = take_snapshot (arena);
  id = before->id[follow (before, arena_root (before), HEAP_EDGE_PROPERTY, "left")];
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_set ((DemoNode *) gc_arena_get_root (arena), left, NULL);
  }
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *root = gc_arena_get_root (arena);

    gc_set (root, left, gc_weak_ref_resurrect ((GcWeakRef *) root->any));
    g_assert_nonnull (root->left);
  }
  gc_arena_finish_cycle (arena);
  gc_arena_collect (arena);
  after = take_snapshot (arena);
  g_assert_cmpuint (after->id[follow (after, arena_root (after), HEAP_EDGE_PROPERTY, "left")], ==, id);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snapshot-ids/phases", test_phases);
  g_test_add_data_func ("/snapshot-ids/turnover/plain", GUINT_TO_POINTER (GC_ZEAL_NONE), test_turnover);
  g_test_add_data_func ("/snapshot-ids/turnover/clobber", GUINT_TO_POINTER (GC_ZEAL_CLOBBER), test_turnover);
  g_test_add_data_func ("/snapshot-ids/turnover/relocate", GUINT_TO_POINTER (GC_ZEAL_RELOCATE), test_turnover);
  g_test_add_data_func ("/snapshot-ids/reuse/major", NULL, test_reuse);
  g_test_add_data_func ("/snapshot-ids/reuse/minor", "", test_reuse);
  g_test_add_func ("/snapshot-ids/guardian", test_guardian);
  g_test_add_func ("/snapshot-ids/resurrection", test_resurrection);
  return g_test_run ();
}
