/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a second thread is worth: a workload on one thread, on two in one arena, and on two that have an arena each.
 *
 * They take turns, several times, and the best time of each counts: a busy machine tells little by the wall clock. So the
 * processor time is shown as well: what two threads in one arena take for each unit of work, in times of what one alone takes.
 * Arenas of their own tell what the machine has to give, as two processors may share a cache or a clock.
 *
 * How far one processor's cache is from the other's decides what a shared arena costs, and may change from one minute to the next in a virtual
 * machine. So the time that a line of it takes to the other and back is measured at the beginning and at the end.
 *
 * The workloads are those of the other programs, smaller. In those that are called shared both threads use one
 * structure: every other place in it is one's, so that no lock is needed. */

#include <pthread.h>
#include <sched.h>

#include "peer-cache.h"
#include "peer-chunk.h"
#include "peer-graph.h"
#include "peer-map.h"
#include "peer-node.h"

#define N_ROUNDS  9
#define N_THREADS 2

#define LINE_BATCHES 300
#define LINE_TRIPS   100        /* 50 us, where it is far: less than a time slice */
#define LINE_SPINS   10000      /* the other one is not there: it may want this processor */

typedef struct
{
  GcArena *arena;
  size_t   size;                /* the depth of a tree: two to the power of it gives how much there is of other things */
  size_t   number;              /* of the thread */
} Job;

/* As binary-trees.c has it. */
static void
do_trees (const Job  *job,
          GcMutation *m)
{
  const size_t min_depth = 4;
  GC_ROOT (m, Node, long_lived);

  bench_require (node_count (node_new_tree (m, job->size + 1)) == ((size_t) 4 << job->size) - 1);
  gc_mutation_safepoint (m);
  long_lived = node_new_tree (m, job->size);
  gc_mutation_safepoint (m);
  for (size_t depth = min_depth; depth <= job->size; depth += 2)
    for (size_t i = (size_t) 1 << (job->size - depth + min_depth); i-- > 0; )
      {
        bench_require (node_count (node_new_tree (m, depth)) == ((size_t) 2 << depth) - 1);
        gc_mutation_safepoint (m);
      }
  bench_require (node_count (long_lived) == ((size_t) 2 << job->size) - 1);
}

/* As lru-churn.c has it. */
static void
do_cache (const Job  *job,
          GcMutation *m)
{
  const size_t n_live = (size_t) 1 << (job->size - 1);
  uint32_t random = 2463534242;
  uint64_t key = 0;
  GC_ROOT (m, Cache, cache);

  cache = cache_new_for (m, n_live);
  for (; key < n_live; key++)
    {
      cache_insert (m, cache, key);
      gc_mutation_safepoint (m);
    }
  for (; key < 16 * n_live; key++)
    {
      cache_look_up (cache, key - 1 - bench_random_below (&random, n_live));
      cache_evict (cache);
      cache_insert (m, cache, key);
      gc_mutation_safepoint (m);
    }
  bench_require (cache->newest->value->words[0] == key - 1);
}

/* As graph.c has it, but for the collections that it asks for. */
static void
do_graph (const Job  *job,
          GcMutation *m)
{
  const size_t n = (size_t) 1 << job->size;
  uint32_t random = 2463534242;

  for (int i = 0; i < 4; i++)
    {
      Index *index = graph_build (m, n, &random);

      bench_require (index->vertices[n - 1]->number == n - 1 && index->vertices[0]->previous == index->vertices[n - 1]);
      gc_mutation_safepoint (m);
    }
}

/* As live-objects.c has it. */
static void
do_objects (const Job  *job,
            GcMutation *m)
{
  const size_t n = (size_t) 16 << job->size;
  const size_t length = 1000;
  GC_ROOT (m, Chunk, chunks);

  for (size_t n_done = 0; n_done < n; n_done += length)
    {
      Chunk *chunk = chunk_new_full (m, length, n_done);

      PEER_SET (chunk, next, chunks);
      chunks = chunk;
      gc_mutation_safepoint (m);
    }
  bench_require (chunks->items[length - 1]->a % length == length - 1);
}

static Map *
make_map (GcMutation *m,
          size_t      size)
{
  const size_t n = (size_t) 1 << size;
  GC_ROOT (m, Map, map);

  map = map_new_for (m, n);
  for (size_t i = 0; i < n; i++)
    {
      map_insert (m, map, i);
      gc_mutation_safepoint (m);
    }
  return map;
}

/* Replaces values as map-steps.c does: every @step-th. */
static void
replace_values (const Job  *job,
                GcMutation *m,
                Map        *from,
                size_t      step)
{
  const size_t n = (size_t) 1 << job->size;
  uint32_t random = 2463534242 + (uint32_t) job->number;
  GC_ROOT (m, Map, map);

  map = from;
  for (size_t i = 0; i < 16 * n; i++)
    {
      const size_t key = bench_random_below (&random, n / step) * step + job->number % step;
      Pair *pair = map_look_up (map, key);

      bench_require (pair->value->words[3] == pair->value->words[0] + 3);
      PEER_SET (pair, value, new_value (m, i));
      gc_mutation_safepoint (m);
    }
}

static void
do_map (const Job  *job,
        GcMutation *m)
{
  replace_values (job, m, make_map (m, job->size), 1);
}

static void
prepare_map (GcMutation *m,
             size_t      size)
{
  gc_arena_set_root (gc_mutation_get_arena (m), make_map (m, size));
}

static void
do_shared_map (const Job  *job,
               GcMutation *m)
{
  replace_values (job, m, gc_arena_get_root (job->arena), N_THREADS);
}

static void
prepare_slots (GcMutation *m,
               size_t      size)
{
  gc_arena_set_root (gc_mutation_get_arena (m), chunk_new_full (m, (size_t) 1 << (size - 1), 0));
}

/* The objects of a large array are replaced, one after the other, by new ones. */
static void
do_shared_slots (const Job  *job,
                 GcMutation *m)
{
  const size_t n = (size_t) 1 << (job->size - 1);
  GC_ROOT (m, Chunk, slots);

  slots = gc_arena_get_root (job->arena);
  for (size_t round = 0; round < 32; round++)
    for (size_t i = job->number; i < n; i += N_THREADS)
      {
        bench_require (slots->items[i]->b == ~slots->items[i]->a * 3);
        PEER_SET (slots, items[i], payload_new (m));
        slots->items[i]->b = ~slots->items[i]->a * 3;
        gc_mutation_safepoint (m);
      }
}

typedef struct
{
  const char *name;
  void      (*work)    (const Job *job, GcMutation *m);
  void      (*prepare) (GcMutation *m, size_t size);    /* makes the arena's root, which is not timed */
} Workload;

static const Workload workloads[] = {
  { "trees", do_trees, NULL },
  { "cache", do_cache, NULL },
  { "graph", do_graph, NULL },
  { "objects", do_objects, NULL },
  { "map", do_map, NULL },
  { "shared-map", do_shared_map, prepare_map },
  { "shared-slots", do_shared_slots, prepare_slots },
};

static const char *const parts[] = {
  "trees", "cache", "graph", "objects", "map", "shared-map", "shared-slots", NULL
};

G_STATIC_ASSERT (G_N_ELEMENTS (parts) == G_N_ELEMENTS (workloads) + 1);

typedef struct
{
  const Workload *workload;
  Job             job;
} Thread;

static void *
work (void *data)
{
  const Thread *self = data;
  g_autoptr (GcMutation) m = gc_arena_begin (self->job.arena);

  self->workload->work (&self->job, m);
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
run (const Workload *workload,
     size_t          size,
     guint           n_threads,
     guint           n_arenas)
{
  GcArena *arenas[N_THREADS];
  Thread jobs[N_THREADS];
  pthread_t threads[N_THREADS];
  Times times;

  for (guint i = 0; i < n_arenas; i++)
    {
      arenas[i] = gc_arena_new ();
      if (workload->prepare != NULL)
        {
          g_autoptr (GcMutation) m = gc_arena_begin (arenas[i]);

          workload->prepare (m, size);
        }
    }
  times = (Times) { bench_seconds (CLOCK_MONOTONIC), bench_seconds (CLOCK_PROCESS_CPUTIME_ID) };
  for (guint i = 0; i < n_threads; i++)
    {
      jobs[i] = (Thread) { workload, { arenas[i % n_arenas], size, i } };
      bench_require (pthread_create (&threads[i], NULL, work, &jobs[i]) == 0);
    }
  for (guint i = 0; i < n_threads; i++)
    bench_require (pthread_join (threads[i], NULL) == 0);
  times.wall = bench_seconds (CLOCK_MONOTONIC) - times.wall;
  times.cpu = bench_seconds (CLOCK_PROCESS_CPUTIME_ID) - times.cpu;
  for (guint i = 0; i < n_arenas; i++)
    g_object_unref (arenas[i]);
  return times;
}

static void
report (const Workload *workload,
        const char     *what,
        int             n_digits,
        double          value)
{
  g_autofree char *key = g_strdup_printf ("%s-%s", workload->name, what);

  bench_report (key, "%.*f", n_digits, value);
}

static void
compare (const Workload *workload,
         size_t          size)
{
  Times one = { G_MAXDOUBLE, G_MAXDOUBLE }, two = one, apart = one;

  for (int i = 0; i < N_ROUNDS; i++)
    {
      keep_best (&one, run (workload, size, 1, 1));
      keep_best (&two, run (workload, size, 2, 1));
      keep_best (&apart, run (workload, size, 2, 2));
    }
  report (workload, "one-thread-ms", 1, 1e3 * one.wall);
  report (workload, "two-threads-ms", 1, 1e3 * two.wall);
  report (workload, "throughput", 2, 2 * one.wall / two.wall);
  report (workload, "throughput-of-two-arenas", 2, 2 * one.wall / apart.wall);
  report (workload, "cpu-of-two-threads", 2, two.cpu / (2 * one.cpu));
}

/* A line that goes to and fro: one thread has the even turns, the other the odd ones. */
typedef struct
{
  guint turn;                   /* atomic */
  char  apart[252];             /* processors fetch lines by twos, or more */
} Line;

static void
pass_line (Line  *line,
           guint  from,
           guint  n,
           guint  parity)
{
  for (guint i = from; i < from + n; i++)
    {
      for (guint spins = 0; __atomic_load_n (&line->turn, __ATOMIC_RELAXED) != 2 * i + parity; spins++)
        if (spins >= LINE_SPINS)
          sched_yield ();
      __atomic_store_n (&line->turn, 2 * i + parity + 1, __ATOMIC_RELAXED);
    }
}

static void *
pass_back (void *line)
{
  pass_line (line, 0, LINE_BATCHES * LINE_TRIPS, 1);
  return NULL;
}

/* The best of many batches: one in which nobody else wanted a processor. */
static void
report_round_trip (const char *key)
{
  static Line line __attribute__ ((aligned (256)));
  double best = G_MAXDOUBLE;
  pthread_t other;

  line.turn = 0;
  bench_require (pthread_create (&other, NULL, pass_back, &line) == 0);
  for (guint i = 0; i < LINE_BATCHES; i++)
    {
      const double began = bench_seconds (CLOCK_MONOTONIC);

      pass_line (&line, i * LINE_TRIPS, LINE_TRIPS, 0);
      best = MIN (best, bench_seconds (CLOCK_MONOTONIC) - began);
    }
  bench_require (pthread_join (other, NULL) == 0);
  bench_report (key, "%.0f", 1e9 * best / LINE_TRIPS);
}

static void
mutators (size_t size)
{
  report_round_trip ("line-round-trip-ns");
  for (size_t i = 0; i < G_N_ELEMENTS (workloads); i++)
    if (bench_has_part (workloads[i].name))
      compare (&workloads[i], size);
  report_round_trip ("line-round-trip-ns-after");
  bench_check (size);
}

const BenchWorkload bench_workload = {
  "mutators", "gcobj", 16, 8, mutators, parts,
  "line-round-trip-ns is what a cache line takes from one processor to the other and back, before\n"
  "the workloads and after them. Figures of two threads can be compared where it is the same: below\n"
  "200 processors are near each other, above 400 whatever threads share is dear, and with thousands\n"
  "both threads had to use one processor.\n"
};
