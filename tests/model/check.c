/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* After a full collection the arena and the graph are the same. */

#include "model.h"

static gsize
size_of (const Node *node)
{
  gsize size = node->kind->size + node->n_bytes;

  if (node->kind->flags & KIND_OTHER)
    return 16;
  if (node->kind->flags & KIND_TAIL)
    size += node->n_slots * sizeof (gpointer);
  return MAX ((size + 7) & ~(gsize) 7, 16);
}

/* Objects that are not reachable: their finalizers ran, once. */
static void
settle (Run *run)
{
  guint n = 0;

  for (guint i = 0; i < run->unsettled->len; i++)
    {
      guint32 id = g_array_index (run->unsettled, guint32, i);
      Node *node = model_node_of (run, id);

      if (node->seen == run->walk)
        {
          g_array_index (run->unsettled, guint32, n++) = id;
          continue;
        }
      node->is_gone = TRUE;
      if (node->kind->flags & KIND_FIN && node->n_finalized != !node->is_abandoned)
        model_fail (run, "object %u (%s) died and was finalized %u times", id, node->kind->name,
                    node->n_finalized);
    }
  g_array_set_size (run->unsettled, n);
}

static void
compare (Run        *run,
         const char *what,
         guint64     real,
         guint64     expected)
{
  if (real != expected)
    model_fail (run, "%s: %" G_GUINT64_FORMAT " instead of %" G_GUINT64_FORMAT, what, real, expected);
}

/* A table's key that is a string outlives the weak value by a cycle, and what that led to
 * may be another such value. */
static GcStats *
collect_all (Run *run)
{
  GcStats *stats = NULL;
  guint64 before;

  do
    {
      before = stats != NULL ? stats->live_objects : G_MAXUINT64;
      g_clear_pointer (&stats, gc_stats_free);
      gc_arena_collect (run->arena);
      stats = gc_arena_get_stats (run->arena);
    }
  while (run->n_containers > 0 && stats->live_objects != before);
  return stats;
}

/* What guardians have is alive: takes it from them until they have nothing more. */
static void
settle_watchers (Run *run)
{
  gboolean any;

  do
    {
      g_autoptr (GcMutation) m = NULL;

      gc_stats_free (collect_all (run));
      m = gc_arena_begin (run->arena);
      model_walk (run);
      any = model_empty_queues (run);
    }
  while (any);
}

void
model_check (Run *run)
{
  g_autoptr (GcStats) stats = NULL;
  g_autoptr (GError) error = NULL;
  guint64 bytes = 0, external_bytes = 0, hidden = 0, n_others = 0, twice;

  for (; run->n_inhibited > 0; run->n_inhibited--)
    gc_arena_uninhibit (run->arena);
  if (run->watchers->len > 0)
    settle_watchers (run);
  stats = collect_all (run);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (run->arena);

    run->is_thorough = TRUE;
    model_walk (run);
    run->is_thorough = FALSE;
    for (guint i = 0; i < run->reach->len; i++)
      {
        const Node *node = model_node_of (run, g_array_index (run->reach, guint32, i));

        bytes += size_of (node);
        if (node->kind->ops != NULL)
          hidden += node->kind->ops->hidden (node->extra);
        external_bytes += node->external_bytes;
      }
    settle (run);
    model_check_queues (run);
    model_check_peers (run);
    /* Several markers count what they meet at the same time twice. */
    twice = run->has_helpers ? 8 + run->reach->len / 8 : 0;
    hidden += twice;
    if (hidden == 0)
      compare (run, "live objects", stats->live_objects, run->reach->len);
    else if (stats->live_objects < run->reach->len || stats->live_objects > run->reach->len + hidden)
      model_fail (run, "live objects: %" G_GUINT64_FORMAT " instead of %u to %" G_GUINT64_FORMAT,
                  stats->live_objects, run->reach->len, run->reach->len + hidden);
    if (run->has_containers || twice > 0)
      g_assert_cmpuint (stats->live_bytes, >=, bytes);
    else
      compare (run, "live bytes", stats->live_bytes, bytes);
    compare (run, "external bytes", stats->external_bytes, external_bytes);
    compare (run, "externally referenced", stats->n_external_refs, run->externals->len);
    for (guint i = 0; i < run->root_sets->len; i++)
      n_others += model_node_of (run, g_array_index (run->root_sets, guint32, i))->seen != run->walk;
    n_others += model_count_dead_guardians (run);
    compare (run, "finalized", stats->n_finalized, run->figures.finalized + n_others);
    compare (run, "deferred notifies", run->n_notified, run->n_deferred);
  }

  if (!gc_arena_verify (run->arena, &error))
    model_fail (run, "%s", error->message);
  run->figures.checks++;
}
