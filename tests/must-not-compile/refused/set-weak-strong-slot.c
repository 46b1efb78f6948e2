/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A strong slot stored into as a weak one.
 *
 * refused: is a pointer; did you mean|member reference type
 */

#include "types.h"

void
use (G_GNUC_UNUSED DemoNode   *a,
     G_GNUC_UNUSED DemoNode   *b,
     G_GNUC_UNUSED DemoVector *vector)
{
#ifdef WRONG
  gc_set_weak (a, left, b);
#else
  gc_set_weak (a, parent, b);
#endif
}
