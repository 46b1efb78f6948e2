/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A table's keys as text: for those that are strings, and without making one where none is
 * needed. */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-table-private.h"

/**
 * gc_table_insert_string: (skip)
 * @self: a table
 * @key: UTF-8 text
 * @value: (nullable): an object of the table's arena, a tagged word, or %NULL
 *
 * Makes an entry whose key is a new #GcString, or gives the one of an equal key another
 * value.
 *
 * Since: 0.1
 */
void
gc_table_insert_string (GcTable    *self,
                        const char *key,
                        gpointer    value)
{
  g_return_if_fail (gc_is_a (self, GC_TYPE_TABLE));
  g_return_if_fail (key != NULL && g_utf8_validate (key, -1, NULL));
  g_return_if_fail (!gc_arena_is_finalizing ());

  gc_table_insert_any (self, NULL, key, value, G_STRFUNC);
}

/**
 * gc_table_try_insert_string: (rename-to gc_table_insert_string)
 * @self: a table
 * @key: UTF-8 text
 * @value: (type GcObj.Object) (nullable): an object of the table's arena
 * @error: return location for an error
 *
 * Makes an entry whose key is a new #GcString, or gives the one of an equal key another
 * value.
 *
 * Returns: %TRUE; %FALSE with %GC_ERROR_RANGE if @key is not UTF-8,
 *   %GC_ERROR_WRONG_ARENA, or the errors of gc_object_try_new()
 *
 * Since: 0.1
 */
gboolean
gc_table_try_insert_string (GcTable     *self,
                            const char  *key,
                            gpointer     value,
                            GError     **error)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return gc_table_try_insert_any (self, NULL, key, value, error);
}

/**
 * gc_table_lookup_string: (skip)
 * @self: a table
 * @key: text
 *
 * Gives the value of the key that is a #GcString of this text, inside a scope.
 *
 * Returns: (transfer none) (nullable): the object, a tagged word, or %NULL
 *
 * Since: 0.1
 */
gpointer
gc_table_lookup_string (GcTable    *self,
                        const char *key)
{
  gpointer value;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), NULL);
  g_return_val_if_fail (gc_object_can_read_ (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  gc_table_act (self, NULL, key, GC_TABLE_LOOK, &value);
  return value;
}

/**
 * gc_table_lookup_string_dup: (rename-to gc_table_lookup_string)
 * @self: a table
 * @key: text
 *
 * Gives a new reference to the value of the key that is a #GcString of this text.
 *
 * Returns: (transfer full) (nullable): the object; %NULL if there is none, and for a
 *   tagged word
 *
 * Since: 0.1
 */
GcObject *
gc_table_lookup_string_dup (GcTable    *self,
                            const char *key)
{
  gpointer value;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  gc_table_act (self, NULL, key, GC_TABLE_TAKE_REFERENCE, &value);
  return value;
}

/**
 * gc_table_contains_string:
 * @self: a table
 * @key: text
 *
 * Whether there is an entry whose key is a #GcString of this text.
 *
 * Returns: %TRUE if there is
 *
 * Since: 0.1
 */
gboolean
gc_table_contains_string (GcTable    *self,
                          const char *key)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  return gc_table_act (self, NULL, key, GC_TABLE_LOOK, NULL);
}

/**
 * gc_table_remove_string:
 * @self: a table
 * @key: text
 *
 * Removes the entry whose key is a #GcString of this text.
 *
 * Returns: whether there was one
 *
 * Since: 0.1
 */
gboolean
gc_table_remove_string (GcTable    *self,
                        const char *key)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_TABLE), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);

  return gc_table_act (self, NULL, key, GC_TABLE_TAKE_OUT, NULL);
}
