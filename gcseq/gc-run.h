/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-step.h>

G_BEGIN_DECLS

#define GC_TYPE_RUN (gc_run_get_type ())
GCOBJ_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GcRun, gc_run, GC, RUN, GObject)

GCOBJ_AVAILABLE_IN_ALL
void        gc_run_cancel           (GcRun        *self);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_run_is_done          (GcRun        *self);
GCOBJ_AVAILABLE_IN_ALL
gpointer    gc_run_get_result       (GcRun        *self,
                                     GError      **error);
GCOBJ_AVAILABLE_IN_ALL
GcObject   *gc_run_dup_result       (GcRun        *self,
                                     GError      **error);
GCOBJ_AVAILABLE_IN_ALL
char       *gc_run_describe         (GcRun        *self);
GCOBJ_AVAILABLE_IN_ALL
double      gc_run_get_progress     (GcRun        *self);
GCOBJ_AVAILABLE_IN_ALL
const char *gc_run_get_message      (GcRun        *self);

GCOBJ_AVAILABLE_IN_ALL
void        gc_step_report_progress (GcStep       *step,
                                     double        progress,
                                     const char   *message);

G_END_DECLS
