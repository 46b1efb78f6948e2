/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-array-private.h"
#include "gcobj/gc-check-private.h"
#include "gcobj/gc-list-model.h"
#include "gcobj/gc-param.h"
#include "gcobj/gc-peer-private.h"
#include "gcobj/gc-value.h"

/**
 * SECTION:gc-list-model
 * @Title: GcListModel
 * @Short_description: An array of an arena as a list model
 *
 * |[<!-- language="C" -->
 * g_autoptr (GcListModel) list = gc_list_model_new (documents);
 *
 * gc_array_append (documents, document);          // told of by ::items-changed when the program is idle
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
 * A model and its items hold external references. A model that is held by a GObject to which the array's elements lead, by its
 * #GcPeer, would be a cycle that the collector does not see. gc_list_model_new_with_owner() makes one whose
 * array and items are kept by the peer of a GObject, such as the window that shows the list. See
 * [Living with GObjects][living-with-gobjects].
 */

/* As often a change that can't be told of yet is looked at again, in ms: a hook that iterates the main context
 * should not be kept busy by it. */
#define RETRY_MS 10

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
  GcKept        array;
  GcKept        shown;          /* a copy */
  GcArray      *construct_array;        /* while it is made */
  GObject      *construct_owner;
  guint         n_shown;
  GcArrayWatch *watch;
  GHashTable   *handles;        /* those that somebody has, to their objects' addresses when made */
  GHashTable   *by_object;      /* the other way round; an object may have moved */
};

enum
{
  PROP_0,
  PROP_ARRAY,
  PROP_OWNER,
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

static void schedule (GcArrayWatch *watch);

/* Who holds the model uses it: see gc-back-ref-private.h. */
static void
renew (GcListModel *self)
{
  if (self->watch == NULL)
    return;
  gc_back_ref_renew (self->watch->model, self);
  if (G_UNLIKELY (self->watch->is_waiting))
    {
      self->watch->is_waiting = FALSE;
      schedule (self->watch);
    }
}

static guint
get_n_items (GListModel *model)
{
  GcListModel *self = GC_LIST_MODEL (model);

  renew (self);
  return self->n_shown;
}

static void
forget_handle (gpointer  data,
               GObject  *where)
{
  GcListModel *self = data;
  gpointer object = g_hash_table_lookup (self->handles, where);

  g_hash_table_remove (self->handles, where);
  if (g_hash_table_lookup (self->by_object, object) == (gpointer) where)
    g_hash_table_remove (self->by_object, object);
}

/* Inside a scope: the handle that somebody has of an object, with a reference, or a new one. */
static GcHandle *
get_handle (GcListModel *self,
            GcMutation  *m,
            gpointer     object)
{
  GcHandle *handle = g_hash_table_lookup (self->by_object, object);
  GcKept kept;

  if (handle != NULL && gc_handle_get_object (handle) == object)
    return g_object_ref (handle);
  gc_kept_init_beside (&kept, m, object, &self->array);
  handle = gc_handle_new_kept (kept);
  g_hash_table_insert (self->handles, handle, object);
  g_hash_table_insert (self->by_object, object, handle);
  g_object_weak_ref (G_OBJECT (handle), forget_handle, self);
  return handle;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GcListModel *self = GC_LIST_MODEL (model);
  g_autoptr (GcArena) arena = NULL;
  GcHandle *handle = NULL;

  renew (self);
  if (position >= self->n_shown)
    return NULL;
  arena = gc_kept_dup_arena (&self->shown);
  if (arena != NULL)
    {
      GcScope scope;
      GcMutation *m = gc_scope_enter (&scope, arena);
      GcArray *shown = gc_kept_peek (&self->shown, arena);
      gpointer object = shown != NULL ? shown->slots->items[position] : NULL;

      if (gc_is_ref (object))
        handle = get_handle (self, m, object);
      gc_scope_leave (&scope);
    }
  return handle != NULL ? handle : g_object_new (GC_TYPE_HANDLE, NULL);
}

static void
gc_list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Inside a scope: the copy becomes as long as the array, or stays as long as it was if there is
 * no memory for more. Gives its length. */
static gsize
resize_shown (GcArray *array,
              GcArray *shown)
{
  g_autoptr (GError) error = NULL;

  if (!gc_array_set_length (shown, array->length, &error))
    g_critical ("gcobj: a list model shows %u of %u items: %s",
                shown->length, array->length, error != NULL ? error->message : "not here");
  return shown->length;
}

/* Inside a scope: the copy becomes what the array is, from @position on. */
static void
update_shown (GcListModel *self,
              GcArray     *array,
              GcArray     *shown,
              gsize        position,
              gsize        n_changed)
{
  if (n_changed > 0)
    gc_slots_copy (shown->slots, position, &array->slots->items[position], n_changed);
  self->n_shown = (guint) MIN (shown->length, G_MAXUINT);
}

/* Inside a scope: what changed since. FALSE if nothing did. */
static gboolean
update (GcListModel *self,
        GcArena     *arena,
        gsize       *position,
        gsize       *n_removed,
        gsize       *n_added)
{
  GcArrayWatch *watch = self->watch;
  GcArray *array = gc_kept_peek (&self->array, arena);
  GcArray *shown = gc_kept_peek (&self->shown, arena);
  gsize n_old = self->n_shown;
  gsize n_new, n_after;

  if (!watch->is_scheduled || array == NULL || shown == NULL)
    return FALSE;
  n_new = resize_shown (array, shown);
  /* What the copy lacks is looked for at the next change. */
  if (n_new < array->length)
    watch->n_before = watch->n_after = 0;
  *position = MIN (watch->n_before, MIN (n_old, n_new));
  n_after = MIN (watch->n_after, MIN (n_old, n_new) - *position);
  *n_removed = n_old - *position - n_after;
  *n_added = n_new - *position - n_after;
  watch->is_scheduled = FALSE;
  watch->n_before = watch->n_after = n_new < array->length ? 0 : G_MAXSIZE;
  update_shown (self, array, shown, *position, n_old == n_new ? *n_added : n_new - *position);
  return *n_removed > 0 || *n_added > 0;
}

/**
 * gc_list_model_flush:
 * @self: a list model
 *
 * Tells of the array's changes now (#GListModel::items-changed). A finalizer or a listener
 * may not ask for it.
 *
 * Since: 0.1
 */
void
gc_list_model_flush (GcListModel *self)
{
  g_autoptr (GcArena) arena = NULL;
  gsize position, n_removed, n_added;
  gboolean has_changed;
  GcScope scope;

  g_return_if_fail (GC_IS_LIST_MODEL (self));
  g_return_if_fail (!gc_arena_is_finalizing ());

  renew (self);
  arena = gc_kept_dup_arena (&self->array);
  if (arena == NULL)
    return;
  gc_scope_enter (&scope, arena);
  has_changed = update (self, arena, &position, &n_removed, &n_added);
  gc_scope_leave (&scope);
  if (has_changed)
    g_list_model_items_changed (G_LIST_MODEL (self), (guint) position, (guint) n_removed, (guint) n_added);
}

static gboolean flush_later (gpointer data);

/* Takes @source. */
static void
attach (GcArrayWatch *watch,
        GSource      *source)
{
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[gcobj] list model");
  g_source_set_callback (source, flush_later, gc_array_watch_ref (watch), gc_array_watch_unref);
  g_source_attach (source, watch->context);
  g_source_unref (source);
}

static gboolean
flush_later (gpointer data)
{
  GcArrayWatch *watch = data;
  g_autoptr (GcListModel) self = gc_back_ref_get (watch->model);

  if (self == NULL)             /* it is gone, or nobody has used it since it was disposed of */
    watch->is_waiting = TRUE;
  else if (gc_arena_is_finalizing ())   /* which iterates the main context */
    attach (watch, g_timeout_source_new (RETRY_MS));
  else
    gc_list_model_flush (self);
  return G_SOURCE_REMOVE;
}

static void
schedule (GcArrayWatch *watch)
{
  attach (watch, g_idle_source_new ());
}

static void
gc_list_model_init (GcListModel *self)
{
  self->handles = g_hash_table_new (NULL, NULL);
  self->by_object = g_hash_table_new (NULL, NULL);
}

static void
gc_list_model_constructed (GObject *object)
{
  GcListModel *self = GC_LIST_MODEL (object);
  GcArray *array = g_steal_pointer (&self->construct_array);

  G_OBJECT_CLASS (gc_list_model_parent_class)->constructed (object);
  if (array != NULL && gc_arena_is_finalizing ())
    {
      g_critical ("gcobj: a list model made by a finalizer or a listener is empty");
      gc_object_unref (array);
    }
  else if (array != NULL)
    {
      GcScope scope;
      GcMutation *m = gc_scope_enter (&scope, gc_arena_of (array));
      GcArray *shown = gc_array_new (m);

      gc_kept_init (&self->array, array, self->construct_owner);
      gc_kept_init (&self->shown, shown, self->construct_owner);
      update_shown (self, array, shown, 0, resize_shown (array, shown));
      self->watch = gc_array_watch_new (array, self->array.slot, self);
      if (self->n_shown < array->length)
        self->watch->n_before = self->watch->n_after = 0;
      self->watch->schedule = schedule;
      gc_scope_leave (&scope);
      gc_object_unref (array);
    }
  self->construct_owner = NULL;
}

static void
gc_list_model_dispose (GObject *object)
{
  GcListModel *self = GC_LIST_MODEL (object);

  if (self->watch != NULL)
    gc_back_ref_disposed (self->watch->model, object);
  G_OBJECT_CLASS (gc_list_model_parent_class)->dispose (object);
}

/* Waits for nobody: it may be called inside of a language's own collection. */
static void
gc_list_model_finalize (GObject *object)
{
  GcListModel *self = GC_LIST_MODEL (object);
  GHashTableIter iter;
  gpointer handle;

  g_hash_table_iter_init (&iter, self->handles);
  while (g_hash_table_iter_next (&iter, &handle, NULL))
    g_object_weak_unref (handle, forget_handle, self);
  g_hash_table_unref (self->handles);
  g_hash_table_unref (self->by_object);
  if (self->watch != NULL)
    gc_back_ref_end (self->watch->model);
  g_clear_pointer (&self->watch, gc_array_watch_end);
  gc_kept_clear (&self->shown);
  gc_kept_clear (&self->array);
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
    gc_value_take_object (value, gc_kept_dup (&self->array));
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
    self->construct_array = (GcArray *) gc_value_dup_object (value);
  else if (id == PROP_OWNER)
    self->construct_owner = g_value_get_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gc_list_model_class_init (GcListModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = gc_list_model_constructed;
  object_class->dispose = gc_list_model_dispose;
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

  /**
   * GcListModel:owner:
   *
   * The GObject whose peer keeps the array and the items, if there is one. The model does not keep it.
   *
   * Since: 0.1
   */
  properties[PROP_OWNER] =
    g_param_spec_object ("owner", "Owner", "The GObject whose peer keeps the array and the items", G_TYPE_OBJECT,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

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
 * gc_list_model_new_with_owner:
 * @array: an array
 * @owner: a GObject
 *
 * Makes a list model that has no external reference to the array: the peer of @owner keeps it, as if
 * @owner led to it, and the elements that items were given out of, until the model and the items are finalized. Once @owner is
 * finalized the model and its items show nothing any more.
 *
 * The owner is best the window, or whatever else all that shows the model is a part of.
 *
 * Returns: (transfer full): the model
 *
 * Since: 0.1
 */
GcListModel *
gc_list_model_new_with_owner (GcArray *array,
                              GObject *owner)
{
  g_return_val_if_fail (gc_is_a (array, GC_TYPE_ARRAY), NULL);
  g_return_val_if_fail (G_IS_OBJECT (owner), NULL);

  return g_object_new (GC_TYPE_LIST_MODEL, "array", array, "owner", owner, NULL);
}

/**
 * gc_list_model_get_array: (skip)
 * @self: a list model
 *
 * Gives the array, inside a scope.
 *
 * Returns: (transfer none) (nullable): the array, or %NULL if the model was made without one, or
 *   its owner is gone
 *
 * Since: 0.1
 */
GcArray *
gc_list_model_get_array (GcListModel *self)
{
  g_autoptr (GcArena) arena = NULL;

  g_return_val_if_fail (GC_IS_LIST_MODEL (self), NULL);

  arena = gc_kept_dup_arena (&self->array);
  if (arena == NULL)
    return NULL;
  g_return_val_if_fail (gc_arena_is_mutating (arena), NULL);
  return gc_kept_peek (&self->array, arena);
}

/**
 * gc_list_model_dup_array: (rename-to gc_list_model_get_array)
 * @self: a list model
 *
 * Gives a new reference to the array.
 *
 * Returns: (transfer full) (nullable): the array, or %NULL if the model was made without one, or
 *   its owner is gone
 *
 * Since: 0.1
 */
GcArray *
gc_list_model_dup_array (GcListModel *self)
{
  g_return_val_if_fail (GC_IS_LIST_MODEL (self), NULL);

  return gc_kept_dup (&self->array);
}
