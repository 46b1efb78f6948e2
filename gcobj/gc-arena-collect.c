/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Collection as an arena's users see it: safe points, steps and phases, and what runs after a pause. */

#include "gcobj/gc-debug-private.h"
#include "gcobj/gc-error.h"
#include "gcobj/gc-listener-private.h"
#include "gcobj/gc-os-private.h"

#define SLICE_NS     (80 * 1000)       /* shorter ones do not lower the longest pause */
#define FINALIZE_NS  (1000 * 1000)     /* finalizers at one safe point; the rest at the next */
#define ZEAL_AT_SAFEPOINT (GC_ZEAL_SAFEPOINT | GC_ZEAL_RELOCATE | GC_ZEAL_SHADOW_SLOTS | GC_ZEAL_UNTRACED)

static GC_THREAD_LOCAL GcCallbackKind inside;

/* Whether the calling thread is inside of a finalizer, or a listener's hook. */
gboolean
gc_arena_is_finalizing (void)
{
  return inside != GC_CALLBACK_NONE;
}

/* A hook comes when nothing is about to go: it may keep what it finds, and a language has to,
 * which refers to all that it sees. */
gboolean
gc_arena_is_in_finalizer (void)
{
  return inside == GC_CALLBACK_FINALIZER;
}

/* Has the calling thread be inside of one. A finalizer may end another arena, whose finalizers run inside of it. */
GcCallbackKind
gc_arena_enter_callback (GcCallbackKind kind)
{
  GcCallbackKind outer = inside;

  inside = MAX (outer, kind);
  return outer;
}

void
gc_arena_leave_callback (GcCallbackKind outer)
{
  inside = outer;
}

static void
finalize (gpointer object)
{
  GcCallbackKind outer = gc_arena_enter_callback (GC_CALLBACK_FINALIZER);

  if (G_UNLIKELY (gc_debug_flags & GC_DEBUG_FINALIZE_LOG))
    gc_debug_finalize (object);
  gc_class_of (object)->finalize (object);
  gc_arena_leave_callback (outer);
}

/* Whether a safe point has more to do than a slice, which could as well be done at the next one. In a scope. */
gboolean
gc_arena_is_due_at_once (GcArena *arena)
{
  const GcHeap *heap = &arena->heap;

  return (heap->zeal & ZEAL_AT_SAFEPOINT) != 0 || __atomic_load_n (&heap->over_limit, __ATOMIC_RELAXED);
}

/* Whether a safe point has work to do. In a scope. */
gboolean
gc_arena_is_due (GcArena *arena)
{
  return __atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) == 0 &&
         (gc_heap_owes (&arena->heap) || gc_arena_is_due_at_once (arena));
}

/* A safe point, under the hold. Whether finalizers have to run once it is released. */
gboolean
gc_arena_safepoint (GcArena *arena)
{
  GcHeap *heap = &arena->heap;

  if (__atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) == 0)
    {
      if (G_UNLIKELY (heap->over_limit))
        {
          gc_heap_begin_pause (heap, GC_PAUSE_REASON_HEAP_LIMIT);
          gc_heap_run_request (heap, gc_heap_collect);
          gc_heap_end_pause (heap, GC_PAUSE_REASON_HEAP_LIMIT);
          gc_arena_check_limit_again (arena);
        }
      else if (G_UNLIKELY (heap->zeal & ZEAL_AT_SAFEPOINT))
        {
          gc_heap_begin_pause (heap, GC_PAUSE_REASON_ZEAL);
          gc_zeal_at_safepoint (heap);
          gc_heap_end_pause (heap, GC_PAUSE_REASON_ZEAL);
        }
      else if (G_UNLIKELY (gc_heap_owes (heap)))
        {
          gc_heap_begin_pause (heap, GC_PAUSE_REASON_DEBT);
          gc_heap_pay (heap, SLICE_NS);
          gc_heap_end_pause (heap, GC_PAUSE_REASON_DEBT);
        }
      if (heap->zeal & ZEAL_AT_SAFEPOINT)
        heap->trigger = 0;
    }
  return heap->n_dead > 0;
}

/* What follows a pause: its listener is told, finalizers run (with @all, until none is left), then
 * deferred notifies. Inside of a scope the scope stays open. */
void
gc_arena_after_hold (GcArena  *arena,
                     gboolean  has_dead,
                     gboolean  all)
{
  GcHeap *heap = &arena->heap;
  gint64 began = has_dead ? gc_os_now_ns () : 0;
  guint64 n_finalized = 0;

  if (gc_arena_is_finalizing ())
    return;
  if (G_UNLIKELY (__atomic_load_n (&arena->events, __ATOMIC_RELAXED) != NULL))
    gc_arena_tell (arena);
  while (has_dead)
    {
      GcBatch batch;
      GcScope scope;

      gc_scope_enter (&scope, arena);
      gc_heap_begin_batch (heap, &batch);
      GC_PROBE2 (finalize__begin, arena, batch.n);
      gc_scope_leave (&scope);

      for (guint i = 0; i < batch.n; i++)
        finalize (batch.objects[i]);

      gc_scope_enter (&scope, arena);
      gc_heap_end_batch (heap, &batch);
      GC_PROBE2 (finalize__end, arena, batch.n);
      n_finalized += batch.n;
      has_dead = heap->n_dead > 0;
      if (has_dead && !all && gc_os_now_ns () > began + FINALIZE_NS)
        {
          /* The next safe point goes on. If a cycle does, too, it also gets a slice of that, which is paid in advance. */
          gc_heap_set_trigger_to (heap, 0);
          has_dead = FALSE;
        }
      if (!has_dead && heap->events != NULL)
        gc_events_note_finalized (heap, began, n_finalized);
      gc_scope_leave (&scope);
    }
  if (G_UNLIKELY (n_finalized > 0 && __atomic_load_n (&arena->events, __ATOMIC_RELAXED) != NULL))
    gc_arena_tell (arena);
  gc_peers_after_hold (arena, all);
  gc_arena_run_deferred (arena);
}

/* At the arena's end: every object that still has a finalizer is dead. */
void
gc_arena_finalize_all (GcArena *arena)
{
  GcQueue *queues[] = {
    &arena->heap.dead, &arena->heap.finalizable, &arena->heap.finalizable_next,
    &arena->heap.finalizable_old, &arena->heap.finalizable_kept
  };
  gpointer object;

  for (guint i = 0; i < G_N_ELEMENTS (queues); i++)
    while ((object = gc_queue_pop (queues[i])) != NULL)
      if (object != GC_TOMBSTONE)
        finalize (object);
}

/* Begins a pause for a public function: not inside of a scope, a finalizer or a
 * pause. */
static gboolean
enter_pause (GcArena       *arena,
             GcPauseReason  reason)
{
  g_return_val_if_fail (GC_IS_ARENA (arena), FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);
  g_return_val_if_fail (!gc_arena_is_mine (arena), FALSE);

  g_object_ref (arena);
  gc_arena_take_hold (arena);
  gc_heap_begin_pause (&arena->heap, reason);
  return TRUE;
}

static void
leave_pause (GcArena       *arena,
             GcPauseReason  reason,
             gboolean       all)
{
  gboolean has_dead = arena->heap.n_dead > 0;

  gc_heap_end_pause (&arena->heap, reason);
  gc_arena_release_hold (arena);
  gc_arena_after_hold (arena, has_dead, all);
  g_object_unref (arena);
}

/**
 * gc_arena_collect:
 * @arena: an arena
 *
 * Reclaims all garbage now, in one pause, and runs the finalizers of what died.
 * A scope of the calling thread must not be open. Does nothing while
 * collection is inhibited.
 *
 * Since: 0.1
 */
void
gc_arena_collect (GcArena *arena)
{
  if (!enter_pause (arena, GC_PAUSE_REASON_REQUEST))
    return;
  if (__atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) == 0)
    {
      gc_heap_run_request (&arena->heap, gc_heap_collect);
      if (arena->heap.zeal & GC_ZEAL_RELOCATE)
        gc_relocate (&arena->heap);
    }
  leave_pause (arena, GC_PAUSE_REASON_REQUEST, TRUE);
}

static gboolean
has_work (GcHeap *heap)
{
  return gc_heap_get_debt (heap) > 0 || heap->state != GC_STATE_IDLE;
}

/* Works until the time is over, but a little in any case, or nothing is left to do. */
static void
work_until (GcHeap *heap,
            gint64  until)
{
  while (has_work (heap))
    {
      gc_heap_step (heap, (GcBudget) { until, G_MAXINT64 }, gc_heap_get_debt (heap) > 0);
      if (gc_os_now_ns () >= until)
        break;
    }
}

/**
 * gc_arena_step:
 * @arena: an arena
 * @budget_us: how long to work, in microseconds of wall-clock time
 *
 * Does collection work: what is owed, and what is left of a cycle that has
 * begun, its sweep included. A scope of the calling thread must not be open.
 *
 * Returns: whether there is more to do
 *
 * Since: 0.1
 */
gboolean
gc_arena_step (GcArena *arena,
               guint    budget_us)
{
  gint64 until = gc_os_now_ns () + (gint64) budget_us * 1000;
  gboolean more;

  if (!enter_pause (arena, GC_PAUSE_REASON_STEP))
    return FALSE;
  if (__atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) == 0)
    work_until (&arena->heap, until);
  more = has_work (&arena->heap);
  leave_pause (arena, GC_PAUSE_REASON_STEP, FALSE);
  return more;
}

/**
 * gc_arena_step_units:
 * @arena: an arena
 * @units: how much to do, about one unit for each object marked
 *
 * Advances collection by an amount of work instead of time, owed or not, and begins
 * a cycle if none has begun. What it does is reproducible.
 *
 * Returns: whether that completed a cycle
 *
 * Since: 0.1
 */
gboolean
gc_arena_step_units (GcArena *arena,
                     guint    units)
{
  gboolean is_complete = FALSE;

  if (!enter_pause (arena, GC_PAUSE_REASON_STEP))
    return FALSE;
  if (__atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) == 0)
    is_complete = gc_heap_step (&arena->heap, (GcBudget) { 0, MAX (units, 1) }, TRUE);
  leave_pause (arena, GC_PAUSE_REASON_STEP, FALSE);
  return is_complete;
}

static void
run_phase (GcArena *arena,
           void   (*phase) (GcHeap *heap))
{
  if (!enter_pause (arena, GC_PAUSE_REASON_REQUEST))
    return;
  if (__atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) == 0)
    gc_heap_run_request (&arena->heap, phase);
  leave_pause (arena, GC_PAUSE_REASON_REQUEST, TRUE);
}

/**
 * gc_arena_start_cycle:
 * @arena: an arena
 *
 * Begins a collection cycle now, unless one has begun. A scope of the calling
 * thread must not be open.
 *
 * Since: 0.1
 */
void
gc_arena_start_cycle (GcArena *arena)
{
  run_phase (arena, gc_heap_start_cycle);
}

/**
 * gc_arena_finish_marking:
 * @arena: an arena
 *
 * Marks everything that is alive, in one pause, and leaves the arena in
 * %GC_PHASE_MARKED: what is not marked is dead and still there.
 * gc_weak_ref_is_dead() tells, and gc_weak_ref_resurrect() brings back. The next
 * collection work goes on from there. A scope of the calling thread must not be open.
 *
 * Since: 0.1
 */
void
gc_arena_finish_marking (GcArena *arena)
{
  run_phase (arena, gc_heap_finish_marking);
}

/**
 * gc_arena_start_sweeping:
 * @arena: an arena
 *
 * Goes on in one pause to where dead memory is being reclaimed: marks what is
 * left, clears weak references and runs finalizers. A cycle is begun if none has begun. A scope of
 * the calling thread must not be open.
 *
 * Since: 0.1
 */
void
gc_arena_start_sweeping (GcArena *arena)
{
  run_phase (arena, gc_heap_finish_clearing);
}

/**
 * gc_arena_finish_cycle:
 * @arena: an arena
 *
 * Completes the cycle that has begun, or a whole one, in one pause. What
 * became garbage since the cycle began may survive it; gc_arena_collect() leaves
 * none. A scope of the calling thread must not be open.
 *
 * Since: 0.1
 */
void
gc_arena_finish_cycle (GcArena *arena)
{
  run_phase (arena, gc_heap_finish_cycle);
}

/**
 * gc_arena_get_phase:
 * @arena: an arena
 *
 * Gives where the arena is in its cycle.
 *
 * Returns: the phase
 *
 * Since: 0.1
 */
GcPhase
gc_arena_get_phase (GcArena *arena)
{
  static const GcPhase phases[] = {
    [GC_STATE_SWEEPING] = GC_PHASE_SWEEPING,
    [GC_STATE_IDLE] = GC_PHASE_IDLE,
    [GC_STATE_MARKING] = GC_PHASE_MARKING,
    [GC_STATE_MARKED] = GC_PHASE_MARKED,
    [GC_STATE_CLEARING] = GC_PHASE_CLEARING,
  };
  GcScope scope;
  GcState state;

  g_return_val_if_fail (GC_IS_ARENA (arena), GC_PHASE_IDLE);

  gc_scope_enter (&scope, arena);
  state = arena->heap.state;
  gc_scope_leave (&scope);
  return phases[state];
}

/**
 * gc_arena_get_debt:
 * @arena: an arena
 *
 * Gives how much collection work is owed for what was allocated.
 *
 * Returns: the debt, in bytes
 *
 * Since: 0.1
 */
gsize
gc_arena_get_debt (GcArena *arena)
{
  GcScope scope;
  gsize debt;

  g_return_val_if_fail (GC_IS_ARENA (arena), 0);

  gc_scope_enter (&scope, arena);
  debt = gc_heap_get_debt (&arena->heap);
  gc_scope_leave (&scope);
  return debt;
}

/**
 * gc_arena_inhibit:
 * @arena: an arena
 *
 * Has nothing collected until gc_arena_uninhibit() is called as often: safe
 * points, steps and explicit collections do nothing, and debt stays owed.
 * May be called from any thread.
 *
 * Since: 0.1
 */
void
gc_arena_inhibit (GcArena *arena)
{
  g_return_if_fail (GC_IS_ARENA (arena));

  __atomic_add_fetch (&arena->n_inhibited, 1, __ATOMIC_RELAXED);
}

/**
 * gc_arena_uninhibit:
 * @arena: an arena
 *
 * Ends what one call of gc_arena_inhibit() began.
 *
 * Since: 0.1
 */
void
gc_arena_uninhibit (GcArena *arena)
{
  g_return_if_fail (GC_IS_ARENA (arena));

  if (__atomic_sub_fetch (&arena->n_inhibited, 1, __ATOMIC_RELAXED) < 0)
    {
      __atomic_add_fetch (&arena->n_inhibited, 1, __ATOMIC_RELAXED);
      g_critical ("%s: the arena is not inhibited", G_STRFUNC);
    }
}

/* Whether an idle slice has work. Asks nobody who is busy in the arena. */
gboolean
gc_arena_is_behind (GcArena *arena)
{
  gboolean is_behind;

  if (!gc_arena_try_hold (arena))
    return FALSE;
  /* Inhibited, the source would spin. */
  is_behind = (__atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) == 0 &&
               (has_work (&arena->heap) || __atomic_load_n (&arena->memory_warning, __ATOMIC_RELAXED) != 0)) ||
              arena->heap.n_dead > 0;
  gc_arena_release_hold (arena);
  return is_behind;
}

/* Begins a pause for idle work: not if somebody uses the arena. */
static gboolean
enter_idle_pause (GcArena       *arena,
                  GcPauseReason  reason)
{
  if (!gc_arena_try_hold (arena))
    return FALSE;
  g_object_ref (arena);
  gc_heap_begin_pause (&arena->heap, reason);
  return TRUE;
}

/* Works for @budget_ns unless somebody uses the arena. Whether there is more. */
gboolean
gc_arena_idle_slice (GcArena *arena,
                     gint64   budget_ns)
{
  gint64 until = gc_os_now_ns () + budget_ns;
  gboolean more;

  if (!enter_idle_pause (arena, GC_PAUSE_REASON_IDLE))
    return TRUE;
  if (__atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) == 0)
    work_until (&arena->heap, until);
  more = has_work (&arena->heap);
  leave_pause (arena, GC_PAUSE_REASON_IDLE, FALSE);
  return more;
}

/* Has idle slices go on until a cycle is complete. FALSE if somebody uses the arena. */
gboolean
gc_arena_idle_start_cycle (GcArena *arena)
{
  gboolean can_collect;

  if (!enter_idle_pause (arena, GC_PAUSE_REASON_LOW_MEMORY))
    return FALSE;
  can_collect = __atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) == 0;
  if (can_collect)
    gc_heap_run_request (&arena->heap, gc_heap_start_cycle);
  leave_pause (arena, GC_PAUSE_REASON_LOW_MEMORY, FALSE);
  return can_collect;
}

/* Collects in full, and gives all memory that is empty then back to the system. FALSE if somebody
 * uses the arena. */
gboolean
gc_arena_idle_collect (GcArena  *arena,
                       gboolean  trims)
{
  gboolean can_collect;

  if (!enter_idle_pause (arena, GC_PAUSE_REASON_LOW_MEMORY))
    return FALSE;
  can_collect = __atomic_load_n (&arena->n_inhibited, __ATOMIC_RELAXED) == 0;
  if (can_collect)
    {
      gc_heap_run_request (&arena->heap, gc_heap_collect);
      if (trims)
        gc_heap_trim (&arena->heap);
    }
  leave_pause (arena, GC_PAUSE_REASON_LOW_MEMORY, TRUE);
  return can_collect;
}
