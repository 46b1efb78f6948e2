/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gcobj/gc-array.h"
#include "gcobj/gc-slots-private.h"

G_BEGIN_DECLS

/* 16 GiB of slots. The system would map more, and fail only where they are used. */
#define GC_ARRAY_MAX_LENGTH ((gsize) G_MAXINT32)

struct _GcArray
{
  GcObject         parent_instance;
  GC_REF (GcSlots) slots;       /* NULL: no room */
  gsize            length;      /* slots behind it are NULL */
};

/* gc-array.c */
gboolean  gc_array_check_value  (GcArena        *arena,
                                 gconstpointer   value,
                                 GError        **error);
gboolean  gc_array_check_length (gsize           length,
                                 GError        **error);
gboolean  gc_array_check_index  (GcArray        *self,
                                 gsize           index,
                                 GError        **error);
gboolean  gc_array_set_room     (GcArray        *self,
                                 GcMutation     *m,
                                 gsize           n,
                                 GError        **error);

G_END_DECLS
