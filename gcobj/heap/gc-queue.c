/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Queues of words in segments, for the marker and for lists of objects; and the pool from which
 * a heap's queues take their segments. */

#include "gcobj/heap/gc-heap-private.h"

static GcSegment *
take_segment (GcSegmentPool *pool)
{
  GcSegment *segment;

  if (pool == NULL || pool->segments == NULL)
    return g_new (GcSegment, 1);
  segment = pool->segments;
  pool->segments = segment->below;
  pool->n--;
  pool->n_idle = MIN (pool->n_idle, pool->n);
  return segment;
}

static void
give_segment (GcSegmentPool *pool,
              GcSegment     *segment)
{
  if (pool == NULL)
    {
      g_free (segment);
      return;
    }
  segment->below = pool->segments;
  pool->segments = segment;
  pool->n++;
}

static void
free_segment (GcSegmentPool *pool)
{
  GcSegment *segment = pool->segments;

  pool->segments = segment->below;
  pool->n--;
  g_free (segment);
}

/* Frees what nobody needed since the last time. TRUE when that is done. */
gboolean
gc_segments_trim (GcSegmentPool *pool,
                  GcBudget      *budget)
{
  while (pool->n_idle > 0)
    {
      pool->n_idle--;
      free_segment (pool);
      if (gc_budget_spend (budget, 64))
        return FALSE;
    }
  pool->n_idle = pool->n;
  return TRUE;
}

void
gc_segments_free (GcSegmentPool *pool)
{
  while (pool->n > 0)
    free_segment (pool);
  pool->n_idle = 0;
}

void
gc_queue_grow (GcQueue *self)
{
  GcSegment *segment = take_segment (self->pool);

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
  give_segment (self->pool, segment);
  return TRUE;
}

void
gc_queue_clear (GcQueue *self)
{
  while (self->top != NULL)
    {
      GcSegment *segment = self->top;

      self->top = segment->below;
      give_segment (self->pool, segment);
    }
  self->n = self->n_below = 0;
}
