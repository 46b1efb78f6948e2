/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What one of several threads does: random operations on its graph, and comparing that with what is in its arrays. */

#include "mutator.h"

static void
mut_fin_finalize (GcObject *object)
{
  if (atomic_fetch_add (MUT_FIN (object)->n_finalized, 1) != 0)
    g_error ("object %u of thread %u is finalized twice", MUT_BASE (object)->id, MUT_BASE (object)->owner);
}

GC_DEFINE_TYPE (MutBase, mut_base, GC_TYPE_OBJECT)

GC_DEFINE_TYPE (MutNode, mut_node, mut_base_get_type (),
                GC_FIELD_ARRAY (MutNode, slots)
                GC_FIELD_WEAK (MutNode, weak))

GC_DEFINE_TYPE (MutFin, mut_fin, mut_node_get_type (),
                GC_FIELD_UNTRACED (MutFin, n_finalized)
                GC_FINALIZE (mut_fin_finalize))

GC_DEFINE_TYPE (MutTail, mut_tail, mut_base_get_type (),
                GC_FIELD_TAIL (MutTail, items, n))

void
mutator_fail (Thread     *self,
              const char *format,
              ...)
{
  const MutatorOptions *options = self->model->options;
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_error ("mutators: seed %" G_GUINT64_FORMAT ", zeal 0x%x, thread %u of %u: %s", options->seed, options->zeal,
           self->number, options->n_threads, text);
}

/* ---- comparing ---- */

static void
meet (Thread  *self,
      guint32  id,
      MutBase *object)
{
  Node *node = &self->nodes[id];

  if (object->id != id || object->owner != self->number)
    mutator_fail (self, "the place of object %u has object %u of thread %u", id, object->id, object->owner);
  if (atomic_load (&self->n_finalized[id]) != 0)
    mutator_fail (self, "object %u was finalized while it is reachable", id);
  if (node->walk == self->walk)
    {
      if (node->address != object)
        mutator_fail (self, "object %u is in two places", id);
      return;
    }
  node->walk = self->walk;
  node->address = object;
  g_array_append_val (self->met, id);
}

static void
compare (Thread  *self,
         Word     word,
         MutBase *object)
{
  if ((word != 0) != (object != NULL))
    mutator_fail (self, "a slot has %p for 0x%x", (gpointer) object, word);
  if (word == 0)
    return;
  if (!(word & FOREIGN))
    meet (self, word, object);
  else if (word != (FOREIGN | object->owner << OWNER_SHIFT | object->id))
    mutator_fail (self, "a slot has object %u of thread %u for 0x%x", object->id, object->owner, word);
}

static MutBase *
get_slot (Node  *node,
          guint  i)
{
  return node->kind == TAIL ? ((MutTail *) node->address)->items[i] : ((MutNode *) node->address)->slots[i];
}

/* Meets all objects of this thread's that it can reach. */
void
mutator_walk (Thread *self)
{
  MutTail *hub = mutator_get_hub (self);

  self->walk++;
  g_array_set_size (self->met, 0);
  for (guint i = 0; i < N_ROOTS; i++)
    compare (self, self->roots[i], hub->items[ROOT_PLACE (self, i)]);
  for (guint i = 0; i < N_LOCALS; i++)
    if (self->locals[i] != NULL)
      compare (self, self->local_words[i], *self->locals[i]);
  for (guint i = 0; i < N_REFS; i++)
    if (self->refs[i] != NULL)
      meet (self, self->ref_ids[i], (MutBase *) self->refs[i]);
  for (guint i = 0; i < self->met->len; i++)
    {
      Node *node = &self->nodes[g_array_index (self->met, guint32, i)];

      for (guint k = 0; k < node->n; k++)
        compare (self, *mutator_word (self, node, k), get_slot (node, k));
      if (node->kind == TAIL && ((MutTail *) node->address)->n != node->n)
        mutator_fail (self, "a tail has another length");
      if (node->value != 0)
        {
          MutBase *value = gc_table_lookup (get_table (self), node->address);

          if (value == NULL)
            mutator_fail (self, "the weak table has lost object %u", node->address->id);
          meet (self, node->value, value);
        }
    }
  /* What is reachable can't have been cleared; what was not cleared is what it was. */
  for (guint i = 0; i < self->met->len; i++)
    {
      Node *node = &self->nodes[g_array_index (self->met, guint32, i)];

      if (node->weak != 0)
        {
          MutBase *object = gc_weak_get ((MutNode *) node->address, weak);

          if (object != NULL ? object->id != node->weak || object->owner != self->number :
              self->nodes[node->weak].walk == self->walk)
            mutator_fail (self, "a weak slot has %p for object %u", (gpointer) object, node->weak);
        }
      if (node->hash != 0 && gc_object_hash ((GcObject *) node->address) != node->hash)
        mutator_fail (self, "a hash has changed");
    }
}

/* ---- operations ---- */

guint32
mutator_any (Thread *self)
{
  return self->met->len > 0 ? g_array_index (self->met, guint32, mutator_pick (self, self->met->len)) : 0;
}

static void
store (Thread  *self,
       guint32  owner,
       guint    i,
       Word     word,
       MutBase *object)
{
  Node *node = &self->nodes[owner];

  *mutator_word (self, node, i) = word;
  if (node->kind == TAIL)
    gc_set ((MutTail *) node->address, items[i], object);
  else
    gc_set ((MutNode *) node->address, slots[i], object);
}

static void
set_root (Thread  *self,
          guint    i,
          Word     word,
          MutBase *object)
{
  self->roots[i] = word;
  gc_set (mutator_get_hub (self), items[ROOT_PLACE (self, i)], object);
}

/* In some slot of an object that is reachable, or as a root. */
static void
store_somewhere (Thread  *self,
                 Word     word,
                 MutBase *object)
{
  guint32 owner = mutator_any (self);

  if (owner != 0 && self->nodes[owner].n > 0 && mutator_pick (self, 8) > 0)
    store (self, owner, mutator_pick (self, self->nodes[owner].n), word, object);
  else if (mutator_pick (self, 4) == 0)
    {
      guint i = mutator_pick (self, N_LOCALS);

      self->local_words[i] = word;
      *self->locals[i] = object;
    }
  else
    set_root (self, mutator_pick (self, N_ROOTS), word, object);
}

static guint32
make (Thread     *self,
      GcMutation *m)
{
  static const guint lengths[] = { 0, 3, 20, 60, 300, 5000 };
  guint what = mutator_pick (self, 32);
  Kind kind = what < 6 ? SMALL : what < 26 ? NODE : what < 29 ? FIN : TAIL;
  guint32 id = self->n_nodes;
  Node node = { .kind = kind, .first = self->words->len, .walk = self->walk };

  if (id == MAX_NODES)
    return 0;
  self->n_nodes++;
  switch (kind)
    {
    case SMALL:
      node.address = gc_new (m, MutBase);
      break;
    case FIN:
      node.address = (MutBase *) gc_new (m, MutFin);
      ((MutFin *) node.address)->n_finalized = &self->n_finalized[id];
      self->n_fins++;
      node.n = 3;
      break;
    case TAIL:
      node.n = lengths[mutator_pick (self, mutator_pick (self, 8) == 0 ? 6 : 5)];
      node.address = (MutBase *) gc_new_with_tail (m, MutTail, node.n);
      break;
    default:
      node.address = (MutBase *) gc_new (m, MutNode);
      node.n = 3;
    }
  if (node.address->id != 0 || node.address->owner != 0)
    mutator_fail (self, "new memory is not zeroed");
  node.address->id = id;
  node.address->owner = self->number;
  self->nodes[id] = node;
  g_array_set_size (self->words, self->words->len + node.n);
  for (guint i = 0; i < node.n; i++)
    if (get_slot (&node, i) != NULL)
      mutator_fail (self, "a new slot is not NULL");
  g_array_append_val (self->met, id);
  return id;
}

static void
make_linked (Thread     *self,
             GcMutation *m)
{
  guint32 id = make (self, m);

  if (id == 0)
    return;
  for (guint i = 0; i < MIN (self->nodes[id].n, 3); i++)
    {
      guint32 other = mutator_any (self);

      if (mutator_pick (self, 2) == 0)
        store (self, id, i, other, other != 0 ? self->nodes[other].address : NULL);
    }
  if (mutator_pick (self, 8) > 0)
    store_somewhere (self, id, self->nodes[id].address);
}

static void
make_garbage (Thread     *self,
              GcMutation *m)
{
  for (guint i = mutator_pick (self, 400); i-- > 0; )
    {
      MutNode *one = gc_new (m, MutNode), *two = gc_new (m, MutNode);

      gc_set (one, slots[0], MUT_BASE (two));
      gc_set (two, slots[1], MUT_BASE (one));
      if (two->slots[0] != NULL || one->slots[1] != NULL)
        mutator_fail (self, "garbage is not new");
    }
}

static gboolean
has_weak (Node *node)
{
  return node->kind == NODE || node->kind == FIN;
}

static void
use_mail (Thread *self)
{
  Model *model = self->model;
  guint place = mutator_pick (self, N_MAILBOXES);
  guint32 id = mutator_any (self);
  MutBase *object = NULL;
  Word word = 0;

  pthread_mutex_lock (&model->mail_lock);
  if (mutator_pick (self, 2) == 0)
    {
      model->mail[place] = id != 0 ? mutator_foreign (self, id) : 0;
      gc_set (get_mail (self), items[place], id != 0 ? self->nodes[id].address : NULL);
    }
  else
    {
      object = get_mail (self)->items[place];
      word = model->mail[place];
      if ((object != NULL) != (word != 0) ||
          (object != NULL && word != (FOREIGN | object->owner << OWNER_SHIFT | object->id)))
        mutator_fail (self, "a mailbox has %p for 0x%x", (gpointer) object, word);
    }
  pthread_mutex_unlock (&model->mail_lock);
  if (word == 0)
    return;
  if (object->owner != self->number)
    {
      store_somewhere (self, word, object);
      return;
    }
  /* One's own may have been reachable by the mailbox alone, or by what others have. */
  if (self->nodes[object->id].walk != self->walk)
    {
      set_root (self, mutator_pick (self, N_ROOTS), object->id, object);
      mutator_walk (self);
    }
}

static void
use_text (Thread     *self,
          GcMutation *m)
{
  g_autofree char *text = g_strdup_printf ("text %u", mutator_pick (self, 50));
  GcString *string = gc_string_intern (m, text);

  if (gc_string_intern (m, text) != string || g_strcmp0 (gc_string_get_text (string), text) != 0)
    mutator_fail (self, "an interned string is another");
}

void
mutator_operate (Thread     *self,
                 GcMutation *m)
{
  guint32 id = mutator_any (self), other = mutator_any (self);
  guint what = mutator_pick (self, 100);
  guint i;

  if (id == 0 || what < 30)
    make_linked (self, m);
  else if (what < 34)
    make_garbage (self, m);
  else if (what < 50)
    store_somewhere (self, other, self->nodes[other].address);
  else if (what < 62)
    store_somewhere (self, 0, NULL);
  else if (what < 70)
    {
      if (has_weak (&self->nodes[id]))
        {
          self->nodes[id].weak = other;
          gc_set_weak ((MutNode *) self->nodes[id].address, weak, self->nodes[other].address);
        }
    }
  else if (what < 78)
    {
      if (self->nodes[id].value == 0 || mutator_pick (self, 2) == 0)
        {
          self->nodes[id].value = other;
          gc_table_insert (get_table (self), self->nodes[id].address, self->nodes[other].address);
        }
      else
        {
          self->nodes[id].value = 0;
          if (!gc_table_remove (get_table (self), self->nodes[id].address))
            mutator_fail (self, "the weak table has no object %u", id);
        }
    }
  else if (what < 82)
    {
      i = mutator_pick (self, N_REFS);
      if (self->refs[i] != NULL)
        gc_object_unref (self->refs[i]);
      self->refs[i] = gc_object_ref (self->nodes[id].address);
      self->ref_ids[i] = id;
    }
  else if (what < 84)
    {
      i = mutator_pick (self, N_REFS);
      g_clear_pointer (&self->refs[i], gc_object_unref);
    }
  else if (what < 86)
    self->nodes[id].hash = gc_object_hash ((GcObject *) self->nodes[id].address);
  else if (what < 88)
    use_text (self, m);
  else
    use_mail (self);
}
