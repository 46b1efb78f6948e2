/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which thread waits for which at a safe point: the one that has few of them; and for how long. */

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-debug-private.h"
#include "threads.h"

#define N_WARM     4
#define N_ROUNDS   8
#define PATIENCE   (2 * G_USEC_PER_SEC)

typedef struct
{
  GcArena      *arena;
  atomic_size_t n_bytes;        /* that the thread with frequent safe points allocated */
  atomic_int    is_over;
  guint         n_late;
} Place;

static void *
be_frequent (void *data)
{
  Place *self = data;
  g_autoptr (GcMutation) m = gc_arena_begin (self->arena);

  while (!atomic_load (&self->is_over))
    {
      for (guint i = 0; i < 100; i++)
        gc_new (m, ThreadNode);
      atomic_fetch_add (&self->n_bytes, 100 * sizeof (ThreadNode));
      gc_mutation_safepoint (m);
    }
  return NULL;
}

/* Whether the other one allocates so much meanwhile. */
static gboolean
wait_for_bytes (Place *self,
                gsize  n)
{
  gsize end = atomic_load (&self->n_bytes) + n;
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  while (atomic_load (&self->n_bytes) < end)
    {
      if (g_get_monotonic_time () > deadline)
        return FALSE;
      g_usleep (100);
    }
  return TRUE;
}

static void *
be_rare (void *data)
{
  Place *self = data;
  g_autoptr (GcMutation) m = gc_arena_begin (self->arena);

  for (guint i = 0; i < N_WARM; i++)
    {
      g_usleep (10 * 1000);
      gc_mutation_safepoint (m);
    }
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      self->n_late += !wait_for_bytes (self, 2 * GC_NURSERY);
      gc_mutation_safepoint (m);
    }
  return NULL;
}

/* A thread with frequent safe points goes on until one with rare ones is at its next, beyond what makes a collection due. */
static void
test_goes_on (void)
{
  Place self = { .arena = gc_arena_new () };
  g_autoptr (GcStats) stats = NULL;
  pthread_t frequent, rare;

  gc_arena_collect (self.arena);        /* generations are on from here */
  frequent = start (be_frequent, &self);
  rare = start (be_rare, &self);
  join (rare);
  atomic_store (&self.is_over, 1);
  join (frequent);
  g_test_message ("%u of %u rounds were late", self.n_late, N_ROUNDS);
  g_assert_cmpuint (self.n_late, <, N_ROUNDS / 2);

  stats = gc_arena_get_stats (self.arena);
  g_assert_cmpuint (stats->n_minor_cycles, >, 0);
  g_object_unref (self.arena);
}

/* But not without end: what is in the nursery is bounded, and it waits then. */
static void *
be_silent (void *data)
{
  Place *self = data;
  g_autoptr (GcMutation) m = gc_arena_begin (self->arena);

  for (guint i = 0; i < N_WARM; i++)
    {
      g_usleep (10 * 1000);
      gc_mutation_safepoint (m);
    }
  self->n_late = wait_for_bytes (self, 8 * GC_NURSERY);
  return NULL;
}

static void
test_waits (void)
{
  Place self = { .arena = gc_arena_new () };
  pthread_t frequent, silent;

  gc_arena_collect (self.arena);
  frequent = start (be_frequent, &self);
  silent = start (be_silent, &self);
  join (silent);
  atomic_store (&self.is_over, 1);
  join (frequent);
  g_assert_false (self.n_late);
  g_object_unref (self.arena);
}

typedef struct
{
  GcArena   *arena;
  atomic_int stage;
} Waiting;

static void *
wait_for_others (void *data)
{
  Waiting *self = data;

  pthread_mutex_lock (&self->arena->hold);
  atomic_store (&self->stage, 1);
  gc_debug_wait_for_others (self->arena);
  pthread_mutex_unlock (&self->arena->hold);
  atomic_store (&self->stage, 2);
  return NULL;
}

/* With GCOBJ_DEBUG=waits: what changes when a second is over, but the mutex is somebody else's, is not waited for once more. */
static void
test_debug_wait (void)
{
  Waiting self = { .arena = gc_arena_new () };
  pthread_t waiting = start (wait_for_others, &self);

  while (atomic_load (&self.stage) < 1)
    g_usleep (100);
  pthread_mutex_lock (&self.arena->hold);       /* it waits */
  g_usleep (1200 * 1000);
  __atomic_add_fetch (&self.arena->n_changes, 1, __ATOMIC_RELAXED);
  pthread_cond_broadcast (&self.arena->changed);
  pthread_mutex_unlock (&self.arena->hold);
  for (guint i = 0; i < 10000 && atomic_load (&self.stage) < 2; i++)
    g_usleep (1000);
  g_assert_cmpint (atomic_load (&self.stage), ==, 2);
  join (waiting);
  g_object_unref (self.arena);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/precedence/goes-on", test_goes_on);
  g_test_add_func ("/precedence/waits", test_waits);
  g_test_add_func ("/precedence/debug-wait", test_debug_wait);
  return g_test_run ();
}
