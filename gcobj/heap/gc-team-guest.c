/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Mutators of a shared heap that wait awake for the end of a pause are guests of the team that marks in it: a session is open to them as
 * soon as there is something to mark, however short the slice is, since they have nothing else to do and are there within a microsecond.
 * What a guest has not scanned when the slice is over goes back to the heap's marker, as with a helper. Sleepers are not woken:
 * that would take longer than a slice. */

#include "gcobj/heap/gc-team-private.h"

/* Under the lock. NULL if all are taken. */
static GcHelper *
take_seat (GcTeam *team)
{
  guint i = 0;

  while (i < team->n_seats && team->seats[i]->is_taken)
    i++;
  if (i == G_N_ELEMENTS (team->seats))
    return NULL;
  if (i == team->n_seats)
    team->seats[team->n_seats++] = gc_helper_new (team);
  team->seats[i]->is_taken = TRUE;
  return team->seats[i];
}

/* For a mutator that waits for others, outside of its scope: marks with them until that is over, if there is
 * something to mark. */
void
gc_team_visit (GcHeap *heap)
{
  GcTeam *team = __atomic_load_n (&heap->team, __ATOMIC_ACQUIRE);
  GcBudget budget = GC_BUDGET_UNBOUNDED;
  GcHelper *self = NULL;

  if (team == NULL || gc_team_get ((guint *) &team->is_over))
    return;
  pthread_mutex_lock (&team->lock);
  if (!team->is_over && team->job == NULL)
    self = take_seat (team);
  if (self != NULL)
    team->n_inside++;
  pthread_mutex_unlock (&team->lock);
  if (self == NULL)
    return;

  gc_marker_begin (&self->marker, heap);
  while (gc_team_take (team, &self->marker, 0) && gc_marker_run (&self->marker, heap, &budget))
    ;
  pthread_mutex_lock (&team->lock);
  self->is_taken = FALSE;
  team->n_inside--;
  pthread_cond_broadcast (&team->change);
  pthread_mutex_unlock (&team->lock);
}
