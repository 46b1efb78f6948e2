/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What GCOBJ_DEBUG names, read with the first arena. */

#include "gcobj/gc-arena-private.h"

G_BEGIN_DECLS

enum
{
  GC_DEBUG_LEAKS         = 1 << 0,
  GC_DEBUG_FINALIZE_LOG  = 1 << 1,
  GC_DEBUG_SAFEPOINT_LOG = 1 << 2,
  GC_DEBUG_BARRIERS      = 1 << 3,
  GC_DEBUG_REGISTRY      = 1 << 4,
  GC_DEBUG_FATAL         = 1 << 5,
  GC_DEBUG_WAITS         = 1 << 6
};

/* gc-debug.c */
extern guint gc_debug_flags;
void gc_debug_begin       (GcArena       *arena);
void gc_debug_end         (GcArena       *arena);
void gc_debug_disposed    (GcArena       *arena);
void gc_debug_finalize    (gpointer       object);
void gc_debug_lock_hold   (GcArena       *arena);
void gc_debug_wait_for_others (GcArena    *arena);

/* gc-debug-leaks.c */
void gc_debug_print_roots (GcArena       *arena,
                           const char    *when);

/* gc-debug-store.c */
void gc_debug_check_store (gpointer       owner,
                           gconstpointer  slot,
                           gconstpointer  value);

/* gc-arena-list.c */
void    gc_arena_list_add    (GcArena *arena);
void    gc_arena_list_remove (GcArena *arena);
GSList *gc_arena_list_get    (void);

/* gc-heap-output.c */
gboolean gc_heap_output_set_up (void);

G_END_DECLS
