/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Clearing a slot like a pointer that is owned.
 *
 * refused: read-only|cannot assign to
 */

#include "types.h"

void
use (G_GNUC_UNUSED DemoNode   *a,
     G_GNUC_UNUSED DemoNode   *b,
     G_GNUC_UNUSED DemoVector *vector)
{
#ifdef WRONG
  g_clear_pointer (&a->left, gc_object_unref);
#else
  gc_set (a, left, NULL);
#endif
}
