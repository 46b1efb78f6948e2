/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-object.h>

G_BEGIN_DECLS

#ifndef __GI_SCANNER__

typedef struct _GcRoot GcRoot;

/**
 * GcRoot: (skip)
 *
 * A rooted local variable. Opaque: use GC_ROOT().
 *
 * Since: 0.1
 */
struct _GcRoot
{
  /*< private >*/
  GcRoot     *previous;
  gpointer   *variable;
  GcMutation *m;
};

GCOBJ_AVAILABLE_IN_ALL
GcRoot gc_root_push_ (GcRoot     *self,
                      GcMutation *m,
                      gpointer    variable);
GCOBJ_AVAILABLE_IN_ALL
void   gc_root_pop_  (GcRoot     *self);

# define GC_ROOT(m, T, name) \
  T *name = NULL; \
  __attribute__ ((cleanup (gc_root_pop_), unused)) GcRoot name##_gc_root_ = \
    gc_root_push_ (&name##_gc_root_, (m), &name)

#endif

G_END_DECLS
