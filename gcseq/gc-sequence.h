/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gio/gio.h>
#include <gcobj/gcobj.h>
#include <gcseq/gc-sequence-enums.h>

G_BEGIN_DECLS

#define GC_TYPE_SEQUENCE            (gc_sequence_get_type ())
#define GC_SEQUENCE(obj)            (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_SEQUENCE, GcSequence))
#define GC_IS_SEQUENCE(obj)         (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_SEQUENCE))
#define GC_SEQUENCE_CLASS(klass)    (G_TYPE_CHECK_CLASS_CAST ((klass), GC_TYPE_SEQUENCE, GcSequenceClass))
#define GC_IS_SEQUENCE_CLASS(klass) (G_TYPE_CHECK_CLASS_TYPE ((klass), GC_TYPE_SEQUENCE))
#define GC_SEQUENCE_GET_CLASS(obj)  (G_TYPE_INSTANCE_GET_CLASS ((obj), GC_TYPE_SEQUENCE, GcSequenceClass))

typedef struct _GcSequence      GcSequence;
typedef struct _GcSequenceClass GcSequenceClass;
typedef struct _GcStep          GcStep;

#ifndef __GI_SCANNER__
struct _GcSequence
{
  /*< private >*/
  GcObject            parent_instance;
  GC_REF (GcSequence) link;     /* running: who awaits this; suspended: the innermost frame to resume */
  guint8              state;
  guint8              flags;    /* of the library's own classes */
  guint16             spare;
  gint32              resume;   /* of coroutines: where to go on */
};
#endif

/**
 * GcSequenceClass:
 * @parent_class: the parent class
 * @step: runs one step and says what comes next
 * @error: runs a step that begins with an error: what was awaited failed, or the
 *   sequence is cancelled; %NULL passes the error on to who awaits this one
 * @cancel: called for the innermost frame when its strand is cancelled; %NULL has
 *   %G_IO_ERROR_CANCELLED enter as an error
 * @describe: tells in a few words what it is, for dumps; %NULL gives the name of the type
 * @flags: how the frame takes results and items
 *
 * The class of all sequences.
 *
 * The functions return what gc_step_done(), gc_step_call() and the like return. They run
 * inside a mutation scope that is lent to them; the end of each step is a safe point, so
 * that pointers to objects are kept in traced fields of the sequence from one
 * step to the next.
 *
 * A function that fails sets @error and returns %GC_STEP_FAILED. An error that entered stays one
 * unless it was taken, with gc_step_steal_error() or gc_step_catch(), whatever the function returns.
 *
 * Since: 0.1
 */
struct _GcSequenceClass
{
  GcObjectClass parent_class;

  /*< public >*/
  GcStepResult   (*step)     (GcSequence  *self,
                              GcMutation  *m,
                              GcStep      *step,
                              GError     **error);
  GcStepResult   (*error)    (GcSequence  *self,
                              GcMutation  *m,
                              GcStep      *step,
                              GError     **error);
  GcStepResult   (*cancel)   (GcSequence  *self,
                              GcMutation  *m,
                              GcStep      *step,
                              GError     **error);
  char         * (*describe) (GcSequence  *self);
  GcSequenceFlags  flags;

  /*< private >*/
  gconstpointer  info;
  gpointer       padding[6];
};

GCOBJ_AVAILABLE_IN_ALL
GType            gc_sequence_get_type    (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcSequenceState  gc_sequence_get_state   (GcSequence *self);
GCOBJ_AVAILABLE_IN_ALL
char            *gc_sequence_describe    (GcSequence *self);

#ifndef __GI_SCANNER__
GC_DECLARE_CLASS_ (GcSequence, gc_sequence)
#endif

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcSequence, gc_object_unref)

G_END_DECLS
