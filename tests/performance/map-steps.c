/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How regular the steps of a program are that keeps much alive.
 *
 * A hash table of a million entries. Each step finds an entry by a random
 * key, replaces its value by a new one and is timed by the wall clock,
 * so that whatever the memory manager does within it shows. The machine itself
 * interrupts programs, too: read the longest step beside that of the idle
 * loop.
 */

#include "peer-map.h"

static void
map_free (Map *map)
{
  if (PEER_COLLECTS)
    return;
  for (size_t i = 0; i < map->n; i++)
    for (Pair *pair = map->chains[i], *next; pair != NULL; pair = next)
      {
        next = pair->chain;
        PEER_DROP (pair, pair);
      }
  PEER_DROP_TAIL (map);
}

static void
map_steps (size_t n_steps)
{
  static BenchSteps steps;
  const size_t n_entries = n_steps / 5;
  uint32_t random = 2463534242;
  uint64_t sum = 0;

  PEER_ENTER (m);
  PEER_ROOT (m, Map, map);

  map = map_new_for (m, n_entries);
  for (size_t i = 0; i < n_entries; i++)
    {
      map_insert (m, map, i);
      PEER_SAFEPOINT (m);
    }

  bench_steps_begin (&steps);
  for (size_t i = 0; i < n_steps; i++)
    {
      Pair *pair = map_look_up (map, bench_random_below (&random, n_entries));

      sum += pair->value->words[i & 3];
      PEER_DROP (value, pair->value);
      PEER_SET (pair, value, new_value (m, i));
      PEER_SAFEPOINT (m);
      bench_steps_next (&steps);
    }

  bench_steps_report (&steps);
  PEER_REPORT (m);
  bench_check (sum);
  map_free (map);
}

const BenchWorkload bench_workload = {
  "map-steps", PEER_NAME, 5 * 1000 * 1000, 100 * 1000, map_steps
};
