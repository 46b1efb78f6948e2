/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A team of markers, for gc-team.c and gc-team-guest.c alone. */

#include "gcobj/heap/gc-heap-private.h"

G_BEGIN_DECLS

/* A marker beside the heap's: a thread's of its own, or a guest's. */
typedef struct
{
  GcTeam   *team;
  guint     number;
  pthread_t thread;
  guint64   session;            /* the last that it came to */
  GcMarker  marker;
  gboolean  is_taken;           /* of a guest's seat; under the lock */
} GcHelper;

struct _GcTeam
{
  GcHeap         *heap;
  gint64          process;      /* threads are not inherited */
  GcHelper       *helpers[GC_MAX_MARKERS - 1];
  guint           n_helpers;
  GcHelper       *seats[GC_MAX_MARKERS - 1];    /* of guests: each without a thread */
  guint           n_seats;

  pthread_mutex_t lock;         /* a leaf; of all that follows */
  pthread_cond_t  call;         /* for helpers between two sessions */
  pthread_cond_t  change;       /* for those in one */
  gboolean        quits;
  guint64         session;
  GcTeamJob       job;          /* of this session; NULL: marking */
  gpointer        job_data;
  guint           n_wanted;     /* helpers; 0: there is no session, or it is over */
  guint           n_came;       /* helpers */
  gsize           few;          /* objects, that are not worth giving away */
  guint           n_spins;      /* how long who is hungry waits awake */
  guint           n_inside;     /* markers that came and have not left */
  guint           n_hungry;     /* atomic: of these, without work */
  gboolean        is_over;      /* atomic */
  guint           n_pool;       /* atomic: segments in the pool */
  GcSegment      *pool;         /* given and not taken yet */
  GcQueue         deferred;
  guint           n_deferred;   /* atomic: how often something was put there since it was emptied */
};

static inline void
gc_team_put (guint *counter,
             guint  value)
{
  __atomic_store_n (counter, value, __ATOMIC_RELAXED);
}

static inline guint
gc_team_get (const guint *counter)
{
  return __atomic_load_n (counter, __ATOMIC_RELAXED);
}

GcHelper *gc_helper_new          (GcTeam        *team);
gboolean  gc_team_take           (GcTeam        *team,
                                  GcMarker      *self,
                                  gint64         deadline_ns);

G_END_DECLS
