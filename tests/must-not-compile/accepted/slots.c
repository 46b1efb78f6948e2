/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Every form of declaring, listing, reading and storing. */

#include "types.h"

typedef struct { int number; GC_REF (GcObject) value; } Frame;

GC_DECLARE_TYPE (DemoAll, demo_all, DEMO, ALL, DemoNode)

struct _DemoAll
{
  DemoNode parent_instance;
  GC_REF (DemoNode) a, b;
  GC_REF (GcObject) many[3];
  GC_WEAK (DemoNode) weak, weaker, weaks[3];
  Frame frame;
  GC_UNTRACED DemoNode *known;
  gpointer word;
  const gsize n_bytes;
  guint16 bytes[];
};

static void
demo_all_init (G_GNUC_UNUSED GcObject *object)
{
}

static void
demo_all_trace (GcObject *object, GcTracer *tracer)
{
  gc_trace_weak (tracer, &DEMO_ALL (object)->word);
  GC_OBJECT_CLASS (demo_all_parent_class)->trace (object, tracer);
}

static void
demo_all_class_init (G_GNUC_UNUSED DemoAllClass *klass)
{
}

static void
demo_all_iface_init (G_GNUC_UNUSED gpointer iface, G_GNUC_UNUSED gpointer data)
{
}

GType demo_iface_get_type (void);

GC_DEFINE_TYPE (DemoAll, demo_all, demo_node_get_type (),
                GC_FIELD (DemoAll, a)
                GC_FIELD (DemoAll, b)
                GC_FIELD_ARRAY (DemoAll, many)
                GC_FIELD_WEAK (DemoAll, weak)
                GC_FIELD_WEAK_ARRAY (DemoAll, weaks)
                GC_FIELD_WEAK (DemoAll, weaker)
                GC_FIELD (DemoAll, frame.value)
                GC_FIELD_UNTRACED (DemoAll, known)
                GC_FIELD_TAIL_BYTES (DemoAll, bytes, n_bytes)
                GC_INSTANCE_INIT (demo_all_init)
                GC_TRACE (demo_all_trace)
                GC_CLASS_INIT (demo_all_class_init)
                GC_INTERFACE (demo_iface_get_type, demo_all_iface_init))

GC_DECLARE_TYPE (DemoNothing, demo_nothing, DEMO, NOTHING, GcObject)
struct _DemoNothing { GcObject parent_instance; };
GC_DEFINE_TYPE (DemoNothing, demo_nothing, GC_TYPE_OBJECT, )

GC_DECLARE_TYPE (DemoKind, demo_kind, DEMO, KIND, GcObject)
struct _DemoKind { GcObject parent_instance; GC_REF (DemoNode) node; };
GC_DEFINE_ABSTRACT_TYPE (DemoKind, demo_kind, GC_TYPE_OBJECT, GC_FIELD (DemoKind, node))

DemoNode *demo_kind_get_node (DemoKind *self);
DemoNode *demo_kind_dup_node (DemoKind *self);
void demo_kind_set_node (DemoKind *self, DemoNode *value);
GC_DEFINE_ACCESSORS (DemoKind, demo_kind, DemoNode, demo_node_get_type, node)

DemoAll *make (GcMutation *m, DemoNode **nodes);

DemoAll *
make (GcMutation *m, DemoNode **nodes)
{
  DemoAll *all = gc_new_with_tail (m, DemoAll, 10);
  g_autoptr (DemoAll) kept = gc_object_ref (all);
  guint i = 0;

  gc_set (all, a, nodes[0]);
  gc_set (all, b, NULL);
  gc_set (all, many[i++], all);
  gc_set (all, many[i], nodes[0]->any);
  gc_set (all, frame.value, gc_tag_int (-3));
  gc_set (DEMO_NODE (all), left, nodes[1]);
  gc_set (all->parent_instance.left, right, DEMO_NODE (all));
  gc_set (*nodes++, children[all->frame.number], all->a);
  gc_set (i > 0 ? nodes[0] : nodes[1], left, (gpointer) all);
  gc_set_weak (all, weak, all->a);
  gc_set_weak (all, weaker, gc_weak_get (all, weak));
  gc_set_weak (nodes[0], parent, NULL);
  all->bytes[9] = 1;
  return gc_is_tagged (all->frame.value) && gc_untag_int (all->frame.value) < 0 ? all : kept;
}
