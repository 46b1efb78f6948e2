/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Queues of words in segments, for the marker and for lists of objects. */

#include "gcobj/heap/gc-heap-private.h"

void
gc_queue_grow (GcQueue *self)
{
  GcSegment *segment = self->spare != NULL ? self->spare : g_new (GcSegment, 1);

  self->spare = NULL;
  segment->below = self->top;
  if (self->top != NULL)
    {
      self->top->n = self->n;
      self->n_below += self->n;
    }
  self->top = segment;
  self->n = 0;
}

/* Makes the segment below the top one. */
gboolean
gc_queue_shrink (GcQueue *self)
{
  GcSegment *segment = self->top;

  if (segment == NULL || segment->below == NULL)
    return FALSE;
  self->top = segment->below;
  self->n = self->top->n;
  self->n_below -= self->n;
  g_free (self->spare);
  self->spare = segment;
  return TRUE;
}

void
gc_queue_clear (GcQueue *self)
{
  while (self->top != NULL)
    {
      GcSegment *segment = self->top;

      self->top = segment->below;
      g_free (segment);
    }
  g_clear_pointer (&self->spare, g_free);
  self->n = self->n_below = 0;
}
