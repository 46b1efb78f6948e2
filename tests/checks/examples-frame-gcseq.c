/* What the examples of gcseq's reference take for granted beside those of gcobj: see
 * examples-frame-gcobj.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <gcseq/gcseq.h>

/* -- GC_DECLARE_TYPE (DemoDouble, -- */
GC_DECLARE_TYPE (DemoDouble, demo_double, DEMO, DOUBLE, GcSequence)

/* -- struct _DemoDouble -- */
struct _DemoDouble
{
  GcSequence parent_instance;
  GC_REF (GcSequence) child;
};

/* -- #define DEMO_TYPE_DOUBLE -- */
#define DEMO_TYPE_DOUBLE (demo_double_get_type ())

/* -- GC_DECLARE_TYPE (DemoCount, -- */
GC_DECLARE_TYPE (DemoCount, demo_count, DEMO, COUNT, GcSequence)

/* -- #define DEMO_TYPE_COUNT -- */
#define DEMO_TYPE_COUNT (demo_count_get_type ())

/* -- GC_DECLARE_TYPE (DemoWait, -- */
GC_DECLARE_TYPE (DemoWait, demo_wait, DEMO, WAIT, GcSequence)

/* -- DemoOperation -- */
typedef struct _DemoOperation DemoOperation;
DemoOperation *demo_operation_start (GcWaker *waker);
gboolean demo_operation_is_done (DemoOperation *operation);

/* -- struct _DemoWait -- */
struct _DemoWait
{
  GcSequence parent_instance;
  DemoOperation *operation;
};

/* -- #define DEMO_TYPE_WAIT -- */
#define DEMO_TYPE_WAIT (demo_wait_get_type ())

/* -- DemoCounter -- */
typedef struct
{
  GcObject parent_instance;
  int n;
} DemoCounter;

/* -- demo_do_something_else ( -- */
void demo_do_something_else (void);

/* -- DemoInterpreter -- */
typedef struct _DemoInterpreter DemoInterpreter;
GcStepResult demo_resume (DemoInterpreter *interpreter, GcMutation *m, GcStep *step, GError **error);
void demo_interpreter_free (gpointer interpreter);

/* -- demo_fetch ( -- */
GcSequence *demo_fetch (GcMutation *m, gpointer what);

/* -- demo_lock ( -- */
GcSequence *demo_lock (GcMutation *m, GcObject *lock);
GcSequence *demo_unlock (GcMutation *m, GcObject *lock);

/* -- demo_parse ( -- */
gpointer demo_parse (GcMutation *m, gpointer value, gpointer context, GError **error);

/* -- demo_blink ( -- */
GcSequence *demo_blink (GcMutation *m);

/* -- DemoThing -- */
typedef struct
{
  GObject   parent_instance;
  GcRunner *runner;
  GFile    *file;
} DemoThing;
void demo_thing_load_async (DemoThing *thing, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GcObject *demo_thing_load_finish (DemoThing *thing, GAsyncResult *result, GError **error);

/* -- variables -- */
  GcRunner *runner = gc_runner_new (arena);
  GcSequence *sequence = gc_sequence_never (m);
  GCancellable *cancellable = NULL;
