/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A tail with a count of another width.
 *
 * refused: DemoThing.n is not a const gsize
 */

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (DemoThing, demo_thing, DEMO, THING, GcObject)

struct _DemoThing
{
  GcObject parent_instance;
#ifdef WRONG
  const guint n;
  guint8 bytes[];
#else
  const gsize n;
  guint8 bytes[];
#endif
};

GC_DEFINE_TYPE (DemoThing, demo_thing, GC_TYPE_OBJECT, GC_FIELD_TAIL_BYTES (DemoThing, bytes, n))
