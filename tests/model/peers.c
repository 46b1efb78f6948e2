/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Peers, in the model: GObjects whose references the model takes and drops.
 *
 * A peer whose GObject the model has a reference to is a root. One that a walk did not reach may lose
 * its GObject at any time (was_out), until it is reached again and found to be held. Any other has to
 * have it. */

#include "model.h"
#include "gcobj/gc-peer-private.h"

#define N_KEYS 3

static const char *const keys[N_KEYS] = { "one", "two", "three" };

typedef struct
{
  Run           *run;
  GObject       *object;        /* may be used while n_refs > 0 */
  GcCertificate *certificate;
  GWeakRef       weak;
  guint          n_refs;        /* the model's */
  guint          n_resurrections;       /* that dispose will do */
  gboolean       is_final;
  gboolean       was_out;
  Word           data[N_KEYS];
} Peer;

/* ---- the GObject ---- */

typedef struct
{
  GObject  parent_instance;
  Peer    *peer;
} ModelThing;

typedef GObjectClass ModelThingClass;

static GType model_thing_get_type (void);
G_DEFINE_TYPE (ModelThing, model_thing, G_TYPE_OBJECT)

static void
model_thing_init (ModelThing *self)
{
  (void) self;
}

/* It was garbage, and what it led to went with it: that no walk came between was chance. */
static void
all_were_out (Run *run)
{
  for (guint i = 0; i < run->peers->len; i++)
    {
      Peer *peer = model_node_of (run, g_array_index (run->peers, guint32, i))->extra;

      peer->was_out |= peer->n_refs == 0;
    }
}

static void
model_thing_dispose (GObject *object)
{
  Peer *peer = ((ModelThing *) object)->peer;

  if (peer->n_refs > 0)
    model_fail (peer->run, "a GObject with %u references is disposed of", peer->n_refs);
  if (peer->n_resurrections > 0)
    {
      peer->n_resurrections--;
      peer->run->figures.disposed++;
      all_were_out (peer->run);
      peer->n_refs++;
      g_object_ref (object);
    }
  G_OBJECT_CLASS (model_thing_parent_class)->dispose (object);
}

static void
model_thing_finalize (GObject *object)
{
  Peer *peer = ((ModelThing *) object)->peer;

  if (peer->n_refs > 0 || peer->is_final)
    model_fail (peer->run, "a GObject with %u references is finalized", peer->n_refs);
  peer->is_final = TRUE;
  peer->run->figures.let_go++;
  G_OBJECT_CLASS (model_thing_parent_class)->finalize (object);
}

static void
model_thing_class_init (ModelThingClass *klass)
{
  klass->dispose = model_thing_dispose;
  klass->finalize = model_thing_finalize;
}

/* ---- the peer ---- */

static Peer *
peer_of (Run     *run,
         guint32  id)
{
  return model_node_of (run, id)->extra;
}

static GcPeerEntry *
entry_of (Run  *run,
          Peer *peer)
{
  return gc_peers_find (run->arena->peers, peer->certificate);
}

static void
follow_peer (Run     *run,
             guint32  id)
{
  GcPeer *real = model_node_of (run, id)->address;
  Peer *peer = peer_of (run, id);
  GcPeerEntry *entry = gc_peers_get (run->arena->peers, real->number);

  for (guint i = 0; i < N_KEYS; i++)
    model_compare (run, id, peer->data[i], gc_peer_get_data (real, keys[i]));
  if (peer->is_final)
    {
      if (!peer->was_out)
        model_fail (run, "peer %u was reachable all the time and its GObject is finalized", id);
      if (gc_peer_is_alive (real) || gc_peer_get_object (real) != NULL)
        model_fail (run, "peer %u says that its GObject is alive", id);
      return;
    }
  if (entry != entry_of (run, peer))
    model_fail (run, "peer %u has another entry", id);
  if (!peer->was_out && entry->object != peer->object)
    model_fail (run, "peer %u was reachable all the time and has lost its GObject", id);
  /* This keeps the GObject. */
  if (model_chance (run, 3) && gc_peer_get_object (real) != entry->object)
    model_fail (run, "peer %u gives another GObject", id);
}

static void
peer_edges (Run     *run,
            guint32  id,
            void   (*func) (Run *run, guint32 id))
{
  Peer *peer = peer_of (run, id);

  for (guint i = 0; i < N_KEYS; i++)
    if (peer->data[i] != 0 && !(peer->data[i] & WORD_TAGGED))
      func (run, peer->data[i]);
}

/* The pairs. */
static guint
hidden (gpointer extra)
{
  return 1;
}

/* After the arena's end: the model's references are the only ones. */
static void
free_peer (gpointer extra)
{
  Peer *peer = extra;

  if (peer->n_refs > 0 && peer->object->ref_count != peer->n_refs)
    g_error ("model: a GObject has %u references instead of %u", peer->object->ref_count, peer->n_refs);
  peer->n_resurrections = 0;
  while (peer->n_refs > 0)
    {
      peer->n_refs--;
      g_object_unref (peer->object);
    }
  if (!peer->is_final)
    g_error ("model: something keeps a GObject");
  g_weak_ref_clear (&peer->weak);
  gc_certificate_unref (peer->certificate);
  g_free (peer);
}

static const KindOps peer_ops = { follow_peer, NULL, peer_edges, hidden, free_peer };
static const Kind peer_kind = { "peer", gc_peer_get_type, KIND_OTHER, .ops = &peer_ops };

/* In a walk: the roots among them. */
void
model_visit_peers (Run *run)
{
  for (guint i = 0; i < run->peers->len; i++)
    {
      guint32 id = g_array_index (run->peers, guint32, i);
      Peer *peer = peer_of (run, id);
      GcPeerEntry *entry;

      if (peer->n_refs == 0)
        continue;
      entry = entry_of (run, peer);
      if (entry == NULL || entry->state == GC_PEER_GONE)
        model_fail (run, "peer %u is gone and its GObject has %u references", id, peer->n_refs);
      if (peer->object->ref_count != peer->n_refs + (entry->object != NULL))
        model_fail (run, "the GObject of peer %u has %u references instead of %u", id, peer->object->ref_count,
                    peer->n_refs + (entry->object != NULL));
      model_visit (run, id, entry->peer);
    }
}

/* What is held and leads to nothing but judgement that was passed already, or is still to come, is
 * kept as long as it is reachable. */
static gboolean
is_certain (Run *run)
{
  GcKeeper *keeper = run->arena->heap.keeper;

  return run->arena->heap.state != GC_STATE_MARKING ||
         (keeper->phase != GC_KEEPER_JUDGES && keeper->phase != GC_KEEPER_RECONSIDERS);
}

/* After a walk. */
void
model_note_peers (Run *run)
{
  g_autoptr (GError) error = NULL;

  if (run->peers->len == 0)
    return;
  for (guint i = 0; i < run->peers->len; i++)
    {
      guint32 id = g_array_index (run->peers, guint32, i);
      Node *node = model_node_of (run, id);
      Peer *peer = node->extra;

      if (node->seen != run->walk)
        peer->was_out = TRUE;
      else if (is_certain (run) &&
               gc_peers_get (run->arena->peers, ((GcPeer *) node->address)->number)->state == GC_PEER_HELD)
        peer->was_out = FALSE;
    }
  if (model_chance (run, 8) && !gc_peers_is_valid (run->arena, &error))
    model_fail (run, "%s", error->message);
}

/* After a full collection: no GObject is left that nothing leads to. */
void
model_check_peers (Run *run)
{
  guint n_alive = 0;

  for (guint i = 0; i < run->peers->len; i++)
    {
      guint32 id = g_array_index (run->peers, guint32, i);
      Peer *peer = peer_of (run, id);

      n_alive += !peer->is_final;
      if (model_node_of (run, id)->seen != run->walk && !peer->is_final)
        model_fail (run, "the GObject of peer %u was not reclaimed", id);
    }
  if (gc_arena_get_n_peers (run->arena) != n_alive)
    model_fail (run, "%u peers are alive instead of %u", gc_arena_get_n_peers (run->arena), n_alive);
}

static void
make_peer (Run        *run,
           GcMutation *m)
{
  ModelThing *thing = g_object_new (model_thing_get_type (), NULL);
  GcPeer *real = gc_peer_new (m, G_OBJECT (thing));
  guint32 id = model_add_node (run, &peer_kind, real, 0);
  Peer *peer = g_new0 (Peer, 1);

  thing->peer = peer;
  *peer = (Peer) {
    .run = run, .object = G_OBJECT (thing), .certificate = gc_certificate_of (G_OBJECT (thing)), .n_refs = 1,
    .n_resurrections = model_chance (run, 4) ? 1 + model_pick (run, 2) : 0
  };
  g_weak_ref_init (&peer->weak, thing);
  model_node_of (run, id)->extra = peer;
  g_array_append_val (run->peers, id);
  run->n_containers++;
  if (!model_chance (run, 4))
    model_keep (run, m, id);
}

static void
drop (Run     *run,
      guint32  id)
{
  Peer *peer = peer_of (run, id);

  if (peer->n_refs == 0)
    return;
  peer->n_refs--;
  g_object_unref (peer->object);
}

/* One that nothing leads to, found by a weak reference of GObject's own. */
static void
find_again (Run     *run,
            guint32  id)
{
  Peer *peer = peer_of (run, id);
  GObject *object = peer->n_refs == 0 ? g_weak_ref_get (&peer->weak) : NULL;

  if (object == NULL)
    return;
  if (object != peer->object || peer->is_final)
    model_fail (run, "a weak reference leads to another GObject");
  peer->n_refs++;
  run->figures.found++;
  if (model_node_of (run, id)->seen != run->walk)
    model_walk (run);
}

static void
use (Run     *run,
     guint32  id)
{
  GcPeer *real = model_node_of (run, id)->address;
  Peer *peer = peer_of (run, id);
  guint i = model_pick (run, N_KEYS);

  if (model_chance (run, 3))
    {
      GObject *object = gc_peer_dup_object (real);

      if (object == NULL)
        return;
      if (object != peer->object)
        model_fail (run, "peer %u gives another GObject", id);
      peer->n_refs++;
    }
  else
    {
      guint32 other = model_chance (run, 2) ? model_any_of (run, &peer_kind) : 0;

      peer->data[i] = other != 0 ? other : model_chance (run, 4) ? 0 : model_any_word (run);
      gc_peer_set_data (real, keys[i], model_real (run, peer->data[i]));
    }
}

/* Hands a GObject to the arena once more. */
static void
adopt (Run        *run,
       GcMutation *m,
       guint32     id)
{
  Peer *peer = peer_of (run, id);

  if (peer->n_refs == 0)
    return;
  if (gc_peer_new (m, peer->object) != entry_of (run, peer)->peer)
    model_fail (run, "peer %u is another one", id);
}

/* Any, preferably one whose GObject is still there. */
static guint32
any_known (Run *run)
{
  guint32 id = 0;

  for (guint i = 0; i < 10 && (id == 0 || peer_of (run, id)->is_final); i++)
    id = g_array_index (run->peers, guint32, model_pick (run, run->peers->len));
  return id;
}

void
model_operate_peers (Run        *run,
                     GcMutation *m)
{
  guint what = model_pick (run, 20);
  guint32 known, id;

  if (run->peers->len == 0 || what < 4)
    {
      make_peer (run, m);
      return;
    }
  known = any_known (run);
  id = model_any_of (run, &peer_kind);
  if (what < 9)
    drop (run, known);
  else if (what < 11)
    find_again (run, known);
  else if (what < 12)
    adopt (run, m, known);
  else if (id != 0)
    use (run, id);
}
