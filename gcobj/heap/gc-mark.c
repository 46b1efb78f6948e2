/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Marking.
 *
 * What costs is the cache miss on a child's metadata and on the child itself,
 * and mispredicted branches; so both are prefetched and the mark test is free
 * of branches. A reference, when found, prefetches its metadata byte and enters
 * a ring of edges; the edge that it displaces is tested, marked and pushed by
 * arithmetic alone. A reference to a neighbour is tested at once: its byte is in
 * the cache with the object's. What is pushed is popped into a ring of objects, prefetched,
 * and scanned when the ring has turned. Roots and children of arrays come in
 * an order that has nothing to do with depth: a FIFO serves them first. Large
 * arrays are scanned in slices.
 *
 * Where an array's elements lie in its order, the next slice comes before what the last led to:
 * references among the elements would have them marked and scanned in no order. (Marking in
 * performance/graph takes 23 ns for each object that way, and 42 otherwise.) What the FIFO can't
 * hold waits on the stack. An array in no order is better served element by element, with all that a slice of it
 * led to before the next, while the metadata is in the cache (performance/heap-growth, map-steps).
 *
 * The rings follow Cher, Hosking and Vijaykumar, "Software prefetching for mark-sweep
 * garbage collection" (ASPLOS 2004).
 */

#include "gcobj/heap/gc-mark-private.h"

#define TICK 256                /* units between two looks at the clock: 5 us */
#define STACK_SHARE 8           /* of the heap's bytes: arrays fill no larger stack */
#define NEAR 1024               /* bytes: references to neighbours */
#define LOOK_UNITS 128          /* of a look at which pages were written */
#define SEGMENT_UNITS 256       /* of a segment more on the stack, whose memory may have to be asked for */

/* An edge that is none: in the header of the first slab, with both colours, so
 * that every test finds it marked. */
static GcObject *
filler (GcHeap *heap)
{
  return (GcObject *) ((char *) heap->slabs[0] + 2 * GC_BLOCK_SIZE);
}

static void
visit_strong (GcTracer *tracer,
              gpointer *slot)
{
  if (gc_is_ref (*slot))
    gc_shade (tracer->heap, *slot);
}

/* A trace function's weak slot: the object is traced again when slots are cleared. */
static void
visit_weak (GcTracer *tracer,
            gpointer *slot)
{
  GcQueue *owners = &tracer->heap->marker.weak_owners;

  (void) slot;
  if (owners->n == 0 || owners->top->words[owners->n - 1] != tracer->object)
    gc_queue_push (owners, tracer->object);
}

/* Empties the rings. */
void
gc_marker_begin (GcMarker *self,
                 GcHeap   *heap)
{
  for (guint i = 0; i < GC_EDGE_RING; i++)
    self->edges[i] = filler (heap);
  self->edge_head = self->edge_flushed = 0;
  memset (self->objects, 0, sizeof self->objects);
  self->object_head = 0;
  self->fifo_head = self->fifo_tail = self->n_urgent = 0;
  self->in_order = FALSE;
  if (self->stack.top == NULL)
    gc_queue_grow (&self->stack);
}

void
gc_marker_reset (GcHeap *heap)
{
  GcMarker *self = &heap->marker;

  if (heap->n_slabs == 0 && !gc_slab_add (heap))
    g_error ("gcobj: no memory to collect");
  *gc_meta (filler (heap)) = GC_META_COLOURS;
  for (GcAllocator *allocator = &heap->allocator; allocator != NULL; allocator = allocator->next)
    allocator->n_stored = 0;
  gc_queue_clear (&self->stack);
  gc_queue_clear (&self->arrays);
  gc_queue_clear (&self->weak_owners);
  gc_queue_clear (&self->late);
  gc_queue_clear (&self->ephemerons);
  gc_marker_begin (self, heap);
  self->weak_index = self->ephemeron_index = 0;
  self->marked_bytes = self->marked_objects = self->traced_bytes = 0;
  self->tracer = (GcTracer) { heap, visit_strong, visit_weak, NULL, NULL };
}

static inline void
shade (GcMarker *self,
       GcHeap   *heap,
       gpointer  object)
{
  if (mark_byte (heap, object))
    gc_queue_push (&self->stack, object);
}

/* Makes an object grey. */
void
gc_shade (GcHeap   *heap,
          gpointer  object)
{
  shade (&heap->marker, heap, object);
}

/* Shades what was stored into marked objects since the last time. One by one, as they are stored, each would
 * wait for its own miss of the cache (performance/graph). */
void
gc_allocator_shade_stored (GcAllocator *self,
                           GcHeap      *heap)
{
  guint n = self->n_stored;

  self->n_stored = 0;
  for (guint i = 0; i < n; i++)
    __builtin_prefetch (gc_meta (self->stored[i]), 1);
  for (guint i = 0; i < n; i++)
    gc_shade (heap, self->stored[i]);
}

/* All of it; nobody mutates. */
void
gc_marker_shade_stored (GcHeap *heap)
{
  for (GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
    gc_allocator_shade_stored (self, heap);
}

/* The same for roots and elements of arrays, which are served in the order they come in. */
static inline void
shade_in_order (GcMarker *self,
                GcHeap   *heap,
                gpointer  object)
{
  if (!mark_byte (heap, object))
    return;
  if (self->fifo_tail - self->fifo_head < GC_FIFO)
    {
      self->fifo[self->fifo_tail++ % GC_FIFO] = object;
      self->n_urgent++;
    }
  else
    gc_queue_push (&self->stack, object);
}

void
gc_shade_root (GcHeap   *heap,
               gpointer  object)
{
  shade_in_order (&heap->marker, heap, object);
}

/* Shades what slots [from, to) of an array refer to. */
static void
scan_slots (GcMarker *self,
            GcHeap   *heap,
            gpointer *slots,
            gsize     from,
            gsize     to)
{
  for (gsize i = from; i < to; i++)
    {
      if (i + 16 < to && gc_is_ref (slots[i + 16]))
        __builtin_prefetch (gc_meta (slots[i + 16]), 1);
      if (gc_is_ref (slots[i]))
        shade_in_order (self, heap, slots[i]);
    }
}

/* Scans entries [from, to) of an object's tail. */
static void
scan_tail (GcMarker      *self,
           GcHeap        *heap,
           GcObject      *object,
           GcObjectClass *klass,
           gsize          from,
           gsize          to)
{
  gpointer tail = (char *) object + klass->tail_offset;

  if (GC_FAULT (ARRAY_SLICE) && from > 0)
    return;
  if (klass->flags & GC_KIND_EPHEMERONS)
    {
      GcEphemeron *entries = tail;

      for (gsize i = from; i < to; i++)
        {
          if (i + 8 < to && gc_is_ref (entries[i + 8].key))
            __builtin_prefetch (gc_meta (entries[i + 8].key));
          if (entries[i].key != NULL && entries[i].key != GC_TOMBSTONE)
            gc_ephemeron_marked (heap, &entries[i]);
        }
    }
  else if (klass->flags & GC_KIND_WEAK_VALUES)
    {
      GcEntry *entries = tail;

      for (gsize i = from; i < to; i++)
        if (gc_is_ref (entries[i].key))
          gc_shade (heap, entries[i].key);
    }
  else
    scan_slots (self, heap, tail, from, to);
}

/* What the fast path leaves to this: everything but a few slots in a layout.
 * Gives the units of work. */
static guint
scan_unusual (GcMarker      *self,
              GcHeap        *heap,
              GcObject      *object,
              GcObjectClass *klass)
{
  guint units = 0;

  if (gc_meta_load (gc_meta (object)) & GC_META_SPECIAL)
    gc_ephemeron_key_marked (heap, object);
  if (klass->flags & GC_KIND_WIDE && !GC_FAULT (WIDE))
    {
      for (guint i = 0; i < klass->n_slots; i++)
        {
          gpointer word = *(gpointer *) ((char *) object + klass->slots[i]);

          if (gc_is_ref (word))
            shade (self, heap, word);
        }
      units += klass->n_slots / 16;
    }
  if (klass->flags & (GC_KIND_TAIL_SLOTS | GC_KIND_EPHEMERONS | GC_KIND_WEAK_VALUES))
    {
      gsize n = gc_tail_count (object, klass);

      if (klass->flags & GC_KIND_WEAK_VALUES)
        gc_queue_push (&self->weak_owners, object);
      if (klass->flags & GC_KIND_EPHEMERONS)
        {
          /* By then most keys are marked, and few entries have to wait. */
          gc_queue_push (&self->late, object);
          gc_queue_push (&self->ephemerons, object);
        }
      else if (n > GC_SLICE_MIN)
        {
          gc_queue_push (&self->arrays, object);
          gc_queue_push (&self->arrays, GSIZE_TO_POINTER (0));
          self->n_urgent++;
        }
      else
        {
          scan_tail (self, heap, object, klass, 0, n);
          units += n / 16;
        }
    }
  if (klass->flags & GC_KIND_WEAK)
    gc_queue_push (&self->weak_owners, object);
  if (klass->flags & GC_KIND_TRACE && !GC_FAULT (TRACE))
    {
      self->tracer.object = object;
      klass->trace (object, &self->tracer);
      units += 4;
    }
  return units;
}

/* Scans a marked object again, which was stored into. Gives the units of work. */
guint
gc_marker_rescan (GcHeap   *heap,
                  GcObject *object)
{
  GcObjectClass *klass = gc_class_of (object);

  if (!(klass->flags & GC_KIND_WIDE))
    for (guint i = 0; i < klass->n_slots; i++)
      {
        gpointer word = *(gpointer *) ((char *) object + klass->slots[i]);

        if (gc_is_ref (word))
          gc_shade (heap, word);
      }
  return 1 + (klass->flags & GC_KIND_SCAN ? scan_unusual (&heap->marker, heap, object, klass) : 0);
}

/* Shades what some words of an array refer to. */
void
gc_marker_scan_words (GcHeap   *heap,
                      gpointer *words,
                      gsize     n)
{
  scan_slots (&heap->marker, heap, words, 0, n);
}

/* Whether neighbours in an array are mostly neighbours in memory, by a sample. */
static gboolean
is_in_order (gpointer *slots,
             gsize     from,
             gsize     to)
{
  guint n = 0, n_near = 0;

  for (gsize i = from; i + 1 < to; i += 32, n++)
    n_near += (guintptr) slots[i + 1] - (guintptr) slots[i] + NEAR < 2 * NEAR;
  return 2 * n_near > n;
}

/* Where a slice of an array that begins with slot @from ends; or, if it is not @is_written, those that need not be scanned. */
static gsize
get_slice_end (GcObject      *object,
               GcObjectClass *klass,
               gsize          from,
               gsize          n,
               gboolean      *is_written)
{
  const GcLayout *layout = klass->layout;
  gsize size = layout->tail_element_size;
  gsize to = MIN (n, from + GC_SLICE_SLOTS);
  gsize run;

  *is_written = TRUE;
  if (layout->tail_offset + n * size <= GC_PAGES_SIZE)
    return to;
  run = gc_large_get_run (object, layout->tail_offset + from * size, from == 0, is_written) - layout->tail_offset;
  return *is_written ? MIN (to, (run + size - 1) / size) : CLAMP (run / size, from, n);
}

/* Scans the next slice of the array on top. */
static guint
scan_array_slice (GcMarker *self,
                  GcHeap   *heap)
{
  GcQueue *arrays = &self->arrays;
  gsize from = GPOINTER_TO_SIZE (gc_queue_pop (arrays));
  GcObject *object = gc_queue_pop (arrays);
  GcObjectClass *klass = gc_class_of (object);
  gsize n = gc_tail_count (object, klass);
  gsize n_waiting = self->stack.n_below;
  gboolean is_written;
  gsize to = get_slice_end (object, klass, from, n, &is_written);

  /* Back onto the queue first: a child that is an array goes on top of it. */
  if (to < n)
    {
      gc_queue_push (arrays, object);
      gc_queue_push (arrays, GSIZE_TO_POINTER (to));
    }
  else
    self->n_urgent--;
  if (!is_written)
    return LOOK_UNITS;
  self->in_order = (klass->flags & GC_KIND_TAIL_SLOTS) != 0 &&
                   is_in_order ((gpointer *) ((char *) object + klass->tail_offset), from, to);
  scan_tail (self, heap, object, klass, from, to);
  return (guint) ((to - from) / 16 + (self->stack.n_below - n_waiting) / GC_SEGMENT_WORDS * SEGMENT_UNITS);
}

/* Takes the oldest object of the ring; NULL if it is empty. */
static GcObject *
pop_ring (GcMarker *self,
          guint    *head)
{
  for (guint i = 0; i < GC_OBJECT_RING; i++)
    {
      GcObject **place = &self->objects[(*head)++ % GC_OBJECT_RING];
      GcObject *object = *place;

      *place = NULL;
      if (object != NULL)
        return object;
    }
  return NULL;
}

/* Marks what this marker's grey objects lead to. TRUE when it has none left, FALSE
 * when the budget was spent first, or the team is to stop. In a team nothing is stored where it
 * would change nothing: another processor has the cache line (performance/marking). */
static inline __attribute__ ((always_inline)) gboolean
run (GcMarker       *self,
     GcHeap         *heap,
     GcBudget       *budget,
     const gboolean  in_team)
{
  GcQueue *stack = &self->stack;
  guint8 colour = heap->colour;
  guint8 grey = colour | GC_META_NEEDLOG;
  guint edge_head = self->edge_head;
  guint object_head = self->object_head;
  GcObject *none = filler (heap);
  gpointer *words;
  gsize n;
  guint64 marked_bytes = 0, marked_objects = 0, leaf_bytes = 0;
  guint ticks = 0;
  const guint tick = in_team && heap->always_helps ? 4 : TICK;
  guint tick_limit = MIN (tick, MAX (budget->units, 1));
  gsize most_words = heap->stats.heap_bytes / STACK_SHARE / sizeof (gpointer);
  gboolean is_done = FALSE;
  guint8 unused = 0;

  /* The stack's top lives in locals; whoever else may push needs it in place. */
#define LOAD_STACK()  G_STMT_START { words = stack->top->words; n = stack->n; } G_STMT_END
#define STORE_STACK() G_STMT_START { stack->n = n; } G_STMT_END
  /* Marks and pushes @object unless it is marked. Stores always, advances if. */
#define TEST_AND_PUSH(object) \
  G_STMT_START { \
    GcObject *displaced_ = (object); \
    guint8 *meta_ = gc_meta (displaced_); \
    guint8 byte_ = gc_meta_load (meta_); \
    gsize is_new_ = (byte_ & colour) == 0; \
    gc_meta_store (in_team && !is_new_ ? &unused : meta_, \
                   in_team || is_new_ ? (byte_ & GC_META_KEEP) | grey : byte_); \
    words[n] = displaced_; \
    n += is_new_; \
  } G_STMT_END

  LOAD_STACK ();
  for (;;)
    {
      GcObject *object;
      GcObjectClass *klass;
      const guint16 *slots;
      guint n_slots;
      guint8 first;
      gsize size;

      if (G_UNLIKELY (++ticks > tick_limit))
        {
          gboolean spent = gc_budget_spend (budget, ticks);

          ticks = 0;
          tick_limit = MIN (tick, MAX (budget->units, 1));
          if (in_team)
            {
              STORE_STACK ();
              spent |= gc_team_share (self);
              LOAD_STACK ();
            }
          if (spent)
            break;
        }

      if (G_UNLIKELY (self->n_urgent > 0) &&
          (self->in_order || self->fifo_head != self->fifo_tail || (n == 0 && stack->n_below == 0)))
        {
          if (self->fifo_head == self->fifo_tail ||
              (self->in_order && self->arrays.n > 0 && stack->n_below < most_words))
            {
              STORE_STACK ();
              ticks += scan_array_slice (self, heap);
              LOAD_STACK ();
              continue;
            }
          self->n_urgent--;
          object = self->fifo[self->fifo_head++ % GC_FIFO];
          if (self->fifo_tail - self->fifo_head > 16)
            __builtin_prefetch (self->fifo[(self->fifo_head + 15) % GC_FIFO]);
        }
      else if (G_LIKELY (n > 0))
        {
          GcObject **place = &self->objects[object_head++ % GC_OBJECT_RING];

          /* The ring is full but at the beginning, where it holds NULL. */
          object = *place;
          *place = words[--n];
          __builtin_prefetch (*place);
          if (G_UNLIKELY (object == NULL))
            continue;
        }
      else if (gc_queue_shrink (stack))
        {
          LOAD_STACK ();
          continue;
        }
      else if ((object = pop_ring (self, &object_head)) == NULL)
        {
          /* Only edges that came in since the last flush are real. */
          guint pending = MIN (edge_head - self->edge_flushed, GC_EDGE_RING);

          if (pending == 0 && (object = gc_queue_pop (&self->late)) != NULL)
            {
              gc_queue_push (&self->arrays, object);
              gc_queue_push (&self->arrays, GSIZE_TO_POINTER (0));
              self->n_urgent++;
              continue;
            }
          if (pending == 0)
            {
              is_done = TRUE;
              break;
            }
          for (guint i = edge_head - pending; i != edge_head; i++)
            {
              GcObject *edge = self->edges[i % GC_EDGE_RING];

              self->edges[i % GC_EDGE_RING] = none;
              TEST_AND_PUSH (edge);
            }
          self->edge_flushed = edge_head;
          continue;
        }

      klass = gc_class_of (object);
      size = gc_size_of (object, klass);
      first = fill (object, size, colour);
      marked_bytes += size;
      marked_objects++;
      n_slots = klass->n_slots;
      if (G_UNLIKELY ((klass->flags & GC_KIND_SCAN) | (first & GC_META_SPECIAL)))
        {
          STORE_STACK ();
          if (in_team && self->is_helper && ((klass->flags & GC_KIND_ALONE) | (first & GC_META_SPECIAL)))
            {
              gc_queue_push (&self->deferred, object);
              marked_bytes -= size;
              marked_objects--;
              continue;
            }
          ticks += scan_unusual (self, heap, object, klass);
          LOAD_STACK ();
          if (!(klass->flags & GC_KIND_SCAN) && n_slots == 0)
            leaf_bytes += size;
          if (klass->flags & GC_KIND_WIDE)
            n_slots = 0;
        }
      else if (n_slots == 0)
        {
          leaf_bytes += size;
          continue;
        }
      if (GC_FAULT (LAST_SLOT) && n_slots > 0)
        n_slots--;

      /* Room for all that the slots may displace, and for the store behind it. */
      if (G_UNLIKELY (n > GC_SEGMENT_WORDS - GC_NARROW - 1))
        {
          STORE_STACK ();
          gc_queue_grow (stack);
          LOAD_STACK ();
        }

      slots = klass->slots;
      for (guint i = 0; i < n_slots; i++)
        {
          GcObject *child = *(GcObject **) ((char *) object + slots[i]);

          if (!gc_is_ref (child))
            continue;
          if ((guintptr) child - (guintptr) object + NEAR < 2 * NEAR)
            TEST_AND_PUSH (child);
          else
            {
              guint place = edge_head++ % GC_EDGE_RING;
              GcObject *displaced = self->edges[place];

              if (in_team)
                __builtin_prefetch (gc_meta (child), 0);
              else
                __builtin_prefetch (gc_meta (child), 1);
              self->edges[place] = child;
              TEST_AND_PUSH (displaced);
            }
        }
    }
#undef LOAD_STACK
#undef STORE_STACK
#undef TEST_AND_PUSH

  stack->n = n;
  self->edge_head = edge_head;
  self->object_head = object_head;
  self->marked_bytes += marked_bytes;
  self->marked_objects += marked_objects;
  self->traced_bytes += marked_bytes - leaf_bytes;
  if (is_done)
    budget->units -= ticks;
  return is_done;
}

gboolean
gc_marker_run (GcMarker *self,
               GcHeap   *heap,
               GcBudget *budget)
{
  return self->team != NULL ? run (self, heap, budget, TRUE) : run (self, heap, budget, FALSE);
}
