/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The address of a slot is not that of a pointer that can be written.
 *
 * refused: discards|incompatible
 */

#include "types.h"

void
use (G_GNUC_UNUSED DemoNode   *a,
     G_GNUC_UNUSED DemoNode   *b,
     G_GNUC_UNUSED DemoVector *vector)
{
#ifdef WRONG
  DemoNode **place = &a->left;

  *place = b;
#else
  DemoNode *const *place = &a->left;

  g_assert (*place == b);
#endif
}
