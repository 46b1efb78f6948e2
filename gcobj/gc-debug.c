/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GCOBJ_DEBUG, and what else of the environment is read with the first arena: a person at a terminal
 * wants to see what happens. Everything goes to standard error. */

#include <stdlib.h>

#include "gcobj/gc-debug-private.h"
#include "gcobj/gc-listener-chain.h"
#include "gcobj/gc-listener-private.h"

guint gc_debug_flags;

static const GDebugKey keys[] = {
  { "leaks", GC_DEBUG_LEAKS },
  { "finalize-log", GC_DEBUG_FINALIZE_LOG },
  { "safepoint-log", GC_DEBUG_SAFEPOINT_LOG },
  { "barriers", GC_DEBUG_BARRIERS },
  { "registry", GC_DEBUG_REGISTRY },
  { "waits", GC_DEBUG_WAITS },
  { "fatal", GC_DEBUG_FATAL },
};

static const char help[] =
  "GCOBJ_DEBUG: a list of these words, with colons, commas or spaces in between:\n"
  "  leaks          at an arena's end, what was still rooted; at the end of the process, the arenas that\n"
  "                 are left and what keeps them\n"
  "  finalize-log   each object that is finalized\n"
  "  safepoint-log  each pause and what was done in it\n"
  "  barriers       checks each store: is the slot one of the owner's, is a scope open?\n"
  "  registry       each piece of address space that is taken or given back\n"
  "  waits          each wait for an arena that takes over a second, and whom it is for\n"
  "  fatal          ends the process at the first critical warning of the library\n"
  "  all            all of these\n"
  "  help           this text\n";

/* ---- safepoint-log ---- */

#define GC_TYPE_DEBUG_LOG (gc_debug_log_get_type ())
G_DECLARE_FINAL_TYPE (GcDebugLog, gc_debug_log, GC, DEBUG_LOG, GObject)

struct _GcDebugLog
{
  GObject parent_instance;
};

static void
gc_debug_log_tell (GcListener    *listener,
                   GcArena       *arena,
                   const GcEvent *event)
{
  g_autofree char *text = gc_event_to_string (event);

  g_printerr ("GcObj: arena %p: %s\n", (gpointer) arena, text);
}

static void
gc_debug_log_listen (GcListenerInterface *iface)
{
  iface->tell = gc_debug_log_tell;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (GcDebugLog, gc_debug_log, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GC_TYPE_LISTENER, gc_debug_log_listen))

static void
gc_debug_log_class_init (GcDebugLogClass *klass)
{
}

static void
gc_debug_log_init (GcDebugLog *self)
{
}

/* ---- finalize-log ---- */

void
gc_debug_finalize (gpointer object)
{
  g_printerr ("GcObj: arena %p: finalize %s %p\n", gc_slab_of (object)->heap->owner,
              g_type_name (G_TYPE_FROM_INSTANCE (object)), object);
}

/* ---- registry ---- */

static void
log_slab (const GcSlab *slab,
          gsize         size,
          gboolean      is_taken)
{
  g_printerr ("GcObj: arena %p: registry %c %p, %" G_GSIZE_FORMAT " KiB\n", slab->heap->owner, is_taken ? '+' : '-',
              (gconstpointer) slab, size >> 10);
}

/* ---- waits ---- */

static struct timespec
in_a_second (void)
{
  gint64 until = g_get_real_time () + G_USEC_PER_SEC;

  return (struct timespec) { until / G_USEC_PER_SEC, until % G_USEC_PER_SEC * 1000 };
}

/* Waits for the mutex. Threads are named as a debugger names them. */
void
gc_debug_lock_hold (GcArena *arena)
{
  struct timespec time = in_a_second ();

  if (pthread_mutex_timedlock (&arena->hold, &time) == 0)
    return;
  g_printerr ("GcObj: arena %p: thread %p has waited for a second, for thread %p, which has a scope or collects\n",
              (gpointer) arena, (gpointer) gc_os_this_thread (),
              (gpointer) __atomic_load_n (&arena->owner, __ATOMIC_RELAXED));
  pthread_mutex_lock (&arena->hold);
}

/* The same for what others do in a shared arena: until something has changed, which it may have while this thread, whose time was up,
 * waited for the mutex. */
void
gc_debug_wait_for_others (GcArena *arena)
{
  struct timespec time = in_a_second ();
  guint n_changes = arena->n_changes;

  if (pthread_cond_timedwait (&arena->changed, &arena->hold, &time) == 0 || arena->n_changes != n_changes)
    return;
  g_printerr ("GcObj: arena %p: thread %p has waited for a second, for %u %s%s\n",
              (gpointer) arena, (gpointer) gc_os_this_thread (), arena->n_scopes,
              arena->n_scopes == 1 ? "thread that has a scope" : "threads that have scopes",
              arena->n_pausing > 0 || arena->is_requested ? "; a pause is wanted" : "");
  pthread_cond_wait (&arena->changed, &arena->hold);
}

/* ---- leaks ---- */

static void
print_left (void)
{
  GSList *arenas = gc_arena_list_get ();

  if (arenas == NULL)
    g_printerr ("GcObj: no arena is left\n");
  for (GSList *item = arenas; item != NULL; item = item->next)
    gc_debug_print_roots (item->data, "is left at the end of the process");
  g_slist_free_full (arenas, g_object_unref);
}

void
gc_debug_disposed (GcArena *arena)
{
  if (gc_debug_flags & GC_DEBUG_LEAKS)
    gc_debug_print_roots (arena, "ends");
}

/* ---- the environment ---- */

static gboolean wants_list;
static GcListener *wanted_listener;

/* As GLib compares them. */
static gboolean
is_word (const char *given,
         const char *word)
{
  g_autofree char *dashed = g_strdelimit (g_strdup (given), "_", '-');

  return g_ascii_strcasecmp (dashed, word) == 0;
}

/* A word that nobody knows does nothing, and its owner would wait for it. */
static void
check_words (const char *value)
{
  g_auto (GStrv) given = g_strsplit_set (value, ":;, \t", -1);
  gboolean wants_help = FALSE;

  for (guint i = 0; given[i] != NULL; i++)
    {
      gboolean is_known = *given[i] == '\0' || is_word (given[i], "all");

      wants_help |= is_word (given[i], "help");
      for (guint k = 0; k < G_N_ELEMENTS (keys); k++)
        is_known |= is_word (given[i], keys[k].key);
      if (!is_known && !is_word (given[i], "help"))
        g_printerr ("GCOBJ_DEBUG: there is no '%s': see GCOBJ_DEBUG=help\n", given[i]);
    }
  if (wants_help)
    g_printerr ("%s", help);
}

static void
read_debug (void)
{
  const char *value = g_getenv ("GCOBJ_DEBUG");

  if (value == NULL)
    return;
  check_words (value);
  /* GLib has a help of its own. */
  if (is_word (value, "help"))
    return;
  gc_debug_flags = g_parse_debug_string (value, keys, G_N_ELEMENTS (keys));
  if (gc_debug_flags & GC_DEBUG_LEAKS)
    {
      wants_list = TRUE;
      atexit (print_left);
    }
  if (gc_debug_flags & GC_DEBUG_BARRIERS)
    gc_barrier_hold ();
  if (gc_debug_flags & GC_DEBUG_REGISTRY)
    gc_slab_log = log_slab;
  if (gc_debug_flags & GC_DEBUG_FATAL)
    {
      g_log_set_fatal_mask ("GcObj", G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
      g_log_set_fatal_mask ("GcSeq", G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
    }
}

static void
read_listeners (void)
{
  GcListener *trace = gc_trace_file_from_environment ();

  wanted_listener = trace;
  if (gc_debug_flags & GC_DEBUG_SAFEPOINT_LOG)
    {
      GcListener *log = g_object_new (GC_TYPE_DEBUG_LOG, NULL);

      wanted_listener = log;
      if (trace != NULL)
        {
          GcListenerChain *chain = gc_listener_chain_new ();

          gc_listener_chain_add (chain, trace);
          gc_listener_chain_add (chain, log);
          wanted_listener = GC_LISTENER (chain);
        }
    }
}

/* An arena is made. */
void
gc_debug_begin (GcArena *arena)
{
  static gsize is_read;

  if (g_once_init_enter (&is_read))
    {
      wants_list = gc_heap_output_set_up ();
      read_debug ();
      read_listeners ();
      g_once_init_leave (&is_read, 1);
    }
  gc_listener_begin (arena, wanted_listener);
  if (wants_list)
    gc_arena_list_add (arena);
}

/* An arena is about to be freed. */
void
gc_debug_end (GcArena *arena)
{
  if (wants_list)
    gc_arena_list_remove (arena);
  gc_listener_end (arena);
}
