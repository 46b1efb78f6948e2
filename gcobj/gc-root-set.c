/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-root-set.h"
#include "gcobj/gc-slots-private.h"

/**
 * SECTION:gc-root-set
 * @Title: GcRootSet
 * @Short_description: Objects kept for handles outside of the heap
 *
 * |[<!-- language="C" -->
 * GcRootSet *set = gc_root_set_new (m);
 *
 * gc_arena_set_root (arena, set);
 * window->node = gc_root_set_stash (set, node);               // a GcRootKey
 *
 * node = gc_root_set_fetch (set, window->node, &error);       // later, in another scope
 *
 * g_clear_pointer (&window->node, gc_root_key_unref);         // from any thread
 * ]|
 *
 * A root set keeps objects alive for those who hold a key to them, as long as something
 * keeps the set itself alive. In difference to an external reference (gc_object_ref()) a key
 * keeps neither the arena nor anything else alive, so that no cycle through it can leak: once the set is
 * garbage, so is what only it held, whatever keys are left. This is `DynamicRootSet` of
 * the Rust crate gc-arena.
 *
 * A key belongs to the set that gave it; any other set refuses it. It may be
 * used as long as one likes, also after its set and its arena are gone.
 *
 * # Threads
 *
 * Several threads may call functions of one set. Keys are referenced and
 * dropped from any thread, without waiting. The set learns of a dropped key when it is next
 * used, and at the latest when the collector comes to it.
 */

/* Dropped keys that one look of the collector deals with (0.1 ms); others wait for the next. */
#define MAX_IN_PAUSE 4096

/* What keys share with their set: lives as long as any of them. */
typedef struct
{
  gint       ref_count;         /* atomic */
  GcRootKey *dropped;           /* atomic: keys without a reference, linked by @next */
} Ledger;

/**
 * GcRootKey:
 *
 * A handle to an object in a #GcRootSet. A boxed type: its copies are references to the
 * same key, and the object is kept until the last of them is dropped.
 *
 * Since: 0.1
 */
struct _GcRootKey
{
  gint       ref_count;         /* atomic */
  gboolean   is_removed;
  Ledger    *ledger;
  gsize      index;             /* of its slot */
  GcRootKey *next;
};

G_DEFINE_BOXED_TYPE (GcRootKey, gc_root_key, gc_root_key_ref, gc_root_key_unref)

#define NO_SLOT (-1)

/**
 * GcRootSet: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * Objects that are kept for handles. Its structure is private.
 *
 * Since: 0.1
 */
struct _GcRootSet
{
  GcObject         parent_instance;
  GC_REF (GcSlots) slots;       /* an object, or the number of the next free slot */
  gssize           free_slot;
  gsize            n;
  Ledger          *ledger;
  GcRootKey       *dropped;     /* taken from the ledger, and still to be dealt with */
};

typedef struct
{
  GcObjectClass parent_class;
} GcRootSetClass;

static void
unref_ledger (Ledger *ledger)
{
  if (__atomic_sub_fetch (&ledger->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  while (ledger->dropped != NULL)
    {
      GcRootKey *key = ledger->dropped;

      ledger->dropped = key->next;
      g_free (key);
    }
  g_free (ledger);
}

static void
free_slot (GcRootSet *self,
           gsize      index)
{
  gc_slots_set (self->slots, index, gc_tag_int (self->free_slot));
  self->free_slot = (gssize) index;
  self->n--;
}

/* Frees the slots of keys that were dropped, at most @max of them. */
static void
settle (GcRootSet *self,
        guint      max)
{
  Ledger *ledger = self->ledger;

  do
    {
      while (self->dropped != NULL && max-- > 0)
        {
          GcRootKey *key = self->dropped;

          self->dropped = key->next;
          if (!key->is_removed && !GC_FAULT (ROOT_KEY))
            free_slot (self, key->index);
          g_free (key);
        }
      if (self->dropped != NULL)
        return;
      if (__atomic_load_n (&ledger->dropped, __ATOMIC_RELAXED) != NULL)
        self->dropped = __atomic_exchange_n (&ledger->dropped, NULL, __ATOMIC_ACQUIRE);
    }
  while (self->dropped != NULL);
}

/* The collector reaches the set before its slots: a dropped key's object does not count. */
static void
gc_root_set_trace (GcObject *object,
                   GcTracer *tracer)
{
  if (tracer == &tracer->heap->marker.tracer)
    settle ((GcRootSet *) object, MAX_IN_PAUSE);
}

static void
gc_root_set_finalize (GcObject *object)
{
  GcRootSet *self = (GcRootSet *) object;

  while (self->dropped != NULL)
    {
      GcRootKey *key = self->dropped;

      self->dropped = key->next;
      g_free (key);
    }
  unref_ledger (self->ledger);
}

GC_DECLARE_CLASS_ (GcRootSet, gc_root_set)
GC_DEFINE_TYPE (GcRootSet, gc_root_set, GC_TYPE_OBJECT,
                GC_FIELD (GcRootSet, slots)
                GC_TRACE (gc_root_set_trace)
                GC_FINALIZE (gc_root_set_finalize))

/**
 * gc_root_key_ref: (skip)
 * @key: a key
 *
 * Takes a reference, from any thread.
 *
 * Returns: (transfer full): @key
 *
 * Since: 0.1
 */
GcRootKey *
gc_root_key_ref (GcRootKey *key)
{
  g_return_val_if_fail (key != NULL, NULL);

  __atomic_add_fetch (&key->ref_count, 1, __ATOMIC_RELAXED);
  return key;
}

/**
 * gc_root_key_unref: (skip)
 * @key: (transfer full): a key
 *
 * Drops a reference, from any thread and without waiting for anybody. With the last
 * one the set no longer keeps the object.
 *
 * Since: 0.1
 */
void
gc_root_key_unref (GcRootKey *key)
{
  Ledger *ledger;

  g_return_if_fail (key != NULL);

  if (__atomic_sub_fetch (&key->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  /* Once the key is in the list the set may free it. It takes the list as a whole, so
   * that an address that comes again does no harm (Treiber 1986). */
  ledger = key->ledger;
  key->next = __atomic_load_n (&ledger->dropped, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n (&ledger->dropped, &key->next, key, TRUE,
                                       __ATOMIC_RELEASE, __ATOMIC_RELAXED))
    ;
  unref_ledger (ledger);
}

/**
 * gc_root_set_new:
 * @m: a mutation
 *
 * Makes an empty root set. It keeps objects as long as it is itself reachable.
 *
 * Returns: (transfer none): the set, unowned; %NULL, with a critical warning, if @m is
 *   finished
 *
 * Since: 0.1
 */
GcRootSet *
gc_root_set_new (GcMutation *m)
{
  GcRootSet *self = gc_new (m, GcRootSet);

  if (self == NULL)
    return NULL;
  self->free_slot = NO_SLOT;
  self->ledger = g_new0 (Ledger, 1);
  self->ledger->ref_count = 1;
  return self;
}

/* Makes more free slots. */
static void
grow (GcRootSet  *self,
      GcMutation *m)
{
  gsize n_old = self->slots != NULL ? self->slots->n : 0;
  gsize n = n_old + n_old / 2 + 4;
  GcSlots *slots = gc_slots_new (m, n, NULL);

  if (n_old > 0)
    gc_slots_copy (slots, 0, self->slots->items, n_old);
  for (gsize i = n; i-- > n_old; )
    {
      gc_slots_set (slots, i, gc_tag_int (self->free_slot));
      self->free_slot = (gssize) i;
    }
  gc_set (self, slots, slots);
}

/**
 * gc_root_set_stash:
 * @self: a root set
 * @object: (type GcObj.Object): an object of the set's arena
 *
 * Keeps @object alive until the key is dropped or removed, or the set dies. Each call gives a
 * key of its own.
 *
 * Returns: (transfer full): the key
 *
 * Since: 0.1
 */
GcRootKey *
gc_root_set_stash (GcRootSet *self,
                   gpointer   object)
{
  GcRootKey *key;
  GcArena *arena;
  GcMutation *m;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ROOT_SET), NULL);
  g_return_val_if_fail (!gc_arena_is_finalizing (), NULL);
  arena = gc_arena_of (self);
  g_return_val_if_fail (gc_is_ref (object) && gc_arena_of (object) == arena, NULL);

  m = gc_scope_enter (&scope, arena);
  settle (self, G_MAXUINT);
  if (self->free_slot == NO_SLOT)
    grow (self, m);
  key = g_new (GcRootKey, 1);
  *key = (GcRootKey) { 1, FALSE, self->ledger, (gsize) self->free_slot, NULL };
  __atomic_add_fetch (&self->ledger->ref_count, 1, __ATOMIC_RELAXED);
  self->free_slot = gc_untag_int (self->slots->items[key->index]);
  gc_slots_set (self->slots, key->index, object);
  self->n++;
  gc_scope_leave (&scope);
  return key;
}

/* What a key of this set stands for, or NULL. Inside a scope. */
static gpointer
find (GcRootSet  *self,
      GcRootKey  *key,
      GError    **error)
{
  if (key->ledger == self->ledger && !key->is_removed)
    return self->slots->items[key->index];
  g_set_error_literal (error, GC_ERROR, GC_ERROR_WRONG_SET,
                       "The key is not of this root set, or was removed from it");
  return NULL;
}

/**
 * gc_root_set_fetch: (skip)
 * @self: a root set
 * @key: a key
 * @error: return location for an error
 *
 * Gives the object of a key, inside a scope.
 *
 * Returns: (transfer none): the object; %NULL with %GC_ERROR_WRONG_SET if @key is not one of
 *   @self, or was removed
 *
 * Since: 0.1
 */
gpointer
gc_root_set_fetch (GcRootSet  *self,
                   GcRootKey  *key,
                   GError    **error)
{
  gpointer object;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ROOT_SET), NULL);
  g_return_val_if_fail (gc_object_can_read_ (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  gc_scope_enter (&scope, gc_arena_of (self));
  settle (self, G_MAXUINT);
  object = find (self, key, error);
  gc_scope_leave (&scope);
  return object;
}

/**
 * gc_root_set_fetch_dup: (rename-to gc_root_set_fetch)
 * @self: a root set
 * @key: a key
 * @error: return location for an error
 *
 * Gives a new reference to the object of a key.
 *
 * Returns: (transfer full): the object; %NULL with %GC_ERROR_WRONG_SET if @key is not one of
 *   @self, or was removed
 *
 * Since: 0.1
 */
GcObject *
gc_root_set_fetch_dup (GcRootSet  *self,
                       GcRootKey  *key,
                       GError    **error)
{
  gpointer object;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ROOT_SET), NULL);
  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  gc_scope_enter (&scope, gc_arena_of (self));
  settle (self, G_MAXUINT);
  object = find (self, key, error);
  if (object != NULL)
    gc_object_ref (object);
  gc_scope_leave (&scope);
  return object;
}

/**
 * gc_root_set_contains:
 * @self: a root set
 * @key: a key
 *
 * Whether @key is one of @self and was not removed from it.
 *
 * Returns: %TRUE if it is
 *
 * Since: 0.1
 */
gboolean
gc_root_set_contains (GcRootSet *self,
                      GcRootKey *key)
{
  gboolean is_ours;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ROOT_SET), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  gc_scope_enter (&scope, gc_arena_of (self));
  settle (self, G_MAXUINT);
  is_ours = find (self, key, NULL) != NULL;
  gc_scope_leave (&scope);
  return is_ours;
}

/**
 * gc_root_set_remove:
 * @self: a root set
 * @key: a key
 *
 * No longer keeps the object of @key, before the key itself is dropped. The key
 * is then good for nothing but to be dropped.
 *
 * Returns: %FALSE if @key is not one of @self, or was removed before
 *
 * Since: 0.1
 */
gboolean
gc_root_set_remove (GcRootSet *self,
                    GcRootKey *key)
{
  gboolean is_ours;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ROOT_SET), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);
  g_return_val_if_fail (!gc_arena_is_finalizing (), FALSE);

  gc_scope_enter (&scope, gc_arena_of (self));
  settle (self, G_MAXUINT);
  is_ours = find (self, key, NULL) != NULL;
  if (is_ours)
    {
      key->is_removed = TRUE;
      free_slot (self, key->index);
    }
  gc_scope_leave (&scope);
  return is_ours;
}

/**
 * gc_root_set_get_size:
 * @self: a root set
 *
 * Gives how many keys there are that were neither dropped nor removed.
 *
 * Returns: their number
 *
 * Since: 0.1
 */
gsize
gc_root_set_get_size (GcRootSet *self)
{
  GcScope scope;
  gsize n;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_ROOT_SET), 0);

  gc_scope_enter (&scope, gc_arena_of (self));
  settle (self, G_MAXUINT);
  n = self->n;
  gc_scope_leave (&scope);
  return n;
}
