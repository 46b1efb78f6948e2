/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A store into a weak slot.
 *
 * refused: read-only (member|location)|cannot assign to|incompatible
 */

#include "types.h"

void
use (G_GNUC_UNUSED DemoNode   *a,
     G_GNUC_UNUSED DemoNode   *b,
     G_GNUC_UNUSED DemoVector *vector)
{
#ifdef WRONG
  a->parent.gc_weak_ = b;
#else
  gc_set_weak (a, parent, b);
#endif
}
