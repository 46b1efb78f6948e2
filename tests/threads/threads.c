/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several threads: what each may do while another works in the same arena. */

#include "threads.h"

static guint64
next_random (guint64 *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

/* Work in an arena of the thread's own: a list, of which a part is alive. */
static void *
work_alone (void *data)
{
  guint64 state = GPOINTER_TO_SIZE (data);
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_rounds = scaled (400);
  guint64 sum = 0;

  for (guint round = 0; round < n_rounds; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        ThreadNode *list = gc_arena_get_root (arena);
        ThreadNode *node;

        for (guint i = 0; i < 100; i++)
          {
            ThreadNode *new_node = gc_new (m, ThreadNode);

            new_node->value = round * 100 + i;
            gc_set (new_node, left, list);
            gc_set (new_node, right, new_node);
            list = new_node;
          }
        /* Cuts it after as many nodes. */
        node = list;
        for (guint i = 0; i < 300 && node != NULL; i++)
          {
            g_assert_cmpuint (node->value, ==, round * 100 + 99 - i);
            sum += node->value;
            node = (ThreadNode *) node->left;
          }
        if (node != NULL)
          gc_set (node, left, NULL);
        gc_arena_set_root (arena, list);
      }
      if (next_random (&state) % 3 == 0)
        gc_arena_step_units (arena, 1 + next_random (&state) % 100);
    }
  {
    g_autoptr (GcStats) stats = NULL;

    gc_arena_collect (arena);
    stats = gc_arena_get_stats (arena);
    g_assert_cmpuint (stats->live_objects, ==, MIN (301, n_rounds * 100));
  }
  return GSIZE_TO_POINTER (sum);
}

static void
test_two_arenas (void)
{
  pthread_t threads[4];
  gpointer expected = work_alone (GSIZE_TO_POINTER (1));

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = start (work_alone, GSIZE_TO_POINTER (i + 2));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (join (threads[i]) == expected);
}

static void *
enter_later (void *data)
{
  Shared *shared = data;

  atomic_store (&shared->stage, 1);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (shared->arena);

    /* The other thread has left its scope. */
    g_assert_cmpint (atomic_load (&shared->stage), ==, 2);
    g_assert_cmpuint (gc_mutation_get_depth (m), ==, 1);
    g_assert_cmpuint (((ThreadNode *) gc_arena_get_root (shared->arena))->value, ==, 5);
    atomic_store (&shared->stage, 3);
  }
  return NULL;
}

/* A second thread waits until the first one's outermost scope ends, if that comes to no safe point. */
static void
test_second_waits (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  Shared shared = { .arena = arena };
  pthread_t thread;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    ThreadNode *node = gc_new (m, ThreadNode);

    gc_arena_set_root (arena, node);
    thread = start (enter_later, &shared);
    while (atomic_load (&shared.stage) == 0)
      g_usleep (100);
    g_usleep (20000);
    {
      g_autoptr (GcMutation) inner = gc_arena_begin (arena);

      g_assert_cmpuint (gc_mutation_get_depth (inner), ==, 2);
    }
    g_usleep (20000);
    g_assert_cmpint (atomic_load (&shared.stage), ==, 1);
    node->value = 5;
    atomic_store (&shared.stage, 2);
  }
  join (thread);
  g_assert_cmpint (shared.stage, ==, 3);
}

/* Threads take turns with the objects of one arena, and each takes a share in collecting it. */
static void *
take_turns (void *data)
{
  Shared *shared = data;
  guint n = scaled (3000);
  guint64 state = 88172645463325252 + (gsize) &state;

  for (guint i = 0; i < n; i++)
    {
      if (next_random (&state) % 8 == 0)
        gc_arena_step_units (shared->arena, 1 + next_random (&state) % 50);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (shared->arena);
        ThreadNode *root = gc_arena_get_root (shared->arena);
        ThreadFin *node = gc_new (m, ThreadFin);

        node->n_finalized = &shared->n_finalized;
        pthread_mutex_lock (&shared->lock);
        gc_set (&node->parent_instance, left, root->left);
        gc_set (&node->parent_instance, right, root->right);
        if (next_random (&state) % 2 == 0)
          gc_set (root, left, node);
        else
          gc_set (root, right, node);
        if (next_random (&state) % 16 == 0)
          {
            gc_set (root, left, NULL);
            gc_set (root, right, NULL);
          }
        root->value++;
        pthread_mutex_unlock (&shared->lock);
      }
    }
  return GUINT_TO_POINTER (n);
}

static void
test_take_turns (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  Shared shared = { .arena = arena, .lock = PTHREAD_MUTEX_INITIALIZER };
  pthread_t threads[4];
  guint n = 0;

  /* Finalizers and collection move between the threads. */
  pacing->min_sleep = 20000;
  gc_arena_set_pacing (arena, pacing);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, gc_new (m, ThreadNode));
  }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = start (take_turns, &shared);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    n += GPOINTER_TO_UINT (join (threads[i]));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_cmpuint (((ThreadNode *) gc_arena_get_root (arena))->value, ==, n);
  }
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_assert_cmpuint (atomic_load (&shared.n_finalized), ==, n);
}

#define N_HAMMERED 64

typedef struct
{
  gpointer    objects[N_HAMMERED];
  atomic_bool is_over;
  atomic_uint n_done;
} Hammer;

/* What wrappers of a language do, on any thread: take references to what they have
 * one to, look at it, and drop them. */
static void *
hammer (void *data)
{
  Hammer *self = data;
  guint64 state = 0x9E3779B97F4A7C15 ^ (gsize) &state;
  gpointer held[16] = { NULL };
  guint n = 0;

  /* At least so many, if the owner is done before this thread had a turn. */
  while (n < 500 || !atomic_load_explicit (&self->is_over, memory_order_relaxed))
    {
      guint64 x = next_random (&state);
      gpointer *place = &held[x % G_N_ELEMENTS (held)];

      if (*place != NULL)
        {
          g_assert_cmphex (((ThreadNode *) *place)->value, ==, 0x1234);
          gc_object_unref (*place);
        }
      *place = x & 0x100 ? gc_object_ref (self->objects[(x >> 16) % N_HAMMERED]) : NULL;
      n++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (held); i++)
    if (held[i] != NULL)
      gc_object_unref (held[i]);
  atomic_fetch_add (&self->n_done, n);
  return NULL;
}

static void
hammer_arena (GcZeal zeal,
              guint  n_threads,
              guint  n_rounds)
{
  GcArena *arena = gc_arena_new ();
  Hammer self = { 0 };
  atomic_uint n_finalized = 0;
  pthread_t threads[8];

  gc_arena_set_zeal (arena, zeal);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < N_HAMMERED; i++)
      {
        ThreadFin *object = gc_new (m, ThreadFin);

        object->n_finalized = &n_finalized;
        object->parent_instance.value = 0x1234;
        self.objects[i] = gc_object_ref (object);
      }
  }
  for (guint i = 0; i < n_threads; i++)
    threads[i] = start (hammer, &self);

  for (guint round = 0; round < n_rounds; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        ThreadNode *list = NULL;

        for (guint i = 0; i < 50; i++)
          {
            ThreadNode *node = gc_new (m, ThreadNode);

            gc_set (node, left, list);
            gc_set (node, right, self.objects[(round + i) % N_HAMMERED]);
            list = node;
          }
        gc_set ((ThreadNode *) self.objects[round % N_HAMMERED], left, list);
      }
      gc_arena_step_units (arena, 1 + round % 70);
      if (round % 50 == 49)
        gc_arena_collect (arena);
    }

  atomic_store (&self.is_over, TRUE);
  for (guint i = 0; i < n_threads; i++)
    join (threads[i]);
  {
    g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

    g_assert_cmpuint (stats->n_external_refs, ==, N_HAMMERED);
  }
  g_assert_cmpuint (n_finalized, ==, 0);
  for (guint i = 0; i < N_HAMMERED; i++)
    gc_object_unref (self.objects[i]);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, N_HAMMERED);
  {
    g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

    g_assert_cmpuint (stats->n_external_refs, ==, 0);
    g_assert_cmpuint (stats->live_objects, ==, 0);
  }
  g_object_unref (arena);
  g_test_message ("%u threads took and dropped %u references", n_threads, atomic_load (&self.n_done));
}

static void
test_hammer (void)
{
  hammer_arena (GC_ZEAL_NONE, 4, scaled (3000));
  hammer_arena (GC_ZEAL_NONE, 8, scaled (1000));
}

static void
test_hammer_checked (void)
{
  hammer_arena (GC_ZEAL_VERIFY | GC_ZEAL_SHADOW_SLOTS, 4, scaled (300));
}

/* Referenced objects stay where they are, whoever moves the others. */
static void
test_hammer_relocated (void)
{
  hammer_arena (GC_ZEAL_RELOCATE, 4, scaled (150));
}

typedef struct
{
  GcArena    *arena;
  gpointer    object;
  guint       n;
} Wrappers;

static void *
wrap (void *data)
{
  Wrappers *self = data;

  for (guint i = 0; i < self->n; i++)
    {
      gpointer wrapper = gc_object_ref (self->object);

      gc_object_unref (wrapper);
    }
  return NULL;
}

/* A million references taken and dropped, some by threads, all by the book. */
static void
test_wrappers (void)
{
  GcArena *arena = gc_arena_new ();
  Wrappers self = { arena, NULL, scaled (1000000) / 4 };
  gint64 before = g_get_monotonic_time ();
  pthread_t threads[3];

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    self.object = gc_object_ref (gc_new (m, ThreadNode));
  }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = start (wrap, &self);
  wrap (&self);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    join (threads[i]);
  g_test_message ("%.1f ns for each reference taken and dropped",
                  (g_get_monotonic_time () - before) * 1e3 / (4.0 * self.n));

  gc_object_unref (self.object);
  g_object_add_weak_pointer (G_OBJECT (arena), (gpointer *) &arena);
  g_object_unref (arena);
  g_assert_null (arena);
}

/* First references, from 0 to 1 and back, inside of scopes. */
static void
test_many_objects (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n = scaled (20000);
  g_autofree gpointer *held = g_new0 (gpointer, n);
  g_autoptr (GcStats) stats = NULL;

  for (guint round = 0; round < 3; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (guint i = 0; i < n; i++)
          {
            ThreadNode *node = gc_new (m, ThreadNode);

            node->value = i;
            held[i] = gc_object_ref (node);
          }
      }
      gc_arena_collect (arena);
      for (guint i = 0; i < n; i++)
        g_assert_cmpuint (((ThreadNode *) held[i])->value, ==, i);
      for (guint i = 0; i < n; i++)
        gc_object_unref (held[(i * 7919ull) % n]);
    }
  gc_arena_collect (arena);
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->live_objects, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/threads/two-arenas", test_two_arenas);
  g_test_add_func ("/threads/second-waits", test_second_waits);
  g_test_add_func ("/threads/take-turns", test_take_turns);
  g_test_add_func ("/threads/hammer/plain", test_hammer);
  g_test_add_func ("/threads/hammer/checked", test_hammer_checked);
  g_test_add_func ("/threads/hammer/relocated", test_hammer_relocated);
  g_test_add_func ("/threads/wrappers", test_wrappers);
  g_test_add_func ("/threads/many-objects", test_many_objects);
  return g_test_run ();
}
