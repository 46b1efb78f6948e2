/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is in a later snapshot and not in an earlier one, and who holds it: nodes are the same if their ids
 * are. The holder of a new node is the nearest one above it in the tree of dominators that is not
 * new. */

#include <string.h>

#include "commands.h"

#define MAX_HOLDERS 3

typedef struct
{
  const char *name;
  guint64     n_new, n_gone;
  guint64     new_bytes, gone_bytes;
  guint32     class;            /* in the later snapshot; G_MAXUINT32: none are left */
} Change;

typedef struct
{
  guint32 node;
  guint64 n;
  guint64 bytes;
} Holder;

static guint
hash_id (gconstpointer key)
{
  return (guint) ((*(const guint64 *) key * 0x9E3779B97F4A7C15) >> 32);
}

static gboolean
equal_id (gconstpointer a,
          gconstpointer b)
{
  return *(const guint64 *) a == *(const guint64 *) b;
}

static GHashTable *
index_ids (const HeapFile *file)
{
  GHashTable *ids = g_hash_table_new (hash_id, equal_id);

  for (guint32 i = 0; i < file->n_nodes; i++)
    g_hash_table_add (ids, &file->id[i]);
  return ids;
}

static Change *
get_change (GHashTable *changes,
            const char *name)
{
  Change *change = g_hash_table_lookup (changes, name);

  if (change == NULL)
    {
      change = g_new0 (Change, 1);
      change->name = name;
      change->class = G_MAXUINT32;
      g_hash_table_insert (changes, (gpointer) name, change);
    }
  return change;
}

static int
compare_changes (gconstpointer a,
                 gconstpointer b)
{
  const Change *x = *(Change *const *) a, *y = *(Change *const *) b;
  gint64 grown_x = (gint64) (x->new_bytes - x->gone_bytes), grown_y = (gint64) (y->new_bytes - y->gone_bytes);

  return grown_x != grown_y ? (grown_x < grown_y ? 1 : -1) : strcmp (x->name, y->name);
}

static int
compare_holders (gconstpointer a,
                 gconstpointer b)
{
  const Holder *x = a, *y = b;

  return x->bytes != y->bytes ? (x->bytes < y->bytes ? 1 : -1) : (x->node > y->node) - (x->node < y->node);
}

/* Who holds the new nodes of a class; with the way to them, but once only. */
static void
append_holders (GString      *out,
                const Heap   *heap,
                guint32       class,
                const guint8 *is_new,
                GHashTable   *shown)
{
  const HeapFile *file = heap->file;
  g_autoptr (GHashTable) by_node = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) holders = g_array_new (FALSE, FALSE, sizeof (Holder));

  for (guint32 i = 1; i < file->n_nodes; i++)
    {
      guint32 above = heap->tree->dominator[i];
      gpointer number;
      Holder *holder;

      if (!is_new[i] || heap->classes->class_of[i] != class || heap->tree->distance[i] == HEAP_FAR)
        continue;
      while (is_new[above] && above != 0)
        above = heap->tree->dominator[above];
      number = g_hash_table_lookup (by_node, GUINT_TO_POINTER (above));
      if (number == NULL)
        {
          Holder new = { .node = above };

          g_array_append_val (holders, new);
          number = GUINT_TO_POINTER (holders->len);
          g_hash_table_insert (by_node, GUINT_TO_POINTER (above), number);
        }
      holder = &g_array_index (holders, Holder, GPOINTER_TO_UINT (number) - 1);
      holder->n++;
      holder->bytes += file->size[i];
    }
  g_array_sort (holders, compare_holders);
  for (guint i = 0; i < MIN (holders->len, MAX_HOLDERS); i++)
    {
      const Holder *holder = &g_array_index (holders, Holder, i);

      g_string_append_printf (out, "  %" G_GUINT64_FORMAT " of them, %" G_GUINT64_FORMAT " bytes, held by ",
                              holder->n, holder->bytes);
      append_node_name (out, file, holder->node);
      g_string_append (out, "\n");
      if (g_hash_table_add (shown, GUINT_TO_POINTER (holder->node)))
        append_path (out, file, heap->tree, holder->node, "    ");
    }
  if (holders->len > MAX_HOLDERS)
    g_string_append_printf (out, "  (and %u holders more)\n", holders->len - MAX_HOLDERS);
}

gboolean
command_diff (const Options  *options,
              Heap          **heaps,
              char          **words,
              GString        *out,
              GError        **error)
{
  const HeapFile *old = heaps[0]->file, *new = heaps[1]->file;
  g_autoptr (GHashTable) old_ids = index_ids (old);
  g_autoptr (GHashTable) new_ids = index_ids (new);
  g_autoptr (GHashTable) changes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GHashTable) shown = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) sorted = NULL;
  g_autofree guint8 *is_new = g_new0 (guint8, new->n_nodes);
  GHashTableIter iter;
  gpointer change;

  (void) words;
  if (old->arena != new->arena)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "'%s' and '%s' are of two arenas, whose objects can't be compared", heaps[0]->path, heaps[1]->path);
      return FALSE;
    }
  for (guint32 i = 0; i < new->n_nodes; i++)
    {
      Change *found;

      is_new[i] = !g_hash_table_contains (old_ids, &new->id[i]);
      if (!is_new[i])
        continue;
      found = get_change (changes, heap_file_class_name (new, i));
      found->class = heaps[1]->classes->class_of[i];
      found->n_new++;
      found->new_bytes += new->size[i];
    }
  for (guint32 i = 0; i < old->n_nodes; i++)
    if (!g_hash_table_contains (new_ids, &old->id[i]))
      {
        Change *found = get_change (changes, heap_file_class_name (old, i));

        found->n_gone++;
        found->gone_bytes += old->size[i];
      }

  sorted = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, NULL, &change))
    g_ptr_array_add (sorted, change);
  g_ptr_array_sort (sorted, compare_changes);

  g_string_append_printf (out, "%14s %10s %10s  %s\n", "bytes", "new", "gone", "type");
  for (guint i = 0; i < sorted->len && (options->limit == 0 || i < options->limit); i++)
    {
      const Change *line = sorted->pdata[i];

      g_string_append_printf (out, "%+14" G_GINT64_FORMAT " %+10" G_GINT64_FORMAT " %10" G_GINT64_FORMAT "  ",
                              (gint64) (line->new_bytes - line->gone_bytes), (gint64) line->n_new,
                              -(gint64) line->n_gone);
      append_plain (out, line->name);
      g_string_append_c (out, '\n');
    }
  if (sorted->len == 0)
    g_string_append (out, "(nothing changed)\n");

  for (guint i = 0, n = 0; i < sorted->len && n < MAX_HOLDERS; i++)
    {
      const Change *line = sorted->pdata[i];

      if (line->new_bytes <= line->gone_bytes)
        continue;
      n++;
      g_string_append_printf (out, "\nNew: %" G_GUINT64_FORMAT " ", line->n_new);
      append_plain (out, line->name);
      g_string_append_c (out, '\n');
      append_holders (out, heaps[1], line->class, is_new, shown);
    }
  return TRUE;
}
