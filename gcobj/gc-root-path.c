/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-graph-private.h"
#include "gcobj/gc-root-path.h"

/**
 * SECTION:gc-root-path
 * @Title: Paths to roots
 * @Short_description: Why an object is alive
 *
 * |[<!-- language="C" -->
 * g_autoptr (GcRootPath) path = gc_arena_find_path_to_root (arena, GC_OBJECT (node), &error);
 *
 * if (path != NULL)
 *   {
 *     g_autofree char *text = gc_root_path_to_string (path);
 *
 *     g_print ("%s", text);
 *   }
 * ]|
 *
 * prints something like
 *
 * |[
 * (Arena root)
 *   root                 DemoDocument @35
 *   history              GcArray @39
 *   slots                GcSlots @47
 *   [2]                  DemoNode @61
 * ]|
 */

typedef struct
{
  const char *type_name;
  char       *edge;
  guint64     id;
} Step;

/**
 * GcRootPath:
 *
 * What leads from a root to an object: a boxed type that never changes. It holds names only, and keeps no
 * object alive.
 *
 * Since: 0.1
 */
struct _GcRootPath
{
  gint   ref_count;             /* atomic */
  char  *root;
  guint  n;
  Step  *steps;                 /* from the root to the object */
};

G_DEFINE_BOXED_TYPE (GcRootPath, gc_root_path, gc_root_path_copy, gc_root_path_free)

static GcRootPath *
make (const GcGraph *graph)
{
  GcRootPath *path = g_new0 (GcRootPath, 1);
  guint32 i;

  path->ref_count = 1;
  for (i = graph->target_node; i >= GC_NODE_FIRST_OBJECT; i = gc_graph_node (graph, i)->parent)
    path->n++;
  path->root = g_strdup (gc_graph_string (graph, gc_graph_node (graph, i)->name));
  path->steps = g_new (Step, path->n);
  i = graph->target_node;
  for (guint k = path->n; k > 0; k--)
    {
      const GcNode *node = gc_graph_node (graph, i);

      path->steps[k - 1] = (Step) {
        g_type_name (G_TYPE_FROM_CLASS (node->klass)),
        gc_graph_edge_label (graph, node->parent_kind, node->parent_name),
        node->id
      };
      i = node->parent;
    }
  return path;
}

/**
 * gc_arena_find_path_to_root:
 * @arena: an arena
 * @object: an object of @arena
 * @error: return location for an error
 *
 * Tells what keeps an object alive: a shortest path from a root to it. An external reference
 * to @object itself is the answer only if there is no other, since who asks may well hold one. Weak
 * references do not count.
 *
 * The arena is held while the path is looked for.
 *
 * Returns: (transfer full) (nullable): the path; %NULL without an error if nothing leads to
 *   @object, or with %GC_ERROR_WRONG_ARENA or %GC_ERROR_NO_MEMORY
 *
 * Since: 0.1
 */
GcRootPath *
gc_arena_find_path_to_root (GcArena   *arena,
                            GcObject  *object,
                            GError   **error)
{
  g_autoptr (GcGraph) graph = NULL;

  g_return_val_if_fail (GC_IS_ARENA (arena), NULL);
  g_return_val_if_fail (gc_is_a (object, GC_TYPE_OBJECT), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);
  g_return_val_if_fail (gc_graph_may_walk (arena), NULL);

  if (gc_arena_of (object) != arena)
    {
      g_set_error_literal (error, GC_ERROR, GC_ERROR_WRONG_ARENA, "The object is of another arena");
      return NULL;
    }
  graph = gc_graph_new_until (arena, object, error);
  return graph != NULL && graph->target_node != 0 ? make (graph) : NULL;
}

/**
 * gc_root_path_copy: (skip)
 * @path: a path
 *
 * Copies a path, which takes no memory.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
GcRootPath *
gc_root_path_copy (GcRootPath *path)
{
  g_return_val_if_fail (path != NULL, NULL);

  __atomic_add_fetch (&path->ref_count, 1, __ATOMIC_RELAXED);
  return path;
}

/**
 * gc_root_path_free: (skip)
 * @path: (transfer full): a path
 *
 * Frees a path.
 *
 * Since: 0.1
 */
void
gc_root_path_free (GcRootPath *path)
{
  g_return_if_fail (path != NULL);

  if (__atomic_sub_fetch (&path->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  for (guint i = 0; i < path->n; i++)
    g_free (path->steps[i].edge);
  g_free (path->steps);
  g_free (path->root);
  g_free (path);
}

/**
 * gc_root_path_get_root:
 * @path: a path
 *
 * Gives the kind of root that the path begins at: "(Arena root)", "(Scoped roots)",
 * "(External references)" or "(GObjects)".
 *
 * Returns: (transfer none): the name of the kind
 *
 * Since: 0.1
 */
const char *
gc_root_path_get_root (const GcRootPath *path)
{
  g_return_val_if_fail (path != NULL, NULL);

  return path->root;
}

/**
 * gc_root_path_get_length:
 * @path: a path
 *
 * Gives the number of objects on the path. The last of them is the one that was asked for.
 *
 * Returns: the number, at least 1
 *
 * Since: 0.1
 */
guint
gc_root_path_get_length (const GcRootPath *path)
{
  g_return_val_if_fail (path != NULL, 0);

  return path->n;
}

/**
 * gc_root_path_get_type_name:
 * @path: a path
 * @index: which object, from 0 at the root on
 *
 * Gives the name of an object's type.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
gc_root_path_get_type_name (const GcRootPath *path,
                            guint             index)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (index < path->n, NULL);

  return path->steps[index].type_name;
}

/**
 * gc_root_path_get_edge:
 * @path: a path
 * @index: which object, from 0 at the root on
 *
 * Gives by what an object is referred to: a field or element of the object before it, or of the
 * root.
 *
 * Returns: (transfer none): the name of a field, or a number in brackets
 *
 * Since: 0.1
 */
const char *
gc_root_path_get_edge (const GcRootPath *path,
                       guint             index)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (index < path->n, NULL);

  return path->steps[index].edge;
}

/**
 * gc_root_path_get_id:
 * @path: a path
 * @index: which object, from 0 at the root on
 *
 * Gives an object's id, which is the same in all snapshots of its arena.
 *
 * Returns: the id
 *
 * Since: 0.1
 */
guint64
gc_root_path_get_id (const GcRootPath *path,
                     guint             index)
{
  g_return_val_if_fail (path != NULL, 0);
  g_return_val_if_fail (index < path->n, 0);

  return path->steps[index].id;
}

/**
 * gc_root_path_to_string:
 * @path: a path
 *
 * Gives the path as lines of text, from the root to the object.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
gc_root_path_to_string (const GcRootPath *path)
{
  GString *text;

  g_return_val_if_fail (path != NULL, NULL);

  text = g_string_new (path->root);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < path->n; i++)
    g_string_append_printf (text, "  %-20s %s @%" G_GUINT64_FORMAT "\n", path->steps[i].edge,
                            path->steps[i].type_name, path->steps[i].id);
  return g_string_free (text, FALSE);
}
