/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A hash table with chains. */

#pragma once

#include "peer-value.h"

PEER_DECLARE_TYPE (Pair, pair, PAIR)

struct _Pair
{
  PeerObject parent_instance;
  PEER_REF (Pair) chain;
  PEER_REF (Value) value;
  uint64_t key;
};

PEER_DEFINE_TYPE (Pair, pair,
                  PEER_BORROWED (Pair, chain)
                  PEER_FIELD (Pair, value, value))

PEER_DECLARE_TYPE (Map, map, MAP)

struct _Map
{
  PeerObject parent_instance;
  unsigned bits;                /* of the hash that choose a chain */
  PEER_LENGTH n;
  PEER_REF_TAIL (Pair) chains;
};

PEER_DEFINE_TAIL_TYPE (Map, map, chains, n)

static void
map_insert (PeerMutation *m,
            Map          *map,
            uint64_t      key)
{
  const size_t i = bench_hash (key, map->bits);
  Pair *pair = pair_new (m);

  pair->key = key;
  PEER_SET (pair, value, new_value (m, key));
  PEER_SET (pair, chain, map->chains[i]);
  PEER_SET (map, chains[i], pair);
}

static Pair *
map_look_up (const Map *map,
             uint64_t   key)
{
  Pair *pair = map->chains[bench_hash (key, map->bits)];

  while (pair->key != key)
    pair = pair->chain;
  return pair;
}

static Map *
map_new_for (PeerMutation *m,
             size_t        n_entries)
{
  unsigned bits = 0;
  Map *map;

  while ((size_t) 1 << bits < n_entries)
    bits++;
  map = map_new (m, (size_t) 1 << bits);
  map->bits = bits;
  return map;
}
