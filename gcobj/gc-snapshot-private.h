/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include "gcobj/gc-graph-private.h"

G_BEGIN_DECLS

/* gc-snapshot-write.c */
gboolean gc_snapshot_write      (const GcGraph  *graph,
                                 GOutputStream  *stream,
                                 GCancellable   *cancellable,
                                 GError        **error);

/* gc-snapshot.c */
gboolean gc_snapshot_save       (const GcGraph  *graph,
                                 GFile          *file,
                                 GCancellable   *cancellable,
                                 GError        **error);

G_END_DECLS
