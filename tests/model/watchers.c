/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Guardians and death queues, in the model.
 *
 * What a guardian watches may live on when nothing leads to it, and comes back without its weak
 * references. When the collector finds that out the graph can't know; so it knows what a guardian
 * could keep (node->kept), and learns what it did by emptying its queue. */

#include "model.h"

static const char *const tags[] = { NULL, "one", "two" };

typedef struct
{
  guint32 id;                   /* watched */
  guint32 token;                /* of a death queue: an object; of a guardian: a tag's number */
  gboolean was_out;             /* a walk did not reach it */
} Watch;

typedef struct
{
  GArray  *watches;             /* of Watch; also those that are queued */
  gboolean was_out;             /* a walk did not reach the watcher itself */
} Watcher;

static Watcher *
watcher_of (Run     *run,
            guint32  id)
{
  return model_node_of (run, id)->extra;
}

static void
watched_edges (Run     *run,
               guint32  id,
               void   (*func) (Run *run, guint32 id))
{
  GArray *watches = watcher_of (run, id)->watches;

  for (guint i = 0; i < watches->len; i++)
    func (run, g_array_index (watches, Watch, i).id);
}

static void
token_edges (Run     *run,
             guint32  id,
             void   (*func) (Run *run, guint32 id))
{
  GArray *watches = watcher_of (run, id)->watches;

  for (guint i = 0; i < watches->len; i++)
    func (run, g_array_index (watches, Watch, i).token);
}

static void
follow_tokens (Run     *run,
               guint32  id)
{
  GArray *watches = watcher_of (run, id)->watches;

  for (guint i = 0; i < watches->len; i++)
    {
      guint32 token = g_array_index (watches, Watch, i).token;

      model_visit (run, token, model_node_of (run, token)->address);
    }
}

/* What it watches, the tokens, the queue. */
static guint
hidden (gpointer extra)
{
  return 3;
}

static void
free_watcher (gpointer extra)
{
  g_array_unref (((Watcher *) extra)->watches);
  g_free (extra);
}

static const KindOps guardian_ops = { NULL, NULL, watched_edges, hidden, free_watcher };
static const Kind guardian_kind = { "guardian", gc_guardian_get_type, KIND_OTHER, .ops = &guardian_ops };
static const KindOps death_queue_ops = { follow_tokens, NULL, token_edges, hidden, free_watcher };
static const Kind death_queue_kind = {
  "death queue", gc_death_queue_get_type, KIND_OTHER, .ops = &death_queue_ops
};

static gboolean
is_guardian (Run     *run,
             guint32  id)
{
  return model_node_of (run, id)->kind == &guardian_kind;
}

static void
note_kept (Run     *run,
           guint32  id)
{
  Node *node = model_node_of (run, id);

  if (node->kept == run->walk)
    return;
  node->kept = run->walk;
  if (node->seen != run->walk)
    node->may_be_lost = TRUE;
  g_array_append_val (run->kept, id);
}

/* After a walk: what guardians could bring back, with all that it leads to. More may be noted
 * than the collector does: it tells what is dead, this just what may be. */
void
model_note_watched (Run *run)
{
  g_array_set_size (run->kept, 0);
  for (guint i = 0; i < run->watchers->len; i++)
    {
      guint32 id = g_array_index (run->watchers, guint32, i);
      Watcher *watcher = watcher_of (run, id);

      if (model_node_of (run, id)->seen != run->walk)
        watcher->was_out = TRUE;
      /* One that nothing leads to may yet be found by a weak reference. */
      if (is_guardian (run, id) && !model_node_of (run, id)->is_gone)
        watched_edges (run, id, note_kept);
      for (guint k = 0; k < watcher->watches->len; k++)
        {
          Watch *watch = &g_array_index (watcher->watches, Watch, k);

          watch->was_out |= model_node_of (run, watch->id)->seen != run->walk;
        }
    }
  for (guint i = 0; i < run->kept->len; i++)
    {
      guint32 id = g_array_index (run->kept, guint32, i);
      const Node node = *model_node_of (run, id);

      for (guint k = 0; k < node.n_slots; k++)
        {
          Word word = *model_word (run, &node, k);

          if (word != 0 && !(word & WORD_TAGGED))
            note_kept (run, word);
        }
      if (node.kind->ops != NULL)
        node.kind->ops->edges (run, id, note_kept);
      if (i + 1 == run->kept->len)
        model_note_ephemerons (run, note_kept);
    }
}

/* The object is alive again, until the next safe point. */
static gboolean
pop_guardian (Run     *run,
              guint32  id)
{
  GArray *watches = watcher_of (run, id)->watches;
  const char *tag;
  gpointer real = gc_guardian_pop (model_node_of (run, id)->address, &tag);
  guint32 target;

  if (real == NULL)
    return FALSE;
  target = model_id_of (run, real);
  for (guint i = 0; i < watches->len; i++)
    {
      Watch watch = g_array_index (watches, Watch, i);

      if (watch.id != target || g_strcmp0 (tags[watch.token], tag) != 0)
        continue;
      if (!watch.was_out)
        model_fail (run, "guardian %u delivers object %u (%s), which is alive", id, target,
                    model_node_of (run, target)->kind->name);
      g_array_remove_index_fast (watches, i);
      model_sight (run, id, target, real);
      if (model_node_of (run, target)->seen != run->walk)
        model_reach_from (run, target, real);
      run->figures.delivered++;
      return TRUE;
    }
  model_fail (run, "guardian %u delivers object %u, which it does not watch with the tag %s", id, target, tag);
}

static gboolean
pop_death_queue (Run     *run,
                 guint32  id)
{
  GArray *watches = watcher_of (run, id)->watches;
  gpointer real = gc_death_queue_pop (model_node_of (run, id)->address);
  guint32 token;

  if (real == NULL)
    return FALSE;
  token = model_id_of (run, real);
  for (guint i = 0; i < watches->len; i++)
    {
      Watch watch = g_array_index (watches, Watch, i);

      if (watch.token != token)
        continue;
      if (model_node_of (run, watch.id)->seen == run->walk)
        model_fail (run, "death queue %u says that object %u is dead", id, watch.id);
      model_node_of (run, watch.id)->is_gone = TRUE;
      g_array_remove_index_fast (watches, i);
      return TRUE;
    }
  model_fail (run, "death queue %u gives object %u, which is no token", id, token);
}

static gboolean
pop_one (Run     *run,
         guint32  id)
{
  return is_guardian (run, id) ? pop_guardian (run, id) : pop_death_queue (run, id);
}

/* Takes all that is queued in what was reached. Whether that was anything. */
gboolean
model_empty_queues (Run *run)
{
  gboolean any = FALSE;

  for (guint i = 0; i < run->watchers->len; i++)
    {
      guint32 id = g_array_index (run->watchers, guint32, i);

      while (model_node_of (run, id)->seen == run->walk && pop_one (run, id))
        any = TRUE;
    }
  return any;
}

/* After a full collection: nobody watches what is dead. */
void
model_check_queues (Run *run)
{
  for (guint i = 0; i < run->watchers->len; i++)
    {
      guint32 id = g_array_index (run->watchers, guint32, i);
      Watcher *watcher = watcher_of (run, id);
      gpointer real = model_node_of (run, id)->address;
      gsize n_watched;

      if (model_node_of (run, id)->seen != run->walk)
        continue;
      n_watched = is_guardian (run, id) ? gc_guardian_get_n_watched (real) : gc_death_queue_get_n_watched (real);
      for (guint k = watcher->watches->len; k-- > 0; )
        {
          const Watch *watch = &g_array_index (watcher->watches, Watch, k);

          if (model_node_of (run, watch->id)->seen == run->walk)
            continue;
          /* When the watcher itself was dead for a while nobody is told. */
          if (!watcher->was_out)
            model_fail (run, "watcher %u did not tell that object %u (%s) died", id, watch->id,
                        model_node_of (run, watch->id)->kind->name);
          g_array_remove_index_fast (watcher->watches, k);
        }
      if (n_watched != watcher->watches->len)
        model_fail (run, "watcher %u watches %" G_GSIZE_FORMAT " objects instead of %u", id, n_watched,
                    watcher->watches->len);
    }
}

/* They have a finalizer of their own. */
guint
model_count_dead_guardians (Run *run)
{
  guint n = 0;

  for (guint i = 0; i < run->watchers->len; i++)
    {
      guint32 id = g_array_index (run->watchers, guint32, i);

      n += is_guardian (run, id) && model_node_of (run, id)->seen != run->walk;
    }
  return n;
}

static guint32
any_watched (Run *run)
{
  for (guint i = 0; i < 6; i++)
    {
      guint32 id = model_any (run);

      if (id != 0 && !(model_node_of (run, id)->kind->flags & KIND_OTHER))
        return id;
    }
  return 0;
}

static void
make_watcher (Run        *run,
              GcMutation *m,
              gboolean    guardian)
{
  gpointer real = guardian ? (gpointer) gc_guardian_new (m) : gc_death_queue_new (m);
  guint32 id = model_add_node (run, guardian ? &guardian_kind : &death_queue_kind, real, 0);
  Watcher *watcher = g_new0 (Watcher, 1);

  watcher->watches = g_array_new (FALSE, TRUE, sizeof (Watch));
  model_node_of (run, id)->extra = watcher;
  g_array_append_val (run->watchers, id);
  run->n_containers++;
  model_keep (run, m, id);
}

static void
watch (Run        *run,
       GcMutation *m,
       guint32     id)
{
  Watch one = { any_watched (run), 0, FALSE };

  if (one.id == 0)
    return;
  if (is_guardian (run, id))
    {
      one.token = model_pick (run, G_N_ELEMENTS (tags));
      gc_guardian_watch (model_node_of (run, id)->address, model_real (run, one.id), tags[one.token]);
    }
  else
    {
      one.token = model_make (run, m, model_kind_of (model_object_get_type), 0);
      gc_death_queue_watch (model_node_of (run, id)->address, model_real (run, one.id),
                            model_real (run, one.token));
    }
  g_array_append_val (watcher_of (run, id)->watches, one);
}

/* Makes a guardian or a death queue, or does something with one. A death queue's tokens can't be
 * found again where objects move: it has none to show but of the dead. */
void
model_operate_watchers (Run        *run,
                        GcMutation *m)
{
  gboolean guardian = run->is_moving || !model_chance (run, 3);
  guint32 id = model_any_of (run, guardian ? &guardian_kind : &death_queue_kind);
  guint what = model_pick (run, 20);

  if (id == 0 || what == 0)
    make_watcher (run, m, guardian);
  else if (what < 14)
    watch (run, m, id);
  else if (pop_one (run, id) && guardian && model_chance (run, 2))
    model_keep (run, m, g_array_index (run->reach, guint32, run->reach->len - 1));
}
