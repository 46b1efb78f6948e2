/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Storing into slots and reading them. */

#include "demo.h"

/* Slots behind a path, which a trace function reports. */
GC_DECLARE_TYPE (DemoEnv, demo_env, DEMO, ENV, GcObject)

struct _DemoEnv
{
  GcObject parent_instance;
  guint n_frames;
  struct { int number; GC_REF (GcObject) value; } frames[4];
  struct { struct { GC_REF (DemoNode) leaf; } branch; } *outside;    /* unmanaged, owned */
};

static void
demo_env_trace (GcObject *object,
                GcTracer *tracer)
{
  DemoEnv *self = DEMO_ENV (object);

  for (guint i = 0; i < self->n_frames; i++)
    gc_trace (tracer, &self->frames[i].value);
  if (self->outside != NULL)
    gc_trace_array (tracer, self->outside, 3);
}

static void
demo_env_finalize (GcObject *object)
{
  g_free (DEMO_ENV (object)->outside);
}

GC_DEFINE_TYPE (DemoEnv, demo_env, GC_TYPE_OBJECT,
                GC_TRACE (demo_env_trace)
                GC_FINALIZE (demo_env_finalize))

/* One weak slot that a trace function reports. */
GC_DECLARE_TYPE (DemoPeek, demo_peek, DEMO, PEEK, GcObject)
struct _DemoPeek { GcObject parent_instance; GC_WEAK (DemoNode) target; };

static void
demo_peek_trace (GcObject *object,
                 GcTracer *tracer)
{
  gc_trace_weak (tracer, &DEMO_PEEK (object)->target);
}

GC_DEFINE_TYPE (DemoPeek, demo_peek, GC_TYPE_OBJECT, GC_TRACE (demo_peek_trace))

static void
test_set (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *node = gc_new (m, DemoNode);
  DemoNode *other = gc_new (m, DemoNode);

  gc_set (node, left, other);
  g_assert_true (node->left == other);
  gc_set (node->left, right, node);
  g_assert_true (other->right == node);
  gc_set (node, left, NULL);
  g_assert_null (node->left);
  /* A slot of GcObject * takes any object. */
  gc_set (node, any, other);
  g_assert_true (node->any == GC_OBJECT (other));
  gc_set (node, any, gc_new_with_tail (m, DemoVector, 1));
  g_assert_true (DEMO_IS_VECTOR (node->any));
  /* Nothing but the slot was written. */
  g_assert_null (node->left);
  g_assert_null (node->right);
  g_assert_cmpint (node->value, ==, 0);
}

static guint n_calls;

static DemoNode *
count_call (DemoNode *node)
{
  n_calls++;
  return node;
}

static void
test_evaluated_once (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *nodes[3] = { gc_new (m, DemoNode), gc_new (m, DemoNode), gc_new (m, DemoNode) };
  DemoNode **next = nodes;

  n_calls = 0;
  gc_set (count_call (nodes[0]), left, nodes[1]);
  g_assert_cmpuint (n_calls, ==, 1);
  gc_set (nodes[0], right, count_call (nodes[2]));
  g_assert_cmpuint (n_calls, ==, 2);
  gc_set_weak (count_call (nodes[0]), weak, count_call (nodes[1]));
  g_assert_cmpuint (n_calls, ==, 4);
  gc_set (*next++, any, nodes[1]);
  g_assert_true (next == nodes + 1);
  g_assert_true (nodes[0]->any == GC_OBJECT (nodes[1]));
}

static void
test_paths (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoEnv *env = gc_new (m, DemoEnv);

    env->n_frames = 4;
    for (guint i = 0; i < 4; i++)
      gc_set (env, frames[i].value, demo_watch_new (m, &n_finalized));
    env->outside = g_malloc0 (3 * sizeof *env->outside);
    for (guint i = 0; i < 3; i++)
      gc_set (env, outside[i].branch.leaf, demo_watch_new (m, &n_finalized));
    gc_arena_set_root (arena, env);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoEnv *env = gc_arena_get_root (arena);

    env->n_frames = 3;
    gc_set (env, frames[env->n_frames].value, NULL);
    gc_set (env, outside[1].branch.leaf, NULL);
    g_assert_true (DEMO_IS_WATCH (env->frames[2].value));
    g_assert_true (DEMO_IS_WATCH (env->outside[2].branch.leaf));
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 2);
}

static void
test_tagged (void)
{
  static const gssize numbers[] = {
    0, 1, -1, 42, -42, G_MAXINT, G_MININT, ((gssize) 1 << 60) - 1, -((gssize) 1 << 60)
  };
  g_autoptr (GcArena) arena = gc_arena_new ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_new_with_tail (m, DemoVector, G_N_ELEMENTS (numbers) + 7);

    for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
      {
        gpointer word = gc_tag_int (numbers[i]);

        g_assert_true (gc_is_tagged (word));
        g_assert_cmpint (gc_untag_int (word), ==, numbers[i]);
        gc_set (vector, items[i], word);
      }
    /* Every word with a low bit is left alone, and what it would point to too. */
    for (gsize tag = 1; tag < 8; tag++)
      gc_set (vector, items[G_N_ELEMENTS (numbers) + tag - 1],
              (gpointer) ((gsize) gc_new (m, DemoNode) | tag));
    g_assert_false (gc_is_tagged (NULL));
    g_assert_false (gc_is_tagged (vector));
    gc_arena_set_root (arena, vector);
  }
  demo_check (arena);
  g_assert_cmpuint (demo_count_live (arena), ==, 1);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_arena_get_root (arena);

    for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
      g_assert_cmpint (gc_untag_int (vector->items[i]), ==, numbers[i]);
    for (gsize tag = 1; tag < 8; tag++)
      g_assert_cmpuint ((gsize) vector->items[G_N_ELEMENTS (numbers) + tag - 1] & 7, ==, tag);
  }
}

/* The function that setters are made of opens a scope where there is none. */
static void
test_set_slot (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;
  DemoNode *node;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (demo_watch_new (m, &n_finalized));
    gc_object_set_slot (node, &node->left, demo_watch_new (m, &n_finalized));
    g_assert_true (DEMO_IS_WATCH (node->left));
    gc_object_set_slot (node, &node->any, gc_tag_int (3));
    g_assert_cmpint (gc_untag_int (node->any), ==, 3);
  }
  gc_object_set_slot (node, &node->right, node->left);
  gc_object_set_slot (node, &node->left, NULL);
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  gc_object_set_slot (node, &node->right, NULL);
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
  gc_object_unref (node);
}

static void
test_weak (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  DemoNode *node, *target;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (gc_new (m, DemoNode));
    target = gc_object_ref (gc_new (m, DemoNode));
    g_assert_null (gc_weak_get (node, weak));
    gc_set_weak (node, weak, target);
    g_assert_true (gc_weak_get (node, weak) == target);
    gc_set_weak (node, weak, NULL);
    g_assert_null (gc_weak_get (node, weak));
    gc_set_weak (node, weak, target);
  }
  demo_check (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_true (gc_weak_get (node, weak) == target);
  }
  gc_object_unref (target);
  demo_check (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_null (gc_weak_get (node, weak));
  }
  gc_object_unref (node);
}

/* Two that refer to each other weakly keep neither alive. */
static void
test_weak_cycle (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *a = demo_watch_new (m, &n_finalized);
    DemoNode *b = demo_watch_new (m, &n_finalized);

    gc_set_weak (a, weak, b);
    gc_set_weak (b, weak, a);
    gc_arena_set_root (arena, a);
  }
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
  gc_arena_set_root (arena, NULL);
  demo_check (arena);
  g_assert_cmpuint (n_finalized, ==, 2);
}

static void
test_traced_weak (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *peeks = gc_new_with_tail (m, DemoVector, 400);
    DemoNode *kept = gc_new (m, DemoNode);

    for (guint i = 0; i < peeks->n; i++)
      {
        DemoPeek *peek = gc_new (m, DemoPeek);

        gc_set_weak (peek, target, i % 2 == 0 ? kept : gc_new (m, DemoNode));
        gc_set (peeks, items[i], peek);
      }
    gc_set (peeks, items[0], kept);
    gc_arena_set_root (arena, peeks);
  }
  demo_check (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *peeks = gc_arena_get_root (arena);

    for (guint i = 1; i < peeks->n; i++)
      g_assert_true (gc_weak_get (DEMO_PEEK (peeks->items[i]), target) ==
                     (i % 2 == 0 ? (gpointer) peeks->items[0] : NULL));
  }
}

/* While a large object is being scanned, stores into the part that is done and
 * into the part that is not keep what is stored. */
static void
test_barrier (void)
{
  enum { N = 3000 };
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  DemoVector *vector;
  guint n_stores = 0, n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    vector = gc_object_ref (gc_new_with_tail (m, DemoVector, N));
  }
  gc_arena_start_cycle (arena);
  for (guint step = 0; step < 8; step++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      n_stores += gc_arena_get_phase (arena) == GC_PHASE_MARKING;
      for (guint i = step; i < N; i += 200)
        {
          gc_set (vector, items[i], demo_watch_new (m, &n_finalized));
          gc_object_set_slot (vector, &vector->items[i + 8], demo_watch_new (m, &n_finalized));
          gc_set (vector, items[i + 16], GC_OBJECT (demo_chain_new (m, 3)));
        }
      g_clear_pointer (&m, gc_mutation_leave_);
      gc_arena_step_units (arena, 20);
    }
  g_assert_cmpuint (n_stores, >, 3);
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    demo_scribble (m, 20000);
    for (guint step = 0; step < 8; step++)
      for (guint i = step; i < N; i += 200)
        {
          g_assert_true (DEMO_IS_WATCH (vector->items[i]));
          g_assert_true (DEMO_IS_WATCH (vector->items[i + 8]));
          g_assert_cmpuint (demo_chain_length (DEMO_NODE (vector->items[i + 16])), ==, 3);
        }
  }
  demo_check (arena);
  gc_object_unref (vector);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slot/set", test_set);
  g_test_add_func ("/slot/evaluated-once", test_evaluated_once);
  g_test_add_func ("/slot/paths", test_paths);
  g_test_add_func ("/slot/tagged", test_tagged);
  g_test_add_func ("/slot/set-slot", test_set_slot);
  g_test_add_func ("/slot/weak", test_weak);
  g_test_add_func ("/slot/weak/cycle", test_weak_cycle);
  g_test_add_func ("/slot/weak/traced", test_traced_weak);
  g_test_add_func ("/slot/barrier", test_barrier);
  return g_test_run ();
}
