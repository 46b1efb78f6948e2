/* The enumerations, with their names for people and for GType.
 *
 * SPDX-License-Identifier: CC0-1.0
 */

#include "gg-kind.h"

#define VALUE(value, nick) { value, #value, nick }

static const GEnumValue kind_values[] = {
  VALUE (GG_KIND_NAMESPACE, "namespace"),
  VALUE (GG_KIND_CLASS, "class"),
  VALUE (GG_KIND_INTERFACE, "interface"),
  VALUE (GG_KIND_RECORD, "record"),
  VALUE (GG_KIND_UNION, "union"),
  VALUE (GG_KIND_ENUMERATION, "enumeration"),
  VALUE (GG_KIND_BITFIELD, "bitfield"),
  VALUE (GG_KIND_CALLBACK, "callback"),
  VALUE (GG_KIND_ALIAS, "alias"),
  VALUE (GG_KIND_BASIC, "basic-type"),
  VALUE (GG_KIND_CONSTANT, "constant"),
  VALUE (GG_KIND_FUNCTION, "function"),
  VALUE (GG_KIND_CONSTRUCTOR, "constructor"),
  VALUE (GG_KIND_METHOD, "method"),
  VALUE (GG_KIND_VIRTUAL_METHOD, "virtual-method"),
  VALUE (GG_KIND_SIGNAL, "signal"),
  VALUE (GG_KIND_PROPERTY, "property"),
  VALUE (GG_KIND_FIELD, "field"),
  VALUE (GG_KIND_VALUE, "value"),
  VALUE (GG_KIND_PARAMETER, "parameter"),
  VALUE (GG_KIND_RETURN_VALUE, "return-value"),
  { 0, NULL, NULL },
};

static const char *const plurals[] = {
  "namespaces", "classes", "interfaces", "records", "unions", "enumerations", "bitfields",
  "callbacks", "aliases", "basic types", "constants", "functions", "constructors", "methods",
  "virtual methods", "signals", "properties", "fields", "values", "parameters", "return values",
};

static const GEnumValue relation_values[] = {
  VALUE (GG_RELATION_PARENT, "parent"),
  VALUE (GG_RELATION_IMPLEMENTS, "implements"),
  VALUE (GG_RELATION_PREREQUISITE, "prerequisite"),
  VALUE (GG_RELATION_CLASS_STRUCTURE, "class-structure"),
  VALUE (GG_RELATION_TYPE, "type"),
  VALUE (GG_RELATION_ELEMENT, "element"),
  { 0, NULL, NULL },
};

static const GEnumValue error_values[] = {
  VALUE (GG_ERROR_NOT_FOUND, "not-found"),
  VALUE (GG_ERROR_NOT_GIR, "not-gir"),
  VALUE (GG_ERROR_UNKNOWN, "unknown"),
  { 0, NULL, NULL },
};

G_STATIC_ASSERT (G_N_ELEMENTS (kind_values) == GG_N_KINDS + 1);
G_STATIC_ASSERT (G_N_ELEMENTS (plurals) == GG_N_KINDS);

#define DEFINE_ENUM(Name, name) \
  GType \
  gg_##name##_get_type (void) \
  { \
    static gsize type_id; \
    if (g_once_init_enter (&type_id)) \
      g_once_init_leave (&type_id, g_enum_register_static (#Name, name##_values)); \
    return type_id; \
  }

DEFINE_ENUM (GgKind, kind)
DEFINE_ENUM (GgRelation, relation)
DEFINE_ENUM (GgError, error)

G_DEFINE_QUARK (gg-error-quark, gg_error)

/**
 * gg_kind_to_string:
 * @kind: a kind
 *
 * Gives the name of one node of @kind.
 *
 * Returns: (transfer none): the name
 */
const char *
gg_kind_to_string (GgKind kind)
{
  g_return_val_if_fail (kind < GG_N_KINDS, NULL);

  return kind == GG_KIND_BASIC ? "basic type" :
         kind == GG_KIND_VIRTUAL_METHOD ? "virtual method" :
         kind == GG_KIND_RETURN_VALUE ? "return value" : kind_values[kind].value_nick;
}

/**
 * gg_kind_to_plural:
 * @kind: a kind
 *
 * Gives the name of several nodes of @kind.
 *
 * Returns: (transfer none): the name
 */
const char *
gg_kind_to_plural (GgKind kind)
{
  g_return_val_if_fail (kind < GG_N_KINDS, NULL);

  return plurals[kind];
}

/**
 * gg_kind_is_type:
 * @kind: a kind
 *
 * Whether nodes of @kind are types, which other nodes refer to.
 *
 * Returns: %TRUE for a type
 */
gboolean
gg_kind_is_type (GgKind kind)
{
  return kind >= GG_KIND_CLASS && kind <= GG_KIND_BASIC;
}
