/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A picture of what an arena's roots lead to: nodes and edges in plain arrays, taken under the
 * hold and read without it.
 *
 * Nodes are numbered in the order of a breadth-first walk, so that the edge by which a node was
 * found is on a shortest path from the roots. The first are synthetic: the root of it all, and one
 * for each kind of roots. The edges of a node follow each other in the order of nodes; those
 * that were found late (an ephemeron's, from a key that was walked before its table) are in a
 * list of their own, sorted by where they start.
 *
 * An object takes 56 bytes, an edge 8, and a weak one 8 more until the walk is over. During the walk a table
 * for each slab, with a word for each granule that an object starts in, says which node it has. */

#include "gcobj/gc-arena-private.h"

G_BEGIN_DECLS

/* As Chrome's heap snapshots count them. */
typedef enum
{
  GC_NODE_ARRAY     = 1,
  GC_NODE_STRING    = 2,
  GC_NODE_OBJECT    = 3,
  GC_NODE_NATIVE    = 8,
  GC_NODE_SYNTHETIC = 9
} GcNodeKind;

typedef enum
{
  GC_EDGE_ELEMENT  = 1,         /* the name is a number */
  GC_EDGE_PROPERTY = 2,
  GC_EDGE_INTERNAL = 3,
  GC_EDGE_WEAK     = 6
} GcEdgeKind;

enum
{
  GC_NODE_TOP,
  GC_NODE_ROOTS,
  GC_NODE_ARENA_ROOT,
  GC_NODE_SCOPED_ROOTS,
  GC_NODE_EXTERNAL_REFERENCES,
  GC_NODE_GOBJECTS,             /* peers whose GObject somebody has */
  GC_NODE_FIRST_OBJECT
};

typedef struct
{
  gpointer       object;        /* NULL: is none; not followed once the hold is released */
  GcObjectClass *klass;         /* NULL of a synthetic or native node */
  guint64        id;            /* stable: the same for the object's life; 0: was not asked for */
  gsize          size;
  guint32        name;          /* in strings */
  guint32        n_edges;
  guint32        parent;        /* the node by which it was found */
  guint32        parent_name;   /* the edge's name */
  guint8         kind;
  guint8         parent_kind;   /* the edge's */
  gboolean       wants_id;
} GcNode;

typedef struct
{
  guint32 name;
  guint32 to_and_kind;          /* to << 3 | kind */
} GcEdge;

typedef struct
{
  guint32 from;
  GcEdge  edge;
} GcLateEdge;

#define GC_GRAPH_EXTERNAL_BYTES "external bytes"

#define GC_GRAPH_MAX_NODES (G_MAXUINT32 / 8)    /* also: seven numbers for each, below 2^32 */

/* A growing array that can fail to grow. */
typedef struct
{
  gpointer data;
  gsize    n;
  gsize    room;
} GcVector;

typedef enum
{
  GC_GRAPH_EDGES   = 1 << 0,    /* keep them */
  GC_GRAPH_IDS     = 1 << 1     /* all nodes have one */
} GcGraphFlags;

typedef struct
{
  GcArena      *arena;
  GcGraphFlags  flags;
  gboolean      has_failed;     /* no memory */

  GcVector      nodes;
  GcVector      edges;
  GcVector      late;
  GcVector      weak;           /* what weak edges refer to, until the walk is over */
  GPtrArray    *slabs;          /* that have a table of nodes, until the walk is over */

  GHashTable   *string_index;   /* text → its number + 1 */
  GPtrArray    *strings;        /* its keys */
  GHashTable   *classes;        /* → ClassInfo */
  gpointer      last_class;

  GHashTable   *waiting;        /* keys that were not met → the first of their chain + 1 */
  GcVector      waiting_values;
  guint32       current;        /* the node being walked */
  guint32       n_traced;       /* slots outside of the object, and in its tail */

  gconstpointer target;         /* an object that somebody asks for */
  guint32       target_node;    /* its node; 0: was not found */
  gboolean      stops;          /* once it is found */
  GcStats       stats;
  guint64       identity;       /* of the arena that the ids are of: below 2^52 */
} GcGraph;

/* Goes through a node's edges, nodes in their order. */
typedef struct
{
  const GcEdge     *edge;
  const GcLateEdge *late;
  const GcLateEdge *late_end;
} GcEdgeCursor;

static inline GcNode *
gc_graph_node (const GcGraph *self,
               guint32        i)
{
  return (GcNode *) self->nodes.data + i;
}

static inline const char *
gc_graph_string (const GcGraph *self,
                 guint32        i)
{
  return self->strings->pdata[i];
}

static inline guint32
gc_edge_to (const GcEdge *edge)
{
  return edge->to_and_kind >> 3;
}

static inline GcEdgeKind
gc_edge_kind (const GcEdge *edge)
{
  return edge->to_and_kind & 7;
}

/* The edges of nodes that follow each other from the first one on. */
static inline GcEdgeCursor
gc_graph_begin_edges (const GcGraph *self)
{
  return (GcEdgeCursor) {
    self->edges.data, self->late.data, (GcLateEdge *) self->late.data + self->late.n
  };
}

static inline const GcEdge *
gc_edge_cursor_next (GcEdgeCursor *cursor,
                     guint32       node)
{
  if (cursor->late < cursor->late_end && cursor->late->from == node)
    return &cursor->late++->edge;
  return cursor->edge++;
}

/* gc-graph.c */
GcGraph  *gc_graph_new         (GcArena       *arena,
                                GcGraphFlags   flags,
                                gconstpointer  target,
                                GError       **error);
GcGraph  *gc_graph_new_until   (GcArena       *arena,
                                gconstpointer  target,
                                GError       **error);
void      gc_graph_free        (GcGraph       *self);
guint32   gc_graph_find        (GcGraph       *self,
                                gconstpointer  object);
gpointer  gc_graph_grow        (GcGraph       *self,
                                GcVector      *vector,
                                gsize          size);
guint32   gc_graph_add_string  (GcGraph       *self,
                                const char    *text);
guint32   gc_graph_add_native  (GcGraph       *self,
                                const char    *name,
                                gsize          size);
void      gc_graph_add_edge    (GcGraph       *self,
                                GcEdgeKind     kind,
                                guint32        name,
                                guint32        to);
void      gc_graph_add_ref     (GcGraph       *self,
                                GcEdgeKind     kind,
                                guint32        name,
                                gpointer       word);
void      gc_graph_add_late_ref (GcGraph      *self,
                                 guint32       from,
                                 guint32       name,
                                 gpointer      object);
char     *gc_graph_edge_label  (const GcGraph *self,
                                GcEdgeKind     kind,
                                guint32        name);

/* gc-graph-object.c */
void      gc_graph_describe    (GcGraph       *self,
                                GcNode        *node,
                                GcObject      *object);
void      gc_graph_walk_object (GcGraph       *self,
                                GcObject      *object);
void      gc_graph_clear_classes (GcGraph     *self);

/* gc-serial.c */
gboolean  gc_serials_assign    (GcArena       *arena,
                                GcGraph       *graph);
void      gc_serials_clear     (GcArena       *arena);

/* Whether a program may look into the heap here: not in a finalizer or a trace function. */
static inline gboolean
gc_graph_may_walk (GcArena *arena)
{
  return !gc_arena_is_finalizing () && (!gc_arena_is_mine (arena) || gc_arena_is_mutating (arena));
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcGraph, gc_graph_free)

G_END_DECLS
