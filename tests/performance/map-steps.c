/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How regular the steps of a program are that keeps much alive.
 *
 * A hash table of a million entries. Each step finds an entry by a random
 * key, replaces its value by a new one and is timed by the wall clock,
 * so that whatever the memory manager does within it shows. The machine itself
 * interrupts programs, too: read the longest step beside that of the idle
 * loop.
 */

#include "peer.h"

PEER_DECLARE_TYPE (Value, value, VALUE)

struct _Value
{
  PeerObject parent_instance;
  uint64_t words[4];
};

PEER_DEFINE_LEAF_TYPE (Value, value)

PEER_DECLARE_TYPE (Entry, entry, ENTRY)

struct _Entry
{
  PeerObject parent_instance;
  PEER_REF (Entry) chain;
  PEER_REF (Value) value;
  uint64_t key;
};

PEER_DEFINE_TYPE (Entry, entry,
                  PEER_BORROWED (Entry, chain)
                  PEER_FIELD (Entry, value, value))

PEER_DECLARE_TYPE (Map, map, MAP)

struct _Map
{
  PeerObject parent_instance;
  unsigned bits;                /* of the hash that choose a chain */
  PEER_LENGTH n;
  PEER_REF_TAIL (Entry) chains;
};

PEER_DEFINE_TAIL_TYPE (Map, map, chains, n)

static Value *
new_value (PeerMutation *m,
           uint64_t      number)
{
  Value *value = value_new (m);

  for (size_t i = 0; i < 4; i++)
    value->words[i] = number + i;
  return value;
}

static void
map_insert (PeerMutation *m,
            Map          *map,
            uint64_t      key)
{
  const size_t i = bench_hash (key, map->bits);
  Entry *entry = entry_new (m);

  entry->key = key;
  PEER_SET (entry, value, new_value (m, key));
  PEER_SET (entry, chain, map->chains[i]);
  PEER_SET (map, chains[i], entry);
}

static Entry *
map_look_up (const Map *map,
             uint64_t   key)
{
  Entry *entry = map->chains[bench_hash (key, map->bits)];

  while (entry->key != key)
    entry = entry->chain;
  return entry;
}

static void
map_free (Map *map)
{
  if (PEER_COLLECTS)
    return;
  for (size_t i = 0; i < map->n; i++)
    for (Entry *entry = map->chains[i], *next; entry != NULL; entry = next)
      {
        next = entry->chain;
        PEER_DROP (entry, entry);
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
  unsigned bits = 0;

  PEER_ENTER (m);
  PEER_ROOT (m, Map, map);

  while ((size_t) 1 << bits < n_entries)
    bits++;
  map = map_new (m, (size_t) 1 << bits);
  map->bits = bits;
  for (size_t i = 0; i < n_entries; i++)
    {
      map_insert (m, map, i);
      PEER_SAFEPOINT (m);
    }

  bench_steps_begin (&steps);
  for (size_t i = 0; i < n_steps; i++)
    {
      Entry *entry = map_look_up (map, bench_random_below (&random, n_entries));

      sum += entry->value->words[i & 3];
      PEER_DROP (value, entry->value);
      PEER_SET (entry, value, new_value (m, i));
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
