/* Copies folders that the tests make.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include <glib/gstdio.h>

#include "cf-copy.h"

#define N_FOLDERS 5
#define N_FILES   40            /* in each */

typedef struct
{
  GcArena      *arena;
  GcRunner     *runner;
  char         *root;
  GCancellable *cancellable;
  double        progress;
  guint         n_reports;
  guint         n_wanted;       /* reports after which it is cancelled, 0 for never */
} Copying;

static char *
path (Copying    *self,
      const char *tree,
      int         folder,
      int         file)
{
  g_autofree char *folder_name = g_strdup_printf ("folder-%d", folder);
  g_autofree char *file_name = g_strdup_printf ("file-%d", file);

  return g_build_filename (self->root, tree, folder >= 0 ? folder_name : NULL, file >= 0 ? file_name : NULL, NULL);
}

static char *
content (int folder,
         int file)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < (folder * N_FILES + file) * 20; i++)
    g_string_append_printf (text, "%d\n", i);
  return g_string_free (text, FALSE);
}

static void
set_up (Copying       *self,
        gconstpointer  data)
{
  self->arena = gc_arena_new ();
  self->runner = gc_runner_new (self->arena);
  self->root = g_dir_make_tmp ("copy-files-XXXXXX", NULL);
  self->cancellable = g_cancellable_new ();
  for (int folder = 0; folder < N_FOLDERS; folder++)
    {
      g_autofree char *folder_path = path (self, "source", folder, -1);

      g_assert_cmpint (g_mkdir_with_parents (folder_path, 0777), ==, 0);
      for (int file = 0; file < N_FILES; file++)
        {
          g_autofree char *file_path = path (self, "source", folder, file);
          g_autofree char *text = content (folder, file);

          g_assert_true (g_file_set_contents (file_path, text, -1, NULL));
        }
    }
}

static void
delete_tree (const char *tree)
{
  g_autoptr (GDir) dir = g_dir_open (tree, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (tree, name, NULL);

      delete_tree (child);
    }
  g_assert_cmpint (g_remove (tree), ==, 0);
}

static void
tear_down (Copying       *self,
           gconstpointer  data)
{
  delete_tree (self->root);
  g_free (self->root);
  g_object_unref (self->cancellable);
  g_assert_finalize_object (self->runner);
  g_assert_finalize_object (self->arena);
}

static void
on_progress (GcRun      *run,
             GParamSpec *pspec,
             Copying    *self)
{
  self->progress = gc_run_get_progress (run);
  if (++self->n_reports == self->n_wanted)
    g_cancellable_cancel (self->cancellable);
}

/* Gives how many files were copied. */
static int
copy (Copying     *self,
      const char  *from,
      const char  *to,
      guint        n_tries,
      GError     **error)
{
  CfOptions options = { 4, n_tries, 2 * G_TIME_SPAN_MILLISECOND };
  g_autofree char *source_path = g_build_filename (self->root, from, NULL);
  g_autofree char *target_path = g_build_filename (self->root, to, NULL);
  g_autoptr (GFile) source = g_file_new_for_path (source_path);
  g_autoptr (GFile) target = g_file_new_for_path (target_path);
  g_autoptr (GcRun) run = NULL;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (self->arena);

    run = gc_runner_start (self->runner, cf_copy (m, source, target, &options), self->cancellable);
  }
  g_signal_connect (run, "notify::progress", G_CALLBACK (on_progress), self);
  while (!gc_run_is_done (run))
    g_main_context_iteration (NULL, TRUE);
  return gc_untag_int (gc_run_get_result (run, error));
}

static void
test_folder (Copying       *self,
             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 2; i++)   /* the second time it overwrites */
    {
      g_assert_cmpint (copy (self, "source", "target", 1, &error), ==, N_FOLDERS * N_FILES);
      g_assert_no_error (error);
      g_assert_cmpfloat (self->progress, ==, 1);
      for (int folder = 0; folder < N_FOLDERS; folder++)
        for (int file = 0; file < N_FILES; file++)
          {
            g_autofree char *file_path = path (self, "target", folder, file);
            g_autofree char *expected = content (folder, file);
            g_autofree char *text = NULL;

            g_assert_true (g_file_get_contents (file_path, &text, NULL, NULL));
            g_assert_cmpstr (text, ==, expected);
          }
    }
}

static void
test_file (Copying       *self,
           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (copy (self, "source/folder-1/file-1", "file", 1, &error), ==, 1);
  g_assert_no_error (error);
}

static void
test_missing (Copying       *self,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  copy (self, "nowhere", "target", 3, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* One of many files can't be written: the rest is cancelled. */
static void
test_failing (Copying       *self,
              gconstpointer  data)
{
  g_autofree char *obstacle = path (self, "target", 2, 7);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (obstacle, 0777), ==, 0);
  copy (self, "source", "target", 2, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}

static gboolean
remove_obstacle (gpointer obstacle)
{
  g_assert_cmpint (g_rmdir (obstacle), ==, 0);
  return G_SOURCE_REMOVE;
}

/* The obstacle goes away after some tries. */
static void
test_retry (Copying       *self,
            gconstpointer  data)
{
  g_autofree char *obstacle = path (self, "target", 2, 7);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (obstacle, 0777), ==, 0);
  g_timeout_add_full (G_PRIORITY_DEFAULT, 30, remove_obstacle, g_strdup (obstacle), g_free);
  g_assert_cmpint (copy (self, "source", "target", 12, &error), ==, N_FOLDERS * N_FILES);
  g_assert_no_error (error);
}

static void
test_cancelled (Copying       *self,
                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  self->n_wanted = 5;
  copy (self, "source", "target", 1, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpfloat (self->progress, <, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/copy-files/folder", Copying, NULL, set_up, test_folder, tear_down);
  g_test_add ("/copy-files/file", Copying, NULL, set_up, test_file, tear_down);
  g_test_add ("/copy-files/missing", Copying, NULL, set_up, test_missing, tear_down);
  g_test_add ("/copy-files/failing", Copying, NULL, set_up, test_failing, tear_down);
  g_test_add ("/copy-files/retry", Copying, NULL, set_up, test_retry, tear_down);
  g_test_add ("/copy-files/cancelled", Copying, NULL, set_up, test_cancelled, tear_down);

  return g_test_run ();
}
