/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The two programs that gc-sequence documents, and their steps. There a call of step() runs one step of each
 * sequence from the outermost to the innermost, by recursion; here frames are entered one by one, so that nothing
 * recurses, and the way in is a step for each. What it does for the same price: a map runs in the step of what it
 * maps, and a result passes through any number of them at once. */

#include "demo.h"

static GcStepResult
first (GcMutation  *m,
       GcStep      *step,
       gpointer     context,
       GError     **error)
{
  return gc_step_done (step, INT (gc_untag_int (context) + 10));
}

static gpointer
add (GcMutation  *m,
     gpointer     value,
     gpointer     context,
     GError     **error)
{
  return INT (gc_untag_int (value) + gc_untag_int (context));
}

static GcSequence *
add_next (GcMutation  *m,
          gpointer     value,
          gpointer     context,
          GError     **error)
{
  return gc_sequence_value (m, add (m, value, context, error));
}

static gpointer
add_inside (GcMutation  *m,
            gpointer     value,
            gpointer     context,
            GError     **error)
{
  return add_next (m, value, context, error);
}

/* from_fn_with (42).then (-20).then (-30).then (+2): four steps there. */

static GcSequence *
make_maps (GcMutation *m,
           gpointer    context)
{
  GcSequence *sequence = gc_sequence_steps (m, first, INT (42));

  sequence = gc_sequence_map (m, sequence, add, INT (-20));
  sequence = gc_sequence_map (m, sequence, add, INT (-30));
  return gc_sequence_map (m, sequence, add, INT (2));
}

/* The same with a safe point before each function, as there. */
static GcSequence *
make_thens (GcMutation *m,
            gpointer    context)
{
  GcSequence *sequence = gc_sequence_steps (m, first, INT (42));

  sequence = gc_sequence_then (m, sequence, add_next, INT (-20));
  sequence = gc_sequence_then (m, sequence, add_next, INT (-30));
  return gc_sequence_then (m, sequence, add_next, INT (2));
}

static void
test_macro (Demo          *demo,
            gconstpointer  data)
{
  /* Three steps in, one for everything else. */
  demo_assert_steps (demo, make_maps, NULL, 4, 4);
  /* Three steps in, the first function; then for each function one, and one for what it becomes. */
  demo_assert_steps (demo, make_thens, NULL, 4, 3 + 1 + 3 * 2);
}

/* from_fn_with (42).and_then (+12).and_chain (-10).then (same).chain (+10).map (a sequence, -60).flatten ():
 * eight steps there. */
static GcSequence *
make_all (GcMutation *m,
          gpointer    context)
{
  GcSequence *sequence = gc_sequence_steps (m, first, INT (42));

  sequence = gc_sequence_map (m, sequence, add, INT (12));
  sequence = gc_sequence_then (m, sequence, add_next, INT (-10));
  sequence = gc_sequence_map (m, sequence, add, INT (0));
  sequence = gc_sequence_then (m, sequence, add_next, INT (10));
  sequence = gc_sequence_map (m, sequence, add_inside, INT (-60));
  return gc_sequence_flatten (m, sequence);
}

static void
test_all (Demo          *demo,
          gconstpointer  data)
{
  /* Six steps in; the function and its map; two for each then, the maps and flatten taking none; what that becomes. */
  demo_assert_steps (demo, make_all, NULL, 4, 6 + 1 + 2 * 2 + 1);
}

/* Driven as there: one step at a time, until there is a result. */
static void
test_by_hand (Demo          *demo,
              gconstpointer  data)
{
  g_autoptr (GcRun) run = NULL;
  guint n = 1;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (demo->arena);

    run = gc_runner_start (demo->runner, make_maps (m, NULL), NULL);
  }
  while (gc_runner_step (demo->runner, 1))
    n++;
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpint (gc_untag_int (gc_run_get_result (run, NULL)), ==, 4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  demo_add ("rivals-gc-sequence/macro", test_macro);
  demo_add ("rivals-gc-sequence/all", test_all);
  demo_add ("rivals-gc-sequence/by-hand", test_by_hand);

  return g_test_run ();
}
