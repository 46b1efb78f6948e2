/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Variable size, a trace function, tagged slots. */

#include <gcobj/gcobj.h>

GC_DECLARE_TYPE (DemoVector, demo_vector, DEMO, VECTOR, GcObject)

struct _DemoVector { GcObject parent_instance; const gsize n; GC_REF_TAIL (GcObject) items; };
GC_DEFINE_TYPE (DemoVector, demo_vector, GC_TYPE_OBJECT, GC_FIELD_TAIL (DemoVector, items, n))

GC_DECLARE_TYPE (DemoEnv, demo_env, DEMO, ENV, GcObject)

struct _DemoEnv
{
  GcObject parent_instance;
  guint n_frames;
  struct { GC_REF (GcObject) value; } frames[10];
};

static void                                     /* what a layout can't say */
demo_env_trace (GcObject *object, GcTracer *tracer)
{
  DemoEnv *self = DEMO_ENV (object);
  for (guint i = 0; i < self->n_frames; i++)
    gc_trace (tracer, &self->frames[i].value);  /* the slot's address */
}

GC_DEFINE_TYPE (DemoEnv, demo_env, GC_TYPE_OBJECT, GC_TRACE (demo_env_trace))

void use (GcMutation *m, DemoEnv *env);

void
use (GcMutation *m, DemoEnv *env)
{
  DemoVector *v = gc_new_with_tail (m, DemoVector, 100);
  guint i = 1;

  gc_set (v, items[3], gc_tag_int (42));          /* low bits set: the collector skips it */
  gc_set (env, frames[i].value, v);
}
