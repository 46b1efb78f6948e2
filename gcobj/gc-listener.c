/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-listener-private.h"

/**
 * SECTION:gc-listener
 * @Title: GcListener
 * @Short_description: Hooks that are told what the collector does
 *
 * |[<!-- language="C" -->
 * #define DEMO_TYPE_WATCHER (demo_watcher_get_type ())
 * G_DECLARE_FINAL_TYPE (DemoWatcher, demo_watcher, DEMO, WATCHER, GObject)
 *
 * struct _DemoWatcher
 * {
 *   GObject parent_instance;
 *   gint64 longest_ns;
 * };
 *
 * static void
 * demo_watcher_paused (GcListener *listener, GcArena *arena, const GcEvent *event)
 * {
 *   DemoWatcher *self = DEMO_WATCHER (listener);
 *
 *   self->longest_ns = MAX (self->longest_ns, event->duration_ns);
 * }
 *
 * static void
 * demo_watcher_listen (GcListenerInterface *iface)
 * {
 *   iface->paused = demo_watcher_paused;
 * }
 *
 * G_DEFINE_FINAL_TYPE_WITH_CODE (DemoWatcher, demo_watcher, G_TYPE_OBJECT,
 *                                G_IMPLEMENT_INTERFACE (GC_TYPE_LISTENER, demo_watcher_listen))
 *
 * static void demo_watcher_class_init (DemoWatcherClass *klass) { }
 * static void demo_watcher_init (DemoWatcher *self) { }
 * ]|
 *
 * An arena tells its listener what it did: that a collection began and ended, how long each phase
 * took, the pauses. The hooks are called *after* the pause that they tell of, once its locks
 * are released, so that a hook prolongs no pause and may be slow, or written in Python or JavaScript. The
 * times in #GcEvent are those of the pause itself.
 *
 * # What a hook may do
 *
 * Hooks run where finalizers do: after a safe point, on the thread that reached it, before the
 * finalizers. At gc_mutation_safepoint() the thread's scope is still open. So the rules are those of
 * finalizers. A hook may do what has nothing to do with arenas, read
 * the event, ask for gc_arena_get_stats(), drop external references, and defer what it may not do
 * with gc_arena_defer_notify(). It may not begin a scope or collect, in no arena, nor make
 * objects: these calls do nothing, with a critical warning. It must not wait for a thread that uses the
 * arena.
 *
 * While hooks run, what they cause is not told. Events wait, to be told after the next pause, while a
 * finalizer or a hook runs; of those that do not fit into 64, the arena's last ones are not told.
 * An arena that several threads use calls its listener from all of them, maybe at once.
 *
 * The arena has a reference to its listener. One that has a reference to its arena,
 * as a closure of a script easily does, makes a cycle that keeps both.
 *
 * A #GcListenerChain has several listeners told, and #GcTraceFile writes what it is told.
 */

/**
 * GcListener:
 *
 * Anything that is told what arenas do: see #GcListenerInterface.
 *
 * Since: 0.1
 */

G_DEFINE_INTERFACE (GcListener, gc_listener, G_TYPE_OBJECT)

static void
hear_nothing (GcListener    *self,
              GcArena       *arena,
              const GcEvent *event)
{
}

static void
tell (GcListener    *self,
      GcArena       *arena,
      const GcEvent *event)
{
  GcListenerInterface *iface = GC_LISTENER_GET_IFACE (self);
  void (*hook) (GcListener *, GcArena *, const GcEvent *) = NULL;

  switch (event->type)
    {
    case GC_EVENT_COLLECTION_BEGUN:
      hook = iface->collection_begun;
      break;
    case GC_EVENT_STARTED:
      hook = iface->started;
      break;
    case GC_EVENT_MARKED:
      hook = iface->marked;
      break;
    case GC_EVENT_REMARKED:
      hook = iface->remarked;
      break;
    case GC_EVENT_CLEARED:
      hook = iface->cleared;
      break;
    case GC_EVENT_SWEPT:
      hook = iface->swept;
      break;
    case GC_EVENT_COLLECTION_ENDED:
      hook = iface->collection_ended;
      break;
    case GC_EVENT_PAUSED:
      hook = iface->paused;
      break;
    case GC_EVENT_RESIZED:
      hook = iface->resized;
      break;
    case GC_EVENT_FINALIZED:
      hook = iface->finalized;
      break;
    }
  if (hook != NULL)             /* a type may have set it so */
    hook (self, arena, event);
}

/* Each hook is there, since lgi calls one that is not. */
static void
gc_listener_default_init (GcListenerInterface *iface)
{
  iface->tell = tell;
  iface->collection_begun = iface->started = iface->marked = iface->remarked = iface->cleared = iface->swept =
    iface->collection_ended = iface->paused = iface->resized = iface->finalized = hear_nothing;
}

/**
 * gc_listener_tell: (virtual tell)
 * @self: a listener
 * @arena: an arena
 * @event: what it did
 *
 * Tells a listener of an event: calls the hook that is meant for it. Arenas do this, and listeners
 * that pass on what they are told.
 *
 * Since: 0.1
 */
void
gc_listener_tell (GcListener    *self,
                  GcArena       *arena,
                  const GcEvent *event)
{
  g_autoptr (GcEvent) lent = NULL;

  g_return_if_fail (GC_IS_LISTENER (self));
  g_return_if_fail (GC_IS_ARENA (arena));
  g_return_if_fail (event != NULL);

  /* A script may keep what its hook is given: see gc_event_copy(). */
  lent = gc_event_copy (event);
  GC_LISTENER_GET_IFACE (self)->tell (self, arena, lent);
}

/* Listens to all arenas, besides what each has; made with the first arena, and never gone. */
static GcListener *environment_listener;

/* An arena is made. */
void
gc_listener_begin (GcArena    *arena,
                   GcListener *listener)
{
  if (listener == NULL)
    return;
  environment_listener = listener;
  arena->events = gc_events_new ();
  arena->heap.events = arena->events;
}

void
gc_listener_end (GcArena *arena)
{
  arena->heap.events = NULL;
  g_clear_pointer (&arena->events, gc_events_free);
  g_clear_object (&arena->listener);
}

/* Tells what was noted. With no hold, or that of the thread's own scope. */
void
gc_arena_tell (GcArena *arena)
{
  GcEventBuffer *buffer = __atomic_load_n (&arena->events, __ATOMIC_ACQUIRE);
  GcEvent events[GC_EVENTS];
  GcListener *listener;
  GcCallbackKind outer;
  guint n;

  n = gc_events_take (buffer, events);
  if (n == 0)
    return;
  pthread_mutex_lock (&buffer->lock);
  listener = arena->listener != NULL ? g_object_ref (arena->listener) : NULL;
  pthread_mutex_unlock (&buffer->lock);
  outer = gc_arena_enter_callback (GC_CALLBACK_HOOK);
  for (guint i = 0; i < n; i++)
    {
      if (environment_listener != NULL)
        gc_listener_tell (environment_listener, arena, &events[i]);
      if (listener != NULL)
        gc_listener_tell (listener, arena, &events[i]);
    }
  g_clear_object (&listener);
  gc_arena_leave_callback (outer);
}

/**
 * gc_arena_get_listener:
 * @arena: an arena
 *
 * Gives who is told what @arena does.
 *
 * Returns: (transfer full) (nullable): the listener
 *
 * Since: 0.1
 */
GcListener *
gc_arena_get_listener (GcArena *arena)
{
  GcEventBuffer *buffer;
  GcListener *listener;

  g_return_val_if_fail (GC_IS_ARENA (arena), NULL);

  buffer = __atomic_load_n (&arena->events, __ATOMIC_ACQUIRE);
  if (buffer == NULL)
    return NULL;
  pthread_mutex_lock (&buffer->lock);
  listener = arena->listener != NULL ? g_object_ref (arena->listener) : NULL;
  pthread_mutex_unlock (&buffer->lock);
  return listener;
}

/**
 * gc_arena_set_listener:
 * @arena: an arena
 * @listener: (nullable): who is to be told what @arena does, or %NULL for nobody
 *
 * Has @listener told what @arena does, instead of the one before; a #GcListenerChain tells
 * several. What `GCOBJ_TRACE` and `GCOBJ_DEBUG` name is told in any case.
 *
 * Since: 0.1
 */
void
gc_arena_set_listener (GcArena    *arena,
                       GcListener *listener)
{
  GcListener *previous;
  GcScope scope;

  g_return_if_fail (GC_IS_ARENA (arena));
  g_return_if_fail (listener == NULL || GC_IS_LISTENER (listener));

  if (listener != NULL)
    g_object_ref (listener);
  gc_scope_enter (&scope, arena);
  if (arena->events == NULL && listener != NULL)
    __atomic_store_n (&arena->events, gc_events_new (), __ATOMIC_RELEASE);
  previous = arena->listener;
  if (arena->events != NULL)
    {
      pthread_mutex_lock (&arena->events->lock);
      arena->listener = listener;
      pthread_mutex_unlock (&arena->events->lock);
    }
  arena->heap.events = listener != NULL || environment_listener != NULL ? arena->events : NULL;
  gc_scope_leave (&scope);
  g_clear_object (&previous);
  g_object_notify (G_OBJECT (arena), "listener");
}
