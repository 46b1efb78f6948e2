/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A runner on its main context: one source for all sequences, wakes and timers. */

#include "gcseq/gc-runner-private.h"

/* g_object_run_dispose(), which scripts can call, clears weak references. So a runner that has runs, and thereby
 * lives, is referred to by a pointer as well; it changes on the thread of the context alone. */
typedef struct
{
  GSource   source;
  GWeakRef  runner;
  GcRunner *busy;
} RunnerSource;

#define RETRY_US 10000          /* a nested main loop of a hook should not be kept busy */

static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     data)
{
  RunnerSource *self = (RunnerSource *) source;
  g_autoptr (GcRunner) runner = self->busy != NULL ? g_object_ref (self->busy) : g_weak_ref_get (&self->runner);

  if (runner == NULL)           /* it goes, or waits for a run */
    {
      g_source_set_ready_time (source, -1);
      return G_SOURCE_CONTINUE;
    }
  /* A nested main loop inside of a step: the sequences pause. */
  if (runner->is_dispatching)
    {
      g_source_set_ready_time (source, -1);
      return G_SOURCE_CONTINUE;
    }
  /* One inside of a finalizer or a listener, which may not change the arena. */
  if (!gc_mutation_can_open_ ())
    {
      g_source_set_ready_time (source, g_get_monotonic_time () + RETRY_US);
      return G_SOURCE_CONTINUE;
    }
  gc_runner_iterate (runner, runner->budget_steps, g_get_monotonic_time () + runner->budget_us);
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  g_weak_ref_clear (&((RunnerSource *) source)->runner);
}

static GSourceFuncs functions = {
  .dispatch = dispatch,
  .finalize = finalize,
};

GSource *
gc_runner_source_new (GcRunner *runner)
{
  GSource *source = g_source_new (&functions, sizeof (RunnerSource));

  g_weak_ref_init (&((RunnerSource *) source)->runner, runner);
  g_source_set_static_name (source, "[gcseq] run");
  g_source_set_ready_time (source, -1);
  /* Callbacks are called inside of the dispatch, and may wait for another run. */
  g_source_set_can_recurse (source, TRUE);
  return source;
}

/* The number of runs has changed. */
void
gc_runner_source_update (GcRunner *runner)
{
  ((RunnerSource *) runner->source)->busy = runner->runs->len > 0 ? runner : NULL;
}

/* Until there is something to run. */
void
gc_runner_sleep (GcRunner *self)
{
  gc_hub_sleep (self->hub, self->home->first != NULL ? 0 : gc_timers_first (&self->timers));
}
