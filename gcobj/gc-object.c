/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-error.h"
#include "gcobj/gc-type.h"

/**
 * SECTION:gc-object
 * @Title: GcObject
 * @Short_description: The base of all garbage-collected types
 *
 * |[<!-- language="C" -->
 * g_autoptr (GcMutation) m = gc_arena_begin (arena);
 * DemoNode *node = gc_new (m, DemoNode);      // zeroed, typed, unowned
 * GcObject *kept = gc_object_ref (node);      // an external reference: survives the scope
 *
 * gc_mutation_finish (m);
 * gc_object_unref (kept);
 * ]|
 *
 * A #GcObject is an instance of a fundamental type that an arena's collector
 * owns. It has no reference count of its own and nobody frees it: it lives while
 * a root leads to it. Inside a mutation scope plain pointers to objects are all
 * that is needed. What holds an object from outside takes an external reference,
 * with gc_object_ref() or in a #GValue; language bindings do so by themselves.
 *
 * Objects are made inside a scope, by gc_new() or by a function that takes a
 * #GcMutation. A new object is not kept alive by anything: store it somewhere, root it, or take
 * a reference before the scope ends.
 */

/**
 * gc_new:
 * @m: a mutation
 * @T: the C name of a type that GC_DECLARE_TYPE() declared
 *
 * Makes a new object.
 *
 * Returns: (transfer none): the object, zeroed, of type `T *`, and unowned: store it
 *   somewhere, root it or take a reference before the scope ends
 *
 * Since: 0.1
 */

/**
 * gc_new_with_tail:
 * @m: a mutation
 * @T: the C name of a type with a tail
 * @n: the number of elements in the tail
 *
 * Makes a new object of variable size. Where @n comes from outside use
 * gc_object_try_new().
 *
 * Returns: (transfer none): the object, zeroed and unowned
 *
 * Since: 0.1
 */

/* The arena that made an object, or NULL: for impostors and other pointers. */
GcArena *
gc_arena_of (gconstpointer object)
{
  GcHeap *heap = object != NULL ? gc_heap_of (object) : NULL;

  return heap != NULL ? gc_heap_get_arena (heap) : NULL;
}

/* A scope of the calling thread that is open, whichever of its arena's was given. */
static GcArena *
check_mutation (GcMutation *m)
{
  GcArena *arena = m != NULL ? __atomic_load_n (&m->arena, __ATOMIC_ACQUIRE) : NULL;

  return arena != NULL && gc_arena_is_mutating (arena) ? arena : NULL;
}

/* Allocates beyond the fast path: what has a finalizer, a varying size or much of it, no
 * class yet, or no window left. Without an error to set, no memory is fatal. */
gpointer
gc_object_allocate (GcMutation     *m,
                    GcObjectClass  *klass,
                    gsize           n,
                    GError        **error)
{
  GcArena *arena = check_mutation (m);
  gsize size;
  gpointer object;

  g_return_val_if_fail (arena != NULL, NULL);
  g_return_val_if_fail (klass != NULL, NULL);
  g_return_val_if_fail (!gc_arena_is_finalizing (), NULL);
  if (G_UNLIKELY (gc_arena_is_wanted (arena)))
    gc_arena_let_others_in (arena);
  if (G_UNLIKELY (!(__atomic_load_n (&klass->flags, __ATOMIC_ACQUIRE) & GC_KIND_READY)) &&
      !gc_class_seal (klass))
    return NULL;
  if (klass->flags & GC_KIND_ABSTRACT)
    {
      g_critical ("%s: the type %s is abstract", G_STRFUNC, g_type_name (G_TYPE_FROM_CLASS (klass)));
      return NULL;
    }

  if (klass->flags & GC_KIND_TAIL)
    {
      const GcLayout *layout = klass->layout;

      if (!g_size_checked_mul (&size, n, layout->tail_element_size) ||
          !g_size_checked_add (&size, size, layout->tail_offset) ||
          size > GC_MAX_OBJECT)
        {
          if (error != NULL)
            g_set_error (error, GC_ERROR, GC_ERROR_NO_MEMORY,
                         "A %s of %" G_GSIZE_FORMAT " elements is too large",
                         g_type_name (G_TYPE_FROM_CLASS (klass)), n);
          else
            g_critical ("%s: a %s of %" G_GSIZE_FORMAT " elements is too large", G_STRFUNC,
                        g_type_name (G_TYPE_FROM_CLASS (klass)), n);
          return NULL;
        }
      size = gc_round_size (size);
    }
  else
    {
      g_return_val_if_fail (n == 0, NULL);
      size = klass->instance_size;
    }

  if (G_UNLIKELY (__atomic_load_n (&arena->heap.heap_limit, __ATOMIC_RELAXED) != 0) && !gc_arena_has_room (arena, size))
    {
      if (error != NULL)
        {
          g_set_error (error, GC_ERROR, GC_ERROR_HEAP_LIMIT,
                       "The heap reached its limit of %" G_GSIZE_FORMAT " bytes", gc_arena_get_heap_limit (arena));
          return NULL;
        }
      gc_arena_exceed (arena, size);
    }

  object = gc_heap_allocate (&arena->heap, gc_arena_get_mutator (arena)->allocator, klass, size);
  if (object == NULL)
    {
      if (error == NULL)
        g_error ("gcobj: failed to allocate %" G_GSIZE_FORMAT " bytes", size);
      g_set_error (error, GC_ERROR, GC_ERROR_NO_MEMORY,
                   "Failed to allocate %" G_GSIZE_FORMAT " bytes", size);
      return NULL;
    }

  if (klass->flags & GC_KIND_TAIL)
    *(gsize *) ((char *) object + ((const GcLayout *) klass->layout)->tail_count_offset) = n;
  if (klass->flags & GC_KIND_FINALIZE)
    gc_heap_add_finalizable (&arena->heap, object);
  if (klass->flags & GC_KIND_INIT)
    klass->init (object);
  return object;
}

/**
 * gc_object_new_of_class: (skip)
 * @m: a mutation
 * @klass: the class of a type derived from #GcObject
 *
 * Makes a new object. gc_new() does the same inline where the scope's allocation window has room, and
 * calls this where it has not.
 *
 * Returns: (type GcObj.Object) (transfer none): the object, zeroed and unowned;
 *   %NULL, with a critical warning, if @m is finished or the type is abstract
 *
 * Since: 0.1
 */
gpointer
gc_object_new_of_class (GcMutation    *m,
                        GcObjectClass *klass)
{
  gpointer object;

  g_return_val_if_fail (klass != NULL, NULL);

  object = G_LIKELY (m != NULL) ? gc_window_take_ (m, klass) : NULL;
  return G_LIKELY (object != NULL) ? object : gc_object_allocate (m, klass, 0, NULL);
}

/**
 * gc_object_new_of_class_with_tail: (skip)
 * @m: a mutation
 * @klass: the class of a type with a tail
 * @n: the number of elements in the tail
 *
 * Makes a new object of variable size. This is what gc_new_with_tail() calls.
 *
 * Returns: (type GcObj.Object) (transfer none): the object, zeroed and unowned
 *
 * Since: 0.1
 */
gpointer
gc_object_new_of_class_with_tail (GcMutation    *m,
                                  GcObjectClass *klass,
                                  gsize          n)
{
  return gc_object_allocate (m, klass, n, NULL);
}

static GcObjectClass *
class_of_type (GType type)
{
  g_return_val_if_fail (g_type_is_a (type, GC_TYPE_OBJECT), NULL);
  g_return_val_if_fail (G_TYPE_IS_CLASSED (type), NULL);

  return gc_type_get_class_ (type);
}

/**
 * gc_object_new: (skip)
 * @m: a mutation
 * @type: a type derived from #GcObject
 *
 * Makes a new object of a type that is known at run time only.
 *
 * Returns: (type GcObj.Object) (transfer none): the object, zeroed and unowned
 *
 * Since: 0.1
 */
gpointer
gc_object_new (GcMutation *m,
               GType       type)
{
  GcObjectClass *klass = class_of_type (type);

  return klass != NULL ? gc_object_new_of_class (m, klass) : NULL;
}

/**
 * gc_object_new_with_tail: (skip)
 * @m: a mutation
 * @type: a type with a tail
 * @n: the number of elements in the tail
 *
 * Makes a new object of variable size. A size that can't be represented is a
 * critical warning and %NULL; where sizes come from outside use gc_object_try_new().
 *
 * Returns: (type GcObj.Object) (transfer none): the object, zeroed and unowned
 *
 * Since: 0.1
 */
gpointer
gc_object_new_with_tail (GcMutation *m,
                         GType       type,
                         gsize       n)
{
  GcObjectClass *klass = class_of_type (type);

  return klass != NULL ? gc_object_allocate (m, klass, n, NULL) : NULL;
}

/**
 * gc_object_try_new: (skip)
 * @m: a mutation
 * @type: a type derived from #GcObject
 * @n: the number of elements in the tail; 0 for a type without one
 * @error: return location for an error
 *
 * Makes a new object, or fails where gc_object_new() would end the program.
 *
 * Returns: (type GcObj.Object) (transfer none): the object, zeroed and unowned;
 *   %NULL with %GC_ERROR_HEAP_LIMIT, or with %GC_ERROR_NO_MEMORY if the system
 *   refuses the memory or the size can't be represented
 *
 * Since: 0.1
 */
gpointer
gc_object_try_new (GcMutation  *m,
                   GType        type,
                   gsize        n,
                   GError     **error)
{
  GcObjectClass *klass;
  GError *local_error = NULL;
  gpointer object;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);
  klass = class_of_type (type);
  if (klass == NULL)
    return NULL;

  object = gc_object_allocate (m, klass, n, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  return object;
}

/**
 * gc_object_construct: (skip)
 * @type: the type of the object
 * @m: a mutation
 *
 * Makes a new object for a creation method in Vala, which calls its base class
 * with the type first.
 *
 * Returns: (type GcObj.Object) (transfer none): the object
 *
 * Since: 0.1
 */
gpointer
gc_object_construct (GType       type,
                     GcMutation *m)
{
  return gc_object_new (m, type);
}

/**
 * gc_object_ref: (skip)
 * @object: (type GcObj.Object): an object
 *
 * Takes an external reference: the object, and its arena, stay alive until it is
 * dropped. The first reference to an object is taken inside a scope, or
 * while something else is known to keep the object alive; more may be taken from any
 * thread. A finalizer can't take one, a listener's hook can. Never needed between objects of one arena, where it would make a cycle leak.
 *
 * Returns: (type GcObj.Object) (transfer full): @object
 *
 * Since: 0.1
 */
gpointer
gc_object_ref (gpointer object)
{
  GcArena *arena;

  g_return_val_if_fail (object != NULL, NULL);
  arena = gc_arena_of (object);
  g_return_val_if_fail (arena != NULL, NULL);
  g_return_val_if_fail (!gc_arena_is_in_finalizer (), NULL);

  if (gc_external_ref (&arena->heap, object))
    g_object_ref (arena);
  return object;
}

/**
 * gc_object_unref: (skip)
 * @object: (type GcObj.Object) (transfer full): an object
 *
 * Drops an external reference. From any thread: it never collects or finalizes,
 * and waits for nobody who does; unless it was the last thing that kept the arena itself.
 *
 * Since: 0.1
 */
void
gc_object_unref (gpointer object)
{
  GcArena *arena;
  gboolean was_last;

  g_return_if_fail (object != NULL);
  arena = gc_arena_of (object);
  g_return_if_fail (arena != NULL);

  if (!gc_external_unref (&arena->heap, object, &was_last))
    g_critical ("%s: there is no external reference to the %s at %p", G_STRFUNC,
                g_type_name (G_TYPE_FROM_INSTANCE (object)), object);
  else if (was_last)
    g_object_unref (arena);
}

/**
 * gc_object_get_arena:
 * @object: an object
 *
 * Gives the arena that made @object.
 *
 * Returns: (transfer none): the arena
 *
 * Since: 0.1
 */
GcArena *
gc_object_get_arena (GcObject *object)
{
  GcArena *arena = gc_arena_of (object);

  g_return_val_if_fail (arena != NULL, NULL);

  return arena;
}

/**
 * gc_object_get_size:
 * @object: an object
 *
 * Gives how many bytes of the heap @object takes.
 *
 * Returns: its size, in bytes
 *
 * Since: 0.1
 */
gsize
gc_object_get_size (GcObject *object)
{
  g_return_val_if_fail (gc_arena_of (object) != NULL, 0);

  return gc_size_of (object, gc_class_of (object));
}

/**
 * gc_object_abandon: (skip)
 * @object: an object whose construction failed
 *
 * Disarms the finalizer of an object that nothing refers to, so that it does
 * not meet what its constructor left undone. Quick for young objects. Inside a scope.
 *
 * Since: 0.1
 */
void
gc_object_abandon (GcObject *object)
{
  GcArena *arena = gc_arena_of (object);

  g_return_if_fail (arena != NULL);
  g_return_if_fail (gc_arena_is_mutating (arena));

  gc_heap_abandon (&arena->heap, object);
}

/* Has the finalizer run for an object of a class with GC_ENTRY_FINALIZE_LATE. Once, inside a scope. */
void
gc_object_arm_finalizer_ (gpointer object)
{
  gc_heap_add_finalizable (&gc_arena_of (object)->heap, object);
}

/**
 * gc_object_to_string:
 * @object: an object
 *
 * Describes @object for a log or a debugger: its type and address.
 *
 * Returns: (transfer full): a string
 *
 * Since: 0.1
 */
char *
gc_object_to_string (GcObject *object)
{
  g_return_val_if_fail (gc_arena_of (object) != NULL, NULL);

  return g_strdup_printf ("%s %p", g_type_name (G_TYPE_FROM_INSTANCE (object)), (gpointer) object);
}

/* Whether a getter may hand out what it reads of @object as a plain pointer. */
gboolean
gc_object_can_read_ (gpointer object)
{
  GcArena *arena = gc_arena_of (object);

  return arena != NULL && gc_arena_is_mutating (arena);
}

/* What a slot refers to, with an external reference: for getters from anywhere. */
gpointer
gc_object_dup_slot_ (gpointer      object,
                     gconstpointer slot)
{
  GcArena *arena = gc_arena_of (object);
  GcScope scope;
  gpointer value;

  g_return_val_if_fail (arena != NULL, NULL);

  gc_scope_enter (&scope, arena);
  value = *(gpointer *) slot;
  value = gc_is_ref (value) ? gc_object_ref (value) : NULL;
  gc_scope_leave (&scope);
  return value;
}
