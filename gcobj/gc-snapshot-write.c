/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Chrome's heap snapshot format: one JSON object whose members stand in the order in which the
 * readers, which stream, expect them: snapshot, nodes, edges, strings last. Nodes and edges are
 * rows of numbers below 2^32; texts are numbers of strings. */

#include "gcobj/gc-error.h"
#include "gcobj/gc-snapshot-private.h"

#define BUFFER_SIZE   (64 << 10)
#define LONGEST_ROW   128       /* of a node: seven numbers */
#define NODE_FIELDS   7

typedef struct
{
  GOutputStream *stream;
  GCancellable  *cancellable;
  GError       **error;
  gboolean       ok;
  gsize          n;
  char           bytes[BUFFER_SIZE];
} Buffer;

static void
flush (Buffer *self)
{
  if (self->ok && self->n > 0)
    self->ok = g_output_stream_write_all (self->stream, self->bytes, self->n, NULL, self->cancellable, self->error);
  self->n = 0;
}

/* Sees to it that @n bytes fit. */
static void
reserve (Buffer *self,
         gsize   n)
{
  if (self->n + n > BUFFER_SIZE)
    flush (self);
}

static void
put_text (Buffer     *self,
          const char *text)
{
  for (gsize rest = strlen (text), n; rest > 0; rest -= n, text += n)
    {
      reserve (self, 1);
      n = MIN (rest, BUFFER_SIZE - self->n);
      memcpy (self->bytes + self->n, text, n);
      self->n += n;
    }
}

static void G_GNUC_PRINTF (2, 3)
put_format (Buffer     *self,
            const char *format,
            ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  put_text (self, text);
}

/* There is room. */
static void
put_number (Buffer *self,
            guint64 number,
            char    after)
{
  char digits[20];
  guint n = 0;

  do
    digits[n++] = '0' + number % 10;
  while ((number /= 10) > 0);
  while (n > 0)
    self->bytes[self->n++] = digits[--n];
  self->bytes[self->n++] = after;
}

static void
put_string (Buffer     *self,
            const char *text)
{
  reserve (self, 1);
  self->bytes[self->n++] = '"';
  for (; *text != '\0'; text++)
    {
      guchar c = *text;

      reserve (self, 8);
      if (c == '"' || c == '\\')
        {
          self->bytes[self->n++] = '\\';
          self->bytes[self->n++] = c;
        }
      else if (c < 0x20 || c == 0x7f)
        self->n += g_snprintf (self->bytes + self->n, 8, "\\u%04x", c);
      else
        self->bytes[self->n++] = c;
    }
  reserve (self, 1);
  self->bytes[self->n++] = '"';
}

/* What the readers ask for, and what they skip: the library's own figures. */
static void
put_head (Buffer        *self,
          const GcGraph *graph)
{
  const GcStats *stats = &graph->stats;
  gsize n_edges = graph->edges.n + graph->late.n;

  put_text (self,
            "{\"snapshot\":{\"meta\":{"
            "\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\",\"trace_node_id\",\"detachedness\"],"
            "\"node_types\":[[\"hidden\",\"array\",\"string\",\"object\",\"code\",\"closure\",\"regexp\",\"number\","
            "\"native\",\"synthetic\",\"concatenated string\",\"sliced string\",\"symbol\",\"bigint\",\"object shape\"],"
            "\"string\",\"number\",\"number\",\"number\",\"number\",\"number\"],"
            "\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],"
            "\"edge_types\":[[\"context\",\"element\",\"property\",\"internal\",\"hidden\",\"shortcut\",\"weak\"],"
            "\"string_or_number\",\"node\"],"
            "\"trace_function_info_fields\":[\"function_id\",\"name\",\"script_name\",\"script_id\",\"line\",\"column\"],"
            "\"trace_node_fields\":[\"id\",\"function_info_index\",\"count\",\"size\",\"children\"],"
            "\"sample_fields\":[\"timestamp_us\",\"last_assigned_id\"],"
            "\"location_fields\":[\"object_index\",\"script_id\",\"line\",\"column\"]},");
  put_format (self, "\"node_count\":%" G_GSIZE_FORMAT ",\"edge_count\":%" G_GSIZE_FORMAT ",\"trace_function_count\":0,\n",
              graph->nodes.n, n_edges);
  put_format (self, "\"gcobj\":{\"version\":\"%d.%d.%d\",\"arena\":%" G_GUINT64_FORMAT ",\"heap_bytes\":%" G_GUINT64_FORMAT
              ",\"external_bytes\":%" G_GUINT64_FORMAT ",\"n_cycles\":%" G_GUINT64_FORMAT
              ",\"n_minor_cycles\":%" G_GUINT64_FORMAT ",\"n_pauses\":%" G_GUINT64_FORMAT
              ",\"pause_ns\":%" G_GUINT64_FORMAT ",\"max_pause_ns\":%" G_GUINT64_FORMAT
              ",\"n_requests\":%" G_GUINT64_FORMAT ",\"max_request_ns\":%" G_GUINT64_FORMAT ",\"pauses\":[",
              GCOBJ_MAJOR_VERSION, GCOBJ_MINOR_VERSION, GCOBJ_MICRO_VERSION, graph->identity, stats->heap_bytes, stats->external_bytes,
              stats->n_cycles, stats->n_minor_cycles, stats->n_pauses, stats->pause_ns, stats->max_pause_ns,
              stats->n_requests, stats->max_request_ns);
  for (guint i = 0; i < GC_STATS_N_PAUSES; i++)
    put_format (self, "%s%" G_GUINT64_FORMAT, i > 0 ? "," : "", stats->pauses[i]);
  put_text (self, "]}},\n");
}

static void
put_nodes (Buffer        *self,
           const GcGraph *graph)
{
  put_text (self, "\"nodes\":[");
  for (gsize i = 0; i < graph->nodes.n && self->ok; i++)
    {
      const GcNode *node = gc_graph_node (graph, i);

      reserve (self, LONGEST_ROW);
      if (i > 0)
        self->bytes[self->n++] = ',';
      put_number (self, node->kind, ',');
      put_number (self, node->name, ',');
      put_number (self, (guint32) node->id, ',');
      put_number (self, node->size, ',');
      put_number (self, node->n_edges, ',');
      put_number (self, 0, ',');
      put_number (self, 0, '\n');
    }
  put_text (self, "],\n");
}

static void
put_edges (Buffer        *self,
           const GcGraph *graph)
{
  GcEdgeCursor cursor = gc_graph_begin_edges (graph);
  gboolean is_first = TRUE;

  put_text (self, "\"edges\":[");
  for (gsize i = 0; i < graph->nodes.n && self->ok; i++)
    for (guint32 n = gc_graph_node (graph, i)->n_edges; n > 0; n--)
      {
        const GcEdge *edge = gc_edge_cursor_next (&cursor, i);

        reserve (self, LONGEST_ROW);
        if (!is_first)
          self->bytes[self->n++] = ',';
        is_first = FALSE;
        put_number (self, gc_edge_kind (edge), ',');
        put_number (self, edge->name, ',');
        put_number (self, (guint64) gc_edge_to (edge) * NODE_FIELDS, '\n');
      }
  put_text (self, "],\n\"trace_function_infos\":[],\n\"trace_tree\":[],\n\"samples\":[],\n\"locations\":[],\n");
}

static void
put_strings (Buffer        *self,
             const GcGraph *graph)
{
  put_text (self, "\"strings\":[");
  for (guint i = 0; i < graph->strings->len && self->ok; i++)
    {
      put_string (self, gc_graph_string (graph, i));
      put_text (self, i + 1 < graph->strings->len ? ",\n" : "");
    }
  put_text (self, "]}\n");
}

gboolean
gc_snapshot_write (const GcGraph  *graph,
                   GOutputStream  *stream,
                   GCancellable   *cancellable,
                   GError        **error)
{
  g_autofree Buffer *self = g_try_new (Buffer, 1);

  if (self == NULL)
    {
      g_set_error_literal (error, GC_ERROR, GC_ERROR_NO_MEMORY, "There is no memory for writing a snapshot");
      return FALSE;
    }
  self->stream = stream;
  self->cancellable = cancellable;
  self->error = error;
  self->ok = TRUE;
  self->n = 0;
  put_head (self, graph);
  put_nodes (self, graph);
  put_edges (self, graph);
  put_strings (self, graph);
  flush (self);
  return self->ok && g_output_stream_flush (stream, cancellable, error);
}
