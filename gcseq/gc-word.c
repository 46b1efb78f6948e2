/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What goes from step to step is one word of a slot: what other things are made into. */

#include "gcseq/gc-strand-private.h"

/* A value as a word: an object as it is, what is not one in a box. */
gpointer
gc_word_from_value (GcMutation   *m,
                    const GValue *value)
{
  if (value == NULL || !G_IS_VALUE (value))
    return NULL;
  if (GC_VALUE_HOLDS_OBJECT (value))
    return gc_value_get_object (value);
  if (G_VALUE_HOLDS_POINTER (value) && g_value_get_pointer (value) == NULL)
    return NULL;
  return gc_box_new (m, value);
}

/* A word as an object that is the caller's. */
GcObject *
gc_word_dup_object (GcArena  *arena,
                    gpointer  word)
{
  if (gc_is_tagged (word))
    {
      GcMutation *m = gc_arena_begin (arena);

      word = gc_object_ref (gc_box_new_int64 (m, gc_untag_int (word)));
      gc_mutation_finish (m);
      gc_mutation_unref (m);
      return word;
    }
  return word != NULL ? gc_object_ref (word) : NULL;
}

/* An error, which this takes, in a box: what keeps it needs no finalizer of its own. */
GcObject *
gc_word_from_error (GcMutation *m,
                    GError     *error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_ERROR);
  g_value_take_boxed (&value, error);
  return (GcObject *) gc_box_new (m, &value);
}

/* A copy of the error in such a box. */
GError *
gc_word_dup_error (GcObject *word)
{
  g_auto (GValue) value = G_VALUE_INIT;

  gc_box_get_value ((GcBox *) word, &value);
  return g_value_dup_boxed (&value);
}
