/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A trace function that has no tracer.
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
demo_thing_trace (G_GNUC_UNUSED GcObject *object)
#else
static void
demo_thing_trace (G_GNUC_UNUSED GcObject *object,
                  G_GNUC_UNUSED GcTracer *tracer)
#endif
{
}

GC_DEFINE_TYPE (DemoThing, demo_thing, GC_TYPE_OBJECT, GC_TRACE (demo_thing_trace))
