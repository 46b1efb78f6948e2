/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A cache that is full.
 *
 * A hash table with chains whose entries also hang in a list, ordered by their
 * last use. Each round looks one key up, which makes it the newest if it is
 * there, and inserts one that is new, for which the oldest goes. Nothing dies
 * young here: an entry's life is as long as the cache is large, which is what
 * generations are no help against.
 */

#include "peer-cache.h"

static void
lru_churn (size_t n_rounds)
{
  const size_t n_live = n_rounds / 25;
  uint32_t random = 2463534242;
  uint64_t key = 0;
  uint64_t sum = 0;
  size_t n_hits = 0;

  PEER_ENTER (m);
  PEER_ROOT (m, Cache, cache);

  cache = cache_new_for (m, n_live);
  for (; key < n_live; key++)
    {
      cache_insert (m, cache, key);
      PEER_SAFEPOINT (m);
    }

  for (size_t i = 0; i < n_rounds; i++, key++)
    {
      const Entry *entry = cache_look_up (cache, key - 1 - bench_random_below (&random, n_live));

      if (entry != NULL)
        {
          n_hits++;
          sum += entry->value->words[i & 3];
        }
      cache_evict (cache);
      cache_insert (m, cache, key);
      PEER_SAFEPOINT (m);
    }

  bench_check (n_hits);
  bench_check (sum);
  PEER_REPORT (m);

  if (!PEER_COLLECTS)
    {
      while (cache->oldest != NULL)
        cache_evict (cache);
      PEER_DROP_TAIL (cache->buckets);
      PEER_DROP (cache, cache);
    }
}

const BenchWorkload bench_workload = {
  "lru-churn", PEER_NAME, 5 * 1000 * 1000, 100 * 1000, lru_churn
};
