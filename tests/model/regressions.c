/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Mistakes that the model found, each in as few steps as it takes. */

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (RegressPair, regress_pair, REGRESS, PAIR, GcObject)
GC_DECLARE_TYPE (RegressTail, regress_tail, REGRESS, TAIL, GcObject)
GC_DECLARE_TYPE (RegressFan, regress_fan, REGRESS, FAN, GcObject)
GC_DECLARE_TYPE (RegressWeak, regress_weak, REGRESS, WEAK, GcObject)

/* One granule and a half. */
struct _RegressPair
{
  GcObject parent_instance;
  GC_REF (GcObject) slot;
  guint64 value;
};

GC_DEFINE_TYPE (RegressPair, regress_pair, GC_TYPE_OBJECT,
                GC_FIELD (RegressPair, slot))

struct _RegressTail
{
  GcObject parent_instance;
  const gsize n;
  GC_REF_TAIL (GcObject) items;
};

GC_DEFINE_TYPE (RegressTail, regress_tail, GC_TYPE_OBJECT,
                GC_FIELD_TAIL (RegressTail, items, n))

struct _RegressWeak
{
  GcObject parent_instance;
  GC_WEAK (GcObject) weak;
};

GC_DEFINE_TYPE (RegressWeak, regress_weak, GC_TYPE_OBJECT,
                GC_FIELD_WEAK (RegressWeak, weak))

struct _RegressFan
{
  GcObject parent_instance;
  GC_REF (GcObject) slots[32];
};

GC_DEFINE_TYPE (RegressFan, regress_fan, GC_TYPE_OBJECT,
                GC_FIELD_ARRAY (RegressFan, slots))

/* Nothing is collected but by hand. */
static GcArena *
new_arena (void)
{
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  GcArena *arena = gc_arena_new ();

  pacing->min_sleep = G_MAXSSIZE;
  gc_arena_set_pacing (arena, pacing);
  return arena;
}

#define N_PAIRS 900

/* A swept block was taken for allocation while its objects were grey: what of their last granule only
 * the metadata says was taken for free. */
static void
test_grey_half_granule (void)
{
  g_autoptr (GcArena) arena = new_arena ();

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    RegressTail *all = gc_new_with_tail (m, RegressTail, N_PAIRS);

    gc_arena_set_root (arena, all);
    for (guint i = 0; i < N_PAIRS; i++)
      {
        RegressPair *pair = gc_new (m, RegressPair);

        gc_set (all, items[i], pair);
        pair->value = i;
        gc_new (m, RegressPair);
      }
  }
  /* Every other pair leaves a hole. */
  gc_arena_collect (arena);

  gc_arena_start_cycle (arena);
  g_assert_false (gc_arena_step_units (arena, 3));
  g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_MARKING);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    RegressTail *all = gc_arena_get_root (arena);

    for (guint i = 0; i < 2 * N_PAIRS; i++)
      {
        RegressPair *pair = gc_new (m, RegressPair);

        gc_set (pair, slot, all);
        pair->value = G_MAXUINT64;
      }
    for (guint i = 0; i < N_PAIRS; i++)
      {
        RegressPair *pair = (RegressPair *) all->items[i];

        g_assert_true (G_TYPE_CHECK_INSTANCE_TYPE (pair, regress_pair_get_type ()));
        g_assert_null (pair->slot);
        g_assert_cmpuint (pair->value, ==, i);
      }
  }
  gc_arena_collect (arena);
}

/* When marking was finished by hand a program still comes to what is dead. What was kept
 * beside such an object was not found. */
static void
test_side_table_of_dead (void)
{
  g_autoptr (GcArena) arena = new_arena ();
  GcObject *target;
  guint hash;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    RegressWeak *root = gc_new (m, RegressWeak);

    gc_arena_set_root (arena, root);
    target = GC_OBJECT (gc_new (m, RegressPair));
    gc_set_weak (root, weak, target);
    hash = gc_object_hash (target);
    gc_object_add_external_bytes (target, 1000);
  }
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    RegressWeak *root = gc_arena_get_root (arena);

    target = gc_object_ref (gc_weak_get (root, weak));
    g_assert_cmphex (gc_object_hash (target), ==, hash);
    g_assert_cmpuint (gc_object_get_external_bytes (target), ==, 1000);
    gc_object_add_external_bytes (target, 500);
  }
  gc_arena_collect (arena);
  g_assert_cmphex (gc_object_hash (target), ==, hash);
  g_assert_cmpuint (gc_object_get_external_bytes (target), ==, 1500);
  gc_object_unref (target);
  gc_arena_collect (arena);
  {
    g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

    g_assert_cmpuint (stats->external_bytes, ==, 0);
  }
}

/* The same, of a string that is found by its text. */
static void
test_interned_dead (void)
{
  g_autoptr (GcArena) arena = new_arena ();
  GcObject *kept;
  guint hash;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    hash = gc_object_hash (GC_OBJECT (gc_string_intern (m, "text")));
  }
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcString *string = gc_string_intern (m, "text");

    kept = gc_object_ref (string);
    g_assert_cmphex (gc_object_hash (kept), ==, hash);
    g_assert_true (gc_string_intern (m, "text") == string);
  }
  gc_arena_collect (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    g_assert_true (GC_OBJECT (gc_string_intern (m, "text")) == kept);
    g_assert_cmpstr (gc_string_get_text (GC_STRING (kept)), ==, "text");
  }
  gc_object_unref (kept);
}

/* The marker's stack was full to where it looks for room, and nothing else was left to do: it made
 * room and gave it back for ever. */
static void
test_full_stack (void)
{
  for (guint width = 26; width <= 32; width += 2)
    {
      g_autoptr (GcArena) arena = new_arena ();
      guint64 n = 0;

      {
        g_autoptr (GcMutation) m = gc_arena_begin (arena);
        g_autoptr (GPtrArray) fans = g_ptr_array_new ();

        g_ptr_array_add (fans, gc_new (m, RegressFan));
        gc_arena_set_root (arena, fans->pdata[0]);
        for (guint i = 0; fans->len < 40000; i++)
          for (guint k = 0; k < width; k++)
            {
              RegressFan *fan = gc_new (m, RegressFan);

              gc_set ((RegressFan *) fans->pdata[i], slots[k], fan);
              g_ptr_array_add (fans, fan);
            }
        n = fans->len;
      }
      gc_arena_collect (arena);
      {
        g_autoptr (GcStats) stats = gc_arena_get_stats (arena);

        g_assert_cmpuint (stats->live_objects, ==, n);
      }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/regressions/grey-half-granule", test_grey_half_granule);
  g_test_add_func ("/model/regressions/side-table-of-dead", test_side_table_of_dead);
  g_test_add_func ("/model/regressions/interned-dead", test_interned_dead);
  g_test_add_func ("/model/regressions/full-stack", test_full_stack);
  return g_test_run ();
}
