/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Copying an object over another, in C++.
 *
 * refused: deleted|read-only|cannot be assigned|implicitly deleted
 */

#include "types.h"

void
use (G_GNUC_UNUSED DemoNode   *a,
     G_GNUC_UNUSED DemoNode   *b,
     G_GNUC_UNUSED DemoVector *vector)
{
#ifdef WRONG
  *a = *b;
#else
  gc_set (a, left, b->left);
#endif
}
