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
  gc_heap_count (heap, (gssize) self->allocated);
  heap->swept_live += self->swept_live;
  heap->swept_free += self->swept_free;
  self->allocated = self->swept_live = self->swept_free = 0;
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

/* What was allocated since the last collection is not young any more. */
void
gc_heap_age_young (GcHeap *heap)
{
  GcBlock *block;

  for (GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
    while ((block = self->young) != NULL)
      {
        self->young = block->next;
        block->next = self->recent;
        self->recent = block;
        self->n_recent++;
      }
}

/* What is young and what was is found by the sweep's cursor. */
void
gc_heap_drop_young (GcHeap   *heap,
                    gboolean  recent_too)
{
  for (GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
    {
      self->young = NULL;
      if (recent_too)
        {
          self->recent = NULL;
          self->n_recent = 0;
        }
    }
}

/* One more thread allocates; for the heap's life. Under the hold. */
void
gc_heap_add_allocator (GcHeap      *heap,
                       GcAllocator *allocator)
{
  gc_heap_lock (heap);          /* find_recent() */
  allocator->next = heap->allocator.next;
  heap->allocator.next = allocator;
  gc_heap_unlock (heap);
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

static GcBlock *
pop_recent (GcAllocator *self)
{
  GcBlock *block = self->recent;

  GC_FAULT_WAIT (MUTATOR_LOCK);
  self->recent = block->next;
  self->n_recent--;
  return block;
}

/* Whose recent blocks are the most, or NULL. */
static GcAllocator *
find_recent (GcHeap *heap)
{
  GcAllocator *most = &heap->allocator;

  for (GcAllocator *self = most->next; self != NULL; self = self->next)
    if (self->n_recent > most->n_recent)
      most = self;
  return most->n_recent > 0 ? most : NULL;
}

/* Sweeps what held young objects, at most so many blocks, until one is empty if that is @enough. */
static void
sort_recent (GcHeap   *heap,
             gboolean  enough)
{
  guint64 bits[GC_BITMAP_WORDS];
  GcAllocator *owner;

  for (guint i = 0; i < GC_SWEEP_LIMIT && !(enough && heap->empty != NULL) && (owner = find_recent (heap)) != NULL; i++)
    {
      GcBlock *block = pop_recent (owner);
      guint n_live = sweep_recent (heap, block, bits);

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
    find_empty (heap);
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

/* Takes one of the blocks that held young objects: its own, since its processor has them in the cache, as long as there are any
 * (performance/mutators). */
static GcBlock *
take_recent (GcHeap      *heap,
             GcAllocator *self)
{
  GcAllocator *owner = self->recent != NULL ? self : find_recent (heap);

  return owner != NULL ? pop_recent (owner) : NULL;
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
  return take_empty (heap, self);
}

/* ---- in a shared heap: blocks are taken under the lock, and what takes time is done without ---- */

typedef struct
{
  GcBlock *block;
  enum { READ, SWEEP_RECENT, SWEEP, EMPTY } needs;
  guint n_recent, n_unswept;    /* tried so far */
} Pick;

/* The next block to try, in the order of take_block(). It is in no list then, and swept for who looks at its epoch. */
static gboolean
pick (GcHeap      *heap,
      GcAllocator *self,
      Pick        *to)
{
  if (heap->state != GC_STATE_CLEARING)
    {
      if (to->n_recent++ < GC_SWEEP_LIMIT && (to->block = take_recent (heap, self)) != NULL)
        {
          to->needs = may_sweep_recent (heap) ? SWEEP_RECENT : READ;
          return TRUE;
        }
      if ((to->block = heap->ready) != NULL)
        {
          heap->ready = to->block->next;
          to->block->state = GC_BLOCK_USED;
          to->needs = READ;
          return TRUE;
        }
      if ((heap->state == GC_STATE_SWEEPING || (heap->is_minor && heap->resumed_state == GC_STATE_SWEEPING)) &&
          to->n_unswept++ < GC_SWEEP_LIMIT && (to->block = gc_heap_next_unswept (heap)) != NULL)
        {
          to->block->state = GC_BLOCK_USED;
          to->block->epoch = heap->epoch;
          to->needs = SWEEP;
          return TRUE;
        }
    }
  to->needs = EMPTY;
  return (to->block = gc_block_take_off (heap)) != NULL;
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
refill_shared (GcHeap      *heap,
               GcAllocator *self,
               gboolean     medium)
{
  Pick next = { 0 };
  gboolean has_picked;

  do
    {
      gc_heap_lock (heap);
      if (!medium)
        leave_block (heap, self);
      gc_allocator_flush (self, heap);
      has_picked = medium ? (next.block = take_off_medium (heap, self)) != NULL : pick (heap, self, &next);
      gc_heap_unlock (heap);
      if (!has_picked)
        return FALSE;
    }
  while (!medium && !open_picked (heap, self, &next));
  if (medium)
    {
      gc_block_clear (heap, next.block);
      open_medium (self, next.block);
    }
  return TRUE;
}

/* The next block. */
static gboolean
refill (GcHeap      *heap,
        GcAllocator *self,
        gboolean     medium)
{
  if (G_UNLIKELY (gc_heap_is_shared (heap)))
    return refill_shared (heap, self, medium);
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
