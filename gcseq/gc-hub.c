/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The cells through which strands are woken: see gc-hub-private.h. */

#include "gcseq/gc-hub-private.h"

#define NOTIFIED 1u

static GcCell *
cell_of (GcHub   *self,
         guint32  cell)
{
  /* Segment 0 has the cells below 64, segment k those from 64 << (k - 1) on. */
  guint k = cell < GC_HUB_FIRST ? 0 : g_bit_storage (cell / GC_HUB_FIRST);
  guint32 first = k == 0 ? 0 : GC_HUB_FIRST << (k - 1);

  return &self->segments[k][cell - first];
}

GcHub *
gc_hub_new (GSource *source)
{
  GcHub *self = g_new0 (GcHub, 1);

  self->ref_count = 1;
  self->source = g_source_ref (source);
  self->segments[0] = g_new0 (GcCell, GC_HUB_FIRST);
  self->n_cells = GC_HUB_NONE + 1;
  return self;
}

GcHub *
gc_hub_ref (GcHub *self)
{
  __atomic_add_fetch (&self->ref_count, 1, __ATOMIC_RELAXED);
  return self;
}

void
gc_hub_unref (GcHub *self)
{
  if (__atomic_sub_fetch (&self->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  for (guint k = 0; k < GC_HUB_SEGMENTS; k++)
    g_free (self->segments[k]);
  g_source_unref (self->source);
  g_free (self);
}

/* Gives a cell, or 0 where there are no more. */
guint32
gc_hub_alloc (GcHub *self)
{
  guint32 cell = self->free;

  if (cell != GC_HUB_NONE)
    {
      self->free = cell_of (self, cell)->next;
      return cell;
    }
  cell = self->n_cells;
  if (cell >= GC_HUB_FIRST && (cell & (cell - 1)) == 0)
    {
      guint k = g_bit_storage (cell / GC_HUB_FIRST);

      g_return_val_if_fail (k < GC_HUB_SEGMENTS, GC_HUB_NONE);
      self->segments[k] = g_new0 (GcCell, cell);
    }
  self->n_cells++;
  return cell;
}

/* Wakers of the cell's strand do nothing from here on. FALSE if the cell is in the inbox:
 * then gc_hub_take() has to be told that it is free. */
gboolean
gc_hub_free (GcHub   *self,
             guint32  cell)
{
  GcCell *c = cell_of (self, cell);
  guint32 state = __atomic_load_n (&c->state, __ATOMIC_RELAXED);

  while (!__atomic_compare_exchange_n (&c->state, &state, state + 2, TRUE,
                                       __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
    ;
  if (state & NOTIFIED)
    return FALSE;
  c->next = self->free;
  self->free = cell;
  return TRUE;
}

guint32
gc_hub_get_epoch (GcHub   *self,
                  guint32  cell)
{
  return __atomic_load_n (&cell_of (self, cell)->state, __ATOMIC_RELAXED) >> 1;
}

/* Empties the inbox and gives its first cell, in the order of arrival. */
guint32
gc_hub_take_all (GcHub *self)
{
  guint32 cell, previous = GC_HUB_NONE;

  if (G_LIKELY (__atomic_load_n (&self->inbox, __ATOMIC_RELAXED) == GC_HUB_NONE))
    return GC_HUB_NONE;
  cell = __atomic_exchange_n (&self->inbox, GC_HUB_NONE, __ATOMIC_ACQUIRE);
  while (cell != GC_HUB_NONE)
    {
      GcCell *c = cell_of (self, cell);
      guint32 next = c->next;

      c->next = previous;
      previous = cell;
      cell = next;
    }
  return previous;
}

/* Takes one of those cells, which can be notified again from here on. Gives the next. */
guint32
gc_hub_take (GcHub    *self,
             guint32   cell,
             gboolean  is_freed)
{
  GcCell *c = cell_of (self, cell);
  guint32 next = c->next;

  __atomic_and_fetch (&c->state, ~NOTIFIED, __ATOMIC_ACQ_REL);
  if (is_freed)
    {
      c->next = self->free;
      self->free = cell;
    }
  return next;
}

gboolean
gc_hub_is_empty (GcHub *self)
{
  return __atomic_load_n (&self->inbox, __ATOMIC_RELAXED) == GC_HUB_NONE;
}

void
gc_hub_wake_up (GcHub *self)
{
  __atomic_store_n (&self->is_awake, TRUE, __ATOMIC_RELAXED);
}

/* Has the source dispatched at @until, in monotonic time, -1 for never; or when somebody wakes. */
void
gc_hub_sleep (GcHub  *self,
              gint64  until)
{
  /* The order is what matters: a push that did not see us asleep is seen by us. */
  g_source_set_ready_time (self->source, until);
  __atomic_store_n (&self->is_awake, FALSE, __ATOMIC_SEQ_CST);
  if (until != 0 && __atomic_load_n (&self->inbox, __ATOMIC_SEQ_CST) != GC_HUB_NONE)
    g_source_set_ready_time (self->source, 0);
}

void
gc_hub_init_waker (GcHub   *self,
                   guint32  cell,
                   GcWaker *waker)
{
  waker->hub = gc_hub_ref (self);
  waker->cell = cell;
  waker->epoch = gc_hub_get_epoch (self, cell);
}

/**
 * SECTION:gc-waker
 * @Title: GcWaker
 * @Short_description: Wakes a waiting sequence, from any thread
 *
 * |[<!-- language="C" -->
 * static GcStepResult
 * demo_wait_step (GcSequence *sequence, GcMutation *m, GcStep *step, GError **error)
 * {
 *   DemoWait *self = DEMO_WAIT (sequence);
 *
 *   if (self->operation == NULL)
 *     self->operation = demo_operation_start (gc_step_dup_waker (step));
 *   if (!demo_operation_is_done (self->operation))
 *     return GC_STEP_WAIT;
 *   return gc_step_done (step, NULL);
 * }
 * ]|
 *
 * A step that returns %GC_STEP_WAIT is stepped again once its waker is woken. A wake is a hint:
 * arm first, then look at the condition, and look again when stepped. A wake that comes before the
 * step has ended is not lost; wakes before the next step count as one; a wake after the sequence
 * has ended does nothing.
 *
 * A waker holds no object of the arena, so that it can be kept anywhere for any time without keeping
 * anything alive. It may be woken, copied and freed on any thread, and woken without memory being
 * allocated.
 */

/**
 * GcWaker:
 *
 * What wakes one sequence.
 *
 * It is a boxed type of 16 bytes; in C it can also stand in another structure, set by
 * gc_step_init_waker() and cleared by gc_waker_clear().
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE (GcWaker, gc_waker, gc_waker_copy, gc_waker_free)

/**
 * GC_WAKER_INIT: (skip)
 *
 * Initializes a #GcWaker that wakes nothing.
 *
 * Since: 0.1
 */

/**
 * gc_waker_copy: (skip)
 * @self: a waker
 *
 * Copies a waker.
 *
 * Returns: (transfer full): another waker of the same sequence
 *
 * Since: 0.1
 */
GcWaker *
gc_waker_copy (const GcWaker *self)
{
  GcWaker *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  if (copy->hub != NULL)
    gc_hub_ref (copy->hub);
  return copy;
}

/**
 * gc_waker_clear: (skip)
 * @self: a waker
 *
 * Clears a waker that gc_step_init_waker() has set. It wakes nothing then. Harmless if it is
 * clear already.
 *
 * Since: 0.1
 */
void
gc_waker_clear (GcWaker *self)
{
  GcHub *hub;

  g_return_if_fail (self != NULL);

  hub = g_steal_pointer (&self->hub);
  if (hub != NULL)
    gc_hub_unref (hub);
}

/**
 * gc_waker_free: (skip)
 * @self: (transfer full): a waker
 *
 * Frees a waker.
 *
 * Since: 0.1
 */
void
gc_waker_free (GcWaker *self)
{
  g_return_if_fail (self != NULL);

  gc_waker_clear (self);
  g_free (self);
}

/**
 * gc_waker_wake:
 * @self: a waker
 *
 * Has the sequence stepped again if it waits. May be called on any thread, as often as one likes.
 *
 * Returns: %TRUE if this will wake it; %FALSE if it is being woken already, or is over
 *
 * Since: 0.1
 */
gboolean
gc_waker_wake (const GcWaker *self)
{
  GcHub *hub;
  GcCell *c;
  guint32 expected, head;

  g_return_val_if_fail (self != NULL, FALSE);

  hub = self->hub;
  if (hub == NULL)
    return FALSE;
  c = cell_of (hub, self->cell);
  expected = self->epoch << 1;
  if (!__atomic_compare_exchange_n (&c->state, &expected, expected | NOTIFIED, FALSE,
                                    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
    return FALSE;
  head = __atomic_load_n (&hub->inbox, __ATOMIC_RELAXED);
  do
    c->next = head;
  while (!__atomic_compare_exchange_n (&hub->inbox, &head, self->cell, TRUE,
                                       __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
  /* The first one rings the bell. */
  if (head == GC_HUB_NONE && !__atomic_load_n (&hub->is_awake, __ATOMIC_SEQ_CST))
    g_source_set_ready_time (hub->source, 0);
  return TRUE;
}
