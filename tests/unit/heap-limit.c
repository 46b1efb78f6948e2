/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The limit on how many bytes objects may take. */

#include "demo.h"

#define LIMIT ((gsize) 4 << 20)

static GcArena *
limited_arena_new (void)
{
  GcArena *arena = demo_exact_arena_new ();

  demo_sleep_for_ever (arena);
  gc_arena_set_heap_limit (arena, LIMIT);
  return arena;
}

/* Adds blobs of 1 KiB, linked to the root if they are to be kept, until one is refused. */
static guint
fill (GcArena  *arena,
      gboolean  keep)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GError) error = NULL;
  DemoNode *head = gc_arena_get_root (arena);
  guint n = 0;

  for (;;)
    {
      GcObject *blob = gc_object_try_new (m, demo_blob_get_type (), 1024 - 16, &error);
      DemoNode *node;

      if (blob == NULL)
        break;
      n++;
      if (!keep)
        continue;
      node = gc_new (m, DemoNode);
      gc_set (node, any, blob);
      gc_set (node, left, head);
      head = node;
    }
  g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
  gc_arena_set_root (arena, head);
  return n;
}

static void
test_property (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (gc_arena_get_heap_limit (arena), ==, 0);
  g_assert_true (gc_arena_check_heap_limit (arena, &error));
  g_assert_no_error (error);
  gc_arena_set_heap_limit (arena, LIMIT);
  g_assert_cmpuint (gc_arena_get_heap_limit (arena), ==, LIMIT);
  g_assert_true (gc_arena_check_heap_limit (arena, &error));
  g_assert_no_error (error);
}

/* Garbage that fills the heap is gone after the next safe point. */
static void
test_emergency_collection (void)
{
  g_autoptr (GcArena) arena = limited_arena_new ();
  g_autoptr (GError) error = NULL;

  for (guint round = 0; round < 3; round++)
    {
      g_assert_cmpuint (fill (arena, FALSE), ==, LIMIT / 1024);
      g_assert_true (gc_arena_check_heap_limit (arena, &error));
      g_assert_no_error (error);
    }
  demo_check (arena);
}

/* What is alive stays, and the limit stays reached until some of it goes. */
static void
test_alive (void)
{
  g_autoptr (GcArena) arena = limited_arena_new ();
  g_autoptr (GError) error = NULL;
  guint n = fill (arena, TRUE);

  g_assert_cmpuint (n, ==, LIMIT / (1024 + sizeof (DemoNode)));
  g_assert_cmpuint (demo_count_live (arena), ==, 2 * n);
  g_assert_cmpuint (fill (arena, TRUE), <=, 1);
  g_assert_cmpuint (demo_count_live (arena), >=, 2 * n);

  /* The first refusal has the safe point after it collect. */
  gc_arena_set_root (arena, NULL);
  g_assert_cmpuint (fill (arena, TRUE), <=, 1);
  g_assert_true (gc_arena_check_heap_limit (arena, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fill (arena, TRUE), >=, n - 2);
  demo_check (arena);
}

/* One that is too large by itself is refused, and smaller ones still fit. */
static void
test_one_too_large (void)
{
  g_autoptr (GcArena) arena = limited_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GError) error = NULL;

  g_assert_null (gc_object_try_new (m, demo_blob_get_type (), LIMIT, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
  g_assert_true (strstr (error->message, "4194304") != NULL);
  g_clear_error (&error);
  g_assert_nonnull (gc_object_try_new (m, demo_blob_get_type (), LIMIT / 2, &error));
  g_assert_no_error (error);
}

/* What can't fail may use the reserve, so that a scope gets to its end. */
static void
test_reserve (void)
{
  g_autoptr (GcArena) arena = limited_arena_new ();
  g_autoptr (GError) error = NULL;

  fill (arena, TRUE);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (gsize bytes = 0; bytes < (1 << 20) - 8192; bytes += sizeof (DemoNode))
      g_assert_nonnull (gc_new (m, DemoNode));
    g_assert_false (gc_arena_check_heap_limit (arena, &error));
    g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
  }
  demo_check (arena);
}

/* Then they go on: a script that sets a limit must not end its host. One warning is enough, until it is below the
 * limit again. */
static void
test_past_reserve (void)
{
  g_autoptr (GcArena) arena = limited_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GError) error = NULL;

  for (guint round = 0; round < 3; round++)
    {
      /* Exceeded by what is noted, by what is allocated, and by what was there before the limit. */
      switch (round)
        {
        case 0:
          gc_object_add_external_bytes (GC_OBJECT (gc_new (m, DemoNode)), G_MAXSSIZE);
          break;
        case 1:
          for (gsize bytes = 0; bytes < LIMIT + (1 << 20) - 8192; bytes += sizeof (DemoNode))
            gc_new (m, DemoNode);
          break;
        default:
          gc_arena_set_heap_limit (arena, 0);
          gc_new_with_tail (m, DemoBlob, 2 * LIMIT);
          gc_arena_set_heap_limit (arena, LIMIT);
        }
      g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, "*the heap exceeds its limit of 4194304 bytes*");
      for (gsize bytes = 0; bytes < 2 * LIMIT; bytes += sizeof (DemoNode))
        g_assert_nonnull (gc_new (m, DemoNode));
      g_test_assert_expected_messages ();

      g_assert_false (gc_arena_check_heap_limit (arena, &error));
      g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
      g_clear_error (&error);
      g_assert_true (gc_mutation_safepoint (m));
      g_assert_true (gc_arena_check_heap_limit (arena, &error));
      g_assert_no_error (error);
    }
}

/* Whoever can take an error never sees the program end, however far the heap is
 * beyond its limit. */
static void
test_far_beyond (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GError) error = NULL;
  GcObject *blob = GC_OBJECT (gc_new_with_tail (m, DemoBlob, 16 * LIMIT));

  gc_arena_set_heap_limit (arena, LIMIT);
  g_assert_false (gc_arena_check_heap_limit (arena, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
  g_clear_error (&error);
  g_assert_null (gc_object_try_new (m, demo_node_get_type (), 0, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
  g_clear_error (&error);

  gc_arena_set_heap_limit (arena, 0);
  gc_object_add_external_bytes (blob, 16 * LIMIT);
  gc_arena_set_heap_limit (arena, LIMIT);
  g_assert_null (gc_object_try_new (m, demo_node_get_type (), 0, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
}

/* What objects own outside counts, once. */
static void
test_external (void)
{
  g_autoptr (GcArena) arena = limited_arena_new ();
  g_autoptr (GError) error = NULL;

  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      GcObject *node = GC_OBJECT (gc_new (m, DemoNode));

      gc_object_add_external_bytes (node, LIMIT / 4 * 3);
      g_assert_true (gc_arena_check_heap_limit (arena, &error));
      g_assert_no_error (error);
      gc_object_add_external_bytes (node, LIMIT / 4);
      g_assert_false (gc_arena_check_heap_limit (arena, &error));
      g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
      g_clear_error (&error);
    }
  g_assert_true (gc_arena_check_heap_limit (arena, &error));
  g_assert_no_error (error);
}

/* What was given back counts no more. */
static void
test_external_returned (void)
{
  g_autoptr (GcArena) arena = limited_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GError) error = NULL;
  GcObject *node = GC_OBJECT (gc_new (m, DemoNode));

  for (guint i = 0; i < 20; i++)
    {
      gc_object_add_external_bytes (node, LIMIT / 4 * 3);
      g_assert_true (gc_arena_check_heap_limit (arena, &error));
      g_assert_no_error (error);
      gc_object_add_external_bytes (node, -(gssize) (LIMIT / 4 * 3));
    }
}

/* What was owned at the end of the last cycle and still is counts on. */
static void
test_external_kept (void)
{
  g_autoptr (GcArena) arena = limited_arena_new ();
  g_autoptr (GError) error = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcObject *node = GC_OBJECT (gc_new (m, DemoNode));

    gc_object_add_external_bytes (node, LIMIT / 4 * 3);
    gc_arena_set_root (arena, node);
  }
  gc_arena_collect (arena);
  g_assert_true (gc_arena_check_heap_limit (arena, &error));
  g_assert_no_error (error);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_null (gc_object_try_new (m, demo_blob_get_type (), LIMIT / 2, &error));
    g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
    g_clear_error (&error);
    g_assert_nonnull (gc_object_try_new (m, demo_blob_get_type (), LIMIT / 8, &error));
    g_assert_no_error (error);
  }
}

/* A safe point in the middle of a scope makes room, too. */
static void
test_at_safepoint (void)
{
  g_autoptr (GcArena) arena = limited_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GError) error = NULL;
  GC_ROOT (m, DemoNode, kept);

  kept = gc_new (m, DemoNode);
  while (gc_object_try_new (m, demo_blob_get_type (), 1000, &error) != NULL)
    ;
  g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
  g_clear_error (&error);
  g_assert_true (gc_mutation_safepoint (m));
  g_assert_nonnull (gc_object_try_new (m, demo_blob_get_type (), 1000, &error));
  g_assert_no_error (error);
  g_assert_true (DEMO_IS_NODE (kept));
}

/* What the system has not got is an error, not the end. */
static void
test_no_memory (void)
{
  static const guint shifts[] = { 45, 46, 47, 60, 63 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  for (guint i = 0; i < G_N_ELEMENTS (shifts); i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      g_autoptr (GError) error = NULL;

      g_assert_null (gc_object_try_new (m, demo_blob_get_type (), (gsize) 1 << shifts[i], &error));
      g_assert_error (error, GC_ERROR, GC_ERROR_NO_MEMORY);
      g_clear_error (&error);
      g_assert_null (gc_object_try_new (m, demo_vector_get_type (), G_MAXSIZE / 8 - shifts[i], &error));
      g_assert_error (error, GC_ERROR, GC_ERROR_NO_MEMORY);
    }
  demo_check (arena);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heap-limit/property", test_property);
  g_test_add_func ("/heap-limit/emergency", test_emergency_collection);
  g_test_add_func ("/heap-limit/alive", test_alive);
  g_test_add_func ("/heap-limit/one-too-large", test_one_too_large);
  g_test_add_func ("/heap-limit/reserve", test_reserve);
  g_test_add_func ("/heap-limit/reserve/past", test_past_reserve);
  g_test_add_func ("/heap-limit/far-beyond", test_far_beyond);
  g_test_add_func ("/heap-limit/external", test_external);
  g_test_add_func ("/heap-limit/external/returned", test_external_returned);
  g_test_add_func ("/heap-limit/external/kept", test_external_kept);
  g_test_add_func ("/heap-limit/safepoint", test_at_safepoint);
  g_test_add_func ("/heap-limit/no-memory", test_no_memory);
  return g_test_run ();
}
