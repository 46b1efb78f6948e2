/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <glib-object.h>
#include <gcobj/gc-version.h>

G_BEGIN_DECLS

typedef struct _GcArena       GcArena;
typedef struct _GcMutation    GcMutation;
typedef struct _GcObject      GcObject;
typedef struct _GcObjectClass GcObjectClass;
typedef struct _GcTracer      GcTracer;

/**
 * GcPhase:
 * @GC_PHASE_IDLE: nothing is being collected and all memory is swept
 * @GC_PHASE_MARKING: live objects are being found, in slices
 * @GC_PHASE_MARKED: marking was finished by gc_arena_finish_marking(): what is
 *   dead is known, and can still be resurrected
 * @GC_PHASE_CLEARING: weak references are cleared, guardians and finalizers
 *   are served
 * @GC_PHASE_SWEEPING: dead memory is being reclaimed, by allocation and in slices
 *
 * Where an arena is in its collection cycle.
 *
 * Since: 0.1
 */
typedef enum
{
  GC_PHASE_IDLE,
  GC_PHASE_MARKING,
  GC_PHASE_MARKED,
  GC_PHASE_CLEARING,
  GC_PHASE_SWEEPING
} GcPhase;

#define GC_TYPE_PHASE (gc_phase_get_type ())
GCOBJ_AVAILABLE_IN_ALL
GType gc_phase_get_type (void) G_GNUC_CONST;

G_END_DECLS
