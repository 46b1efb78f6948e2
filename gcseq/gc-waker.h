/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <glib-object.h>
#include <gcobj/gcobj.h>

G_BEGIN_DECLS

#define GC_TYPE_WAKER (gc_waker_get_type ())

typedef struct _GcWaker GcWaker;

#ifndef __GI_SCANNER__
struct _GcWaker
{
  /*< private >*/
  gpointer hub;
  guint32  cell;
  guint32  epoch;
};

# define GC_WAKER_INIT { NULL, 0, 0 }
#endif

GCOBJ_AVAILABLE_IN_ALL
GType     gc_waker_get_type (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GcWaker  *gc_waker_copy     (const GcWaker *self);
GCOBJ_AVAILABLE_IN_ALL
void      gc_waker_free     (GcWaker       *self);
GCOBJ_AVAILABLE_IN_ALL
void      gc_waker_clear    (GcWaker       *self);
GCOBJ_AVAILABLE_IN_ALL
gboolean  gc_waker_wake     (const GcWaker *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcWaker, gc_waker_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GcWaker, gc_waker_clear)

G_END_DECLS
