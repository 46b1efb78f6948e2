/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Weak interning: a set of strings, found by their text, that does not keep them
 * alive. It is cleared before dead objects are resurrected, so that a string that
 * comes back this way is an ordinary one: another may have taken its place. */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-hash-private.h"
#include "gcobj/gc-string-private.h"

typedef struct
{
  const char *text;
  gsize       length;
  guint32     hash;
} Key;

static gboolean
matches (gconstpointer object,
         gconstpointer key)
{
  const GcString *string = object;
  const Key *wanted = key;

  return string->n == wanted->length + 1 && memcmp (string->text, wanted->text, wanted->length) == 0;
}

/* The arena's set, made when first used. */
static GcWeakSet *
get_set (GcArena *arena)
{
  if (arena->interned == NULL)
    {
      arena->interned = g_new (GcWeakSet, 1);
      gc_weak_set_init (arena->interned, &arena->heap, GC_WEAK_BEFORE, FALSE);
    }
  return arena->interned;
}

void
gc_string_clear_interned (GcArena *arena)
{
  if (arena->interned == NULL)
    return;
  gc_weak_set_clear (arena->interned, &arena->heap);
  g_clear_pointer (&arena->interned, g_free);
}

static GcString *
look_up (GcArena   *arena,
         const Key *key)
{
  GcWeakSetEntry *entry = gc_weak_set_find (get_set (arena), key->hash, matches, key);

  return entry != NULL ? entry->object : NULL;
}

/* Inside a scope: the string of this text, or NULL. The key is for add(). */
static GcString *
find (GcArena    *arena,
      const char *text,
      Key        *key)
{
  GcString *string;

  key->text = text;
  key->length = strlen (text);
  key->hash = gc_hash_bytes (text, key->length);
  gc_heap_lock (&arena->heap);
  string = look_up (arena, key);
  gc_heap_unlock (&arena->heap);
  return string;
}

/* What was not found; unless another thread has added it since. Takes @string, unless that is NULL. */
static GcString *
add (GcArena   *arena,
     const Key *key,
     GcString  *string)
{
  GcString *other;

  if (string == NULL)
    return NULL;
  string->hash = key->hash;
  gc_heap_lock (&arena->heap);
  other = gc_heap_is_shared (&arena->heap) ? look_up (arena, key) : NULL;
  if (other == NULL)
    gc_weak_set_add (get_set (arena), key->hash, string);
  gc_heap_unlock (&arena->heap);
  return other != NULL ? other : string;
}

/**
 * gc_string_intern: (skip)
 * @m: a mutation
 * @text: UTF-8 text
 *
 * Gives the arena's one string of this text; makes it if there is none. Interned strings
 * are equal only if they are the same object. They are not kept alive by being
 * interned.
 *
 * Returns: (transfer none): the string, unowned; %NULL, with a critical warning,
 *   if @text is not UTF-8 or @m is finished
 *
 * Since: 0.1
 */
GcString *
gc_string_intern (GcMutation *m,
                  const char *text)
{
  GcArena *arena = m != NULL ? gc_mutation_get_arena (m) : NULL;
  GcString *string;
  Key key;

  g_return_val_if_fail (arena != NULL && gc_arena_is_mutating (arena), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  string = find (arena, text, &key);
  if (string != NULL)
    return string;
  g_return_val_if_fail (g_utf8_validate_len (text, key.length, NULL), NULL);
  return add (arena, &key, gc_string_make (m, text, key.length));
}

/**
 * gc_string_try_intern: (rename-to gc_string_intern)
 * @m: a mutation
 * @text: UTF-8 text
 * @error: return location for an error
 *
 * Gives the arena's one string of this text, or fails where gc_string_intern()
 * would be a mistake or end the program.
 *
 * Returns: (transfer none): the string, unowned; %NULL with %GC_ERROR_RANGE if @text is
 *   not UTF-8, %GC_ERROR_NOT_MUTATING if @m is finished, or the errors of gc_object_try_new()
 *
 * Since: 0.1
 */
GcString *
gc_string_try_intern (GcMutation  *m,
                      const char  *text,
                      GError     **error)
{
  GcArena *arena;
  GcString *string;
  Key key;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);
  arena = gc_check_mutation (m, error);
  if (arena == NULL)
    return NULL;

  string = find (arena, text, &key);
  if (string != NULL)
    return string;
  if (!gc_check_utf8 (text, key.length, error))
    return NULL;
  return add (arena, &key, gc_string_try_make (m, text, key.length, error));
}

/**
 * gc_string_is_interned:
 * @self: a string
 *
 * Whether @self is the arena's one string of its text, as gc_string_intern() gives it.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean
gc_string_is_interned (GcString *self)
{
  gboolean is_interned = FALSE;
  GcArena *arena;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_STRING), FALSE);

  arena = gc_arena_of (self);
  gc_scope_enter (&scope, arena);
  if (arena->interned != NULL)
    is_interned = gc_weak_set_find (arena->interned, gc_string_hash (self), NULL, self) != NULL;
  gc_scope_leave (&scope);
  return is_interned;
}
