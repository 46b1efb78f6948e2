/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Classes: inheritance, class slots, interfaces, accessors. What a layout can
 * declare is in fields.c. */

#include "demo.h"

static GString *story;

#define TELL(c) g_string_append_c (story, (c))

/* An abstract base with all class slots, each telling that it ran ... */
GC_DECLARE_TYPE (DemoBase, demo_base, DEMO, BASE, GcObject)

struct _DemoBase
{
  GcObject parent_instance;
  GC_REF (DemoNode) first;
  GcObject *const traced;
};

static void
demo_base_init (GcObject *object)
{
  GC_OBJECT_CLASS (demo_base_parent_class)->init (object);
  TELL ('i');
}

static void
demo_base_trace (GcObject *object,
                 GcTracer *tracer)
{
  GC_OBJECT_CLASS (demo_base_parent_class)->trace (object, tracer);
  gc_trace (tracer, &((DemoBase *) object)->traced);
}

static void
demo_base_finalize (GcObject *object)
{
  TELL ('f');
  GC_OBJECT_CLASS (demo_base_parent_class)->finalize (object);
}

GC_DEFINE_ABSTRACT_TYPE (DemoBase, demo_base, GC_TYPE_OBJECT,
                         GC_FIELD (DemoBase, first)
                         GC_INSTANCE_INIT (demo_base_init)
                         GC_TRACE (demo_base_trace)
                         GC_FINALIZE (demo_base_finalize))

/* ... a type that chains up in each ... */
GC_DECLARE_TYPE (DemoMiddle, demo_middle, DEMO, MIDDLE, DemoBase)

struct _DemoMiddle
{
  DemoBase parent_instance;
  GC_REF (DemoNode) second;
  GcObject *const traced;
};

static void
demo_middle_init (GcObject *object)
{
  GC_OBJECT_CLASS (demo_middle_parent_class)->init (object);
  TELL ('I');
}

static void
demo_middle_trace (GcObject *object,
                   GcTracer *tracer)
{
  GC_OBJECT_CLASS (demo_middle_parent_class)->trace (object, tracer);
  gc_trace (tracer, &((DemoMiddle *) object)->traced);
}

static void
demo_middle_finalize (GcObject *object)
{
  TELL ('F');
  GC_OBJECT_CLASS (demo_middle_parent_class)->finalize (object);
}

GC_DEFINE_TYPE (DemoMiddle, demo_middle, demo_base_get_type (),
                GC_FIELD (DemoMiddle, second)
                GC_INSTANCE_INIT (demo_middle_init)
                GC_TRACE (demo_middle_trace)
                GC_FINALIZE (demo_middle_finalize))

/* ... one that adds nothing, and one that adds a field. */
GC_DECLARE_TYPE (DemoSame, demo_same, DEMO, SAME, DemoMiddle)
struct _DemoSame { DemoMiddle parent_instance; };
GC_DEFINE_TYPE (DemoSame, demo_same, demo_middle_get_type (), )

GC_DECLARE_TYPE (DemoLast, demo_last, DEMO, LAST, DemoSame)
struct _DemoLast { DemoSame parent_instance; GC_REF (DemoNode) third; };
GC_DEFINE_TYPE (DemoLast, demo_last, demo_same_get_type (), GC_FIELD (DemoLast, third))

static void
test_class_slots (void)
{
  GcArena *arena = demo_exact_arena_new ();
  GType types[] = { demo_middle_get_type (), demo_same_get_type (), demo_last_get_type () };

  story = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      g_string_truncate (story, 0);
      gc_object_new (m, types[i]);
      g_assert_cmpstr (story->str, ==, "iI");
    }
  g_string_truncate (story, 0);
  gc_arena_collect (arena);
  g_assert_cmpstr (story->str, ==, "FfFfFf");
  g_string_free (story, TRUE);
  g_object_unref (arena);
}

/* A type's slots are its own and all that it inherits. */
static void
test_inherited_slots (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  story = g_string_new (NULL);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoLast *last = gc_new (m, DemoLast);
    DemoSame *same = gc_new (m, DemoSame);

    gc_set (DEMO_BASE (last), first, demo_watch_new (m, &n_finalized));
    gc_object_set_slot (last, &DEMO_BASE (last)->traced, demo_watch_new (m, &n_finalized));
    gc_set (DEMO_MIDDLE (last), second, demo_watch_new (m, &n_finalized));
    gc_object_set_slot (last, &DEMO_MIDDLE (last)->traced, demo_watch_new (m, &n_finalized));
    gc_set (last, third, demo_watch_new (m, &n_finalized));
    gc_object_set_slot (last, &DEMO_BASE (last)->traced, same);
    gc_set (DEMO_BASE (same), first, demo_watch_new (m, &n_finalized));
    gc_set (DEMO_MIDDLE (same), second, demo_watch_new (m, &n_finalized));
    gc_arena_set_root (arena, last);
  }
  /* One was replaced; six are left. */
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_set (DEMO_BASE (gc_arena_get_root (arena)), first, NULL);
    gc_set (DEMO_LAST (gc_arena_get_root (arena)), third, NULL);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 3);
  gc_arena_set_root (arena, NULL);
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 7);
  g_string_free (g_steal_pointer (&story), TRUE);
}

static void
test_class_structs (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  gpointer last;

  story = g_string_new (NULL);
  last = gc_new (m, DemoLast);
  g_assert_true (DEMO_IS_LAST (last));
  g_assert_true (DEMO_IS_SAME (last));
  g_assert_true (DEMO_IS_BASE (last));
  g_assert_false (DEMO_IS_NODE (last));
  g_assert_true (GC_IS_OBJECT_CLASS (GC_OBJECT_GET_CLASS (last)));
  g_assert_true (demo_last_parent_class == g_type_class_peek (demo_same_get_type ()));
  g_assert_true (demo_middle_parent_class == g_type_class_peek (demo_base_get_type ()));

  /* Nobody but an arena may make instances. */
  g_assert_true (G_TYPE_IS_ABSTRACT (demo_last_get_type ()));
  g_assert_true (G_TYPE_IS_ABSTRACT (GC_TYPE_OBJECT));
  g_assert_cmpuint (G_TYPE_FUNDAMENTAL (demo_last_get_type ()), ==, GC_TYPE_OBJECT);

  gc_object_abandon (last);
  g_string_free (g_steal_pointer (&story), TRUE);
}

/* Functions that a class_init of a binding sets take part too. */
GC_DECLARE_TYPE (DemoLate, demo_late, DEMO, LATE, GcObject)

struct _DemoLate
{
  GcObject parent_instance;
  DemoNode *node;
  guint *n_finalized;
};

static void
demo_late_trace (GcObject *object,
                 GcTracer *tracer)
{
  gc_trace (tracer, &((DemoLate *) object)->node);
}

static void
demo_late_finalize (GcObject *object)
{
  ++*((DemoLate *) object)->n_finalized;
}

static void
demo_late_class_init (gpointer g_class)
{
  GcObjectClass *klass = g_class;

  klass->trace = demo_late_trace;
  klass->finalize = demo_late_finalize;
}

GC_DEFINE_TYPE (DemoLate, demo_late, GC_TYPE_OBJECT,
                GC_CLASS_INIT (demo_late_class_init))

static void
test_class_init (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_late = 0, n_watch = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoLate *late = gc_new (m, DemoLate);

    late->n_finalized = &n_late;
    gc_object_set_slot (late, &late->node, demo_watch_new (m, &n_watch));
    gc_arena_set_root (arena, late);
  }
  demo_check (arena);
  g_assert_cmpuint (n_late + n_watch, ==, 0);
  gc_arena_set_root (arena, NULL);
  demo_check (arena);
  g_assert_cmpuint (n_late, ==, 1);
  g_assert_cmpuint (n_watch, ==, 1);
}

/* An interface, with a default and an implementation. */
typedef struct _DemoShape DemoShape;
typedef struct
{
  GTypeInterface parent_iface;
  int (*get_area) (gpointer self);
} DemoShapeInterface;

GType demo_shape_get_type (void);

static int
demo_shape_default_area (gpointer self)
{
  return -1;
}

G_DEFINE_INTERFACE (DemoShape, demo_shape, GC_TYPE_OBJECT)

static void
demo_shape_default_init (DemoShapeInterface *iface)
{
  iface->get_area = demo_shape_default_area;
}

GC_DECLARE_TYPE (DemoSquare, demo_square, DEMO, SQUARE, GcObject)

struct _DemoSquare
{
  GcObject parent_instance;
  int side;
};

static int
demo_square_get_area (gpointer self)
{
  return DEMO_SQUARE (self)->side * DEMO_SQUARE (self)->side;
}

static void
demo_square_shape_init (gpointer iface,
                        gpointer data)
{
  ((DemoShapeInterface *) iface)->get_area = demo_square_get_area;
}

GC_DEFINE_TYPE (DemoSquare, demo_square, GC_TYPE_OBJECT,
                GC_INTERFACE (demo_shape_get_type, demo_square_shape_init))

GC_DECLARE_TYPE (DemoTile, demo_tile, DEMO, TILE, DemoSquare)
struct _DemoTile { DemoSquare parent_instance; };
GC_DEFINE_TYPE (DemoTile, demo_tile, demo_square_get_type (), )

static void
test_interface (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoSquare *square = gc_new (m, DemoSquare);
  gpointer tile = gc_new (m, DemoTile);

  square->side = 3;
  DEMO_SQUARE (tile)->side = 4;
  g_assert_true (g_type_is_a (demo_tile_get_type (), demo_shape_get_type ()));
  g_assert_cmpint (G_TYPE_INSTANCE_GET_INTERFACE (square, demo_shape_get_type (),
                                                  DemoShapeInterface)->get_area (square), ==, 9);
  g_assert_cmpint (G_TYPE_INSTANCE_GET_INTERFACE (tile, demo_shape_get_type (),
                                                  DemoShapeInterface)->get_area (tile), ==, 16);
}

/* Derived accessors. */
GC_DECLARE_TYPE (DemoPair, demo_pair, DEMO, PAIR, GcObject)

struct _DemoPair
{
  GcObject parent_instance;
  GC_REF (DemoNode) key;
  GC_REF (DemoNode) value;
};

GC_DEFINE_TYPE (DemoPair, demo_pair, GC_TYPE_OBJECT,
                GC_FIELD (DemoPair, key)
                GC_FIELD (DemoPair, value))

DemoNode *demo_pair_get_key (DemoPair *self);
DemoNode *demo_pair_dup_key (DemoPair *self);
DemoNode *demo_pair_get_value (DemoPair *self);
DemoNode *demo_pair_dup_value (DemoPair *self);
void demo_pair_set_value (DemoPair *self, DemoNode *value);

GC_DEFINE_GETTER (DemoPair, demo_pair, DemoNode, key)
GC_DEFINE_ACCESSORS (DemoPair, demo_pair, DemoNode, demo_node_get_type, value)

static void
test_accessors (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (DemoPair) pair = NULL;
  DemoNode *node, *copy;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    pair = gc_object_ref (gc_new (m, DemoPair));
    node = gc_object_ref (gc_new (m, DemoNode));
    g_assert_null (demo_pair_get_key (pair));
    g_assert_null (demo_pair_dup_key (pair));
    demo_pair_set_value (pair, node);
    g_assert_true (demo_pair_get_value (pair) == node);
  }
  /* The setter and the getter that takes a reference enter a scope themselves. */
  demo_pair_set_value (pair, NULL);
  g_assert_null (demo_pair_dup_value (pair));
  demo_pair_set_value (pair, node);
  gc_object_unref (node);
  gc_arena_collect (arena);
  copy = demo_pair_dup_value (pair);
  demo_pair_set_value (pair, NULL);
  gc_arena_collect (arena);
  g_assert_true (DEMO_IS_NODE (copy));
  gc_object_unref (copy);
}

/* A type that was registered by hand, as a binding does, has its parent's layout. */
static void
test_registered_by_hand (void)
{
  static const GTypeInfo info = {
    .class_size = sizeof (GcObjectClass),
    .instance_size = sizeof (DemoWatch) + 24,
  };
  g_autoptr (GcArena) arena = gc_arena_new ();
  GType type = g_type_register_static (demo_watch_get_type (), "DemoByHand", &info, G_TYPE_FLAG_ABSTRACT);
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_object_new (m, type);

    ((DemoWatch *) node)->n_finalized = &n_finalized;
    gc_set (node, right, demo_watch_new (m, &n_finalized));
    g_assert_cmpuint (gc_object_get_size (GC_OBJECT (node)), ==, sizeof (DemoWatch) + 24);
    gc_arena_set_root (arena, node);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  gc_arena_set_root (arena, NULL);
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/type/class-slots", test_class_slots);
  g_test_add_func ("/type/inherited-slots", test_inherited_slots);
  g_test_add_func ("/type/class-structs", test_class_structs);
  g_test_add_func ("/type/class-init", test_class_init);
  g_test_add_func ("/type/interface", test_interface);
  g_test_add_func ("/type/accessors", test_accessors);
  g_test_add_func ("/type/by-hand", test_registered_by_hand);
  return g_test_run ();
}
