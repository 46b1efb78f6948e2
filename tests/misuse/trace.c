/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Trace functions that report what is not theirs. The check belongs to a library
 * that was built with full checks; this program is linked with its static twin
 * and knows by what that was built with. */

#include "misuse.h"

GC_DECLARE_TYPE (DemoNosy, demo_nosy, DEMO, NOSY, GcObject)

struct _DemoNosy
{
  GcObject parent_instance;
  DemoNode *mine;
  gconstpointer reported;
  gsize n;
  gboolean is_weak;
};

static void
demo_nosy_trace (GcObject *object,
                 GcTracer *tracer)
{
  DemoNosy *self = (DemoNosy *) object;

  gc_trace (tracer, &self->mine);
  if (self->reported == NULL)
    return;
  if (self->is_weak)
    gc_trace_weak (tracer, self->reported);
  else
    gc_trace_array (tracer, self->reported, self->n);
}

GC_DEFINE_TYPE (DemoNosy, demo_nosy, GC_TYPE_OBJECT,
                GC_FIELD_UNTRACED (DemoNosy, reported)
                GC_TRACE (demo_nosy_trace))

/* Reports are made twice at least: when marking, and when checking. */
static guint n_criticals;

static gboolean
count_criticals (const char     *domain,
                 GLogLevelFlags  level,
                 const char     *message,
                 gpointer        data)
{
  g_assert_cmpstr (message, ==, "gc_trace: the trace function of DemoNosy reports a slot outside of its object");
  n_criticals++;
  return FALSE;
}

static void
log_nothing (const char     *domain,
             GLogLevelFlags  level,
             const char     *message,
             gpointer        data)
{
  count_criticals (domain, level, message, data);
}

static void
check_report (gconstpointer slot_of_other,
              gsize         offset,
              gsize         n,
              gboolean      is_weak,
              gboolean      is_bad)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();
  guint handler;
  DemoNosy *nosy;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);
    DemoNode *other;

    nosy = gc_object_ref (gc_new (m, DemoNosy));
    gc_object_set_slot (nosy, &nosy->mine, gc_new (m, DemoNode));
    other = nosy->mine;
    nosy->reported = slot_of_other != NULL ? slot_of_other : (const char *) other + offset;
    nosy->n = n;
    nosy->is_weak = is_weak;
  }
  n_criticals = 0;
  g_test_log_set_fatal_handler (count_criticals, NULL);
  handler = g_log_set_handler ("GcObj", G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL, log_nothing, NULL);
  gc_arena_collect (arena);
  g_log_remove_handler ("GcObj", handler);
  g_test_log_set_fatal_handler (NULL, NULL);
  if (is_bad)
    g_assert_cmpuint (n_criticals, >, 0);
  else
    g_assert_cmpuint (n_criticals, ==, 0);
  nosy->reported = NULL;
  g_assert_true (DEMO_IS_NODE (nosy->mine));
  gc_object_unref (nosy);
  still_works (arena);
}

static gboolean
has_full_checks (void)
{
#if GCOBJ_CHECKS >= 2
  return TRUE;
#else
  g_test_skip ("the library is built without full checks");
  return FALSE;
#endif
}

static void
test_other_object (void)
{
  if (!has_full_checks ())
    return;
  check_report (NULL, G_STRUCT_OFFSET (DemoNode, left), 1, FALSE, TRUE);
  check_report (NULL, G_STRUCT_OFFSET (DemoNode, weak), 1, TRUE, TRUE);
  check_report (NULL, G_STRUCT_OFFSET (DemoNode, left), 3, FALSE, TRUE);
}

/* Memory of the program's is fine: it is what trace functions are for. */
static void
test_unmanaged (void)
{
  static gpointer slots[3];

  check_report (slots, 0, 3, FALSE, FALSE);
  check_report (slots, 0, 1, TRUE, FALSE);
}

static void
test_nulls (void)
{
  gpointer slot = NULL;

  EXPECT_ASSERTION ("gc_trace", "tracer != NULL");
  gc_trace (NULL, &slot);
  EXPECT_ASSERTION ("gc_trace_weak", "tracer != NULL");
  gc_trace_weak (NULL, &slot);
  EXPECT_ASSERTION ("gc_trace_array", "tracer != NULL");
  gc_trace_array (NULL, &slot, 1);
  g_test_assert_expected_messages ();
}

/* What a trace function may not do, where it is called in a pause. */
GC_DECLARE_TYPE (DemoBusy, demo_busy, DEMO, BUSY, GcObject)
struct _DemoBusy { GcObject parent_instance; };

static guint n_traced;

static void
never (GcMutation *m,
       gpointer    data)
{
  g_assert_not_reached ();
}

static void
demo_busy_trace (GcObject *object,
                 GcTracer *tracer)
{
  GcArena *arena = gc_object_get_arena (object);

  if (n_traced++ > 0)
    return;
  EXPECT_ASSERTION ("gc_arena_begin", "gc_arena_get_innermost (arena) != NULL");
  g_assert_null (gc_arena_begin (arena));
  EXPECT_ASSERTION ("gc_arena_mutate", "*gc_arena_is_mutating (arena)");
  gc_arena_mutate (arena, never, NULL);
  EXPECT_ASSERTION ("enter_pause", "!gc_arena_is_mine (arena)");
  gc_arena_collect (arena);
  g_test_assert_expected_messages ();
}

GC_DEFINE_TYPE (DemoBusy, demo_busy, GC_TYPE_OBJECT, GC_TRACE (demo_busy_trace))

static void
test_busy (void)
{
  g_autoptr (GcArena) arena = demo_exact_arena_new ();

  n_traced = 0;
  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    gc_arena_set_root (arena, gc_new (m, DemoBusy));
  }
  gc_arena_collect (arena);
  g_assert_cmpuint (n_traced, >, 0);
  still_works (arena);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/misuse/trace/other-object", test_other_object);
  g_test_add_func ("/misuse/trace/unmanaged", test_unmanaged);
  g_test_add_func ("/misuse/trace/nulls", test_nulls);
  g_test_add_func ("/misuse/trace/busy", test_busy);
  return g_test_run ();
}
