/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Nothing stands before GC_BEGIN(): it would run again at each step.
 *
 * refused: __label__|expected expression|expected statement|before .__label__
 */

#include <gcseq/gcseq.h>

extern int  demo_int  (void);
extern void demo_put  (int n);
extern void demo_fill (int *n);
extern char *demo_text (void);
typedef struct { int a, b; } DemoPair;
extern DemoPair demo_pair (void);

GC_DEFINE_COROUTINE (DemoWork, demo_work,
                     GC_PARAM (int, n)
                     GC_LOCAL (int, i)
                     GC_LOCAL (DemoPair, pair)
                     GC_LOCAL (int, numbers[4])
                     GC_LOCAL_STRING (text))

GC_COROUTINE_BODY (DemoWork, demo_work)
{
#ifdef WRONG
  int x = 0;

  GC_BEGIN ();
  demo_put (x);
#else
  GC_BEGIN ();
#endif
  GC_AWAIT (gc_sequence_value (m, NULL));
  GC_END ();
}

GcSequence *demo_make (GcMutation *m);

GcSequence *
demo_make (GcMutation *m)
{
  return demo_work_new (m, 3);
}
