/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-join-private.h"
#include "gcseq/gc-sequence-error.h"

/**
 * SECTION:gc-sequence-error
 * @Title: Errors
 * @Short_description: The errors of sequences, and those behind them
 *
 * |[<!-- language="C" -->
 * static void
 * demo_print_causes (const GError *error)
 * {
 *   for (guint i = 0; i < gc_sequence_error_get_n_causes (error); i++)
 *     g_print ("%s\n", gc_sequence_error_get_cause (error, i)->message);
 * }
 * ]|
 *
 * Sequences fail with errors of any domain, which are passed on as they are. Those that the library itself makes are
 * of the domain #GC_SEQUENCE_ERROR.
 */

typedef struct
{
  GPtrArray *causes;            /* of GError; NULL but for ALL_FAILED */
} GcSequenceErrorPrivate;

static void
gc_sequence_error_private_init (GcSequenceErrorPrivate *private)
{
  private->causes = NULL;
}

static void
gc_sequence_error_private_copy (const GcSequenceErrorPrivate *from,
                                GcSequenceErrorPrivate       *to)
{
  if (from->causes != NULL)
    to->causes = g_ptr_array_ref (from->causes);
}

static void
gc_sequence_error_private_clear (GcSequenceErrorPrivate *private)
{
  g_clear_pointer (&private->causes, g_ptr_array_unref);
}

/**
 * GC_SEQUENCE_ERROR:
 *
 * The domain of this library's errors. The codes are #GcSequenceError.
 *
 * Since: 0.1
 */
G_DEFINE_EXTENDED_ERROR (GcSequenceError, gc_sequence_error)

/* Takes the array, of GError. */
GError *
gc_sequence_error_new_all_failed (GPtrArray *causes)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GError *error;

  g_string_append_printf (text, "None of %u sequences succeeded", causes->len);
  for (guint i = 0; i < causes->len; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? ": " : "; ", ((GError *) causes->pdata[i])->message);
  error = g_error_new_literal (GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_ALL_FAILED, text->str);
  gc_sequence_error_get_private (error)->causes = causes;
  return error;
}

static GPtrArray *
get_causes (const GError *error)
{
  return error->domain == GC_SEQUENCE_ERROR ? gc_sequence_error_get_private (error)->causes : NULL;
}

/**
 * gc_sequence_error_get_n_causes: (skip)
 * @error: an error
 *
 * Gives how many errors are behind @error: those of the sequences that all failed, if it is
 * %GC_SEQUENCE_ERROR_ALL_FAILED. Languages that make an exception of an error have just the message, which
 * has all of theirs.
 *
 * Returns: the number; 0 for other errors
 *
 * Since: 0.1
 */
guint
gc_sequence_error_get_n_causes (const GError *error)
{
  GPtrArray *causes;

  g_return_val_if_fail (error != NULL, 0);

  causes = get_causes (error);
  return causes != NULL ? causes->len : 0;
}

/**
 * gc_sequence_error_get_cause: (skip)
 * @error: an error
 * @index: which one, in the order of the sequences
 *
 * Gives an error that is behind @error.
 *
 * Returns: (transfer none): the error, which is a part of @error
 *
 * Since: 0.1
 */
const GError *
gc_sequence_error_get_cause (const GError *error,
                             guint         index)
{
  g_return_val_if_fail (index < gc_sequence_error_get_n_causes (error), NULL);

  return get_causes (error)->pdata[index];
}
