/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* An arena on a main context: collection while the program is idle, and where deferred
 * notifies run. */

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-os-private.h"

#define SLICE_NS (2 * 1000 * 1000)     /* a frame at 60 Hz has 16 ms */

typedef struct
{
  GSource    source;
  GcBackRef *arena;
} GcArenaSource;

static gboolean
has_deferred (GcArena *arena)
{
  gboolean has;

  pthread_mutex_lock (&arena->deferred_lock);
  has = arena->deferred->len > 0;
  pthread_mutex_unlock (&arena->deferred_lock);
  return has;
}

static gboolean
source_check (GSource *source)
{
  g_autoptr (GcArena) arena = gc_back_ref_get (((GcArenaSource *) source)->arena);

  return arena != NULL && (has_deferred (arena) || gc_peers_can_release (arena) ||
                           gc_arena_is_behind (arena));
}

static gboolean
source_prepare (GSource *source,
                gint    *timeout)
{
  *timeout = -1;
  return source_check (source);
}

static void
run_all (GArray *deferred)
{
  for (guint i = 0; i < deferred->len; i++)
    {
      GcDeferred *one = &g_array_index (deferred, GcDeferred, i);

      one->notify (one->data);
    }
}

/* Runs what is deferred, outside of all locks; a notify may defer more. */
static void
run_deferred_here (GcArena *arena)
{
  for (;;)
    {
      GArray *deferred;

      pthread_mutex_lock (&arena->deferred_lock);
      deferred = arena->deferred->len > 0 ? arena->deferred : NULL;
      if (deferred != NULL)
        arena->deferred = g_array_new (FALSE, FALSE, sizeof (GcDeferred));
      pthread_mutex_unlock (&arena->deferred_lock);
      if (deferred == NULL)
        return;
      run_all (deferred);
      g_array_unref (deferred);
    }
}

static gboolean
source_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     data)
{
  GcBackRef *back_ref = ((GcArenaSource *) source)->arena;
  g_autoptr (GcArena) arena = gc_back_ref_get (back_ref);

  if (arena == NULL)
    return gc_back_ref_is_lost (back_ref) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
  if (!gc_memory_monitor_serve (arena))
    gc_arena_idle_slice (arena, SLICE_NS);
  gc_peers_release (arena, gc_os_now_ns () + SLICE_NS);
  run_deferred_here (arena);
  return G_SOURCE_CONTINUE;
}

static void
source_finalize (GSource *source)
{
  gc_back_ref_unref (((GcArenaSource *) source)->arena);
}

static GSourceFuncs source_functions = {
  .prepare = source_prepare,
  .check = source_check,
  .dispatch = source_dispatch,
  .finalize = source_finalize,
};

static gboolean
renew (gpointer data)
{
  GcArena *arena = data;

  gc_back_ref_renew (arena->back_ref, arena);
  return G_SOURCE_REMOVE;
}

/* In a dispose() that is not the arena's end, but after which its source does not find it any more: it may have work that nobody
 * else does, such as what is deferred. It finds it again when the main context comes to that. */
void
gc_arena_renew_attachment (GcArena *arena)
{
  GMainContext *context;
  GSource *source;

  pthread_mutex_lock (&arena->deferred_lock);
  context = arena->context != NULL ? g_main_context_ref (arena->context) : NULL;
  pthread_mutex_unlock (&arena->deferred_lock);
  if (context == NULL)
    return;
  source = g_idle_source_new ();
  g_source_set_static_name (source, "[gcobj] renew");
  g_source_set_callback (source, renew, g_object_ref (arena), g_object_unref);
  g_source_attach (source, context);
  g_source_unref (source);
  g_main_context_unref (context);
}

static gboolean
run_last (gpointer deferred)
{
  run_all (deferred);
  g_array_set_size (deferred, 0);
  return G_SOURCE_REMOVE;
}

/* Where the main context ended before that. */
static void
free_last (gpointer deferred)
{
  run_all (deferred);
  g_array_unref (deferred);
}

/* At the arena's end, which may come inside of a language's own collection: what is
 * deferred runs where the arena was attached, later; or here. */
void
gc_arena_run_last_deferred (GcArena      *arena,
                            GMainContext *context)
{
  GSource *source;

  if (context == NULL)
    {
      run_deferred_here (arena);
      return;
    }
  if (arena->deferred->len == 0)
    return;
  source = g_idle_source_new ();
  g_source_set_static_name (source, "[gcobj] deferred");
  g_source_set_callback (source, run_last, g_array_ref (arena->deferred), free_last);
  g_source_attach (source, context);
  g_source_unref (source);
}

/* Runs deferred notifies, here or where the arena is attached. */
void
gc_arena_run_deferred (GcArena *arena)
{
  gboolean is_attached;

  pthread_mutex_lock (&arena->deferred_lock);
  is_attached = arena->context != NULL;
  if (is_attached && arena->deferred->len > 0)
    g_main_context_wakeup (arena->context);
  pthread_mutex_unlock (&arena->deferred_lock);
  if (!is_attached && !gc_arena_is_mutating (arena))
    run_deferred_here (arena);
}

/**
 * gc_arena_attach:
 * @arena: an arena
 * @context: (nullable): a main context, or %NULL for the thread's default one
 *
 * Has collection work done while @context is idle, in slices of 2 ms at
 * %G_PRIORITY_LOW, so that less is left to do at safe points. Deferred notifies
 * and guardians deliver there too, and there the GObjects of peers are let go of. The arena is not kept alive by it,
 * but after g_object_run_dispose(), which is not its end, until @context has found it again.
 *
 * While it is attached, the arena listens to the system's #GMemoryMonitor. A warning
 * has work done as soon as @context comes to it: at %G_MEMORY_MONITOR_WARNING_LEVEL_LOW a cycle is
 * begun and completed in slices, at %G_MEMORY_MONITOR_WARNING_LEVEL_MEDIUM everything is collected in one pause, at
 * %G_MEMORY_MONITOR_WARNING_LEVEL_CRITICAL empty memory is given back to the system as well.
 *
 * An arena is attached to one context at most: the last one given.
 *
 * Since: 0.1
 */
void
gc_arena_attach (GcArena      *arena,
                 GMainContext *context)
{
  gpointer monitor;
  GSource *source;
  gulong handler;

  g_return_if_fail (GC_IS_ARENA (arena));

  if (context == NULL)
    context = g_main_context_get_thread_default ();
  if (context == NULL)
    context = g_main_context_default ();
  gc_arena_detach (arena);

  source = g_source_new (&source_functions, sizeof (GcArenaSource));
  ((GcArenaSource *) source)->arena = gc_back_ref_ref (arena->back_ref);
  g_source_set_priority (source, G_PRIORITY_LOW);
  g_source_set_static_name (source, "[gcobj] collect");
  monitor = gc_memory_monitor_connect (arena, &handler);
  pthread_mutex_lock (&arena->deferred_lock);
  arena->context = g_main_context_ref (context);
  arena->source = source;
  arena->memory_monitor = monitor;
  arena->memory_handler = handler;
  pthread_mutex_unlock (&arena->deferred_lock);
  g_source_attach (source, context);
}

/**
 * gc_arena_detach:
 * @arena: an arena
 *
 * Undoes gc_arena_attach(). Harmless if the arena is not attached.
 *
 * Since: 0.1
 */
void
gc_arena_detach (GcArena *arena)
{
  GMainContext *context;
  gpointer monitor;
  GSource *source;
  gulong handler;

  g_return_if_fail (GC_IS_ARENA (arena));

  pthread_mutex_lock (&arena->deferred_lock);
  monitor = g_steal_pointer (&arena->memory_monitor);
  handler = arena->memory_handler;
  context = g_steal_pointer (&arena->context);
  source = g_steal_pointer (&arena->source);
  pthread_mutex_unlock (&arena->deferred_lock);
  if (source == NULL)
    return;
  gc_memory_monitor_disconnect (monitor, handler);
  g_source_destroy (source);
  g_source_unref (source);
  g_main_context_unref (context);
}

/**
 * gc_arena_defer_notify: (skip)
 * @arena: an arena
 * @notify: (scope async) (closure data): a function
 * @data: what it is called with
 *
 * Has @notify called with @data once no collection is going on, with no lock
 * held: on the context that the arena is attached to, else at the end of the safe point. This
 * is what a finalizer uses to call foreign code, which may do anything. May
 * be called from any thread.
 *
 * Since: 0.1
 */
void
gc_arena_defer_notify (GcArena        *arena,
                       GDestroyNotify  notify,
                       gpointer        data)
{
  GcDeferred one = { notify, data };

  g_return_if_fail (GC_IS_ARENA (arena));
  g_return_if_fail (notify != NULL);

  gc_back_ref_renew (arena->back_ref, arena);
  pthread_mutex_lock (&arena->deferred_lock);
  g_array_append_val (arena->deferred, one);
  if (arena->context != NULL)
    g_main_context_wakeup (arena->context);
  pthread_mutex_unlock (&arena->deferred_lock);
}
