/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A subclass is said to be one by a cast.
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
  gc_set (a, left, DEMO_LEAF (b));
#else
  gc_set (a, left, DEMO_NODE (DEMO_LEAF (b)));
#endif
}
