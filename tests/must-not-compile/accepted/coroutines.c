/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What coroutines may do: fields of all kinds, awaits anywhere. */

#include <gcseq/gcseq.h>

typedef enum { DEMO_A, DEMO_B } DemoKind;

GC_DEFINE_COROUTINE (DemoNone, demo_none, )

GC_COROUTINE_BODY (DemoNone, demo_none)
{
  GC_BEGIN ();
  GC_END ();
}

static void
demo_close (int *fd)
{
  *fd = -1;
}

typedef struct _DemoAll DemoAll;
static void demo_say (DemoAll *self);

GC_DEFINE_COROUTINE (DemoAll, demo_all,
                     GC_PARAM (DemoKind, kind)
                     GC_PARAM (char, letter)
                     GC_PARAM_REF (GcString, string)
                     GC_PARAM_GOBJECT (GFile, file)
                     GC_PARAM_STRING (text)
                     GC_PARAM_BOXED (GBytes, bytes, g_bytes_get_type)
                     GC_LOCAL (int, i)
                     GC_LOCAL_REF (GcObject, kept)
                     GC_LOCAL_GOBJECT (GFile, other)
                     GC_LOCAL_STRING (copy)
                     GC_LOCAL_BOXED (GDateTime, when, g_date_time_get_type)
                     GC_LOCAL_CLEAR (int, fd, demo_close)
                     GC_LOCAL_REF (GcTaskGroup, group))

#define ONE gc_sequence_value (m, NULL)

GC_COROUTINE_BODY (DemoAll, demo_all)
{
  GC_BEGIN ();
  GC_DEFER (demo_say);
  switch (self->kind)
    {
    case DEMO_A:
      GC_AWAIT (ONE); GC_AWAIT (ONE);
      break;
    case DEMO_B:
      GC_AWAIT_OR_ANY (ONE)
        break;
    default:
      GC_YIELD (NULL);
    }
  if (self->letter == 'a') GC_AWAIT (ONE); else GC_AWAIT_REF (kept, ONE);
  while (self->i-- > 0)
    GC_AWAIT_OR (ONE, G_IO_ERROR, G_IO_ERROR_BUSY)
      {
        GC_AWAIT (ONE);
        continue;
      }
  do
    GC_PAUSE ();
  while (self->i > 0);
  GC_AWAIT_REF_OR (kept, ONE, G_IO_ERROR, G_IO_ERROR_BUSY)
    GC_THROW (G_IO_ERROR, G_IO_ERROR_FAILED, "%s", GC_CAUGHT->message);
  GC_AWAIT_REF_OR_ANY (kept, demo_none_new (m))
    GC_RETURN (NULL);
  gc_set (self, group, gc_task_group_new (m));
  gc_task_group_spawn (self->group, step, ONE);
  GC_AWAIT_NEXT (self->group, NULL);
  GC_WAIT ();
  if (GC_RESULT == NULL)
    GC_BECOME (ONE);
  {
    int x = self->i;

    self->i = x + 1;
  }
  GC_END ();
}

static void
demo_say (DemoAll *self)
{
  self->fd = 0;
}

GcSequence *demo_make (GcMutation *m, GFile *file, GBytes *bytes);

GcSequence *
demo_make (GcMutation *m, GFile *file, GBytes *bytes)
{
  return demo_all_new (m, DEMO_A, 'a', gc_string_new (m, "a"), file, "text", bytes);
}
