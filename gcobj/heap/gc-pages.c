/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Slabs of pages, which large objects of up to GC_PAGES_SIZE share: a mapping for each would cost more to make and
 * to give back than the object to fill, and the system has only so many. An object takes whole pages, the first
 * run that is long enough. Pages are used again as they are, and zeroed for it; those that nobody asks for go back
 * to the system as empty blocks do. The invariant is I17. */

#include "gcobj/heap/gc-heap-private.h"

#define FIRST_PAGE (GC_FIRST_OFFSET / GC_PAGE_SIZE)
#define OPEN_TRIES 16           /* slabs that are looked through: bounds an allocation */
#define DISCARD_PAGES 64        /* returned to the system at once: bounds a slice */

G_STATIC_ASSERT (FIRST_PAGE == 64);   /* the first word of each bitmap */
G_STATIC_ASSERT (GC_CARDS_AT + (GC_PAGES_SIZE >> GC_CARD_SHIFT) + 8 <=
                 (GC_PAGES_SIZE - GC_PAGE_SIZE) / GC_GRANULE);

static guint
count_pages (gsize size)
{
  return (size + GC_PAGE_SIZE - 1) / GC_PAGE_SIZE;
}

/* The next page from @page on whose bit is set, or clear if @flip is all ones. */
static guint
next_page (const guint64 *words,
           guint          page,
           guint64        flip)
{
  while (page < GC_SLAB_PAGES)
    {
      guint64 rest = (words[page / 64] ^ flip) >> (page % 64);

      if (rest != 0)
        return page + __builtin_ctzll (rest);
      page = (page | 63) + 1;
    }
  return GC_SLAB_PAGES;
}

/* The bits from @page to @end in the word of @page. */
static guint64
bits_of (guint page,
         guint end)
{
  guint n = MIN (end - page, 64 - page % 64);

  return (~(guint64) 0 >> (64 - n)) << (page % 64);
}

/* Sets the bits from @page to @end in one bitmap and clears them in another; either may be NULL. */
static void
move_pages (guint64 *to,
            guint64 *from,
            guint    page,
            guint    end)
{
  for (; page < end; page = (page | 63) + 1)
    {
      if (to != NULL)
        to[page / 64] |= bits_of (page, end);
      if (from != NULL)
        from[page / 64] &= ~bits_of (page, end);
    }
}

/* The first of @n free pages, or 0. */
static guint
find_run (const GcSlab *slab,
          guint         n)
{
  guint page = FIRST_PAGE;

  if (slab->n_free < n)
    return 0;
  while ((page = next_page (slab->used, page, ~(guint64) 0)) + n <= GC_SLAB_PAGES)
    {
      guint end = next_page (slab->used, page, 0);

      if (end - page >= n)
        return page;
      page = end;
    }
  return 0;
}

static void
open_slab (GcHeap *heap,
           GcSlab *slab)
{
  slab->is_open = TRUE;
  slab->next = heap->open;
  heap->open = slab;
}

static GcSlab *
add_slab (GcHeap *heap)
{
  GcSlab *slab = gc_slab_map (heap, GC_SLAB_SIZE, heap->stats.heap_bytes > GC_SLAB_SIZE);

  if (slab == NULL)
    return NULL;
  slab->kind = GC_SLAB_PAGES_KIND;
  slab->n_free = GC_SLAB_PAGES - FIRST_PAGE;
  slab->used[0] = ~(guint64) 0;
  for (guint i = 1; i < GC_PAGE_WORDS; i++)
    slab->fresh[i] = ~(guint64) 0;
  open_slab (heap, slab);
  return slab;
}

/* Makes the pages zero that are not, and present those that are not. */
static void
clean_run (GcHeap *heap,
           GcSlab *slab,
           guint   page,
           guint   end)
{
  while (page < end)
    {
      gboolean is_fresh = (slab->fresh[page / 64] >> (page % 64) & 1) != 0;
      guint stop = MIN (next_page (slab->fresh, page, is_fresh ? ~(guint64) 0 : 0), end);
      char *start = (char *) slab + (gsize) page * GC_PAGE_SIZE;
      gsize size = (gsize) (stop - page) * GC_PAGE_SIZE;

      if (is_fresh)
        {
          gc_os_populate (start, size);
          gc_heap_count_bytes (heap, size);
        }
      else if (!GC_FAULT (PAGES_ZERO))
        memset (start, 0, size);
      page = stop;
    }
}

/* Gives zeroed memory for a large object, or NULL. */
gpointer
gc_pages_take (GcHeap *heap,
               gsize   size)
{
  guint n = count_pages (size);
  GcSlab **link = &heap->open;
  guint page = 0, end;
  GcSlab *slab;

  for (guint i = 0; i < OPEN_TRIES && (slab = *link) != NULL; i++)
    {
      if ((page = find_run (slab, n)) != 0)
        break;
      link = &slab->next;
    }
  if (page == 0)
    {
      if ((slab = add_slab (heap)) == NULL)
        return NULL;
      link = &heap->open;
      page = FIRST_PAGE;
    }

  end = page + n;
  clean_run (heap, slab, page, end);
  move_pages (slab->used, slab->fresh, page, end);
  slab->first[page / 64] |= (guint64) 1 << (page % 64);
  slab->quiet = 0;
  slab->n_free -= n;
  if (slab->n_free < GC_MIN_PAGES)
    {
      slab->is_open = FALSE;
      *link = slab->next;
    }
  return (char *) slab + (gsize) page * GC_PAGE_SIZE;
}

void
gc_pages_give_back (GcHeap   *heap,
                    gpointer  object,
                    gsize     size)
{
  GcSlab *slab = gc_slab_of (object);
  guint page = ((guintptr) object & GC_SLAB_MASK) / GC_PAGE_SIZE;
  guint end = page + count_pages (size);

  if (GC_FAULT (PAGES_FREED) && end < GC_SLAB_PAGES)
    end++;
  if (heap->zeal & GC_ZEAL_CLOBBER)
    memset (object, GC_CLOBBER, size);
  move_pages (NULL, slab->used, page, end);
  slab->first[page / 64] &= ~((guint64) 1 << (page % 64));
  slab->quiet = 0;
  slab->n_free += end - page;
  if (!slab->is_open && slab->n_free >= GC_MIN_PAGES)
    open_slab (heap, slab);
}

/* Whether a large object starts at an address in a slab of pages. */
gboolean
gc_pages_has_object (const GcSlab  *slab,
                     gconstpointer  address)
{
  gsize offset = (guintptr) address & GC_SLAB_MASK;

  return offset % GC_PAGE_SIZE == 0 &&
         (slab->first[offset / GC_PAGE_SIZE / 64] >> (offset / GC_PAGE_SIZE % 64) & 1) != 0;
}

/* Returns the free pages of a slab to the system, some at a time. TRUE when none is left. */
static gboolean
discard_free (GcHeap   *heap,
              GcSlab   *slab,
              GcBudget *budget)
{
  guint64 idle[GC_PAGE_WORDS];
  guint end;

  for (guint i = 0; i < GC_PAGE_WORDS; i++)
    idle[i] = ~(slab->used[i] | slab->fresh[i]);
  for (guint page = next_page (idle, FIRST_PAGE, 0); page < GC_SLAB_PAGES; page = next_page (idle, end, 0))
    {
      end = MIN (next_page (idle, page, ~(guint64) 0), page + DISCARD_PAGES);
      gc_os_discard ((char *) slab + (gsize) page * GC_PAGE_SIZE, (gsize) (end - page) * GC_PAGE_SIZE);
      gc_heap_count_bytes (heap, -(gssize) (end - page) * GC_PAGE_SIZE);
      move_pages (slab->fresh, NULL, page, end);
      if (gc_budget_spend (budget, 32 * (end - page)))
        return FALSE;
    }
  return TRUE;
}

/* Returns pages of slabs in which nothing happened for GC_EMPTY_CYCLES to the system, and slabs that are empty
 * whole. TRUE when all were looked at. */
gboolean
gc_pages_release (GcHeap   *heap,
                  GcBudget *budget)
{
  GcSlab **link = &heap->open;
  GcSlab *slab;

  while ((slab = *link) != NULL)
    {
      if (slab->aged_cycle != heap->cycle)
        {
          slab->aged_cycle = heap->cycle;
          slab->quiet += slab->quiet < GC_EMPTY_CYCLES;
        }
      if (slab->quiet == GC_EMPTY_CYCLES && !discard_free (heap, slab, budget))
        return FALSE;
      if (slab->quiet == GC_EMPTY_CYCLES && slab->n_free == GC_SLAB_PAGES - FIRST_PAGE)
        {
          *link = slab->next;
          gc_slab_unmap (slab, GC_SLAB_SIZE);
        }
      else
        link = &slab->next;
    }
  return TRUE;
}

/* Has the next release return all that is free. */
void
gc_pages_expire (GcHeap *heap)
{
  for (GcSlab *slab = heap->open; slab != NULL; slab = slab->next)
    slab->quiet = GC_EMPTY_CYCLES;
}

/* After the objects: all slabs are open. */
void
gc_pages_free_all (GcHeap *heap)
{
  GcSlab *slab;

  while ((slab = heap->open) != NULL)
    {
      heap->open = slab->next;
      gc_slab_unmap (slab, GC_SLAB_SIZE);
    }
}
