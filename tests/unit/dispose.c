/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* g_object_run_dispose(), which scripts can call: what refers to an arena or a list model from outside still does. And
 * the end of an arena that somebody else is about to use. */

#include "peers.h"

static void
iterate (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    ;
}

static void
count (gpointer n)
{
  ++*(guint *) n;
}

/* Twice: the first time may have left something that the second takes. */
static void
dispose (gpointer object)
{
  g_object_run_dispose (object);
  g_object_run_dispose (object);
}

static void
test_attached (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMemoryMonitor) monitor = g_memory_monitor_dup_default ();
  GcArena *arena = gc_arena_new ();
  guint n = 0, n_finalized = 0;

  gc_arena_attach (arena, context);
  dispose (arena);
  gc_arena_defer_notify (arena, count, &n);
  gc_arena_collect (arena);
  g_assert_cmpuint (n, ==, 0);
  iterate (context);
  g_assert_cmpuint (n, ==, 1);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    demo_watch_new (m, &n_finalized);
  }
  g_signal_emit_by_name (monitor, "low-memory-warning", G_MEMORY_MONITOR_WARNING_LEVEL_MEDIUM);
  g_assert_cmpuint (n_finalized, ==, 0);
  iterate (context);
  g_assert_cmpuint (n_finalized, ==, 1);

  /* Its end is one all the same. */
  g_object_add_weak_pointer (G_OBJECT (arena), (gpointer *) &arena);
  g_object_unref (arena);
  g_assert_null (arena);
  g_signal_emit_by_name (monitor, "low-memory-warning", G_MEMORY_MONITOR_WARNING_LEVEL_MEDIUM);
  iterate (context);
}

static gboolean
dispose_once (gpointer arena)
{
  g_object_run_dispose (arena);
  return G_SOURCE_REMOVE;
}

/* By a callback that comes just before the arena's own source, which is ready. */
static void
test_attached_ready (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) source = g_idle_source_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n = 0;

  g_source_set_priority (source, G_PRIORITY_LOW);
  g_source_set_callback (source, dispose_once, arena, NULL);
  g_source_attach (source, context);
  gc_arena_attach (arena, context);
  gc_arena_defer_notify (arena, count, &n);
  iterate (context);
  g_assert_cmpuint (n, ==, 1);
  gc_arena_defer_notify (arena, count, &n);
  iterate (context);
  g_assert_cmpuint (n, ==, 2);
}

/* What waited before is not left waiting for somebody to use the arena. */
static void
test_attached_waiting (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMemoryMonitor) monitor = g_memory_monitor_dup_default ();
  GcArena *arena = gc_arena_new ();
  guint n = 0, n_finalized = 0;

  gc_arena_attach (arena, context);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    demo_watch_new (m, &n_finalized);
  }
  gc_arena_defer_notify (arena, count, &n);
  dispose (arena);
  iterate (context);
  g_assert_cmpuint (n, ==, 1);

  dispose (arena);
  iterate (context);
  g_signal_emit_by_name (monitor, "low-memory-warning", G_MEMORY_MONITOR_WARNING_LEVEL_MEDIUM);
  iterate (context);
  g_assert_cmpuint (n_finalized, ==, 1);

  /* It is kept until then, and no longer. */
  gc_arena_defer_notify (arena, count, &n);
  dispose (arena);
  g_object_add_weak_pointer (G_OBJECT (arena), (gpointer *) &arena);
  g_object_unref (arena);
  g_assert_nonnull (arena);
  iterate (context);
  g_assert_null (arena);
  g_assert_cmpuint (n, ==, 2);
}

static void
test_owned (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcHandle) handle = NULL;
  g_autoptr (GcObject) object = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    handle = gc_handle_new_with_owner (gc_array_new (m), owner);
  }
  dispose (arena);
  dispose (handle);
  gc_arena_collect (arena);
  object = gc_handle_dup_object (handle);
  g_assert_nonnull (object);
}

/* Whether nothing there waits for a time. */
static gboolean
sleeps (GMainContext *context)
{
  GPollFD fds[8];
  gint timeout = 0, priority;

  g_assert_true (g_main_context_acquire (context));
  g_main_context_prepare (context, &priority);
  g_main_context_query (context, G_MAXINT, &timeout, fds, G_N_ELEMENTS (fds));
  g_main_context_release (context);
  return timeout == -1;
}

static void
count_changes (GListModel *model,
               guint       position,
               guint       n_removed,
               guint       n_added,
               guint      *n)
{
  ++*n;
}

static void
test_list_model (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcArray) array = NULL;
  GcListModel *models[2];
  guint n = 0;

  g_main_context_push_thread_default (context);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    array = gc_object_ref (gc_array_new (m));
    models[0] = gc_list_model_new (array);
    models[1] = gc_list_model_new_with_owner (array, owner);
  }
  dispose (arena);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    {
      dispose (models[i]);
      /* (Which has dropped the handlers that there were.) */
      g_signal_connect (models[i], "items-changed", G_CALLBACK (count_changes), &n);
      if (i == 0)
        g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (models[i])), ==, 0);
    }
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_array_append (array, gc_array_new (m));
  }
  iterate (context);
  g_assert_cmpuint (n, ==, 1);
  /* The other one is told of it when it is used, and nothing goes on until then. */
  g_assert_true (sleeps (context));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (models[1])), ==, 0);
  while (n < 2)
    g_main_context_iteration (context, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    {
      g_autoptr (GcHandle) item = g_list_model_get_item (G_LIST_MODEL (models[i]), 0);

      g_assert_nonnull (item);
      g_object_unref (models[i]);
    }
  gc_array_append (array, NULL);
  iterate (context);
  g_main_context_pop_thread_default (context);
}

/* The GObject of a peer is let go of where it belongs, while the arena can't be reached from there. */
static void
test_peer (gconstpointer is_kept)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();
  TestThing *thing = thing_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_peer_set_main_context (make_cycle (m, thing, &n_finalized), context);
  }
  g_object_unref (thing);
  gc_arena_collect (arena);
  if (is_kept != NULL)
    g_object_ref (thing);
  g_object_run_dispose (G_OBJECT (arena));
  iterate (context);
  g_assert_cmpint (n_things, ==, is_kept != NULL);

  if (is_kept != NULL)
    {
      /* Its peer knows as little of who has it as after a resurrection. */
      g_assert_cmpuint (live_objects (arena), ==, 3);
      check_valid (arena);
      g_object_unref (thing);
      g_assert_cmpint (n_things, ==, 0);
    }
  g_assert_cmpuint (live_objects (arena), ==, 0);
  g_assert_cmpuint (n_finalized, ==, 1);
  g_assert_cmpuint (gc_arena_get_n_peers (arena), ==, 0);
  check_valid (arena);
}

/* ---- who comes last ---- */

#define N_ROUNDS 300

typedef struct
{
  GcHandle *handle;
  gint      has_begun;          /* atomic */
} Asking;

static gpointer
ask (gpointer data)
{
  Asking *self = data;

  for (;;)
    {
      g_autoptr (GcObject) object = gc_handle_dup_object (self->handle);

      __atomic_store_n (&self->has_begun, TRUE, __ATOMIC_RELEASE);
      if (object == NULL)
        return NULL;
    }
}

/* The last reference is dropped while another thread takes one, and drops that. */
static void
test_race (void)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
      GcArena *arena = gc_arena_new ();
      GWeakRef weak;
      Asking asking = { NULL, FALSE };
      GThread *thread;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        asking.handle = gc_handle_new_with_owner (gc_array_new (m), owner);
      }
      g_weak_ref_init (&weak, arena);
      thread = g_thread_new ("asking", ask, &asking);
      while (!__atomic_load_n (&asking.has_begun, __ATOMIC_ACQUIRE))
        g_thread_yield ();
      if (i % 2 == 0)
        g_object_run_dispose (G_OBJECT (arena));
      g_object_unref (arena);
      g_thread_join (thread);
      g_assert_null (g_weak_ref_get (&weak));
      g_weak_ref_clear (&weak);
      g_object_unref (asking.handle);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dispose/attached", test_attached);
  g_test_add_func ("/dispose/attached-ready", test_attached_ready);
  g_test_add_func ("/dispose/attached-waiting", test_attached_waiting);
  g_test_add_func ("/dispose/owned", test_owned);
  g_test_add_func ("/dispose/list-model", test_list_model);
  g_test_add_data_func ("/dispose/peer", NULL, test_peer);
  g_test_add_data_func ("/dispose/peer-kept", "kept", test_peer);
  g_test_add_func ("/dispose/race", test_race);

  return g_test_run ();
}
