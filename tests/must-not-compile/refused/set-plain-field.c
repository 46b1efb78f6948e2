/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A barrier for a field that the collector does not know.
 *
 * refused: the field is not declared with GC_REF
 */

#include "types.h"

void
use (G_GNUC_UNUSED DemoNode   *a,
     G_GNUC_UNUSED DemoNode   *b,
     G_GNUC_UNUSED DemoVector *vector)
{
#ifdef WRONG
  gc_set (a, plain, b);
#else
  gc_set (a, right, b);
#endif
}
