/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Nor is a number a slot.
 *
 * refused: the field is not declared with GC_REF|makes (pointer|integer)|incompatible
 */

#include "types.h"

void
use (G_GNUC_UNUSED DemoNode   *a,
     G_GNUC_UNUSED DemoNode   *b,
     G_GNUC_UNUSED DemoVector *vector)
{
#ifdef WRONG
  gc_set (a, value, b);
#else
  a->value = b->value;
#endif
}
