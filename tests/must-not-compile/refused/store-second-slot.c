/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The second of two slots that one line declares is one, too.
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
  a->right = b;
#else
  gc_set (a, right, b);
#endif
}
