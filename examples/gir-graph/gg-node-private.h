/* How the objects of a graph are laid out.
 *
 * The graph is a tree of nodes (a namespace, its types, their members, and so
 * on) that know their owners, and across it references from nodes to types,
 * which know who refers to them. Reference counts would need to know which of
 * these links owns what; here they are all alike, except that a type does not
 * keep those alive that refer to it.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include "gg-node.h"

G_BEGIN_DECLS

GC_DECLARE_TYPE (GgDoc, gg_doc, GG, DOC, GcObject)

struct _GgNode
{
  GcObject parent_instance;
  GC_REF (GgNode) owner;            /* NULL for a namespace */
  GC_REF (GgNode) next;             /* the next node of the same owner */
  GC_REF (GgNode) first, last;      /* what it owns itself, a list */
  GC_REF (GgReference) references;  /* to types, a list */
  GC_REF (GcString) name;           /* interned; NULL where there is none */
  GC_REF (GgDoc) doc;
  GgKind kind;
};

struct _GgType
{
  GgNode parent_instance;

  /* Who refers to it: a table whose keys are references, all weak. That Gio's
   * classes derive from it does not let GObject.Object keep Gio alive. */
  GC_REF (GcTable) referrers;
};

struct _GgNamespace
{
  GgNode parent_instance;
  GC_REF (GcString) version;
  GC_REF (GcTable) types;           /* by name */
};

/* That @source mentions a type. */
struct _GgReference
{
  GcObject parent_instance;
  GC_REF (GgReference) next;        /* the next one of the same source */
  GC_REF (GgNode) source;
  GC_REF (GgType) target;           /* NULL while it is not resolved */
  GC_REF (GcString) name;           /* as the file has it */
  GgRelation relation;
};

/* A piece of documentation: most of the text of a file, and nothing that a
 * collector would have to look at. A type of its own, because only what has a
 * finalizer costs anything when it dies. */
struct _GgDoc
{
  GcObject parent_instance;
  char *text;                       /* outside of the heap, owned */
};

GgNode      *gg_node_new            (GcMutation  *m,
                                     GgKind       kind,
                                     GcString    *name);
void         gg_node_append         (GgNode      *self,
                                     GgNode      *node);
void         gg_node_set_doc        (GgNode      *self,
                                     GcMutation  *m,
                                     const char  *text);
void         gg_node_add_reference  (GgNode      *self,
                                     GcMutation  *m,
                                     GgRelation   relation,
                                     const char  *name);
const char  *gg_node_peek_name      (GgNode      *self);
GgNamespace *gg_node_peek_namespace (GgNode      *self);

GgNamespace *gg_namespace_new       (GcMutation  *m,
                                     const char  *name,
                                     const char  *version);

void         gg_reference_resolve   (GgReference *self,
                                     GcMutation  *m,
                                     GgType      *target);

/* A scope for a function that a script calls outside of one. Its end is no safe
 * point: what the function returns is still there when the script takes its
 * reference. */
typedef struct
{
  GcArena    *arena;
  GcMutation *m;
} GgScope;

static inline GgScope
gg_scope_enter (gpointer object)
{
  GgScope scope;

  scope.arena = g_object_ref (gc_object_get_arena (object));
  gc_arena_inhibit (scope.arena);
  scope.m = gc_arena_begin (scope.arena);
  return scope;
}

static inline void
gg_scope_leave (GgScope *scope)
{
  gc_mutation_finish (scope->m);
  gc_mutation_unref (scope->m);
  gc_arena_uninhibit (scope->arena);
  g_object_unref (scope->arena);
}

#define GG_SCOPE(object) \
  __attribute__ ((cleanup (gg_scope_leave), unused)) GgScope scope = gg_scope_enter (object)

/* Gives @list's array away. Nothing is collected in a scope, so that plain memory
 * can hold objects there. */
static inline gpointer
gg_list_steal (GPtrArray *list,
               gsize     *n)
{
  gpointer array = g_ptr_array_steal (list, n);

  g_ptr_array_unref (list);
  return array;
}

G_END_DECLS
