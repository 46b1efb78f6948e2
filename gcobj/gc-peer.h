/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_TYPE_PEER    (gc_peer_get_type ())
#define GC_PEER(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_PEER, GcPeer))
#define GC_IS_PEER(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_PEER))

typedef struct _GcPeer GcPeer;

GCOBJ_AVAILABLE_IN_ALL
GType     gc_peer_get_type         (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcPeer   *gc_peer_new              (GcMutation   *m,
                                    GObject      *object);

GCOBJ_AVAILABLE_IN_ALL
GObject  *gc_peer_get_object       (GcPeer       *self);
GCOBJ_AVAILABLE_IN_ALL
GObject  *gc_peer_dup_object       (GcPeer       *self);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_peer_is_alive         (GcPeer       *self);

GCOBJ_AVAILABLE_IN_ALL
void      gc_peer_set_data         (GcPeer       *self,
                                    const char   *key,
                                    gpointer      value);
GCOBJ_AVAILABLE_IN_ALL
gpointer  gc_peer_get_data         (GcPeer       *self,
                                    const char   *key);
GCOBJ_AVAILABLE_IN_ALL
GcObject *gc_peer_dup_data         (GcPeer       *self,
                                    const char   *key);

GCOBJ_AVAILABLE_IN_ALL
void      gc_peer_set_main_context (GcPeer       *self,
                                    GMainContext *context);

GCOBJ_AVAILABLE_IN_ALL
guint     gc_arena_get_n_peers     (GcArena      *arena);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcPeer, gc_object_unref)

G_END_DECLS
