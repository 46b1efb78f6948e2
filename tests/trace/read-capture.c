/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Prints a capture as Sysprof's own reader sees it: a line of words, with tabs in between, for each mark,
 * counter and value. */

#include <stdio.h>
#include <inttypes.h>
#include <sysprof-capture.h>

static void
print_mark (const SysprofCaptureMark *mark)
{
  printf ("mark\t%" PRId64 "\t%" PRIu64 "\t%s\t%s\t%s\n", mark->frame.time, mark->duration, mark->group, mark->name,
          mark->message);
}

static void
print_definitions (const SysprofCaptureCounterDefine *definitions)
{
  for (unsigned int i = 0; i < definitions->n_counters; i++)
    printf ("counter\t%u\t%s\t%s\n", definitions->counters[i].id, definitions->counters[i].category,
            definitions->counters[i].name);
}

static void
print_values (const SysprofCaptureCounterSet *set)
{
  for (unsigned int g = 0; g < set->n_values; g++)
    for (unsigned int i = 0; i < sizeof set->values[g].ids / sizeof set->values[g].ids[0]; i++)
      if (set->values[g].ids[i] != 0)
        printf ("value\t%" PRId64 "\t%u\t%" PRId64 "\n", set->frame.time, set->values[g].ids[i],
                set->values[g].values[i].v64);
}

int
main (int   argc,
      char *argv[])
{
  SysprofCaptureReader *reader = argc == 2 ? sysprof_capture_reader_new (argv[1]) : NULL;
  SysprofCaptureFrameType type;

  if (reader == NULL)
    return 1;
  printf ("start\t%" PRId64 "\n", sysprof_capture_reader_get_start_time (reader));
  while (sysprof_capture_reader_peek_type (reader, &type))
    {
      const void *frame = NULL;

      switch (type)
        {
        case SYSPROF_CAPTURE_FRAME_MARK:
          if ((frame = sysprof_capture_reader_read_mark (reader)) != NULL)
            print_mark (frame);
          break;
        case SYSPROF_CAPTURE_FRAME_CTRDEF:
          if ((frame = sysprof_capture_reader_read_counter_define (reader)) != NULL)
            print_definitions (frame);
          break;
        case SYSPROF_CAPTURE_FRAME_CTRSET:
          if ((frame = sysprof_capture_reader_read_counter_set (reader)) != NULL)
            print_values (frame);
          break;
        default:
          frame = sysprof_capture_reader_skip (reader) ? reader : NULL;
        }
      if (frame == NULL)
        return 2;
    }
  printf ("end\t%" PRId64 "\n", sysprof_capture_reader_get_end_time (reader));
  sysprof_capture_reader_unref (reader);
  return 0;
}
