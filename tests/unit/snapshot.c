/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is in a snapshot: nodes, edges, names and ids. */

#include "snapshot.h"

static void
test_empty (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (HeapFile) file = take_snapshot (arena);
  static const char *const kinds[] = { "(Arena root)", "(Scoped roots)", "(External references)", "(GObjects)" };

  g_assert_cmpuint (file->n_nodes, ==, 6);
  g_assert_cmpstr (heap_file_string (file, file->name[0]), ==, "");
  g_assert_cmpuint (file->edge_to[file->first_edge[0]], ==, find_synthetic (file, "(GC roots)"));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      guint32 node = find_synthetic (file, kinds[i]);

      g_assert_cmpuint (node, !=, NONE);
      g_assert_cmpuint (file->first_edge[node + 1] - file->first_edge[node], ==, 0);
    }
  g_assert_true (file->is_ours);
  g_assert_cmpuint (file->n_pauses, ==, GC_STATS_N_PAUSES);
}

static void
test_fields (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (HeapFile) file = NULL;
  guint32 root, left, vector;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_new (m, DemoNode);
    DemoVector *items = gc_new_with_tail (m, DemoVector, 5);

    gc_arena_set_root (arena, node);
    gc_set (node, left, demo_watch_new (m, NULL));
    gc_set (node, any, items);
    gc_set (node->left, right, node);
    gc_set_weak (node, weak, node->left);
    gc_set_weak (node->left, weak, gc_new (m, DemoNode));
    gc_set (items, items[1], node);
    gc_set (items, items[4], gc_new_with_tail (m, DemoBlob, 1000));
  }
  file = take_snapshot (arena);
  root = arena_root (file);
  assert_node (file, root, "DemoNode", sizeof (DemoNode));
  left = follow (file, root, HEAP_EDGE_PROPERTY, "left");
  assert_node (file, left, "DemoWatch", sizeof (DemoWatch));
  g_assert_cmpuint (follow (file, left, HEAP_EDGE_PROPERTY, "right"), ==, root);
  g_assert_cmpuint (follow (file, root, HEAP_EDGE_WEAK, "weak"), ==, left);
  g_assert_cmpuint (follow (file, root, HEAP_EDGE_PROPERTY, "right"), ==, NONE);

  vector = follow (file, root, HEAP_EDGE_PROPERTY, "any");
  assert_node (file, vector, "DemoVector", sizeof (DemoVector) + 5 * sizeof (gpointer));
  g_assert_cmpuint (follow (file, vector, HEAP_EDGE_ELEMENT, "[1]"), ==, root);
  assert_node (file, follow (file, vector, HEAP_EDGE_ELEMENT, "[4]"), "DemoBlob", sizeof (DemoBlob) + 1000);
  g_assert_cmpuint (file->first_edge[vector + 1] - file->first_edge[vector], ==, 2);

  /* What only a weak reference leads to is not there, nor is the reference. */
  g_assert_cmpuint (count_class (file, "DemoNode"), ==, 1);
  g_assert_cmpuint (follow (file, left, HEAP_EDGE_WEAK, "weak"), ==, NONE);
  g_assert_cmpuint (file->n_nodes, ==, 6 + 4);
}

/* Of all sizes, wherever they are in the heap: each is there once, under its own id, before and after collections. */
static void
test_large (void)
{
  static const gsize sizes[] = { 8, 304, 8000, 30000, 33000, 40000, 100000, 250000, 263000, 1000000, 9000000 };
  enum { N_SIZES = G_N_ELEMENTS (sizes), N = 4 * N_SIZES };
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint64 ids[N];

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_new_with_tail (m, DemoVector, N);

    gc_arena_set_root (arena, vector);
    for (guint i = 0; i < N; i++)
      gc_set (vector, items[i], gc_new_with_tail (m, DemoBlob, sizes[i % N_SIZES] + 8 * i));
  }
  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (HeapFile) file = take_snapshot (arena);
      guint32 root = arena_root (file);

      g_assert_cmpuint (file->n_nodes, ==, 6 + 1 + N);
      for (guint i = 0; i < N; i++)
        {
          g_autofree char *label = g_strdup_printf ("[%u]", i);
          guint32 node = follow (file, root, HEAP_EDGE_ELEMENT, label);

          assert_node (file, node, "DemoBlob", sizeof (DemoBlob) + sizes[i % N_SIZES] + 8 * i);
          g_assert_true (round == 0 || file->id[node] == ids[i]);
          ids[i] = file->id[node];
        }
      gc_arena_collect (arena);
    }
}

static void
test_roots (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (HeapFile) file = NULL;
  g_autoptr (HeapFile) after = NULL;
  DemoBlob *blob;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GC_ROOT (m, DemoVector, vector);
    GC_ROOT (m, DemoNode, node);

    vector = gc_new_with_tail (m, DemoVector, 0);
    node = gc_new (m, DemoNode);
    blob = gc_object_ref (gc_new_with_tail (m, DemoBlob, 8));
    file = take_snapshot (arena);
    assert_node (file, follow (file, find_synthetic (file, "(Scoped roots)"), HEAP_EDGE_ELEMENT, "[0]"),
                 "DemoNode", sizeof (DemoNode));
    assert_node (file, follow (file, find_synthetic (file, "(Scoped roots)"), HEAP_EDGE_ELEMENT, "[1]"),
                 "DemoVector", sizeof (DemoVector));
    g_assert_cmpuint (arena_root (file), ==, NONE);
  }
  after = take_snapshot (arena);
  assert_node (after, follow (after, find_synthetic (after, "(External references)"), HEAP_EDGE_ELEMENT, "[0]"),
               "DemoBlob", sizeof (DemoBlob) + 8);
  g_assert_cmpuint (after->n_nodes, ==, 7);
  gc_object_unref (blob);
}

static void
test_strings (void)
{
  static const char *const odd = "\"quoted\" \\ \n\t\x01\x7f ünï ✓ \360\237\220\247";
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (HeapFile) file = NULL;
  g_autofree char *text = NULL;
  guint32 slots, node;

  text = g_strnfill (300, 'x');
  memcpy (text + 79, "é", 2);          /* the cut may not go through it */
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcArray *array = gc_array_new (m);

    gc_arena_set_root (arena, array);
    gc_array_append (array, gc_string_new (m, odd));
    gc_array_append (array, gc_string_new (m, text));
    gc_array_append (array, gc_string_new (m, ""));
  }
  file = take_snapshot (arena);
  slots = follow (file, arena_root (file), HEAP_EDGE_PROPERTY, "slots");
  g_assert_cmpint (file->kind[slots], ==, HEAP_NODE_ARRAY);
  node = follow (file, slots, HEAP_EDGE_ELEMENT, "[0]");
  g_assert_cmpint (file->kind[node], ==, HEAP_NODE_STRING);
  g_assert_cmpstr (heap_file_string (file, file->name[node]), ==, odd);
  node = follow (file, slots, HEAP_EDGE_ELEMENT, "[1]");
  g_assert_cmpuint (file->size[node], >, 300);
  strcpy (text + 79, "…");
  g_assert_cmpstr (heap_file_string (file, file->name[node]), ==, text);
  node = follow (file, slots, HEAP_EDGE_ELEMENT, "[2]");
  g_assert_cmpstr (heap_file_string (file, file->name[node]), ==, "");
}

static void
test_strong_table (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (HeapFile) file = NULL;
  guint32 storage;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcTable *table = gc_table_new (m, GC_TABLE_STRONG);

    gc_arena_set_root (arena, table);
    gc_table_insert_string (table, "blob", gc_new_with_tail (m, DemoBlob, 0));
    gc_table_insert (table, gc_new (m, DemoNode), gc_new_with_tail (m, DemoVector, 0));
  }
  file = take_snapshot (arena);
  storage = follow (file, arena_root (file), HEAP_EDGE_PROPERTY, "storage");
  assert_node (file, follow (file, storage, HEAP_EDGE_PROPERTY, "blob"), "DemoBlob", sizeof (DemoBlob));
  assert_node (file, follow (file, storage, HEAP_EDGE_INTERNAL, "value"), "DemoVector", sizeof (DemoVector));
  g_assert_cmpuint (count_class (file, "GcString"), ==, 1);
  g_assert_cmpuint (count_class (file, "DemoNode"), ==, 1);
  g_assert_cmpuint (file->first_edge[storage + 1] - file->first_edge[storage], ==, 4);
}

/* Values belong to their keys, whichever the walk meets first; chains of them too. */
static void
test_ephemerons (gconstpointer data)
{
  gboolean keys_first = data != NULL;
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (HeapFile) file = NULL;
  guint32 storage, root, key, value, second;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcTable *table = gc_table_new (m, GC_TABLE_WEAK_KEYS);
    DemoNode *node = gc_new (m, DemoNode), *first = gc_new (m, DemoNode), *link = gc_new (m, DemoNode);
    DemoVector *far = gc_new_with_tail (m, DemoVector, 1);

    gc_arena_set_root (arena, node);
    gc_set (node, any, table);
    gc_set (node, left, keys_first ? first : NULL);
    gc_set (node, right, gc_new (m, DemoNode));
    /* Behind the table, far from the root. */
    gc_set (node->right, right, gc_new (m, DemoNode));
    gc_set (node->right->right, any, far);
    gc_set (far, items[0], first);
    gc_table_insert (table, first, link);
    gc_table_insert (table, link, gc_new_with_tail (m, DemoBlob, 3));
    gc_table_insert (table, gc_new (m, DemoNode), gc_new_with_tail (m, DemoBlob, 99));   /* its key is garbage */
    gc_table_insert_string (table, "text", gc_string_new (m, "held"));
  }
  file = take_snapshot (arena);
  root = arena_root (file);
  storage = follow (file, follow (file, root, HEAP_EDGE_PROPERTY, "any"), HEAP_EDGE_PROPERTY, "storage");
  key = follow (file, root, HEAP_EDGE_PROPERTY, "right");
  key = follow (file, follow (file, key, HEAP_EDGE_PROPERTY, "right"), HEAP_EDGE_PROPERTY, "any");
  key = follow (file, key, HEAP_EDGE_ELEMENT, "[0]");
  if (keys_first)
    g_assert_cmpuint (follow (file, root, HEAP_EDGE_PROPERTY, "left"), ==, key);
  value = follow (file, key, HEAP_EDGE_INTERNAL, "value (ephemeron)");
  assert_node (file, value, "DemoNode", sizeof (DemoNode));
  second = follow (file, value, HEAP_EDGE_INTERNAL, "value (ephemeron)");
  assert_node (file, second, "DemoBlob", (sizeof (DemoBlob) + 3 + 7) / 8 * 8);
  g_assert_cmpuint (count_class (file, "DemoBlob"), ==, 1);
  g_assert_cmpuint (count_class (file, "DemoNode"), ==, 5);

  /* The table itself holds none of them. */
  for (guint32 e = file->first_edge[storage]; e < file->first_edge[storage + 1]; e++)
    if (file->edge_to[e] == key || file->edge_to[e] == value || file->edge_to[e] == second)
      g_assert_cmpint (file->edge_kind[e], ==, HEAP_EDGE_WEAK);
  g_assert_cmpuint (follow (file, storage, HEAP_EDGE_PROPERTY, "text"), !=, NONE);
}

/* Many keys that the walk meets before the table, in another order than the table has them. */
static void
test_many_ephemerons (void)
{
  enum { N = 100 };
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (HeapFile) file = NULL;
  guint32 keys;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcTable *table = gc_table_new (m, GC_TABLE_WEAK_KEYS);
    DemoVector *vector = gc_new_with_tail (m, DemoVector, N + 1);

    gc_arena_set_root (arena, vector);
    for (guint i = 0; i < N; i++)
      {
        gc_set (vector, items[i], gc_new (m, DemoNode));
        gc_table_insert (table, vector->items[i], gc_new_with_tail (m, DemoBlob, 8 * i));
      }
    gc_set (vector, items[N], table);
  }
  file = take_snapshot (arena);
  keys = arena_root (file);
  for (guint i = 0; i < N; i++)
    {
      g_autofree char *label = g_strdup_printf ("[%u]", i);
      guint32 key = follow (file, keys, HEAP_EDGE_ELEMENT, label);

      assert_node (file, follow (file, key, HEAP_EDGE_INTERNAL, "value (ephemeron)"), "DemoBlob",
                   sizeof (DemoBlob) + 8 * i);
    }
}

static void
test_weak_values (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (HeapFile) file = NULL;
  guint32 root, storage;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcTable *table = gc_table_new (m, GC_TABLE_WEAK_VALUES);
    DemoNode *node = gc_new (m, DemoNode);

    gc_arena_set_root (arena, node);
    gc_set (node, any, table);
    gc_table_insert_string (table, "node", node);
    gc_table_insert_string (table, "gone", gc_new (m, DemoNode));
    file = take_snapshot (arena);      /* a safe point may clear the second one */
  }
  root = arena_root (file);
  storage = follow (file, follow (file, root, HEAP_EDGE_PROPERTY, "any"), HEAP_EDGE_PROPERTY, "storage");
  g_assert_cmpuint (follow (file, storage, HEAP_EDGE_WEAK, "node"), ==, root);
  g_assert_cmpuint (follow (file, storage, HEAP_EDGE_WEAK, "gone"), ==, NONE);
  g_assert_cmpuint (count_class (file, "DemoNode"), ==, 1);
  g_assert_cmpuint (count_class (file, "GcString"), ==, 2);
}

static void
test_records (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (HeapFile) file = NULL;
  g_autoptr (GError) error = NULL;
  GType type = gc_record_type_register ("SnapshotPerson", GC_TYPE_RECORD,
                                        (const char *const []) { "age", "parent", "name", NULL },
                                        (const GType []) { G_TYPE_INT, G_TYPE_NONE, G_TYPE_STRING }, 3, &error);

  g_assert_no_error (error);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcRecord *ada = gc_record_new (m, type, &error);

    gc_arena_set_root (arena, ada);
    gc_record_set_object (ada, "parent", ada, &error);
    gc_record_set_string (ada, "name", "Ada", &error);
    g_assert_no_error (error);
  }
  file = take_snapshot (arena);
  g_assert_cmpstr (heap_file_class_name (file, arena_root (file)), ==, "SnapshotPerson");
  g_assert_cmpuint (follow (file, arena_root (file), HEAP_EDGE_PROPERTY, "parent"), ==, arena_root (file));
  g_assert_cmpstr (heap_file_string (file, file->name[follow (file, arena_root (file), HEAP_EDGE_PROPERTY, "name")]),
                   ==, "Ada");
}

/* Sizes are below 2^32, whatever an object owns. */
static void
test_external_bytes (void)
{
  const guint64 huge = ((guint64) 10 << 30) + 5;
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (HeapFile) file = NULL;
  g_autoptr (HeapFile) again = NULL;
  guint64 sum = 0;

  demo_sleep_for_ever (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_new (m, DemoNode);

    gc_arena_set_root (arena, node);
    gc_set (node, left, gc_new (m, DemoNode));
    gc_object_add_external_bytes (GC_OBJECT (node), 1234);
    gc_object_add_external_bytes (GC_OBJECT (node->left), huge);
  }
  file = take_snapshot (arena);
  again = take_snapshot (arena);
  assert_node (file, follow (file, arena_root (file), HEAP_EDGE_INTERNAL, "external bytes"), "external bytes", 1234);
  g_assert_cmpuint (count_class (file, "external bytes"), ==, 4);
  for (guint32 i = 0; i < file->n_nodes; i++)
    {
      g_assert_cmpuint (file->size[i], <=, G_MAXUINT32);
      if (file->kind[i] == HEAP_NODE_NATIVE)
        sum += file->size[i];
      for (guint32 k = 0; k < i; k++)
        g_assert_cmpuint (file->id[i], !=, file->id[k]);
    }
  g_assert_cmpuint (sum, ==, huge + 1234);
  g_assert_cmpuint (file->id[follow (file, arena_root (file), HEAP_EDGE_INTERNAL, "external bytes")], ==,
                    again->id[follow (again, arena_root (again), HEAP_EDGE_INTERNAL, "external bytes")]);
}

/* Slots that only a trace function knows are elements. */
GC_DECLARE_TYPE (SnapshotEnv, snapshot_env, SNAPSHOT, ENV, GcObject)

struct _SnapshotEnv
{
  GcObject  parent_instance;
  GC_REF (DemoNode) fixed[2];
  gpointer *frames;
};

static void
snapshot_env_trace (GcObject *object,
                    GcTracer *tracer)
{
  gc_trace_array (tracer, ((SnapshotEnv *) object)->frames, 3);
}

static void
snapshot_env_finalize (GcObject *object)
{
  g_free (((SnapshotEnv *) object)->frames);
  GC_OBJECT_CLASS (snapshot_env_parent_class)->finalize (object);
}

GC_DEFINE_TYPE (SnapshotEnv, snapshot_env, GC_TYPE_OBJECT,
                GC_FIELD_ARRAY (SnapshotEnv, fixed)
                GC_TRACE (snapshot_env_trace)
                GC_FINALIZE (snapshot_env_finalize))

static void
test_trace (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (HeapFile) file = NULL;
  guint32 root;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    SnapshotEnv *env = gc_new (m, SnapshotEnv);

    env->frames = g_new0 (gpointer, 3);
    gc_arena_set_root (arena, env);
    gc_set (env, fixed[1], gc_new (m, DemoNode));
    gc_object_set_slot (env, &env->frames[2], gc_new_with_tail (m, DemoBlob, 0));
  }
  file = take_snapshot (arena);
  root = arena_root (file);
  assert_node (file, follow (file, root, HEAP_EDGE_PROPERTY, "fixed[1]"), "DemoNode", sizeof (DemoNode));
  assert_node (file, follow (file, root, HEAP_EDGE_ELEMENT, "[2]"), "DemoBlob", sizeof (DemoBlob));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snapshot/empty", test_empty);
  g_test_add_func ("/snapshot/fields", test_fields);
  g_test_add_func ("/snapshot/large", test_large);
  g_test_add_func ("/snapshot/roots", test_roots);
  g_test_add_func ("/snapshot/strings", test_strings);
  g_test_add_func ("/snapshot/strong-table", test_strong_table);
  g_test_add_data_func ("/snapshot/ephemerons/table-first", NULL, test_ephemerons);
  g_test_add_data_func ("/snapshot/ephemerons/keys-first", "", test_ephemerons);
  g_test_add_func ("/snapshot/ephemerons/many", test_many_ephemerons);
  g_test_add_func ("/snapshot/weak-values", test_weak_values);
  g_test_add_func ("/snapshot/records", test_records);
  g_test_add_func ("/snapshot/external-bytes", test_external_bytes);
  g_test_add_func ("/snapshot/trace", test_trace);
  return g_test_run ();
}
