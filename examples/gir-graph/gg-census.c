/* Counts what is in an arena, by kind: by walking through the graph, and against
 * what the collector found.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-census.h"
#include "gg-graph-private.h"
#include "gg-node-private.h"

typedef struct
{
  GgCensus   *census;
  GHashTable *names;            /* that were counted: nodes share them */
} Walk;

/* What a row is called. */
const char *
gg_census_get_label (guint row)
{
  static const char *const labels[] = { "references", "names", "documentation", "tables, arrays" };

  return row < GG_N_KINDS ? gg_kind_to_plural (row) : labels[row - GG_N_KINDS];
}

static void
count (Walk     *walk,
       guint     row,
       gpointer  object)
{
  walk->census->rows[row].objects++;
  walk->census->rows[row].bytes += gc_object_get_size (object);
}

static void
count_name (Walk     *walk,
            GcString *name)
{
  if (name != NULL && g_hash_table_add (walk->names, name))
    count (walk, GG_ROW_NAMES, name);
}

static void
count_node (Walk   *walk,
            GgNode *node)
{
  GgCensus *census = walk->census;

  count (walk, node->kind, node);
  count_name (walk, node->name);
  if (node->doc != NULL)
    {
      count (walk, GG_ROW_DOCS, node->doc);
      census->text += gc_object_get_external_bytes (GC_OBJECT (node->doc));
    }
  for (GgReference *reference = node->references; reference != NULL; reference = reference->next)
    {
      count (walk, GG_ROW_REFERENCES, reference);
      count_name (walk, reference->name);
      if (reference->target != NULL)
        census->links++;
      else
        census->dangling++;
    }
  if (gg_kind_is_type (node->kind) && GG_TYPE (node)->referrers != NULL)
    census->back_links += gc_table_get_size (GG_TYPE (node)->referrers);
  for (GgNode *member = node->first; member != NULL; member = member->next)
    count_node (walk, member);
}

/* Counts what belongs to @namespace alone. */
void
gg_census_count (GgCensus    *census,
                 GgNamespace *namespace)
{
  Walk walk = { census, g_hash_table_new (NULL, NULL) };

  *census = (GgCensus) { 0 };
  count_node (&walk, GG_NODE (namespace));
  count_name (&walk, namespace->version);
  g_hash_table_unref (walk.names);
}

/* Collects, and counts what is left. */
void
gg_census_take (GgCensus *census,
                GgGraph  *graph)
{
  GcArena *arena = gc_object_get_arena (GC_OBJECT (graph));
  Walk walk = { census, g_hash_table_new (NULL, NULL) };
  GgCount known = { 0, 0 };

  *census = (GgCensus) { 0 };
  gc_arena_collect (arena);

  {
    g_autoptr (GcMutation) m G_GNUC_UNUSED = gc_arena_begin (arena);
    g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

    census->total = (GgCount) { stats->live_objects, stats->live_bytes };
    for (GgNode *node = GG_NODE (graph->basic)->first; node != NULL; node = node->next)
      count_node (&walk, node);
    for (gsize i = 0; i < gc_array_get_length (graph->namespaces); i++)
      {
        GgNamespace *namespace = gc_array_get (graph->namespaces, i);

        count_node (&walk, GG_NODE (namespace));
        count_name (&walk, namespace->version);
      }
  }

  for (guint row = 0; row < GG_ROW_OTHER; row++)
    {
      known.objects += census->rows[row].objects;
      known.bytes += census->rows[row].bytes;
    }
  census->rows[GG_ROW_OTHER].objects = census->total.objects - known.objects;
  census->rows[GG_ROW_OTHER].bytes = census->total.bytes - known.bytes;
  g_hash_table_unref (walk.names);
}
