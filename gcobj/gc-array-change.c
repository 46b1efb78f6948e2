/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What changes an array: each in a scope of its own where none is open, and in two
 * forms, of which the plain one turns an error into a critical warning. */

#include "gcobj/gc-array-private.h"
#include "gcobj/gc-check-private.h"

#define KEEP_ROOM 64            /* an array with no more room than that keeps it */

static void
complain (const char *function,
          GError     *error)
{
  if (error == NULL)
    return;
  g_critical ("%s: %s", function, error->message);
  g_error_free (error);
}

/* Grows by half, so that appending takes constant time on average. */
static gboolean
make_room (GcArray     *self,
           GcMutation  *m,
           GError     **error)
{
  gsize room = self->slots != NULL ? self->slots->n : 0;

  if (self->length < room)
    return TRUE;
  return gc_array_set_room (self, m, MIN (room + room / 2 + 4, GC_ARRAY_MAX_LENGTH), error);
}

/* An array that became much shorter moves to less room; not if there is no memory. */
static void
give_room_back (GcArray    *self,
                GcMutation *m)
{
  GError *error = NULL;

  if (self->length == 0)
    gc_set (self, slots, NULL);
  else if (self->slots->n > KEEP_ROOM && self->length < self->slots->n / 4 &&
           !gc_array_set_room (self, m, self->length * 2, &error))
    g_error_free (error);
}

static gboolean
set (GcArray   *self,
     gsize      index,
     gpointer   value,
     GError   **error)
{
  gboolean is_done;
  GcScope scope;

  gc_scope_enter (&scope, gc_arena_of (self));
  is_done = gc_array_check_value (scope.arena, value, error) &&
            gc_array_check_index (self, index, error);
  if (is_done)
    {
      gc_slots_set (self->slots, index, value);
      gc_array_changed (self, index, 1);
    }
  gc_scope_leave (&scope);
  return is_done;
}

/**
 * gc_array_set: (skip)
 * @self: an array
 * @index: which element, from 0
 * @value: an object of the array's arena, a tagged word, or %NULL
 *
 * Replaces an element.
 *
 * Since: 0.1
 */
void
gc_array_set (GcArray  *self,
              gsize     index,
              gpointer  value)
{
  GError *error = NULL;

  g_return_if_fail (gc_is_a (self, GC_TYPE_ARRAY));
  g_return_if_fail (!gc_arena_is_finalizing ());

  set (self, index, value, &error);
  complain (G_STRFUNC, error);
}

/**
 * gc_array_try_set: (rename-to gc_array_set)
 * @self: an array
 * @index: which element, from 0
 * @value: (type GcObj.Object) (nullable): an object of the array's arena
 * @error: return location for an error
 *
 * Replaces an element.
 *
 * Returns: %TRUE; %FALSE with %GC_ERROR_RANGE if there is no such element, or
 *   %GC_ERROR_WRONG_ARENA
 *
 * Since: 0.1
 */
gboolean
gc_array_try_set (GcArray   *self,
                  gsize      index,
                  gpointer   value,
                  GError   **error)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return set (self, index, value, error);
}

#define AT_END G_MAXSIZE        /* an index that means the length */

/* Without @memory_error, no memory is fatal. */
static gboolean
insert (GcArray   *self,
        gsize      index,
        gpointer   value,
        GError   **error,
        GError   **memory_error)
{
  gboolean is_done;
  GcMutation *m;
  GcScope scope;

  m = gc_scope_enter (&scope, gc_arena_of (self));
  if (index == AT_END)
    index = self->length;
  is_done = gc_array_check_value (scope.arena, value, error) &&
            (index == self->length || gc_array_check_index (self, index, error)) &&
            gc_array_check_length (self->length + 1, error) &&
            make_room (self, m, memory_error);
  if (is_done)
    {
      if (index < self->length)
        gc_slots_copy (self->slots, index + 1, &self->slots->items[index], self->length - index);
      gc_slots_set (self->slots, index, value);
      self->length++;
      gc_array_changed (self, index, 1);
    }
  gc_scope_leave (&scope);
  return is_done;
}

static gboolean
try_insert (GcArray   *self,
            gsize      index,
            gpointer   value,
            GError   **error)
{
  GError *local_error = NULL;

  /* With an error to set in any case: it says that no memory is not fatal. */
  if (insert (self, index, value, &local_error, &local_error))
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

/**
 * gc_array_append: (skip)
 * @self: an array
 * @value: an object of the array's arena, a tagged word, or %NULL
 *
 * Adds an element at the end, in constant time on average.
 *
 * Since: 0.1
 */
void
gc_array_append (GcArray  *self,
                 gpointer  value)
{
  GError *error = NULL;

  g_return_if_fail (gc_is_a (self, GC_TYPE_ARRAY));
  g_return_if_fail (!gc_arena_is_finalizing ());

  insert (self, AT_END, value, &error, NULL);
  complain (G_STRFUNC, error);
}

/**
 * gc_array_try_append: (rename-to gc_array_append)
 * @self: an array
 * @value: (type GcObj.Object) (nullable): an object of the array's arena
 * @error: return location for an error
 *
 * Adds an element at the end, in constant time on average.
 *
 * Returns: %TRUE; %FALSE with %GC_ERROR_WRONG_ARENA, with %GC_ERROR_RANGE if the array
 *   would be too long, or the errors of gc_object_try_new()
 *
 * Since: 0.1
 */
gboolean
gc_array_try_append (GcArray   *self,
                     gpointer   value,
                     GError   **error)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return try_insert (self, AT_END, value, error);
}

/**
 * gc_array_insert: (skip)
 * @self: an array
 * @index: where, from 0 to the length
 * @value: an object of the array's arena, a tagged word, or %NULL
 *
 * Inserts an element before the one at @index, or at the end.
 *
 * Since: 0.1
 */
void
gc_array_insert (GcArray  *self,
                 gsize     index,
                 gpointer  value)
{
  GError *error = NULL;

  g_return_if_fail (gc_is_a (self, GC_TYPE_ARRAY));
  g_return_if_fail (index != AT_END);
  g_return_if_fail (!gc_arena_is_finalizing ());

  insert (self, index, value, &error, NULL);
  complain (G_STRFUNC, error);
}

/**
 * gc_array_try_insert: (rename-to gc_array_insert)
 * @self: an array
 * @index: where, from 0 to the length
 * @value: (type GcObj.Object) (nullable): an object of the array's arena
 * @error: return location for an error
 *
 * Inserts an element before the one at @index, or at the end.
 *
 * Returns: %TRUE; %FALSE with %GC_ERROR_RANGE if @index is greater than the length or the
 *   array would be too long, with %GC_ERROR_WRONG_ARENA, or the errors of gc_object_try_new()
 *
 * Since: 0.1
 */
gboolean
gc_array_try_insert (GcArray   *self,
                     gsize      index,
                     gpointer   value,
                     GError   **error)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  /* The largest index is out of range like any other, and is not the end. */
  return try_insert (self, MIN (index, AT_END - 1), value, error);
}

static gboolean
remove_at (GcArray  *self,
           gsize     index,
           GError  **error)
{
  gboolean is_done;
  GcMutation *m;
  GcScope scope;

  m = gc_scope_enter (&scope, gc_arena_of (self));
  is_done = gc_array_check_index (self, index, error);
  if (is_done)
    {
      self->length--;
      if (index < self->length)
        gc_slots_copy (self->slots, index, &self->slots->items[index + 1], self->length - index);
      gc_slots_set (self->slots, self->length, NULL);
      give_room_back (self, m);
      gc_array_changed (self, index, 0);
    }
  gc_scope_leave (&scope);
  return is_done;
}

/**
 * gc_array_remove: (skip)
 * @self: an array
 * @index: which element, from 0
 *
 * Removes an element; those behind it move up.
 *
 * Since: 0.1
 */
void
gc_array_remove (GcArray *self,
                 gsize    index)
{
  GError *error = NULL;

  g_return_if_fail (gc_is_a (self, GC_TYPE_ARRAY));
  g_return_if_fail (!gc_arena_is_finalizing ());

  remove_at (self, index, &error);
  complain (G_STRFUNC, error);
}

/**
 * gc_array_try_remove: (rename-to gc_array_remove)
 * @self: an array
 * @index: which element, from 0
 * @error: return location for an error
 *
 * Removes an element; those behind it move up.
 *
 * Returns: %TRUE; %FALSE with %GC_ERROR_RANGE if there is no such element
 *
 * Since: 0.1
 */
gboolean
gc_array_try_remove (GcArray  *self,
                     gsize     index,
                     GError  **error)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return remove_at (self, index, error);
}

/* Inside a scope. */
static gpointer
pop (GcArray    *self,
     GcMutation *m)
{
  gpointer value;

  if (self->length == 0)
    return NULL;
  self->length--;
  value = self->slots->items[self->length];
  gc_slots_set (self->slots, self->length, NULL);
  give_room_back (self, m);
  gc_array_changed (self, self->length, 0);
  return value;
}

/**
 * gc_array_pop: (skip)
 * @self: an array
 *
 * Removes the last element and gives it, inside a scope.
 *
 * Returns: (transfer none) (nullable): the object, a tagged word, or %NULL; %NULL also
 *   if the array is empty
 *
 * Since: 0.1
 */
gpointer
gc_array_pop (GcArray *self)
{
  gpointer value;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), NULL);
  g_return_val_if_fail (gc_object_can_read_ (self), NULL);

  value = pop (self, gc_scope_enter (&scope, gc_arena_of (self)));
  gc_scope_leave (&scope);
  return value;
}

/**
 * gc_array_pop_dup: (rename-to gc_array_pop)
 * @self: an array
 *
 * Removes the last element and gives a new reference to it.
 *
 * Returns: (transfer full) (nullable): the object, %NULL for a tagged word and if the
 *   array is empty
 *
 * Since: 0.1
 */
GcObject *
gc_array_pop_dup (GcArray *self)
{
  gpointer value;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), NULL);
  g_return_val_if_fail (!gc_arena_is_finalizing (), NULL);

  value = pop (self, gc_scope_enter (&scope, gc_arena_of (self)));
  value = gc_is_ref (value) ? gc_object_ref (value) : NULL;
  gc_scope_leave (&scope);
  return value;
}

/**
 * gc_array_clear:
 * @self: an array
 *
 * Removes all elements.
 *
 * Since: 0.1
 */
void
gc_array_clear (GcArray *self)
{
  gc_array_set_length (self, 0, NULL);
}

/**
 * gc_array_set_length:
 * @self: an array
 * @length: the new length
 * @error: return location for an error
 *
 * Drops elements at the end, or adds some that are %NULL.
 *
 * Returns: %TRUE; %FALSE with %GC_ERROR_RANGE if @length is too large, or the errors of
 *   gc_object_try_new(), and then nothing changed
 *
 * Since: 0.1
 */
gboolean
gc_array_set_length (GcArray  *self,
                     gsize     length,
                     GError  **error)
{
  GError *local_error = NULL;
  gboolean is_done;
  GcMutation *m;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ARRAY), FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  m = gc_scope_enter (&scope, gc_arena_of (self));
  is_done = gc_array_check_length (length, &local_error) &&
            (length <= (self->slots != NULL ? self->slots->n : 0) ||
             gc_array_set_room (self, m, length, &local_error));
  if (is_done)
    {
      gsize old_length = self->length;
      gboolean is_shorter = length < old_length;

      if (is_shorter)
        gc_slots_clear (self->slots, length, self->length - length);
      self->length = (guint32) length;
      if (is_shorter)
        give_room_back (self, m);
      gc_array_changed (self, MIN (length, old_length), length - MIN (length, old_length));
    }
  gc_scope_leave (&scope);

  if (!is_done)
    g_propagate_error (error, local_error);
  return is_done;
}
