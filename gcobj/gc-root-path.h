/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-arena.h>

G_BEGIN_DECLS

#define GC_TYPE_ROOT_PATH (gc_root_path_get_type ())

typedef struct _GcRootPath GcRootPath;

GCOBJ_AVAILABLE_IN_ALL
GType       gc_root_path_get_type       (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcRootPath *gc_arena_find_path_to_root  (GcArena           *arena,
                                         GcObject          *object,
                                         GError           **error);

GCOBJ_AVAILABLE_IN_ALL
GcRootPath *gc_root_path_copy           (GcRootPath        *path);
GCOBJ_AVAILABLE_IN_ALL
void        gc_root_path_free           (GcRootPath        *path);
GCOBJ_AVAILABLE_IN_ALL
const char *gc_root_path_get_root       (const GcRootPath  *path);
GCOBJ_AVAILABLE_IN_ALL
guint       gc_root_path_get_length     (const GcRootPath  *path);
GCOBJ_AVAILABLE_IN_ALL
const char *gc_root_path_get_type_name  (const GcRootPath  *path,
                                         guint              index);
GCOBJ_AVAILABLE_IN_ALL
const char *gc_root_path_get_edge       (const GcRootPath  *path,
                                         guint              index);
GCOBJ_AVAILABLE_IN_ALL
guint64     gc_root_path_get_id         (const GcRootPath  *path,
                                         guint              index);
GCOBJ_AVAILABLE_IN_ALL
char       *gc_root_path_to_string      (const GcRootPath  *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcRootPath, gc_root_path_free)

G_END_DECLS
