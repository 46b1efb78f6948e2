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
    g_autoptr (GcMutation) m G_GNUC_UNUSED = gc_arena_begin (gc_object_get_arena (GC_OBJECT (graph)));
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
  if (before->objects == after->objects)
    return;
  g_print ("  %-16s%10" G_GSIZE_FORMAT "%10" G_GSIZE_FORMAT "%11" G_GSIZE_FORMAT "%9.1f KiB\n", label,
           before->objects, after->objects, before->objects - after->objects,
           ((gssize) before->bytes - (gssize) after->bytes) / 1024.0);
}

/* Prints what a drop reclaimed. */
void
gg_figures_print_drop (const char     *name,
                       const GgCensus *before,
                       const GgCensus *own,
                       const GgCensus *after)
{
  /* Less those of the types that died themselves. */
  gsize n_cleared = before->back_links - own->back_links - after->back_links;
  g_autofree char *text = format_bytes (before->text - after->text);

  g_print ("  %-16s%10s%10s%11s%13s\n", "", "before", "after", "reclaimed", "memory");
  for (guint row = 0; row < GG_N_ROWS; row++)
    print_row (gg_census_get_label (row), &before->rows[row], &after->rows[row]);
  print_row ("in all", &before->total, &after->total);
  g_print ("\n  %s of documentation outside of the heap was freed by finalizers.\n", text);
  g_print ("  %" G_GSIZE_FORMAT " weak links back to %s, from types that it refers to, were cleared.\n",
           n_cleared, name);
}

static void
print_bytes (const char *label,
             gsize       bytes,
             const char *comment)
{
  g_autofree char *text = format_bytes (bytes);

  gg_report_row (label, "%s%s", text, comment);
}

/* Prints what the arena holds and did. */
void
gg_figures_print_stats (GcArena         *arena,
                        const GgReading *reading)
{
  double mib = reading->bytes / (double) (1 << 20);
  g_autoptr (GcStats) stats = NULL;

  gc_arena_collect (arena);     /* so that what is alive is known; counts as no pause */
  stats = gc_arena_get_stats (arena);

  gg_report_row ("objects", "%" G_GUINT64_FORMAT " alive, %" G_GUINT64_FORMAT " were finalized",
                 stats->live_objects, stats->n_finalized);
  print_bytes ("their bytes", stats->live_bytes, "");
  print_bytes ("outside", stats->external_bytes, ", which they own");
  print_bytes ("allocated", stats->allocated_bytes, " in all");
  print_bytes ("heap", stats->heap_bytes, " from the system");
  print_bytes ("heap, peak", stats->peak_heap_bytes, "");
  gg_report_row ("cycles", "%" G_GUINT64_FORMAT, stats->n_cycles);
  if (stats->n_pauses > 0)
    gg_report_row ("pauses", "%" G_GUINT64_FORMAT " of %.3f ms on average, %.3f ms at most, %.1f ms in all",
                   stats->n_pauses, stats->pause_ns / 1e6 / stats->n_pauses,
                   stats->max_pause_ns / 1e6, stats->pause_ns / 1e6);
  gg_report_row ("reading", "%.1f MiB of XML in %.0f ms, %.0f MiB/s", mib, reading->read_us / 1e3,
                 mib / (MAX (reading->read_us, 1) / 1e6));
  gg_report_row ("wall clock", "%.0f ms", (g_get_monotonic_time () - reading->begin_us) / 1e3);
}
