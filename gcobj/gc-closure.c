/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-check-private.h"
#include "gcobj/gc-closure.h"
#include "gcobj/gc-peer-private.h"

/**
 * SECTION:gc-closure
 * @Title: Closures
 * @Short_description: Signal handlers whose data is collected
 *
 * |[<!-- language="C" -->
 * static void
 * on_clicked (GObject *button, DemoModel *model)
 * {
 *   demo_model_add_row (model);
 * }
 *
 * g_signal_connect_closure (button, "clicked",
 *                           gc_closure_new (m, G_CALLBACK (on_clicked), model, widget), FALSE);
 * ]|
 *
 * A closure that held its data by an external reference would keep it for as long as it is connected,
 * and with it all that this leads to: often the very GObject that it is connected to. The data of one made by gc_closure_new()
 * belongs to the peer of a GObject instead: it is kept for as long as both the closure
 * and that peer are.
 */

/* Calls with the data for the last argument, as any closure of C does. The structure that the marshaller
 * sees is a copy, since several threads may be here. */
static void
marshal (GClosure     *closure,
         GValue       *return_value,
         guint         n_values,
         const GValue *values,
         gpointer      hint,
         gpointer      marshal_data)
{
  GCClosure call = { 0 };
  gpointer data;

  if (!gc_peer_slot_dup (marshal_data, &data))
    return;
  call.callback = ((GCClosure *) closure)->callback;
  call.closure.data = data;
  (closure->marshal != NULL ? closure->marshal : g_cclosure_marshal_generic)
    (&call.closure, return_value, n_values, values, hint, NULL);
  if (gc_is_ref (data))
    gc_object_unref (data);
}

static void
invalidate (gpointer  data,
            GClosure *closure)
{
  gc_peer_slot_drop (data);
  (void) closure;
}

static void
finalize (gpointer  data,
          GClosure *closure)
{
  gc_peer_slot_unref (data);
  (void) closure;
}

/**
 * gc_closure_new: (skip)
 * @m: a mutation
 * @callback: the function, of the type that the signal asks for, with @data as its last argument
 * @data: (nullable): an object of @m's arena
 * @object: the GObject whose peer has the data
 *
 * Makes a closure that does not keep its data by itself: the peer of @object does, which is made if
 * there is none (gc_peer_new()), until the closure is invalidated, as by
 * g_signal_handler_disconnect(). For the time of a call the data is kept in any case; no scope
 * is open for it. When @object or the arena is gone, a call does nothing.
 *
 * Often @object is what the closure is connected to. Where several GObjects belong together, as the widgets of
 * a window do, it had better be the one that the others are parts of: they are held by
 * it, which makes roots of their peers.
 *
 * The marshaller is the one that the signal has, or g_cclosure_marshal_generic().
 *
 * Returns: (transfer full): a closure, with a floating reference; %NULL, with a critical
 *   warning, if @m is finished or @data is not of its arena
 *
 * Since: 0.1
 */
GClosure *
gc_closure_new (GcMutation *m,
                GCallback   callback,
                gpointer    data,
                GObject    *object)
{
  GcArena *arena = gc_check_mutation (m, NULL);
  GClosure *closure;
  GcPeerSlot *slot;

  g_return_val_if_fail (arena != NULL, NULL);
  g_return_val_if_fail (callback != NULL, NULL);
  g_return_val_if_fail (!gc_is_ref (data) || gc_arena_of (data) == arena, NULL);
  slot = gc_peer_slot_new (m, object, data);
  if (slot == NULL)
    return NULL;

  closure = g_closure_new_simple (sizeof (GCClosure), NULL);
  ((GCClosure *) closure)->callback = callback;
  g_closure_set_meta_marshal (closure, slot, marshal);
  g_closure_add_invalidate_notifier (closure, slot, invalidate);
  g_closure_add_finalize_notifier (closure, slot, finalize);
  return closure;
}
