/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-debug-private.h"

/**
 * SECTION:gc-mutation
 * @Title: GcMutation
 * @Short_description: Scopes in which a program uses an arena's objects
 *
 * Inside a mutation scope plain pointers to objects are safe: nothing is
 * collected. A #GcMutation is the witness of being in one; whatever makes an
 * object takes it as its argument.
 *
 * |[<!-- language="C" -->
 * g_autoptr (GcArena) arena = gc_arena_new ();
 *
 * {
 *   g_autoptr (GcMutation) m = gc_arena_begin (arena);
 *   GcObject *node = gc_object_new (m, DEMO_TYPE_NODE);
 *
 *   gc_arena_set_root (arena, node);
 * }
 * ]|
 *
 * Scopes nest. The end of the outermost one is a safe point, where owed
 * collection work is done in short slices; gc_mutation_safepoint() offers one
 * in the middle of long work. After a safe point only roots keep objects alive: the arena's
 * root, external references, rooted locals (GC_ROOT()) and root sets.
 *
 * A scope belongs to the thread that began it. Scopes of several threads in one arena run side by
 * side: a second thread that begins one waits until the first ends its scope, comes to a safe point, or
 * has made some objects, and from then on for collections alone. Functions of containers are atomic, each by itself. Slots, and
 * what takes several calls, have no lock: what two threads use at the same time, and one of them changes, needs
 * one of the program's.
 */

/**
 * GcMutation:
 *
 * A mutation scope, between gc_arena_begin() and gc_mutation_finish().
 *
 * It is a boxed type: a reference keeps the structure, not the scope. A
 * finished one can be held, copied and asked gc_mutation_is_active() for ever;
 * everything else refuses it with a critical warning.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE (GcMutation, gc_mutation, gc_mutation_ref, gc_mutation_unref)

/**
 * GC_MAY_COLLECT:
 *
 * Marks the declaration of a function that may reach a safe point, such as one that
 * calls gc_mutation_safepoint(): for its callers plain pointers to objects are void
 * after it. A function without the mark does not collect.
 *
 * |[<!-- language="C" -->
 * GC_MAY_COLLECT DemoNode *demo_import_all (GcMutation *m, GPtrArray *records);
 * ]|
 *
 * The compiler does nothing with it; checkers read it.
 *
 * Since: 0.1
 */

/* Structures are reused and never given back to the system: there are as many as
 * scopes were open at once, and one binding keeps pointers without a reference. Each has cache lines of its own, since
 * threads write into theirs with each allocation. */
static pthread_mutex_t spare_lock = PTHREAD_MUTEX_INITIALIZER;
static GcMutation *spare;

GcMutation *
gc_mutation_alloc (void)
{
  GcMutation *m;

  pthread_mutex_lock (&spare_lock);
  m = spare;
  if (m != NULL)
    spare = m->outer;
  pthread_mutex_unlock (&spare_lock);
  if (m == NULL)
    m = gc_allocate_apart (sizeof *m);
  *m = (GcMutation) { .ref_count = 1 };
  return m;
}

void
gc_mutation_recycle (GcMutation *m)
{
  pthread_mutex_lock (&spare_lock);
  m->outer = spare;
  spare = m;
  pthread_mutex_unlock (&spare_lock);
}

/* Makes @m the innermost scope and gives it the window. Its references are the caller's. */
void
gc_scope_push (GcArena    *arena,
               GcMutation *m)
{
  GcMutator *mutator = gc_arena_get_mutator (arena);
  GcMutation *outer = mutator->innermost;
  GcWindow *from = outer != NULL ? &outer->window : &mutator->parked;

  m->window = *from;
  m->outer = outer;
  m->roots = NULL;
  m->n_safepoints = 0;
  m->depth = outer != NULL ? outer->depth + 1 : 1;
  m->is_implicit = FALSE;
  m->is_lent = FALSE;
  m->is_dropped = FALSE;
  __atomic_store_n (&m->arena, arena, __ATOMIC_RELEASE);
  *from = (GcWindow) { NULL, NULL };
  mutator->allocator->window = &m->window;
  mutator->innermost = m;
  __atomic_store_n (&m->lone_thread, outer == NULL ? gc_os_this_thread () : 0, __ATOMIC_RELAXED);
  if (outer == NULL)
    gc_allocator_tell_again (mutator->allocator);
  else
    __atomic_store_n (&outer->lone_thread, 0, __ATOMIC_RELAXED);
}

void
gc_scope_pop (GcArena *arena)
{
  GcMutator *mutator = gc_arena_get_mutator (arena);
  GcMutation *m = mutator->innermost;
  GcWindow *to = m->outer != NULL ? &m->outer->window : &mutator->parked;

  *to = m->window;
  mutator->allocator->window = to;
  mutator->innermost = m->outer;
  if (m->outer == NULL)
    gc_allocator_be_silent (mutator->allocator);
  else if (m->outer->outer == NULL && !m->outer->is_lent)
    __atomic_store_n (&m->outer->lone_thread, gc_os_this_thread (), __ATOMIC_RELAXED);
  __atomic_store_n (&m->lone_thread, 0, __ATOMIC_RELAXED);
  m->window = (GcWindow) { NULL, NULL };
  m->roots = NULL;
  m->outer = NULL;
  __atomic_store_n (&m->arena, NULL, __ATOMIC_RELEASE);
}

/* Begins a scope of its own for the calling thread. */
GcMutation *
gc_arena_begin_scope (GcArena *arena)
{
  GcMutation *m;

  if (!gc_arena_is_mine (arena))
    {
      gc_arena_enter (arena, FALSE);
      g_object_ref (arena);
    }
  m = gc_mutation_alloc ();
  gc_scope_push (arena, m);
  if (G_UNLIKELY (gc_arenas_open != NULL) && m->outer == NULL)
    g_ptr_array_add (gc_arenas_open, arena);
  return m;
}

/* Ends the innermost scope; the outermost explicit one at a safe point. */
void
gc_arena_end_innermost (GcArena *arena)
{
  gc_scope_pop (arena);
  if (gc_arena_get_mutator (arena)->innermost != NULL)
    return;
  if (G_UNLIKELY (gc_arenas_open != NULL))
    g_ptr_array_remove_fast (gc_arenas_open, arena);
  gc_arena_after_hold (arena, gc_arena_leave_at_safepoint (arena), FALSE);
  g_object_unref (arena);
}

/* Ends scopes whose last reference was dropped by another thread. */
static void
end_dropped (GcArena *arena)
{
  GcMutation *m;

  while ((m = gc_arena_get_innermost (arena)) != NULL && __atomic_load_n (&m->is_dropped, __ATOMIC_ACQUIRE))
    {
      gc_arena_end_innermost (arena);
      gc_mutation_recycle (m);
    }
}

/**
 * gc_arena_can_begin:
 * @arena: an arena
 *
 * Whether the calling thread may begin a scope: not in a finalizer, a listener's hook or a trace
 * function. (It may have to wait for one.)
 *
 * Returns: %TRUE if it may
 *
 * Since: 0.1
 */
gboolean
gc_arena_can_begin (GcArena *arena)
{
  g_return_val_if_fail (GC_IS_ARENA (arena), FALSE);

  /* Mine and no scope: a trace function, or a hook inside of a pause. */
  return !gc_arena_is_finalizing () && (!gc_arena_is_mine (arena) || gc_arena_get_innermost (arena) != NULL);
}

/**
 * gc_arena_begin:
 * @arena: an arena
 *
 * Begins a mutation scope. Scopes nest; each is finished by
 * gc_mutation_finish(), innermost first, by the thread that began it. An outermost one waits
 * while another thread collects in the arena, or waits to do so; and, the first time that two threads want
 * scopes at once, until the other ends its scope, comes to a safe point, or has made some objects (4 KiB of them).
 *
 * In C, declare the result with g_autoptr(): every path out of the block then
 * ends the scope.
 *
 * Returns: (transfer full): the mutation
 *
 * Since: 0.1
 */
GcMutation *
gc_arena_begin (GcArena *arena)
{
  g_return_val_if_fail (GC_IS_ARENA (arena), NULL);
  g_return_val_if_fail (!gc_arena_is_finalizing (), NULL);

  if (gc_arena_is_mine (arena))
    {
      /* No scope and yet mine: a trace function, or a hook inside of a pause. */
      g_return_val_if_fail (gc_arena_get_innermost (arena) != NULL, NULL);
      end_dropped (arena);
    }
  return gc_arena_begin_scope (arena);
}

/**
 * gc_mutation_finish:
 * @m: a mutation
 *
 * Ends a scope. The end of the outermost one is a safe point: afterwards only
 * roots keep objects alive, and pointers that are not rooted are void.
 *
 * Only the thread that began the scope can finish it, and only while it is that thread's
 * innermost one. A callback can't finish a mutation that was lent to it.
 *
 * Since: 0.1
 */
void
gc_mutation_finish (GcMutation *m)
{
  GcArena *arena;

  g_return_if_fail (m != NULL);
  arena = __atomic_load_n (&m->arena, __ATOMIC_ACQUIRE);
  g_return_if_fail (arena != NULL);
  g_return_if_fail (gc_arena_is_mine (arena));
  g_return_if_fail (!m->is_lent);
  end_dropped (arena);
  g_return_if_fail (gc_arena_get_innermost (arena) == m);

  gc_arena_end_innermost (arena);
}

/**
 * gc_mutation_leave:
 * @m: a mutation
 *
 * Ends a scope if it is still open, as gc_mutation_finish() does: for code that runs however what was in the
 * scope has ended, and can't know whether that has finished @m by itself.
 *
 * Returns: %TRUE if @m was not finished
 *
 * Since: 0.1
 */
gboolean
gc_mutation_leave (GcMutation *m)
{
  g_return_val_if_fail (m != NULL, FALSE);

  if (!gc_mutation_is_active (m))
    return FALSE;
  gc_mutation_finish (m);
  return TRUE;
}

/**
 * gc_mutation_ref: (skip)
 * @m: a mutation
 *
 * Takes a reference to the structure. It does not keep the scope open.
 *
 * Returns: (transfer full): @m
 *
 * Since: 0.1
 */
GcMutation *
gc_mutation_ref (GcMutation *m)
{
  g_return_val_if_fail (m != NULL, NULL);

  __atomic_add_fetch (&m->ref_count, 1, __ATOMIC_RELAXED);
  return m;
}

/**
 * gc_mutation_unref: (skip)
 * @m: (transfer full): a mutation
 *
 * Drops a reference. With the last one a scope that was not finished ends; on another
 * thread than the scope's it ends when its thread next begins, or finishes, one.
 *
 * Since: 0.1
 */
void
gc_mutation_unref (GcMutation *m)
{
  GcArena *arena;

  g_return_if_fail (m != NULL);

  if (G_UNLIKELY (m->is_lent && __atomic_load_n (&m->ref_count, __ATOMIC_ACQUIRE) == 1))
    {
      g_critical ("%s: the mutation is lent to a callback", G_STRFUNC);
      return;
    }
  if (__atomic_sub_fetch (&m->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  arena = __atomic_load_n (&m->arena, __ATOMIC_ACQUIRE);
  if (arena != NULL)
    {
      if (gc_arena_get_innermost (arena) != m)
        {
          g_critical ("a mutation was dropped without being finished%s",
                      gc_arena_is_mine (arena) ? ", inside of a later one" : ", by another thread");
          __atomic_store_n (&m->is_dropped, TRUE, __ATOMIC_RELEASE);
          return;
        }
      gc_arena_end_innermost (arena);
    }
  gc_mutation_recycle (m);
}

/**
 * gc_mutation_is_active:
 * @m: a mutation
 *
 * Whether the scope is open.
 *
 * Returns: %TRUE if @m is not finished
 *
 * Since: 0.1
 */
gboolean
gc_mutation_is_active (GcMutation *m)
{
  g_return_val_if_fail (m != NULL, FALSE);

  return __atomic_load_n (&m->arena, __ATOMIC_ACQUIRE) != NULL;
}

/**
 * gc_mutation_get_arena:
 * @m: a mutation
 *
 * Gives the arena that @m is a scope of.
 *
 * Returns: (transfer none) (nullable): the arena, or %NULL if @m is finished, or in a
 *   finalizer or a listener's hook, which can't use it
 *
 * Since: 0.1
 */
GcArena *
gc_mutation_get_arena (GcMutation *m)
{
  g_return_val_if_fail (m != NULL, NULL);

  return gc_arena_is_finalizing () ? NULL : __atomic_load_n (&m->arena, __ATOMIC_ACQUIRE);
}

/**
 * gc_mutation_get_depth:
 * @m: a mutation
 *
 * Gives how deeply @m is nested: 1 for a thread's outermost scope.
 *
 * Returns: the depth, 0 if @m is finished
 *
 * Since: 0.1
 */
guint
gc_mutation_get_depth (GcMutation *m)
{
  g_return_val_if_fail (m != NULL, 0);

  return gc_mutation_is_active (m) ? m->depth : 0;
}

/**
 * gc_mutation_save: (skip)
 * @m: a mutation
 * @mark: (out caller-allocates): where to remember the place
 *
 * Remembers which scopes are open and which locals are rooted, for
 * gc_mutation_restore().
 *
 * Since: 0.1
 */
void
gc_mutation_save (GcMutation     *m,
                  GcMutationMark *mark)
{
  g_return_if_fail (m != NULL && gc_mutation_is_active (m));
  g_return_if_fail (gc_arena_is_mine (m->arena));
  g_return_if_fail (mark != NULL);

  mark->scope = gc_arena_get_innermost (m->arena);
  mark->roots = ((GcMutation *) mark->scope)->roots;
}

/**
 * gc_mutation_restore: (skip)
 * @m: the mutation given to gc_mutation_save()
 * @mark: the place
 *
 * Goes back to where gc_mutation_save() was called: ends the scopes begun and
 * unroots the locals rooted since. For code that leaves functions by longjmp(),
 * which skips their clean-up.
 *
 * Since: 0.1
 */
void
gc_mutation_restore (GcMutation     *m,
                     GcMutationMark *mark)
{
  GcArena *arena;
  GcMutation *scope;

  g_return_if_fail (m != NULL && gc_mutation_is_active (m));
  g_return_if_fail (mark != NULL);
  arena = m->arena;
  g_return_if_fail (gc_arena_is_mine (arena));
  for (scope = gc_arena_get_innermost (arena); scope != NULL && scope != mark->scope; scope = scope->outer)
    ;
  g_return_if_fail (scope != NULL);

  for (GcMutation *inner; (inner = gc_arena_get_innermost (arena)) != scope; )
    {
      gc_scope_pop (arena);
      if (__atomic_sub_fetch (&inner->ref_count, 1, __ATOMIC_ACQ_REL) == 0)
        gc_mutation_recycle (inner);
    }
  if (!GC_FAULT (RESTORE))
    scope->roots = mark->roots;
}

static void
enter (GcScope *scope,
       GcArena *arena)
{
  scope->arena = arena;
  scope->is_entered = !gc_arena_is_mine (arena);
  if (scope->is_entered)
    {
      gc_arena_enter (arena, TRUE);
      gc_scope_push (arena, &scope->m);
      scope->m.is_implicit = TRUE;
    }
}

static void
leave (GcScope *scope)
{
  GcArena *arena = scope->arena;

  if (!scope->is_entered)
    return;
  while (gc_arena_get_innermost (arena) != &scope->m)
    gc_scope_pop (arena);
  gc_scope_pop (arena);
  gc_arena_leave (arena);
}

/* Gives the thread's scope, or opens an implicit one. */
GcMutation *
gc_scope_enter (GcScope *scope,
                GcArena *arena)
{
  enter (scope, arena);
  if (G_UNLIKELY (gc_heap_is_shared (&arena->heap)))
    gc_heap_lock_shared (&arena->heap);
  else
    arena->n_unlocked++;
  return scope->is_entered ? &scope->m : gc_arena_get_innermost (arena);
}

void
gc_scope_leave (GcScope *scope)
{
  GcArena *arena = scope->arena;

  if (G_UNLIKELY (gc_heap_is_shared (&arena->heap)))
    gc_heap_unlock_shared (&arena->heap);
  else
    arena->n_unlocked--;
  leave (scope);
}

/* The same with all other threads stopped, for what looks at everything. Not inside of gc_scope_enter(). */
void
gc_scope_enter_alone (GcScope *scope,
                      GcArena *arena)
{
  enter (scope, arena);
  gc_arena_begin_alone (arena);
}

void
gc_scope_leave_alone (GcScope *scope)
{
  gc_arena_end_alone (scope->arena);
  leave (scope);
}
