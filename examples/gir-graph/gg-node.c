/* The objects of a graph: their types, and how they are linked.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-node-private.h"

#include <string.h>

/**
 * GgNode: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * What a GIR file describes: a namespace, a type, a function, a parameter...
 */
GC_DEFINE_TYPE (GgNode, gg_node, GC_TYPE_OBJECT,
                GC_FIELD (GgNode, owner)
                GC_FIELD (GgNode, next)
                GC_FIELD (GgNode, first)
                GC_FIELD (GgNode, last)
                GC_FIELD (GgNode, references)
                GC_FIELD (GgNode, name)
                GC_FIELD (GgNode, doc))

/**
 * GgType: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * A node that others refer to.
 */
GC_DEFINE_TYPE (GgType, gg_type, GG_TYPE_NODE,
                GC_FIELD (GgType, referrers))

/**
 * GgNamespace: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * A namespace: all that one GIR file describes.
 */
GC_DEFINE_TYPE (GgNamespace, gg_namespace, GG_TYPE_NODE,
                GC_FIELD (GgNamespace, version)
                GC_FIELD (GgNamespace, types))

/**
 * GgReference: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * That a node mentions a type.
 */
GC_DEFINE_TYPE (GgReference, gg_reference, GC_TYPE_OBJECT,
                GC_FIELD (GgReference, next)
                GC_FIELD (GgReference, source)
                GC_FIELD (GgReference, target)
                GC_FIELD (GgReference, name))

static void
gg_doc_finalize (GcObject *object)
{
  g_free (GG_DOC (object)->text);
  GC_OBJECT_CLASS (gg_doc_parent_class)->finalize (object);
}

GC_DEFINE_TYPE (GgDoc, gg_doc, GC_TYPE_OBJECT,
                GC_FINALIZE (gg_doc_finalize))

/* Makes a node, which is a GgType where @kind says so. */
GgNode *
gg_node_new (GcMutation *m,
             GgKind      kind,
             GcString   *name)
{
  GgNode *self = gg_kind_is_type (kind) ? GG_NODE (gc_new (m, GgType)) : gc_new (m, GgNode);

  self->kind = kind;
  gc_set (self, name, name);
  return self;
}

/* Makes @node the last one that @self owns. */
void
gg_node_append (GgNode *self,
                GgNode *node)
{
  gc_set (node, owner, self);
  if (self->last != NULL)
    gc_set (self->last, next, node);
  else
    gc_set (self, first, node);
  gc_set (self, last, node);
}

void
gg_node_set_doc (GgNode     *self,
                 GcMutation *m,
                 const char *text)
{
  GgDoc *doc = gc_new (m, GgDoc);

  doc->text = g_strdup (text);
  gc_object_add_external_bytes (GC_OBJECT (doc), strlen (text) + 1);
  gc_set (self, doc, doc);
}

/* Adds a reference to the type called @name, which is not looked for yet. */
void
gg_node_add_reference (GgNode     *self,
                       GcMutation *m,
                       GgRelation  relation,
                       const char *name)
{
  GgReference *reference = gc_new (m, GgReference);

  reference->relation = relation;
  gc_set (reference, source, self);
  gc_set (reference, name, gc_string_intern (m, name));
  gc_set (reference, next, self->references);
  gc_set (self, references, reference);
}

/* Has @self refer to @target, which knows of it as long as @self lives. */
void
gg_reference_resolve (GgReference *self,
                      GcMutation  *m,
                      GgType      *target)
{
  gc_set (self, target, target);
  if (target->referrers == NULL)
    gc_set (target, referrers, gc_table_new (m, GC_TABLE_WEAK_KEYS));
  gc_table_insert (target->referrers, self, gc_tag_int (1));
}

GgNamespace *
gg_namespace_new (GcMutation *m,
                  const char *name,
                  const char *version)
{
  GgNamespace *self = gc_new (m, GgNamespace);

  GG_NODE (self)->kind = GG_KIND_NAMESPACE;
  gc_set (GG_NODE (self), name, gc_string_intern (m, name));
  gc_set (self, version, gc_string_intern (m, version));
  gc_set (self, types, gc_table_new (m, GC_TABLE_STRONG));
  return self;
}

/* The name, until the scope ends. */
const char *
gg_node_peek_name (GgNode *self)
{
  return self->name != NULL ? gc_string_get_text (self->name) : "";
}

/* The namespace that @self belongs to. */
GgNamespace *
gg_node_peek_namespace (GgNode *self)
{
  while (self->owner != NULL)
    self = self->owner;
  return GG_NAMESPACE (self);
}

/**
 * gg_node_get_kind:
 * @self: a node
 *
 * Gives what @self stands for.
 *
 * Returns: its kind
 */
GgKind
gg_node_get_kind (GgNode *self)
{
  g_return_val_if_fail (GG_IS_NODE (self), GG_KIND_NAMESPACE);

  return self->kind;
}

/**
 * gg_node_get_name:
 * @self: a node
 *
 * Gives the name of @self in what owns it.
 *
 * Returns: (transfer full): its name, or an empty string
 */
char *
gg_node_get_name (GgNode *self)
{
  g_return_val_if_fail (GG_IS_NODE (self), NULL);
  GG_SCOPE (self);

  return g_strdup (gg_node_peek_name (self));
}

static void
append_full_name (GString *text,
                  GgNode  *node)
{
  const char *name = gg_node_peek_name (node);

  if (node->owner != NULL)
    append_full_name (text, node->owner);
  if (node->kind == GG_KIND_CALLBACK && node->owner->kind == GG_KIND_FIELD)
    return;                     /* the field has the same name */
  switch (node->kind)
    {
    case GG_KIND_PARAMETER:
      g_string_append_printf (text, "(%s)", name);
      break;
    case GG_KIND_RETURN_VALUE:
      g_string_append (text, "()");
      break;
    case GG_KIND_SIGNAL:
      g_string_append_printf (text, "::%s", name);
      break;
    case GG_KIND_PROPERTY:
      g_string_append_printf (text, ":%s", name);
      break;
    default:
      if (text->len > 0)
        g_string_append_c (text, '.');
      if (node->kind == GG_KIND_VIRTUAL_METHOD)
        g_string_append (text, "vfunc_");
      if (node->name == NULL && node->kind != GG_KIND_NAMESPACE)
        g_string_append_printf (text, "<%s>", gg_kind_to_string (node->kind));
      g_string_append (text, name);
    }
}

/**
 * gg_node_get_full_name:
 * @self: a node
 *
 * Gives the name of @self with those of its owners, as in Gio.File.read(cancellable).
 *
 * Returns: (transfer full): its full name
 */
char *
gg_node_get_full_name (GgNode *self)
{
  GString *text;

  g_return_val_if_fail (GG_IS_NODE (self), NULL);
  GG_SCOPE (self);

  text = g_string_new (NULL);
  append_full_name (text, self);
  return g_string_free (text, FALSE);
}

/**
 * gg_node_get_summary:
 * @self: a node
 *
 * Gives the first sentence of the documentation of @self.
 *
 * Returns: (transfer full) (nullable): a sentence, or %NULL without documentation
 */
char *
gg_node_get_summary (GgNode *self)
{
  const char *text, *end;
  char *summary;

  g_return_val_if_fail (GG_IS_NODE (self), NULL);
  GG_SCOPE (self);

  if (self->doc == NULL)
    return NULL;
  text = self->doc->text;
  for (end = text; *end != '\0'; end++)
    if ((*end == '.' && (end[1] == '\0' || g_ascii_isspace (end[1]))) ||
        (*end == '\n' && end[1] == '\n'))
      break;
  summary = g_strndup (text, end - text);
  return g_strdelimit (summary, "\n", ' ');
}

/**
 * gg_node_get_owner: (skip)
 * @self: a node
 *
 * Gives the node that @self belongs to, inside a scope.
 *
 * Returns: (transfer none) (nullable): its owner, or %NULL for a namespace
 */
/**
 * gg_node_dup_owner: (rename-to gg_node_get_owner)
 * @self: a node
 *
 * Gives the node that @self belongs to.
 *
 * Returns: (transfer full) (nullable): its owner, or %NULL for a namespace
 */
GC_DEFINE_GETTER (GgNode, gg_node, GgNode, owner)

/**
 * gg_node_list_members:
 * @self: a node
 * @n: (out): how many there are
 *
 * Lists what belongs to @self: the types of a namespace, the methods of a
 * class, the parameters of a method...
 *
 * Returns: (transfer container) (array length=n): nodes, in the order of the file
 */
GgNode **
gg_node_list_members (GgNode *self,
                      gsize  *n)
{
  GPtrArray *members;

  g_return_val_if_fail (GG_IS_NODE (self), NULL);
  GG_SCOPE (self);

  members = g_ptr_array_new ();
  for (GgNode *node = self->first; node != NULL; node = node->next)
    g_ptr_array_add (members, node);
  return gg_list_steal (members, n);
}

/**
 * gg_namespace_get_version:
 * @self: a namespace
 *
 * Gives the version of @self.
 *
 * Returns: (transfer full): the version, as in 2.0
 */
char *
gg_namespace_get_version (GgNamespace *self)
{
  g_return_val_if_fail (GG_IS_NAMESPACE (self), NULL);
  GG_SCOPE (self);

  return g_strdup (gc_string_get_text (self->version));
}

/**
 * gg_reference_get_source: (skip)
 * @self: a reference
 *
 * Gives the node that mentions a type, inside a scope.
 *
 * Returns: (transfer none): the node
 */
/**
 * gg_reference_dup_source: (rename-to gg_reference_get_source)
 * @self: a reference
 *
 * Gives the node that mentions a type.
 *
 * Returns: (transfer full): the node
 */
GC_DEFINE_GETTER (GgReference, gg_reference, GgNode, source)

/**
 * gg_reference_get_target: (skip)
 * @self: a reference
 *
 * Gives the type that is mentioned, inside a scope.
 *
 * Returns: (transfer none) (nullable): the type, or %NULL if the reference dangles
 */
/**
 * gg_reference_dup_target: (rename-to gg_reference_get_target)
 * @self: a reference
 *
 * Gives the type that is mentioned.
 *
 * Returns: (transfer full) (nullable): the type, or %NULL if the reference dangles
 */
GC_DEFINE_GETTER (GgReference, gg_reference, GgType, target)

/**
 * gg_reference_get_relation:
 * @self: a reference
 *
 * Gives how the source refers to the target.
 *
 * Returns: the relation
 */
GgRelation
gg_reference_get_relation (GgReference *self)
{
  g_return_val_if_fail (GG_IS_REFERENCE (self), GG_RELATION_TYPE);

  return self->relation;
}
