/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What looks into the heap, given something wrong or called where it may not be. */

#include <gio/gio.h>
#include "misuse.h"

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_assert_not_reached ();
}

static void
test_no_arena (gconstpointer data)
{
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GFile) file = g_file_new_for_path ("/nonexistent/file");
  g_autoptr (GcArena) real = gc_arena_new ();
  GcArena *arena = data != NULL ? (GcArena *) object : NULL;

#define REFUSES(function, condition, call) \
  G_STMT_START { \
    EXPECT_ASSERTION (function, condition); \
    call; \
    g_test_assert_expected_messages (); \
  } G_STMT_END

  REFUSES ("check_call", "GC_IS_ARENA (arena)", g_assert_false (gc_arena_write_snapshot (arena, stream, NULL, NULL)));
  REFUSES ("check_call", "GC_IS_ARENA (arena)", gc_arena_write_snapshot_async (arena, stream, 0, NULL, on_done, NULL));
  REFUSES ("check_call", "GC_IS_ARENA (arena)", g_assert_false (gc_arena_save_snapshot (arena, file, NULL, NULL)));
  REFUSES ("gc_arena_write_snapshot_finish", "GC_IS_ARENA (arena)",
           g_assert_false (gc_arena_write_snapshot_finish (arena, NULL, NULL)));
  REFUSES ("gc_arena_to_dot", "GC_IS_ARENA (arena)", g_assert_null (gc_arena_to_dot (arena, NULL, 1, 1, NULL)));
  REFUSES ("gc_arena_take_census", "GC_IS_ARENA (arena)", g_assert_null (gc_arena_take_census (arena, NULL)));
  REFUSES ("gc_arena_find_path_to_root", "GC_IS_ARENA (arena)",
           g_assert_null (gc_arena_find_path_to_root (arena, NULL, NULL)));
  still_works (real);
}

/* NULL or another kind of thing for everything else. */
static void
test_arguments (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GcRootPath) path = NULL;
  gpointer root;

  REFUSES ("check_call", "target != NULL", g_assert_false (gc_arena_write_snapshot (arena, NULL, NULL, NULL)));
  REFUSES ("check_call", "target != NULL", gc_arena_write_snapshot_async (arena, NULL, 0, NULL, on_done, NULL));
  REFUSES ("check_call", "target != NULL", g_assert_false (gc_arena_save_snapshot (arena, NULL, NULL, NULL)));
  REFUSES ("gc_arena_write_snapshot", "*G_IS_OUTPUT_STREAM*",
           g_assert_false (gc_arena_write_snapshot (arena, (GOutputStream *) object, NULL, NULL)));
  REFUSES ("gc_arena_write_snapshot_async", "*G_IS_OUTPUT_STREAM*",
           gc_arena_write_snapshot_async (arena, (GOutputStream *) object, 0, NULL, on_done, NULL));
  REFUSES ("gc_arena_save_snapshot", "*G_IS_FILE*",
           g_assert_false (gc_arena_save_snapshot (arena, (GFile *) object, NULL, NULL)));
  REFUSES ("check_call", "*G_IS_CANCELLABLE*",
           g_assert_false (gc_arena_write_snapshot (arena, stream, (GCancellable *) object, NULL)));
  REFUSES ("gc_arena_write_snapshot_finish", "g_task_is_valid (result, arena)",
           g_assert_false (gc_arena_write_snapshot_finish (arena, NULL, NULL)));
  REFUSES ("gc_arena_find_path_to_root", "*", g_assert_null (gc_arena_find_path_to_root (arena, NULL, NULL)));
  REFUSES ("gc_arena_find_path_to_root", "*",
           g_assert_null (gc_arena_find_path_to_root (arena, (GcObject *) object, NULL)));
  REFUSES ("gc_arena_to_dot", "*", g_assert_null (gc_arena_to_dot (arena, (GcObject *) object, 1, 1, NULL)));

  REFUSES ("gc_root_path_copy", "path != NULL", g_assert_null (gc_root_path_copy (NULL)));
  REFUSES ("gc_root_path_free", "path != NULL", gc_root_path_free (NULL));
  REFUSES ("gc_root_path_get_root", "path != NULL", g_assert_null (gc_root_path_get_root (NULL)));
  REFUSES ("gc_root_path_get_length", "path != NULL", g_assert_cmpuint (gc_root_path_get_length (NULL), ==, 0));
  REFUSES ("gc_root_path_get_edge", "path != NULL", g_assert_null (gc_root_path_get_edge (NULL, 0)));
  REFUSES ("gc_root_path_get_type_name", "path != NULL", g_assert_null (gc_root_path_get_type_name (NULL, 0)));
  REFUSES ("gc_root_path_get_id", "path != NULL", g_assert_cmpuint (gc_root_path_get_id (NULL, 0), ==, 0));
  REFUSES ("gc_root_path_to_string", "path != NULL", g_assert_null (gc_root_path_to_string (NULL)));

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    root = gc_new (m, DemoNode);
    gc_arena_set_root (arena, root);
    path = gc_arena_find_path_to_root (arena, root, NULL);
  }
  REFUSES ("gc_root_path_get_edge", "index < path->n", g_assert_null (gc_root_path_get_edge (path, 1)));
  REFUSES ("gc_root_path_get_type_name", "index < path->n", g_assert_null (gc_root_path_get_type_name (path, G_MAXUINT)));
  REFUSES ("gc_root_path_get_id", "index < path->n", g_assert_cmpuint (gc_root_path_get_id (path, 1), ==, 0));

  REFUSES ("gc_type_count_get_object_type", "GC_IS_TYPE_COUNT (self)",
           g_assert_true (gc_type_count_get_object_type ((GcTypeCount *) object) == G_TYPE_INVALID));
  REFUSES ("gc_type_count_get_type_name", "GC_IS_TYPE_COUNT (self)", g_assert_null (gc_type_count_get_type_name (NULL)));
  REFUSES ("gc_type_count_get_n_objects", "GC_IS_TYPE_COUNT (self)",
           g_assert_cmpuint (gc_type_count_get_n_objects (NULL), ==, 0));
  REFUSES ("gc_type_count_get_bytes", "GC_IS_TYPE_COUNT (self)", g_assert_cmpuint (gc_type_count_get_bytes (NULL), ==, 0));
  REFUSES ("gc_type_count_get_external_bytes", "GC_IS_TYPE_COUNT (self)",
           g_assert_cmpuint (gc_type_count_get_external_bytes (NULL), ==, 0));
  still_works (arena);
}

/* A finalizer, and a trace function of a collection, see a heap that nobody may look into. */
static GcArena *looked_into;
static GOutputStream *stream_to;

static void
look (void)
{
  g_assert_false (gc_arena_write_snapshot (looked_into, stream_to, NULL, NULL));
  gc_arena_write_snapshot_async (looked_into, stream_to, 0, NULL, on_done, NULL);
  g_assert_null (gc_arena_take_census (looked_into, NULL));
  g_assert_null (gc_arena_to_dot (looked_into, NULL, 1, 1, NULL));
}

static void
expect_refusals (void)
{
  EXPECT_ASSERTION ("check_call", "gc_graph_may_walk (arena)");
  EXPECT_ASSERTION ("check_call", "gc_graph_may_walk (arena)");
  EXPECT_ASSERTION ("gc_arena_take_census", "gc_graph_may_walk (arena)");
  EXPECT_ASSERTION ("gc_arena_to_dot", "gc_graph_may_walk (arena)");
}

GC_DECLARE_TYPE (Looker, looker, TEST, LOOKER, GcObject)

struct _Looker
{
  GcObject parent_instance;
  guint    when;                /* 1: traced, 2: finalized */
};

static void
looker_trace (GcObject *object,
              GcTracer *tracer)
{
  if (((Looker *) object)->when != 1)
    return;
  ((Looker *) object)->when = 0;
  look ();
}

static void
looker_finalize (GcObject *object)
{
  if (((Looker *) object)->when == 2)
    look ();
  GC_OBJECT_CLASS (looker_parent_class)->finalize (object);
}

GC_DEFINE_TYPE (Looker, looker, GC_TYPE_OBJECT,
                GC_TRACE (looker_trace)
                GC_FINALIZE (looker_finalize))

static void
test_in_pause (gconstpointer data)
{
  guint when = GPOINTER_TO_UINT (data);
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();

  looked_into = arena;
  stream_to = stream;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    Looker *looker = gc_new (m, Looker);

    looker->when = when;
    gc_arena_set_root (arena, when == 1 ? looker : NULL);
  }
  expect_refusals ();
  gc_arena_collect (arena);
  still_works (arena);
  g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/misuse/snapshot/no-arena/null", NULL, test_no_arena);
  g_test_add_data_func ("/misuse/snapshot/no-arena/other", "", test_no_arena);
  g_test_add_func ("/misuse/snapshot/arguments", test_arguments);
  g_test_add_data_func ("/misuse/snapshot/in-trace", GUINT_TO_POINTER (1), test_in_pause);
  g_test_add_data_func ("/misuse/snapshot/in-finalize", GUINT_TO_POINTER (2), test_in_pause);
  return g_test_run ();
}
