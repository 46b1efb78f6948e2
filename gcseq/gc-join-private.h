/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcseq/gc-outcome.h"
#include "gcseq/gc-strand-private.h"
#include "gcseq/gc-task-group-private.h"

G_BEGIN_DECLS

/* Joins: one frame that runs children in a group. The kinds differ in when no more children begin and
 * those that run are cancelled ("over"), and in what the join ends with.
 *
 *                over at                 ends with
 *   ALL          the first failure       the array of values; or the error of the lowest index that
 *                                        is not a cancellation of ours
 *   ALL_SETTLED                          the array of outcomes
 *   ANY          the first success       that value; or all errors
 *   RACE         the first end           that value or error
 *   DETACHED     the first end           the same, with what was cancelled still running
 *   SELECT       the first end           the outcome of it
 *
 * When the join itself is cancelled it is over too, and ends with G_IO_ERROR_CANCELLED; it is always at
 * least as long as its children, DETACHED apart. An error of the sequence that gives children counts as
 * one of the next child for all kinds: it is over, and that is the error. */

typedef enum
{
  GC_JOIN_ALL,
  GC_JOIN_ALL_SETTLED,
  GC_JOIN_ANY,
  GC_JOIN_RACE,
  GC_JOIN_DETACHED,
  GC_JOIN_SELECT
} GcJoinKind;

/* gc-join.c */
GcSequence *gc_join_new_va    (GcMutation        *m,
                               GcJoinKind         kind,
                               GcSequence        *first,
                               va_list            args);
GcSequence *gc_join_new_array (GcMutation        *m,
                               GcJoinKind         kind,
                               GcSequence *const *sequences,
                               gsize              n,
                               guint              max);
GcSequence *gc_join_new_from  (GcMutation        *m,
                               GcJoinKind         kind,
                               GcSequence        *generator,
                               guint              max);

/* gc-fetch.c */
GcSequence *gc_fetch_new      (GcMutation        *m,
                               GcSequence        *generator);
gboolean    gc_fetch_has_item (GcSequence        *fetch);

/* gc-outcome.c */
GcOutcome  *gc_outcome_new    (GcMutation        *m,
                               guint              index,
                               gpointer           value,
                               GError            *error);

/* gc-sequence-error.c */
GError     *gc_sequence_error_new_all_failed (GPtrArray *causes);

G_END_DECLS
