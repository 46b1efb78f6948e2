/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-all.h"
#include "gcseq/gc-join-private.h"

/**
 * SECTION:gc-all
 * @Title: All of several
 * @Short_description: Sequences that run others side by side and await all of them
 *
 * |[<!-- language="C" -->
 * static GcSequence *
 * demo_fetch_three (GcMutation *m, GcObject *a, GcObject *b, GcObject *c)
 * {
 *   return gc_sequence_all (m, demo_fetch (m, a), demo_fetch (m, b), demo_fetch (m, c), NULL);
 * }
 *
 * static GcSequence *
 * demo_fetch_each (GcMutation *m, GcSequence *fetches)
 * {
 *   return gc_sequence_all_settled_from (m, fetches, 8);
 * }
 * ]|
 *
 * The children run on strands of their own: each begins in a step of its own, after the step that begins it, and
 * those that are ready take turns. They begin in the first step, up to 64 in a step. What has ended is seen in a step that
 * comes after; the last end is also that of the whole.
 *
 * When the whole is cancelled, so are the children, and it fails with %G_IO_ERROR_CANCELLED once all of them have ended.
 */

/**
 * gc_sequence_join: (constructor)
 * @m: a mutation
 * @first: a sequence
 * @second: another
 *
 * Makes a sequence that runs two others side by side, and ends with a #GcArray of their results. It is gc_sequence_all()
 * for two.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_join (GcMutation *m,
                  GcSequence *first,
                  GcSequence *second)
{
  GcSequence *const sequences[] = { first, second };

  return gc_join_new_array (m, GC_JOIN_ALL, sequences, 2, 0);
}

/**
 * gc_sequence_all: (skip)
 * @m: a mutation
 * @first: a sequence
 * @...: more, and %NULL
 *
 * Makes a sequence that runs others side by side, and ends with a #GcArray of their results, in the order of the
 * sequences.
 *
 * When one fails the others are cancelled, and those that have not begun don't begin. Once all have ended, the whole
 * fails with the error of the first one in the order of the sequences that has failed; an error %G_IO_ERROR_CANCELLED
 * of those that it cancelled itself does not count.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_all (GcMutation *m,
                 GcSequence *first,
                 ...)
{
  GcSequence *self;
  va_list args;

  va_start (args, first);
  self = gc_join_new_va (m, GC_JOIN_ALL, first, args);
  va_end (args);
  return self;
}

/**
 * gc_sequence_allv: (constructor) (rename-to gc_sequence_all)
 * @m: a mutation
 * @sequences: (array length=n): sequences
 * @n: how many
 *
 * Does what gc_sequence_all() does, for an array of sequences.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_allv (GcMutation  *m,
                  GcSequence **sequences,
                  gsize        n)
{
  return gc_join_new_array (m, GC_JOIN_ALL, sequences, n, 0);
}

/**
 * gc_sequence_all_limited: (constructor)
 * @m: a mutation
 * @sequences: (array length=n): sequences
 * @n: how many
 * @max: how many run at a time, at most; 0 for all
 *
 * Does what gc_sequence_all() does, for an array of sequences of which only so many run at a time: when one
 * ends, the next begins.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_all_limited (GcMutation  *m,
                         GcSequence **sequences,
                         gsize        n,
                         guint        max)
{
  return gc_join_new_array (m, GC_JOIN_ALL, sequences, n, max);
}

/**
 * gc_sequence_all_from: (constructor)
 * @m: a mutation
 * @generator: a sequence whose items are sequences
 * @max: how many run at a time, at most; 0 for any number
 *
 * Does what gc_sequence_all() does, for sequences that another one gives, which runs beside them. The next item is
 * asked for while fewer than @max run. It ends when @generator has ended and all sequences have.
 *
 * An error of @generator counts as one of the next sequence's. An item that is not a sequence is such an error, too.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_all_from (GcMutation *m,
                      GcSequence *generator,
                      guint       max)
{
  return gc_join_new_from (m, GC_JOIN_ALL, generator, max);
}

/**
 * gc_sequence_all_settled: (skip)
 * @m: a mutation
 * @first: a sequence
 * @...: more, and %NULL
 *
 * Makes a sequence that runs others side by side, and ends with a #GcArray of #GcOutcome, in the order of the
 * sequences. It does not fail when one of them does.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_all_settled (GcMutation *m,
                         GcSequence *first,
                         ...)
{
  GcSequence *self;
  va_list args;

  va_start (args, first);
  self = gc_join_new_va (m, GC_JOIN_ALL_SETTLED, first, args);
  va_end (args);
  return self;
}

/**
 * gc_sequence_all_settledv: (constructor) (rename-to gc_sequence_all_settled)
 * @m: a mutation
 * @sequences: (array length=n): sequences
 * @n: how many
 *
 * Does what gc_sequence_all_settled() does, for an array of sequences.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_all_settledv (GcMutation  *m,
                          GcSequence **sequences,
                          gsize        n)
{
  return gc_join_new_array (m, GC_JOIN_ALL_SETTLED, sequences, n, 0);
}

/**
 * gc_sequence_all_settled_limited: (constructor)
 * @m: a mutation
 * @sequences: (array length=n): sequences
 * @n: how many
 * @max: how many run at a time, at most; 0 for all
 *
 * Does what gc_sequence_all_settled() does, for an array of sequences of which only so many run at a time: when one
 * ends, the next begins.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_all_settled_limited (GcMutation  *m,
                                 GcSequence **sequences,
                                 gsize        n,
                                 guint        max)
{
  return gc_join_new_array (m, GC_JOIN_ALL_SETTLED, sequences, n, max);
}

/**
 * gc_sequence_all_settled_from: (constructor)
 * @m: a mutation
 * @generator: a sequence whose items are sequences
 * @max: how many run at a time, at most; 0 for any number
 *
 * Does what gc_sequence_all_settled() does, for sequences that another one gives, which runs beside them. The next
 * item is asked for while fewer than @max run. It ends when @generator has ended and all sequences have.
 *
 * An error of @generator is what it fails with: those that run are cancelled and awaited. An item that is not a
 * sequence is such an error, too.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_all_settled_from (GcMutation *m,
                              GcSequence *generator,
                              guint       max)
{
  return gc_join_new_from (m, GC_JOIN_ALL_SETTLED, generator, max);
}
