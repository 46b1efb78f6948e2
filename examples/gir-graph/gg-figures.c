/* Prints figures.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-figures.h"
#include "gg-report.h"

static char *
format_bytes (gsize bytes)
{
  return g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
}

/* Prints how much of what there is, by namespace. */
void
gg_figures_print_overview (GgGraph *graph)
{
  GgCensus all;

  gg_census_take (&all, graph);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (gc_object_get_arena (GC_OBJECT (graph)));
    g_autofree GgNamespace **namespaces = NULL;
    g_autofree GgCensus *own = NULL;
    g_autofree char *heap = format_bytes (all.total.bytes);
    g_autofree char *text = format_bytes (all.text);
    gsize n;

    namespaces = gg_graph_list_namespaces (graph, &n);
    own = g_new (GgCensus, n);
    g_print ("  %-16s", "");
    for (gsize i = 0; i < n; i++)
      {
        g_autofree char *name = gg_node_get_name (GG_NODE (namespaces[i]));

        gg_census_count (&own[i], namespaces[i]);
        g_print ("%10s", name);
      }
    g_print ("%10s\n", "in all");
    for (guint row = GG_KIND_CLASS; row <= GG_ROW_REFERENCES; row++)
      {
        if (row == GG_KIND_BASIC || all.rows[row].objects == 0)
          continue;
        g_print ("  %-16s", gg_census_get_label (row));
        for (gsize i = 0; i < n; i++)
          g_print ("%10" G_GSIZE_FORMAT, own[i].rows[row].objects);
        g_print ("%10" G_GSIZE_FORMAT "\n", all.rows[row].objects);
      }
    g_print ("\n  %" G_GSIZE_FORMAT " objects in %s of heap, and %s of documentation outside of it.\n"
             "  %" G_GSIZE_FORMAT " references lead to a type, %" G_GSIZE_FORMAT " dangle; "
             "%" G_GSIZE_FORMAT " weak links lead back.\n",
             all.total.objects, heap, text, all.links, all.dangling, all.back_links);
  }
}

static void
print_row (const char    *label,
           const GgCount *before,
           const GgCount *after)
{
  if (before->objects == 0 && after->objects == 0)
    return;
  g_print ("  %-16s%10" G_GSIZE_FORMAT "%10" G_GSIZE_FORMAT "%11" G_GSIZE_FORMAT "%9.1f KiB\n", label,
           before->objects, after->objects, before->objects - after->objects,
           ((gssize) before->bytes - (gssize) after->bytes) / 1024.0);
}

/* Prints what a drop reclaimed. */
void
gg_figures_print_drop (const GgCensus *before,
                       const GgCensus *after)
{
  g_autofree char *text = format_bytes (before->text - after->text);

  g_print ("  %-16s%10s%10s%11s%9s\n", "", "before", "after", "reclaimed", "");
  for (guint row = 0; row < GG_N_ROWS; row++)
    print_row (gg_census_get_label (row), &before->rows[row], &after->rows[row]);
  print_row ("in all", &before->total, &after->total);
  g_print ("\n  %s of documentation outside of the heap was freed by finalizers.\n", text);
  g_print ("  %" G_GSIZE_FORMAT " weak links to what died were cleared.\n",
           before->back_links - after->back_links);
}

/* Prints what the arena did. */
void
gg_figures_print_stats (GcArena         *arena,
                        const GgReading *reading)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);
  g_autofree char *live = format_bytes (stats->live_bytes);
  g_autofree char *heap = format_bytes (stats->heap_bytes);
  g_autofree char *peak = format_bytes (stats->peak_heap_bytes);
  g_autofree char *allocated = format_bytes (stats->allocated_bytes);
  g_autofree char *external = format_bytes (stats->external_bytes);
  double seconds = reading->read_us / 1e6;

  if (reading->bytes > 0)
    gg_report_row ("reading", "%.1f MiB of XML in %.0f ms: %.1f MiB/s", reading->bytes / 1048576.0,
                   seconds * 1e3, reading->bytes / 1048576.0 / seconds);
  gg_report_row ("live", "%" G_GUINT64_FORMAT " objects, %s, and %s outside of the heap",
                 stats->live_objects, live, external);
  gg_report_row ("heap", "%s from the system, %s at most; %s were allocated in all", heap, peak, allocated);
  gg_report_row ("cycles", "%" G_GUINT64_FORMAT "; %" G_GUINT64_FORMAT " objects were finalized",
                 stats->n_cycles, stats->n_finalized);
  if (stats->n_pauses > 0)
    gg_report_row ("pauses", "%" G_GUINT64_FORMAT ", of %.0f us on average, %.0f us at most, %.1f ms together",
                   stats->n_pauses, stats->pause_ns / 1e3 / stats->n_pauses,
                   stats->max_pause_ns / 1e3, stats->pause_ns / 1e6);
}
