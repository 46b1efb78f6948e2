/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Generators: sources, pulling by hand, and what is collected. */

#include "generators.h"

/* Sources */

static GListStore *store;

static gboolean
count_up (GcMutation  *m,
          gpointer    *item,
          gpointer     context,
          GError     **error)
{
  gssize n = gc_array_get_length (context);

  if (n == 3)
    return FALSE;
  gc_array_append (context, NULL);
  *item = INT (n);
  return TRUE;
}

static gboolean
count_and_fail (GcMutation  *m,
                gpointer    *item,
                gpointer     context,
                GError     **error)
{
  if (count_up (m, item, context, error))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
  return FALSE;
}

static guint n_calls, n_destroyed;

static GcStepResult
script_count (GcMutation  *m,
              GcStep      *step,
              gpointer     user_data,
              GError     **error)
{
  if (gc_step_get_error (step) != NULL)
    return GC_STEP_FAILED;
  return n_calls++ < 3 ? gc_step_emit (step, INT (n_calls)) : gc_step_done (step, NULL);
}

static void
destroy (gpointer data)
{
  n_destroyed++;
}

enum
{
  EMPTY, ONCE, RANGE, RANGE_DOWN, RANGE_NONE, RANGE_LAST, RANGE_FIRST, ARRAY, MODEL, HANDLES, FUNC, FUNC_FAILS, SCRIPT,
  N_SOURCES
};

static GcSequence *
make_source (GcMutation *m,
             gpointer    context)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GcArray *array = gc_array_new (m);

  n_calls = 0;
  switch (GPOINTER_TO_UINT (context))
    {
    case EMPTY:
      return gc_generator_empty (m);
    case ONCE:
      return gc_generator_once (m, INT (7));
    case RANGE:
      return gc_generator_range (m, 0, 5, 1);
    case RANGE_DOWN:
      return gc_generator_range (m, 5, 0, -2);
    case RANGE_NONE:
      return gc_generator_range (m, 1, 0, 1);
    case RANGE_LAST:
      return gc_generator_range (m, G_MAXINT64 - 1, G_MAXINT64, 5);
    case RANGE_FIRST:
      return gc_generator_range (m, G_MININT64 + 1, G_MININT64, -1);
    case ARRAY:
      gc_array_append (array, INT (1));
      gc_array_append (array, NULL);
      gc_array_append (array, gc_array_new (m));
      return gc_generator_from_array (m, array);
    case MODEL:
      g_list_store_remove_all (store);
      for (guint i = 0; i < 2; i++)
        {
          g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);

          g_list_store_append (store, object);
        }
      return gc_generator_from_list_model (m, G_LIST_MODEL (store));
    case HANDLES:
      g_list_store_remove_all (store);
      for (guint i = 0; i < 2; i++)
        {
          g_autoptr (GcHandle) handle = gc_handle_new (array);

          g_list_store_append (store, handle);
        }
      return gc_generator_from_list_model (m, G_LIST_MODEL (store));
    case FUNC:
      return gc_generator_from_func (m, count_up, array);
    case FUNC_FAILS:
      return gc_generator_from_func (m, count_and_fail, array);
    case SCRIPT:
      return gc_generator_from_func_full (m, script_count, NULL, destroy);
    default:
      g_assert_not_reached ();
    }
}

static GcSequence *
make_collect (GcMutation *m,
              gpointer    context)
{
  return gc_generator_collect (m, make_source (m, context));
}

static const struct
{
  const char *text;
  guint       n_steps;
} sources[] = {
  [EMPTY] = { "[]", 2 },
  [ONCE] = { "[7]", 3 },
  [RANGE] = { "[0 1 2 3 4]", 7 },
  [RANGE_DOWN] = { "[5 3 1]", 5 },
  [RANGE_NONE] = { "[]", 2 },
  [RANGE_LAST] = { "[box 9223372036854775806]", 3 },
  [RANGE_FIRST] = { "[box -9223372036854775807]", 3 },
  [ARRAY] = { "[1 null []]", 5 },
  [MODEL] = { "[GcOwningBox GcOwningBox]", 4 },
  [HANDLES] = { "[[] []]", 4 },
  [FUNC] = { "[0 1 2]", 5 },
  [FUNC_FAILS] = { BROKEN, 5 },
  [SCRIPT] = { "[1 2 3]", 5 },
};

static void
test_sources (Demo          *demo,
              gconstpointer  data)
{
  n_destroyed = 0;
  store = g_list_store_new (G_TYPE_OBJECT);
  for (guint i = 0; i < N_SOURCES; i++)
    {
      g_test_message ("source %u", i);
      assert_run (demo, make_collect, GUINT_TO_POINTER (i), sources[i].text, sources[i].n_steps);
      cancel_everywhere (demo, make_collect, GUINT_TO_POINTER (i));
      stop_everywhere (demo, make_source, GUINT_TO_POINTER (i), THEN_CLOSE);
      stop_everywhere (demo, make_source, GUINT_TO_POINTER (i), THEN_DROP);
    }
  gc_arena_collect (demo->arena);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  /* Once to collect; cancelled after 0 to 5 steps; closed and dropped after 0 to 4 items */
  g_assert_cmpuint (n_destroyed, ==, 1 + 6 + 2 * 5);
  g_assert_finalize_object (store);
}

/* Pulling by hand */

static GcItem *
pull (Demo    *demo,
      GError **error)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  GcSequence *sequence = gc_object_ref (next_of_root (m, NULL));
  GcItem *item;

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  item = gc_runner_run (demo->runner, sequence, NULL, error);
  gc_object_unref (sequence);
  return item;
}

static void
assert_item (Demo     *demo,
             int       number,
             gboolean  is_end)
{
  g_autoptr (GError) error = NULL;
  guint64 before = gc_runner_get_n_steps (demo->runner);
  GcItem *item = pull (demo, &error);
  GcObject *object;

  g_assert_no_error (error);
  g_assert_true (GC_IS_ITEM (item));
  g_assert_cmpint (gc_item_is_end (item), ==, is_end);
  g_assert_cmpint (gc_untag_int (gc_item_get_value (item)), ==, number);
  object = gc_item_dup_value (item);
  if (gc_item_get_value (item) == NULL)
    {
      g_assert_null (object);
      g_assert_cmpuint (gc_runner_get_n_steps (demo->runner) - before, ==, 1);
    }
  else
    {
      g_assert_cmpint (gc_box_get_int64 ((GcBox *) object, NULL), ==, number);
      gc_object_unref (object);
      g_assert_cmpuint (gc_runner_get_n_steps (demo->runner) - before, ==, 2);
    }
  gc_object_unref (item);
}

static void
test_next (Demo          *demo,
           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  generators_reset ();
  set_root (demo, make_numbers, GINT_TO_POINTER (2));
  assert_item (demo, 0, FALSE);
  assert_state (demo, GC_SEQUENCE_SUSPENDED);
  assert_item (demo, 1, FALSE);
  assert_item (demo, 100, TRUE);
  assert_item (demo, 0, TRUE);
  assert_item (demo, 0, TRUE);

  set_root (demo, make_broken_numbers, NULL);
  g_assert_true (pull_one (demo));
  g_assert_true (pull_one (demo));
  g_assert_null (pull (demo, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  assert_item (demo, 0, TRUE);
  gc_arena_set_root (demo->arena, NULL);
}

static GcSequence *
make_never (GcMutation *m,
            gpointer    context)
{
  return gc_generator_chain (m, numbers (m, 1), gc_sequence_never (m), NULL);
}

/* One at a time; and cancelling the one that waits cancels the generator. */
static void
test_next_busy (Demo          *demo,
                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  GcRun *run;

  generators_reset ();
  set_root (demo, make_never, NULL);
  g_assert_true (pull_one (demo));
  run = start (demo, next_of_root, NULL);
  gc_runner_step (demo->runner, 100);
  g_assert_false (gc_run_is_done (run));
  g_assert_null (pull (demo, &error));
  g_assert_error (error, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_null (demo_run (demo, close_root, NULL, &error));
  g_assert_error (error, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_BUSY);
  g_clear_error (&error);
  gc_run_cancel (run);
  finish (demo, run);
  g_assert_null (gc_run_get_result (run, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_object_unref (run);
  assert_item (demo, 0, TRUE);
  gc_arena_set_root (demo->arena, NULL);
}

/* Collecting */

static gboolean
give_context (GcMutation  *m,
              gpointer    *item,
              gpointer     context,
              GError     **error)
{
  *item = context;
  return TRUE;
}

static gpointer
keep_item (GcMutation  *m,
           gpointer     item,
           gpointer     context,
           GError     **error)
{
  gc_array_append (context, item);
  return item;
}

/* The generator refers to its context, and that to the generator. */
static GcSequence *
make_cycle (GcMutation *m,
            gpointer    context)
{
  GcArray *array = gc_array_new (m);
  GcSequence *generator = gc_generator_from_func (m, give_context, array);

  generator = gc_generator_map (m, gc_generator_chain (m, numbers (m, 1), generator, NULL), keep_item, array);
  gc_array_append (array, generator);
  return generator;
}

static void
test_cycle (Demo          *demo,
            gconstpointer  data)
{
  gsize before;

  generators_reset ();
  set_root (demo, make_cycle, NULL);
  g_assert_true (pull_one (demo));
  gc_arena_set_root (demo->arena, NULL);
  before = demo_n_objects (demo);
  for (guint i = 0; i < 100; i++)
    {
      set_root (demo, make_cycle, NULL);
      for (guint k = 0; k < 3; k++)
        g_assert_true (pull_one (demo));
    }
  gc_arena_set_root (demo->arena, NULL);
  g_assert_cmpuint (demo_n_objects (demo), <=, before);
  g_assert_cmpuint (seen.n_begun, ==, 101);
  g_assert_cmpuint (seen.n_ended, ==, 101);
}

static gboolean
is_third (GcMutation  *m,
          gpointer     item,
          gpointer     context,
          GError     **error)
{
  return gc_untag_int (item) % 3 == 0;
}

static GcSequence *
make_endless (GcMutation *m,
              gpointer    context)
{
  GcSequence *all = gc_generator_chunk (m, gc_generator_range (m, 0, G_MAXINT64, 1), 1);

  all = gc_generator_flatten (m, gc_generator_map (m, all, keep_item, gc_array_new (m)), 1);
  return gc_generator_count (m, gc_generator_take (m, all, 1));
}

static GcSequence *
make_many (GcMutation *m,
           gpointer    context)
{
  GcSequence *all = gc_generator_filter (m, gc_generator_range (m, 0, G_MAXINT64, 1), is_third, NULL);

  return gc_generator_count (m, gc_generator_take (m, gc_generator_enumerate (m, all), GPOINTER_TO_UINT (context)));
}

/* Without an end, in a bounded heap. */
static void
test_endless (Demo          *demo,
              gconstpointer  data)
{
  guint n = data != NULL ? 200 : g_test_slow () ? 3000000 : 300000;
  g_autoptr (GcStats) stats = NULL;

  g_assert_cmpuint (gc_untag_int (demo_run (demo, make_many, GUINT_TO_POINTER (n), NULL)), ==, n);
  stats = gc_arena_get_stats (demo->arena);
  g_test_message ("peak: %" G_GUINT64_FORMAT " bytes", stats->peak_heap_bytes);
  if (data == NULL)
    g_assert_cmpuint (stats->peak_heap_bytes, <, 16 << 20);
  demo_assert_error (demo, make_endless, NULL, GC_SEQUENCE_ERROR, GC_SEQUENCE_ERROR_FAILED);
}

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) other = gc_arena_new ();
  GcMutation *m = gc_arena_begin (demo->arena);
  GcMutation *m2 = gc_arena_begin (other);
  GcSequence *foreign = numbers (m2, 1);
  gpointer array = gc_array_new (m2);

  if (data == NULL)             /* what is refused is not a matter of collecting */
    {
#define REFUSED(what, call) \
      g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, what ": assertion*"); \
      g_assert_null (call); \
      g_test_assert_expected_messages ()

      REFUSED ("gc_generator_next", gc_generator_next (m, NULL));
      REFUSED ("gc_generator_next", gc_generator_next (m, foreign));
      REFUSED ("gc_generator_close", gc_generator_close (m, foreign));
      REFUSED ("gc_generator_close", gc_generator_close (m, (GcSequence *) gc_array_new (m)));
      REFUSED ("gc_generator_once", gc_generator_once (m, foreign));
      REFUSED ("gc_generator_range", gc_generator_range (m, 0, 1, 0));
      REFUSED ("gc_generator_from_array", gc_generator_from_array (m, NULL));
      REFUSED ("gc_generator_from_array", gc_generator_from_array (m, array));
      REFUSED ("gc_generator_from_list_model", gc_generator_from_list_model (m, NULL));
      REFUSED ("gc_generator_from_func", gc_generator_from_func (m, NULL, NULL));
      REFUSED ("gc_generator_from_func", gc_generator_from_func (m, count_up, array));
      REFUSED ("gc_sequence_func", gc_generator_from_func_full (m, NULL, NULL, NULL));
      REFUSED ("gc_item_get_value", gc_item_get_value (NULL));
      REFUSED ("gc_item_dup_value", gc_item_dup_value (array));
      g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "gc_item_is_end: assertion*");
      g_assert_true (gc_item_is_end (NULL));
      g_test_assert_expected_messages ();
    }
  gc_mutation_finish (m2);
  gc_mutation_unref (m2);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("generator/sources", test_sources);
  demo_add ("generator/next", test_next);
  demo_add ("generator/next-busy", test_next_busy);
  demo_add ("generator/cycle", test_cycle);
  demo_add ("generator/endless", test_endless);
  demo_add ("generator/misuse", test_misuse);

  return g_test_run ();
}
