/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a program does inside a scope: each operation on the arena's objects, and
 * the same on the graph. */

#include "model.h"

/* An object that may be used and has slots (or weak ones), or 0. */
static guint32
any_owner (Run      *run,
           gboolean  weak)
{
  for (guint i = 0; i < 8; i++)
    {
      guint32 id = model_any (run);
      const Node *node = model_node_of (run, id);

      if (id != 0 && (weak ? node->n_weak : node->n_slots) > 0)
        return id;
    }
  return 0;
}

void
model_store_word (Run     *run,
                  guint32  owner,
                  guint    i,
                  Word     word)
{
  const Node *node = model_node_of (run, owner);
  gpointer value = model_real (run, word);

  if (model_chance (run, 8))
    gc_object_set_slot (node->address, model_slot (node->kind, node->address, i), value);
  else
    model_store (node->kind, node->address, i, value);
  *model_word (run, node, i) = word;
}

void
model_store_weak (Run     *run,
                  guint32  owner,
                  guint    i,
                  guint32  id)
{
  const Node *node = model_node_of (run, owner);

  gc_object_set_weak_slot (node->address, model_weak_slot (node->kind, node->address, i),
                           model_real (run, id));
  *model_word (run, node, node->n_slots + i) = id;
}

/* A slot's number; often the last, where mistakes are, or a free one while the graph
 * should grow. */
guint
model_any_slot (Run        *run,
                const Node *node)
{
  guint i = model_chance (run, 4) ? node->n_slots - 1 : model_pick (run, node->n_slots);

  for (guint k = 0; k < 3 && run->n_walked < run->target && *model_word (run, node, i) != 0; k++)
    i = model_pick (run, node->n_slots);
  return i;
}

void
model_root_local (Run     *run,
                  guint32  id)
{
  if (run->rooted->len > 0)
    {
      Rooted *rooted = &g_array_index (run->rooted, Rooted, model_pick (run, run->rooted->len));

      *rooted->variable = model_real (run, id);
      rooted->id = id;
    }
}

void
model_store_somewhere (Run     *run,
                       guint32  id)
{
  guint32 owner = any_owner (run, FALSE);

  if (owner != 0)
    model_store_word (run, owner, model_any_slot (run, model_node_of (run, owner)), id);
  else
    model_root_local (run, id);
}

void
model_take_ref (Run     *run,
                guint32  id)
{
  Node *node = model_node_of (run, id);

  if (node->n_refs == 1000)
    return;
  gc_object_ref (node->address);
  if (node->n_refs++ == 0)
    g_array_append_val (run->externals, id);
}

Word
model_any_word (Run *run)
{
  guint how = model_pick (run, run->n_walked > run->target ? 12 : 20);

  if (how < 3)
    return 0;
  if (how == 3)
    return WORD_TAGGED | model_pick (run, 1u << 30);
  return model_any (run);
}

static void
set_slot (Run *run)
{
  guint32 owner = any_owner (run, FALSE);

  if (owner != 0)
    model_store_word (run, owner, model_any_slot (run, model_node_of (run, owner)), model_any_word (run));
}

/* Moves a reference from one object to another: what a marker that misses a store never sees. */
static void
move_reference (Run *run)
{
  guint32 from = any_owner (run, FALSE);
  guint32 to = any_owner (run, FALSE);
  guint i;
  Word word;

  if (from == 0 || to == 0)
    return;
  i = model_any_slot (run, model_node_of (run, from));
  word = *model_word (run, model_node_of (run, from), i);
  if (word == 0)
    return;
  model_store_word (run, to, model_any_slot (run, model_node_of (run, to)), word);
  model_store_word (run, from, i, 0);
}

/* Stores into a stretch of slots. */
static void
fill (Run      *run,
      gboolean  clear)
{
  guint32 owner = any_owner (run, FALSE);
  const Node *node = model_node_of (run, owner);
  guint from, n;

  if (owner == 0)
    return;
  from = model_pick (run, node->n_slots);
  n = 1 + model_pick (run, 40);
  for (guint i = from; i < MIN (from + n, node->n_slots); i++)
    model_store_word (run, owner, i, clear ? 0 : model_any_word (run));
}

static void
set_weak (Run *run)
{
  guint32 owner = any_owner (run, TRUE);

  if (owner != 0 && !(model_node_of (run, owner)->kind->flags & KIND_WEAK_REF))
    model_store_weak (run, owner, model_pick (run, model_node_of (run, owner)->n_weak),
                model_chance (run, 8) ? 0 : model_any (run));
}

/* Has something strong refer to an object. */
void
model_keep (Run        *run,
            GcMutation *m,
            guint32     id)
{
  guint how = model_pick (run, 6);

  if (how == 0)
    model_root_local (run, id);
  else if (how == 1 && run->externals->len < 24)
    model_take_ref (run, id);
  else if (how < 4)
    {
      /* A new object: no barrier watches what comes into it. */
      guint32 holder = model_make (run, m, model_kind_of (model_tail_get_type), 1);

      model_store_word (run, holder, 0, id);
      model_store_somewhere (run, holder);
    }
  else
    model_store_somewhere (run, id);
}

/* Reads a weak slot and makes what it gives strong, also what nothing else leads to. */
static void
upgrade (Run        *run,
         GcMutation *m)
{
  guint32 owner = any_owner (run, TRUE);
  guint i = model_pick (run, MAX (model_node_of (run, owner)->n_weak, 1));
  guint n_ghosts = run->ghosts->len / 2;
  const Node *node;
  gpointer real;
  Word *word;
  Node *target;

  if (owner == 0)
    return;
  if (n_ghosts > 0 && model_chance (run, 2))
    {
      guint ghost = model_pick (run, n_ghosts);

      owner = g_array_index (run->ghosts, guint32, ghost * 2);
      i = g_array_index (run->ghosts, guint32, ghost * 2 + 1);
    }
  node = model_node_of (run, owner);
  word = model_word (run, node, node->n_slots + i);
  real = model_read_weak (node, i);
  target = model_node_of (run, *word);
  if (*word == 0)
    {
      if (real != NULL)
        model_fail (run, "weak slot %u of object %u holds %p instead of NULL", i, owner, real);
      return;
    }
  if (real == NULL)
    {
      if (target->seen == run->walk && !target->may_be_lost)
        model_fail (run, "weak slot %u of object %u does not find object %u, which is in use", i, owner, *word);
      model_lose (run, *word);
      *word = 0;
      return;
    }
  if (target->seen != run->walk)
    {
      model_reach_from (run, *word, real);
      run->figures.resurrected++;
    }
  model_keep (run, m, *word);
}

static void
set_root (Run *run)
{
  guint32 id = model_chance (run, 16) ? 0 : model_any (run);

  gc_arena_set_root (run->arena, model_real (run, id));
  run->root = id;
}

static void
take_reference (Run *run)
{
  guint32 id = model_any (run);

  if (id != 0 && run->externals->len < 24)
    model_take_ref (run, id);
}

/* From inside of a scope and from outside. */
void
model_drop_ref (Run *run)
{
  guint i;
  Node *node;

  if (run->externals->len == 0)
    return;
  i = model_pick (run, run->externals->len);
  node = model_node_of (run, g_array_index (run->externals, guint32, i));
  gc_object_unref (node->address);
  if (--node->n_refs == 0)
    g_array_remove_index_fast (run->externals, i);
}

static void
hash (Run *run)
{
  guint32 id = model_any (run);
  Node *node = model_node_of (run, id);
  guint hash;

  if (id == 0)
    return;
  hash = gc_object_hash (node->address);
  if (node->has_hash && node->hash != hash)
    model_fail (run, "the identity hash of object %u became %u from %u", id, hash, node->hash);
  node->hash = hash;
  node->has_hash = TRUE;
}

static void
add_external_bytes (Run *run)
{
  guint32 id = model_any (run);
  Node *node = model_node_of (run, id);
  gssize change;

  if (id == 0)
    return;
  change = model_chance (run, 3) ? -(gssize) model_pick (run, node->external_bytes + 1) :
                                   (gssize) model_pick (run, 10000);
  gc_object_add_external_bytes (node->address, change);
  node->external_bytes += change;
  if (gc_object_get_external_bytes (node->address) != node->external_bytes)
    model_fail (run, "object %u owns %" G_GSIZE_FORMAT " external bytes instead of %u", id,
                gc_object_get_external_bytes (node->address), node->external_bytes);
}

static void
on_notify (gpointer data)
{
  ((Run *) data)->n_notified++;
}

/* Gives the generator a new environment with more frames, elsewhere. */
static void
grow_env (Run *run)
{
  guint32 id = any_owner (run, TRUE);
  Node *node = model_node_of (run, id);
  guint32 first = run->words->len;
  ModelEnv *env;
  guint n;

  if (id == 0 || !(node->kind->flags & KIND_ENV) || node->n_slots > 50)
    return;
  n = node->n_slots + 1 + model_pick (run, 4);
  env = node->address;
  env->frames = g_realloc (env->frames, n * sizeof *env->frames);
  memset ((gpointer) (env->frames + env->n), 0, (n - env->n) * sizeof *env->frames);
  env->n = n;

  g_array_set_size (run->words, first + 2 * n);
  for (guint i = 0; i < node->n_slots; i++)
    {
      g_array_index (run->words, Word, first + i) = *model_word (run, node, i);
      g_array_index (run->words, Word, first + n + i) = *model_word (run, node, node->n_slots + i);
    }
  node->first = first;
  node->n_slots = node->n_weak = n;
}

/* One operation. */
void
model_operate (Run        *run,
               GcMutation *m)
{
  guint what = model_pick (run, 1000);

  if (run->has_containers && model_chance (run, 4))
    {
      model_operate_containers (run, m);
      return;
    }
  if (what < 280 || run->reach->len == 0)
    {
      if (model_chance (run, 600))
        model_make_many (run, m);
      else
        model_make_linked (run, m);
    }
  else if (what < 520)
    set_slot (run);
  else if (what < 680)
    move_reference (run);
  else if (what < 700)
    fill (run, FALSE);
  else if (what < 730)
    fill (run, TRUE);
  else if (what < 790)
    set_weak (run);
  else if (what < 850)
    upgrade (run, m);
  else if (what < 910)
    model_root_local (run, model_chance (run, 4) ? 0 : model_any (run));
  else if (what < 920)
    take_reference (run);
  else if (what < 925)
    model_drop_ref (run);
  else if (what < 930)
    set_root (run);
  else if (what < 955)
    hash (run);
  else if (what < 975)
    add_external_bytes (run);
  else if (what < 980)
    model_make_and_abandon (run, m);
  else if (what < 995)
    grow_env (run);
  else
    {
      run->n_deferred++;
      gc_arena_defer_notify (run->arena, on_notify, run);
    }
}
