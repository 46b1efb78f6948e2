/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several generators: in turn, in step, and as they come. */

#include "generators.h"

static GcSequence *
numbered (GcMutation  *m,
          gpointer     value,
          gpointer     context,
          GError     **error)
{
  int first = 10 * gc_untag_int (value);

  return test_numbers_new (m, first, first + 2, gc_untag_int (value) % 2, FALSE);
}

static gpointer
make_numbered (GcMutation  *m,
               gpointer     value,
               gpointer     context,
               GError     **error)
{
  return value == context ? NULL : numbered (m, value, NULL, error);
}

/* Generators of three numbers each, from 0, 10 and so on. */
static GcSequence *
generators (GcMutation *m,
            int         n,
            int         wrong)
{
  return gc_generator_map (m, gc_generator_range (m, 0, n, 1), make_numbered, INT (wrong));
}

enum
{
  CHAIN, CHAIN_NONE, CHAIN_BROKEN, CHAIN_NEVER,
  ZIP, ZIP_NONE, ZIP_SHORT, ZIP_BROKEN,
  MERGE, MERGE_ONE, MERGE_NONE, MERGE_BROKEN, MERGE_TWICE, MERGE_NEVER, MERGE_PAUSES,
  FLATTEN_1, FLATTEN_2, FLATTEN_ALL, FLATTEN_NONE, FLATTEN_WRONG,
  N_KINDS
};

static GcSequence *
make (GcMutation *m,
      gpointer    context)
{
  GcSequence *a = numbers (m, 3), *b = test_numbers_new (m, 10, 13, 0, FALSE);
  GcSequence *both[] = { a, b };

  switch (GPOINTER_TO_UINT (context))
    {
    case CHAIN: return gc_generator_chain_array (m, both, 2);
    case CHAIN_NONE: return gc_generator_chain (m, NULL, NULL);
    case CHAIN_BROKEN: return gc_generator_chain (m, a, broken (m), b, NULL);
    case CHAIN_NEVER: return gc_generator_take (m, gc_generator_chain (m, a, gc_sequence_never (m), b, NULL), 3);
    case ZIP: return gc_generator_zip_array (m, both, 2);
    case ZIP_NONE: return gc_generator_zip (m, NULL, NULL);
    case ZIP_SHORT: return gc_generator_zip (m, b, a, numbers (m, 5), NULL);
    case ZIP_BROKEN: return gc_generator_zip (m, b, broken (m), a, NULL);
    case MERGE: return gc_generator_merge_array (m, both, 2);
    case MERGE_ONE: return gc_generator_merge (m, gc_generator_range (m, 0, 1, 1), NULL);
    case MERGE_NONE: return gc_generator_merge_array (m, NULL, 0);
    case MERGE_BROKEN: return gc_generator_merge (m, a, broken (m), gc_sequence_never (m), NULL);
    case MERGE_TWICE: return gc_generator_merge (m, a, a, NULL);
    case MERGE_NEVER: return gc_generator_take (m, gc_generator_merge (m, gc_sequence_never (m), a, NULL), 2);
    case MERGE_PAUSES: return gc_generator_merge (m, test_numbers_new (m, 0, 1, 9, FALSE), b, NULL);
    case FLATTEN_1: return gc_generator_flatten (m, generators (m, 3, -1), 1);
    case FLATTEN_2: return gc_generator_flatten (m, generators (m, 3, -1), 2);
    case FLATTEN_ALL: return gc_generator_flatten (m, generators (m, 3, -1), 100);
    case FLATTEN_NONE: return gc_generator_flatten (m, generators (m, 0, -1), 1);
    case FLATTEN_WRONG: return gc_generator_flatten (m, generators (m, 3, 1), 2);
    default: g_assert_not_reached ();
    }
}

static GcSequence *
make_collect (GcMutation *m,
              gpointer    context)
{
  return gc_generator_collect (m, make (m, context));
}

static const struct
{
  const char *text;
  guint       n_steps;
} expected[] = {
  /* To ask; to begin the first, its three and its end; likewise the second; and the end */
  [CHAIN] = { "[0 1 2 10 11 12 13]", 13 },
  [CHAIN_NONE] = { "[]", 2 },
  [CHAIN_BROKEN] = { BROKEN, 0 },
  [CHAIN_NEVER] = { "[0 1 2]", 0 },
  [ZIP] = { "[[0 10] [1 11] [2 12]]", 0 },
  [ZIP_NONE] = { "[]", 2 },
  [ZIP_SHORT] = { "[[10 0 0] [11 1 1] [12 2 2]]", 0 },
  [ZIP_BROKEN] = { BROKEN, 0 },
  [MERGE] = { "[0 10 1 11 2 12 13]", 0 },
  /* To ask, to begin it, its two for an item, to hand that on, to run it on, its two for the end, and the end */
  [MERGE_ONE] = { "[0]", 9 },
  [MERGE_NONE] = { "[]", 2 },
  [MERGE_BROKEN] = { BROKEN, 0 },
  [MERGE_TWICE] = { "[0 1 2]", 0 },
  [MERGE_NEVER] = { "[0 1]", 0 },
  [MERGE_PAUSES] = { "[0 10 1 11 12 13]", 0 },
  [FLATTEN_1] = { "[0 1 2 10 11 12 20 21 22]", 0 },
  [FLATTEN_2] = { NULL, 0 },
  [FLATTEN_ALL] = { NULL, 0 },
  [FLATTEN_NONE] = { "[]", 0 },
  [FLATTEN_WRONG] = { "GcSequenceError 0", 0 },
};

/* All of them, whatever their order is. */
static void
assert_sorted (Demo       *demo,
               gpointer    context,
               const char *text)
{
  g_autofree char *found = NULL;
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  generators_reset ();
  found = run_to_text (demo, make_collect, context, NULL);
  g_strdelimit (found, "[]", ' ');
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *word = g_strdup_printf (" %s ", words[i]);
      g_autofree char *padded = g_strdup_printf (" %s ", found);

      g_assert_nonnull (strstr (padded, word));
    }
  g_assert_cmpuint (strlen (g_strstrip (found)), ==, strlen (text));
}

static void
test_items (Demo          *demo,
            gconstpointer  data)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      g_test_message ("kind %u", kind);
      if (expected[kind].text == NULL)
        assert_sorted (demo, GUINT_TO_POINTER (kind), "0 1 2 10 11 12 20 21 22");
      else
        assert_run (demo, make_collect, GUINT_TO_POINTER (kind), expected[kind].text, expected[kind].n_steps);
      g_assert_cmpuint (seen.n_begun, ==, seen.n_ended);
    }
}

static void
test_cancelled (Demo          *demo,
                gconstpointer  data)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    if (kind != MERGE_TWICE && kind != FLATTEN_WRONG)   /* they may end with other errors */
      {
        g_test_message ("kind %u", kind);
        cancel_everywhere (demo, make_collect, GUINT_TO_POINTER (kind));
      }
}

static void
test_closed (Demo          *demo,
             gconstpointer  data)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      g_test_message ("kind %u", kind);
      stop_everywhere (demo, make, GUINT_TO_POINTER (kind), THEN_CLOSE);
      stop_everywhere (demo, make, GUINT_TO_POINTER (kind), THEN_DROP);
    }
}

/* Those that fail close the others, each wholly. */
static void
test_errors (Demo          *demo,
             gconstpointer  data)
{
  assert_run (demo, make_collect, GUINT_TO_POINTER (ZIP_BROKEN), BROKEN, 0);
  g_assert_cmpuint (seen.n_begun, ==, 3);
  g_assert_cmpuint (seen.n_cleaned, ==, 2);
  assert_run (demo, make_collect, GUINT_TO_POINTER (ZIP_SHORT), expected[ZIP_SHORT].text, 0);
  g_assert_cmpuint (seen.n_cleaned, ==, 2);
  assert_run (demo, make_collect, GUINT_TO_POINTER (CHAIN_BROKEN), BROKEN, 0);
  g_assert_cmpuint (seen.n_begun, ==, 2);       /* the third was never begun */
  assert_run (demo, make_collect, GUINT_TO_POINTER (MERGE_BROKEN), BROKEN, 0);
  g_assert_cmpuint (seen.n_begun, ==, 2);
}

/* A source runs on when its item was handed on and the next is wanted: none is ahead by more than one. */
static GcSequence *
make_three (GcMutation *m,
            gpointer    context)
{
  return gc_generator_merge (m, numbers (m, 10), numbers (m, 10), numbers (m, 10), NULL);
}

static void
test_back_pressure (Demo          *demo,
                    gconstpointer  data)
{
  generators_reset ();
  set_root (demo, make_three, NULL);
  for (guint i = 0; i < 20; i++)
    {
      g_assert_true (pull_one (demo));
      for (guint k = 0; k < 50; k++)
        gc_runner_step (demo->runner, 1);
      g_assert_cmpuint (seen.n_given, ==, i + 3);
    }
  assert_close (demo);
  g_assert_cmpuint (seen.n_cleaned, ==, 3);
  gc_arena_set_root (demo->arena, NULL);
}

/* One that always has an item does not crowd out one that seldom has. */
static gboolean
is_slow (GcMutation  *m,
         gpointer     item,
         gpointer     context,
         GError     **error)
{
  return gc_untag_int (item) < 0;
}

static GcSequence *
make_unequal (GcMutation *m,
              gpointer    context)
{
  GcSequence *slow = test_numbers_new (m, -5, -1, 200, FALSE);
  GcSequence *all = gc_generator_merge (m, gc_generator_range (m, 0, G_MAXINT64, 1), slow,
                                        gc_generator_range (m, 0, G_MAXINT64, 1), NULL);

  return gc_generator_count (m, gc_generator_filter (m, gc_generator_take (m, all, 100), is_slow, NULL));
}

static void
test_fair (Demo          *demo,
           gconstpointer  data)
{
  generators_reset ();
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_unequal, NULL, NULL)), ==, 5);
}

/* Never more at once than the limit. */
static guint n_most;

static gpointer
watch (GcMutation  *m,
       gpointer     item,
       gpointer     context,
       GError     **error)
{
  n_most = MAX (n_most, seen.n_begun - seen.n_ended);
  return item;
}

static GcSequence *
make_limited (GcMutation *m,
              gpointer    context)
{
  GcSequence *all = gc_generator_flatten (m, generators (m, 20, -1), GPOINTER_TO_UINT (context));

  return gc_generator_count (m, gc_generator_map (m, all, watch, NULL));
}

static void
test_limit (Demo          *demo,
            gconstpointer  data)
{
  for (guint limit = 1; limit < 25; limit += 3)
    {
      generators_reset ();
      n_most = 0;
      g_assert_cmpint (gc_untag_int (demo_run (demo, make_limited, GUINT_TO_POINTER (limit), NULL)), ==, 60);
      g_assert_cmpuint (n_most, <=, limit);
      g_assert_cmpuint (n_most, >=, MIN (limit, 2));
      g_assert_cmpuint (seen.n_ended, ==, 20);
    }
}

/* Sources without an end, in a bounded heap. */
static GcSequence *
make_endless (GcMutation *m,
              gpointer    context)
{
  GcSequence *a = gc_generator_range (m, 0, G_MAXINT64, 1), *b = gc_generator_range (m, 0, G_MAXINT64, 1);
  GcSequence *both = gc_generator_merge (m, a, b, NULL);

  both = gc_generator_zip (m, both, gc_generator_flat_map (m, gc_generator_range (m, 0, G_MAXINT64, 1), numbered, NULL), NULL);
  return gc_generator_count (m, gc_generator_take (m, both, GPOINTER_TO_UINT (context)));
}

static void
test_endless (Demo          *demo,
              gconstpointer  data)
{
  guint n = data != NULL ? 100 : g_test_slow () ? 1000000 : 100000;
  g_autoptr (GcStats) stats = NULL;

  generators_reset ();
  g_assert_cmpint (gc_untag_int (demo_run (demo, make_endless, GUINT_TO_POINTER (n), NULL)), ==, n);
  stats = gc_arena_get_stats (demo->arena);
  g_test_message ("peak: %" G_GUINT64_FORMAT " bytes", stats->peak_heap_bytes);
  if (data == NULL)
    g_assert_cmpuint (stats->peak_heap_bytes, <, 32 << 20);     /* what is finalized waits for a major collection */
}

static void
test_misuse (Demo          *demo,
             gconstpointer  data)
{
  g_autoptr (GcArena) other = gc_arena_new ();
  GcMutation *m = gc_arena_begin (demo->arena);
  GcMutation *m2 = gc_arena_begin (other);
  GcSequence *foreign = numbers (m2, 1), *own = numbers (m, 1);
  GcSequence *mixed[] = { own, foreign }, *empty[] = { own, NULL };

  if (data == NULL)             /* what is refused is not a matter of collecting */
    {
#define REFUSED(what, call) \
      g_test_expect_message ("GcSeq", G_LOG_LEVEL_CRITICAL, what ": assertion*"); \
      g_assert_null (call); \
      g_test_assert_expected_messages ()

      REFUSED ("gc_generator_chain", gc_generator_chain (m, own, foreign, NULL));
      REFUSED ("gc_generator_chain_array", gc_generator_chain_array (m, mixed, 2));
      REFUSED ("gc_generator_zip", gc_generator_zip (m, foreign, NULL));
      REFUSED ("gc_generator_zip_array", gc_generator_zip_array (m, empty, 2));
      REFUSED ("gc_generator_merge", gc_generator_merge (m, own, foreign, NULL));
      REFUSED ("gc_generator_merge_array", gc_generator_merge_array (m, mixed, 2));
      REFUSED ("gc_generator_flatten", gc_generator_flatten (m, foreign, 1));
      REFUSED ("gc_generator_flatten", gc_generator_flatten (m, own, 0));
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

  demo_add ("generator-merge/items", test_items);
  demo_add ("generator-merge/errors", test_errors);
  demo_add ("generator-merge/cancelled", test_cancelled);
  demo_add ("generator-merge/closed", test_closed);
  demo_add ("generator-merge/back-pressure", test_back_pressure);
  demo_add ("generator-merge/fair", test_fair);
  demo_add ("generator-merge/limit", test_limit);
  demo_add ("generator-merge/endless", test_endless);
  demo_add ("generator-merge/misuse", test_misuse);

  return g_test_run ();
}
