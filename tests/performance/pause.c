/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How long a collection ever stops a program.
 *
 * Drives one cycle over a million live objects in steps, with stores and
 * allocations in between, and reports the longest. The verdict is on the
 * CPU time of the collecting thread; what a busy machine adds to the wall
 * clock is shown beside a loop of the same length that does nothing. Wrong
 * results fail; a verdict never does.
 */

#include <gcobj/gcobj.h>
#include <time.h>

#include "bench.h"

/* What a step is asked to take, and the longest that is still well: a
 * quarter of a millisecond is lost in a frame of 16 ms. */
#define STEP_US   60
#define BUDGET_US 250

/* A sweeping step, in work: about as long. */
#define SWEEP_UNITS 2048

/* Between two steps, the program is at work. */
#define STORES_PER_STEP 64

GC_DECLARE_TYPE (Vertex, vertex, PERF, VERTEX, GcObject)

struct _Vertex
{
  GcObject parent_instance;
  GC_REF (Vertex) left;
  GC_REF (Vertex) right;
  guint64 number;
  guint64 seal;                 /* of the number: tells a reused object */
};

GC_DEFINE_TYPE (Vertex, vertex, GC_TYPE_OBJECT,
                GC_FIELD (Vertex, left)
                GC_FIELD (Vertex, right))

/* One large array, which has to be scanned in slices too. */
GC_DECLARE_TYPE (VertexIndex, vertex_index, PERF, VERTEX_INDEX, GcObject)

struct _VertexIndex
{
  GcObject parent_instance;
  const gsize n;
  GC_REF_TAIL (Vertex) vertices;
};

GC_DEFINE_TYPE (VertexIndex, vertex_index, GC_TYPE_OBJECT,
                GC_FIELD_TAIL (VertexIndex, vertices, n))

typedef struct
{
  gint64 cpu;
  gint64 wall;
} Times;

typedef struct
{
  gint64  cpu_sum;
  Times   longest;
  guint64 n;
} Slices;

static gint64
clock_ns (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return now.tv_sec * (gint64) 1000000000 + now.tv_nsec;
}

/* The wall clock is read outside of the CPU clock, so as to see all. */
static Times
slice_begin (void)
{
  Times begin;

  begin.wall = clock_ns (CLOCK_MONOTONIC);
  begin.cpu = clock_ns (CLOCK_THREAD_CPUTIME_ID);
  return begin;
}

static void
slice_end (Slices *slices,
           Times   begin)
{
  gint64 cpu = clock_ns (CLOCK_THREAD_CPUTIME_ID) - begin.cpu;
  gint64 wall = clock_ns (CLOCK_MONOTONIC) - begin.wall;

  slices->n++;
  slices->cpu_sum += cpu;
  slices->longest.cpu = MAX (slices->longest.cpu, cpu);
  slices->longest.wall = MAX (slices->longest.wall, wall);
}

static guint64
next_random (void)
{
  static guint64 state = 88172645463325252;

  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static Vertex *
random_vertex (VertexIndex *index)
{
  return index->vertices[next_random () % index->n];
}

static guint64
seal_of (guint64 number)
{
  return ~(number * 0x9e3779b97f4a7c15);
}

static Vertex *
new_vertex (GcMutation *m,
            guint64     number)
{
  Vertex *vertex = gc_new (m, Vertex);

  vertex->number = number;
  vertex->seal = seal_of (number);
  return vertex;
}

/* A random graph, hard on caches. */
static void
build_graph (GcArena *arena,
             size_t   n_vertices)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  VertexIndex *index = gc_new_with_tail (m, VertexIndex, n_vertices);

  for (size_t i = 0; i < n_vertices; i++)
    gc_set (index, vertices[i], new_vertex (m, i));
  for (size_t i = 0; i < n_vertices; i++)
    {
      gc_set (index->vertices[i], left, random_vertex (index));
      gc_set (index->vertices[i], right, random_vertex (index));
    }
  gc_arena_set_root (arena, index);
}

/* Moves references about, behind the marker and before it, and replaces
 * objects. Every number stays in the index exactly once. */
static void
mutate_graph (GcArena *arena,
              Slices  *slices)
{
  GcMutation *m = gc_arena_begin (arena);
  VertexIndex *index = gc_arena_get_root (arena);
  Times begin;

  for (guint i = 0; i < STORES_PER_STEP; i++)
    {
      size_t a = next_random () % index->n;
      size_t b = next_random () % index->n;
      Vertex *old = index->vertices[a];
      Vertex *replacement = new_vertex (m, old->number);

      gc_set (replacement, left, old->right);
      gc_set (replacement, right, random_vertex (index));
      gc_set (random_vertex (index), left, replacement);
      gc_set (index, vertices[a], index->vertices[b]);
      gc_set (index, vertices[b], replacement);
    }

  /* The end of a scope is a safe point: work may be paid here. */
  begin = slice_begin ();
  gc_mutation_finish (m);
  gc_mutation_unref (m);
  slice_end (slices, begin);
}

static void
check_vertex (const Vertex *vertex,
              size_t        n_vertices)
{
  bench_require (vertex->number < n_vertices);
  bench_require (vertex->seal == seal_of (vertex->number));
}

static void
check_graph (GcArena *arena)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  const VertexIndex *index = gc_arena_get_root (arena);
  g_autofree guint8 *seen = g_malloc0 (index->n);
  guint64 sum = 0;

  for (size_t i = 0; i < index->n; i++)
    {
      const Vertex *vertex = index->vertices[i];

      check_vertex (vertex, index->n);
      check_vertex (vertex->left, index->n);
      check_vertex (vertex->right, index->n);
      bench_require (!seen[vertex->number]);
      seen[vertex->number] = TRUE;
      sum += vertex->seal;
    }
  bench_check (sum);
}

static void
run_cycle (GcArena *arena,
           Slices  *slices)
{
  gboolean more = TRUE;
  Times begin = slice_begin ();

  /* The least amount of work: gc_arena_start_cycle () would count as asked for,
   * and not as a pause. */
  gc_arena_step_units (arena, 1);
  slice_end (slices, begin);

  while (more)
    {
      mutate_graph (arena, slices);
      begin = slice_begin ();
      more = gc_arena_step (arena, STEP_US);
      slice_end (slices, begin);
    }

  /* A step leaves the sweep to the allocations that follow, unless more is
   * owed; an amount of work takes it up. */
  while (gc_arena_get_phase (arena) == GC_PHASE_SWEEPING)
    {
      mutate_graph (arena, slices);
      begin = slice_begin ();
      gc_arena_step_units (arena, SWEEP_UNITS);
      slice_end (slices, begin);
    }
}

/* As many slices of the same mean length, without any work in them. */
static void
run_control (Slices       *control,
             const Slices *slices)
{
  gint64 length = slices->cpu_sum / (gint64) slices->n;

  for (guint64 i = 0; i < slices->n; i++)
    {
      Times begin = slice_begin ();

      while (clock_ns (CLOCK_THREAD_CPUTIME_ID) - begin.cpu < length)
        ;
      slice_end (control, begin);
    }
}

static void
report_us (const char *key,
           guint64     nanoseconds)
{
  bench_report (key, "%.1f", (double) nanoseconds / 1e3);
}

static void
pause_bench (size_t n_vertices)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  g_autoptr (GcStats) before = NULL;
  g_autoptr (GcStats) after = NULL;
  Slices slices = { 0 };
  Slices control = { 0 };
  gint64 longest;

  /* The statistics are to show one cycle, and nothing is to be owed for the
   * construction: a program that is behind gets longer slices. */
  gc_arena_inhibit (arena);
  build_graph (arena, n_vertices);
  gc_arena_uninhibit (arena);
  gc_arena_collect (arena);

  before = gc_arena_get_stats (arena);
  run_cycle (arena, &slices);
  after = gc_arena_get_stats (arena);
  run_control (&control, &slices);

  bench_require (after->n_cycles == before->n_cycles + 1);
  bench_require (after->live_objects > n_vertices);
  check_graph (arena);

  longest = MAX (slices.longest.cpu, (gint64) after->max_pause_ns);
  bench_report ("slices", "%" G_GUINT64_FORMAT, slices.n);
  report_us ("slices-cpu-us", slices.cpu_sum);
  report_us ("longest-cpu-us", slices.longest.cpu);
  report_us ("longest-wall-us", slices.longest.wall);
  report_us ("control-wall-us", control.longest.wall);
  report_us ("stats-longest-us", after->max_pause_ns);
  report_us ("stats-start-us", after->max_start_ns);
  report_us ("stats-mark-us", after->max_mark_ns);
  report_us ("stats-remark-us", after->max_remark_ns);
  report_us ("stats-clear-us", after->max_clear_ns);
  report_us ("stats-sweep-us", after->max_sweep_ns);
  bench_report ("verdict", longest <= BUDGET_US * 1000
                ? "PASS: no slice over %d us of CPU time"
                : "over budget: a slice over %d us of CPU time", BUDGET_US);
}

const BenchWorkload bench_workload = {
  "pause", "gcobj", 1000 * 1000, 50 * 1000, pause_bench
};
