/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Buffers that come and go.
 *
 * Keeps a set of byte arrays of 8 to 256 KiB, small ones more often than large ones, and
 * replaces one at random in each round; a few bytes of each are written and read. What counts is how memory for
 * objects that are large, and not large enough for the system to be asked each time, is found again.
 */

#include "peer.h"

PEER_DECLARE_TYPE (Buffer, buffer, BUFFER)

struct _Buffer
{
  PeerObject parent_instance;
  PEER_LENGTH n;
  uint8_t bytes[];
};

PEER_DEFINE_LEAF_TAIL_TYPE (Buffer, buffer, bytes, n)

PEER_DECLARE_TYPE (Pool, pool, POOL)

struct _Pool
{
  PeerObject parent_instance;
  PEER_LENGTH n;
  PEER_REF_TAIL (Buffer) buffers;
};

PEER_DEFINE_TAIL_TYPE (Pool, pool, buffers, n)

static void
buffers (size_t n_rounds)
{
  const size_t n_live = 256;
  uint32_t random = 2463534242;
  uint64_t sum = 0;

  PEER_ENTER (m);
  PEER_ROOT (m, Pool, pool);

  pool = pool_new (m, n_live);
  for (size_t i = 0; i < n_rounds; i++)
    {
      const size_t k = bench_random_below (&random, n_live);
      const unsigned scale = bench_random_below (&random, 5);
      const size_t n = ((size_t) 8192 << scale) + bench_random_below (&random, (size_t) 8192 << scale);
      Buffer *buffer = pool->buffers[k];

      if (buffer != NULL)
        {
          for (size_t at = 0; at < buffer->n; at += 1024)
            sum = sum * 31 + buffer->bytes[at];
          PEER_DROP_TAIL (buffer);
        }
      buffer = buffer_new (m, n);
      for (size_t at = 0; at < n; at += 1024)
        buffer->bytes[at] = (uint8_t) (i + at / 1024);
      PEER_SET (pool, buffers[k], buffer);
      PEER_SAFEPOINT (m);
    }

  bench_check (sum);
  PEER_REPORT (m);

  if (!PEER_COLLECTS)
    {
      for (size_t k = 0; k < n_live; k++)
        if (pool->buffers[k] != NULL)
          PEER_DROP_TAIL (pool->buffers[k]);
      PEER_DROP_TAIL (pool);
    }
}

const BenchWorkload bench_workload = {
  "buffers", PEER_NAME, 200 * 1000, 2 * 1000, buffers
};
