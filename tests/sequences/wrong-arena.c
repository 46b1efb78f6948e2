/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is given an object of another arena refuses it. */

#include "demo.h"

static gpointer
same (GcMutation  *m,
      gpointer     value,
      gpointer     context,
      GError     **error)
{
  return value;
}

static GcSequence *
go_on (GcMutation  *m,
       gpointer     value,
       gpointer     context,
       GError     **error)
{
  return gc_sequence_value (m, value);
}

static GcStepResult
step_once (GcMutation  *m,
           GcStep      *step,
           gpointer     context,
           GError     **error)
{
  return gc_step_done (step, context);
}

static GcSequence *
thunk (GcMutation  *m,
       gpointer     context,
       GError     **error)
{
  return gc_sequence_value (m, context);
}

static void
test_constructors (Demo          *demo,
                   gconstpointer  data)
{
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);
  g_autoptr (GcMutation) n = gc_arena_begin (other);
  GcSequence *mine = gc_sequence_never (m);
  GcSequence *foreign = gc_sequence_never (n);

#define assert_refused(call) \
  G_STMT_START { \
    g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, "*gc_word_is_of*"); \
    g_assert_null (call); \
    g_test_assert_expected_messages (); \
  } G_STMT_END

  assert_refused (gc_sequence_value (m, foreign));
  assert_refused (gc_sequence_steps (m, step_once, foreign));
  assert_refused (gc_sequence_defer (m, thunk, foreign));
  assert_refused (gc_sequence_map (m, foreign, same, NULL));
  assert_refused (gc_sequence_map (m, mine, same, foreign));
  assert_refused (gc_sequence_then (m, foreign, go_on, NULL));
  assert_refused (gc_sequence_then (m, mine, go_on, foreign));
#undef assert_refused

  /* Tagged words are nobody's. */
  g_assert_nonnull (gc_sequence_value (m, INT (1)));
  g_assert_nonnull (gc_sequence_map (m, mine, same, INT (1)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("wrong-arena/constructors", test_constructors);

  return g_test_run ();
}
