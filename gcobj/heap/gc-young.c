/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which blocks have young objects only, so that gc_set() need not ask: hints (gc-heap.c has the words), which
 * each allocator gives and takes back.
 *
 * The first word is the thread's own. As long as there was one for all, each new block of one thread cost the others two misses of the
 * cache, which are half a microsecond on processors that are far from each other (performance/mutators). So a hint lives at most as long as
 * the thread's scope, since nobody knows where the thread is after that; the next one's scope begins with it again. A thread
 * that has scopes in several arenas has one word, and the other arenas use those that are common to all, by the block's number. */

#include "gcobj/heap/gc-heap-private.h"

static inline void
forget_in (guintptr *word,
           guintptr  young)
{
  if (__atomic_load_n (word, __ATOMIC_RELAXED) == young)
    __atomic_store_n (word, 0, __ATOMIC_RELAXED);
}

/* Gives the hint, if there is one: by the thread that has a scope now. */
void
gc_allocator_tell_again (GcAllocator *self)
{
  guintptr *word = &gc_young_block_;

  if (self->young_block == 0 || (__atomic_load_n (&gc_barrier_needed_, __ATOMIC_RELAXED) & GC_STORES_ALL))
    return;
  if (__atomic_load_n (word, __ATOMIC_RELAXED) != 0)
    word = &gc_other_young_blocks_[self->young_block % GC_N_YOUNG_][0];
  self->told_at = word;
  __atomic_store_n (word, self->young_block, __ATOMIC_RELAXED);
}

/* Takes it back: the thread that has a scope will not have it any longer, or it is a pause. Another arena's may be there meanwhile. */
void
gc_allocator_be_silent (GcAllocator *self)
{
  if (self->told_at != NULL)
    forget_in (self->told_at, self->young_block);
  self->told_at = NULL;
}

static void
forget_young (GcAllocator *self)
{
  if (GC_FAULT (YOUNG_BLOCK))
    return;
  gc_allocator_be_silent (self);
  self->young_block = 0;
}

/* All that will be in the block is new: gc_set() need not ask (I13). */
void
gc_allocator_tell_young (GcAllocator *self,
                         guintptr     young)
{
  forget_young (self);
  self->young_block = young;
  gc_allocator_tell_again (self);
}

/* The young may be marked and scanned from here on, or become old: what is marked is scanned later, at the
 * next safe point, so that a store before that needs no barrier; one after it does. */
void
gc_heap_forget_young (GcHeap *heap)
{
  for (GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
    forget_young (self);
}
