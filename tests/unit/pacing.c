/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When the collector works and how much. All arenas here are exact: a zeal mode
 * would collect at other times. */

#include "gcobj/gc-arena-private.h"
#include "counted-clock.h"
#include "demo.h"

static void
test_defaults (void)
{
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  g_autoptr (GcPacing) copy = g_boxed_copy (GC_TYPE_PACING, pacing);
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcPacing) of_arena = gc_arena_get_pacing (arena);

  g_assert_cmpuint (pacing->min_sleep, ==, 8 << 20);
  g_assert_cmpfloat (pacing->sleep_factor, ==, 1.0);
  g_assert_cmpfloat (pacing->mark_factor, ==, 0.01);
  g_assert_cmpfloat (pacing->trace_factor, ==, 0.04);
  g_assert_cmpfloat (pacing->keep_factor, ==, 0.01);
  g_assert_cmpfloat (pacing->free_factor, ==, 0.02);
  g_assert_cmpfloat (pacing->drop_factor, ==, 0.2);
  g_assert_cmpmem (pacing, sizeof *pacing, copy, sizeof *copy);
  g_assert_cmpmem (pacing, sizeof *pacing, of_arena, sizeof *of_arena);

  of_arena->sleep_factor = 3.5;
  gc_arena_set_pacing (arena, of_arena);
  gc_pacing_free (copy);
  copy = gc_arena_get_pacing (arena);
  g_assert_cmpfloat (copy->sleep_factor, ==, 3.5);
}

static void
set_sleep (GcArena *arena,
           gsize    min_sleep,
           double   sleep_factor)
{
  g_autoptr (GcPacing) pacing = gc_pacing_new ();

  pacing->min_sleep = min_sleep;
  pacing->sleep_factor = sleep_factor;
  gc_arena_set_pacing (arena, pacing);
}

/* Allocates in scopes of their own until a cycle begins; how many nodes that took. */
static guint
nodes_until_cycle (GcArena *arena)
{
  guint n = 0;

  while (gc_arena_get_phase (arena) == GC_PHASE_IDLE)
    {
      g_autoptr (GcStats) stats = gc_arena_get_stats (arena);
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      /* A slice may do all of a small cycle at once. */
      if (n > 0 && stats->n_pauses > 0)
        break;
      gc_new (m, DemoNode);
      g_assert_cmpuint (n++, <, 10000000);
    }
  return n;
}

static guint64
n_pauses (GcArena *arena)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

  return stats->n_pauses;
}

/* Nothing is done before so many bytes are allocated; the first safe point after works. */
static void
test_min_sleep (void)
{
  enum { N = 1000 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  set_sleep (arena, N * sizeof (DemoNode), 1.0);
  for (guint i = 0; i < N - 1; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      gc_new (m, DemoNode);
    }
  g_assert_cmpuint (n_pauses (arena), ==, 0);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
  g_assert_cmpuint (gc_arena_get_debt (arena), ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_new (m, DemoNode);
    g_assert_cmpuint (n_pauses (arena), ==, 0);
    g_assert_cmpuint (gc_arena_get_debt (arena), ==, 0);
  }
  g_assert_cmpuint (n_pauses (arena), ==, 1);
}

/* Each byte beyond is a byte of debt, until it is paid. */
static void
test_debt (void)
{
  enum { N = 1000 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  set_sleep (arena, N * sizeof (DemoNode), 1.0);
  for (guint i = 0; i < N + 10; i++)
    {
      g_assert_cmpuint (gc_arena_get_debt (arena), ==, i > N ? (i - N) * sizeof (DemoNode) : 0);
      gc_new (m, DemoNode);
    }
  gc_object_try_new (m, demo_blob_get_type (), 100000 - 16, NULL);
  g_assert_cmpuint (gc_arena_get_debt (arena), ==, 10 * sizeof (DemoNode) + 100000);
}

/* The next sleep is as long as what was alive says. */
static void
test_sleep_factor (void)
{
  enum { LIVE = 20000 };
  static const double factors[] = { 0.25, 1.0, 2.0, 3.5 };

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      g_autoptr (GcArena) arena = demo_exact_arena_new ();

      /* What minor collections reclaim does not count. */
      arena->heap.nursery = G_MAXSSIZE;
      set_sleep (arena, 4096, factors[i]);
      gc_arena_inhibit (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        gc_arena_set_root (arena, demo_chain_new (m, LIVE));
      }
      gc_arena_uninhibit (arena);
      gc_arena_collect (arena);
      /* The safe point at which it has just been reached works, and is seen by the next. */
      g_assert_cmpuint (nodes_until_cycle (arena), ==, (guint) (LIVE * factors[i]));
    }
}

/* A change takes effect at once, counted from the last cycle's end. */
static void
test_change (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  demo_sleep_for_ever (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < 100000; i++)
      gc_new (m, DemoNode);
  }
  g_assert_cmpuint (n_pauses (arena), ==, 0);
  g_assert_cmpuint (gc_arena_get_debt (arena), ==, 0);
  set_sleep (arena, 1000 * sizeof (DemoNode), 1.0);
  g_assert_cmpuint (gc_arena_get_debt (arena), ==, 99000 * sizeof (DemoNode));
  gc_mutation_unref (gc_arena_begin (arena));
  g_assert_cmpuint (n_pauses (arena), ==, 1);
}

/* Work pays debt: marking by what is marked and what of it has slots. */
static void
test_work_pays (void)
{
  enum { LIVE = 10000 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  gsize before, after;

  pacing->min_sleep = 4096;
  pacing->sleep_factor = 0;
  pacing->mark_factor = 0.125;
  pacing->trace_factor = 0.25;
  gc_arena_set_pacing (arena, pacing);
  gc_arena_inhibit (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, demo_chain_new (m, LIVE));
  }
  gc_arena_uninhibit (arena);
  before = gc_arena_get_debt (arena);
  g_assert_cmpuint (before, ==, LIVE * sizeof (DemoNode) - 4096);

  while (gc_arena_get_phase (arena) <= GC_PHASE_MARKING)
    {
      after = gc_arena_get_debt (arena);
      g_assert_cmpuint (after, <=, before);
      before = after;
      gc_arena_step_units (arena, 100);
    }
  /* All that is marked is traced too: these nodes have slots. */
  g_assert_cmpuint (before, <=, LIVE * sizeof (DemoNode) / 8 * 5 - 4096 + 4096);
  g_assert_cmpuint (before, >=, LIVE * sizeof (DemoNode) / 8 * 5 - 4096 - 4096);
}

/* Pacing that gives no credit for work still gets to the end of each cycle. */
static void
test_no_credit (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GcPacing pacing = { .min_sleep = 64 << 10, .sleep_factor = 1.0 };
  g_autoptr (GcStats) stats = NULL;

  gc_arena_set_pacing (arena, &pacing);
  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      gc_arena_set_root (arena, demo_chain_new (m, 100));
    }
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_cycles, >, 3);
  g_assert_cmpuint (stats->peak_heap_bytes, <, 6 << 20);
  demo_check (arena);
}

static GcStats *
churn (guint per_scope)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint n = 0;

  set_sleep (arena, 1 << 20, 1.0);
  while (n < 600000)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      for (guint k = 0; k < per_scope; k++, n++)
        {
          DemoNode *node = gc_new (m, DemoNode);

          /* Short chains live for a while. */
          if (n % 2000 != 0)
            gc_set (node, left, gc_arena_get_root (arena));
          gc_arena_set_root (arena, node);
        }
    }
  return gc_arena_get_stats (arena);
}

/* Churn does not let the heap grow, with few safe points or many. */
static void
test_bounded (void)
{
  static const guint per_scope[] = { 1, 20, 500, 20000 };

  counted_ns = 1;
  for (guint i = 0; i < G_N_ELEMENTS (per_scope); i++)
    {
      g_autoptr (GcStats) stats = churn (per_scope[i]);

      g_test_message ("%u in each scope: %" G_GUINT64_FORMAT " cycles, %" G_GUINT64_FORMAT " bytes at most", per_scope[i],
                      stats->n_cycles, stats->peak_heap_bytes);
      g_assert_cmpuint (stats->allocated_bytes, >=, 600000 * sizeof (DemoNode));
      g_assert_cmpuint (stats->n_cycles, >, 5);
      g_assert_cmpuint (stats->peak_heap_bytes, <, 5 << 20);
    }
  counted_ns = 0;
}

/* Scanning a large array pays in advance. When that is used up, a program with many safe points is
 * not behind, and its slices are as short as any. */
static void
test_advance (void)
{
  const guint n = 200000;
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcStats) before = NULL;
  g_autoptr (GcStats) stats = NULL;
  guint n_long = 0;

  counted_ns = 1;
  set_sleep (arena, 4 << 20, 1.0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *array = gc_array_new (m);

    gc_arena_set_root (arena, array);
    gc_array_set_length (array, 4 * n, NULL);
    for (guint i = 0; i < n; i++)
      gc_array_set (array, i, gc_new (m, DemoNode));
  }
  gc_arena_collect (arena);
  before = gc_arena_get_stats (arena);

  for (guint i = 0; i < 8 * n; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      gc_array_set (gc_arena_get_root (arena), i % n, gc_new (m, DemoNode));
    }
  stats = gc_arena_get_stats (arena);
  for (guint i = 9; i < GC_STATS_N_PAUSES; i++)
    n_long += stats->pauses[i] - before->pauses[i];
  counted_ns = 0;
  g_test_message ("%" G_GUINT64_FORMAT " slices, %u of 256 us and more", stats->n_pauses, n_long);
  g_assert_cmpuint (stats->n_pauses, >, 10);
  g_assert_cmpuint (n_long, ==, 0);
}

/* Debt stays owed while collection is inhibited, and is paid later. */
static void
test_inhibited (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  set_sleep (arena, 64 << 10, 1.0);
  gc_arena_inhibit (arena);
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      demo_scribble (m, 100);
    }
  g_assert_cmpuint (n_pauses (arena), ==, 0);
  g_assert_cmpuint (gc_arena_get_debt (arena), ==, 10000 * sizeof (DemoNode) - (64 << 10));
  gc_arena_uninhibit (arena);
  gc_mutation_unref (gc_arena_begin (arena));
  g_assert_cmpuint (n_pauses (arena), ==, 1);
}

/* What is overdue makes slices longer; but one array is not, however large, nor many that go again. */
static void
test_lateness (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcStats) stats = NULL;

  gc_arena_inhibit (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_array_new_sized (m, (800 << 20) / sizeof (gpointer), NULL);
    g_assert_cmpuint (gc_heap_get_debt (&arena->heap), >, 790 << 20);
    g_assert_cmpuint (gc_heap_get_lateness (&arena->heap), ==, 0);
    for (guint i = 0; i < 20; i++)
      gc_array_new_sized (m, (8 << 20) / sizeof (gpointer), NULL);
    g_assert_cmpuint (gc_heap_get_lateness (&arena->heap), >, 8);
    for (guint i = 0; i < 100 << 20; i += sizeof (DemoNode))
      gc_new (m, DemoNode);
    g_assert_cmpuint (gc_heap_get_lateness (&arena->heap), >, 100);
  }
  gc_arena_uninhibit (arena);
  gc_arena_collect (arena);
  g_assert_cmpuint (gc_heap_get_lateness (&arena->heap), ==, 0);

  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      gc_array_new_sized (m, (1 << 20) / sizeof (gpointer), NULL);
    }
  stats = gc_arena_get_stats (arena);
  if (!demo_is_slow ())
    g_assert_cmpuint (stats->heap_bytes, <, 128 << 20);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pacing/defaults", test_defaults);
  g_test_add_func ("/pacing/min-sleep", test_min_sleep);
  g_test_add_func ("/pacing/debt", test_debt);
  g_test_add_func ("/pacing/sleep-factor", test_sleep_factor);
  g_test_add_func ("/pacing/change", test_change);
  g_test_add_func ("/pacing/work-pays", test_work_pays);
  g_test_add_func ("/pacing/no-credit", test_no_credit);
  g_test_add_func ("/pacing/bounded", test_bounded);
  g_test_add_func ("/pacing/lateness", test_lateness);
  g_test_add_func ("/pacing/advance", test_advance);
  g_test_add_func ("/pacing/inhibited", test_inhibited);
  return g_test_run ();
}
