/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* An array of plain pointers that is listed.
 *
 * refused: DemoThing.all is not an array declared with GC_REF
 */

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (DemoThing, demo_thing, DEMO, THING, GcObject)

struct _DemoThing
{
  GcObject parent_instance;
#ifdef WRONG
  GcObject *all[3];
#else
  GC_REF (GcObject) all[3];
#endif
};

GC_DEFINE_TYPE (DemoThing, demo_thing, GC_TYPE_OBJECT, GC_FIELD_ARRAY (DemoThing, all))
