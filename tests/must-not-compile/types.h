/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the programs here work with: declared, in C and in C++, and nowhere defined. */

#include <gcobj/gcobj.h>

G_BEGIN_DECLS

GC_DECLARE_TYPE (DemoNode, demo_node, DEMO, NODE, GcObject)

struct _DemoNode
{
  GcObject parent_instance;
  GC_REF (DemoNode) left, right;
  GC_REF (GcObject) any;
  GC_REF (DemoNode) children[4];
  GC_WEAK (DemoNode) parent;
  DemoNode *plain;
  int value;
};

GC_DECLARE_TYPE (DemoLeaf, demo_leaf, DEMO, LEAF, DemoNode)

struct _DemoLeaf
{
  DemoNode parent_instance;
};

GC_DECLARE_TYPE (DemoVector, demo_vector, DEMO, VECTOR, GcObject)

#ifndef __cplusplus
struct _DemoVector
{
  GcObject parent_instance;
  const gsize n;
  GC_REF_TAIL (GcObject) items;
};
#endif

void use (DemoNode *a, DemoNode *b, DemoVector *vector);

G_END_DECLS
