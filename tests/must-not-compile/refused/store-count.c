/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The length of a tail is its allocation's.
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
  vector->n = 3;
#else
  g_assert (vector->n == 3);
#endif
}
