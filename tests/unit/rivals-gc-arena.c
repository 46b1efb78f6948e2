/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the Rust crate gc-arena asserts of itself, asserted of this library: objects, pacing,
 * phases and barriers. Weak references, finalization and root sets are in
 * rivals-gc-arena-weak.c. Each test's comment names the behaviour. */

#include "counted-clock.h"
#include "demo.h"

static DemoVector *
root_vector (GcArena *arena)
{
  return DEMO_VECTOR (gc_arena_get_root (arena));
}

static void
set_root_vector (GcArena *arena,
                 gsize    n)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  gc_arena_set_root (arena, gc_new_with_tail (m, DemoVector, n));
}

/* An object that the root leads to can be read in a later scope. */
static void
test_simple_allocation (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *node = gc_new (m, DemoNode);

    node->value = 42;
    gc_arena_set_root (arena, node);
  }
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_cmpint (DEMO_NODE (gc_arena_get_root (arena))->value, ==, 42);
  }
}

/* What a sized array holds lives as long as the array; an empty one in its place frees all. */
static void
test_sized_allocation (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint n_finalized = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoVector *vector = gc_new_with_tail (m, DemoVector, 10);

    for (gsize i = 0; i < vector->n; i++)
      gc_set (vector, items[i], demo_watch_new (m, &n_finalized));
    gc_arena_set_root (arena, vector);
  }
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_finalized, ==, 0);
  set_root_vector (arena, 0);
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (n_finalized, ==, 10);
}

/* A map that is filled and emptied at random, with debt paid in between, ends with as
 * many values alive as it has entries. */
static void
test_repeated_allocation (void)
{
  enum { KEYS = 200 };
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  guint n_made = 0, n_finalized = 0, n_left = 0;

  pacing->min_sleep = 1024;
  gc_arena_set_pacing (arena, pacing);
  set_root_vector (arena, KEYS);
  for (guint round = 0; round < 200; round++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      DemoVector *map = root_vector (arena);

      for (guint i = 0; i < 20; i++, n_made++)
        {
          gint key = g_test_rand_int_range (0, KEYS);
          DemoNode *node = demo_watch_new (m, &n_finalized);

          if (map->items[key] != NULL)
            g_assert_cmpint (DEMO_NODE (map->items[key])->value, ==, key);
          node->value = key;
          gc_set (map, items[key], node);
        }
      for (guint i = 0; i < 20; i++)
        gc_set (map, items[g_test_rand_int_range (0, KEYS)], NULL);
    }
  gc_arena_finish_cycle (arena);
  gc_arena_finish_cycle (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < KEYS; i++)
      n_left += root_vector (arena)->items[i] != NULL;
  }
  g_assert_cmpuint (n_made - n_finalized, ==, n_left);
}

/* The end of an arena ends all that is in it, reachable or not; a cleared container frees all. */
static void
test_all_dropped (void)
{
  for (guint clears = 0; clears < 2; clears++)
    {
      GcArena *arena = demo_exact_arena_new ();
      guint n_finalized = 0;

      set_root_vector (arena, 100);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (guint i = 0; i < 100; i++)
          gc_set (root_vector (arena), items[i], demo_watch_new (m, &n_finalized));
      }
      if (clears)
        {
          {
            g_autoptr (GcMutation) m = gc_arena_begin (arena);

            for (guint i = 0; i < 100; i++)
              gc_set (root_vector (arena), items[i], NULL);
          }
          gc_arena_finish_cycle (arena);
          g_assert_cmpuint (n_finalized, ==, 100);
        }
      g_object_unref (arena);
      g_assert_cmpuint (n_finalized, ==, 100);
    }
}

/* Whatever its size, an object is finalized at the address that it was made at. */
GC_DECLARE_TYPE (DemoPlace, demo_place, DEMO, PLACE, GcObject)
struct _DemoPlace { GcObject parent_instance; const gsize n; guint8 bytes[]; };

static gpointer finalized_at;

static void
demo_place_finalize (GcObject *object)
{
  DemoPlace *self = DEMO_PLACE (object);

  finalized_at = object;
  for (gsize i = 0; i < self->n; i++)
    g_assert_cmpuint (self->bytes[i], ==, (i + self->n) % 256);
}

GC_DEFINE_TYPE (DemoPlace, demo_place, GC_TYPE_OBJECT,
                GC_FIELD_TAIL_BYTES (DemoPlace, bytes, n)
                GC_FINALIZE (demo_place_finalize))

static void
test_layouts (void)
{
  for (gsize n = 0; n <= 64; n++)
    {
      g_autoptr (GcArena) arena = demo_exact_arena_new ();
      gpointer made_at;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoPlace *place = gc_new_with_tail (m, DemoPlace, n);

        for (gsize i = 0; i < n; i++)
          place->bytes[i] = i + n;
        made_at = place;
      }
      finalized_at = NULL;
      gc_arena_collect (arena);
      g_assert_true (finalized_at == made_at);
    }
}

/* The root can change its type, and lead on to what it led to before. */
static void
test_map_root (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  set_root_vector (arena, 2);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (int i = 0; i < 2; i++)
      {
        DemoNode *node = gc_new (m, DemoNode);

        node->value = 10 + i;
        gc_set (root_vector (arena), items[i], node);
      }
  }
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);
      DemoNode *state = gc_new (m, DemoNode);
      GcObject *old = gc_arena_get_root (arena);
      DemoVector *vector = DEMO_VECTOR (i == 0 ? old : DEMO_NODE (old)->any);

      gc_set (state, any, vector);
      gc_set (state, left, DEMO_NODE (vector->items[i]));
      gc_arena_set_root (arena, state);
      g_clear_pointer (&m, gc_mutation_leave_);
      demo_check (arena);
      m = gc_arena_begin (arena);
      g_assert_cmpint (DEMO_NODE (gc_arena_get_root (arena))->left->value, ==, 10 + i);
    }
}

/* A structure that begins like another is one: what is written through the one is read through
 * the other. An object is one word to hold, whatever its size. */
static void
test_cast (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoWatch *watch = gc_new (m, DemoWatch);
  DemoNode *node = DEMO_NODE (watch);
  guint n = 0;

  node->value = 0x55;
  watch->n_finalized = &n;
  g_assert_true ((gpointer) node == watch);
  g_assert_cmpint (watch->parent_instance.value, ==, 0x55);
  node->value = 0xff;
  g_assert_cmpint (watch->parent_instance.value, ==, 0xff);
  g_assert_true (watch->n_finalized == &n);
  g_assert_cmpuint (sizeof (root_vector (NULL)->items[0]), ==, sizeof (gpointer));
}

/* Two types of one structure are told apart, by what their classes say. */
GC_DECLARE_TYPE (DemoLocked, demo_locked, DEMO, LOCKED, DemoNode)
struct _DemoLocked { DemoNode parent_instance; };
GC_DEFINE_TYPE (DemoLocked, demo_locked, demo_node_get_type (), )

static void
test_type_metadata (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  DemoNode *a = gc_new (m, DemoNode);
  DemoNode *b = DEMO_NODE (gc_new (m, DemoLocked));

  g_assert_cmpuint (gc_object_get_size (GC_OBJECT (a)), ==, gc_object_get_size (GC_OBJECT (b)));
  g_assert_false (DEMO_IS_LOCKED (a));
  g_assert_true (DEMO_IS_LOCKED (b));
  a = b;
  g_assert_true (DEMO_IS_LOCKED (a));
}

/* ---- pacing ---- */

static void
set_pacing (GcArena *arena,
            gsize    n_nodes,
            double   sleep_factor)
{
  g_autoptr (GcPacing) pacing = gc_pacing_new ();

  pacing->min_sleep = n_nodes * sizeof (DemoNode);
  pacing->sleep_factor = sleep_factor;
  gc_arena_set_pacing (arena, pacing);
}

static void
make_garbage (GcArena *arena,
              guint    n)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);

  for (guint i = 0; i < n; i++)
    gc_new (m, DemoNode);
}

/* Asleep there is no debt, up to the threshold and not beyond. */
static void
test_sleep_sleeps (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  set_pacing (arena, 100, 1.0);
  gc_arena_finish_cycle (arena);
  g_assert_cmpuint (gc_arena_get_debt (arena), ==, 0);
  gc_arena_inhibit (arena);
  for (guint i = 0; i < 100; i++)
    {
      make_garbage (arena, 1);
      g_assert_cmpuint (gc_arena_get_debt (arena), ==, 0);
    }
  make_garbage (arena, 10);
  g_assert_cmpuint (gc_arena_get_debt (arena), ==, 10 * sizeof (DemoNode));
  gc_arena_uninhibit (arena);
}

/* A full collection ends all debt and sleeps by what it found alive: its factor times as
 * much can be allocated before the next. */
static void
test_stop_the_world (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  set_pacing (arena, 100, 1.5);
  set_root_vector (arena, 110);
  gc_arena_finish_cycle (arena);
  gc_arena_inhibit (arena);
  for (guint i = 0; i < 110; i++)
    {
      g_autoptr (GcMutation) m = gc_arena_begin (arena);

      gc_set (root_vector (arena), items[i], GC_OBJECT (gc_new (m, DemoNode)));
    }
  g_assert_cmpuint (gc_arena_get_debt (arena), >, 0);
  gc_arena_uninhibit (arena);
  gc_arena_collect (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
  gc_arena_inhibit (arena);
  make_garbage (arena, 150);
  g_assert_cmpuint (gc_arena_get_debt (arena), ==, 0);
  make_garbage (arena, 150);
  g_assert_cmpuint (gc_arena_get_debt (arena), >, 0);
  gc_arena_uninhibit (arena);
}

/* Garbage and replacement at a steady rate: neither objects nor debt pile up. */
static void
test_bounded (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint n_finalized = 0, n_made = 0;

  set_pacing (arena, 64, 1.0);
  set_root_vector (arena, 32);
  gc_arena_finish_cycle (arena);
  counted_ns = 1;
  for (guint round = 0; round < 200; round++)
    {
      for (guint k = 0; k < 4; k++)
        {
          g_autoptr (GcMutation) m = gc_arena_begin (arena);

          for (guint i = 0; i < 32; i++, n_made++)
            {
              DemoNode *node = demo_watch_new (m, &n_finalized);

              if (round >= 100)
                gc_set (root_vector (arena), items[i], node);
            }
        }
      g_assert_cmpuint (n_made - n_finalized, <, 3000);
      g_assert_cmpuint (gc_arena_get_debt (arena), <, 3000 * sizeof (DemoWatch));
    }
  counted_ns = 0;
}

/* ---- phases ---- */

/* From sleep through marking to the sweep and back to sleep: paying debt goes through the phases
 * in their order. */
static void
test_phases (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  GcPhase last = GC_PHASE_IDLE;
  guint n_steps = 0;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, demo_chain_new (m, 200));
  }
  gc_arena_collect (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
  for (gboolean is_complete = FALSE; !is_complete; n_steps++)
    {
      make_garbage (arena, 1);
      is_complete = gc_arena_step_units (arena, 1);
      g_assert_cmpint (gc_arena_get_phase (arena), >=, last);
      last = gc_arena_get_phase (arena);
    }
  g_assert_cmpuint (n_steps, >, 100);
  g_assert_cmpint (last, ==, GC_PHASE_SWEEPING);
  gc_arena_finish_cycle (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
}

/* What is left of a cycle is finished without beginning the next. */
static void
test_cycle_debt_stops (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GcStats) stats = NULL;

  make_garbage (arena, 10000);
  gc_arena_start_sweeping (arena);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_SWEEPING);
  while (gc_arena_step (arena, 1))
    g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_SWEEPING);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
  gc_arena_step (arena, 1000);
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE);
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_cycles, ==, 1);
}

/* ---- barriers ---- */

/* An object that is marked already takes a new one: strongly, that lives; weakly, it
 * does not, and the reference to it is cleared. The same while marking goes on. */
static void
test_barriers (gconstpointer data)
{
  gboolean strong = GPOINTER_TO_INT (data);

  for (guint units = 0; units < 40; units++)
    {
      g_autoptr (GcArena) arena = demo_exact_arena_new ();
      guint n_finalized = 0;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        gc_arena_set_root (arena, demo_chain_new (m, 20));
      }
      if (units == 0)
        gc_arena_finish_marking (arena);
      else
        {
          gc_arena_start_cycle (arena);
          gc_arena_step_units (arena, units);
        }
      if (gc_arena_get_phase (arena) > GC_PHASE_MARKED)
        break;
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        for (DemoNode *node = gc_arena_get_root (arena); node != NULL; node = node->left)
          if (strong)
            {
              gc_set (node, right, demo_watch_new (m, &n_finalized));
              gc_set (node->right, any, GC_OBJECT (demo_watch_new (m, &n_finalized)));
            }
          else
            gc_set_weak (node, weak, demo_watch_new (m, &n_finalized));
      }
      gc_arena_finish_cycle (arena);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        g_assert_cmpuint (n_finalized, ==, strong ? 0 : 20);
        for (DemoNode *node = gc_arena_get_root (arena); node != NULL; node = node->left)
          if (strong)
            g_assert_true (DEMO_IS_WATCH (node->right->any));
          else
            g_assert_null (gc_weak_get (node, weak));
      }
      demo_check (arena);
    }
}

/* An object that moves from a place that marking has not reached to one that it has passed. */
static void
test_hiding (void)
{
  for (guint units = 1; units < 60; units++)
    {
      g_autoptr (GcArena) arena = demo_exact_arena_new ();
      guint n_finalized = 0;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *head = demo_chain_new (m, 50), *last = head;

        while (last->left != NULL)
          last = last->left;
        gc_set (last, right, demo_watch_new (m, &n_finalized));
        gc_arena_set_root (arena, head);
      }
      gc_arena_start_cycle (arena);
      gc_arena_step_units (arena, units);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        DemoNode *head = gc_arena_get_root (arena), *last = head;

        while (last->left != NULL)
          last = last->left;
        gc_set (head, any, GC_OBJECT (last->right));
        gc_set (last, right, NULL);
      }
      gc_arena_finish_cycle (arena);
      g_assert_cmpuint (n_finalized, ==, 0);
      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);

        g_assert_true (DEMO_IS_WATCH (DEMO_NODE (gc_arena_get_root (arena))->any));
      }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rivals/gc-arena/simple-allocation", test_simple_allocation);
  g_test_add_func ("/rivals/gc-arena/sized-allocation", test_sized_allocation);
  g_test_add_func ("/rivals/gc-arena/repeated-allocation", test_repeated_allocation);
  g_test_add_func ("/rivals/gc-arena/all-dropped", test_all_dropped);
  g_test_add_func ("/rivals/gc-arena/layouts", test_layouts);
  g_test_add_func ("/rivals/gc-arena/map-root", test_map_root);
  g_test_add_func ("/rivals/gc-arena/cast", test_cast);
  g_test_add_func ("/rivals/gc-arena/type-metadata", test_type_metadata);
  g_test_add_func ("/rivals/gc-arena/pacing/sleep", test_sleep_sleeps);
  g_test_add_func ("/rivals/gc-arena/pacing/stop-the-world", test_stop_the_world);
  g_test_add_func ("/rivals/gc-arena/pacing/bounded", test_bounded);
  g_test_add_func ("/rivals/gc-arena/phases", test_phases);
  g_test_add_func ("/rivals/gc-arena/phases/cycle-debt-stops", test_cycle_debt_stops);
  g_test_add_data_func ("/rivals/gc-arena/barriers/strong", GINT_TO_POINTER (TRUE), test_barriers);
  g_test_add_data_func ("/rivals/gc-arena/barriers/weak", GINT_TO_POINTER (FALSE), test_barriers);
  g_test_add_func ("/rivals/gc-arena/barriers/hiding", test_hiding);
  return g_test_run ();
}
