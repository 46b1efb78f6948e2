/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcseq/gc-hub-private.h"

G_BEGIN_DECLS

/* A runner's timers: a binary heap by time. One is for a cell and its epoch, so that what is
 * over needs no removal; those are dropped when their time comes or the heap would grow. */
typedef struct
{
  gint64  when;                 /* in monotonic time */
  guint32 cell;
  guint32 epoch;
} GcTimer;

typedef struct
{
  GcTimer *heap;
  guint    n, n_allocated;
} GcTimers;

void     gc_timers_add   (GcTimers *self,
                          GcHub    *hub,
                          guint32   cell,
                          gint64    when);
gint64   gc_timers_first (GcTimers *self);
gboolean gc_timers_pop   (GcTimers *self,
                          GcHub    *hub,
                          gint64    now,
                          guint32  *cell);
void     gc_timers_clear (GcTimers *self);

G_END_DECLS
