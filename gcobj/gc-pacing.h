/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-types.h>

G_BEGIN_DECLS

#define GC_TYPE_PACING (gc_pacing_get_type ())

typedef struct _GcPacing GcPacing;

/**
 * GcPacing:
 * @min_sleep: bytes that are allocated at least between two cycles, for each thread that allocates (up to 16); 8 MiB
 * @sleep_factor: bytes allocated between two cycles for each byte that was
 *   alive at the end of the first; 1.0, which lets the heap double
 * @mark_factor: bytes of debt that are paid by each byte marked; 0.01
 * @trace_factor: bytes of debt that are paid by each byte of marked objects
 *   that have slots; 0.04
 * @keep_factor: bytes of debt that are paid by each byte found alive while
 *   sweeping; 0.01
 * @free_factor: bytes of debt that are paid by each byte reclaimed while
 *   sweeping; 0.02
 * @drop_factor: bytes of debt that are paid by each byte of an object that is
 *   finalized; 0.2
 *
 * How much collection work an arena does for what is allocated in it.
 *
 * The model is gc-arena's, in bytes: after a cycle the arena sleeps; once
 * @sleep_factor × live bytes, but at least @min_sleep, are allocated, each
 * further byte is one byte of debt, and each byte of work pays back a part of
 * it. Smaller factors collect faster for the bytes allocated meanwhile.
 *
 * Since: 0.1
 */
struct _GcPacing
{
  gsize  min_sleep;
  double sleep_factor;
  double mark_factor;
  double trace_factor;
  double keep_factor;
  double free_factor;
  double drop_factor;
};

GCOBJ_AVAILABLE_IN_ALL
GType     gc_pacing_get_type (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GcPacing *gc_pacing_new      (void);
GCOBJ_AVAILABLE_IN_ALL
GcPacing *gc_pacing_copy     (const GcPacing *pacing);
GCOBJ_AVAILABLE_IN_ALL
void      gc_pacing_free     (GcPacing       *pacing);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcPacing, gc_pacing_free)

G_END_DECLS
