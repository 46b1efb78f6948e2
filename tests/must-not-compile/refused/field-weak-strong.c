/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A strong slot that is listed as a weak one.
 *
 * refused: is a pointer; did you mean|member reference type
 */

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (DemoThing, demo_thing, DEMO, THING, GcObject)

struct _DemoThing
{
  GcObject parent_instance;
#ifdef WRONG
  GC_REF (GcObject) next;
#else
  GC_WEAK (GcObject) next;
#endif
};

GC_DEFINE_TYPE (DemoThing, demo_thing, GC_TYPE_OBJECT, GC_FIELD_WEAK (DemoThing, next))
