/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcseq/gc-waker.h"

G_BEGIN_DECLS

/* What wakers of other threads touch of a runner; it knows no object of the arena.
 *
 * A waiting strand has a cell, by number. Cells never move. A cell's state is an epoch and one
 * bit, NOTIFIED. Who sets that bit pushes the cell onto the inbox, a list of many producers and
 * one consumer, and rings the runner's source if the inbox was empty. The epoch is the strand's:
 * when the strand is gone it changes, and wakers from before do nothing.
 *
 * Invariants
 *   H1  A cell is in the inbox iff NOTIFIED is set; only gc_hub_take() clears it.
 *   H2  A cell is free iff it is on the free list, or it is in the inbox and is_freed:
 *       then gc_hub_take() puts it there, since the inbox goes through the same field.
 *   H3  Whoever pushes onto an empty inbox while the consumer sleeps rings; the consumer,
 *       before it sleeps, looks into the inbox after it has said so. */

#define GC_HUB_NONE     0               /* no cell */
#define GC_HUB_FIRST    64              /* cells in the first segment; each has twice those before */
#define GC_HUB_SEGMENTS 22              /* 2^27 cells */

typedef struct
{
  guint32 state;                        /* atomic: epoch << 1 | NOTIFIED */
  guint32 next;                         /* in the inbox or on the free list */
} GcCell;

typedef struct
{
  gint     ref_count;                   /* atomic */
  guint32  inbox;                       /* atomic */
  gint     is_awake;                    /* atomic: the consumer will look at the inbox */
  GSource *source;
  GcCell  *segments[GC_HUB_SEGMENTS];
  guint32  n_cells;                     /* ever used; the consumer's */
  guint32  free;
} GcHub;

GcHub    *gc_hub_new       (GSource  *source);
GcHub    *gc_hub_ref       (GcHub    *self);
void      gc_hub_unref     (GcHub    *self);
guint32   gc_hub_alloc     (GcHub    *self);
gboolean  gc_hub_free      (GcHub    *self,
                            guint32   cell);
guint32   gc_hub_get_epoch (GcHub    *self,
                            guint32   cell);
guint32   gc_hub_take_all  (GcHub    *self);
guint32   gc_hub_take      (GcHub    *self,
                            guint32   cell,
                            gboolean  is_freed);
void      gc_hub_sleep     (GcHub    *self,
                            gint64    until);
void      gc_hub_wake_up   (GcHub    *self);
gboolean  gc_hub_is_empty  (GcHub    *self);

void      gc_hub_init_waker (GcHub   *self,
                             guint32  cell,
                             GcWaker *waker);

G_END_DECLS
