/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Types of records: which fields they have, where these are, and their registration. */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-record-private.h"
#include "gcobj/gc-type.h"

/* By name; the types are kept for ever, as GType keeps them. Nothing is called under this lock but
 * GType's registration, and that only once the parent's class exists: it then waits for
 * no lock under which a class is initialized, where ours is taken. */
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *registry;

/* What objects of a record type have as methods, or every object of a language. */
static const char *const reserved[] = {
  "abandon", "add_external_bytes", "construct", "copy", "dup_object", "dup_string", "finalize", "free",
  "get", "get_arena", "get_boolean", "get_double", "get_external_bytes", "get_field_type", "get_int64",
  "get_object", "get_record_type", "get_size", "get_string", "get_value", "has_field", "hash",
  "id_get_boolean", "id_get_double", "id_get_int64", "id_get_object", "id_get_string", "id_set_boolean",
  "id_set_double", "id_set_int64", "id_set_object", "id_set_string", "init", "list_fields", "new", "ref",
  "set", "set_boolean", "set_double", "set_int64", "set_object", "set_string", "set_value", "to_string",
  "trace", "type_get_field_type", "type_list_fields", "type_register", "unref",
  "constructor", "hasOwnProperty", "prototype", "toJSON", "toString", "valueOf",
  NULL
};

const GcRecordField *
gc_record_find_field (const GcRecordInfo *info,
                      const char         *name)
{
  return info != NULL ? g_hash_table_lookup (info->by_name, name) : NULL;
}

const char **
gc_record_copy_names (const GcRecordInfo *info,
                      gsize              *n_fields)
{
  guint n = info != NULL ? info->n_fields : 0;
  const char **names = g_new0 (const char *, n + 1);

  for (guint i = 0; i < n; i++)
    names[i] = info->fields[i].name;
  if (n_fields != NULL)
    *n_fields = n;
  return names;
}

/* An identifier in the languages that have records' fields as attributes, and none of
 * their own magic names. */
static gboolean
is_field_name (const char *name)
{
  if (!g_utf8_validate (name, -1, NULL) || g_str_has_prefix (name, "__") ||
      g_strv_contains (reserved, name))
    return FALSE;
  if (*name != '_' && !g_unichar_isalpha (g_utf8_get_char (name)))
    return FALSE;
  for (; *name != '\0'; name = g_utf8_next_char (name))
    if (*name != '_' && !g_unichar_isalnum (g_utf8_get_char (name)))
      return FALSE;
  return TRUE;
}

/* What GType accepts; it would only warn. */
static gboolean
is_type_name (const char *name)
{
  if (strlen (name) < 3 || !(g_ascii_isalpha (name[0]) || name[0] == '_'))
    return FALSE;
  for (; *name != '\0'; name++)
    if (!g_ascii_isalnum (*name) && strchr ("-_+", *name) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
get_kind (GType        type,
          GcFieldKind *kind)
{
  if (type == G_TYPE_NONE || g_type_is_a (type, GC_TYPE_OBJECT))
    *kind = GC_FIELD_OBJECT;
  else if (!G_TYPE_IS_VALUE (type) || G_TYPE_FUNDAMENTAL (type) == G_TYPE_POINTER)
    return FALSE;
  else if (gc_scalar_get_size (type) > 0)
    *kind = GC_FIELD_SCALAR;
  else if (type == G_TYPE_STRING)
    *kind = GC_FIELD_STRING;
  else
    *kind = GC_FIELD_HELD;
  return TRUE;
}

static void
info_free (GcRecordInfo *info)
{
  g_free (info->name);
  g_strfreev (info->own_names);
  g_free (info->fields);
  g_clear_pointer (&info->by_name, g_hash_table_unref);
  g_free (info->by_id);
  g_free (info);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcRecordInfo, info_free)

/* Places the type's own fields behind the parent's, from large to small: without gaps. */
static gboolean
lay_out (GcRecordInfo  *info,
         GError       **error)
{
  for (gsize size = sizeof (gint64); size > 0; size /= 2)
    for (guint i = info->n_inherited; i < info->n_fields; i++)
      if (info->fields[i].size == size)
        {
          info->fields[i].offset = (info->size + size - 1) & ~(size - 1);
          info->size = info->fields[i].offset + size;
          if (info->size > G_MAXUINT16)
            {
              g_set_error (error, GC_ERROR, GC_ERROR_RANGE, "%s: too many fields", info->name);
              return FALSE;
            }
        }
  return TRUE;
}

/* At most half full. Ids are numbers in a row, mostly, so that each has its place. */
static void
index_ids (GcRecordInfo *info)
{
  guint size = 2;

  while (size < 2 * info->n_fields)
    size *= 2;
  info->by_id = g_new0 (const GcRecordField *, size);
  info->id_mask = size - 1;
  for (guint i = 0; i < info->n_fields; i++)
    {
      guint place = info->fields[i].id & info->id_mask;

      while (info->by_id[place] != NULL)
        place = (place + 1) & info->id_mask;
      info->by_id[place] = &info->fields[i];
    }
}

static GcRecordInfo *
make_info (const char          *name,
           const GcRecordInfo  *parent,
           const char *const   *names,
           const GType         *types,
           gsize                n,
           GError             **error)
{
  g_autoptr (GcRecordInfo) info = g_new0 (GcRecordInfo, 1);

  info->name = g_strdup (name);
  info->own_names = n > 0 ? g_strdupv ((char **) names) : NULL;
  info->n_inherited = parent != NULL ? parent->n_fields : 0;
  info->n_fields = info->n_inherited + n;
  info->size = parent != NULL ? parent->size : sizeof (GcRecord);
  info->fields = g_new0 (GcRecordField, info->n_fields);
  info->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < info->n_inherited; i++)
    {
      info->fields[i] = parent->fields[i];
      g_hash_table_insert (info->by_name, (gpointer) info->fields[i].name, &info->fields[i]);
    }

  for (gsize i = 0; i < n; i++)
    {
      GcRecordField *field = &info->fields[info->n_inherited + i];

      *field = (GcRecordField) { .name = info->own_names[i], .type = types[i] };
      if (!is_field_name (names[i]))
        {
          g_autofree char *shown = g_utf8_make_valid (names[i], -1);

          g_set_error (error, GC_ERROR, GC_ERROR_NAME, "%s: a field can't be named '%s'", name, shown);
          return NULL;
        }
      if (!get_kind (types[i], &field->kind))
        {
          const char *type_name = g_type_name (types[i]);

          g_set_error (error, GC_ERROR, GC_ERROR_TYPE, "%s.%s: a field can't be of type %s", name,
                       names[i], type_name != NULL ? type_name : "<invalid>");
          return NULL;
        }
      field->size = field->kind == GC_FIELD_SCALAR ? gc_scalar_get_size (types[i]) : sizeof (gpointer);
      field->id = g_quark_from_string (field->name);
      if (!g_hash_table_insert (info->by_name, (gpointer) field->name, field))
        {
          g_set_error (error, GC_ERROR, GC_ERROR_NAME, "%s: there are two fields '%s'", name, names[i]);
          return NULL;
        }
    }
  index_ids (info);
  return lay_out (info, error) ? g_steal_pointer (&info) : NULL;
}

static gboolean
is_same (const GcRecordInfo *a,
         const GcRecordInfo *b)
{
  if (a->parent != b->parent || a->n_fields != b->n_fields)
    return FALSE;
  for (guint i = a->n_inherited; i < a->n_fields; i++)
    {
      GType type = b->fields[i].type == G_TYPE_NONE ? a->type : b->fields[i].type;

      if (!g_str_equal (a->fields[i].name, b->fields[i].name) || a->fields[i].type != type)
        return FALSE;
    }
  return TRUE;
}

static void
class_init (gpointer g_class)
{
  GcRecordClass *klass = g_class;

  pthread_mutex_lock (&registry_lock);
  klass->info = g_hash_table_lookup (registry, g_type_name (G_TYPE_FROM_CLASS (g_class)));
  pthread_mutex_unlock (&registry_lock);
}

/* What GC_DEFINE_TYPE() would list. */
static const GcTypeEntry *
make_entries (const GcRecordInfo *info)
{
  guint n_own = info->n_fields - info->n_inherited;
  GcTypeEntry *entries = g_new0 (GcTypeEntry, n_own + 3);
  GcTypeEntry *entry = entries;
  gboolean holds = FALSE;

  for (guint i = info->n_inherited; i < info->n_fields; i++)
    {
      const GcRecordField *field = &info->fields[i];

      if (field->kind == GC_FIELD_OBJECT || field->kind == GC_FIELD_STRING)
        *entry++ = (GcTypeEntry) { .kind = GC_ENTRY_SLOTS, .offset = field->offset,
                                   .size = sizeof (gpointer), .name = field->name };
      else if (field->kind == GC_FIELD_HELD)
        holds = TRUE;
    }
  if (holds)
    *entry++ = (GcTypeEntry) { .kind = GC_ENTRY_FINALIZE, .function = (GCallback) gc_record_finalize };
  *entry++ = (GcTypeEntry) { .kind = GC_ENTRY_CLASS_INIT, .function = (GCallback) class_init };
  entry->kind = GC_ENTRY_END;
  return entries;
}

/* Under the lock. */
static void
add_type (GcRecordInfo *info)
{
  info->type = gc_type_register_ (info->parent, info->name, sizeof (GcRecordClass), info->size,
                                  FALSE, NULL, make_entries (info));
  for (guint i = info->n_inherited; i < info->n_fields; i++)
    if (info->fields[i].type == G_TYPE_NONE)
      info->fields[i].type = info->type;
  g_hash_table_insert (registry, info->name, info);
}

/* The class of a type of records, or NULL. */
static GcRecordClass *
get_class (GType type)
{
  return g_type_is_a (type, GC_TYPE_RECORD) ? (GcRecordClass *) gc_type_get_class_ (type) : NULL;
}

/**
 * gc_record_type_register:
 * @name: the type's name, unique in the process
 * @parent: %GC_TYPE_RECORD, or the type whose fields come first
 * @names: (array zero-terminated=1) (nullable): the names of the fields, %NULL-terminated
 * @types: (array length=n_types) (element-type GType) (nullable): their types
 * @n_types: how many types there are: as many as names
 * @error: return location for an error
 *
 * Registers a type of records, for the life of the process. If there is one of this name
 * with the same parent and fields, that is it. May be called from any thread,
 * in a scope or not.
 *
 * A field's type is one derived from #GcObject, whose objects are traced; a boolean, number,
 * enumeration or flags type; %G_TYPE_STRING; or any other that a #GValue can hold,
 * such as a #GObject or a boxed one, which is held by a reference or copy of the field's own;
 * but no plain pointer. %G_TYPE_NONE stands for the type that is being registered.
 *
 * Names of fields are identifiers, do not begin with two underscores and are not those
 * of methods.
 *
 * Returns: the type; %G_TYPE_INVALID with %GC_ERROR_NAME if a name is not valid or
 *   not new, %GC_ERROR_EXISTS if a different type has this name, %GC_ERROR_TYPE if there
 *   can't be a field of a type or @parent is no record type, or %GC_ERROR_RANGE if names and types
 *   are not equally many, or fields too many: over 64 KiB
 *
 * Since: 0.1
 */
GType
gc_record_type_register (const char         *name,
                         GType               parent,
                         const char *const  *names,
                         const GType        *types,
                         gsize               n_types,
                         GError            **error)
{
  g_autoptr (GcRecordInfo) info = NULL;
  const GcRecordInfo *known;
  GcRecordClass *parent_class;
  gsize n_names = names != NULL ? g_strv_length ((char **) names) : 0;
  GType type = G_TYPE_INVALID;

  g_return_val_if_fail (name != NULL, G_TYPE_INVALID);
  g_return_val_if_fail (types != NULL || n_types == 0, G_TYPE_INVALID);
  g_return_val_if_fail (error == NULL || *error == NULL, G_TYPE_INVALID);

  if (!is_type_name (name))
    {
      g_set_error (error, GC_ERROR, GC_ERROR_NAME, "'%s' can't be the name of a type", name);
      return G_TYPE_INVALID;
    }
  if (n_names != n_types)
    {
      g_set_error (error, GC_ERROR, GC_ERROR_RANGE,
                   "%s: %" G_GSIZE_FORMAT " names of fields and %" G_GSIZE_FORMAT " types", name,
                   n_names, n_types);
      return G_TYPE_INVALID;
    }
  parent_class = get_class (parent);
  if (parent_class == NULL)
    {
      g_set_error (error, GC_ERROR, GC_ERROR_TYPE, "%s: the parent is no type of records", name);
      return G_TYPE_INVALID;
    }
  info = make_info (name, parent_class->info, names, types, n_types, error);
  if (info == NULL)
    return G_TYPE_INVALID;
  info->parent = parent;

  pthread_mutex_lock (&registry_lock);
  if (registry == NULL)
    registry = g_hash_table_new (g_str_hash, g_str_equal);
  known = g_hash_table_lookup (registry, name);
  if (known != NULL)
    type = is_same (known, info) ? known->type : G_TYPE_INVALID;
  else if (g_type_from_name (name) == G_TYPE_INVALID)
    {
      add_type (info);
      type = g_steal_pointer (&info)->type;
    }
  pthread_mutex_unlock (&registry_lock);

  if (type == G_TYPE_INVALID)
    g_set_error (error, GC_ERROR, GC_ERROR_EXISTS, "There is a different type '%s'", name);
  return type;
}

/**
 * gc_record_type_list_fields:
 * @type: a type of records
 * @n_fields: (out) (optional): how many there are
 *
 * Lists the names of a type's fields, its parents' first.
 *
 * Returns: (transfer container) (array length=n_fields): the names; free the array, not
 *   the names, with g_free()
 *
 * Since: 0.1
 */
const char **
gc_record_type_list_fields (GType  type,
                            gsize *n_fields)
{
  GcRecordClass *klass;

  if (n_fields != NULL)
    *n_fields = 0;
  klass = get_class (type);
  g_return_val_if_fail (klass != NULL, NULL);

  return gc_record_copy_names (klass->info, n_fields);
}

/**
 * gc_record_type_get_field_type:
 * @type: a type of records
 * @name: a name
 *
 * Tells of what type a field is.
 *
 * Returns: its type, or %G_TYPE_INVALID if there is no such field
 *
 * Since: 0.1
 */
GType
gc_record_type_get_field_type (GType       type,
                               const char *name)
{
  GcRecordClass *klass = get_class (type);
  const GcRecordField *field;

  g_return_val_if_fail (klass != NULL, G_TYPE_INVALID);
  g_return_val_if_fail (name != NULL, G_TYPE_INVALID);

  field = gc_record_find_field (klass->info, name);
  return field != NULL ? field->type : G_TYPE_INVALID;
}
