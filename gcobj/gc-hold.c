/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who may be in an arena.
 *
 * At first an arena belongs to one thread at a time: whoever has the mutex `hold` has a scope, or pauses. When a thread
 * wants a scope while another has one, the arena becomes shared, for good: as soon as the first one ends its scope, comes to a
 * safe point, or has used up what is cleared for allocation. What the library does in a scope under the heap's lock did not take it
 * before; it is taken for all that goes on (`n_unlocked`).
 *
 * In a shared arena a scope is counted, and the mutex is taken for the moment of counting. Each thread that has
 * one has a GcMutator, with an allocation window of its own. There are three ways to wait for others:
 *
 *   a pause   needs that nobody has an outermost scope. It keeps the mutex to its end.
 *   a request is what a safe point makes that owes: whoever stops last pays, so that nobody has to be woken for it. Who is at a
 *             safe point waits until that is done; who has ended its scope goes on until it wants another.
 *   alone     a thread that has a scope needs that no other one that has is running: to walk the heap, or to
 *             run sequences. Nothing is collected meanwhile. It keeps the mutex too.
 *
 * New outermost scopes wait for all three, nested ones for nothing. The threads that have a scope are counted twice: those that have one
 * (n_scopes), and those of them that run (n_running), which excludes those that wait to be alone. A thread that waits has
 * no lock but, after it was woken, the mutex: neither the heap's lock nor a leaf.
 *
 * A safe point looks at `is_contended`, and if that is TRUE at the rest. */

#include "gcobj/gc-debug-private.h"

GC_THREAD_LOCAL GcMutator *gc_mutators_of_thread;

static void
set_owner (GcArena *arena,
           gintptr  thread)
{
  __atomic_store_n (&arena->owner, thread, __ATOMIC_RELAXED);
}

static void
lock (GcArena *arena)
{
  if (G_UNLIKELY (gc_debug_flags & GC_DEBUG_WAITS))
    gc_debug_lock_hold (arena);
  else
    pthread_mutex_lock (&arena->hold);
}

/* ---- waiting ---- */

/* To sleep and be woken takes longer than a pause: so long a thread waits awake for others. It is longer than a slice with what stopping
 * takes; a third of that had guests asleep when there was something to mark (performance/mutators). */
#define MOST_AWAKE_NS  (250 * 1000)
#define LEAST_AWAKE_NS (1000)
#define LOCK_SPINS     100

static gboolean
can_spin (void)
{
  static gint n_processors;     /* atomic */
  gint n = __atomic_load_n (&n_processors, __ATOMIC_RELAXED);

  if (n == 0)
    {
      n = (gint) g_get_num_processors ();
      __atomic_store_n (&n_processors, n, __ATOMIC_RELAXED);
    }
  return n > 1;
}

/* Takes the mutex of a shared arena, which is held for moments, or for a pause. */
static void
lock_shared (GcArena *arena)
{
  for (guint i = 0; i < LOCK_SPINS && can_spin (); i++)
    {
      if (pthread_mutex_trylock (&arena->hold) == 0)
        return;
      gc_os_relax ();
    }
  lock (arena);
}

static void
sleep_until_told (GcArena *arena)
{
  arena->n_waiting++;
  if (G_UNLIKELY (gc_debug_flags & GC_DEBUG_WAITS))
    gc_debug_wait_for_others (arena);
  else
    pthread_cond_wait (&arena->changed, &arena->hold);
  arena->n_waiting--;
}

static gboolean
must_wait (GcArena *arena)
{
  return arena->is_requested || arena->n_pausing > 0 || arena->n_alone > 0;
}

/* Under the mutex, after a change that others may wait for. */
static void
tell_others (GcArena *arena)
{
  __atomic_store_n (&arena->is_stop_wanted, must_wait (arena), __ATOMIC_RELAXED);
  __atomic_store_n (&arena->n_changes, arena->n_changes + 1, __ATOMIC_RELAXED);
  if (arena->n_waiting > 0)
    pthread_cond_broadcast (&arena->changed);
}

/* Looks for a while, as long as that has been worth it of late, and sleeps then. Meanwhile it helps to mark: who waits
 * has no scope that counts, and so may be there while objects are marked. */
static void
wait_until_told (GcArena *arena)
{
  guint n_changes = arena->n_changes;

  if (can_spin ())
    {
      gint64 awake_ns = MAX (arena->awake_ns, LEAST_AWAKE_NS);
      gint64 began = gc_os_now_ns ();

      pthread_mutex_unlock (&arena->hold);
      __atomic_add_fetch (&arena->heap.n_guests, 1, __ATOMIC_RELAXED);
      do
        {
          for (guint i = 0; i < 8; i++)
            gc_os_relax ();
          gc_team_visit (&arena->heap);
        }
      while (__atomic_load_n (&arena->n_changes, __ATOMIC_RELAXED) == n_changes && gc_os_now_ns () < began + awake_ns);
      __atomic_sub_fetch (&arena->heap.n_guests, 1, __ATOMIC_RELAXED);
      lock_shared (arena);
      if (arena->n_changes == n_changes)
        sleep_until_told (arena);
      if (gc_os_now_ns () < began + 2 * MOST_AWAKE_NS)
        arena->awake_ns = MIN (awake_ns * 2, MOST_AWAKE_NS);
      else
        arena->awake_ns = awake_ns - awake_ns / 8;
    }
  else
    sleep_until_told (arena);
}

/* ---- pauses ---- */

static void
begin_pause (GcArena *arena)
{
  gc_back_ref_renew (arena->back_ref, arena);
  set_owner (arena, gc_os_this_thread ());
  if (gc_heap_is_shared (&arena->heap))
    gc_heap_stop (&arena->heap);
  else
    __atomic_store_n (&arena->is_pausing, TRUE, __ATOMIC_RELAXED);
}

static void
end_pause (GcArena *arena)
{
  if (gc_heap_is_shared (&arena->heap))
    {
      gc_heap_resume (&arena->heap);
      tell_others (arena);
    }
  else
    __atomic_store_n (&arena->is_pausing, FALSE, __ATOMIC_RELAXED);
  set_owner (arena, 0);
}

/* Has the arena without a scope, exclusively. */
void
gc_arena_take_hold (GcArena *arena)
{
  lock (arena);
  if (gc_heap_is_shared (&arena->heap) && arena->n_scopes > 0)
    {
      arena->n_pausing++;
      tell_others (arena);
      while (arena->n_scopes > 0 && !GC_FAULT (MUTATOR_STOP))
        wait_until_told (arena);
      arena->n_pausing--;
    }
  begin_pause (arena);
}

/* The same, if nobody uses the arena. */
gboolean
gc_arena_try_hold (GcArena *arena)
{
  if (gc_arena_is_mine (arena) || pthread_mutex_trylock (&arena->hold) != 0)
    return FALSE;
  if (gc_heap_is_shared (&arena->heap) && arena->n_scopes > 0)
    {
      pthread_mutex_unlock (&arena->hold);
      return FALSE;
    }
  begin_pause (arena);
  return TRUE;
}

void
gc_arena_release_hold (GcArena *arena)
{
  end_pause (arena);
  pthread_mutex_unlock (&arena->hold);
}

/* Under the mutex, nobody having a scope that is not at a safe point: what was requested. */
static void
serve_request (GcArena *arena)
{
  arena->is_requested = FALSE;
  begin_pause (arena);
  gc_arena_safepoint (arena);
  end_pause (arena);
}

/* Under the mutex, without a scope that counts: until one may be counted. */
static void
wait_for_turn (GcArena *arena)
{
  while (must_wait (arena))
    if (arena->is_requested && arena->n_scopes == 0)
      serve_request (arena);
    else
      wait_until_told (arena);
}

/* ---- scopes ---- */

static GcMutator *
take_mutator (GcArena *arena)
{
  GcMutator *self = arena->idle;

  if (self != NULL)
    arena->idle = self->next_idle;
  else
    {
      self = gc_allocate_apart (sizeof *self);
      self->arena = arena;
      self->allocator = gc_allocate_apart (sizeof *self->allocator);
      self->allocator->window = &self->parked;
      self->next = arena->first.next;
      arena->first.next = self;
      gc_heap_add_allocator (&arena->heap, self->allocator);
    }
  gc_mutator_resume (self);
  self->outer = gc_mutators_of_thread;
  gc_mutators_of_thread = self;
  return self;
}

static void
give_mutator (GcMutator *self)
{
  GcMutator **link = &gc_mutators_of_thread;

  while (*link != self)
    link = &(*link)->outer;
  *link = self->outer;
  self->is_running = FALSE;
  self->interval_ns = 0;
  self->next_idle = self->arena->idle;
  self->arena->idle = self;
}

void
gc_mutators_free (GcArena *arena)
{
  GcMutator *self;

  while ((self = arena->first.next) != NULL)
    {
      arena->first.next = self->next;
      g_aligned_free (self->allocator);
      g_aligned_free (self);
    }
}

/* Under the mutex. The calling thread alone may have a scope, which then counts. */
static void
share (GcArena  *arena,
       gboolean  has_scope)
{
  gc_heap_share (&arena->heap);
  arena->awake_ns = MOST_AWAKE_NS;
  if (has_scope)
    {
      arena->first.outer = gc_mutators_of_thread;
      gc_mutators_of_thread = &arena->first;
      gc_mutator_resume (&arena->first);
      arena->n_scopes = arena->n_running = 1;
      for (guint i = 0; i < arena->n_unlocked; i++)
        gc_heap_lock (&arena->heap);
    }
  else
    arena->idle = &arena->first;
  set_owner (arena, 0);
}

/* Waits for the first thread, and has the arena shared then. */
static void
wait_to_share (GcArena *arena)
{
  __atomic_add_fetch (&arena->n_wanting, 1, __ATOMIC_RELAXED);
  __atomic_store_n (&arena->is_contended, TRUE, __ATOMIC_RELAXED);
  lock (arena);
  __atomic_sub_fetch (&arena->n_wanting, 1, __ATOMIC_RELAXED);
  if (!gc_heap_is_shared (&arena->heap))
    share (arena, FALSE);
  tell_others (arena);
}

/* Begins to have a scope, outermost. A setter's own is so short that others just wait for it. */
void
gc_arena_enter (GcArena  *arena,
                gboolean  is_implicit)
{
  gc_back_ref_renew (arena->back_ref, arena);
  if (G_UNLIKELY (gc_heap_is_shared (&arena->heap)))
    lock_shared (arena);
  else if (pthread_mutex_trylock (&arena->hold) != 0)
    {
      if (!is_implicit && !__atomic_load_n (&arena->is_pausing, __ATOMIC_RELAXED))
        wait_to_share (arena);
      else
        lock (arena);
    }
  if (G_LIKELY (!gc_heap_is_shared (&arena->heap)))
    {
      set_owner (arena, gc_os_this_thread ());
      return;
    }
  wait_for_turn (arena);
  arena->n_scopes++;
  arena->n_running++;
  take_mutator (arena);
  pthread_mutex_unlock (&arena->hold);
}

static void
stop_counting (GcArena *arena)
{
  arena->n_scopes--;
  arena->n_running--;
}

/* Has no scope any more, and offers no safe point. */
void
gc_arena_leave (GcArena *arena)
{
  if (G_LIKELY (!gc_heap_is_shared (&arena->heap)))
    {
      set_owner (arena, 0);
      pthread_mutex_unlock (&arena->hold);
      return;
    }
  lock_shared (arena);
  give_mutator (gc_mutator_find (arena));
  stop_counting (arena);
  tell_others (arena);
  pthread_mutex_unlock (&arena->hold);
}

/* Has no scope any more: a safe point. Whether finalizers have to run. */
gboolean
gc_arena_leave_at_safepoint (GcArena *arena)
{
  gboolean has_dead, is_due;

  if (G_LIKELY (!gc_heap_is_shared (&arena->heap)))
    {
      has_dead = gc_arena_safepoint (arena);
      set_owner (arena, 0);
      pthread_mutex_unlock (&arena->hold);
      return has_dead;
    }
  is_due = gc_arena_is_due (arena);
  lock_shared (arena);
  give_mutator (gc_mutator_find (arena));
  stop_counting (arena);
  arena->is_requested |= is_due;
  if (arena->is_requested && (arena->n_scopes == 0 || GC_FAULT (MUTATOR_STOP)))
    serve_request (arena);
  else
    tell_others (arena);
  has_dead = gc_heap_has_dead (&arena->heap);
  pthread_mutex_unlock (&arena->hold);
  return has_dead;
}

/* In the midst of a scope of the calling thread, but not while it looks at everything: another thread's may begin. */
void
gc_arena_let_others_in (GcArena *arena)
{
  if (gc_arena_is_wanted (arena) && !gc_heap_is_shared (&arena->heap) && arena->alone_depth == 0)
    {
      share (arena, TRUE);
      pthread_mutex_unlock (&arena->hold);
    }
}

/* A safe point of a thread that keeps its outermost scope, and has no other. Whether finalizers have to run. */
gboolean
gc_arena_stop (GcArena *arena)
{
  GcMutator *mutator;
  gboolean has_dead, is_due, is_new;

  if (G_LIKELY (!gc_heap_is_shared (&arena->heap)))
    {
      gc_arena_let_others_in (arena);
      if (G_LIKELY (!gc_heap_is_shared (&arena->heap)))
        return gc_arena_safepoint (arena);
    }
  mutator = gc_mutator_find (arena);
  is_due = gc_arena_is_due (arena);
  lock_shared (arena);
  is_new = is_due && !arena->is_requested;
  arena->is_requested |= is_due;
  if (arena->is_requested && gc_mutator_goes_on (mutator))
    {
      if (is_new)
        tell_others (arena);
      mutator->n_changes = arena->n_changes;
      has_dead = gc_heap_has_dead (&arena->heap);
      pthread_mutex_unlock (&arena->hold);
      return has_dead;
    }
  mutator->is_running = FALSE;
  stop_counting (arena);
  /* Who stops last serves it, and tells of that. */
  if (!arena->is_requested || arena->n_scopes > 0)
    tell_others (arena);
  wait_for_turn (arena);
  gc_mutator_resume (mutator);
  arena->n_scopes++;
  arena->n_running++;
  has_dead = gc_heap_has_dead (&arena->heap);
  pthread_mutex_unlock (&arena->hold);
  return has_dead;
}

/* ---- alone ---- */

/* Has no other thread run that has a scope; from a scope or not, but not under the heap's lock. Nests. */
void
gc_arena_begin_alone (GcArena *arena)
{
  gboolean is_running;

  if (G_LIKELY (!gc_heap_is_shared (&arena->heap)) || gc_arena_is_owner (arena))
    {
      arena->alone_depth++;
      return;
    }
  is_running = gc_mutator_find (arena) != NULL;
  lock_shared (arena);
  arena->n_running -= is_running;
  arena->n_alone++;
  tell_others (arena);
  while (arena->n_running > 0)
    wait_until_told (arena);
  arena->n_alone--;
  arena->n_running += is_running;
  set_owner (arena, gc_os_this_thread ());
  gc_heap_stop (&arena->heap);
}

void
gc_arena_end_alone (GcArena *arena)
{
  if (G_LIKELY (arena->alone_depth > 0))
    {
      arena->alone_depth--;
      return;
    }
  gc_heap_resume (&arena->heap);
  set_owner (arena, 0);
  tell_others (arena);
  pthread_mutex_unlock (&arena->hold);
}
