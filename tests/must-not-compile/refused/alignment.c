/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects are aligned to 8 bytes, and no more.
 *
 * refused: objects are aligned to 8 bytes: DemoThing needs more
 */

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (DemoThing, demo_thing, DEMO, THING, GcObject)

struct _DemoThing
{
  GcObject parent_instance;
#ifdef WRONG
  _Alignas (16) guint8 bytes[16];
#else
  _Alignas (8) guint8 bytes[16];
#endif
};

GC_DEFINE_TYPE (DemoThing, demo_thing, GC_TYPE_OBJECT, )
