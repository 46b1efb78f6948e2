/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What it costs a cycle to poll peers: the keeper's part of it alone, in slices, by the CPU time of the
 * collecting thread. As a test (--seconds 0) with fewer, and without a verdict. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gcobj/gc-os-private.h"
#include "gcobj/gc-peer-private.h"

#define N_PEERS   100000
#define BEST_OF   9
#define BUDGET_NS (3 * 1000 * 1000)
#define SLICE_NS  (60 * 1000)

typedef struct
{
  gint64 keep, judge, after, longest;
  guint  n_slices;
} Times;

/* Calls one of the keeper's functions until it is through. */
static gint64
measure (GcPeers   *peers,
         gboolean (*func) (GcKeeper *keeper, GcHeap *heap, GcBudget *budget),
         Times     *times)
{
  GcHeap *heap = &peers->arena->heap;
  gint64 sum = 0;
  gboolean is_done;

  do
    {
      GcBudget budget = { gc_os_now_ns () + SLICE_NS, G_MAXINT64 };
      gint64 before = gc_os_cpu_ns ();
      gint64 took;

      is_done = func (&peers->keeper, heap, &budget);
      took = gc_os_cpu_ns () - before;
      sum += took;
      times->longest = MAX (times->longest, took);
      times->n_slices++;
    }
  while (!is_done);
  return sum;
}

static gboolean
clear_after (GcKeeper *keeper,
             GcHeap   *heap,
             GcBudget *budget)
{
  GcWeakHolder *holder = &((GcPeers *) keeper)->holder;

  return holder->process (holder, heap, budget);
}

static void
measure_cycle (GcArena *arena,
               Times   *times)
{
  GcPeers *peers = arena->peers;
  GcHeap *heap = &arena->heap;

  gc_arena_collect (arena);
  gc_arena_take_hold (arena);
  gc_heap_start_cycle (heap);
  *times = (Times) { 0 };
  times->keep = measure (peers, peers->keeper.keep, times);
  gc_heap_remark (heap);
  peers->keeper.begin_judging (&peers->keeper, heap);
  times->judge = measure (peers, peers->keeper.judge, times);
  peers->holder.restart (&peers->holder);
  times->after = measure (peers, clear_after, times);
  gc_arena_release_hold (arena);
  gc_arena_collect (arena);
}

int
main (int   argc,
      char *argv[])
{
  gboolean is_test = argc > 2 && strcmp (argv[1], "--seconds") == 0 && atof (argv[2]) == 0;
  guint n = is_test ? N_PEERS / 100 : N_PEERS;
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GcArena) arena = gc_arena_new ();
  Times best = { .keep = G_MAXINT64 };
  gint64 sum;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (arena);

    for (guint i = 0; i < n; i++)
      {
        GObject *object = g_object_new (G_TYPE_OBJECT, NULL);

        g_ptr_array_add (objects, object);
        gc_peer_new (m, object);
      }
  }
  for (guint i = 0; i < (is_test ? 1 : BEST_OF); i++)
    {
      Times times;

      measure_cycle (arena, &times);
      if (times.keep + times.judge + times.after < best.keep + best.judge + best.after || i == 0)
        best = times;
    }
  if (gc_arena_get_n_peers (arena) != n)
    {
      fprintf (stderr, "polling: %u peers instead of %u\n", gc_arena_get_n_peers (arena), n);
      return 1;
    }
  sum = best.keep + best.judge + best.after;
  printf ("polling %u peers: %.2f ms a cycle (%.2f polled, %.2f judged, %.2f afterwards), in %u slices, the longest %.0f us\n",
          n, sum / 1e6, best.keep / 1e6, best.judge / 1e6, best.after / 1e6, best.n_slices, best.longest / 1e3);
  if (!is_test)
    printf ("verdict: %s\n", sum <= BUDGET_NS ? "ok" : "too slow");
  return 0;
}
