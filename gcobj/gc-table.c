/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-table-private.h"

/**
 * SECTION:gc-table
 * @Title: GcTable
 * @Short_description: A hash table of objects, also a weak one
 *
 * |[<!-- language="C" -->
 * GcTable *cache = gc_table_new (m, GC_TABLE_WEAK_VALUES);
 *
 * gc_table_insert_string (cache, "logo.png", image);
 * image = gc_table_lookup_string (cache, "logo.png");     // NULL once nothing else holds it
 * ]|
 *
 * # Keys and values
 *
 * A key is any object, by which object it is; except that a #GcString is
 * compared by its text. In C a key may also be a tagged word, such as gc_tag_int() makes, other
 * than `(gpointer) 2`. A value is an object, %NULL, or in C a tagged word; scripts see a
 * tagged word as null. Keys and values are of the table's arena. The functions that take a key
 * as text save making a string where none is needed.
 *
 * # Weak tables
 *
 * In a table with weak keys (%GC_TABLE_WEAK_KEYS) an entry is an ephemeron (Hayes 1997): it
 * goes when nothing leads to the key but values of entries that go as well. It is the
 * way to hang data on objects from outside. In a table with weak values
 * (%GC_TABLE_WEAK_VALUES), a cache, an entry goes with its value. What is not an object does not
 * die; nor do strings as keys, since an equal one can be made at any time.
 *
 * Weak values go before guardians resurrect, like all weak references; weak keys
 * after that, so that what a #GcGuardian delivers still has what hangs on it.
 * Both are out of a program's sight as soon as it is known that they go.
 *
 * # Costs
 *
 * An entry takes 16 bytes (with weak keys 24, and 8 more beside the heap), of at most
 * three quarters of the room. The table grows in one go by whoever adds to it; marking and
 * clearing go in short slices however large it is.
 *
 * # Threads
 *
 * Several threads may call functions of one table; a #GcTableIter is for a table that no other thread changes.
 */

/**
 * GcTable: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * A hash table of objects. Its structure is private.
 *
 * Since: 0.1
 */
typedef struct
{
  GcObjectClass parent_class;
} GcTableClass;

GC_DECLARE_CLASS_ (GcTable, gc_table)
GC_DEFINE_TYPE (GcTable, gc_table, GC_TYPE_OBJECT,
                GC_FIELD (GcTable, storage))

static gboolean
check_word (GcArena        *arena,
            gconstpointer   word,
            GError        **error)
{
  if (!gc_is_ref (word) || gc_arena_of (word) == arena)
    return TRUE;
  g_set_error_literal (error, GC_ERROR, GC_ERROR_WRONG_ARENA,
                       "The key or the value is not an object of the table's arena");
  return FALSE;
}

static gboolean
is_key (gconstpointer key)
{
  return key != NULL && key != GC_TOMBSTONE;
}

/**
 * gc_table_new:
 * @m: a mutation
 * @flags: what the table keeps alive; keys and values can't both be weak
 *
 * Makes an empty table.
 *
 * Returns: (transfer none): the table, unowned; %NULL, with a critical warning, if @m is
 *   finished
 *
 * Since: 0.1
 */
GcTable *
gc_table_new (GcMutation   *m,
              GcTableFlags  flags)
{
  GcTable *self;

  g_return_val_if_fail (flags == GC_TABLE_STRONG || flags == GC_TABLE_WEAK_KEYS ||
                        flags == GC_TABLE_WEAK_VALUES, NULL);

  self = gc_new (m, GcTable);
  if (self != NULL)
    self->flags = flags;
  return self;
}

/**
 * gc_table_get_flags:
 * @self: a table
 *
 * Gives what the table keeps alive.
 *
 * Returns: the flags given to gc_table_new()
 *
 * Since: 0.1
 */
GcTableFlags
gc_table_get_flags (GcTable *self)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), GC_TABLE_STRONG);

  return self->flags;
}

/**
 * gc_table_get_size:
 * @self: a table
 *
 * Gives how many entries there are. While the collector clears weak tables those count
 * that it has not come to yet.
 *
 * Returns: the number of entries
 *
 * Since: 0.1
 */
gsize
gc_table_get_size (GcTable *self)
{
  GcScope scope;
  gsize n;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), 0);

  gc_scope_enter (&scope, gc_arena_of (self));
  n = gc_table_count (self);
  gc_scope_leave (&scope);
  return n;
}

/* What insertion comes to, by an object or by text. Without @memory_error, no memory is fatal. */
static gboolean
insert (GcTable     *self,
        gpointer     key,
        const char  *text,
        gpointer     value,
        GError     **error,
        GError     **memory_error)
{
  gboolean is_done;
  GcMutation *m;
  GcScope scope;

  m = gc_scope_enter (&scope, gc_arena_of (self));
  is_done = check_word (scope.arena, key, error) && check_word (scope.arena, value, error);
  if (is_done)
    {
      GcTableKey wanted = text != NULL ? gc_table_key_from_text (text) : gc_table_key_from_word (key);

      is_done = gc_table_put (self, m, &wanted, value, memory_error);
    }
  gc_scope_leave (&scope);
  return is_done;
}

gboolean
gc_table_try_insert_any (GcTable     *self,
                         gpointer     key,
                         const char  *text,
                         gpointer     value,
                         GError     **error)
{
  GError *local_error = NULL;

  if ((text == NULL || gc_check_utf8 (text, strlen (text), &local_error)) &&
      insert (self, key, text, value, &local_error, &local_error))
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

/* The form in which an error is a mistake of the program. */
void
gc_table_insert_any (GcTable    *self,
                     gpointer    key,
                     const char *text,
                     gpointer    value,
                     const char *function)
{
  GError *error = NULL;

  insert (self, key, text, value, &error, NULL);
  if (error == NULL)
    return;
  g_critical ("%s: %s", function, error->message);
  g_error_free (error);
}

/**
 * gc_table_insert: (skip)
 * @self: a table
 * @key: an object of the table's arena, or a tagged word
 * @value: (nullable): an object of the table's arena, a tagged word, or %NULL
 *
 * Makes an entry, or gives the one of an equal key another value; that keeps its key.
 *
 * Since: 0.1
 */
void
gc_table_insert (GcTable  *self,
                 gpointer  key,
                 gpointer  value)
{
  g_return_if_fail (gc_is_a (self, GC_TYPE_TABLE));
  g_return_if_fail (is_key (key));
  g_return_if_fail (!gc_arena_is_finalizing ());

  gc_table_insert_any (self, key, NULL, value, G_STRFUNC);
}

/**
 * gc_table_try_insert: (rename-to gc_table_insert)
 * @self: a table
 * @key: (type GcObj.Object): an object of the table's arena
 * @value: (type GcObj.Object) (nullable): an object of the table's arena
 * @error: return location for an error
 *
 * Makes an entry, or gives the one of an equal key another value; that keeps its key.
 *
 * Returns: %TRUE; %FALSE with %GC_ERROR_WRONG_ARENA, or the errors of gc_object_try_new()
 *
 * Since: 0.1
 */
gboolean
gc_table_try_insert (GcTable   *self,
                     gpointer   key,
                     gpointer   value,
                     GError   **error)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), FALSE);
  g_return_val_if_fail (is_key (key), FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return gc_table_try_insert_any (self, key, NULL, value, error);
}

/* Finds an entry and does something with it, in a scope. Whether there is one. */
gboolean
gc_table_act (GcTable       *self,
              gpointer       key,
              const char    *text,
              GcTableAction  action,
              gpointer      *value)
{
  GcTableKey wanted;
  GcEntry *entry;
  GcMutation *m;
  GcScope scope;

  m = gc_scope_enter (&scope, gc_arena_of (self));
  wanted = text != NULL ? gc_table_key_from_text (text) : gc_table_key_from_word (key);
  entry = gc_table_find (self, m, &wanted);
  if (value != NULL)
    *value = entry == NULL ? NULL : entry->value;
  if (action == GC_TABLE_TAKE_REFERENCE)
    *value = gc_is_ref (*value) ? gc_object_ref (*value) : NULL;
  if (action == GC_TABLE_TAKE_OUT && entry != NULL)
    {
      gc_table_take_out (self, entry);
      gc_table_shrink (self, m);
    }
  gc_scope_leave (&scope);
  return entry != NULL;
}

/* A key to look for; one of another arena is in no table of this one. */
static gboolean
check_key (GcTable  *self,
           gpointer  key)
{
  return is_key (key) && check_word (gc_arena_of (self), key, NULL);
}

/**
 * gc_table_lookup: (skip)
 * @self: a table
 * @key: an object of the table's arena, or a tagged word
 *
 * Gives the value of a key, inside a scope. gc_table_contains() tells a value of %NULL
 * from none.
 *
 * Returns: (transfer none) (nullable): the object, a tagged word, or %NULL
 *
 * Since: 0.1
 */
gpointer
gc_table_lookup (GcTable  *self,
                 gpointer  key)
{
  gpointer value;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), NULL);
  g_return_val_if_fail (gc_object_can_read_ (self), NULL);
  g_return_val_if_fail (check_key (self, key), NULL);

  gc_table_act (self, key, NULL, GC_TABLE_LOOK, &value);
  return value;
}

/**
 * gc_table_lookup_dup: (rename-to gc_table_lookup)
 * @self: a table
 * @key: (type GcObj.Object): an object of the table's arena
 *
 * Gives a new reference to the value of a key.
 *
 * Returns: (transfer full) (nullable): the object; %NULL if there is none, and for a
 *   tagged word
 *
 * Since: 0.1
 */
GcObject *
gc_table_lookup_dup (GcTable  *self,
                     gpointer  key)
{
  gpointer value;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), NULL);
  g_return_val_if_fail (check_key (self, key), NULL);

  gc_table_act (self, key, NULL, GC_TABLE_TAKE_REFERENCE, &value);
  return value;
}

/**
 * gc_table_contains:
 * @self: a table
 * @key: (type GcObj.Object): an object of the table's arena, in C also a tagged word
 *
 * Whether there is an entry of this key.
 *
 * Returns: %TRUE if there is
 *
 * Since: 0.1
 */
gboolean
gc_table_contains (GcTable  *self,
                   gpointer  key)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), FALSE);
  g_return_val_if_fail (check_key (self, key), FALSE);

  return gc_table_act (self, key, NULL, GC_TABLE_LOOK, NULL);
}

/**
 * gc_table_remove:
 * @self: a table
 * @key: (type GcObj.Object): an object of the table's arena, in C also a tagged word
 *
 * Removes an entry.
 *
 * Returns: whether there was one
 *
 * Since: 0.1
 */
gboolean
gc_table_remove (GcTable  *self,
                 gpointer  key)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), FALSE);
  g_return_val_if_fail (check_key (self, key), FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);

  return gc_table_act (self, key, NULL, GC_TABLE_TAKE_OUT, NULL);
}

/**
 * gc_table_clear:
 * @self: a table
 *
 * Removes all entries.
 *
 * Since: 0.1
 */
void
gc_table_clear (GcTable *self)
{
  GcScope scope;

  g_return_if_fail (gc_is_a (self, GC_TYPE_TABLE));
  g_return_if_fail (!gc_arena_is_finalizing ());

  gc_scope_enter (&scope, gc_arena_of (self));
  gc_table_empty (self);
  gc_scope_leave (&scope);
}
