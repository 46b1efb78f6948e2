/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-arena-private.h"
#include "gcobj/gc-listener.h"
#include "gcobj/heap/gc-events-private.h"

G_BEGIN_DECLS

/* gc-listener.c */
void gc_listener_begin (GcArena    *arena,
                        GcListener *listener);
void gc_listener_end   (GcArena    *arena);
void gc_arena_tell     (GcArena    *arena);

/* gc-trace-file.c */
GcListener *gc_trace_file_from_environment (void);

G_END_DECLS
