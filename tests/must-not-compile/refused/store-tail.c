/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A store into an element of a tail.
 *
 * refused: read-only (member|location)|cannot assign to
 */

#include "types.h"

void
use (G_GNUC_UNUSED DemoNode   *a,
     G_GNUC_UNUSED DemoNode   *b,
     G_GNUC_UNUSED DemoVector *vector)
{
#ifdef WRONG
  vector->items[0] = GC_OBJECT (b);
#else
  gc_set (vector, items[0], b);
#endif
}
