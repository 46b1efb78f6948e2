/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What few objects have, beside the objects: identity hashes and external bytes. */

#include "gcobj/gc-arena-private.h"

/* value: the identity hash + 1, or 0; value2: external bytes. */
static void
dropped (GcWeakSet      *self,
         GcHeap         *heap,
         GcWeakSetEntry *entry)
{
  (void) self;
  heap->external_bytes -= entry->value2;
}

void
gc_side_init (GcArena *arena)
{
  gc_weak_set_init (&arena->side, &arena->heap, GC_WEAK_AFTER, TRUE);
  arena->side.dropped = dropped;
}

void
gc_side_clear (GcArena *arena)
{
  gc_weak_set_clear (&arena->side, &arena->heap);
}

static GcWeakSetEntry *
get_entry (GcArena  *arena,
           gpointer  object,
           gboolean  create)
{
  guint64 hash = gc_weak_set_hash (object);
  GcWeakSetEntry *entry = gc_weak_set_find (&arena->side, hash, NULL, object);

  if (entry == NULL && create)
    entry = gc_weak_set_add (&arena->side, hash, object);
  return entry;
}

/* What an object owns outside of the heap; under the hold. */
gsize
gc_side_external_bytes (GcArena  *arena,
                        gpointer  object)
{
  GcWeakSetEntry *entry = get_entry (arena, object, FALSE);

  return entry != NULL ? entry->value2 : 0;
}

/**
 * gc_object_hash:
 * @object: an object
 *
 * Gives a hash value that the object keeps for its life. It says which object
 * this is, not what is in it, and has nothing to do with its address. The first
 * call makes an entry of 32 bytes beside the object.
 *
 * Returns: the identity hash
 *
 * Since: 0.1
 */
guint
gc_object_hash (GcObject *object)
{
  static guint64 serial;
  GcArena *arena = gc_arena_of (object);
  GcWeakSetEntry *entry;
  GcScope scope;
  guint hash;

  g_return_val_if_fail (arena != NULL, 0);

  gc_scope_enter (&scope, arena);
  entry = get_entry (arena, object, TRUE);
  if (entry->value == 0)
    {
      guint64 x = __atomic_add_fetch (&serial, 1, __ATOMIC_RELAXED);

      x *= 0x9E3779B97F4A7C15;
      entry->value = (gsize) (guint32) (x >> 32) + 1;
    }
  hash = (guint) (entry->value - 1);
  gc_scope_leave (&scope);
  return hash;
}

/**
 * gc_object_add_external_bytes:
 * @object: an object
 * @bytes: how many bytes more (or less, if negative) it owns
 *
 * Tells that @object owns memory outside of the heap, such as a string or an
 * image, which is freed when the object dies. It counts as allocated in the arena's pacing,
 * so that garbage that owns much is collected early. What an object owns is
 * subtracted by itself when it dies.
 *
 * Since: 0.1
 */
void
gc_object_add_external_bytes (GcObject *object,
                              gssize    bytes)
{
  GcArena *arena = gc_arena_of (object);
  GcWeakSetEntry *entry;
  GcScope scope;

  g_return_if_fail (arena != NULL);
  g_return_if_fail (!gc_arena_is_finalizing ());

  gc_scope_enter (&scope, arena);
  entry = get_entry (arena, object, TRUE);
  if (bytes < 0 && -(gsize) bytes > entry->value2)
    {
      g_critical ("%s: an object that owns %" G_GSIZE_FORMAT " external bytes can't lose %" G_GSIZE_FORMAT,
                  G_STRFUNC, entry->value2, -(gsize) bytes);
      bytes = -(gssize) entry->value2;
    }
  if (bytes > 0 && (gsize) bytes > G_MAXSSIZE - MIN (arena->heap.external_bytes, G_MAXSSIZE))
    {
      g_critical ("%s: more external bytes than an address space has", G_STRFUNC);
      bytes = 0;
    }
  entry->value2 += bytes;
  arena->heap.external_bytes += bytes;
  if (bytes > 0)
    {
      gc_heap_count (&arena->heap, bytes);
      arena->heap.external_since += bytes;
    }
  gc_scope_leave (&scope);
}

/**
 * gc_object_get_external_bytes:
 * @object: an object
 *
 * Gives how many bytes outside of the heap @object owns, as told by
 * gc_object_add_external_bytes().
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
gsize
gc_object_get_external_bytes (GcObject *object)
{
  GcArena *arena = gc_arena_of (object);
  GcScope scope;
  gsize bytes;

  g_return_val_if_fail (arena != NULL, 0);

  gc_scope_enter (&scope, arena);
  bytes = gc_side_external_bytes (arena, object);
  gc_scope_leave (&scope);
  return bytes;
}
