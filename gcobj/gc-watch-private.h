/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-slots-private.h"

G_BEGIN_DECLS

/* What guardians and death queues have in common: objects that they watch without keeping
 * them, and a queue of what they have to tell, which they keep. */

typedef struct
{
  gpointer object;
  gpointer token;               /* a tagged word; a death queue's are in @tokens */
} GcWatch;

/* Raw memory in the heap: only gc-watch.c follows it. */
typedef struct
{
  GcObject    parent_instance;
  const gsize n;
  GcWatch     watches[];
} GcWatched;

typedef struct
{
  GcObjectClass parent_class;
} GcWatchedClass;

GType     gc_watched_get_type (void);

typedef struct
{
  GcObject           parent_instance;
  GC_REF (GcWatched) watched;
  GC_REF (GcSlots)   tokens;    /* of a death queue: what belongs to each of them */
  GC_REF (GcSlots)   queue;     /* a ring of pairs, with room for all that is watched too:
                                 * finishing a collection needs no memory */
  gsize              n_watched;
  gsize              n_old;     /* of these, the first: a minor collection finds none of them dead */
  gsize              head;      /* of the ring, in pairs */
  gsize              n_queued;
  gsize              n_hidden;  /* queued in this clearing, last of all */
  guint64            cycle;     /* in which the watched were last looked at */
} GcWatcher;

/* For the type's GC_DEFINE_TYPE(); its structure begins with a GcWatcher named watcher. */
#define GC_WATCHER_FIELDS(T) \
  GC_FIELD (T, watcher.watched) \
  GC_FIELD (T, watcher.tokens) \
  GC_FIELD (T, watcher.queue)

typedef enum
{
  GC_WATCH_GUARDIAN,
  GC_WATCH_DEATH_QUEUE
} GcWatcherKind;

/* Called in a pause for a guardian that has something to deliver. */
typedef void (*GcWatchNotify) (GcWatcher *watcher);

/* The slots of the n-th pair of the queue. */
static inline gsize
gc_watch_place (GcWatcher *self,
                gsize      nth)
{
  gsize room = self->queue->n / 2;
  gsize place = self->head + nth;

  return (place < room ? place : place - room) * 2;
}

/* gc-watch.c */
void      gc_watch_register (GcArena       *arena,
                             GcWatcher     *watcher,
                             GcWatcherKind  kind,
                             GcWatchNotify  notify);

/* gc-watch-queue.c */
void      gc_watch_add      (GcWatcher     *self,
                             GcMutation    *m,
                             gpointer       object,
                             gpointer       token);
gpointer  gc_watch_pop      (GcWatcher     *self,
                             gpointer      *token);

G_END_DECLS
