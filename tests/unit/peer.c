/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Peers: every way from one state to another. */

#include "peers.h"

static void
test_cycle (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  TestThing *thing = thing_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcPeer *peer = make_cycle (m, thing, &n_finalized);

    g_assert_true (gc_peer_get_object (peer) == G_OBJECT (thing));
    g_assert_true (gc_peer_new (m, G_OBJECT (thing)) == peer);
    g_assert_true (gc_peer_is_alive (peer));
    g_assert_cmpint (G_OBJECT (thing)->ref_count, ==, 2);
  }
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (live_objects (arena), ==, 3);     /* with the pairs */
  g_assert_cmpuint (gc_arena_get_n_peers (arena), ==, 1);
  check_valid (arena);

  g_object_unref (thing);
  gc_arena_collect (arena);
  g_assert_cmpint (n_things, ==, 0);
  g_assert_cmpuint (gc_arena_get_n_peers (arena), ==, 0);
  g_assert_cmpuint (n_finalized, ==, 0);                /* one cycle later */
  check_valid (arena);
  g_assert_cmpuint (live_objects (arena), ==, 0);
  g_assert_cmpuint (n_finalized, ==, 1);
  check_valid (arena);
  g_assert_true (gc_arena_verify (arena, NULL));
}

/* What the arena leads to is kept, whoever else has it. */
static void
test_kept_by_arena (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  TestThing *thing = thing_new ();
  GcPeer *peer;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    peer = gc_peer_new (m, G_OBJECT (thing));
    gc_arena_set_root (arena, peer);
  }
  g_object_unref (thing);
  for (guint i = 0; i < 3; i++)
    gc_arena_collect (arena);
  g_assert_cmpint (n_things, ==, 1);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    g_autoptr (GObject) object = NULL;

    peer = gc_arena_get_root (arena);
    object = gc_peer_dup_object (peer);
    g_assert_true (object == G_OBJECT (thing));
    gc_arena_set_root (arena, NULL);
    gc_object_ref (peer);
  }
  gc_arena_collect (arena);
  g_assert_cmpint (n_things, ==, 1);
  gc_object_unref (peer);
  gc_arena_collect (arena);
  g_assert_cmpint (n_things, ==, 0);
  g_assert_cmpuint (live_objects (arena), ==, 0);
}

/* A row of peers, each leading to the next, goes in one cycle. */
static void
test_chain (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcPeer *next = NULL;

    for (guint i = 0; i < 1000; i++)
      {
        g_autoptr (TestThing) thing = thing_new ();
        GcPeer *peer = gc_peer_new (m, G_OBJECT (thing));

        gc_peer_set_data (peer, "next", next);
        next = peer;
      }
  }
  gc_arena_collect (arena);
  g_assert_cmpint (n_things, ==, 0);
  g_assert_cmpuint (live_objects (arena), ==, 0);
  check_valid (arena);
}

static void
test_data (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (TestThing) thing = thing_new ();
  static const char *const keys[] = { "a", "b", "c", "d", "e" };

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcPeer *peer = gc_peer_new (m, G_OBJECT (thing));

    g_assert_null (gc_peer_get_data (peer, "a key that is used nowhere else"));
    g_assert_null (gc_peer_dup_data (peer, "a"));
    gc_peer_set_data (peer, "a", NULL);
    for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
      gc_peer_set_data (peer, keys[i], gc_string_new (m, keys[i]));
    gc_peer_set_data (peer, "b", NULL);
    gc_peer_set_data (peer, "e", NULL);
    gc_peer_set_data (peer, "a", gc_string_new (m, "other"));
  }
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcPeer *peer = gc_peer_new (m, G_OBJECT (thing));
    g_autoptr (GcObject) c = gc_peer_dup_data (peer, "c");

    g_assert_cmpstr (gc_string_get_text (gc_peer_get_data (peer, "a")), ==, "other");
    g_assert_null (gc_peer_get_data (peer, "b"));
    g_assert_cmpstr (gc_string_get_text ((GcString *) c), ==, "c");
    g_assert_cmpstr (gc_string_get_text (gc_peer_get_data (peer, "d")), ==, "d");
    g_assert_null (gc_peer_get_data (peer, "e"));
    gc_peer_set_data (peer, "number", gc_tag_int (5));
    g_assert_cmpint (gc_untag_int (gc_peer_get_data (peer, "number")), ==, 5);
    g_assert_null (gc_peer_dup_data (peer, "number"));
  }
}

static void
test_floating (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  GObject *object = g_object_new (G_TYPE_INITIALLY_UNOWNED, NULL);
  gpointer weak = object;

  g_object_add_weak_pointer (object, &weak);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_peer_new (m, object);
    g_assert_false (g_object_is_floating (object));
    g_assert_cmpint (object->ref_count, ==, 1);
  }
  gc_arena_collect (arena);
  g_assert_null (weak);
}

/* HELD, CONDEMNED, LETTING GO, RELEASED, GONE: dispose() resurrects. */
static void
test_resurrected (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  TestThing *thing = thing_new (), *saved = NULL;
  g_autoptr (GcWeakRef) weak = NULL;
  guint n_finalized = 0;

  thing->savior = &saved;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    weak = gc_object_ref (gc_weak_ref_new (m, make_cycle (m, thing, &n_finalized)));
  }
  g_object_unref (thing);
  gc_arena_collect (arena);
  g_assert_true (saved == thing);
  g_assert_cmpint (n_things, ==, 1);
  g_assert_cmpint (G_OBJECT (thing)->ref_count, ==, 1);
  for (guint i = 0; i < 3; i++)
    {
      GcPeer *peer;

      g_assert_cmpuint (live_objects (arena), ==, 4);
      check_valid (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        peer = gc_weak_ref_upgrade (weak);
        g_assert_nonnull (gc_peer_get_data (peer, "node"));
        g_assert_null (gc_peer_get_object (peer));
        g_assert_true (gc_peer_is_alive (peer));
        g_assert_cmpint (state_of (peer), ==, GC_PEER_RELEASED);
      }
    }
  g_assert_true (gc_arena_verify (arena, NULL));

  /* Somebody else's last reference. */
  g_object_unref (saved);
  g_assert_cmpint (n_things, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_false (gc_peer_is_alive (gc_weak_ref_upgrade (weak)));
  }
  g_assert_cmpuint (live_objects (arena), ==, 1);
  g_assert_cmpuint (n_finalized, ==, 1);
  check_valid (arena);
}

/* RELEASED to HELD: handed to the arena again. */
static void
test_adopted_again (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  TestThing *thing = thing_new (), *saved = NULL;
  guint n_finalized = 0;

  thing->savior = &saved;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    make_cycle (m, thing, &n_finalized);
  }
  g_object_unref (thing);
  gc_arena_collect (arena);
  g_assert_true (saved == thing);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcPeer *peer = gc_peer_new (m, G_OBJECT (thing));

    g_assert_true (gc_peer_get_object (peer) == G_OBJECT (thing));
    g_assert_nonnull (gc_peer_get_data (peer, "node"));
    g_assert_cmpint (G_OBJECT (thing)->ref_count, ==, 2);
  }
  g_object_unref (saved);
  g_assert_cmpint (n_things, ==, 1);
  gc_arena_collect (arena);
  g_assert_cmpint (n_things, ==, 0);
  g_assert_cmpuint (live_objects (arena), ==, 0);
  g_assert_cmpuint (n_finalized, ==, 1);
}

static GcArena *the_arena;
static guint n_seen;

static void
adopt_in_dispose (TestThing *self)
{
  g_autoptr (GcMutation) m = gc_arena_begin (the_arena);
  GcPeer *peer = gc_peer_new (m, G_OBJECT (self));

  self->on_dispose = NULL;
  g_assert_true (gc_peer_get_object (peer) == G_OBJECT (self));
  gc_arena_set_root (the_arena, peer);
}

/* LETTING GO to HELD. */
static void
test_adopted_in_dispose (void)
{
  g_autoptr (GcArena) arena = the_arena = gc_arena_new ();
  TestThing *thing = thing_new ();

  thing->on_dispose = adopt_in_dispose;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    make_cycle (m, thing, NULL);
  }
  g_object_unref (thing);
  for (guint i = 0; i < 3; i++)
    gc_arena_collect (arena);
  g_assert_cmpint (n_things, ==, 1);
  g_assert_cmpint (G_OBJECT (thing)->ref_count, ==, 1);
  check_valid (arena);
  gc_arena_set_root (arena, NULL);
  g_assert_cmpuint (live_objects (arena), ==, 3);
  g_assert_cmpint (n_things, ==, 0);
  g_assert_cmpuint (live_objects (arena), ==, 0);
}

static void
look_in_dispose (TestThing *self)
{
  g_autoptr (GcMutation) m = gc_arena_begin (the_arena);
  DemoNode *node = gc_arena_get_root (the_arena);
  DemoNode *own;

  /* What led to the peer is whole. */
  own = gc_peer_get_data ((GcPeer *) node->weak.gc_weak_, "node");
  g_assert_true (DEMO_IS_NODE (own));
  g_assert_true ((gpointer) own->any == (gpointer) node->weak.gc_weak_);
  n_seen++;
  (void) self;
}

/* dispose() finds what the peer leads to, also if it was collected in small steps and much was
 * allocated since. */
static void
test_whole_in_dispose (void)
{
  g_autoptr (GcArena) arena = the_arena = gc_arena_new ();
  TestThing *thing = thing_new ();

  n_seen = 0;
  thing->on_dispose = look_in_dispose;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_new (m, DemoNode);

    gc_object_set_weak_slot (node, &node->weak, make_cycle (m, thing, NULL));
    gc_arena_set_root (arena, node);
  }
  g_object_unref (thing);
  for (guint i = 0; i < 3000 && n_seen == 0; i++)
    {
      gc_arena_step_units (arena, 1);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (guint k = 0; k < 100; k++)
          gc_new (m, DemoNode);
      }
      check_valid (arena);
    }
  g_assert_cmpuint (n_seen, ==, 1);
  g_assert_cmpint (n_things, ==, 0);
}

/* CONDEMNED to HELD: a program came back to it by a weak reference before it was let go of. */
static void
test_rescued (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();
  TestThing *thing = thing_new ();
  g_autoptr (GcWeakRef) weak = NULL;

  gc_arena_attach (arena, context);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    weak = gc_object_ref (gc_weak_ref_new (m, make_cycle (m, thing, NULL)));
  }
  g_object_unref (thing);
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcPeer *peer = gc_weak_ref_upgrade (weak);

    g_assert_cmpint (state_of (peer), ==, GC_PEER_CONDEMNED);
    g_assert_true (gc_peer_get_object (peer) == G_OBJECT (thing));
    g_assert_cmpint (state_of (peer), ==, GC_PEER_HELD);
  }
  check_valid (arena);
  /* Still in the list: it is not condemned again before it left that. */
  gc_arena_collect (arena);
  check_valid (arena);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_cmpint (n_things, ==, 1);
  check_valid (arena);
  gc_arena_collect (arena);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_cmpint (n_things, ==, 0);
  g_assert_cmpuint (live_objects (arena), ==, 1);
}

/* LETTING GO to HELD: somebody took a reference in the meantime. */
static void
test_referenced_meanwhile (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();
  TestThing *thing = thing_new ();
  guint n_finalized = 0;

  gc_arena_attach (arena, context);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    make_cycle (m, thing, &n_finalized);
  }
  g_object_unref (thing);
  gc_arena_collect (arena);
  g_object_ref (thing);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_cmpint (G_OBJECT (thing)->ref_count, ==, 2);
  g_assert_cmpuint (live_objects (arena), ==, 3);
  check_valid (arena);
  g_object_unref (thing);
  gc_arena_collect (arena);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_cmpint (n_things, ==, 0);
  g_assert_cmpuint (live_objects (arena), ==, 0);
  g_assert_cmpuint (n_finalized, ==, 1);
}

/* A reference that is taken while marking goes on keeps what the peer leads to, other peers
 * included: at each step once. */
static void
test_referenced_while_marking (void)
{
  guint n_trials = 0, n_kept = 0, n_steps = G_MAXUINT;

  for (guint at = 0; at < n_steps; at++)
    {
      g_autoptr (GcArena) arena = gc_arena_new ();
      TestThing *first = thing_new (), *second = thing_new ();
      gboolean is_certain;
      guint i;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcPeer *peer = gc_peer_new (m, G_OBJECT (first));

        for (guint k = 0; k < 20; k++)
          {
            DemoNode *node = gc_new (m, DemoNode);

            gc_set (node, left, gc_arena_get_root (arena));
            gc_arena_set_root (arena, node);
          }
        gc_peer_set_data (peer, "second", gc_peer_new (m, G_OBJECT (second)));
      }
      g_object_unref (first);
      g_object_unref (second);
      for (i = 0; i < at && !gc_arena_step_units (arena, 1); i++)
        ;
      if (i < at)
        n_steps = at;
      is_certain = arena->heap.state != GC_STATE_CLEARING && arena->heap.state != GC_STATE_SWEEPING &&
                   arena->heap.keeper->phase < GC_KEEPER_JUDGES;
      if (n_things == 2)
        {
          g_object_ref (first);
          n_kept += is_certain;
          gc_arena_finish_cycle (arena);
          check_valid (arena);
          n_trials += arena->heap.keeper->n_trials > 1;
          if (is_certain)
            g_assert_cmpint (n_things, ==, 2);
          g_object_unref (first);
        }
      gc_arena_collect (arena);
      g_assert_cmpint (n_things, ==, 0);
      g_assert_cmpuint (live_objects (arena), ==, 20);
    }
  g_assert_cmpuint (n_kept, >, 3);
  g_assert_cmpuint (n_trials, >, 0);
}

static void
test_two_arenas (void)
{
  g_autoptr (GcArena) one = gc_arena_new ();
  g_autoptr (GcArena) two = gc_arena_new ();
  TestThing *thing = thing_new ();
  GcArena *arenas[] = { one, two };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arenas[i]);

      gc_arena_set_root (arenas[i], make_cycle (m, thing, NULL));
    }
  g_assert_cmpint (G_OBJECT (thing)->ref_count, ==, 3);
  g_object_unref (thing);
  gc_arena_set_root (one, NULL);
  gc_arena_collect (one);
  gc_arena_collect (two);
  g_assert_cmpint (n_things, ==, 1);
  /* Each counts as external for the other until one of them ends. */
  gc_arena_set_root (two, NULL);
  gc_arena_collect (one);
  gc_arena_collect (two);
  g_assert_cmpint (n_things, ==, 1);
  g_clear_object (&two);
  g_assert_cmpint (n_things, ==, 1);
  gc_arena_collect (one);
  g_assert_cmpint (n_things, ==, 0);
}

static void
test_end_of_arena (void)
{
  GcArena *arena = gc_arena_new ();
  g_autoptr (TestThing) kept = thing_new ();
  TestThing *garbage = thing_new ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    make_cycle (m, kept, NULL);
    gc_arena_set_root (arena, make_cycle (m, garbage, NULL));
  }
  g_object_unref (garbage);
  g_object_unref (arena);
  g_assert_cmpint (n_things, ==, 1);
  g_assert_cmpint (G_OBJECT (kept)->ref_count, ==, 1);
}

/* A minor collection keeps peers, whatever their GObjects are. */
static void
test_minor (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  TestThing *thing = thing_new ();
  guint n_finalized = 0, n_minors = 0;
  g_autoptr (GcStats) stats = NULL;

  gc_arena_collect (arena);
  arena->heap.is_always_generational = TRUE;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    make_cycle (m, thing, &n_finalized);
  }
  g_object_unref (thing);
  for (guint i = 0; i < 100000 && n_minors < 3; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      for (guint k = 0; k < 100; k++)
        gc_new (m, DemoNode);
      n_minors = arena->heap.stats.n_minor_cycles;
    }
  g_assert_cmpuint (n_minors, ==, 3);
  g_assert_cmpint (n_things, ==, 1);
  g_assert_cmpuint (n_finalized, ==, 0);
  g_assert_cmpuint (((GcPeers *) arena->peers)->young, ==, 0);
  check_valid (arena);
  gc_arena_collect (arena);
  g_assert_cmpint (n_things, ==, 0);
  g_assert_cmpuint (live_objects (arena), ==, 0);
}

/* Many, in the time of a slice each, and freed entries are used again. */
static void
test_many (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n = 5000;

  for (guint round = 0; round < 3; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (guint i = 0; i < n; i++)
          {
            g_autoptr (TestThing) thing = thing_new ();

            make_cycle (m, thing, NULL);
          }
      }
      while (!gc_arena_step_units (arena, 100))
        ;
      check_valid (arena);
      /* What is condemned is released in slices of a fixed time, after a step each. */
      for (guint i = 0; i < n && n_things > 0; i++)
        gc_arena_step_units (arena, 1);
      g_assert_cmpint (n_things, ==, 0);
      g_assert_cmpuint (live_objects (arena), ==, 0);
      g_assert_cmpuint (((GcPeers *) arena->peers)->n, ==, n);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/peer/cycle", test_cycle);
  g_test_add_func ("/peer/kept-by-arena", test_kept_by_arena);
  g_test_add_func ("/peer/chain", test_chain);
  g_test_add_func ("/peer/data", test_data);
  g_test_add_func ("/peer/floating", test_floating);
  g_test_add_func ("/peer/resurrected", test_resurrected);
  g_test_add_func ("/peer/adopted-again", test_adopted_again);
  g_test_add_func ("/peer/adopted-in-dispose", test_adopted_in_dispose);
  g_test_add_func ("/peer/whole-in-dispose", test_whole_in_dispose);
  g_test_add_func ("/peer/rescued", test_rescued);
  g_test_add_func ("/peer/referenced-meanwhile", test_referenced_meanwhile);
  g_test_add_func ("/peer/referenced-while-marking", test_referenced_while_marking);
  g_test_add_func ("/peer/two-arenas", test_two_arenas);
  g_test_add_func ("/peer/end-of-arena", test_end_of_arena);
  g_test_add_func ("/peer/minor", test_minor);
  g_test_add_func ("/peer/many", test_many);

  return g_test_run ();
}
