/* A graph of namespaces: which ones there are, and how they come and go.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-graph-private.h"
#include "gg-node-private.h"
#include "gg-reader.h"
#include "gg-resolver.h"

#include <string.h>

static void
gg_graph_finalize (GcObject *object)
{
  g_free (GG_GRAPH (object)->girdir);
  GC_OBJECT_CLASS (gg_graph_parent_class)->finalize (object);
}

/**
 * GgGraph: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * What several GIR files describe, as one graph in an arena.
 */
GC_DEFINE_TYPE (GgGraph, gg_graph, GC_TYPE_OBJECT,
                GC_FIELD (GgGraph, namespaces)
                GC_FIELD (GgGraph, basic)
                GC_FINALIZE (gg_graph_finalize))

/**
 * gg_graph_new:
 * @m: a mutation
 * @girdir: (type filename) (nullable): where GIR files are, or %NULL for where
 *   those of this system are
 *
 * Makes an empty graph.
 *
 * Returns: (transfer none): the graph
 */
GgGraph *
gg_graph_new (GcMutation *m,
              const char *girdir)
{
  GgGraph *self = gc_new (m, GgGraph);

  gc_set (self, namespaces, gc_array_new (m));
  gc_set (self, basic, gg_namespace_new (m, "", ""));
  self->girdir = g_strdup (girdir != NULL ? girdir : GG_GIRDIR);
  return self;
}

/* The path of the file that a user, or @includer, calls @name. */
static char *
find_file (GgGraph     *self,
           const char  *name,
           const char  *includer,
           GError     **error)
{
  g_autofree char *file = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;

  if (strchr (name, G_DIR_SEPARATOR) != NULL || g_str_has_suffix (name, ".gir"))
    return g_strdup (name);

  file = g_strconcat (name, ".gir", NULL);
  if (includer != NULL)
    {
      folder = g_path_get_dirname (includer);
      path = g_build_filename (folder, file, NULL);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
      g_free (path);
    }
  path = g_build_filename (self->girdir, file, NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);

  if (includer != NULL)
    g_set_error (error, GG_ERROR, GG_ERROR_NOT_FOUND,
                 "There is no %s in %s, and %s includes it", file, self->girdir, includer);
  else
    g_set_error (error, GG_ERROR, GG_ERROR_NOT_FOUND, "There is no %s in %s", file, self->girdir);
  return NULL;
}

/* Whether the namespace called @name, as in "Gio-2.0", is in the graph. */
static gboolean
is_loaded (GgGraph    *self,
           const char *name)
{
  const char *dash = strrchr (name, '-');
  g_autofree char *namespace = dash != NULL ? g_strndup (name, dash - name) : g_strdup (name);

  return gg_graph_get_namespace (self, namespace) != NULL;
}

/* A file that is to be read, and which one includes it. */
typedef struct
{
  char *name;
  char *includer;
} Wanted;

static void
clear_wanted (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->name);
  g_free (wanted->includer);
}

/* Reads one file, and adds those that it includes to @queue. */
static GC_MAY_COLLECT gboolean
load_one (GgGraph         *self,
          GcMutation      *m,
          const Wanted    *wanted,
          GgProgressFunc   progress,
          gpointer         user_data,
          GArray          *queue,
          GError         **error)
{
  GC_ROOT (m, GgGraph, graph);
  g_autoptr (GPtrArray) includes = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = NULL;
  GgNamespace *namespace;

  graph = self;
  path = find_file (graph, wanted->name, wanted->includer, error);
  if (path == NULL)
    return FALSE;

  namespace = gg_read (m, path, progress, user_data, includes, error);
  if (namespace == NULL)
    return FALSE;
  if (!is_loaded (graph, gg_node_peek_name (GG_NODE (namespace))))
    gc_array_append (graph->namespaces, namespace);

  for (guint i = 0; i < includes->len; i++)
    {
      Wanted include = { g_strdup (includes->pdata[i]), g_strdup (path) };

      g_array_append_val (queue, include);
    }
  return TRUE;
}

/**
 * gg_graph_load_with_progress: (skip)
 * @self: a graph
 * @name: what to read, as for gg_graph_load()
 * @progress: (nullable): what to call meanwhile
 * @user_data: data for @progress
 * @error: return location for an error
 *
 * Does what gg_graph_load() does, and reports the progress.
 *
 * Returns: %TRUE, or %FALSE with an error
 */
gboolean
gg_graph_load_with_progress (GgGraph         *self,
                             const char      *name,
                             GgProgressFunc   progress,
                             gpointer         user_data,
                             GError         **error)
{
  g_autoptr (GcMutation) m = gc_arena_begin (gc_object_get_arena (GC_OBJECT (self)));
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (Wanted));
  GC_ROOT (m, GgGraph, graph);
  Wanted wanted = { g_strdup (name), NULL };
  gsize n_before;
  gboolean ok = TRUE;

  graph = self;
  n_before = gc_array_get_length (graph->namespaces);
  g_array_set_clear_func (queue, clear_wanted);
  g_array_append_val (queue, wanted);

  for (guint i = 0; ok && i < queue->len; i++)
    {
      wanted = g_array_index (queue, Wanted, i);
      if (!is_loaded (graph, wanted.name))
        ok = load_one (graph, m, &wanted, progress, user_data, queue, error);
    }

  /* All or nothing: the part that was read is garbage. */
  if (ok)
    gg_resolve (m, graph);
  else
    gc_array_set_length (graph->namespaces, n_before, NULL);
  return ok;
}

/**
 * gg_graph_load:
 * @self: a graph
 * @name: (type filename): a namespace and its version, as in `Gio-2.0`, or a file
 * @error: return location for an error
 *
 * Reads a GIR file, and those that it includes and that are not in the graph. The
 * graph is as it was if one can't be read.
 *
 * Returns: %TRUE, or %FALSE with %GG_ERROR_NOT_FOUND, %GG_ERROR_NOT_GIR, or an
 *   error of #GIOErrorEnum or #GMarkupError
 */
gboolean
gg_graph_load (GgGraph     *self,
               const char  *name,
               GError     **error)
{
  g_return_val_if_fail (GG_IS_GRAPH (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return gg_graph_load_with_progress (self, name, NULL, NULL, error);
}

/**
 * gg_graph_list_namespaces:
 * @self: a graph
 * @n: (out): how many there are
 *
 * Lists the namespaces that were read.
 *
 * Returns: (transfer container) (array length=n): namespaces
 */
GgNamespace **
gg_graph_list_namespaces (GgGraph *self,
                          gsize   *n)
{
  g_return_val_if_fail (GG_IS_GRAPH (self), NULL);

  return (GgNamespace **) gc_array_list (self->namespaces, n);
}

/**
 * gg_graph_get_namespace: (skip)
 * @self: a graph
 * @name: a name, without a version
 *
 * Finds a namespace, inside a scope.
 *
 * Returns: (transfer none) (nullable): the namespace, or %NULL
 */
GgNamespace *
gg_graph_get_namespace (GgGraph    *self,
                        const char *name)
{
  GgNamespace *const *namespaces;
  gsize n;

  g_return_val_if_fail (GG_IS_GRAPH (self), NULL);

  namespaces = (GgNamespace *const *) gc_array_peek (self->namespaces, &n);
  for (gsize i = 0; i < n; i++)
    if (strcmp (gg_node_peek_name (GG_NODE (namespaces[i])), name) == 0)
      return namespaces[i];
  return NULL;
}

/**
 * gg_graph_dup_namespace: (rename-to gg_graph_get_namespace)
 * @self: a graph
 * @name: a name, without a version
 *
 * Finds a namespace.
 *
 * Returns: (transfer full) (nullable): the namespace, or %NULL
 */
GgNamespace *
gg_graph_dup_namespace (GgGraph    *self,
                        const char *name)
{
  GgNamespace *namespace;

  g_return_val_if_fail (GG_IS_GRAPH (self), NULL);
  GG_SCOPE (self);

  namespace = gg_graph_get_namespace (self, name);
  return namespace != NULL ? gc_object_ref (namespace) : NULL;
}

/**
 * gg_graph_lookup: (skip)
 * @self: a graph
 * @name: the name of a type, as for gg_graph_lookup_dup()
 * @error: return location for an error
 *
 * Finds a type, inside a scope.
 *
 * Returns: (transfer none): the type, or %NULL with %GG_ERROR_UNKNOWN
 */
GgType *
gg_graph_lookup (GgGraph     *self,
                 const char  *name,
                 GError     **error)
{
  const char *dot;
  GgNamespace *const *namespaces;
  GgType *type = NULL;
  gsize n;

  g_return_val_if_fail (GG_IS_GRAPH (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  dot = strchr (name, '.');
  if (dot != NULL)
    {
      g_autofree char *qualifier = g_strndup (name, dot - name);
      GgNamespace *namespace = gg_graph_get_namespace (self, qualifier);

      if (namespace != NULL)
        type = gc_table_lookup_string (namespace->types, dot + 1);
    }
  else
    {
      namespaces = (GgNamespace *const *) gc_array_peek (self->namespaces, &n);
      for (gsize i = 0; type == NULL && i < n; i++)
        type = gc_table_lookup_string (namespaces[i]->types, name);
      if (type == NULL)
        type = gc_table_lookup_string (self->basic->types, name);
    }
  if (type == NULL)
    gg_suggest (self, name, error);
  return type;
}

/**
 * gg_graph_lookup_dup: (rename-to gg_graph_lookup)
 * @self: a graph
 * @name: the name of a type: `Gio.Application`, or `Application` if the first
 *   namespace with a type of that name is meant
 * @error: return location for an error
 *
 * Finds a type. If there is none the error's message names those that are spelled much like it.
 *
 * Returns: (transfer full): the type, or %NULL with %GG_ERROR_UNKNOWN
 */
GgType *
gg_graph_lookup_dup (GgGraph     *self,
                     const char  *name,
                     GError     **error)
{
  GgType *type;

  g_return_val_if_fail (GG_IS_GRAPH (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);
  GG_SCOPE (self);

  type = gg_graph_lookup (self, name, error);
  return type != NULL ? gc_object_ref (type) : NULL;
}

/**
 * gg_graph_drop:
 * @self: a graph
 * @name: the name of a namespace, without a version
 * @n_dangling: (out) (optional): how many references of others to the namespace there were
 * @error: return location for an error
 *
 * Takes a namespace out of the graph. References to it dangle from then on, until
 * it is read again. The next collection reclaims it, unless something outside of the
 * graph holds a part of it.
 *
 * Returns: %TRUE, or %FALSE with %GG_ERROR_UNKNOWN
 */
gboolean
gg_graph_drop (GgGraph     *self,
               const char  *name,
               guint       *n_dangling,
               GError     **error)
{
  GgNamespace *namespace;
  guint n;

  g_return_val_if_fail (GG_IS_GRAPH (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  GG_SCOPE (self);

  namespace = gg_graph_get_namespace (self, name);
  if (namespace == NULL)
    {
      g_set_error (error, GG_ERROR, GG_ERROR_UNKNOWN, "There is no namespace %s in the graph", name);
      return FALSE;
    }
  n = gg_unlink (namespace);
  gc_array_remove (self->namespaces, gc_array_index_of (self->namespaces, namespace));
  if (n_dangling != NULL)
    *n_dangling = n;
  return TRUE;
}
