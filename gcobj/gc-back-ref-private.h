/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A weak reference to a GObject of ours, which g_object_run_dispose() does not clear as it does a GWeakRef: a script can call
 * that, and the object goes on. The object has one for all who refer back to it. */
typedef struct _GcBackRef GcBackRef;

/* gc-back-ref.c */
GcBackRef *gc_back_ref_new     (gpointer   object,
                                void     (*at_end) (gpointer object));
GcBackRef *gc_back_ref_ref     (GcBackRef *self);
void       gc_back_ref_unref   (GcBackRef *self);
gpointer   gc_back_ref_get     (GcBackRef *self);
void       gc_back_ref_dispose (GcBackRef *self,
                                GObject   *object,
                                void     (*chain_up) (GObject *object));

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcBackRef, gc_back_ref_unref)

G_END_DECLS
