/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Guardians and death queues, as the collector sees them.
 *
 * Guardians are those of Dybvig, Bruggeman and Eby, "Guardians in a generation-based
 * garbage collector" (PLDI 1993): a dead object that is watched is queued and lives on,
 * and so does all that it leads to. Each guardian that watches it gets it, so that all of the
 * dead are queued before any of them is shaded. A guardian that was itself brought back has its
 * turn then, until none is left. Death queues come after that, when the dead are really dead.
 *
 * One holder of each stage serves an arena. It knows the watchers by their addresses, and
 * forgets those that died. What is watched is no slot: the collector does not see it, and
 * watching costs no marking. */

#include "gcobj/gc-os-private.h"
#include "gcobj/gc-watch-private.h"

typedef struct
{
  gpointer object;
  gpointer token;               /* a tagged word; a death queue's are in @tokens */
} Watch;

struct _GcWatched
{
  GcObject    parent_instance;
  const gsize n;
  Watch       watches[];
};

typedef struct
{
  GcObjectClass parent_class;
} GcWatchedClass;

static GType gc_watched_get_type (void);

GC_DECLARE_CLASS_ (GcWatched, gc_watched)
GC_DEFINE_TYPE (GcWatched, gc_watched, GC_TYPE_OBJECT,
                GC_FIELD_TAIL_BYTES (GcWatched, watches, n))

typedef enum { QUEUE, SHADE, DRAIN } Phase;

/* An arena's watchers. */
typedef struct
{
  GcWeakHolder   guardian_holder;      /* resurrects */
  GcWeakHolder   after_holder;         /* tells of deaths, and of what is to be delivered */
  GPtrArray     *guardians;
  GPtrArray     *death_queues;
  GcWatchNotify  notify;
  Phase          phase;                /* of resurrection */
  gboolean       has_queued;           /* a guardian had its turn since the last drain */
  guint          cursor;               /* in a list of watchers */
  gsize          index;                /* in what the watcher there watches */
  guint          after_cursor;
  gboolean       guardians_are_told;
} Watchers;

#define SLICE 256               /* watches between two looks at the budget */

/* Stores without shading: guardians shade what they queue later, all at once, and what a
 * death queue keeps is marked, or new. */
static void
store (GcHeap  *heap,
       GcSlots *slots,
       gsize    index,
       gpointer word)
{
  *(gc_slot_word_ *) (guintptr) &slots->items[index] = word;
  if (!heap->barrier_on)
    gc_heap_note_store (heap, slots, &slots->items[index], word);
  if (heap->zeal & GC_ZEAL_SHADOW_SLOTS)
    gc_shadow_record (heap, &slots->items[index], word);
}

static gsize
place_of (GcWatcher *self,
          gsize      nth)
{
  gsize room = self->queue->n / 2;
  gsize place = self->head + nth;

  return (place < room ? place : place - room) * 2;
}

static void
enqueue (GcHeap    *heap,
         GcWatcher *self,
         gpointer   object,
         gpointer   token)
{
  gsize place = place_of (self, self->n_queued++);

  store (heap, self->queue, place, object);
  store (heap, self->queue, place + 1, token);
}

/* The watch at @from, in the place of the one at @to. */
static void
move_watch (GcHeap    *heap,
            GcWatcher *self,
            gsize      from,
            gsize      to)
{
  self->watched->watches[to] = self->watched->watches[from];
  if (self->tokens != NULL)
    store (heap, self->tokens, to, self->tokens->items[from]);
}

static void
remove_watch (GcHeap    *heap,
              GcWatcher *self,
              gsize      i)
{
  gsize last = --self->n_watched;

  move_watch (heap, self, last, i);
  if (self->tokens != NULL)
    store (heap, self->tokens, last, NULL);
}

/* Marked, so that no minor collection looks at it again. */
static void
become_old (GcHeap    *heap,
            GcWatcher *self,
            gsize      i)
{
  gsize place = self->n_old++;
  Watch watch = self->watched->watches[i];

  if (place == i)
    return;
  if (self->tokens != NULL)
    {
      gpointer token = self->tokens->items[i];

      move_watch (heap, self, place, i);
      store (heap, self->tokens, place, token);
    }
  else
    move_watch (heap, self, place, i);
  self->watched->watches[place] = watch;
}

/* Goes through what @self watches from *index on: a guardian's dead are queued, for a death
 * queue's the tokens. TRUE when it is through. */
static gboolean
queue_dead (GcHeap    *heap,
            GcWatcher *self,
            gsize     *index,
            GcBudget  *budget)
{
  guint ticks = 0;
  gsize i;

  if (*index == 0 && !heap->is_minor)
    self->n_old = 0;
  for (i = MAX (*index, self->n_old); i < self->n_watched; )
    {
      Watch *watch = &self->watched->watches[i];

      if (gc_heap_is_dead (heap, watch->object))
        {
          if (self->tokens == NULL)
            {
              enqueue (heap, self, watch->object, watch->token);
              self->n_hidden++;
            }
          else
            enqueue (heap, self, self->tokens->items[i], NULL);
          remove_watch (heap, self, i);
        }
      else
        {
          if (gc_is_marked (heap, watch->object))
            become_old (heap, self, i);
          i++;
        }
      if (++ticks == SLICE)
        {
          ticks = 0;
          *index = i;
          if (gc_budget_spend (budget, SLICE / 4))
            return FALSE;
        }
    }
  *index = i;
  return TRUE;
}

static gboolean
queue_all (Watchers *self,
           GcHeap   *heap,
           GcBudget *budget)
{
  for (; self->cursor < self->guardians->len; self->cursor++, self->index = 0)
    {
      GcWatcher *guardian = self->guardians->pdata[self->cursor];

      if (guardian->cycle == heap->round || gc_heap_is_dead (heap, guardian))
        continue;
      if (!queue_dead (heap, guardian, &self->index, budget))
        return FALSE;
      guardian->cycle = heap->round;
      self->has_queued |= guardian->n_hidden > 0;
    }
  return TRUE;
}

static gboolean
shade_all (Watchers *self,
           GcHeap   *heap,
           GcBudget *budget)
{
  for (; self->cursor < self->guardians->len; self->cursor++, self->index = 0)
    {
      GcWatcher *guardian = self->guardians->pdata[self->cursor];
      gsize first = guardian->n_queued - guardian->n_hidden;

      if (guardian->cycle != heap->round)
        continue;
      while (self->index < guardian->n_hidden)
        {
          gc_shade (heap, guardian->queue->items[place_of (guardian, first + self->index)]);
          if (++self->index % SLICE == 0 && gc_budget_spend (budget, SLICE))
            return FALSE;
        }
    }
  return TRUE;
}

static void
guardian_restart (GcWeakHolder *holder)
{
  Watchers *self = (Watchers *) holder;

  self->phase = QUEUE;
  self->has_queued = FALSE;
  self->cursor = 0;
  self->index = 0;
  /* What was queued before this clearing is marked. */
  for (guint i = 0; i < self->guardians->len; i++)
    ((GcWatcher *) self->guardians->pdata[i])->n_hidden = 0;
}

static gboolean
guardian_process (GcWeakHolder *holder,
                  GcHeap       *heap,
                  GcBudget     *budget)
{
  Watchers *self = (Watchers *) holder;

  for (;;)
    {
      if (self->phase == QUEUE)
        {
          if (!queue_all (self, heap, budget))
            return FALSE;
          self->cursor = 0;
          self->index = 0;
          if (!self->has_queued)
            return TRUE;
          self->phase = SHADE;
        }
      if (self->phase == SHADE)
        {
          if (!shade_all (self, heap, budget))
            return FALSE;
          self->phase = DRAIN;
        }
      if (!gc_marker_drain (heap, budget))
        return FALSE;
      self->phase = QUEUE;
      self->has_queued = FALSE;
      self->cursor = 0;
      self->index = 0;
    }
}

static void
relocate_list (GPtrArray *list,
               GcTracer  *tracer)
{
  for (guint i = 0; i < list->len; i++)
    {
      GcWatcher *watcher;

      tracer->visit_weak (tracer, &list->pdata[i]);
      watcher = list->pdata[i];
      for (gsize k = 0; k < watcher->n_watched; k++)
        tracer->visit_weak (tracer, &watcher->watched->watches[k].object);
    }
}

/* The slots of the watchers are right again by then. */
static void
guardian_relocate (GcWeakHolder *holder,
                   GcHeap       *heap,
                   GcTracer     *tracer)
{
  Watchers *self = (Watchers *) holder;

  (void) heap;
  relocate_list (self->guardians, tracer);
  relocate_list (self->death_queues, tracer);
}

static Watchers *
get_after (GcWeakHolder *holder)
{
  return (Watchers *) ((char *) holder - G_STRUCT_OFFSET (Watchers, after_holder));
}

static void
after_restart (GcWeakHolder *holder)
{
  Watchers *self = get_after (holder);

  self->after_cursor = 0;
  self->guardians_are_told = FALSE;
}

/* Forgets the watches of the dead; for a guardian that something else brought back after
 * its turn, when it is too late for what it watches. */
static void
forget_dead (GcHeap    *heap,
             GcWatcher *guardian)
{
  if (!heap->is_minor)
    guardian->n_old = 0;
  for (gsize i = guardian->n_old; i < guardian->n_watched; )
    if (gc_heap_is_dead (heap, guardian->watched->watches[i].object))
      remove_watch (heap, guardian, i);
    else
      i++;
  guardian->cycle = heap->round;
}

static gboolean
after_process (GcWeakHolder *holder,
               GcHeap       *heap,
               GcBudget     *budget)
{
  Watchers *self = get_after (holder);
  GPtrArray *list = self->guardians_are_told ? self->death_queues : self->guardians;

  for (;;)
    {
      while (self->after_cursor < list->len)
        {
          GcWatcher *watcher = list->pdata[self->after_cursor];

          if (gc_heap_is_dead (heap, watcher))
            {
              g_ptr_array_remove_index_fast (list, self->after_cursor);
              self->index = 0;
              continue;
            }
          if (self->guardians_are_told)
            {
              if (!queue_dead (heap, watcher, &self->index, budget))
                return FALSE;
            }
          else
            {
              if (watcher->cycle != heap->round)
                forget_dead (heap, watcher);
              if (watcher->n_queued > 0 && self->notify != NULL)
                self->notify (watcher);
            }
          self->after_cursor++;
          self->index = 0;
          if (gc_budget_spend (budget, 4))
            return FALSE;
        }
      if (self->guardians_are_told)
        return TRUE;
      self->guardians_are_told = TRUE;
      self->after_cursor = 0;
      self->index = 0;
      list = self->death_queues;
    }
}

/* The guardians' holder tells both lists. */
static void
after_relocate (GcWeakHolder *holder,
                GcHeap       *heap,
                GcTracer     *tracer)
{
  (void) holder;
  (void) heap;
  (void) tracer;
}

/* Inside a scope: a new watcher. */
void
gc_watch_register (GcArena       *arena,
                   GcWatcher     *watcher,
                   GcWatcherKind  kind,
                   GcWatchNotify  notify)
{
  Watchers *self = arena->watchers;

  if (self == NULL)
    {
      self = arena->watchers = g_new0 (Watchers, 1);
      self->guardian_holder = (GcWeakHolder) {
        .stage = GC_WEAK_RESURRECT,
        .restart = guardian_restart, .process = guardian_process, .relocate = guardian_relocate
      };
      self->after_holder = (GcWeakHolder) {
        .stage = GC_WEAK_AFTER,
        .restart = after_restart, .process = after_process, .relocate = after_relocate
      };
      self->guardians = g_ptr_array_new ();
      self->death_queues = g_ptr_array_new ();
      gc_heap_add_holder (&arena->heap, &self->guardian_holder);
      gc_heap_add_holder (&arena->heap, &self->after_holder);
    }
  if (notify != NULL)
    self->notify = notify;
  g_ptr_array_add (kind == GC_WATCH_GUARDIAN ? self->guardians : self->death_queues, watcher);
}

static void
grow_watched (GcWatcher  *self,
              GcMutation *m,
              gboolean    has_tokens)
{
  gsize n = self->n_watched;
  gsize room = n + n / 2 + 4;
  GcWatched *watched = gc_new_with_tail (m, GcWatched, room);

  if (n > 0)
    memcpy (watched->watches, self->watched->watches, n * sizeof (Watch));
  gc_set (self, watched, watched);
  if (has_tokens)
    {
      GcSlots *tokens = gc_slots_new (m, room, NULL);

      if (n > 0)
        gc_slots_copy (tokens, 0, self->tokens->items, n);
      gc_set (self, tokens, tokens);
    }
}

static void
grow_queue (GcWatcher  *self,
            GcMutation *m)
{
  gsize room = self->queue != NULL ? self->queue->n / 2 : 0;
  gsize first = MIN (self->n_queued, room - self->head);
  GcSlots *queue = gc_slots_new (m, (room + room / 2 + 4) * 2, NULL);

  if (self->n_queued > 0)
    {
      gc_slots_copy (queue, 0, &self->queue->items[self->head * 2], first * 2);
      gc_slots_copy (queue, first * 2, self->queue->items, (self->n_queued - first) * 2);
    }
  gc_set (self, queue, queue);
  self->head = 0;
}

/* Inside a scope: watches @object. A tagged @token comes with it when it is delivered; any other
 * is what a death queue delivers. */
void
gc_watch_add (GcWatcher  *self,
              GcMutation *m,
              gpointer    object,
              gpointer    token)
{
  gboolean has_tokens = gc_is_ref (token);

  if (self->watched == NULL || self->n_watched == self->watched->n)
    grow_watched (self, m, has_tokens);
  if (self->queue == NULL || self->n_watched + self->n_queued >= self->queue->n / 2)
    grow_queue (self, m);
  if (has_tokens)
    gc_slots_set (self->tokens, self->n_watched, token);
  self->watched->watches[self->n_watched++] = (Watch) { object, has_tokens ? NULL : token };
}

/* Inside a scope: the next of the queue, or NULL. What was just brought back stays out of
 * sight until it is marked with all that it leads to: see gc_heap_settle(). */
gpointer
gc_watch_pop (GcWatcher *self,
              gpointer  *token)
{
  GcHeap *heap = gc_heap_of (self);
  gboolean is_resurrecting = heap->state == GC_STATE_CLEARING && heap->stage == GC_WEAK_RESURRECT;
  gpointer object;
  gsize place;

  if (self->n_queued <= (is_resurrecting ? self->n_hidden : 0))
    return NULL;
  place = place_of (self, 0);
  object = self->queue->items[place];
  if (token != NULL)
    *token = self->queue->items[place + 1];
  gc_slots_set (self->queue, place, NULL);
  gc_slots_set (self->queue, place + 1, NULL);
  self->head = (self->head + 1) % (self->queue->n / 2);
  self->n_queued--;
  return object;
}

/* At the arena's end. */
void
gc_watch_clear (GcArena *arena)
{
  Watchers *self = arena->watchers;

  if (self == NULL)
    return;
  gc_heap_remove_holder (&arena->heap, &self->guardian_holder);
  gc_heap_remove_holder (&arena->heap, &self->after_holder);
  g_ptr_array_unref (self->guardians);
  g_ptr_array_unref (self->death_queues);
  g_clear_pointer (&arena->watchers, g_free);
}
