/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "demo.h"

static void
test_fresh (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);
  GcStats zero;

  memset (&zero, 0, sizeof zero);
  g_assert_cmpmem (stats, sizeof *stats, &zero, sizeof zero);
}

/* Bytes and objects are counted exactly, whatever way they were allocated. */
static void
test_allocated (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint64 bytes = 0, objects = 0;

  demo_sleep_for_ever (arena);
  for (guint round = 0; round < 5; round++)
    {
      g_autoptr (GcStats) stats = NULL;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *head = NULL;

        objects = 0;
        for (guint i = 0; i < 300; i++)
          {
            gsize sizes[] = { i, 200 + i, 5000 + i, 40000 * (i % 50 == 0) };

            for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
              {
                DemoNode *node = gc_new (m, DemoNode);
                DemoBlob *blob = gc_new_with_tail (m, DemoBlob, sizes[k]);

                gc_set (node, any, blob);
                gc_set (node, left, head);
                head = node;
                bytes += sizeof (DemoNode) + gc_object_get_size (GC_OBJECT (blob));
                objects += 2;
              }
          }
        gc_arena_set_root (arena, head);
      }
      stats = gc_arena_get_stats (arena);
      g_assert_cmpuint (stats->allocated_bytes, ==, bytes);
      gc_stats_free (stats);
      gc_arena_collect (arena);
      stats = gc_arena_get_stats (arena);
      g_assert_cmpuint (stats->allocated_bytes, ==, bytes);
      g_assert_cmpuint (stats->live_objects, ==, objects);
      g_assert_cmpuint (stats->live_bytes, ==, bytes / (round + 1));
      g_assert_cmpuint (stats->heap_bytes, >=, stats->live_bytes);
      g_assert_cmpuint (stats->peak_heap_bytes, >=, stats->heap_bytes);
    }
}

static void
test_cycles (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  for (guint i = 1; i <= 4; i++)
    {
      g_autoptr (GcStats) stats = NULL;

      gc_arena_collect (arena);
      stats = gc_arena_get_stats (arena);
      g_assert_cmpuint (stats->n_cycles, ==, i);
      /* Asked for, so that it is no pause whose length the collector chose. */
      g_assert_cmpuint (stats->n_pauses, ==, 0);
      g_assert_cmpuint (stats->max_pause_ns, ==, 0);
      g_assert_cmpuint (stats->n_requests, ==, i);
      g_assert_cmpuint (stats->max_request_ns, >, 0);
      g_assert_cmpuint (stats->request_ns, >=, stats->max_request_ns);
      g_assert_cmpuint (stats->request_ns, <=, stats->max_request_ns * i);
    }
}

static void
test_external_refs (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GPtrArray) refs = g_ptr_array_new_with_free_func (gc_object_unref);
  g_autoptr (GcStats) stats = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < 2000; i++)
      g_ptr_array_add (refs, gc_object_ref (gc_new (m, DemoNode)));
    for (guint i = 0; i < 500; i++)
      g_ptr_array_add (refs, gc_object_ref (refs->pdata[i]));
  }
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_external_refs, ==, 2000);
  g_assert_cmpuint (demo_count_live (arena), ==, 2000);
}

/* Each of the functions that work without a budget is a request; while nothing is collected, none is. */
static void
test_requests (void)
{
  static void (*const functions[]) (GcArena *arena) = {
    gc_arena_start_cycle, gc_arena_finish_marking, gc_arena_start_sweeping, gc_arena_finish_cycle, gc_arena_collect
  };
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcStats) after = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      g_autoptr (GcStats) stats = NULL;

      functions[i] (arena);
      stats = gc_arena_get_stats (arena);
      g_assert_cmpuint (stats->n_requests, ==, i + 1);
    }
  gc_arena_inhibit (arena);
  gc_arena_collect (arena);
  gc_arena_uninhibit (arena);
  gc_arena_step (arena, 1000);
  after = gc_arena_get_stats (arena);
  g_assert_cmpuint (after->n_requests, ==, G_N_ELEMENTS (functions));
}

/* Each slice is counted once, in its class and its phase. */
static void
test_histogram (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcStats) stats = NULL;
  guint64 n_steps = 0, sum = 0, longest;
  guint class;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, demo_chain_new (m, 20000));
  }
  for (guint i = 0; i < 3; i++)
    do
      n_steps++;
    while (!gc_arena_step_units (arena, 100));

  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_cycles, ==, 3);
  g_assert_cmpuint (stats->n_pauses, ==, n_steps);
  for (guint i = 0; i < GC_STATS_N_PAUSES; i++)
    sum += stats->pauses[i];
  g_assert_cmpuint (sum, ==, n_steps);
  g_assert_cmpuint (stats->pause_ns, >=, stats->max_pause_ns);
  g_assert_cmpuint (stats->pause_ns, <=, stats->max_pause_ns * n_steps);
  longest = MAX (MAX (stats->max_start_ns, stats->max_mark_ns), MAX (stats->max_remark_ns, stats->max_clear_ns));
  g_assert_cmpuint (stats->max_pause_ns, ==, MAX (longest, stats->max_sweep_ns));
  g_assert_cmpuint (stats->max_mark_ns, >, 0);

  /* The longest one is in the class that its length says, and none is above. */
  class = MIN (g_bit_storage (stats->max_pause_ns / 1000), GC_STATS_N_PAUSES - 1);
  g_assert_cmpuint (stats->pauses[stats->max_pause_ns < 1000 ? 0 : class], >, 0);
  for (guint i = class + 1; i < GC_STATS_N_PAUSES; i++)
    g_assert_cmpuint (stats->pauses[i], ==, 0);
}

static void
test_copy (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcStats) stats = NULL;
  g_autoptr (GcStats) copy = NULL;

  gc_arena_collect (arena);
  stats = gc_arena_get_stats (arena);
  copy = g_boxed_copy (GC_TYPE_STATS, stats);
  g_assert_true (copy != stats);
  g_assert_cmpmem (stats, sizeof *stats, copy, sizeof *copy);
}

static void
test_to_string (void)
{
  GcStats stats = {
    .n_cycles = 12, .live_objects = 345, .live_bytes = 3 << 20, .n_finalized = 67,
    .n_pauses = 3, .pause_ns = 900000, .max_pause_ns = 500000,
    .pauses = { 1, [9] = 2 },
    .n_requests = 2, .request_ns = 3000000, .max_request_ns = 2500000,
  };
  g_autofree char *text = gc_stats_to_string (&stats);

  g_assert_nonnull (strstr (text, "345\n"));
  g_assert_nonnull (strstr (text, "3.0"));
  g_assert_nonnull (strstr (text, "3 of 300.0 µs"));
  g_assert_nonnull (strstr (text, "500.0 µs"));
  g_assert_nonnull (strstr (text, "2, at most 2500.0 µs, 3.000 ms in all\n"));
  g_assert_nonnull (strstr (text, "below       1 µs  1\n"));
  g_assert_nonnull (strstr (text, "below     512 µs  2\n"));
}

/* The heap gives blocks back that stay empty, and forgets the dead. */
static void
test_heap_shrinks (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcStats) full = NULL;
  g_autoptr (GcStats) empty = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, demo_chain_new (m, 200000));
  }
  gc_arena_collect (arena);
  full = gc_arena_get_stats (arena);
  g_assert_cmpuint (full->heap_bytes, >=, 200000 * sizeof (DemoNode));
  gc_arena_set_root (arena, NULL);
  for (guint i = 0; i < 12; i++)
    gc_arena_collect (arena);
  empty = gc_arena_get_stats (arena);
  g_assert_cmpuint (empty->heap_bytes, <, full->heap_bytes / 100);
  g_assert_cmpuint (empty->peak_heap_bytes, ==, full->peak_heap_bytes);
  g_assert_cmpuint (empty->live_bytes, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/fresh", test_fresh);
  g_test_add_func ("/stats/allocated", test_allocated);
  g_test_add_func ("/stats/cycles", test_cycles);
  g_test_add_func ("/stats/external-refs", test_external_refs);
  g_test_add_func ("/stats/requests", test_requests);
  g_test_add_func ("/stats/histogram", test_histogram);
  g_test_add_func ("/stats/copy", test_copy);
  g_test_add_func ("/stats/to-string", test_to_string);
  g_test_add_func ("/stats/heap-shrinks", test_heap_shrinks);
  return g_test_run ();
}
