/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-run.h>

G_BEGIN_DECLS

#define GC_TYPE_RUNNER (gc_runner_get_type ())
GCOBJ_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (GcRunner, gc_runner, GC, RUNNER, GObject)

GCOBJ_AVAILABLE_IN_ALL
GcRunner     *gc_runner_new              (GcArena              *arena);

GCOBJ_AVAILABLE_IN_ALL
void          gc_runner_run_async        (GcRunner             *self,
                                          GcSequence           *sequence,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
GCOBJ_AVAILABLE_IN_ALL
gpointer      gc_runner_run_finish       (GcRunner             *self,
                                          GAsyncResult         *result,
                                          GError              **error);
GCOBJ_AVAILABLE_IN_ALL
GcObject     *gc_runner_run_finish_object (GcRunner            *self,
                                           GAsyncResult        *result,
                                           GError             **error);
GCOBJ_AVAILABLE_IN_ALL
gpointer      gc_runner_run              (GcRunner             *self,
                                          GcSequence           *sequence,
                                          GCancellable         *cancellable,
                                          GError              **error);
GCOBJ_AVAILABLE_IN_ALL
GcObject     *gc_runner_run_object       (GcRunner             *self,
                                          GcSequence           *sequence,
                                          GCancellable         *cancellable,
                                          GError              **error);
GCOBJ_AVAILABLE_IN_ALL
GcRun        *gc_runner_start            (GcRunner             *self,
                                          GcSequence           *sequence,
                                          GCancellable         *cancellable);
GCOBJ_AVAILABLE_IN_ALL
gboolean      gc_runner_step             (GcRunner             *self,
                                          guint                 n);

GCOBJ_AVAILABLE_IN_ALL
GcArena      *gc_runner_get_arena        (GcRunner             *self);
GCOBJ_AVAILABLE_IN_ALL
int           gc_runner_get_priority     (GcRunner             *self);
GCOBJ_AVAILABLE_IN_ALL
void          gc_runner_set_priority     (GcRunner             *self,
                                          int                   priority);
GCOBJ_AVAILABLE_IN_ALL
guint         gc_runner_get_budget_steps (GcRunner             *self);
GCOBJ_AVAILABLE_IN_ALL
void          gc_runner_set_budget_steps (GcRunner             *self,
                                          guint                 steps);
GCOBJ_AVAILABLE_IN_ALL
guint         gc_runner_get_budget_us    (GcRunner             *self);
GCOBJ_AVAILABLE_IN_ALL
void          gc_runner_set_budget_us    (GcRunner             *self,
                                          guint                 microseconds);
GCOBJ_AVAILABLE_IN_ALL
guint64       gc_runner_get_n_steps      (GcRunner             *self);
GCOBJ_AVAILABLE_IN_ALL
guint         gc_runner_get_n_runs       (GcRunner             *self);
GCOBJ_AVAILABLE_IN_ALL
char         *gc_runner_dump             (GcRunner             *self);
GCOBJ_AVAILABLE_IN_ALL
char         *gc_runner_dump_all         (void);

G_END_DECLS
