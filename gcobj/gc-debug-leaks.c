/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GCOBJ_DEBUG=leaks: what is rooted in an arena, and by whom. */

#include "gcobj/gc-debug-private.h"
#include "gcobj/gc-graph-private.h"

#define MAX_ROOTS 20            /* the heaviest; one line for the others */

/* A rooted object, and what a shortest path from the roots leads through it to. */
typedef struct
{
  guint32 node;
  gsize   n_objects;
  gsize   n_bytes;
} Rooted;

static int
compare (gconstpointer a,
         gconstpointer b)
{
  const Rooted *x = a, *y = b;

  return x->n_bytes != y->n_bytes ? (x->n_bytes < y->n_bytes ? 1 : -1) : (x->node > y->node) - (x->node < y->node);
}

/* Which rooted object each node belongs to: a node comes after the one by which it was found. */
static GArray *
sum_up (const GcGraph *graph)
{
  g_autofree guint32 *belongs = g_new (guint32, graph->nodes.n);
  GArray *rooted = g_array_new (FALSE, FALSE, sizeof (Rooted));

  for (guint32 i = GC_NODE_FIRST_OBJECT; i < graph->nodes.n; i++)
    {
      const GcNode *node = gc_graph_node (graph, i);
      Rooted *one;

      if (node->parent < GC_NODE_FIRST_OBJECT)
        {
          Rooted new = { i, 0, 0 };

          belongs[i] = rooted->len;
          g_array_append_val (rooted, new);
        }
      else
        belongs[i] = belongs[node->parent];
      one = &g_array_index (rooted, Rooted, belongs[i]);
      one->n_objects += node->object != NULL;
      one->n_bytes += node->size;
    }
  g_array_sort (rooted, compare);
  return rooted;
}

static const char *
objects (gsize n)
{
  return n == 1 ? "object" : "objects";
}

/* Of a peer, the GObject is what counts. */
static void
append_rooted (GString       *text,
               const GcGraph *graph,
               const Rooted  *rooted)
{
  const GcNode *node = gc_graph_node (graph, rooted->node);
  gboolean is_gobject = node->parent == GC_NODE_GOBJECTS;

  g_string_append_printf (text, "GcObj:   %s: %s%s%s %p, with %" G_GSIZE_FORMAT " %s, %" G_GSIZE_FORMAT " bytes\n",
                          gc_graph_string (graph, gc_graph_node (graph, node->parent)->name),
                          node->klass != NULL ? g_type_name (G_TYPE_FROM_CLASS (node->klass)) : "external bytes",
                          is_gobject ? " of a " : "", is_gobject ? gc_graph_string (graph, node->parent_name) : "",
                          node->object, rooted->n_objects, objects (rooted->n_objects), rooted->n_bytes);
}

/* Prints what is rooted. At the end of the process another thread may be in the arena for ever. */
void
gc_debug_print_roots (GcArena    *arena,
                      const char *when)
{
  g_autoptr (GcGraph) graph = NULL;
  g_autoptr (GArray) rooted = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  Rooted others = { 0, 0, 0 };

  if (!gc_arena_is_mine (arena))
    {
      if (!gc_arena_try_hold (arena))
        {
          g_printerr ("GcObj: arena %p %s: another thread has a scope\n", (gpointer) arena, when);
          return;
        }
      gc_arena_release_hold (arena);
    }
  if (!gc_graph_may_walk (arena) || (graph = gc_graph_new (arena, 0, NULL, NULL)) == NULL)
    return;

  rooted = sum_up (graph);
  g_string_append_printf (text, "GcObj: arena %p %s: %u %s rooted%s\n", (gpointer) arena, when, rooted->len,
                          rooted->len == 1 ? "object is" : "objects are",
                          gc_arena_is_mutating (arena) ? ", and a scope is open" : "");
  for (guint i = 0; i < rooted->len; i++)
    {
      const Rooted *one = &g_array_index (rooted, Rooted, i);

      if (i < MAX_ROOTS)
        append_rooted (text, graph, one);
      others.n_objects += one->n_objects;
      others.n_bytes += one->n_bytes;
    }
  if (rooted->len > MAX_ROOTS)
    g_string_append_printf (text, "GcObj:   and %u more; all with %" G_GSIZE_FORMAT " %s, %" G_GSIZE_FORMAT " bytes\n",
                            rooted->len - MAX_ROOTS, others.n_objects, objects (others.n_objects), others.n_bytes);
  g_printerr ("%s", text->str);
}
