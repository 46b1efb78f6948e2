/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What using the library should feel like: a type, a cycle, an arena. */

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (DemoNode, demo_node, DEMO, NODE, GcObject)

struct _DemoNode
{
  GcObject parent_instance;
  GC_REF (DemoNode) left;
  GC_REF (DemoNode) right;
  GC_WEAK (DemoNode) parent;
  char *label;                       /* unmanaged, owned */
};

static void
demo_node_finalize (GcObject *object)
{
  g_free (DEMO_NODE (object)->label);
  GC_OBJECT_CLASS (demo_node_parent_class)->finalize (object);
}

GC_DEFINE_TYPE (DemoNode, demo_node, GC_TYPE_OBJECT,
                GC_FIELD (DemoNode, left)
                GC_FIELD (DemoNode, right)
                GC_FIELD_WEAK (DemoNode, parent)
                GC_FINALIZE (demo_node_finalize))

int
main (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);   /* plain pointers are safe, nothing is collected */
    DemoNode *root = gc_new (m, DemoNode);               /* zeroed, typed, unowned */
    gc_set (root, left, gc_new (m, DemoNode));
    gc_set (root->left, right, root);                    /* a cycle */
    gc_set_weak (root->left, parent, root);
    gc_arena_set_root (arena, root);
  }                                  /* a safe point: owed work is paid in small slices */

  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);          /* both are gone, finalizers ran */
}
