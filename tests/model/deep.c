/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Graphs that would overflow the stack of a collector that calls itself, collected by
 * a thread that has hardly any: long chains of each kind of object. With the lengths of the
 * pauses when they are collected in steps. */

#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (DeepNode, deep_node, DEEP, NODE, GcObject)
GC_DECLARE_TYPE (DeepTail, deep_tail, DEEP, TAIL, GcObject)
GC_DECLARE_TYPE (DeepEnv, deep_env, DEEP, ENV, GcObject)
GC_DECLARE_TYPE (DeepFan, deep_fan, DEEP, FAN, GcObject)

struct _DeepNode
{
  GcObject parent_instance;
  GC_REF (GcObject) next;
};

GC_DEFINE_TYPE (DeepNode, deep_node, GC_TYPE_OBJECT,
                GC_FIELD (DeepNode, next))

struct _DeepTail
{
  GcObject parent_instance;
  const gsize n;
  GC_REF_TAIL (GcObject) items;
};

GC_DEFINE_TYPE (DeepTail, deep_tail, GC_TYPE_OBJECT,
                GC_FIELD_TAIL (DeepTail, items, n))

/* Traced by a function; and finalized. */
struct _DeepEnv
{
  GcObject parent_instance;
  GC_REF (GcObject) next;
  guint *n_finalized;
};

static void
deep_env_trace (GcObject *object,
                GcTracer *tracer)
{
  gc_trace (tracer, &((DeepEnv *) object)->next);
}

static void
deep_env_finalize (GcObject *object)
{
  (*DEEP_ENV (object)->n_finalized)++;
}

GC_DEFINE_TYPE (DeepEnv, deep_env, GC_TYPE_OBJECT,
                GC_TRACE (deep_env_trace)
                GC_FINALIZE (deep_env_finalize))

/* As many slots as the marker's fast path takes: the most that one object pushes. */
struct _DeepFan
{
  GcObject parent_instance;
  GC_REF (GcObject) slots[32];
};

GC_DEFINE_TYPE (DeepFan, deep_fan, GC_TYPE_OBJECT,
                GC_FIELD_ARRAY (DeepFan, slots))

static gboolean is_slow;
static guint n_finalized;

static guint
scaled (guint n)
{
  const char *preloaded = g_getenv ("LD_PRELOAD");

  if (is_slow)
    n *= 10;
  if (preloaded != NULL && strstr (preloaded, "vgpreload") != NULL)
    return n / 100;
#if defined (__SANITIZE_THREAD__) || defined (__SANITIZE_ADDRESS__)
  return n / 10;
#endif
  return n;
}

typedef struct
{
  GcArena *arena;
  guint64  expected;
  gboolean steps;
} Collection;

static void
collect_and_count (GcArena *arena,
                   guint64  expected)
{
  g_autoptr (GcStats) stats = NULL;

  gc_arena_collect (arena);
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->live_objects, ==, expected);
}

static void *
collect (void *data)
{
  Collection *self = data;

  if (self->steps)
    {
      while (!gc_arena_step_units (self->arena, 2000))
        ;
    }
  collect_and_count (self->arena, self->expected);
  gc_arena_set_root (self->arena, NULL);
  collect_and_count (self->arena, 0);
  return NULL;
}

/* Collects what the root leads to, and then all, with a stack of 128 KiB at most. */
static void
collect_with_small_stack (GcArena *arena,
                          guint64  expected,
                          gboolean steps)
{
  Collection self = { arena, expected, steps };
  gint64 before = g_get_monotonic_time ();
  g_autoptr (GcStats) stats = NULL;
  G_GNUC_UNUSED gsize size = MAX ((gsize) 128 << 10, (gsize) sysconf (_SC_THREAD_STACK_MIN));
  pthread_attr_t attributes;
  pthread_t thread;

  pthread_attr_init (&attributes);
#if !defined (__SANITIZE_THREAD__) && !defined (__SANITIZE_ADDRESS__)
  g_assert_cmpint (pthread_attr_setstacksize (&attributes, MAX (128 << 10, sysconf (_SC_THREAD_STACK_MIN))),
                   ==, 0);
#endif
  g_assert_cmpint (pthread_create (&thread, &attributes, collect, &self), ==, 0);
  pthread_join (thread, NULL);
  pthread_attr_destroy (&attributes);

  stats = gc_arena_get_stats (arena);
  g_test_message ("%" G_GUINT64_FORMAT " objects: collected twice and freed in %.3f s; of %" G_GUINT64_FORMAT
                  " pauses the longest took %.1f us (start %.1f, mark %.1f, remark %.1f, clear %.1f, sweep %.1f)",
                  expected, (g_get_monotonic_time () - before) / 1e6, stats->n_pauses,
                  stats->max_pause_ns / 1e3, stats->max_start_ns / 1e3, stats->max_mark_ns / 1e3,
                  stats->max_remark_ns / 1e3, stats->max_clear_ns / 1e3, stats->max_sweep_ns / 1e3);
}

/* An arena that does not collect by itself. */
static GcArena *
new_arena (void)
{
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  GcArena *arena = gc_arena_new ();

  pacing->min_sleep = G_MAXSSIZE;
  gc_arena_set_pacing (arena, pacing);
  return arena;
}

static void
test_slots (void)
{
  g_autoptr (GcArena) arena = new_arena ();
  guint n = scaled (1000000);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DeepNode *list = NULL;

    for (guint i = 0; i < n; i++)
      {
        DeepNode *node = gc_new (m, DeepNode);

        gc_set (node, next, list);
        list = node;
      }
    gc_arena_set_root (arena, list);
  }
  collect_with_small_stack (arena, n, TRUE);
}

/* Arrays whose last item is the next array; of several slices each. */
static void
test_arrays (void)
{
  static const guint sizes[] = { 1, 33, 1025, 5000 };

  for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
    {
      g_autoptr (GcArena) arena = new_arena ();
      guint n = scaled (2000000) / (sizes[k] + 10);

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DeepTail *list = NULL;

        for (guint i = 0; i < n; i++)
          {
            DeepTail *tail = gc_new_with_tail (m, DeepTail, sizes[k]);

            gc_set (tail, items[sizes[k] - 1 - i % MIN (sizes[k], 2)], list);
            list = tail;
          }
        gc_arena_set_root (arena, list);
      }
      collect_with_small_stack (arena, n, TRUE);
    }
}

static void
test_trace_functions (void)
{
  g_autoptr (GcArena) arena = new_arena ();
  guint n = scaled (300000);

  n_finalized = 0;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DeepEnv *list = NULL;

    for (guint i = 0; i < n; i++)
      {
        DeepEnv *env = gc_new (m, DeepEnv);

        env->n_finalized = &n_finalized;
        gc_set (env, next, list);
        list = env;
      }
    gc_arena_set_root (arena, list);
  }
  collect_with_small_stack (arena, n, TRUE);
  g_assert_cmpuint (n_finalized, ==, n);
}

/* Wide trees of which each level waits in the marker's stack: its segments fill to
 * all their lengths. */
static void
test_fans (void)
{
  for (guint width = 1; width <= 32; width += width < 4 ? 1 : 7)
    {
      g_autoptr (GcArena) arena = new_arena ();
      guint n = scaled (100000);
      guint n_made = 1;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        g_autoptr (GPtrArray) level = g_ptr_array_new ();
        DeepFan *root = gc_new (m, DeepFan);

        g_ptr_array_add (level, root);
        for (guint i = 0; i < level->len && n_made < n; i++)
          for (guint k = 0; k < width; k++)
            {
              DeepFan *fan = gc_new (m, DeepFan);

              gc_set ((DeepFan *) level->pdata[i], slots[k], fan);
              g_ptr_array_add (level, fan);
              n_made++;
            }
        gc_arena_set_root (arena, root);
      }
      collect_with_small_stack (arena, n_made, width % 2 == 0);
    }
}

/* One array of very many leaves: its slices, and as many edges as come in at once. */
static void
test_one_array (void)
{
  g_autoptr (GcArena) arena = new_arena ();
  guint n = scaled (500000);

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DeepTail *all = gc_new_with_tail (m, DeepTail, n);

    for (guint i = 0; i < n; i++)
      gc_set (all, items[(i * 7919ull) % n], gc_new (m, DeepNode));
    for (guint i = 0; i < n; i++)
      if (all->items[i] == NULL)
        gc_set (all, items[i], gc_new (m, DeepNode));
    gc_arena_set_root (arena, all);
  }
  gc_arena_collect (arena);
  {
    g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

    collect_with_small_stack (arena, stats->live_objects, TRUE);
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  is_slow = g_test_slow ();
  g_test_add_func ("/model/deep/slots", test_slots);
  g_test_add_func ("/model/deep/arrays", test_arrays);
  g_test_add_func ("/model/deep/trace-functions", test_trace_functions);
  g_test_add_func ("/model/deep/fans", test_fans);
  g_test_add_func ("/model/deep/one-array", test_one_array);
  return g_test_run ();
}
