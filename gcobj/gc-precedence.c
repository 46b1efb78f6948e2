/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who waits for whom, where threads of a shared arena are to stop for a pause that is owed.
 *
 * It begins when the last one is at a safe point. Whoever comes to one earlier waits for the others, or works on, as
 * long as it is sure to come to another one soon: so it is the thread with rare safe points that waits, which is short, and not the one with
 * frequent ones, whose throughput would be that of the other (performance/mutators, with trees of two depths).
 *
 * It goes on as long as nobody waits for more than what is owed, another thread that runs had safe points half as often or less of late, and
 * its nursery is overdrawn by no more than that is worth. Of two threads one at most does, so that the pause comes with the next
 * safe point of the one or of the other. While a collection goes on nobody does: its slices would be late. */

#include "gcobj/gc-arena-private.h"

#define RARER    2              /* times as long between two safe points, for others to go on */
#define OVERDRAW 4              /* nurseries: a tree of W1's deepest is three */

/* Is counted as one that has a scope; under the mutex. */
void
gc_mutator_resume (GcMutator *self)
{
  self->is_running = TRUE;
  self->goes_on = FALSE;
  if (self->innermost != NULL)
    self->innermost->n_safepoints = 0;
  self->resumed_ns = gc_os_now_ns ();
}

static gboolean
may_overdraw (GcMutator *self)
{
  const GcHeap *heap = &self->arena->heap;

  return (heap->state == GC_STATE_IDLE || heap->state == GC_STATE_SWEEPING) &&
         gc_allocator_get_young (self->allocator) < (gssize) (OVERDRAW * heap->nursery);
}

/* Without the mutex: whether the last answer of gc_mutator_goes_on() holds still. */
gboolean
gc_mutator_still_goes_on (GcMutator *self)
{
  return self->goes_on && self->n_changes == __atomic_load_n (&self->arena->n_changes, __ATOMIC_RELAXED) &&
         may_overdraw (self);
}

/* At a safe point, where a pause is owed; under the mutex. */
gboolean
gc_mutator_goes_on (GcMutator *self)
{
  GcArena *arena = self->arena;
  gint64 longest_ns = 0;

  self->interval_ns = (gc_os_now_ns () - self->resumed_ns) / MAX (self->innermost->n_safepoints, 1);
  for (GcMutator *other = &arena->first; other != NULL; other = other->next)
    if (other != self && other->is_running)
      longest_ns = MAX (longest_ns, other->interval_ns);
  self->goes_on = longest_ns > RARER * self->interval_ns && arena->n_pausing == 0 && arena->n_alone == 0 &&
                  may_overdraw (self) && !gc_arena_is_due_at_once (arena);
  return self->goes_on;
}
