/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A tail of plain pointers.
 *
 * refused: DemoThing.items is not declared with GC_REF_TAIL
 */

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (DemoThing, demo_thing, DEMO, THING, GcObject)

struct _DemoThing
{
  GcObject parent_instance;
#ifdef WRONG
  const gsize n;
  GcObject *items[];
#else
  const gsize n;
  GC_REF_TAIL (GcObject) items;
#endif
};

GC_DEFINE_TYPE (DemoThing, demo_thing, GC_TYPE_OBJECT, GC_FIELD_TAIL (DemoThing, items, n))
