/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several threads that have scopes of one arena at the same time. tests/model/mutators.c has the random part. */

#include "gcobj/gc-arena-private.h"
#include "threads.h"

typedef struct
{
  GcArena          *arena;
  atomic_int        stage;
  atomic_uint       n;
  pthread_barrier_t barrier;
  pthread_mutex_t   lock;
} Place;

static void
place_init (Place *self,
            guint  n_threads)
{
  *self = (Place) { .arena = gc_arena_new () };
  pthread_barrier_init (&self->barrier, NULL, n_threads);
  pthread_mutex_init (&self->lock, NULL);
}

static void
place_clear (Place *self)
{
  g_autoptr (GError) error = NULL;

  gc_arena_verify (self->arena, &error);
  g_assert_no_error (error);
  g_object_unref (self->arena);
  pthread_barrier_destroy (&self->barrier);
  pthread_mutex_destroy (&self->lock);
}

static void
wait_for (Place *self,
          int    stage)
{
  while (atomic_load (&self->stage) < stage)
    g_usleep (100);
}

static ThreadNode *
make_list (GcMutation *m,
           guint       n)
{
  ThreadNode *list = NULL;

  for (guint i = 0; i < n; i++)
    {
      ThreadNode *node = gc_new (m, ThreadNode);

      node->value = i;
      gc_set (node, left, (GcObject *) list);
      list = node;
    }
  return list;
}

static void
check_list (ThreadNode *list,
            guint       n)
{
  for (; n-- > 0; list = (ThreadNode *) list->left)
    g_assert_cmpuint (list->value, ==, n);
  g_assert_null (list);
}

static void *
be_in_scope (void *data)
{
  Place *self = data;
  g_autoptr (GcMutation) m = gc_arena_begin (self->arena);
  ThreadNode *list = make_list (m, 3000);

  atomic_store (&self->stage, 1);
  wait_for (self, 2);
  check_list (list, 3000);
  check_list (make_list (m, 3000), 3000);
  atomic_store (&self->stage, 3);
  return NULL;
}

/* A second thread gets in at a safe point of the first, which keeps its scope. */
static void
test_side_by_side (void)
{
  pthread_t thread;
  Place self;

  place_init (&self, 1);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (self.arena);
    GC_ROOT (m, ThreadNode, list);

    list = make_list (m, 3000);
    thread = start (be_in_scope, &self);
    while (atomic_load (&self.stage) == 0)
      g_assert_true (gc_mutation_safepoint (m));
    check_list (list, 3000);
    check_list (make_list (m, 3000), 3000);
    atomic_store (&self.stage, 2);
    wait_for (&self, 3);
    g_assert_cmpuint (gc_mutation_get_depth (m), ==, 1);
  }
  join (thread);
  place_clear (&self);
}

/* A second thread gets in where the first has no safe point at all, but makes objects. */
static void
test_midst (void)
{
  pthread_t thread;
  Place self;

  place_init (&self, 1);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (self.arena);
    ThreadNode *list = make_list (m, 3000);

    thread = start (be_in_scope, &self);
    while (atomic_load (&self.stage) == 0)
      {
        check_list (make_list (m, 10), 10);
        g_usleep (10);          /* none of it is collected meanwhile */
      }
    check_list (list, 3000);
    check_list (make_list (m, 3000), 3000);
    atomic_store (&self.stage, 2);
    wait_for (&self, 3);
  }
  join (thread);
  place_clear (&self);
}

#define N_APPENDED 3000

static void *
append (void *data)
{
  Place *self = data;
  g_autoptr (GcMutation) m = gc_arena_begin (self->arena);
  ThreadNode *root = gc_arena_get_root (self->arena);

  atomic_store (&self->stage, 1);
  for (guint i = 0; i < N_APPENDED; i++)
    gc_array_append ((GcArray *) root->left, root);
  return NULL;
}

/* The same, in a function of the library that has taken no lock, as it was alone; and goes on with what it does. */
static void
test_midst_of_append (void)
{
  for (guint round = 0; round < 10; round++)
    {
      guint n = 0;
      pthread_t thread;
      Place self;

      place_init (&self, 1);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (self.arena);
        ThreadNode *root = gc_new (m, ThreadNode);
        GcArray *array = gc_array_new (m);

        gc_set (root, left, (GcObject *) array);
        gc_arena_set_root (self.arena, root);
        thread = start (append, &self);
        for (; atomic_load (&self.stage) == 0; n++)
          {
            gc_array_append (array, root);
            if (n % 64 == 0)
              g_usleep (10);
          }
        for (guint i = 0; i < N_APPENDED; i++)
          gc_array_append (array, root);
      }
      join (thread);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (self.arena);
        ThreadNode *root = gc_arena_get_root (self.arena);
        GcArray *array = (GcArray *) root->left;

        g_assert_cmpuint (gc_array_get_length (array), ==, n + 2 * N_APPENDED);
        for (guint i = 0; i < n + 2 * N_APPENDED; i++)
          g_assert_true (gc_array_get (array, i) == root);
      }
      place_clear (&self);
    }
}

/* Makes the arena one that is shared. */
static void
share (Place *self)
{
  {
    g_autoptr (GcMutation) m = gc_arena_begin (self->arena);
    pthread_t thread = start (be_in_scope, self);

    while (atomic_load (&self->stage) == 0)
      gc_mutation_safepoint (m);
    atomic_store (&self->stage, 2);
    wait_for (self, 3);
    join (thread);
  }
  atomic_store (&self->stage, 0);
}

static void *
collect (void *data)
{
  Place *self = data;

  atomic_store (&self->stage, 1);
  gc_arena_collect (self->arena);
  atomic_store (&self->stage, 2);
  return NULL;
}

static void *
enter_and_leave (void *data)
{
  Place *self = data;
  g_autoptr (GcMutation) m = gc_arena_begin (self->arena);

  atomic_fetch_add (&self->n, 1);
  return NULL;
}

/* A pause waits for scopes. While it does new outermost scopes wait, nested ones don't. */
static void
test_pause_waits (void)
{
  pthread_t collecting, entering;
  Place self;

  place_init (&self, 1);
  share (&self);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (self.arena);
    ThreadNode *list = make_list (m, 1000);

    collecting = start (collect, &self);
    while (!__atomic_load_n (&self.arena->is_stop_wanted, __ATOMIC_RELAXED))
      g_usleep (100);
    entering = start (enter_and_leave, &self);
    g_usleep (20000);
    {
      g_autoptr (GcMutation) inner = gc_arena_begin (self.arena);

      check_list (make_list (inner, 1000), 1000);
      g_assert_false (gc_mutation_safepoint (inner));
    }
    check_list (list, 1000);
    g_assert_cmpint (atomic_load (&self.stage), ==, 1);
    g_assert_cmpuint (atomic_load (&self.n), ==, 0);
    /* At a safe point both have their turn. */
    while (atomic_load (&self.stage) == 1)
      g_assert_true (gc_mutation_safepoint (m));
  }
  join (collecting);
  join (entering);
  g_assert_cmpuint (atomic_load (&self.n), ==, 1);
  place_clear (&self);
}

#define N_THREADS 4
#define N_SHARED  600

static void *
use_containers (void *data)
{
  Place *self = data;

  pthread_barrier_wait (&self->barrier);
  for (guint i = 0; i < scaled (N_SHARED); i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (self->arena);
      ThreadNode *root = gc_arena_get_root (self->arena);
      g_autofree char *text = g_strdup_printf ("text %u", i);
      ThreadNode *node = gc_new (m, ThreadNode);

      gc_array_append ((GcArray *) root->left, node);
      gc_table_insert ((GcTable *) root->right, gc_string_intern (m, text), gc_array_new (m));
      gc_object_hash ((GcObject *) node);
      gc_object_add_external_bytes ((GcObject *) node, 100);
      g_assert_true (gc_string_is_interned (gc_string_intern (m, text)));
      atomic_fetch_add (&self->n, 1);
    }
  return NULL;
}

/* The library's own objects are used by several threads without a lock of the program's. */
static void
test_containers (void)
{
  pthread_t threads[N_THREADS];
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  g_autoptr (GcStats) stats = NULL;
  Place self;

  place_init (&self, N_THREADS);
  pacing->min_sleep = 30000;
  gc_arena_set_pacing (self.arena, pacing);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (self.arena);
    ThreadNode *root = gc_new (m, ThreadNode);

    gc_set (root, left, (GcObject *) gc_array_new (m));
    gc_set (root, right, (GcObject *) gc_table_new (m, GC_TABLE_STRONG));
    gc_arena_set_root (self.arena, root);
  }
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = start (use_containers, &self);
  for (guint i = 0; i < N_THREADS; i++)
    join (threads[i]);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (self.arena);
    ThreadNode *root = gc_arena_get_root (self.arena);

    g_assert_cmpuint (gc_array_get_length ((GcArray *) root->left), ==, atomic_load (&self.n));
    g_assert_cmpuint (gc_table_get_size ((GcTable *) root->right), ==, atomic_load (&self.n) / N_THREADS);
  }
  stats = gc_arena_get_stats (self.arena);
  g_assert_cmpuint (stats->external_bytes, ==, 100 * atomic_load (&self.n));
  place_clear (&self);
}

static void *
allocate_a_while (void *data)
{
  Place *self = data;
  g_autoptr (GcMutation) m = gc_arena_begin (self->arena);

  for (gsize i = 0; i < ((gsize) 800 << 10) / sizeof (ThreadNode); i++)
    {
      gc_new (m, ThreadNode);
      if (i % 1000 == 0)
        gc_mutation_safepoint (m);
      /* Nobody is done before the other has begun. */
      if (i == 5000)
        pthread_barrier_wait (&self->barrier);
    }
  return NULL;
}

/* Each thread that allocates may do so for as long as an only one might. */
static void
test_sleep (void)
{
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  g_autoptr (GcStats) before = NULL, after = NULL;
  pthread_t threads[2];
  Place self;

  place_init (&self, 2);
  share (&self);
  pacing->min_sleep = 1 << 20;
  gc_arena_set_pacing (self.arena, pacing);
  gc_arena_collect (self.arena);
  before = gc_arena_get_stats (self.arena);
  for (guint i = 0; i < 2; i++)
    threads[i] = start (allocate_a_while, &self);
  for (guint i = 0; i < 2; i++)
    join (threads[i]);
  after = gc_arena_get_stats (self.arena);
  g_assert_cmpuint (after->n_cycles, ==, before->n_cycles);
  place_clear (&self);
}

static void *
look_around (void *data)
{
  Place *self = data;

  for (guint i = 0; i < scaled (60); i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (self->arena);
      ThreadNode *list = make_list (m, 200);
      g_autoptr (GListModel) census = gc_arena_take_census (self->arena, NULL);

      g_assert_nonnull (census);
      check_list (list, 200);
      atomic_fetch_add (&self->n, 1);
    }
  return NULL;
}

/* To look at the whole heap from a scope, others that have one are stopped, also those that want the same. */
static void
test_alone (void)
{
  pthread_t threads[N_THREADS];
  Place self;

  place_init (&self, N_THREADS);
  gc_arena_set_root (self.arena, NULL);
  share (&self);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = start (look_around, &self);
  for (guint i = 0; i < scaled (100); i++)
    {
      g_autoptr (GcStats) stats = gc_arena_get_stats (self.arena);

      gc_arena_step_units (self.arena, 100);
    }
  for (guint i = 0; i < N_THREADS; i++)
    join (threads[i]);
  place_clear (&self);
}

#define CHAIN 400

static GcGuardian *
get_guardian (Place *self)
{
  return (GcGuardian *) ((ThreadNode *) gc_arena_get_root (self->arena))->left;
}

/* Of the root's slot, which two threads write. */
static pthread_mutex_t right_lock = PTHREAD_MUTEX_INITIALIZER;

static void *
bring_back (void *data)
{
  Place *self = data;

  while (atomic_load (&self->stage) == 0)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (self->arena);
      ThreadNode *list = gc_guardian_pop (get_guardian (self), NULL);

      if (list == NULL)
        continue;
      check_list (list, CHAIN);
      /* In the midst of the list, behind what the collector may be looking at. */
      for (guint i = 0; i < CHAIN / 2; i++)
        list = (ThreadNode *) list->left;
      pthread_mutex_lock (&right_lock);
      gc_set ((ThreadNode *) gc_arena_get_root (self->arena), right, (GcObject *) list);
      pthread_mutex_unlock (&right_lock);
      atomic_fetch_add (&self->n, 1);
    }
  return NULL;
}

/* What a guardian brings back is whole for whoever comes to it, though marking it takes many slices. */
static void
test_guardian (void)
{
  pthread_t threads[2];
  guint n_rounds = scaled (400);
  Place self;

  place_init (&self, 1);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (self.arena);
    ThreadNode *root = gc_new (m, ThreadNode);

    gc_set (root, left, (GcObject *) gc_guardian_new (m));
    gc_arena_set_root (self.arena, root);
  }
  share (&self);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = start (bring_back, &self);
  for (guint i = 0; i < n_rounds; i++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (self.arena);

        gc_guardian_watch (get_guardian (&self), make_list (m, CHAIN), NULL);
      }
      for (guint k = 0; k < 10; k++)
        gc_arena_step_units (self.arena, 50);
    }
  for (gint64 until = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
       atomic_load (&self.n) < n_rounds && g_get_monotonic_time () < until;)
    {
      gc_arena_collect (self.arena);
      g_usleep (1000);
    }
  g_assert_cmpuint (atomic_load (&self.n), ==, n_rounds);
  atomic_store (&self.stage, 1);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    join (threads[i]);
  place_clear (&self);
}

static void *
fill_up (void *data)
{
  Place *self = data;

  for (guint i = 0; i < scaled (200); i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (self->arena);
      g_autoptr (GError) error = NULL;
      GC_ROOT (m, ThreadNode, list);
      gboolean is_full = FALSE;

      while (!is_full)
        {
          ThreadNode *node = gc_object_try_new (m, thread_node_get_type (), 0, &error);

          is_full = node == NULL;
          if (is_full)
            g_assert_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT);
          else
            {
              gc_set (node, left, (GcObject *) list);
              list = node;
              is_full = atomic_fetch_add (&self->n, 1) % 5000 == 0;
            }
        }
    }
  return NULL;
}

/* One limit for all. */
static void
test_heap_limit (void)
{
  pthread_t threads[N_THREADS];
  Place self;

  place_init (&self, N_THREADS);
  gc_arena_set_heap_limit (self.arena, 1 << 20);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = start (fill_up, &self);
  for (guint i = 0; i < N_THREADS; i++)
    join (threads[i]);
  gc_arena_collect (self.arena);
  g_assert_true (gc_arena_check_heap_limit (self.arena, NULL));
  place_clear (&self);
}

static void *
set_limit (void *data)
{
  gc_arena_set_heap_limit (data, 1 << 20);
  return NULL;
}

/* Nobody who sets it waits for a scope: hosts do so with locks of their own. */
static void
test_heap_limit_inside (void)
{
  Place self;

  place_init (&self, 1);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (self.arena);

    join (start (set_limit, self.arena));
    g_assert_cmpuint (gc_arena_get_heap_limit (self.arena), ==, 1 << 20);
  }
  place_clear (&self);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mutators/side-by-side", test_side_by_side);
  g_test_add_func ("/mutators/midst", test_midst);
  g_test_add_func ("/mutators/midst-of-append", test_midst_of_append);
  g_test_add_func ("/mutators/sleep", test_sleep);
  g_test_add_func ("/mutators/pause-waits", test_pause_waits);
  g_test_add_func ("/mutators/containers", test_containers);
  g_test_add_func ("/mutators/alone", test_alone);
  g_test_add_func ("/mutators/guardian", test_guardian);
  g_test_add_func ("/mutators/heap-limit", test_heap_limit);
  g_test_add_func ("/mutators/heap-limit-inside", test_heap_limit_inside);
  return g_test_run ();
}
