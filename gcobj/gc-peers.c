/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* An arena's table of peers. What it means is in gc-peer-private.h. */

#include "gcobj/gc-error.h"
#include "gcobj/gc-peer-private.h"

/* Inside a scope: the arena's table. */
GcPeers *
gc_peers_ensure (GcArena *arena)
{
  GcPeers *self = arena->peers;

  if (self != NULL)
    return self;
  self = g_new0 (GcPeers, 1);
  self->arena = arena;
  self->shared = g_new0 (GcPeerShared, 1);
  self->shared->ref_count = 1;
  self->shared->arena = gc_back_ref_ref (arena->back_ref);
  pthread_mutex_init (&self->shared->lock, NULL);
  self->by_certificate = g_hash_table_new (NULL, NULL);
  gc_peers_init_keeper (self);
  __atomic_store_n (&arena->peers, self, __ATOMIC_RELEASE);
  return self;
}

/* The entry of a GObject's peer, or NULL. */
GcPeerEntry *
gc_peers_find (GcPeers       *self,
               GcCertificate *certificate)
{
  GcPeerNumber number = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_certificate, certificate));

  return number != 0 ? gc_peers_get (self, number) : NULL;
}

static GcPeerNumber
take_free (GcPeers *self)
{
  GcPeerNumber number = self->free;

  if (number != 0)
    {
      self->free = gc_peers_get (self, number)->next;
      return number;
    }
  if (self->n == self->n_allocated)
    {
      self->n_allocated = MAX (64, self->n_allocated * 2);
      self->entries = g_renew (GcPeerEntry, self->entries, self->n_allocated);
    }
  return ++self->n;
}

/* Makes an entry, HELD without an object yet. Takes the certificate. A peer that is made while
 * marking goes on is kept for that cycle: the keeper may have passed its place. */
GcPeerEntry *
gc_peers_add (GcPeers       *self,
              GcPeer        *peer,
              GcCertificate *certificate)
{
  GcHeap *heap = &self->arena->heap;
  GcPeerNumber number = take_free (self);
  GcPeerEntry *entry = gc_peers_get (self, number);

  *entry = (GcPeerEntry) {
    .peer = peer, .certificate = certificate, .state = GC_PEER_HELD,
    .next_young = self->young, .is_young = TRUE
  };
  self->young = number;
  peer->number = number;
  self->n_alive++;
  g_hash_table_insert (self->by_certificate, certificate, GUINT_TO_POINTER (number));
  if (heap->state == GC_STATE_MARKING || heap->state == GC_STATE_MARKED)
    gc_shade (heap, peer);
  return entry;
}

/* The GObject was finalized. */
void
gc_peers_become_gone (GcPeers     *self,
                      GcPeerEntry *entry)
{
  entry->state = GC_PEER_GONE;
  entry->object = NULL;
  entry->next = self->gone;
  self->gone = (GcPeerNumber) (entry - self->entries) + 1;
  self->n_alive--;
}

static gboolean G_GNUC_PRINTF (3, 4)
fail (GError     **error,
      guint        i,
      const char  *format,
      ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, GC_ERROR, GC_ERROR_CORRUPT, "peer %u: %s", i, text);
  return FALSE;
}

/* How many entries are in a list. */
static guint
count_list (GcPeers      *self,
            GcPeerNumber  first,
            gboolean      is_young)
{
  guint n = 0;

  for (GcPeerNumber number = first; number != 0 && n <= self->n; n++)
    number = is_young ? gc_peers_get (self, number)->next_young : gc_peers_get (self, number)->next;
  return n;
}

/* Under the hold: whether the table keeps its invariants (P1 and P3 to P5; the heap checks P2). */
gboolean
gc_peers_is_valid (GcArena  *arena,
                   GError  **error)
{
  GcPeers *self = arena->peers;
  GcHeap *heap = &arena->heap;
  guint n_of[GC_PEER_GONE + 1] = { 0 };
  guint n_listed = 0, n_young = 0, n_used;

  if (self == NULL)
    return TRUE;
  for (guint i = 0; i < self->n; i++)
    {
      GcPeerEntry *entry = &self->entries[i];

      n_of[entry->state]++;
      n_listed += entry->is_listed;
      n_young += entry->is_young;
      if (entry->state == GC_PEER_FREE)
        {
          if (entry->peer != NULL || entry->object != NULL || entry->certificate != NULL)
            return fail (error, i, "a free entry is not empty");
          continue;
        }
      if ((entry->state == GC_PEER_HELD || entry->state == GC_PEER_CONDEMNED) != (entry->object != NULL))
        return fail (error, i, "its object is %p in state %u", (gpointer) entry->object, entry->state);
      if (entry->object != NULL && gc_certificate_is_gone (entry->certificate))
        return fail (error, i, "its object was finalized while it was referenced");
      if (entry->peer == NULL || gc_heap_of (entry->peer) != heap || entry->peer->number != i + 1)
        return fail (error, i, "its peer %p does not know it", (gpointer) entry->peer);
      if (gc_peers_find (self, entry->certificate) != entry)
        return fail (error, i, "its certificate does not lead to it");
      if (entry->state == GC_PEER_CONDEMNED && !entry->is_listed)
        return fail (error, i, "it is condemned and in no list");
      if ((heap->state == GC_STATE_IDLE || heap->state == GC_STATE_SWEEPING) &&
          !entry->is_young && !gc_is_marked (heap, entry->peer))
        return fail (error, i, "it is young and not in the list");
    }
  n_used = self->n - n_of[GC_PEER_FREE];
  if (self->n_alive != n_used - n_of[GC_PEER_GONE] || g_hash_table_size (self->by_certificate) != n_used)
    return fail (error, self->n, "%u are alive, %u used", self->n_alive, n_used);
  if (count_list (self, self->free, FALSE) != n_of[GC_PEER_FREE] ||
      count_list (self, self->gone, FALSE) + count_list (self, self->gone_left, FALSE) != n_of[GC_PEER_GONE] ||
      count_list (self, self->doomed.first, FALSE) + count_list (self, self->doomed_left, FALSE) +
      count_list (self, self->condemned.first, FALSE) != n_listed ||
      count_list (self, self->young, TRUE) + count_list (self, self->young_left, TRUE) != n_young)
    return fail (error, self->n, "a list is not complete");
  return TRUE;
}
