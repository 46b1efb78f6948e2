/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What allocation costs as the heap grows.
 *
 * Keeps a hundredth, a tenth and all of the size's objects alive and replaces
 * them at random, as many of them as are alive, four times. What a
 * collector does for each byte should not depend on the heap's size (it has
 * as many bytes more to pay for it), and the longest slice not at all. Both
 * depend on the machine: a heap that the cache holds costs less, whoever manages it,
 * which malloc shows; and a virtual machine's host may take time away in the middle of a slice that
 * the processor's clock does not know of.
 */

#include <stdio.h>

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
#define LATE_US       512

static void
replace (PeerMutation *m,
         Index        *index,
         size_t        i,
         uint64_t      number)
{
  Item *item = item_new (m);

  item->number = number;
  if (!PEER_COLLECTS && index->items[i] != NULL)
    PEER_DROP (item, index->items[i]);
  PEER_SET (index, items[i], item);
  PEER_SAFEPOINT (m);
}

/* "NAME-N": N objects live */
static void
report (const char *name,
        size_t      n_live,
        double      value)
{
  char key[100];

  snprintf (key, sizeof key, "%s-%zu", name, n_live);
  bench_report (key, "%.2f", value);
}

#ifdef PEER_HAS_PAUSES

static void
report_pauses (PeerPauses before,
               PeerPauses after,
               size_t     n_live)
{
  double seconds = after.seconds - before.seconds;

  report ("gc-ns-per-byte", n_live, 1e9 * seconds / (double) (N_GENERATIONS * n_live * sizeof (Item)));
  report ("gc-longest-us", n_live, 1e6 * after.longest);
  report ("gc-late", n_live, (double) (after.n_late - before.n_late));
}
#endif

static void
grow (size_t n_live)
{
  uint32_t random = 2463534242;
  uint64_t sum = 0;
  double start, first, churn;

  PEER_ENTER (m);
  PEER_ROOT (m, Index, index);
#ifdef PEER_HAS_PAUSES
  PeerPauses before;
#endif

  start = bench_cpu_seconds ();
  index = index_new (m, n_live);
  for (size_t i = 0; i < n_live; i++)
    replace (m, index, i, i);
  first = bench_cpu_seconds () - start;

#ifdef PEER_HAS_PAUSES
  before = peer_get_pauses (m, LATE_US);
#endif
  start = bench_cpu_seconds ();
  for (size_t i = 0; i < N_GENERATIONS * n_live; i++)
    replace (m, index, bench_random_below (&random, n_live), i);
  churn = bench_cpu_seconds () - start;

  for (size_t i = 0; i < n_live; i++)
    sum += index->items[i]->number;
  bench_check (sum);

  report ("growing-ns-per-byte", n_live, 1e9 * first / (double) (n_live * sizeof (Item)));
  report ("churning-ns-per-byte", n_live,
          1e9 * churn / (double) (N_GENERATIONS * n_live * sizeof (Item)));
#ifdef PEER_HAS_PAUSES
  report_pauses (before, peer_get_pauses (m, LATE_US), n_live);
#endif

  if (!PEER_COLLECTS)
    {
      for (size_t i = 0; i < n_live; i++)
        PEER_DROP (item, index->items[i]);
      PEER_DROP_TAIL (index);
    }
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
