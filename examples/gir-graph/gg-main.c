/* gir-graph: reads GIR files into an arena and answers questions about them.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-figures.h"
#include "gg-graph.h"
#include "gg-query.h"
#include "gg-report.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_USAGE 2

/* What is to be done, in the order of the command line. */
typedef enum
{
  ACTION_LIST,
  ACTION_HIERARCHY,
  ACTION_REFERRERS,
  ACTION_PATH,
  ACTION_DROP
} ActionVerb;

typedef struct
{
  ActionVerb verb;
  char      *argument;
} Action;

typedef struct
{
  GArray  *actions;
  char    *girdir;
  char   **files;
  gboolean show_all;
  gboolean show_stats;
  gboolean is_default;
} Options;

static const struct
{
  const char *option;
  ActionVerb  verb;
} verbs[] = {
  { "--list", ACTION_LIST },
  { "--hierarchy", ACTION_HIERARCHY },
  { "--referrers", ACTION_REFERRERS },
  { "--path", ACTION_PATH },
  { "--drop", ACTION_DROP },
};

static void
add_action (Options    *options,
            ActionVerb  verb,
            const char *argument)
{
  Action action = { verb, g_strdup (argument) };

  g_array_append_val (options->actions, action);
}

static gboolean
parse_action (const char  *option,
              const char  *argument,
              gpointer     user_data,
              GError     **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (option, verbs[i].option) == 0)
      {
        if (verbs[i].verb == ACTION_PATH && strchr (argument, ' ') == NULL)
          {
            g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         "--path takes two types: --path FROM TO");
            return FALSE;
          }
        add_action (user_data, verbs[i].verb, argument);
        return TRUE;
      }
  g_assert_not_reached ();
}

/* GOption has no options with two arguments: makes one of those of --path. */
static char **
join_path_arguments (int    argc,
                     char **argv)
{
  GPtrArray *joined = g_ptr_array_new ();

  for (int i = 0; i < argc; i++)
    if (strcmp (argv[i], "--path") == 0 && i + 2 < argc && argv[i + 2][0] != '-')
      {
        g_ptr_array_add (joined, g_strdup_printf ("--path=%s %s", argv[i + 1], argv[i + 2]));
        i += 2;
      }
    else
      g_ptr_array_add (joined, g_strdup (argv[i]));
  g_ptr_array_add (joined, NULL);
  return (char **) g_ptr_array_free (joined, FALSE);
}

static void
clear_action (gpointer data)
{
  g_free (((Action *) data)->argument);
}

static gboolean
parse_options (Options  *options,
               int       argc,
               char    **argv,
               GError  **error)
{
  const GOptionEntry entries[] = {
    { "list", 0, G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, parse_action,
      "List all types", NULL },
    { "hierarchy", 0, 0, G_OPTION_ARG_CALLBACK, parse_action,
      "Show what is derived from TYPE, and from what it is", "TYPE" },
    { "referrers", 0, 0, G_OPTION_ARG_CALLBACK, parse_action,
      "Show who refers to TYPE", "TYPE" },
    { "path", 0, 0, G_OPTION_ARG_CALLBACK, parse_action,
      "Show the shortest chain of references between two types", "FROM TO" },
    { "drop", 0, 0, G_OPTION_ARG_CALLBACK, parse_action,
      "Drop NAMESPACE, collect, and show what was reclaimed", "NAMESPACE" },
    { "all", 0, 0, G_OPTION_ARG_NONE, &options->show_all,
      "Show every referrer, not only some of each kind", NULL },
    { "stats", 0, 0, G_OPTION_ARG_NONE, &options->show_stats,
      "Show figures of the heap, the pauses and the throughput", NULL },
    { "girdir", 0, 0, G_OPTION_ARG_FILENAME, &options->girdir,
      "Where GIR files are (" GG_GIRDIR ")", "FOLDER" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files,
      NULL, "[NAMESPACE-VERSION | FILE…]" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GOptionGroup *group = g_option_group_new (NULL, NULL, NULL, options, NULL);
  g_auto (GStrv) joined = join_path_arguments (argc, argv);

  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
  g_option_context_set_summary (context,
    "Reads GIR files, with those that they include, into a garbage-collected arena as a\n"
    "cyclic graph, and answers questions about it, in the order in which they are given.\n"
    "Without files it reads GLib-2.0, GObject-2.0 and Gio-2.0; without questions it\n"
    "gives an overview, asks one question of each kind and drops a namespace.");
  g_option_context_set_description (context,
    "Types are written as Gio.Application; a namespace that is clear may be left out.\n\n"
    "The exit status is 0, or 1 if a file can't be read or there is no such type, or 2 if\n"
    "the options are wrong.");
  return g_option_context_parse_strv (context, &joined, error);
}

/* Progress, for a person who waits at a terminal. */
static void
show_progress (const char *path,
               double      fraction,
               gpointer    user_data)
{
  g_autofree char *name = g_path_get_basename (path);

  fprintf (stderr, fraction < 1 ? "\rReading %s: %.0f %%\033[K" : "\r\033[K", name, fraction * 100);
  fflush (stderr);
}
