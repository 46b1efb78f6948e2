/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Going through a table's entries: with an iterator in C, by a function or lists for
 * everybody. */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-table-private.h"

/* The next entry from *index on, or NULL. */
static GcEntry *
next_entry (GcTable *self,
            gsize   *index)
{
  GcHeap *heap = gc_heap_of (self);
  gsize room = gc_table_get_room (self->storage, self->flags);

  while (*index < room)
    {
      GcEntry *entry = gc_table_get_entry (self->storage, self->flags, (*index)++);

      if (gc_table_is_entry (heap, self->flags, entry))
        return entry;
    }
  return NULL;
}

/* Inside a scope. What works places out anew does so now, and not in the middle. Weak
 * keys lead a program to objects that it has no reference to. */
static void
begin_walk (GcTable *self)
{
  gc_table_refresh (self, gc_arena_get_innermost (gc_arena_of (self)));
  if (self->flags == GC_TABLE_WEAK_KEYS)
    gc_heap_settle (gc_heap_of (self));
}

static gpointer
only_object (gpointer word)
{
  return gc_is_ref (word) ? word : NULL;
}

/* Copies keys, values or both, with NULL for what is no object. The n-th of the one belongs
 * to the n-th of the other. */
static gsize
copy (GcTable    *self,
      GcObject ***keys,
      GcObject ***values)
{
  gsize index = 0, n = 0, size;
  GcEntry *entry;
  GcScope scope;

  gc_scope_enter (&scope, gc_arena_of (self));
  begin_walk (self);
  size = gc_table_count (self);
  if (keys != NULL)
    *keys = g_new0 (GcObject *, size + 1);
  if (values != NULL)
    *values = g_new0 (GcObject *, size + 1);
  while (n < size && (entry = next_entry (self, &index)) != NULL)
    {
      if (keys != NULL)
        (*keys)[n] = only_object (entry->key);
      if (values != NULL)
        (*values)[n] = only_object (entry->value);
      n++;
    }
  gc_scope_leave (&scope);
  return n;
}

/**
 * gc_table_list_keys:
 * @self: a table
 * @n: (out): how many there are
 *
 * Gives all keys, in no particular order. They are alive as long as the table keeps them
 * or, in C, the scope lasts: where several threads use the arena, or keys are weak, call this
 * inside of a scope. Tagged words are %NULL in the list.
 *
 * Returns: (transfer container) (array length=n): the keys
 *
 * Since: 0.1
 */
GcObject **
gc_table_list_keys (GcTable *self,
                    gsize   *n)
{
  GcObject **keys;

  g_return_val_if_fail (n != NULL, NULL);
  *n = 0;
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), NULL);

  *n = copy (self, &keys, NULL);
  return keys;
}

/**
 * gc_table_list_values:
 * @self: a table
 * @n: (out): how many there are
 *
 * Gives all values, in the order of gc_table_list_keys() as long as nothing changes the
 * table. What is said there on their life holds here too.
 *
 * Returns: (transfer container) (array length=n): the values
 *
 * Since: 0.1
 */
GcObject **
gc_table_list_values (GcTable *self,
                      gsize   *n)
{
  GcObject **values;

  g_return_val_if_fail (n != NULL, NULL);
  *n = 0;
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), NULL);

  *n = copy (self, NULL, &values);
  return values;
}

/**
 * gc_table_foreach:
 * @self: a table
 * @func: (scope call) (closure user_data): what to do
 * @user_data: data for @func
 *
 * Calls @func for each entry that there is now, in no particular order, inside a
 * scope and with collection inhibited. It may change the table; that does
 * not change which entries it sees.
 *
 * Since: 0.1
 */
void
gc_table_foreach (GcTable     *self,
                  GcTableFunc  func,
                  gpointer     user_data)
{
  g_autofree GcObject **keys = NULL;
  g_autofree GcObject **values = NULL;
  GcArena *arena;
  GcMutation *m;
  gsize n;

  g_return_if_fail (gc_is_a (self, GC_TYPE_TABLE));
  g_return_if_fail (func != NULL);
  g_return_if_fail (!gc_arena_is_finalizing ());

  arena = g_object_ref (gc_arena_of (self));
  gc_arena_inhibit (arena);
  m = gc_arena_lend (arena);
  n = copy (self, &keys, &values);
  for (gsize i = 0; i < n; i++)
    func (keys[i], values[i], user_data);
  gc_arena_take_back (arena, m);
  gc_arena_uninhibit (arena);
  g_object_unref (arena);
}

/**
 * gc_table_iter_init: (skip)
 * @iter: an iterator on the stack
 * @table: a table
 *
 * Begins to go through a table's entries, in no particular order and inside a scope.
 *
 * |[<!-- language="C" -->
 * GcTableIter iter;
 * gpointer key, value;
 *
 * gc_table_iter_init (&iter, table);
 * while (gc_table_iter_next (&iter, &key, &value))
 *   if (demo_is_old (value))
 *     gc_table_iter_remove (&iter);
 * ]|
 *
 * Until the end nothing but gc_table_iter_remove() may add or remove entries, and
 * there may be no safe point.
 *
 * Since: 0.1
 */
void
gc_table_iter_init (GcTableIter *iter,
                    GcTable     *table)
{
  g_return_if_fail (iter != NULL);
  *iter = (GcTableIter) { NULL, NULL, 0, NULL };
  g_return_if_fail (gc_is_a (table, GC_TYPE_TABLE));
  g_return_if_fail (gc_object_can_read_ (table));

  gc_heap_lock (gc_slab_of (table)->heap);
  begin_walk (table);
  iter->table = table;
  iter->storage = table->storage;
  gc_heap_unlock (gc_slab_of (table)->heap);
}

/**
 * gc_table_iter_next: (skip)
 * @iter: an iterator
 * @key: (out) (optional): the key, an object or a tagged word
 * @value: (out) (optional) (nullable): its value, an object, a tagged word, or %NULL
 *
 * Goes to the next entry.
 *
 * Returns: %FALSE if there is none
 *
 * Since: 0.1
 */
gboolean
gc_table_iter_next (GcTableIter *iter,
                    gpointer    *key,
                    gpointer    *value)
{
  GcTable *table;
  GcEntry *entry;

  g_return_val_if_fail (iter != NULL, FALSE);
  table = iter->table;
  g_return_val_if_fail (table != NULL, FALSE);
  g_return_val_if_fail (gc_object_can_read_ (table), FALSE);
  /* The table was changed and its entries have other places. */
  g_return_val_if_fail (iter->storage == table->storage, FALSE);

  entry = next_entry (table, &iter->index);
  if (entry == NULL)
    return FALSE;
  if (key != NULL)
    *key = entry->key;
  if (value != NULL)
    *value = entry->value;
  return TRUE;
}

/**
 * gc_table_iter_remove: (skip)
 * @iter: an iterator
 *
 * Removes the entry that gc_table_iter_next() gave last.
 *
 * Since: 0.1
 */
void
gc_table_iter_remove (GcTableIter *iter)
{
  GcTable *table;
  GcEntry *entry;

  g_return_if_fail (iter != NULL && iter->index > 0);
  table = iter->table;
  g_return_if_fail (gc_object_can_read_ (table));
  g_return_if_fail (iter->storage == table->storage);

  entry = gc_table_get_entry (table->storage, table->flags, iter->index - 1);
  g_return_if_fail (gc_table_is_entry (gc_heap_of (table), table->flags, entry));
  gc_heap_lock (gc_slab_of (table)->heap);
  gc_table_take_out (table, entry);
  gc_heap_unlock (gc_slab_of (table)->heap);
}
