/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <pthread.h>

#include "gcobj/gc-listener-chain.h"

/**
 * SECTION:gc-listener-chain
 * @Title: GcListenerChain
 * @Short_description: Several listeners for one arena
 *
 * |[<!-- language="C" -->
 * static void
 * demo_listen_both (GcArena *arena, GcListener *first, GcListener *second)
 * {
 *   g_autoptr (GcListenerChain) chain = gc_listener_chain_new ();
 *
 *   gc_listener_chain_add (chain, first);
 *   gc_listener_chain_add (chain, second);
 *   gc_arena_set_listener (arena, GC_LISTENER (chain));
 * }
 * ]|
 *
 * A chain passes on each event to its listeners, in the order in which they were added. One
 * without listeners is a listener that does nothing. Listeners are added and removed from any thread,
 * also by hooks; what is being told meanwhile goes to those that were there before.
 */

/**
 * GcListenerChain:
 *
 * A listener that passes on what it is told.
 *
 * Since: 0.1
 */
struct _GcListenerChain
{
  GObject         parent_instance;
  pthread_mutex_t lock;         /* a leaf */
  GPtrArray      *listeners;    /* never changed: replaced */
};

static GPtrArray *
get_listeners (GcListenerChain *self)
{
  GPtrArray *listeners;

  pthread_mutex_lock (&self->lock);
  listeners = g_ptr_array_ref (self->listeners);
  pthread_mutex_unlock (&self->lock);
  return listeners;
}

static void
gc_listener_chain_tell (GcListener    *listener,
                        GcArena       *arena,
                        const GcEvent *event)
{
  g_autoptr (GPtrArray) listeners = get_listeners (GC_LISTENER_CHAIN (listener));

  for (guint i = 0; i < listeners->len; i++)
    gc_listener_tell (listeners->pdata[i], arena, event);
}

static void
gc_listener_chain_listen (GcListenerInterface *iface)
{
  iface->tell = gc_listener_chain_tell;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (GcListenerChain, gc_listener_chain, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GC_TYPE_LISTENER, gc_listener_chain_listen))

static void
gc_listener_chain_finalize (GObject *object)
{
  GcListenerChain *self = GC_LISTENER_CHAIN (object);

  g_ptr_array_unref (self->listeners);
  pthread_mutex_destroy (&self->lock);
  G_OBJECT_CLASS (gc_listener_chain_parent_class)->finalize (object);
}

static void
gc_listener_chain_class_init (GcListenerChainClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gc_listener_chain_finalize;
}

static void
gc_listener_chain_init (GcListenerChain *self)
{
  pthread_mutex_init (&self->lock, NULL);
  self->listeners = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * gc_listener_chain_new:
 *
 * Makes a chain without listeners.
 *
 * Returns: (transfer full): the chain
 *
 * Since: 0.1
 */
GcListenerChain *
gc_listener_chain_new (void)
{
  return g_object_new (GC_TYPE_LISTENER_CHAIN, NULL);
}

/* Replaces the listeners by a copy with one more or one less. Gives whether there was a change. */
static gboolean
change (GcListenerChain *self,
        GcListener      *added,
        GcListener      *removed)
{
  GPtrArray *listeners = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *old;
  gboolean is_changed = added != NULL;

  pthread_mutex_lock (&self->lock);
  old = self->listeners;
  for (guint i = 0; i < old->len; i++)
    if (old->pdata[i] == removed)
      {
        removed = NULL;
        is_changed = TRUE;
      }
    else
      g_ptr_array_add (listeners, g_object_ref (old->pdata[i]));
  if (added != NULL)
    g_ptr_array_add (listeners, g_object_ref (added));
  self->listeners = listeners;
  pthread_mutex_unlock (&self->lock);
  g_ptr_array_unref (old);
  return is_changed;
}

/**
 * gc_listener_chain_add:
 * @self: a chain
 * @listener: a listener; not @self
 *
 * Has @listener told after those that are there.
 *
 * Since: 0.1
 */
void
gc_listener_chain_add (GcListenerChain *self,
                       GcListener      *listener)
{
  g_return_if_fail (GC_IS_LISTENER_CHAIN (self));
  g_return_if_fail (GC_IS_LISTENER (listener));
  g_return_if_fail (listener != GC_LISTENER (self));

  change (self, listener, NULL);
}

/**
 * gc_listener_chain_remove:
 * @self: a chain
 * @listener: a listener
 *
 * Has @listener no longer told; once, if it was added several times.
 *
 * Returns: whether it was there
 *
 * Since: 0.1
 */
gboolean
gc_listener_chain_remove (GcListenerChain *self,
                          GcListener      *listener)
{
  g_return_val_if_fail (GC_IS_LISTENER_CHAIN (self), FALSE);
  g_return_val_if_fail (GC_IS_LISTENER (listener), FALSE);

  return change (self, NULL, listener);
}
