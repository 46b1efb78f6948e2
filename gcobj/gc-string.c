/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-hash-private.h"
#include "gcobj/gc-string-private.h"
#include "gcobj/gc-type.h"

/**
 * SECTION:gc-string
 * @Title: GcString
 * @Short_description: An immutable string in the heap
 *
 * |[<!-- language="C" -->
 * GcString *name = gc_string_new (m, "Ada");
 * GcString *full = gc_string_concat (m, name, gc_string_new (m, " Lovelace"));
 *
 * g_print ("%s\n", gc_string_get_text (full));
 * g_assert (gc_string_intern (m, "Ada") == gc_string_intern (m, "Ada"));
 * ]|
 *
 * A string is UTF-8 text of fixed content, held inline: one object, without a
 * finalizer, that costs its bytes and 21 more. It may not contain a nul.
 * Its hash value is computed once; gc_string_hash() and gc_string_equal() suit a #GHashTable.
 *
 * # Interning
 *
 * gc_string_intern() gives the arena's one string of some content, so that interned
 * strings are equal only if they are the same object. An arena does not keep its
 * interned strings alive: one that nothing else refers to is collected, and is made anew when it
 * is next asked for.
 *
 * # Two forms of making a string
 *
 * In C `gc_string_new()` and its kin need no error handling: text that is not UTF-8
 * is a mistake of the program, and no memory is its end. Where the text
 * comes from outside the `try` forms report both; scripts see only these.
 *
 * A string never changes, so that any thread that keeps one alive may read it, inside of a scope
 * or not.
 */

/**
 * GcString: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * An immutable UTF-8 string. Its structure is private.
 *
 * Since: 0.1
 */
typedef struct
{
  GcObjectClass parent_class;
} GcStringClass;

GC_DECLARE_CLASS_ (GcString, gc_string)
GC_DEFINE_TYPE (GcString, gc_string, GC_TYPE_OBJECT,
                GC_FIELD_TAIL_BYTES (GcString, text, n))

static inline gsize
length_of (const GcString *self)
{
  return self->n - 1;
}

/* The text is known to be UTF-8; or %NULL, to be filled in. Without an error to set, no
 * memory is fatal. */
static GcString *
allocate (GcMutation  *m,
          const char  *text,
          gsize        length,
          GError     **error)
{
  GcString *self = gc_object_allocate (m, GcString_gc_class_ (), length + 1, error);

  if (self != NULL && text != NULL)
    memcpy (self->text, text, length);
  return self;
}

GcString *
gc_string_make (GcMutation *m,
                const char *text,
                gsize       length)
{
  return allocate (m, text, length, NULL);
}

GcString *
gc_string_try_make (GcMutation  *m,
                    const char  *text,
                    gsize        length,
                    GError     **error)
{
  GError *local_error = NULL;
  GcString *self;

  if (gc_check_mutation (m, error) == NULL)
    return NULL;
  self = allocate (m, text, length, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  return self;
}

/**
 * gc_string_new: (skip)
 * @m: a mutation
 * @text: UTF-8 text
 *
 * Makes a string.
 *
 * Returns: (transfer none): the string, unowned; %NULL, with a critical warning,
 *   if @text is not UTF-8
 *
 * Since: 0.1
 */
GcString *
gc_string_new (GcMutation *m,
               const char *text)
{
  return gc_string_new_len (m, text, -1);
}

/**
 * gc_string_try_new: (constructor) (rename-to gc_string_new)
 * @m: a mutation
 * @text: UTF-8 text
 * @error: return location for an error
 *
 * Makes a string, or fails where gc_string_new() would be a mistake or end the program.
 *
 * Returns: (transfer none): the string, unowned; %NULL with %GC_ERROR_RANGE if @text is
 *   not UTF-8, %GC_ERROR_NOT_MUTATING if @m is finished, or the errors of gc_object_try_new()
 *
 * Since: 0.1
 */
GcString *
gc_string_try_new (GcMutation  *m,
                   const char  *text,
                   GError     **error)
{
  return gc_string_try_new_len (m, text, -1, error);
}

/**
 * gc_string_new_len: (skip)
 * @m: a mutation
 * @text: UTF-8 text, without a nul inside
 * @length: its length in bytes, or -1 if it ends with a nul
 *
 * Makes a string of a part of a text.
 *
 * Returns: (transfer none): the string, unowned; %NULL, with a critical warning,
 *   if @text is not UTF-8
 *
 * Since: 0.1
 */
GcString *
gc_string_new_len (GcMutation *m,
                   const char *text,
                   gssize      length)
{
  gsize size;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  size = length >= 0 ? (gsize) length : strlen (text);
  g_return_val_if_fail (size == 0 || g_utf8_validate_len (text, size, NULL), NULL);

  return gc_string_make (m, text, size);
}

/**
 * gc_string_try_new_len: (constructor) (rename-to gc_string_new_len)
 * @m: a mutation
 * @text: (array length=length) (element-type guint8): UTF-8 text, without a nul inside
 * @length: its length in bytes, or -1 if it ends with a nul
 * @error: return location for an error
 *
 * Makes a string of bytes that may not be UTF-8.
 *
 * Returns: (transfer none): the string, unowned; %NULL with %GC_ERROR_RANGE if @text is
 *   not UTF-8, %GC_ERROR_NOT_MUTATING if @m is finished, or the errors of gc_object_try_new()
 *
 * Since: 0.1
 */
GcString *
gc_string_try_new_len (GcMutation  *m,
                       const char  *text,
                       gssize       length,
                       GError     **error)
{
  gsize size;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  size = length >= 0 ? (gsize) length : strlen (text);
  if (size > 0 && !gc_check_utf8 (text, size, error))
    return NULL;
  return gc_string_try_make (m, text, size, error);
}

/**
 * gc_string_new_printf: (skip)
 * @m: a mutation
 * @format: a format as of printf()
 * @...: what to format
 *
 * Makes a string of formatted text.
 *
 * Returns: (transfer none): the string, unowned; %NULL, with a critical warning,
 *   if the text is not UTF-8
 *
 * Since: 0.1
 */
GcString *
gc_string_new_printf (GcMutation *m,
                      const char *format,
                      ...)
{
  g_autofree char *text = NULL;
  va_list args;

  g_return_val_if_fail (format != NULL, NULL);

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  return gc_string_new (m, text);
}

/* What both forms of concatenation do with the room for the result. */
static GcString *
join (GcString *self,
      GcString *a,
      GcString *b)
{
  if (self != NULL)
    {
      memcpy (self->text, a->text, length_of (a));
      memcpy (self->text + length_of (a), b->text, length_of (b));
    }
  return self;
}

/**
 * gc_string_concat: (skip)
 * @m: a mutation
 * @a: a string
 * @b: a string
 *
 * Makes a string of @a's text followed by @b's.
 *
 * Returns: (transfer none): the string, unowned
 *
 * Since: 0.1
 */
GcString *
gc_string_concat (GcMutation *m,
                  GcString   *a,
                  GcString   *b)
{
  g_return_val_if_fail (gc_is_a (a, GC_TYPE_STRING), NULL);
  g_return_val_if_fail (gc_is_a (b, GC_TYPE_STRING), NULL);

  return join (gc_string_make (m, NULL, length_of (a) + length_of (b)), a, b);
}

/**
 * gc_string_try_concat: (rename-to gc_string_concat)
 * @m: a mutation
 * @a: a string
 * @b: a string
 * @error: return location for an error
 *
 * Makes a string of @a's text followed by @b's, or fails where
 * gc_string_concat() would end the program.
 *
 * Returns: (transfer none): the string, unowned; %NULL with %GC_ERROR_NOT_MUTATING
 *   if @m is finished, or the errors of gc_object_try_new()
 *
 * Since: 0.1
 */
GcString *
gc_string_try_concat (GcMutation  *m,
                      GcString    *a,
                      GcString    *b,
                      GError     **error)
{
  g_return_val_if_fail (gc_is_a (a, GC_TYPE_STRING), NULL);
  g_return_val_if_fail (gc_is_a (b, GC_TYPE_STRING), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return join (gc_string_try_make (m, NULL, length_of (a) + length_of (b), error), a, b);
}

/**
 * gc_string_get_text:
 * @self: a string
 *
 * Gives the text. It is inside of the object: valid until the scope ends, or
 * as long as an external reference to the string is held.
 *
 * Returns: (transfer none): UTF-8 text that ends with a nul
 *
 * Since: 0.1
 */
const char *
gc_string_get_text (GcString *self)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_STRING), NULL);

  return self->text;
}

/**
 * gc_string_get_length:
 * @self: a string
 *
 * Gives how long the text is.
 *
 * Returns: its length, in bytes
 *
 * Since: 0.1
 */
gsize
gc_string_get_length (GcString *self)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_STRING), 0);

  return length_of (self);
}

/**
 * gc_string_hash:
 * @self: (type GcObj.String): a string
 *
 * Gives a hash value of the text, the same for all equal strings of the process. For the
 * hash that tells one object from another see gc_object_hash().
 *
 * Returns: the hash value
 *
 * Since: 0.1
 */
guint
gc_string_hash (gconstpointer self)
{
  GcString *string = (GcString *) self;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_STRING), 0);

  return gc_hash_cached (&string->hash, string->text, length_of (string));
}

/**
 * gc_string_equal:
 * @self: (type GcObj.String): a string
 * @other: (type GcObj.String): a string
 *
 * Whether two strings have the same text.
 *
 * Returns: %TRUE if they have
 *
 * Since: 0.1
 */
gboolean
gc_string_equal (gconstpointer self,
                 gconstpointer other)
{
  const GcString *a = self;
  const GcString *b = other;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_STRING), FALSE);
  g_return_val_if_fail (gc_is_a (other, GC_TYPE_STRING), FALSE);

  return a == b || (a->n == b->n && memcmp (a->text, b->text, a->n) == 0);
}

/**
 * gc_string_compare:
 * @self: (type GcObj.String): a string
 * @other: (type GcObj.String): a string
 *
 * Compares two strings by the code points of their text.
 *
 * Returns: a number below 0 if @self comes first, above 0 if @other does, 0 if
 *   they are equal
 *
 * Since: 0.1
 */
int
gc_string_compare (gconstpointer self,
                   gconstpointer other)
{
  const GcString *a = self;
  const GcString *b = other;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_STRING), 0);
  g_return_val_if_fail (gc_is_a (other, GC_TYPE_STRING), 0);

  /* The order of UTF-8's bytes is that of the code points, and the nul ends the shorter. */
  return memcmp (a->text, b->text, MIN (a->n, b->n));
}
