/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Damaged snapshots: the reader of gcobj-snapshot refuses them, or reads something that all its commands can work with. What
 * is damaged how follows from the number of the round. With an argument: so many rounds, from the second one on. */

#include <stdlib.h>
#include <string.h>

#include "snapshot.h"
#include "tools/commands.h"

static guint64 first_round, n_rounds = 3000;

static const char *const tokens[] = {
  "\"", "\\", "\\u", "\\ud83d", "{", "}", "[", "]", ",", ":", "0", "-1", "7", "1e9", "4294967295", "4294967296",
  "99999999999999999", "null", "[]", "{}", "\"\"", "\"nodes\":[", "\"edges\":[", "\"strings\":[", "\"meta\":{",
  "\"node_fields\":[],", "\"edge_fields\":[],", "\"node_count\":0,", "\"edge_count\":1,", "\"gcobj\":{},", "\n", "\xff",
};

static GcArena *
make_arena (void)
{
  GcArena *arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *node = gc_new (m, DemoNode);
  GcTable *weak = gc_table_new (m, GC_TABLE_WEAK_KEYS);
  GcArray *array = gc_array_new (m);

  gc_arena_set_root (arena, node);
  gc_set (node, left, demo_chain_new (m, 5));
  gc_set (node, right, node->left->left);
  gc_set (node, any, array);
  gc_set_weak (node, weak, node->left);
  gc_array_append (array, gc_string_new (m, "a \"text\" \\ of \n some ünï ✓"));
  gc_array_append (array, weak);
  gc_table_insert (weak, node->left, gc_string_new (m, "value"));
  gc_object_add_external_bytes (GC_OBJECT (node->right), 12345);
  return arena;
}

/* A piece of the text, at most 100 bytes. */
static gsize
choose (GRand         *random,
        const GString *text,
        gsize         *start)
{
  gsize n = g_rand_int_range (random, 1, 101);

  *start = g_rand_int_range (random, 0, (gint) text->len);
  return MIN (text->len - *start, n);
}

static void
damage (GRand   *random,
        GString *text)
{
  gsize position, other, n;

  if (text->len == 0)
    return;
  n = choose (random, text, &position);
  switch (g_rand_int_range (random, 0, 8))
    {
    case 0:
      g_string_truncate (text, position);
      break;
    case 1:
      text->str[position] ^= 1 << g_rand_int_range (random, 0, 8);
      break;
    case 2:
      text->str[position] = (char) g_rand_int_range (random, 0, 256);
      break;
    case 3:
      g_string_erase (text, position, n);
      break;
    case 4:
      {
        g_autofree char *piece = g_strndup (text->str + position, n);

        choose (random, text, &other);
        g_string_insert (text, other, piece);
      }
      break;
    case 5:
      /* Numbers become others. */
      while (position < text->len && !g_ascii_isdigit (text->str[position]))
        position++;
      if (position < text->len)
        text->str[position] = (char) g_rand_int_range (random, '0', '9' + 1);
      break;
    default:
      g_string_insert (text, position, tokens[g_rand_int_range (random, 0, G_N_ELEMENTS (tokens))]);
    }
}

/* All commands, for what they do to memory. */
static void
use (Heap **heaps)
{
  static gboolean (*const functions[]) (const Options *, Heap **, char **, GString *, GError **) = {
    command_top, command_nodes, command_report, command_path, command_dot, command_diff
  };
  const Options options = { 5, 3, 50, "retained" };
  const HeapFile *file = heaps[0]->file;
  g_autofree char *id = g_strdup_printf ("@%" G_GUINT64_FORMAT, file->id[file->n_nodes - 1]);
  char *words[] = { id, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      if (functions[i] (&options, heaps, words, out, &error))
        g_assert_cmpuint (out->len, >, 0);
      else
        g_assert_nonnull (error);
    }
}

static Heap *
read_heap (const char  *data,
           gsize        size,
           GError     **error)
{
  HeapFile *file = heap_file_parse (data, size, error);
  Heap *heap;

  if (file == NULL)
    return NULL;
  heap = g_new0 (Heap, 1);
  heap->path = g_strdup ("a file");
  heap->file = file;
  heap->tree = heap_tree_new (file);
  heap->classes = heap_classes_new (file, heap->tree);
  return heap;
}

/* gcobj-snapshot.c has a main() besides. */
void
heap_free (Heap *self)
{
  heap_classes_free (self->classes);
  heap_tree_free (self->tree);
  heap_file_free (self->file);
  g_free (self->path);
  g_free (self);
}

static void
test_damaged (void)
{
  g_autoptr (GcArena) arena = make_arena ();
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (Heap) good = NULL;
  const char *data;
  gsize size;
  guint n_read = 0;

  g_assert_true (gc_arena_write_snapshot (arena, stream, NULL, NULL));
  data = g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream));
  size = g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream));
  good = read_heap (data, size, NULL);
  g_assert_nonnull (good);
  for (guint64 round = first_round; round < first_round + n_rounds; round++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) round);
      g_autoptr (GString) text = g_string_new_len (data, (gssize) size);
      g_autoptr (GError) error = NULL;
      g_autoptr (Heap) heap = NULL;
      g_autofree char *exact = NULL;

      for (guint n = g_rand_int_range (random, 1, 5); n > 0; n--)
        damage (random, text);
      /* Without a byte behind it that is there by chance. */
      exact = g_memdup2 (text->str, text->len);
      heap = read_heap (exact, text->len, &error);
      g_assert_true ((heap == NULL) == (error != NULL));
      if (heap == NULL)
        continue;
      n_read++;
      use ((Heap *[]) { heap, good });
    }
  g_test_message ("%u of %" G_GUINT64_FORMAT " could be read", n_read, n_rounds);
  /* So that the commands have seen some. */
  g_assert_cmpuint (n_read, >=, n_rounds / 50);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    n_rounds = g_ascii_strtoull (argv[1], NULL, 10);
  if (argc > 2)
    first_round = g_ascii_strtoull (argv[2], NULL, 10);
  g_test_add_func ("/snapshot-fuzz/damaged", test_damaged);
  return g_test_run ();
}
