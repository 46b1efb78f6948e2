/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-debug-private.h"
#include "gcobj/gc-listener-private.h"
#include "gcobj/gc-param.h"
#include "gcobj/gc-snapshot-private.h"
#include "gcobj/gc-string-private.h"
#include "gcobj/gc-value.h"

/**
 * SECTION:gc-arena
 * @Title: GcArena
 * @Short_description: An isolated, garbage-collected heap
 *
 * An arena owns a heap of objects. What its roots lead to is alive; the rest is
 * reclaimed, cycles included.
 *
 * |[<!-- language="C" -->
 * g_autoptr (GcArena) arena = gc_arena_new ();
 *
 * {
 *   g_autoptr (GcMutation) m = gc_arena_begin (arena);
 *
 *   gc_arena_set_root (arena, gc_object_new (m, DEMO_TYPE_NODE));
 * }
 *
 * gc_arena_set_root (arena, NULL);
 * gc_arena_collect (arena);
 * ]|
 *
 * # Roots
 *
 * The arena's root object (#GcArena:root), external references
 * (gc_object_ref(), any #GValue, #GcHandle), rooted locals (GC_ROOT()) and what root
 * sets hold (#GcRootSet) keep objects alive. An external reference keeps the arena alive too.
 *
 * # Collection
 *
 * Collection is precise, incremental and happens only at safe points: at the
 * end of a thread's outermost scope, in gc_mutation_safepoint(), gc_arena_step() and
 * gc_arena_collect(). What is allocated runs up a debt, which safe points
 * pay in slices of 80 µs; #GcPacing tunes it. gc_arena_attach() lets collection
 * run while a main context is idle.
 *
 * # Threads
 *
 * Arenas are independent of each other: two threads work in two arenas in
 * parallel. In one arena scopes of several threads run side by side; who collects waits until none
 * is open, or all of them are at safe points. External references are taken and dropped from any thread.
 */

enum
{
  PROP_0,
  PROP_ROOT,
  PROP_HEAP_LIMIT,
  PROP_MARKER_THREADS,
  PROP_LISTENER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/**
 * GcArena:
 *
 * An isolated heap of objects that are collected when nothing refers to them.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (GcArena, gc_arena, G_TYPE_OBJECT)

static void
visit_roots (gpointer  owner,
             GcTracer *tracer)
{
  GcArena *arena = owner;

  tracer->visit (tracer, &arena->root);
  if (GC_FAULT (SCOPED_ROOT))
    return;
  for (GcMutator *mutator = &arena->first; mutator != NULL; mutator = mutator->next)
    for (GcMutation *m = mutator->innermost; m != NULL; m = m->outer)
      for (GcRoot *root = m->roots; root != NULL; root = root->previous)
        if (!GC_FAULT (MUTATOR_ROOTS) || mutator == &arena->first)
          tracer->visit (tracer, root->variable);
}

static const GcHeapHooks hooks = { visit_roots };

static void
gc_arena_init (GcArena *arena)
{
  arena->back_ref = gc_back_ref_new (arena);
  pthread_mutex_init (&arena->hold, NULL);
  pthread_cond_init (&arena->changed, NULL);
  pthread_mutex_init (&arena->deferred_lock, NULL);
  arena->deferred = g_array_new (FALSE, FALSE, sizeof (GcDeferred));
  gc_heap_init (&arena->heap, arena, &hooks);
  arena->first.arena = arena;
  arena->first.allocator = &arena->heap.allocator;
  arena->heap.allocator.window = &arena->first.parked;
  gc_side_init (arena);
  gc_zeal_set (&arena->heap, gc_zeal_from_environment ());
  if (arena->heap.zeal != 0)
    arena->heap.trigger = 0;
  gc_debug_begin (arena);
}

static void
end_attachment (GcArena *arena)
{
  if (arena->context != NULL && arena->last_context == NULL)
    arena->last_context = g_main_context_ref (arena->context);
  gc_arena_detach (arena);
}

static void
gc_arena_dispose (GObject *object)
{
  GcArena *arena = GC_ARENA (object);

  /* g_object_run_dispose() is no end. */
  if (gc_back_ref_disposed (arena->back_ref, object))
    {
      end_attachment (arena);
      gc_debug_disposed (arena);
    }
  else
    gc_arena_renew_attachment (arena);
  G_OBJECT_CLASS (gc_arena_parent_class)->dispose (object);
}

static void
gc_arena_finalize (GObject *object)
{
  GcArena *arena = GC_ARENA (object);

  /* Each external reference holds the arena, and so does each open scope. */
  g_assert (gc_external_count (&arena->heap) == 0);

  gc_back_ref_end (arena->back_ref);
  end_attachment (arena);

  gc_debug_end (arena);
  gc_arena_finalize_all (arena);
  gc_side_clear (arena);
  gc_serials_clear (arena);
  gc_string_clear_interned (arena);
  gc_watch_clear (arena);
  gc_peers_clear (arena);
  gc_array_watch_clear (arena);
  gc_heap_clear (&arena->heap);
  gc_mutators_free (arena);
  gc_arena_run_last_deferred (arena, arena->last_context);
  g_array_unref (arena->deferred);
  g_clear_pointer (&arena->last_context, g_main_context_unref);
  pthread_mutex_destroy (&arena->deferred_lock);
  pthread_cond_destroy (&arena->changed);
  pthread_mutex_destroy (&arena->hold);
  gc_back_ref_unref (arena->back_ref);
  G_OBJECT_CLASS (gc_arena_parent_class)->finalize (object);
}

static void
gc_arena_get_property (GObject    *object,
                       guint       id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  GcArena *arena = GC_ARENA (object);

  switch (id)
    {
    case PROP_ROOT:
      gc_value_take_object (value, gc_arena_dup_root (arena));
      break;
    case PROP_HEAP_LIMIT:
      g_value_set_uint64 (value, gc_arena_get_heap_limit (arena));
      break;
    case PROP_MARKER_THREADS:
      g_value_set_uint (value, gc_arena_get_marker_threads (arena));
      break;
    case PROP_LISTENER:
      g_value_take_object (value, gc_arena_get_listener (arena));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
gc_arena_set_property (GObject      *object,
                       guint         id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  GcArena *arena = GC_ARENA (object);

  switch (id)
    {
    case PROP_ROOT:
      gc_arena_set_root (arena, gc_value_get_object (value));
      break;
    case PROP_HEAP_LIMIT:
      gc_arena_set_heap_limit (arena, g_value_get_uint64 (value));
      break;
    case PROP_MARKER_THREADS:
      gc_arena_set_marker_threads (arena, g_value_get_uint (value));
      break;
    case PROP_LISTENER:
      gc_arena_set_listener (arena, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
gc_arena_class_init (GcArenaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = gc_arena_dispose;
  object_class->finalize = gc_arena_finalize;
  object_class->get_property = gc_arena_get_property;
  object_class->set_property = gc_arena_set_property;

  /**
   * GcArena:root:
   *
   * The object that keeps alive what it leads to. Setting it to %NULL by a
   * property does not work from every language: gc_arena_set_root() does.
   *
   * Since: 0.1
   */
  properties[PROP_ROOT] =
    gc_param_spec_object ("root", "Root", "The arena's root object", GC_TYPE_OBJECT,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * GcArena:heap-limit:
   *
   * How many bytes objects may take, or 0 for no limit.
   *
   * Since: 0.1
   */
  properties[PROP_HEAP_LIMIT] =
    g_param_spec_uint64 ("heap-limit", "Heap limit", "How many bytes objects may take, or 0",
                         0, G_MAXSSIZE, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * GcArena:marker-threads:
   *
   * How many threads mark in one pause.
   *
   * Since: 0.1
   */
  properties[PROP_MARKER_THREADS] =
    g_param_spec_uint ("marker-threads", "Marker threads", "How many threads mark in one pause",
                       1, GC_MAX_MARKERS, 1, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * GcArena:listener:
   *
   * Who is told what the arena does.
   *
   * Since: 0.1
   */
  properties[PROP_LISTENER] =
    g_param_spec_object ("listener", "Listener", "Who is told what the arena does", GC_TYPE_LISTENER,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

/**
 * gc_arena_new:
 *
 * Makes an arena.
 *
 * Returns: (transfer full): the arena
 *
 * Since: 0.1
 */
GcArena *
gc_arena_new (void)
{
  return g_object_new (GC_TYPE_ARENA, NULL);
}

/**
 * gc_arena_mutate:
 * @arena: an arena
 * @func: (scope call) (closure user_data): what to do
 * @user_data: data for @func
 *
 * Calls @func inside a mutation scope. It can't finish the scope; scopes that it
 * begins and leaves open are finished, with a critical warning.
 *
 * Since: 0.1
 */
void
gc_arena_mutate (GcArena      *arena,
                 GcMutateFunc  func,
                 gpointer      user_data)
{
  GcMutation *m;

  g_return_if_fail (GC_IS_ARENA (arena));
  g_return_if_fail (func != NULL);
  g_return_if_fail (!gc_arena_is_finalizing ());
  g_return_if_fail (!gc_arena_is_mine (arena) || gc_arena_is_mutating (arena));

  m = gc_arena_lend (arena);
  func (m, user_data);
  gc_arena_take_back (arena, m);
}

/**
 * gc_arena_get_root: (skip)
 * @arena: an arena
 *
 * Gives the arena's root object, inside a scope.
 *
 * Returns: (type GcObj.Object) (transfer none) (nullable): the root object
 *
 * Since: 0.1
 */
gpointer
gc_arena_get_root (GcArena *arena)
{
  g_return_val_if_fail (GC_IS_ARENA (arena), NULL);
  g_return_val_if_fail (gc_arena_is_mutating (arena), NULL);

  return __atomic_load_n (&arena->root, __ATOMIC_RELAXED);
}

/**
 * gc_arena_dup_root: (rename-to gc_arena_get_root)
 * @arena: an arena
 *
 * Gives a new reference to the arena's root object.
 *
 * Returns: (type GcObj.Object) (transfer full) (nullable): the root object
 *
 * Since: 0.1
 */
gpointer
gc_arena_dup_root (GcArena *arena)
{
  GcScope scope;
  gpointer root;

  g_return_val_if_fail (GC_IS_ARENA (arena), NULL);

  gc_scope_enter (&scope, arena);
  root = arena->root != NULL ? gc_object_ref (arena->root) : NULL;
  gc_scope_leave (&scope);
  return root;
}

/**
 * gc_arena_set_root:
 * @arena: an arena
 * @root: (type GcObj.Object) (nullable): an object of @arena
 *
 * Has @root, and everything that it leads to, kept alive. What the previous root
 * object led to may become garbage.
 *
 * Since: 0.1
 */
void
gc_arena_set_root (GcArena  *arena,
                   gpointer  root)
{
  GcScope scope;

  g_return_if_fail (GC_IS_ARENA (arena));
  g_return_if_fail (root == NULL || gc_arena_of (root) == arena);
  g_return_if_fail (root == NULL || !gc_arena_is_finalizing ());

  gc_scope_enter (&scope, arena);
  __atomic_store_n (&arena->root, root, __ATOMIC_RELEASE);
  gc_scope_leave (&scope);
  g_object_notify_by_pspec (G_OBJECT (arena), properties[PROP_ROOT]);
}

/**
 * gc_arena_get_heap_limit:
 * @arena: an arena
 *
 * Gives how many bytes the arena's objects may take.
 *
 * Returns: the limit, or 0 for none
 *
 * Since: 0.1
 */
gsize
gc_arena_get_heap_limit (GcArena *arena)
{
  g_return_val_if_fail (GC_IS_ARENA (arena), 0);

  return __atomic_load_n (&arena->heap.heap_limit, __ATOMIC_RELAXED);
}

/**
 * gc_arena_set_heap_limit:
 * @arena: an arena
 * @bytes: the limit, or 0 for none
 *
 * Limits how many bytes the arena's objects, and what they own outside, may
 * take. Functions with an error, such as gc_object_try_new() and those that put something into a container, fail
 * with %GC_ERROR_HEAP_LIMIT beyond it, and the next safe
 * point collects everything. gc_new(), and constructors that have no error, go on: a sixteenth (at least 1 MiB)
 * further silently, so that a scope can be finished, and beyond that with a critical warning, which is
 * given once until the heap is below its limit again. gc_arena_check_heap_limit() tells whether it is. From any
 * thread, without waiting for others.
 *
 * Since: 0.1
 */
void
gc_arena_set_heap_limit (GcArena *arena,
                         gsize    bytes)
{
  g_return_if_fail (GC_IS_ARENA (arena));

  __atomic_store_n (&arena->heap.heap_limit, bytes, __ATOMIC_RELAXED);
  __atomic_store_n (&arena->heap.is_exhausted, FALSE, __ATOMIC_RELAXED);
  g_object_notify_by_pspec (G_OBJECT (arena), properties[PROP_HEAP_LIMIT]);
}

/**
 * gc_arena_get_marker_threads:
 * @arena: an arena
 *
 * Gives how many threads mark in one pause.
 *
 * Returns: the number of threads, the one that collects included
 *
 * Since: 0.1
 */
guint
gc_arena_get_marker_threads (GcArena *arena)
{
  g_return_val_if_fail (GC_IS_ARENA (arena), 1);

  return __atomic_load_n (&arena->heap.n_markers, __ATOMIC_RELAXED);
}

/**
 * gc_arena_set_marker_threads:
 * @arena: an arena
 * @n: the number of threads, the one that collects included: from 1 to 16
 *
 * Has several threads mark, and sweep, in long pauses: in gc_arena_collect() and other functions that finish a
 * phase, and where a step may take more than half a millisecond. The slices of safe points are too
 * short for it. More threads than processors are of no use.
 *
 * The threads beyond the first are started when they are first needed, and end with the arena.
 * They run none of the program's code. From any thread; it counts from the next pause.
 *
 * Since: 0.1
 */
void
gc_arena_set_marker_threads (GcArena *arena,
                             guint    n)
{
  g_return_if_fail (GC_IS_ARENA (arena));
  g_return_if_fail (n >= 1 && n <= GC_MAX_MARKERS);

  __atomic_store_n (&arena->heap.n_markers, n, __ATOMIC_RELAXED);
  g_object_notify_by_pspec (G_OBJECT (arena), properties[PROP_MARKER_THREADS]);
}

/**
 * gc_arena_get_stats:
 * @arena: an arena
 *
 * Gives what the arena did and holds.
 *
 * Returns: (transfer full): the figures
 *
 * Since: 0.1
 */
GcStats *
gc_arena_get_stats (GcArena *arena)
{
  GcScope scope;
  GcStats *stats;

  g_return_val_if_fail (GC_IS_ARENA (arena), NULL);

  gc_scope_enter (&scope, arena);
  stats = gc_stats_copy (&arena->heap.stats);
  stats->allocated_bytes += gc_heap_get_own_allocated (&arena->heap);
  stats->external_bytes = arena->heap.external_bytes;
  stats->debt_bytes = gc_heap_get_debt (&arena->heap);
  stats->n_external_refs = gc_external_count (&arena->heap);
  gc_scope_leave (&scope);
  return stats;
}

/**
 * gc_arena_get_zeal:
 * @arena: an arena
 *
 * Gives the checks that run in the arena.
 *
 * Returns: the checks
 *
 * Since: 0.1
 */
GcZeal
gc_arena_get_zeal (GcArena *arena)
{
  g_return_val_if_fail (GC_IS_ARENA (arena), GC_ZEAL_NONE);

  return arena->heap.zeal;
}

/**
 * gc_arena_set_zeal:
 * @arena: an arena that nothing was allocated in yet
 * @zeal: the checks
 *
 * Has checks run, instead of those that `GCOBJ_ZEAL` names.
 *
 * Since: 0.1
 */
void
gc_arena_set_zeal (GcArena *arena,
                   GcZeal   zeal)
{
  GcScope scope;

  g_return_if_fail (GC_IS_ARENA (arena));

  gc_scope_enter (&scope, arena);
  if (arena->heap.n_slabs > 0 || arena->heap.large != NULL || arena->heap.large_young != NULL)
    g_critical ("%s: objects were allocated already", G_STRFUNC);
  else
    {
      gc_zeal_set (&arena->heap, zeal);
      arena->heap.trigger = zeal != 0 ? 0 : arena->heap.sleep;
    }
  gc_scope_leave (&scope);
}

/**
 * gc_arena_verify:
 * @arena: an arena
 * @error: return location for an error
 *
 * Collects in full and checks that the heap does not contradict itself: for
 * tests, and for reports of trouble. A scope of the calling thread must not be open.
 *
 * Returns: %TRUE if all is well, %FALSE with %GC_ERROR_CORRUPT if not
 *
 * Since: 0.1
 */
gboolean
gc_arena_verify (GcArena  *arena,
                 GError  **error)
{
  gboolean ok;

  g_return_val_if_fail (GC_IS_ARENA (arena), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  g_return_val_if_fail (!gc_arena_is_mine (arena), FALSE);

  gc_arena_collect (arena);
  gc_arena_take_hold (arena);
  gc_heap_begin_pause (&arena->heap, GC_PAUSE_REASON_REQUEST);
  gc_heap_collect (&arena->heap);
  gc_heap_end_pause (&arena->heap, GC_PAUSE_REASON_REQUEST);
  ok = gc_heap_verify (&arena->heap, error) && gc_peers_is_valid (arena, error);
  gc_arena_release_hold (arena);
  return ok;
}
