/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Stable ids, for comparing two pictures of a heap: an object keeps the one that it was given first,
 * and no other ever gets it. 16 bytes for each object that was in a picture and lives.
 *
 * There is no way from an object to its id but through a picture's index of objects, so that a list is
 * enough. What is known to be old stands at its beginning: a minor collection does not look at it. */

#include "gcobj/gc-graph-private.h"

#define SLICE          256      /* entries between two looks at the budget */
#define FIRST_SERIAL   16       /* lower ones are for nodes that are no objects */

typedef struct
{
  gpointer object;
  guint64  serial;
} Entry;

typedef struct
{
  GcWeakHolder holder;
  Entry       *entries;
  gsize        n, room;
  gsize        n_old;
  gsize        cursor;          /* of clearing */
  gboolean     is_begun;
  guint64      last;
  guint64      identity;        /* whose ids they are: of two arenas' snapshots nothing compares */
} Serials;

static void
restart (GcWeakHolder *holder)
{
  ((Serials *) holder)->is_begun = FALSE;
}

static gboolean
process (GcWeakHolder *holder,
         GcHeap       *heap,
         GcBudget     *budget)
{
  Serials *self = (Serials *) holder;
  guint ticks = 0;

  if (!self->is_begun)
    {
      if (!heap->is_minor)
        self->n_old = 0;
      self->cursor = self->n_old;
      self->is_begun = TRUE;
    }
  while (self->cursor < self->n)
    {
      Entry *entry = &self->entries[self->cursor];

      if (gc_heap_is_dead (heap, entry->object))
        *entry = self->entries[--self->n];
      else
        {
          if (gc_is_marked (heap, entry->object))
            {
              Entry old = *entry;

              *entry = self->entries[self->n_old];
              self->entries[self->n_old++] = old;
            }
          self->cursor++;
        }
      if (++ticks % SLICE == 0 && gc_budget_spend (budget, SLICE / 4))
        return FALSE;
    }
  return TRUE;
}

static void
relocate (GcWeakHolder *holder,
          GcHeap       *heap,
          GcTracer     *tracer)
{
  Serials *self = (Serials *) holder;

  (void) heap;
  for (gsize i = 0; i < self->n; i++)
    tracer->visit (tracer, &self->entries[i].object);
}

static Serials *
get (GcArena *arena)
{
  if (arena->serials == NULL)
    {
      Serials *self = g_new0 (Serials, 1);

      /* After resurrection: who comes back is who it was. */
      self->holder = (GcWeakHolder) {
        .stage = GC_WEAK_AFTER, .restart = restart, .process = process, .relocate = relocate
      };
      self->last = FIRST_SERIAL;
      self->identity = ((guint64) g_random_int () << 20 | g_random_int () >> 12) | 1;
      gc_heap_add_holder (&arena->heap, &self->holder);
      arena->serials = self;
    }
  return arena->serials;
}

void
gc_serials_clear (GcArena *arena)
{
  Serials *self = arena->serials;

  if (self == NULL)
    return;
  gc_heap_remove_holder (&arena->heap, &self->holder);
  g_free (self->entries);
  g_free (self);
  arena->serials = NULL;
}

static gboolean
reserve (Serials *self,
         gsize    n)
{
  gsize room = MAX (self->room * 2, self->n + n);
  Entry *entries;

  if (self->n + n <= self->room)
    return TRUE;
  entries = g_try_realloc_n (self->entries, room, sizeof *entries);
  if (entries == NULL)
    return FALSE;
  self->entries = entries;
  self->room = room;
  return TRUE;
}

/* Ids are odd for objects; an object's external bytes have the even one before it. */
static guint64
id_of (guint64 serial)
{
  return serial * 2 + 1;
}

/* Gives ids to the nodes that want one. FALSE if there is no memory. */
gboolean
gc_serials_assign (GcArena *arena,
                   GcGraph *graph)
{
  Serials *self = get (arena);
  gsize n_new = 0;

  graph->identity = self->identity;
  for (gsize i = 0; i < self->n; i++)
    {
      guint32 number = gc_graph_find (graph, self->entries[i].object);
      GcNode *node = gc_graph_node (graph, number);

      if (number > 0 && node->wants_id)
        node->id = id_of (self->entries[i].serial);
    }
  for (gsize i = 0; i < graph->nodes.n; i++)
    {
      const GcNode *node = gc_graph_node (graph, i);

      n_new += node->wants_id && node->object != NULL && node->id == 0;
    }
  if (!reserve (self, n_new))
    return FALSE;

  for (gsize i = 0; i < graph->nodes.n; i++)
    {
      GcNode *node = gc_graph_node (graph, i);

      if (!node->wants_id || node->id != 0)
        continue;
      if (node->kind == GC_NODE_SYNTHETIC)
        node->id = id_of (i);
      else if (node->object != NULL)
        {
          self->entries[self->n++] = (Entry) { node->object, ++self->last };
          node->id = id_of (self->last);
        }
    }
  /* What is no object comes after its owner, whose id is known by now. */
  for (gsize i = GC_NODE_FIRST_OBJECT; i < graph->nodes.n; i++)
    {
      GcNode *node = gc_graph_node (graph, i);

      if (!node->wants_id || node->kind != GC_NODE_NATIVE)
        continue;
      if (node[-1].kind != GC_NODE_NATIVE || node[-1].parent != node->parent)
        node->id = gc_graph_node (graph, node->parent)->id - 1;
      else
        node->id = id_of (++self->last) - 1;
    }
  return TRUE;
}
