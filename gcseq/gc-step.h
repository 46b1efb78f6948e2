/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-sequence.h>
#include <gcseq/gc-waker.h>

G_BEGIN_DECLS

#define GC_TYPE_STEP (gc_step_get_type ())

#ifndef __GI_SCANNER__
/* What the macros of coroutines look at; the runner has more behind it. */
struct _GcStep
{
  /*< private >*/
  gpointer    value;            /* in: what came. Out: the result or the item */
  GError     *error;            /* what came, until it is taken; or what goes out */
  GError     *caught;           /* taken by gc_step_catch() */
  GcSequence *next;             /* what to call or become */
  gint        fuel;             /* what the strand may use before it is another's turn */
  guint8      is_item;
  guint8      is_active;
  guint8      is_throwing;      /* caught is to enter what is called */
};
#endif

/**
 * GcStepFunc:
 * @m: (transfer none): the mutation
 * @step: what goes in and out
 * @user_data: user data
 * @error: return location for an error
 *
 * A step as a function. It returns what gc_step_done(), gc_step_call() and the like
 * return, or sets @error.
 *
 * Returns: what comes next
 *
 * Since: 0.1
 */
typedef GcStepResult (*GcStepFunc) (GcMutation  *m,
                                    GcStep      *step,
                                    gpointer     user_data,
                                    GError     **error);

GCOBJ_AVAILABLE_IN_ALL
GType         gc_step_get_type     (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcStepResult  gc_step_done         (GcStep       *step,
                                    gpointer      value);
GCOBJ_AVAILABLE_IN_ALL
GcStepResult  gc_step_done_value   (GcStep       *step,
                                    const GValue *value);
GCOBJ_AVAILABLE_IN_ALL
GcStepResult  gc_step_emit         (GcStep       *step,
                                    gpointer      item);
GCOBJ_AVAILABLE_IN_ALL
GcStepResult  gc_step_emit_value   (GcStep       *step,
                                    const GValue *item);
GCOBJ_AVAILABLE_IN_ALL
GcStepResult  gc_step_call         (GcStep       *step,
                                    GcSequence   *sequence);
GCOBJ_AVAILABLE_IN_ALL
GcStepResult  gc_step_become       (GcStep       *step,
                                    GcSequence   *sequence);
GCOBJ_AVAILABLE_IN_ALL
GcStepResult  gc_step_throw_into   (GcStep       *step,
                                    GcSequence   *sequence,
                                    const GError *error);
GCOBJ_AVAILABLE_IN_ALL
GcStepResult  gc_step_fail         (GcStep       *step,
                                    const GError *error);
GCOBJ_AVAILABLE_IN_ALL
GcStepResult  gc_step_take_error   (GcStep       *step,
                                    GError       *error);
GCOBJ_AVAILABLE_IN_ALL
GcStepResult  gc_step_throw        (GcStep       *step,
                                    GQuark        domain,
                                    int           code,
                                    const char   *format,
                                    ...) G_GNUC_PRINTF (4, 5);
GCOBJ_AVAILABLE_IN_ALL
GcStepResult  gc_step_throw_literal (GcStep      *step,
                                     GQuark       domain,
                                     int          code,
                                     const char  *message);

GCOBJ_AVAILABLE_IN_ALL
gpointer      gc_step_get          (GcStep       *step);
GCOBJ_AVAILABLE_IN_ALL
GcObject     *gc_step_dup          (GcStep       *step);
GCOBJ_AVAILABLE_IN_ALL
gboolean      gc_step_is_active    (GcStep       *step);
GCOBJ_AVAILABLE_IN_ALL
gboolean      gc_step_is_item      (GcStep       *step);
GCOBJ_AVAILABLE_IN_ALL
const GError *gc_step_get_error    (GcStep       *step);
GCOBJ_AVAILABLE_IN_ALL
GError       *gc_step_steal_error  (GcStep       *step);
GCOBJ_AVAILABLE_IN_ALL
gboolean      gc_step_catch        (GcStep       *step,
                                    GQuark        domain,
                                    int           code);
GCOBJ_AVAILABLE_IN_ALL
void          gc_step_consume      (GcStep       *step,
                                    guint         fuel);

GCOBJ_AVAILABLE_IN_ALL
void          gc_step_init_waker   (GcStep       *step,
                                    GcWaker      *waker);
GCOBJ_AVAILABLE_IN_ALL
GcWaker      *gc_step_dup_waker    (GcStep       *step);

G_END_DECLS
