/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is behind a step: one for each runner. GJS and lgi hand it to a script without copying it, and the script may
 * keep it. So it is never given back to malloc(), nobody counts references, and a step that outlives its runner is
 * refused, or is another runner's. */

#include <pthread.h>

#include "gcseq/gc-runner-private.h"

static pthread_mutex_t spare_lock = PTHREAD_MUTEX_INITIALIZER;
static GcStepContext *spare;

GcStepContext *
gc_step_context (GcStep *step)
{
  return (GcStepContext *) step;
}

GcStepContext *
gc_step_context_new (GcRunner   *runner,
                     GcMutation *m)
{
  GcStepContext *self;

  pthread_mutex_lock (&spare_lock);
  self = spare;
  if (self != NULL)
    spare = self->next;
  pthread_mutex_unlock (&spare_lock);
  if (self == NULL)
    self = g_new (GcStepContext, 1);
  *self = (GcStepContext) { .runner = runner, .m = m };
  return self;
}

void
gc_step_context_free (GcStepContext *self)
{
  g_clear_error (&self->step.error);
  g_clear_error (&self->step.caught);
  /* (Another thread may be looking whether it is active. The mutation's memory stays as well.) */
  *self = (GcStepContext) { .m = self->m };

  pthread_mutex_lock (&spare_lock);
  self->next = spare;
  spare = self;
  pthread_mutex_unlock (&spare_lock);
}
