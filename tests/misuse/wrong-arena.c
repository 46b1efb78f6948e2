/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects of another arena. */

#include "misuse.h"

typedef struct
{
  GcArena *arena, *other;
  DemoNode *node, *foreign;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  g_autoptr (GcMutation) m = NULL;
  g_autoptr (GcMutation) n = NULL;

  self->arena = demo_exact_arena_new ();
  self->other = demo_exact_arena_new ();
  m = gc_arena_begin (self->arena);
  n = gc_arena_begin (self->other);
  self->node = gc_object_ref (gc_new (m, DemoNode));
  self->foreign = gc_object_ref (gc_new (n, DemoNode));
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_assert_null (self->node->left);
  g_assert_null (self->node->any);
  still_works (self->arena);
  still_works (self->other);
  gc_object_unref (self->node);
  gc_object_unref (self->foreign);
  g_object_unref (self->arena);
  g_object_unref (self->other);
}

static void
test_root (Fixture       *self,
           gconstpointer  data)
{
  GcObject *root;

  EXPECT_ASSERTION ("gc_arena_set_root", "root == NULL || gc_arena_of (root) == arena");
  gc_arena_set_root (self->arena, self->foreign);
  EXPECT_ASSERTION ("gc_arena_set_root", "root == NULL || gc_arena_of (root) == arena");
  g_object_set (self->arena, "root", self->foreign, NULL);
  root = gc_arena_dup_root (self->arena);
  g_assert_null (root);
}

static void
test_set_slot (Fixture       *self,
               gconstpointer  data)
{
  EXPECT_ASSERTION ("gc_object_set_slot", "!gc_is_ref (value) || gc_arena_of (value) == arena");
  gc_object_set_slot (self->node, &self->node->left, self->foreign);
}

static void
test_set_weak (Fixture       *self,
               gconstpointer  data)
{
  g_autoptr (GcMutation) m = gc_arena_begin (self->arena);

  EXPECT_ASSERTION ("gc_object_set_weak_slot", "value == NULL || gc_arena_of (value) == arena");
  gc_set_weak (self->node, weak, self->foreign);
  g_assert_null (gc_weak_get (self->node, weak));
}

/* The inline form finds it where it marks what it stores ... */
static void
test_set_while_marking (Fixture       *self,
                        gconstpointer  data)
{
  gc_arena_finish_marking (self->arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (self->arena);

    EXPECT_CRITICAL ("gc_set: the value at 0x* is not an object of the owner's arena");
    gc_set (self->node, left, self->foreign);
    EXPECT_CRITICAL ("gc_set: the value at 0x* is not an object of the owner's arena");
    gc_set (self->node, any, self->foreign);
  }
}

/* ... and wherever a check watches all stores. */
static void
test_set_watched (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();

  gc_arena_set_zeal (arena, GC_ZEAL_SHADOW_SLOTS);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    g_autoptr (GcMutation) n = gc_arena_begin (other);
    DemoNode *node = gc_new (m, DemoNode);

    EXPECT_CRITICAL ("gc_set: the value at 0x* is not an object of the owner's arena");
    gc_set (node, left, gc_new (n, DemoNode));
    g_assert_null (node->left);
  }
  still_works (arena);
  still_works (other);
}

/* An external reference is taken in the arena of the object, whatever scope is open. */
static void
test_ref (Fixture       *self,
          gconstpointer  data)
{
  g_autoptr (GcMutation) m = gc_arena_begin (self->arena);
  g_autoptr (GcStats) stats = NULL;

  gc_object_ref (self->foreign);
  stats = gc_arena_get_stats (self->arena);
  g_assert_cmpuint (stats->n_external_refs, ==, 1);
  gc_object_unref (self->foreign);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/misuse/wrong-arena/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("root", test_root);
  ADD ("set-slot", test_set_slot);
  ADD ("set-weak", test_set_weak);
  ADD ("set/while-marking", test_set_while_marking);
  ADD ("ref", test_ref);
#undef ADD
  g_test_add_func ("/misuse/wrong-arena/set/watched", test_set_watched);
  return g_test_run ();
}
