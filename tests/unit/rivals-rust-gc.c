/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the Rust crate gc asserts of itself, asserted of this library: how often objects are
 * traced and finalized, rooting by reference, cycles, and graphs that overflow its stack. */

#include "demo.h"

typedef struct { guint traced, finalized; } Flags;

/* A node that counts, and whose slot only its trace function reports. */
GC_DECLARE_TYPE (DemoCounter, demo_counter, DEMO, COUNTER, GcObject)

struct _DemoCounter
{
  GcObject parent_instance;
  Flags *flags;
  DemoCounter *const cycle;
};

static void
demo_counter_trace (GcObject *object,
                    GcTracer *tracer)
{
  DemoCounter *self = (DemoCounter *) object;

  self->flags->traced++;
  gc_trace (tracer, &self->cycle);
}

static void
demo_counter_finalize (GcObject *object)
{
  ((DemoCounter *) object)->flags->finalized++;
}

GC_DEFINE_TYPE (DemoCounter, demo_counter, GC_TYPE_OBJECT,
                GC_TRACE (demo_counter_trace)
                GC_FINALIZE (demo_counter_finalize))

static DemoCounter *
demo_counter_new (GcMutation *m,
                  Flags      *flags)
{
  DemoCounter *self = gc_new (m, DemoCounter);

  self->flags = flags;
  return self;
}

#define ASSERT_FLAGS(flags, n_traced, n_finalized) \
  G_STMT_START { \
    g_assert_cmpuint ((flags).traced, ==, (n_traced)); \
    g_assert_cmpuint ((flags).finalized, ==, (n_finalized)); \
  } G_STMT_END

/* Traced once in each collection while it is referenced, never after; finalized once. */
static void
test_basic_allocate (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  Flags flags = { 0, 0 };
  gpointer object;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    object = gc_object_ref (demo_counter_new (m, &flags));
  }
  ASSERT_FLAGS (flags, 0, 0);
  gc_arena_collect (arena);
  ASSERT_FLAGS (flags, 1, 0);
  gc_object_unref (object);
  ASSERT_FLAGS (flags, 1, 0);
  gc_arena_collect (arena);
  ASSERT_FLAGS (flags, 1, 1);
  gc_arena_collect (arena);
  ASSERT_FLAGS (flags, 1, 1);
}

/* Each object of a cycle is traced once, referenced from outside or from the cycle alone;
 * the whole dies at once. */
static void
test_basic_cycle (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  Flags one = { 0, 0 }, two = { 0, 0 };
  DemoCounter *node1, *node2;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node1 = gc_object_ref (demo_counter_new (m, &one));
    node2 = gc_object_ref (demo_counter_new (m, &two));
    gc_object_set_slot (node2, &node2->cycle, node1);
  }
  gc_arena_collect (arena);
  ASSERT_FLAGS (one, 1, 0);
  ASSERT_FLAGS (two, 1, 0);

  gc_object_set_slot (node1, &node1->cycle, node2);
  gc_object_unref (node2);
  for (guint i = 2; i <= 3; i++)
    {
      gc_arena_collect (arena);
      ASSERT_FLAGS (one, i, 0);
      ASSERT_FLAGS (two, i, 0);
    }
  gc_object_unref (node1);
  gc_arena_collect (arena);
  ASSERT_FLAGS (one, 3, 1);
  ASSERT_FLAGS (two, 3, 1);
}

/* An object is traced through what holds it; taken out of there and referenced by itself, it
 * lives on; put back, it lives as long as its holder. */
static void
test_cell_rooting (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  Flags outer = { 0, 0 }, inner = { 0, 0 };
  DemoCounter *holder, *taken;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    holder = gc_object_ref (demo_counter_new (m, &outer));
    gc_object_set_slot (holder, &holder->cycle, demo_counter_new (m, &inner));
  }
  gc_arena_collect (arena);
  ASSERT_FLAGS (inner, 1, 0);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    taken = gc_object_ref (holder->cycle);
    gc_object_set_slot (holder, &holder->cycle, NULL);
  }
  gc_arena_collect (arena);
  ASSERT_FLAGS (outer, 2, 0);
  ASSERT_FLAGS (inner, 2, 0);
  gc_object_set_slot (holder, &holder->cycle, taken);
  gc_object_unref (taken);
  gc_arena_collect (arena);
  ASSERT_FLAGS (inner, 3, 0);
  gc_object_unref (holder);
  gc_arena_collect (arena);
  ASSERT_FLAGS (outer, 3, 1);
  ASSERT_FLAGS (inner, 3, 1);
}

/* Rings of every length, alone and interlaced, die whole. */
static void
test_gymnastics (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  for (guint length = 1; length < 40; length++)
    {
      Flags flags = { 0, 0 };

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoCounter *first = demo_counter_new (m, &flags), *last = first;

        for (guint i = 1; i < length; i++)
          {
            DemoCounter *next = demo_counter_new (m, &flags);

            gc_object_set_slot (next, &next->cycle, last);
            last = next;
          }
        gc_object_set_slot (first, &first->cycle, last);
      }
      gc_arena_collect (arena);
      ASSERT_FLAGS (flags, 0, length);
    }
}

/* Two references are the same if they lead to the same object, wherever they are kept. */
static void
test_identity (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *a = gc_new (m, DemoNode), *other = gc_new (m, DemoNode);
  DemoNode *b = gc_new (m, DemoNode), *c = gc_new (m, DemoNode);
  DemoNode *copy = gc_object_ref (a);

  gc_set (b, left, a);
  gc_set (c, any, GC_OBJECT (copy));
  g_assert_true (b->left == copy);
  g_assert_true (c->any == GC_OBJECT (b->left));
  g_assert_true (b->left != other);
  g_assert_true (gc_object_hash (GC_OBJECT (a)) == gc_object_hash (c->any));
  g_assert_true (gc_object_hash (GC_OBJECT (a)) != gc_object_hash (GC_OBJECT (other)));
  gc_object_unref (copy);
}

/* The end of an object finalizes what it alone held, in the same collection. */
static void
test_finalize_owned (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  Flags outer = { 0, 0 }, inner = { 0, 0 };

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoCounter *a = demo_counter_new (m, &outer);

    gc_object_set_slot (a, &a->cycle, demo_counter_new (m, &inner));
    ASSERT_FLAGS (outer, 0, 0);
    ASSERT_FLAGS (inner, 0, 0);
  }
  gc_arena_collect (arena);
  ASSERT_FLAGS (outer, 0, 1);
  ASSERT_FLAGS (inner, 0, 1);
}

/* A reference that is not traced keeps nothing alive, and does no harm. */
GC_DECLARE_TYPE (DemoBlind, demo_blind, DEMO, BLIND, GcObject)
struct _DemoBlind { GcObject parent_instance; GC_UNTRACED DemoNode *unseen; };
GC_DEFINE_TYPE (DemoBlind, demo_blind, GC_TYPE_OBJECT, GC_FIELD_UNTRACED (DemoBlind, unseen))

static void
test_ignored (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoBlind *self = gc_new (m, DemoBlind);

    self->unseen = demo_watch_new (m, &n_finalized);
    gc_arena_set_root (arena, self);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
  demo_check (arena);
}

/* 300 000 objects in a chain: marking, checking, finalizing and the arena's end take no
 * more of the stack than one. */
static void
test_deep_chain (void)
{
  enum { N = 300000 };
  GcArena *arena = gc_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *head = NULL;

    for (int i = N - 1; i >= 0; i--)
      {
        DemoNode *node = demo_watch_new (m, &n_finalized);

        node->value = i;
        gc_set (node, left, head);
        head = node;
      }
    gc_arena_set_root (arena, head);
  }
  demo_check (arena);
  g_assert_cmpuint (demo_count_live (arena), ==, N);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_arena_get_root (arena);

    g_assert_cmpuint (demo_chain_length (node), ==, N);
    for (guint i = 0; i < N / 2; i++)
      node = node->left;
    gc_arena_set_root (arena, node);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, N / 2);
  g_object_unref (arena);
  g_assert_cmpuint (n_finalized, ==, N);
}

/* Values of any size and alignment up to 8 bytes. */
GC_DECLARE_TYPE (DemoWords, demo_words, DEMO, WORDS, GcObject)
struct _DemoWords { GcObject parent_instance; gint64 low, high; double number; gboolean flag; };
GC_DEFINE_TYPE (DemoWords, demo_words, GC_TYPE_OBJECT, )

static void
test_values (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoWords *words = gc_new (m, DemoWords);

    *words = (DemoWords) { words->parent_instance, G_MININT64, G_MAXINT64, 0.25, TRUE };
    gc_arena_set_root (arena, words);
  }
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoWords *words = gc_arena_get_root (arena);

    g_assert_cmpint (words->low, ==, G_MININT64);
    g_assert_cmpint (words->high, ==, G_MAXINT64);
    g_assert_cmpfloat (words->number, ==, 0.25);
    g_assert_true (words->flag);
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rivals/rust-gc/basic-allocate", test_basic_allocate);
  g_test_add_func ("/rivals/rust-gc/basic-cycle", test_basic_cycle);
  g_test_add_func ("/rivals/rust-gc/cell-rooting", test_cell_rooting);
  g_test_add_func ("/rivals/rust-gc/gymnastics", test_gymnastics);
  g_test_add_func ("/rivals/rust-gc/identity", test_identity);
  g_test_add_func ("/rivals/rust-gc/finalize-owned", test_finalize_owned);
  g_test_add_func ("/rivals/rust-gc/ignored", test_ignored);
  g_test_add_func ("/rivals/rust-gc/deep-chain", test_deep_chain);
  g_test_add_func ("/rivals/rust-gc/values", test_values);
  return g_test_run ();
}
