/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* An object of another type than the slot's, in C++.
 *
 * refused: cannot (convert|initialize)|invalid conversion
 */

#include "types.h"

void
use (G_GNUC_UNUSED DemoNode   *a,
     G_GNUC_UNUSED DemoNode   *b,
     G_GNUC_UNUSED DemoVector *vector)
{
#ifdef WRONG
  gc_set (a, left, a->any);
#else
  gc_set (a, any, b);
#endif
}
