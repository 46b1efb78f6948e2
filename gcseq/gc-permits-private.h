/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcseq/gc-strand-private.h"

G_BEGIN_DECLS

/* A counter that sequences wait at, in order of arrival: what semaphores, locks and channels are made of.
 *
 * It is a counted record in malloc's memory, and so is the place of one that waits, because both are
 * needed when a sequence is dropped: whoever is finalized while it waits leaves the queue, and if a permit was
 * granted to it already, that goes to the next one. A permit is handed over: it is never free while
 * somebody waits, so that nobody overtakes.
 *
 * Invariant: n_free > 0 implies that nobody waits; when it is closed nobody waits. */

typedef struct _GcPermits    GcPermits;
typedef struct _GcPermitWait GcPermitWait;

typedef enum
{
  GC_PERMIT_WAITING,
  GC_PERMIT_TAKEN,
  GC_PERMIT_CLOSED
} GcPermitState;

GcPermits     *gc_permits_new           (gsize          n_free);
GcPermits     *gc_permits_ref           (GcPermits     *self);
void           gc_permits_unref         (GcPermits     *self);
GcPermitState  gc_permits_take          (GcPermits     *self,
                                         GcPermitWait **wait,
                                         GcStep        *step);
gboolean       gc_permits_try_take      (GcPermits     *self);
void           gc_permits_give          (GcPermits     *self);
void           gc_permits_close         (GcPermits     *self);
gsize          gc_permits_get_n_free    (GcPermits     *self);
gsize          gc_permits_get_n_waiting (GcPermits     *self);

void           gc_permit_wait_clear     (GcPermitWait **wait);
void           gc_permits_give_back     (GcPermits    **taken);

G_END_DECLS
