/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a runner has in the arena: the ready queue, and strands by cell. */

#include "gcseq/gc-runner-private.h"

typedef GcObjectClass GcStrandClass;
typedef GcObjectClass GcCellsClass;
typedef GcObjectClass GcHomeClass;

GC_DEFINE_TYPE (GcStrand, gc_strand, GC_TYPE_OBJECT,
                GC_FIELD (GcStrand, top)
                GC_FIELD (GcStrand, value)
                GC_FIELD (GcStrand, error)
                GC_FIELD (GcStrand, group)
                GC_FIELD (GcStrand, next)
                GC_FIELD_UNTRACED (GcStrand, run))

GType gc_cells_get_type (void) G_GNUC_CONST;
GC_DECLARE_CLASS_ (GcCells, gc_cells)
GC_DEFINE_TYPE (GcCells, gc_cells, GC_TYPE_OBJECT,
                GC_FIELD_WEAK_ARRAY (GcCells, strands))

GC_DECLARE_CLASS_ (GcHome, gc_home)
GC_DEFINE_TYPE (GcHome, gc_home, GC_TYPE_OBJECT,
                GC_FIELD (GcHome, first)
                GC_FIELD (GcHome, last)
                GC_FIELD (GcHome, current)
                GC_FIELD (GcHome, value)
                GC_FIELD (GcHome, runs)
                GC_FIELD (GcHome, cells)
                GC_FIELD_UNTRACED (GcHome, runner))

GcHome *
gc_home_new (GcMutation *m,
             GcRunner   *runner)
{
  GcHome *self = gc_new (m, GcHome);

  gc_set (self, runs, gc_array_new (m));
  gc_set (self, cells, gc_array_new (m));
  self->runner = runner;
  return self;
}

static GcCells *
cells_of (GcHome  *self,
          guint32  cell)
{
  return (GcCells *) gc_array_get (self->cells, cell / GC_CELLS);
}

/* The strand that has the cell; NULL if it is gone. */
GcStrand *
gc_home_at (GcHome  *self,
            guint32  cell)
{
  return gc_weak_get (cells_of (self, cell), strands[cell % GC_CELLS]);
}

/* Frees the cells of strands that were dropped: whoever waited there can't be woken. */
static void
reclaim (GcHome *self)
{
  gsize n;
  GcObject *const *pieces = gc_array_peek (self->cells, &n);

  for (gsize i = 0; i < n; i++)
    {
      GcCells *cells = (GcCells *) pieces[i];

      for (guint k = 0; k < GC_CELLS; k++)
        if ((cells->used >> k & 1) && gc_weak_get (cells, strands[k]) == NULL)
          {
            cells->used &= ~((guint64) 1 << k);
            gc_hub_free (self->runner->hub, i * GC_CELLS + k);
          }
    }
}

/* Gives the strand a cell unless it has one. */
guint32
gc_home_need_cell (GcHome   *self,
                   GcStrand *strand)
{
  GcHub *hub = self->runner->hub;
  guint32 cell;
  gsize n;
  GcCells *cells;

  if (G_LIKELY (strand->cell != GC_HUB_NONE))
    return strand->cell;

  gc_array_peek (self->cells, &n);
  /* Each time that the table would double. */
  if (hub->free == GC_HUB_NONE && hub->n_cells >= GC_HUB_FIRST && (hub->n_cells & (hub->n_cells - 1)) == 0)
    reclaim (self);
  cell = gc_hub_alloc (hub);
  if (cell / GC_CELLS >= n)
    gc_array_append (self->cells, gc_new (self->runner->m, GcCells));
  cells = cells_of (self, cell);
  cells->used |= (guint64) 1 << cell % GC_CELLS;
  gc_set_weak (cells, strands[cell % GC_CELLS], strand);
  strand->cell = cell;
  return cell;
}

void
gc_home_free_cell (GcHome   *self,
                   GcStrand *strand)
{
  guint32 cell = strand->cell;
  GcCells *cells;

  if (cell == GC_HUB_NONE)
    return;
  cells = cells_of (self, cell);
  cells->used &= ~((guint64) 1 << cell % GC_CELLS);
  gc_set_weak (cells, strands[cell % GC_CELLS], NULL);
  gc_hub_free (self->runner->hub, cell);
  strand->cell = GC_HUB_NONE;
}

/* Readies the strands whose wakers were woken. */
void
gc_home_drain (GcHome *self)
{
  GcHub *hub = self->runner->hub;
  guint32 cell = gc_hub_take_all (hub);

  while (cell != GC_HUB_NONE)
    {
      gboolean is_used = cells_of (self, cell)->used >> cell % GC_CELLS & 1;
      GcStrand *strand = is_used ? gc_home_at (self, cell) : NULL;

      cell = gc_hub_take (hub, cell, !is_used);
      if (strand == NULL)
        continue;
      if (strand->run != NULL && strand->cancel == GC_CANCEL_NONE &&
          __atomic_load_n (&strand->run->is_cancelled, __ATOMIC_RELAXED))
        gc_strand_cancel (strand);
      /* In any case: what a shielded strand waits for, or a cancelled one while it cleans up, comes by the same
       * cell, and may have come together with the cancellation. */
      gc_strand_wake (strand);
    }
}

void
gc_home_enqueue (GcHome   *self,
                 GcStrand *strand)
{
  strand->state = GC_STRAND_READY;
  if (self->last != NULL)
    gc_set (self->last, next, strand);
  else
    gc_set (self, first, strand);
  gc_set (self, last, strand);
  if (G_UNLIKELY (!self->runner->is_dispatching))
    gc_hub_sleep (self->runner->hub, 0);
}

/* Takes the one whose turn it is. */
GcStrand *
gc_home_dequeue (GcHome *self)
{
  GcStrand *strand = self->first;

  if (strand == NULL)
    return NULL;
  gc_set (self, first, strand->next);
  if (strand->next == NULL)
    gc_set (self, last, NULL);
  else
    gc_set (strand, next, NULL);
  return strand;
}
