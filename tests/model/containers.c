/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The library's containers, in the model: arrays, strings, weak references, root sets. Tables have
 * a file of their own. */

#include "model.h"

/* ---- arrays: a GArray of words ---- */

static void
follow_array (Run     *run,
              guint32  id)
{
  const Node *node = model_node_of (run, id);
  GArray *words = node->extra;
  gsize n;
  GcObject *const *values = gc_array_peek (node->address, &n);

  if (n != words->len || gc_array_get_length (node->address) != n)
    model_fail (run, "array %u has %" G_GSIZE_FORMAT " elements instead of %u", id, n, words->len);
  for (guint i = 0; i < n; i++)
    model_compare (run, id, g_array_index (words, Word, i), values[i]);
}

static void
array_edges (Run     *run,
             guint32  id,
             void   (*func) (Run *run, guint32 id))
{
  GArray *words = model_node_of (run, id)->extra;

  for (guint i = 0; i < words->len; i++)
    {
      Word word = g_array_index (words, Word, i);

      if (word != 0 && !(word & WORD_TAGGED))
        func (run, word);
    }
}

static guint
one_hidden (gpointer extra)
{
  return 1;
}

static void
free_words (gpointer extra)
{
  g_array_unref (extra);
}

static const KindOps array_ops = { follow_array, NULL, array_edges, one_hidden, free_words };
static const Kind array_kind = { "array", gc_array_get_type, KIND_OTHER, .ops = &array_ops };

static void
make_array (Run        *run,
            GcMutation *m)
{
  GArray *words = g_array_new (FALSE, TRUE, sizeof (Word));
  GcArray *real;
  guint32 id;

  if (model_chance (run, 2))
    real = gc_array_new (m);
  else
    {
      g_array_set_size (words, model_pick (run, 20));
      real = gc_array_new_sized (m, words->len, NULL);
    }
  id = model_add_node (run, &array_kind, real, 0);
  model_node_of (run, id)->extra = words;
  run->n_containers++;
  model_keep (run, m, id);
}

static void
change_array (Run        *run,
              GcMutation *m,
              guint32     id)
{
  GcArray *real = model_node_of (run, id)->address;
  GArray *words = model_node_of (run, id)->extra;
  guint what = model_pick (run, 20);
  guint i = model_pick (run, words->len + 1);
  Word word = model_any_word (run);
  gpointer value = model_real (run, word);
  guint n;

  if (what < 5 || words->len == 0)
    {
      gc_array_append (real, value);
      g_array_append_val (words, word);
    }
  else if (what < 8)
    {
      gc_array_insert (real, i, value);
      g_array_insert_val (words, i, word);
    }
  else if (what < 11)
    {
      i = MIN (i, words->len - 1);
      gc_array_set (real, i, value);
      g_array_index (words, Word, i) = word;
    }
  else if (what < 14)
    {
      i = MIN (i, words->len - 1);
      gc_array_remove (real, i);
      g_array_remove_index (words, i);
    }
  else if (what < 16)
    {
      if (gc_array_pop (real) != model_real (run, g_array_index (words, Word, words->len - 1)))
        model_fail (run, "array %u gives another last element", id);
      g_array_set_size (words, words->len - 1);
    }
  else if (what < 18)
    {
      n = model_chance (run, 8) ? model_pick (run, 2500) : model_pick (run, words->len + 5);
      if (!gc_array_set_length (real, n, NULL))
        model_fail (run, "array %u can't have %u elements", id, n);
      g_array_set_size (words, n);
    }
  else if (what < 19)
    {
      gc_array_clear (real);
      g_array_set_size (words, 0);
    }
  else
    for (guint k = model_pick (run, 60); k > 0; k--)
      {
        guint32 leaf = model_make (run, m, model_kind_of (model_object_get_type), 0);

        gc_array_append (real, model_real (run, leaf));
        g_array_append_val (words, leaf);
      }
}

/* ---- strings: of few texts, so that they meet; the text's number is in n_bytes ---- */

static const Kind string_kind = { "string", gc_string_get_type, KIND_OTHER };

static void
text_of (guint number,
         char *text)
{
  g_snprintf (text, 64, "text %u %.*s", number, (int) (number % 30), "............................");
}

static guint32
add_string (Run      *run,
            gpointer  real,
            guint     number)
{
  guint32 id = model_add_node (run, &string_kind, real, 0);
  Node *node = model_node_of (run, id);

  node->n_bytes = number;
  /* It tells a string that is found again from a new one in its place. */
  node->hash = gc_object_hash (real);
  node->has_hash = TRUE;
  return id;
}

static void
make_string (Run        *run,
             GcMutation *m)
{
  guint number = model_pick (run, MODEL_N_TEXTS);
  char text[64];

  text_of (number, text);
  model_keep (run, m, add_string (run, gc_string_new (m, text), number));
}

static void
intern (Run        *run,
        GcMutation *m)
{
  guint number = model_pick (run, MODEL_N_TEXTS);
  guint32 known = run->interned[number];
  const Node *node = model_node_of (run, known);
  char text[64];
  GcString *real;

  text_of (number, text);
  real = gc_string_intern (m, text);
  if (strcmp (gc_string_get_text (real), text) != 0 || !gc_string_is_interned (real))
    model_fail (run, "a string was interned and is another");
  if (known != 0 && gc_object_hash (GC_OBJECT (real)) == node->hash)
    {
      model_sight (run, known, known, real);
      if (node->seen != run->walk)
        {
          model_reach_from (run, known, real);
          run->figures.resurrected++;
        }
    }
  else
    {
      if (known != 0 && node->seen == run->walk && !node->may_be_lost)
        model_fail (run, "the interned string %u is in use and was not found", known);
      if (known != 0 && node->seen != run->walk)
        model_lose (run, known);
      known = run->interned[number] = add_string (run, real, number);
    }
  model_keep (run, m, known);
}

/* ---- weak references: a weak word that is never stored into again ---- */

static const Kind weak_ref_kind = { "weak-ref", gc_weak_ref_get_type, KIND_OTHER | KIND_WEAK_REF, .n_weak = 1 };

static void
make_weak_ref (Run        *run,
               GcMutation *m)
{
  guint32 target = model_any (run);
  guint32 id;

  if (target == 0)
    return;
  id = model_add_node (run, &weak_ref_kind, gc_weak_ref_new (m, model_real (run, target)), 0);
  *model_word (run, model_node_of (run, id), 0) = target;
  model_keep (run, m, id);
}

static void
ask_weak_ref (Run     *run,
              guint32  id)
{
  const Node *node = model_node_of (run, id);
  guint32 target = *model_word (run, node, 0);
  gboolean is_used = target != 0 && model_node_of (run, target)->seen == run->walk;
  gboolean is_dropped = gc_weak_ref_is_dropped (node->address);
  gpointer real = gc_weak_ref_upgrade (node->address);

  if (target == 0 && !is_dropped && gc_arena_get_phase (run->arena) != GC_PHASE_CLEARING)
    model_fail (run, "weak reference %u was dropped, and is not", id);
  if (is_used && !model_node_of (run, target)->may_be_lost &&
      (is_dropped || real != model_real (run, target)))
    model_fail (run, "weak reference %u was dropped, and object %u is in use", id, target);
  if (is_dropped && (real != NULL || !gc_weak_ref_is_dead (node->address)))
    model_fail (run, "weak reference %u was dropped, and leads to something", id);
  if (gc_arena_get_phase (run->arena) == GC_PHASE_CLEARING &&
      gc_weak_ref_is_dead (node->address) != (real == NULL))
    model_fail (run, "weak reference %u to what is dead leads to something", id);
  if (model_chance (run, 2) && gc_weak_ref_resurrect (node->address) != real)
    model_fail (run, "weak reference %u resurrects something else", id);
}

/* ---- root sets: a GArray of keys ---- */

typedef struct
{
  GcRootKey *key;
  guint32    id;
} Stashed;

static void
follow_root_set (Run     *run,
                 guint32  id)
{
  const Node *node = model_node_of (run, id);
  GArray *stashed = node->extra;

  if (gc_root_set_get_size (node->address) != stashed->len)
    model_fail (run, "root set %u has %" G_GSIZE_FORMAT " objects instead of %u", id,
                gc_root_set_get_size (node->address), stashed->len);
  for (guint i = 0; i < stashed->len; i++)
    {
      Stashed one = g_array_index (stashed, Stashed, i);
      gpointer real = gc_root_set_fetch (node->address, one.key, NULL);

      if (real == NULL)
        model_fail (run, "root set %u lost object %u", id, one.id);
      model_visit (run, one.id, real);
    }
}

static void
root_set_edges (Run     *run,
                guint32  id,
                void   (*func) (Run *run, guint32 id))
{
  GArray *stashed = model_node_of (run, id)->extra;

  for (guint i = 0; i < stashed->len; i++)
    func (run, g_array_index (stashed, Stashed, i).id);
}

static void
free_root_set (gpointer extra)
{
  GArray *stashed = extra;

  for (guint i = 0; i < stashed->len; i++)
    gc_root_key_unref (g_array_index (stashed, Stashed, i).key);
  g_array_unref (stashed);
}

static const KindOps root_set_ops = { follow_root_set, NULL, root_set_edges, one_hidden, free_root_set };
static const Kind root_set_kind = { "root set", gc_root_set_get_type, KIND_OTHER, .ops = &root_set_ops };

static void
make_root_set (Run        *run,
               GcMutation *m)
{
  guint32 id = model_add_node (run, &root_set_kind, gc_root_set_new (m), 0);

  model_node_of (run, id)->extra = g_array_new (FALSE, TRUE, sizeof (Stashed));
  g_array_append_val (run->root_sets, id);
  run->n_containers++;
  model_keep (run, m, id);
}

static void
change_root_set (Run        *run,
                 GcMutation *m,
                 guint32     id)
{
  GcRootSet *real = model_node_of (run, id)->address;
  GArray *stashed = model_node_of (run, id)->extra;
  guint32 other = model_any_of (run, &root_set_kind);
  guint what = model_pick (run, 10);
  Stashed one;
  guint i;

  if (what < 5 || stashed->len == 0)
    {
      one.id = model_any (run);
      one.key = gc_root_set_stash (real, model_real (run, one.id));
      g_array_append_val (stashed, one);
      return;
    }
  i = model_pick (run, stashed->len);
  one = g_array_index (stashed, Stashed, i);
  if (gc_root_set_fetch (real, one.key, NULL) != model_real (run, one.id))
    model_fail (run, "root set %u gives something else than object %u", id, one.id);
  if (other != 0 && gc_root_set_contains (model_node_of (run, other)->address, one.key) != (other == id))
    model_fail (run, "root set %u takes a key of %u for its own", other, id);
  if (what < 7)
    {
      if (!gc_root_set_remove (real, one.key) || gc_root_set_contains (real, one.key))
        model_fail (run, "root set %u does not remove object %u", id, one.id);
      gc_root_key_unref (one.key);
      g_array_remove_index_fast (stashed, i);
    }
  else
    model_keep (run, m, one.id);
}

/* Anywhere and at any time, also after the set is gone. */
void
model_drop_key (Run *run)
{
  guint32 id;
  GArray *stashed;
  guint i;

  if (run->root_sets->len == 0)
    return;
  id = g_array_index (run->root_sets, guint32, model_pick (run, run->root_sets->len));
  stashed = model_node_of (run, id)->extra;
  if (stashed->len == 0)
    return;
  i = model_pick (run, stashed->len);
  gc_root_key_unref (g_array_index (stashed, Stashed, i).key);
  g_array_remove_index_fast (stashed, i);
}

/* Makes a container, or does something with one. */
void
model_operate_containers (Run        *run,
                          GcMutation *m)
{
  guint what = model_pick (run, 100);
  guint32 id;

  if (run->has_peers && model_chance (run, 3))
    {
      model_operate_peers (run, m);
      return;
    }
  if (run->has_watchers && model_chance (run, 4))
    model_operate_watchers (run, m);
  else if (what < 40)
    model_operate_tables (run, m);
  else if (what < 65)
    {
      id = model_any_of (run, &array_kind);
      if (id != 0 && what < 63)
        change_array (run, m, id);
      else
        make_array (run, m);
    }
  else if (what < 68)
    make_string (run, m);
  else if (what < 76)
    intern (run, m);
  else if (what < 80)
    make_weak_ref (run, m);
  else if (what < 86)
    {
      id = model_any_of (run, &weak_ref_kind);
      if (id != 0)
        ask_weak_ref (run, id);
    }
  else if (what < 98)
    {
      id = model_any_of (run, &root_set_kind);
      if (id != 0 && what < 96 && run->reach->len > 0)
        change_root_set (run, m, id);
      else if (id == 0 || what >= 96)
        make_root_set (run, m);
    }
  else
    model_drop_key (run);
}
