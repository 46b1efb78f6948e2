/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A store around the barrier, in C++.
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
  a->left = b;
#else
  gc_set (a, left, b);
#endif
}
