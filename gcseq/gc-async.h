/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-promise.h>

G_BEGIN_DECLS

/**
 * GcAsyncStartFunc: (skip)
 * @source: (nullable): the object that was given
 * @cancellable: what cancels the operation
 * @callback: to be called when the operation is done
 * @callback_data: data for @callback
 * @user_data: user data
 *
 * Starts an asynchronous operation.
 *
 * Since: 0.1
 */
typedef void (*GcAsyncStartFunc) (gpointer             source,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             callback_data,
                                  gpointer             user_data);

/**
 * GcAsyncFinishFunc: (skip)
 * @m: the mutation
 * @source: (nullable): the object that was given
 * @result: the operation's result
 * @user_data: user data
 * @error: return location for an error
 *
 * Finishes an asynchronous operation.
 *
 * Returns: (nullable): the result: an object or a tagged word; with @error set it does not matter
 *
 * Since: 0.1
 */
typedef gpointer (*GcAsyncFinishFunc) (GcMutation    *m,
                                       gpointer       source,
                                       GAsyncResult  *result,
                                       gpointer       user_data,
                                       GError       **error);

/**
 * GcThreadFunc: (skip)
 * @result: where to put the result: a value that is not initialized, and may stay so
 * @cancellable: what is cancelled when the sequence is
 * @user_data: user data
 * @error: return location for an error
 *
 * Does work in a thread.
 *
 * Returns: %TRUE if it succeeded; %FALSE with @error set
 *
 * Since: 0.1
 */
typedef gboolean (*GcThreadFunc) (GValue        *result,
                                  GCancellable  *cancellable,
                                  gpointer       user_data,
                                  GError       **error);

/**
 * GcPromiseFunc:
 * @promise: (transfer none): what to settle
 * @user_data: user data
 *
 * Begins something that settles @promise, or does it.
 *
 * Since: 0.1
 */
typedef void (*GcPromiseFunc) (GcPromise *promise,
                               gpointer   user_data);

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_from_async      (GcMutation        *m,
                                         gpointer           source,
                                         GcAsyncStartFunc   start,
                                         GcAsyncFinishFunc  finish,
                                         gpointer           user_data,
                                         GDestroyNotify     destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_from_async_full (GcMutation        *m,
                                         GcPromiseFunc      begin,
                                         gpointer           user_data,
                                         GDestroyNotify     destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_in_thread       (GcMutation        *m,
                                         GcThreadFunc       func,
                                         gpointer           user_data,
                                         GDestroyNotify     destroy);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_sequence_in_thread_full  (GcMutation        *m,
                                         GcPromiseFunc      func,
                                         gpointer           user_data,
                                         GDestroyNotify     destroy);

G_END_DECLS
