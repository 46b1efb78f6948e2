/* gir-graph: reads GIR files into an arena and answers questions about them.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-figures.h"
#include "gg-graph.h"
#include "gg-query.h"
#include "gg-report.h"

#include <glib/gstdio.h>
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
  gboolean show_overview;
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
    "Without questions it gives an overview. Without files it reads GLib-2.0, GObject-2.0\n"
    "and Gio-2.0, and without both it asks one question of each kind and drops a namespace.");
  g_option_context_set_description (context,
    "Types are written as Gio.Application; a namespace that is clear may be left out.\n\n"
    "The exit status is 0, or 1 if a file can't be read or there is no such type, or 2 if\n"
    "the options are wrong.");
  return g_option_context_parse_strv (context, &joined, error);
}

/* Adds up what is read, and tells a person who waits at a terminal. */
static void
follow_progress (const char *path,
                 double      fraction,
                 gpointer    user_data)
{
  GgReading *reading = user_data;
  g_autofree char *name = g_path_get_basename (path);
  GStatBuf status;

  if (fraction == 1 && g_stat (path, &status) == 0)
    reading->bytes += status.st_size;
  if (isatty (STDERR_FILENO))
    g_printerr ("\rReading %s: %.0f %%\033[K", name, fraction * 100);
}

typedef struct
{
  GcArena  *arena;
  GgGraph  *graph;              /* an external reference: it stays, and stays where it is */
  GgReading reading;
} Program;

/* Reads a namespace with those that it includes. */
static GC_MAY_COLLECT gboolean
load (Program     *program,
      const char  *name,
      GError     **error)
{
  gint64 start = g_get_monotonic_time ();
  gboolean ok;

  ok = gg_graph_load_with_progress (program->graph, name, follow_progress, &program->reading, error);
  program->reading.read_us += g_get_monotonic_time () - start;
  if (isatty (STDERR_FILENO))
    g_printerr ("\r\033[K");
  return ok;
}

static GC_MAY_COLLECT gboolean
drop (Program     *program,
      const char  *name,
      GError     **error)
{
  GgCensus before, own, after;
  guint n_dangling;
  gint64 start;

  gg_census_take (&before, program->graph);
  {
    g_autoptr (GcMutation) m G_GNUC_UNUSED = gc_arena_begin (program->arena);
    GgNamespace *namespace = gg_graph_get_namespace (program->graph, name);

    if (namespace != NULL)
      gg_census_count (&own, namespace);
    if (!gg_graph_drop (program->graph, name, &n_dangling, error))
      return FALSE;
  }
  start = g_get_monotonic_time ();
  gc_arena_collect (program->arena);
  start = g_get_monotonic_time () - start;
  gg_census_take (&after, program->graph);

  gg_report_heading ("Dropping %s", name);
  gg_figures_print_drop (name, &before, &own, &after);
  g_print ("  %u references to %s from other namespaces dangle.\n", n_dangling, name);
  g_print ("  Collecting took %.1f ms.\n", start / 1e3);
  return TRUE;
}

/* Answers one question. */
static GC_MAY_COLLECT gboolean
act (Program        *program,
     const Options  *options,
     const Action   *action,
     GError        **error)
{
  g_autoptr (GcMutation) m = NULL;
  g_auto (GStrv) names = NULL;
  GgType *types[2] = { NULL, NULL };

  if (action->verb == ACTION_DROP)
    return drop (program, action->argument, error);

  m = gc_arena_begin (program->arena);          /* from here on plain pointers are safe */
  if (action->verb == ACTION_LIST)
    {
      gg_report_list (program->graph);
      return TRUE;
    }

  names = g_strsplit (action->argument, " ", 2);
  for (guint i = 0; names[i] != NULL; i++)
    {
      types[i] = gg_graph_lookup (program->graph, names[i], error);
      if (types[i] == NULL)
        return FALSE;
    }
  switch (action->verb)
    {
    case ACTION_HIERARCHY:
      gg_report_heading ("What is derived from %s", names[0]);
      gg_report_hierarchy (types[0]);
      break;
    case ACTION_REFERRERS:
      gg_report_heading ("Who refers to %s", names[0]);
      gg_report_referrers (types[0], options->show_all);
      break;
    case ACTION_PATH:
      gg_report_heading ("What leads from %s to %s", names[0], names[1]);
      gg_report_path (types[0], types[1]);
      break;
    default:
      g_assert_not_reached ();
    }
  return TRUE;
}

static GC_MAY_COLLECT gboolean
run (Program        *program,
     const Options  *options,
     GError        **error)
{
  for (guint i = 0; options->files[i] != NULL; i++)
    if (!load (program, options->files[i], error))
      return FALSE;
  if (options->show_overview)
    {
      gg_report_heading ("What was read");
      gg_figures_print_overview (program->graph);
    }
  for (guint i = 0; i < options->actions->len; i++)
    if (!act (program, options, &g_array_index (options->actions, Action, i), error))
      return FALSE;
  if (options->show_stats)
    {
      gg_report_heading ("What the arena did");
      gg_figures_print_stats (program->arena, &program->reading);
    }
  return TRUE;
}

/* What a run without files, and one without questions, does. */
static void
set_defaults (Options *options)
{
  const char *const files[] = { "GLib-2.0", "GObject-2.0", "Gio-2.0", NULL };

  if (options->actions->len == 0)
    {
      options->show_overview = TRUE;
      options->show_stats = TRUE;
      if (options->files == NULL)
        {
          add_action (options, ACTION_HIERARCHY, "Gio.InputStream");
          add_action (options, ACTION_REFERRERS, "Gio.Icon");
          add_action (options, ACTION_PATH, "Gio.Application GLib.TimeZone");
          add_action (options, ACTION_DROP, "Gio");
        }
    }
  if (options->files == NULL)
    options->files = g_strdupv ((char **) files);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  Options options = { .actions = g_array_new (FALSE, FALSE, sizeof (Action)) };
  Program program = { .reading.begin_us = g_get_monotonic_time () };

  gg_report_init ();
  g_array_set_clear_func (options.actions, clear_action);
  if (!parse_options (&options, argc, argv, &error))
    {
      g_printerr ("gir-graph: %s\n\"gir-graph --help\" explains the options.\n", error->message);
      return EXIT_USAGE;
    }
  set_defaults (&options);

  program.arena = gc_arena_new ();
  /* A graph of a few megabytes would be read before the first cycle. This lets its
   * reader see the collector at work. */
  pacing->min_sleep = 1 << 20;
  gc_arena_set_pacing (program.arena, pacing);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (program.arena);

    program.graph = gc_object_ref (gg_graph_new (m, options.girdir));
  }

  if (!run (&program, &options, &error))
    g_printerr ("gir-graph: %s\n", error->message);

  gc_object_unref (program.graph);
  g_object_unref (program.arena);
  g_array_unref (options.actions);
  g_strfreev (options.files);
  g_free (options.girdir);
  return error == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
