/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sources, file descriptors and processes. */

#include <sys/wait.h>
#include <unistd.h>

#include "wait.h"

static GcSequence *
make_timeout_source (GcMutation *m,
                     gpointer    ms)
{
  g_autoptr (GSource) source = g_timeout_source_new (GPOINTER_TO_UINT (ms));

  return gc_sequence_from_source (m, source);
}

/* A callback of another signature. */
static GcSequence *
make_cancellable_source (GcMutation *m,
                         gpointer    cancellable)
{
  g_autoptr (GSource) source = g_cancellable_source_new (cancellable);

  return gc_sequence_from_source (m, source);
}

static gboolean
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_source (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GSource *source = g_timeout_source_new (3600000);
  GcMutation *m;

  demo_assert_steps (demo, make_timeout_source, GUINT_TO_POINTER (2), 0, 2);
  g_timeout_add (2, cancel, cancellable);
  demo_assert_steps (demo, make_cancellable_source, cancellable, 0, 2);
  wait_cancel_everywhere (demo, make_timeout_source, GUINT_TO_POINTER (3600000), 3, 4);
  wait_drop (demo, make_timeout_source, GUINT_TO_POINTER (3600000));

  /* Attached sources are somebody else's. */
  m = gc_arena_begin (demo->arena);
  g_source_attach (source, NULL);
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_from_source: assertion*");
  g_assert_null (gc_sequence_from_source (m, source));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_from_source: assertion*");
  g_assert_null (gc_sequence_from_source (m, NULL));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_from_fd: assertion*");
  g_assert_null (gc_sequence_from_fd (m, -1, G_IO_IN));
  g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_sequence_from_child: assertion*");
  g_assert_null (gc_sequence_from_child (m, 0));
  g_test_assert_expected_messages ();
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  g_source_destroy (source);
  g_source_unref (source);
}

static GcSequence *
make_fd (GcMutation *m,
         gpointer    fd)
{
  return gc_sequence_from_fd (m, GPOINTER_TO_INT (fd), G_IO_IN);
}

static gboolean
write_byte (gpointer fd)
{
  g_assert_cmpint (write (GPOINTER_TO_INT (fd), "x", 1), ==, 1);
  return G_SOURCE_REMOVE;
}

static void
test_fd (Demo          *demo,
         gconstpointer  data)
{
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  wait_cancel_everywhere (demo, make_fd, GINT_TO_POINTER (fds[0]), 3, 4);
  wait_drop (demo, make_fd, GINT_TO_POINTER (fds[0]));
  g_timeout_add (2, write_byte, GINT_TO_POINTER (fds[1]));
  demo_assert_steps (demo, make_fd, GINT_TO_POINTER (fds[0]), G_IO_IN, 2);
  close (fds[1]);
  demo_assert_steps (demo, make_fd, GINT_TO_POINTER (fds[0]), G_IO_IN | G_IO_HUP, 2);
  close (fds[0]);
}

static GPid
spawn (const char *script)
{
  const char *argv[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid = 0;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  return pid;
}

static GcSequence *
make_child (GcMutation *m,
            gpointer    pid)
{
  return gc_sequence_from_child (m, GPOINTER_TO_INT (pid));
}

static GcSequence *
make_subprocess (GcMutation *m,
                 gpointer    subprocess)
{
  return gc_sequence_from_subprocess (m, subprocess);
}

static void
test_processes (Demo          *demo,
                gconstpointer  data)
{
  g_autoptr (GSubprocess) good = g_subprocess_new (0, NULL, "true", NULL);
  g_autoptr (GSubprocess) bad = g_subprocess_new (0, NULL, "sh", "-c", "exit 3", NULL);
  g_autoptr (GSubprocess) slow = g_subprocess_new (0, NULL, "sleep", "1000", NULL);
  g_autoptr (GcRun) run = NULL;
  gpointer status = demo_run (demo, make_child, GINT_TO_POINTER (spawn ("exit 5")), NULL);

  g_assert_cmpint (WEXITSTATUS (gc_untag_int (status)), ==, 5);
  demo_assert_steps (demo, make_child, GINT_TO_POINTER (spawn ("true")), 0, 2);

  demo_assert_steps (demo, make_subprocess, good, 0, 2);
  status = demo_run (demo, make_subprocess, bad, NULL);
  g_assert_cmpint (WEXITSTATUS (gc_untag_int (status)), ==, 3);

  wait_cancel_everywhere (demo, make_subprocess, slow, 3, 4);
  wait_drop (demo, make_subprocess, slow);
  wait_idle ();
  g_assert_nonnull (g_subprocess_get_identifier (slow));
  g_subprocess_force_exit (slow);
  status = demo_run (demo, make_subprocess, slow, NULL);
  g_assert_true (WIFSIGNALED (gc_untag_int (status)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("source/source", test_source);
  demo_add ("source/fd", test_fd);
  demo_add ("source/processes", test_processes);

  return g_test_run ();
}
