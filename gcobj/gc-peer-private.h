/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include "gcobj/gc-handle.h"
#include "gcobj/gc-peer.h"
#include "gcobj/gc-slots-private.h"

G_BEGIN_DECLS

/* Peers
 * =====
 *
 * A peer stands for one GObject in one arena, and owns one ordinary reference to it. What the
 * GObject leads to in the arena are slots of the peer, never external references.
 *
 * certificate  one for each GObject, shared by its peers of all arenas: qdata, whose destroy
 *              notify tells, by an atomic flag, that the GObject was finalized.
 * table        one for each arena: a dense array of entries, polled in slices. An entry keeps its
 *              number; freed ones are reused.
 *
 *                            gc_peer_new(), or referenced when let go of
 *              +-----------------------------------------------------------+
 *              v                                                           |
 *   new --> HELD --unmarked, ref_count 1--> CONDEMNED --a thread takes--> LETTING GO
 *            ^ ^                               |                           |
 *            | +--gc_peer_new(), _get_object()-+     resurrected by its    | finalized
 *            |                                       dispose               v
 *            +------gc_peer_new()------- RELEASED <------------------------+--> GONE --> free
 *                                            |                                   ^
 *                                            +-----------certificate------------+
 *
 * HELD       a root while the GObject's reference count is over 1, polled when marking begins, and
 *            where marking left the peer behind once more, until no other is found.
 * CONDEMNED  found garbage but for the GObject. Marked in that cycle with all that it leads to, so
 *            that dispose() finds it whole; a root until it is let go of.
 * LETTING GO a thread is dropping the reference, outside of the hold. A root. Who drops it where the GObject belongs may find no
 *            way back to the arena, which was disposed of by hand: then the peer stays so until the certificate tells.
 * RELEASED   somebody else keeps the GObject, nobody knows who. A root.
 * GONE       an ordinary object, and no root.
 *
 * Invariants, checked by gc_peers_is_valid():
 *
 *   P1  An entry's object is the one reference it owns: set while HELD and CONDEMNED, NULL else (a
 *       thread that lets go has taken it).
 *   P2  When clearing begins all peers are marked but those that are GONE (the heap's I15). So no
 *       peer with an object ever dies, and only GONE entries are looked through for dead peers.
 *   P3  The index by certificates leads to each entry that is not free, and to nothing else; a
 *       peer's number is its entry's.
 *   P4  Each entry that is CONDEMNED is in the list of the doomed (in this cycle) or the list of the
 *       condemned (before). One there that is HELD was rescued; it is not condemned again before
 *       it left the list.
 *   P5  A peer that is not marked between collections is in the list of young ones.
 *   P6  Only who has the hold on the arena touches the table. Without it: reference counts,
 *       certificates, `n_condemned`, `is_releasing`, and the list of dropped slots under `lock`, a leaf.
 */

typedef enum
{
  GC_PEER_FREE,                 /* an unused entry */
  GC_PEER_HELD,
  GC_PEER_CONDEMNED,
  GC_PEER_LETTING_GO,
  GC_PEER_RELEASED,
  GC_PEER_GONE
} GcPeerState;

typedef struct
{
  gint ref_count;               /* atomic */
  gint is_gone;                 /* atomic */
} GcCertificate;

/* Entries are named by their number + 1; 0 is none. */
typedef guint32 GcPeerNumber;

typedef struct
{
  GObject       *object;
  GcPeer        *peer;
  GcCertificate *certificate;
  GMainContext  *context;       /* where the reference is dropped, or NULL: anywhere */
  GcPeerNumber   next;          /* in the list of free, doomed, condemned or gone ones */
  GcPeerNumber   next_young;
  guint8         state;
  guint8         is_listed;     /* doomed or condemned */
  guint8         is_young;
} GcPeerEntry;

typedef struct
{
  GcPeerNumber first, last;
  guint        n;
} GcPeerList;

/* What outlives an arena: held by slots and by references on their way to another thread. */
typedef struct
{
  gint             ref_count;   /* atomic */
  GcBackRef       *arena;
  pthread_mutex_t  lock;
  GSList          *dropped;     /* GcPeerSlot's, each with a reference */
  gboolean         is_closed;           /* the arena is gone */
} GcPeerShared;

typedef struct
{
  GcKeeper      keeper;
  GcWeakHolder  holder;         /* after weak references: young and gone ones are looked at */
  GcArena      *arena;
  GcPeerShared *shared;
  GcPeerEntry  *entries;
  guint         n, n_allocated;
  guint         n_alive;        /* that are neither free nor GONE */
  GHashTable   *by_certificate; /* to numbers */
  GcPeerNumber  free;
  GcPeerNumber  young;
  GcPeerNumber  gone;
  GcPeerList    doomed;         /* in this cycle */
  GcPeerList    condemned;      /* in cycles before: to be let go of */
  guint         n_condemned;    /* atomic */
  gboolean      is_releasing;   /* atomic, changed under the hold: by some thread */
  guint         cursor, n_judged;
  GcPeerNumber  young_cursor;
  gboolean      is_condemning;
  GcPeerNumber  doomed_left;    /* that condemning has not looked at */
  GcPeerNumber  young_left, gone_left;  /* that clearing has not looked at */
} GcPeers;

struct _GcPeer
{
  GcObject         parent_instance;
  GC_REF (GcSlots) data;        /* pairs of quark, tagged, and word */
  GC_REF (GcSlots) slots;       /* see GcPeerSlot; the free ones are chained by tagged words */
  gsize            free_slot;   /* + 1 */
  GcPeerNumber     number;
};

/* A reference from outside of the heap that is traced as one of a GObject's: a slot of the GObject's peer,
 * for as long as somebody has it. Who has it knows neither the peer's address nor the object's. */
typedef struct
{
  gint           ref_count;     /* atomic */
  gint           is_dropped;    /* atomic: its place in the peer may be another's by now */
  GcPeerShared  *shared;
  GcCertificate *certificate;   /* of the GObject */
  gsize          index;         /* in the peer's slots */
} GcPeerSlot;

/* What keeps an object from outside: an external reference, or a slot of its owner's peer. */
typedef struct
{
  gpointer    object;
  GcPeerSlot *slot;
} GcKept;

static inline GcPeerEntry *
gc_peers_get (GcPeers      *self,
              GcPeerNumber  number)
{
  return &self->entries[number - 1];
}

static inline GcPeers *
gc_arena_get_peers (GcArena *arena)
{
  return __atomic_load_n (&arena->peers, __ATOMIC_ACQUIRE);
}

/* gc-peer-certificate.c */
GcCertificate *gc_certificate_of      (GObject       *object);
GcCertificate *gc_certificate_ref     (GcCertificate *self);
void           gc_certificate_unref   (GcCertificate *self);

static inline gboolean
gc_certificate_is_gone (GcCertificate *self)
{
  return __atomic_load_n (&self->is_gone, __ATOMIC_ACQUIRE);
}

/* gc-peers.c */
GcPeers       *gc_peers_ensure        (GcArena       *arena);
GcPeerEntry   *gc_peers_find          (GcPeers       *self,
                                       GcCertificate *certificate);
GcPeerEntry   *gc_peers_add           (GcPeers       *self,
                                       GcPeer        *peer,
                                       GcCertificate *certificate);
void           gc_peers_become_gone   (GcPeers       *self,
                                       GcPeerEntry   *entry);

/* gc-peers-poll.c */
void           gc_peers_init_keeper   (GcPeers       *self);

/* gc-peers-release.c */
GcPeerShared  *gc_peer_shared_ref     (GcPeerShared  *self);
void           gc_peer_shared_unref   (GcPeerShared  *self);

/* gc-peer-slot.c */
GcPeerSlot    *gc_peer_slot_new       (GcMutation    *m,
                                       GObject       *owner,
                                       gpointer       word);
GcPeerSlot    *gc_peer_slot_ref       (GcPeerSlot    *self);
void           gc_peer_slot_unref     (GcPeerSlot    *self);
void           gc_peer_slot_drop      (GcPeerSlot    *self);
gboolean       gc_peer_slot_peek      (GcPeerSlot    *self,
                                       GcArena       *arena,
                                       gpointer      *word);
gboolean       gc_peer_slot_dup       (GcPeerSlot    *self,
                                       gpointer      *word);
gboolean       gc_peer_slots_sweep    (GcPeers       *self,
                                       GcBudget      *budget);
void           gc_peer_slots_forget   (GcPeerShared  *shared);

void           gc_kept_init           (GcKept        *self,
                                       gpointer       object,
                                       GObject       *owner);
void           gc_kept_init_beside    (GcKept        *self,
                                       GcMutation    *m,
                                       gpointer       object,
                                       const GcKept  *other);
void           gc_kept_clear          (GcKept        *self);
GcArena       *gc_kept_dup_arena      (const GcKept  *self);
gpointer       gc_kept_peek           (const GcKept  *self,
                                       GcArena       *arena);
gpointer       gc_kept_dup            (const GcKept  *self);

/* gc-handle.c */
GcHandle      *gc_handle_new_kept     (GcKept         kept);

G_END_DECLS
