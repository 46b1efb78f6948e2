/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Random programs against a direct evaluation of them: see random.h.
 *
 *   --seed N   one program, to repeat a failure; prints it
 *   --n N      so many programs (10000; in slow runs 300000)
 *   --from N   the first of their seeds (1)
 */

#include <stdlib.h>

#include "random.h"

static gint64 option_seed = -1;
static gint option_n;
static gint64 option_from = 1;

static const GOptionEntry options[] = {
  { "seed", 0, 0, G_OPTION_ARG_INT64, &option_seed, "One program, with this seed", "N" },
  { "n", 0, 0, G_OPTION_ARG_INT, &option_n, "So many programs", "N" },
  { "from", 0, 0, G_OPTION_ARG_INT64, &option_from, "The first of their seeds", "N" },
  { NULL, 0, 0, 0, NULL, NULL, NULL }
};

/* How a program is run. */
typedef enum
{
  TO_THE_END,
  CANCELLED_AT_A_TIME,          /* exact: the reference knows */
  CANCELLED_AT_A_STEP           /* somewhere: only sanity is checked */
} Way;

static guint n_programs[3], n_ambiguous, n_steps_before_cancel;

static guint32 seed_now;

static void
print_seed (void)
{
  g_printerr ("# random: --seed %u\n", seed_now);
}

#define CHECK(program, condition) \
  G_STMT_START { \
    if (!(condition)) \
      { \
        g_autofree char *text = program_describe (program); \
        g_printerr ("%s# failed: %s\n", text, #condition); \
        print_seed (); \
        g_assert_true (condition); \
      } \
  } G_STMT_END

/* Wakes what is due; FALSE if nothing waits any more. */
static gboolean
advance (Program *program,
         gint64   limit)
{
  gint64 due = limit;

  for (guint i = 0; i < program->timers->len; i++)
    due = MIN (due, g_array_index (program->timers, Timer, i).due);
  if (due == NO_TIME)
    return FALSE;
  program->now = due;
  for (guint i = program->timers->len; i-- > 0; )
    {
      Timer *timer = &g_array_index (program->timers, Timer, i);

      if (timer->due > due)
        continue;
      gc_waker_wake (&timer->waker);
      gc_waker_clear (&timer->waker);
      g_array_remove_index_fast (program->timers, i);
    }
  return TRUE;
}

/* Runs until nothing is ready. */
static void
settle (Demo  *demo,
        guint  at_a_time)
{
  guint64 before;

  do
    {
      before = gc_runner_get_n_steps (demo->runner);
      gc_runner_step (demo->runner, at_a_time);
    }
  while (gc_runner_get_n_steps (demo->runner) != before);
}

static void
run_with_time (Demo    *demo,
               Program *program,
               GcRun   *run,
               gint64   cancel_at,
               guint    at_a_time)
{
  for (;;)
    {
      settle (demo, at_a_time);
      if (gc_run_is_done (run))
        return;
      CHECK (program, advance (program, cancel_at));
      if (program->now == cancel_at)
        {
          gc_run_cancel (run);
          cancel_at = NO_TIME;
        }
    }
}

static void
run_with_steps (Demo    *demo,
                Program *program,
                GcRun   *run,
                guint    n_steps)
{
  for (guint i = 0; i < n_steps && !gc_run_is_done (run); i++)
    {
      guint64 before = gc_runner_get_n_steps (demo->runner);

      gc_runner_step (demo->runner, 1);
      if (gc_runner_get_n_steps (demo->runner) == before && !advance (program, NO_TIME))
        break;
    }
  if (!gc_run_is_done (run))
    n_steps_before_cancel++;
  gc_run_cancel (run);
  run_with_time (demo, program, run, NO_TIME, 1000);
}

static int
compare_traces (gconstpointer a,
                gconstpointer b)
{
  const Trace *x = a, *y = b;

  return x->strand - y->strand;
}

/* Strands by number; each one's in order. The sort is stable. */
static void
sort_traces (GArray *traces)
{
  g_array_sort (traces, compare_traces);
}

static void
check_traces (Program *program,
              GArray  *expected)
{
  gboolean is_same = program->traces->len == expected->len;

  sort_traces (program->traces);
  sort_traces (expected);
  for (guint i = 0; i < MAX (program->traces->len, expected->len); i++)
    {
      Trace nothing = { -1, -1, -1 };
      Trace *x = i < program->traces->len ? &g_array_index (program->traces, Trace, i) : &nothing;
      Trace *y = i < expected->len ? &g_array_index (expected, Trace, i) : &nothing;

      if (is_same && x->strand == y->strand && x->id == y->id && x->time == y->time)
        continue;
      if (is_same || i == 0)
        g_printerr ("# strand, node, time: here, and in the reference\n");
      is_same = FALSE;
      g_printerr ("# %d %d %" G_GINT64_FORMAT ", %d %d %" G_GINT64_FORMAT "\n", x->strand, x->id, x->time,
                  y->strand, y->id, y->time);
    }
  CHECK (program, is_same);
}

static void
run_program (Demo    *demo,
             guint32  seed,
             gboolean is_verbose)
{
  Program *program = program_new (seed);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed + 1);
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (Trace));
  g_autoptr (GcRun) run = NULL;
  g_autoptr (GError) error = NULL;
  Way way = (const Way[]) { 0, 0, 0, 0, 0, 1, 1, 1, 2, 2 }[g_rand_int_range (rand, 0, 10)];
  gint64 cancel_at = way == CANCELLED_AT_A_TIME ? g_rand_int_range (rand, 0, 2000000) : NO_TIME, end;
  gboolean is_ambiguous;
  Result result, reference;
  GcMutation *m;
  gpointer value;

  seed_now = seed;
  n_programs[way]++;
  reference = program_evaluate (program, cancel_at, expected, &end, &is_ambiguous);
  if (is_verbose)
    {
      g_autofree char *text = program_describe (program);

      g_print ("%s# way %d, cancelled at %" G_GINT64_FORMAT "%s: error %d, value %" G_GINT64_FORMAT ", at %" G_GINT64_FORMAT "\n",
               text, way, cancel_at, is_ambiguous ? " (ambiguous)" : "", reference.code, reference.value, end);
    }

  m = gc_arena_begin (demo->arena);
  run = gc_runner_start (demo->runner, program_build (m, program), NULL);
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  if (way == CANCELLED_AT_A_STEP)
    run_with_steps (demo, program, run, g_rand_int_range (rand, 0, 4 + 3 * program->n_nodes));
  else
    run_with_time (demo, program, run, cancel_at, g_rand_int_range (rand, 0, 3) == 0 ? 1 : 1000);
  settle (demo, 1000);          /* what is detached */

  value = gc_run_get_result (run, &error);
  CHECK (program, error != NULL || gc_is_tagged (value));
  result = (Result) { error_to_code (error), error != NULL ? 0 : gc_untag_int (value) };
  for (int i = 0; i < program->n_nodes; i++)
    {
      CHECK (program, program->cleaned[i] <= 1);
      CHECK (program, program->begun[i] <= program->cleaned[i]);
      CHECK (program, program->cleaning[i] == (program->nodes[i].n == 2 ? program->cleaned[i] : 0));
    }
  if (way != CANCELLED_AT_A_STEP && is_ambiguous)
    n_ambiguous++;
  else if (way != CANCELLED_AT_A_STEP)
    {
      if (is_verbose)
        g_print ("# here: error %d, value %" G_GINT64_FORMAT ", at %" G_GINT64_FORMAT "\n", result.code, result.value,
                 program->now);
      check_traces (program, expected);
      CHECK (program, result.code == reference.code);
      CHECK (program, result.code != 0 || result.value == reference.value);
      CHECK (program, program->now == end);
    }
  /* Nothing may be left but what the runner keeps room in. */
  g_clear_object (&run);
  CHECK (program, demo_n_objects (demo) <= demo->n_before + 4);
  program_free (program);
}

static void
run_programs (Demo *demo,
              guint first,
              guint n)
{
  for (guint i = 0; i < n; i++)
    run_program (demo, option_from + first + i, FALSE);
}

static void
test_programs (Demo          *demo,
               gconstpointer  zeal)
{
  guint n = option_n, n_collecting = n / 20, n_others = n / 50;

  if (option_seed >= 0)
    run_program (demo, option_seed, TRUE);
  else if (zeal == NULL)
    run_programs (demo, 0, n - n_collecting - 2 * n_others);
  else if (GPOINTER_TO_UINT (zeal) & GC_ZEAL_SAFEPOINT)
    run_programs (demo, n - n_collecting, n_collecting);
  else
    run_programs (demo, n - n_collecting - (GPOINTER_TO_UINT (zeal) & GC_ZEAL_RELOCATE ? 1 : 2) * n_others, n_others);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  int status;

  /* GTest has a --seed of its own. */
  g_option_context_set_ignore_unknown_options (context, TRUE);
  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_parse (context, &argc, &argv, NULL);
  g_test_init (&argc, &argv, NULL);

  if (option_n <= 0)
    option_n = g_test_slow () ? 300000 : 10000;

  demo_add ("random/programs", test_programs);

  status = g_test_run ();
  g_test_message ("%u to the end, %u cancelled at a time, %u at a step (%u before the end); %u ambiguous",
                  n_programs[0], n_programs[1], n_programs[2], n_steps_before_cancel, n_ambiguous);
  return status;
}
