/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gcobj/gc-error.h"

/**
 * SECTION:gc-error
 * @Title: Errors
 * @Short_description: What a correct program can meet
 *
 * |[<!-- language="C" -->
 * DemoVector *vector = gc_object_try_new (m, DEMO_TYPE_VECTOR, n, &error);
 *
 * if (g_error_matches (error, GC_ERROR, GC_ERROR_HEAP_LIMIT))
 *   return demo_give_up (error);
 * ]|
 *
 * Errors of the %GC_ERROR domain are what a correct program has to expect. A
 * mistake of the program, such as a finished mutation or an object of another arena, is a
 * critical warning and does no harm.
 */

/**
 * GC_ERROR:
 *
 * The domain of this library's errors. The codes are #GcError.
 *
 * Since: 0.1
 */
G_DEFINE_QUARK (gc-error-quark, gc_error)
