/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCSEQ_INSIDE) && !defined (GCSEQ_COMPILATION)
# error "Only <gcseq/gcseq.h> can be included directly."
#endif

#include <gcseq/gc-leaf.h>

G_BEGIN_DECLS

#define GC_TYPE_ITEM    (gc_item_get_type ())
#define GC_ITEM(obj)    (G_TYPE_CHECK_INSTANCE_CAST ((obj), GC_TYPE_ITEM, GcItem))
#define GC_IS_ITEM(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), GC_TYPE_ITEM))

typedef struct _GcItem GcItem;

/**
 * GcGenerateFunc: (skip)
 * @m: the mutation
 * @item: (out): where to put the next item: an object or a tagged word
 * @context: (nullable): the context, which is traced
 * @error: return location for an error
 *
 * Gives the next item of a generator.
 *
 * Returns: %TRUE if there is an item, %FALSE at the end or with @error set
 *
 * Since: 0.1
 */
typedef gboolean (*GcGenerateFunc) (GcMutation  *m,
                                    gpointer    *item,
                                    gpointer     context,
                                    GError     **error);

GCOBJ_AVAILABLE_IN_ALL
GType       gc_item_get_type               (void) G_GNUC_CONST;
GCOBJ_AVAILABLE_IN_ALL
gboolean    gc_item_is_end                 (GcItem         *self);
GCOBJ_AVAILABLE_IN_ALL
gpointer    gc_item_get_value              (GcItem         *self);
GCOBJ_AVAILABLE_IN_ALL
GcObject   *gc_item_dup_value              (GcItem         *self);

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_next              (GcMutation     *m,
                                            GcSequence     *generator);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_close             (GcMutation     *m,
                                            GcSequence     *generator);

GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_empty             (GcMutation     *m);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_once              (GcMutation     *m,
                                            gpointer        item);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_once_of           (GcMutation     *m,
                                            const GValue   *item);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_range             (GcMutation     *m,
                                            gint64          start,
                                            gint64          end,
                                            gint64          step);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_from_array        (GcMutation     *m,
                                            GcArray        *array);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_from_list_model   (GcMutation     *m,
                                            GListModel     *model);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_from_func         (GcMutation     *m,
                                            GcGenerateFunc  func,
                                            gpointer        context);
GCOBJ_AVAILABLE_IN_ALL
GcSequence *gc_generator_from_func_full    (GcMutation     *m,
                                            GcStepFunc      func,
                                            gpointer        user_data,
                                            GDestroyNotify  destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GcItem, gc_object_unref)

G_END_DECLS
