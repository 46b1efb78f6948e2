/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GCOBJ_DEBUG: each test is a process of its own, since the variable is read once. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gio/gio.h>
#include "demo.h"

/* What the test's own process writes with @value in the environment. */
#define IN_SUBPROCESS(value, code, check) \
  G_STMT_START { \
    if (g_test_subprocess ()) \
      { \
        g_setenv ("GCOBJ_DEBUG", (value), TRUE); \
        code \
      } \
    else \
      { \
        g_test_trap_subprocess (NULL, 0, 0); \
        check \
      } \
  } G_STMT_END

static void
test_help (void)
{
  IN_SUBPROCESS ("help", {
    g_type_ensure (GC_TYPE_ARENA);
    g_printerr ("before\n");
    g_object_unref (gc_arena_new ());
    g_object_unref (gc_arena_new ());
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("before\nGCOBJ_DEBUG: a list of*leaks*finalize-log*safepoint-log*barriers*registry*fatal*help*");
    g_test_trap_assert_stderr_unmatched ("*GCOBJ_DEBUG*GCOBJ_DEBUG*");
  });
}

/* A mistake is not silence; the words beside it count. */
static void
test_unknown (void)
{
  IN_SUBPROCESS ("laeks,Finalize_Log;all:leaks", {
    g_object_unref (gc_arena_new ());
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("*GCOBJ_DEBUG: there is no 'laeks': see GCOBJ_DEBUG=help\n*");
    g_test_trap_assert_stderr_unmatched ("*there is no*there is no*");
  });
}

static void
test_help_among_words (void)
{
  IN_SUBPROCESS ("leaks,help", {
    g_object_unref (gc_arena_new ());
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("*GCOBJ_DEBUG: a list of*GcObj: no arena is left\n");
  });
}

static void
test_unset (void)
{
  IN_SUBPROCESS ("", {
    g_autoptr (GcArena) arena = gc_arena_new ();

    gc_arena_collect (arena);
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr_unmatched ("*GcObj*");
  });
}

/* At an arena's end: what was rooted, and what it led to. */
static void
test_ends (void)
{
  IN_SUBPROCESS ("leaks", {
    GcArena *arena = gc_arena_new ();

    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      gc_arena_set_root (arena, demo_chain_new (m, 10));
      demo_scribble (m, 10);
    }
    g_object_unref (arena);
  }, {
    g_autofree char *pattern = g_strdup_printf ("*GcObj: arena 0x* ends: 1 object is rooted\n"
                                                "GcObj:   (Arena root): DemoNode 0x*, with 10 objects, %u bytes\n"
                                                "*GcObj: no arena is left\n",
                                                (guint) (10 * sizeof (DemoNode)));

    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr (pattern);
  });
}

/* At the end of the process: what keeps the arenas that are left. */
static void
test_left (void)
{
  IN_SUBPROCESS ("leaks", {
    GcArena *arena = gc_arena_new ();
    DemoNode *heavy = NULL;

    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      for (guint i = 0; i < 30; i++)
        gc_object_ref (demo_chain_new (m, 1));
      heavy = gc_object_ref (demo_chain_new (m, 5));
    }
    g_object_unref (arena);
    g_assert_true (DEMO_IS_NODE (heavy));
    exit (0);
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("*GcObj: arena 0x* is left at the end of the process: 31 objects are rooted\n"
                               "GcObj:   (External references): DemoNode 0x*, with 5 objects, *\n"
                               "GcObj:   (External references): DemoNode 0x*, with 1 object, *\n"
                               "GcObj:   and 11 more; all with 35 objects, *");
    g_test_trap_assert_stderr_unmatched ("* ends: *");
  });
}

/* A GObject that somebody has keeps what its peer leads to. */
static void
test_gobject (void)
{
  IN_SUBPROCESS ("leaks", {
    GcArena *arena = gc_arena_new ();
    GSimpleAction *action = g_simple_action_new ("save", NULL);

    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      gc_peer_set_data (gc_peer_new (m, G_OBJECT (action)), "chain", demo_chain_new (m, 10));
    }
    g_object_unref (arena);
    g_object_unref (action);
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("*GcObj: arena 0x* ends: 1 object is rooted\n"
                               "GcObj:   (GObjects): GcPeer of a GSimpleAction 0x*, with 12 objects, *");
  });
}

static void
test_open_scope (void)
{
  IN_SUBPROCESS ("leaks", {
    GcArena *arena = gc_arena_new ();
    GcMutation *m = gc_arena_begin (arena);
    GC_ROOT (m, DemoNode, node);

    node = demo_chain_new (m, 3);
    exit (0);
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("*is left at the end of the process: 1 object is rooted, and a scope is open\n"
                               "GcObj:   (*): DemoNode 0x*, with 3 objects, *");
  });
}

/* A thread that is in the arena for ever does not keep the process. */
static gpointer
sit (gpointer arena)
{
  gc_arena_begin (arena);
  __atomic_store_n ((gint *) g_object_get_data (arena, "sits"), 1, __ATOMIC_RELEASE);
  for (;;)
    g_usleep (G_USEC_PER_SEC);
  return NULL;
}

/* That somebody waits was told of. Until then, so many milliseconds at most in which this process runs. */
#define PATIENCE_MS 30000

static gint has_told;

static void
note_told (const char *text)
{
  fputs (text, stderr);
  if (strstr (text, "has waited") != NULL)
    __atomic_store_n (&has_told, 1, __ATOMIC_RELEASE);
}

static gpointer
sit_until_told (gpointer arena)
{
  GcMutation *m = gc_arena_begin (arena);

  __atomic_store_n ((gint *) g_object_get_data (arena, "sits"), 1, __ATOMIC_RELEASE);
  for (guint i = 0; i < PATIENCE_MS && !__atomic_load_n (&has_told, __ATOMIC_ACQUIRE); i++)
    g_usleep (1000);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  return NULL;
}

/* Who waits for long, and for whom; also for a pause. Who waits for a moment is not told of. */
static void
test_waits (void)
{
  IN_SUBPROCESS ("waits", {
    GcArena *arena = gc_arena_new ();
    static gint sits;

    g_object_set_data (G_OBJECT (arena), "sits", &sits);
    g_set_printerr_handler (note_told);
    gc_arena_collect (arena);
    for (guint i = 0; i < 2; i++)
      {
        GThread *thread;

        sits = has_told = 0;
        thread = g_thread_new ("sitting", sit_until_told, arena);
        while (!__atomic_load_n (&sits, __ATOMIC_ACQUIRE))
          g_usleep (100);
        if (i == 0)
          gc_arena_collect (arena);
        else
          gc_mutation_unref (gc_arena_begin (arena));
        g_printerr ("had it\n");
        g_thread_join (thread);
      }
    g_object_unref (arena);
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("GcObj: arena 0x*: thread 0x* has waited for a second, for thread 0x*\nhad it\n"
                               "GcObj: arena 0x*: thread 0x* has waited for a second, for thread 0x*\n*had it\n");
  });
}

/* The same where scopes run side by side: a pause waits for those that are open. */
static void
test_waits_shared (void)
{
  IN_SUBPROCESS ("waits", {
    GcArena *arena = gc_arena_new ();
    GcMutation *m = gc_arena_begin (arena);
    static gint sits;
    GThread *thread;

    g_object_set_data (G_OBJECT (arena), "sits", &sits);
    g_set_printerr_handler (note_told);
    thread = g_thread_new ("sitting", sit_until_told, arena);
    while (!__atomic_load_n (&sits, __ATOMIC_ACQUIRE))
      gc_mutation_safepoint (m);
    gc_mutation_finish (m);
    gc_mutation_unref (m);
    gc_arena_collect (arena);
    g_thread_join (thread);
    g_object_unref (arena);
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("GcObj: arena 0x*: thread 0x* has waited for a second, for 1 thread that has a scope; "
                               "a pause is wanted\n");
  });
}

static void
test_busy (void)
{
  IN_SUBPROCESS ("leaks", {
    GcArena *arena = gc_arena_new ();
    static gint sits;

    g_object_set_data (G_OBJECT (arena), "sits", &sits);
    g_thread_unref (g_thread_new ("sits", sit, arena));
    while (!__atomic_load_n (&sits, __ATOMIC_ACQUIRE))
      g_usleep (1000);
    exit (0);
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("*is left at the end of the process: another thread has a scope\n*");
  });
}

static void
test_finalize_log (void)
{
  IN_SUBPROCESS ("finalize-log", {
    g_autoptr (GcArena) arena = gc_arena_new ();
    guint n_finalized = 0;

    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      demo_watch_new (m, &n_finalized);
      gc_new (m, DemoNode);
    }
    gc_arena_collect (arena);
    g_assert_cmpuint (n_finalized, ==, 1);
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("*GcObj: arena 0x*: finalize DemoWatch 0x*");
    g_test_trap_assert_stderr_unmatched ("*finalize DemoNode*");
  });
}

static void
test_safepoint_log (void)
{
  IN_SUBPROCESS ("safepoint-log,registry", {
    g_autoptr (GcArena) arena = gc_arena_new ();

    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      gc_arena_set_root (arena, demo_chain_new (m, 10));
    }
    gc_arena_collect (arena);
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("*GcObj: arena 0x*: registry + 0x*, 4096 KiB\n"
                               "*: collection begun: major, number 1\n"
                               "*: mark: * ms, 10 objects marked\n"
                               "*: collection ended: major, number 1, 10 objects marked\n"
                               "*: pause: * ms, request, 10 objects marked\n"
                               "*GcObj: arena 0x*: registry - 0x*, 4096 KiB\n*");
  });
}

/* With a trace beside it. */
static void
test_with_trace (void)
{
  IN_SUBPROCESS ("safepoint-log", {
    g_autoptr (GcArena) arena = NULL;
    g_autofree char *folder = g_dir_make_tmp ("gcobj-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "trace.json", NULL);
    g_autofree char *text = NULL;

    g_setenv ("GCOBJ_TRACE", path, TRUE);
    arena = gc_arena_new ();
    gc_arena_collect (arena);
    g_assert_null (gc_arena_get_listener (arena));
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    g_assert_nonnull (strstr (text, "\"name\":\"pause\""));
    g_assert_cmpint (remove (path), ==, 0);
    g_assert_cmpint (remove (folder), ==, 0);
  }, {
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("*: pause: * ms, request\n*");
  });
}

/* A type with a field that its layout does not have, and one that a trace function reports. */
GC_DECLARE_TYPE (DemoForgetful, demo_forgetful, DEMO, FORGETFUL, GcObject)

struct _DemoForgetful
{
  GcObject parent_instance;
  GC_REF (DemoNode) declared;
  GC_REF (DemoNode) traced;
  GC_REF (DemoNode) forgotten;
};

static void
demo_forgetful_trace (GcObject *object,
                      GcTracer *tracer)
{
  gc_trace (tracer, &((DemoForgetful *) object)->traced);
}

GC_DEFINE_TYPE (DemoForgetful, demo_forgetful, GC_TYPE_OBJECT,
                GC_FIELD (DemoForgetful, declared)
                GC_TRACE (demo_forgetful_trace))

#define EXPECT(pattern) g_test_expect_message ("GcObj", G_LOG_LEVEL_CRITICAL, (pattern))

static void
test_barriers (void)
{
  IN_SUBPROCESS ("barriers", {
    g_autoptr (GcArena) arena = gc_arena_new ();
    DemoForgetful *object = NULL;
    DemoNode *node = NULL;

    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      DemoVector *vector = gc_new_with_tail (m, DemoVector, 5);
      g_autoptr (GcTable) table = gc_object_ref (gc_table_new (m, GC_TABLE_WEAK_KEYS));

      object = gc_new (m, DemoForgetful);
      node = gc_new (m, DemoNode);
      gc_set (object, declared, node);
      gc_set (object, traced, node);
      gc_set (node, left, node);
      gc_set (vector, items[4], GC_OBJECT (node));
      gc_table_insert (table, node, object);
      EXPECT ("barriers: a store into the DemoForgetful at 0x*: there is no slot at offset *");
      gc_set (object, forgotten, node);
      g_test_assert_expected_messages ();
      EXPECT ("barriers: a store into the DemoForgetful at 0x*: the slot at 0x* is not inside of it");
      gc_store_ (object, &node->left, node);
      g_test_assert_expected_messages ();
      gc_object_ref (object);
      gc_object_ref (node);
    }
    EXPECT ("barriers: a store into the DemoForgetful at 0x*: the thread has no scope of its arena");
    gc_set (object, declared, node);
    g_test_assert_expected_messages ();
    gc_object_unref (object);
    gc_object_unref (node);
  }, {
    g_test_trap_assert_passed ();
  });
}

static void
test_fatal (void)
{
  IN_SUBPROCESS ("fatal", {
    g_autoptr (GcArena) arena = gc_arena_new ();

    /* GTest has all criticals fatal; a program has not. */
    g_log_set_always_fatal (G_LOG_FATAL_MASK);
    g_log ("Other", G_LOG_LEVEL_CRITICAL, "harmless");
    gc_arena_uninhibit (arena);
    g_printerr ("went on\n");
  }, {
    g_test_trap_assert_failed ();
    g_test_trap_assert_stderr ("*harmless*the arena is not inhibited*");
    g_test_trap_assert_stderr_unmatched ("*went on*");
  });
}

int
main (int   argc,
      char *argv[])
{
  g_unsetenv ("GCOBJ_TRACE");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/debug/help", test_help);
  g_test_add_func ("/debug/help-among-words", test_help_among_words);
  g_test_add_func ("/debug/unknown", test_unknown);
  g_test_add_func ("/debug/unset", test_unset);
  g_test_add_func ("/debug/leaks/ends", test_ends);
  g_test_add_func ("/debug/leaks/left", test_left);
  g_test_add_func ("/debug/leaks/gobject", test_gobject);
  g_test_add_func ("/debug/leaks/open-scope", test_open_scope);
  g_test_add_func ("/debug/waits", test_waits);
  g_test_add_func ("/debug/waits-shared", test_waits_shared);
  g_test_add_func ("/debug/leaks/busy", test_busy);
  g_test_add_func ("/debug/finalize-log", test_finalize_log);
  g_test_add_func ("/debug/safepoint-log", test_safepoint_log);
  g_test_add_func ("/debug/with-trace", test_with_trace);
  g_test_add_func ("/debug/barriers", test_barriers);
  g_test_add_func ("/debug/fatal", test_fatal);
  return g_test_run ();
}
