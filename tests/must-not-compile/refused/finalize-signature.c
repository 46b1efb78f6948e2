/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A class slot with the wrong signature.
 *
 * refused: pointer type mismatch
 */

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (DemoThing, demo_thing, DEMO, THING, GcObject)

struct _DemoThing
{
  GcObject parent_instance;
  int value;
};

#ifdef WRONG
static void
demo_thing_finalize (G_GNUC_UNUSED GObject *object)
#else
static void
demo_thing_finalize (G_GNUC_UNUSED GcObject *object)
#endif
{
}

GC_DEFINE_TYPE (DemoThing, demo_thing, GC_TYPE_OBJECT, GC_FINALIZE (demo_thing_finalize))
