/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Weak references to GObjects of ours: see gc-back-ref-private.h.
 *
 * Newer versions of GLib clear a GWeakRef after dispose() has returned, so that dispose() itself can't renew it. A weak reference of
 * our own instead has no place where it could be cleared in time: whether a dispose() is the last is not known in it, as who has a
 * reference then may drop it before g_object_unref() looks again; and what g_object_weak_ref() tells comes after the last reference
 * was dropped, in these versions. */

#include "gcobj/gc-back-ref-private.h"

GcBackRef *
gc_back_ref_new (gpointer object)
{
  GcBackRef *self = g_new0 (GcBackRef, 1);

  self->ref_count = 1;
  g_weak_ref_init (&self->weak, object);
  return self;
}

GcBackRef *
gc_back_ref_ref (GcBackRef *self)
{
  __atomic_add_fetch (&self->ref_count, 1, __ATOMIC_RELAXED);
  return self;
}

void
gc_back_ref_unref (GcBackRef *self)
{
  if (__atomic_sub_fetch (&self->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  g_weak_ref_clear (&self->weak);
  g_free (self);
}

/* A reference to the object, or NULL if there is none any more, or it was lost. On any thread. */
gpointer
gc_back_ref_get (GcBackRef *self)
{
  return g_weak_ref_get (&self->weak);
}

/* In the object's dispose(): whether that is its end for sure. */
gboolean
gc_back_ref_disposed (GcBackRef *self,
                      GObject   *object)
{
  gboolean is_last = g_atomic_int_get ((gint *) &object->ref_count) == 1;

  __atomic_store_n (&self->is_lost, !is_last, __ATOMIC_RELAXED);
  return is_last;
}

/* In the object's finalize(): it is not renewed any more. */
void
gc_back_ref_end (GcBackRef *self)
{
  __atomic_store_n (&self->is_lost, FALSE, __ATOMIC_RELAXED);
}
