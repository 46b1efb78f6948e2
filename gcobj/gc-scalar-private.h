/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A boolean or a number of any of GLib's basic types, on its way between a GValue, a
 * field of a record and a caller. A number is converted where its value survives. */
typedef enum
{
  GC_SCALAR_NONE,
  GC_SCALAR_BOOLEAN,
  GC_SCALAR_SIGNED,
  GC_SCALAR_UNSIGNED,
  GC_SCALAR_REAL
} GcScalarKind;

typedef struct
{
  GcScalarKind kind;
  union
  {
    gint64  i;                  /* also of a boolean */
    guint64 u;
    double  d;
  };
} GcScalar;

/* Bytes that one takes, 0 for a type of another kind. */
gsize    gc_scalar_get_size   (GType           type);
/* GC_SCALAR_NONE if the value holds something else. */
GcScalar gc_scalar_from_value (const GValue   *value);
void     gc_scalar_load_value (GValue         *value,
                               gconstpointer   place);
GcScalar gc_scalar_load       (GType           type,
                               gconstpointer   place);
gboolean gc_scalar_store      (GcScalar        scalar,
                               GType           type,
                               gpointer        place,
                               GError        **error);

G_END_DECLS
