/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-array-private.h"
#include "gcobj/gc-check-private.h"

/**
 * SECTION:gc-array
 * @Title: GcArray
 * @Short_description: A growable array of objects
 *
 * |[<!-- language="C" -->
 * GcArray *children = gc_array_new (m);
 *
 * gc_array_append (children, ada);
 * gc_array_append (children, byron);
 * for (gsize i = 0; i < gc_array_get_length (children); i++)
 *   demo_person_print (gc_array_get (children, i));
 * ]|
 *
 * An array keeps what it holds alive. Its elements are objects of its own arena, %NULL, or, in
 * C, tagged words such as gc_tag_int() makes; scripts see a tagged word as null. However long
 * it is, it is marked in short slices.
 *
 * # Two forms of changing it
 *
 * In C an index out of range is a mistake of the program: a critical warning and no effect.
 * The `try` forms report it as %GC_ERROR_RANGE; scripts see only these, by the short
 * names. Both enter a scope by themselves where none is open.
 *
 * # Threads
 *
 * Several threads may call functions of one array; gc_array_get() and gc_array_peek() have no lock, and are
 * for an array that no other thread changes.
 */

/**
 * GcArray: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * A growable array of objects. Its structure is private.
 *
 * Since: 0.1
 */
typedef struct
{
  GcObjectClass parent_class;
} GcArrayClass;

GC_DECLARE_CLASS_ (GcArray, gc_array)
GC_DEFINE_TYPE (GcArray, gc_array, GC_TYPE_OBJECT,
                GC_FIELD (GcArray, slots))

gboolean
gc_array_check_value (GcArena        *arena,
                      gconstpointer   value,
                      GError        **error)
{
  if (!gc_is_ref (value) || gc_arena_of (value) == arena)
    return TRUE;
  g_set_error_literal (error, GC_ERROR, GC_ERROR_WRONG_ARENA,
                       "The value is not an object of the array's arena");
  return FALSE;
}

gboolean
gc_array_check_length (gsize    length,
                       GError **error)
{
  if (length <= GC_ARRAY_MAX_LENGTH)
    return TRUE;
  g_set_error (error, GC_ERROR, GC_ERROR_RANGE,
               "An array of %" G_GSIZE_FORMAT " elements is too long", length);
  return FALSE;
}

gboolean
gc_array_check_index (GcArray  *self,
                      gsize     index,
                      GError  **error)
{
  if (index < self->length)
    return TRUE;
  g_set_error (error, GC_ERROR, GC_ERROR_RANGE, "There is no element %" G_GSIZE_FORMAT " in an array of %u",
               index, self->length);
  return FALSE;
}

/* Makes room for exactly @n elements, of which there are not less already. Without an
 * error to set, no memory is fatal. */
gboolean
gc_array_set_room (GcArray     *self,
                   GcMutation  *m,
                   gsize        n,
                   GError     **error)
{
  GcSlots *slots = gc_slots_new (m, n, error);

  if (slots == NULL)
    return FALSE;
  if (self->length > 0)
    gc_slots_copy (slots, 0, self->slots->items, self->length);
  gc_set (self, slots, slots);
  return TRUE;
}

/**
 * gc_array_new:
 * @m: a mutation
 *
 * Makes an empty array.
 *
 * Returns: (transfer none): the array, unowned; %NULL, with a critical warning, if @m
 *   is finished
 *
 * Since: 0.1
 */
GcArray *
gc_array_new (GcMutation *m)
{
  return gc_new (m, GcArray);
}

/**
 * gc_array_new_sized: (constructor)
 * @m: a mutation
 * @length: how many elements
 * @error: return location for an error
 *
 * Makes an array of elements that are %NULL. An array has at most 2³¹ - 1.
 *
 * Returns: (transfer none): the array, unowned; %NULL with %GC_ERROR_RANGE if @length is
 *   too large, %GC_ERROR_NOT_MUTATING if @m is finished, or the errors of gc_object_try_new()
 *
 * Since: 0.1
 */
GcArray *
gc_array_new_sized (GcMutation  *m,
                    gsize        length,
                    GError     **error)
{
  GError *local_error = NULL;
  GcArray *self;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (gc_check_mutation (m, error) == NULL || !gc_array_check_length (length, error))
    return NULL;
  self = gc_object_allocate (m, GcArray_gc_class_ (), 0, &local_error);
  if (self == NULL || (length > 0 && !gc_array_set_room (self, m, length, &local_error)))
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  self->length = (guint32) length;
  return self;
}

/**
 * gc_array_new_from_list: (constructor)
 * @m: a mutation
 * @values: (array length=n) (nullable): objects of the same arena
 * @n: how many
 * @error: return location for an error
 *
 * Makes an array with elements. In C they may be tagged words and %NULL too.
 *
 * Returns: (transfer none): the array, unowned; %NULL with %GC_ERROR_WRONG_ARENA if an object
 *   is another arena's, or the errors of gc_array_new_sized()
 *
 * Since: 0.1
 */
GcArray *
gc_array_new_from_list (GcMutation  *m,
                        GcObject   **values,
                        gsize        n,
                        GError     **error)
{
  GcArena *arena;
  GcArray *self;

  g_return_val_if_fail (values != NULL || n == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  arena = gc_check_mutation (m, error);
  if (arena == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    if (!gc_array_check_value (arena, values[i], error))
      return NULL;
  self = gc_array_new_sized (m, n, error);
  if (self != NULL && n > 0)
    gc_slots_copy (self->slots, 0, values, n);
  return self;
}

/**
 * gc_array_get_length:
 * @self: an array
 *
 * Gives how many elements there are.
 *
 * Returns: the length
 *
 * Since: 0.1
 */
gsize
gc_array_get_length (GcArray *self)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), 0);

  return self->length;
}

/**
 * gc_array_get: (skip)
 * @self: an array
 * @index: which element, from 0
 *
 * Gives an element, inside a scope.
 *
 * Returns: (transfer none) (nullable): the object, a tagged word, or %NULL
 *
 * Since: 0.1
 */
gpointer
gc_array_get (GcArray *self,
              gsize    index)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), NULL);
  g_return_val_if_fail (gc_object_can_read_ (self), NULL);
  g_return_val_if_fail (index < self->length, NULL);

  return self->slots->items[index];
}

/**
 * gc_array_dup: (rename-to gc_array_get)
 * @self: an array
 * @index: which element, from 0
 * @error: return location for an error
 *
 * Gives a new reference to an element.
 *
 * Returns: (transfer full) (nullable): the object, %NULL also for a tagged word; %NULL
 *   with %GC_ERROR_RANGE if there is no such element
 *
 * Since: 0.1
 */
GcObject *
gc_array_dup (GcArray  *self,
              gsize     index,
              GError  **error)
{
  GcObject *value = NULL;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  gc_scope_enter (&scope, gc_arena_of (self));
  if (gc_array_check_index (self, index, error) && gc_is_ref (self->slots->items[index]))
    value = gc_object_ref (self->slots->items[index]);
  gc_scope_leave (&scope);
  return value;
}

/**
 * gc_array_at:
 * @self: an array
 * @index: which element: from 0 on, or from the end, where -1 is the last
 * @value: (out) (optional) (transfer full) (nullable): return location for a new reference to it; %NULL
 *   also for a tagged word
 * @error: return location for an error
 *
 * Looks up an element by an index that may be negative. Scripts get it, or an exception.
 *
 * Returns: (skip): %TRUE, or %FALSE with %GC_ERROR_RANGE if there is no such element
 *
 * Since: 0.1
 */
gboolean
gc_array_at (GcArray   *self,
             gssize     index,
             GcObject **value,
             GError   **error)
{
  gboolean is_found;
  gsize place;
  GcScope scope;

  if (value != NULL)
    *value = NULL;
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  gc_scope_enter (&scope, gc_arena_of (self));
  place = (gsize) (index < 0 ? (gssize) self->length + index : index);
  is_found = place < self->length;
  if (!is_found)
    g_set_error (error, GC_ERROR, GC_ERROR_RANGE, "There is no element %" G_GSSIZE_FORMAT " in an array of %u",
                 index, self->length);
  else if (value != NULL && gc_is_ref (self->slots->items[place]))
    *value = gc_object_ref (self->slots->items[place]);
  gc_scope_leave (&scope);
  return is_found;
}

/**
 * gc_array_peek: (skip)
 * @self: an array
 * @n: (out): how many there are
 *
 * Gives all elements for reading, inside a scope, as they stand.
 *
 * Returns: (transfer none) (nullable): the elements; valid until the array is
 *   changed or the scope ends
 *
 * Since: 0.1
 */
GcObject *const *
gc_array_peek (GcArray *self,
               gsize   *n)
{
  g_return_val_if_fail (n != NULL, NULL);
  *n = 0;
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), NULL);
  g_return_val_if_fail (gc_object_can_read_ (self), NULL);

  *n = self->length;
  return self->slots != NULL ? self->slots->items : NULL;
}

/**
 * gc_array_list:
 * @self: an array
 * @n: (out): how many there are
 *
 * Gives a copy of the elements. The objects in it are alive as long as the
 * array holds them or, in C, the scope lasts; tagged words are %NULL in it.
 *
 * Returns: (transfer container) (array length=n): the elements
 *
 * Since: 0.1
 */
GcObject **
gc_array_list (GcArray *self,
               gsize   *n)
{
  return gc_array_list_range (self, 0, G_MAXSIZE, n, NULL);
}

/**
 * gc_array_list_range:
 * @self: an array
 * @index: the first element, from 0
 * @most: how many at most
 * @n: (out): how many there are
 * @error: return location for an error
 *
 * Gives a copy of some elements, as gc_array_list() does of all: of as many from @index on as there are.
 *
 * Returns: (transfer container) (array length=n): the elements, none of them if @index is the length; %NULL
 *   with %GC_ERROR_RANGE if it is more than that
 *
 * Since: 0.1
 */
GcObject **
gc_array_list_range (GcArray  *self,
                     gsize     index,
                     gsize     most,
                     gsize    *n,
                     GError  **error)
{
  GcObject **list = NULL;
  GcScope scope;

  g_return_val_if_fail (n != NULL, NULL);
  *n = 0;
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  gc_scope_enter (&scope, gc_arena_of (self));
  if (index == self->length || gc_array_check_index (self, index, error))
    {
      *n = MIN (most, self->length - index);
      list = g_new (GcObject *, *n + 1);
      for (gsize i = 0; i < *n; i++)
        list[i] = gc_is_ref (self->slots->items[index + i]) ? self->slots->items[index + i] : NULL;
      list[*n] = NULL;
    }
  gc_scope_leave (&scope);
  return list;
}

/**
 * gc_array_get_n_changes:
 * @self: an array
 *
 * Gives how often the array has been changed, which tells who has looked at it before whether to look again: as long
 * as the number is the same, so are the elements. After 2³² - 1 it is 0 again. It may be asked for anywhere.
 *
 * Returns: the number of changes
 *
 * Since: 0.1
 */
guint
gc_array_get_n_changes (GcArray *self)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), 0);

  return __atomic_load_n (&self->n_changes, __ATOMIC_RELAXED);
}

/**
 * gc_array_index_of:
 * @self: an array
 * @value: (type GcObj.Object) (nullable): an object, in C also a tagged word, or %NULL
 *
 * Looks for an element from the start on. It compares which object it is, not what is in it.
 *
 * Returns: the index of the first such element, or -1
 *
 * Since: 0.1
 */
gssize
gc_array_index_of (GcArray  *self,
                   gpointer  value)
{
  gssize found = -1;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), -1);

  gc_scope_enter (&scope, gc_arena_of (self));
  for (gsize i = 0; i < self->length && found < 0; i++)
    if (self->slots->items[i] == value)
      found = (gssize) i;
  gc_scope_leave (&scope);
  return found;
}

/**
 * gc_array_contains:
 * @self: an array
 * @value: (type GcObj.Object) (nullable): an object, in C also a tagged word, or %NULL
 *
 * Whether @value is an element, by which object it is.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean
gc_array_contains (GcArray  *self,
                   gpointer  value)
{
  return gc_array_index_of (self, value) >= 0;
}
