/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Booleans and numbers of GLib's basic types, and conversions between them. */

#include <float.h>
#include <math.h>
#include <string.h>

#include "gcobj/gc-error.h"
#include "gcobj/gc-scalar-private.h"

/* G_TYPE_…, how it is stored, g_value_get_…(), kind, member */
#define SCALARS(X) \
  X (BOOLEAN, gboolean, boolean, BOOLEAN,  i) \
  X (CHAR,    gint8,    schar,   SIGNED,   i) \
  X (INT,     gint,     int,     SIGNED,   i) \
  X (LONG,    glong,    long,    SIGNED,   i) \
  X (INT64,   gint64,   int64,   SIGNED,   i) \
  X (ENUM,    gint,     enum,    SIGNED,   i) \
  X (UCHAR,   guint8,   uchar,   UNSIGNED, u) \
  X (UINT,    guint,    uint,    UNSIGNED, u) \
  X (ULONG,   gulong,   ulong,   UNSIGNED, u) \
  X (UINT64,  guint64,  uint64,  UNSIGNED, u) \
  X (FLAGS,   guint,    flags,   UNSIGNED, u) \
  X (FLOAT,   float,    float,   REAL,     d) \
  X (DOUBLE,  double,   double,  REAL,     d)

gsize
gc_scalar_get_size (GType type)
{
#define SIZE(name, T, function, k, member) case G_TYPE_##name: return sizeof (T);
  switch (G_TYPE_FUNDAMENTAL (type))
    {
    SCALARS (SIZE)
    default: return 0;
    }
}

static GcScalarKind
kind_of (GType type)
{
#define KIND(name, T, function, k, member) case G_TYPE_##name: return GC_SCALAR_##k;
  switch (G_TYPE_FUNDAMENTAL (type))
    {
    SCALARS (KIND)
    default: return GC_SCALAR_NONE;
    }
}

GcScalar
gc_scalar_from_value (const GValue *value)
{
#define FROM_VALUE(name, T, function, k, member) \
    case G_TYPE_##name: \
      return (GcScalar) { GC_SCALAR_##k, { .member = g_value_get_##function (value) } };
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    SCALARS (FROM_VALUE)
    default: return (GcScalar) { GC_SCALAR_NONE, { 0 } };
    }
}

/* Sets a value of the type that is stored at @place. */
void
gc_scalar_load_value (GValue        *value,
                      gconstpointer  place)
{
#define LOAD_VALUE(name, T, function, k, member) \
    case G_TYPE_##name: { T v; memcpy (&v, place, sizeof v); g_value_set_##function (value, v); break; }
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    SCALARS (LOAD_VALUE)
    default: g_assert_not_reached ();
    }
}

GcScalar
gc_scalar_load (GType         type,
                gconstpointer place)
{
#define LOAD(name, T, function, k, member) \
    case G_TYPE_##name: \
      { T v; memcpy (&v, place, sizeof v); return (GcScalar) { GC_SCALAR_##k, { .member = v } }; }
  switch (G_TYPE_FUNDAMENTAL (type))
    {
    SCALARS (LOAD)
    default: return (GcScalar) { GC_SCALAR_NONE, { 0 } };
    }
}

/* Gives the number as one of @size bytes with a sign. */
static gboolean
to_signed (GcScalar *scalar,
           gsize     size)
{
  gint64 max = G_MAXINT64 >> (64 - 8 * size);

  if (scalar->kind == GC_SCALAR_REAL)
    {
      /* 2^63 is a double, G_MAXINT64 is not. NaN fails both comparisons. */
      if (!(scalar->d >= -0x1p63 && scalar->d < 0x1p63) || scalar->d != trunc (scalar->d))
        return FALSE;
      scalar->i = (gint64) scalar->d;
    }
  else if (scalar->kind == GC_SCALAR_UNSIGNED && scalar->u > G_MAXINT64)
    return FALSE;
  return scalar->i <= max && scalar->i >= -max - 1;
}

static gboolean
to_unsigned (GcScalar *scalar,
             gsize     size)
{
  guint64 max = G_MAXUINT64 >> (64 - 8 * size);

  if (scalar->kind == GC_SCALAR_REAL)
    {
      if (!(scalar->d >= 0 && scalar->d < 0x1p64) || scalar->d != trunc (scalar->d))
        return FALSE;
      scalar->u = (guint64) scalar->d;
    }
  else if (scalar->kind == GC_SCALAR_SIGNED && scalar->i < 0)
    return FALSE;
  return scalar->u <= max;
}

/* A float loses precision, and nothing else. */
static gboolean
to_real (GcScalar *scalar,
         gsize     size)
{
  if (scalar->kind == GC_SCALAR_SIGNED)
    scalar->d = (double) scalar->i;
  else if (scalar->kind == GC_SCALAR_UNSIGNED)
    scalar->d = (double) scalar->u;
  return size == sizeof (double) || !isfinite (scalar->d) || fabs (scalar->d) <= FLT_MAX;
}

gboolean
gc_scalar_store (GcScalar   scalar,
                 GType      type,
                 gpointer   place,
                 GError   **error)
{
  GcScalarKind kind = kind_of (type);
  gsize size = gc_scalar_get_size (type);
  gboolean fits = TRUE;

  if (scalar.kind == GC_SCALAR_NONE || kind == GC_SCALAR_NONE ||
      (scalar.kind == GC_SCALAR_BOOLEAN) != (kind == GC_SCALAR_BOOLEAN))
    {
      g_set_error (error, GC_ERROR, GC_ERROR_TYPE, "The value is not a %s", g_type_name (type));
      return FALSE;
    }

  if (kind == GC_SCALAR_SIGNED)
    fits = to_signed (&scalar, size);
  else if (kind == GC_SCALAR_UNSIGNED)
    fits = to_unsigned (&scalar, size);
  else if (kind == GC_SCALAR_REAL)
    fits = to_real (&scalar, size);
  if (!fits)
    {
      g_set_error (error, GC_ERROR, GC_ERROR_RANGE, "The number does not fit into a %s", g_type_name (type));
      return FALSE;
    }

#define STORE(name, T, function, k, member) \
    case G_TYPE_##name: { T v = (T) scalar.member; memcpy (place, &v, sizeof v); break; }
  switch (G_TYPE_FUNDAMENTAL (type))
    {
    SCALARS (STORE)
    default: g_assert_not_reached ();
    }
  return TRUE;
}
