/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The reference graph, and the walk that compares it with the heap. */

#include "model.h"

/* The word that a slot holds. */
gpointer
model_real (Run  *run,
            Word  word)
{
  if (word & WORD_TAGGED)
    {
      gsize value = word & ~WORD_TAGGED;

      /* Any of the low three bits makes a word no reference. */
      return (gpointer) (value << 3 | (1 + value % 7));
    }
  return word != 0 ? model_node_of (run, word)->address : NULL;
}

/* Adds an object of @n slots, bytes or frames as its kind has them. */
guint32
model_add_node (Run        *run,
                const Kind *kind,
                gpointer    address,
                guint       n)
{
  guint32 id = run->nodes->len;
  Node node = { .kind = kind, .address = address, .first = run->words->len, .seen = run->walk };

  if (kind->flags & KIND_INLINE)
    node.n_slots = kind->n_slots;
  else if (kind->flags & (KIND_TAIL | KIND_ENV))
    node.n_slots = n;
  node.n_weak = kind->flags & KIND_ENV ? n : kind->n_weak;
  node.n_bytes = kind->flags & KIND_BYTES ? n : 0;
  g_array_set_size (run->words, run->words->len + node.n_slots + node.n_weak);
  g_array_append_val (run->nodes, node);
  g_array_append_val (run->reach, id);
  g_array_append_val (run->unsettled, id);
  run->figures.objects++;
  return id;
}

static void
check_bytes (Run         *run,
             guint32      id,
             const Node  *node,
             ModelBytes  *object)
{
  guint end = run->is_thorough ? node->n_bytes : MIN (node->n_bytes, 64);

  for (guint i = 0; i < end; i++)
    if (object->bytes[i] != model_byte_of (id, i))
      model_fail (run, "byte %u of %u is not what object %u wrote", i, node->n_bytes, id);
}

/* The head, and what has no slots. */
static void
check_content (Run        *run,
               guint32     id,
               const Node *node)
{
  ModelObject *object = node->address;

  if (node->kind->flags & KIND_OTHER)
    {
      if (!G_TYPE_CHECK_INSTANCE_TYPE (object, node->kind->get_type ()))
        model_fail (run, "object %u (%s) at %p became something else", id, node->kind->name, (gpointer) object);
      return;
    }
  if (object->id != id || object->check != model_check_of (id))
    model_fail (run, "object %u (%s) at %p has the id %u and is %s", id, node->kind->name, node->address,
                object->id, object->check == model_check_of (object->id) ? "whole" : "broken");
  if (G_TYPE_FROM_INSTANCE (object) != node->kind->get_type ())
    model_fail (run, "object %u (%s) became a %s", id, node->kind->name,
                g_type_name (G_TYPE_FROM_INSTANCE (object)));
  if (node->kind->flags & KIND_TAIL && ((ModelTail *) object)->n != node->n_slots)
    model_fail (run, "object %u has %" G_GSIZE_FORMAT " slots instead of %u", id,
                ((ModelTail *) object)->n, node->n_slots);
  if (node->kind->flags & KIND_BYTES)
    {
      if (((ModelBytes *) object)->n != node->n_bytes)
        model_fail (run, "object %u has another number of bytes", id);
      check_bytes (run, id, node, (ModelBytes *) object);
    }
}

/* Which object this is, for those that say so, else 0. */
guint32
model_id_of (Run      *run,
             gpointer  real)
{
  ModelObject *object = real;

  if (!G_TYPE_CHECK_INSTANCE_TYPE (real, model_object_get_type ()))
    return 0;
  if (object->id == 0 || object->id >= run->nodes->len || object->check != model_check_of (object->id))
    model_fail (run, "the %s at %p is broken", G_OBJECT_TYPE_NAME (real), real);
  return object->id;
}

/* Something that keeps object @id alive refers to @address. */
void
model_visit (Run      *run,
             guint32   id,
             gpointer  address)
{
  Node *node;

  if (id == 0)
    {
      if (address != NULL)
        model_fail (run, "a root holds %p instead of NULL", address);
      return;
    }

  node = model_node_of (run, id);
  if (node->seen == run->walk)
    {
      if (node->address != address)
        model_fail (run, "two references to object %u (%s) differ: %p and %p", id, node->kind->name,
                    node->address, address);
      return;
    }
  if (node->is_gone || node->n_finalized > 0)
    model_fail (run, "object %u (%s) is reachable and was %s", id, node->kind->name,
                node->n_finalized > 0 ? "finalized" : "reclaimed");
  if (!run->is_moving && node->address != address)
    model_fail (run, "a reference to object %u (%s) at %p became %p", id, node->kind->name,
                node->address, address);
  node->address = address;
  node->seen = run->walk;
  check_content (run, id, node);
  g_array_append_val (run->reach, id);
}

/* Most of the time goes into this: long arrays hold mostly nothing. */
static void
visit_slots (Run     *run,
             guint32  id)
{
  /* By value: finding objects does not add any, but keeps this readable. */
  const Node node = *model_node_of (run, id);
  const Word *words = model_word (run, &node, 0);
  const char *slot = node.n_slots > 0 ? model_slot (node.kind, node.address, 0) : NULL;
  gsize stride = node.kind->flags & KIND_ENV ? sizeof (ModelFrame) : sizeof (gpointer);

  for (guint i = 0; i < node.n_slots; i++, slot += stride)
    {
      Word word = words[i];
      gpointer real = *(gpointer const *) slot;

      if (word == 0 && real == NULL)
        continue;
      if (word == 0 || word & WORD_TAGGED)
        {
          if (real != model_real (run, word))
            model_fail (run, "slot %u of object %u (%s) holds %p instead of %p", i, id, node.kind->name,
                        real, model_real (run, word));
        }
      else if (real == NULL || gc_is_tagged (real))
        model_fail (run, "slot %u of object %u (%s) holds %p instead of object %u", i, id,
                    node.kind->name, real, word);
      else
        model_visit (run, word, real);
    }
}

/* Something in @owner holds a word that is no weak reference. */
void
model_compare (Run      *run,
               guint32   owner,
               Word      word,
               gpointer  real)
{
  if (word != 0 && !(word & WORD_TAGGED))
    {
      if (real == NULL || gc_is_tagged (real))
        model_fail (run, "object %u (%s) holds %p instead of object %u", owner,
                    model_node_of (run, owner)->kind->name, real, word);
      model_visit (run, word, real);
    }
  else if (real != model_real (run, word))
    model_fail (run, "object %u (%s) holds %p instead of %p", owner, model_node_of (run, owner)->kind->name,
                real, model_real (run, word));
}

/* Something in @owner refers weakly to object @id: it may be out of reach, but not gone. */
void
model_sight (Run      *run,
             guint32   owner,
             guint32   id,
             gpointer  real)
{
  const Kind *kind = model_node_of (run, owner)->kind;
  Node *target = model_node_of (run, id);

  if (target->is_gone || target->n_finalized > 0)
    model_fail (run, "object %u (%s) brings back object %u (%s), which was %s", owner, kind->name, id,
                target->kind->name, target->n_finalized > 0 ? "finalized" : "reclaimed");
  if (target->kind->flags & KIND_OTHER)
    {
      if (!G_TYPE_CHECK_INSTANCE_TYPE (real, target->kind->get_type ()))
        model_fail (run, "object %u (%s) refers weakly to something that is no %s", owner, kind->name,
                    target->kind->name);
    }
  else if (model_id_of (run, real) != id)
    model_fail (run, "object %u (%s) refers weakly to object %u instead of %u (%s)", owner, kind->name,
                model_id_of (run, real), id, target->kind->name);
  if ((!run->is_moving || target->seen == run->walk) && real != target->address)
    model_fail (run, "a weak reference of object %u (%s) to object %u (%s) at %p became %p", owner, kind->name,
                id, target->kind->name, target->address, real);
}

/* A weak reference to an object that nothing leads to was cleared: it is dead, unless
 * a guardian has it. */
void
model_lose (Run     *run,
            guint32  id)
{
  Node *node = model_node_of (run, id);

  if (!node->may_be_lost)
    node->is_gone = TRUE;
}

/* What a weak slot, or a weak reference, gives. */
gpointer
model_read_weak (const Node *node,
                 guint       i)
{
  if (node->kind->flags & KIND_WEAK_REF)
    return gc_weak_ref_upgrade (node->address);
  return gc_weak_slot_get (model_weak_slot (node->kind, node->address, i));
}

static void
look_at_weak_slots (Run     *run,
                    guint32  id)
{
  const Node node = *model_node_of (run, id);

  for (guint i = 0; i < node.n_weak; i++)
    {
      Word *word = model_word (run, &node, node.n_slots + i);
      gpointer real = model_read_weak (&node, i);

      if (*word == 0)
        {
          if (real != NULL)
            model_fail (run, "weak slot %u of object %u (%s) holds %p instead of NULL", i, id,
                        node.kind->name, real);
        }
      else if (real == NULL)
        {
          g_array_append_val (run->lost, *word);
          *word = 0;
        }
      else
        {
          model_sight (run, id, *word, real);
          g_array_append_val (run->weak, *word);
          if (model_node_of (run, *word)->seen != run->walk)
            {
              g_array_append_val (run->ghosts, id);
              g_array_append_val (run->ghosts, i);
            }
        }
    }
}

/* Follows what was reached and not followed yet. What containers keep may depend on what
 * else is reached, until nothing more is. */
static void
follow (Run *run)
{
  gboolean is_done;

  do
    {
      for (; run->n_walked < run->reach->len; run->n_walked++)
        {
          guint32 id = g_array_index (run->reach, guint32, run->n_walked);
          const KindOps *ops = model_node_of (run, id)->kind->ops;

          visit_slots (run, id);
          if (ops != NULL && ops->follow != NULL)
            ops->follow (run, id);
        }
      is_done = TRUE;
      for (guint i = 0; run->n_containers > 0 && i < run->n_walked; i++)
        {
          guint32 id = g_array_index (run->reach, guint32, i);
          const KindOps *ops = model_node_of (run, id)->kind->ops;

          if (ops != NULL && ops->again != NULL && ops->again (run, id))
            is_done = FALSE;
        }
    }
  while (!is_done);
}

/* Walks from all roots, in a scope: everything that the graph says is reachable
 * must be there and hold what the graph says. */
void
model_walk (Run *run)
{
  run->walk++;
  run->n_walked = 0;
  g_array_set_size (run->reach, 0);
  g_array_set_size (run->lost, 0);
  g_array_set_size (run->weak, 0);
  g_array_set_size (run->ghosts, 0);

  model_visit (run, run->root, gc_arena_get_root (run->arena));
  for (guint i = 0; i < run->rooted->len; i++)
    {
      Rooted *rooted = &g_array_index (run->rooted, Rooted, i);

      model_visit (run, rooted->id, *rooted->variable);
    }
  /* What is referenced from outside does not move. */
  for (guint i = 0; i < run->externals->len; i++)
    {
      guint32 id = g_array_index (run->externals, guint32, i);

      model_visit (run, id, model_node_of (run, id)->address);
    }
  model_visit_peers (run);
  follow (run);
  model_note_peers (run);

  for (guint i = 0; i < run->reach->len; i++)
    look_at_weak_slots (run, g_array_index (run->reach, guint32, i));
  if (run->watchers->len > 0)
    model_note_watched (run);
  for (guint i = 0; i < run->lost->len; i++)
    {
      guint32 id = g_array_index (run->lost, guint32, i);
      Node *target = model_node_of (run, id);

      if (target->seen == run->walk && !target->may_be_lost)
        model_fail (run, "a weak reference lost object %u (%s), which is reachable", id, target->kind->name);
      if (target->seen != run->walk)
        model_lose (run, id);
    }
  for (guint i = 0; i < run->weak->len; i++)
    {
      guint32 id = g_array_index (run->weak, guint32, i);
      const Node *target = model_node_of (run, id);

      if (target->is_gone)
        model_fail (run, "of two weak slots one lost object %u (%s)", id, target->kind->name);
      if (run->is_thorough && target->seen != run->walk)
        model_fail (run, "a weak slot holds object %u (%s), which is dead", id, target->kind->name);
    }
  run->figures.walks++;
  run->figures.walked += run->reach->len;
}

/* The program came to an object by a weak slot: it may use it, and what it leads
 * to, until the next safe point. */
void
model_reach_from (Run      *run,
                  guint32   id,
                  gpointer  address)
{
  /* What was made in this scope is in run->reach and was not followed: it need not be. */
  run->n_walked = run->reach->len;
  model_visit (run, id, address);
  follow (run);
}

/* Any object that may be used, or 0. */
guint32
model_any (Run *run)
{
  if (run->reach->len == 0)
    return 0;
  return g_array_index (run->reach, guint32, model_pick (run, run->reach->len));
}

/* One of this kind that may be used, or 0. */
guint32
model_any_of (Run        *run,
              const Kind *kind)
{
  for (guint i = 0; i < 12; i++)
    {
      guint32 id = model_any (run);

      if (id != 0 && model_node_of (run, id)->kind == kind)
        return id;
    }
  return 0;
}
