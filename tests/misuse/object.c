/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* References that nobody has, types without instances, and instances that no arena made. */

#include "misuse.h"

static void
test_unref_too_often (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  DemoNode *node, *other;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_new (m, DemoNode);
    EXPECT_CRITICAL ("gc_object_unref: there is no external reference to the DemoNode at 0x*");
    gc_object_unref (node);
    gc_object_ref (node);
    gc_object_ref (node);
    gc_object_unref (node);
    gc_object_unref (node);
    EXPECT_CRITICAL ("gc_object_unref: there is no external reference to the DemoNode at 0x*");
    gc_object_unref (node);
    /* Someone else's reference is not touched by that. */
    other = gc_object_ref (demo_watch_new (m, NULL));
    EXPECT_CRITICAL ("gc_object_unref: there is no external reference to the DemoNode at 0x*");
    gc_object_unref (node);
    gc_arena_set_root (arena, node);
  }
  still_works (arena);
  g_assert_cmpuint (demo_count_live (arena), ==, 2);
  gc_object_unref (other);
  g_assert_cmpuint (demo_count_live (arena), ==, 1);
}

/* ---- abstract types ---- */

GC_DECLARE_TYPE (DemoBase, demo_base, DEMO, BASE, GcObject)
struct _DemoBase { GcObject parent_instance; };
GC_DEFINE_ABSTRACT_TYPE (DemoBase, demo_base, GC_TYPE_OBJECT, )

GC_DECLARE_TYPE (DemoReal, demo_real, DEMO, REAL, DemoBase)
struct _DemoReal { DemoBase parent_instance; };
GC_DEFINE_TYPE (DemoReal, demo_real, demo_base_get_type (), )

static void
test_abstract (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GError) error = NULL;
  GcMutation *m = gc_arena_begin (arena);

  for (guint i = 0; i < 2; i++)
    {
      EXPECT_CRITICAL ("gc_object_allocate: the type DemoBase is abstract");
      g_assert_null (gc_new (m, DemoBase));
      EXPECT_CRITICAL ("gc_object_allocate: the type GcObject is abstract");
      g_assert_null (gc_object_new (m, GC_TYPE_OBJECT));
      EXPECT_CRITICAL ("gc_object_allocate: the type DemoBase is abstract");
      g_assert_null (gc_object_try_new (m, demo_base_get_type (), 0, &error));
      g_assert_no_error (error);
    }
  g_assert_true (DEMO_IS_BASE (gc_new (m, DemoReal)));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  still_works (arena);
}

static void
test_other_types (void)
{
  GType types[] = { G_TYPE_OBJECT, G_TYPE_INT, G_TYPE_INVALID, GC_TYPE_ARENA, GC_TYPE_MUTATION };
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (arena);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      EXPECT_ASSERTION ("class_of_type", "g_type_is_a (type, GC_TYPE_OBJECT)");
      g_assert_null (gc_object_new (m, types[i]));
      EXPECT_ASSERTION ("class_of_type", "g_type_is_a (type, GC_TYPE_OBJECT)");
      g_assert_null (gc_object_new_with_tail (m, types[i], 1));
      EXPECT_ASSERTION ("class_of_type", "g_type_is_a (type, GC_TYPE_OBJECT)");
      g_assert_null (gc_object_try_new (m, types[i], 1, NULL));
      EXPECT_ASSERTION ("class_of_type", "g_type_is_a (type, GC_TYPE_OBJECT)");
      g_assert_null (gc_object_construct (types[i], m));
    }
  EXPECT_ASSERTION ("gc_object_new_of_class", "klass != NULL");
  g_assert_null (gc_object_new_of_class (m, NULL));
  EXPECT_ASSERTION ("gc_object_allocate", "klass != NULL");
  g_assert_null (gc_object_new_of_class_with_tail (m, NULL, 1));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  still_works (arena);
}

/* A type can't put fields behind the tail that it inherits. */
GC_DECLARE_TYPE (DemoLonger, demo_longer, DEMO, LONGER, DemoVector)
struct _DemoLonger { GcObject parent_instance; gsize n; gint64 more[3]; };
GC_DEFINE_TYPE (DemoLonger, demo_longer, demo_vector_get_type (), )

static void
test_fields_behind_tail (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_arena_begin (arena);

  EXPECT_CRITICAL ("DemoLonger: the tail does not begin where the instance ends");
  g_assert_null (gc_new_with_tail (m, DemoLonger, 2));
  EXPECT_CRITICAL ("DemoLonger: the tail does not begin where the instance ends");
  g_assert_null (gc_object_try_new (m, demo_longer_get_type (), 2, NULL));
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  still_works (arena);
}

/* ---- impostors ---- */

/* GLib refuses to make instances of a type that is registered as ours are. */
static void
test_create_instance (void)
{
  if (g_test_subprocess ())
    {
      g_type_create_instance (demo_node_get_type ());
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*cannot create instance of abstract*");
}

/* One registered by hand without that flag gets past GLib; not past us. */
static void
test_impostor (void)
{
  static const GTypeInfo info = {
    .class_size = sizeof (GcObjectClass),
    .instance_size = sizeof (DemoNode),
  };
  g_autoptr (GcArena) arena = gc_arena_new ();
  GType type = g_type_register_static (demo_node_get_type (), "DemoImpostor", &info, 0);
  g_auto (GValue) value = G_VALUE_INIT;
  DemoNode *impostor, *node;

  EXPECT_CRITICAL ("an instance of DemoImpostor was made outside of an arena; use its constructor, which takes a mutation");
  impostor = (DemoNode *) g_type_create_instance (type);
  g_test_assert_expected_messages ();
  g_assert_true (DEMO_IS_NODE (impostor));

  EXPECT_ASSERTION ("gc_object_ref", "arena != NULL");
  g_assert_null (gc_object_ref (impostor));
  EXPECT_ASSERTION ("gc_object_unref", "arena != NULL");
  gc_object_unref (impostor);
  EXPECT_ASSERTION ("gc_object_get_arena", "arena != NULL");
  g_assert_null (gc_object_get_arena (GC_OBJECT (impostor)));
  EXPECT_ASSERTION ("gc_object_hash", "arena != NULL");
  g_assert_cmpuint (gc_object_hash (GC_OBJECT (impostor)), ==, 0);
  EXPECT_ASSERTION ("gc_arena_set_root", "*gc_arena_of (root) == arena");
  gc_arena_set_root (arena, impostor);
  g_value_init (&value, demo_node_get_type ());
  EXPECT_ASSERTION ("gc_value_set_object", "*gc_arena_of (object) != NULL");
  gc_value_set_object (&value, impostor);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (gc_new (m, DemoNode));
  }
  EXPECT_ASSERTION ("gc_object_set_slot", "arena != NULL");
  gc_object_set_slot (impostor, &impostor->left, node);
  EXPECT_ASSERTION ("gc_object_set_slot", "*gc_arena_of (value) == arena");
  gc_object_set_slot (node, &node->left, impostor);
  g_assert_null (node->left);

  /* While stores are watched, the inline form refuses it on either side. */
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    EXPECT_CRITICAL ("gc_set: the owner at 0x* is not an object of an arena");
    gc_set (impostor, left, node);
    EXPECT_CRITICAL ("gc_set: the value at 0x* is not an object of the owner's arena");
    gc_set (node, left, impostor);
    g_assert_null (node->left);
  }
  gc_object_unref (node);
  still_works (arena);
  g_type_free_instance ((GTypeInstance *) impostor);

  /* An arena makes proper instances even of this type. */
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_new (m, type);
    gc_set (node, left, node);
    gc_arena_set_root (arena, node);
  }
  still_works (arena);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/misuse/object/unref-too-often", test_unref_too_often);
  g_test_add_func ("/misuse/object/abstract", test_abstract);
  g_test_add_func ("/misuse/object/other-types", test_other_types);
  g_test_add_func ("/misuse/object/fields-behind-tail", test_fields_behind_tail);
  g_test_add_func ("/misuse/object/create-instance", test_create_instance);
  g_test_add_func ("/misuse/object/impostor", test_impostor);
  return g_test_run ();
}
