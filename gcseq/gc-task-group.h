/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-step.h>

G_BEGIN_DECLS

#define GC_TYPE_TASK_GROUP    (gc_task_group_get_type ())
#define GC_TASK_GROUP(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_TASK_GROUP, GcTaskGroup))
#define GC_IS_TASK_GROUP(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_TASK_GROUP))

typedef struct _GcTaskGroup GcTaskGroup;

GCOBJ_AVAILABLE_IN_ALL
GType        gc_task_group_get_type   (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcTaskGroup *gc_task_group_new        (GcMutation   *m);
GCOBJ_AVAILABLE_IN_ALL
guint        gc_task_group_spawn      (GcTaskGroup  *self,
                                       GcStep       *step,
                                       GcSequence   *sequence);
GCOBJ_AVAILABLE_IN_ALL
gboolean     gc_task_group_next       (GcTaskGroup  *self,
                                       GcStep       *step,
                                       guint        *index);
GCOBJ_AVAILABLE_IN_ALL
void         gc_task_group_cancel     (GcTaskGroup  *self);
GCOBJ_AVAILABLE_IN_ALL
void         gc_task_group_cancel_one (GcTaskGroup  *self,
                                       guint         index);
GCOBJ_AVAILABLE_IN_ALL
guint        gc_task_group_get_n_live (GcTaskGroup  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcTaskGroup, gc_object_unref)

G_END_DECLS
