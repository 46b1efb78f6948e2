/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Weak references to GObjects of ours: see gc-back-ref-private.h. */

#include <pthread.h>

#include "gcobj/gc-back-ref-private.h"

struct _GcBackRef
{
  gint            ref_count;    /* atomic */
  pthread_mutex_t lock;
  GObject        *object;       /* NULL once it is closed */
  guint           n_taking;     /* threads that are about to have a reference */
  gboolean        is_owed;      /* the last of these drops one that was taken so that the object stays */
};

GcBackRef *
gc_back_ref_new (gpointer object)
{
  GcBackRef *self = g_new0 (GcBackRef, 1);

  self->ref_count = 1;
  self->object = object;
  pthread_mutex_init (&self->lock, NULL);
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
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}

/* A reference to the object, or NULL if there is none any more. On any thread. It is taken outside of the lock, since it may
 * tell a language of it, which has a lock of its own. */
gpointer
gc_back_ref_get (GcBackRef *self)
{
  gboolean is_owed;
  GObject *object;

  pthread_mutex_lock (&self->lock);
  object = self->object;
  self->n_taking += object != NULL;
  pthread_mutex_unlock (&self->lock);
  if (object == NULL)
    return NULL;
  g_object_ref (object);
  pthread_mutex_lock (&self->lock);
  is_owed = --self->n_taking == 0 && self->is_owed;
  if (is_owed)
    self->is_owed = FALSE;
  pthread_mutex_unlock (&self->lock);
  if (is_owed)
    g_object_unref (object);
  return object;
}

/* In the object's dispose(), after its parent's, when GWeakRefs are cleared: FALSE if somebody has a reference, or is about
 * to have one, so that the object goes on. */
gboolean
gc_back_ref_close (GcBackRef *self)
{
  gboolean is_closed;

  pthread_mutex_lock (&self->lock);
  if (self->object != NULL && g_atomic_int_get ((gint *) &self->object->ref_count) == 1)
    {
      if (self->n_taking > 0)
        {
          self->is_owed = TRUE;
          g_object_ref (self->object);
        }
      else
        self->object = NULL;
    }
  is_closed = self->object == NULL;
  pthread_mutex_unlock (&self->lock);
  return is_closed;
}
