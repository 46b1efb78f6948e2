/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heap-types.h"

G_BEGIN_DECLS

typedef struct
{
  guint       limit;
  guint       depth;
  guint       nodes;
  const char *sort;
} Options;

/* A snapshot with what was worked out of it. */
typedef struct
{
  char        *path;
  HeapFile    *file;
  HeapTree    *tree;
  HeapClasses *classes;
} Heap;

Heap    *heap_new            (const char     *path,
                              GError        **error);
void     heap_free           (Heap           *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Heap, heap_free)

/* Each appends to @out. */
gboolean command_top         (const Options  *options,
                              Heap          **heaps,
                              char          **words,
                              GString        *out,
                              GError        **error);
gboolean command_path        (const Options  *options,
                              Heap          **heaps,
                              char          **words,
                              GString        *out,
                              GError        **error);
gboolean command_diff        (const Options  *options,
                              Heap          **heaps,
                              char          **words,
                              GString        *out,
                              GError        **error);
gboolean command_dot         (const Options  *options,
                              Heap          **heaps,
                              char          **words,
                              GString        *out,
                              GError        **error);
gboolean command_report      (const Options  *options,
                              Heap          **heaps,
                              char          **words,
                              GString        *out,
                              GError        **error);
gboolean command_nodes       (const Options  *options,
                              Heap          **heaps,
                              char          **words,
                              GString        *out,
                              GError        **error);

/* command-top.c */
gsize    control_length      (const char     *text);
void     append_plain        (GString        *out,
                              const char     *text);

/* command-path.c */
gboolean find_node           (const Heap     *heap,
                              const char     *what,
                              guint32        *node,
                              GError        **error);
void     append_path         (GString        *out,
                              const HeapFile *file,
                              const HeapTree *tree,
                              guint32         node,
                              const char     *indent);
void     append_node_name    (GString        *out,
                              const HeapFile *file,
                              guint32         node);

/* report-treemap.c */
void     append_treemap      (GString        *out,
                              const Heap     *heap,
                              guint           width,
                              guint           height);
void     append_escaped      (GString        *out,
                              const char     *text);

G_END_DECLS
