/* What the nodes of a graph are, and how one refers to another.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * GgKind:
 * @GG_KIND_NAMESPACE: a namespace
 * @GG_KIND_CLASS: a class
 * @GG_KIND_INTERFACE: an interface
 * @GG_KIND_RECORD: a record, boxed or not
 * @GG_KIND_UNION: a union
 * @GG_KIND_ENUMERATION: an enumeration
 * @GG_KIND_BITFIELD: a set of flags
 * @GG_KIND_CALLBACK: the type of a function
 * @GG_KIND_ALIAS: another name for a type
 * @GG_KIND_BASIC: a type that no namespace defines, as gint and utf8
 * @GG_KIND_CONSTANT: a constant
 * @GG_KIND_FUNCTION: a function
 * @GG_KIND_CONSTRUCTOR: a constructor
 * @GG_KIND_METHOD: a method
 * @GG_KIND_VIRTUAL_METHOD: a virtual method
 * @GG_KIND_SIGNAL: a signal
 * @GG_KIND_PROPERTY: a property
 * @GG_KIND_FIELD: a field of a record, union or class
 * @GG_KIND_VALUE: a value of an enumeration or bitfield
 * @GG_KIND_PARAMETER: a parameter
 * @GG_KIND_RETURN_VALUE: what a function returns
 *
 * What a node stands for. Those from @GG_KIND_CLASS to @GG_KIND_BASIC are types.
 */
typedef enum
{
  GG_KIND_NAMESPACE,
  GG_KIND_CLASS,
  GG_KIND_INTERFACE,
  GG_KIND_RECORD,
  GG_KIND_UNION,
  GG_KIND_ENUMERATION,
  GG_KIND_BITFIELD,
  GG_KIND_CALLBACK,
  GG_KIND_ALIAS,
  GG_KIND_BASIC,
  GG_KIND_CONSTANT,
  GG_KIND_FUNCTION,
  GG_KIND_CONSTRUCTOR,
  GG_KIND_METHOD,
  GG_KIND_VIRTUAL_METHOD,
  GG_KIND_SIGNAL,
  GG_KIND_PROPERTY,
  GG_KIND_FIELD,
  GG_KIND_VALUE,
  GG_KIND_PARAMETER,
  GG_KIND_RETURN_VALUE
} GgKind;

#define GG_N_KINDS 21

/**
 * GgRelation:
 * @GG_RELATION_PARENT: a class and its parent class
 * @GG_RELATION_IMPLEMENTS: a class and an interface that it implements
 * @GG_RELATION_PREREQUISITE: an interface and what its implementations have to be
 * @GG_RELATION_CLASS_STRUCTURE: a structure and the class or interface that it is the virtual table of
 * @GG_RELATION_TYPE: a parameter, field, property... and its type
 * @GG_RELATION_ELEMENT: the same, and what its type contains
 *
 * How a node refers to a type.
 */
typedef enum
{
  GG_RELATION_PARENT,
  GG_RELATION_IMPLEMENTS,
  GG_RELATION_PREREQUISITE,
  GG_RELATION_CLASS_STRUCTURE,
  GG_RELATION_TYPE,
  GG_RELATION_ELEMENT
} GgRelation;

#define GG_TYPE_KIND     (gg_kind_get_type ())
#define GG_TYPE_RELATION (gg_relation_get_type ())
GType       gg_kind_get_type     (void) G_GNUC_CONST;
GType       gg_relation_get_type (void) G_GNUC_CONST;

const char *gg_kind_to_string    (GgKind kind);
const char *gg_kind_to_plural    (GgKind kind);
gboolean    gg_kind_is_type      (GgKind kind);

/**
 * GgError:
 * @GG_ERROR_NOT_FOUND: a file was not found
 * @GG_ERROR_NOT_GIR: a file is not a description of a namespace
 * @GG_ERROR_UNKNOWN: there is no such type or namespace in the graph
 *
 * Errors of the #GG_ERROR domain.
 */
typedef enum
{
  GG_ERROR_NOT_FOUND,
  GG_ERROR_NOT_GIR,
  GG_ERROR_UNKNOWN
} GgError;

#define GG_ERROR      (gg_error_quark ())
#define GG_TYPE_ERROR (gg_error_get_type ())
GQuark      gg_error_quark       (void);
GType       gg_error_get_type    (void) G_GNUC_CONST;

G_END_DECLS
