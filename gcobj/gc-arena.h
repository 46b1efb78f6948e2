/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-mutation.h>
#include <gcobj/gc-object.h>
#include <gcobj/gc-pacing.h>
#include <gcobj/gc-stats.h>

G_BEGIN_DECLS

#define GC_TYPE_ARENA (gc_arena_get_type ())
GCOBJ_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GcArena, gc_arena, GC, ARENA, GObject)

#define GC_TYPE_ZEAL (gc_zeal_get_type ())

/**
 * GcZeal:
 * @GC_ZEAL_NONE: no checks
 * @GC_ZEAL_SAFEPOINT: a full collection at every safe point
 * @GC_ZEAL_VERIFY: the whole heap is checked after each marking
 * @GC_ZEAL_CLOBBER: dead memory is overwritten
 * @GC_ZEAL_RELOCATE: blocks of objects move at each safe point, and what they
 *   leave becomes inaccessible
 * @GC_ZEAL_SHADOW_SLOTS: finds stores that went around the barrier
 * @GC_ZEAL_UNTRACED: finds references that neither a layout nor a trace function reports
 *
 * Checks that find mistakes of the program (and of the collector) early, at the
 * cost of speed. Also set by the environment variable `GCOBJ_ZEAL`.
 *
 * Since: 0.1
 */
typedef enum
{
  GC_ZEAL_NONE         = 0,
  GC_ZEAL_SAFEPOINT    = 1 << 0,
  GC_ZEAL_VERIFY       = 1 << 1,
  GC_ZEAL_CLOBBER      = 1 << 2,
  GC_ZEAL_RELOCATE     = 1 << 3,
  GC_ZEAL_SHADOW_SLOTS = 1 << 4,
  GC_ZEAL_UNTRACED     = 1 << 5
} GcZeal;

/**
 * GcMutateFunc:
 * @m: (transfer none): the mutation; the function can't finish it
 * @user_data: data given to gc_arena_mutate()
 *
 * Runs inside a mutation scope.
 *
 * Since: 0.1
 */
typedef void (*GcMutateFunc) (GcMutation *m,
                              gpointer    user_data);

GCOBJ_AVAILABLE_IN_ALL
GType       gc_zeal_get_type            (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcArena    *gc_arena_new                (void);

GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_arena_can_begin          (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL
GcMutation *gc_arena_begin              (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL GC_MAY_COLLECT
void        gc_arena_mutate             (GcArena         *arena,
                                         GcMutateFunc     func,
                                         gpointer         user_data);

GCOBJ_AVAILABLE_IN_ALL
gpointer    gc_arena_get_root           (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL
gpointer    gc_arena_dup_root           (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL
void        gc_arena_set_root           (GcArena         *arena,
                                         gpointer         root);

GCOBJ_AVAILABLE_IN_ALL GC_MAY_COLLECT
void        gc_arena_collect            (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL GC_MAY_COLLECT
gboolean    gc_arena_step               (GcArena         *arena,
                                         guint            budget_us);
GCOBJ_AVAILABLE_IN_ALL GC_MAY_COLLECT
gboolean    gc_arena_step_units         (GcArena         *arena,
                                         guint            units);
GCOBJ_AVAILABLE_IN_ALL GC_MAY_COLLECT
void        gc_arena_start_cycle        (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL GC_MAY_COLLECT
void        gc_arena_finish_marking     (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL GC_MAY_COLLECT
void        gc_arena_start_sweeping     (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL GC_MAY_COLLECT
void        gc_arena_finish_cycle       (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL
GcPhase     gc_arena_get_phase          (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL
gsize       gc_arena_get_debt           (GcArena         *arena);

GCOBJ_AVAILABLE_IN_ALL
GcPacing   *gc_arena_get_pacing         (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL
void        gc_arena_set_pacing         (GcArena         *arena,
                                         const GcPacing  *pacing);
GCOBJ_AVAILABLE_IN_ALL
gsize       gc_arena_get_heap_limit     (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL
void        gc_arena_set_heap_limit     (GcArena         *arena,
                                         gsize            bytes);
GCOBJ_AVAILABLE_IN_ALL
guint       gc_arena_get_marker_threads (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL
void        gc_arena_set_marker_threads (GcArena         *arena,
                                         guint            n);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_arena_check_heap_limit   (GcArena         *arena,
                                         GError         **error);
GCOBJ_AVAILABLE_IN_ALL
void        gc_arena_inhibit            (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL
void        gc_arena_uninhibit          (GcArena         *arena);

GCOBJ_AVAILABLE_IN_ALL
void        gc_arena_attach             (GcArena         *arena,
                                         GMainContext    *context);
GCOBJ_AVAILABLE_IN_ALL
void        gc_arena_detach             (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL
void        gc_arena_defer_notify       (GcArena         *arena,
                                         GDestroyNotify   notify,
                                         gpointer         data);

GCOBJ_AVAILABLE_IN_ALL
GcStats    *gc_arena_get_stats          (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL
GcZeal      gc_arena_get_zeal           (GcArena         *arena);
GCOBJ_AVAILABLE_IN_ALL
void        gc_arena_set_zeal           (GcArena         *arena,
                                         GcZeal           zeal);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_arena_verify             (GcArena         *arena,
                                         GError         **error);

G_END_DECLS
