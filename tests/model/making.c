/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* New objects: of all kinds and sizes, alone and many at once. */

#include "model.h"

/* How long a tail is: small ones, some of several slices, a few beyond half a block,
 * some right at the boundary, and now and then one with a mapping of its own. */
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
  if (kind == 999)
    return bytes ? (256 << 10) - 50 + model_pick (run, 100000) : 32000 + model_pick (run, 1600);
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
guint32
model_make (Run        *run,
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
  return model_make (run, m, kind, n);
}

/* A new object, what it refers to, and what refers to it. */
void
model_make_linked (Run        *run,
                   GcMutation *m)
{
  gboolean is_full = run->n_walked > run->target;
  guint32 id = make_any (run, m);
  const Node node = *model_node_of (run, id);
  guint how = model_pick (run, 16);

  for (guint i = 0; i < MIN (node.n_slots, 4); i++)
    if (model_chance (run, 2))
      model_store_word (run, id, model_any_slot (run, &node), model_any (run));
  for (guint i = 0; i < node.n_weak; i++)
    if (!model_chance (run, 3))
      model_store_weak (run, id, i, model_any (run));

  if (how < (is_full ? 4 : 9))
    model_store_somewhere (run, id);
  else if (how < 11)
    model_root_local (run, id);
  else if (how < 12)
    model_take_ref (run, id);
  /* Else it is garbage, unless an operation of the same scope picks it up. */
}

/* A large graph at once. */
void
model_make_many (Run        *run,
                 GcMutation *m)
{
  guint n = 1 + model_pick (run, run->target);
  guint32 all = model_make (run, m, model_kind_of (model_tail_get_type), n);

  for (guint i = 0; i < n; i++)
    {
      const Kind *kind = any_kind (run);
      guint32 id;
      Node node;

      if (kind->flags & (KIND_TAIL | KIND_BYTES))
        continue;
      id = model_make (run, m, kind, 0);
      node = *model_node_of (run, id);
      model_store_word (run, all, i, id);
      if (node.n_slots > 0)
        model_store_word (run, id, model_pick (run, node.n_slots), all + 1 + model_pick (run, id - all));
    }
  model_root_local (run, all);
  model_store_somewhere (run, all);
}

/* A construction that fails. */
void
model_make_and_abandon (Run        *run,
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
