/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What begins on one thread and ends on another: scopes, references, arenas. */

#include "threads.h"

static void *
collect_elsewhere (void *data)
{
  Shared *shared = data;

  gc_arena_collect (shared->arena);
  return GUINT_TO_POINTER (atomic_load (&shared->n_finalized));
}

static void *
drop_mutation (void *data)
{
  Shared *shared = data;

  gc_mutation_unref (shared->m);
  return NULL;
}

/* A binding's garbage collector drops a scope on a thread of its own: the scope ends
 * when its own thread next begins or finishes one. */
static void
test_mutation_dropped (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  Shared shared = { .arena = arena };

  shared.m = gc_arena_begin (arena);
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "*dropped without being finished, by another thread*");
  join (start (drop_mutation, &shared));
  g_test_assert_expected_messages ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_cmpuint (gc_mutation_get_depth (m), ==, 1);
    gc_new (m, ThreadNode);
  }
  /* The arena is free: another thread gets in. */
  join (start (collect_elsewhere, &shared));
}

/* A dropped scope inside of one that is finished. */
static void
test_inner_mutation_dropped (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  Shared shared = { .arena = arena };
  GcMutation *outer = gc_arena_begin (arena);

  shared.m = gc_arena_begin (arena);
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "*dropped without being finished, by another thread*");
  join (start (drop_mutation, &shared));
  g_test_assert_expected_messages ();

  gc_mutation_finish (outer);
  g_assert_false (gc_mutation_is_active (outer));
  gc_mutation_unref (outer);
  gc_arena_collect (arena);
}

static void *
finish_foreign (void *data)
{
  Shared *shared = data;

  gc_mutation_finish (shared->m);
  return NULL;
}

/* Only its own thread finishes a scope. */
static void
test_foreign_finish (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  Shared shared = { .arena = arena };

  shared.m = gc_arena_begin (arena);
  g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "*gc_arena_is_mine*");
  join (start (finish_foreign, &shared));
  g_test_assert_expected_messages ();
  g_assert_true (gc_mutation_is_active (shared.m));
  gc_mutation_finish (shared.m);
  gc_mutation_unref (shared.m);
}

static void *
drop_object (void *data)
{
  Shared *shared = data;

  gc_object_unref (shared->object);
  return NULL;
}

/* The last thing that kept the arena is an object, dropped elsewhere: all ends there. */
static void
test_arena_dropped (void)
{
  Shared shared = { .arena = gc_arena_new () };
  GcArena *arena = shared.arena;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    ThreadFin *object = gc_new (m, ThreadFin);

    for (guint i = 0; i < 100; i++)
      gc_new (m, ThreadFin)->n_finalized = &shared.n_finalized;
    object->n_finalized = &shared.n_finalized;
    shared.object = gc_object_ref (object);
  }
  gc_arena_start_cycle (arena);
  g_object_add_weak_pointer (G_OBJECT (arena), (gpointer *) &arena);
  g_object_unref (shared.arena);
  g_assert_nonnull (arena);
  g_assert_cmpuint (shared.n_finalized, ==, 0);
  join (start (drop_object, &shared));
  g_assert_null (arena);
  g_assert_cmpuint (shared.n_finalized, ==, 101);
}

/* Who collects runs the finalizers. */
static void
test_collect_elsewhere (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  Shared shared = { .arena = arena };

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < 1000; i++)
      gc_new (m, ThreadFin)->n_finalized = &shared.n_finalized;
  }
  g_assert_cmpuint (GPOINTER_TO_UINT (join (start (collect_elsewhere, &shared))), ==, 1000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/threads/mutation-dropped", test_mutation_dropped);
  g_test_add_func ("/threads/inner-mutation-dropped", test_inner_mutation_dropped);
  g_test_add_func ("/threads/foreign-finish", test_foreign_finish);
  g_test_add_func ("/threads/arena-dropped", test_arena_dropped);
  g_test_add_func ("/threads/collect-elsewhere", test_collect_elsewhere);
  return g_test_run ();
}
