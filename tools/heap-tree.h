/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heap-file.h"

G_BEGIN_DECLS

/* What follows from a snapshot's edges, weak ones left out. */
typedef struct
{
  guint32 *dominator;           /* of each node; 0's, and that of what nothing leads to, is 0 */
  guint64 *retained;            /* bytes that would go with the node */
  guint32 *distance;            /* edges from the root on; HEAP_FAR: nothing leads there */
  guint32 *by_edge;             /* the last edge of a shortest path */
  guint32 *by_node;             /* and where it starts */
} HeapTree;

#define HEAP_FAR G_MAXUINT32

HeapTree *heap_tree_new  (const HeapFile *file);
void      heap_tree_free (HeapTree       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeapTree, heap_tree_free)

G_END_DECLS
