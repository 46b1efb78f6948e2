/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The driver: runs the frames of a strand. */

#include "gcseq/gc-runner-private.h"

GC_DECLARE_CLASS_ (GcStrand, gc_strand)

GcHome *
gc_strand_get_home (GcStrand *self)
{
  return self->group != NULL ? self->group->home : self->run->runner->home;
}

/* Has it stepped once more: a hint, from the runner's thread. */
void
gc_strand_wake (GcStrand *self)
{
  if (self->state == GC_STRAND_WAITING)
    gc_home_enqueue (gc_strand_get_home (self), self);
  else
    self->is_notified = TRUE;
}

/* Has a cancellation delivered to the innermost frame, once. */
void
gc_strand_cancel (GcStrand *self)
{
  if (self->state == GC_STRAND_ENDED || self->cancel != GC_CANCEL_NONE)
    return;
  self->cancel = GC_CANCEL_PENDING;
  if (self->n_shields == 0)
    gc_strand_wake (self);
}

/* Holds cancellations off until as many calls of gc_strand_unshield(). */
void
gc_strand_shield (GcStrand *self)
{
  self->n_shields++;
}

/* TRUE if a cancellation was held off, and is the caller's to deliver now. */
gboolean
gc_strand_unshield (GcStrand *self)
{
  if (--self->n_shields > 0 || self->cancel != GC_CANCEL_PENDING)
    return FALSE;
  self->cancel = GC_CANCEL_DELIVERED;
  return TRUE;
}

/* An error is rarely kept, and then in a box, so that strands need no finalizer. */
static void
keep_error (GcStrand   *self,
            GcMutation *m,
            GError     *error)
{
  if (G_UNLIKELY (error != NULL))
    gc_set (self, error, gc_word_from_error (m, error));
}

GError *
gc_strand_take_error (GcStrand *self)
{
  GError *error;

  if (G_LIKELY (self->error == NULL))
    return NULL;
  error = gc_word_dup_error (self->error);
  gc_set (self, error, NULL);
  return error;
}

/* A strand that runs @sequence; or that just ends with the error, which it takes. */
GcStrand *
gc_strand_new (GcMutation *m,
               GcSequence *sequence,
               GError     *error)
{
  GcStrand *self = gc_new (m, GcStrand);

  if (error != NULL)
    keep_error (self, m, error);
  else
    {
      gc_set (self, top, sequence);
      sequence->flags |= GC_SEQUENCE_IS_SPAWNED;
    }
  return self;
}

/* Keeps what the step goes on with until the strand's next turn. */
static void
park (GcStrand   *self,
      GcStep     *step,
      GcMutation *m,
      GcSequence *top)
{
  gc_set (self, top, top);
  gc_set (self, value, step->value);
  self->is_item = step->is_item;
  keep_error (self, m, g_steal_pointer (&step->error));
}

static void
end (GcStrand *self,
     GcRunner *runner,
     gpointer  value,
     GError   *error)
{
  self->state = GC_STRAND_ENDED;
  gc_set (self, top, NULL);
  gc_home_free_cell (runner->home, self);
  if (error != NULL)
    value = NULL;
  if (self->run != NULL)
    {
      GcRun *run = self->run;

      self->run = NULL;
      gc_run_ended (run, value, error);
      return;
    }
  gc_set (self, value, value);
  keep_error (self, runner->m, error);
  gc_task_group_ended (self->group, self);
}

/* A safe point. Pointers are void after it, but for those kept here. */
static void
pay (GcRunner    *runner,
     GcStrand   **strand,
     GcSequence **current)
{
  GcHome *home = runner->home;
  GcStep *step = &runner->context->step;

  gc_set (home, current, *strand);
  gc_set (*strand, top, *current);
  gc_set (home, value, step->value);
  runner->context->strand = NULL;
  runner->context->self = NULL;
  step->next = NULL;
  step->is_active = FALSE;
  gc_mutation_safepoint_lent_ (runner->m);
  step->is_active = TRUE;
  *strand = home->current;
  *current = (*strand)->top;
  step->value = home->value;
  runner->context->strand = *strand;
  gc_set (home, current, NULL);
  gc_set (home, value, NULL);
}

/* Whether @child can run now. If not, the reason is the step's error. */
static gboolean
check_child (GcStep     *step,
             GcSequence *child)
{
  if (G_LIKELY (child != NULL &&
                (child->state == GC_SEQUENCE_SUSPENDED ||
                 (child->state == GC_SEQUENCE_NEW && !(child->flags & GC_SEQUENCE_IS_SPAWNED)))))
    return TRUE;
  if (child == NULL)
    step->error = g_error_new (GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED, "There is no sequence to run");
  else if (child->state == GC_SEQUENCE_DONE || child->state == GC_SEQUENCE_FAILED)
    step->error = gc_sequence_new_error (child, GC_SEQUENCE_ERROR_FINISHED, "has ended already");
  else
    step->error = gc_sequence_new_error (child, GC_SEQUENCE_ERROR_BUSY, "is awaited by another");
  return FALSE;
}

/* Puts @child on top of @parent, and gives the frame to run. */
static GcSequence *
enter (GcSequence *child,
       GcSequence *parent)
{
  GcSequence *top = child;

  if (G_UNLIKELY (child->state == GC_SEQUENCE_SUSPENDED))
    {
      top = child->link;
      child->state = GC_SEQUENCE_AWAITING;
      top->state = GC_SEQUENCE_RUNNING;
    }
  else                          /* it stays NEW until its first step, which may be in another turn */
    child->flags |= GC_SEQUENCE_IS_SPAWNED;
  if (parent != NULL || child->link != NULL)
    gc_set (child, link, parent);
  return top;
}

/* Has an error enter @child, which @parent calls, and gives the frame to run. What has not begun just
 * does not begin. */
static GcSequence *
enter_throwing (GcSequence *child,
                GcSequence *parent,
                GcStep     *step)
{
  step->error = g_steal_pointer (&step->caught);
  if (child->state == GC_SEQUENCE_NEW)
    {
      child->state = GC_SEQUENCE_FAILED;
      return parent;
    }
  parent->state = GC_SEQUENCE_AWAITING;
  return enter (child, parent);
}

/* Takes a frame off that has ended, and gives the one below. */
static GcSequence *
leave (GcSequence      *frame,
       GcSequenceState  state)
{
  GcSequence *parent = frame->link;

  frame->state = state;
  if (parent != NULL)
    gc_set (frame, link, NULL);
  return parent;
}

/* Suspends the frames from @frame down to the first that takes items, and gives that; NULL if
 * there is none. Only the outermost of them can be called: those within it are its own. */
static GcSequence *
suspend (GcSequence *frame)
{
  GcSequence *outermost = frame, *taker = frame->link;

  while (taker != NULL && !(gc_sequence_class_of (taker)->flags & GC_SEQUENCE_TAKES_ITEMS))
    {
      outermost = taker;
      taker = taker->link;
    }
  if (taker == NULL)
    return NULL;
  frame->state = GC_SEQUENCE_AWAITING;
  outermost->state = GC_SEQUENCE_SUSPENDED;
  gc_set (outermost, link, frame);
  return taker;
}

/* Delivers a cancellation to the innermost frame. */
static GcStepResult
cancel (GcStrand    *self,
        GcSequence  *frame,
        gboolean     is_new,
        GcMutation  *m,
        GcStep      *step,
        GError     **error)
{
  GcSequenceClass *klass = gc_sequence_class_of (frame);

  self->cancel = GC_CANCEL_DELIVERED;
  g_clear_error (&step->error);
  step->value = NULL;
  step->is_item = FALSE;
  if (!is_new && klass->cancel != NULL)
    return klass->cancel (frame, m, step, error);
  step->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
  /* What has not begun just does not begin. */
  return !is_new && klass->error != NULL ? klass->error (frame, m, step, error) : GC_STEP_FAILED;
}

/* Settles what a step left: an error stays one unless it was taken. */
static GcStepResult
settle (GcStep       *step,
        GcSequence   *frame,
        GError       *thrown,
        GcStepResult  result)
{
  gboolean is_throwing = step->is_throwing && result == GC_STEP_CALL && thrown == NULL && step->error == NULL;

  step->is_throwing = FALSE;
  if (is_throwing)              /* what was caught enters what is called */
    return result;
  g_clear_error (&step->caught);
  if (thrown != NULL)
    {
      g_clear_error (&step->error);
      step->error = thrown;
    }
  if (step->error == NULL && (result == GC_STEP_FAILED || result > GC_STEP_DONE))
    step->error = gc_sequence_new_error (frame, GC_SEQUENCE_ERROR_FAILED,
                                         result == GC_STEP_FAILED ? "failed without an error"
                                                                  : "returned nonsense");
  return step->error != NULL ? GC_STEP_FAILED : result;
}

/* Passes an error on to the next frame that takes errors. Long ways are cut by fuel: a frame that
 * takes none passes it on in its turn. */
static GcSequence *
unwind (GcStep     *step,
        GcSequence *frame)
{
  step->value = NULL;
  step->is_item = FALSE;
  do
    frame = leave (frame, GC_SEQUENCE_FAILED);
  while (frame != NULL && gc_sequence_class_of (frame)->error == NULL && --step->fuel > 0);
  return frame;
}

/* Runs a ready strand until it waits, ends, or has used its turn. Each round of the loop is a
 * step; those that end in the middle of it, by "continue", have no boundary: the next
 * frame goes on in the same step. Gives the strand, which may have moved, if it is still ready. */
GcStrand *
gc_strand_run (GcStrand *self,
               GcRunner *runner,
               guint64   max_steps)
{
  GcStepContext *context = runner->context;
  GcStep *step = &context->step;
  GcMutation *m = runner->m;
  GcSequence *frame = self->top, *next;
  guint64 n_steps = 0;
  gboolean is_ready = FALSE;

  context->strand = self;
  step->value = self->value;
  step->is_item = self->is_item;
  step->error = gc_strand_take_error (self);
  step->fuel = GC_FUEL;
  self->state = GC_STRAND_RUNNING;
  self->is_notified = FALSE;
  if (self->value != NULL)
    gc_set (self, value, NULL);
  if (frame == NULL)            /* spawned in vain: just its error */
    {
      end (self, runner, NULL, g_steal_pointer (&step->error));
      goto out;
    }

  for (;;)
    {
      GcSequenceClass *klass = gc_sequence_class_of (frame);
      gboolean is_new = frame->state == GC_SEQUENCE_NEW;
      GError *thrown = NULL;
      GcStepResult result;

      context->self = frame;
      frame->state = GC_SEQUENCE_RUNNING;
      if (G_UNLIKELY (self->cancel == GC_CANCEL_PENDING && self->n_shields == 0))
        result = cancel (self, frame, is_new, m, step, &thrown);
      else if (G_LIKELY (step->error == NULL))
        result = klass->step (frame, m, step, &thrown);
      else if (klass->error != NULL)
        result = klass->error (frame, m, step, &thrown);
      else
        result = GC_STEP_FAILED;
      if (G_UNLIKELY (thrown != NULL || step->error != NULL || step->caught != NULL ||
                      result == GC_STEP_FAILED || result > GC_STEP_DONE))
        result = settle (step, frame, thrown, result);

      switch (result)
        {
        case GC_STEP_DONE:
          frame = leave (frame, GC_SEQUENCE_DONE);
          step->is_item = FALSE;
          if (frame == NULL)
            {
              n_steps++;
              end (self, runner, step->value, NULL);
              goto out;
            }
          frame->state = GC_SEQUENCE_RUNNING;
          if ((gc_sequence_class_of (frame)->flags & GC_SEQUENCE_SAME_STEP) && --step->fuel > 0)
            continue;
          break;

        case GC_STEP_CALL:
          step->value = NULL;
          step->is_item = FALSE;
          next = g_steal_pointer (&step->next);
          if (!check_child (step, next))
            g_clear_error (&step->caught);
          else if (G_UNLIKELY (step->caught != NULL))
            frame = enter_throwing (next, frame, step);
          else
            {
              next = enter (next, frame);
              frame->state = GC_SEQUENCE_AWAITING;
              frame = next;
            }
          break;

        case GC_STEP_BECOME:
          step->value = NULL;
          step->is_item = FALSE;
          next = g_steal_pointer (&step->next);
          if (check_child (step, next))
            {
              next = enter (next, frame->link);
              leave (frame, GC_SEQUENCE_DONE);
              frame = next;
              break;
            }
          goto failed;

        case GC_STEP_CONTINUE:
          step->value = NULL;
          step->is_item = FALSE;
          break;

        case GC_STEP_WAIT:
          step->value = NULL;
          step->is_item = FALSE;
          if (self->is_notified)
            {
              self->is_notified = FALSE;
              break;
            }
          n_steps++;
          frame->state = GC_SEQUENCE_WAITING;
          self->state = GC_STRAND_WAITING;
          park (self, step, m, frame);
          goto out;

        case GC_STEP_YIELD:
          next = suspend (frame);
          if (next == NULL)
            {
              step->value = NULL;
              step->error = gc_sequence_new_error (frame, GC_SEQUENCE_ERROR_UNWANTED, "gave an item that nobody takes");
              break;
            }
          frame = next;
          frame->state = GC_SEQUENCE_RUNNING;
          step->is_item = TRUE;
          if ((gc_sequence_class_of (frame)->flags & GC_SEQUENCE_SAME_STEP) && --step->fuel > 0)
            continue;
          break;

        case GC_STEP_FAILED:
        default:
        failed:
          frame = unwind (step, frame);
          if (frame == NULL)
            {
              n_steps++;
              end (self, runner, NULL, g_steal_pointer (&step->error));
              goto out;
            }
          frame->state = GC_SEQUENCE_RUNNING;
          if ((gc_sequence_class_of (frame)->flags & GC_SEQUENCE_SAME_STEP) && --step->fuel > 0)
            continue;
          break;
        }

      n_steps++;
      if (G_UNLIKELY (gc_mutation_owes_ (m)))
        pay (runner, &self, &frame);
      if (G_UNLIKELY (--step->fuel <= 0 || n_steps >= max_steps))
        {
          park (self, step, m, frame);
          is_ready = TRUE;
          break;
        }
    }

out:
  runner->n_steps += n_steps;
  context->strand = NULL;
  context->self = NULL;
  step->value = NULL;
  step->next = NULL;
  return is_ready ? self : NULL;
}

/* Where it waits: its frames, from the innermost outwards. */
char *
gc_strand_describe (GcStrand *self)
{
  GString *text = g_string_new (NULL);
  guint depth = 0;

  for (GcSequence *frame = self->top; frame != NULL; frame = frame->link)
    {
      g_autofree char *one = gc_sequence_describe (frame);

      if (++depth > 32)
        {
          g_string_append (text, " < …");
          break;
        }
      g_string_append_printf (text, "%s%s", text->len > 0 ? " < " : "", one);
    }
  return g_string_free (text, FALSE);
}
