/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Peers, as the collector sees them: polling, condemning, and what became of them afterwards. The
 * states are in gc-peer-private.h; what follows what in heap/gc-keeper.c. */

#include "gcobj/gc-peer-private.h"

#define SLICE 256               /* entries between two looks at the budget: 3 us */
#define AHEAD 16                /* reference counts are fetched so far ahead: polling is a third of it */

static GcPeers *
of_keeper (GcKeeper *keeper)
{
  return (GcPeers *) ((char *) keeper - G_STRUCT_OFFSET (GcPeers, keeper));
}

static GcPeers *
of_holder (GcWeakHolder *holder)
{
  return (GcPeers *) ((char *) holder - G_STRUCT_OFFSET (GcPeers, holder));
}

/* Whether somebody but the peer has a reference. Anybody may take one while we look: what counts is
 * that who has one for good is seen. */
static gboolean
is_referenced (GObject *object)
{
  return !GC_FAULT (PEER_POLL) && __atomic_load_n (&object->ref_count, __ATOMIC_ACQUIRE) > 1;
}

/* Lists of entries that are linked by @next. */
static void
list_push (GcPeers      *self,
           GcPeerList   *list,
           GcPeerNumber  number)
{
  gc_peers_get (self, number)->next = 0;
  if (list->last != 0)
    gc_peers_get (self, list->last)->next = number;
  else
    list->first = number;
  list->last = number;
  list->n++;
}

static void
list_append (GcPeers    *self,
             GcPeerList *list,
             GcPeerList *more)
{
  if (more->first == 0)
    return;
  if (list->last != 0)
    gc_peers_get (self, list->last)->next = more->first;
  else
    list->first = more->first;
  list->last = more->last;
  list->n += more->n;
  *more = (GcPeerList) { 0, 0, 0 };
}

static void
restart (GcKeeper *keeper,
         GcHeap   *heap)
{
  GcPeers *self = of_keeper (keeper);

  (void) heap;
  self->cursor = 0;
  self->young_cursor = self->young;
}

/* What a minor collection keeps: all of the young. Those that are made from now on are shaded. */
static gboolean
keep_young (GcPeers  *self,
            GcHeap   *heap,
            GcBudget *budget)
{
  while (self->young_cursor != 0)
    {
      for (guint i = 0; i < SLICE && self->young_cursor != 0; i++)
        {
          GcPeerEntry *entry = gc_peers_get (self, self->young_cursor);

          if (entry->state != GC_PEER_GONE && !GC_FAULT (PEER_YOUNG))
            gc_shade_root (heap, entry->peer);
          self->young_cursor = entry->next_young;
        }
      if (gc_budget_spend (budget, SLICE / 4))
        return FALSE;
    }
  return TRUE;
}

static void
poll (GcPeers     *self,
      GcHeap      *heap,
      GcPeerEntry *entry)
{
  switch ((GcPeerState) entry->state)
    {
    case GC_PEER_HELD:
      if (is_referenced (entry->object))
        gc_shade_root (heap, entry->peer);
      break;
    case GC_PEER_RELEASED:
    case GC_PEER_LETTING_GO:
      if (gc_certificate_is_gone (entry->certificate))
        {
          gc_peers_become_gone (self, entry);
          break;
        }
      if (!GC_FAULT (PEER_RELEASED) || entry->state != GC_PEER_RELEASED)
        gc_shade_root (heap, entry->peer);
      break;
    case GC_PEER_CONDEMNED:
      gc_shade_root (heap, entry->peer);
      break;
    case GC_PEER_FREE:
    case GC_PEER_GONE:
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
keep (GcKeeper *keeper,
      GcHeap   *heap,
      GcBudget *budget)
{
  GcPeers *self = of_keeper (keeper);

  if (heap->is_minor)
    return keep_young (self, heap, budget);
  if (!gc_peer_slots_sweep (self, budget))
    return FALSE;
  while (self->cursor < self->n)
    {
      guint end = MIN (self->n, self->cursor + SLICE);

      for (; self->cursor < end; self->cursor++)
        {
          if (self->cursor + AHEAD < self->n)
            __builtin_prefetch (self->entries[self->cursor + AHEAD].object);
          poll (self, heap, &self->entries[self->cursor]);
        }
      if (gc_budget_spend (budget, SLICE / 4))
        return FALSE;
    }
  return TRUE;
}

/* Those that are made from here on are shaded. */
static void
begin_judging (GcKeeper *keeper,
               GcHeap   *heap)
{
  GcPeers *self = of_keeper (keeper);

  (void) heap;
  self->cursor = 0;
  self->n_judged = self->n;
  self->is_condemning = FALSE;
}

/* A peer that marking left behind. Who is CONDEMNED here is doomed by an earlier trial of this cycle. */
static void
judge_one (GcPeers     *self,
           GcHeap      *heap,
           GcPeerEntry *entry)
{
  if ((entry->state == GC_PEER_CONDEMNED || (entry->state == GC_PEER_HELD && !entry->is_listed)) &&
      !self->keeper.is_last_trial && !is_referenced (entry->object))
    {
      if (entry->state == GC_PEER_CONDEMNED)
        return;
      entry->state = GC_PEER_CONDEMNED;
      entry->is_listed = TRUE;
      list_push (self, &self->doomed, (GcPeerNumber) (entry - self->entries) + 1);
    }
  else if (entry->state == GC_PEER_RELEASED && GC_FAULT (PEER_RELEASED))
    return;
  else if (entry->state != GC_PEER_GONE)
    {
      gc_shade_root (heap, entry->peer);
      self->keeper.has_kept = TRUE;
    }
}

static gboolean
judge (GcKeeper *keeper,
       GcHeap   *heap,
       GcBudget *budget)
{
  GcPeers *self = of_keeper (keeper);

  while (self->cursor < self->n_judged)
    {
      guint end = MIN (self->n_judged, self->cursor + SLICE);

      for (; self->cursor < end; self->cursor++)
        {
          GcPeerEntry *entry = &self->entries[self->cursor];

          if (entry->state != GC_PEER_FREE && !gc_is_marked (heap, entry->peer))
            judge_one (self, heap, entry);
        }
      if (gc_budget_spend (budget, SLICE / 8))
        return FALSE;
    }
  return TRUE;
}

/* Those that a later trial, or the program, kept are pardoned. */
static void
condemn_one (GcPeers      *self,
             GcHeap       *heap,
             GcPeerNumber  number)
{
  GcPeerEntry *entry = gc_peers_get (self, number);

  if (entry->state == GC_PEER_CONDEMNED && !gc_is_marked (heap, entry->peer))
    list_push (self, &self->doomed, number);
  else
    {
      entry->state = GC_PEER_HELD;
      entry->is_listed = FALSE;
    }
  if (!GC_FAULT (PEER_CONDEMN))
    gc_shade_root (heap, entry->peer);
}

/* The list is made anew of those that are condemned. */
static gboolean
condemn (GcKeeper *keeper,
         GcHeap   *heap,
         GcBudget *budget)
{
  GcPeers *self = of_keeper (keeper);

  if (!self->is_condemning)
    {
      self->is_condemning = TRUE;
      self->doomed_left = self->doomed.first;
      self->doomed = (GcPeerList) { 0, 0, 0 };
    }
  while (self->doomed_left != 0)
    {
      for (guint i = 0; i < SLICE && self->doomed_left != 0; i++)
        {
          GcPeerNumber number = self->doomed_left;

          self->doomed_left = gc_peers_get (self, number)->next;
          condemn_one (self, heap, number);
        }
      if (gc_budget_spend (budget, SLICE / 4))
        return FALSE;
    }
  return TRUE;
}

static void
visit (GcKeeper *keeper,
       GcTracer *tracer)
{
  GcPeers *self = of_keeper (keeper);

  for (guint i = 0; i < self->n; i++)
    if (self->entries[i].state != GC_PEER_FREE && self->entries[i].state != GC_PEER_GONE)
      tracer->visit (tracer, (gpointer *) &self->entries[i].peer);
}

/* Clearing: what this cycle condemned is marked, and waits to be let go of. */
static void
after_restart (GcWeakHolder *holder)
{
  GcPeers *self = of_holder (holder);

  list_append (self, &self->condemned, &self->doomed);
  __atomic_store_n (&self->n_condemned, self->condemned.n, __ATOMIC_RELAXED);
  self->young_left = self->young;
  self->young = 0;
  self->gone_left = self->gone;
  self->gone = 0;
}

/* Nothing is left of it but a free entry. */
static void
free_entry (GcPeers     *self,
            GcPeerEntry *entry)
{
  g_hash_table_remove (self->by_certificate, entry->certificate);
  gc_certificate_unref (entry->certificate);
  g_clear_pointer (&entry->context, g_main_context_unref);
  *entry = (GcPeerEntry) { .state = GC_PEER_FREE, .next = self->free };
  self->free = (GcPeerNumber) (entry - self->entries) + 1;
}

static void
look_at_young (GcPeers *self,
               GcHeap  *heap)
{
  GcPeerNumber number = self->young_left;
  GcPeerEntry *entry = gc_peers_get (self, number);

  self->young_left = entry->next_young;
  entry->is_young = !gc_is_marked (heap, entry->peer) && !gc_heap_is_dead (heap, entry->peer);
  entry->next_young = 0;
  if (entry->is_young)
    {
      entry->next_young = self->young;
      self->young = number;
    }
}

static void
look_at_gone (GcPeers *self,
              GcHeap  *heap)
{
  GcPeerNumber number = self->gone_left;
  GcPeerEntry *entry = gc_peers_get (self, number);

  self->gone_left = entry->next;
  if (gc_heap_is_dead (heap, entry->peer))
    {
      free_entry (self, entry);
      return;
    }
  entry->next = self->gone;
  self->gone = number;
}

static gboolean
after_process (GcWeakHolder *holder,
               GcHeap       *heap,
               GcBudget     *budget)
{
  GcPeers *self = of_holder (holder);

  while (self->young_left != 0 || self->gone_left != 0)
    {
      for (guint i = 0; i < SLICE && (self->young_left != 0 || self->gone_left != 0); i++)
        if (self->young_left != 0)
          look_at_young (self, heap);
        else
          look_at_gone (self, heap);
      if (gc_budget_spend (budget, SLICE / 4))
        return FALSE;
    }
  return TRUE;
}

static void
relocate (GcWeakHolder *holder,
          GcHeap       *heap,
          GcTracer     *tracer)
{
  GcPeers *self = of_holder (holder);

  (void) heap;
  for (guint i = 0; i < self->n; i++)
    if (self->entries[i].state != GC_PEER_FREE)
      tracer->visit (tracer, (gpointer *) &self->entries[i].peer);
}

/* Under the hold: the peers that are roots by now, with their GObjects, if they have a reference. */
void
gc_peers_foreach_root (GcArena       *arena,
                       GcPeerVisitor  func,
                       gpointer       data)
{
  GcPeers *self = arena->peers;

  for (guint i = 0; self != NULL && i < self->n; i++)
    {
      GcPeerEntry *entry = &self->entries[i];

      if (entry->state != GC_PEER_FREE && entry->state != GC_PEER_GONE &&
          (entry->state != GC_PEER_HELD || is_referenced (entry->object)))
        func (entry->peer, entry->object, data);
    }
}

void
gc_peers_init_keeper (GcPeers *self)
{
  self->keeper = (GcKeeper) {
    .restart = restart, .keep = keep, .begin_judging = begin_judging, .judge = judge,
    .condemn = condemn, .visit = visit
  };
  self->holder = (GcWeakHolder) {
    .stage = GC_WEAK_AFTER,
    .restart = after_restart, .process = after_process, .relocate = relocate
  };
  gc_heap_add_holder (&self->arena->heap, &self->holder);
  gc_heap_set_keeper (&self->arena->heap, &self->keeper);
}
