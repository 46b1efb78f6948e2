/* Prints the answers to questions. Everything here runs inside a scope, so that
 * it uses plain pointers without a thought.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-report.h"
#include "gg-query.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_LENGTH 78
#define N_SHOWN     3              /* referrers of each kind */

/* What trees and arrows are drawn with. */
static struct
{
  const char *branch, *last_branch, *stem, *arrow;
  const char *bold, *normal;
} style = { "|- ", "`- ", "|  ", "->", "", "" };

/* Takes to what the terminal, if it is one, can show. */
void
gg_report_init (void)
{
  setlocale (LC_ALL, "");
  if (g_get_charset (NULL))
    {
      style.branch = "├─ ";
      style.last_branch = "└─ ";
      style.stem = "│  ";
      style.arrow = "→";
    }
  if (isatty (STDOUT_FILENO) && getenv ("NO_COLOR") == NULL)
    {
      style.bold = "\033[1m";
      style.normal = "\033[0m";
    }
}

void
gg_report_heading (const char *format,
                   ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_print ("\n%s%s%s\n\n", style.bold, text, style.normal);
}

/* Prints one line of a table of two columns. */
void
gg_report_row (const char *label,
               const char *format,
               ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_print ("  %-14s %s\n", label, text);
}

/* Prints every type of every namespace. */
void
gg_report_list (GgGraph *graph)
{
  g_autofree GgNamespace **namespaces = NULL;
  gsize n_namespaces, n;

  namespaces = gg_graph_list_namespaces (graph, &n_namespaces);
  for (gsize i = 0; i < n_namespaces; i++)
    {
      g_autofree GgNode **members = gg_node_list_members (GG_NODE (namespaces[i]), &n);

      for (gsize j = 0; j < n; j++)
        if (GG_IS_TYPE (members[j]))
          {
            g_autofree char *name = gg_node_get_full_name (members[j]);

            g_print ("%-12s %s\n", gg_kind_to_string (gg_node_get_kind (members[j])), name);
          }
    }
}

static void
print_tree (GgType     *type,
            const char *indent)
{
  gsize n;
  g_autofree GgType **subtypes = gg_type_list_subtypes (type, &n);

  for (gsize i = 0; i < n; i++)
    {
      gboolean is_last = i == n - 1;
      g_autofree char *name = gg_node_get_full_name (GG_NODE (subtypes[i]));
      g_autofree char *deeper = g_strconcat (indent, is_last ? "   " : style.stem, NULL);

      g_print ("%s%s%s\n", indent, is_last ? style.last_branch : style.branch, name);
      print_tree (subtypes[i], deeper);
    }
}

/* Prints a paragraph, without the marks that link words of it. */
static void
print_paragraph (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  gsize column = 1;

  g_print (" ");
  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *word = strchr ("#%@", words[i][0]) != NULL ? words[i] + 1 : words[i];

      if (column + 1 + strlen (word) > LINE_LENGTH)
        {
          g_print ("\n ");
          column = 1;
        }
      g_print (" %s", word);
      column += 1 + strlen (word);
    }
  g_print (".\n\n");
}

/* Prints what a type is, and the tree of what is derived from it. */
void
gg_report_hierarchy (GgType *type)
{
  g_autofree char *name = gg_node_get_full_name (GG_NODE (type));
  g_autofree char *summary = gg_node_get_summary (GG_NODE (type));
  g_autoptr (GString) ancestors = g_string_new (NULL);

  for (GgType *parent = gg_type_get_parent (type); parent != NULL; parent = gg_type_get_parent (parent))
    {
      g_autofree char *parent_name = gg_node_get_full_name (GG_NODE (parent));

      g_string_append_printf (ancestors, " %s %s", style.arrow, parent_name);
    }
  if (summary != NULL)
    print_paragraph (summary);
  g_print ("  %s%s%s%s\n", style.bold, name, style.normal, ancestors->str);
  print_tree (type, "  ");
}

/* What the sources of a reference are called, of which there are @n. */
static const char *
get_group (GgReference *reference,
           gsize        n)
{
  GgKind kind = gg_node_get_kind (gg_reference_get_source (reference));

  switch (gg_reference_get_relation (reference))
    {
    case GG_RELATION_PARENT:
      return n == 1 ? "derived class" : "derived classes";
    case GG_RELATION_IMPLEMENTS:
      return n == 1 ? "implementation" : "implementations";
    case GG_RELATION_PREREQUISITE:
      return n == 1 ? "interface on it" : "interfaces on it";
    case GG_RELATION_CLASS_STRUCTURE:
      return "class structure";
    case GG_RELATION_TYPE:
    case GG_RELATION_ELEMENT:
      break;
    }
  return n == 1 ? gg_kind_to_string (kind) : gg_kind_to_plural (kind);
}

static int
compare_groups (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  GgReference *reference_a = *(GgReference **) a;
  GgReference *reference_b = *(GgReference **) b;

  return (int) gg_node_get_kind (gg_reference_get_source (reference_a)) -
         (int) gg_node_get_kind (gg_reference_get_source (reference_b));
}

/* Prints who refers to a type, in groups: of each some, or all. */
void
gg_report_referrers (GgType   *type,
                     gboolean  show_all)
{
  gsize n;
  g_autofree GgReference **references = gg_type_list_referrers (type, &n);
  gsize end;

  /* Derivations come first; the others are grouped by what mentions the type. */
  for (gsize begin = 0; begin < n; begin++)
    if (gg_reference_get_relation (references[begin]) >= GG_RELATION_TYPE)
      {
        g_qsort_with_data (references + begin, n - begin, sizeof (gpointer), compare_groups, NULL);
        break;
      }
  for (gsize begin = 0; begin < n; begin = end)
    {
      const char *group = get_group (references[begin], 2);
      gsize n_shown;

      for (end = begin + 1; end < n && get_group (references[end], 2) == group; end++)
        ;
      n_shown = show_all || end - begin <= N_SHOWN + 1 ? end - begin : N_SHOWN;
      g_print ("  %4" G_GSIZE_FORMAT " %-17s", end - begin, get_group (references[begin], end - begin));
      for (gsize i = 0; i < n_shown; i++)
        {
          g_autofree char *name = gg_node_get_full_name (gg_reference_get_source (references[begin + i]));

          g_print ("%*s%s\n", i == 0 ? 0 : 24, "", name);
        }
      if (n_shown < end - begin)
        g_print ("%*sand %" G_GSIZE_FORMAT " more\n", 24, "", end - begin - n_shown);
    }
  if (n == 0)
    g_print ("  Nobody.\n");
}

/* Prints what leads from one type to another. */
void
gg_report_path (GgType *from,
                GgType *to)
{
  gsize n;
  g_autofree GgReference **path = gg_type_find_path (from, to, &n);
  g_autofree char *from_name = gg_node_get_full_name (GG_NODE (from));
  g_autofree char *to_name = gg_node_get_full_name (GG_NODE (to));

  if (n == 0 && from != to)
    {
      g_print ("  No chain of references leads from %s to %s.\n", from_name, to_name);
      return;
    }
  g_print ("  %s\n", from_name);
  for (gsize i = 0; i < n; i++)
    {
      GgNode *source = gg_reference_get_source (path[i]);
      g_autofree char *target = gg_node_get_full_name (GG_NODE (gg_reference_get_target (path[i])));
      g_autofree char *by = gg_node_get_full_name (source);

      g_print ("  %s %-20s by the %s %s\n", style.arrow, target,
               gg_kind_to_string (gg_node_get_kind (source)), by);
    }
}
