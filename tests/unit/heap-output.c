/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GCOBJ_HEAP_OUTPUT: each test is a process of its own, since the variable is read once. */

#include <signal.h>
#include <unistd.h>
#include <glib-unix.h>
#include <glib/gstdio.h>

#include "snapshot.h"

/* The signal comes to the main loop by way of GLib's worker thread. */
static void
iterate_until (const char *path)
{
  gint64 until = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  while (!g_file_test (path, G_FILE_TEST_EXISTS) && g_get_monotonic_time () < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

/* Nothing is installed before there is an arena, so that nothing has changed until then. */
static gboolean
handles_signal (void)
{
  struct sigaction action;

  sigaction (SIGUSR1, NULL, &action);
  return action.sa_handler != SIG_DFL;
}

/* Whether this is the process that the test has to itself; else that has run, and passed. */
static gboolean
is_apart (void)
{
  if (g_test_subprocess ())
    return TRUE;
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  return FALSE;
}

static void
test_signal (void)
{
  g_autofree char *folder = NULL;

  if (!is_apart ())
    return;
  folder = g_dir_make_tmp ("gcobj-XXXXXX", NULL);
  {
    g_autofree char *prefix = g_build_filename (folder, "app", NULL);
    g_autoptr (GcArena) first = NULL;
    g_autoptr (GcArena) second = NULL;

    g_setenv ("GCOBJ_HEAP_OUTPUT", prefix, TRUE);
    g_type_ensure (GC_TYPE_ARENA);
    g_assert_false (handles_signal ());
    first = gc_arena_new ();
    g_assert_true (handles_signal ());
    second = gc_arena_new ();
    g_object_unref (gc_arena_new ());
    for (guint i = 0; i < 2; i++)
      {
        g_autoptr (GcMutation) m = gc_arena_begin (i == 0 ? first : second);

        gc_arena_set_root (i == 0 ? first : second, demo_chain_new (m, 10 + i));
      }
    for (guint n = 0; n < 4; n += 2)
      {
        g_autofree char *last = g_strdup_printf ("%s-%d-%u.heapsnapshot", prefix, (int) getpid (), n + 2);

        g_assert_cmpint (kill (getpid (), SIGUSR1), ==, 0);
        iterate_until (last);
        for (guint i = 0; i < 2; i++)
          {
            g_autofree char *path = g_strdup_printf ("%s-%d-%u.heapsnapshot", prefix, (int) getpid (), n + 1 + i);
            g_autoptr (GError) error = NULL;
            g_autoptr (HeapFile) file = heap_file_read (path, &error);

            g_assert_no_error (error);
            g_assert_cmpuint (count_class (file, "DemoNode"), ==, 10 + i);
          }
      }
  }
  remove_folder (folder);
}

/* One that iterates the main context while it is finalized. */
GC_DECLARE_TYPE (DemoNesting, demo_nesting, DEMO, NESTING, GcObject)

struct _DemoNesting
{
  GcObject parent_instance;
  const char *path;
};

static guint n_signals;

static void
demo_nesting_finalize (GcObject *object)
{
  gint64 until = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  g_assert_cmpint (kill (getpid (), SIGUSR1), ==, 0);
  while (n_signals == 0 && g_get_monotonic_time () < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_assert_cmpuint (n_signals, ==, 1);
  /* Tried again, too, it is not done here. */
  for (until = g_get_monotonic_time () + 50 * G_TIME_SPAN_MILLISECOND; g_get_monotonic_time () < until; g_usleep (1000))
    g_main_context_iteration (NULL, FALSE);
  g_assert_false (g_file_test (DEMO_NESTING (object)->path, G_FILE_TEST_EXISTS));
}

GC_DEFINE_TYPE (DemoNesting, demo_nesting, GC_TYPE_OBJECT, GC_FINALIZE (demo_nesting_finalize))

static gboolean
count_signal (gpointer data)
{
  n_signals++;
  return G_SOURCE_CONTINUE;
}

/* In a main loop inside of a finalizer the snapshots are put off. */
static void
test_finalizer (void)
{
  g_autofree char *folder = NULL;

  if (!is_apart ())
    return;
  folder = g_dir_make_tmp ("gcobj-XXXXXX", NULL);
  {
    g_autofree char *prefix = g_build_filename (folder, "app", NULL);
    g_autofree char *path = g_strdup_printf ("%s-%d-1.heapsnapshot", prefix, (int) getpid ());
    g_autoptr (GcArena) arena = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (HeapFile) file = NULL;

    g_setenv ("GCOBJ_HEAP_OUTPUT", prefix, TRUE);
    arena = gc_arena_new ();
    /* After the arena's own handler, whose source is older. */
    g_unix_signal_add (SIGUSR1, count_signal, NULL);
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      gc_arena_set_root (arena, demo_chain_new (m, 10));
      gc_new (m, DemoNesting)->path = path;
    }
    gc_arena_collect (arena);
    g_assert_cmpuint (n_signals, ==, 1);
    iterate_until (path);
    file = heap_file_read (path, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (count_class (file, "DemoNode"), ==, 10);
  }
  remove_folder (folder);
}

/* A place that can't be written to is a warning, and the program goes on. */
static void
test_no_folder (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (GcArena) arena = NULL;
      gint64 until = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

      g_setenv ("GCOBJ_HEAP_OUTPUT", "/nonexistent/gcobj/app", TRUE);
      arena = gc_arena_new ();
      g_test_expect_message ("GcObj", G_LOG_LEVEL_WARNING, "GCOBJ_HEAP_OUTPUT: /nonexistent/gcobj/app-*-1.heapsnapshot: *");
      g_assert_cmpint (kill (getpid (), SIGUSR1), ==, 0);
      while (!g_main_context_iteration (NULL, FALSE) && g_get_monotonic_time () < until)
        g_usleep (1000);
      g_test_assert_expected_messages ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* Without the variable the signal does what it always did. */
static void
test_unset (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (GcArena) arena = NULL;

      g_unsetenv ("GCOBJ_HEAP_OUTPUT");
      arena = gc_arena_new ();
      g_assert_false (handles_signal ());
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heap-output/signal", test_signal);
  g_test_add_func ("/heap-output/finalizer", test_finalizer);
  g_test_add_func ("/heap-output/no-folder", test_no_folder);
  g_test_add_func ("/heap-output/unset", test_unset);
  return g_test_run ();
}
