/* A graph of namespaces, in an arena.
 *
 * SPDX-License-Identifier: CC0-1.0
 */
#pragma once

#include "gg-node.h"

G_BEGIN_DECLS

#define GG_TYPE_GRAPH (gg_graph_get_type ())

GG_DECLARE_TYPE (GgGraph, gg_graph, GG, GRAPH, GcObject)

/**
 * GgProgressFunc:
 * @path: the file that is being read
 * @fraction: how much of it is read, from 0 to 1
 * @user_data: data given to gg_graph_load_with_progress()
 *
 * Reports the progress of reading.
 */
typedef void (*GgProgressFunc) (const char *path,
                                double      fraction,
                                gpointer    user_data);

GgGraph      *gg_graph_new                (GcMutation      *m,
                                           const char      *girdir);

GC_MAY_COLLECT
gboolean      gg_graph_load               (GgGraph         *self,
                                           const char      *name,
                                           GError         **error);
GC_MAY_COLLECT
gboolean      gg_graph_load_with_progress (GgGraph         *self,
                                           const char      *name,
                                           GgProgressFunc   progress,
                                           gpointer         user_data,
                                           GError         **error);

GgNamespace **gg_graph_list_namespaces    (GgGraph         *self,
                                           gsize           *n);
GgNamespace  *gg_graph_get_namespace      (GgGraph         *self,
                                           const char      *name);
GgNamespace  *gg_graph_dup_namespace      (GgGraph         *self,
                                           const char      *name);
GgType       *gg_graph_lookup             (GgGraph         *self,
                                           const char      *name,
                                           GError         **error);
GgType       *gg_graph_lookup_dup         (GgGraph         *self,
                                           const char      *name,
                                           GError         **error);

gboolean      gg_graph_drop               (GgGraph         *self,
                                           const char      *name,
                                           guint           *n_dangling,
                                           GError         **error);

G_END_DECLS
