/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Allocation beyond the fast path: the next chunk of the hole, the next hole
 * of the block, the next block. */

#include "gcobj/heap/gc-heap-private.h"

/* Counts bytes as allocated. In a shared heap its own count has to be flushed. */
static inline void
account (GcHeap      *heap,
         GcAllocator *self,
         gssize       bytes)
{
  if (G_UNLIKELY (gc_heap_is_shared (heap)))
    self->allocated += (gsize) bytes;
  else
    heap->allocated += (gsize) bytes;
}

/* Zeroes and accounts the next chunk of the hole. */
static void
extend_window (GcHeap      *heap,
               GcAllocator *self)
{
  gsize n = MIN ((gsize) (self->hole_end - self->window->limit), GC_ZERO_CHUNK);

  if (!self->is_zero && !GC_FAULT (ZERO))
    memset (self->window->limit, 0, n);
  self->window->limit += n;
  account (heap, self, (gssize) n);
}

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
  if (self->young == 0 || GC_FAULT (YOUNG_BLOCK))
    return;
  forget_in (&gc_young_block_[0], self->young);
  forget_in (&gc_other_young_blocks_[self->young % GC_N_YOUNG_][0], self->young);
  self->young = 0;
}

/* All that will be in the block is new: gc_set() need not ask (I13). The first word is for whoever finds it free after a
 * collection, so that it is an only mutator's; each of the others for who comes last. */
static void
tell_young (GcAllocator *self,
            guintptr     young)
{
  guintptr none = 0;

  if (__atomic_load_n (&gc_barrier_needed_, __ATOMIC_RELAXED) & GC_STORES_ALL)
    return;
  forget_young (self);
  self->young = young;
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

static void
set_hole (GcHeap      *heap,
          GcAllocator *self,
          char        *start,
          char        *end,
          gboolean     is_zero)
{
  /* What was zeroed ahead and not used was not allocated. */
  account (heap, self, -(self->window->limit - self->window->ptr));
  self->window->ptr = self->window->limit = start;
  self->hole_end = end;
  self->is_zero = is_zero;
  extend_window (heap, self);
  if (end - start == GC_BLOCK_SIZE)
    tell_young (self, (guintptr) start >> GC_YOUNG_SHIFT_);
}

/* Finds the next run of free granules of at least @size bytes in the block. */
static gboolean
next_hole (GcHeap      *heap,
           GcAllocator *self,
           gsize        size)
{
  guint needed = (size + GC_GRANULE - 1) / GC_GRANULE;
  guint g = self->cursor;

  while (g < GC_BLOCK_GRANULES)
    {
      guint word = g / 64;
      guint64 run = ~self->bits[word] & (~(guint64) 0 << (g % 64));
      guint start, end;

      while (run == 0)
        {
          if (++word == GC_BITMAP_WORDS)
            {
              self->cursor = GC_BLOCK_GRANULES;
              return FALSE;
            }
          run = ~self->bits[word];
        }
      start = word * 64 + __builtin_ctzll (run);

      run = self->bits[word] & (~(guint64) 0 << (start % 64));
      while (run == 0 && ++word < GC_BITMAP_WORDS)
        run = self->bits[word];
      end = word == GC_BITMAP_WORDS ? GC_BLOCK_GRANULES : word * 64 + __builtin_ctzll (run);

      g = self->cursor = end;
      if (end - start >= needed)
        {
          char *base = gc_block_start (self->block);

          set_hole (heap, self, base + (gsize) start * GC_GRANULE, base + (gsize) end * GC_GRANULE, FALSE);
          return TRUE;
        }
    }
  return FALSE;
}

static void
leave_block (GcHeap      *heap,
             GcAllocator *self)
{
  if (self->window != NULL)
    {
      account (heap, self, -(self->window->limit - self->window->ptr));
      self->window->ptr = self->window->limit = NULL;
    }
  self->hole_end = NULL;
  if (self->block != NULL)
    {
      self->block->mutator = self->number;
      self->block->next = heap->young;
      heap->young = self->block;
    }
  self->block = NULL;
}

static void
flush (GcHeap      *heap,
       GcAllocator *self)
{
  gc_heap_count (heap, (gssize) self->allocated);
  self->allocated = 0;
}

/* Takes allocation out of all blocks, so that they may be swept or moved. */
void
gc_heap_retire_windows (GcHeap *heap)
{
  for (GcAllocator *self = &heap->allocator; self != NULL; self = GC_FAULT (MUTATOR_WINDOW) ? NULL : self->next)
    {
      leave_block (heap, self);
      self->medium_ptr = self->medium_limit = NULL;
      flush (heap, self);
    }
  gc_heap_forget_young (heap);
}

/* One more thread allocates; for the heap's life. Under the hold. */
void
gc_heap_add_allocator (GcHeap      *heap,
                       GcAllocator *allocator)
{
  allocator->number = heap->allocator.next != NULL ? heap->allocator.next->number + 1 : 1;
  allocator->next = heap->allocator.next;
  heap->allocator.next = allocator;
}

/* While a major collection marks, what it has not marked yet has the other colour and is not
 * to be swept: the bytes of what died young are clean anyway. */
static gboolean
may_sweep_recent (const GcHeap *heap)
{
  return heap->state != GC_STATE_MARKING || heap->is_minor;
}

/* Sweeps a block that held young objects, which is no work of the major cycle. */
static guint
sweep_recent (GcHeap  *heap,
              GcBlock *block,
              guint64 *bits)
{
  guint64 live = heap->swept_live, free = heap->swept_free;
  guint n_live = gc_block_sweep (heap, block, bits);

  heap->swept_live = live;
  heap->swept_free = free;
  return n_live;
}

/* Sweeps what held young objects, at most so many blocks, until one is empty if that is @enough. */
static void
sort_recent (GcHeap   *heap,
             gboolean  enough)
{
  guint64 bits[GC_BITMAP_WORDS];

  for (guint i = 0; i < GC_SWEEP_LIMIT && heap->recent != NULL && !(enough && heap->empty != NULL); i++)
    {
      GcBlock *block = heap->recent;
      guint n_live;

      heap->recent = block->next;
      n_live = sweep_recent (heap, block, bits);
      if (n_live == 0)
        gc_block_put_empty (heap, block);
      else if (n_live <= GC_FULL_GRANULES)
        {
          block->state = GC_BLOCK_READY;
          block->next = heap->ready;
          heap->ready = block;
        }
    }
}

/* Looks for an empty block among those that held young objects. */
static void
find_empty (GcHeap *heap)
{
  if (heap->state != GC_STATE_CLEARING && may_sweep_recent (heap))
    sort_recent (heap, TRUE);
}

/* A minor collection begins, and will ask for empty blocks while it clears: they come from what the last one
 * left. Otherwise, where each takes several slices, the heap would grow by a few blocks each time. */
void
gc_heap_recycle_recent (GcHeap *heap)
{
  sort_recent (heap, FALSE);
}

static gboolean
take_empty (GcHeap      *heap,
            GcAllocator *self,
            gboolean     medium)
{
  GcBlock *block;
  char *start;

  if (medium && heap->empty == NULL)
    find_empty (heap);
  block = gc_block_take_empty (heap);

  if (block == NULL)
    return FALSE;
  start = gc_block_start (block);
  if (medium)
    {
      if (!block->is_zero)
        memset (start, 0, GC_BLOCK_SIZE);
      block->next = heap->young;
      heap->young = block;
      self->medium_ptr = start;
      self->medium_limit = start + GC_BLOCK_SIZE;
    }
  else
    {
      leave_block (heap, self);
      self->block = block;
      self->cursor = GC_BLOCK_GRANULES;
      set_hole (heap, self, start, start + GC_BLOCK_SIZE, block->is_zero);
    }
  block->is_zero = FALSE;
  return TRUE;
}

/* Takes one of the blocks that held young objects: in a shared heap rather one that the same mutator had, since its
 * processor has it in the cache (performance/mutators). */
static GcBlock *
take_recent (GcHeap      *heap,
             GcAllocator *self)
{
  GcBlock **link = &heap->recent, *block = heap->recent;

  if (block == NULL)
    return NULL;
  if (heap->allocator.next != NULL)
    for (guint i = 0; i < GC_SWEEP_LIMIT && (block = *link) != NULL && block->mutator != self->number; i++)
      link = &block->next;
  if (block == NULL || block->mutator != self->number)
    link = &heap->recent;
  block = *link;
  GC_FAULT_WAIT (MUTATOR_LOCK);
  *link = block->next;
  return block;
}

/* Takes the next block with room. Few blocks are swept for it, so that an
 * allocation takes bounded time; an empty block serves then. */
static gboolean
take_block (GcHeap      *heap,
            GcAllocator *self)
{
  GcBlock *block;

  leave_block (heap, self);
  if (heap->state != GC_STATE_CLEARING)
    {
      for (guint i = 0; i < GC_SWEEP_LIMIT && (block = take_recent (heap, self)) != NULL; i++)
        {
          if (!may_sweep_recent (heap))
            gc_block_read_bits (block, self->bits);
          else if (sweep_recent (heap, block, self->bits) > GC_FULL_GRANULES)
            continue;
          self->block = block;
          self->cursor = 0;
          return TRUE;
        }
      if ((block = heap->ready) != NULL)
        {
          heap->ready = block->next;
          block->state = GC_BLOCK_USED;
          gc_block_read_bits (block, self->bits);
          self->block = block;
          self->cursor = 0;
          return TRUE;
        }
      if (heap->state == GC_STATE_SWEEPING ||
          (heap->is_minor && heap->resumed_state == GC_STATE_SWEEPING))
        for (guint i = 0; i < GC_SWEEP_LIMIT; i++)
          {
            guint n_live;

            if ((block = gc_heap_next_unswept (heap)) == NULL)
              break;
            n_live = gc_block_sweep (heap, block, self->bits);
            block->state = GC_BLOCK_USED;
            if (n_live == 0)
              {
                gc_block_put_empty (heap, block);
                break;
              }
            if (n_live <= GC_FULL_GRANULES)
              {
                self->block = block;
                self->cursor = 0;
                return TRUE;
              }
          }
    }
  return take_empty (heap, self, FALSE);
}

/* The next block, and in a shared heap what was allocated since the last. */
static gboolean
refill (GcHeap      *heap,
        GcAllocator *self,
        gboolean     medium)
{
  gboolean is_taken;

  if (G_LIKELY (!gc_heap_is_shared (heap)))
    return medium ? take_empty (heap, self, TRUE) : take_block (heap, self);
  gc_heap_lock (heap);
  is_taken = medium ? take_empty (heap, self, TRUE) : take_block (heap, self);
  flush (heap, self);
  gc_heap_unlock (heap);
  return is_taken;
}

/* Allocates zeroed memory and sets the class. NULL without memory. The allocator's window
 * must be that of an open scope of the calling thread. */
gpointer
gc_heap_allocate (GcHeap        *heap,
                  GcAllocator   *self,
                  GcObjectClass *klass,
                  gsize          size)
{
  GcWindow *window = self->window;
  char *object;

  if (size > GC_LARGE_SIZE)
    object = gc_large_allocate (heap, size);
  else
    for (;;)
      {
        if ((gsize) (window->limit - window->ptr) >= size)
          {
            object = window->ptr;
            window->ptr += size;
            break;
          }
        if ((gsize) (self->hole_end - window->ptr) >= size)
          {
            extend_window (heap, self);
            continue;
          }
        if (size >= GC_MEDIUM_SIZE)
          {
            if ((gsize) (self->medium_limit - self->medium_ptr) >= size)
              {
                object = self->medium_ptr;
                self->medium_ptr += size;
                account (heap, self, (gssize) size);
                break;
              }
            if (!refill (heap, self, TRUE))
              return NULL;
            continue;
          }
        if (self->block != NULL && next_hole (heap, self, size))
          continue;
        if (!refill (heap, self, FALSE))
          return NULL;
      }

  if (object != NULL)
    ((GTypeInstance *) object)->g_class = (GTypeClass *) klass;
  return object;
}
