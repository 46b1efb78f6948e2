/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Prints a capture as Sysprof's own reader sees it. */

#include "print-frames.h"

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
