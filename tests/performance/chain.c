/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Marking a structure as deep as the heap.
 *
 * A chain of 10 million objects would need gigabytes of C stack if marking
 * were recursive. It is collected as a whole, in steps, cut in the middle
 * and dropped, and each time exactly the reachable links must be there.
 */

#include <gcobj/gcobj.h>

#include "bench.h"

GC_DECLARE_TYPE (Link, link, PERF, LINK, GcObject)

struct _Link
{
  GcObject parent_instance;
  GC_REF (Link) next;
  guint64 number;
};

GC_DEFINE_TYPE (Link, link, GC_TYPE_OBJECT,
                GC_FIELD (Link, next))

static void
build_chain (GcArena *arena,
             size_t   length)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  GC_ROOT (m, Link, head);

  for (size_t i = 0; i < length; i++)
    {
      Link *link = gc_new (m, Link);

      link->number = i;
      gc_set (link, next, head);
      head = link;
      if (i % 1024 == 0)
        gc_mutation_safepoint (m);
    }
  gc_arena_set_root (arena, head);
}

/* Keeps the first half of the chain. */
static void
cut_chain (GcArena *arena,
           size_t   length)
{
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  Link *link = gc_arena_get_root (arena);

  for (size_t i = 1; i < length; i++)
    link = link->next;
  gc_set (link, next, NULL);
}

static void
check_chain (GcArena *arena,
             size_t   first_number,
             size_t   length)
{
  g_autoptr (GcStats) stats = gc_arena_get_stats (arena);
  g_autoptr (GcMutation) m = gc_arena_begin (arena);
  const Link *link = gc_arena_get_root (arena);
  uint64_t sum = 0;

  bench_require (stats->live_objects == length);
  for (size_t i = 0; i < length; i++, link = link->next)
    {
      bench_require (link->number == first_number - i);
      sum = sum * 31 + link->number;
    }
  bench_require (link == NULL);
  bench_check (sum);
}

static void
collect (GcArena    *arena,
         size_t      n_objects,
         const char *key)
{
  double start = bench_cpu_seconds ();

  gc_arena_collect (arena);
  bench_report (key, "%.1f",
                1e9 * (bench_cpu_seconds () - start) / (double) n_objects);
}

static void
collect_in_steps (GcArena    *arena,
                  size_t      n_objects,
                  const char *key)
{
  double start = bench_cpu_seconds ();

  gc_arena_start_cycle (arena);
  while (gc_arena_step (arena, 60))
    ;
  bench_report (key, "%.1f",
                1e9 * (bench_cpu_seconds () - start) / (double) n_objects);
}

static void
chain (size_t length)
{
  g_autoptr (GcArena) arena = gc_arena_new ();
  const size_t rest = length / 2;

  build_chain (arena, length);
  collect (arena, length, "whole-ns-per-object");
  check_chain (arena, length - 1, length);

  collect_in_steps (arena, length, "steps-ns-per-object");
  check_chain (arena, length - 1, length);

  cut_chain (arena, rest);
  collect (arena, length, "half-ns-per-object");
  check_chain (arena, length - 1, rest);

  gc_arena_set_root (arena, NULL);
  collect (arena, length, "none-ns-per-object");
  check_chain (arena, 0, 0);
}

const BenchWorkload bench_workload = {
  "chain", "gcobj", 10 * 1000 * 1000, 100 * 1000, chain
};
