/* copy-files SOURCE TARGET: copies a file or a folder, several files at a time.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include <glib-unix.h>
#include <stdlib.h>

#include "cf-copy.h"

static CfOptions options = { 8, 3, 100 * G_TIME_SPAN_MILLISECOND };
static int limit_ms;
static gboolean is_quiet;

static const GOptionEntry entries[] = {
  { "jobs", 'j', 0, G_OPTION_ARG_INT, &options.n_jobs, "How many files are copied at a time", "N" },
  { "tries", 't', 0, G_OPTION_ARG_INT, &options.n_tries, "How often each one is tried", "N" },
  { "time", 0, 0, G_OPTION_ARG_INT, &limit_ms, "How long it may take, in milliseconds", "MS" },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &is_quiet, "Do not show progress", NULL },
  { NULL }
};

static void
print_progress (GcRun      *run,
                GParamSpec *pspec,
                gpointer    data)
{
  g_printerr ("\r%3.0f %%  %-60.60s", gc_run_get_progress (run) * 100, gc_run_get_message (run));
}

static gboolean
on_interrupted (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new ("SOURCE TARGET");
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcRunner) runner = gc_runner_new (arena);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GFile) source = NULL, target = NULL;
  g_autoptr (GcRun) run = NULL;
  g_autoptr (GError) error = NULL;
  gpointer n_files;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (argc != 3 || options.n_jobs < 1 || options.n_jobs > 1000)
    {
      g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

      g_printerr ("%s", help);
      return 2;
    }
  source = g_file_new_for_commandline_arg (argv[1]);
  target = g_file_new_for_commandline_arg (argv[2]);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcSequence *copy = cf_copy (m, source, target, &options);

    if (limit_ms > 0)
      copy = gc_sequence_timeout (m, copy, limit_ms * G_TIME_SPAN_MILLISECOND);
    run = gc_runner_start (runner, copy, cancellable);
  }
  if (!is_quiet)
    g_signal_connect (run, "notify::progress", G_CALLBACK (print_progress), NULL);
  g_unix_signal_add (SIGINT, on_interrupted, cancellable);
  while (!gc_run_is_done (run))
    g_main_context_iteration (NULL, TRUE);

  n_files = gc_run_get_result (run, &error);
  if (!is_quiet)
    g_printerr ("\n");
  if (error != NULL)
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }
  g_print ("%d files\n", (int) gc_untag_int (n_files));
  return EXIT_SUCCESS;
}
