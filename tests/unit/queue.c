/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The heap's queues of words. */

#include "gcobj/heap/gc-heap-private.h"

static void
test_empty (void)
{
  GcQueue queue = { 0 };

  g_assert_true (gc_queue_is_empty (&queue));
  g_assert_cmpuint (gc_queue_get_length (&queue), ==, 0);
  g_assert_null (gc_queue_pop (&queue));
  gc_queue_clear (&queue);
  gc_queue_clear (&queue);
  g_assert_null (gc_queue_pop (&queue));
}

/* Last in, first out, across the ends of segments. */
static void
test_order (void)
{
  static const gsize lengths[] = {
    1, 2, GC_SEGMENT_WORDS - 1, GC_SEGMENT_WORDS, GC_SEGMENT_WORDS + 1, 2 * GC_SEGMENT_WORDS, 10 * GC_SEGMENT_WORDS + 7
  };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      GcQueue queue = { 0 };

      for (gsize k = 1; k <= lengths[i]; k++)
        {
          gc_queue_push (&queue, GSIZE_TO_POINTER (k));
          g_assert_cmpuint (gc_queue_get_length (&queue), ==, k);
          g_assert_false (gc_queue_is_empty (&queue));
        }
      for (gsize k = lengths[i]; k > 0; k--)
        {
          g_assert_cmpuint (GPOINTER_TO_SIZE (gc_queue_pop (&queue)), ==, k);
          g_assert_cmpuint (gc_queue_get_length (&queue), ==, k - 1);
        }
      g_assert_true (gc_queue_is_empty (&queue));
      g_assert_null (gc_queue_pop (&queue));
      gc_queue_clear (&queue);
    }
}

static void
test_random (void)
{
  GcQueue queue = { 0 };
  g_autoptr (GPtrArray) model = g_ptr_array_new ();
  gsize next = 1;

  for (guint burst = 0; burst < 300; burst++)
    {
      guint n = g_test_rand_int_range (0, 2 * GC_SEGMENT_WORDS);

      for (guint i = 0; i < n; i++)
        if (burst % 2 == 0)
          {
            g_ptr_array_add (model, GSIZE_TO_POINTER (next));
            gc_queue_push (&queue, GSIZE_TO_POINTER (next++));
          }
        else if (model->len > 0)
          g_assert_true (gc_queue_pop (&queue) == g_ptr_array_steal_index (model, model->len - 1));
      g_assert_cmpuint (gc_queue_get_length (&queue), ==, model->len);
    }
  gc_queue_clear (&queue);
  g_assert_true (gc_queue_is_empty (&queue));
}

/* To and fro at the end of a segment; and what is pushed after clearing. */
static void
test_boundary (void)
{
  GcQueue queue = { 0 };

  for (gsize k = 1; k <= GC_SEGMENT_WORDS; k++)
    gc_queue_push (&queue, GSIZE_TO_POINTER (k));
  for (guint i = 0; i < 1000; i++)
    {
      gc_queue_push (&queue, GSIZE_TO_POINTER (7));
      gc_queue_push (&queue, GSIZE_TO_POINTER (8));
      g_assert_cmpuint (GPOINTER_TO_SIZE (gc_queue_pop (&queue)), ==, 8);
      g_assert_cmpuint (GPOINTER_TO_SIZE (gc_queue_pop (&queue)), ==, 7);
      g_assert_cmpuint (GPOINTER_TO_SIZE (gc_queue_pop (&queue)), ==, GC_SEGMENT_WORDS);
      gc_queue_push (&queue, GSIZE_TO_POINTER (GC_SEGMENT_WORDS));
    }
  gc_queue_clear (&queue);
  gc_queue_push (&queue, GSIZE_TO_POINTER (1));
  g_assert_cmpuint (gc_queue_get_length (&queue), ==, 1);
  gc_queue_clear (&queue);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/queue/empty", test_empty);
  g_test_add_func ("/queue/order", test_order);
  g_test_add_func ("/queue/random", test_random);
  g_test_add_func ("/queue/boundary", test_boundary);
  return g_test_run ();
}
