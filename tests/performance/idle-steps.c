/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the machine adds to the steps of a program.
 *
 * As many steps as those of map-steps, without any work in them: each waits
 * until about the time of one has passed. What is longer was taken by other
 * programs, by interrupts or by the virtual machine's host.
 */

#include "bench.h"

#define STEP_NS 150

static void
idle_steps (size_t n_steps)
{
  static BenchSteps steps;

  bench_steps_begin (&steps);
  for (size_t i = 0; i < n_steps; i++)
    {
      while (bench_clock_ns () - steps.last < STEP_NS)
        ;
      bench_steps_next (&steps);
    }
  bench_steps_report (&steps);
}

const BenchWorkload bench_workload = {
  "map-steps", "idle", 5 * 1000 * 1000, 100 * 1000, idle_steps
};
