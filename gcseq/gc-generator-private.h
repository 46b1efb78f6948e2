/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcseq/gc-call-private.h"
#include "gcseq/gc-coroutine.h"
#include "gcseq/gc-generator.h"

G_BEGIN_DECLS

/* Most generators that take the items of another, and all that use them up, are operations: a frame with one
 * source. It pulls an item, which enters in the step that gives it, and then gives one itself, pulls
 * the next, awaits something in between, or stops. Whatever ends it while the source is suspended, an error of its
 * function, a cancellation, or that it has enough, it becomes a sequence that closes the source first. */

typedef enum
{
  GC_STAGE_IDLE,            /* it has not begun, or gave an item */
  GC_STAGE_PULLS,           /* its source runs */
  GC_STAGE_AWAITS,          /* its other sequence runs */
  GC_STAGE_PASSES           /* its other sequence gave an item, which was handed on */
} GcStagePhase;

typedef struct
{
  GcSequence          parent_instance;
  GC_REF (GcSequence) source;
  GC_REF (GcSequence) other;    /* what is awaited between two items */
  GC_REF (GcObject)   context;
  GC_REF (GcObject)   state;    /* what is kept from item to item */
  GCallback           func;     /* see gc-call-private.h */
  guint64             n;
  guint8              phase;
  guint8              is_over;  /* chunk: its source has ended */
} GcStage;

/* What these return is one of gc_stage_give(), _pull(), _await(), _stop() and gc_step_done_(). An error that they
 * leave in the step or in @error counts, whatever they return. */
typedef struct
{
  GcSequenceClass parent_class;

  /* An item is wanted. NULL: pull */
  GcStepResult (*want)  (GcStage *self, GcMutation *m, GcStep *step, GError **error);
  GcStepResult (*item)  (GcStage *self, GcMutation *m, GcStep *step, gpointer item, GError **error);
  /* The source has ended. NULL: so does this, with the same result */
  GcStepResult (*end)   (GcStage *self, GcMutation *m, GcStep *step, gpointer result, GError **error);
  /* The other sequence has ended. NULL: pull. Its items are handed on if passes is set, and are wrong if not */
  GcStepResult (*other) (GcStage *self, GcMutation *m, GcStep *step, gpointer result, GError **error);
  gboolean passes;
} GcStageClass;

/* gc-generator-stage.c */
GType        gc_stage_get_type (void) G_GNUC_CONST;
GcStepResult gc_stage_give     (GcStage   *self,
                                    GcStep        *step,
                                    gpointer       item);
GcStepResult gc_stage_pull     (GcStage   *self,
                                    GcStep        *step);
GcStepResult gc_stage_await    (GcStage   *self,
                                    GcStep        *step,
                                    GcSequence    *other);
GcStepResult gc_stage_stop     (GcStage   *self,
                                    GcMutation    *m,
                                    GcStep        *step,
                                    gpointer       value);
GcSequence  *gc_stage_new      (GcMutation    *m,
                                    GcObjectClass *klass,
                                    GcSequence    *source,
                                    GCallback      func,
                                    gpointer       context);
GcSequence  *gc_stage_new_script (GcMutation    *m,
                                      GcObjectClass *klass,
                                      GcSequence    *source,
                                      GcStepFunc     func,
                                      gpointer       user_data,
                                      GDestroyNotify destroy);

/* Sets what is kept, and the number, of one that is new; NULL-safe. */
static inline GcSequence *
gc_stage_keep (GcSequence *sequence,
                   gpointer    state)
{
  if (sequence != NULL)
    gc_set ((GcStage *) sequence, state, state);
  return sequence;
}

static inline GcSequence *
gc_stage_count (GcSequence *sequence,
                    guint64     n)
{
  if (sequence != NULL)
    ((GcStage *) sequence)->n = n;
  return sequence;
}

/* What constructors check: misuse is to be told by the name of the function that was called. */
#define GC_CHECK_STAGE(m, generator, func, context) \
  g_return_val_if_fail (gc_sequence_is_for (generator, m), NULL); \
  g_return_val_if_fail ((func) != NULL, NULL); \
  g_return_val_if_fail (gc_word_is_for (context, m), NULL)

/* A type of operations without slots of its own. */
#define GC_DEFINE_STAGE(T, t_n, ...) \
  typedef GcStage T; \
  typedef GcStageClass T##Class; \
  static void \
  t_n##_class_init (GcStageClass *klass) \
  { \
    static const GcStageClass with = { __VA_ARGS__ }; \
    klass->want = with.want; \
    klass->item = with.item; \
    klass->end = with.end; \
    klass->other = with.other; \
    klass->passes = with.passes; \
  } \
  GType t_n##_get_type (void) G_GNUC_CONST; \
  GC_DECLARE_CLASS_ (T, t_n) \
  GC_DEFINE_TYPE (T, t_n, gc_stage_get_type (), GC_CLASS_INIT (t_n##_class_init))

/* gc-generator-close.c */
GcSequence  *gc_closing_new        (GcMutation    *m,
                                    gpointer       generators,
                                    gpointer       value,
                                    GError        *error);

G_END_DECLS
