/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcseq/gc-task-group.h"

G_BEGIN_DECLS

GcTaskGroup *gc_task_group_new_keeping   (GcMutation  *m);
GcArray     *gc_task_group_steal_results (GcTaskGroup *self);

G_END_DECLS
