/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_TYPE_GUARDIAN    (gc_guardian_get_type ())
#define GC_GUARDIAN(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_GUARDIAN, GcGuardian))
#define GC_IS_GUARDIAN(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_GUARDIAN))

typedef struct _GcGuardian GcGuardian;

/**
 * GcGuardianFunc:
 * @guardian: (transfer none): the guardian
 * @object: (transfer none): what died, and is alive again
 * @tag: (nullable): the tag given to gc_guardian_watch()
 * @user_data: data given to gc_guardian_set_callback()
 *
 * Is called for an object that a guardian delivers. No scope is open, collection is
 * inhibited, and @object is kept for the time of the call.
 *
 * Since: 0.1
 */
typedef void (*GcGuardianFunc) (GcGuardian *guardian,
                                GcObject   *object,
                                const char *tag,
                                gpointer    user_data);

GCOBJ_AVAILABLE_IN_ALL
GType       gc_guardian_get_type      (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcGuardian *gc_guardian_new           (GcMutation      *m);

GCOBJ_AVAILABLE_IN_ALL
void        gc_guardian_watch         (GcGuardian      *self,
                                       gpointer         object,
                                       const char      *tag);
GCOBJ_AVAILABLE_IN_ALL
gpointer    gc_guardian_pop           (GcGuardian      *self,
                                       const char     **tag);
GCOBJ_AVAILABLE_IN_ALL
GcObject   *gc_guardian_pop_dup       (GcGuardian      *self,
                                       const char     **tag);
GCOBJ_AVAILABLE_IN_ALL
gsize       gc_guardian_get_n_watched (GcGuardian      *self);
GCOBJ_AVAILABLE_IN_ALL
gsize       gc_guardian_get_n_queued  (GcGuardian      *self);

GCOBJ_AVAILABLE_IN_ALL
void        gc_guardian_set_callback  (GcGuardian      *self,
                                       GMainContext    *context,
                                       GcGuardianFunc   func,
                                       gpointer         user_data,
                                       GDestroyNotify   destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcGuardian, gc_object_unref)

G_END_DECLS
