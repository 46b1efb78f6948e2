/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the model of several threads (mutators.c), in plain and under each of the arena's own checks. */

#include "model.h"
#include "mutators.h"

static guint64 first_seed;

static void
run (GcZeal  zeal,
     guint   n_threads,
     gdouble share)
{
  const guint n_runs = MAX (1, (guint) (20 * share * model_scale ()));

  for (guint i = 0; i < n_runs; i++)
    mutators_run (&(MutatorOptions) {
      .seed = first_seed + i, .n_threads = n_threads, .n_rounds = 4,
      .n_ops = (guint) (2500 * MIN (1, share * 4) * MAX (0.1, model_scale ())), .zeal = zeal
    });
}

static void
test_two (void)
{
  run (GC_ZEAL_NONE, 2, 1);
}

static void
test_many (void)
{
  run (GC_ZEAL_NONE, MUTATORS_MAX, 0.4);
}

static void
test_one (void)
{
  run (GC_ZEAL_NONE, 1, 0.1);
}

static void
test_zeal (gconstpointer zeal)
{
  run (GPOINTER_TO_UINT (zeal), 3, 0.05);
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

  for (int i = 1; i + 1 < argc; i++)
    if (g_str_equal (argv[i], "--first-seed"))
      first_seed = g_ascii_strtoull (argv[i + 1], NULL, 10);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/several/one", test_one);
  g_test_add_func ("/model/several/two", test_two);
  g_test_add_func ("/model/several/many", test_many);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    g_test_add_data_func (modes[i].path, GUINT_TO_POINTER (modes[i].zeal), test_zeal);
  return g_test_run ();
}
