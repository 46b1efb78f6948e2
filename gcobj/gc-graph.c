/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Takes a picture of what an arena's roots lead to. The state of the collector does not matter: the
 * walk reads what a program could read, and marks nothing. */

#include "gcobj/gc-error.h"
#include "gcobj/gc-graph-private.h"

#define MIN_ROOM 256
#define AHEAD    8              /* nodes: their objects are fetched before they are walked */

static const char *const synthetic_names[] = {
  [GC_NODE_TOP] = "",
  [GC_NODE_ROOTS] = "(GC roots)",
  [GC_NODE_ARENA_ROOT] = "(Arena root)",
  [GC_NODE_SCOPED_ROOTS] = "(Scoped roots)",
  [GC_NODE_EXTERNAL_REFERENCES] = "(External references)",
  [GC_NODE_GOBJECTS] = "(GObjects)",
};

/* Room for one element more, or NULL. */
gpointer
gc_graph_grow (GcGraph  *self,
               GcVector *vector,
               gsize     size)
{
  if (vector->n == vector->room)
    {
      gsize room = MAX (vector->room * 2, MIN_ROOM);
      gpointer data = self->has_failed ? NULL : g_try_realloc_n (vector->data, room, size);

      if (data == NULL)
        {
          self->has_failed = TRUE;
          return NULL;
        }
      vector->data = data;
      vector->room = room;
    }
  return (char *) vector->data + vector->n++ * size;
}

guint32
gc_graph_add_string (GcGraph    *self,
                     const char *text)
{
  gpointer number = g_hash_table_lookup (self->string_index, text);
  char *copy;

  if (number != NULL)
    return GPOINTER_TO_UINT (number) - 1;
  copy = g_strdup (text);
  g_ptr_array_add (self->strings, copy);
  g_hash_table_insert (self->string_index, copy, GUINT_TO_POINTER (self->strings->len));
  return self->strings->len - 1;
}

/* The word that says which node an object has, + 1; NULL if there is no table and none can be made. */
static guint32 *
find_place (GcGraph       *self,
            gconstpointer  object,
            gboolean       create)
{
  GcSlab *slab = gc_slab_of (object);
  gboolean is_large = slab->kind != GC_SLAB_BLOCKS_KIND;
  gsize unit = is_large ? GC_PAGE_SIZE : GC_GRANULE;

  if (G_UNLIKELY (slab->walk == NULL))
    {
      if (!create)
        return NULL;
      slab->walk = g_try_new0 (guint32, GC_SLAB_SIZE / unit);
      if (slab->walk == NULL)
        {
          self->has_failed = TRUE;
          return NULL;
        }
      g_ptr_array_add (self->slabs, slab);
    }
  return (guint32 *) slab->walk + ((guintptr) object & GC_SLAB_MASK) / unit;
}

/* The node of an object, or 0, which is no object's. Under the hold. */
guint32
gc_graph_find (GcGraph       *self,
               gconstpointer  object)
{
  guint32 *place = gc_heap_of (object) == &self->arena->heap ? find_place (self, object, FALSE) : NULL;

  return place != NULL && *place > 0 ? *place - 1 : 0;
}

/* A new node that the one being walked leads to, or NULL. */
static GcNode *
add_node (GcGraph    *self,
          GcEdgeKind  edge_kind,
          guint32     edge_name)
{
  GcNode *node = self->nodes.n < GC_GRAPH_MAX_NODES ? gc_graph_grow (self, &self->nodes, sizeof *node) : NULL;

  if (node == NULL)
    {
      self->has_failed = TRUE;
      return NULL;
    }
  *node = (GcNode) {
    .parent = self->current, .parent_name = edge_name, .parent_kind = edge_kind,
    .wants_id = (self->flags & GC_GRAPH_IDS) != 0,
  };
  return node;
}

/* The node of an object, made if there is none; 0 if it can't be. */
static guint32
need_node (GcGraph    *self,
           GcEdgeKind  edge_kind,
           guint32     edge_name,
           gpointer    object)
{
  guint32 *place;
  GcNode *node;

  /* A program that mixed up its arenas is not followed there. */
  if (gc_heap_of (object) != &self->arena->heap)
    return 0;
  place = find_place (self, object, TRUE);
  if (place == NULL)
    return 0;
  if (*place != 0)
    return *place - 1;
  node = add_node (self, edge_kind, edge_name);
  if (node == NULL)
    return 0;
  node->object = object;
  *place = self->nodes.n;
  gc_graph_describe (self, node, object);
  if (object == self->target)
    self->target_node = self->nodes.n - 1;
  return self->nodes.n - 1;
}

/* What is no object of the arena, and belongs to the node being walked. */
guint32
gc_graph_add_native (GcGraph    *self,
                     const char *name,
                     gsize       size)
{
  guint32 edge_name = gc_graph_add_string (self, name);
  GcNode *node = add_node (self, GC_EDGE_INTERNAL, edge_name);

  if (node == NULL)
    return 0;
  node->kind = GC_NODE_NATIVE;
  node->name = edge_name;
  node->size = size;
  return self->nodes.n - 1;
}

/* An edge from the node being walked. */
void
gc_graph_add_edge (GcGraph    *self,
                   GcEdgeKind  kind,
                   guint32     name,
                   guint32     to)
{
  GcEdge *edge;

  if (!(self->flags & GC_GRAPH_EDGES))
    return;
  edge = gc_graph_grow (self, &self->edges, sizeof *edge);
  if (edge == NULL)
    return;
  *edge = (GcEdge) { name, to << 3 | kind };
  gc_graph_node (self, self->current)->n_edges++;
}

/* The same for what a slot holds. What a weak one refers to may turn out not to be there. */
void
gc_graph_add_ref (GcGraph    *self,
                  GcEdgeKind  kind,
                  guint32     name,
                  gpointer    word)
{
  guint32 to;
  gpointer *weak;

  if (!gc_is_ref (word) || self->has_failed)
    return;
  if (kind != GC_EDGE_WEAK)
    {
      to = need_node (self, kind, name, word);
      if (to > 0)
        gc_graph_add_edge (self, kind, name, to);
    }
  else if (self->flags & GC_GRAPH_EDGES)
    {
      weak = self->weak.n < GC_GRAPH_MAX_NODES ? gc_graph_grow (self, &self->weak, sizeof *weak) : NULL;
      self->has_failed |= weak == NULL;
      if (weak == NULL)
        return;
      *weak = word;
      gc_graph_add_edge (self, kind, name, self->weak.n - 1);
    }
}

/* An edge from a node that may have been walked already. */
void
gc_graph_add_late_ref (GcGraph  *self,
                       guint32   from,
                       guint32   name,
                       gpointer  object)
{
  guint32 current = self->current;
  GcLateEdge *late;
  guint32 to;

  self->current = from;
  to = gc_is_ref (object) ? need_node (self, GC_EDGE_INTERNAL, name, object) : 0;
  self->current = current;
  if (to == 0 || !(self->flags & GC_GRAPH_EDGES))
    return;
  late = gc_graph_grow (self, &self->late, sizeof *late);
  if (late == NULL)
    return;
  *late = (GcLateEdge) { from, { name, to << 3 | GC_EDGE_INTERNAL } };
  gc_graph_node (self, from)->n_edges++;
}

static void
visit_external (gpointer object,
                gpointer data)
{
  GcGraph *self = data;

  /* Who asks what keeps an object may well have a reference to it. */
  if (object != self->target || !self->stops)
    gc_graph_add_ref (self, GC_EDGE_ELEMENT, self->n_traced++, object);
}

/* By the GObject's type, where that is known. */
static void
visit_peer (GcPeer  *peer,
            GObject *object,
            gpointer data)
{
  GcGraph *self = data;
  const char *name = object != NULL ? G_OBJECT_TYPE_NAME (object) : "GObject";

  gc_graph_add_ref (self, GC_EDGE_INTERNAL, gc_graph_add_string (self, name), peer);
}

static void
walk_synthetic (GcGraph *self)
{
  guint32 i = 0;

  switch (self->current)
    {
    case GC_NODE_TOP:
      gc_graph_add_edge (self, GC_EDGE_ELEMENT, 0, GC_NODE_ROOTS);
      break;
    case GC_NODE_ROOTS:
      for (guint32 to = GC_NODE_ARENA_ROOT; to < GC_NODE_FIRST_OBJECT; to++)
        gc_graph_add_edge (self, GC_EDGE_ELEMENT, i++, to);
      break;
    case GC_NODE_ARENA_ROOT:
      gc_graph_add_ref (self, GC_EDGE_PROPERTY, gc_graph_add_string (self, "root"), self->arena->root);
      break;
    case GC_NODE_SCOPED_ROOTS:
      for (GcMutator *mutator = &self->arena->first; mutator != NULL; mutator = mutator->next)
        for (GcMutation *m = mutator->innermost; m != NULL; m = m->outer)
          for (GcRoot *root = m->roots; root != NULL; root = root->previous)
            gc_graph_add_ref (self, GC_EDGE_ELEMENT, i++, *root->variable);
      break;
    case GC_NODE_EXTERNAL_REFERENCES:
      self->n_traced = 0;
      gc_external_foreach (&self->arena->heap, visit_external, self);
      break;
    default:
      gc_peers_foreach_root (self->arena, visit_peer, self);
    }
}

static void
add_synthetic (GcGraph *self)
{
  for (guint32 i = 0; i < GC_NODE_FIRST_OBJECT; i++)
    {
      GcNode *node;

      self->current = i > GC_NODE_ROOTS ? GC_NODE_ROOTS : GC_NODE_TOP;
      node = add_node (self, GC_EDGE_ELEMENT, 0);
      if (node == NULL)
        return;
      node->kind = GC_NODE_SYNTHETIC;
      node->name = gc_graph_add_string (self, synthetic_names[i]);
    }
}

/* Gives weak edges their ends, and drops those to what only weak references lead to. */
static void
settle_weak (GcGraph *self)
{
  GcEdge *from = self->edges.data, *to = self->edges.data;
  const GcLateEdge *late = self->late.data, *late_end = late + self->late.n;

  if (self->weak.n == 0)
    return;
  for (guint32 i = 0; i < self->nodes.n; i++)
    {
      GcNode *node = gc_graph_node (self, i);
      guint32 n = node->n_edges;

      for (; late < late_end && late->from == i; late++)
        n--;
      while (n-- > 0)
        {
          GcEdge edge = *from++;

          if (gc_edge_kind (&edge) == GC_EDGE_WEAK)
            {
              guint32 target = gc_graph_find (self, ((gpointer *) self->weak.data)[gc_edge_to (&edge)]);

              if (target == 0)
                {
                  node->n_edges--;
                  continue;
                }
              edge.to_and_kind = target << 3 | GC_EDGE_WEAK;
            }
          *to++ = edge;
        }
    }
  self->edges.n = to - (GcEdge *) self->edges.data;
}

static int
compare_late (gconstpointer a,
              gconstpointer b)
{
  guint32 x = ((const GcLateEdge *) a)->from, y = ((const GcLateEdge *) b)->from;

  return (x > y) - (x < y);
}

static void
walk (GcGraph *self)
{
  add_synthetic (self);
  for (guint32 i = 0; i < self->nodes.n && !self->has_failed && !(self->stops && self->target_node != 0); i++)
    {
      gpointer object = gc_graph_node (self, i)->object;

      self->current = i;
      if (i + AHEAD < self->nodes.n)
        __builtin_prefetch (gc_graph_node (self, i + AHEAD)->object);
      if (object != NULL)
        gc_graph_walk_object (self, object);
      else if (i < GC_NODE_FIRST_OBJECT)
        walk_synthetic (self);
    }
  if (self->stops && self->target_node == 0 && gc_external_has (&self->arena->heap, self->target))
    {
      self->current = GC_NODE_EXTERNAL_REFERENCES;
      need_node (self, GC_EDGE_ELEMENT, 0, (gpointer) self->target);
    }
  if (self->has_failed)
    return;
  if (self->late.n > 1)
    qsort (self->late.data, self->late.n, sizeof (GcLateEdge), compare_late);
  settle_weak (self);
}

/* What only the walk needs; under the hold. */
static void
end_walk (GcGraph *self)
{
  for (guint i = 0; i < self->slabs->len; i++)
    g_clear_pointer (&((GcSlab *) self->slabs->pdata[i])->walk, g_free);
  g_clear_pointer (&self->slabs, g_ptr_array_unref);
  g_clear_pointer (&self->weak.data, g_free);
  g_clear_pointer (&self->waiting, g_hash_table_unref);
  g_clear_pointer (&self->waiting_values.data, g_free);
  gc_graph_clear_classes (self);
}

void
gc_graph_free (GcGraph *self)
{
  g_free (self->nodes.data);
  g_free (self->edges.data);
  g_free (self->late.data);
  g_hash_table_unref (self->string_index);
  g_ptr_array_unref (self->strings);
  g_free (self);
}

static GcGraph *
make (GcArena       *arena,
      GcGraphFlags   flags,
      gconstpointer  target,
      gboolean       stops,
      GError       **error)
{
  g_autoptr (GcGraph) self = g_new0 (GcGraph, 1);
  g_autoptr (GcStats) stats = NULL;
  GcScope scope;

  self->arena = arena;
  self->flags = flags;
  self->target = target;
  self->stops = stops;
  self->string_index = g_hash_table_new (g_str_hash, g_str_equal);
  self->strings = g_ptr_array_new_with_free_func (g_free);
  self->slabs = g_ptr_array_new ();

  gc_scope_enter_alone (&scope, arena);
  walk (self);
  if (stops)
    for (guint32 i = self->target_node; i >= GC_NODE_FIRST_OBJECT; i = gc_graph_node (self, i)->parent)
      gc_graph_node (self, i)->wants_id = TRUE;
  if (!self->has_failed && (stops || flags & GC_GRAPH_IDS))
    self->has_failed = !gc_serials_assign (arena, self);
  stats = gc_arena_get_stats (arena);
  self->stats = *stats;
  end_walk (self);
  gc_scope_leave_alone (&scope);

  if (self->has_failed)
    {
      g_set_error_literal (error, GC_ERROR, GC_ERROR_NO_MEMORY, "There is no memory for a picture of the heap");
      return NULL;
    }
  return g_steal_pointer (&self);
}

/* Everything that is alive. If there is a @target, its node is looked for. */
GcGraph *
gc_graph_new (GcArena       *arena,
              GcGraphFlags   flags,
              gconstpointer  target,
              GError       **error)
{
  return make (arena, flags, target, FALSE, error);
}

/* What is at most as far from the roots as @target is; with no edges but those by which nodes were
 * found. The nodes on the way to it have ids. */
GcGraph *
gc_graph_new_until (GcArena       *arena,
                    gconstpointer  target,
                    GError       **error)
{
  return make (arena, 0, target, TRUE, error);
}

/* How people write a field or an element. */
char *
gc_graph_edge_label (const GcGraph *self,
                     GcEdgeKind     kind,
                     guint32        name)
{
  if (kind == GC_EDGE_ELEMENT)
    return g_strdup_printf ("[%u]", name);
  return g_strdup (gc_graph_string (self, name));
}
