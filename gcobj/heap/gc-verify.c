/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The walker: whether the heap keeps its invariants (the list is in
 * gc-heap-private.h), and walks over what is marked. */

#include "gcobj/gc-error.h"
#include "gcobj/heap/gc-heap-private.h"

typedef struct
{
  GcHeap     *heap;
  GHashTable *seen;
  GPtrArray  *pending;
  GError    **error;
  gboolean    ok;
} Walk;

static void G_GNUC_PRINTF (2, 3)
fail (Walk       *walk,
      const char *format,
      ...)
{
  va_list args;

  if (walk->ok && walk->error != NULL)
    {
      char *text;

      va_start (args, format);
      text = g_strdup_vprintf (format, args);
      va_end (args);
      g_set_error (walk->error, GC_ERROR, GC_ERROR_CORRUPT, "cycle %" G_GUINT64_FORMAT ": %s",
                   walk->heap->cycle, text);
      g_free (text);
    }
  walk->ok = FALSE;
}

/* I1 and I3 for one object that must be marked. */
static void
check_bytes (Walk     *walk,
             GcObject *object)
{
  GcHeap *heap = walk->heap;
  GcObjectClass *klass = gc_class_of (object);
  gsize size = gc_size_of (object, klass);
  const guint8 *meta = gc_meta (object);
  gboolean is_hi = ((guintptr) object & 8) != 0;
  gsize halves = size / 8 + is_hi;
  gsize own = halves / 2;

  if ((meta[0] & GC_META_COLOURS) != heap->colour)
    fail (walk, "%s %p is reachable and not marked", g_type_name (G_TYPE_FROM_INSTANCE (object)), (gpointer) object);
  else if (!(meta[0] & GC_META_NEEDLOG))
    fail (walk, "%s %p is marked and stores into it are not reported",
          g_type_name (G_TYPE_FROM_INSTANCE (object)), (gpointer) object);
  if (meta[0] & GC_META_CONT)
    fail (walk, "%s %p lies inside another object", g_type_name (G_TYPE_FROM_INSTANCE (object)), (gpointer) object);
  if (size > GC_LARGE_SIZE || !walk->ok)
    return;
  if (!(meta[0] & GC_META_START_HI) != !is_hi)
    fail (walk, "%s %p: wrong half of its first granule", g_type_name (G_TYPE_FROM_INSTANCE (object)), (gpointer) object);
  for (gsize i = 1; i < own; i++)
    if ((meta[i] & (GC_META_COLOURS | GC_META_CONT)) != (heap->colour | GC_META_CONT))
      fail (walk, "%s %p: granule %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " is not marked",
            g_type_name (G_TYPE_FROM_INSTANCE (object)), (gpointer) object, i, own);
  if (!(meta[own - 1] & GC_META_TAIL_NEXT) != !(halves & 1))
    fail (walk, "%s %p: wrong last half granule", g_type_name (G_TYPE_FROM_INSTANCE (object)), (gpointer) object);
}

static void
visit (GcTracer *tracer,
       gpointer *slot)
{
  Walk *walk = tracer->data;
  GcObject *object = *slot;

  if (!walk->ok || !gc_is_ref (object) || !g_hash_table_add (walk->seen, object))
    return;
  if (gc_heap_of (object) != walk->heap)
    {
      if (tracer->object != NULL)
        fail (walk, "a %s %p refers to %p, which is no object of the arena",
              g_type_name (G_TYPE_FROM_INSTANCE (tracer->object)), (gpointer) tracer->object, (gpointer) object);
      else
        fail (walk, "a root refers to %p, which is no object of the arena", (gpointer) object);
      return;
    }
  check_bytes (walk, object);
  if (walk->ok && !(gc_class_of (object)->flags & GC_KIND_READY))
    fail (walk, "%p has no class", (gpointer) object);
  g_ptr_array_add (walk->pending, object);
}

static void
visit_weak (GcTracer *tracer,
            gpointer *slot)
{
  (void) tracer;
  (void) slot;
}

static void
visit_external (gpointer object,
                gpointer tracer)
{
  visit (tracer, &object);
}

/* The next granule of a block from @g on whose byte is not 0. */
static guint
next_granule (const guint8 *meta,
              guint         g)
{
  for (; g < GC_BLOCK_GRANULES; g++)
    {
      guint64 eight;

      if (g % 8 == 0)
        {
          memcpy (&eight, meta + g, sizeof eight);
          if (eight == 0)
            {
              g += 7;
              continue;
            }
        }
      if (meta[g] != 0)
        break;
    }
  return g;
}

static void
check_recent (Walk              *walk,
              const GcAllocator *allocator)
{
  guint n = 0;

  for (GcBlock *block = allocator->young; block != NULL; block = block->next)
    if (block->state != GC_BLOCK_USED)
      fail (walk, "a block in the list of young ones is not in use");
  for (GcBlock *block = allocator->recent; block != NULL; block = block->next, n++)
    if (block->state != GC_BLOCK_USED || block->epoch != walk->heap->epoch)
      fail (walk, "a block in the list of recent ones is not swept");
  if (n != allocator->n_recent)
    fail (walk, "an allocator has %u recent blocks and counts %u", n, allocator->n_recent);
  if (allocator->empty != NULL)
    fail (walk, "empty blocks are left to an allocator in a stop");
}

/* I2, I5: no byte of a block carries both colours, and a swept one no foreign colour; all are when sweeping is over. */
static void
check_blocks (Walk *walk)
{
  GcHeap *heap = walk->heap;
  guint8 other = heap->colour ^ GC_META_COLOURS;

  for (guint s = 0; s < heap->n_slabs && walk->ok; s++)
    for (guint b = GC_FIRST_BLOCK; b < GC_SLAB_BLOCKS && walk->ok; b++)
      {
        GcBlock *block = &heap->slabs[s]->blocks[b];
        const guint8 *meta = gc_meta (gc_block_start (block));
        gboolean is_swept = block->epoch == heap->epoch && heap->state == GC_STATE_IDLE;

        if (block->state != GC_BLOCK_USED && block->state != GC_BLOCK_READY)
          continue;
        if (block->epoch != heap->epoch && block->state == GC_BLOCK_USED && heap->state == GC_STATE_IDLE)
          fail (walk, "block %u of slab %u was not swept", b, s);
        for (guint g = next_granule (meta, 0); g < GC_BLOCK_GRANULES; g = next_granule (meta, g + 1))
          if ((meta[g] & GC_META_COLOURS) == GC_META_COLOURS || (is_swept && meta[g] & other))
            {
              fail (walk, "block %u of slab %u: granule %u has the byte 0x%02x", b, s, g, meta[g]);
              break;
            }
      }
  for (GcBlock *block = heap->ready; block != NULL && walk->ok; block = block->next)
    if (block->state != GC_BLOCK_READY || block->epoch != heap->epoch)
      fail (walk, "a block in the list of swept ones is not swept");
  for (GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
    check_recent (walk, self);
  for (GcBlock *block = heap->empty; block != NULL && walk->ok; block = block->next)
    if (block->state != GC_BLOCK_EMPTY)
      fail (walk, "a block in the list of empty ones is not empty");
}

/* I13: nothing is scanned behind the back of gc_set(). */
static void
check_young (Walk     *walk,
             guintptr  young)
{
  GcHeap *heap = walk->heap;

  for (guint s = 0; s < heap->n_slabs; s++)
    if (young / GC_SLAB_BLOCKS == (guintptr) heap->slabs[s] / GC_SLAB_SIZE)
      fail (walk, "stores into block 0x%" G_GINTPTR_MODIFIER "x are not reported", young);
}

/* I17: what the slabs of pages know is what the lists of large objects say. */
static void
check_pages (Walk *walk)
{
  GcHeap *heap = walk->heap;
  GcLarge *lists[] = { heap->large, heap->large_unswept, heap->large_young, heap->large_condemned };
  g_autoptr (GHashTable) found = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  GHashTableIter iter;
  gpointer key, value;

  for (GcSlab *slab = heap->open; slab != NULL; slab = slab->next)
    if (!g_hash_table_insert (found, slab, g_new0 (guint8, GC_SLAB_PAGES)) || !slab->is_open)
      fail (walk, "a slab of pages is wrongly in the list of open ones");
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (GcLarge *large = lists[i]; large != NULL; large = large->next)
      {
        char *object = gc_large_object (large);
        GcSlab *slab = gc_slab_of (object);
        guint8 *pages;

        if (slab->kind != GC_SLAB_PAGES_KIND)
          continue;
        if ((pages = g_hash_table_lookup (found, slab)) == NULL)
          {
            pages = g_new0 (guint8, GC_SLAB_PAGES);
            g_hash_table_insert (found, slab, pages);
          }
        for (char *page = object; page < object + large->size; page += GC_PAGE_SIZE)
          if (pages[(page - (char *) slab) / GC_PAGE_SIZE]++ > 0)
            fail (walk, "a page of the large object %p has two objects", (gpointer) object);
        if (!gc_pages_has_object (slab, object))
          fail (walk, "the slab of the large object %p does not know it", (gpointer) object);
      }

  g_hash_table_iter_init (&iter, found);
  while (walk->ok && g_hash_table_iter_next (&iter, &key, &value))
    {
      const GcSlab *slab = key;
      const guint8 *pages = value;
      guint n_free = 0;

      for (guint i = GC_FIRST_OFFSET / GC_PAGE_SIZE; i < GC_SLAB_PAGES; i++)
        {
          guint64 bit = (guint64) 1 << (i % 64);

          n_free += pages[i] == 0;
          if (!(slab->used[i / 64] & bit) != !pages[i] ||
              (slab->used[i / 64] & slab->fresh[i / 64] & bit) != 0 ||
              (slab->first[i / 64] & ~slab->used[i / 64] & bit) != 0)
            fail (walk, "page %u of a slab of pages has a wrong state", i);
        }
      if (slab->n_free != n_free || !slab->is_open != (n_free < GC_MIN_PAGES))
        fail (walk, "a slab of pages has %u free pages and counts %u", n_free, slab->n_free);
    }
}

/* Traces all that the roots lead to. Everything must be marked: right after
 * marking, before anything is allocated. */
gboolean
gc_heap_verify (GcHeap  *heap,
                GError **error)
{
  Walk walk = { heap, g_hash_table_new (NULL, NULL), g_ptr_array_new (), error, TRUE };
  GcTracer tracer = { heap, visit, visit_weak, &walk, NULL };

  heap->hooks->visit_roots (heap->owner, &tracer);
  gc_external_foreach (heap, visit_external, &tracer);
  if (heap->keeper != NULL)
    heap->keeper->visit (heap->keeper, &tracer);
  while (walk.ok && walk.pending->len > 0)
    gc_heap_trace_object (heap, g_ptr_array_steal_index_fast (walk.pending, walk.pending->len - 1),
                          &tracer);
  if (walk.ok)
    check_blocks (&walk);
  for (const GcAllocator *self = &heap->allocator; self != NULL; self = self->next)
    if (self->told_at != NULL)
      check_young (&walk, __atomic_load_n (self->told_at, __ATOMIC_RELAXED));
  check_young (&walk, __atomic_load_n (&gc_young_block_, __ATOMIC_RELAXED));
  for (guint i = 0; i < GC_N_YOUNG_; i++)
    check_young (&walk, __atomic_load_n (&gc_other_young_blocks_[i][0], __ATOMIC_RELAXED));
  if (walk.ok)
    check_pages (&walk);
  g_hash_table_unref (walk.seen);
  g_ptr_array_unref (walk.pending);
  return walk.ok;
}

/* Calls @func for each marked object. */
void
gc_heap_foreach_marked (GcHeap  *heap,
                        void   (*func) (GcObject *object, gpointer data),
                        gpointer data)
{
  GcLarge *lists[] = { heap->large, heap->large_unswept, heap->large_young, heap->large_condemned };

  for (guint s = 0; s < heap->n_slabs; s++)
    for (guint b = GC_FIRST_BLOCK; b < GC_SLAB_BLOCKS; b++)
      {
        GcBlock *block = &heap->slabs[s]->blocks[b];
        char *start = gc_block_start (block);
        const guint8 *meta = gc_meta (start);

        if (block->state != GC_BLOCK_USED && block->state != GC_BLOCK_READY)
          continue;
        for (guint g = next_granule (meta, 0); g < GC_BLOCK_GRANULES; g = next_granule (meta, g + 1))
          if (meta[g] & heap->colour && !(meta[g] & GC_META_CONT))
            func ((GcObject *) (start + (gsize) g * GC_GRANULE + (meta[g] & GC_META_START_HI ? 8 : 0)),
                  data);
      }
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (GcLarge *large = lists[i], *next; large != NULL; large = next)
      {
        GcObject *object = gc_large_object (large);

        next = large->next;
        if (gc_is_marked (heap, object))
          func (object, data);
      }
}

/* The marked object that starts at @word, or NULL: for conservative looks. */
GcObject *
gc_heap_find_marked (GcHeap        *heap,
                     gconstpointer  word)
{
  GcSlab *slab;
  guint8 meta;

  if (!gc_is_ref (word) || gc_heap_of (word) != heap)
    return NULL;
  slab = gc_slab_of (word);
  if (slab->kind == GC_SLAB_LARGE)
    return (const char *) word == (char *) slab + GC_FIRST_OFFSET && gc_is_marked (heap, word) ?
           (GcObject *) word : NULL;
  if (((guintptr) word & GC_SLAB_MASK) < GC_FIRST_OFFSET)
    return NULL;
  if (slab->kind == GC_SLAB_PAGES_KIND)
    return gc_pages_has_object (slab, word) && gc_is_marked (heap, word) ? (GcObject *) word : NULL;
  meta = *gc_meta (word);
  if (!(meta & heap->colour) || meta & GC_META_CONT ||
      !(meta & GC_META_START_HI) != !((guintptr) word & 8))
    return NULL;
  return (GcObject *) word;
}
