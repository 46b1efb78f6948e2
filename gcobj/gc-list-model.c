/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-array-private.h"
#include "gcobj/gc-check-private.h"
#include "gcobj/gc-handle.h"
#include "gcobj/gc-list-model.h"
#include "gcobj/gc-param.h"
#include "gcobj/gc-value.h"

/**
 * SECTION:gc-list-model
 * @Title: GcListModel
 * @Short_description: An array of an arena as a list model
 *
 * |[<!-- language="C" -->
 * g_autoptr (GcListModel) model = gc_list_model_new (documents);
 *
 * g_signal_connect (model, "items-changed", G_CALLBACK (on_changed), NULL);
 * gc_array_append (documents, document);          // on_changed() is called when the program is idle
 * ]|
 *
 * A list model shows the elements of a #GcArray to what takes a #GListModel, such as the list views
 * of GTK. Each item is a #GcHandle, the same one for as long as somebody has a reference to it; the handle of
 * an element that is no object has none.
 *
 * The array can be changed at any time, by any thread. The model shows what it
 * was when it last told of changes. It tells of all further ones at once, on the main context that was the thread's
 * default one when the model was made, at %G_PRIORITY_DEFAULT, or in gc_list_model_flush().
 *
 * The model and its items are used by one thread, the one that runs that main context.
 *
 * The model, and each item, holds an external reference. A model that a #GObject holds whose peer the array's elements
 * lead to is a cycle that the collector does not see; it ends with the widget that shows
 * the model, when that is destroyed. See [Living with GObjects][living-with-gobjects].
 */

/**
 * GcListModel:
 *
 * A list model of an array's elements.
 *
 * Since: 0.1
 */
struct _GcListModel
{
  GObject       parent_instance;
  GcArray      *array;          /* both are external references */
  GcArray      *shown;          /* a copy */
  guint         n_shown;
  GcArrayWatch *watch;
  GHashTable   *handles;        /* by object: those that somebody has */
};

enum
{
  PROP_0,
  PROP_ARRAY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void gc_list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GcListModel, gc_list_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, gc_list_model_iface_init))

static GType
get_item_type (GListModel *model)
{
  (void) model;
  return GC_TYPE_HANDLE;
}

static guint
get_n_items (GListModel *model)
{
  return GC_LIST_MODEL (model)->n_shown;
}

static void
forget_handle (gpointer  data,
               GObject  *where)
{
  /* A handle has its object until it is finalized. */
  g_hash_table_remove (((GcListModel *) data)->handles, gc_handle_get_object ((GcHandle *) where));
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GcListModel *self = GC_LIST_MODEL (model);
  gpointer object = NULL;
  GcHandle *handle;
  GcScope scope;

  if (position >= self->n_shown)
    return NULL;
  gc_scope_enter (&scope, gc_arena_of (self->shown));
  object = self->shown->slots->items[position];
  object = gc_is_ref (object) ? gc_object_ref (object) : NULL;
  gc_scope_leave (&scope);
  if (object == NULL)
    return g_object_new (GC_TYPE_HANDLE, NULL);

  handle = g_hash_table_lookup (self->handles, object);
  if (handle != NULL)
    g_object_ref (handle);
  else
    {
      handle = gc_handle_new (object);
      g_hash_table_insert (self->handles, object, handle);
      g_object_weak_ref (G_OBJECT (handle), forget_handle, self);
    }
  gc_object_unref (object);
  return handle;
}

static void
gc_list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Inside a scope: the copy becomes what the array is, from @position on. */
static void
update_shown (GcListModel *self,
              gsize        position,
              gsize        n_changed)
{
  gsize length = self->array->length;

  /* A length that the array has. */
  if (!gc_array_set_length (self->shown, length, NULL))
    g_error ("gcobj: no memory to show a list of %" G_GSIZE_FORMAT, length);
  if (n_changed > 0)
    gc_slots_copy (self->shown->slots, position, &self->array->slots->items[position], n_changed);
  self->n_shown = (guint) MIN (length, G_MAXUINT);
}

/**
 * gc_list_model_flush:
 * @self: a list model
 *
 * Tells of the array's changes now (#GListModel::items-changed).
 *
 * Since: 0.1
 */
void
gc_list_model_flush (GcListModel *self)
{
  gsize n_old, n_new, n_before, n_after;
  GcArrayWatch *watch;
  GcScope scope;

  g_return_if_fail (GC_IS_LIST_MODEL (self));
  watch = self->watch;
  if (watch == NULL)
    return;

  gc_scope_enter (&scope, gc_arena_of (self->array));
  if (!watch->is_scheduled)
    {
      gc_scope_leave (&scope);
      return;
    }
  n_old = self->n_shown;
  n_new = self->array->length;
  n_before = MIN (watch->n_before, MIN (n_old, n_new));
  n_after = MIN (watch->n_after, MIN (n_old, n_new) - n_before);
  watch->is_scheduled = FALSE;
  watch->n_before = watch->n_after = G_MAXSIZE;
  update_shown (self, n_before, n_old == n_new ? n_new - n_after - n_before : n_new - n_before);
  gc_scope_leave (&scope);

  if (n_old - n_after > n_before || n_new - n_after > n_before)
    g_list_model_items_changed (G_LIST_MODEL (self), (guint) n_before, (guint) (n_old - n_before - n_after),
                                (guint) (n_new - n_before - n_after));
}

static gboolean
flush_later (gpointer data)
{
  g_autoptr (GcListModel) self = g_weak_ref_get (&((GcArrayWatch *) data)->model);

  if (self != NULL)
    gc_list_model_flush (self);
  return G_SOURCE_REMOVE;
}

/* Inside a scope. */
static void
schedule (GcArrayWatch *watch)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[gcobj] list model");
  g_source_set_callback (source, flush_later, gc_array_watch_ref (watch), gc_array_watch_unref);
  g_source_attach (source, watch->context);
  g_source_unref (source);
}

static void
gc_list_model_init (GcListModel *self)
{
  self->handles = g_hash_table_new (NULL, NULL);
}

static void
gc_list_model_constructed (GObject *object)
{
  GcListModel *self = GC_LIST_MODEL (object);
  GcMutation *m;
  GcScope scope;

  G_OBJECT_CLASS (gc_list_model_parent_class)->constructed (object);
  if (self->array == NULL)
    return;
  self->watch = g_new0 (GcArrayWatch, 1);
  self->watch->ref_count = 1;
  self->watch->n_before = self->watch->n_after = G_MAXSIZE;
  self->watch->context = g_main_context_ref_thread_default ();
  self->watch->schedule = schedule;
  g_weak_ref_init (&self->watch->model, self);

  m = gc_scope_enter (&scope, gc_arena_of (self->array));
  self->shown = gc_object_ref (gc_array_new (m));
  update_shown (self, 0, self->array->length);
  gc_array_watch_add (self->array, self->watch);
  gc_scope_leave (&scope);
}

/* Waits for nobody: it may be called inside of a language's own collection. */
static void
gc_list_model_finalize (GObject *object)
{
  GcListModel *self = GC_LIST_MODEL (object);
  GHashTableIter iter;
  gpointer handle;

  g_hash_table_iter_init (&iter, self->handles);
  while (g_hash_table_iter_next (&iter, NULL, &handle))
    g_object_weak_unref (handle, forget_handle, self);
  g_hash_table_unref (self->handles);
  g_clear_pointer (&self->watch, gc_array_watch_end);
  g_clear_pointer (&self->shown, gc_object_unref);
  g_clear_pointer (&self->array, gc_object_unref);
  G_OBJECT_CLASS (gc_list_model_parent_class)->finalize (object);
}

static void
gc_list_model_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  GcListModel *self = GC_LIST_MODEL (object);

  if (id == PROP_ARRAY)
    gc_value_set_object (value, (GcObject *) self->array);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gc_list_model_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  GcListModel *self = GC_LIST_MODEL (object);

  if (id == PROP_ARRAY)
    self->array = (GcArray *) gc_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gc_list_model_class_init (GcListModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = gc_list_model_constructed;
  object_class->finalize = gc_list_model_finalize;
  object_class->get_property = gc_list_model_get_property;
  object_class->set_property = gc_list_model_set_property;

  /**
   * GcListModel:array:
   *
   * The array that is shown.
   *
   * Since: 0.1
   */
  properties[PROP_ARRAY] =
    gc_param_spec_object ("array", "Array", "The array that is shown", GC_TYPE_ARRAY,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

/**
 * gc_list_model_new:
 * @array: an array
 *
 * Makes a list model of the array's elements. As for gc_object_ref(), the caller is in a scope or knows
 * that the array is alive.
 *
 * Returns: (transfer full): the model
 *
 * Since: 0.1
 */
GcListModel *
gc_list_model_new (GcArray *array)
{
  g_return_val_if_fail (gc_is_a (array, GC_TYPE_ARRAY), NULL);

  return g_object_new (GC_TYPE_LIST_MODEL, "array", array, NULL);
}

/**
 * gc_list_model_get_array: (skip)
 * @self: a list model
 *
 * Gives the array. It is alive, and in its place, as long as the model is.
 *
 * Returns: (transfer none) (nullable): the array, or %NULL if the model was made without one
 *
 * Since: 0.1
 */
GcArray *
gc_list_model_get_array (GcListModel *self)
{
  g_return_val_if_fail (GC_IS_LIST_MODEL (self), NULL);

  return self->array;
}

/**
 * gc_list_model_dup_array: (rename-to gc_list_model_get_array)
 * @self: a list model
 *
 * Gives a new reference to the array.
 *
 * Returns: (transfer full) (nullable): the array, or %NULL if the model was made without one
 *
 * Since: 0.1
 */
GcArray *
gc_list_model_dup_array (GcListModel *self)
{
  g_return_val_if_fail (GC_IS_LIST_MODEL (self), NULL);

  return self->array != NULL ? gc_object_ref (self->array) : NULL;
}
