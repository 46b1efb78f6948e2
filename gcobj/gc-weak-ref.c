/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-type.h"
#include "gcobj/gc-weak-ref.h"

/**
 * SECTION:gc-weak-ref
 * @Title: GcWeakRef
 * @Short_description: An object that refers to another without keeping it
 *
 * |[<!-- language="C" -->
 * GcWeakRef *ref = gc_weak_ref_new (m, node);
 * DemoNode *alive = gc_weak_ref_upgrade (ref);
 *
 * if (alive == NULL)
 *   g_print ("gone\n");
 * ]|
 *
 * A weak reference leads to its object as long as that is alive for another reason. Within a
 * type of one's own a weak slot (GC_WEAK()) does the same and takes no object.
 *
 * # Between death and end
 *
 * An object dies when nothing leads to it any more, and nobody knows until the collector
 * has marked what lives. gc_arena_finish_marking() goes exactly there and stops
 * (%GC_PHASE_MARKED): a program can then ask what is dead, and bring it back. The words
 * are those of the Rust crate gc-arena:
 *
 * |[<!-- language="C" -->
 * gc_arena_finish_marking (arena);
 * {
 *   g_autoptr (GcMutation) m = gc_arena_begin (arena);
 *
 *   if (gc_weak_ref_is_dead (ref))              // and not dropped yet
 *     gc_weak_ref_resurrect (ref);              // lasts for this cycle; longer if stored
 * }
 * gc_arena_finish_cycle (arena);
 * ]|
 *
 * As soon as the collection goes on from there, weak references to the dead read as
 * %NULL, and are dropped one after another. What a #GcGuardian brings back after that has lost its weak
 * references.
 */

/**
 * GcWeakRef: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * A weak reference. Its structure is private.
 *
 * Since: 0.1
 */
struct _GcWeakRef
{
  GcObject           parent_instance;
  GC_WEAK (GcObject) object;
};

typedef struct
{
  GcObjectClass parent_class;
} GcWeakRefClass;

GC_DECLARE_CLASS_ (GcWeakRef, gc_weak_ref)
GC_DEFINE_TYPE (GcWeakRef, gc_weak_ref, GC_TYPE_OBJECT,
                GC_FIELD_WEAK (GcWeakRef, object))

/* Until the collector clears it, dead or not. */
static gpointer
get_object (GcWeakRef *self)
{
  return self->object.gc_weak_;
}

/**
 * gc_weak_ref_new:
 * @m: a mutation
 * @object: (type GcObj.Object): an object of the same arena
 *
 * Makes a weak reference.
 *
 * Returns: (transfer none): the weak reference, unowned; %NULL, with a critical
 *   warning, if @m is finished or @object is another arena's
 *
 * Since: 0.1
 */
GcWeakRef *
gc_weak_ref_new (GcMutation *m,
                 gpointer    object)
{
  GcArena *arena = gc_check_mutation (m, NULL);
  GcWeakRef *self;

  g_return_val_if_fail (arena != NULL, NULL);
  g_return_val_if_fail (gc_is_ref (object) && gc_arena_of (object) == arena, NULL);

  self = gc_new (m, GcWeakRef);
  if (self != NULL)
    gc_set_weak (self, object, object);
  return self;
}

/**
 * gc_weak_ref_upgrade: (skip)
 * @self: a weak reference
 *
 * Gives the object, inside a scope.
 *
 * Returns: (transfer none) (nullable): the object; %NULL once it is dropped, or is dead and
 *   can't be brought back
 *
 * Since: 0.1
 */
gpointer
gc_weak_ref_upgrade (GcWeakRef *self)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_WEAK_REF), NULL);
  g_return_val_if_fail (gc_object_can_read_ (self), NULL);

  return gc_weak_get (self, object);
}

/**
 * gc_weak_ref_upgrade_dup: (rename-to gc_weak_ref_upgrade)
 * @self: a weak reference
 *
 * Gives a new reference to the object.
 *
 * Returns: (transfer full) (nullable): the object; %NULL once it is dropped, or is dead and
 *   can't be brought back
 *
 * Since: 0.1
 */
GcObject *
gc_weak_ref_upgrade_dup (GcWeakRef *self)
{
  GcObject *object;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_WEAK_REF), NULL);

  gc_scope_enter (&scope, gc_arena_of (self));
  object = gc_weak_get (self, object);
  if (object != NULL)
    gc_object_ref (object);
  gc_scope_leave (&scope);
  return object;
}

/**
 * gc_weak_ref_is_dead:
 * @self: a weak reference
 *
 * Whether marking found nothing that leads to the object, or it is dropped already. Known
 * from the end of marking on (gc_arena_finish_marking() stops there); while
 * nothing is known an object counts as alive.
 *
 * Returns: %TRUE if the object is dead
 *
 * Since: 0.1
 */
gboolean
gc_weak_ref_is_dead (GcWeakRef *self)
{
  GcArena *arena;
  gpointer object;
  gboolean is_dead;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_WEAK_REF), TRUE);

  arena = gc_arena_of (self);
  gc_scope_enter (&scope, arena);
  object = get_object (self);
  is_dead = object == NULL || gc_heap_is_dead (&arena->heap, object);
  gc_scope_leave (&scope);
  return is_dead;
}

/**
 * gc_weak_ref_is_dropped:
 * @self: a weak reference
 *
 * Whether the reference was cleared, because the object was dead. Not the same
 * as gc_weak_ref_upgrade() giving %NULL: while weak references are being cleared it
 * does so for those that the collector has not come to.
 *
 * Returns: %TRUE if the reference leads nowhere any more
 *
 * Since: 0.1
 */
gboolean
gc_weak_ref_is_dropped (GcWeakRef *self)
{
  gboolean is_dropped;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_WEAK_REF), TRUE);

  gc_scope_enter (&scope, gc_arena_of (self));
  is_dropped = get_object (self) == NULL;
  gc_scope_leave (&scope);
  return is_dropped;
}

/* Inside a scope. While marking goes on, or its end is held, a shaded object is marked with
 * all that it leads to before anything is cleared. */
static gpointer
resurrect (GcWeakRef *self)
{
  GcHeap *heap = gc_heap_of (self);
  gpointer object = gc_weak_get (self, object);

  if (object != NULL && (heap->state == GC_STATE_MARKING || heap->state == GC_STATE_MARKED))
    {
      gc_heap_lock (heap);
      gc_shade (heap, object);
      gc_heap_unlock (heap);
    }
  return object;
}

/**
 * gc_weak_ref_resurrect: (skip)
 * @self: a weak reference
 *
 * Gives the object, inside a scope, and has it and all that it leads to last at least until the
 * next cycle, also if it is dead. To keep it longer, store it, or take a reference.
 *
 * Returns: (transfer none) (nullable): the object; %NULL if it is dropped, or is dead and
 *   can't be brought back any more
 *
 * Since: 0.1
 */
gpointer
gc_weak_ref_resurrect (GcWeakRef *self)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_WEAK_REF), NULL);
  g_return_val_if_fail (gc_object_can_read_ (self), NULL);

  return resurrect (self);
}

/**
 * gc_weak_ref_resurrect_dup: (rename-to gc_weak_ref_resurrect)
 * @self: a weak reference
 *
 * Gives a new reference to the object, and has it last at least until the next cycle, also if
 * it is dead.
 *
 * Returns: (transfer full) (nullable): the object; %NULL if it is dropped, or is dead and
 *   can't be brought back any more
 *
 * Since: 0.1
 */
GcObject *
gc_weak_ref_resurrect_dup (GcWeakRef *self)
{
  gpointer object;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_WEAK_REF), NULL);

  gc_scope_enter (&scope, gc_arena_of (self));
  object = resurrect (self);
  if (object != NULL)
    gc_object_ref (object);
  gc_scope_leave (&scope);
  return object;
}
