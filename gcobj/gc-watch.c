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

static void
enqueue (GcHeap    *heap,
         GcWatcher *self,
         gpointer   object,
         gpointer   token)
{
  gsize place = gc_watch_place (self, self->n_queued++);

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
  GcWatch watch = self->watched->watches[i];

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
      GcWatch *watch = &self->watched->watches[i];

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
          if (!GC_FAULT (GUARDIAN_SHADE))
            gc_shade (heap, guardian->queue->items[gc_watch_place (guardian, first + self->index)]);
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
  Watchers *self;

  gc_heap_lock (&arena->heap);
  self = arena->watchers;
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
  gc_heap_unlock (&arena->heap);
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
