/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* An object of another type than the slot's.
 *
 * refused: incompatible pointer
 */

#include "types.h"

void
use (G_GNUC_UNUSED DemoNode   *a,
     G_GNUC_UNUSED DemoNode   *b,
     G_GNUC_UNUSED DemoVector *vector)
{
#ifdef WRONG
  gc_set (a, left, vector);
#else
  gc_set (a, any, vector);
#endif
}
