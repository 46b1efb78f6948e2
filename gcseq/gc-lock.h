/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-sequence.h>

G_BEGIN_DECLS

#define GC_TYPE_PERMIT         (gc_permit_get_type ())
#define GC_PERMIT(obj)         (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_PERMIT, GcPermit))
#define GC_IS_PERMIT(obj)      (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_PERMIT))

#define GC_TYPE_SEMAPHORE      (gc_semaphore_get_type ())
#define GC_SEMAPHORE(obj)      (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_SEMAPHORE, GcSemaphore))
#define GC_IS_SEMAPHORE(obj)   (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_SEMAPHORE))

#define GC_TYPE_ASYNC_MUTEX    (gc_async_mutex_get_type ())
#define GC_ASYNC_MUTEX(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_ASYNC_MUTEX, GcAsyncMutex))
#define GC_IS_ASYNC_MUTEX(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_ASYNC_MUTEX))

#define GC_TYPE_LIMITER        (gc_limiter_get_type ())
#define GC_LIMITER(obj)        (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_LIMITER, GcLimiter))
#define GC_IS_LIMITER(obj)     (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_LIMITER))

typedef struct _GcPermit     GcPermit;
typedef struct _GcSemaphore  GcSemaphore;
typedef struct _GcAsyncMutex GcAsyncMutex;
typedef struct _GcLimiter    GcLimiter;

GCOBJ_AVAILABLE_IN_ALL
GType         gc_permit_get_type          (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
void          gc_permit_release           (GcPermit     *self);

GCOBJ_AVAILABLE_IN_ALL
GType         gc_semaphore_get_type       (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GcSemaphore  *gc_semaphore_new            (GcMutation   *m,
                                           guint         n_permits);
GCOBJ_AVAILABLE_IN_ALL
GcSequence   *gc_semaphore_acquire        (GcSemaphore  *self,
                                           GcMutation   *m);
GCOBJ_AVAILABLE_IN_ALL
GcPermit     *gc_semaphore_try_acquire    (GcSemaphore  *self,
                                           GcMutation   *m);
GCOBJ_AVAILABLE_IN_ALL
GcSequence   *gc_semaphore_run            (GcSemaphore  *self,
                                           GcMutation   *m,
                                           GcSequence   *sequence);
GCOBJ_AVAILABLE_IN_ALL
guint         gc_semaphore_get_n_free     (GcSemaphore  *self);
GCOBJ_AVAILABLE_IN_ALL
guint         gc_semaphore_get_n_waiting  (GcSemaphore  *self);

GCOBJ_AVAILABLE_IN_ALL
GType         gc_async_mutex_get_type     (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GcAsyncMutex *gc_async_mutex_new          (GcMutation   *m);
GCOBJ_AVAILABLE_IN_ALL
GcSequence   *gc_async_mutex_lock         (GcAsyncMutex *self,
                                           GcMutation   *m);
GCOBJ_AVAILABLE_IN_ALL
GcPermit     *gc_async_mutex_try_lock     (GcAsyncMutex *self,
                                           GcMutation   *m);
GCOBJ_AVAILABLE_IN_ALL
GcSequence   *gc_async_mutex_run          (GcAsyncMutex *self,
                                           GcMutation   *m,
                                           GcSequence   *sequence);
GCOBJ_AVAILABLE_IN_ALL
gboolean      gc_async_mutex_is_locked    (GcAsyncMutex *self);

GCOBJ_AVAILABLE_IN_ALL
GType         gc_limiter_get_type         (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
GcLimiter    *gc_limiter_new              (GcMutation   *m,
                                           guint         limit);
GCOBJ_AVAILABLE_IN_ALL
GcSequence   *gc_limiter_run              (GcLimiter    *self,
                                           GcMutation   *m,
                                           GcSequence   *sequence);
GCOBJ_AVAILABLE_IN_ALL
guint         gc_limiter_get_n_running    (GcLimiter    *self);
GCOBJ_AVAILABLE_IN_ALL
guint         gc_limiter_get_n_waiting    (GcLimiter    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcPermit, gc_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcSemaphore, gc_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcAsyncMutex, gc_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcLimiter, gc_object_unref)

G_END_DECLS
