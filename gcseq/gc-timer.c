/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Timers of a runner. */

#include "gcseq/gc-timer-private.h"

static void
sift_up (GcTimers *self,
         guint     i,
         GcTimer   timer)
{
  while (i > 0 && self->heap[(i - 1) / 2].when > timer.when)
    {
      self->heap[i] = self->heap[(i - 1) / 2];
      i = (i - 1) / 2;
    }
  self->heap[i] = timer;
}

static void
sift_down (GcTimers *self,
           guint     i,
           GcTimer   timer)
{
  for (;;)
    {
      guint child = 2 * i + 1;

      if (child >= self->n)
        break;
      if (child + 1 < self->n && self->heap[child + 1].when < self->heap[child].when)
        child++;
      if (self->heap[child].when >= timer.when)
        break;
      self->heap[i] = self->heap[child];
      i = child;
    }
  self->heap[i] = timer;
}

static gboolean
is_over (const GcTimer *timer,
         GcHub         *hub)
{
  return gc_hub_get_epoch (hub, timer->cell) != timer->epoch;
}

/* Drops what is over; grows if that was less than half. */
static void
make_room (GcTimers *self,
           GcHub    *hub)
{
  guint n = 0;

  for (guint i = 0; i < self->n; i++)
    if (!is_over (&self->heap[i], hub))
      self->heap[n++] = self->heap[i];
  self->n = n;
  for (guint i = n / 2; i-- > 0; )
    sift_down (self, i, self->heap[i]);
  if (n < self->n_allocated / 2)
    return;
  self->n_allocated = MAX (16, self->n_allocated * 2);
  self->heap = g_renew (GcTimer, self->heap, self->n_allocated);
}

void
gc_timers_add (GcTimers *self,
               GcHub    *hub,
               guint32   cell,
               gint64    when)
{
  if (self->n == self->n_allocated)
    make_room (self, hub);
  self->n++;
  sift_up (self, self->n - 1, (GcTimer) { when, cell, gc_hub_get_epoch (hub, cell) });
}

/* When the first one is due, -1 if there is none. */
gint64
gc_timers_first (GcTimers *self)
{
  return self->n > 0 ? self->heap[0].when : -1;
}

/* Takes one that is due and not over. */
gboolean
gc_timers_pop (GcTimers *self,
               GcHub    *hub,
               gint64    now,
               guint32  *cell)
{
  while (self->n > 0 && self->heap[0].when <= now)
    {
      GcTimer timer = self->heap[0];

      self->n--;
      if (self->n > 0)
        sift_down (self, 0, self->heap[self->n]);
      *cell = timer.cell;
      if (!is_over (&timer, hub))
        return TRUE;
    }
  return FALSE;
}

void
gc_timers_clear (GcTimers *self)
{
  g_clear_pointer (&self->heap, g_free);
  self->n = self->n_allocated = 0;
}
