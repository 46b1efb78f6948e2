/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-death-queue.h"
#include "gcobj/gc-watch-private.h"

/**
 * SECTION:gc-death-queue
 * @Title: GcDeathQueue
 * @Short_description: Tells what died
 *
 * |[<!-- language="C" -->
 * GcDeathQueue *deaths = gc_death_queue_new (m);
 *
 * gc_death_queue_watch (deaths, texture, name);     // a GcString that says which it was
 *
 * while ((name = gc_death_queue_pop (deaths)) != NULL)
 *   demo_cache_forget (cache, gc_string_get_text (name));
 * ]|
 *
 * A death queue tells of an object's death when it is too late to do anything for it: what comes out
 * is not the object but a token that was left with it. That makes it cheap: nothing is brought
 * back, and nothing about the dead need be kept. Where the object itself is wanted, a #GcGuardian
 * delivers it.
 *
 * Death is told once the object is gone for good. What a guardian brings back is not
 * dead; the queue goes on to watch it.
 *
 * The queue keeps the tokens, of what lives as of what died, as long as something
 * keeps the queue. So a token must not lead to the object that it stands for: the two would live as
 * long as the queue does.
 *
 * # Threads
 *
 * Several threads may call functions of one death queue.
 */

/**
 * GcDeathQueue: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * Watches objects, and tells of their deaths. Its structure is private.
 *
 * Since: 0.1
 */
struct _GcDeathQueue
{
  GcWatcher watcher;
};

typedef struct
{
  GcObjectClass parent_class;
} GcDeathQueueClass;

GC_DECLARE_CLASS_ (GcDeathQueue, gc_death_queue)
GC_DEFINE_TYPE (GcDeathQueue, gc_death_queue, GC_TYPE_OBJECT,
                GC_WATCHER_FIELDS (GcDeathQueue))

/**
 * gc_death_queue_new:
 * @m: a mutation
 *
 * Makes a death queue that watches nothing. It tells of deaths as long as it is
 * itself reachable.
 *
 * Returns: (transfer none): the queue, unowned; %NULL, with a critical warning, if @m is
 *   finished
 *
 * Since: 0.1
 */
GcDeathQueue *
gc_death_queue_new (GcMutation *m)
{
  GcDeathQueue *self = gc_new (m, GcDeathQueue);

  if (self != NULL)
    gc_watch_register (gc_arena_of (self), &self->watcher, GC_WATCH_DEATH_QUEUE, NULL);
  return self;
}

/**
 * gc_death_queue_watch:
 * @self: a death queue
 * @object: (type GcObj.Object): an object of the queue's arena
 * @token: (type GcObj.Object): another object of it, which must not lead to @object
 *
 * Has @token queued when @object is gone. The queue does not keep @object, and keeps @token.
 * An object that is watched several times has each token queued.
 *
 * Since: 0.1
 */
void
gc_death_queue_watch (GcDeathQueue *self,
                      gpointer      object,
                      gpointer      token)
{
  GcArena *arena;
  GcMutation *m;
  GcScope scope;

  g_return_if_fail (gc_is_a (self, GC_TYPE_DEATH_QUEUE));
  g_return_if_fail (!gc_arena_is_finalizing ());
  arena = gc_arena_of (self);
  g_return_if_fail (gc_is_ref (object) && gc_arena_of (object) == arena);
  g_return_if_fail (gc_is_ref (token) && gc_arena_of (token) == arena);
  g_return_if_fail (token != object);

  m = gc_scope_enter (&scope, arena);
  gc_watch_add (&self->watcher, m, object, token);
  gc_scope_leave (&scope);
}

/**
 * gc_death_queue_pop: (skip)
 * @self: a death queue
 *
 * Takes the next token out of the queue, inside a scope. The oldest comes first; those of one
 * cycle come in no particular order.
 *
 * Returns: (transfer none) (nullable): the token given to gc_death_queue_watch(); %NULL if the
 *   queue is empty
 *
 * Since: 0.1
 */
gpointer
gc_death_queue_pop (GcDeathQueue *self)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_DEATH_QUEUE), NULL);
  g_return_val_if_fail (gc_object_can_read_ (self), NULL);

  return gc_watch_pop (&self->watcher, NULL);
}

/**
 * gc_death_queue_pop_dup: (rename-to gc_death_queue_pop)
 * @self: a death queue
 *
 * Takes the next token out of the queue and gives a new reference to it.
 *
 * Returns: (transfer full) (nullable): the token given to gc_death_queue_watch(); %NULL if the
 *   queue is empty
 *
 * Since: 0.1
 */
GcObject *
gc_death_queue_pop_dup (GcDeathQueue *self)
{
  gpointer token;
  GcScope scope;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_DEATH_QUEUE), NULL);
  g_return_val_if_fail (!gc_arena_is_finalizing (), NULL);

  gc_scope_enter (&scope, gc_arena_of (self));
  token = gc_watch_pop (&self->watcher, NULL);
  if (token != NULL)
    gc_object_ref (token);
  gc_scope_leave (&scope);
  return token;
}

/**
 * gc_death_queue_get_n_watched:
 * @self: a death queue
 *
 * Gives how many watches there are.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
gsize
gc_death_queue_get_n_watched (GcDeathQueue *self)
{
  GcScope scope;
  gsize n;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_DEATH_QUEUE), 0);

  gc_scope_enter (&scope, gc_arena_of (self));
  n = self->watcher.n_watched;
  gc_scope_leave (&scope);
  return n;
}

/**
 * gc_death_queue_get_n_queued:
 * @self: a death queue
 *
 * Gives how many tokens wait in the queue.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
gsize
gc_death_queue_get_n_queued (GcDeathQueue *self)
{
  GcScope scope;
  gsize n;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_DEATH_QUEUE), 0);

  gc_scope_enter (&scope, gc_arena_of (self));
  n = self->watcher.n_queued;
  gc_scope_leave (&scope);
  return n;
}
