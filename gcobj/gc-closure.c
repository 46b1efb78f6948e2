/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-closure.h"
#include "gcobj/gc-peer-private.h"

/**
 * SECTION:gc-closure
 * @Title: Closures
 * @Short_description: Signal handlers whose data is collected
 *
 * |[<!-- language="C" -->
 * static void
 * on_clicked (GtkButton *button, DemoModel *model)
 * {
 *   demo_model_add_row (model);
 * }
 *
 * g_signal_connect_closure (button, "clicked",
 *                           gc_closure_new (m, G_CALLBACK (on_clicked), model, G_OBJECT (window)), FALSE);
 * ]|
 *
 * A closure that held its data by an external reference would keep it for as long as it is connected,
 * and with it all that this leads to: often the very GObject that it is connected to. The data of one made by gc_closure_new()
 * belongs to the peer of a GObject instead: it is kept for as long as both the closure
 * and that peer are.
 */

/* What a closure knows of its data: never its address, nor the peer's. */
typedef struct
{
  gint           ref_count;     /* atomic */
  GcPeerShared  *shared;
  GcCertificate *certificate;   /* of the GObject whose peer has the data */
  gsize          index;         /* in the peer's slots */
} GcClosureLink;

#define SLICE 64                /* dead closures between two looks at the budget */

static void
unref_link (GcClosureLink *self)
{
  if (__atomic_sub_fetch (&self->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  gc_certificate_unref (self->certificate);
  gc_peer_shared_unref (self->shared);
  g_free (self);
}

/* Under the hold: the peer that has the data, unless its GObject is gone. */
static GcPeer *
get_peer (GcPeers       *peers,
          GcClosureLink *link)
{
  GcPeerEntry *entry = gc_peers_find (peers, link->certificate);

  return entry != NULL && entry->state != GC_PEER_GONE ? entry->peer : NULL;
}

/* A reference to the data, if it is an object. FALSE if the data is gone. */
static gboolean
dup_data (GcArena       *arena,
          GcClosureLink *link,
          gpointer      *data)
{
  GcScope scope;
  GcPeer *peer;

  gc_scope_enter (&scope, arena);
  peer = get_peer (arena->peers, link);
  if (peer != NULL)
    {
      *data = peer->closures->items[link->index];
      if (gc_is_ref (*data))
        gc_object_ref (*data);
    }
  gc_scope_leave (&scope);
  return peer != NULL;
}

/* Calls with the data for the last argument, as any closure of C does. The structure that the marshaller
 * sees is a copy, since several threads may be here. */
static void
marshal (GClosure     *closure,
         GValue       *return_value,
         guint         n_values,
         const GValue *values,
         gpointer      hint,
         gpointer      marshal_data)
{
  GcClosureLink *link = marshal_data;
  g_autoptr (GcArena) arena = g_weak_ref_get (&link->shared->arena);
  GCClosure call = { 0 };
  gpointer data = NULL;

  if (arena == NULL || !dup_data (arena, link, &data))
    return;
  call.callback = ((GCClosure *) closure)->callback;
  call.closure.data = data;
  (closure->marshal != NULL ? closure->marshal : g_cclosure_marshal_generic)
    (&call.closure, return_value, n_values, values, hint, NULL);
  if (gc_is_ref (data))
    gc_object_unref (data);
}

/* On any thread: the data is dropped when a collection next begins. */
static void
invalidate (gpointer  data,
            GClosure *closure)
{
  GcClosureLink *self = data;
  GcPeerShared *shared = self->shared;

  (void) closure;
  pthread_mutex_lock (&shared->lock);
  if (!shared->is_closed)
    {
      __atomic_add_fetch (&self->ref_count, 1, __ATOMIC_RELAXED);
      shared->dead_closures = g_slist_prepend (shared->dead_closures, self);
    }
  pthread_mutex_unlock (&shared->lock);
}

static void
finalize (gpointer  data,
          GClosure *closure)
{
  (void) closure;
  unref_link (data);
}

static GcClosureLink *
pop_dead (GcPeerShared *shared)
{
  GcClosureLink *link = NULL;

  pthread_mutex_lock (&shared->lock);
  if (shared->dead_closures != NULL)
    {
      link = shared->dead_closures->data;
      shared->dead_closures = g_slist_delete_link (shared->dead_closures, shared->dead_closures);
    }
  pthread_mutex_unlock (&shared->lock);
  return link;
}

/* Under the hold: drops the data of closures that ended. TRUE when there is none left. */
gboolean
gc_closures_sweep (GcPeers  *self,
                   GcBudget *budget)
{
  GcClosureLink *link;
  guint ticks = 0;

  while ((link = pop_dead (self->shared)) != NULL)
    {
      GcPeer *peer = get_peer (self, link);

      if (peer != NULL)
        {
          gc_slots_set (peer->closures, link->index, gc_tag_int ((gssize) peer->free_closure));
          peer->free_closure = link->index + 1;
        }
      unref_link (link);
      if (++ticks % SLICE == 0 && gc_budget_spend (budget, SLICE))
        return FALSE;
    }
  return TRUE;
}

/* At the arena's end. */
void
gc_closures_forget (GcPeerShared *shared)
{
  GcClosureLink *link;

  pthread_mutex_lock (&shared->lock);
  shared->is_closed = TRUE;
  pthread_mutex_unlock (&shared->lock);
  while ((link = pop_dead (shared)) != NULL)
    unref_link (link);
}

/* A slot for the data, by its index. */
static gsize
take_slot (GcPeer     *peer,
           GcMutation *m)
{
  gsize n = peer->closures != NULL ? peer->closures->n : 0;
  gsize index;

  if (peer->free_closure == 0)
    {
      GcSlots *closures = gc_slots_new (m, MAX (2, n * 2), NULL);

      if (n > 0)
        gc_slots_copy (closures, 0, peer->closures->items, n);
      for (gsize i = closures->n; i-- > n; )
        {
          gc_slots_set (closures, i, gc_tag_int ((gssize) peer->free_closure));
          peer->free_closure = i + 1;
        }
      gc_set (peer, closures, closures);
    }
  index = peer->free_closure - 1;
  peer->free_closure = (gsize) gc_untag_int (peer->closures->items[index]);
  return index;
}

/**
 * gc_closure_new: (skip)
 * @m: a mutation
 * @callback: the function, of the type that the signal asks for, with @data as its last argument
 * @data: (nullable): an object of @m's arena
 * @object: the GObject whose peer has the data
 *
 * Makes a closure that does not keep its data by itself: the peer of @object does, which is made if
 * there is none (gc_peer_new()), until the closure is invalidated, as by
 * g_signal_handler_disconnect(). For the time of a call the data is kept in any case; no scope
 * is open for it. When @object or the arena is gone, a call does nothing.
 *
 * Often @object is what the closure is connected to. Where several GObjects belong together, as the widgets of
 * a window do, it had better be the one that the others are parts of: they are held by
 * it, which makes roots of their peers.
 *
 * The marshaller is the one that the signal has, or g_cclosure_marshal_generic().
 *
 * Returns: (transfer full): a closure, with a floating reference; %NULL, with a critical
 *   warning, if @m is finished or @data is not of its arena
 *
 * Since: 0.1
 */
GClosure *
gc_closure_new (GcMutation *m,
                GCallback   callback,
                gpointer    data,
                GObject    *object)
{
  GcArena *arena = gc_check_mutation (m, NULL);
  GcClosureLink *link;
  GClosure *closure;
  GcPeers *peers;
  GcPeer *peer;

  g_return_val_if_fail (arena != NULL, NULL);
  g_return_val_if_fail (callback != NULL, NULL);
  g_return_val_if_fail (!gc_is_ref (data) || gc_arena_of (data) == arena, NULL);
  peer = gc_peer_new (m, object);
  if (peer == NULL)
    return NULL;

  peers = arena->peers;
  link = g_new (GcClosureLink, 1);
  *link = (GcClosureLink) {
    1, gc_peer_shared_ref (peers->shared),
    gc_certificate_ref (gc_peers_get (peers, peer->number)->certificate), take_slot (peer, m)
  };
  gc_slots_set (peer->closures, link->index, data);

  closure = g_closure_new_simple (sizeof (GCClosure), NULL);
  ((GCClosure *) closure)->callback = callback;
  g_closure_set_meta_marshal (closure, link, marshal);
  g_closure_add_invalidate_notifier (closure, link, invalidate);
  g_closure_add_finalize_notifier (closure, link, finalize);
  return closure;
}
