/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-arena.h>
#include <gcobj/gc-event.h>

G_BEGIN_DECLS

#define GC_TYPE_LISTENER (gc_listener_get_type ())
GCOBJ_AVAILABLE_IN_ALL
G_DECLARE_INTERFACE (GcListener, gc_listener, GC, LISTENER, GObject)

/**
 * GcListenerInterface:
 * @tell: gets every event; the default calls the hook below that is meant for it
 * @collection_begun: a collection began
 * @started: a cycle started
 * @marked: a slice of marking was done
 * @remarked: marking was brought to its end
 * @cleared: a slice of clearing was done
 * @swept: a slice of sweeping was done
 * @collection_ended: a collection ended
 * @paused: a pause ended
 * @resized: the heap grew or shrank
 * @finalized: finalizers ran
 *
 * The hooks of a listener. None has to be there.
 *
 * Since: 0.1
 */
struct _GcListenerInterface
{
  /*< private >*/
  GTypeInterface parent_iface;

  /*< public >*/
  void (*tell)             (GcListener    *self,
                            GcArena       *arena,
                            const GcEvent *event);
  void (*collection_begun) (GcListener    *self,
                            GcArena       *arena,
                            const GcEvent *event);
  void (*started)          (GcListener    *self,
                            GcArena       *arena,
                            const GcEvent *event);
  void (*marked)           (GcListener    *self,
                            GcArena       *arena,
                            const GcEvent *event);
  void (*remarked)         (GcListener    *self,
                            GcArena       *arena,
                            const GcEvent *event);
  void (*cleared)          (GcListener    *self,
                            GcArena       *arena,
                            const GcEvent *event);
  void (*swept)            (GcListener    *self,
                            GcArena       *arena,
                            const GcEvent *event);
  void (*collection_ended) (GcListener    *self,
                            GcArena       *arena,
                            const GcEvent *event);
  void (*paused)           (GcListener    *self,
                            GcArena       *arena,
                            const GcEvent *event);
  void (*resized)          (GcListener    *self,
                            GcArena       *arena,
                            const GcEvent *event);
  void (*finalized)        (GcListener    *self,
                            GcArena       *arena,
                            const GcEvent *event);

  /*< private >*/
  gpointer padding[8];
};

GCOBJ_AVAILABLE_IN_ALL
void        gc_listener_tell      (GcListener    *self,
                                   GcArena       *arena,
                                   const GcEvent *event);

GCOBJ_AVAILABLE_IN_ALL
GcListener *gc_arena_get_listener (GcArena       *arena);
GCOBJ_AVAILABLE_IN_ALL
void        gc_arena_set_listener (GcArena       *arena,
                                   GcListener    *listener);

G_END_DECLS
