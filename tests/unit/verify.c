/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The walker finds each way in which a heap can contradict itself: the heap is
 * damaged on purpose, and mended again. */

#include "demo.h"
#include "gcobj/gc-arena-private.h"

typedef struct
{
  GcArena *arena;
  GcHeap *heap;
  DemoNode *node;               /* of three granules, in the low half of its first */
  DemoNode *hi;                 /* in the high half */
  guint8 *meta, *hi_meta;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  g_autoptr (GcMutation) m = NULL;

  self->arena = demo_exact_arena_new ();
  self->heap = &self->arena->heap;
  m = gc_arena_begin (self->arena);
  /* Blobs of an odd number of words, so that nodes come to start in either half. */
  for (guint i = 0; i < 100; i++)
    {
      DemoNode *node = gc_new (m, DemoNode);
      DemoBlob *blob = gc_new_with_tail (m, DemoBlob, 8 + 16 * (i % 4));

      gc_set (node, any, blob);
      gc_set (node, left, gc_arena_get_root (self->arena));
      gc_arena_set_root (self->arena, node);
    }
  self->node = self->hi = NULL;
  for (DemoNode *node = gc_arena_get_root (self->arena); node->left != NULL; node = node->left)
    {
      DemoNode **place = (guintptr) node & 8 ? &self->hi : &self->node;

      *place = node;
    }
  g_assert_nonnull (self->node);
  g_assert_nonnull (self->hi);
  self->meta = gc_meta (self->node);
  self->hi_meta = gc_meta (self->hi);
  g_clear_pointer (&m, gc_mutation_leave_);
  gc_arena_collect (self->arena);
}

static void
assert_good (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (gc_heap_verify (self->heap, &error));
  g_assert_no_error (error);
  g_assert_true (gc_heap_verify (self->heap, NULL));
}

static void
assert_bad (Fixture    *self,
            const char *pattern)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (gc_heap_verify (self->heap, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_CORRUPT);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("'%s' does not match '%s'", error->message, pattern);
  g_assert_false (gc_heap_verify (self->heap, NULL));
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  assert_good (self);
  g_object_unref (self->arena);
}

/* What is not said by a byte can't be said by a store into the field: it is const. */
static gpointer
exchange (gconstpointer slot,
          gpointer      value)
{
  gpointer old;

  memcpy (&old, slot, sizeof old);
  memcpy ((gpointer) (guintptr) slot, &value, sizeof value);
  return old;
}

static void
test_good (Fixture       *self,
           gconstpointer  data)
{
  assert_good (self);
}

static void
test_foreign_reference (Fixture       *self,
                        gconstpointer  data)
{
  g_autoptr (GcArena) other = gc_arena_new ();
  g_autoptr (GcMutation) m = gc_arena_begin (other);
  gpointer old;

  old = exchange (&self->node->right, gc_new (m, DemoNode));
  assert_bad (self, "cycle *: a DemoNode 0x* refers to 0x*, which is no object of the arena");
  exchange (&self->node->right, &old);
  assert_bad (self, "cycle *: a DemoNode 0x* refers to 0x*, which is no object of the arena");
  exchange (&self->node->right, old);
}

static void
test_foreign_root (Fixture       *self,
                   gconstpointer  data)
{
  gpointer root = exchange (&self->arena->root, self);

  assert_bad (self, "cycle *: a root refers to 0x*, which is no object of the arena");
  exchange (&self->arena->root, root);
}

static void
test_unmarked (Fixture       *self,
               gconstpointer  data)
{
  guint8 byte = self->meta[0];

  self->meta[0] &= ~GC_META_COLOURS;
  assert_bad (self, "cycle *: DemoNode 0x* is reachable and not marked");
  self->meta[0] = byte ^ GC_META_COLOURS;
  assert_bad (self, "cycle *: DemoNode 0x* is reachable and not marked");
  self->meta[0] = byte;
}

static void
test_not_reported (Fixture       *self,
                   gconstpointer  data)
{
  self->meta[0] &= ~GC_META_NEEDLOG;
  assert_bad (self, "cycle *: DemoNode 0x* is marked and stores into it are not reported");
  self->meta[0] |= GC_META_NEEDLOG;
}

static void
test_inside_another (Fixture       *self,
                     gconstpointer  data)
{
  self->meta[0] |= GC_META_CONT;
  assert_bad (self, "cycle *: DemoNode 0x* lies inside another object");
  self->meta[0] &= ~GC_META_CONT;
}

static void
test_wrong_half (Fixture       *self,
                 gconstpointer  data)
{
  self->meta[0] ^= GC_META_START_HI;
  assert_bad (self, "cycle *: DemoNode 0x*: wrong half of its first granule");
  self->meta[0] ^= GC_META_START_HI;
  self->hi_meta[0] ^= GC_META_START_HI;
  assert_bad (self, "cycle *: DemoNode 0x*: wrong half of its first granule");
  self->hi_meta[0] ^= GC_META_START_HI;
}

static void
test_rest_unmarked (Fixture       *self,
                    gconstpointer  data)
{
  guint8 byte = self->meta[1];

  self->meta[1] = 0;
  assert_bad (self, "cycle *: DemoNode 0x*: granule 1 of 3 is not marked");
  self->meta[1] = byte & ~GC_META_CONT;
  assert_bad (self, "cycle *: DemoNode 0x*: granule 1 of 3 is not marked");
  self->meta[1] = byte;
}

static void
test_wrong_tail (Fixture       *self,
                 gconstpointer  data)
{
  self->meta[2] ^= GC_META_TAIL_NEXT;
  assert_bad (self, "cycle *: DemoNode 0x*: wrong last half granule");
  self->meta[2] ^= GC_META_TAIL_NEXT;
  self->hi_meta[2] ^= GC_META_TAIL_NEXT;
  assert_bad (self, "cycle *: DemoNode 0x*: wrong last half granule");
  self->hi_meta[2] ^= GC_META_TAIL_NEXT;
}

/* A granule that nothing reaches: the last of the block. */
static void
test_colours (Fixture       *self,
              gconstpointer  data)
{
  guint8 *last = gc_meta (gc_block_start (gc_block_of (self->node)) + GC_BLOCK_SIZE - 1);

  g_assert_cmpuint (*last, ==, 0);
  *last = GC_META_COLOURS;
  assert_bad (self, "cycle *: block 4 of slab 0: granule 4095 has the byte 0x03");
  *last = self->heap->colour ^ GC_META_COLOURS;
  assert_bad (self, "cycle *: block 4 of slab 0: granule 4095 has the byte 0x0?");
  *last = 0;
}

static void
test_lists (Fixture       *self,
            gconstpointer  data)
{
  GcBlock *ready = self->heap->ready;
  GcBlock *empty = self->heap->empty;

  g_assert_nonnull (ready);
  ready->state = GC_BLOCK_USED;
  assert_bad (self, "cycle *: a block in the list of swept ones is not swept");
  ready->state = GC_BLOCK_READY;
  ready->epoch--;
  assert_bad (self, "cycle *: a block in the list of swept ones is not swept");
  ready->epoch++;
  g_assert_nonnull (empty);
  empty->state = GC_BLOCK_READY;
  assert_bad (self, "cycle *: a block in the list of empty ones is not empty");
  empty->state = GC_BLOCK_EMPTY;
}

/* What is wrong is found wherever it is: at the end of a large array that only an
 * external reference leads to. */
static void
test_through_external (Fixture       *self,
                       gconstpointer  data)
{
  DemoVector *vector;
  gpointer old;

  {
    g_autoptr (GcMutation) m = gc_arena_begin (self->arena);

    vector = gc_object_ref (gc_new_with_tail (m, DemoVector, 2000));
  }
  gc_arena_collect (self->arena);
  assert_good (self);
  old = exchange (&vector->items[1999], self);
  assert_bad (self, "cycle *: a DemoVector 0x* refers to 0x*, which is no object of the arena");
  exchange (&vector->items[1999], old);
  /* Tagged words are no references, whatever they look like. */
  exchange (&vector->items[1999], (char *) self + 1);
  assert_good (self);
  exchange (&vector->items[1999], old);
  gc_object_unref (vector);
}

/* The public function runs it too. */
static void
test_public (Fixture       *self,
             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  guint8 *last = gc_meta (gc_block_start (gc_block_of (self->node)) + GC_BLOCK_SIZE - 1);

  g_assert_true (gc_arena_verify (self->arena, &error));
  g_assert_no_error (error);
  /* Live as far as a sweep can see, in the colour after the next two cycles. */
  *last = GC_META_COLOURS;
  g_assert_false (gc_arena_verify (self->arena, &error));
  g_assert_error (error, GC_ERROR, GC_ERROR_CORRUPT);
  *last = 0;
}

/* The looks at what is marked that the zeal modes are made of. */
static void
count_object (GcObject *object,
              gpointer  n)
{
  ++*(guint *) n;
}

static void
test_find_marked (Fixture       *self,
                  gconstpointer  data)
{
  guint n = 0;

  gc_heap_foreach_marked (self->heap, count_object, &n);
  g_assert_cmpuint (n, ==, 200);
  g_assert_true (gc_heap_find_marked (self->heap, self->node) == GC_OBJECT (self->node));
  g_assert_true (gc_heap_find_marked (self->heap, self->hi) == GC_OBJECT (self->hi));
  for (gsize by = 1; by < sizeof (DemoNode); by++)
    {
      g_assert_null (gc_heap_find_marked (self->heap, (char *) self->node + by));
      g_assert_null (gc_heap_find_marked (self->heap, (char *) self->hi + by));
    }
  g_assert_null (gc_heap_find_marked (self->heap, NULL));
  g_assert_null (gc_heap_find_marked (self->heap, self));
  g_assert_null (gc_heap_find_marked (self->heap, gc_slab_of (self->node)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/verify/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("good", test_good);
  ADD ("foreign-reference", test_foreign_reference);
  ADD ("foreign-root", test_foreign_root);
  ADD ("unmarked", test_unmarked);
  ADD ("not-reported", test_not_reported);
  ADD ("inside-another", test_inside_another);
  ADD ("wrong-half", test_wrong_half);
  ADD ("rest-unmarked", test_rest_unmarked);
  ADD ("wrong-tail", test_wrong_tail);
  ADD ("colours", test_colours);
  ADD ("lists", test_lists);
  ADD ("through-external", test_through_external);
  ADD ("public", test_public);
  ADD ("find-marked", test_find_marked);
#undef ADD
  return g_test_run ();
}
