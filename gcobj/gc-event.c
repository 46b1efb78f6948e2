/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <pthread.h>

#include "gcobj/gc-event-private.h"

/**
 * SECTION:gc-event
 * @Title: GcEvent
 * @Short_description: What the collector did, and when
 *
 * |[<!-- language="C" -->
 * static void
 * demo_watcher_paused (GcListener *listener, GcArena *arena, const GcEvent *event)
 * {
 *   g_autofree char *text = gc_event_to_string (event);
 *
 *   if (event->duration_ns > 2 * 1000 * 1000)
 *     g_warning ("%s", text);       // pause: 2.310 ms, debt, 41200 objects marked
 * }
 * ]|
 *
 * Events tell a #GcListener about the collector's work. Those of one pause come in the
 * order in which they ended: the pieces of work, then the pause itself, whose time includes them. A
 * pause that works on many phases tells of the first sixty pieces only.
 */

G_DEFINE_BOXED_TYPE (GcEvent, gc_event, gc_event_copy, gc_event_free)

/* The verb in the past is the event, its name in traces the work. */
static const char *const names[] = {
  [GC_EVENT_COLLECTION_BEGUN] = "collection begun",
  [GC_EVENT_STARTED] = "start",
  [GC_EVENT_MARKED] = "mark",
  [GC_EVENT_REMARKED] = "remark",
  [GC_EVENT_CLEARED] = "clear",
  [GC_EVENT_SWEPT] = "sweep",
  [GC_EVENT_COLLECTION_ENDED] = "collection ended",
  [GC_EVENT_PAUSED] = "pause",
  [GC_EVENT_RESIZED] = "resize",
  [GC_EVENT_FINALIZED] = "finalize",
};

static const char *const reasons[] = {
  [GC_PAUSE_REASON_DEBT] = "debt",
  [GC_PAUSE_REASON_HEAP_LIMIT] = "heap limit",
  [GC_PAUSE_REASON_IDLE] = "idle",
  [GC_PAUSE_REASON_STEP] = "step",
  [GC_PAUSE_REASON_REQUEST] = "request",
  [GC_PAUSE_REASON_ZEAL] = "zeal",
  [GC_PAUSE_REASON_LOW_MEMORY] = "low memory",
};

const char *
gc_event_type_to_name (GcEventType type)
{
  return (guint) type < G_N_ELEMENTS (names) ? names[type] : "unknown";
}

const char *
gc_pause_reason_to_name (GcPauseReason reason)
{
  return (guint) reason < G_N_ELEMENTS (reasons) ? reasons[reason] : "unknown";
}

/* Copies are never given back to malloc(): GJS and lgi hand a hook's event to the script without
 * copying it, and the script may keep it, read it and write to it. */
typedef struct _Cell Cell;

struct _Cell
{
  GcEvent event;
  Cell *next;                   /* where no script can write */
};

static pthread_mutex_t cells_lock = PTHREAD_MUTEX_INITIALIZER;
static Cell *free_cells;

static Cell *
cell_take (void)
{
  Cell *cell;

  pthread_mutex_lock (&cells_lock);
  cell = free_cells;
  if (cell != NULL)
    free_cells = cell->next;
  pthread_mutex_unlock (&cells_lock);
  return cell != NULL ? cell : g_new (Cell, 1);
}

/**
 * gc_event_copy:
 * @event: an event
 *
 * Copies an event.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
GcEvent *
gc_event_copy (const GcEvent *event)
{
  GcEvent *copy;

  g_return_val_if_fail (event != NULL, NULL);

  copy = &cell_take ()->event;
  *copy = *event;
  return copy;
}

/**
 * gc_event_free: (skip)
 * @event: (transfer full) (nullable): what gc_event_copy() gave
 *
 * Frees a copy.
 *
 * Since: 0.1
 */
void
gc_event_free (GcEvent *event)
{
  Cell *cell = (Cell *) event;

  if (event == NULL)
    return;
  pthread_mutex_lock (&cells_lock);
  cell->next = free_cells;
  free_cells = cell;
  pthread_mutex_unlock (&cells_lock);
}

/**
 * gc_event_to_string:
 * @event: an event
 *
 * Gives an event as a line of text, for people.
 *
 * Returns: (transfer full): the text, without a line feed
 *
 * Since: 0.1
 */
char *
gc_event_to_string (const GcEvent *event)
{
  GString *text;

  g_return_val_if_fail (event != NULL, NULL);

  text = g_string_new (gc_event_type_to_name (event->type));
  switch (event->type)
    {
    case GC_EVENT_COLLECTION_BEGUN:
      g_string_append_printf (text, ": %s, number %" G_GUINT64_FORMAT, event->is_minor ? "minor" : "major",
                              event->collection);
      break;
    case GC_EVENT_COLLECTION_ENDED:
      g_string_append_printf (text, ": %s, number %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT " objects marked",
                              event->is_minor ? "minor" : "major", event->collection, event->n);
      break;
    case GC_EVENT_RESIZED:
      g_string_append_printf (text, ": %" G_GUINT64_FORMAT " KiB", event->heap_bytes >> 10);
      break;
    case GC_EVENT_FINALIZED:
      g_string_append_printf (text, ": %.3f ms, %" G_GUINT64_FORMAT " objects", event->duration_ns / 1e6, event->n);
      break;
    default:
      g_string_append_printf (text, ": %.3f ms", event->duration_ns / 1e6);
      if (event->type == GC_EVENT_PAUSED)
        g_string_append_printf (text, ", %s", gc_pause_reason_to_name (event->reason));
      if (event->n > 0)
        g_string_append_printf (text, ", %" G_GUINT64_FORMAT " objects marked", event->n);
    }
  return g_string_free (text, FALSE);
}
