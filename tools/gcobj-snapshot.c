/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* gcobj-snapshot: looks into .heapsnapshot files. */

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "commands.h"

#define EXIT_FAILED 1
#define EXIT_USAGE  2

static const char summary[] =
  "Looks into heap snapshots: files that gc_arena_save_snapshot() makes, or those of\n"
  "Chrome and Node.js.\n"
  "\n"
  "Commands:\n"
  "  top FILE            types, by what they retain\n"
  "  path FILE WHAT      what keeps an object alive, from the root on\n"
  "  diff OLD NEW        what grew between two snapshots, and who holds it\n"
  "  dot FILE WHAT       what is around an object, for Graphviz\n"
  "  report FILE         a page of HTML, with a map of the heap and the pauses\n"
  "  nodes FILE          all nodes, as lines of fields separated by tabs\n"
  "\n"
  "WHAT is an object's id, such as @35, or a type, which stands for its object that\n"
  "retains most.";

static const char description[] =
  "FILE, OLD or NEW may be a pipe, too, and - is standard input.\n"
  "\n"
  "Sizes are bytes. Shallow is what an object takes itself, retained what would be freed with\n"
  "it. Weak references retain nothing.\n"
  "\n"
  "Exit status: 0 if all went well, 1 if a file can't be read or written or there is no such\n"
  "object, 2 if the command line is wrong.\n"
  "\n"
  "Examples:\n"
  "  gcobj-snapshot top --sort=count app-1234-1.heapsnapshot\n"
  "  gcobj-snapshot diff app-1234-1.heapsnapshot app-1234-2.heapsnapshot\n"
  "  gcobj-snapshot dot --depth=3 app.heapsnapshot DemoNode | dot -Tsvg > node.svg\n"
  "  gcobj-snapshot report --output=heap.html app.heapsnapshot";

typedef struct
{
  const char *name;
  guint       n_files;
  guint       n_words;
  guint       default_limit;
  gboolean  (*run) (const Options *options, Heap **heaps, char **words, GString *out, GError **error);
} Command;

static const Command commands[] = {
  { "top", 1, 0, 20, command_top },
  { "path", 1, 1, 0, command_path },
  { "diff", 2, 0, 20, command_diff },
  { "dot", 1, 1, 0, command_dot },
  { "report", 1, 0, 30, command_report },
  { "nodes", 1, 0, 0, command_nodes },
};

Heap *
heap_new (const char  *path,
          GError     **error)
{
  g_autoptr (Heap) self = g_new0 (Heap, 1);

  self->path = g_strdup (path);
  self->file = heap_file_read (path, error);
  if (self->file == NULL)
    return NULL;
  self->tree = heap_tree_new (self->file);
  self->classes = heap_classes_new (self->file, self->tree);
  return g_steal_pointer (&self);
}

void
heap_free (Heap *self)
{
  g_clear_pointer (&self->classes, heap_classes_free);
  g_clear_pointer (&self->tree, heap_tree_free);
  g_clear_pointer (&self->file, heap_file_free);
  g_free (self->path);
  g_free (self);
}

/* Whether what has the name is a device, a pipe or the like, which another file must not take the place of. */
static gboolean
is_special (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 && !S_ISREG (status.st_mode) && !S_ISDIR (status.st_mode);
}

static gboolean
write_to (FILE           *file,
          const GString  *out)
{
  return fwrite (out->str, 1, out->len, file) == out->len && fflush (file) == 0;
}

static gboolean
write_out (const GString  *out,
           const char     *path,
           GError        **error)
{
  FILE *file = stdout;
  gboolean ok;
  int code;

  if (path != NULL)
    {
      /* Into a file beside it first, so that nothing half-written has the name. */
      if (!is_special (path))
        return g_file_set_contents (path, out->str, out->len, error);
      file = g_fopen (path, "we");
    }
  ok = file != NULL && write_to (file, out);
  code = errno;
  if (path != NULL && file != NULL && fclose (file) != 0 && ok)
    {
      ok = FALSE;
      code = errno;
    }
  if (!ok)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "can't write %s: %s",
                 path != NULL ? path : "the result", g_strerror (code));
  return ok;
}

static gboolean
run (const Command  *command,
     const Options  *options,
     char          **words,
     const char     *output,
     GError        **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  Heap *heaps[2] = { NULL, NULL };
  gboolean ok = TRUE;

  for (guint i = 0; i < command->n_files && ok; i++)
    ok = (heaps[i] = heap_new (words[i], error)) != NULL;
  ok = ok && command->run (options, heaps, words + command->n_files, out, error) && write_out (out, output, error);
  for (guint i = 0; i < G_N_ELEMENTS (heaps); i++)
    g_clear_pointer (&heaps[i], heap_free);
  return ok;
}

static const Command *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

/* GLib prints the help and ends the process, whether it could be written or not. */

static gboolean is_parsing;

static void
check_help (void)
{
  if (!is_parsing || !ferror (stdout))
    return;
  g_printerr ("gcobj-snapshot: can't write the help\n");
  _exit (EXIT_FAILED);
}

static gboolean
parse (GOptionContext   *context,
       int              *argc,
       char           ***argv,
       GError          **error)
{
  gboolean ok;

  is_parsing = atexit (check_help) == 0;
  ok = g_option_context_parse (context, argc, argv, error);
  is_parsing = FALSE;
  return ok;
}

static int
fail_usage (const char *message)
{
  g_printerr ("gcobj-snapshot: %s\nTry 'gcobj-snapshot --help'.\n", message);
  return EXIT_USAGE;
}

int
main (int   argc,
      char *argv[])
{
  int limit = -1, depth = 2, nodes = 100;
  gboolean is_version = FALSE;
  g_autofree char *sort = NULL;
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "limit", 'n', 0, G_OPTION_ARG_INT, &limit, "Show at most N types; 0: all", "N" },
    { "sort", 's', 0, G_OPTION_ARG_STRING, &sort, "Of top: by retained, shallow or count", "ORDER" },
    { "depth", 'd', 0, G_OPTION_ARG_INT, &depth, "Of dot: N references away (2)", "N" },
    { "nodes", 0, 0, G_OPTION_ARG_INT, &nodes, "Of dot: at most N objects (100)", "N" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Write into FILE, and only if all went well", "FILE" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &is_version, "Print the version", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND FILE…");
  g_autoptr (GError) error = NULL;
  const Command *command;
  Options options;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");  /* pages and tables are for programs too */
  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!parse (context, &argc, &argv, &error))
    return fail_usage (error->message);
  if (is_version)
    {
      g_autoptr (GString) text = g_string_new ("gcobj-snapshot " GCOBJ_TOOL_VERSION "\n");

      if (write_out (text, NULL, &error))
        return 0;
      g_printerr ("gcobj-snapshot: %s\n", error->message);
      return EXIT_FAILED;
    }
  if (argc < 2)
    return fail_usage ("there is no command");
  command = find_command (argv[1]);
  if (command == NULL)
    return fail_usage ("there is no such command");
  if ((guint) argc != 2 + command->n_files + command->n_words)
    return fail_usage ("the command takes another number of arguments");
  if (limit < -1 || depth < 0 || nodes < 1)
    return fail_usage ("a number is out of range");
  if (sort != NULL && strcmp (sort, "retained") != 0 && strcmp (sort, "shallow") != 0 && strcmp (sort, "count") != 0)
    return fail_usage ("--sort takes retained, shallow or count");

  options = (Options) {
    limit >= 0 ? (guint) limit : command->default_limit, (guint) depth, (guint) nodes, sort != NULL ? sort : "retained"
  };
  if (run (command, &options, argv + 2, output, &error))
    return 0;
  g_printerr ("gcobj-snapshot: %s\n", error->message);
  return EXIT_FAILED;
}
