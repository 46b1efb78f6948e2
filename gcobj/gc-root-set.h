/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#define GC_TYPE_ROOT_KEY    (gc_root_key_get_type ())
#define GC_TYPE_ROOT_SET    (gc_root_set_get_type ())
#define GC_ROOT_SET(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_ROOT_SET, GcRootSet))
#define GC_IS_ROOT_SET(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_ROOT_SET))

typedef struct _GcRootKey GcRootKey;
typedef struct _GcRootSet GcRootSet;

GCOBJ_AVAILABLE_IN_ALL
GType      gc_root_key_get_type   (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GcRootKey *gc_root_key_ref        (GcRootKey  *key);
GCOBJ_AVAILABLE_IN_ALL
void       gc_root_key_unref      (GcRootKey  *key);

GCOBJ_AVAILABLE_IN_ALL
GType      gc_root_set_get_type   (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcRootSet *gc_root_set_new        (GcMutation *m);

GCOBJ_AVAILABLE_IN_ALL
GcRootKey *gc_root_set_stash      (GcRootSet  *self,
                                   gpointer    object);
GCOBJ_AVAILABLE_IN_ALL
gpointer   gc_root_set_fetch      (GcRootSet  *self,
                                   GcRootKey  *key,
                                   GError    **error);
GCOBJ_AVAILABLE_IN_ALL
GcObject  *gc_root_set_fetch_dup  (GcRootSet  *self,
                                   GcRootKey  *key,
                                   GError    **error);
GCOBJ_AVAILABLE_IN_ALL
gboolean   gc_root_set_contains   (GcRootSet  *self,
                                   GcRootKey  *key);
GCOBJ_AVAILABLE_IN_ALL
gboolean   gc_root_set_remove     (GcRootSet  *self,
                                   GcRootKey  *key);
GCOBJ_AVAILABLE_IN_ALL
gsize      gc_root_set_get_size   (GcRootSet  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcRootKey, gc_root_key_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcRootSet, gc_object_unref)

G_END_DECLS
