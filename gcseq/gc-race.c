/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-join-private.h"
#include "gcseq/gc-race.h"

/**
 * SECTION:gc-race
 * @Title: The first of several
 * @Short_description: Sequences that run others side by side until one of them has ended
 *
 * |[<!-- language="C" -->
 * static GcSequence *
 * demo_fetch_fastest (GcMutation *m, GcObject *source, GcObject *mirror)
 * {
 *   return gc_sequence_any (m, demo_fetch (m, source), demo_fetch (m, mirror), NULL);
 * }
 * ]|
 *
 * The children run on strands of their own, and begin as those of gc_sequence_all() do. When one of
 * them decides the outcome the others are cancelled; once they have ended, so does the whole. Where several end at a
 * time, it is the one whose end came first.
 *
 * When the whole is cancelled, so are the children, and it fails with %G_IO_ERROR_CANCELLED once all of them have ended.
 */

/**
 * gc_sequence_any: (skip)
 * @m: a mutation
 * @first: a sequence
 * @...: more, and %NULL
 *
 * Makes a sequence that runs others side by side, and ends with the result of the first that succeeds. The others are
 * cancelled and awaited.
 *
 * If none succeeds it fails with %GC_SEQUENCE_ERROR_ALL_FAILED, whose message has those of all errors;
 * gc_sequence_error_get_cause() gives each.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_any (GcMutation *m,
                 GcSequence *first,
                 ...)
{
  GcSequence *self;
  va_list args;

  va_start (args, first);
  self = gc_join_new_va (m, GC_JOIN_ANY, first, args);
  va_end (args);
  return self;
}

/**
 * gc_sequence_anyv: (constructor) (rename-to gc_sequence_any)
 * @m: a mutation
 * @sequences: (array length=n): sequences
 * @n: how many
 *
 * Does what gc_sequence_any() does, for an array of sequences.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_anyv (GcMutation  *m,
                  GcSequence **sequences,
                  gsize        n)
{
  return gc_join_new_array (m, GC_JOIN_ANY, sequences, n, 0);
}

/**
 * gc_sequence_any_limited: (constructor)
 * @m: a mutation
 * @sequences: (array length=n): sequences
 * @n: how many
 * @max: how many run at a time, at most; 0 for all
 *
 * Does what gc_sequence_any() does, for an array of sequences of which only so many run at a time: when one
 * ends, the next begins.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_any_limited (GcMutation  *m,
                         GcSequence **sequences,
                         gsize        n,
                         guint        max)
{
  return gc_join_new_array (m, GC_JOIN_ANY, sequences, n, max);
}

/**
 * gc_sequence_any_from: (constructor)
 * @m: a mutation
 * @generator: a sequence whose items are sequences
 * @max: how many run at a time, at most; 0 for any number
 *
 * Does what gc_sequence_any() does, for sequences that another one gives, which runs beside them. The next item is
 * asked for while fewer than @max run. It fails when @generator has ended and all sequences have. When one succeeds,
 * @generator is cancelled where it is and awaited.
 *
 * An error of @generator is what it fails with: those that run are cancelled and awaited. An item that is not a
 * sequence is such an error, too.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_any_from (GcMutation *m,
                      GcSequence *generator,
                      guint       max)
{
  return gc_join_new_from (m, GC_JOIN_ANY, generator, max);
}

/**
 * gc_sequence_race: (skip)
 * @m: a mutation
 * @first: a sequence
 * @...: more, and %NULL
 *
 * Makes a sequence that runs others side by side, and ends as the first that ends: with its result or with its error.
 * The others are cancelled and awaited.
 *
 * Without any sequences it fails with %GC_SEQUENCE_ERROR_ALL_FAILED.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_race (GcMutation *m,
                  GcSequence *first,
                  ...)
{
  GcSequence *self;
  va_list args;

  va_start (args, first);
  self = gc_join_new_va (m, GC_JOIN_RACE, first, args);
  va_end (args);
  return self;
}

/**
 * gc_sequence_racev: (constructor) (rename-to gc_sequence_race)
 * @m: a mutation
 * @sequences: (array length=n): sequences
 * @n: how many
 *
 * Does what gc_sequence_race() does, for an array of sequences.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_racev (GcMutation  *m,
                   GcSequence **sequences,
                   gsize        n)
{
  return gc_join_new_array (m, GC_JOIN_RACE, sequences, n, 0);
}

/**
 * gc_sequence_race_from: (constructor)
 * @m: a mutation
 * @generator: a sequence whose items are sequences
 * @max: how many run at a time, at most; 0 for any number
 *
 * Does what gc_sequence_race() does, for sequences that another one gives, which runs beside them. The next item is
 * asked for while fewer than @max run. When one decides the outcome, @generator is cancelled where it is and awaited.
 *
 * An error of @generator is what it fails with: those that run are cancelled and awaited. An item that is not a
 * sequence is such an error, too.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_race_from (GcMutation *m,
                       GcSequence *generator,
                       guint       max)
{
  return gc_join_new_from (m, GC_JOIN_RACE, generator, max);
}

/**
 * gc_sequence_race_detached: (skip)
 * @m: a mutation
 * @first: a sequence
 * @...: more, and %NULL
 *
 * Makes a sequence that runs others side by side, and ends as the first that ends: with its result or with its error.
 * The others are cancelled but not awaited, for those that can't stop. Their steps go on while there are any to run;
 * one that then waits is reclaimed unless somebody else keeps it, and clean-up that waits is cut short.
 *
 * A cancellation ends the whole at once, likewise. Without any sequences it fails with %GC_SEQUENCE_ERROR_ALL_FAILED.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_race_detached (GcMutation *m,
                           GcSequence *first,
                           ...)
{
  GcSequence *self;
  va_list args;

  va_start (args, first);
  self = gc_join_new_va (m, GC_JOIN_DETACHED, first, args);
  va_end (args);
  return self;
}

/**
 * gc_sequence_race_detachedv: (constructor) (rename-to gc_sequence_race_detached)
 * @m: a mutation
 * @sequences: (array length=n): sequences
 * @n: how many
 *
 * Does what gc_sequence_race_detached() does, for an array of sequences.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_race_detachedv (GcMutation  *m,
                            GcSequence **sequences,
                            gsize        n)
{
  return gc_join_new_array (m, GC_JOIN_DETACHED, sequences, n, 0);
}

/**
 * gc_sequence_race_detached_from: (constructor)
 * @m: a mutation
 * @generator: a sequence whose items are sequences
 * @max: how many run at a time, at most; 0 for any number
 *
 * Does what gc_sequence_race_detached() does, for sequences that another one gives, which runs beside them. The next
 * item is asked for while fewer than @max run. When one ends, @generator is cancelled where it is.
 *
 * An error of @generator is what it fails with: those that run are cancelled. An item that is not a sequence is such
 * an error, too.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_race_detached_from (GcMutation *m,
                                GcSequence *generator,
                                guint       max)
{
  return gc_join_new_from (m, GC_JOIN_DETACHED, generator, max);
}

/**
 * gc_sequence_select: (skip)
 * @m: a mutation
 * @first: a sequence
 * @...: more, and %NULL
 *
 * Makes a sequence that runs others side by side, and ends with a #GcOutcome of the first that ends, which tells
 * which one it is, and its result or error. The others are cancelled and awaited.
 *
 * An error of that one is in the outcome; it is not an error of the whole. Without any sequences it fails with
 * %GC_SEQUENCE_ERROR_ALL_FAILED.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_select (GcMutation *m,
                    GcSequence *first,
                    ...)
{
  GcSequence *self;
  va_list args;

  va_start (args, first);
  self = gc_join_new_va (m, GC_JOIN_SELECT, first, args);
  va_end (args);
  return self;
}

/**
 * gc_sequence_selectv: (constructor) (rename-to gc_sequence_select)
 * @m: a mutation
 * @sequences: (array length=n): sequences
 * @n: how many
 *
 * Does what gc_sequence_select() does, for an array of sequences.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_selectv (GcMutation  *m,
                     GcSequence **sequences,
                     gsize        n)
{
  return gc_join_new_array (m, GC_JOIN_SELECT, sequences, n, 0);
}

/**
 * gc_sequence_select_from: (constructor)
 * @m: a mutation
 * @generator: a sequence whose items are sequences
 * @max: how many run at a time, at most; 0 for any number
 *
 * Does what gc_sequence_select() does, for sequences that another one gives, which runs beside them. The next item is
 * asked for while fewer than @max run. When one decides the outcome, @generator is cancelled where it is and awaited.
 *
 * An error of @generator is what it fails with: those that run are cancelled and awaited. An item that is not a
 * sequence is such an error, too.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_select_from (GcMutation *m,
                         GcSequence *generator,
                         guint       max)
{
  return gc_join_new_from (m, GC_JOIN_SELECT, generator, max);
}
