/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heap-tree.h"

G_BEGIN_DECLS

/* The nodes of a snapshot by what they have in common. */
typedef struct
{
  const char *name;
  guint64     count;
  guint64     shallow;
  guint64     retained;         /* of those that no other of the class dominates */
} HeapClass;

typedef struct
{
  guint32    n;
  HeapClass *classes;
  guint32   *class_of;          /* each node's */
} HeapClasses;

HeapClasses *heap_classes_new  (const HeapFile    *file,
                                const HeapTree    *tree);
void         heap_classes_free (HeapClasses       *self);
guint32     *heap_classes_sort (const HeapClasses *self,
                                const char        *by);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeapClasses, heap_classes_free)

/* The children of each node in the tree of dominators: those of i are nodes[start[i]] to
 * nodes[start[i + 1]]. */
typedef struct
{
  guint32 *start;
  guint32 *nodes;
} HeapChildren;

HeapChildren *heap_children_new  (const HeapFile *file,
                                  const HeapTree *tree);
void          heap_children_free (HeapChildren   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeapChildren, heap_children_free)

G_END_DECLS
