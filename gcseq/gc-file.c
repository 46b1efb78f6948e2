/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcseq/gc-async.h"
#include "gcseq/gc-file.h"

/**
 * SECTION:gc-file
 * @Title: Files
 * @Short_description: Reading and writing whole files
 *
 * |[<!-- language="C" -->
 * GC_DEFINE_COROUTINE (Duplicate, duplicate,
 *                      GC_PARAM_GOBJECT (GFile, source)
 *                      GC_PARAM_GOBJECT (GFile, target)
 *                      GC_LOCAL_REF (GcBytes, data))
 *
 * GC_COROUTINE_BODY (Duplicate, duplicate)
 * {
 *   GC_BEGIN ();
 *   GC_AWAIT_REF (data, gc_sequence_load_file (m, self->source));
 *   GC_AWAIT (gc_sequence_store_file (m, self->target, self->data));
 *   GC_END ();
 * }
 * ]|
 *
 * These are gc_sequence_from_async() of the functions that programs need most. Errors are those of Gio.
 */

static void
load_start (gpointer             source,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             callback_data,
            gpointer             user_data)
{
  g_file_load_bytes_async (source, cancellable, callback, callback_data);
}

static gpointer
load_finish (GcMutation    *m,
             gpointer       source,
             GAsyncResult  *result,
             gpointer       user_data,
             GError       **error)
{
  g_autoptr (GBytes) bytes = g_file_load_bytes_finish (source, result, NULL, error);

  return bytes != NULL ? gc_bytes_from_gbytes (m, bytes, error) : NULL;
}

/**
 * gc_sequence_load_file: (constructor)
 * @m: a mutation
 * @file: a file
 *
 * Makes a sequence that reads a file and ends with its content, a #GcBytes. It begins to read in its first step, and
 * ends in its second one.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_load_file (GcMutation *m,
                       GFile      *file)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  return gc_sequence_from_async (m, file, load_start, load_finish, NULL, NULL);
}

static void
store_start (gpointer             source,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             callback_data,
             gpointer             user_data)
{
  g_file_replace_contents_bytes_async (source, user_data, NULL, FALSE, G_FILE_CREATE_NONE,
                                       cancellable, callback, callback_data);
}

static gpointer
store_finish (GcMutation    *m,
              gpointer       source,
              GAsyncResult  *result,
              gpointer       user_data,
              GError       **error)
{
  g_file_replace_contents_finish (source, result, NULL, error);
  return NULL;
}

static void
unref_bytes (gpointer bytes)
{
  g_bytes_unref (bytes);
}

/**
 * gc_sequence_store_file: (constructor)
 * @m: a mutation
 * @file: a file
 * @data: what to write, which is copied
 *
 * Makes a sequence that replaces the content of a file, or makes the file, and ends with %NULL. It begins to write in
 * its first step, and ends in its second one.
 *
 * Returns: (transfer none): the sequence
 *
 * Since: 0.1
 */
GcSequence *
gc_sequence_store_file (GcMutation *m,
                        GFile      *file,
                        GcBytes    *data)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (GC_IS_BYTES (data), NULL);

  return gc_sequence_from_async (m, file, store_start, store_finish, gc_bytes_to_gbytes (data), unref_bytes);
}
