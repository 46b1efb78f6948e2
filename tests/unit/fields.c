/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a layout can declare: that each kind of field is traced, or not. */

#include "demo.h"

typedef struct { GC_REF (DemoNode) inner; int number; } Nested;

GC_DECLARE_TYPE (DemoArrays, demo_arrays, DEMO, ARRAYS, GcObject)

struct _DemoArrays
{
  GcObject parent_instance;
  GC_REF (DemoNode) nodes[3];
  int number;
  GC_REF (GcObject) any[2];
  Nested nested;
  GC_WEAK (DemoNode) weak[2];
};

GC_DEFINE_TYPE (DemoArrays, demo_arrays, GC_TYPE_OBJECT,
                GC_FIELD_ARRAY (DemoArrays, nodes)
                GC_FIELD_ARRAY (DemoArrays, any)
                GC_FIELD (DemoArrays, nested.inner)
                GC_FIELD_WEAK (DemoArrays, weak[0])
                GC_FIELD_WEAK (DemoArrays, weak[1]))

static void
test_inline_arrays (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoArrays *self = gc_new (m, DemoArrays);

    for (guint i = 0; i < 3; i++)
      gc_set (self, nodes[i], demo_watch_new (m, &n_finalized));
    for (guint i = 0; i < 2; i++)
      gc_set (self, any[i], demo_watch_new (m, &n_finalized));
    gc_set (self, nested.inner, demo_watch_new (m, &n_finalized));
    gc_arena_set_root (arena, self);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoArrays *self = gc_arena_get_root (arena);

    gc_set (self, nodes[0], NULL);
    gc_set (self, nodes[2], NULL);
    gc_set (self, any[1], NULL);
    gc_set (self, nested.inner, NULL);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 4);
}

static void
test_weak_array (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = NULL;
  DemoArrays *self;

  {
    g_autoptr (GcMutation) n = gc_arena_begin (arena);

    self = gc_new (n, DemoArrays);
    gc_set (self, nodes[0], gc_new (n, DemoNode));
    gc_set_weak (self, weak[0], self->nodes[0]);
    gc_set_weak (self, weak[1], gc_new (n, DemoNode));
    gc_arena_set_root (arena, self);
  }
  demo_check (arena);
  m = gc_arena_begin (arena);
  self = gc_arena_get_root (arena);
  g_assert_true (gc_weak_get (self, weak[0]) == self->nodes[0]);
  g_assert_null (gc_weak_get (self, weak[1]));
}

/* A type that adds fields keeps those of its parent, the weak one among them. */
GC_DECLARE_TYPE (DemoMore, demo_more, DEMO, MORE, DemoNode)
struct _DemoMore { DemoNode parent_instance; GC_REF (DemoNode) more; GC_WEAK (DemoNode) weaker; };
GC_DEFINE_TYPE (DemoMore, demo_more, demo_node_get_type (),
                GC_FIELD (DemoMore, more)
                GC_FIELD_WEAK (DemoMore, weaker))

static void
test_inherited (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = NULL;
  guint n_finalized = 0;
  DemoMore *self;

  {
    g_autoptr (GcMutation) n = gc_arena_begin (arena);

    self = gc_new (n, DemoMore);
    gc_set (DEMO_NODE (self), left, demo_watch_new (n, &n_finalized));
    gc_set (DEMO_NODE (self), any, GC_OBJECT (demo_watch_new (n, &n_finalized)));
    gc_set (self, more, demo_watch_new (n, &n_finalized));
    gc_set_weak (DEMO_NODE (self), weak, demo_watch_new (n, &n_finalized));
    gc_set_weak (self, weaker, demo_watch_new (n, &n_finalized));
    gc_arena_set_root (arena, self);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 2);
  m = gc_arena_begin (arena);
  self = gc_arena_get_root (arena);
  g_assert_null (gc_weak_get (DEMO_NODE (self), weak));
  g_assert_null (gc_weak_get (self, weaker));
  g_assert_true (DEMO_IS_WATCH (self->parent_instance.any));
}

/* More slots than the marker's fast path takes, on both sides of its bound. */
#define DEFINE_WIDE(n) \
  GC_DECLARE_TYPE (DemoWide##n, demo_wide##n, DEMO, WIDE##n, GcObject) \
  struct _DemoWide##n { GcObject parent_instance; GC_REF (DemoNode) slots[n]; }; \
  GC_DEFINE_TYPE (DemoWide##n, demo_wide##n, GC_TYPE_OBJECT, GC_FIELD_ARRAY (DemoWide##n, slots))

DEFINE_WIDE (31)
DEFINE_WIDE (32)
DEFINE_WIDE (33)
DEFINE_WIDE (200)
DEFINE_WIDE (5000)

#define CHECK_WIDE(n) \
  G_STMT_START { \
    g_autoptr (GcArena) arena = gc_arena_new (); \
    guint n_finalized = 0; \
    { \
      g_autoptr (GcMutation) m = gc_arena_begin (arena); \
      DemoWide##n *self = gc_new (m, DemoWide##n); \
      for (guint i = 0; i < n; i++) \
        gc_set (self, slots[i], demo_watch_new (m, &n_finalized)); \
      gc_arena_set_root (arena, self); \
    } \
    demo_check (arena); \
    g_assert_cmpuint (n_finalized, ==, 0); \
    { \
      g_autoptr (GcMutation) m = gc_arena_begin (arena); \
      DemoWide##n *self = gc_arena_get_root (arena); \
      for (guint i = 0; i < n; i++) \
        g_assert_true (DEMO_IS_WATCH (self->slots[i])); \
      gc_set (self, slots[n - 1], NULL); \
      gc_set (self, slots[0], NULL); \
    } \
    demo_check (arena); \
    g_assert_cmpuint (n_finalized, ==, 2); \
  } G_STMT_END

static void
test_wide (void)
{
  CHECK_WIDE (31);
  CHECK_WIDE (32);
  CHECK_WIDE (33);
  CHECK_WIDE (200);
  CHECK_WIDE (5000);
}

/* Chains of wide objects: many references come out of each at once. */
static void
test_wide_graph (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *all = gc_new_with_tail (m, DemoVector, 300);

    for (guint i = 0; i < 300; i++)
      {
        DemoWide32 *wide = gc_new (m, DemoWide32);

        for (guint k = 0; k < 32; k++)
          {
            DemoNode *node = demo_watch_new (m, &n_finalized);

            gc_set (node, any, (GcObject *) (k == 31 && i > 0 ? all->items[i - 1] : NULL));
            gc_set (wide, slots[k], node);
          }
        gc_set (all, items[i], wide);
      }
    gc_arena_set_root (arena, all->items[299]);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  g_assert_cmpuint (demo_count_live (arena), ==, 300 * 33);
}

/* Tails around the sizes at which the marker takes another way. */
static void
test_tails (void)
{
  static const gsize sizes[] = { 0, 1, 2, 29, 30, 31, 255, 256, 1023, 1024, 1025, 1536, 1537, 4094, 4095, 100000 };
  g_autoptr (GcArena) arena = gc_arena_new ();

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      gsize n = sizes[s];
      guint n_finalized = 0;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoVector *vector = gc_new_with_tail (m, DemoVector, n);

        g_assert_cmpuint (vector->n, ==, n);
        for (gsize i = 0; i < n; i++)
          {
            g_assert_null (vector->items[i]);
            gc_set (vector, items[i], GC_OBJECT (demo_watch_new (m, &n_finalized)));
          }
        gc_arena_set_root (arena, vector);
      }
      demo_check (arena);
      g_assert_cmpuint (n_finalized, ==, 0);
      gc_arena_set_root (arena, NULL);
      demo_check (arena);
      g_assert_cmpuint (n_finalized, ==, n);
    }
}

static void
test_byte_tail (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *all = gc_new_with_tail (m, DemoVector, 2000);

    for (gsize i = 0; i < all->n; i++)
      {
        DemoBlob *blob = gc_new_with_tail (m, DemoBlob, i);

        for (gsize k = 0; k < i; k++)
          g_assert_cmpuint (blob->bytes[k], ==, 0);
        memset (blob->bytes, 1 + i % 255, i);
        gc_set (all, items[i], blob);
      }
    gc_arena_set_root (arena, all);
  }
  demo_check (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *all = gc_arena_get_root (arena);

    for (gsize i = 0; i < all->n; i++)
      {
        DemoBlob *blob = DEMO_BLOB (all->items[i]);

        g_assert_cmpuint (blob->n, ==, i);
        for (gsize k = 0; k < i; k++)
          g_assert_cmpuint (blob->bytes[k], ==, 1 + i % 255);
      }
  }
}

/* A tail after slots, in a type and in one that inherits it. */
GC_DECLARE_TYPE (DemoFrame, demo_frame, DEMO, FRAME, GcObject)

struct _DemoFrame
{
  GcObject parent_instance;
  GC_REF (DemoFrame) outer;
  GC_WEAK (DemoNode) weak;
  const gsize n_locals;
  GC_REF_TAIL (GcObject) locals;
};

GC_DEFINE_TYPE (DemoFrame, demo_frame, GC_TYPE_OBJECT,
                GC_FIELD (DemoFrame, outer)
                GC_FIELD_WEAK (DemoFrame, weak)
                GC_FIELD_TAIL (DemoFrame, locals, n_locals))

static const GTypeInfo named_frame_info = {
  .class_size = sizeof (GcObjectClass),
  .instance_size = sizeof (DemoFrame),
};

static void
test_tail_and_slots (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GType type = g_type_register_static (demo_frame_get_type (), "DemoNamedFrame", &named_frame_info,
                                       G_TYPE_FLAG_ABSTRACT);
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoFrame *outer = gc_new_with_tail (m, DemoFrame, 3);
    DemoFrame *inner = gc_object_new_with_tail (m, type, 2);

    gc_set (inner, outer, outer);
    gc_set (inner, locals[0], gc_tag_int (-5));
    gc_set (inner, locals[1], demo_watch_new (m, &n_finalized));
    gc_set (outer, locals[2], demo_watch_new (m, &n_finalized));
    gc_set_weak (outer, weak, demo_watch_new (m, &n_finalized));
    gc_arena_set_root (arena, inner);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoFrame *inner = gc_arena_get_root (arena);

    g_assert_cmpint (gc_untag_int (inner->locals[0]), ==, -5);
    g_assert_true (DEMO_IS_WATCH (inner->locals[1]));
    g_assert_true (DEMO_IS_WATCH (inner->outer->locals[2]));
    g_assert_null (gc_weak_get (inner->outer, weak));
    gc_set (inner, outer, NULL);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 2);
}

/* A field that is overlooked on purpose keeps nothing alive, and the check for
 * forgotten fields says nothing of it. */
GC_DECLARE_TYPE (DemoBack, demo_back, DEMO, BACK, GcObject)

struct _DemoBack
{
  GcObject parent_instance;
  GC_UNTRACED DemoNode *back;
};

GC_DEFINE_TYPE (DemoBack, demo_back, GC_TYPE_OBJECT,
                GC_FIELD_UNTRACED (DemoBack, back))

static void
test_untraced (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  gc_arena_set_zeal (arena, GC_ZEAL_UNTRACED);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *both = gc_new_with_tail (m, DemoVector, 2);
    DemoBack *self = gc_new (m, DemoBack);

    self->back = demo_watch_new (m, &n_finalized);
    gc_set (both, items[0], self);
    gc_set (both, items[1], self->back);
    gc_arena_set_root (arena, both);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *both = gc_arena_get_root (arena);

    gc_set (both, items[1], NULL);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
}

/* Without slots an object is never scanned; what looks like a reference in it is none. */
static void
test_no_slots (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoBlob *blob = gc_new_with_tail (m, DemoBlob, 64);
    gpointer node = demo_watch_new (m, &n_finalized);

    memcpy (blob->bytes, &node, sizeof node);
    gc_arena_set_root (arena, blob);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fields/inline-arrays", test_inline_arrays);
  g_test_add_func ("/fields/weak-array", test_weak_array);
  g_test_add_func ("/fields/inherited", test_inherited);
  g_test_add_func ("/fields/wide", test_wide);
  g_test_add_func ("/fields/wide/graph", test_wide_graph);
  g_test_add_func ("/fields/tails", test_tails);
  g_test_add_func ("/fields/tails/bytes", test_byte_tail);
  g_test_add_func ("/fields/tails/with-slots", test_tail_and_slots);
  g_test_add_func ("/fields/untraced", test_untraced);
  g_test_add_func ("/fields/none", test_no_slots);
  return g_test_run ();
}
