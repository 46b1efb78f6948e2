/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Types that are defined at run time. */

#include "many-quarks.h"
#include "person.h"

static void
test_register (void)
{
  GType person = person_type ();
  g_autoptr (GError) error = NULL;
  g_autofree const char **names = NULL;
  gsize n;
  GType child;

  g_assert_cmpstr (g_type_name (person), ==, "DemoPerson");
  g_assert_true (g_type_parent (person) == GC_TYPE_RECORD);
  g_assert_true (person_type () == person);
  /* The type itself, by its name. */
  g_assert_true (gc_record_type_register ("DemoPerson", GC_TYPE_RECORD,
                                          LIST ("name", "age", "parent", "token", "file", "node"),
                                          TYPES (G_TYPE_STRING, G_TYPE_INT, person, TOKEN_TYPE,
                                                 G_TYPE_FILE, demo_node_get_type ()),
                                          6, NULL) == person);
  child = gc_record_type_register ("DemoChild", person, LIST ("school"), TYPES (G_TYPE_STRING), 1, &error);
  g_assert_no_error (error);
  g_assert_true (g_type_is_a (child, person));

  names = gc_record_type_list_fields (child, &n);
  g_assert_cmpuint (n, ==, 7);
  g_assert_cmpstrv (names, LIST ("name", "age", "parent", "token", "file", "node", "school"));
  g_assert_true (gc_record_type_get_field_type (child, "school") == G_TYPE_STRING);
  g_assert_true (gc_record_type_get_field_type (child, "parent") == person);
  g_assert_true (gc_record_type_get_field_type (person, "school") == G_TYPE_INVALID);
  g_clear_pointer (&names, g_free);
  names = gc_record_type_list_fields (GC_TYPE_RECORD, &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_null (names[0]);
  /* None at all is fine. */
  g_assert_true (g_type_is_a (gc_record_type_register ("DemoNothing", child, NULL, NULL, 0, &error), child));
  g_assert_no_error (error);
}

static GType
try_register (const char        *name,
              const char *const *names,
              const GType       *types,
              gsize              n,
              GError           **error)
{
  return gc_record_type_register (name, GC_TYPE_RECORD, names, types, n, error);
}

static void
test_register_invalid (void)
{
  static const char *const bad_names[] = {
    "", "1st", "a-b", "a b", "a.b", "__init__", "new", "ref", "unref", "get", "set", "get_value",
    "set_object", "hash", "constructor", "toString", "a\xff"
  };
  static const char *const good_names[] = { "_a", "a1", "größe", "getter", "news" };
  const GType bad_types[] = { G_TYPE_INVALID, G_TYPE_POINTER, G_TYPE_GTYPE, G_TYPE_INTERFACE, G_TYPE_ENUM, G_TYPE_BOXED };

  person_type ();
  for (gsize i = 0; i < G_N_ELEMENTS (bad_names); i++)
    assert_fails (try_register ("DemoBad", LIST (bad_names[i]), TYPES (G_TYPE_INT), 1, err), GC_ERROR_NAME);
  for (gsize i = 0; i < G_N_ELEMENTS (good_names); i++)
    {
      g_autofree char *name = g_strdup_printf ("DemoGood%u", (guint) i);

      g_assert_true (try_register (name, LIST (good_names[i]), TYPES (G_TYPE_INT), 1, NULL) != G_TYPE_INVALID);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad_types); i++)
    assert_fails (try_register ("DemoBad", LIST ("a"), TYPES (bad_types[i]), 1, err), GC_ERROR_TYPE);
  assert_fails (try_register ("DemoBad", LIST ("a", "a"), TYPES (G_TYPE_INT, G_TYPE_INT), 2, err), GC_ERROR_NAME);
  assert_fails (gc_record_type_register ("DemoBad", person_type (), LIST ("age"), TYPES (G_TYPE_INT), 1, err),
                GC_ERROR_NAME);
  /* The arrays of a script are of any lengths. */
  assert_fails (try_register ("DemoBad", LIST ("a", "b"), TYPES (G_TYPE_INT), 1, err), GC_ERROR_RANGE);
  assert_fails (try_register ("DemoBad", LIST ("a"), TYPES (G_TYPE_INT, G_TYPE_INT), 2, err), GC_ERROR_RANGE);
  assert_fails (try_register ("DemoBad", NULL, TYPES (G_TYPE_INT), 1, err), GC_ERROR_RANGE);

  assert_fails (try_register ("x", NULL, NULL, 0, err), GC_ERROR_NAME);
  assert_fails (try_register ("a b c", NULL, NULL, 0, err), GC_ERROR_NAME);
  assert_fails (try_register ("1abc", NULL, NULL, 0, err), GC_ERROR_NAME);
  assert_fails (gc_record_type_register ("DemoBad", GC_TYPE_OBJECT, NULL, NULL, 0, err), GC_ERROR_TYPE);
  assert_fails (gc_record_type_register ("DemoBad", G_TYPE_OBJECT, NULL, NULL, 0, err), GC_ERROR_TYPE);
  assert_fails (gc_record_type_register ("DemoBad", G_TYPE_INVALID, NULL, NULL, 0, err), GC_ERROR_TYPE);
  g_assert_cmpuint (g_type_from_name ("DemoBad"), ==, 0);

  assert_fails (try_register ("DemoPerson", NULL, NULL, 0, err), GC_ERROR_EXISTS);
  assert_fails (try_register ("DemoPerson", LIST ("name", "age", "parent", "token", "file", "other"),
                              TYPES (G_TYPE_STRING, G_TYPE_INT, G_TYPE_NONE, TOKEN_TYPE, G_TYPE_FILE,
                                     demo_node_get_type ()), 6, err), GC_ERROR_EXISTS);
  assert_fails (try_register ("DemoPerson", LIST ("name", "age", "parent", "token", "file", "node"),
                              TYPES (G_TYPE_STRING, G_TYPE_UINT, G_TYPE_NONE, TOKEN_TYPE, G_TYPE_FILE,
                                     demo_node_get_type ()), 6, err), GC_ERROR_EXISTS);
  assert_fails (gc_record_type_register ("DemoPerson", person_type (), NULL, NULL, 0, err), GC_ERROR_EXISTS);
  assert_fails (try_register ("GObject", NULL, NULL, 0, err), GC_ERROR_EXISTS);

  expect_critical ("*name != NULL*");
  g_assert_cmpuint (try_register (NULL, NULL, NULL, 0, NULL), ==, 0);
  expect_critical ("*klass != NULL*");
  g_assert_null (gc_record_type_list_fields (G_TYPE_OBJECT, NULL));
  g_test_assert_expected_messages ();
}

/* More fields than an instance has room for, and as many as it has. */
static void
test_many_fields (void)
{
  enum { N = 8200 };
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree GType *types = g_new (GType, N);
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GError) error = NULL;
  GType type;

  for (guint i = 0; i < N; i++)
    {
      g_ptr_array_add (names, g_strdup_printf ("field%u", i));
      types[i] = i % 2 ? G_TYPE_INT64 : GC_TYPE_OBJECT;
    }
  g_ptr_array_add (names, NULL);
  assert_fails (try_register ("DemoHuge", (const char *const *) names->pdata, types, N, err), GC_ERROR_RANGE);
  g_free (g_steal_pointer (&names->pdata[8000]));
  type = try_register ("DemoHuge", (const char *const *) names->pdata, types, 8000, &error);
  g_assert_no_error (error);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcRecord *record = gc_record_new (m, type, &error);

    g_assert_no_error (error);
    gc_arena_set_root (arena, record);
    for (guint i = 0; i < 8000; i++)
      if (i % 2)
        g_assert_true (gc_record_set_int64 (record, names->pdata[i], i, NULL));
      else
        g_assert_true (gc_record_set_object (record, names->pdata[i], gc_new (m, DemoNode), NULL));
  }
  g_assert_cmpuint (demo_count_live (arena), ==, 4001);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcRecord *record = gc_arena_get_root (arena);

    for (guint i = 0; i < 8000; i++)
      if (i % 2)
        g_assert_cmpint (gc_record_get_int64 (record, names->pdata[i], NULL), ==, i);
      else
        g_assert_true (DEMO_IS_NODE (gc_record_get_object (record, names->pdata[i], NULL)));
  }
}

/* Types are registered, and their classes made, by several threads at once. */
static gpointer
register_types (gpointer data)
{
  GcArena *arena = data;
  GType parent = GC_TYPE_RECORD;

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *name = g_strdup_printf ("DemoRace%u", i);
      g_autofree char *field = g_strdup_printf ("field%u", i);
      g_autoptr (GError) error = NULL;
      g_autoptr (GcMutation) m = NULL;
      GcRecord *record;

      parent = gc_record_type_register (name, parent, LIST (field), TYPES (G_TYPE_NONE), 1, &error);
      g_assert_no_error (error);
      m = gc_arena_begin (arena);
      record = gc_record_new (m, parent, &error);
      g_assert_no_error (error);
      g_assert_true (gc_record_set_object (record, field, record, NULL));
      g_assert_true (gc_record_has_field (record, "field0"));
    }
  return GSIZE_TO_POINTER (parent);
}

static void
test_register_threads (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GThread *threads[4];
  gpointer types[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("register", register_types, arena);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    types[i] = g_thread_join (threads[i]);
  for (guint i = 1; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (types[i] == types[0]);
  g_assert_cmpuint (demo_count_live (arena), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record-type/register", test_register);
  g_test_add_func ("/record-type/invalid", test_register_invalid);
  g_test_add_func ("/record-type/many-fields", test_many_fields);
  g_test_add_func ("/record-type/threads", test_register_threads);
  return g_test_run ();
}
