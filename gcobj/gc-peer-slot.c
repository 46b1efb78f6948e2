/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Slots of peers that something outside of the heap has: closures, handles, list models. They are
 * given up on any thread, without waiting for the arena, and taken back when a collection begins. */

#include "gcobj/gc-peer-private.h"

#define SLICE 64                /* dropped slots between two looks at the budget */

GcPeerSlot *
gc_peer_slot_ref (GcPeerSlot *self)
{
  __atomic_add_fetch (&self->ref_count, 1, __ATOMIC_RELAXED);
  return self;
}

void
gc_peer_slot_unref (GcPeerSlot *self)
{
  if (__atomic_sub_fetch (&self->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  gc_certificate_unref (self->certificate);
  gc_peer_shared_unref (self->shared);
  g_free (self);
}

/* Under the hold: the peer, unless its GObject is gone. */
static GcPeer *
get_peer (GcPeers    *peers,
          GcPeerSlot *self)
{
  GcPeerEntry *entry = gc_peers_find (peers, self->certificate);

  return entry != NULL && entry->state != GC_PEER_GONE ? entry->peer : NULL;
}

/* Inside a scope: the slot's word. FALSE if the slot was dropped, or the GObject is gone, and with it what it led
 * to. A place is given to another only when a collection begins: who finds the slot not dropped may read it for as
 * long as the scope is open. */
gboolean
gc_peer_slot_peek (GcPeerSlot *self,
                   GcArena    *arena,
                   gpointer   *word)
{
  gboolean is_dropped = __atomic_load_n (&self->is_dropped, __ATOMIC_ACQUIRE);
  GcPeer *peer;

  gc_heap_lock (&arena->heap);
  peer = is_dropped ? NULL : get_peer (arena->peers, self);
  *word = peer != NULL ? peer->slots->items[self->index] : NULL;
  gc_heap_unlock (&arena->heap);
  return peer != NULL;
}

/* The slot's word, with a reference if it is an object. FALSE if it is gone. */
gboolean
gc_peer_slot_dup (GcPeerSlot *self,
                  gpointer   *word)
{
  g_autoptr (GcArena) arena = gc_back_ref_get (self->shared->arena);
  gboolean is_there;
  GcScope scope;

  *word = NULL;
  if (arena == NULL)
    return FALSE;
  gc_scope_enter (&scope, arena);
  is_there = gc_peer_slot_peek (self, arena, word);
  if (gc_is_ref (*word))
    gc_object_ref (*word);
  gc_scope_leave (&scope);
  return is_there;
}

/* On any thread, once: what is in the slot need not be kept any more. */
void
gc_peer_slot_drop (GcPeerSlot *self)
{
  GcPeerShared *shared = self->shared;

  __atomic_store_n (&self->is_dropped, TRUE, __ATOMIC_RELEASE);
  pthread_mutex_lock (&shared->lock);
  if (!shared->is_closed)
    {
      __atomic_add_fetch (&self->ref_count, 1, __ATOMIC_RELAXED);
      shared->dropped = g_slist_prepend (shared->dropped, self);
    }
  pthread_mutex_unlock (&shared->lock);
}

static GcPeerSlot *
pop_dropped (GcPeerShared *shared)
{
  GcPeerSlot *slot = NULL;

  pthread_mutex_lock (&shared->lock);
  if (shared->dropped != NULL)
    {
      slot = shared->dropped->data;
      shared->dropped = g_slist_delete_link (shared->dropped, shared->dropped);
    }
  pthread_mutex_unlock (&shared->lock);
  return slot;
}

/* Under the hold: empties the slots that were dropped. TRUE when there is none left. */
gboolean
gc_peer_slots_sweep (GcPeers  *self,
                     GcBudget *budget)
{
  GcPeerSlot *slot;
  guint ticks = 0;

  while ((slot = pop_dropped (self->shared)) != NULL)
    {
      GcPeer *peer = get_peer (self, slot);

      if (peer != NULL)
        {
          gc_slots_set (peer->slots, slot->index, gc_tag_int ((gssize) peer->free_slot));
          peer->free_slot = slot->index + 1;
        }
      gc_peer_slot_unref (slot);
      if (++ticks % SLICE == 0 && gc_budget_spend (budget, SLICE))
        return FALSE;
    }
  return TRUE;
}

/* At the arena's end. */
void
gc_peer_slots_forget (GcPeerShared *shared)
{
  GcPeerSlot *slot;

  pthread_mutex_lock (&shared->lock);
  shared->is_closed = TRUE;
  pthread_mutex_unlock (&shared->lock);
  while ((slot = pop_dropped (shared)) != NULL)
    gc_peer_slot_unref (slot);
}

/* A free slot, by its index. */
static gsize
take (GcPeer     *peer,
      GcMutation *m)
{
  gsize n = peer->slots != NULL ? peer->slots->n : 0;
  gsize index;

  if (peer->free_slot == 0)
    {
      GcSlots *slots = gc_slots_new (m, MAX (2, n * 2), NULL);

      if (n > 0)
        gc_slots_copy (slots, 0, peer->slots->items, n);
      for (gsize i = slots->n; i-- > n; )
        {
          gc_slots_set (slots, i, gc_tag_int ((gssize) peer->free_slot));
          peer->free_slot = i + 1;
        }
      gc_set (peer, slots, slots);
    }
  index = peer->free_slot - 1;
  peer->free_slot = (gsize) gc_untag_int (peer->slots->items[index]);
  return index;
}

static GcPeerSlot *
new_slot_of (GcMutation *m,
             GcPeer     *peer,
             gpointer    word)
{
  GcArena *arena = gc_arena_of (peer);
  GcPeers *peers = arena->peers;
  GcPeerSlot *self = g_new (GcPeerSlot, 1);
  GcScope scope;

  gc_scope_enter (&scope, arena);
  *self = (GcPeerSlot) {
    1, FALSE, gc_peer_shared_ref (peers->shared),
    gc_certificate_ref (gc_peers_get (peers, peer->number)->certificate), take (peer, m)
  };
  gc_slots_set (peer->slots, self->index, word);
  gc_scope_leave (&scope);
  return self;
}

/* Inside a scope: a slot of the peer of @owner, which is made if there is none. NULL, with a critical
 * warning, if @owner can have none. */
GcPeerSlot *
gc_peer_slot_new (GcMutation *m,
                  GObject    *owner,
                  gpointer    word)
{
  GcPeer *peer = gc_peer_new (m, owner);

  return peer != NULL ? new_slot_of (m, peer, word) : NULL;
}

/* ---- either that, or an external reference ---- */

void
gc_kept_init (GcKept   *self,
              gpointer  object,
              GObject  *owner)
{
  *self = (GcKept) { NULL, NULL };
  if (owner != NULL)
    {
      GcScope scope;
      GcMutation *m = gc_scope_enter (&scope, gc_arena_of (object));

      self->slot = gc_peer_slot_new (m, owner, object);
      gc_scope_leave (&scope);
    }
  else
    self->object = gc_object_ref (object);
}

/* Inside a scope: @object is kept by what keeps @other's. Not at all if that is gone. */
void
gc_kept_init_beside (GcKept       *self,
                     GcMutation   *m,
                     gpointer      object,
                     const GcKept *other)
{
  *self = (GcKept) { NULL, NULL };
  if (other->slot != NULL)
    {
      GcArena *arena = gc_arena_of (object);
      GcScope scope;
      GcPeer *peer;

      gc_scope_enter (&scope, arena);
      peer = get_peer (arena->peers, other->slot);
      if (peer != NULL)
        self->slot = new_slot_of (m, peer, object);
      gc_scope_leave (&scope);
    }
  else
    self->object = gc_object_ref (object);
}

/* Waits for nobody. */
void
gc_kept_clear (GcKept *self)
{
  if (self->slot != NULL)
    {
      gc_peer_slot_drop (self->slot);
      gc_peer_slot_unref (self->slot);
    }
  if (self->object != NULL)
    gc_object_unref (self->object);
  *self = (GcKept) { NULL, NULL };
}

/* The arena, or NULL if there is none any more. */
GcArena *
gc_kept_dup_arena (const GcKept *self)
{
  if (self->slot != NULL)
    return gc_back_ref_get (self->slot->shared->arena);
  return self->object != NULL ? g_object_ref (gc_arena_of (self->object)) : NULL;
}

/* Inside a scope of its arena: the object, or NULL. */
gpointer
gc_kept_peek (const GcKept *self,
              GcArena      *arena)
{
  gpointer object = self->object;

  if (self->slot != NULL)
    gc_peer_slot_peek (self->slot, arena, &object);
  return object;
}

/* A new reference to the object, or NULL. */
gpointer
gc_kept_dup (const GcKept *self)
{
  gpointer object = NULL;

  if (self->slot != NULL)
    gc_peer_slot_dup (self->slot, &object);
  else if (self->object != NULL)
    object = gc_object_ref (self->object);
  return object;
}
