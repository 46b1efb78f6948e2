/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads .heapsnapshot files, gcobj's and those of Chrome and Node.js. What a file says of itself decides
 * which number of a row is what. Everything that is used as an index is checked here. */

#include <string.h>
#include <glib/gstdio.h>

#include "heap-file.h"
#include "json-scan.h"

#define MAX_FIELDS 32
#define NONE       G_MAXUINT

typedef struct
{
  JsonScan  scan;
  HeapFile *file;
  gboolean  has_head;
  guint     n_node_fields, n_edge_fields;
  guint     node_type, node_name, node_id, node_size, node_edges;
  guint     edge_type, edge_name, edge_to;
  guint     n_node_kinds, n_edge_kinds;
  guint8    node_kinds[HEAP_MAX_KINDS];
  guint8    edge_kinds[HEAP_MAX_KINDS];
  guint64   n_nodes, n_edges;
} Reader;

static const char *const node_kind_names[] = {
  "hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic", NULL
};
static const char *const edge_kind_names[] = {
  "context", "element", "property", "internal", "hidden", "shortcut", "weak", NULL
};

void
heap_file_free (HeapFile *self)
{
  g_free (self->kind);
  g_free (self->name);
  g_free (self->id);
  g_free (self->size);
  g_free (self->first_edge);
  g_free (self->edge_kind);
  g_free (self->edge_name);
  g_free (self->edge_to);
  g_free (self->string_start);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_free (self);
}

/* The next member's name. */
static gboolean
next_key (JsonScan *scan,
          gboolean *is_first,
          GString  *key)
{
  if (!json_scan_next (scan, is_first, '}'))
    return FALSE;
  g_string_truncate (key, 0);
  json_scan_string (scan, key);
  return json_scan_expect (scan, ':');
}

static guint
index_of (const char *const *names,
          const char        *name)
{
  guint i = 0;

  while (names[i] != NULL && strcmp (names[i], name) != 0)
    i++;
  return i;
}

/* An array of strings: the place of each of @names in it, and how many there are. */
static guint
read_fields (Reader            *self,
             const char *const *names,
             guint            **places)
{
  g_autoptr (GString) name = g_string_new (NULL);
  gboolean is_first = TRUE;
  guint n = 0;

  /* A file may have said something else before. */
  for (guint i = 0; names[i] != NULL; i++)
    *places[i] = NONE;
  json_scan_expect (&self->scan, '[');
  for (; json_scan_next (&self->scan, &is_first, ']'); n++)
    {
      guint which;

      g_string_truncate (name, 0);
      json_scan_string (&self->scan, name);
      which = index_of (names, name->str);
      if (names[which] != NULL && *places[which] == NONE)
        *places[which] = n;
      if (n >= MAX_FIELDS)
        json_scan_fail (&self->scan, "there are too many fields");
    }
  return n;
}

/* The first member of an array of types is that of the kinds. */
static guint
read_kinds (Reader            *self,
            const char *const *names,
            guint8            *kinds)
{
  g_autoptr (GString) name = g_string_new (NULL);
  gboolean is_first = TRUE, is_outer_first = TRUE;
  guint n = 0;

  json_scan_expect (&self->scan, '[');
  if (!json_scan_next (&self->scan, &is_outer_first, ']'))
    return 0;
  json_scan_expect (&self->scan, '[');
  for (; json_scan_next (&self->scan, &is_first, ']'); n++)
    {
      if (n >= HEAP_MAX_KINDS)
        {
          json_scan_fail (&self->scan, "there are too many kinds");
          return 0;
        }
      g_string_truncate (name, 0);
      json_scan_string (&self->scan, name);
      kinds[n] = index_of (names, name->str);
    }
  while (json_scan_next (&self->scan, &is_outer_first, ']'))
    json_scan_skip (&self->scan);
  return n;
}

static void
read_meta (Reader *self)
{
  static const char *const node_fields[] = { "type", "name", "id", "self_size", "edge_count", NULL };
  static const char *const edge_fields[] = { "type", "name_or_index", "to_node", NULL };
  guint *node_places[] = { &self->node_type, &self->node_name, &self->node_id, &self->node_size, &self->node_edges };
  guint *edge_places[] = { &self->edge_type, &self->edge_name, &self->edge_to };
  g_autoptr (GString) key = g_string_new (NULL);
  gboolean is_first = TRUE;

  json_scan_expect (&self->scan, '{');
  while (next_key (&self->scan, &is_first, key))
    if (strcmp (key->str, "node_fields") == 0)
      self->n_node_fields = read_fields (self, node_fields, node_places);
    else if (strcmp (key->str, "edge_fields") == 0)
      self->n_edge_fields = read_fields (self, edge_fields, edge_places);
    else if (strcmp (key->str, "node_types") == 0)
      self->n_node_kinds = read_kinds (self, node_kind_names, self->node_kinds);
    else if (strcmp (key->str, "edge_types") == 0)
      self->n_edge_kinds = read_kinds (self, edge_kind_names, self->edge_kinds);
    else
      json_scan_skip (&self->scan);
  for (guint i = 0; i < G_N_ELEMENTS (node_places); i++)
    if (*node_places[i] == NONE)
      json_scan_fail (&self->scan, "its description of nodes is not one of a heap snapshot");
  for (guint i = 0; i < G_N_ELEMENTS (edge_places); i++)
    if (*edge_places[i] == NONE)
      json_scan_fail (&self->scan, "its description of edges is not one of a heap snapshot");
}

static void
read_ours (Reader *self)
{
  g_autoptr (GString) key = g_string_new (NULL);
  HeapFile *file = self->file;
  gboolean is_first = TRUE;

  file->is_ours = TRUE;
  json_scan_expect (&self->scan, '{');
  while (next_key (&self->scan, &is_first, key))
    if (strcmp (key->str, "pauses") == 0)
      {
        gboolean is_first_pause = TRUE;

        json_scan_expect (&self->scan, '[');
        while (json_scan_next (&self->scan, &is_first_pause, ']'))
          if (file->n_pauses < HEAP_MAX_PAUSES)
            file->pauses[file->n_pauses++] = json_scan_number (&self->scan);
          else
            json_scan_fail (&self->scan, "there are too many classes of pauses");
      }
    else if (strcmp (key->str, "arena") == 0)
      file->arena = json_scan_number (&self->scan);
    else if (strcmp (key->str, "max_pause_ns") == 0)
      file->max_pause_ns = json_scan_number (&self->scan);
    else if (strcmp (key->str, "n_cycles") == 0)
      file->n_cycles = json_scan_number (&self->scan);
    else if (strcmp (key->str, "n_requests") == 0)
      file->n_requests = json_scan_number (&self->scan);
    else if (strcmp (key->str, "max_request_ns") == 0)
      file->max_request_ns = json_scan_number (&self->scan);
    else
      json_scan_skip (&self->scan);
}

static void
read_head (Reader *self)
{
  g_autoptr (GString) key = g_string_new (NULL);
  gboolean is_first = TRUE, has_meta = FALSE;

  json_scan_expect (&self->scan, '{');
  while (next_key (&self->scan, &is_first, key))
    if (strcmp (key->str, "meta") == 0)
      {
        read_meta (self);
        has_meta = TRUE;
      }
    else if (strcmp (key->str, "node_count") == 0)
      self->n_nodes = json_scan_number (&self->scan);
    else if (strcmp (key->str, "edge_count") == 0)
      self->n_edges = json_scan_number (&self->scan);
    else if (strcmp (key->str, "gcobj") == 0)
      read_ours (self);
    else
      json_scan_skip (&self->scan);
  if (!has_meta)
    json_scan_fail (&self->scan, "it does not describe its format");
  /* Two bytes a number at the least: what a file claims is bounded by its size. */
  if (self->n_nodes == 0 || self->n_nodes > (guint64) (self->scan.end - self->scan.start) / 2 ||
      self->n_edges > (guint64) (self->scan.end - self->scan.start) / 2 ||
      self->n_nodes >= G_MAXUINT32 / 8 || self->n_edges >= G_MAXUINT32)
    json_scan_fail (&self->scan, "its numbers of nodes and edges can't be right");
  self->has_head = self->scan.ok;
}

static gboolean
read_row (Reader   *self,
          gboolean *is_first,
          guint     n,
          guint64  *row)
{
  for (guint i = 0; i < n; i++)
    {
      if (!json_scan_next (&self->scan, is_first, ']'))
        {
          if (i > 0)
            json_scan_fail (&self->scan, "a row is not complete");
          return FALSE;
        }
      row[i] = json_scan_number (&self->scan);
    }
  return self->scan.ok;
}

static void
read_nodes (Reader *self)
{
  HeapFile *file = self->file;
  gboolean is_first = TRUE;
  guint64 row[MAX_FIELDS];
  guint64 edges = 0;

  file->kind = g_new (guint8, self->n_nodes);
  file->name = g_new (guint32, self->n_nodes);
  file->id = g_new (guint64, self->n_nodes);
  file->size = g_new (guint64, self->n_nodes);
  file->first_edge = g_new (guint32, self->n_nodes + 1);
  json_scan_expect (&self->scan, '[');
  for (; read_row (self, &is_first, self->n_node_fields, row); file->n_nodes++)
    {
      guint32 i = file->n_nodes;

      if (i == self->n_nodes || row[self->node_type] >= self->n_node_kinds ||
          row[self->node_name] > G_MAXUINT32 || row[self->node_edges] > self->n_edges - edges)
        {
          json_scan_fail (&self->scan, "a node is not right");
          return;
        }
      file->kind[i] = self->node_kinds[row[self->node_type]];
      file->name[i] = row[self->node_name];
      file->id[i] = row[self->node_id];
      file->size[i] = row[self->node_size];
      file->first_edge[i] = edges;
      edges += row[self->node_edges];
    }
  file->first_edge[file->n_nodes] = edges;
  if (file->n_nodes != self->n_nodes || edges != self->n_edges)
    json_scan_fail (&self->scan, "there are fewer nodes or edges than it says");
}

static void
read_edges (Reader *self)
{
  HeapFile *file = self->file;
  gboolean is_first = TRUE;
  guint64 row[MAX_FIELDS];

  /* Memory also for none: that there is some says that they were read. */
  file->edge_kind = g_new (guint8, MAX (self->n_edges, 1));
  file->edge_name = g_new (guint32, self->n_edges);
  file->edge_to = g_new (guint32, self->n_edges);
  json_scan_expect (&self->scan, '[');
  for (; read_row (self, &is_first, self->n_edge_fields, row); file->n_edges++)
    {
      guint32 i = file->n_edges;

      if (i == self->n_edges || row[self->edge_type] >= self->n_edge_kinds ||
          row[self->edge_name] > G_MAXUINT32 || row[self->edge_to] % self->n_node_fields != 0 ||
          row[self->edge_to] / self->n_node_fields >= file->n_nodes)
        {
          json_scan_fail (&self->scan, "an edge is not right");
          return;
        }
      file->edge_kind[i] = self->edge_kinds[row[self->edge_type]];
      file->edge_name[i] = row[self->edge_name];
      file->edge_to[i] = row[self->edge_to] / self->n_node_fields;
    }
  if (file->n_edges != self->n_edges)
    json_scan_fail (&self->scan, "there are fewer edges than it says");
}

static void
read_strings (Reader *self)
{
  HeapFile *file = self->file;
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (gsize));
  gboolean is_first = TRUE;

  file->text = g_string_new (NULL);
  json_scan_expect (&self->scan, '[');
  while (json_scan_next (&self->scan, &is_first, ']'))
    {
      gsize start = file->text->len;

      g_array_append_val (starts, start);
      json_scan_string (&self->scan, file->text);
      if (self->scan.ok && !g_utf8_validate (file->text->str + start, file->text->len - start, NULL))
        json_scan_fail (&self->scan, "a string is not UTF-8");
      g_string_append_c (file->text, '\0');
      if (starts->len == G_MAXUINT32)
        json_scan_fail (&self->scan, "there are too many strings");
    }
  file->n_strings = starts->len;
  file->string_start = (gsize *) g_array_free (g_steal_pointer (&starts), FALSE);
}

static gboolean
has_number (const HeapFile *file,
            guint32         edge)
{
  return file->edge_kind[edge] == HEAP_EDGE_ELEMENT || file->edge_kind[edge] == HEAP_EDGE_HIDDEN;
}

static void
check_names (Reader *self)
{
  const HeapFile *file = self->file;

  for (guint32 i = 0; i < file->n_nodes && self->scan.ok; i++)
    if (file->name[i] >= file->n_strings)
      json_scan_fail (&self->scan, "a node has a name that is not there");
  for (guint32 i = 0; i < file->n_edges && self->scan.ok; i++)
    if (!has_number (file, i) && file->edge_name[i] >= file->n_strings)
      json_scan_fail (&self->scan, "an edge has a name that is not there");
}

static void
read_all (Reader *self)
{
  g_autoptr (GString) key = g_string_new (NULL);
  HeapFile *file = self->file;
  gboolean is_first = TRUE;

  json_scan_expect (&self->scan, '{');
  while (next_key (&self->scan, &is_first, key))
    {
      gboolean is_head = strcmp (key->str, "snapshot") == 0;

      if (self->has_head ? is_head : !is_head)
        json_scan_fail (&self->scan, "it does not begin as a heap snapshot does");
      else if (is_head)
        read_head (self);
      else if (strcmp (key->str, "nodes") == 0 && file->kind == NULL)
        read_nodes (self);
      else if (strcmp (key->str, "edges") == 0 && file->kind != NULL && file->edge_kind == NULL)
        read_edges (self);
      else if (strcmp (key->str, "strings") == 0 && file->text == NULL)
        read_strings (self);
      else
        json_scan_skip (&self->scan);
    }
  while (self->scan.ok && self->scan.at < self->scan.end && g_ascii_isspace (*self->scan.at))
    self->scan.at++;
  if (self->scan.ok && self->scan.at < self->scan.end)
    json_scan_fail (&self->scan, "there is more after its end");
  if (self->scan.ok && (file->kind == NULL || file->edge_kind == NULL || file->text == NULL))
    {
      self->scan.at = self->scan.start;
      json_scan_fail (&self->scan, "nodes, edges or strings are missing");
    }
  check_names (self);
}

HeapFile *
heap_file_parse (const char  *data,
                 gsize        size,
                 GError     **error)
{
  g_autoptr (HeapFile) file = g_new0 (HeapFile, 1);
  Reader reader = {
    .scan = { data, data, data + size, TRUE, error },
    .file = file,
    .node_type = NONE, .node_name = NONE, .node_id = NONE, .node_size = NONE, .node_edges = NONE,
    .edge_type = NONE, .edge_name = NONE, .edge_to = NONE,
  };

  read_all (&reader);
  return reader.scan.ok ? g_steal_pointer (&file) : NULL;
}

/* A file is mapped; what else there is, such as a pipe, is read to its end. */
static GBytes *
load (const char  *path,
      GError     **error)
{
  g_autoptr (GMappedFile) mapped = NULL;
  GStatBuf status;

  if (strcmp (path, "-") == 0)
    path = "/dev/stdin";
  if (g_stat (path, &status) == 0 && !S_ISREG (status.st_mode) && !S_ISDIR (status.st_mode))
    {
      char *text;
      gsize size;

      return g_file_get_contents (path, &text, &size, error) ? g_bytes_new_take (text, size) : NULL;
    }
  mapped = g_mapped_file_new (path, FALSE, error);
  return mapped != NULL ? g_mapped_file_get_bytes (mapped) : NULL;
}

/* @path may be that of a pipe, or - for standard input. */
HeapFile *
heap_file_read (const char  *path,
                GError     **error)
{
  g_autoptr (GBytes) bytes = load (path, error);
  gconstpointer data;
  HeapFile *file;
  gsize size;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &size);
  file = heap_file_parse (data, size, error);
  if (file == NULL)
    g_prefix_error (error, "'%s' is not a heap snapshot that can be read: ", path);
  return file;
}

/* What nodes of a kind have in common. */
const char *
heap_file_class_name (const HeapFile *self,
                      guint32         node)
{
  const char *name = heap_file_string (self, self->name[node]);

  switch (self->kind[node])
    {
    case HEAP_NODE_OBJECT:
    case HEAP_NODE_NATIVE:
    case HEAP_NODE_SYNTHETIC:
      return *name != '\0' ? name : "(root)";
    case HEAP_NODE_STRING:
      return self->is_ours ? "GcString" : "(string)";
    case HEAP_NODE_ARRAY:
      return self->is_ours ? name : "(array)";
    case HEAP_NODE_CODE:
      return "(code)";
    case HEAP_NODE_CLOSURE:
      return "(closure)";
    default:
      return "(other)";
    }
}

char *
heap_file_edge_label (const HeapFile *self,
                      guint32         edge)
{
  return has_number (self, edge) ? g_strdup_printf ("[%u]", self->edge_name[edge])
                                 : g_strdup (heap_file_string (self, self->edge_name[edge]));
}

gboolean
heap_file_find_id (const HeapFile *self,
                   guint64         id,
                   guint32        *node)
{
  for (guint32 i = 0; i < self->n_nodes; i++)
    if (self->id[i] == id)
      {
        *node = i;
        return TRUE;
      }
  return FALSE;
}
