/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-census.h"
#include "gcobj/gc-graph-private.h"

/**
 * SECTION:gc-census
 * @Title: Census
 * @Short_description: What types the objects of an arena have
 *
 * |[<!-- language="C" -->
 * g_autoptr (GListModel) census = gc_arena_take_census (arena, &error);
 *
 * for (guint i = 0; census != NULL && i < g_list_model_get_n_items (census); i++)
 *   {
 *     g_autoptr (GcTypeCount) count = g_list_model_get_item (census, i);
 *
 *     g_print ("%8" G_GUINT64_FORMAT " %s\n", gc_type_count_get_n_objects (count), gc_type_count_get_type_name (count));
 *   }
 * ]|
 */

/**
 * GcTypeCount:
 *
 * How many objects of a type there are, and what they take: a line of a census. It does not
 * change.
 *
 * Since: 0.1
 */
struct _GcTypeCount
{
  GObject parent_instance;
  GType   type;
  guint64 n_objects;
  guint64 bytes;
  guint64 external_bytes;
};

enum
{
  PROP_0,
  PROP_OBJECT_TYPE,
  PROP_TYPE_NAME,
  PROP_N_OBJECTS,
  PROP_BYTES,
  PROP_EXTERNAL_BYTES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (GcTypeCount, gc_type_count, G_TYPE_OBJECT)

static void
gc_type_count_init (GcTypeCount *self)
{
  self->type = GC_TYPE_OBJECT;
}

static void
gc_type_count_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  GcTypeCount *self = GC_TYPE_COUNT (object);

  switch (id)
    {
    case PROP_OBJECT_TYPE:
      g_value_set_gtype (value, self->type);
      break;
    case PROP_TYPE_NAME:
      g_value_set_static_string (value, g_type_name (self->type));
      break;
    case PROP_N_OBJECTS:
      g_value_set_uint64 (value, self->n_objects);
      break;
    case PROP_BYTES:
      g_value_set_uint64 (value, self->bytes);
      break;
    case PROP_EXTERNAL_BYTES:
      g_value_set_uint64 (value, self->external_bytes);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
gc_type_count_class_init (GcTypeCountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = gc_type_count_get_property;

  /**
   * GcTypeCount:object-type:
   *
   * The type.
   *
   * Since: 0.1
   */
  properties[PROP_OBJECT_TYPE] = g_param_spec_gtype ("object-type", "Object type", "The type", GC_TYPE_OBJECT, flags);

  /**
   * GcTypeCount:type-name:
   *
   * The type's name.
   *
   * Since: 0.1
   */
  properties[PROP_TYPE_NAME] = g_param_spec_string ("type-name", "Type name", "The type's name", NULL, flags);

  /**
   * GcTypeCount:n-objects:
   *
   * How many objects of exactly this type there are.
   *
   * Since: 0.1
   */
  properties[PROP_N_OBJECTS] = g_param_spec_uint64 ("n-objects", "Number of objects", "How many objects there are",
                                                    0, G_MAXUINT64, 0, flags);

  /**
   * GcTypeCount:bytes:
   *
   * The bytes of the heap that they take.
   *
   * Since: 0.1
   */
  properties[PROP_BYTES] = g_param_spec_uint64 ("bytes", "Bytes", "The bytes of the heap that they take",
                                                0, G_MAXUINT64, 0, flags);

  /**
   * GcTypeCount:external-bytes:
   *
   * The bytes outside of the heap that they own, as told by gc_object_add_external_bytes().
   *
   * Since: 0.1
   */
  properties[PROP_EXTERNAL_BYTES] = g_param_spec_uint64 ("external-bytes", "External bytes",
                                                         "The bytes outside of the heap that they own",
                                                         0, G_MAXUINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static GcTypeCount *
get_count (GHashTable *counts,
           GType       type)
{
  GcTypeCount *count = g_hash_table_lookup (counts, GSIZE_TO_POINTER (type));

  if (count == NULL)
    {
      count = g_object_new (GC_TYPE_TYPE_COUNT, NULL);
      count->type = type;
      g_hash_table_insert (counts, GSIZE_TO_POINTER (type), count);
    }
  return count;
}

/* The largest first; by name where they are equal, so that the order is always the same. */
static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      data)
{
  const GcTypeCount *x = a, *y = b;
  guint64 size_x = x->bytes + x->external_bytes, size_y = y->bytes + y->external_bytes;

  (void) data;
  if (size_x != size_y)
    return size_x < size_y ? 1 : -1;
  return strcmp (g_type_name (x->type), g_type_name (y->type));
}

/**
 * gc_arena_take_census:
 * @arena: an arena
 * @error: return location for an error
 *
 * Counts the objects that the arena's roots lead to, by their types. The arena is held meanwhile.
 *
 * Returns: (transfer full): a list of #GcTypeCount, the types that take most first; %NULL with
 *   %GC_ERROR_NO_MEMORY
 *
 * Since: 0.1
 */
GListModel *
gc_arena_take_census (GcArena  *arena,
                      GError  **error)
{
  g_autoptr (GcGraph) graph = NULL;
  g_autoptr (GHashTable) counts = NULL;
  GListStore *store;
  GHashTableIter iter;
  gpointer count;

  g_return_val_if_fail (GC_IS_ARENA (arena), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);
  g_return_val_if_fail (gc_graph_may_walk (arena), NULL);

  graph = gc_graph_new (arena, 0, NULL, error);
  if (graph == NULL)
    return NULL;
  counts = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  for (guint32 i = GC_NODE_FIRST_OBJECT; i < graph->nodes.n; i++)
    {
      const GcNode *node = gc_graph_node (graph, i);
      const GcNode *owner = node->object != NULL ? node : gc_graph_node (graph, node->parent);
      GcTypeCount *line = get_count (counts, G_TYPE_FROM_CLASS (owner->klass));

      if (node->object != NULL)
        {
          line->n_objects++;
          line->bytes += node->size;
        }
      else if (g_str_equal (gc_graph_string (graph, node->name), GC_GRAPH_EXTERNAL_BYTES))
        line->external_bytes += node->size;
      else
        line->bytes += node->size;
    }

  store = g_list_store_new (GC_TYPE_TYPE_COUNT);
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, NULL, &count))
    g_list_store_append (store, count);
  g_list_store_sort (store, compare, NULL);
  return G_LIST_MODEL (store);
}

/**
 * gc_type_count_get_object_type:
 * @self: a line of a census
 *
 * Gives the type.
 *
 * Returns: the type
 *
 * Since: 0.1
 */
GType
gc_type_count_get_object_type (GcTypeCount *self)
{
  g_return_val_if_fail (GC_IS_TYPE_COUNT (self), G_TYPE_INVALID);

  return self->type;
}

/**
 * gc_type_count_get_type_name:
 * @self: a line of a census
 *
 * Gives the type's name.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
gc_type_count_get_type_name (GcTypeCount *self)
{
  g_return_val_if_fail (GC_IS_TYPE_COUNT (self), NULL);

  return g_type_name (self->type);
}

/**
 * gc_type_count_get_n_objects:
 * @self: a line of a census
 *
 * Gives how many objects of exactly this type there are.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint64
gc_type_count_get_n_objects (GcTypeCount *self)
{
  g_return_val_if_fail (GC_IS_TYPE_COUNT (self), 0);

  return self->n_objects;
}

/**
 * gc_type_count_get_bytes:
 * @self: a line of a census
 *
 * Gives how many bytes of the heap they take.
 *
 * Returns: the bytes
 *
 * Since: 0.1
 */
guint64
gc_type_count_get_bytes (GcTypeCount *self)
{
  g_return_val_if_fail (GC_IS_TYPE_COUNT (self), 0);

  return self->bytes;
}

/**
 * gc_type_count_get_external_bytes:
 * @self: a line of a census
 *
 * Gives how many bytes outside of the heap they own, as told by gc_object_add_external_bytes().
 *
 * Returns: the bytes
 *
 * Since: 0.1
 */
guint64
gc_type_count_get_external_bytes (GcTypeCount *self)
{
  g_return_val_if_fail (GC_IS_TYPE_COUNT (self), 0);

  return self->external_bytes;
}
