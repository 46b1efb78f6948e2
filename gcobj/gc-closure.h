/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
GClosure *gc_closure_new (GcMutation *m,
                          GCallback   callback,
                          gpointer    data,
                          GObject    *object);

G_END_DECLS
