/* What a user who mistyped a name may have meant.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-graph-private.h"
#include "gg-node-private.h"

#include <string.h>

#define N_SUGGESTIONS 3

typedef struct
{
  char *name;
  guint distance;
} Suggestion;

static void
clear_suggestion (gpointer data)
{
  g_free (((Suggestion *) data)->name);
}

static int
compare_suggestions (gconstpointer a,
                     gconstpointer b)
{
  const Suggestion *suggestion_a = a;
  const Suggestion *suggestion_b = b;

  if (suggestion_a->distance != suggestion_b->distance)
    return suggestion_a->distance < suggestion_b->distance ? -1 : 1;
  return strcmp (suggestion_a->name, suggestion_b->name);
}

/* How many letters have to be added, removed or replaced: Levenshtein's distance. */
static guint
get_distance (const char *a,
              const char *b)
{
  gsize n = strlen (b);
  g_autofree guint *row = g_new (guint, n + 1);

  for (gsize j = 0; j <= n; j++)
    row[j] = j;
  for (gsize i = 0; a[i] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = i + 1;
      for (gsize j = 0; j < n; j++)
        {
          guint replaced = diagonal + (g_ascii_tolower (a[i]) != g_ascii_tolower (b[j]));

          diagonal = row[j + 1];
          row[j + 1] = MIN (replaced, MIN (row[j], row[j + 1]) + 1);
        }
    }
  return row[n];
}

static void
add_types (GArray      *suggestions,
           GgNamespace *namespace,
           const char  *name)
{
  const char *dot = strchr (name, '.');

  for (GgNode *node = GG_NODE (namespace)->first; node != NULL; node = node->next)
    if (gg_kind_is_type (node->kind))
      {
        Suggestion suggestion = { gg_node_get_full_name (node), 0 };
        guint own_name = get_distance (dot != NULL ? dot + 1 : name, gg_node_peek_name (node));

        /* The right name in the wrong namespace is close too. */
        suggestion.distance = MIN (get_distance (name, suggestion.name), own_name + 1);
        if (suggestion.distance <= 1 + strlen (name) / 4)
          g_array_append_val (suggestions, suggestion);
        else
          clear_suggestion (&suggestion);
      }
}

/* Sets an error that says that there is no type called @name, but these. */
void
gg_suggest (GgGraph     *graph,
            const char  *name,
            GError     **error)
{
  g_autoptr (GArray) suggestions = NULL;
  g_autoptr (GString) message = NULL;

  if (error == NULL)
    return;
  suggestions = g_array_new (FALSE, FALSE, sizeof (Suggestion));
  g_array_set_clear_func (suggestions, clear_suggestion);
  for (gsize i = 0; i < gc_array_get_length (graph->namespaces); i++)
    add_types (suggestions, gc_array_get (graph->namespaces, i), name);
  g_array_sort (suggestions, compare_suggestions);

  message = g_string_new (NULL);
  g_string_printf (message, "There is no type %s", name);
  for (guint i = 0; i < MIN (suggestions->len, N_SUGGESTIONS); i++)
    g_string_append_printf (message, "%s%s", i == 0 ? "; did you mean " : " or ",
                            g_array_index (suggestions, Suggestion, i).name);
  if (suggestions->len > 0)
    g_string_append_c (message, '?');
  g_set_error_literal (error, GG_ERROR, GG_ERROR_UNKNOWN, message->str);
}
