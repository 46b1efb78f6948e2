/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (GCOBJ_INSIDE) && !defined (GCOBJ_COMPILATION)
# error "Only <gcobj/gcobj.h> can be included directly."
#endif

#include <gcobj/gc-types.h>

G_BEGIN_DECLS

#define GC_ERROR      (gc_error_quark ())
#define GC_TYPE_ERROR (gc_error_get_type ())

/**
 * GcError:
 * @GC_ERROR_FAILED: the operation failed
 * @GC_ERROR_HEAP_LIMIT: the arena's heap limit is reached
 * @GC_ERROR_NO_MEMORY: the system has no memory, or the size is not representable
 * @GC_ERROR_NOT_MUTATING: the mutation is finished
 * @GC_ERROR_WRONG_ARENA: an object of another arena was given
 * @GC_ERROR_WRONG_SET: a key of another root set was given
 * @GC_ERROR_TYPE: a value has the wrong type
 * @GC_ERROR_EXISTS: a type of this name exists and is different
 * @GC_ERROR_NAME: a name is not valid, or there is nothing of this name
 * @GC_ERROR_RANGE: an index or a number is out of range
 * @GC_ERROR_CORRUPT: the heap contradicts itself
 *
 * Errors of the #GC_ERROR domain.
 *
 * Since: 0.1
 */
typedef enum
{
  GC_ERROR_FAILED,
  GC_ERROR_HEAP_LIMIT,
  GC_ERROR_NO_MEMORY,
  GC_ERROR_NOT_MUTATING,
  GC_ERROR_WRONG_ARENA,
  GC_ERROR_WRONG_SET,
  GC_ERROR_TYPE,
  GC_ERROR_EXISTS,
  GC_ERROR_NAME,
  GC_ERROR_RANGE,
  GC_ERROR_CORRUPT
} GcError;

GCOBJ_AVAILABLE_IN_ALL
GQuark gc_error_quark    (void);
GCOBJ_AVAILABLE_IN_ALL
GType  gc_error_get_type (void) G_GNUC_CONST;

G_END_DECLS
