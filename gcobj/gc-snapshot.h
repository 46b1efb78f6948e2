/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gio/gio.h>
#include <gcobj/gc-arena.h>

G_BEGIN_DECLS

GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_arena_write_snapshot        (GcArena             *arena,
                                          GOutputStream       *stream,
                                          GCancellable        *cancellable,
                                          GError             **error);
GCOBJ_AVAILABLE_IN_ALL
void      gc_arena_write_snapshot_async  (GcArena             *arena,
                                          GOutputStream       *stream,
                                          int                  io_priority,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_arena_write_snapshot_finish (GcArena             *arena,
                                          GAsyncResult        *result,
                                          GError             **error);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_arena_save_snapshot         (GcArena             *arena,
                                          GFile               *file,
                                          GCancellable        *cancellable,
                                          GError             **error);

GCOBJ_AVAILABLE_IN_ALL
char     *gc_arena_to_dot                (GcArena             *arena,
                                          GcObject            *focus,
                                          guint                depth,
                                          guint                max_nodes,
                                          GError             **error);

G_END_DECLS
