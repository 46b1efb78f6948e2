/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A field that is listed and not declared as a slot.
 *
 * refused: DemoThing.next is not declared with GC_REF
 */

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (DemoThing, demo_thing, DEMO, THING, GcObject)

struct _DemoThing
{
  GcObject parent_instance;
#ifdef WRONG
  GcObject *next;
#else
  GC_REF (GcObject) next;
#endif
};

GC_DEFINE_TYPE (DemoThing, demo_thing, GC_TYPE_OBJECT, GC_FIELD (DemoThing, next))
