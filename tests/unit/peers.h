/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the tests of peers share: a GObject that counts its end and can resurrect itself. */

#include <gio/gio.h>
#include "demo.h"
#include "gcobj/gc-peer-private.h"

#define TEST_TYPE_THING (test_thing_get_type ())
G_DECLARE_FINAL_TYPE (TestThing, test_thing, TEST, THING, GObject)

struct _TestThing
{
  GObject    parent_instance;
  TestThing *other;             /* a reference that no collector sees */
  TestThing **savior;           /* where dispose puts a reference to itself, once */
  void     (*on_dispose) (TestThing *self);
};

static gint n_things;           /* atomic */
static gint n_disposed;

G_DEFINE_FINAL_TYPE (TestThing, test_thing, G_TYPE_OBJECT)

static void
test_thing_init (TestThing *self)
{
  (void) self;
  g_atomic_int_inc (&n_things);
}

static void
test_thing_dispose (GObject *object)
{
  TestThing *self = TEST_THING (object);

  n_disposed++;
  if (self->savior != NULL)
    {
      *self->savior = g_object_ref (self);
      self->savior = NULL;
    }
  if (self->on_dispose != NULL)
    self->on_dispose (self);
  g_clear_object (&self->other);
  G_OBJECT_CLASS (test_thing_parent_class)->dispose (object);
}

static void
test_thing_finalize (GObject *object)
{
  g_atomic_int_add (&n_things, -1);
  G_OBJECT_CLASS (test_thing_parent_class)->finalize (object);
}

static void
test_thing_class_init (TestThingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = test_thing_dispose;
  G_OBJECT_CLASS (klass)->finalize = test_thing_finalize;
  g_signal_new ("poked", TEST_TYPE_THING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  g_signal_new ("asked", TEST_TYPE_THING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_INT, 2, G_TYPE_INT,
                G_TYPE_STRING);
}

static inline TestThing *
thing_new (void)
{
  return g_object_new (TEST_TYPE_THING, NULL);
}

static inline guint64
live_objects (GcArena *arena)
{
  g_autoptr (GcStats) stats = NULL;

  gc_arena_collect (arena);
  stats = gc_arena_get_stats (arena);
  return stats->live_objects;
}

static inline void
check_valid (GcArena *arena)
{
  g_autoptr (GError) error = NULL;
  gboolean ok;

  gc_arena_take_hold (arena);
  ok = gc_peers_is_valid (arena, &error);
  gc_arena_release_hold (arena);
  g_assert_no_error (error);
  g_assert_true (ok);
}

static inline GcPeerState
state_of (GcPeer *peer)
{
  GcArena *arena = gc_arena_of (peer);
  GcPeerState state;
  GcScope scope;

  gc_scope_enter (&scope, arena);
  state = gc_peers_get (arena->peers, peer->number)->state;
  gc_scope_leave (&scope);
  return state;
}

/* A peer with a node that leads back to it: a cycle through @thing, whose reference is the caller's. */
static inline GcPeer *
make_cycle (GcMutation *m,
            TestThing  *thing,
            guint      *n_finalized)
{
  GcPeer *peer = gc_peer_new (m, G_OBJECT (thing));
  DemoNode *node = demo_watch_new (m, n_finalized);

  gc_set (node, any, peer);
  gc_peer_set_data (peer, "node", node);
  return peer;
}
