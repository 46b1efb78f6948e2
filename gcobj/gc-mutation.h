/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-types.h>

G_BEGIN_DECLS

#define GC_TYPE_MUTATION (gc_mutation_get_type ())

/* Marks a function that may reach a safe point: raw pointers end there. */
#if defined (__clang__)
# define GC_MAY_COLLECT __attribute__ ((annotate ("gc:may-collect")))
#else
# define GC_MAY_COLLECT
#endif

/**
 * GcMutationMark: (skip)
 *
 * A point to which gc_mutation_restore() goes back. Opaque.
 *
 * Since: 0.1
 */
typedef struct
{
  /*< private >*/
  gpointer roots;
  gpointer scope;
} GcMutationMark;

GCOBJ_AVAILABLE_IN_ALL
GType       gc_mutation_get_type  (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GcMutation *gc_mutation_ref       (GcMutation     *m);
GCOBJ_AVAILABLE_IN_ALL
void        gc_mutation_unref     (GcMutation     *m);
GCOBJ_AVAILABLE_IN_ALL
void        gc_mutation_finish    (GcMutation     *m);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_mutation_leave     (GcMutation     *m);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_mutation_is_active (GcMutation     *m);
GCOBJ_AVAILABLE_IN_ALL
GcArena    *gc_mutation_get_arena (GcMutation     *m);
GCOBJ_AVAILABLE_IN_ALL
guint       gc_mutation_get_depth (GcMutation     *m);
GCOBJ_AVAILABLE_IN_ALL GC_MAY_COLLECT
gboolean    gc_mutation_safepoint (GcMutation     *m);
GCOBJ_AVAILABLE_IN_ALL
void        gc_mutation_save      (GcMutation     *m,
                                   GcMutationMark *mark);
GCOBJ_AVAILABLE_IN_ALL
void        gc_mutation_restore   (GcMutation     *m,
                                   GcMutationMark *mark);

#ifndef __GI_SCANNER__
/* A scope that is lent to many steps, for the sequence library. */
GCOBJ_AVAILABLE_IN_ALL
GcMutation *gc_mutation_new_lent_       (void);
GCOBJ_AVAILABLE_IN_ALL
void        gc_mutation_open_           (GcMutation *m,
                                         GcArena    *arena);
GCOBJ_AVAILABLE_IN_ALL
void        gc_mutation_close_          (GcMutation *m);
GCOBJ_AVAILABLE_IN_ALL
void        gc_mutation_free_lent_      (GcMutation *m);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_mutation_can_open_       (void);
GCOBJ_AVAILABLE_IN_ALL
void        gc_mutation_call_apart_     (void      (*func) (gpointer data),
                                         gpointer    data);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_mutation_is_mine_        (GcMutation *m);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_mutation_owes_           (GcMutation *m);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_mutation_safepoint_lent_ (GcMutation *m);

/* Ends the scope whatever references scripts still hold to it. */
static inline void
gc_mutation_leave_ (GcMutation *m)
{
  if (gc_mutation_is_active (m))
    gc_mutation_finish (m);
  gc_mutation_unref (m);
}
#endif

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcMutation, gc_mutation_leave_)

G_END_DECLS
