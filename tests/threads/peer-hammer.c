/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Threads that take and drop references to GObjects while their peers are collected. */

#include "gcobj/gc-peer-private.h"
#include "threads.h"

#define N_THREADS 4
#define N_ROUNDS  40

typedef struct
{
  GWeakRef     weak;
  atomic_uint *n_finalized;
  atomic_bool  is_over;
} Target;

static void
count (gpointer  data,
       GObject  *where)
{
  atomic_fetch_add ((atomic_uint *) data, 1);
  (void) where;
}

static void *
hammer (void *data)
{
  Target *target = data;

  for (guint i = 0; i < 100000 && !atomic_load (&target->is_over); i++)
    {
      GObject *object = g_weak_ref_get (&target->weak);

      if (object == NULL)
        break;
      if (i % 64 == 0)
        g_thread_yield ();
      g_object_unref (object);
    }
  return NULL;
}

static void
check_valid (GcArena *arena)
{
  g_autoptr (GError) error = NULL;

  gc_arena_take_hold (arena);
  gc_peers_is_valid (arena, &error);
  gc_arena_release_hold (arena);
  g_assert_no_error (error);
}

/* What leads from one to the next has to keep its own: a peer that is found alive has had its slots
 * all the time. */
static void
check_slots (GcArena *arena,
             GObject *object,
             guint    i)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GcPeer *peer = gc_peer_new (m, object);
  ThreadNode *node = gc_peer_get_data (peer, "node");

  g_assert_nonnull (node);
  g_assert_cmpuint (node->value, ==, i);
  g_assert_true (node->left == (GcObject *) peer);
}

static void
run (guint    round,
     gboolean is_attached)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GcArena) arena = gc_arena_new ();
  Target targets[N_THREADS];
  pthread_t threads[N_THREADS];
  atomic_uint n_finalized = 0;
  g_autoptr (GcPeer) kept = NULL;
  g_autoptr (GcStats) stats = NULL;

  if (is_attached)
    gc_arena_attach (arena, context);
  for (guint i = 0; i < N_THREADS; i++)
    {
      GObject *object = g_object_new (G_TYPE_OBJECT, NULL);

      g_object_weak_ref (object, count, &n_finalized);
      g_weak_ref_init (&targets[i].weak, object);
      atomic_init (&targets[i].is_over, FALSE);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcPeer *peer = gc_peer_new (m, object);
        ThreadNode *node = gc_new (m, ThreadNode);

        node->value = i;
        gc_set (node, left, peer);
        gc_peer_set_data (peer, "node", node);
        if (i == 0)
          kept = gc_object_ref (peer);
      }
      threads[i] = start (hammer, &targets[i]);
      g_object_unref (object);
    }
  for (guint i = 0; i < scaled (300); i++)
    {
      if (i % 2 == 0)
        gc_arena_collect (arena);
      else
        gc_arena_step_units (arena, 1 + (round + i) % 7);
      if (is_attached)
        g_main_context_iteration (context, FALSE);
      if (i % 16 == 0)
        for (guint k = 0; k < N_THREADS; k++)
          {
            GObject *object = g_weak_ref_get (&targets[k].weak);

            if (object == NULL)
              continue;
            check_slots (arena, object, k);
            g_object_unref (object);
          }
      check_valid (arena);
    }
  for (guint i = 0; i < N_THREADS; i++)
    {
      atomic_store (&targets[i].is_over, TRUE);
      join (threads[i]);
    }
  for (guint i = 0; i < 3; i++)
    {
      gc_arena_collect (arena);
      while (is_attached && g_main_context_iteration (context, FALSE))
        ;
    }
  g_assert_cmpuint (n_finalized, ==, N_THREADS - 1);
  g_assert_cmpuint (gc_arena_get_n_peers (arena), ==, 1);
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->live_objects, ==, 3);
  for (guint i = 0; i < N_THREADS; i++)
    g_weak_ref_clear (&targets[i].weak);
}

static void
test_hammer (gconstpointer is_attached)
{
  for (guint round = 0; round < N_ROUNDS; round++)
    run (round, is_attached != NULL);
}

typedef struct
{
  GMainContext *context;
  GMainLoop    *loop;
  pthread_t     thread;
  atomic_uint   n_wrong, n_finalized;
} Home;

static void *
run_home (void *data)
{
  Home *home = data;

  g_main_loop_run (home->loop);
  return NULL;
}

static void
check_thread (gpointer  data,
              GObject  *where)
{
  Home *home = data;

  if (!pthread_equal (pthread_self (), home->thread))
    atomic_fetch_add (&home->n_wrong, 1);
  atomic_fetch_add (&home->n_finalized, 1);
  (void) where;
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/* GObjects that belong to another thread's main context are disposed of there. */
static void
test_home (void)
{
  Home home = { .context = g_main_context_new () };
  guint n = scaled (2000);

  home.loop = g_main_loop_new (home.context, FALSE);
  home.thread = start (run_home, &home);
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (GcArena) arena = gc_arena_new ();

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        GcPeer *last = NULL;

        for (guint i = 0; i < n; i++)
          {
            GObject *object = g_object_new (G_TYPE_OBJECT, NULL);
            GcPeer *peer = gc_peer_new (m, object);

            g_object_weak_ref (object, check_thread, &home);
            gc_peer_set_main_context (peer, home.context);
            gc_peer_set_data (peer, "last", last);
            g_object_unref (object);
            last = peer;
          }
        if (round == 1)
          gc_arena_set_root (arena, last);
      }
      gc_arena_collect (arena);
      if (round == 0)
        while (gc_arena_get_n_peers (arena) > 0)
          {
            g_usleep (100);
            gc_arena_step_units (arena, 10);
          }
      check_valid (arena);
    }
  /* Those of the arena that ended are on their way. */
  {
    GSource *source = g_timeout_source_new (0);

    g_source_set_priority (source, G_PRIORITY_LOW);
    g_source_set_callback (source, quit, home.loop, NULL);
    g_source_attach (source, home.context);
    g_source_unref (source);
  }
  join (home.thread);
  g_assert_cmpuint (home.n_finalized, ==, 2 * n);
  g_assert_cmpuint (home.n_wrong, ==, 0);
  g_main_loop_unref (home.loop);
  g_main_context_unref (home.context);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/threads/peer/hammer", NULL, test_hammer);
  g_test_add_data_func ("/threads/peer/hammer-attached", GINT_TO_POINTER (1), test_hammer);
  g_test_add_func ("/threads/peer/home", test_home);

  return g_test_run ();
}
