/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-bytes.h"
#include "gcobj/gc-check-private.h"
#include "gcobj/gc-hash-private.h"
#include "gcobj/gc-type.h"

/**
 * SECTION:gc-bytes
 * @Title: GcBytes
 * @Short_description: Immutable bytes in the heap
 *
 * |[<!-- language="C" -->
 * GcBytes *bytes = gc_bytes_new (m, "\x89PNG\r\n\x1a\n", 8);
 * GcBytes *name = gc_bytes_slice (m, bytes, 1, 3, &error);
 * gsize size;
 * const guint8 *data = gc_bytes_get_data (name, &size);
 *
 * g_assert (size == 3 && data[0] == 'P');
 * ]|
 *
 * A block of memory of fixed content, held inline: one object, without a
 * finalizer, that costs its bytes and 24 more. It is a #GBytes that a collector frees. Its
 * hash value is computed once; gc_bytes_hash() and gc_bytes_equal() suit a #GHashTable.
 *
 * Bytes never change, so that any thread that keeps them alive may read them, inside of a
 * scope or not.
 */

/**
 * GcBytes: (ref-func gc_object_ref) (unref-func gc_object_unref)
 *
 * Immutable bytes. Its structure is private.
 *
 * Since: 0.1
 */
struct _GcBytes
{
  GcObject    parent_instance;
  const gsize n;
  guint32     hash;             /* of the bytes; 0: not known yet */
  guint8      data[] __attribute__ ((aligned (8)));   /* so that structures fit */
};

typedef struct
{
  GcObjectClass parent_class;
} GcBytesClass;

GC_DECLARE_CLASS_ (GcBytes, gc_bytes)
GC_DEFINE_TYPE (GcBytes, gc_bytes, GC_TYPE_OBJECT,
                GC_FIELD_TAIL_BYTES (GcBytes, data, n))

/* Without an error to set, no memory is fatal. */
static GcBytes *
make (GcMutation     *m,
      gconstpointer   data,
      gsize           size,
      GError        **error)
{
  GcBytes *self = gc_object_allocate (m, GcBytes_gc_class_ (), size, error);

  if (self != NULL && size > 0)
    memcpy (self->data, data, size);
  return self;
}

static GcBytes *
try_make (GcMutation     *m,
          gconstpointer   data,
          gsize           size,
          GError        **error)
{
  GError *local_error = NULL;
  GcBytes *self;

  if (gc_check_mutation (m, error) == NULL)
    return NULL;
  self = make (m, data, size, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  return self;
}

/**
 * gc_bytes_new: (skip)
 * @m: a mutation
 * @data: (nullable): what to copy
 * @size: its size in bytes
 *
 * Makes bytes. Where @size comes from outside use gc_bytes_try_new().
 *
 * Returns: (transfer none): the bytes, unowned
 *
 * Since: 0.1
 */
GcBytes *
gc_bytes_new (GcMutation    *m,
              gconstpointer  data,
              gsize          size)
{
  g_return_val_if_fail (data != NULL || size == 0, NULL);

  return make (m, data, size, NULL);
}

/**
 * gc_bytes_try_new: (constructor) (rename-to gc_bytes_new)
 * @m: a mutation
 * @data: (array length=size) (element-type guint8) (nullable): what to copy
 * @size: its size in bytes
 * @error: return location for an error
 *
 * Makes bytes, or fails where gc_bytes_new() would end the program.
 *
 * Returns: (transfer none): the bytes, unowned; %NULL with %GC_ERROR_NOT_MUTATING
 *   if @m is finished, or the errors of gc_object_try_new()
 *
 * Since: 0.1
 */
GcBytes *
gc_bytes_try_new (GcMutation     *m,
                  gconstpointer   data,
                  gsize           size,
                  GError        **error)
{
  g_return_val_if_fail (data != NULL || size == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return try_make (m, data, size, error);
}

/**
 * gc_bytes_from_gbytes:
 * @m: a mutation
 * @bytes: a #GBytes
 * @error: return location for an error
 *
 * Makes bytes with a copy of what is in @bytes.
 *
 * Returns: (transfer none): the bytes, unowned; %NULL with %GC_ERROR_NOT_MUTATING
 *   if @m is finished, or the errors of gc_object_try_new()
 *
 * Since: 0.1
 */
GcBytes *
gc_bytes_from_gbytes (GcMutation  *m,
                      GBytes      *bytes,
                      GError     **error)
{
  gconstpointer data;
  gsize size;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  data = g_bytes_get_data (bytes, &size);
  return try_make (m, data, size, error);
}

/**
 * gc_bytes_slice:
 * @m: a mutation
 * @bytes: bytes
 * @offset: where the part begins, in bytes
 * @size: its size in bytes
 * @error: return location for an error
 *
 * Makes bytes with a copy of a part of @bytes, which it does not keep alive.
 *
 * Returns: (transfer none): the part, unowned; %NULL with %GC_ERROR_RANGE if it is
 *   not inside of @bytes, %GC_ERROR_NOT_MUTATING if @m is finished, or the errors of
 *   gc_object_try_new()
 *
 * Since: 0.1
 */
GcBytes *
gc_bytes_slice (GcMutation  *m,
                GcBytes     *bytes,
                gsize        offset,
                gsize        size,
                GError     **error)
{
  g_return_val_if_fail (gc_is_a (bytes, GC_TYPE_BYTES), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (offset > bytes->n || size > bytes->n - offset)
    {
      g_set_error (error, GC_ERROR, GC_ERROR_RANGE,
                   "%" G_GSIZE_FORMAT " bytes at %" G_GSIZE_FORMAT " are not inside of %" G_GSIZE_FORMAT,
                   size, offset, bytes->n);
      return NULL;
    }
  return try_make (m, bytes->data + offset, size, error);
}

/**
 * gc_bytes_get_data:
 * @self: bytes
 * @size: (out) (optional): how many there are
 *
 * Gives the bytes. They are inside of the object, 8-byte aligned: valid until the scope
 * ends, or as long as an external reference to @self is held.
 *
 * Returns: (transfer none) (array length=size): the bytes
 *
 * Since: 0.1
 */
const guint8 *
gc_bytes_get_data (GcBytes *self,
                   gsize   *size)
{
  if (size != NULL)
    *size = 0;
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_BYTES), NULL);

  if (size != NULL)
    *size = self->n;
  return self->data;
}

/**
 * gc_bytes_get_size:
 * @self: bytes
 *
 * Gives how many bytes there are.
 *
 * Returns: the size, in bytes
 *
 * Since: 0.1
 */
gsize
gc_bytes_get_size (GcBytes *self)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_BYTES), 0);

  return self->n;
}

/**
 * gc_bytes_to_gbytes:
 * @self: bytes
 *
 * Copies the bytes out of the heap.
 *
 * Returns: (transfer full): a new #GBytes
 *
 * Since: 0.1
 */
GBytes *
gc_bytes_to_gbytes (GcBytes *self)
{
  g_return_val_if_fail (gc_is_a (self, GC_TYPE_BYTES), NULL);

  return g_bytes_new (self->data, self->n);
}

/**
 * gc_bytes_hash:
 * @self: (type GcObj.Bytes): bytes
 *
 * Gives a hash value of the content, the same for all equal bytes of the process. For the
 * hash that tells one object from another see gc_object_hash().
 *
 * Returns: the hash value
 *
 * Since: 0.1
 */
guint
gc_bytes_hash (gconstpointer self)
{
  GcBytes *bytes = (GcBytes *) self;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_BYTES), 0);

  return gc_hash_cached (&bytes->hash, bytes->data, bytes->n);
}

/**
 * gc_bytes_equal:
 * @self: (type GcObj.Bytes): bytes
 * @other: (type GcObj.Bytes): bytes
 *
 * Whether two have the same content.
 *
 * Returns: %TRUE if they have
 *
 * Since: 0.1
 */
gboolean
gc_bytes_equal (gconstpointer self,
                gconstpointer other)
{
  const GcBytes *a = self;
  const GcBytes *b = other;

  g_return_val_if_fail (gc_is_a (self, GC_TYPE_BYTES), FALSE);
  g_return_val_if_fail (gc_is_a (other, GC_TYPE_BYTES), FALSE);

  return a == b || (a->n == b->n && memcmp (a->data, b->data, a->n) == 0);
}
