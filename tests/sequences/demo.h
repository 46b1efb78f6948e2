/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What tests of sequences share. Each test runs as many times as there are ways to collect: as usual, and
 * with everything collected between every two steps. */

#pragma once

#include <string.h>
#include <gcseq/gcseq.h>

#if __has_include (<valgrind/valgrind.h>)
# include <valgrind/valgrind.h>
#else
# define RUNNING_ON_VALGRIND 0
#endif

#define INT(i) gc_tag_int (i)

typedef struct
{
  GcArena  *arena;
  GcRunner *runner;
  gsize     n_before;           /* objects, once the runner was there */
} Demo;

static inline gsize
demo_n_objects (Demo *demo)
{
  g_autoptr (GcStats) stats = NULL;

  gc_arena_collect (demo->arena);
  stats = gc_arena_get_stats (demo->arena);
  return stats->live_objects;
}

static inline void
demo_set_up (Demo          *demo,
             gconstpointer  zeal)
{
  demo->arena = gc_arena_new ();
  gc_arena_set_zeal (demo->arena, GPOINTER_TO_UINT (zeal));
  demo->runner = gc_runner_new (demo->arena);
  demo->n_before = demo_n_objects (demo);
}

/* Nothing may be left but what the runner itself has: its home, two arrays and what they have room in. */
static inline void
demo_tear_down (Demo          *demo,
                gconstpointer  zeal)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (gc_runner_get_n_runs (demo->runner), ==, 0);
  g_assert_cmpuint (demo_n_objects (demo), <=, demo->n_before + 4);
  gc_arena_verify (demo->arena, &error);
  g_assert_no_error (error);
  g_assert_finalize_object (demo->runner);
  g_assert_finalize_object (demo->arena);
}

/* Runs what @make makes, with @context, and gives the result, or the error. */
typedef GcSequence *(*DemoMake) (GcMutation *m, gpointer context);

G_GNUC_UNUSED static gpointer
demo_run (Demo      *demo,
          DemoMake   make,
          gpointer   context,
          GError   **error)
{
  GcMutation *m = gc_arena_begin (demo->arena);
  GcSequence *sequence = gc_object_ref (make (m, context));
  gpointer value;

  gc_mutation_finish (m);
  gc_mutation_unref (m);
  value = gc_runner_run (demo->runner, sequence, NULL, error);
  gc_object_unref (sequence);
  if (value != NULL && !gc_is_tagged (value))
    gc_object_unref (value);    /* an address to compare with, if somebody else keeps it */
  return value;
}

/* Runs it, and asserts that it ends with a number, in so many steps. */
#define demo_assert_steps(demo, make, context, number, n_steps) \
  G_STMT_START { \
    g_autoptr (GError) error_ = NULL; \
    guint64 before_ = gc_runner_get_n_steps ((demo)->runner); \
    gpointer value_ = demo_run (demo, make, context, &error_); \
    g_assert_no_error (error_); \
    g_assert_cmpint (gc_untag_int (value_), ==, number); \
    g_assert_cmpuint (gc_runner_get_n_steps ((demo)->runner) - before_, ==, n_steps); \
  } G_STMT_END

#define demo_assert_error(demo, make, context, domain, code) \
  G_STMT_START { \
    g_autoptr (GError) error_ = NULL; \
    g_assert_null (demo_run (demo, make, context, &error_)); \
    g_assert_error (error_, domain, code); \
  } G_STMT_END

static inline void
demo_add (const char *path,
          void      (*func) (Demo *, gconstpointer))
{
  static const struct { const char *name; GcZeal zeal; } ways[] = {
    { "plain", GC_ZEAL_NONE },
    { "collecting", GC_ZEAL_SAFEPOINT | GC_ZEAL_VERIFY | GC_ZEAL_CLOBBER },
    { "relocating", GC_ZEAL_RELOCATE },
    { "shadow-slots", GC_ZEAL_SHADOW_SLOTS | GC_ZEAL_UNTRACED },
  };

  /* Where everything is collected at each step, an instrument that slows down fiftyfold takes too long; and
   * nothing that the arena checks by itself has to do with threads. */
#ifdef __SANITIZE_THREAD__
  guint n_ways = 2;
#else
  guint n_ways = RUNNING_ON_VALGRIND ? 1 : G_N_ELEMENTS (ways);
#endif

  for (guint i = 0; i < n_ways; i++)
    {
      g_autofree char *full = g_strdup_printf ("/sequences/%s/%s", path, ways[i].name);

      g_test_add (full, Demo, GUINT_TO_POINTER (ways[i].zeal), demo_set_up, func, demo_tear_down);
    }
}
