/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A weak reference to a GObject of ours, which has one for all who refer back to it. g_object_run_dispose() clears every GWeakRef,
 * though the object goes on; and a script can call that. So who uses the object afterwards renews this one. */
typedef struct
{
  gint     ref_count;           /* atomic */
  gint     is_lost;             /* atomic: somebody had a reference in dispose() */
  GWeakRef weak;
} GcBackRef;

/* gc-back-ref.c */
GcBackRef *gc_back_ref_new      (gpointer   object);
GcBackRef *gc_back_ref_ref      (GcBackRef *self);
void       gc_back_ref_unref    (GcBackRef *self);
gpointer   gc_back_ref_get      (GcBackRef *self);
gboolean   gc_back_ref_disposed (GcBackRef *self,
                                 GObject   *object);
void       gc_back_ref_end      (GcBackRef *self);

/* Whether the object may go on without it. */
static inline gboolean
gc_back_ref_is_lost (GcBackRef *self)
{
  return __atomic_load_n (&self->is_lost, __ATOMIC_RELAXED);
}

/* For who has a reference to the object. */
static inline void
gc_back_ref_renew (GcBackRef *self,
                   gpointer   object)
{
  if (G_UNLIKELY (gc_back_ref_is_lost (self)))
    g_weak_ref_set (&self->weak, object);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcBackRef, gc_back_ref_unref)

G_END_DECLS
