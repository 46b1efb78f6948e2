/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Nor does the counter of a loop.
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
  for (int i = 0; i < self->n; i++)
    GC_AWAIT (gc_sequence_value (m, NULL));
#else
  for (self->i = 0; self->i < self->n; self->i++)
    GC_AWAIT (gc_sequence_value (m, NULL));
#endif
  GC_END ();
}

GcSequence *demo_make (GcMutation *m);

GcSequence *
demo_make (GcMutation *m)
{
  return demo_work_new (m, 3);
}
