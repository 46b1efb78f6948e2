/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which blocks have young objects only, so that gc_set() need not ask: hints for all threads (gc-heap.c has the words), which
 * each allocator gives and takes back. */

#include "gcobj/heap/gc-heap-private.h"

static inline void
forget_in (guintptr *word,
           guintptr  young)
{
  if (__atomic_load_n (word, __ATOMIC_RELAXED) == young)
    __atomic_store_n (word, 0, __ATOMIC_RELAXED);
}

/* Only its allocator puts a block's number anywhere, and only in these two places. */
static void
forget_young (GcAllocator *self)
{
  if (self->told == 0 || GC_FAULT (YOUNG_BLOCK))
    return;
  forget_in (&gc_young_block_[0], self->told);
  forget_in (&gc_other_young_blocks_[self->told % GC_N_YOUNG_][0], self->told);
  self->told = 0;
}

/* All that will be in the block is new: gc_set() need not ask (I13). The first word is for whoever finds it free after a
 * collection, so that it is an only mutator's; each of the others for who comes last. */
void
gc_allocator_tell_young (GcAllocator *self,
                         guintptr     young)
{
  guintptr none = 0;

  if (__atomic_load_n (&gc_barrier_needed_, __ATOMIC_RELAXED) & GC_STORES_ALL)
    return;
  forget_young (self);
  self->told = young;
  if (__atomic_load_n (&gc_young_block_[0], __ATOMIC_RELAXED) != 0 ||
      !__atomic_compare_exchange_n (&gc_young_block_[0], &none, young, FALSE, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    __atomic_store_n (&gc_other_young_blocks_[young % GC_N_YOUNG_][0], young, __ATOMIC_RELAXED);
}

/* The young may be marked and scanned from here on, or become old: what is marked is scanned later, at the
 * next safe point, so that a store before that needs no barrier; one after it does. */
void
gc_heap_forget_young (GcHeap *heap)
{
  for (GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
    forget_young (self);
}
