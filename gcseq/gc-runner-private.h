/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pthread.h>

#include "gcseq/gc-run.h"
#include "gcseq/gc-runner.h"
#include "gcseq/gc-strand-private.h"
#include "gcseq/gc-timer-private.h"

G_BEGIN_DECLS

struct _GcRunner
{
  GObject        parent_instance;

  GcArena       *arena;
  GMainContext  *main_context;
  GSource       *source;
  GcHub         *hub;
  GcHome        *home;          /* by an external reference */
  GcMutation    *m;             /* lent to all steps */
  GcStepContext *context;
  GcTimers       timers;

  GPtrArray     *runs;          /* of GcRun, those alive; who changes it, or reads it on another thread, has the lock */
  pthread_mutex_t runs_lock;    /* inside of a scope or not: nothing is waited for under it */
  GPtrArray     *ended;         /* of GcRun: to be told once the scope is left */
  GPtrArray     *news;          /* of GcRun, with references: so too those that reported progress */
  guint          n_ended_told, n_news_told;     /* while they are told */
  guint32        free_run;      /* the first index of the home's runs to use again, + 1 */
  guint          budget_steps;
  guint          budget_us;
  guint64        n_steps;
  gboolean       is_dispatching;
  GList         *link;          /* in the list of those that have runs */
};

struct _GcRun
{
  GObject        parent_instance;

  GcRunner      *runner;
  GTask         *task;          /* or NULL */
  GCancellable  *cancellable;
  gulong         cancelled_id;
  GcWaker        waker;
  gint           is_cancelled;  /* atomic: set by any thread, seen by the runner */
  guint32        index;         /* of its strand, in the home's runs */
  guint          position;      /* in the runner's list */
  gboolean       has_ended;
  gboolean       has_news;
  gpointer       value;         /* an external reference, or a tagged word */
  GError        *error;
  double         progress;
  char          *message;
};

/* gc-runner.c */
void      gc_runner_iterate     (GcRunner     *self,
                                 guint64       max_steps,
                                 gint64        until);

/* gc-runner-debug.c */
void      gc_runner_read_environment (void);
void      gc_runner_list_busy   (GcRunner     *self);

/* gc-runner-source.c */
GSource  *gc_runner_source_new  (GcRunner     *self);
void      gc_runner_source_update (GcRunner   *self);
void      gc_runner_sleep       (GcRunner     *self);

/* gc-run.c */
GcRun    *gc_run_new            (GcRunner     *runner,
                                 GcSequence   *sequence,
                                 GCancellable *cancellable);
void      gc_run_tell           (GcRun        *self);
void      gc_run_tell_progress  (GcRun        *self);
GcStrand *gc_run_get_strand     (GcRun        *self);
void      gc_run_dump           (GcRun        *self,
                                 GString      *text);

G_END_DECLS
