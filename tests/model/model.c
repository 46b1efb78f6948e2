/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the model. Without options as a test, with the numbers of runs and operations that fit the
 * circumstances; with options by hand:
 *
 *   --seed N            one run, to repeat a failure
 *   --seeds N           so many runs, from --from N (1) on
 *   --ops N             operations in each
 *   --zeal MODES        under checks: names, or a number
 *   --shrink            finds how few operations the run with --seed needs to fail
 *   --slow              as a test: more of all
 *   --verbose           tells of each run
 */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model.h"

static gint64 option_seed = -1;
static gint64 option_from = 1;
static gint option_seeds;
static gint option_ops;
static char *option_zeal;
static gboolean option_shrink;
static gboolean option_slow;
static gboolean option_verbose;

static const GOptionEntry entries[] = {
  { "seed", 0, 0, G_OPTION_ARG_INT64, &option_seed, "One run with this seed", "N" },
  { "seeds", 0, 0, G_OPTION_ARG_INT, &option_seeds, "So many runs", "N" },
  { "from", 0, 0, G_OPTION_ARG_INT64, &option_from, "The first of their seeds", "N" },
  { "ops", 0, 0, G_OPTION_ARG_INT, &option_ops, "Operations in each", "N" },
  { "zeal", 0, 0, G_OPTION_ARG_STRING, &option_zeal, "Checks", "MODES" },
  { "shrink", 0, 0, G_OPTION_ARG_NONE, &option_shrink, "Look for the shortest failure", NULL },
  { "slow", 0, 0, G_OPTION_ARG_NONE, &option_slow, "Test longer", NULL },
  { "verbose", 0, 0, G_OPTION_ARG_NONE, &option_verbose, "Tell of each run", NULL },
  { NULL }
};

static const GDebugKey zeal_keys[] = {
  { "safepoint", GC_ZEAL_SAFEPOINT },
  { "verify", GC_ZEAL_VERIFY },
  { "clobber", GC_ZEAL_CLOBBER },
  { "relocate", GC_ZEAL_RELOCATE },
  { "shadow-slots", GC_ZEAL_SHADOW_SLOTS },
  { "untraced", GC_ZEAL_UNTRACED },
};

static GcZeal
parse_zeal (const char *text)
{
  if (text == NULL)
    return GC_ZEAL_NONE;
  if (g_ascii_isdigit (*text))
    return strtoul (text, NULL, 0);
  return g_parse_debug_string (text, zeal_keys, G_N_ELEMENTS (zeal_keys));
}

static void
run_many (guint64 from,
          guint   n_seeds,
          guint   n_ops,
          GcZeal  zeal)
{
  gint64 before = g_get_monotonic_time ();
  ModelFigures figures = { 0 };
  gdouble seconds;

  for (guint i = 0; i < n_seeds; i++)
    {
      ModelOptions options = { from + i, n_ops, zeal, option_verbose };

      model_run (&options, &figures);
    }
  seconds = (g_get_monotonic_time () - before) / 1e6;
  g_test_message ("%u seeds x %u operations in %.2f s (%.2f million a second): %" G_GUINT64_FORMAT
                  " objects, %" G_GUINT64_FORMAT " finalized, %" G_GUINT64_FORMAT " full checks, %"
                  G_GUINT64_FORMAT " safe points, %" G_GUINT64_FORMAT " jumps, %" G_GUINT64_FORMAT
                  " resurrected by weak slots; walks of %.0f objects; scopes by phase: %" G_GUINT64_FORMAT
                  " idle, %" G_GUINT64_FORMAT " marking, %" G_GUINT64_FORMAT " marked, %" G_GUINT64_FORMAT
                  " clearing, %" G_GUINT64_FORMAT " sweeping; %" G_GUINT64_FORMAT " minor collections, %"
                  G_GUINT64_FORMAT " delivered by guardians; of GObjects %" G_GUINT64_FORMAT " finalized, %"
                  G_GUINT64_FORMAT " resurrected, %" G_GUINT64_FORMAT " referenced again",
                  n_seeds, n_ops, seconds, (gdouble) n_seeds * n_ops / seconds / 1e6, figures.objects,
                  figures.finalized, figures.checks, figures.safepoints, figures.jumps, figures.resurrected,
                  (gdouble) figures.walked / MAX (figures.walks, 1), figures.phases[0], figures.phases[1],
                  figures.phases[2], figures.phases[3], figures.phases[4], figures.minors, figures.delivered,
                  figures.let_go, figures.disposed, figures.found);
}

/* Whether a run of so many operations fails. */
static gboolean
fails (guint  n_ops,
       GcZeal zeal)
{
  ModelOptions options = { option_seed, n_ops, zeal, FALSE };
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    {
      model_run (&options, NULL);
      _exit (0);
    }
  waitpid (pid, &status, 0);
  return status != 0;
}

/* A run of fewer operations does the same ones, and then checks. */
static void
shrink (guint  n_ops,
        GcZeal zeal)
{
  guint good = 0, bad = n_ops;

  if (!fails (bad, zeal))
    {
      g_print ("%u operations do not fail\n", bad);
      return;
    }
  while (bad - good > 1)
    {
      guint middle = good + (bad - good) / 2;

      if (fails (middle, zeal))
        bad = middle;
      else
        good = middle;
    }
  g_print ("--seed %" G_GINT64_FORMAT " --ops %u --zeal 0x%x\n", option_seed, bad, zeal);
}

static guint
scaled (guint n)
{
  return MAX (1, (guint) (n * model_scale ()));
}

static void
test_plain (void)
{
  run_many (1, scaled (option_slow ? 4000 : 200), 20000, GC_ZEAL_NONE);
}

/* What objects leave when they move is never given back: a process of its own for some runs. */
static void
run_apart (guint64 from,
           guint   n_seeds,
           guint   n_ops,
           GcZeal  zeal)
{
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    {
      for (guint i = 0; i < n_seeds; i++)
        {
          ModelOptions options = { from + i, n_ops, zeal, FALSE };

          model_run (&options, NULL);
        }
      _exit (0);
    }
  waitpid (pid, &status, 0);
  g_assert_cmpint (status, ==, 0);
}

static void *
run_in_thread (void *from)
{
  guint n = scaled (option_slow ? 200 : 10);

  for (guint i = 0; i < n; i++)
    {
      ModelOptions options = { GPOINTER_TO_UINT (from) + i, 5000, i % 2 == 0 ? GC_ZEAL_NONE : GC_ZEAL_VERIFY, FALSE };

      model_run (&options, NULL);
    }
  return NULL;
}

/* Arenas share nothing, but that stores are reported while any of them wants it. */
static void
test_parallel (void)
{
  pthread_t threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpint (pthread_create (&threads[i], NULL, run_in_thread, GUINT_TO_POINTER (2000 + i * 1000)), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpint (pthread_join (threads[i], NULL), ==, 0);
}

static void
test_zeal (gconstpointer data)
{
  GcZeal zeal = GPOINTER_TO_UINT (data);
  gboolean is_one = (zeal & (zeal - 1)) == 0;
  guint n = scaled (option_slow ? 400 : is_one ? 20 : 10);

  if (option_slow && zeal & GC_ZEAL_RELOCATE)
    for (guint i = 0; i < n; i += 20)
      run_apart (1000 + i, 20, 5000, zeal);
  else
    run_many (1000, n, 5000, zeal);
}

/* Some of what the collector does depends on addresses: how far a step comes, where objects are
 * in tables. With the same ones each time a failure can be repeated. */
static void
fix_addresses (char *argv[])
{
  int now = personality (0xffffffff);

  if (model_scale () == 1 && now != -1 && !(now & ADDR_NO_RANDOMIZE) &&
      personality (now | ADDR_NO_RANDOMIZE) != -1)
    execv ("/proc/self/exe", argv);
}

int
main (int   argc,
      char *argv[])
{
  GcZeal all = 0;

  fix_addresses (argv);
  model_take_options (&argc, &argv, entries);
  g_test_init (&argc, &argv, NULL);

  if (option_shrink && option_seed >= 0)
    {
      shrink (option_ops > 0 ? option_ops : 20000, parse_zeal (option_zeal));
      return 0;
    }
  if (option_seed >= 0 || option_seeds > 0 || option_ops > 0 || option_zeal != NULL)
    {
      run_many (option_seed >= 0 ? option_seed : option_from, MAX (option_seeds, 1),
                option_ops > 0 ? option_ops : 20000, parse_zeal (option_zeal));
      return 0;
    }

  g_test_add_func ("/model/plain", test_plain);
  g_test_add_func ("/model/parallel", test_parallel);
  for (guint i = 0; i < G_N_ELEMENTS (zeal_keys); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/%s", zeal_keys[i].key);

      all |= zeal_keys[i].value;
      g_test_add_data_func (path, GUINT_TO_POINTER (zeal_keys[i].value), test_zeal);
    }
  g_test_add_data_func ("/model/all-checks", GUINT_TO_POINTER (all), test_zeal);
  return g_test_run ();
}
