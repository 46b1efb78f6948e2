/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an object costs in memory.
 *
 * Keeps objects of 16 bytes payload alive, 24 with a class pointer, and
 * reports the bytes of resident memory for each: the memory manager's own
 * tables, half-filled pages and all, less the 8 bytes that a program needs
 * to know where the object is. Nothing is dropped: the process ends.
 */

#include "peer-chunk.h"

static void
live_objects (size_t n_objects)
{
  const size_t chunk_length = 1000;
  const size_t resident_before = bench_resident ();
  uint64_t sum = 0;

  PEER_ENTER (m);
  PEER_ROOT (m, Chunk, chunks);

  for (size_t n_done = 0; n_done < n_objects; n_done += chunk_length)
    {
      Chunk *chunk = chunk_new_full (m, chunk_length, n_done);
      PEER_SET (chunk, next, chunks);
      chunks = chunk;
      PEER_SAFEPOINT (m);
    }

  /* As signed numbers: at small sizes, the index can outweigh the growth. */
  bench_report ("bytes-per-object", "%.1f",
                ((double) bench_resident () - (double) resident_before
                 - (double) (n_objects * sizeof (Payload *))) / (double) n_objects);

  for (Chunk *chunk = chunks; chunk != NULL; chunk = chunk->next)
    for (size_t i = 0; i < chunk->n; i++)
      sum = sum * 31 + (chunk->items[i]->a ^ chunk->items[i]->b);
  bench_check (sum);
  PEER_REPORT (m);
}

const BenchWorkload bench_workload = {
  "live-objects", PEER_NAME, 5 * 1000 * 1000, 100 * 1000, live_objects
};
