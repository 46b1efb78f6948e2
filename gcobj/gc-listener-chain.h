/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-listener.h>

G_BEGIN_DECLS

#define GC_TYPE_LISTENER_CHAIN (gc_listener_chain_get_type ())
GCOBJ_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GcListenerChain, gc_listener_chain, GC, LISTENER_CHAIN, GObject)

GCOBJ_AVAILABLE_IN_ALL
GcListenerChain *gc_listener_chain_new    (void);
GCOBJ_AVAILABLE_IN_ALL
void             gc_listener_chain_add    (GcListenerChain *self,
                                           GcListener      *listener);
GCOBJ_AVAILABLE_IN_ALL
gboolean         gc_listener_chain_remove (GcListenerChain *self,
                                           GcListener      *listener);

G_END_DECLS
