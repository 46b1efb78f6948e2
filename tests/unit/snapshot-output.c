/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where snapshots are written to, and what happens when that fails. */

#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "snapshot.h"

/* A stream that takes so many bytes and no more. */
typedef struct
{
  GOutputStream parent_instance;
  gsize         room;
  gsize         n;
  gboolean      is_closed;
} ShortStream;

typedef GOutputStreamClass ShortStreamClass;

static GType short_stream_get_type (void);
G_DEFINE_TYPE (ShortStream, short_stream, G_TYPE_OUTPUT_STREAM)

static gssize
short_stream_write (GOutputStream  *stream,
                    const void     *buffer,
                    gsize           count,
                    GCancellable   *cancellable,
                    GError        **error)
{
  ShortStream *self = (ShortStream *) stream;
  gsize n = MIN (count, self->room - self->n);

  self->n += n;
  if (n > 0)
    return (gssize) n;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  return -1;
}

static gboolean
short_stream_close (GOutputStream  *stream,
                    GCancellable   *cancellable,
                    GError        **error)
{
  ((ShortStream *) stream)->is_closed = TRUE;
  return TRUE;
}

static void
short_stream_init (ShortStream *self)
{
}

static void
short_stream_class_init (ShortStreamClass *klass)
{
  klass->write_fn = short_stream_write;
  klass->close_fn = short_stream_close;
}

static GOutputStream *
short_stream_new (gsize room)
{
  ShortStream *self = g_object_new (short_stream_get_type (), NULL);

  self->room = room;
  return G_OUTPUT_STREAM (self);
}

static GcArena *
make_arena (guint n)
{
  GcArena *arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  gc_arena_set_root (arena, demo_chain_new (m, n));
  return arena;
}

/* However early it is full, there is an error; once there is room for all, there is none. */
static void
test_full (void)
{
  g_autoptr (GcArena) arena = make_arena (3000);
  gsize total;

  {
    g_autoptr (GOutputStream) stream = short_stream_new (G_MAXSIZE);
    g_autoptr (GError) error = NULL;

    g_assert_true (gc_arena_write_snapshot (arena, stream, NULL, &error));
    g_assert_no_error (error);
    total = ((ShortStream *) stream)->n;
    g_assert_false (((ShortStream *) stream)->is_closed);
  }
  for (guint i = 0; i <= 50; i++)
    {
      g_autoptr (GOutputStream) stream = short_stream_new (i < 50 ? total / 50 * i : total - 1);
      g_autoptr (GError) error = NULL;

      g_assert_false (gc_arena_write_snapshot (arena, stream, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    }
  demo_check (arena);
}

static void
test_device_full (void)
{
  g_autoptr (GcArena) arena = make_arena (10);
  g_autoptr (GFile) file = g_file_new_for_path ("/dev/full");
  g_autoptr (GFileOutputStream) stream = g_file_append_to (file, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;

  if (stream == NULL)
    {
      g_test_skip ("there is no /dev/full");
      return;
    }
  g_assert_false (gc_arena_write_snapshot (arena, G_OUTPUT_STREAM (stream), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_closed (void)
{
  g_autoptr (GcArena) arena = make_arena (10);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  g_assert_false (gc_arena_write_snapshot (arena, stream, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_cancelled (void)
{
  g_autoptr (GcArena) arena = make_arena (10);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (gc_arena_write_snapshot (arena, stream, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), ==, 0);
}

typedef struct
{
  GMainLoop *loop;
  gboolean   ok;
  GError    *error;
} Waiting;

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  Waiting *waiting = data;

  waiting->ok = gc_arena_write_snapshot_finish (GC_ARENA (source), result, &waiting->error);
  g_main_loop_quit (waiting->loop);
}

/* The picture is that of the call: what happens to the arena afterwards does not matter. */
static void
test_async (void)
{
  GcArena *arena = make_arena (5000);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (HeapFile) file = NULL;
  Waiting waiting = { loop, FALSE, NULL };

  gc_arena_write_snapshot_async (arena, stream, G_PRIORITY_DEFAULT, NULL, on_written, &waiting);
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_object_unref (arena);
  g_main_loop_run (loop);
  g_assert_no_error (waiting.error);
  g_assert_true (waiting.ok);
  file = heap_file_parse (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                          g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), &waiting.error);
  g_assert_no_error (waiting.error);
  g_assert_cmpuint (count_class (file, "DemoNode"), ==, 5000);
}

static void
test_async_fails (void)
{
  g_autoptr (GcArena) arena = make_arena (5000);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  for (guint i = 0; i < 3; i++)
    {
      static const int codes[] = { G_IO_ERROR_NO_SPACE, G_IO_ERROR_CLOSED, G_IO_ERROR_CANCELLED };
      g_autoptr (GOutputStream) stream = short_stream_new (1000);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Waiting waiting = { loop, TRUE, NULL };

      if (i == 1)
        g_output_stream_close (stream, NULL, NULL);
      if (i == 2)
        g_cancellable_cancel (cancellable);
      gc_arena_write_snapshot_async (arena, stream, G_PRIORITY_DEFAULT, cancellable, on_written, &waiting);
      g_main_loop_run (loop);
      g_assert_false (waiting.ok);
      g_assert_error (waiting.error, G_IO_ERROR, codes[i]);
      g_error_free (waiting.error);
    }
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_save (void)
{
  g_autoptr (GcArena) arena = make_arena (5000);
  g_autofree char *folder = g_dir_make_tmp ("gcobj-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.heapsnapshot", NULL);
  g_autofree char *missing = g_build_filename (folder, "none", "a.heapsnapshot", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) missing_file = g_file_new_for_path (missing);
  g_autoptr (GFile) folder_file = g_file_new_for_path (folder);
  g_autoptr (GFile) slash = g_file_new_for_path ("/");
  GFile *bad[] = { missing_file, folder_file, slash };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)        /* a new one, and one that is replaced */
    {
      g_autoptr (HeapFile) heap = NULL;
      GStatBuf info;

      g_assert_true (gc_arena_save_snapshot (arena, file, NULL, &error));
      g_assert_no_error (error);
      heap = heap_file_read (path, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (count_class (heap, "DemoNode"), ==, 5000);
      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
      g_assert_cmpuint (count_files (folder), ==, 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (gc_arena_save_snapshot (arena, bad[i], NULL, &error));
      g_assert_nonnull (error);
      g_clear_error (&error);
      g_assert_cmpuint (count_files (folder), ==, 1);
    }
  g_unlink (path);
  g_rmdir (folder);
}

/* Names may have 255 bytes; that of the file beside it has no more. */
static void
test_save_long_name (void)
{
  g_autoptr (GcArena) arena = make_arena (10);
  g_autofree char *folder = g_dir_make_tmp ("gcobj-XXXXXX", NULL);
  g_autofree char *name = g_strnfill (255, 'n');
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  g_assert_true (gc_arena_save_snapshot (arena, file, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (folder), ==, 1);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_rmdir (folder);
}

/* A pipe stays one, and so would a device. */
static void
test_save_special (void)
{
  g_autoptr (GcArena) arena = make_arena (10);
  g_autofree char *folder = g_dir_make_tmp ("gcobj-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "pipe", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_false (gc_arena_save_snapshot (arena, file, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_true (S_ISFIFO (info.st_mode));
  g_assert_cmpuint (count_files (folder), ==, 1);
  g_unlink (path);
  g_rmdir (folder);
}

/* A file may not grow beyond 64 KiB, as if there was no room for more. */
static void
test_save_full (void)
{
  g_autoptr (GcArena) arena = make_arena (20000);
  g_autofree char *folder = g_dir_make_tmp ("gcobj-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.heapsnapshot", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  struct rlimit before, limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 65536;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_false (gc_arena_save_snapshot (arena, file, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpuint (count_files (folder), ==, 0);

  /* What was there before stays. */
  g_assert_true (g_file_set_contents (path, "before", -1, NULL));
  g_assert_false (gc_arena_save_snapshot (arena, file, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "before");
  g_assert_cmpuint (count_files (folder), ==, 1);
  g_unlink (path);
  g_rmdir (folder);
}

G_GNUC_UNUSED static gsize
get_address_space (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  return g_ascii_strtoull (text, NULL, 10) * (gsize) sysconf (_SC_PAGESIZE);
}

/* With more and more memory: as long as it is not enough there is an error, and the heap as it was. */
G_GNUC_UNUSED static void
run_without_memory (void)
{
  g_autoptr (GcArena) arena = make_arena (200000);
  g_autoptr (GOutputStream) stream = short_stream_new (G_MAXSIZE);
  g_autoptr (GPtrArray) small = g_ptr_array_new_with_free_func (g_free);
  struct rlimit before, limit;
  guint n_failed = 0;
  gboolean ok = FALSE;

  /* What GLib can't do without comes from here. */
  mallopt (M_TRIM_THRESHOLD, G_MAXINT);
  for (guint i = 0; i < 4096; i++)
    g_ptr_array_add (small, g_malloc (512));
  g_ptr_array_set_size (small, 0);

  gc_arena_collect (arena);
  g_assert_cmpint (getrlimit (RLIMIT_AS, &before), ==, 0);
  for (gsize room = 0; !ok; room += 1 << 20)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (room, <, 1 << 28);
      limit = before;
      limit.rlim_cur = get_address_space () + room;
      g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
      ok = gc_arena_write_snapshot (arena, stream, NULL, &error);
      g_assert_cmpint (setrlimit (RLIMIT_AS, &before), ==, 0);
      if (!ok)
        {
          g_assert_error (error, GC_ERROR, GC_ERROR_NO_MEMORY);
          n_failed++;
        }
    }
  g_assert_cmpuint (n_failed, >, 10);
  demo_check (arena);
  g_assert_cmpuint (demo_count_live (arena), ==, 200000);
}

static void
test_no_memory (void)
{
#if defined (__SANITIZE_ADDRESS__) || defined (__SANITIZE_THREAD__)
  g_test_skip ("the instrument takes memory itself");
#else
  if (RUNNING_ON_VALGRIND)
    g_test_skip ("the instrument takes memory itself");
  else if (g_test_subprocess ())
    run_without_memory ();
  else
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
    }
#endif
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snapshot-output/full", test_full);
  g_test_add_func ("/snapshot-output/device-full", test_device_full);
  g_test_add_func ("/snapshot-output/closed", test_closed);
  g_test_add_func ("/snapshot-output/cancelled", test_cancelled);
  g_test_add_func ("/snapshot-output/async", test_async);
  g_test_add_func ("/snapshot-output/async-fails", test_async_fails);
  g_test_add_func ("/snapshot-output/save", test_save);
  g_test_add_func ("/snapshot-output/save-long-name", test_save_long_name);
  g_test_add_func ("/snapshot-output/save-special", test_save_special);
  g_test_add_func ("/snapshot-output/save-full", test_save_full);
  g_test_add_func ("/snapshot-output/no-memory", test_no_memory);
  return g_test_run ();
}
