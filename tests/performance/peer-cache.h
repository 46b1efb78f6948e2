/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A hash table with chains whose entries also hang in a list, ordered by their last use. */

#pragma once

#include "peer-value.h"

PEER_DECLARE_TYPE (Entry, entry, ENTRY)

struct _Entry
{
  PeerObject parent_instance;
  PEER_REF (Entry) chain;
  PEER_REF (Entry) newer;
  PEER_REF (Entry) older;
  PEER_REF (Value) value;
  uint64_t key;
};

/* The cache owns its entries; what links them owns nothing. */
PEER_DEFINE_TYPE (Entry, entry,
                  PEER_BORROWED (Entry, chain)
                  PEER_BORROWED (Entry, newer)
                  PEER_BORROWED (Entry, older)
                  PEER_FIELD (Entry, value, value))

PEER_DECLARE_TYPE (Buckets, buckets, BUCKETS)

struct _Buckets
{
  PeerObject parent_instance;
  PEER_LENGTH n;
  PEER_REF_TAIL (Entry) chains;
};

PEER_DEFINE_TAIL_TYPE (Buckets, buckets, chains, n)

PEER_DECLARE_TYPE (Cache, cache, CACHE)

struct _Cache
{
  PeerObject parent_instance;
  PEER_REF (Buckets) buckets;
  PEER_REF (Entry) newest;
  PEER_REF (Entry) oldest;
  unsigned bits;                /* of the hash that choose a bucket */
};

PEER_DEFINE_TYPE (Cache, cache,
                  PEER_BORROWED (Cache, buckets)
                  PEER_BORROWED (Cache, newest)
                  PEER_BORROWED (Cache, oldest))

static void
list_prepend (Cache *cache,
              Entry *entry)
{
  PEER_SET (entry, newer, NULL);
  PEER_SET (entry, older, cache->newest);
  if (cache->newest != NULL)
    PEER_SET (cache->newest, newer, entry);
  else
    PEER_SET (cache, oldest, entry);
  PEER_SET (cache, newest, entry);
}

static void
list_remove (Cache *cache,
             Entry *entry)
{
  if (entry->newer != NULL)
    PEER_SET (entry->newer, older, entry->older);
  else
    PEER_SET (cache, newest, entry->older);
  if (entry->older != NULL)
    PEER_SET (entry->older, newer, entry->newer);
  else
    PEER_SET (cache, oldest, entry->newer);
}

static Entry *
cache_look_up (Cache    *cache,
               uint64_t  key)
{
  Entry *entry = cache->buckets->chains[bench_hash (key, cache->bits)];

  while (entry != NULL && entry->key != key)
    entry = entry->chain;
  if (entry != NULL && entry != cache->newest)
    {
      list_remove (cache, entry);
      list_prepend (cache, entry);
    }
  return entry;
}

static void
cache_insert (PeerMutation *m,
              Cache        *cache,
              uint64_t      key)
{
  const size_t i = bench_hash (key, cache->bits);
  Entry *entry = entry_new (m);

  entry->key = key;
  PEER_SET (entry, value, new_value (m, key));
  PEER_SET (entry, chain, cache->buckets->chains[i]);
  PEER_SET (cache->buckets, chains[i], entry);
  list_prepend (cache, entry);
}

static void
cache_evict (Cache *cache)
{
  Buckets *buckets = cache->buckets;
  Entry *entry = cache->oldest;
  const size_t i = bench_hash (entry->key, cache->bits);

  if (buckets->chains[i] == entry)
    PEER_SET (buckets, chains[i], entry->chain);
  else
    {
      Entry *before = buckets->chains[i];

      while (before->chain != entry)
        before = before->chain;
      PEER_SET (before, chain, entry->chain);
    }
  list_remove (cache, entry);
  PEER_DROP (entry, entry);
}

static Cache *
cache_new_for (PeerMutation *m,
               size_t        n_live)
{
  Cache *cache = cache_new (m);

  while ((size_t) 1 << cache->bits < n_live)
    cache->bits++;
  PEER_SET (cache, buckets, buckets_new (m, (size_t) 1 << cache->bits));
  return cache;
}
