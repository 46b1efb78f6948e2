/* Gio's asynchronous functions as sequences: a pair of small functions for each.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "cf-gio.h"

#define ATTRIBUTES \
  G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE
#define N_AT_ONCE 32

static void
copy_start (gpointer             source,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             callback_data,
            gpointer             target)
{
  g_file_copy_async (source, target, G_FILE_COPY_OVERWRITE | G_FILE_COPY_NOFOLLOW_SYMLINKS, G_PRIORITY_DEFAULT,
                     cancellable, NULL, NULL, callback, callback_data);
}

static gpointer
copy_finish (GcMutation    *m,
             gpointer       source,
             GAsyncResult  *result,
             gpointer       target,
             GError       **error)
{
  g_file_copy_finish (source, result, error);
  return NULL;
}

/* Copies a file, and ends with %NULL. */
GcSequence *
cf_gio_copy (GcMutation *m,
             CfItem     *item)
{
  return gc_sequence_from_async (m, item->source, copy_start, copy_finish,
                                 g_object_ref (item->target), g_object_unref);
}

static void
make_directory_start (gpointer             source,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             callback_data,
                      gpointer             user_data)
{
  g_file_make_directory_async (source, G_PRIORITY_DEFAULT, cancellable, callback, callback_data);
}

static gpointer
make_directory_finish (GcMutation    *m,
                       gpointer       source,
                       GAsyncResult  *result,
                       gpointer       user_data,
                       GError       **error)
{
  g_file_make_directory_finish (source, result, error);
  return NULL;
}

/* Makes a directory, and ends with %NULL. */
GcSequence *
cf_gio_make_directory (GcMutation *m,
                       GFile      *directory)
{
  return gc_sequence_from_async (m, directory, make_directory_start, make_directory_finish, NULL, NULL);
}

static void
query_start (gpointer             source,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             callback_data,
             gpointer             target)
{
  g_file_query_info_async (source, ATTRIBUTES, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, G_PRIORITY_DEFAULT,
                           cancellable, callback, callback_data);
}

static gpointer
query_finish (GcMutation    *m,
              gpointer       source,
              GAsyncResult  *result,
              gpointer       target,
              GError       **error)
{
  g_autoptr (GFileInfo) info = g_file_query_info_finish (source, result, error);

  return info != NULL ? cf_item_new (m, source, target, info) : NULL;
}

/* Ends with an item for a file that is to be copied. */
GcSequence *
cf_gio_query (GcMutation *m,
              GFile      *source,
              GFile      *target)
{
  return gc_sequence_from_async (m, source, query_start, query_finish, g_object_ref (target), g_object_unref);
}

static void
enumerate_start (gpointer             source,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             callback_data,
                 gpointer             user_data)
{
  g_file_enumerate_children_async (source, ATTRIBUTES, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, G_PRIORITY_DEFAULT,
                                   cancellable, callback, callback_data);
}

static gpointer
enumerate_finish (GcMutation    *m,
                  gpointer       source,
                  GAsyncResult  *result,
                  gpointer       user_data,
                  GError       **error)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GFileEnumerator *enumerator = g_file_enumerate_children_finish (source, result, error);

  if (enumerator == NULL)
    return NULL;
  g_value_init (&value, G_TYPE_FILE_ENUMERATOR);
  g_value_take_object (&value, enumerator);
  return gc_box_new (m, &value);
}

/* Ends with a box that has a GFileEnumerator. */
GcSequence *
cf_gio_enumerate (GcMutation *m,
                  GFile      *directory)
{
  return gc_sequence_from_async (m, directory, enumerate_start, enumerate_finish, NULL, NULL);
}

static void
next_start (gpointer             source,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             callback_data,
            gpointer             target)
{
  g_file_enumerator_next_files_async (source, N_AT_ONCE, G_PRIORITY_DEFAULT, cancellable, callback, callback_data);
}

static gpointer
next_finish (GcMutation    *m,
             gpointer       source,
             GAsyncResult  *result,
             gpointer       target,
             GError       **error)
{
  GError *failure = NULL;
  GList *infos = g_file_enumerator_next_files_finish (source, result, &failure);
  GcArray *items = gc_array_new (m);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  for (GList *l = infos; l != NULL; l = l->next)
    {
      g_autoptr (GFile) child = g_file_enumerator_get_child (source, l->data);
      g_autoptr (GFile) child_target = g_file_get_child (target, g_file_info_get_name (l->data));

      gc_array_append (items, cf_item_new (m, child, child_target, l->data));
    }
  g_list_free_full (infos, g_object_unref);
  return items;
}

/* Ends with an array of items, which is empty in the end. */
GcSequence *
cf_gio_next_files (GcMutation      *m,
                   GFileEnumerator *enumerator,
                   GFile           *target)
{
  return gc_sequence_from_async (m, enumerator, next_start, next_finish, g_object_ref (target), g_object_unref);
}
