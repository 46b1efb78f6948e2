/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects whose types are defined at run time. */

#include "person.h"

static GcRecord *
person_new (GcMutation *m,
            const char *name)
{
  g_autoptr (GError) error = NULL;
  GcRecord *self = gc_record_new (m, person_type (), &error);

  g_assert_no_error (error);
  g_assert_true (gc_record_set_string (self, "name", name, &error));
  g_assert_no_error (error);
  return self;
}

static void
set_token (GcRecord *self,
           int       number)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_take_boxed (g_value_init (&value, TOKEN_TYPE), token_new (number));
  g_assert_true (gc_record_set_value (self, "token", &value, NULL));
}

static int
get_token (GcRecord *self)
{
  g_auto (GValue) value = G_VALUE_INIT;
  Token *token;

  g_assert_true (gc_record_get_value (self, "token", &value, NULL));
  token = g_value_get_boxed (&value);
  return token != NULL ? token->number : -1;
}

static void
test_new (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GcMutation *m = gc_mutation_ref (gc_arena_begin (arena));
  GcRecord *record = gc_record_new (m, person_type (), NULL);
  g_autofree const char **names = NULL;
  gsize n;

  g_assert_true (GC_IS_RECORD (record));
  g_assert_true (gc_record_get_record_type (record) == person_type ());
  names = gc_record_list_fields (record, &n);
  g_assert_cmpuint (n, ==, 6);
  g_assert_cmpstr (names[5], ==, "node");
  g_assert_true (gc_record_has_field (record, "age"));
  g_assert_false (gc_record_has_field (record, "none"));
  g_assert_true (gc_record_get_field_type (record, "age") == G_TYPE_INT);
  g_assert_true (gc_record_get_field_type (record, "none") == G_TYPE_INVALID);
  /* All of it is empty. */
  g_assert_null (gc_record_get_string (record, "name", NULL));
  g_assert_null (gc_record_dup_string (record, "name", NULL));
  g_assert_null (gc_record_get_object (record, "parent", NULL));
  g_assert_null (gc_record_dup_object (record, "parent", NULL));
  g_assert_cmpint (gc_record_get_int64 (record, "age", NULL), ==, 0);
  g_assert_cmpint (get_token (record), ==, -1);

  assert_fails (gc_record_new (m, GC_TYPE_RECORD, err), GC_ERROR_TYPE);
  assert_fails (gc_record_new (m, GC_TYPE_OBJECT, err), GC_ERROR_TYPE);
  assert_fails (gc_record_new (m, G_TYPE_INT, err), GC_ERROR_TYPE);
  assert_fails (gc_record_new (m, G_TYPE_INVALID, err), GC_ERROR_TYPE);
  expect_critical ("*GC_TYPE_RECORD*");
  g_assert_false (gc_record_has_field ((GcRecord *) gc_new (m, DemoNode), "age"));
  expect_critical ("*GC_TYPE_RECORD*");
  g_assert_false (gc_record_set_int64 (NULL, "age", 1, NULL));
  g_test_assert_expected_messages ();

  gc_object_ref (record);
  gc_mutation_finish (m);
  assert_fails (gc_record_new (m, person_type (), err), GC_ERROR_NOT_MUTATING);
  /* Out of a scope what gives plain pointers is refused. */
  expect_critical ("*gc_object_can_read_*");
  g_assert_null (gc_record_get_object (record, "parent", NULL));
  expect_critical ("*gc_object_can_read_*");
  g_assert_null (gc_record_get_string (record, "name", NULL));
  g_test_assert_expected_messages ();
  /* Everything else works. */
  g_assert_true (gc_record_set_string (record, "name", "Ada", NULL));
  g_assert_true (gc_record_set_object (record, "parent", record, NULL));
  {
    g_autofree char *name = gc_record_dup_string (record, "name", NULL);
    g_autoptr (GcRecord) parent = gc_record_dup_object (record, "parent", NULL);

    g_assert_cmpstr (name, ==, "Ada");
    g_assert_true (parent == record);
  }
  gc_object_unref (record);
  gc_mutation_unref (m);
  gc_mutation_unref (m);
}

/* Each native type holds its smallest and largest number, and refuses the next ones. */
static void
test_numbers (void)
{
  static const struct { const char *name; double below, min, max, above; } ranges[] = {
    { "char", -129, -128, 127, 128 },
    { "uchar", -1, 0, 255, 256 },
    { "int", -0x1p31 - 1, -0x1p31, 0x1p31 - 1, 0x1p31 },
    { "uint", -1, 0, 0x1p32 - 1, 0x1p32 },
    { "long", -0x1.0000000000001p63, -0x1p63, 0x1.fffffffffffffp62, 0x1p63 },
    { "ulong", -1, 0, 0x1.fffffffffffffp63, 0x1p64 },
    { "int64", -0x1.0000000000001p63, -0x1p63, 0x1.fffffffffffffp62, 0x1p63 },
    { "uint64", -1, 0, 0x1.fffffffffffffp63, 0x1p64 },
    { "enum", -0x1p31 - 1, -0x1p31, 0x1p31 - 1, 0x1p31 },
    { "flags", -1, 0, 0x1p32 - 1, 0x1p32 },
    { "float", -0x1p128, -0x1.fffffep127, 0x1.fffffep127, 0x1p128 },
  };
  GType type = gc_record_type_register ("DemoNumbers", GC_TYPE_RECORD,
                                        LIST ("boolean", "char", "int64", "uchar", "int", "uint", "long", "ulong",
                                              "uint64", "enum", "flags", "float", "double"),
                                        TYPES (G_TYPE_BOOLEAN, G_TYPE_CHAR, G_TYPE_INT64, G_TYPE_UCHAR, G_TYPE_INT,
                                               G_TYPE_UINT, G_TYPE_LONG, G_TYPE_ULONG, G_TYPE_UINT64, GC_TYPE_PHASE,
                                               GC_TYPE_ZEAL, G_TYPE_FLOAT, G_TYPE_DOUBLE),
                                        13, NULL);
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcRecord *record = gc_record_new (m, type, NULL);
  g_auto (GValue) value = G_VALUE_INIT;

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      const char *name = ranges[i].name;

      assert_fails (gc_record_set_double (record, name, ranges[i].below, err), GC_ERROR_RANGE);
      assert_fails (gc_record_set_double (record, name, ranges[i].above, err), GC_ERROR_RANGE);
      assert_fails (gc_record_set_boolean (record, name, TRUE, err), GC_ERROR_TYPE);
      assert_fails (gc_record_get_boolean (record, name, err), GC_ERROR_TYPE);
      g_assert_true (gc_record_set_double (record, name, ranges[i].min, NULL));
      g_assert_cmpfloat (gc_record_get_double (record, name, NULL), ==, ranges[i].min);
      g_assert_true (gc_record_set_double (record, name, ranges[i].max, NULL));
    }
  /* No number reached a neighbour. */
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    g_assert_cmpfloat (gc_record_get_double (record, ranges[i].name, NULL), ==, ranges[i].max);
  g_assert_false (gc_record_get_boolean (record, "boolean", NULL));
  g_assert_cmpfloat (gc_record_get_double (record, "double", NULL), ==, 0);

  g_assert_true (gc_record_set_boolean (record, "boolean", 2, NULL));
  g_assert_cmpint (gc_record_get_boolean (record, "boolean", NULL), ==, TRUE);
  assert_fails (gc_record_set_int64 (record, "boolean", 1, err), GC_ERROR_TYPE);
  assert_fails (gc_record_get_int64 (record, "boolean", err), GC_ERROR_TYPE);
  g_assert_true (gc_record_set_int64 (record, "int64", G_MAXINT64, NULL));
  g_assert_cmpint (gc_record_get_int64 (record, "int64", NULL), ==, G_MAXINT64);
  assert_fails (gc_record_set_int64 (record, "uint64", -1, err), GC_ERROR_RANGE);
  assert_fails (gc_record_get_int64 (record, "uint64", err), GC_ERROR_RANGE);
  assert_fails (gc_record_set_double (record, "int", 0.5, err), GC_ERROR_RANGE);
  g_assert_true (gc_record_set_double (record, "double", 0.5, NULL));
  assert_fails (gc_record_get_int64 (record, "double", err), GC_ERROR_RANGE);
  assert_fails (gc_record_get_string (record, "int", err), GC_ERROR_TYPE);
  assert_fails (gc_record_get_object (record, "int", err), GC_ERROR_TYPE);

  /* As values, in the field's own type. */
  g_value_set_uint64 (g_value_init (&value, G_TYPE_UINT64), G_MAXUINT64);
  g_assert_true (gc_record_set_value (record, "uint64", &value, NULL));
  assert_fails (gc_record_set_value (record, "int64", &value, err), GC_ERROR_RANGE);
  g_value_unset (&value);
  g_assert_true (gc_record_get_value (record, "uint64", &value, NULL));
  g_assert_true (G_VALUE_HOLDS_UINT64 (&value) && g_value_get_uint64 (&value) == G_MAXUINT64);
  g_value_unset (&value);
  g_value_set_double (g_value_init (&value, G_TYPE_DOUBLE), 0x1p40);
  g_assert_true (gc_record_set_value (record, "int64", &value, NULL));
  g_assert_cmpint (gc_record_get_int64 (record, "int64", NULL), ==, (gint64) 1 << 40);
  g_value_unset (&value);
  g_value_set_enum (g_value_init (&value, GC_TYPE_PHASE), GC_PHASE_SWEEPING);
  g_assert_true (gc_record_set_value (record, "enum", &value, NULL));
  g_assert_true (gc_record_set_value (record, "int", &value, NULL));
  g_value_unset (&value);
  g_assert_true (gc_record_get_value (record, "enum", &value, NULL));
  g_assert_true (G_VALUE_HOLDS (&value, GC_TYPE_PHASE) && g_value_get_enum (&value) == GC_PHASE_SWEEPING);
  g_value_unset (&value);
  g_value_set_enum (g_value_init (&value, GC_TYPE_ERROR), GC_ERROR_RANGE);
  assert_fails (gc_record_set_value (record, "enum", &value, err), GC_ERROR_TYPE);
  g_value_unset (&value);
  g_value_init (&value, G_TYPE_STRING);
  assert_fails (gc_record_set_value (record, "int", &value, err), GC_ERROR_TYPE);
  assert_fails (gc_record_set_value (record, "boolean", &value, err), GC_ERROR_TYPE);
}

static void
test_strings (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcRecord *record = person_new (m, "Ada");
  const char *text = gc_record_get_string (record, "name", NULL);
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_cmpstr (text, ==, "Ada");
  g_assert_true (gc_record_set_string (record, "name", "Byron", NULL));
  g_assert_cmpstr (gc_record_get_string (record, "name", NULL), ==, "Byron");
  /* What was read before stays in this scope. */
  g_assert_cmpstr (text, ==, "Ada");
  assert_fails (gc_record_set_string (record, "name", "a\xff", err), GC_ERROR_RANGE);
  assert_fails (gc_record_set_string (record, "age", "a", err), GC_ERROR_TYPE);
  assert_fails (gc_record_set_string (record, "none", "a", err), GC_ERROR_NAME);
  assert_fails (gc_record_get_int64 (record, "name", err), GC_ERROR_TYPE);
  g_assert_true (gc_record_get_value (record, "name", &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, "Byron");
  g_value_set_static_string (&value, "Clara");
  g_assert_true (gc_record_set_value (record, "name", &value, NULL));
  g_assert_cmpstr (gc_record_get_string (record, "name", NULL), ==, "Clara");
  g_value_unset (&value);
  g_value_init (&value, G_TYPE_POINTER);
  g_assert_true (gc_record_set_value (record, "name", &value, NULL));
  g_assert_null (gc_record_get_string (record, "name", NULL));
  g_value_set_pointer (&value, record);
  assert_fails (gc_record_set_value (record, "name", &value, err), GC_ERROR_TYPE);
}

static void
test_objects (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GcMutation) n = gc_arena_begin (other);
  GcRecord *ada = person_new (m, "Ada");
  GcRecord *byron = person_new (m, "Byron");
  DemoNode *watch = demo_watch_new (m, NULL);
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_true (gc_record_set_object (ada, "parent", byron, NULL));
  g_assert_true (gc_record_get_object (ada, "parent", NULL) == byron);
  /* An object of a derived type. */
  g_assert_true (gc_record_set_object (ada, "node", watch, NULL));
  assert_fails (gc_record_set_object (ada, "node", byron, err), GC_ERROR_TYPE);
  assert_fails (gc_record_set_object (ada, "parent", watch, err), GC_ERROR_TYPE);
  assert_fails (gc_record_set_object (ada, "node", gc_new (n, DemoNode), err), GC_ERROR_WRONG_ARENA);
  assert_fails (gc_record_set_object (ada, "age", watch, err), GC_ERROR_TYPE);
  assert_fails (gc_record_set_object (ada, "none", watch, err), GC_ERROR_NAME);
  g_assert_true (gc_record_get_object (ada, "node", NULL) == watch);
  expect_critical ("*arena*");
  g_assert_false (gc_record_set_object (ada, "node", &value, NULL));
  g_test_assert_expected_messages ();

  g_assert_true (gc_record_get_value (ada, "node", &value, NULL));
  g_assert_true (G_VALUE_TYPE (&value) == demo_node_get_type ());
  g_assert_true (gc_value_get_object (&value) == watch);
  assert_fails (gc_record_set_value (ada, "parent", &value, err), GC_ERROR_TYPE);
  assert_fails (gc_record_set_value (ada, "age", &value, err), GC_ERROR_TYPE);
  assert_fails (gc_record_set_value (ada, "token", &value, err), GC_ERROR_TYPE);
  g_value_unset (&value);
  /* A value of a more general type, as scripts make them. */
  g_value_init (&value, GC_TYPE_OBJECT);
  gc_value_set_object (&value, ada);
  g_assert_true (gc_record_set_value (byron, "parent", &value, NULL));
  g_assert_true (gc_record_get_object (byron, "parent", NULL) == ada);
  gc_value_set_object (&value, gc_new (n, DemoNode));
  assert_fails (gc_record_set_value (ada, "node", &value, err), GC_ERROR_WRONG_ARENA);
  gc_value_set_object (&value, NULL);
  g_assert_true (gc_record_set_value (byron, "parent", &value, NULL));
  g_assert_null (gc_record_get_object (byron, "parent", NULL));
  g_value_unset (&value);
  g_value_init (&value, G_TYPE_POINTER);
  g_assert_true (gc_record_set_value (ada, "parent", &value, NULL));
  g_assert_null (gc_record_get_object (ada, "parent", NULL));
  assert_fails (gc_record_get_value (ada, "none", (GValue[]) { G_VALUE_INIT }, err), GC_ERROR_NAME);
  assert_fails (gc_record_set_value (ada, "none", &value, err), GC_ERROR_NAME);
}

/* A GObject, of the field's type or declared by a base. */
static void
test_gobjects (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GFile) file = g_file_new_for_path ("/");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer watched = file;
  g_object_add_weak_pointer (watched, &watched);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcRecord *record = person_new (m, "Ada");
    g_auto (GValue) value = G_VALUE_INIT;

    gc_arena_set_root (arena, record);
    g_value_init (&value, G_TYPE_OBJECT);
    assert_fails ((g_value_set_object (&value, cancellable), gc_record_set_value (record, "file", &value, err)),
                  GC_ERROR_TYPE);
    g_assert_true (gc_record_set_value (record, "file", (g_value_set_object (&value, file), &value), NULL));
    g_value_unset (&value);
    g_clear_object (&file);
    g_assert_true (gc_record_get_value (record, "file", &value, NULL));
    g_assert_true (G_VALUE_TYPE (&value) == G_TYPE_FILE);
    g_assert_true (g_value_get_object (&value) == watched);
  }
  g_assert_nonnull (watched);
  gc_arena_collect (arena);
  g_assert_nonnull (watched);
  {
    g_autoptr (GcRecord) record = gc_arena_dup_root (arena);
    g_auto (GValue) null = G_VALUE_INIT;
    g_auto (GValue) value = G_VALUE_INIT;

    /* Written out of a scope, the old value goes at once. */
    g_value_init (&null, G_TYPE_POINTER);
    g_assert_true (gc_record_set_value (record, "file", &null, NULL));
    g_assert_null (watched);
    g_assert_true (gc_record_get_value (record, "file", &value, NULL));
    g_assert_null (g_value_get_object (&value));
  }
}

/* What a record holds is let go once, where anything may be done. */
static void
test_held (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  token_use_arena = arena;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcRecord *record = person_new (m, "Ada");
    GcRecord *derived = gc_record_new (m, gc_record_type_register ("DemoPupil", person_type (), LIST ("extra"),
                                                                   TYPES (TOKEN_TYPE), 1, NULL), NULL);
    g_auto (GValue) value = G_VALUE_INIT;

    gc_arena_set_root (arena, record);
    g_assert_true (gc_record_set_object (record, "parent", derived, NULL));
    set_token (record, 1);
    g_assert_cmpint (get_token (record), ==, 1);
    g_assert_cmpint (token_count, ==, 1);
    set_token (record, 2);
    g_assert_cmpint (get_token (record), ==, 2);
    /* The old one waits for the end of the scope. */
    g_assert_cmpint (token_count, ==, 2);
    set_token (derived, 3);
    g_value_take_boxed (g_value_init (&value, TOKEN_TYPE), token_new (4));
    g_assert_true (gc_record_set_value (derived, "extra", &value, NULL));
    set_token (person_new (m, "nobody"), 5);
  }
  gc_arena_collect (arena);
  g_assert_cmpint (token_count, ==, 3);
  {
    g_autoptr (GcRecord) record = gc_arena_dup_root (arena);

    g_assert_cmpint (get_token (record), ==, 2);
    g_assert_true (gc_record_set_object (record, "parent", NULL, NULL));
    gc_arena_collect (arena);
    g_assert_cmpint (token_count, ==, 1);
  }
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_assert_cmpint (token_count, ==, 0);
  token_use_arena = NULL;
}

static void
test_arena_ends (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcRecord *record = person_new (m, "Ada");

    gc_arena_set_root (arena, record);
    set_token (record, 1);
    set_token (person_new (m, "Byron"), 1);
  }
  g_clear_object (&arena);
  g_assert_cmpint (token_count, ==, 0);
}

/* Cycles through records, boxes and nodes die; what is rooted stays whole. */
static void
test_cycles (void)
{
  enum { N = 200 };
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcRecord *first = person_new (m, "0");
    GcRecord *last = first;

    gc_arena_set_root (arena, first);
    for (guint i = 1; i <= N; i++)
      {
        g_autofree char *name = g_strdup_printf ("%u", i);
        GcRecord *record = person_new (m, name);
        DemoNode *node = demo_watch_new (m, &n_finalized);

        g_assert_true (gc_record_set_int64 (record, "age", i, NULL));
        g_assert_true (gc_record_set_object (record, "node", node, NULL));
        gc_set (node, any, record);
        g_assert_true (gc_record_set_object (last, "parent", record, NULL));
        set_token (record, (int) i);
        last = record;
      }
    g_assert_true (gc_record_set_object (last, "parent", first, NULL));
  }
  /* Records, nodes and names. */
  g_assert_cmpuint (demo_count_live (arena), ==, N + 1 + N + N + 1);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcRecord *record = gc_arena_get_root (arena);

    demo_scribble (m, 10000);
    for (guint i = 1; i <= N; i++)
      {
        g_autofree char *name = g_strdup_printf ("%u", i);
        DemoNode *node;

        record = gc_record_get_object (record, "parent", NULL);
        node = gc_record_get_object (record, "node", NULL);
        g_assert_cmpstr (gc_record_get_string (record, "name", NULL), ==, name);
        g_assert_cmpint (gc_record_get_int64 (record, "age", NULL), ==, i);
        g_assert_cmpint (get_token (record), ==, (int) i);
        g_assert_true (node->any == GC_OBJECT (record));
      }
    g_assert_true (gc_record_get_object (record, "parent", NULL) == gc_arena_get_root (arena));
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  gc_arena_set_root (arena, NULL);
  g_assert_cmpuint (demo_count_live (arena), ==, 0);
  g_assert_cmpuint (n_finalized, ==, N);
  g_assert_cmpint (token_count, ==, 0);
}

/* Fields are written while marking goes on. */
static void
test_barrier (void)
{
  enum { N = 300 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  demo_sleep_for_ever (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_new_with_tail (m, DemoVector, N);

    gc_arena_set_root (arena, vector);
    for (guint i = 0; i < N; i++)
      gc_set (vector, items[i], person_new (m, "a name"));
  }
  for (guint round = 0; round < 1000; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoVector *vector = gc_arena_get_root (arena);

        for (guint i = 0; i < 10; i++)
          {
            GcRecord *a = GC_RECORD (vector->items[g_rand_int_range (rand, 0, N)]);
            GcRecord *b = GC_RECORD (vector->items[g_rand_int_range (rand, 0, N)]);
            guint k = g_rand_int_range (rand, 0, N);
            GcRecord *moved = gc_record_get_object (a, "parent", NULL);

            g_assert_cmpstr (gc_record_get_string (a, "name", NULL), ==, "a name");
            g_assert_true (gc_record_set_object (b, "parent", moved, NULL));
            g_assert_true (gc_record_set_object (a, "parent", vector->items[k], NULL));
            gc_set (vector, items[k], person_new (m, "a name"));
            g_assert_true (gc_record_set_string (b, "name", "a name", NULL));
          }
      }
      gc_arena_step_units (arena, g_rand_int_range (rand, 1, 300));
    }
  demo_check (arena);
}

/* A field is read and written by several threads at once. */
static gpointer
hammer (gpointer data)
{
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *name = NULL;
      g_autoptr (GcObject) parent = NULL;

      set_token (data, (int) i);
      g_assert_cmpint (get_token (data), >=, 0);
      g_assert_true (gc_record_set_string (data, "name", "threads", NULL));
      name = gc_record_dup_string (data, "name", NULL);
      g_assert_cmpstr (name, ==, "threads");
      g_assert_true (gc_record_set_object (data, "parent", i % 2 ? data : NULL, NULL));
      parent = gc_record_dup_object (data, "parent", NULL);
      g_assert_true (parent == NULL || parent == data);
      if (i % 64 == 0)
        gc_arena_step_units (gc_object_get_arena (data), 10);
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcRecord) record = NULL;
  GThread *threads[4];
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    record = gc_object_ref (person_new (m, "threads"));
  }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("hammer", hammer, record);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_clear_pointer (&record, gc_object_unref);
  g_assert_cmpuint (demo_count_live (arena), ==, 0);
  g_assert_cmpint (token_count, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/new", test_new);
  g_test_add_func ("/record/numbers", test_numbers);
  g_test_add_func ("/record/strings", test_strings);
  g_test_add_func ("/record/objects", test_objects);
  g_test_add_func ("/record/gobjects", test_gobjects);
  g_test_add_func ("/record/held", test_held);
  g_test_add_func ("/record/arena-ends", test_arena_ends);
  g_test_add_func ("/record/cycles", test_cycles);
  g_test_add_func ("/record/barrier", test_barrier);
  g_test_add_func ("/record/threads", test_threads);
  return g_test_run ();
}
