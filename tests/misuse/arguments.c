/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* NULL, and instances of other types, for each argument that is an instance. */

#include "misuse.h"

static void
on_mutate (GcMutation *m,
           gpointer    data)
{
  g_assert_not_reached ();
}

static void
on_notify (gpointer data)
{
  g_assert_not_reached ();
}

/* Each function that takes an arena, given something else. */
static void
test_no_arena (gconstpointer data)
{
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GcPacing) pacing = gc_pacing_new ();
  GcArena *arena = data != NULL ? (GcArena *) object : NULL;

#define REFUSES(function, call) \
  G_STMT_START { \
    EXPECT_ASSERTION (function, "GC_IS_ARENA (arena)"); \
    call; \
    g_test_assert_expected_messages (); \
  } G_STMT_END

  REFUSES ("gc_arena_begin", g_assert_null (gc_arena_begin (arena)));
  REFUSES ("gc_arena_mutate", gc_arena_mutate (arena, on_mutate, NULL));
  REFUSES ("gc_arena_get_root", g_assert_null (gc_arena_get_root (arena)));
  REFUSES ("gc_arena_dup_root", g_assert_null (gc_arena_dup_root (arena)));
  REFUSES ("gc_arena_set_root", gc_arena_set_root (arena, NULL));
  REFUSES ("enter_pause", gc_arena_collect (arena));
  REFUSES ("enter_pause", g_assert_false (gc_arena_step (arena, 10)));
  REFUSES ("enter_pause", g_assert_false (gc_arena_step_units (arena, 10)));
  REFUSES ("enter_pause", gc_arena_start_cycle (arena));
  REFUSES ("enter_pause", gc_arena_finish_marking (arena));
  REFUSES ("enter_pause", gc_arena_start_sweeping (arena));
  REFUSES ("enter_pause", gc_arena_finish_cycle (arena));
  REFUSES ("gc_arena_get_phase", g_assert_cmpint (gc_arena_get_phase (arena), ==, GC_PHASE_IDLE));
  REFUSES ("gc_arena_get_debt", g_assert_cmpuint (gc_arena_get_debt (arena), ==, 0));
  REFUSES ("gc_arena_get_pacing", g_assert_null (gc_arena_get_pacing (arena)));
  REFUSES ("gc_arena_set_pacing", gc_arena_set_pacing (arena, pacing));
  REFUSES ("gc_arena_get_heap_limit", g_assert_cmpuint (gc_arena_get_heap_limit (arena), ==, 0));
  REFUSES ("gc_arena_set_heap_limit", gc_arena_set_heap_limit (arena, 0));
  REFUSES ("gc_arena_check_heap_limit", g_assert_false (gc_arena_check_heap_limit (arena, NULL)));
  REFUSES ("gc_arena_inhibit", gc_arena_inhibit (arena));
  REFUSES ("gc_arena_uninhibit", gc_arena_uninhibit (arena));
  REFUSES ("gc_arena_attach", gc_arena_attach (arena, NULL));
  REFUSES ("gc_arena_detach", gc_arena_detach (arena));
  REFUSES ("gc_arena_defer_notify", gc_arena_defer_notify (arena, on_notify, NULL));
  REFUSES ("gc_arena_get_stats", g_assert_null (gc_arena_get_stats (arena)));
  REFUSES ("gc_arena_get_zeal", g_assert_cmpint (gc_arena_get_zeal (arena), ==, GC_ZEAL_NONE));
  REFUSES ("gc_arena_set_zeal", gc_arena_set_zeal (arena, GC_ZEAL_NONE));
  REFUSES ("gc_arena_verify", g_assert_false (gc_arena_verify (arena, NULL)));
#undef REFUSES
}

static void
test_other_nulls (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();

  EXPECT_ASSERTION ("gc_arena_mutate", "func != NULL");
  gc_arena_mutate (arena, NULL, NULL);
  EXPECT_ASSERTION ("gc_arena_defer_notify", "notify != NULL");
  gc_arena_defer_notify (arena, NULL, NULL);
  EXPECT_ASSERTION ("gc_arena_set_pacing", "pacing != NULL");
  gc_arena_set_pacing (arena, NULL);
  EXPECT_ASSERTION ("gc_pacing_copy", "pacing != NULL");
  g_assert_null (gc_pacing_copy (NULL));
  EXPECT_ASSERTION ("gc_stats_copy", "stats != NULL");
  g_assert_null (gc_stats_copy (NULL));
  EXPECT_ASSERTION ("gc_stats_to_string", "stats != NULL");
  g_assert_null (gc_stats_to_string (NULL));
  gc_pacing_free (NULL);
  gc_stats_free (NULL);
  still_works (arena);
}

/* Each function that takes an object, given something that no arena made. */
static void
test_no_object (gconstpointer data)
{
  static GTypeInstance on_data_segment;
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GObject) gobject = g_object_new (G_TYPE_OBJECT, NULL);
  gpointer candidates[] = { NULL, gobject, &on_data_segment, &arena, (gpointer) ~(gsize) 7, GSIZE_TO_POINTER (8) };
  gpointer bad = candidates[GPOINTER_TO_UINT (data)];
  gpointer slot = NULL;

  EXPECT_ASSERTION ("gc_object_ref", "*");
  g_assert_null (gc_object_ref (bad));
  EXPECT_ASSERTION ("gc_object_unref", "*");
  gc_object_unref (bad);
  EXPECT_ASSERTION ("gc_object_get_arena", "*");
  g_assert_null (gc_object_get_arena (bad));
  EXPECT_ASSERTION ("gc_object_hash", "*");
  g_assert_cmpuint (gc_object_hash (bad), ==, 0);
  EXPECT_ASSERTION ("gc_object_get_size", "*");
  g_assert_cmpuint (gc_object_get_size (bad), ==, 0);
  EXPECT_ASSERTION ("gc_object_add_external_bytes", "*");
  gc_object_add_external_bytes (bad, 1);
  EXPECT_ASSERTION ("gc_object_get_external_bytes", "*");
  g_assert_cmpuint (gc_object_get_external_bytes (bad), ==, 0);
  EXPECT_ASSERTION ("gc_object_abandon", "*");
  gc_object_abandon (bad);
  EXPECT_ASSERTION ("gc_object_to_string", "*");
  g_assert_null (gc_object_to_string (bad));
  EXPECT_ASSERTION ("gc_object_set_slot", "*");
  gc_object_set_slot (bad, &slot, NULL);
  EXPECT_ASSERTION ("gc_object_set_weak_slot", "*");
  gc_object_set_weak_slot (bad, &slot, NULL);
  if (bad != NULL)
    {
      EXPECT_ASSERTION ("gc_arena_set_root", "*");
      gc_arena_set_root (arena, bad);
    }
  still_works (arena);
}

/* ... as a value that is to be stored. */
static void
test_no_value (gconstpointer data)
{
  static GTypeInstance on_data_segment;
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  g_autoptr (GObject) gobject = g_object_new (G_TYPE_OBJECT, NULL);
  gpointer candidates[] = { gobject, &on_data_segment, (gpointer) ~(gsize) 7, GSIZE_TO_POINTER (8) };
  gpointer bad = candidates[GPOINTER_TO_UINT (data)];
  g_auto (GValue) value = G_VALUE_INIT;
  DemoNode *node;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    node = gc_object_ref (gc_new (m, DemoNode));
    EXPECT_ASSERTION ("gc_object_set_slot", "!gc_is_ref (value) || gc_arena_of (value) == arena");
    gc_object_set_slot (node, &node->left, bad);
    g_assert_null (node->left);
    EXPECT_ASSERTION ("gc_object_set_weak_slot", "value == NULL || gc_arena_of (value) == arena");
    gc_object_set_weak_slot (node, &node->weak, bad);
    g_assert_null (gc_weak_get (node, weak));
  }
  g_value_init (&value, GC_TYPE_OBJECT);
  EXPECT_ASSERTION ("gc_value_set_object", "object == NULL || gc_arena_of (object) != NULL");
  gc_value_set_object (&value, bad);
  g_assert_null (gc_value_get_object (&value));
  EXPECT_ASSERTION ("gc_value_set_object", "object == NULL || gc_arena_of (object) != NULL");
  gc_value_take_object (&value, bad);
  g_assert_null (gc_value_get_object (&value));

  /* The inline form looks where it has to do something: at owners that are marked. */
  gc_arena_finish_marking (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    EXPECT_CRITICAL ("gc_set: the value at 0x* is not an object of the owner's arena");
    gc_set (node, any, (GcObject *) bad);
    g_assert_null (node->any);
  }
  still_works (arena);
  gc_object_unref (node);
}

static void
test_value_types (void)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  g_auto (GValue) number = G_VALUE_INIT;
  g_auto (GValue) watch = G_VALUE_INIT;
  DemoNode *node = gc_new (m, DemoNode);
  g_autoptr (GcStats) stats = NULL;

  g_value_init (&number, G_TYPE_INT);
  EXPECT_ASSERTION ("gc_value_set_object", "GC_VALUE_HOLDS_OBJECT (value)");
  gc_value_set_object (&number, node);
  EXPECT_ASSERTION ("gc_value_get_object", "GC_VALUE_HOLDS_OBJECT (value)");
  g_assert_null (gc_value_get_object (&number));
  EXPECT_ASSERTION ("gc_value_dup_object", "GC_VALUE_HOLDS_OBJECT (value)");
  g_assert_null (gc_value_dup_object (&number));

  g_value_init (&watch, demo_watch_get_type ());
  EXPECT_ASSERTION ("gc_value_set_object", "*g_value_type_compatible*");
  gc_value_set_object (&watch, node);
  g_assert_null (gc_value_get_object (&watch));
  /* The reference is taken over, stored or not. */
  EXPECT_ASSERTION ("gc_value_set_object", "*g_value_type_compatible*");
  gc_value_take_object (&watch, gc_object_ref (node));
  g_assert_null (gc_value_get_object (&watch));
  stats = gc_arena_get_stats (arena);
  g_assert_cmpuint (stats->n_external_refs, ==, 0);

  EXPECT_ASSERTION ("gc_param_spec_object", "g_type_is_a (object_type, GC_TYPE_OBJECT)");
  g_assert_null (gc_param_spec_object ("x", NULL, NULL, G_TYPE_OBJECT, G_PARAM_READWRITE));

  g_clear_pointer (&m, gc_mutation_leave_);
  still_works (arena);
}

static void
test_settings (void)
{
  static const gsize offsets[] = {
    G_STRUCT_OFFSET (GcPacing, sleep_factor), G_STRUCT_OFFSET (GcPacing, mark_factor),
    G_STRUCT_OFFSET (GcPacing, trace_factor), G_STRUCT_OFFSET (GcPacing, keep_factor),
    G_STRUCT_OFFSET (GcPacing, free_factor), G_STRUCT_OFFSET (GcPacing, drop_factor)
  };
  static const double bad[] = { -0.5, -1e300, 0.0 / 0.0 };
  g_autoptr (GcArena) arena = gc_arena_new ();

  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    for (guint k = 0; k < G_N_ELEMENTS (bad); k++)
      {
        g_autoptr (GcPacing) pacing = gc_pacing_new ();
        g_autoptr (GcPacing) kept = NULL;

        G_STRUCT_MEMBER (double, pacing, offsets[i]) = bad[k];
        EXPECT_ASSERTION ("gc_arena_set_pacing", "*");
        gc_arena_set_pacing (arena, pacing);
        kept = gc_arena_get_pacing (arena);
        g_assert_cmpfloat (G_STRUCT_MEMBER (double, kept, offsets[i]), >, 0);
      }
  EXPECT_CRITICAL ("gc_arena_uninhibit: the arena is not inhibited");
  gc_arena_uninhibit (arena);
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    GcZeal zeal = gc_arena_get_zeal (arena);

    gc_new (m, DemoNode);
    EXPECT_CRITICAL ("gc_arena_set_zeal: objects were allocated already");
    gc_arena_set_zeal (arena, GC_ZEAL_CLOBBER);
    g_assert_cmpint (gc_arena_get_zeal (arena), ==, zeal);
  }
  still_works (arena);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/misuse/arguments/arena/null", NULL, test_no_arena);
  g_test_add_data_func ("/misuse/arguments/arena/other", "other", test_no_arena);
  g_test_add_func ("/misuse/arguments/nulls", test_other_nulls);
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *path = g_strdup_printf ("/misuse/arguments/object/%u", i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_no_object);
    }
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *path = g_strdup_printf ("/misuse/arguments/value/%u", i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_no_value);
    }
  g_test_add_func ("/misuse/arguments/value-types", test_value_types);
  g_test_add_func ("/misuse/arguments/settings", test_settings);
  return g_test_run ();
}
