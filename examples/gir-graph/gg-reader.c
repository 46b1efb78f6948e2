/* Reads a GIR file into an arena: one node for each element of interest, with
 * its references as names, to be resolved once all files are read.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-reader.h"
#include "gg-node-private.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

/* What is parsed between two safe points. */
#define CHUNK (64 * 1024)

typedef struct
{
  GcMutation *m;

  /* Addresses of rooted locals of gg_read(): safe points move what they point to. */
  GgNamespace **namespace;
  GgNode      **current;

  GPtrArray *includes;      /* "GLib-2.0" */
  GString   *doc;           /* inside of a <doc>, or NULL */
  guint      type_depth;    /* how many <type> and <array> are open */
  guint      skipping;      /* how many elements are open in one of no interest */
  gboolean   is_repository;
} Reader;

typedef struct
{
  const char *element;
  GgKind      kind;
} ElementKind;

/* The elements that become nodes, in the order of strcmp(). */
static const ElementKind element_kinds[] = {
  { "alias", GG_KIND_ALIAS },
  { "bitfield", GG_KIND_BITFIELD },
  { "callback", GG_KIND_CALLBACK },
  { "class", GG_KIND_CLASS },
  { "constant", GG_KIND_CONSTANT },
  { "constructor", GG_KIND_CONSTRUCTOR },
  { "enumeration", GG_KIND_ENUMERATION },
  { "field", GG_KIND_FIELD },
  { "function", GG_KIND_FUNCTION },
  { "function-inline", GG_KIND_FUNCTION },
  { "glib:boxed", GG_KIND_RECORD },
  { "glib:signal", GG_KIND_SIGNAL },
  { "instance-parameter", GG_KIND_PARAMETER },
  { "interface", GG_KIND_INTERFACE },
  { "member", GG_KIND_VALUE },
  { "method", GG_KIND_METHOD },
  { "method-inline", GG_KIND_METHOD },
  { "namespace", GG_KIND_NAMESPACE },
  { "parameter", GG_KIND_PARAMETER },
  { "property", GG_KIND_PROPERTY },
  { "record", GG_KIND_RECORD },
  { "return-value", GG_KIND_RETURN_VALUE },
  { "union", GG_KIND_UNION },
  { "virtual-method", GG_KIND_VIRTUAL_METHOD },
};

/* Elements that are passed over with all that they contain. */
static const char *const skipped_elements[] = { "docsection", "function-macro", NULL };

static int
compare_element (gconstpointer key,
                 gconstpointer entry)
{
  return strcmp (key, ((const ElementKind *) entry)->element);
}

static gboolean
is_node (const char *element,
         GgKind     *kind)
{
  const ElementKind *found = bsearch (element, element_kinds, G_N_ELEMENTS (element_kinds),
                                      sizeof (ElementKind), compare_element);

  if (found == NULL)
    return FALSE;
  *kind = found->kind;
  return TRUE;
}

static const char *
get_attribute (const char **names,
               const char **values,
               const char  *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], name) == 0)
      return values[i];
  return NULL;
}

/* No scope ends and no safe point is reached while a callback of the parser runs:
 * plain pointers will do. */
static void
start_node (Reader      *reader,
            GgKind       kind,
            const char **names,
            const char **values)
{
  const char *name = get_attribute (names, values, "name");
  const char *parent = get_attribute (names, values, "parent");
  const char *class_structure_of = get_attribute (names, values, "glib:is-gtype-struct-for");
  GgNode *node;

  if (name == NULL)
    name = get_attribute (names, values, "glib:name");
  node = gg_node_new (reader->m, kind, name != NULL ? gc_string_intern (reader->m, name) : NULL);
  if (parent != NULL)
    gg_node_add_reference (node, reader->m, GG_RELATION_PARENT, parent);
  if (class_structure_of != NULL)
    gg_node_add_reference (node, reader->m, GG_RELATION_CLASS_STRUCTURE, class_structure_of);
  gg_node_append (*reader->current, node);
  if (node->owner == GG_NODE (*reader->namespace) && name != NULL && gg_kind_is_type (kind))
    gc_table_insert ((*reader->namespace)->types, node->name, node);
  *reader->current = node;
}

static void
start_namespace (Reader      *reader,
                 const char **names,
                 const char **values,
                 GError     **error)
{
  const char *name = get_attribute (names, values, "name");
  const char *version = get_attribute (names, values, "version");

  if (*reader->namespace != NULL)
    {
      g_set_error_literal (error, GG_ERROR, GG_ERROR_NOT_GIR, "There is a second namespace");
      return;
    }
  if (name == NULL || version == NULL)
    {
      g_set_error_literal (error, GG_ERROR, GG_ERROR_NOT_GIR, "The namespace has no name or no version");
      return;
    }
  *reader->namespace = gg_namespace_new (reader->m, name, version);
  *reader->current = GG_NODE (*reader->namespace);
}

static void
start_element (GMarkupParseContext  *context,
               const char           *element,
               const char          **names,
               const char          **values,
               gpointer              user_data,
               GError              **error)
{
  Reader *reader = user_data;
  const char *name;
  GgKind kind;

  if (!reader->is_repository)
    {
      if (strcmp (element, "repository") == 0)
        reader->is_repository = TRUE;
      else
        g_set_error (error, GG_ERROR, GG_ERROR_NOT_GIR,
                     "This is no GIR file: it begins with <%s>, not with <repository>", element);
    }
  else if (reader->skipping > 0 || g_strv_contains (skipped_elements, element))
    reader->skipping++;
  else if (strcmp (element, "include") == 0)
    {
      name = get_attribute (names, values, "name");
      if (name != NULL)
        g_ptr_array_add (reader->includes,
                         g_strdup_printf ("%s-%s", name, get_attribute (names, values, "version")));
    }
  else if (strcmp (element, "namespace") == 0)
    start_namespace (reader, names, values, error);
  else if (*reader->current == NULL)
    ;                           /* packages and C headers, before the namespace */
  else if (is_node (element, &kind))
    start_node (reader, kind, names, values);
  else if (strcmp (element, "type") == 0 || strcmp (element, "array") == 0)
    {
      name = get_attribute (names, values, "name");
      if (name != NULL && strcmp (name, "none") != 0)
        gg_node_add_reference (*reader->current, reader->m,
                               reader->type_depth == 0 ? GG_RELATION_TYPE : GG_RELATION_ELEMENT, name);
      reader->type_depth++;
    }
  else if (strcmp (element, "implements") == 0 || strcmp (element, "prerequisite") == 0)
    {
      name = get_attribute (names, values, "name");
      if (name != NULL)
        gg_node_add_reference (*reader->current, reader->m,
                               *element == 'i' ? GG_RELATION_IMPLEMENTS : GG_RELATION_PREREQUISITE, name);
    }
  else if (strcmp (element, "doc") == 0)
    reader->doc = g_string_new (NULL);
}

static void
end_element (GMarkupParseContext  *context,
             const char           *element,
             gpointer              user_data,
             GError              **error)
{
  Reader *reader = user_data;
  GgKind kind;

  if (reader->skipping > 0)
    reader->skipping--;
  else if (*reader->current == NULL)
    ;
  else if (is_node (element, &kind))
    *reader->current = (*reader->current)->owner;
  else if (strcmp (element, "type") == 0 || strcmp (element, "array") == 0)
    reader->type_depth--;
  else if (reader->doc != NULL && strcmp (element, "doc") == 0)
    {
      gg_node_set_doc (*reader->current, reader->m, reader->doc->str);
      g_string_free (g_steal_pointer (&reader->doc), TRUE);
    }
}

static void
add_text (GMarkupParseContext  *context,
          const char           *text,
          gsize                 length,
          gpointer              user_data,
          GError              **error)
{
  Reader *reader = user_data;

  if (reader->doc != NULL)
    g_string_append_len (reader->doc, text, length);
}

static const GMarkupParser parser = { start_element, end_element, add_text, NULL, NULL };

/* Gives the parser the whole of a file, with a safe point after each chunk. */
static GC_MAY_COLLECT gboolean
parse_file (Reader               *reader,
            GMarkupParseContext  *context,
            const char           *path,
            GgProgressFunc        progress,
            gpointer              user_data,
            GError              **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *chunk = g_malloc (CHUNK);
  gssize n;
  goffset n_read = 0;

  if (stream == NULL)
    return FALSE;
  info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, error);
  if (info == NULL)
    return FALSE;

  while ((n = g_input_stream_read (G_INPUT_STREAM (stream), chunk, CHUNK, NULL, error)) > 0)
    {
      if (!g_markup_parse_context_parse (context, chunk, n, error))
        return FALSE;
      gc_mutation_safepoint (reader->m);        /* may collect: what is rooted survives */
      n_read += n;
      if (progress != NULL)
        progress (path, n_read / (double) g_file_info_get_size (info), user_data);
    }
  return n == 0 && g_markup_parse_context_end_parse (context, error);
}

/* Reads the file at @path. What a failure leaves behind is garbage like any other.
 * Adds the names of the namespaces that the file includes to @includes.
 *
 * Returns the namespace, which is valid until the caller's next safe point */
GgNamespace *
gg_read (GcMutation      *m,
         const char      *path,
         GgProgressFunc   progress,
         gpointer         user_data,
         GPtrArray       *includes,
         GError         **error)
{
  GC_ROOT (m, GgNamespace, namespace);
  GC_ROOT (m, GgNode, current);
  Reader reader = { .m = m, .namespace = &namespace, .current = &current, .includes = includes };
  g_autoptr (GMarkupParseContext) context =
    g_markup_parse_context_new (&parser, G_MARKUP_PREFIX_ERROR_POSITION, &reader, NULL);
  gboolean ok = parse_file (&reader, context, path, progress, user_data, error);

  if (reader.doc != NULL)
    g_string_free (reader.doc, TRUE);
  if (ok && namespace == NULL)
    {
      g_set_error_literal (error, GG_ERROR, GG_ERROR_NOT_GIR, "There is no namespace in this file");
      ok = FALSE;
    }
  if (!ok)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  return namespace;
}
