/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Prints frames of captures: a line of words, with tabs in between, for each mark, counter and value. */

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
