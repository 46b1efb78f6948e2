/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What allocation costs as the heap grows.
 *
 * Keeps a hundredth, a tenth and all of the size's objects alive and replaces
 * them at random, as many of them as are alive, four times. What a
 * collector does for each byte should not depend on the heap's size (it has
 * as many bytes more to pay for it), and the longest slice not at all.
 */

#include "peer.h"

PEER_DECLARE_TYPE (Item, item, ITEM)

struct _Item
{
  PeerObject parent_instance;
  PEER_REF (Item) other;
  uint64_t number;
};

PEER_DEFINE_TYPE (Item, item, PEER_BORROWED (Item, other))

PEER_DECLARE_TYPE (Index, index, INDEX)

struct _Index
{
  PeerObject parent_instance;
  PEER_LENGTH n;
  PEER_REF_TAIL (Item) items;
};

PEER_DEFINE_TAIL_TYPE (Index, index, items, n)

#define N_GENERATIONS 4

static void
replace (PeerMutation *m,
         Index        *index,
         size_t        i,
         uint64_t      number)
{
  Item *item = item_new (m);

  item->number = number;
  PEER_SET (index, items[i], item);
  PEER_SAFEPOINT (m);
}

/* "NAME-N-objects" */
static void
report (const char *name,
        size_t      n_live,
        double      value)
{
  g_autofree char *key = g_strdup_printf ("%s-%zu-objects", name, n_live);

  bench_report (key, "%.2f", value);
}

static void
grow (size_t n_live)
{
  uint32_t random = 2463534242;
  uint64_t sum = 0;
  double start, first, churn, collecting;

  PEER_ENTER (m);
  g_autoptr (GcStats) before = NULL;
  g_autoptr (GcStats) stats = NULL;
  PEER_ROOT (m, Index, index);

  start = bench_cpu_seconds ();
  index = index_new (m, n_live);
  for (size_t i = 0; i < n_live; i++)
    replace (m, index, i, i);
  first = bench_cpu_seconds () - start;

  before = gc_arena_get_stats (m_arena);
  start = bench_cpu_seconds ();
  for (size_t i = 0; i < N_GENERATIONS * n_live; i++)
    replace (m, index, bench_random_below (&random, n_live), i);
  churn = bench_cpu_seconds () - start;
  stats = gc_arena_get_stats (m_arena);
  collecting = (double) (stats->pause_ns - before->pause_ns) / 1e9;

  for (size_t i = 0; i < n_live; i++)
    sum += index->items[i]->number;
  bench_check (sum);

  report ("growing-ns-per-byte", n_live, 1e9 * first / (double) (n_live * sizeof (Item)));
  report ("churning-ns-per-byte", n_live,
          1e9 * churn / (double) (N_GENERATIONS * n_live * sizeof (Item)));
  report ("collecting-ns-per-byte", n_live,
          1e9 * collecting / (double) (N_GENERATIONS * n_live * sizeof (Item)));
  report ("longest-slice-us", n_live, (double) stats->max_pause_ns / 1e3);
}

static void
heap_growth (size_t n_live)
{
  grow (n_live / 100);
  grow (n_live / 10);
  grow (n_live);
}

const BenchWorkload bench_workload = {
  "heap-growth", PEER_NAME, 10 * 1000 * 1000, 100 * 1000, heap_growth
};
