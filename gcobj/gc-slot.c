/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-debug-private.h"

/**
 * SECTION:gc-slot
 * @Title: Slots
 * @Short_description: Fields that the collector knows of
 *
 * |[<!-- language="C" -->
 * struct _DemoNode
 * {
 *   GcObject parent_instance;
 *   GC_REF (DemoNode) left;
 *   GC_REF (DemoNode) right;
 *   GC_WEAK (DemoNode) parent;
 * };
 *
 * gc_set (node, left, child);
 * gc_set_weak (child, parent, node);
 * g_assert (node->left == child);
 * g_assert (gc_weak_get (child, parent) == node);
 * ]|
 *
 * A slot is a field through which one object refers to another. It is read like any
 * field, and written by gc_set() alone, which tells the collector: a direct
 * assignment does not compile. A weak slot does not keep what it refers to alive;
 * it is %NULL once that is gone, and is read by gc_weak_get().
 *
 * A slot's word is %NULL, an object, or any value with one of its low three
 * bits set, which the collector ignores: an interpreter keeps small integers
 * there with gc_tag_int().
 */

/**
 * GC_REF:
 * @T: the C type of an object
 *
 * Declares a slot: `GC_REF (DemoNode) left, right;`. Each is also listed in its
 * type's definition, by GC_FIELD().
 *
 * Since: 0.1
 */

/**
 * GC_WEAK:
 * @T: the C type of an object
 *
 * Declares a weak slot, to be listed by GC_FIELD_WEAK().
 *
 * Since: 0.1
 */

/**
 * GC_REF_TAIL:
 * @T: the C type of an object
 *
 * Declares the slots at the end of a type of variable size, as its last field: a
 * flexible array, to be listed by GC_FIELD_TAIL() together with its count.
 *
 * Since: 0.1
 */

/**
 * GC_UNTRACED:
 *
 * Marks a plain pointer field that the collector is meant to overlook, for readers and checkers;
 * GC_FIELD_UNTRACED() tells the collector's own check.
 *
 * Since: 0.1
 */

/**
 * gc_set:
 * @owner: an object
 * @field: one of its slots, also `items[3]` or a path
 * @value: an object of the slot's type, a tagged word, or %NULL
 *
 * Stores into a slot. @owner is evaluated once.
 *
 * The value is of the same arena; inside a scope.
 *
 * Since: 0.1
 */

/**
 * gc_set_weak:
 * @owner: an object
 * @field: one of its weak slots
 * @value: an object of the slot's type, or %NULL
 *
 * Stores into a weak slot.
 *
 * Since: 0.1
 */

/**
 * gc_weak_get:
 * @owner: an object
 * @field: one of its weak slots
 *
 * Reads a weak slot.
 *
 * Returns: what it refers to, or %NULL once that is gone
 *
 * Since: 0.1
 */

/**
 * GC_DEFINE_GETTER:
 * @T: the C name of the type
 * @t_n: the same in lower_case
 * @FieldType: the C type of the objects in the field
 * @field: a slot that holds nothing but objects
 *
 * Defines two functions that read a slot: `t_n_get_field` gives a plain pointer, and
 * %NULL with a critical warning outside of a scope; `t_n_dup_field` can be called anywhere and
 * gives an external reference. The header declares both; for bindings the first is
 * annotated `(skip)` and the second `(rename-to)` the first.
 *
 * Since: 0.1
 */

/**
 * GC_DEFINE_ACCESSORS:
 * @T: the C name of the type
 * @t_n: the same in lower_case
 * @FieldType: the C type of the objects in the field
 * @field_type_get_type: the function that gives their GType, without parentheses
 * @field: a slot that holds nothing but objects
 *
 * Defines the functions of GC_DEFINE_GETTER(), and `t_n_set_field`, which stores an object of the
 * right type, or %NULL, from anywhere.
 *
 * Since: 0.1
 */

/**
 * gc_tag_int: (skip)
 * @value: a number of at most 61 bits
 *
 * Makes a word that a slot can hold in the place of an object.
 *
 * Returns: (transfer none): the word
 *
 * Since: 0.1
 */
gpointer
(gc_tag_int) (gssize value)
{
  return gc_tag_int_ (value);
}

/**
 * gc_untag_int: (skip)
 * @word: what gc_tag_int() gave
 *
 * Gives the number back.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
gssize
(gc_untag_int) (gconstpointer word)
{
  return gc_untag_int_ (word);
}

/**
 * gc_is_tagged: (skip)
 * @word: what a slot holds
 *
 * Whether the word has one of its low three bits set and so is no object.
 *
 * Returns: %TRUE for a tagged word
 *
 * Since: 0.1
 */
gboolean
(gc_is_tagged) (gconstpointer word)
{
  return gc_is_tagged_ (word);
}

/* The store may change what is alive or young, or a check watches it, or it is a mistake. */
static G_GNUC_NO_INLINE void
report_store (gpointer      owner,
              gconstpointer slot,
              gconstpointer value)
{
  GcHeap *heap = gc_heap_of (owner);

  if (G_UNLIKELY (heap == NULL))
    {
      g_critical ("gc_set: the owner at %p is not an object of an arena", owner);
      return;
    }
  if (G_UNLIKELY (gc_is_ref (value) && gc_heap_of (value) != heap))
    {
      *(gc_slot_word_ *) (guintptr) slot = NULL;
      g_critical ("gc_set: the value at %p is not an object of the owner's arena", value);
      value = NULL;
    }
  if (GC_FAULT (BARRIER_REPORT))
    return;
  if (G_UNLIKELY (gc_debug_flags & GC_DEBUG_BARRIERS))
    gc_debug_check_store (owner, slot, value);
  gc_heap_lock (heap);
  if (G_UNLIKELY (heap->zeal & GC_ZEAL_SHADOW_SLOTS))
    gc_shadow_record (heap, slot, value);
  gc_heap_note_store (heap, owner, slot, value);
  gc_heap_unlock (heap);
}

/* Notes what is to be shaded. Whether there is no room for more. */
static inline gboolean
defer_shade (GcAllocator   *allocator,
             gconstpointer  value)
{
  allocator->stored[allocator->n_stored++] = (gpointer) value;
  return allocator->n_stored == GC_STORED;
}

static inline gboolean
defers_shades (const GcHeap *heap)
{
  return heap->state == GC_STATE_MARKING && !GC_FAULT (BARRIER_SHADE);
}

/* A store into a marked object of a shared heap, where each mutator defers what it stores. (One by a thread without a
 * scope is a mistake; so it is not to be the end of the program.) */
static G_GNUC_NO_INLINE void
note_shared_store (GcHeap        *heap,
                   gpointer       owner,
                   gconstpointer  slot,
                   gconstpointer  value)
{
  GcMutator *mutator = gc_mutator_find (gc_heap_get_arena (heap));

  if (mutator != NULL && defers_shades (heap))
    {
      if (defer_shade (mutator->allocator, value))
        {
          gc_heap_lock (heap);
          gc_allocator_shade_stored (mutator->allocator, heap);
          gc_heap_unlock (heap);
        }
    }
  else if (!gc_is_marked (heap, value) && !gc_log_has_card (heap, owner, slot) &&
           (mutator == NULL || (gc_debug_flags & GC_DEBUG_BARRIERS) != 0 || GC_FAULT (BARRIER_REPORT) ||
            !gc_log_note_own (heap, mutator->allocator, owner)))
    report_store (owner, slot, value);
}

/* What a store into a slot needs while some arena marks or is generational, or a check watches:
 * gc_set() calls it after each store. Few are of interest, so that those that are not get by without
 * a frame (performance/binary-trees and lru-churn). */
void
gc_write_barrier_ (gpointer      owner,
                   gconstpointer slot,
                   gconstpointer value)
{
  GcHeap *heap = gc_heap_of (owner);

  if (G_LIKELY (heap != NULL &&
                !(__atomic_load_n (&gc_barrier_needed_, __ATOMIC_RELAXED) & GC_STORES_ALL)))
    {
      guint8 meta = gc_meta_load (gc_meta (owner));

      /* A young owner is not marked; if it will be, so is what it refers to then. */
      if (!(meta & GC_META_NEEDLOG) || !gc_is_ref (value))
        return;
      /* The same holds for an old one that is not marked yet; and nobody has to be told of a value
       * that is. But the value's byte is rarely in the cache, so that while marking goes on it is
       * looked at later, together with others (performance/graph). */
      if (gc_heap_of (value) == heap)
        {
          if (!(meta & heap->colour))
            return;
          if (G_UNLIKELY (gc_heap_is_shared (heap)))
            {
              note_shared_store (heap, owner, slot, value);
              return;
            }
          if (defers_shades (heap))
            {
              if (defer_shade (&heap->allocator, value))
                gc_allocator_shade_stored (&heap->allocator, heap);
              return;
            }
          if (gc_is_marked (heap, value))
            return;
        }
    }
  report_store (owner, slot, value);
}

/**
 * gc_object_set_slot: (skip)
 * @owner: (type GcObj.Object): an object
 * @slot: the address of one of its slots
 * @value: (type GcObj.Object) (nullable): an object of the same arena, or a tagged word
 *
 * Stores into a slot with all checks, in a scope of its own if none is open: what a
 * setter function for scripts is made of.
 *
 * Since: 0.1
 */
void
gc_object_set_slot (gpointer      owner,
                    gconstpointer slot,
                    gconstpointer value)
{
  GcArena *arena = gc_arena_of (owner);
  GcScope scope;

  g_return_if_fail (arena != NULL);
  g_return_if_fail (slot != NULL);
  g_return_if_fail (!gc_is_ref (value) || gc_arena_of (value) == arena);
  g_return_if_fail (!gc_arena_is_finalizing ());

  gc_scope_enter (&scope, arena);
  gc_store_ (owner, slot, value);
  gc_scope_leave (&scope);
}

/**
 * gc_object_set_weak_slot: (skip)
 * @owner: (type GcObj.Object): an object
 * @slot: the address of one of its weak slots
 * @value: (type GcObj.Object) (nullable): an object of the same arena
 *
 * Stores into a weak slot. This is what gc_set_weak() calls.
 *
 * Since: 0.1
 */
void
gc_object_set_weak_slot (gpointer      owner,
                         gconstpointer slot,
                         gconstpointer value)
{
  GcArena *arena = gc_arena_of (owner);
  GcScope scope;

  g_return_if_fail (arena != NULL);
  g_return_if_fail (slot != NULL);
  g_return_if_fail (value == NULL || gc_arena_of (value) == arena);
  g_return_if_fail (!gc_arena_is_finalizing ());

  gc_scope_enter (&scope, arena);
  *(gc_slot_word_ *) (guintptr) slot = value;
  gc_heap_note_weak_store (&arena->heap, owner, value);
  gc_scope_leave (&scope);
}

/**
 * gc_weak_slot_get: (skip)
 * @slot: the address of a weak slot
 *
 * Reads a weak slot, inside a scope. This is what gc_weak_get() calls.
 *
 * Returns: (type GcObj.Object) (transfer none) (nullable): what it refers to
 *
 * Since: 0.1
 */
gpointer
gc_weak_slot_get (gconstpointer slot)
{
  gpointer value = *(gpointer *) (guintptr) slot;

  if (!gc_is_ref (value))
    return NULL;
  /* Between marking and clearing the slot may still hold what is dead. */
  return gc_heap_is_dead (gc_slab_of (value)->heap, value) &&
         gc_slab_of (value)->heap->state == GC_STATE_CLEARING && !GC_FAULT (WEAK_READ) ? NULL : value;
}

/**
 * GcTracer:
 *
 * What a trace function reports slots to. Opaque, and valid only during the call.
 *
 * Since: 0.1
 */

static inline void
check_slot_address (GcTracer      *tracer,
                    gconstpointer  slot)
{
#if GCOBJ_CHECKS >= 2
  GcObject *object = tracer->object;

  /* Unmanaged memory that the object owns is fine; another object is not. */
  if (gc_address_is_ours (slot) &&
      ((const char *) slot < (char *) object ||
       (const char *) slot + sizeof (gpointer) > (char *) object + gc_object_get_size (object)))
    g_critical ("gc_trace: the trace function of %s reports a slot outside of its object",
                g_type_name (G_TYPE_FROM_INSTANCE (object)));
#endif
}

/**
 * gc_trace: (skip)
 * @tracer: the tracer given to the trace function
 * @slot: (type gpointer): the address of a slot
 *
 * Reports a slot: of the object itself, or in memory that it owns outside of the heap. Only
 * inside of #GcObjectClass.trace, and never for slots that the layout declares.
 *
 * Since: 0.1
 */
void
gc_trace (GcTracer      *tracer,
          gconstpointer  slot)
{
  g_return_if_fail (tracer != NULL);
  g_return_if_fail (slot != NULL);

  check_slot_address (tracer, slot);
  tracer->visit (tracer, (gpointer *) (guintptr) slot);
}

/**
 * gc_trace_weak: (skip)
 * @tracer: the tracer given to the trace function
 * @slot: (type gpointer): the address of a weak slot
 *
 * Reports a weak slot, which is set to %NULL when what it refers to dies.
 *
 * Since: 0.1
 */
void
gc_trace_weak (GcTracer      *tracer,
               gconstpointer  slot)
{
  g_return_if_fail (tracer != NULL);
  g_return_if_fail (slot != NULL);

  check_slot_address (tracer, slot);
  tracer->visit_weak (tracer, (gpointer *) (guintptr) slot);
}

/**
 * gc_trace_array: (skip)
 * @tracer: the tracer given to the trace function
 * @slots: (type gpointer): the address of the first slot
 * @n: how many there are
 *
 * Reports slots that follow each other.
 *
 * Since: 0.1
 */
void
gc_trace_array (GcTracer      *tracer,
                gconstpointer  slots,
                gsize          n)
{
  gpointer *slot = (gpointer *) (guintptr) slots;

  g_return_if_fail (tracer != NULL);
  g_return_if_fail (slots != NULL || n == 0);

  for (gsize i = 0; i < n; i++)
    {
      check_slot_address (tracer, slot + i);
      tracer->visit (tracer, slot + i);
    }
}
