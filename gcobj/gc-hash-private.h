/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <string.h>
#include <glib.h>

G_BEGIN_DECLS

/* The hash of what is in a string or in bytes. All its bits are good, as tables that
 * mask it want. Never 0, so that 0 can stand for "not known yet". Eight bytes at
 * a time, by multiplications that carry upwards and shifts that carry back down. */
static inline guint32
gc_hash_bytes (gconstpointer data,
               gsize         size)
{
  const guint64 factor = 0x9E3779B97F4A7C15;
  const guint8 *p = data;
  guint64 hash = size * factor;
  guint64 word;

  for (; size >= sizeof word; size -= sizeof word, p += sizeof word)
    {
      memcpy (&word, p, sizeof word);
      hash = (hash ^ word) * factor;
      hash ^= hash >> 32;
    }
  word = 0;
  if (size > 0)
    memcpy (&word, p, size);
  hash = (hash ^ word) * factor;
  hash ^= hash >> 29;
  hash *= factor;
  hash >>= 32;
  return hash != 0 ? (guint32) hash : 1;
}

/* The hash that an object caches at @cache. Threads that get there together store the same. */
static inline guint
gc_hash_cached (guint32       *cache,
                gconstpointer  data,
                gsize          size)
{
  guint32 hash = __atomic_load_n (cache, __ATOMIC_RELAXED);

  if (hash == 0)
    {
      hash = gc_hash_bytes (data, size);
      __atomic_store_n (cache, hash, __ATOMIC_RELAXED);
    }
  return hash;
}

G_END_DECLS
