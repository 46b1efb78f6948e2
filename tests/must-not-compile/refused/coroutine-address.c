/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Nor does a variable whose address is taken.
 *
 * refused: jump|switch jumps
 * flags: -DGC_COROUTINE_CHECK -Wjump-misses-init
 * compiler: gcc
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
  GC_BEGIN ();
#ifdef WRONG
  int x = 1;

  demo_fill (&x);
  GC_AWAIT (gc_sequence_value (m, NULL));
  demo_fill (&x);
#else
  self->i = 1;
  demo_fill (&self->i);
  GC_AWAIT (gc_sequence_value (m, NULL));
  demo_fill (&self->i);
#endif
  GC_END ();
}

GcSequence *demo_make (GcMutation *m);

GcSequence *
demo_make (GcMutation *m)
{
  return demo_work_new (m, 3);
}
