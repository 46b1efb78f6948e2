/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-sequence.h>

G_BEGIN_DECLS

#define GC_TYPE_PROMISE (gc_promise_get_type ())
GCOBJ_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GcPromise, gc_promise, GC, PROMISE, GObject)

GCOBJ_AVAILABLE_IN_ALL
GcPromise    *gc_promise_new             (void);
GCOBJ_AVAILABLE_IN_ALL
gboolean      gc_promise_resolve         (GcPromise    *self,
                                          gpointer      value);
GCOBJ_AVAILABLE_IN_ALL
gboolean      gc_promise_resolve_value   (GcPromise    *self,
                                          const GValue *value);
GCOBJ_AVAILABLE_IN_ALL
gboolean      gc_promise_reject          (GcPromise    *self,
                                          const GError *error);
GCOBJ_AVAILABLE_IN_ALL
gboolean      gc_promise_reject_literal  (GcPromise    *self,
                                          GQuark        domain,
                                          int           code,
                                          const char   *message);
GCOBJ_AVAILABLE_IN_ALL
gboolean      gc_promise_is_settled      (GcPromise    *self);
GCOBJ_AVAILABLE_IN_ALL
GCancellable *gc_promise_get_cancellable (GcPromise    *self);
GCOBJ_AVAILABLE_IN_ALL
GcSequence   *gc_promise_wait            (GcPromise    *self,
                                          GcMutation   *m);

G_END_DECLS
