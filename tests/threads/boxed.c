/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Copy functions of boxed types may use the arena that the copy is for: none is called under a lock that keeps other threads
 * out of it. */

#include "threads.h"

typedef struct
{
  guint n;
} Thing;

#define N_THREADS 3

static GcArena *arena;
static GcArray *copies;         /* of all threads */
static atomic_uint n_copied, n_freed;

/* Makes an object, and now and then waits until no other thread runs in the arena. */
static gpointer
thing_copy (gpointer data)
{
  const Thing *self = data;
  Thing *copy = g_new (Thing, 1);
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  *copy = *self;
  gc_array_append (copies, gc_box_new_int64 (m, self->n));
  if (atomic_fetch_add (&n_copied, 1) % 13 == 0)
    {
      g_autoptr (GListModel) census = gc_arena_take_census (arena, NULL);

      g_assert_cmpuint (g_list_model_get_n_items (census), >, 0);
    }
  return copy;
}

static void
thing_free (gpointer data)
{
  atomic_fetch_add (&n_freed, 1);
  g_free (data);
}

static GType thing_get_type (void);
G_DEFINE_BOXED_TYPE (Thing, thing, thing_copy, thing_free)

static GType
record_type (void)
{
  static const char *const names[] = { "thing", NULL };
  const GType types[] = { thing_get_type () };
  static GType type;

  if (type == 0)
    type = gc_record_type_register ("ThreadBoxedRecord", GC_TYPE_RECORD, (const char *const *) names, types, 1, NULL);
  return type;
}

static void
check_thing (const GValue *value,
             guint         n)
{
  const Thing *thing = g_value_get_boxed (value);

  g_assert_cmpuint (thing->n, ==, n);
}

static void *
copy_things (void *data)
{
  pthread_barrier_t *barrier = data;
  const guint n_rounds = scaled (1000);

  pthread_barrier_wait (barrier);
  for (guint i = 0; i < n_rounds; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      g_auto (GValue) value = G_VALUE_INIT;
      GcRecord *record = gc_record_new (m, record_type (), NULL);
      Thing thing = { i };
      GcBox *box;

      g_value_init (&value, thing_get_type ());
      g_value_set_static_boxed (&value, &thing);
      g_assert_true (gc_record_set_value (record, "thing", &value, NULL));
      box = gc_box_new (m, &value);
      g_value_unset (&value);
      g_assert_true (gc_record_get_value (record, "thing", &value, NULL));
      check_thing (&value, i);
      g_value_unset (&value);
      gc_box_get_value (box, &value);
      check_thing (&value, i);
    }
  return NULL;
}

static void
test_copies (void)
{
  pthread_t threads[N_THREADS];
  pthread_barrier_t barrier;

  arena = gc_arena_new ();
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    copies = gc_object_ref (gc_array_new (m));
  }
  g_assert_cmpuint (record_type (), !=, G_TYPE_INVALID);
  pthread_barrier_init (&barrier, NULL, N_THREADS);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = start (copy_things, &barrier);
  for (guint i = 0; i < N_THREADS; i++)
    join (threads[i]);
  g_assert_cmpuint (gc_array_get_length (copies), ==, n_copied);
  g_assert_cmpuint (n_copied, ==, N_THREADS * scaled (1000) * 4);
  g_clear_pointer (&copies, gc_object_unref);
  g_assert_finalize_object (arena);
  g_assert_cmpuint (n_freed, ==, n_copied);
  pthread_barrier_destroy (&barrier);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/boxed/copies", test_copies);
  return g_test_run ();
}
