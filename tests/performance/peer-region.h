/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* No memory manager: memory is taken from the front and never given back. What is left of a workload's time is the
 * workload's own, and the system's for the pages. Nobody could ship this; it is how far one could get. */

#pragma once

#include <stdlib.h>
#include <sys/mman.h>

#define PEER_NAME                       "region"

#define PEER_COLLECTS                   true
#define PEER_COLLECT(arena)             ((void) (arena))
#define PEER_START()                    ((void) 0)
#define PEER_DROP(type, object)         ((void) (object))
#define PEER_DROP_TAIL(object)          ((void) (object))

#define peer_allocate(size, leaf)       region_allocate (size)
#define PEER_ALLOCATES_DIRTY(leaf)      false
#define peer_allocate_block(size, leaf) region_allocate (size)

#define PEER_FIELD(Type, field, target)
#define PEER_DEFINE_DROP(Type, type, ...)

#define REGION_CHUNK ((size_t) 64 << 20)

static char *region_next, *region_end;

static inline void *
region_allocate (size_t size)
{
  char *memory;

  size = (size + 7) & ~(size_t) 7;
  if (__builtin_expect (size > (size_t) (region_end - region_next), 0))
    {
      size_t chunk = size > REGION_CHUNK ? size : REGION_CHUNK;

      region_next = mmap (NULL, chunk, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (region_next == MAP_FAILED)
        abort ();
      madvise (region_next, chunk, MADV_HUGEPAGE);
      region_end = region_next + chunk;
    }
  memory = region_next;
  region_next += size;
  return memory;
}

#include "peer-plain.h"
