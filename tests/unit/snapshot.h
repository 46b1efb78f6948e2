/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What tests of snapshots share: taking one, and asking what is in it. */

#include <gio/gio.h>
#include "demo.h"
#include "tools/heap-file.h"

/* For others to read: see tests/snapshot/readers.py. */
G_GNUC_UNUSED static void
keep_snapshot (const char *data,
               gsize       size)
{
  static guint n;
  const char *folder = g_getenv ("GCOBJ_TEST_SNAPSHOTS");
  g_autofree char *name = g_path_get_basename (g_get_prgname ());
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  if (folder == NULL)
    return;
  path = g_strdup_printf ("%s/%s-%05u.heapsnapshot", folder, name, n++);
  g_file_set_contents (path, data, (gssize) size, &error);
  g_assert_no_error (error);
}

G_GNUC_UNUSED static HeapFile *
take_snapshot (GcArena *arena)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;
  HeapFile *file;
  const char *data;
  gsize size;
  gboolean ok;

  ok = gc_arena_write_snapshot (arena, stream, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ok);
  data = g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream));
  size = g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream));
  keep_snapshot (data, size);
  file = heap_file_parse (data, size, &error);
  g_assert_no_error (error);
  return file;
}

/* Where the edge of this label leads to; NONE if there is none, or more than one. */
#define NONE G_MAXUINT32

G_GNUC_UNUSED static guint32
follow (const HeapFile *file,
        guint32         from,
        HeapEdgeKind    kind,
        const char     *label)
{
  guint32 to = NONE;

  g_assert_cmpuint (from, <, file->n_nodes);
  for (guint32 e = file->first_edge[from]; e < file->first_edge[from + 1]; e++)
    {
      g_autofree char *found = heap_file_edge_label (file, e);

      if (file->edge_kind[e] != kind || !g_str_equal (found, label))
        continue;
      if (to != NONE)
        return NONE;
      to = file->edge_to[e];
    }
  return to;
}

G_GNUC_UNUSED static guint32
find_synthetic (const HeapFile *file,
                const char     *name)
{
  for (guint32 i = 0; i < file->n_nodes; i++)
    if (file->kind[i] == HEAP_NODE_SYNTHETIC && g_str_equal (heap_file_string (file, file->name[i]), name))
      return i;
  return NONE;
}

G_GNUC_UNUSED static guint32
arena_root (const HeapFile *file)
{
  return follow (file, find_synthetic (file, "(Arena root)"), HEAP_EDGE_PROPERTY, "root");
}

G_GNUC_UNUSED static guint
count_class (const HeapFile *file,
             const char     *name)
{
  guint n = 0;

  for (guint32 i = 0; i < file->n_nodes; i++)
    n += g_str_equal (heap_file_class_name (file, i), name);
  return n;
}

#define assert_node(file, node, class, bytes) \
  G_STMT_START { \
    g_assert_cmpuint (node, !=, NONE); \
    g_assert_cmpstr (heap_file_class_name (file, node), ==, class); \
    g_assert_cmpuint ((file)->size[node], ==, bytes); \
  } G_STMT_END
