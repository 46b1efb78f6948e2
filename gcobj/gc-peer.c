/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-peer-private.h"

/**
 * SECTION:gc-peer
 * @Title: GcPeer
 * @Short_description: A GObject's place in an arena
 *
 * |[<!-- language="C" -->
 * GcPeer *peer = gc_peer_new (m, G_OBJECT (widget));      // keeps the widget
 *
 * gc_peer_set_data (peer, "model", model);                // the widget leads to the model
 * demo_model_set_view (model, peer);                      // the model leads to the widget
 * ]|
 *
 * A peer is the object that stands for a #GObject in an arena: whatever leads to the peer
 * keeps the GObject. What the GObject in its turn leads to in the arena is data of its peer, or of its closures
 * (gc_closure_new()), never an external reference: then cycles through both worlds are
 * reclaimed.
 *
 * A peer is a root while somebody else has a reference to its GObject, which the collector sees by
 * the reference count being more than one. When nothing else leads to the peer either, its reference is
 * dropped once the collection is over. The peer, and all that it leads to, stay whole for that cycle, so that
 * the GObject can use them in its dispose(), and go in the next.
 *
 * There is one peer for a GObject in an arena: gc_peer_new() gives the one that is there.
 *
 * # When a GObject is kept even so
 *
 * A GObject that was resurrected in its dispose() is somebody else's from then on: the peer
 * has no reference to it, and stays with its data until the GObject is finalized, or
 * given to gc_peer_new() again.
 *
 * References that one GObject has to another are nothing that the collector sees. If a window holds a button and both
 * have peers, the button's peer is a root, and what that leads to is kept; see
 * [Living with GObjects][living-with-gobjects].
 *
 * # Threads
 *
 * Any thread may take and drop references to the GObject at any time. The peer is used
 * inside of scopes, as any object is. Its last reference is dropped where the arena is attached
 * (gc_arena_attach()), else by the thread that collects, outside of scopes, or where
 * gc_peer_set_main_context() says.
 */

/**
 * GcPeer: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * Stands for a GObject in an arena. Its structure is private.
 *
 * Since: 0.1
 */

typedef struct
{
  GcObjectClass parent_class;
} GcPeerClass;

GC_DECLARE_CLASS_ (GcPeer, gc_peer)
GC_DEFINE_TYPE (GcPeer, gc_peer, GC_TYPE_OBJECT,
                GC_FIELD (GcPeer, data)
                GC_FIELD (GcPeer, slots))

static GcPeerEntry *
entry_of (GcPeer *self)
{
  return gc_peers_get (gc_arena_of (self)->peers, self->number);
}

/* Inside a scope: whether the entry's peer has a reference; from now on it is not one that is about to be
 * dropped. */
static gboolean
has_object (GcPeerEntry *entry)
{
  if (entry->state == GC_PEER_CONDEMNED)
    entry->state = GC_PEER_HELD;
  return entry->state == GC_PEER_HELD;
}

/**
 * gc_peer_new:
 * @m: a mutation
 * @object: a GObject
 *
 * Gives the peer of @object, which is made if there is none. It takes a reference, a floating one if
 * there is one. An arena can't be its own peer.
 *
 * Returns: (transfer none): the peer, unowned; %NULL, with a critical warning, if @m
 *   is finished
 *
 * Since: 0.1
 */
GcPeer *
gc_peer_new (GcMutation *m,
             GObject    *object)
{
  GcArena *arena = gc_check_mutation (m, NULL);
  GcCertificate *certificate;
  GcPeerEntry *entry;
  GcPeers *peers;
  GObject *held;
  GcScope scope;
  GcPeer *peer;

  g_return_val_if_fail (arena != NULL, NULL);
  g_return_val_if_fail (!gc_arena_is_finalizing (), NULL);
  g_return_val_if_fail (G_IS_OBJECT (object), NULL);
  g_return_val_if_fail (g_atomic_int_get ((gint *) &object->ref_count) > 0, NULL);
  g_return_val_if_fail ((gpointer) object != (gpointer) arena, NULL);

  certificate = gc_certificate_of (object);
  gc_heap_lock (&arena->heap);
  peers = gc_peers_ensure (arena);
  entry = gc_peers_find (peers, certificate);
  peer = entry != NULL && has_object (entry) ? entry->peer : NULL;
  gc_heap_unlock (&arena->heap);
  if (peer != NULL)
    {
      gc_certificate_unref (certificate);
      return peer;
    }

  /* May call a toggle notify. */
  held = g_object_ref_sink (object);
  gc_scope_enter (&scope, arena);
  entry = gc_peers_find (peers, certificate);
  if (entry == NULL)
    entry = gc_peers_add (peers, gc_new (m, GcPeer), gc_certificate_ref (certificate));
  peer = entry->peer;
  if (entry->object == NULL)
    {
      entry->state = GC_PEER_HELD;
      entry->object = g_steal_pointer (&held);
    }
  gc_scope_leave (&scope);
  gc_certificate_unref (certificate);
  if (held != NULL)
    g_object_unref (held);
  return peer;
}

/**
 * gc_peer_get_object: (skip)
 * @self: a peer
 *
 * Gives the GObject, inside a scope; it is kept at least until the scope ends.
 *
 * Returns: (transfer none) (nullable): the GObject, or %NULL if the peer has no reference to it: it is
 *   finalized, is about to be, or was resurrected by its dispose()
 *
 * Since: 0.1
 */
GObject *
gc_peer_get_object (GcPeer *self)
{
  GcPeerEntry *entry;
  GObject *object;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_PEER), NULL);
  g_return_val_if_fail (gc_object_can_read_ (self), NULL);

  gc_heap_lock (gc_slab_of (self)->heap);
  entry = entry_of (self);
  object = has_object (entry) ? entry->object : NULL;
  gc_heap_unlock (gc_slab_of (self)->heap);
  return object;
}

/**
 * gc_peer_dup_object: (rename-to gc_peer_get_object)
 * @self: a peer
 *
 * Gives a reference to the GObject.
 *
 * Returns: (transfer full) (nullable): the GObject, or %NULL if the peer has no reference to it: it is
 *   finalized, is about to be, or was resurrected by its dispose()
 *
 * Since: 0.1
 */
GObject *
gc_peer_dup_object (GcPeer *self)
{
  GObject *object = NULL;
  GcPeerEntry *entry;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_PEER), NULL);
  g_return_val_if_fail (!gc_arena_is_finalizing (), NULL);

  gc_scope_enter (&scope, gc_arena_of (self));
  entry = entry_of (self);
  if (has_object (entry))
    object = g_object_ref (entry->object);
  gc_scope_leave (&scope);
  return object;
}

/**
 * gc_peer_is_alive:
 * @self: a peer
 *
 * Whether the GObject exists. gc_peer_get_object() may give %NULL even so.
 *
 * Returns: %FALSE once the GObject is finalized
 *
 * Since: 0.1
 */
gboolean
gc_peer_is_alive (GcPeer *self)
{
  GcPeerEntry *entry;
  gboolean is_alive;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_PEER), FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);

  gc_scope_enter (&scope, gc_arena_of (self));
  entry = entry_of (self);
  is_alive = entry->state != GC_PEER_GONE && !gc_certificate_is_gone (entry->certificate);
  gc_scope_leave (&scope);
  return is_alive;
}

/* The place of a key in the pairs, or of the first free pair, or the end. */
static gsize
find_pair (GcPeer   *self,
           gpointer  key)
{
  gsize n = self->data != NULL ? self->data->n : 0;
  gsize i;

  for (i = 0; i < n && self->data->items[i] != NULL; i += 2)
    if ((gpointer) self->data->items[i] == key)
      return i;
  return i;
}

static gboolean
has_pair (GcPeer *self,
          gsize   i)
{
  return self->data != NULL && i < self->data->n && self->data->items[i] != NULL;
}

/* The last pair takes its place. */
static void
remove_pair (GcPeer *self,
             gsize   i)
{
  gsize last = find_pair (self, NULL) - 2;

  gc_slots_copy (self->data, i, &self->data->items[last], 2);
  gc_slots_clear (self->data, last, 2);
}

static void
grow_pairs (GcPeer     *self,
            GcMutation *m)
{
  gsize n = self->data != NULL ? self->data->n : 0;
  GcSlots *data = gc_slots_new (m, MAX (2, n * 2), NULL);

  if (n > 0)
    gc_slots_copy (data, 0, self->data->items, n);
  gc_set (self, data, data);
}

/**
 * gc_peer_set_data:
 * @self: a peer
 * @key: a name
 * @value: (type GcObj.Object) (nullable): an object of the peer's arena, or %NULL for none any more
 *
 * Has the GObject lead to @value: it is kept as long as the peer is. The name is interned
 * (g_intern_string()): a program has few of them.
 *
 * Since: 0.1
 */
void
gc_peer_set_data (GcPeer     *self,
                  const char *key,
                  gpointer    value)
{
  gpointer word;
  GcArena *arena;
  GcMutation *m;
  GcScope scope;
  gsize i;

  g_return_if_fail (gc_is_a (self, GC_TYPE_PEER));
  g_return_if_fail (!gc_arena_is_finalizing ());
  g_return_if_fail (key != NULL);
  arena = gc_arena_of (self);
  g_return_if_fail (!gc_is_ref (value) || gc_arena_of (value) == arena);

  word = gc_tag_int (g_quark_from_string (key));
  m = gc_scope_enter (&scope, arena);
  i = find_pair (self, word);
  if (value == NULL)
    {
      if (has_pair (self, i))
        remove_pair (self, i);
    }
  else
    {
      if (self->data == NULL || i >= self->data->n)
        grow_pairs (self, m);
      gc_slots_set (self->data, i, word);
      gc_slots_set (self->data, i + 1, value);
    }
  gc_scope_leave (&scope);
}

static gpointer
get_data (GcPeer     *self,
          const char *key)
{
  GQuark quark = g_quark_try_string (key);
  gsize i;

  if (quark == 0)
    return NULL;
  i = find_pair (self, gc_tag_int (quark));
  return has_pair (self, i) ? self->data->items[i + 1] : NULL;
}

/**
 * gc_peer_get_data: (skip)
 * @self: a peer
 * @key: a name
 *
 * Gives what gc_peer_set_data() stored, inside a scope.
 *
 * Returns: (transfer none) (nullable): the object, or %NULL
 *
 * Since: 0.1
 */
gpointer
gc_peer_get_data (GcPeer     *self,
                  const char *key)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_PEER), NULL);
  g_return_val_if_fail (gc_object_can_read_ (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return get_data (self, key);
}

/**
 * gc_peer_dup_data: (rename-to gc_peer_get_data)
 * @self: a peer
 * @key: a name
 *
 * Gives a new reference to what gc_peer_set_data() stored.
 *
 * Returns: (transfer full) (nullable): the object, or %NULL
 *
 * Since: 0.1
 */
GcObject *
gc_peer_dup_data (GcPeer     *self,
                  const char *key)
{
  gpointer value;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_PEER), NULL);
  g_return_val_if_fail (!gc_arena_is_finalizing (), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  gc_scope_enter (&scope, gc_arena_of (self));
  value = get_data (self, key);
  value = gc_is_ref (value) ? gc_object_ref (value) : NULL;
  gc_scope_leave (&scope);
  return value;
}

/**
 * gc_peer_set_main_context:
 * @self: a peer
 * @context: (nullable): a main context, or %NULL for the arena's
 *
 * Has the peer's reference dropped in @context, where the GObject belongs: for an arena that another thread
 * collects than the one that may use the GObject.
 *
 * Since: 0.1
 */
void
gc_peer_set_main_context (GcPeer       *self,
                          GMainContext *context)
{
  GMainContext *old;
  GcPeerEntry *entry;
  GcScope scope;

  g_return_if_fail (gc_is_a (self, GC_TYPE_PEER));
  g_return_if_fail (!gc_arena_is_finalizing ());

  gc_scope_enter (&scope, gc_arena_of (self));
  entry = entry_of (self);
  old = entry->context;
  entry->context = context != NULL ? g_main_context_ref (context) : NULL;
  gc_scope_leave (&scope);
  if (old != NULL)
    g_main_context_unref (old);
}

/**
 * gc_arena_get_n_peers:
 * @arena: an arena
 *
 * Gives how many GObjects have a peer in the arena. One that is finalized is counted until the
 * collector has noticed.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
guint
gc_arena_get_n_peers (GcArena *arena)
{
  GcScope scope;
  guint n;

  g_return_val_if_fail (GC_IS_ARENA (arena), 0);

  gc_scope_enter (&scope, arena);
  n = arena->peers != NULL ? ((GcPeers *) arena->peers)->n_alive : 0;
  gc_scope_leave (&scope);
  return n;
}
