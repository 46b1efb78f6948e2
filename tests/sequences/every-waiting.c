/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What waits for time, for Gio, for other threads and for each other: see every.h. */

#include <glib/gstdio.h>
#include <unistd.h>

#include "every.h"

/* Operations of Gio */

static gboolean
return_now (gpointer task)
{
  if (every.mode == BAD)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "task");
  else
    g_task_return_int (task, 42);
  return G_SOURCE_REMOVE;
}

static void
start_task (gpointer             source,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             callback_data,
            gpointer             user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, callback_data);

  note ();
  g_idle_add_full (G_PRIORITY_DEFAULT, return_now, task, g_object_unref);
}

static gpointer
finish_task (GcMutation    *m,
             gpointer       source,
             GAsyncResult  *result,
             gpointer       user_data,
             GError       **error)
{
  note ();
  return INT (g_task_propagate_int (G_TASK (result), error));
}

static GTask *
task_new (void)
{
  GTask *task = g_task_new (NULL, NULL, NULL, NULL);

  g_idle_add_full (G_PRIORITY_DEFAULT, return_now, g_object_ref (task), g_object_unref);
  return task;
}

static GcSequence *
from_task (GcMutation *m)
{
  g_autoptr (GTask) task = task_new ();

  return gc_sequence_from_task (m, task, finish_task, DATA (0));
}

static GcSequence *
from_task_value (GcMutation *m)
{
  g_autoptr (GTask) task = task_new ();

  return gc_sequence_from_task_value (m, task);
}

static void
settle (GcPromise *promise)
{
  if (every.mode == BAD)
    gc_promise_reject_literal (promise, G_IO_ERROR, G_IO_ERROR_BUSY, "promise");
  else
    gc_promise_resolve (promise, INT (43));
}

static gboolean
settle_now (gpointer promise)
{
  settle (promise);
  return G_SOURCE_REMOVE;
}

static void
settle_later (GcPromise *promise,
              gpointer   data)
{
  note ();
  g_idle_add_full (G_PRIORITY_DEFAULT, settle_now, g_object_ref (promise), g_object_unref);
}

static GcSequence *
promise_wait (GcMutation *m)
{
  g_autoptr (GcPromise) promise = gc_promise_new ();

  g_idle_add_full (G_PRIORITY_DEFAULT, settle_now, g_object_ref (promise), g_object_unref);
  return gc_promise_wait (promise, m);
}

static gboolean
work (GValue        *result,
      GCancellable  *cancellable,
      gpointer       data,
      GError       **error)
{
  g_usleep (500);
  if (*(int *) data == BAD)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "work");
      return FALSE;
    }
  g_value_init (result, G_TYPE_INT);
  g_value_set_int (result, 44);
  return TRUE;
}

/* Settled within the first step it would take no other. */
static void
work_promised (GcPromise *promise,
               gpointer   data)
{
  do
    g_usleep (500);
  while (g_atomic_int_get (&every.waits) || !g_atomic_int_get (&every.has_stepped));
  if (*(int *) data == BAD)
    gc_promise_reject_literal (promise, G_IO_ERROR, G_IO_ERROR_BUSY, "work");
  else
    gc_promise_resolve (promise, INT (45));
}

/* Files */

static char *folder;

static GcSequence *
load_file (GcMutation *m,
           Mode        mode)
{
  g_autofree char *path = g_build_filename (folder, mode == GOOD ? "file" : "none", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return gc_sequence_load_file (m, file);
}

static GcSequence *
store_file (GcMutation *m,
            Mode        mode)
{
  g_autofree char *path = g_build_filename (folder, mode == GOOD ? "stored" : "none/stored", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return gc_sequence_store_file (m, file, gc_bytes_new (m, "abc", 3));
}

/* Sources and processes */

static GcSequence *
from_source (GcMutation *m)
{
  g_autoptr (GSource) source = g_timeout_source_new (1);

  return gc_sequence_from_source (m, source);
}

static GcSequence *
from_child (GcMutation *m)
{
  const char *argv[] = { "/bin/true", NULL };
  GPid pid = 0;

  g_assert_true (g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL));
  return gc_sequence_from_child (m, pid);
}

static GcSequence *
from_subprocess (GcMutation *m)
{
  g_autoptr (GSubprocess) subprocess = g_subprocess_new (0, NULL, "/bin/true", NULL);

  return gc_sequence_from_subprocess (m, subprocess);
}

/* Objects */

static gboolean
cancel_now (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static GCancellable *
cancelled_later (void)
{
  GCancellable *cancellable = g_cancellable_new ();

  g_idle_add_full (G_PRIORITY_DEFAULT, cancel_now, g_object_ref (cancellable), g_object_unref);
  return cancellable;
}

static GcSequence *
from_signal (GcMutation *m)
{
  g_autoptr (GCancellable) cancellable = cancelled_later ();

  return gc_sequence_from_signal (m, G_OBJECT (cancellable), "cancelled");
}

static GcSequence *
from_cancellable (GcMutation *m)
{
  g_autoptr (GCancellable) cancellable = cancelled_later ();

  return gc_sequence_from_cancellable (m, cancellable);
}

static gboolean
enable_now (gpointer action)
{
  g_simple_action_set_enabled (action, FALSE);
  return G_SOURCE_REMOVE;
}

static GcSequence *
from_property (GcMutation *m)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("action", NULL);
  g_auto (GValue) no = G_VALUE_INIT;

  g_value_init (&no, G_TYPE_BOOLEAN);
  g_idle_add_full (G_PRIORITY_DEFAULT, enable_now, g_object_ref (action), g_object_unref);
  return gc_sequence_from_property (m, G_OBJECT (action), "enabled", &no);
}

/* Two that wait for each other */

static GcSequence *
send (GcMutation *m,
      Mode        mode,
      GcSequence *(*make) (GcChannel *channel, GcMutation *m))
{
  GcChannel *channel = gc_channel_new (m, 0);
  GcSequence *receive = gc_sequence_chain (m, OTHER, gc_channel_receive (channel, m));

  return gc_sequence_all (m, make (channel, m), receive, NULL);
}

static GcSequence *
send_word (GcChannel  *channel,
           GcMutation *m)
{
  return gc_channel_send (channel, m, INT (6));
}

static GcSequence *
send_value (GcChannel  *channel,
            GcMutation *m)
{
  return gc_channel_send_value (channel, m, number (6));
}

static GcSequence *
receive (GcMutation *m,
         Mode        mode,
         GcSequence *(*make) (GcChannel *channel, GcMutation *m))
{
  GcChannel *channel = gc_channel_new (m, 1);

  return gc_sequence_all (m, make (channel, m), gc_sequence_chain (m, PART, gc_channel_send (channel, m, INT (6))),
                          NULL);
}

static GcSequence *
receive_two (GcChannel  *channel,
             GcMutation *m)
{
  return gc_generator_collect (m, gc_generator_take (m, gc_channel_receive_all (channel, m), 1));
}

/* The first holds it while the second waits. */
static GcSequence *
wait_for_permit (GcMutation *m,
                 GcSequence *first,
                 GcSequence *second)
{
  return gc_sequence_chain (m, gc_sequence_all (m, first, second, NULL), gc_sequence_value (m, INT (9)));
}

static GcSequence *
semaphore (GcMutation *m,
           Mode        mode,
           gboolean    runs)
{
  GcSemaphore *sem = gc_semaphore_new (m, 1);

  return wait_for_permit (m, gc_semaphore_run (sem, m, PART),
                          runs ? gc_semaphore_run (sem, m, OTHER) : gc_semaphore_acquire (sem, m));
}

static GcSequence *
mutex (GcMutation *m,
       Mode        mode,
       gboolean    runs)
{
  GcAsyncMutex *lock = gc_async_mutex_new (m);

  return wait_for_permit (m, gc_async_mutex_run (lock, m, PART),
                          runs ? gc_async_mutex_run (lock, m, OTHER) : gc_async_mutex_lock (lock, m));
}

static GcSequence *
limiter (GcMutation *m,
         Mode        mode)
{
  GcLimiter *limit = gc_limiter_new (m, 1);

  return wait_for_permit (m, gc_limiter_run (limit, m, PART), gc_limiter_run (limit, m, OTHER));
}

static GcSequence *
once (GcMutation *m,
      Mode        mode)
{
  GcOnce *self = gc_once_new (m, PART);

  return gc_sequence_all (m, gc_once_get (self, m), gc_once_get (self, m), NULL);
}

#define MS  G_TIME_SPAN_MILLISECOND
#define NOW g_get_monotonic_time ()

#define ENTRIES(ENTRY) \
  ENTRY (gc_sequence_sleep, "2: null", NULL, gc_sequence_sleep (m, MS)) \
  ENTRY (gc_sequence_sleep_until, "2: null", NULL, gc_sequence_sleep_until (m, soon ())) \
  ENTRY (gc_sequence_timeout, "5: 1", "7: g-io-error-quark 24", \
         gc_sequence_timeout (m, mode == GOOD ? PART : STAY, mode == GOOD ? G_TIME_SPAN_HOUR : MS)) \
  ENTRY (gc_sequence_deadline, "5: 1", "5: busy !2", gc_sequence_deadline (m, PART, NOW + G_TIME_SPAN_HOUR)) \
  ENTRY (gc_sequence_idle, "2: null", NULL, gc_sequence_idle (m)) \
  ENTRY (gc_sequence_from_async, "2: 42 @1 @2", "2: busy @1 @2", \
         gc_sequence_from_async (m, NULL, start_task, finish_task, DATA (0))) \
  ENTRY (gc_sequence_from_async_full, "2: 43 @1", "2: busy @1 !1", \
         gc_sequence_from_async_full (m, settle_later, DATA (0))) \
  ENTRY (gc_sequence_in_thread, "2: GcBox", "2: busy", gc_sequence_in_thread (m, work, DATA (mode))) \
  ENTRY (gc_sequence_in_thread_full, "2: 45", "2: busy !1", \
         gc_sequence_in_thread_full (m, work_promised, DATA (mode))) \
  ENTRY (gc_sequence_load_file, "2: GcBytes", "2: g-io-error-quark 1", load_file (m, mode)) \
  ENTRY (gc_sequence_store_file, "2: null", "2: g-io-error-quark 1", store_file (m, mode)) \
  ENTRY (gc_sequence_from_task, "2: 42 @2", "2: busy @2", from_task (m)) \
  ENTRY (gc_sequence_from_task_value, NULL, "2: busy", from_task_value (m)) \
  ENTRY (gc_sequence_from_source, "2: null", NULL, from_source (m)) \
  ENTRY (gc_sequence_from_fd, "2: 1", NULL, gc_sequence_from_fd (m, STDIN_FILENO, G_IO_IN)) \
  ENTRY (gc_sequence_from_child, "2: 0", NULL, from_child (m)) \
  ENTRY (gc_sequence_from_subprocess, "2: 0", NULL, from_subprocess (m)) \
  ENTRY (gc_sequence_from_signal, "2: []", NULL, from_signal (m)) \
  ENTRY (gc_sequence_from_property, "2: GcBox", NULL, from_property (m)) \
  ENTRY (gc_sequence_from_cancellable, "2: null", NULL, from_cancellable (m)) \
  ENTRY (gc_promise_wait, "2: 43", "2: busy", promise_wait (m)) \
  ENTRY (gc_channel_send, "9: [null 6]", NULL, send (m, mode, send_word)) \
  ENTRY (gc_channel_send_value, "9: [null GcBox]", NULL, send (m, mode, send_value)) \
  ENTRY (gc_channel_receive, "9: [6 null]", "8: busy", receive (m, mode, gc_channel_receive)) \
  ENTRY (gc_channel_receive_all, "15: [[6] null]", "10: busy", receive (m, mode, receive_two)) \
  ENTRY (gc_semaphore_acquire, "11: 9", "10: busy", semaphore (m, mode, FALSE)) \
  ENTRY (gc_semaphore_run, "15: 9", "10: busy", semaphore (m, mode, TRUE)) \
  ENTRY (gc_async_mutex_lock, "11: 9", "10: busy", mutex (m, mode, FALSE)) \
  ENTRY (gc_async_mutex_run, "15: 9", "10: busy", mutex (m, mode, TRUE)) \
  ENTRY (gc_limiter_run, "15: 9", "10: busy", limiter (m, mode)) \
  ENTRY (gc_once_get, "10: [1 1]", "10: busy", once (m, mode))

ENTRIES (EVERY_MAKE)

static const Every table[] = { ENTRIES (EVERY_ROW) { NULL } };

static void
test_every (Demo          *demo,
            gconstpointer  data)
{
  test_table (demo, table);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *path = NULL;
  g_autofree char *stored = NULL;
  int fds[2], status;

  g_test_init (&argc, &argv, NULL);

  /* Something to read: at once for who looks, since it is never read. */
  g_assert_cmpint (pipe (fds), ==, 0);
  g_assert_cmpint (write (fds[1], "x", 1), ==, 1);
  g_assert_cmpint (dup2 (fds[0], STDIN_FILENO), ==, STDIN_FILENO);
  folder = g_dir_make_tmp ("every-XXXXXX", NULL);
  path = g_build_filename (folder, "file", NULL);
  stored = g_build_filename (folder, "stored", NULL);
  g_assert_true (g_file_set_contents (path, "text", -1, NULL));

  demo_add ("every-waiting", test_every);
  status = g_test_run ();

  g_unlink (path);
  g_unlink (stored);
  g_rmdir (folder);
  g_free (folder);
  return status;
}
