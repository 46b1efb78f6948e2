/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gio/gio.h>
#include <gcobj/gc-arena.h>

G_BEGIN_DECLS

#define GC_TYPE_TYPE_COUNT (gc_type_count_get_type ())
GCOBJ_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GcTypeCount, gc_type_count, GC, TYPE_COUNT, GObject)

GCOBJ_AVAILABLE_IN_ALL
GListModel *gc_arena_take_census             (GcArena      *arena,
                                              GError      **error);

GCOBJ_AVAILABLE_IN_ALL
GType       gc_type_count_get_object_type    (GcTypeCount  *self);
GCOBJ_AVAILABLE_IN_ALL
const char *gc_type_count_get_type_name      (GcTypeCount  *self);
GCOBJ_AVAILABLE_IN_ALL
guint64     gc_type_count_get_n_objects      (GcTypeCount  *self);
GCOBJ_AVAILABLE_IN_ALL
guint64     gc_type_count_get_bytes          (GcTypeCount  *self);
GCOBJ_AVAILABLE_IN_ALL
guint64     gc_type_count_get_external_bytes (GcTypeCount  *self);

G_END_DECLS
