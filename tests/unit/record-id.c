/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Fields of records that are found by the ids of their names. */

#include "many-quarks.h"
#include "person.h"

static GQuark
id_of (const char *name)
{
  return g_quark_from_string (name);
}

static void
test_kinds (void)
{
  GType type = gc_record_type_register ("DemoIds", person_type (),
                                        LIST ("flag", "count", "ratio", "far"),
                                        TYPES (G_TYPE_BOOLEAN, G_TYPE_INT64, G_TYPE_DOUBLE, G_TYPE_NONE), 4, NULL);
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_mutation_ref (gc_arena_begin (arena));
  GcRecord *record = gc_record_new (m, type, NULL);
  g_autoptr (GcObject) object = NULL;
  g_autofree char *text = NULL;

  gc_record_id_set_boolean (record, id_of ("flag"), 2, NULL);
  gc_record_id_set_int64 (record, id_of ("count"), G_MININT64, NULL);
  gc_record_id_set_double (record, id_of ("ratio"), 0.5, NULL);
  gc_record_id_set_object (record, id_of ("far"), record, NULL);
  /* Of the parent's. */
  gc_record_id_set_string (record, id_of ("name"), "Ada", NULL);
  gc_record_id_set_int64 (record, id_of ("age"), 36, NULL);
  gc_record_id_set_object (record, id_of ("parent"), record, NULL);

  g_assert_cmpint (gc_record_get_boolean (record, "flag", NULL), ==, TRUE);
  g_assert_cmpint (gc_record_get_int64 (record, "count", NULL), ==, G_MININT64);
  g_assert_cmpfloat (gc_record_get_double (record, "ratio", NULL), ==, 0.5);
  g_assert_true (gc_record_get_object (record, "far", NULL) == record);
  g_assert_cmpstr (gc_record_get_string (record, "name", NULL), ==, "Ada");
  g_assert_cmpint (gc_record_get_int64 (record, "age", NULL), ==, 36);

  g_assert_cmpint (gc_record_id_get_boolean (record, id_of ("flag"), NULL), ==, TRUE);
  g_assert_cmpint (gc_record_id_get_int64 (record, id_of ("count"), NULL), ==, G_MININT64);
  g_assert_cmpfloat (gc_record_id_get_double (record, id_of ("ratio"), NULL), ==, 0.5);
  g_assert_true (gc_record_id_get_object (record, id_of ("far"), NULL) == record);
  g_assert_cmpstr (gc_record_id_get_string (record, id_of ("name"), NULL), ==, "Ada");
  g_assert_cmpint (gc_record_id_get_int64 (record, id_of ("age"), NULL), ==, 36);
  g_assert_cmpfloat (gc_record_id_get_double (record, id_of ("age"), NULL), ==, 36);

  /* Outside of scopes only what gives no plain pointer. */
  object = gc_object_ref (record);
  gc_mutation_unref (m);
  gc_mutation_unref (m);
  text = gc_record_id_dup_string (record, id_of ("name"), NULL);
  g_assert_cmpstr (text, ==, "Ada");
  g_assert_cmpint (gc_record_id_get_int64 (record, id_of ("count"), NULL), ==, G_MININT64);
  {
    g_autoptr (GcObject) far = gc_record_id_dup_object (record, id_of ("far"), NULL);

    g_assert_true (far == object);
  }
  expect_critical ("*gc_object_can_read_*");
  g_assert_null (gc_record_id_get_object (record, id_of ("far"), NULL));
  g_test_assert_expected_messages ();
  expect_critical ("*gc_object_can_read_*");
  g_assert_null (gc_record_id_get_string (record, id_of ("name"), NULL));
  g_test_assert_expected_messages ();
  gc_record_id_set_object (record, id_of ("far"), NULL, NULL);
  gc_record_id_set_object (record, id_of ("parent"), NULL, NULL);
}

static void
test_errors (void)
{
  g_autoptr (GcArena) arena = gc_arena_new (), other = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GcMutation) n = gc_arena_begin (other);
  GcRecord *record = gc_record_new (m, person_type (), NULL);
  GcRecord *foreign = gc_record_new (n, person_type (), NULL);
  const GQuark none[] = { 0, id_of ("none"), id_of ("demo-no-field"), G_MAXUINT32, id_of ("none") + 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    {
      assert_fails (gc_record_id_get_int64 (record, none[i], err), GC_ERROR_NAME);
      assert_fails ((gc_record_id_set_int64 (record, none[i], 1, err), FALSE), GC_ERROR_NAME);
      assert_fails (gc_record_id_get_boolean (record, none[i], err), GC_ERROR_NAME);
      assert_fails ((gc_record_id_set_boolean (record, none[i], TRUE, err), FALSE), GC_ERROR_NAME);
      assert_fails (gc_record_id_get_double (record, none[i], err), GC_ERROR_NAME);
      assert_fails ((gc_record_id_set_double (record, none[i], 1, err), FALSE), GC_ERROR_NAME);
      assert_fails (gc_record_id_get_string (record, none[i], err), GC_ERROR_NAME);
      assert_fails (gc_record_id_dup_string (record, none[i], err), GC_ERROR_NAME);
      assert_fails ((gc_record_id_set_string (record, none[i], "", err), FALSE), GC_ERROR_NAME);
      assert_fails (gc_record_id_get_object (record, none[i], err), GC_ERROR_NAME);
      assert_fails (gc_record_id_dup_object (record, none[i], err), GC_ERROR_NAME);
      assert_fails ((gc_record_id_set_object (record, none[i], NULL, err), FALSE), GC_ERROR_NAME);
    }
  assert_fails (gc_record_id_get_int64 (record, id_of ("name"), err), GC_ERROR_TYPE);
  assert_fails (gc_record_id_get_string (record, id_of ("parent"), err), GC_ERROR_TYPE);
  assert_fails (gc_record_id_dup_object (record, id_of ("token"), err), GC_ERROR_TYPE);
  assert_fails (gc_record_id_get_boolean (record, id_of ("age"), err), GC_ERROR_TYPE);
  assert_fails ((gc_record_id_set_boolean (record, id_of ("age"), TRUE, err), FALSE), GC_ERROR_TYPE);
  assert_fails ((gc_record_id_set_int64 (record, id_of ("age"), (gint64) G_MAXINT + 1, err), FALSE), GC_ERROR_RANGE);
  assert_fails ((gc_record_id_set_double (record, id_of ("age"), 0.5, err), FALSE), GC_ERROR_RANGE);
  assert_fails ((gc_record_id_set_string (record, id_of ("name"), "\xff", err), FALSE), GC_ERROR_RANGE);
  assert_fails ((gc_record_id_set_object (record, id_of ("parent"), foreign, err), FALSE), GC_ERROR_WRONG_ARENA);
  assert_fails ((gc_record_id_set_object (record, id_of ("node"), record, err), FALSE), GC_ERROR_TYPE);

  expect_critical ("*gc_is_a*GC_TYPE_RECORD*");
  g_assert_cmpint (gc_record_id_get_int64 ((GcRecord *) gc_array_new (m), id_of ("age"), NULL), ==, 0);
  g_test_assert_expected_messages ();
}

/* As many fields as there are names, with ids that meet in the same places of an index. */
static void
test_many (void)
{
  enum { N = 200, APART = 64 };
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GType types[N], type, other;
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcRecord *record, *reversed;

  for (guint i = 0; i < N; i++)
    {
      g_ptr_array_add (names, g_strdup_printf ("field_%u", i));
      types[i] = i % 2 == 0 ? G_TYPE_INT : G_TYPE_INT64;
      id_of (names->pdata[i]);
      for (guint k = 1; k < APART; k++)
        {
          g_autofree char *between = g_strdup_printf ("between_%u_%u", i, k);

          id_of (between);
        }
    }
  g_ptr_array_add (names, NULL);
  type = gc_record_type_register ("DemoMany", GC_TYPE_RECORD, (const char *const *) names->pdata, types, N, NULL);
  for (guint i = 0; i < N / 2; i++)
    {
      gpointer name = names->pdata[i];

      names->pdata[i] = names->pdata[N - 1 - i];
      names->pdata[N - 1 - i] = name;
    }
  other = gc_record_type_register ("DemoReversed", GC_TYPE_RECORD, (const char *const *) names->pdata, types, N, NULL);

  /* The same names are other fields there. */
  record = gc_record_new (m, type, NULL);
  reversed = gc_record_new (m, other, NULL);
  for (guint i = 0; i < N; i++)
    {
      gc_record_id_set_int64 (record, id_of (names->pdata[i]), i, NULL);
      gc_record_id_set_int64 (reversed, id_of (names->pdata[i]), N + i, NULL);
    }
  for (guint i = 0; i < N; i++)
    {
      g_autofree char *between = g_strdup_printf ("between_%u_1", i);

      g_assert_cmpint (gc_record_get_int64 (record, names->pdata[i], NULL), ==, i);
      g_assert_cmpint (gc_record_id_get_int64 (record, id_of (names->pdata[i]), NULL), ==, i);
      g_assert_cmpint (gc_record_id_get_int64 (reversed, id_of (names->pdata[i]), NULL), ==, N + i);
      assert_fails (gc_record_id_get_int64 (record, id_of (between), err), GC_ERROR_NAME);
    }
}

/* Types without fields have no ids. */
static void
test_none (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GType type = gc_record_type_register ("DemoBare", GC_TYPE_RECORD, NULL, NULL, 0, NULL);
  GcRecord *record = gc_record_new (m, type, NULL);

  assert_fails (gc_record_id_get_int64 (record, id_of ("age"), err), GC_ERROR_NAME);
  assert_fails (gc_record_id_get_int64 (record, 0, err), GC_ERROR_NAME);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record-id/kinds", test_kinds);
  g_test_add_func ("/record-id/errors", test_errors);
  g_test_add_func ("/record-id/many", test_many);
  g_test_add_func ("/record-id/none", test_none);
  return g_test_run ();
}
