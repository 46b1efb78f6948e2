/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-array.h"
#include "gcobj/gc-slots-private.h"

G_BEGIN_DECLS

/* 16 GiB of slots. The system would map more, and fail only where they are used. */
#define GC_ARRAY_MAX_LENGTH ((gsize) G_MAXINT32)

struct _GcArray
{
  GcObject         parent_instance;
  GC_REF (GcSlots) slots;       /* NULL: no room */
  guint32          length;      /* slots behind it are NULL */
  guint32          n_changes;   /* atomic; from the beginning on, and again from 0 */
};

/* What is told of an array's changes. Elements before and after the range that changed are those
 * that were there before. Under the hold, but for is_over, and is_waiting, which is the model's thread's. */
typedef struct _GcArrayWatch GcArrayWatch;
struct _GcArrayWatch
{
  gint          ref_count;      /* atomic */
  gint          is_over;        /* atomic */
  GcArrayWatch *next;
  gconstpointer array;          /* which stays in its place; or */
  gpointer      slot;           /* that leads to it: a GcPeerSlot */
  gsize         n_before, n_after;      /* G_MAXSIZE while nothing changed */
  gboolean      is_scheduled;
  gboolean      is_waiting;     /* until the model is used, so that it can be told */
  void        (*schedule) (GcArrayWatch *self);
  GcBackRef    *model;
  GMainContext *context;
};

/* gc-array-watch.c */
GcArrayWatch *gc_array_watch_ref (GcArrayWatch *self);
void      gc_array_watch_unref  (gpointer        self);
void      gc_array_watch_end    (GcArrayWatch   *self);
GcArrayWatch *gc_array_watch_new (GcArray       *array,
                                  gpointer       slot,
                                  gpointer       model);
void      gc_array_tell_watches (GcArray        *array,
                                 gsize           position,
                                 gsize           n_added);

/* Inside a scope, after a change. */
static inline void
gc_array_changed (GcArray *array,
                  gsize    position,
                  gsize    n_added)
{
  __atomic_store_n (&array->n_changes, array->n_changes + 1, __ATOMIC_RELAXED);
  if (G_UNLIKELY (gc_heap_get_arena (gc_slab_of (array)->heap)->array_watches != NULL))
    gc_array_tell_watches (array, position, n_added);
}

/* gc-array.c */
gboolean  gc_array_check_value  (GcArena        *arena,
                                 gconstpointer   value,
                                 GError        **error);
gboolean  gc_array_check_length (gsize           length,
                                 GError        **error);
gboolean  gc_array_check_index  (GcArray        *self,
                                 gsize           index,
                                 GError        **error);
gboolean  gc_array_set_room     (GcArray        *self,
                                 GcMutation     *m,
                                 gsize           n,
                                 GError        **error);

G_END_DECLS
