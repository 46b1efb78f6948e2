/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-guardian.h"
#include "gcobj/gc-watch-private.h"

/**
 * SECTION:gc-guardian
 * @Title: GcGuardian
 * @Short_description: Delivers dead objects, alive again
 *
 * |[<!-- language="C" -->
 * static void
 * on_dead (GcGuardian *guardian, GcObject *object, const char *tag, gpointer data)
 * {
 *   demo_document_save (DEMO_DOCUMENT (object));     // with all that it leads to
 * }
 *
 * GcGuardian *guardian = gc_guardian_new (m);
 *
 * demo_application_set_guardian (app, guardian);     // something has to keep it
 * gc_guardian_set_callback (guardian, NULL, on_dead, NULL, NULL);
 * gc_guardian_watch (guardian, document, "unsaved");
 * ]|
 *
 * A finalizer may touch nothing but the object's own memory outside of the heap. Who needs
 * more has a guardian watch the object. When nothing leads to it any more but what guardians
 * watch, the guardian brings it back, with all that it leads to, and queues it:
 * as alive as any other, to be stored, changed, and watched again. What is delivered is no
 * longer watched. Guardians are those of Scheme: Dybvig, Bruggeman and Eby, "Guardians in
 * a generation-based garbage collector", PLDI 1993.
 *
 * An object can be watched by several guardians, and by one several times: each watch
 * delivers it. The queue keeps what is in it, as long as something keeps the guardian.
 * A guardian that is garbage delivers nothing any more, unless another one
 * delivers the guardian.
 *
 * Weak references to what a guardian brings back are cleared by then; entries of tables
 * with weak keys are still there. A #GcDeathQueue tells when an object is gone for good.
 *
 * # Threads
 *
 * Several threads may call functions of one guardian. The callback runs
 * where its main context does.
 */

/* What runs on a main context. */
typedef struct
{
  gint            ref_count;    /* atomic */
  gboolean        is_scheduled; /* a source is attached that will look at the queue; under the hold */
  GMainContext   *context;
  GcGuardianFunc  func;
  gpointer        user_data;
  GDestroyNotify  destroy;
} Callback;

/**
 * GcGuardian: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * Watches objects, and delivers them when they die. Its structure is private.
 *
 * Since: 0.1
 */
struct _GcGuardian
{
  GcWatcher  watcher;
  Callback  *callback;
};

typedef struct
{
  GcObjectClass parent_class;
} GcGuardianClass;

#define BATCH 64                /* calls in one dispatch: other sources want to run too */

static void
unref_callback (gpointer data)
{
  Callback *callback = data;

  if (__atomic_sub_fetch (&callback->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  if (callback->destroy != NULL)
    callback->destroy (callback->user_data);
  g_main_context_unref (callback->context);
  g_free (callback);
}

/* The destroy notify is foreign code: not inside of a finalizer. */
static void
gc_guardian_finalize (GcObject *object)
{
  GcGuardian *self = (GcGuardian *) object;

  if (self->callback != NULL)
    gc_arena_defer_notify (gc_arena_of (self), unref_callback, self->callback);
}

GC_DECLARE_CLASS_ (GcGuardian, gc_guardian)
GC_DEFINE_TYPE (GcGuardian, gc_guardian, GC_TYPE_OBJECT,
                GC_WATCHER_FIELDS (GcGuardian)
                GC_FINALIZE (gc_guardian_finalize))

static const char *
get_tag (gpointer word)
{
  return word != NULL ? g_quark_to_string ((GQuark) gc_untag_int (word)) : NULL;
}

/* A source's: keeps the guardian, and with it the arena. */
typedef struct
{
  GcGuardian *guardian;
  Callback   *callback;
} Delivery;

static void
free_delivery (gpointer data)
{
  Delivery *delivery = data;

  gc_object_unref (delivery->guardian);
  unref_callback (delivery->callback);
  g_free (delivery);
}

/* The next object, referenced. NULL if there is none or the callback is another by now; then
 * nothing is scheduled any more. */
static GcObject *
take (Delivery *delivery,
      gpointer *tag)
{
  GcGuardian *self = delivery->guardian;
  GcObject *object = NULL;
  GcScope scope;

  gc_scope_enter (&scope, gc_arena_of (self));
  if (self->callback == delivery->callback)
    object = gc_watch_pop (&self->watcher, tag);
  if (object != NULL)
    gc_object_ref (object);
  else
    delivery->callback->is_scheduled = FALSE;
  gc_scope_leave (&scope);
  return object;
}

static gboolean
deliver (gpointer data)
{
  Delivery *delivery = data;
  GcArena *arena = gc_arena_of (delivery->guardian);

  for (guint i = 0; i < BATCH; i++)
    {
      gpointer tag;
      GcObject *object = take (delivery, &tag);

      if (object == NULL)
        return G_SOURCE_REMOVE;
      gc_arena_inhibit (arena);
      delivery->callback->func (delivery->guardian, object, get_tag (tag), delivery->callback->user_data);
      gc_arena_uninhibit (arena);
      gc_object_unref (object);
    }
  return G_SOURCE_CONTINUE;
}

/* Under the hold. */
static void
schedule (GcWatcher *watcher)
{
  GcGuardian *self = (GcGuardian *) watcher;
  Callback *callback = self->callback;
  Delivery *delivery;
  GSource *source;

  if (callback == NULL || callback->is_scheduled)
    return;
  callback->is_scheduled = TRUE;
  __atomic_add_fetch (&callback->ref_count, 1, __ATOMIC_RELAXED);
  delivery = g_new (Delivery, 1);
  *delivery = (Delivery) { gc_object_ref (self), callback };
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[gcobj] guardian");
  g_source_set_callback (source, deliver, delivery, free_delivery);
  g_source_attach (source, callback->context);
  g_source_unref (source);
}

/**
 * gc_guardian_new:
 * @m: a mutation
 *
 * Makes a guardian that watches nothing. It delivers as long as it is itself reachable.
 *
 * Returns: (transfer none): the guardian, unowned; %NULL, with a critical warning, if @m
 *   is finished
 *
 * Since: 0.1
 */
GcGuardian *
gc_guardian_new (GcMutation *m)
{
  GcGuardian *self = gc_new (m, GcGuardian);

  if (self != NULL)
    gc_watch_register (gc_arena_of (self), &self->watcher, GC_WATCH_GUARDIAN, schedule);
  return self;
}

/**
 * gc_guardian_watch:
 * @self: a guardian
 * @object: (type GcObj.Object): an object of the guardian's arena
 * @tag: (nullable): what is to be told with it
 *
 * Has @object delivered when it dies, once. The guardian does not keep it. The tag is interned
 * (g_intern_string()): a program has few of them.
 *
 * Since: 0.1
 */
void
gc_guardian_watch (GcGuardian *self,
                   gpointer    object,
                   const char *tag)
{
  GcArena *arena;
  GcMutation *m;
  GcScope scope;

  g_return_if_fail (gc_is_a (self, GC_TYPE_GUARDIAN));
  g_return_if_fail (!gc_arena_is_finalizing ());
  arena = gc_arena_of (self);
  g_return_if_fail (gc_is_ref (object) && gc_arena_of (object) == arena);

  m = gc_scope_enter (&scope, arena);
  gc_watch_add (&self->watcher, m, object, tag != NULL ? gc_tag_int (g_quark_from_string (tag)) : NULL);
  gc_scope_leave (&scope);
}

/**
 * gc_guardian_pop: (skip)
 * @self: a guardian
 * @tag: (out) (optional) (nullable) (transfer none): the tag given to gc_guardian_watch()
 *
 * Takes the next object out of the queue, inside a scope. The oldest comes first; objects that
 * died in one cycle come in no particular order. With a callback set it is up to chance who
 * gets which.
 *
 * Returns: (transfer none) (nullable): what died, and is alive again; %NULL if the queue is
 *   empty
 *
 * Since: 0.1
 */
gpointer
gc_guardian_pop (GcGuardian  *self,
                 const char **tag)
{
  gpointer object, word = NULL;

  if (tag != NULL)
    *tag = NULL;
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_GUARDIAN), NULL);
  g_return_val_if_fail (gc_object_can_read_ (self), NULL);

  object = gc_watch_pop (&self->watcher, &word);
  if (tag != NULL)
    *tag = get_tag (word);
  return object;
}

/**
 * gc_guardian_pop_dup: (rename-to gc_guardian_pop)
 * @self: a guardian
 * @tag: (out) (optional) (nullable) (transfer none): the tag given to gc_guardian_watch()
 *
 * Takes the next object out of the queue and gives a new reference to it.
 *
 * Returns: (transfer full) (nullable): what died, and is alive again; %NULL if the queue is
 *   empty
 *
 * Since: 0.1
 */
GcObject *
gc_guardian_pop_dup (GcGuardian  *self,
                     const char **tag)
{
  gpointer object, word = NULL;
  GcScope scope;

  if (tag != NULL)
    *tag = NULL;
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_GUARDIAN), NULL);
  g_return_val_if_fail (!gc_arena_is_finalizing (), NULL);

  gc_scope_enter (&scope, gc_arena_of (self));
  object = gc_watch_pop (&self->watcher, &word);
  if (object != NULL)
    gc_object_ref (object);
  gc_scope_leave (&scope);
  if (tag != NULL)
    *tag = get_tag (word);
  return object;
}

/**
 * gc_guardian_get_n_watched:
 * @self: a guardian
 *
 * Gives how many watches there are.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
gsize
gc_guardian_get_n_watched (GcGuardian *self)
{
  GcScope scope;
  gsize n;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_GUARDIAN), 0);

  gc_scope_enter (&scope, gc_arena_of (self));
  n = self->watcher.n_watched;
  gc_scope_leave (&scope);
  return n;
}

/**
 * gc_guardian_get_n_queued:
 * @self: a guardian
 *
 * Gives how many objects wait in the queue.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
gsize
gc_guardian_get_n_queued (GcGuardian *self)
{
  GcScope scope;
  gsize n;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_GUARDIAN), 0);

  gc_scope_enter (&scope, gc_arena_of (self));
  n = self->watcher.n_queued;
  gc_scope_leave (&scope);
  return n;
}

/**
 * gc_guardian_set_callback:
 * @self: a guardian
 * @context: (nullable): a main context, or %NULL for the thread's default one
 * @func: (nullable) (scope notified) (closure user_data) (destroy destroy): what to call, or
 *   %NULL for nothing any more
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Has the queue emptied by calls of @func from @context, at %G_PRIORITY_DEFAULT: one for each
 * object. What is in the queue already is delivered too. While a delivery is under way the
 * guardian is kept.
 *
 * The guardian keeps @func and @user_data. A script's function must not itself hold the guardian,
 * or what leads to it, or neither is ever freed: it is given the guardian each time.
 *
 * Since: 0.1
 */
void
gc_guardian_set_callback (GcGuardian     *self,
                          GMainContext   *context,
                          GcGuardianFunc  func,
                          gpointer        user_data,
                          GDestroyNotify  destroy)
{
  Callback *callback = NULL, *old;
  GcScope scope;

  g_return_if_fail (gc_is_a (self, GC_TYPE_GUARDIAN));
  g_return_if_fail (!gc_arena_is_finalizing ());

  if (func != NULL)
    {
      callback = g_new (Callback, 1);
      *callback = (Callback) {
        1, FALSE,
        context != NULL ? g_main_context_ref (context) : g_main_context_ref_thread_default (),
        func, user_data, destroy
      };
    }
  gc_scope_enter (&scope, gc_arena_of (self));
  old = self->callback;
  self->callback = callback;
  if (self->watcher.n_queued > 0)
    schedule (&self->watcher);
  gc_scope_leave (&scope);

  if (old != NULL)
    unref_callback (old);
  if (func == NULL && destroy != NULL)
    destroy (user_data);
}
