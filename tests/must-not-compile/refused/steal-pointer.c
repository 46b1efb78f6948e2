/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Stealing from a slot: it would be set to NULL around the barrier.
 *
 * refused: discards
 */

#include "types.h"

void
use (G_GNUC_UNUSED DemoNode   *a,
     G_GNUC_UNUSED DemoNode   *b,
     G_GNUC_UNUSED DemoVector *vector)
{
#ifdef WRONG
  gc_set (b, left, g_steal_pointer (&a->left));
#else
  gc_set (b, left, a->left);
  gc_set (a, left, NULL);
#endif
}
