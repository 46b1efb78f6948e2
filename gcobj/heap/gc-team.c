/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several threads that mark in one pause.
 *
 * Who pauses marks as ever, and calls helpers only if marking turns out to be long. Each has a marker of its
 * own and runs the same loop (gc-mark.c). One that has nothing left is hungry; another that notices, between
 * two ticks, gives it a segment of its stack: a full one, or the lower half of the only one, where
 * the largest subgraphs are. Marking is over when all that came are hungry. Nobody waits for a helper that
 * did not come: a busy machine makes marking no slower.
 *
 * Two markers can meet a white object at the same time, and both mark and scan it: an exchange for each object would
 * cost more than what is done twice. That does no harm:
 *   - A metadata byte belongs to one object. Both write the same bytes in the same order, the first of them twice: grey,
 *     then what fill() makes of it; if a late grey takes START_HI away, who wrote it has yet to fill.
 *   - Scanning shades, which is the same the second time, and notes owners of weak slots, which are cleared twice.
 *   - It counts twice in what was marked; too rarely to matter to pacing.
 * What is not so harmless is left to the thread that pauses: the ephemerons' index and trace functions, and so
 * objects that are keys, or storage with weak entries, or have such a function. A helper marks them and hands them back.
 * It is that thread alone that puts an entry into the index, and that looks there for a key that was marked: so that no
 * entry misses its key.
 *
 * Guests (gc-team-guest.c) do the same as helpers.
 *
 * Sweeping is shared as well (gc-team-sweep.c); all other work of a pause goes on when the helpers have left. */

#include <errno.h>
#include <signal.h>
#include "gcobj/heap/gc-team-private.h"

#define LONE_UNITS 8192         /* 100 us: what calling and ending a team takes is small beside it */
#define GUEST_UNITS 512         /* the same for guests, who need not be called */
#define LONG_NS    (500 * 1000) /* a slice that may take longer than this is worth it */
#define FEW        8            /* objects, that are not worth giving away */
#define FEW_ELEMENTS 64         /* of an array */
#define GUEST_FEW  1            /* each thread's own structure hangs on one */
#define SPINS      2000         /* 10 us: to fall asleep and be woken takes longer */
#define GUEST_SPINS 60000       /* 300 us, longer than most slices: guests would wait awake anyway */

static void
move_all (GcQueue *from,
          GcQueue *to)
{
  gpointer word;

  while ((word = gc_queue_pop (from)) != NULL)
    gc_queue_push (to, word);
}

static void
push_segment (GcQueue   *queue,
              GcSegment *segment)
{
  /* No segment below another is empty. */
  if (queue->n == 0)
    {
      segment->below = queue->top->below;
      g_free (queue->top);
    }
  else
    {
      queue->top->n = queue->n;
      queue->n_below += queue->n;
      segment->below = queue->top;
    }
  queue->top = segment;
  queue->n = segment->n;
}

/* Takes a part out of a marker's stack, or NULL if there are few objects in it. */
static GcSegment *
split (GcQueue *stack,
       gsize    few)
{
  GcSegment *top = stack->top;
  GcSegment *segment = top->below;

  if (segment != NULL && segment->n > 0)
    {
      top->below = segment->below;
      stack->n_below -= segment->n;
      return segment;
    }
  if (stack->n <= few)
    return NULL;
  segment = g_new (GcSegment, 1);
  segment->n = (stack->n + 1) / 2;
  stack->n -= segment->n;
  memcpy (segment->words, top->words, segment->n * sizeof (gpointer));
  memmove (top->words, top->words + segment->n, stack->n * sizeof (gpointer));
  return segment;
}

/* The same out of what an array refers to, with the few objects on the stack, which wait until that is done: the next array of a
 * chain may be among them, which then is scanned meanwhile (performance/mutators, objects). */
static GcSegment *
split_fifo (GcMarker *self)
{
  const guint n = self->fifo_tail - self->fifo_head;
  GcSegment *segment;

  if (n < FEW_ELEMENTS || self->stack.n > FEW)
    return NULL;
  segment = g_new (GcSegment, 1);
  segment->n = MIN (n / 2, GC_SEGMENT_WORDS - FEW);
  for (guint i = 0; i < segment->n; i++)
    segment->words[i] = self->fifo[--self->fifo_tail % GC_FIFO];
  self->n_urgent -= segment->n;
  if (GC_FAULT (TEAM_ARRAY))
    segment->n--;
  while (self->stack.n > 0)
    segment->words[segment->n++] = gc_queue_pop (&self->stack);
  return segment;
}

/* Hands back what a helper must not scan. */
static void
give_deferred (GcTeam   *team,
               GcMarker *self)
{
  if (gc_queue_is_empty (&self->deferred))
    return;
  pthread_mutex_lock (&team->lock);
  if (GC_FAULT (TEAM_DEFERRED))
    gc_queue_clear (&self->deferred);
  move_all (&self->deferred, &team->deferred);
  gc_team_put (&team->n_deferred, team->n_deferred + 1);
  pthread_cond_broadcast (&team->change);
  pthread_mutex_unlock (&team->lock);
}

/* Between two ticks of a marker: shares with those that are hungry. Whether a helper is to stop. */
gboolean
gc_team_share (GcMarker *self)
{
  GcTeam *team = self->team;
  GcSegment *segment;

  if (self->is_helper)
    give_deferred (team, self);
  if (gc_team_get (&team->n_hungry) > gc_team_get (&team->n_pool) &&
      ((segment = split (&self->stack, team->few)) != NULL || (segment = split_fifo (self)) != NULL))
    {
      pthread_mutex_lock (&team->lock);
      segment->below = team->pool;
      team->pool = segment;
      gc_team_put (&team->n_pool, team->n_pool + 1);
      pthread_cond_broadcast (&team->change);
      pthread_mutex_unlock (&team->lock);
    }
  return self->is_helper && gc_team_get ((guint *) &team->is_over);
}

/* Ends the session for all. */
static void
call_off (GcTeam *team)
{
  gc_team_put ((guint *) &team->is_over, TRUE);
  team->n_wanted = 0;
  pthread_cond_broadcast (&team->change);
}

static gboolean
has_work_for (GcTeam   *team,
              GcMarker *self)
{
  return team->pool != NULL || (!self->is_helper && !gc_queue_is_empty (&team->deferred));
}

/* Waits for a change, at first awake. FALSE when the time is over. */
static gboolean
wait_for_change (GcTeam   *team,
                 GcMarker *self,
                 gint64    deadline_ns,
                 gboolean *is_patient)
{
  const guint n_spins = team->n_spins;

  if (!*is_patient)
    {
      pthread_mutex_unlock (&team->lock);
      for (guint i = 0; i < n_spins && gc_team_get (&team->n_pool) == 0 && !gc_team_get ((guint *) &team->is_over) &&
                        (self->is_helper || gc_team_get (&team->n_deferred) == 0); i++)
        if (deadline_ns == 0 || i % 256 != 255 || gc_os_now_ns () < deadline_ns)
          gc_os_relax ();
        else
          break;
      pthread_mutex_lock (&team->lock);
      *is_patient = TRUE;
      return TRUE;
    }
  if (deadline_ns == 0)
    pthread_cond_wait (&team->change, &team->lock);
  else
    {
      struct timespec until = { deadline_ns / 1000000000, deadline_ns % 1000000000 };

      if (pthread_cond_timedwait (&team->change, &team->lock, &until) == ETIMEDOUT)
        return FALSE;
    }
  return TRUE;
}

/* For a marker that has nothing left: takes what others gave. FALSE when marking is over. */
gboolean
gc_team_take (GcTeam   *team,
              GcMarker *self,
              gint64    deadline_ns)
{
  gboolean is_hungry = FALSE, is_patient = FALSE;
  GcSegment *segment;

  if (self->is_helper)
    give_deferred (team, self);
  pthread_mutex_lock (&team->lock);
  while (!has_work_for (team, self) && !team->is_over)
    {
      if (!is_hungry)
        gc_team_put (&team->n_hungry, team->n_hungry + 1);
      is_hungry = TRUE;
      if (team->n_hungry == team->n_inside && gc_queue_is_empty (&team->deferred))
        call_off (team);
      else if (!wait_for_change (team, self, deadline_ns, &is_patient))
        call_off (team);
    }
  if (is_hungry)
    gc_team_put (&team->n_hungry, team->n_hungry - 1);
  if (team->is_over)
    {
      pthread_mutex_unlock (&team->lock);
      return FALSE;
    }
  if (!self->is_helper)
    {
      move_all (&team->deferred, &self->stack);
      gc_team_put (&team->n_deferred, 0);
    }
  segment = team->pool;
  if (segment != NULL)
    {
      team->pool = segment->below;
      gc_team_put (&team->n_pool, team->n_pool - 1);
      if (GC_FAULT (TEAM_GIFT))
        g_free (segment);
      else
        push_segment (&self->stack, segment);
    }
  pthread_mutex_unlock (&team->lock);
  return TRUE;
}

static gpointer
help (gpointer data)
{
  GcHelper *self = data;
  GcTeam *team = self->team;

  pthread_mutex_lock (&team->lock);
  while (!team->quits)
    {
      GcBudget budget = GC_BUDGET_UNBOUNDED;

      if (self->session == team->session || self->number >= team->n_wanted)
        {
          pthread_cond_wait (&team->call, &team->lock);
          continue;
        }
      self->session = team->session;
      team->n_inside++;
      team->n_came++;
      pthread_cond_broadcast (&team->change);
      pthread_mutex_unlock (&team->lock);

      gc_marker_begin (&self->marker, team->heap);
      if (team->job != NULL)
        team->job (team->heap, team->job_data, TRUE);
      else
        while (gc_team_take (team, &self->marker, 0) && gc_marker_run (&self->marker, team->heap, &budget))
          ;

      pthread_mutex_lock (&team->lock);
      team->n_inside--;
      pthread_cond_broadcast (&team->change);
    }
  pthread_mutex_unlock (&team->lock);
  return NULL;
}

GcHelper *
gc_helper_new (GcTeam *team)
{
  GcHelper *self = g_new0 (GcHelper, 1);

  self->team = team;
  self->marker.team = team;
  self->marker.is_helper = TRUE;
  return self;
}

/* Starts a helper. A helper is no place for the program's signal handlers. */
static void
add_helper (GcTeam *team)
{
  GcHelper *helper = gc_helper_new (team);
  sigset_t all, before;
  int failed;

  helper->number = team->n_helpers;
  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  failed = pthread_create (&helper->thread, NULL, help, helper);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  if (failed)
    g_free (helper);
  else
    team->helpers[team->n_helpers++] = helper;
}

static GcTeam *
team_new (GcHeap *heap)
{
  GcTeam *team = g_new0 (GcTeam, 1);
  pthread_condattr_t monotonic;

  team->heap = heap;
  team->process = gc_os_process ();
  team->is_over = TRUE;
  pthread_mutex_init (&team->lock, NULL);
  pthread_cond_init (&team->call, NULL);
  pthread_condattr_init (&monotonic);
  pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init (&team->change, &monotonic);
  pthread_condattr_destroy (&monotonic);
  return team;
}

static void
helper_free (GcHelper *self)
{
  GcMarker *marker = &self->marker;
  GcQueue *queues[] = { &marker->stack, &marker->arrays, &marker->weak_owners, &marker->deferred };

  for (guint k = 0; k < G_N_ELEMENTS (queues); k++)
    gc_queue_clear (queues[k]);
  g_free (self);
}

/* Frees what helpers had that are no more. In a child process they may have left the lock taken; but none was in the
 * midst of work, since nobody who forks has an arena that is in a pause. */
static void
free_memory (GcTeam *team)
{
  for (guint i = 0; i < team->n_helpers; i++)
    helper_free (team->helpers[i]);
  for (guint i = 0; i < team->n_seats; i++)
    helper_free (team->seats[i]);
  gc_queue_clear (&team->deferred);
  g_free (team);
}

/* Calls @n helpers for a job; for marking without one. */
static GcTeam *
begin (GcHeap    *heap,
       guint      n,
       GcTeamJob  job,
       gpointer   data)
{
  GcTeam *team = heap->team;

  if (team != NULL && team->process != gc_os_process ())
    {
      free_memory (team);
      team = NULL;
    }
  if (team == NULL)
    {
      team = team_new (heap);
      __atomic_store_n (&heap->team, team, __ATOMIC_RELEASE);
    }
  while (team->n_helpers < n)
    {
      guint before = team->n_helpers;

      add_helper (team);
      if (team->n_helpers == before)
        break;
    }
  pthread_mutex_lock (&team->lock);
  team->session++;
  team->job = job;
  team->job_data = data;
  team->n_wanted = n;
  team->n_spins = n > 0 ? SPINS : GUEST_SPINS;
  team->few = heap->always_helps ? 0 : n > 0 ? FEW : GUEST_FEW;
  team->n_inside = 1;
  team->n_came = 0;
  gc_team_put (&team->n_hungry, 0);
  gc_team_put ((guint *) &team->is_over, FALSE);
  pthread_cond_broadcast (&team->call);
  while (heap->always_helps && team->n_came < MIN (n, team->n_helpers))
    pthread_cond_wait (&team->change, &team->lock);
  pthread_mutex_unlock (&team->lock);
  if (job == NULL)
    heap->marker.team = team;
  return team;
}

/* Takes over what a helper that was stopped has left. */
static void
gather (GcHeap   *heap,
        GcMarker *from)
{
  GcMarker *self = &heap->marker;
  guint pending = MIN (from->edge_head - from->edge_flushed, GC_EDGE_RING);

  for (guint i = from->edge_head - pending; i != from->edge_head; i++)
    gc_shade (heap, from->edges[i % GC_EDGE_RING]);
  from->edge_flushed = from->edge_head;
  for (guint i = 0; i < GC_OBJECT_RING; i++)
    if (from->objects[i] != NULL)
      gc_queue_push (&self->stack, g_steal_pointer (&from->objects[i]));
  while (from->fifo_head != from->fifo_tail)
    gc_queue_push (&self->stack, from->fifo[from->fifo_head++ % GC_FIFO]);
  while (!gc_queue_is_empty (&from->arrays))
    {
      gpointer index = gc_queue_pop (&from->arrays);

      gc_queue_push (&self->arrays, gc_queue_pop (&from->arrays));
      gc_queue_push (&self->arrays, index);
      self->n_urgent++;
    }
  move_all (&from->stack, &self->stack);
  move_all (&from->deferred, &self->stack);
  move_all (&from->weak_owners, &self->weak_owners);
  self->marked_bytes += from->marked_bytes;
  self->marked_objects += from->marked_objects;
  self->traced_bytes += from->traced_bytes;
  from->marked_bytes = from->marked_objects = from->traced_bytes = 0;
}

/* Has all that came leave, and gathers what they have not scanned, if marking was called off. */
static void
end (GcTeam *team)
{
  GcHeap *heap = team->heap;
  GcMarker *self = &heap->marker;
  GcSegment *segment;

  pthread_mutex_lock (&team->lock);
  call_off (team);
  while (team->n_inside > 1)
    pthread_cond_wait (&team->change, &team->lock);
  pthread_mutex_unlock (&team->lock);
  self->team = NULL;

  while ((segment = team->pool) != NULL)
    {
      team->pool = segment->below;
      push_segment (&self->stack, segment);
    }
  gc_team_put (&team->n_pool, 0);
  for (guint i = 0; i < team->n_helpers; i++)
    gather (heap, &team->helpers[i]->marker);
  for (guint i = 0; i < team->n_seats; i++)
    gather (heap, &team->seats[i]->marker);
  move_all (&team->deferred, &self->stack);
  gc_team_put (&team->n_deferred, 0);
}

/* Whether there is time enough. */
static gboolean
is_long (const GcHeap   *heap,
         const GcBudget *budget)
{
  if (heap->always_helps)
    return TRUE;
  return budget->units > G_MAXINT32 &&
         (budget->deadline_ns == 0 || budget->deadline_ns - gc_os_now_ns () > LONG_NS);
}

/* How many helpers are to be called for a slice. */
static guint
count_helpers (const GcHeap   *heap,
               const GcBudget *budget)
{
  return gc_team_is_wanted (heap) && is_long (heap, budget) ? gc_team_get (&heap->n_markers) - 1 : 0;
}

/* Marks what the grey objects lead to. TRUE when nothing grey is left, FALSE when the
 * budget was spent first. */
gboolean
gc_marker_drain (GcHeap   *heap,
                 GcBudget *budget)
{
  GcMarker *self = &heap->marker;
  const guint n_helpers = count_helpers (heap, budget);
  const gboolean has_guests = gc_team_get (&heap->n_guests) > 0 && budget->units > G_MAXINT32;
  const gint64 lone_units = heap->always_helps ? 1 : has_guests ? GUEST_UNITS : LONE_UNITS;
  GcBudget alone = { budget->deadline_ns, lone_units };
  gboolean is_done;
  GcTeam *team;

  gc_heap_forget_young (heap);
  if (GC_FAULT (STORED))
    for (GcAllocator *allocator = &heap->allocator; allocator != NULL; allocator = allocator->next)
      allocator->n_stored = 0;
  gc_marker_shade_stored (heap);
  if (G_LIKELY (n_helpers == 0 && !has_guests))
    return gc_marker_run (self, heap, budget);

  if (gc_marker_run (self, heap, &alone))
    return TRUE;
  if (gc_budget_spend (budget, lone_units))
    return FALSE;
  team = begin (heap, n_helpers, NULL, NULL);
  do
    is_done = gc_marker_run (self, heap, budget);
  while (is_done && gc_team_take (team, self, budget->deadline_ns));
  end (team);
  /* It may have been called off when this marker had nothing left. */
  return is_done && gc_queue_is_empty (&self->stack) && gc_queue_is_empty (&self->arrays);
}

/* Does what can be done by several threads at once, each of which takes parts until none is left. */
void
gc_team_do (GcHeap    *heap,
            GcTeamJob  job,
            gpointer   data)
{
  GcTeam *team = begin (heap, gc_team_get (&heap->n_markers) - 1, job, data);

  job (heap, data, FALSE);
  end (team);
}

/* Ends the helpers. */
void
gc_team_free (GcHeap *heap)
{
  GcTeam *team = g_steal_pointer (&heap->team);

  if (team == NULL)
    return;
  if (team->process != gc_os_process ())
    {
      free_memory (team);
      return;
    }
  pthread_mutex_lock (&team->lock);
  team->quits = TRUE;
  pthread_cond_broadcast (&team->call);
  pthread_mutex_unlock (&team->lock);
  for (guint i = 0; i < team->n_helpers; i++)
    pthread_join (team->helpers[i]->thread, NULL);
  pthread_cond_destroy (&team->change);
  pthread_cond_destroy (&team->call);
  pthread_mutex_destroy (&team->lock);
  free_memory (team);
}
