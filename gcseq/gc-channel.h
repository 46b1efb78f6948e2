/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-sequence.h>

G_BEGIN_DECLS

#define GC_TYPE_CHANNEL    (gc_channel_get_type ())
#define GC_CHANNEL(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_CHANNEL, GcChannel))
#define GC_IS_CHANNEL(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_CHANNEL))

typedef struct _GcChannel GcChannel;

GCOBJ_AVAILABLE_IN_ALL
GType       gc_channel_get_type        (void) G_GNUC_CONST;

GCOBJ_AVAILABLE_IN_ALL
GcChannel  *gc_channel_new             (GcMutation   *m,
                                        guint         capacity);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_channel_send            (GcChannel    *self,
                                        GcMutation   *m,
                                        gpointer      item);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_channel_send_value      (GcChannel    *self,
                                        GcMutation   *m,
                                        const GValue *item);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_channel_receive         (GcChannel    *self,
                                        GcMutation   *m);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_channel_receive_all     (GcChannel    *self,
                                        GcMutation   *m);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_channel_try_send        (GcChannel    *self,
                                        GcMutation   *m,
                                        gpointer      item);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_channel_try_send_value  (GcChannel    *self,
                                        GcMutation   *m,
                                        const GValue *item);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_channel_try_receive     (GcChannel    *self,
                                        GcMutation   *m,
                                        gpointer     *item);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_channel_try_receive_dup (GcChannel    *self,
                                        GcMutation   *m,
                                        GcObject    **item);
GCOBJ_AVAILABLE_IN_ALL
void        gc_channel_close           (GcChannel    *self);
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_channel_is_closed       (GcChannel    *self);
GCOBJ_AVAILABLE_IN_ALL
guint       gc_channel_get_length      (GcChannel    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcChannel, gc_object_unref)

G_END_DECLS
