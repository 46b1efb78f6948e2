/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A tail with a count that could change.
 *
 * refused: DemoThing.n is not a const gsize
 */

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (DemoThing, demo_thing, DEMO, THING, GcObject)

struct _DemoThing
{
  GcObject parent_instance;
#ifdef WRONG
  gsize n;
  GC_REF_TAIL (GcObject) items;
#else
  const gsize n;
  GC_REF_TAIL (GcObject) items;
#endif
};

GC_DEFINE_TYPE (DemoThing, demo_thing, GC_TYPE_OBJECT, GC_FIELD_TAIL (DemoThing, items, n))
