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
    self->allocated += bytes;
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
    gc_allocator_tell_young (self, (guintptr) start >> GC_YOUNG_SHIFT_);
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
      self->block->next = self->young;
      self->young = self->block;
    }
  self->block = NULL;
}

/* What it allocated and swept in a shared heap is counted (I20). */
void
gc_allocator_flush (GcAllocator *self,
                    GcHeap      *heap)
{
  gc_heap_count (heap, self->allocated);
  self->since_minor += self->allocated;
  heap->swept_live += self->swept_live;
  heap->swept_free += self->swept_free;
  self->allocated = 0;
  self->swept_live = self->swept_free = 0;
}

/* Takes allocation out of all blocks, so that they may be swept or moved. */
void
gc_heap_retire_windows (GcHeap *heap)
{
  for (GcAllocator *self = &heap->allocator; self != NULL; self = GC_FAULT (MUTATOR_WINDOW) ? NULL : self->next)
    {
      leave_block (heap, self);
      self->medium_ptr = self->medium_limit = NULL;
      gc_allocator_flush (self, heap);
    }
  gc_heap_forget_young (heap);
}

/* One more thread allocates; for the heap's life. Under the hold. */
void
gc_heap_add_allocator (GcHeap      *heap,
                       GcAllocator *allocator)
{
  allocator->next = heap->allocator.next;
  heap->allocator.next = allocator;
}

/* Allocates into an empty block from now on. */
static void
open_empty (GcHeap      *heap,
            GcAllocator *self,
            GcBlock     *block)
{
  char *start = gc_block_start (block);

  self->block = block;
  self->cursor = GC_BLOCK_GRANULES;
  set_hole (heap, self, start, start + GC_BLOCK_SIZE, block->is_zero);
  block->is_zero = FALSE;
}

/* The same for objects of GC_MEDIUM_SIZE and more. */
static void
open_medium (GcAllocator *self,
             GcBlock     *block)
{
  char *start = gc_block_start (block);

  if (!block->is_zero)
    memset (start, 0, GC_BLOCK_SIZE);
  self->medium_ptr = start;
  self->medium_limit = start + GC_BLOCK_SIZE;
  block->is_zero = FALSE;
}

static gboolean
take_empty (GcHeap      *heap,
            GcAllocator *self)
{
  GcBlock *block = gc_block_take_empty (heap);

  if (block == NULL)
    return FALSE;
  leave_block (heap, self);
  open_empty (heap, self, block);
  return TRUE;
}

/* A medium block counts as left from the beginning. */
static GcBlock *
take_off_medium (GcHeap      *heap,
                 GcAllocator *self)
{
  GcBlock *block;

  if (heap->empty == NULL)
    gc_recent_find_empty (heap, self);
  block = gc_block_take_off (heap);
  if (block != NULL)
    {
      block->next = self->young;
      self->young = block;
    }
  return block;
}

static gboolean
take_medium (GcHeap      *heap,
             GcAllocator *self)
{
  GcBlock *block = take_off_medium (heap, self);

  if (block == NULL)
    return FALSE;
  gc_block_clear (heap, block);
  open_medium (self, block);
  return TRUE;
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
      for (guint i = 0; i < GC_SWEEP_LIMIT && (block = gc_recent_pop (self)) != NULL; i++)
        {
          if (!gc_recent_may_be_swept (heap))
            gc_block_read_bits (block, self->bits);
          else if (gc_recent_sweep (heap, block, self->bits) > GC_FULL_GRANULES)
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
        for (guint i = 0; i < GC_SWEEP_LIMIT && gc_heap_has_unswept_slab (heap); i++)
          {
            guint n_live;

            if ((block = gc_heap_next_unswept (heap)) == NULL)
              continue;
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
  return take_empty (heap, self);
}

/* ---- in a shared heap: blocks are taken under the lock, and what takes time is done without ---- */

typedef struct
{
  GcBlock *block;
  enum { READ, SWEEP_RECENT, SWEEP, EMPTY } needs;
  guint n_recent, n_unswept;    /* tried so far */
} Pick;

/* One of those that it had, without the lock: nobody else takes these (performance/mutators). */
static gboolean
pick_recent (GcHeap      *heap,
             GcAllocator *self,
             Pick        *to)
{
  if (heap->state == GC_STATE_CLEARING || to->n_recent++ == GC_SWEEP_LIMIT ||
      (to->block = gc_recent_pop (self)) == NULL)
    return FALSE;
  to->needs = gc_recent_may_be_swept (heap) ? SWEEP_RECENT : READ;
  return TRUE;
}

/* The next block to try, in the order of take_block(). It is in no list then, and swept for who looks at its epoch. */
static gboolean
pick (GcHeap      *heap,
      GcAllocator *self,
      Pick        *to)
{
  if (heap->state != GC_STATE_CLEARING)
    {
      if ((to->block = heap->ready) != NULL)
        {
          heap->ready = to->block->next;
          to->block->state = GC_BLOCK_USED;
          to->needs = READ;
          return TRUE;
        }
      if (heap->state == GC_STATE_SWEEPING || (heap->is_minor && heap->resumed_state == GC_STATE_SWEEPING))
        while (to->n_unswept++ < GC_SWEEP_LIMIT && (self->n_run > 0 || gc_heap_has_unswept_slab (heap)))
          if ((to->block = gc_heap_next_unswept_near (heap, self)) != NULL)
            {
              to->block->state = GC_BLOCK_USED;
              to->block->epoch = heap->epoch;
              to->needs = SWEEP;
              return TRUE;
            }
    }
  to->needs = EMPTY;
  return (to->block = gc_block_take_off_near (heap, self)) != NULL;
}

/* Makes the block that was picked the one to allocate into, unless it is full. */
static gboolean
open_picked (GcHeap      *heap,
             GcAllocator *self,
             const Pick  *pick)
{
  guint n_live = 0;

  switch (pick->needs)
    {
    case EMPTY:
      gc_block_clear (heap, pick->block);
      open_empty (heap, self, pick->block);
      return TRUE;

    case READ:
      gc_block_read_bits (pick->block, self->bits);
      break;

    case SWEEP:
    case SWEEP_RECENT:
      n_live = gc_block_sweep_dead (heap, pick->block, self->bits);
      if (pick->needs == SWEEP)
        {
          self->swept_live += (gsize) n_live * GC_GRANULE;
          self->swept_free += GC_BLOCK_SIZE - (gsize) n_live * GC_GRANULE;
        }
      break;
    }
  if (n_live > GC_FULL_GRANULES)
    return FALSE;
  self->block = pick->block;
  self->cursor = 0;
  return TRUE;
}

static gboolean
is_nursery_full (const GcHeap      *heap,
                 const GcAllocator *self)
{
  return gc_allocator_get_young (self) >= (gssize) heap->nursery;
}

/* Whether it is time to tell the heap what was allocated; at once while a collection goes on, whose slices come by that. */
static gboolean
must_flush (const GcHeap      *heap,
            const GcAllocator *self)
{
  return (heap->state != GC_STATE_IDLE && heap->state != GC_STATE_SWEEPING) ||
         self->allocated >= (gssize) GC_UNTOLD || is_nursery_full (heap, self);
}

/* Under the lock. */
static void
flush (GcHeap      *heap,
       GcAllocator *self)
{
  gc_allocator_flush (self, heap);
  if (is_nursery_full (heap, self) && gc_minor_is_possible (heap))
    gc_heap_set_trigger_to (heap, MIN (heap->trigger, heap->allocated));
}

static gboolean
refill_small (GcHeap      *heap,
              GcAllocator *self)
{
  Pick next = { 0 };
  gboolean has_picked;

  leave_block (heap, self);
  do
    {
      has_picked = pick_recent (heap, self, &next);
      if (has_picked && !must_flush (heap, self))
        continue;
      gc_heap_lock (heap);
      flush (heap, self);
      has_picked = has_picked || pick (heap, self, &next);
      gc_heap_unlock (heap);
      if (!has_picked)
        return FALSE;
    }
  while (!open_picked (heap, self, &next));
  return TRUE;
}

static gboolean
refill_medium (GcHeap      *heap,
               GcAllocator *self)
{
  GcBlock *block;

  gc_heap_lock (heap);
  flush (heap, self);
  block = take_off_medium (heap, self);
  gc_heap_unlock (heap);
  if (block == NULL)
    return FALSE;
  gc_block_clear (heap, block);
  open_medium (self, block);
  return TRUE;
}

/* The next block. */
static gboolean
refill (GcHeap      *heap,
        GcAllocator *self,
        gboolean     medium)
{
  if (G_UNLIKELY (gc_heap_is_shared (heap)))
    return medium ? refill_medium (heap, self) : refill_small (heap, self);
  return medium ? take_medium (heap, self) : take_block (heap, self);
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
