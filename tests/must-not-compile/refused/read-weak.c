/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reading a weak slot as if it could not be dead.
 *
 * refused: incompatible
 */

#include "types.h"

void
use (G_GNUC_UNUSED DemoNode   *a,
     G_GNUC_UNUSED DemoNode   *b,
     G_GNUC_UNUSED DemoVector *vector)
{
#ifdef WRONG
  gc_set (b, left, a->parent);
#else
  gc_set (b, left, gc_weak_get (a, parent));
#endif
}
