/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Letting go of GObjects: what follows a collection that condemned peers, outside of the hold. The
 * arena is consistent and can be used by what dispose() runs. */

#include "gcobj/gc-os-private.h"
#include "gcobj/gc-peer-private.h"

#define BATCH      32
#define RELEASE_NS (1000 * 1000)        /* at one safe point; the rest at the next */

/* A reference that is being dropped. */
typedef struct
{
  GObject       *object;
  GcCertificate *certificate;
  GMainContext  *context;
} Letting;

/* The same, on its way to another thread. */
typedef struct
{
  GcPeerShared *shared;
  Letting       letting;
  gint          is_ready;       /* atomic: orders what was written here, also for who can't see into
                                 * the main context's lock */
} Errand;

GcPeerShared *
gc_peer_shared_ref (GcPeerShared *self)
{
  __atomic_add_fetch (&self->ref_count, 1, __ATOMIC_RELAXED);
  return self;
}

void
gc_peer_shared_unref (GcPeerShared *self)
{
  if (__atomic_sub_fetch (&self->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  gc_back_ref_unref (self->arena);
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}

static gboolean
has_condemned (GcArena *arena)
{
  GcPeers *self = gc_arena_get_peers (arena);

  return self != NULL && __atomic_load_n (&self->n_condemned, __ATOMIC_RELAXED) > 0;
}

/* Whether gc_peers_release() has something to do: not inside of a scope, nor of another call. */
gboolean
gc_peers_can_release (GcArena *arena)
{
  return has_condemned (arena) && !gc_arena_is_mine (arena) &&
         !__atomic_load_n (&gc_arena_get_peers (arena)->is_releasing, __ATOMIC_RELAXED);
}

/* Drops the reference. What is left of the GObject is told by a reference to it, if somebody has
 * taken one in the meantime, or by its certificate. */
static GObject *
let_go (const Letting *letting)
{
  GWeakRef weak;
  GObject *alive;

  g_weak_ref_init (&weak, letting->object);
  g_object_unref (letting->object);
  alive = g_weak_ref_get (&weak);
  g_weak_ref_clear (&weak);
  return alive;
}

/* Under the hold: what became of it. @alive is a reference that is the peer's again; it is given
 * back if the peer got another one while it was let go of. */
static GObject *
settle (GcPeers       *self,
        const Letting *letting,
        GObject       *alive)
{
  GcPeerEntry *entry = gc_peers_find (self, letting->certificate);

  if (entry == NULL || entry->state != GC_PEER_LETTING_GO)
    return alive;
  if (alive != NULL)
    {
      entry->state = GC_PEER_HELD;
      entry->object = alive;
    }
  else if (gc_certificate_is_gone (letting->certificate))
    gc_peers_become_gone (self, entry);
  else
    entry->state = GC_PEER_RELEASED;
  return NULL;
}

static void
let_go_and_settle (GcArena *arena,
                   Letting *letting)
{
  GObject *alive = let_go (letting);

  if (arena != NULL)
    {
      GcScope scope;

      gc_scope_enter (&scope, arena);
      alive = settle (arena->peers, letting, alive);
      gc_scope_leave (&scope);
    }
  gc_certificate_unref (letting->certificate);
  if (alive != NULL)
    g_object_unref (alive);
}

static gboolean
run_errand (gpointer data)
{
  Errand *self = data;
  g_autoptr (GcArena) arena = NULL;

  g_assert (__atomic_load_n (&self->is_ready, __ATOMIC_ACQUIRE));
  arena = gc_back_ref_get (self->shared->arena);
  let_go_and_settle (arena, &self->letting);
  self->letting.object = NULL;
  return G_SOURCE_REMOVE;
}

/* An errand that is not run any more: its main context ended. */
static void
free_errand (gpointer data)
{
  Errand *self = data;

  if (self->letting.object != NULL)
    run_errand (self);
  g_main_context_unref (self->letting.context);
  gc_peer_shared_unref (self->shared);
  g_free (self);
}

/* Has the reference dropped where the GObject belongs. */
static void
send (GcPeerShared  *shared,
      const Letting *letting)
{
  GSource *source = g_idle_source_new ();
  Errand *errand = g_new (Errand, 1);

  *errand = (Errand) { gc_peer_shared_ref (shared), *letting, FALSE };
  __atomic_store_n (&errand->is_ready, TRUE, __ATOMIC_RELEASE);
  g_source_set_priority (source, G_PRIORITY_DEFAULT_IDLE);
  g_source_set_static_name (source, "[gcobj] peer");
  g_source_set_callback (source, run_errand, errand, free_errand);
  g_source_attach (source, letting->context);
  g_source_unref (source);
}

/* Under the hold: takes condemned ones out of their list. */
static guint
take (GcPeers *self,
      Letting *batch)
{
  guint n = 0;

  while (n < BATCH && self->condemned.first != 0)
    {
      GcPeerEntry *entry = gc_peers_get (self, self->condemned.first);

      self->condemned.first = entry->next;
      if (--self->condemned.n == 0)
        self->condemned.last = 0;
      entry->next = 0;
      entry->is_listed = FALSE;
      if (entry->state != GC_PEER_CONDEMNED && !(GC_FAULT (PEER_RESCUE) && entry->state == GC_PEER_HELD))
        continue;
      batch[n++] = (Letting) {
        entry->object, gc_certificate_ref (entry->certificate),
        entry->context != NULL ? g_main_context_ref (entry->context) : NULL
      };
      entry->state = GC_PEER_LETTING_GO;
      entry->object = NULL;
    }
  __atomic_store_n (&self->n_condemned, self->condemned.n, __ATOMIC_RELAXED);
  return n;
}

/* Lets go of condemned peers until the time is over (0: of all); one thread at a time, and not
 * inside of what another one runs. */
void
gc_peers_release (GcArena *arena,
                  gint64   until_ns)
{
  GcPeers *self = gc_arena_get_peers (arena);
  gboolean is_mine = FALSE;

  if (gc_arena_is_mine (arena))
    return;
  while (has_condemned (arena))
    {
      Letting batch[BATCH];
      GcScope scope;
      guint n = 0;

      gc_scope_enter (&scope, arena);
      if (is_mine || !self->is_releasing)
        {
          is_mine = TRUE;
          __atomic_store_n (&self->is_releasing, TRUE, __ATOMIC_RELAXED);
          n = take (self, batch);
        }
      gc_scope_leave (&scope);
      if (!is_mine)
        return;
      for (guint i = 0; i < n; i++)
        if (batch[i].context != NULL)
          send (self->shared, &batch[i]);
        else
          let_go_and_settle (arena, &batch[i]);
      if (until_ns != 0 && gc_os_now_ns () > until_ns)
        break;
    }
  if (is_mine)
    {
      GcScope scope;

      gc_scope_enter (&scope, arena);
      __atomic_store_n (&self->is_releasing, FALSE, __ATOMIC_RELAXED);
      gc_scope_leave (&scope);
    }
}

/* After a safe point: here, or where the arena is attached. Not inside of a scope. */
void
gc_peers_after_hold (GcArena  *arena,
                     gboolean  all)
{
  gboolean is_attached;

  if (!has_condemned (arena))
    return;
  pthread_mutex_lock (&arena->deferred_lock);
  is_attached = arena->context != NULL;
  if (is_attached)
    g_main_context_wakeup (arena->context);
  pthread_mutex_unlock (&arena->deferred_lock);
  if (!is_attached)
    gc_peers_release (arena, all ? 0 : gc_os_now_ns () + RELEASE_NS);
}

/* At the arena's end: its references are dropped, later or here, as deferred notifies run. */
void
gc_peers_clear (GcArena *arena)
{
  GcPeers *self = arena->peers;

  if (self == NULL)
    return;
  gc_heap_remove_holder (&arena->heap, &self->holder);
  gc_heap_set_keeper (&arena->heap, NULL);
  for (guint i = 0; i < self->n; i++)
    {
      GcPeerEntry *entry = &self->entries[i];

      if (entry->object != NULL && entry->context != NULL)
        send (self->shared, &(Letting) {
                entry->object, gc_certificate_ref (entry->certificate), g_main_context_ref (entry->context)
              });
      else if (entry->object != NULL)
        gc_arena_defer_notify (arena, g_object_unref, entry->object);
      g_clear_pointer (&entry->certificate, gc_certificate_unref);
      g_clear_pointer (&entry->context, g_main_context_unref);
    }
  gc_peer_slots_forget (self->shared);
  g_hash_table_unref (self->by_certificate);
  gc_peer_shared_unref (self->shared);
  g_free (self->entries);
  g_free (self);
  arena->peers = NULL;
}
