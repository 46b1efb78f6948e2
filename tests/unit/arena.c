/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Arenas: the root object, isolation, lifetime, full collections. */

#include "demo.h"

static void
test_root (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;
  GcObject *root;

  g_assert_null (gc_arena_dup_root (arena));
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = demo_watch_new (m, &n_finalized);

    g_assert_null (gc_arena_get_root (arena));
    gc_arena_set_root (arena, node);
    g_assert_true (gc_arena_get_root (arena) == node);
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);

  root = gc_arena_dup_root (arena);
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  /* Outside of a scope, too. */
  gc_arena_set_root (arena, root);
  gc_object_unref (root);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  gc_arena_set_root (arena, NULL);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
}

static void
count_notify (GObject    *object,
              GParamSpec *pspec,
              gpointer    n)
{
  ++*(guint *) n;
}

static void
test_properties (void)
{
  g_autoptr (GcArena) arena = g_object_new (GC_TYPE_ARENA, "heap-limit", (guint64) 64 << 20, NULL);
  guint n_root = 0, n_limit = 0;
  guint64 limit;
  DemoNode *node;
  GcObject *root;

  g_signal_connect (arena, "notify::root", G_CALLBACK (count_notify), &n_root);
  g_signal_connect (arena, "notify::heap-limit", G_CALLBACK (count_notify), &n_limit);
  g_assert_cmpuint (gc_arena_get_heap_limit (arena), ==, 64 << 20);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (gc_new (m, DemoNode));
  }
  g_object_set (arena, "root", node, NULL);
  g_object_get (arena, "root", &root, "heap-limit", &limit, NULL);
  g_assert_true (root == GC_OBJECT (node));
  g_assert_cmpuint (limit, ==, 64 << 20);
  gc_object_unref (root);
  gc_object_unref (node);
  g_assert_cmpuint (n_root, ==, 1);

  gc_arena_set_root (arena, NULL);
  g_assert_cmpuint (n_root, ==, 2);
  g_object_set (arena, "heap-limit", (guint64) 0, NULL);
  g_assert_cmpuint (gc_arena_get_heap_limit (arena), ==, 0);
  g_assert_cmpuint (n_limit, ==, 1);
  g_object_get (arena, "root", &root, NULL);
  g_assert_null (root);
}

/* What is garbage, cycles included, is gone after one full collection. */
static void
test_collect_is_complete (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  for (guint round = 1; round <= 5; round++)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *first = demo_watch_new (m, &n_finalized), *last = first;

        for (guint i = 1; i < 100; i++)
          {
            DemoNode *node = demo_watch_new (m, &n_finalized);

            gc_set (last, left, node);
            gc_set (node, right, last);
            last = node;
          }
        gc_set (last, left, first);
        gc_set (first, right, last);
        gc_set (first, any, first);
        gc_arena_set_root (arena, first);
      }
      gc_arena_collect (arena);
      g_assert_cmpuint (n_finalized, ==, (round - 1) * 100);
      gc_arena_set_root (arena, NULL);
      gc_arena_collect (arena);
      g_assert_cmpuint (n_finalized, ==, round * 100);
      g_assert_cmpuint (demo_count_live (arena), ==, 0);
    }
}

/* Also what became garbage while a cycle was under way. */
static void
test_collect_in_mid_cycle (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint n_finalized = 0;

  for (guint units = 1; units < 400; units += 7)
    {
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *head = demo_chain_new (m, 300);

        gc_set (head, right, demo_watch_new (m, &n_finalized));
        gc_arena_set_root (arena, head);
      }
      n_finalized = 0;
      gc_arena_start_cycle (arena);
      gc_arena_step_units (arena, units);
      gc_arena_set_root (arena, NULL);
      gc_arena_collect (arena);
      g_assert_cmpuint (n_finalized, ==, 1);
    }
}

static void
test_empty (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcStats) stats = NULL;

  for (guint i = 0; i < 3; i++)
    demo_check (arena);
  gc_arena_start_cycle (arena);
  gc_arena_finish_cycle (arena);
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->live_objects, ==, 0);
  g_assert_cmpuint (stats->live_bytes, ==, 0);
}

static void
test_isolated (void)
{
  g_autoptr (GcArena) a = gc_arena_new ();
  g_autoptr (GcArena) b = gc_arena_new ();
  guint n_in_a = 0, n_in_b = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (a);
    g_autoptr (GcMutation) n = gc_arena_begin (b);

    demo_watch_new (m, &n_in_a);
    demo_watch_new (n, &n_in_b);
    gc_arena_set_root (b, demo_watch_new (n, &n_in_b));
  }
  n_in_a = 0;
  gc_arena_collect (b);
  g_assert_cmpuint (n_in_b, ==, 1);
  g_clear_object (&b);
  g_assert_cmpuint (n_in_b, ==, 2);
  g_assert_cmpuint (n_in_a, ==, 0);
  demo_check (a);
}

static gpointer
fill_arena (gpointer seed)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      DemoNode *head = demo_chain_new (m, 1000 + GPOINTER_TO_UINT (seed));

      demo_scribble (m, 1000);
      g_assert_cmpuint (demo_chain_length (head), ==, 1000 + GPOINTER_TO_UINT (seed));
      gc_arena_set_root (arena, head);
    }
  demo_check (arena);
  return NULL;
}

/* Threads work in arenas of their own in parallel. */
static void
test_parallel (void)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("arena", fill_arena, GUINT_TO_POINTER (i));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* A finalizer may hold the last reference to another arena. */
static GcArena *last_of_other;

static void
drop_other (gpointer arena)
{
  g_object_unref (arena);
}

GC_DECLARE_TYPE (DemoOwner, demo_owner, DEMO, OWNER, GcObject)
struct _DemoOwner { GcObject parent_instance; GcArena *owned; };

static void
demo_owner_finalize (GcObject *object)
{
  DemoOwner *self = DEMO_OWNER (object);

  drop_other (self->owned);
  g_assert_null (last_of_other);
}

GC_DEFINE_TYPE (DemoOwner, demo_owner, GC_TYPE_OBJECT, GC_FINALIZE (demo_owner_finalize))

static void
test_arena_in_finalizer (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  last_of_other = gc_arena_new ();
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    g_autoptr (GcMutation) n = gc_arena_begin (last_of_other);

    gc_new (m, DemoOwner)->owned = last_of_other;
    gc_arena_set_root (last_of_other, demo_watch_new (n, &n_finalized));
    g_object_add_weak_pointer (G_OBJECT (last_of_other), (gpointer *) &last_of_other);
  }
  gc_arena_collect (arena);
  g_assert_null (last_of_other);
  g_assert_cmpuint (n_finalized, ==, 1);
  demo_check (arena);
}

static void
test_inhibit (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  guint n_finalized = 0;

  gc_arena_inhibit (arena);
  gc_arena_inhibit (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    demo_watch_new (m, &n_finalized);
  }
  gc_arena_collect (arena);
  gc_arena_step (arena, 100000);
  gc_arena_start_cycle (arena);
  g_assert_false (gc_arena_step_units (arena, G_MAXUINT));
  gc_arena_finish_marking (arena);
  gc_arena_start_sweeping (arena);
  gc_arena_finish_cycle (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
  gc_arena_uninhibit (arena);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 0);

  gc_arena_uninhibit (arena);
  gc_arena_collect (arena);
  g_assert_cmpuint (n_finalized, ==, 1);
}

/* Errors have names that bindings know. */
static void
test_error (void)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (GC_TYPE_ERROR);

  g_assert_cmpstr (g_quark_to_string (GC_ERROR), ==, "gc-error-quark");
  g_assert_cmpuint (klass->n_values, ==, GC_ERROR_CORRUPT + 1);
  g_assert_cmpstr (g_enum_get_value (klass, GC_ERROR_HEAP_LIMIT)->value_nick, ==, "heap-limit");
}

static void
test_enums (void)
{
  g_autoptr (GEnumClass) phase = g_type_class_ref (GC_TYPE_PHASE);
  g_autoptr (GFlagsClass) zeal = g_type_class_ref (GC_TYPE_ZEAL);

  g_assert_cmpuint (phase->n_values, ==, GC_PHASE_SWEEPING + 1);
  g_assert_cmpstr (g_enum_get_value (phase, GC_PHASE_MARKED)->value_nick, ==, "marked");
  g_assert_cmpstr (g_flags_get_first_value (zeal, GC_ZEAL_SHADOW_SLOTS)->value_nick, ==, "shadow-slots");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arena/root", test_root);
  g_test_add_func ("/arena/properties", test_properties);
  g_test_add_func ("/arena/collect/complete", test_collect_is_complete);
  g_test_add_func ("/arena/collect/mid-cycle", test_collect_in_mid_cycle);
  g_test_add_func ("/arena/empty", test_empty);
  g_test_add_func ("/arena/isolated", test_isolated);
  g_test_add_func ("/arena/parallel", test_parallel);
  g_test_add_func ("/arena/in-finalizer", test_arena_in_finalizer);
  g_test_add_func ("/arena/inhibit", test_inhibit);
  g_test_add_func ("/arena/error", test_error);
  g_test_add_func ("/arena/enums", test_enums);
  return g_test_run ();
}
