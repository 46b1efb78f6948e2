/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Weak references to GObjects of ours: see gc-back-ref-private.h.
 *
 * Whether a dispose() is the last is not known in it: who has a reference then may drop it before g_object_unref() looks again. What that
 * calls after it has looked, and before it drops the last reference, are notifications of g_object_weak_ref(). So the end is there,
 * and each dispose(), which calls and forgets those that there are, has a new one made. */

#include <pthread.h>

#include "gcobj/gc-back-ref-private.h"

struct _GcBackRef
{
  gint            ref_count;    /* atomic */
  pthread_mutex_t lock;
  GObject        *object;       /* NULL once it is about to go */
  guint           n_taking;     /* threads that are about to have a reference */
  gboolean        is_owed;      /* the last of these drops one that was taken so that the object stays */
  gint            n_disposing;  /* atomic: threads in the object's dispose() */
  void          (*at_end) (gpointer object);
};

/* For one that calls @at_end, if any, when it is about to go, once. */
GcBackRef *
gc_back_ref_new (gpointer   object,
                 void     (*at_end) (gpointer object))
{
  GcBackRef *self = g_new0 (GcBackRef, 1);

  self->ref_count = 1;
  self->object = object;
  self->at_end = at_end;
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

static void
end (gpointer  data,
     GObject  *object)
{
  GcBackRef *self = data;
  gboolean is_first;

  if (__atomic_load_n (&self->n_disposing, __ATOMIC_RELAXED) > 0)
    return;
  pthread_mutex_lock (&self->lock);
  is_first = self->object != NULL;
  pthread_mutex_unlock (&self->lock);
  if (is_first && self->at_end != NULL)
    self->at_end (object);
  pthread_mutex_lock (&self->lock);
  self->object = NULL;
  if (self->n_taking > 0 && !self->is_owed)
    {
      self->is_owed = TRUE;
      g_object_ref (object);
    }
  pthread_mutex_unlock (&self->lock);
}

/* The object's dispose(): @chain_up is its parent's. */
void
gc_back_ref_dispose (GcBackRef *self,
                     GObject   *object,
                     void     (*chain_up) (GObject *object))
{
  __atomic_add_fetch (&self->n_disposing, 1, __ATOMIC_RELAXED);
  chain_up (object);
  __atomic_sub_fetch (&self->n_disposing, 1, __ATOMIC_RELAXED);
  g_object_weak_ref (object, end, self);
}
