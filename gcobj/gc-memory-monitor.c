/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an attached arena does when the system runs short of memory. A warning only requests work,
 * which is done when the main context comes to it: whoever emits the signal expects no pause. */

#include <gio/gio.h>
#include "gcobj/gc-arena-private.h"

/* On whatever thread: the strongest request counts. */
static void
on_warning (GMemoryMonitor             *monitor,
            GMemoryMonitorWarningLevel  level,
            gpointer                    data)
{
  g_autoptr (GcArena) arena = gc_back_ref_get (data);
  gint known;

  (void) monitor;
  if (arena == NULL)
    return;
  known = __atomic_load_n (&arena->memory_warning, __ATOMIC_RELAXED);
  while (known < (gint) level &&
         !__atomic_compare_exchange_n (&arena->memory_warning, &known, (gint) level, FALSE,
                                       __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    ;
  pthread_mutex_lock (&arena->deferred_lock);
  if (arena->context != NULL)
    g_main_context_wakeup (arena->context);
  pthread_mutex_unlock (&arena->deferred_lock);
}

static void
free_back_ref (gpointer  data,
               GClosure *closure)
{
  (void) closure;
  gc_back_ref_unref (data);
}

/* Where the arena is attached: does what was requested. FALSE if that was nothing, or somebody is in
 * the arena. */
gboolean
gc_memory_monitor_serve (GcArena *arena)
{
  gint level = __atomic_load_n (&arena->memory_warning, __ATOMIC_RELAXED);
  gboolean is_done;

  if (level == 0)
    return FALSE;
  if (level < G_MEMORY_MONITOR_WARNING_LEVEL_MEDIUM)
    is_done = gc_arena_idle_start_cycle (arena);
  else
    is_done = gc_arena_idle_collect (arena, level >= G_MEMORY_MONITOR_WARNING_LEVEL_CRITICAL);
  /* A stronger one may have come. */
  if (is_done)
    __atomic_compare_exchange_n (&arena->memory_warning, &level, 0, FALSE, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  return is_done;
}

/* The monitor, which the arena listens to from now on. */
gpointer
gc_memory_monitor_connect (GcArena *arena,
                           gulong  *handler)
{
  GMemoryMonitor *monitor = g_memory_monitor_dup_default ();

  *handler = g_signal_connect_data (monitor, "low-memory-warning", G_CALLBACK (on_warning),
                                    gc_back_ref_ref (arena->back_ref), free_back_ref, 0);
  return monitor;
}

void
gc_memory_monitor_disconnect (gpointer monitor,
                              gulong   handler)
{
  g_signal_handler_disconnect (monitor, handler);
  g_object_unref (monitor);
}
