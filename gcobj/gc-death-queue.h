/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_TYPE_DEATH_QUEUE    (gc_death_queue_get_type ())
#define GC_DEATH_QUEUE(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_DEATH_QUEUE, GcDeathQueue))
#define GC_IS_DEATH_QUEUE(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_DEATH_QUEUE))

typedef struct _GcDeathQueue GcDeathQueue;

GCOBJ_AVAILABLE_IN_ALL
GType         gc_death_queue_get_type      (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcDeathQueue *gc_death_queue_new           (GcMutation   *m);

GCOBJ_AVAILABLE_IN_ALL
void          gc_death_queue_watch         (GcDeathQueue *self,
                                            gpointer      object,
                                            gpointer      token);
GCOBJ_AVAILABLE_IN_ALL
gpointer      gc_death_queue_pop           (GcDeathQueue *self);
GCOBJ_AVAILABLE_IN_ALL
GcObject     *gc_death_queue_pop_dup       (GcDeathQueue *self);
GCOBJ_AVAILABLE_IN_ALL
gsize         gc_death_queue_get_n_watched (GcDeathQueue *self);
GCOBJ_AVAILABLE_IN_ALL
gsize         gc_death_queue_get_n_queued  (GcDeathQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcDeathQueue, gc_object_unref)

G_END_DECLS
