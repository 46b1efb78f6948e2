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

static void
store (Run     *run,
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

static void
store_weak (Run     *run,
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
static guint
any_slot (Run        *run,
          const Node *node)
{
  guint i = model_chance (run, 4) ? node->n_slots - 1 : model_pick (run, node->n_slots);

  for (guint k = 0; k < 3 && run->n_walked < run->target && *model_word (run, node, i) != 0; k++)
    i = model_pick (run, node->n_slots);
  return i;
}

static void
root_local (Run     *run,
            guint32  id)
{
  if (run->rooted->len > 0)
    {
      Rooted *rooted = &g_array_index (run->rooted, Rooted, model_pick (run, run->rooted->len));

      *rooted->variable = model_real (run, id);
      rooted->id = id;
    }
}

static void
store_somewhere (Run     *run,
                 guint32  id)
{
  guint32 owner = any_owner (run, FALSE);

  if (owner != 0)
    store (run, owner, any_slot (run, model_node_of (run, owner)), id);
  else
    root_local (run, id);
}

static void
ref (Run     *run,
     guint32  id)
{
  Node *node = model_node_of (run, id);

  if (node->n_refs == 1000)
    return;
  gc_object_ref (node->address);
  if (node->n_refs++ == 0)
    g_array_append_val (run->externals, id);
}

/* How long a tail is: small ones, some of several slices, a few beyond half a block,
 * and some right at the boundary. */
static guint
any_length (Run      *run,
            gboolean  bytes)
{
  guint kind = model_pick (run, 1000);

  if (kind < 800)
    return model_pick (run, 13);
  if (kind < 980)
    return model_pick (run, 120);
  if (kind < 991)
    return bytes ? model_pick (run, 5000) : 1000 + model_pick (run, 1600);
  if (kind < 996)
    return bytes ? (32 << 10) - 24 - 12 + model_pick (run, 24) : 4093 - 1 + model_pick (run, 3);
  return bytes ? model_pick (run, 100000) : 4000 + model_pick (run, 5000);
}

static const Kind *
any_kind (Run *run)
{
  guint n = model_pick (run, run->sum_of_weights);

  for (guint i = 0; ; i++)
    {
      if (n < run->weights[i])
        return &model_kinds[i];
      n -= run->weights[i];
    }
}

static void
check_is_new (Run        *run,
              const Node *node)
{
  ModelObject *object = node->address;
  gsize size = node->kind->size;

  if (node->kind->flags & KIND_TAIL)
    size += node->n_slots * sizeof (gpointer);
  else if (node->kind->flags & KIND_BYTES)
    size += node->n_bytes;
  size = MAX ((size + 7) & ~(gsize) 7, 16);
  if (gc_object_get_size (GC_OBJECT (object)) != size)
    model_fail (run, "a new %s of %" G_GSIZE_FORMAT " bytes takes %" G_GSIZE_FORMAT, node->kind->name,
                size, gc_object_get_size (GC_OBJECT (object)));

  for (const gsize *word = (const gsize *) object + 1; (const char *) word < (const char *) object + size; word++)
    if (*word != 0 && !(word == (const gsize *) object + 2 && node->kind->flags & (KIND_TAIL | KIND_BYTES)))
      model_fail (run, "a new %s is not zeroed at offset %d", node->kind->name,
                  (int) ((const char *) word - (const char *) object));
}

/* A new object of a kind; @n is the length of its tail. */
static guint32
make (Run        *run,
      GcMutation *m,
      const Kind *kind,
      guint       n)
{
  gboolean has_tail = (kind->flags & (KIND_TAIL | KIND_BYTES)) != 0;
  guint n_frames = kind->flags & KIND_ENV ? model_pick (run, 6) : 0;
  ModelObject *object;
  guint32 id;

  switch (model_pick (run, 4))
    {
    case 0:
      object = gc_object_try_new (m, kind->get_type (), n, NULL);
      break;
    case 1:
      object = has_tail ? gc_object_new_of_class_with_tail (m, gc_type_get_class_ (kind->get_type ()), n) :
                          gc_object_new_of_class (m, gc_type_get_class_ (kind->get_type ()));
      break;
    default:
      object = has_tail ? gc_object_new_with_tail (m, kind->get_type (), n) :
                          gc_object_new (m, kind->get_type ());
    }
  if (object == NULL)
    model_fail (run, "a %s was not made", kind->name);

  id = model_add_node (run, kind, object, MAX (n, n_frames));
  check_is_new (run, model_node_of (run, id));
  object->id = id;
  object->check = model_check_of (id);
  if (kind->flags & KIND_BYTES)
    for (guint i = 0; i < n; i++)
      ((ModelBytes *) object)->bytes[i] = model_byte_of (id, i);
  if (kind->get_type == model_fin_get_type)
    {
      ((ModelFin *) object)->cell = g_new (guint32, 1);
      *((ModelFin *) object)->cell = id;
    }
  if (n_frames > 0)
    {
      ((ModelEnv *) object)->frames = g_new0 (ModelFrame, n_frames);
      ((ModelEnv *) object)->n = n_frames;
    }
  return id;
}

static guint32
make_any (Run        *run,
          GcMutation *m)
{
  const Kind *kind = any_kind (run);
  guint n = 0;

  if (kind->flags & (KIND_TAIL | KIND_BYTES))
    n = any_length (run, kind->flags & KIND_BYTES);
  return make (run, m, kind, n);
}

/* A new object, what it refers to, and what refers to it. */
static void
make_and_link (Run        *run,
               GcMutation *m)
{
  gboolean is_full = run->n_walked > run->target;
  guint32 id = make_any (run, m);
  const Node node = *model_node_of (run, id);
  guint how = model_pick (run, 16);

  for (guint i = 0; i < MIN (node.n_slots, 4); i++)
    if (model_chance (run, 2))
      store (run, id, any_slot (run, &node), model_any (run));
  for (guint i = 0; i < node.n_weak; i++)
    if (!model_chance (run, 3))
      store_weak (run, id, i, model_any (run));

  if (how < (is_full ? 4 : 9))
    store_somewhere (run, id);
  else if (how < 11)
    root_local (run, id);
  else if (how < 12)
    ref (run, id);
  /* Else it is garbage, unless an operation of the same scope picks it up. */
}

/* A large graph at once. */
static void
make_many (Run        *run,
           GcMutation *m)
{
  guint n = 1 + model_pick (run, run->target);
  guint32 all = make (run, m, model_kind_of (model_tail_get_type), n);

  for (guint i = 0; i < n; i++)
    {
      const Kind *kind = any_kind (run);
      guint32 id;
      Node node;

      if (kind->flags & (KIND_TAIL | KIND_BYTES))
        continue;
      id = make (run, m, kind, 0);
      node = *model_node_of (run, id);
      store (run, all, i, id);
      if (node.n_slots > 0)
        store (run, id, model_pick (run, node.n_slots), all + 1 + model_pick (run, id - all));
    }
  root_local (run, all);
  store_somewhere (run, all);
}

static Word
any_word (Run *run)
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
    store (run, owner, any_slot (run, model_node_of (run, owner)), any_word (run));
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
  i = any_slot (run, model_node_of (run, from));
  word = *model_word (run, model_node_of (run, from), i);
  if (word == 0)
    return;
  store (run, to, any_slot (run, model_node_of (run, to)), word);
  store (run, from, i, 0);
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
    store (run, owner, i, clear ? 0 : any_word (run));
}

static void
set_weak (Run *run)
{
  guint32 owner = any_owner (run, TRUE);

  if (owner != 0)
    store_weak (run, owner, model_pick (run, model_node_of (run, owner)->n_weak),
                model_chance (run, 8) ? 0 : model_any (run));
}

/* Has something strong refer to an object. */
static void
keep (Run        *run,
      GcMutation *m,
      guint32     id)
{
  guint how = model_pick (run, 6);

  if (how == 0)
    root_local (run, id);
  else if (how == 1 && run->externals->len < 24)
    ref (run, id);
  else if (how < 4)
    {
      /* A new object: no barrier watches what comes into it. */
      guint32 holder = make (run, m, model_kind_of (model_tail_get_type), 1);

      store (run, holder, 0, id);
      store_somewhere (run, holder);
    }
  else
    store_somewhere (run, id);
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
  real = gc_weak_slot_get (model_weak_slot (node->kind, node->address, i));
  target = model_node_of (run, *word);
  if (*word == 0)
    {
      if (real != NULL)
        model_fail (run, "weak slot %u of object %u holds %p instead of NULL", i, owner, real);
      return;
    }
  if (real == NULL)
    {
      if (target->seen == run->walk)
        model_fail (run, "weak slot %u of object %u does not find object %u, which is in use", i, owner, *word);
      target->is_gone = TRUE;
      *word = 0;
      return;
    }
  if (target->seen != run->walk)
    {
      model_reach_from (run, *word, real);
      run->figures.resurrected++;
    }
  keep (run, m, *word);
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
    ref (run, id);
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

/* A construction that fails. */
static void
abandon (Run        *run,
         GcMutation *m)
{
  guint32 id = make_any (run, m);
  Node *node = model_node_of (run, id);

  gc_object_abandon (node->address);
  if (node->kind->get_type == model_fin_get_type)
    g_clear_pointer (&((ModelFin *) node->address)->cell, g_free);
  if (node->kind->flags & KIND_ENV)
    {
      g_clear_pointer (&((ModelEnv *) node->address)->frames, g_free);
      ((ModelEnv *) node->address)->n = 0;
      node->n_slots = node->n_weak = 0;
    }
  node->is_abandoned = TRUE;
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

  if (what < 280 || run->reach->len == 0)
    {
      if (model_chance (run, 600))
        make_many (run, m);
      else
        make_and_link (run, m);
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
    root_local (run, model_chance (run, 4) ? 0 : model_any (run));
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
    abandon (run, m);
  else if (what < 995)
    grow_env (run);
  else
    {
      run->n_deferred++;
      gc_arena_defer_notify (run->arena, on_notify, run);
    }
}
