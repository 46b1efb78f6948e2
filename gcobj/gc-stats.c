/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-stats.h"

/**
 * SECTION:gc-stats
 * @Title: GcStats
 * @Short_description: What an arena did and holds
 *
 * |[<!-- language="C" -->
 * g_autoptr (GcStats) stats = gc_arena_get_stats (arena);
 * g_autofree char *text = gc_stats_to_string (stats);
 *
 * g_print ("%s", text);
 * ]|
 */

G_DEFINE_BOXED_TYPE (GcStats, gc_stats, gc_stats_copy, gc_stats_free)

/**
 * gc_stats_copy:
 * @stats: figures
 *
 * Copies figures.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
GcStats *
gc_stats_copy (const GcStats *stats)
{
  g_return_val_if_fail (stats != NULL, NULL);

  return g_memdup2 (stats, sizeof *stats);
}

/**
 * gc_stats_free: (skip)
 * @stats: (transfer full): figures
 *
 * Frees figures.
 *
 * Since: 0.1
 */
void
gc_stats_free (GcStats *stats)
{
  g_free (stats);
}

static void
append_size (GString    *text,
             const char *name,
             guint64     bytes)
{
  g_autofree char *size = g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);

  g_string_append_printf (text, "%-18s %s\n", name, size);
}

/**
 * gc_stats_to_string:
 * @stats: figures
 *
 * Gives the figures as lines of text, with the histogram of pauses.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
gc_stats_to_string (const GcStats *stats)
{
  GString *text;

  g_return_val_if_fail (stats != NULL, NULL);

  text = g_string_new (NULL);
  g_string_append_printf (text, "%-18s %" G_GUINT64_FORMAT "\n", "live objects", stats->live_objects);
  append_size (text, "live", stats->live_bytes);
  append_size (text, "allocated in all", stats->allocated_bytes);
  append_size (text, "heap", stats->heap_bytes);
  append_size (text, "heap, peak", stats->peak_heap_bytes);
  append_size (text, "external", stats->external_bytes);
  append_size (text, "debt", stats->debt_bytes);
  g_string_append_printf (text, "%-18s %" G_GUINT64_FORMAT "\n", "cycles", stats->n_cycles);
  g_string_append_printf (text, "%-18s %" G_GUINT64_FORMAT "\n", "minor cycles", stats->n_minor_cycles);
  g_string_append_printf (text, "%-18s %" G_GUINT64_FORMAT "\n", "finalized", stats->n_finalized);
  g_string_append_printf (text, "%-18s %" G_GUINT64_FORMAT " of %.1f µs, %.3f ms in all\n", "pauses",
                          stats->n_pauses,
                          stats->n_pauses > 0 ? stats->pause_ns / 1e3 / stats->n_pauses : 0.0,
                          stats->pause_ns / 1e6);
  g_string_append_printf (text, "%-18s %.1f µs (start %.1f, mark %.1f, remark %.1f, clear %.1f, sweep %.1f)\n",
                          "longest pause", stats->max_pause_ns / 1e3, stats->max_start_ns / 1e3,
                          stats->max_mark_ns / 1e3, stats->max_remark_ns / 1e3,
                          stats->max_clear_ns / 1e3, stats->max_sweep_ns / 1e3);
  if (stats->n_requests > 0)
    g_string_append_printf (text, "%-18s %" G_GUINT64_FORMAT ", at most %.1f µs, %.3f ms in all\n", "asked for",
                            stats->n_requests, stats->max_request_ns / 1e3, stats->request_ns / 1e6);
  for (guint i = 0; i < GC_STATS_N_PAUSES; i++)
    if (stats->pauses[i] > 0)
      g_string_append_printf (text, "  below %7u µs  %" G_GUINT64_FORMAT "\n", 1u << i, stats->pauses[i]);
  return g_string_free (text, FALSE);
}
