/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-arena-private.h"

/**
 * SECTION:gc-root
 * @Title: Rooted locals
 * @Short_description: Local variables that survive safe points
 *
 * |[<!-- language="C" -->
 * static GC_MAY_COLLECT DemoNode *
 * import_all (GcMutation *m, GPtrArray *records)
 * {
 *   GC_ROOT (m, DemoNode, list);
 *
 *   for (guint i = 0; i < records->len; i++)
 *     {
 *       DemoNode *node = demo_node_new (m, records->pdata[i]);
 *
 *       gc_set (node, right, list);
 *       list = node;
 *       gc_mutation_safepoint (m);
 *     }
 *   return list;
 * }
 * ]|
 *
 * A rooted local is an ordinary variable that the collector knows of: what it
 * refers to at a safe point is alive. It is assigned like any variable, and it
 * ends with its block.
 */

/**
 * GC_ROOT:
 * @m: a mutation
 * @T: the C type of an object
 * @name: the name of the variable
 *
 * Declares a local variable `T *name`, %NULL at first, that keeps what it
 * refers to alive across safe points of @m. Rooted locals end in the reverse
 * order of their declaration, as the blocks do that they stand in; code that
 * leaves a function by longjmp() uses gc_mutation_restore().
 *
 * Since: 0.1
 */

/* Returns what the caller assigns to *@self: one declaration then both makes
 * the structure and has the compiler end it. */
GcRoot
gc_root_push_ (GcRoot     *self,
               GcMutation *m,
               gpointer    variable)
{
  GcRoot root = { NULL, variable, NULL };

  g_return_val_if_fail (m != NULL, root);
  g_return_val_if_fail (gc_mutation_is_active (m), root);

  root.m = m;
  root.previous = m->roots;
  m->roots = self;
  return root;
}

void
gc_root_pop_ (GcRoot *self)
{
  /* After gc_mutation_restore() or a scope that ended early it is gone already. */
  if (self->m != NULL && self->m->roots == self)
    self->m->roots = self->previous;
}
