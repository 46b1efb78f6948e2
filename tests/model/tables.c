/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables, in the model: strong ones, those of ephemerons, those with weak values. */

#include <stdlib.h>
#include "model.h"

typedef struct
{
  Word     key;                 /* an object's id, a tagged word, or a text's number */
  Word     value;
  guint32  key_object;          /* the string that is the key, if the graph knows it */
  guint32  met;                 /* the last walk that met it */
  guint32  followed;            /* the last walk that visited its value */
  gpointer key_address;         /* as of that walk, or of when it was stored */
  gpointer value_address;
} Entry;

typedef struct
{
  GArray     *entries;          /* of Entry */
  GHashTable *places;           /* from key to place + 1 */
} Table;

static Table *
table_of (Run     *run,
          guint32  id)
{
  return model_node_of (run, id)->extra;
}

static Entry *
find (Table *table,
      Word   key)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (table->places, GUINT_TO_POINTER (key)));

  return place > 0 ? &g_array_index (table->entries, Entry, place - 1) : NULL;
}

static void
forget (Table *table,
        guint  place)
{
  GArray *entries = table->entries;

  g_hash_table_remove (table->places, GUINT_TO_POINTER (g_array_index (entries, Entry, place).key));
  if (place + 1 < entries->len)
    {
      Word last = g_array_index (entries, Entry, entries->len - 1).key;

      g_hash_table_insert (table->places, GUINT_TO_POINTER (last), GUINT_TO_POINTER (place + 1));
    }
  g_array_remove_index_fast (entries, place);
}

static void
forget_entry (Table *table,
              Entry *entry)
{
  forget (table, entry - &g_array_index (table->entries, Entry, 0));
}

static GcTableFlags
flags_of (Run     *run,
          guint32  id)
{
  return model_node_of (run, id)->kind - model_tables;
}

static gboolean
is_id (Word word)
{
  return word != 0 && !(word & (WORD_TAGGED | WORD_TEXT));
}

/* Whether only the table's own strength keeps the entry. */
static gboolean
is_weak (GcTableFlags  flags,
         const Entry  *entry)
{
  return flags == GC_TABLE_WEAK_KEYS ? is_id (entry->key) :
         flags == GC_TABLE_WEAK_VALUES && is_id (entry->value);
}

static void
text_of (Word  key,
         char *text)
{
  /* Some are longer than others. */
  g_snprintf (text, 64, "key-%u-%.*s", key & ~WORD_TEXT, (int) (key % 20), "abcdefghijklmnopqrst");
}

/* The key, as the graph calls it. */
static Word
word_of (Run      *run,
         gpointer  key)
{
  if (gc_is_tagged (key))
    return WORD_TAGGED | (guint32) ((gsize) key >> 3);
  if (GC_IS_STRING (key))
    return WORD_TEXT | (guint32) atoi (gc_string_get_text (key) + strlen ("key-"));
  return model_id_of (run, key);
}

/* Meets the entries that are there. They come in the order of addresses, which is another
 * one each time: nothing but this may depend on it. */
static void
meet_entries (Run     *run,
              guint32  id)
{
  GcTable *real = model_node_of (run, id)->address;
  Table *table = table_of (run, id);
  GcTableIter iter;
  gpointer key, value;
  guint n = 0;

  gc_table_iter_init (&iter, real);
  while (gc_table_iter_next (&iter, &key, &value))
    {
      Word word = word_of (run, key);
      Entry *entry = find (table, word);

      if (entry == NULL || entry->met == run->walk)
        model_fail (run, "table %u has the key 0x%x%s", id, word, entry != NULL ? " twice" : "");
      entry->met = run->walk;
      entry->key_address = key;
      entry->value_address = value;
      n++;
    }
  if (gc_table_get_size (real) < n || (run->is_thorough && gc_table_get_size (real) != n))
    model_fail (run, "table %u says it has %" G_GSIZE_FORMAT " entries and has %u", id,
                gc_table_get_size (real), n);
}

static void
follow_entry (Run          *run,
              guint32       id,
              GcTableFlags  flags,
              const Entry  *entry)
{
  if (entry->key_object != 0)
    model_visit (run, entry->key_object, entry->key_address);
  else if (is_id (entry->key) && flags == GC_TABLE_WEAK_KEYS)
    model_sight (run, id, entry->key, entry->key_address);
  else if (is_id (entry->key))
    model_visit (run, entry->key, entry->key_address);

  if (!is_weak (flags, entry))
    model_compare (run, id, entry->value, entry->value_address);
  else if (flags == GC_TABLE_WEAK_VALUES)
    {
      model_sight (run, id, entry->value, entry->value_address);
      g_array_append_val (run->weak, entry->value);
    }
  else if (!is_id (entry->value) && entry->value_address != model_real (run, entry->value))
    model_fail (run, "table %u has another value for the key 0x%x", id, entry->key);
}

/* What the collector may have cleared is forgotten. */
static void
follow_table (Run     *run,
              guint32  id)
{
  GcTableFlags flags = flags_of (run, id);
  Table *table = table_of (run, id);

  meet_entries (run, id);
  for (guint i = table->entries->len; i-- > 0; )
    {
      const Entry entry = g_array_index (table->entries, Entry, i);
      Word gone = flags == GC_TABLE_WEAK_KEYS ? entry.key : entry.value;

      if (entry.met == run->walk)
        {
          follow_entry (run, id, flags, &entry);
          continue;
        }
      if (!is_weak (flags, &entry))
        model_fail (run, "table %u lost the key 0x%x, which is strong", id, entry.key);
      g_array_append_val (run->lost, gone);
      /* With a key that a guardian brings back the entry is there again. */
      if (flags == GC_TABLE_WEAK_VALUES || !run->has_watchers || model_node_of (run, gone)->is_gone)
        forget (table, i);
    }
}

/* Ephemerons whose keys were reached by now. */
static gboolean
follow_ephemerons (Run     *run,
                   guint32  id)
{
  Table *table = table_of (run, id);
  gboolean is_new = FALSE;

  if (flags_of (run, id) != GC_TABLE_WEAK_KEYS)
    return FALSE;
  for (guint i = 0; i < table->entries->len; i++)
    {
      Entry *entry = &g_array_index (table->entries, Entry, i);

      if (!is_id (entry->key) || entry->followed == run->walk ||
          model_node_of (run, entry->key)->seen != run->walk)
        continue;
      if (entry->met != run->walk)
        model_fail (run, "table %u lost the key 0x%x, which is reachable", id, entry->key);
      entry->followed = run->walk;
      if (!is_id (entry->value))
        continue;
      is_new |= model_node_of (run, entry->value)->seen != run->walk;
      model_compare (run, id, entry->value, entry->value_address);
    }
  return is_new;
}

static void
edges (Run     *run,
       guint32  id,
       void   (*func) (Run *run, guint32 id))
{
  Table *table = table_of (run, id);

  for (guint i = 0; i < table->entries->len; i++)
    {
      const Entry entry = g_array_index (table->entries, Entry, i);

      if (is_id (entry.key))
        func (run, entry.key);
      if (is_id (entry.value))
        func (run, entry.value);
      if (entry.key_object != 0)
        func (run, entry.key_object);
    }
}

static gboolean
is_kept (Run     *run,
         guint32  id)
{
  const Node *node = model_node_of (run, id);

  return node->seen == run->walk || node->kept == run->walk;
}

/* Notes the values whose tables and keys are reached, or noted. */
void
model_note_ephemerons (Run   *run,
                       void (*note) (Run     *run,
                                     guint32  id))
{
  for (guint i = 0; i < run->tables->len; i++)
    {
      guint32 id = g_array_index (run->tables, guint32, i);
      Table *table = table_of (run, id);

      if (!is_kept (run, id))
        continue;
      for (guint k = 0; k < table->entries->len; k++)
        {
          const Entry entry = g_array_index (table->entries, Entry, k);

          if (is_id (entry.key) && is_id (entry.value) && is_kept (run, entry.key))
            note (run, entry.value);
        }
    }
}

static guint
hidden (gpointer extra)
{
  Table *table = extra;
  guint n = 1;

  for (guint i = 0; i < table->entries->len; i++)
    {
      const Entry *entry = &g_array_index (table->entries, Entry, i);

      n += entry->key & WORD_TEXT && !(entry->key & WORD_TAGGED) && entry->key_object == 0;
    }
  return n;
}

static void
free_table (gpointer extra)
{
  Table *table = extra;

  g_array_unref (table->entries);
  g_hash_table_unref (table->places);
  g_free (table);
}

static const KindOps table_ops = { follow_table, follow_ephemerons, edges, hidden, free_table };

/* In the order of GcTableFlags. */
const Kind model_tables[] = {
  { "table", gc_table_get_type, KIND_OTHER, .ops = &table_ops },
  { "weak-key table", gc_table_get_type, KIND_OTHER, .ops = &table_ops },
  { "weak-value table", gc_table_get_type, KIND_OTHER, .ops = &table_ops },
};

static void
make_table (Run        *run,
            GcMutation *m)
{
  GcTableFlags flags = model_pick (run, 3);
  guint32 id = model_add_node (run, &model_tables[flags], gc_table_new (m, flags), 0);
  Table *table = g_new (Table, 1);

  table->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  table->places = g_hash_table_new (NULL, NULL);
  model_node_of (run, id)->extra = table;
  if (flags == GC_TABLE_WEAK_KEYS)
    g_array_append_val (run->tables, id);
  run->n_containers++;
  model_keep (run, m, id);
}

/* A key: any object that says who it is, a small number, or a text. */
static Word
any_key (Run *run)
{
  guint how = model_pick (run, 10);

  for (guint i = 0; how < 7 && i < 4; i++)
    {
      guint32 id = model_any (run);

      if (id != 0 && !(model_node_of (run, id)->kind->flags & KIND_OTHER))
        return id;
    }
  return how < 8 ? WORD_TAGGED | model_pick (run, 50) : WORD_TEXT | model_pick (run, 50);
}

/* One of the table's own keys that may be used, else any. */
static Word
known_key (Run   *run,
           Table *table)
{
  if (table->entries->len > 0)
    {
      Word key = g_array_index (table->entries, Entry, model_pick (run, table->entries->len)).key;

      if (!is_id (key) || model_node_of (run, key)->seen == run->walk)
        return key;
    }
  return any_key (run);
}

static void
insert (Run     *run,
        guint32  id,
        Word     key,
        Word     value)
{
  GcTable *real = model_node_of (run, id)->address;
  Table *table = table_of (run, id);
  gpointer real_value = model_real (run, value);
  Entry *entry = find (table, key);
  char text[64];

  if (key & WORD_TEXT && !(key & WORD_TAGGED))
    {
      text_of (key, text);
      gc_table_insert_string (real, text, real_value);
    }
  else if (model_chance (run, 2))
    gc_table_insert (real, model_real (run, key), real_value);
  else if (!gc_table_try_insert (real, model_real (run, key), real_value, NULL))
    model_fail (run, "table %u takes nothing", id);

  if (entry == NULL)
    {
      Entry new_entry = { .key = key, .met = run->walk };

      g_array_append_val (table->entries, new_entry);
      g_hash_table_insert (table->places, GUINT_TO_POINTER (key), GUINT_TO_POINTER (table->entries->len));
      entry = &g_array_index (table->entries, Entry, table->entries->len - 1);
    }
  entry->value = value;
  entry->key_address = is_id (key) ? model_real (run, key) : NULL;
  entry->value_address = real_value;
  entry->followed = run->walk;
}

/* Makes what a weak table leads to strong. */
static void
use (Run        *run,
     GcMutation *m,
     guint32     id,
     gpointer    real)
{
  if (model_node_of (run, id)->seen != run->walk)
    {
      model_reach_from (run, id, real);
      run->figures.resurrected++;
    }
  model_keep (run, m, id);
}

static void
look_up (Run        *run,
         GcMutation *m,
         guint32     id)
{
  GcTable *real = model_node_of (run, id)->address;
  Table *table = table_of (run, id);
  Word key = known_key (run, table);
  gboolean is_text = key & WORD_TEXT && !(key & WORD_TAGGED);
  Entry *entry = find (table, key);
  gpointer value;
  gboolean is_there;
  char text[64];

  text_of (key, text);
  value = is_text ? gc_table_lookup_string (real, text) : gc_table_lookup (real, model_real (run, key));
  is_there = is_text ? gc_table_contains_string (real, text) : gc_table_contains (real, model_real (run, key));
  if (entry == NULL)
    {
      if (is_there || value != NULL)
        model_fail (run, "table %u has the key 0x%x", id, key);
      return;
    }
  if (!is_there)
    {
      if (flags_of (run, id) != GC_TABLE_WEAK_VALUES || !is_id (entry->value) ||
          (model_node_of (run, entry->value)->seen == run->walk &&
           !model_node_of (run, entry->value)->may_be_lost))
        model_fail (run, "table %u lost the key 0x%x", id, key);
      model_lose (run, entry->value);
      forget_entry (table, entry);
      return;
    }
  if (!is_id (entry->value))
    {
      if (value != model_real (run, entry->value))
        model_fail (run, "table %u gives %p for the key 0x%x", id, value, key);
      return;
    }
  model_sight (run, id, entry->value, value);
  use (run, m, entry->value, value);
}

static void
take_out (Run     *run,
          guint32  id)
{
  GcTable *real = model_node_of (run, id)->address;
  Table *table = table_of (run, id);
  Word key = known_key (run, table);
  Entry *entry = find (table, key);
  gboolean was_there;
  char text[64];

  text_of (key, text);
  was_there = key & WORD_TEXT && !(key & WORD_TAGGED) ? gc_table_remove_string (real, text) :
                                                        gc_table_remove (real, model_real (run, key));
  if (was_there != (entry != NULL) &&
      (was_there || flags_of (run, id) != GC_TABLE_WEAK_VALUES || !is_id (entry->value) ||
       (model_node_of (run, entry->value)->seen == run->walk &&
        !model_node_of (run, entry->value)->may_be_lost)))
    model_fail (run, "table %u %s the key 0x%x to remove", id, was_there ? "had" : "lacked", key);
  if (entry != NULL)
    forget_entry (table, entry);
}

/* Goes through a table for one of its keys, and makes that strong: also one that nothing else
 * leads to. */
static void
pick_key (Run        *run,
          GcMutation *m,
          guint32     id)
{
  Table *table = table_of (run, id);
  GcTableIter iter;
  gpointer key;
  Word wanted;

  if (table->entries->len == 0)
    return;
  wanted = g_array_index (table->entries, Entry, model_pick (run, table->entries->len)).key;
  gc_table_iter_init (&iter, model_node_of (run, id)->address);
  while (gc_table_iter_next (&iter, &key, NULL))
    if (word_of (run, key) == wanted)
      {
        if (is_id (wanted))
          use (run, m, wanted, key);
        return;
      }
}

static void
remove_some (Run     *run,
             guint32  id)
{
  Table *table = table_of (run, id);
  guint salt = model_pick (run, 1000);
  GcTableIter iter;
  gpointer key;

  gc_table_iter_init (&iter, model_node_of (run, id)->address);
  while (gc_table_iter_next (&iter, &key, NULL))
    {
      Entry *entry = find (table, word_of (run, key));

      if (entry == NULL)
        model_fail (run, "table %u has an entry that was not made", id);
      if (model_check_of (entry->key + salt) % 3 == 0)
        {
          gc_table_iter_remove (&iter);
          entry->met = G_MAXUINT32;
        }
    }
  for (guint i = table->entries->len; i-- > 0; )
    if (g_array_index (table->entries, Entry, i).met == G_MAXUINT32)
      forget (table, i);
}

static void
clear (Run     *run,
       guint32  id)
{
  Table *table = table_of (run, id);

  gc_table_clear (model_node_of (run, id)->address);
  g_array_set_size (table->entries, 0);
  g_hash_table_remove_all (table->places);
}

/* Makes a table, or does something with one. */
void
model_operate_tables (Run        *run,
                      GcMutation *m)
{
  guint32 id = model_any_of (run, &model_tables[model_pick (run, 3)]);
  guint what = model_pick (run, 100);
  guint n = 1;

  if (id == 0)
    {
      make_table (run, m);
      return;
    }
  if (what < 45)
    {
      if (what == 0)
        n = 1 + model_pick (run, run->target);
      while (n-- > 0)
        {
          Word value = model_any_word (run);

          if (n > 1)
            value = model_make (run, m, model_kind_of (model_object_get_type), 0);
          insert (run, id, model_chance (run, 3) ? known_key (run, table_of (run, id)) : any_key (run), value);
          if (n > 1 && model_chance (run, 2))
            {
              /* A value that is the next one's key: a chain of ephemerons. */
              guint32 link = model_make (run, m, model_kind_of (model_object_get_type), 0);

              insert (run, id, value, link);
            }
        }
    }
  else if (what < 70)
    look_up (run, m, id);
  else if (what < 85)
    take_out (run, id);
  else if (what < 94)
    pick_key (run, m, id);
  else if (what < 97)
    remove_some (run, id);
  else if (what < 98)
    clear (run, id);
  else
    make_table (run, m);
}
