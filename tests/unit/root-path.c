/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Why an object is alive: paths from roots. */

#include "snapshot.h"

static void
assert_path (GcArena    *arena,
             gpointer    object,
             const char *wanted)
{
  g_autoptr (GcRootPath) path = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  path = gc_arena_find_path_to_root (arena, object, &error);
  g_assert_no_error (error);
  if (path == NULL)
    {
      g_assert_null (wanted);
      return;
    }
  g_string_append (text, gc_root_path_get_root (path));
  for (guint i = 0; i < gc_root_path_get_length (path); i++)
    g_string_append_printf (text, " %s %s", gc_root_path_get_edge (path, i), gc_root_path_get_type_name (path, i));
  g_assert_cmpstr (text->str, ==, wanted);
}

static void
test_shortest (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *root = gc_new (m, DemoNode), *target = gc_new (m, DemoNode), *loose = gc_new (m, DemoNode);
  DemoVector *vector = gc_new_with_tail (m, DemoVector, 3);

  gc_arena_set_root (arena, root);
  gc_set (root, left, demo_chain_new (m, 3));
  gc_set (root->left->left->left, right, target);
  gc_set (target, left, root);
  assert_path (arena, root, "(Arena root) root DemoNode");
  assert_path (arena, target, "(Arena root) root DemoNode left DemoNode left DemoNode left DemoNode right DemoNode");

  gc_set (root, any, vector);
  gc_set (vector, items[2], target);
  assert_path (arena, target, "(Arena root) root DemoNode any DemoVector [2] DemoNode");

  /* Weak references keep nothing, and what nothing keeps has no path. */
  gc_set_weak (root, weak, loose);
  gc_set (loose, left, target);
  assert_path (arena, loose, NULL);
}

/* Who asks has a reference itself, which is the answer only if there is no other. */
static void
test_roots (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GC_ROOT (m, DemoNode, local);
  DemoNode *outside = gc_new (m, DemoNode), *inner = gc_new (m, DemoNode);

  gc_object_ref (outside);
  assert_path (arena, outside, "(External references) [0] DemoNode");
  gc_set (outside, left, inner);
  gc_object_ref (inner);
  assert_path (arena, inner, "(External references) [0] DemoNode left DemoNode");
  local = gc_new (m, DemoNode);
  gc_set (local, right, outside);
  assert_path (arena, outside, "(Scoped roots) [0] DemoNode right DemoNode");
  assert_path (arena, local, "(Scoped roots) [0] DemoNode");
  gc_object_unref (inner);
  gc_object_unref (outside);
}

/* A GObject that somebody has is a root of its own kind, and names itself. */
static void
test_gobjects (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GSimpleAction) action = g_simple_action_new ("save", NULL);
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcPeer *peer = gc_peer_new (m, G_OBJECT (action));
  DemoNode *node = gc_new (m, DemoNode);

  assert_path (arena, peer, "(GObjects) GSimpleAction GcPeer");
  gc_peer_set_data (peer, "node", node);
  assert_path (arena, node, "(GObjects) GSimpleAction GcPeer data GcSlots [1] DemoNode");
  /* Who asks has a reference, which is no answer. */
  gc_object_ref (peer);
  assert_path (arena, peer, "(GObjects) GSimpleAction GcPeer");
  gc_object_unref (peer);
  gc_arena_set_root (arena, node);
  gc_set (node, any, peer);
  assert_path (arena, peer, "(GObjects) GSimpleAction GcPeer");
  assert_path (arena, node, "(Arena root) root DemoNode");
}

static void
test_ephemerons (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *root = gc_new (m, DemoNode), *key = gc_new (m, DemoNode), *value = gc_new (m, DemoNode);
  GcTable *table = gc_table_new (m, GC_TABLE_WEAK_KEYS);

  gc_arena_set_root (arena, root);
  gc_set (root, any, table);
  gc_table_insert (table, key, value);
  assert_path (arena, value, NULL);
  gc_set (root, left, key);
  assert_path (arena, value, "(Arena root) root DemoNode left DemoNode value (ephemeron) DemoNode");
  gc_set (root, left, NULL);
  gc_set (root, right, gc_new (m, DemoNode));
  gc_set (root->right, left, gc_new (m, DemoNode));
  gc_set (root->right->left, left, key);
  assert_path (arena, value,
               "(Arena root) root DemoNode right DemoNode left DemoNode left DemoNode value (ephemeron) DemoNode");
}

/* The ids are those of snapshots, whichever is asked for first. */
static void
test_ids (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GcRootPath) path = NULL;
  g_autoptr (GcRootPath) copy = NULL;
  g_autoptr (HeapFile) file = NULL;
  g_autofree char *text = NULL;
  g_autofree char *wanted = NULL;
  DemoNode *root = demo_chain_new (m, 4);
  guint32 node;

  gc_arena_set_root (arena, root);
  path = gc_arena_find_path_to_root (arena, GC_OBJECT (root->left), NULL);
  g_assert_cmpuint (gc_root_path_get_length (path), ==, 2);
  file = take_snapshot (arena);
  node = arena_root (file);
  g_assert_cmpuint (gc_root_path_get_id (path, 0), ==, file->id[node]);
  g_assert_cmpuint (gc_root_path_get_id (path, 1), ==, file->id[follow (file, node, HEAP_EDGE_PROPERTY, "left")]);
  copy = g_boxed_copy (GC_TYPE_ROOT_PATH, path);
  text = gc_root_path_to_string (copy);
  wanted = g_strdup_printf ("(Arena root)\n  %-20s DemoNode @%" G_GUINT64_FORMAT "\n  %-20s DemoNode @%" G_GUINT64_FORMAT "\n",
                            "root", file->id[node], "left", gc_root_path_get_id (path, 1));
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_wrong_arena (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (other);
  g_autoptr (GError) error = NULL;

  g_assert_null (gc_arena_find_path_to_root (arena, GC_OBJECT (gc_new (m, DemoNode)), &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_WRONG_ARENA);
}

/* A census counts what is alive, by exact types. */
static void
test_census (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GListModel) census = NULL;
  g_autoptr (GError) error = NULL;
  static const char *const names[] = { "DemoBlob", "DemoNode", "DemoWatch" };
  const guint64 counts[] = { 1, 100, 1 };
  const guint64 bytes[] = { sizeof (DemoBlob) + 20000, 100 * sizeof (DemoNode), sizeof (DemoWatch) };
  const guint64 external[] = { 0, 6000, 7 };

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *head = demo_chain_new (m, 100);

    demo_scribble (m, 50);
    gc_arena_set_root (arena, head);
    gc_set (head, any, gc_new_with_tail (m, DemoBlob, 20000));
    gc_set (head, right, demo_watch_new (m, NULL));
    gc_object_add_external_bytes (GC_OBJECT (head), (gssize) external[1]);
    gc_object_add_external_bytes (GC_OBJECT (head->right), (gssize) external[2]);
    census = gc_arena_take_census (arena, &error);
  }
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (census), ==, G_N_ELEMENTS (names));
  g_assert_true (g_list_model_get_item_type (census) == GC_TYPE_TYPE_COUNT);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GcTypeCount) line = g_list_model_get_item (census, i);
      g_autofree char *name = NULL;
      guint64 n, size, outside;
      GType type;

      g_object_get (line, "type-name", &name, "n-objects", &n, "bytes", &size, "external-bytes", &outside,
                    "object-type", &type, NULL);
      g_assert_cmpstr (name, ==, names[i]);
      g_assert_cmpstr (gc_type_count_get_type_name (line), ==, names[i]);
      g_assert_true (type == g_type_from_name (names[i]));
      g_assert_true (gc_type_count_get_object_type (line) == type);
      g_assert_cmpuint (n, ==, counts[i]);
      g_assert_cmpuint (gc_type_count_get_n_objects (line), ==, n);
      g_assert_cmpuint (size, ==, bytes[i]);
      g_assert_cmpuint (gc_type_count_get_bytes (line), ==, size);
      g_assert_cmpuint (outside, ==, external[i]);
      g_assert_cmpuint (gc_type_count_get_external_bytes (line), ==, outside);
    }
}

static guint
count (const char *text,
       const char *part)
{
  guint n = 0;

  for (text = strstr (text, part); text != NULL; text = strstr (text + 1, part))
    n++;
  return n;
}

static void
test_dot (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *head = demo_chain_new (m, 20), *middle = head;
  struct { DemoNode *focus; guint depth, max, n_nodes, n_edges; } cases[] = {
    { NULL, 0, 0, 1, 0 }, { NULL, 1, 0, 6, 5 }, { NULL, 2, 0, 7, 6 },
    { NULL, 3, 0, 8, 8 }, { NULL, 100, 10, 10, 10 }, { NULL, 100, 0, 26, 26 },
  };

  gc_arena_set_root (arena, head);
  for (guint i = 0; i < 10; i++)
    middle = middle->left;
  gc_set_weak (head->left, weak, head);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = gc_arena_to_dot (arena, NULL, cases[i].depth, cases[i].max, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (count (text, "  n") - count (text, "  node ") - count (text, " -> "), ==, cases[i].n_nodes);
      g_assert_cmpuint (count (text, " -> "), ==, cases[i].n_edges);
      g_assert_cmpuint (count (text, "style=dashed"), ==, cases[i].depth >= 3);
    }
  for (guint depth = 0; depth < 30; depth++)
    {
      g_autofree char *text = gc_arena_to_dot (arena, GC_OBJECT (middle), depth, 0, NULL);

      /* 10 before it and then the root's kind, 9 behind it; no way leads on from the root. */
      g_assert_cmpuint (count (text, "DemoNode @"), ==, 1 + MIN (depth, 10) + MIN (depth, 9));
      g_assert_cmpuint (count (text, "(Arena root)"), ==, depth >= 11);
      g_assert_cmpuint (count (text, "(GC roots)"), ==, 0);
    }
}

static void
test_dot_fails (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autoptr (GError) error = NULL;
  GcObject *garbage = GC_OBJECT (gc_new (m, DemoNode));

  g_assert_null (gc_arena_to_dot (other, garbage, 1, 1, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_WRONG_ARENA);
  g_clear_error (&error);
  g_assert_null (gc_arena_to_dot (arena, garbage, 1, 1, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_FAILED);
}

/* Text may hold anything; the drawing stays one. */
static void
test_dot_text (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_autofree char *text = NULL;
  DemoNode *node = gc_new (m, DemoNode);

  gc_arena_set_root (arena, node);
  gc_set (node, any, gc_string_new (m, "a\"b\\c\nd"));
  text = gc_arena_to_dot (arena, GC_OBJECT (node), 1, 0, NULL);
  g_assert_nonnull (strstr (text, "label=\"\\\"a\\\"b\\\\c d\\\" @"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/root-path/shortest", test_shortest);
  g_test_add_func ("/root-path/roots", test_roots);
  g_test_add_func ("/root-path/gobjects", test_gobjects);
  g_test_add_func ("/root-path/ephemerons", test_ephemerons);
  g_test_add_func ("/root-path/ids", test_ids);
  g_test_add_func ("/root-path/wrong-arena", test_wrong_arena);
  g_test_add_func ("/census", test_census);
  g_test_add_func ("/dot/nodes", test_dot);
  g_test_add_func ("/dot/fails", test_dot_fails);
  g_test_add_func ("/dot/text", test_dot_text);
  return g_test_run ();
}
