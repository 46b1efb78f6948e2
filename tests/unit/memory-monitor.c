/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Warnings of the system that memory is short, here emitted by hand. */

#include <gio/gio.h>
#include "gcobj/gc-arena-private.h"
#include "demo.h"

static void
iterate (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    ;
}

static void
warn (GMemoryMonitorWarningLevel level)
{
  g_autoptr (GMemoryMonitor) monitor = g_memory_monitor_dup_default ();

  g_signal_emit_by_name (monitor, "low-memory-warning", level);
}

static void
make_garbage (GcArena *arena,
              guint   *n_finalized)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  for (guint i = 0; i < 20000; i++)
    gc_new (m, DemoNode);
  demo_watch_new (m, n_finalized);
}

static guint64
n_cycles (GcArena *arena)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

  return stats->n_cycles;
}

static void
test_level (gconstpointer data)
{
  GMemoryMonitorWarningLevel level = GPOINTER_TO_INT (data);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcStats) before = NULL, after = NULL;
  guint n_finalized = 0;
  guint64 cycles;

  gc_arena_attach (arena, context);
  iterate (context);
  make_garbage (arena, &n_finalized);
  iterate (context);
  g_assert_cmpuint (n_finalized, ==, 0);
  cycles = n_cycles (arena);
  before = gc_arena_get_stats (arena);

  /* Nothing inside of the handler. */
  warn (level);
  g_assert_cmpuint (n_cycles (arena), ==, cycles);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
  g_assert_cmpuint (n_finalized, ==, 0);

  iterate (context);
  g_assert_cmpuint (n_cycles (arena), ==, cycles + 1);
  g_assert_cmpuint (n_finalized, ==, 1);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
  after = gc_arena_get_stats (arena);
  if (level >= G_MEMORY_MONITOR_WARNING_LEVEL_CRITICAL)
    g_assert_cmpuint (after->heap_bytes + 500000, <, before->heap_bytes);
  else
    g_assert_cmpuint (after->heap_bytes, ==, before->heap_bytes);
  iterate (context);
  g_assert_cmpuint (n_cycles (arena), ==, cycles + 1);
}

/* The strongest of several warnings counts, and a scope or an inhibition has it wait. */
static void
test_waits (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  gc_arena_attach (arena, context);
  make_garbage (arena, &n_finalized);
  warn (G_MEMORY_MONITOR_WARNING_LEVEL_CRITICAL);
  warn (G_MEMORY_MONITOR_WARNING_LEVEL_LOW);
  g_assert_cmpint (arena->memory_warning, ==, G_MEMORY_MONITOR_WARNING_LEVEL_CRITICAL);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    iterate (context);
    g_assert_cmpuint (n_finalized, ==, 0);
  }
  gc_arena_inhibit (arena);
  iterate (context);
  g_assert_cmpuint (n_finalized, ==, 0);
  gc_arena_uninhibit (arena);
  iterate (context);
  g_assert_cmpuint (n_finalized, ==, 1);
  g_assert_cmpint (arena->memory_warning, ==, 0);
}

static void
test_detached (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  GcArena *arena = gc_arena_new ();

  gc_arena_attach (arena, context);
  gc_arena_attach (arena, NULL);
  gc_arena_detach (arena);
  warn (G_MEMORY_MONITOR_WARNING_LEVEL_CRITICAL);
  g_assert_cmpint (arena->memory_warning, ==, 0);
  gc_arena_attach (arena, context);
  g_object_unref (arena);
  warn (G_MEMORY_MONITOR_WARNING_LEVEL_CRITICAL);
  iterate (context);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/memory-monitor/low", GINT_TO_POINTER (G_MEMORY_MONITOR_WARNING_LEVEL_LOW), test_level);
  g_test_add_data_func ("/memory-monitor/medium", GINT_TO_POINTER (G_MEMORY_MONITOR_WARNING_LEVEL_MEDIUM),
                        test_level);
  g_test_add_data_func ("/memory-monitor/critical", GINT_TO_POINTER (G_MEMORY_MONITOR_WARNING_LEVEL_CRITICAL),
                        test_level);
  g_test_add_func ("/memory-monitor/waits", test_waits);
  g_test_add_func ("/memory-monitor/detached", test_detached);

  return g_test_run ();
}
