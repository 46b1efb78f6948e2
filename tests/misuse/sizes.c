/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sizes and counts that overflow or make no sense. */

#include "misuse.h"

static const gsize too_many[] = {
  G_MAXSIZE, G_MAXSIZE / 8, G_MAXSIZE / 8 + 1, G_MAXSIZE - 16, (gsize) 1 << 63, (gsize) 1 << 46
};

static char *
too_large (const char *type,
           gsize       n)
{
  return g_strdup_printf ("gc_object_allocate: a %s of %" G_GSIZE_FORMAT " elements is too large", type, n);
}

/* Elements of 8 bytes: the product wraps to something small for some of these. */
static void
test_tail (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  for (guint i = 0; i < G_N_ELEMENTS (too_many); i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      g_autofree char *vector = too_large ("DemoVector", too_many[i]);
      g_autofree char *blob = too_large ("DemoBlob", too_many[i]);
      g_autoptr (GError) error = NULL;

      EXPECT_CRITICAL (vector);
      g_assert_null (gc_new_with_tail (m, DemoVector, too_many[i]));
      EXPECT_CRITICAL (vector);
      g_assert_null (gc_object_new_with_tail (m, demo_vector_get_type (), too_many[i]));
      EXPECT_CRITICAL (blob);
      g_assert_null (gc_new_with_tail (m, DemoBlob, too_many[i]));
      g_assert_null (gc_object_try_new (m, demo_vector_get_type (), too_many[i], &error));
      g_assert_error (error, GC_ERROR, GC_ERROR_NO_MEMORY);
      /* Nobody has to look at the error. */
      g_assert_null (gc_object_try_new (m, demo_blob_get_type (), too_many[i], NULL));
    }
  still_works (arena);
}

/* A tail for a type that has none. */
static void
test_no_tail (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GError) error = NULL;
  GcMutation *m = gc_arena_begin (arena);

  EXPECT_ASSERTION ("gc_object_allocate", "n == 0");
  g_assert_null (gc_new_with_tail (m, DemoNode, 1));
  EXPECT_ASSERTION ("gc_object_allocate", "n == 0");
  g_assert_null (gc_object_try_new (m, demo_node_get_type (), G_MAXSIZE, &error));
  g_assert_no_error (error);
  /* And none for a type that has one is an empty one. */
  g_assert_cmpuint (((DemoVector *) gc_object_new (m, demo_vector_get_type ()))->n, ==, 0);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  still_works (arena);
}

static guint64
external_bytes (GcArena *arena)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

  return stats->external_bytes;
}

static void
test_external_bytes (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GcObject *node;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (gc_new (m, DemoNode));
  }
  gc_object_add_external_bytes (node, 100);
  EXPECT_CRITICAL ("gc_object_add_external_bytes: an object that owns 100 external bytes can't lose 101");
  gc_object_add_external_bytes (node, -101);
  g_assert_cmpuint (gc_object_get_external_bytes (node), ==, 0);
  g_assert_cmpuint (external_bytes (arena), ==, 0);
  gc_object_add_external_bytes (node, 5);
  EXPECT_CRITICAL ("gc_object_add_external_bytes: an object that owns 5 external bytes can't lose 9223372036854775808");
  gc_object_add_external_bytes (node, G_MINSSIZE);
  g_assert_cmpuint (gc_object_get_external_bytes (node), ==, 0);
  g_assert_cmpuint (external_bytes (arena), ==, 0);
  gc_object_unref (node);
  still_works (arena);
}

/* As much as an address space holds is a mistake that does no harm. */
static void
test_external_bytes_sum (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GcObject *node;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (gc_new (m, DemoNode));
  }
  gc_object_add_external_bytes (node, G_MAXSSIZE);
  g_assert_cmpuint (gc_object_get_external_bytes (node), ==, G_MAXSSIZE);
  for (guint i = 0; i < 3; i++)
    {
      EXPECT_CRITICAL ("gc_object_add_external_bytes: *");
      gc_object_add_external_bytes (node, G_MAXSSIZE);
      g_test_assert_expected_messages ();
      g_assert_cmpuint (gc_object_get_external_bytes (node), ==, G_MAXSSIZE);
      g_assert_cmpuint (external_bytes (arena), ==, G_MAXSSIZE);
    }
  gc_object_unref (node);
  demo_check (arena);
  g_assert_cmpuint (external_bytes (arena), ==, 0);
  still_works (arena);
}

/* Huge limits and steps are just large. */
static void
test_settings (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  g_autoptr (GError) error = NULL;

  gc_arena_set_heap_limit (arena, G_MAXSIZE);
  g_assert_true (gc_arena_check_heap_limit (arena, &error));
  g_assert_no_error (error);
  still_works (arena);
  gc_arena_set_heap_limit (arena, 0);
  pacing->min_sleep = G_MAXSIZE;
  pacing->sleep_factor = 1e300;
  gc_arena_set_pacing (arena, pacing);
  g_assert_cmpuint (gc_arena_get_debt (arena), ==, 0);
  g_assert_false (gc_arena_step (arena, G_MAXUINT));
  still_works (arena);
  g_assert_true (gc_arena_step_units (arena, G_MAXUINT));
  still_works (arena);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/misuse/sizes/tail", test_tail);
  g_test_add_func ("/misuse/sizes/no-tail", test_no_tail);
  g_test_add_func ("/misuse/sizes/external-bytes", test_external_bytes);
  g_test_add_func ("/misuse/sizes/external-bytes/sum", test_external_bytes_sum);
  g_test_add_func ("/misuse/sizes/settings", test_settings);
  return g_test_run ();
}
