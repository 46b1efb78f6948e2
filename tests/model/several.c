/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the model of several threads (mutators.c), in plain and under each of the arena's own checks; or, with options, as
 * it is told. In the slow suite all of it once more, longer and with seeds that were never used. */

#include "model.h"
#include "mutators.h"

static gint64 option_seed = -1;
static gint option_seeds = 1, option_ops = 2500, option_threads = 3, option_zeal;

static const GOptionEntry entries[] = {
  { "seed", 0, 0, G_OPTION_ARG_INT64, &option_seed, "Only this seed, and those that follow", "N" },
  { "seeds", 0, 0, G_OPTION_ARG_INT, &option_seeds, "How many", "N" },
  { "ops", 0, 0, G_OPTION_ARG_INT, &option_ops, "Operations of a thread in each round", "N" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &option_threads, "How many threads", "N" },
  { "zeal", 0, 0, G_OPTION_ARG_INT, &option_zeal, "The checks, as a number", "BITS" },
  { NULL, 0, 0, 0, NULL, NULL, NULL }
};

static void
run (guint64 seed,
     guint   n_seeds,
     guint   n_threads,
     guint   n_ops,
     GcZeal  zeal)
{
  for (guint i = 0; i < n_seeds; i++)
    mutators_run (&(MutatorOptions) {
      .seed = seed + i, .n_threads = n_threads, .n_rounds = 4, .n_ops = n_ops, .zeal = zeal
    });
}

static guint
scaled (guint n)
{
  return MAX (1, (guint) (n * MIN (model_scale () * 4, 1)));
}

/* By numbers for a usual test, from @seed on; a slow one has more of it. */
static void
test (guint64 seed,
      guint   n_seeds,
      guint   n_threads,
      guint   n_ops,
      GcZeal  zeal)
{
  if (g_test_slow ())
    {
      seed = (guint64) g_random_int () << 8;
      n_seeds *= 8;
      g_test_message ("--seed %" G_GUINT64_FORMAT " --seeds %u --threads %u --ops %u --zeal %u", seed, scaled (n_seeds),
                      n_threads, scaled (n_ops), zeal);
    }
  run (seed, scaled (n_seeds), n_threads, scaled (n_ops), zeal);
}

static void
test_one (void)
{
  test (1, 3, 1, 2500, GC_ZEAL_NONE);
}

static void
test_two (void)
{
  test (100, 20, 2, 2500, GC_ZEAL_NONE);
}

static void
test_many (void)
{
  test (200, 8, MUTATORS_MAX, 2500, GC_ZEAL_NONE);
}

static void
test_zeal (gconstpointer zeal)
{
  test (300, 3, 3, 600, GPOINTER_TO_UINT (zeal));
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    GcZeal      zeal;
  } modes[] = {
    { "/model/several/safepoint", GC_ZEAL_SAFEPOINT },
    { "/model/several/verify", GC_ZEAL_VERIFY },
    { "/model/several/shadow-slots", GC_ZEAL_SHADOW_SLOTS },
    { "/model/several/untraced", GC_ZEAL_UNTRACED },
    { "/model/several/relocate", GC_ZEAL_RELOCATE },
    { "/model/several/clobber", GC_ZEAL_CLOBBER },
  };

  model_take_options (&argc, &argv, entries);
  g_test_init (&argc, &argv, NULL);
  if (option_seed >= 0)
    {
      run (option_seed, option_seeds, option_threads, option_ops, option_zeal);
      return 0;
    }

  g_test_add_func ("/model/several/one", test_one);
  g_test_add_func ("/model/several/two", test_two);
  g_test_add_func ("/model/several/many", test_many);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    g_test_add_data_func (modes[i].path, GUINT_TO_POINTER (modes[i].zeal), test_zeal);
  return g_test_run ();
}
