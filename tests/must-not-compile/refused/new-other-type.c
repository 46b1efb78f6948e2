/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A new object is of its type.
 *
 * refused: incompatible
 */

#include "types.h"

DemoVector *make (GcMutation *m);

DemoVector *
make (GcMutation *m)
{
#ifdef WRONG
  return gc_new (m, DemoNode);
#else
  return gc_new_with_tail (m, DemoVector, 3);
#endif
}
