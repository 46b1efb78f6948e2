/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who is told of an array's changes: what changed since it last asked, as one range. */

#include "gcobj/gc-array-private.h"
#include "gcobj/gc-peer-private.h"

GcArrayWatch *
gc_array_watch_ref (GcArrayWatch *self)
{
  __atomic_add_fetch (&self->ref_count, 1, __ATOMIC_RELAXED);
  return self;
}

void
gc_array_watch_unref (gpointer data)
{
  GcArrayWatch *self = data;

  if (__atomic_sub_fetch (&self->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  gc_back_ref_unref (self->model);
  g_main_context_unref (self->context);
  g_clear_pointer ((GcPeerSlot **) &self->slot, gc_peer_slot_unref);
  g_free (self);
}

/* On any thread: a model ended. Its watch is taken out when it is next met. */
void
gc_array_watch_end (GcArrayWatch *self)
{
  __atomic_store_n (&self->is_over, TRUE, __ATOMIC_RELEASE);
  gc_array_watch_unref (self);
}

static void
remove_over (GcArrayWatch **link)
{
  while (*link != NULL)
    {
      GcArrayWatch *self = *link;

      if (__atomic_load_n (&self->is_over, __ATOMIC_ACQUIRE))
        {
          *link = self->next;
          gc_array_watch_unref (self);
        }
      else
        link = &self->next;
    }
}

/* Inside a scope: nothing has changed yet. The array is kept by a reference of the watch's owner, or by
 * the slot. */
GcArrayWatch *
gc_array_watch_new (GcArray  *array,
                    gpointer  slot,
                    gpointer  model)
{
  GcArena *arena = gc_arena_of (array);
  GcArrayWatch *self = g_new0 (GcArrayWatch, 1);

  self->array = slot == NULL ? array : NULL;
  self->slot = slot != NULL ? gc_peer_slot_ref (slot) : NULL;

  self->ref_count = 1;
  self->n_before = self->n_after = G_MAXSIZE;
  self->context = g_main_context_ref_thread_default ();
  self->model = gc_back_ref_new (model);

  remove_over ((GcArrayWatch **) &arena->array_watches);
  self->next = arena->array_watches;
  arena->array_watches = gc_array_watch_ref (self);
  return self;
}

/* At the arena's end. */
void
gc_array_watch_clear (GcArena *arena)
{
  GcArrayWatch *self;

  while ((self = arena->array_watches) != NULL)
    {
      arena->array_watches = self->next;
      gc_array_watch_unref (self);
    }
}

static gboolean
is_of (GcArrayWatch *self,
       GcArray      *array)
{
  gpointer known;

  if (self->slot == NULL)
    return self->array == array;
  return gc_peer_slot_peek (self->slot, gc_arena_of (array), &known) && known == (gpointer) array;
}

/* Inside a scope: some elements at @position gave way to @n_added; what follows has only
 * moved. */
void
gc_array_tell_watches (GcArray *array,
                       gsize    position,
                       gsize    n_added)
{
  gsize n_after = array->length - position - n_added;

  for (GcArrayWatch *self = gc_arena_of (array)->array_watches; self != NULL; self = self->next)
    {
      if (__atomic_load_n (&self->is_over, __ATOMIC_ACQUIRE) || !is_of (self, array))
        continue;
      self->n_before = MIN (self->n_before, position);
      self->n_after = MIN (self->n_after, n_after);
      if (!self->is_scheduled)
        {
          self->is_scheduled = TRUE;
          self->schedule (self);
        }
    }
}
