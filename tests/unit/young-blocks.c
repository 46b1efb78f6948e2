/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Stores into what is new are not reported: who allocates tells gc_set() of the block, and nobody takes that away from anybody
 * else. A thread knows of its own blocks. */

#include <pthread.h>
#include "demo.h"
#include "gcobj/gc-arena-private.h"

static gboolean
is_told (gconstpointer object)
{
  guintptr block = (guintptr) object / GC_BLOCK_SIZE;

  return gc_young_block_ == block || gc_other_young_blocks_[block % GC_N_YOUNG_][0] == block;
}

static guint
count_told (void)
{
  guint n = gc_young_block_ != 0;

  for (guint i = 0; i < GC_N_YOUNG_; i++)
    n += gc_other_young_blocks_[i][0] != 0;
  return n;
}

/* The other's block is told of as well, unless it has the place. */
static void
test_two_arenas (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GcMutation) m2 = gc_arena_begin (other);
  DemoNode *node = gc_new (m, DemoNode);
  DemoNode *node2 = gc_new (m2, DemoNode);

  g_assert_true (is_told (node));
  g_assert_true (is_told (node2));
  g_assert_cmpuint (count_told (), ==, 2);
}

/* From block to block: the last one counts. */
static void
test_next_block (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *first = gc_new (m, DemoNode), *node = first;

  while (gc_block_of (node) == gc_block_of (first))
    node = gc_new (m, DemoNode);
  g_assert_true (is_told (node));
  g_assert_false (is_told (first));
  g_assert_cmpuint (count_told (), ==, 1);
}

/* Without a scope nobody is told of anything, and with the next one again. */
static void
test_next_scope (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  DemoNode *node;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_new (m, DemoNode);
    gc_arena_set_root (arena, node);
    g_assert_true (is_told (node));
    {
      g_autoptr (GcMutation) inner = gc_arena_begin (arena);

      g_assert_true (is_told (node));
    }
    g_assert_true (is_told (node));
  }
  g_assert_cmpuint (count_told (), ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_true (is_told (node));
  }
  g_assert_cmpuint (count_told (), ==, 0);
}

/* One arena's collection does not concern another. */
static void
test_collection (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcMutation) m2 = gc_arena_begin (other);
  DemoNode *node2 = gc_new (m2, DemoNode), *node;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_new (m, DemoNode);
    g_assert_true (is_told (node));
    gc_arena_set_root (arena, node);
  }
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_false (is_told (gc_arena_get_root (arena)));
  }
  g_assert_true (is_told (node2));
}

/* The walker knows. */
static void
test_verify (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GError) error = NULL;
  guintptr block;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    block = (guintptr) gc_new (m, DemoNode) / GC_BLOCK_SIZE;
  }
  gc_arena_finish_marking (arena);
  g_assert_true (gc_heap_verify (&arena->heap, NULL));
  gc_other_young_blocks_[3][0] = block;
  g_assert_false (gc_heap_verify (&arena->heap, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "are not reported"));
  gc_other_young_blocks_[3][0] = 0;
  g_assert_true (gc_heap_verify (&arena->heap, NULL));
}

typedef struct
{
  GcArena           *arena;
  pthread_barrier_t  barrier;
} Place;

static void *
allocate (void *data)
{
  Place *place = data;
  DemoNode *node;

  gc_mutation_leave_ (gc_arena_begin (place->arena));
  pthread_barrier_wait (&place->barrier);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (place->arena);

    pthread_barrier_wait (&place->barrier);
    node = gc_new (m, DemoNode);
    pthread_barrier_wait (&place->barrier);
    g_assert_true (is_told (node));
    g_assert_cmpuint (count_told (), ==, 1);
    pthread_barrier_wait (&place->barrier);
  }
  g_assert_cmpuint (count_told (), ==, 0);
  return NULL;
}

/* Each knows of its own. */
static void
test_three_mutators (void)
{
  Place place = { .arena = gc_arena_new () };
  pthread_t threads[3];

  {
    g_autoptr (GcMutation) m = gc_arena_begin (place.arena);
  }
  gc_heap_share (&place.arena->heap);
  pthread_barrier_init (&place.barrier, NULL, 3);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpint (pthread_create (&threads[i], NULL, allocate, &place), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpint (pthread_join (threads[i], NULL), ==, 0);
  pthread_barrier_destroy (&place.barrier);
  g_object_unref (place.arena);
  g_assert_cmpuint (count_told (), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (gc_barrier_needed_ & GC_STORES_ALL)
    {
      g_print ("1..0 # SKIP all stores are reported\n");
      return 0;
    }
  g_test_add_func ("/young-blocks/two-arenas", test_two_arenas);
  g_test_add_func ("/young-blocks/next-block", test_next_block);
  g_test_add_func ("/young-blocks/next-scope", test_next_scope);
  g_test_add_func ("/young-blocks/collection", test_collection);
  g_test_add_func ("/young-blocks/verify", test_verify);
  g_test_add_func ("/young-blocks/three-mutators", test_three_mutators);
  return g_test_run ();
}
