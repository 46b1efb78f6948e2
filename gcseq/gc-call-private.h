/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcseq/gc-leaf.h"
#include "gcseq/gc-strand-private.h"

G_BEGIN_DECLS

/* A callback of a combinator: a C function with a traced context, or a function of a script, whose
 * context is a GcScript. Where a combinator has both forms, its frame has
 *
 *   GC_REF (GcObject) context;
 *   GCallback         func;             NULL: the context is a GcScript
 *
 * and calls them by the functions below, which give a word or NULL with an error set. */

/* Calls the field "child" of a frame, which does not keep it. */
#define gc_step_call_child(step, self) \
  ((step)->next = (self)->child, gc_set ((self), child, NULL), GC_STEP_CALL)

/* gc-call.c */
GcObject   *gc_script_new      (GcMutation      *m,
                                GcStepFunc       func,
                                gpointer         user_data,
                                GDestroyNotify   destroy);
GcStepResult gc_call_script    (GcObject        *context,
                                GcMutation      *m,
                                GcStep          *step,
                                GError         **error);
gpointer    gc_call_value      (GCallback        func,
                                GcObject        *context,
                                GcMutation      *m,
                                GcStep          *step,
                                gpointer         value,
                                GError         **error);
GcSequence *gc_call_sequence   (GCallback        func,
                                GcObject        *context,
                                GcMutation      *m,
                                GcStep          *step,
                                gpointer         value,
                                GError         **error);
GcSequence *gc_call_round      (GCallback        func,
                                GcObject        *context,
                                GcMutation      *m,
                                GcStep          *step,
                                gpointer         value,
                                GError         **error);
gpointer    gc_call_fold       (GCallback        func,
                                GcObject        *context,
                                GcMutation      *m,
                                GcStep          *step,
                                gpointer         so_far,
                                gpointer         item,
                                GError         **error);
gboolean    gc_call_predicate  (GCallback        func,
                                GcObject        *context,
                                GcMutation      *m,
                                GcStep          *step,
                                gpointer         value,
                                GError         **error);

G_END_DECLS
