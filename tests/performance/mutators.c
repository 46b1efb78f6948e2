/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a second thread is worth: binary-trees on one thread, on two in one arena, and on two that have an arena each.
 *
 * They take turns, several times, and the best time of each counts: a busy machine tells little by the wall clock. So the
 * processor time is shown as well: what two threads in one arena take for each unit of work, in times of what one alone takes.
 * Arenas of their own tell what the machine has to give, as two processors may share a cache or a clock. */

#include <gcobj/gcobj.h>
#include <pthread.h>
#include <time.h>

#include "bench.h"

#define N_ROUNDS 9

GC_DECLARE_TYPE (Tree, tree, PERF, TREE, GcObject)

struct _Tree
{
  GcObject parent_instance;
  GC_REF (Tree) left;
  GC_REF (Tree) right;
};

GC_DEFINE_TYPE (Tree, tree, GC_TYPE_OBJECT,
                GC_FIELD (Tree, left)
                GC_FIELD (Tree, right))

static Tree *
make_tree (GcMutation *m,
           size_t      depth)
{
  Tree *tree = gc_new (m, Tree);

  if (depth > 0)
    {
      gc_set (tree, left, make_tree (m, depth - 1));
      gc_set (tree, right, make_tree (m, depth - 1));
    }
  return tree;
}

static size_t
count (Tree *tree)
{
  return tree->left != NULL ? 1 + count (tree->left) + count (tree->right) : 1;
}

typedef struct
{
  GcArena *arena;
  size_t   depth;
} Job;

/* As binary-trees.c has it. */
static void *
work (void *data)
{
  const Job *job = data;
  const size_t min_depth = 4;
  g_autoptr (GcMutation) m = gc_arena_begin (job->arena);
  GC_ROOT (m, Tree, long_lived);

  bench_require (count (make_tree (m, job->depth + 1)) == ((size_t) 4 << job->depth) - 1);
  gc_mutation_safepoint (m);
  long_lived = make_tree (m, job->depth);
  gc_mutation_safepoint (m);
  for (size_t depth = min_depth; depth <= job->depth; depth += 2)
    for (size_t i = (size_t) 1 << (job->depth - depth + min_depth); i-- > 0; )
      {
        bench_require (count (make_tree (m, depth)) == ((size_t) 2 << depth) - 1);
        gc_mutation_safepoint (m);
      }
  bench_require (count (long_lived) == ((size_t) 2 << job->depth) - 1);
  return NULL;
}

typedef struct
{
  double wall;
  double cpu;
} Times;

static void
keep_best (Times *best,
           Times  times)
{
  best->wall = MIN (best->wall, times.wall);
  best->cpu = MIN (best->cpu, times.cpu);
}

static Times
run (size_t depth,
     guint  n_threads,
     guint  n_arenas)
{
  GcArena *arenas[2] = { gc_arena_new (), gc_arena_new () };
  pthread_t threads[2];
  Job jobs[2];
  Times times = { bench_seconds (CLOCK_MONOTONIC), bench_seconds (CLOCK_PROCESS_CPUTIME_ID) };

  for (guint i = 0; i < n_threads; i++)
    {
      jobs[i] = (Job) { arenas[i % n_arenas], depth };
      bench_require (pthread_create (&threads[i], NULL, work, &jobs[i]) == 0);
    }
  for (guint i = 0; i < n_threads; i++)
    bench_require (pthread_join (threads[i], NULL) == 0);
  times.wall = bench_seconds (CLOCK_MONOTONIC) - times.wall;
  times.cpu = bench_seconds (CLOCK_PROCESS_CPUTIME_ID) - times.cpu;
  g_object_unref (arenas[0]);
  g_object_unref (arenas[1]);
  return times;
}

static void
mutators (size_t depth)
{
  Times one = { G_MAXDOUBLE, G_MAXDOUBLE }, two = one, apart = one;

  for (int i = 0; i < N_ROUNDS; i++)
    {
      keep_best (&one, run (depth, 1, 1));
      keep_best (&two, run (depth, 2, 1));
      keep_best (&apart, run (depth, 2, 2));
    }
  bench_report ("one-thread-ms", "%.1f", 1e3 * one.wall);
  bench_report ("two-threads-ms", "%.1f", 1e3 * two.wall);
  bench_report ("throughput", "%.2f", 2 * one.wall / two.wall);
  bench_report ("throughput-of-two-arenas", "%.2f", 2 * one.wall / apart.wall);
  bench_report ("cpu-of-two-threads", "%.2f", two.cpu / (2 * one.cpu));
  bench_check (depth);
}

const BenchWorkload bench_workload = {
  "mutators", "gcobj", 16, 8, mutators
};
