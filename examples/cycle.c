/* The example of README.md: two objects that refer to each other.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (DemoNode, demo_node, DEMO, NODE, GcObject)

struct _DemoNode
{
  GcObject parent_instance;
  GC_REF (DemoNode) other;      /* a traced field, which only gc_set () can write */
  int value;
};

static void
demo_node_finalize (GcObject *object)
{
  g_print ("node %d is gone\n", DEMO_NODE (object)->value);
}

GC_DEFINE_TYPE (DemoNode, demo_node, GC_TYPE_OBJECT,
                GC_FIELD (DemoNode, other)
                GC_FINALIZE (demo_node_finalize))

int
main (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);  /* nothing is collected in this scope: */
    DemoNode *a = gc_new (m, DemoNode);                 /* plain pointers are safe */
    DemoNode *b = gc_new (m, DemoNode);

    a->value = 1;
    b->value = 2;
    gc_set (a, other, b);
    gc_set (b, other, a);                               /* a cycle */
    gc_arena_set_root (arena, a);
  }                                                     /* a safe point */

  gc_arena_collect (arena);                             /* keeps both */
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);                             /* reclaims both */
  return 0;
}
