/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-leaf.h>

G_BEGIN_DECLS

/**
 * GcMapFunc: (skip)
 * @m: the mutation
 * @value: (nullable): a result: an object or a tagged word
 * @context: (nullable): the context, which is traced
 * @error: return location for an error
 *
 * Makes a result of another.
 *
 * Returns: (nullable): the result; with @error set it does not matter
 *
 * Since: 0.1
 */
typedef gpointer (*GcMapFunc) (GcMutation  *m,
                               gpointer     value,
                               gpointer     context,
                               GError     **error);

/**
 * GcInspectFunc: (skip)
 * @m: the mutation
 * @value: (nullable): a result: an object or a tagged word
 * @context: (nullable): the context, which is traced
 * @error: return location for an error
 *
 * Sees a result. With @error set, that is what the sequence fails with.
 *
 * Since: 0.1
 */
typedef void (*GcInspectFunc) (GcMutation  *m,
                               gpointer     value,
                               gpointer     context,
                               GError     **error);

/**
 * GcThenFunc: (skip)
 * @m: the mutation
 * @value: (nullable): a result: an object or a tagged word
 * @context: (nullable): the context, which is traced
 * @error: return location for an error
 *
 * Makes a sequence of a result.
 *
 * Returns: the sequence to go on with; or %NULL with @error set
 *
 * Since: 0.1
 */
typedef GcSequence *(*GcThenFunc) (GcMutation  *m,
                                   gpointer     value,
                                   gpointer     context,
                                   GError     **error);

/**
 * GcPredicateFunc: (skip)
 * @m: the mutation
 * @value: (nullable): a result or an item: an object or a tagged word
 * @context: (nullable): the context, which is traced
 * @error: return location for an error
 *
 * Says yes or no to a result or an item.
 *
 * Returns: yes or no; with @error set it does not matter
 *
 * Since: 0.1
 */
typedef gboolean (*GcPredicateFunc) (GcMutation  *m,
                                     gpointer     value,
                                     gpointer     context,
                                     GError     **error);

/**
 * GcFoldFunc: (skip)
 * @m: the mutation
 * @so_far: (nullable): what was made so far: an object or a tagged word
 * @item: (nullable): the next item: an object or a tagged word
 * @context: (nullable): the context, which is traced
 * @error: return location for an error
 *
 * Puts an item to what was made of those before it.
 *
 * Returns: (nullable): what is made so far; with @error set it does not matter
 *
 * Since: 0.1
 */
typedef gpointer (*GcFoldFunc) (GcMutation  *m,
                                gpointer     so_far,
                                gpointer     item,
                                gpointer     context,
                                GError     **error);

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_map          (GcMutation     *m,
                                      GcSequence     *sequence,
                                      GcMapFunc       func,
                                      gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_map_full     (GcMutation     *m,
                                      GcSequence     *sequence,
                                      GcStepFunc      func,
                                      gpointer        user_data,
                                      GDestroyNotify  destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_inspect      (GcMutation     *m,
                                      GcSequence     *sequence,
                                      GcInspectFunc   func,
                                      gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_inspect_full (GcMutation     *m,
                                      GcSequence     *sequence,
                                      GcStepFunc      func,
                                      gpointer        user_data,
                                      GDestroyNotify  destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_then         (GcMutation     *m,
                                      GcSequence     *sequence,
                                      GcThenFunc      func,
                                      gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_then_full    (GcMutation     *m,
                                      GcSequence     *sequence,
                                      GcStepFunc      func,
                                      gpointer        user_data,
                                      GDestroyNotify  destroy);

G_END_DECLS
