/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lengths of steps: a histogram, so that noting one allocates nothing. */

#include "bench.h"

#include <time.h>

uint64_t
bench_clock_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (uint64_t) now.tv_sec * 1000000000 + (uint64_t) now.tv_nsec;
}

/* Lengths below 32 have a class each. Above, the five bits that follow the
 * highest one choose, so that a class spans 3 % of its lengths. */
static size_t
class_of (uint64_t length)
{
  unsigned shift;

  if (length < 32)
    return length;
  shift = 63 - 5 - (unsigned) __builtin_clzll (length);
  return 32 * shift + (length >> shift);
}

/* The shortest length of a class. */
static uint64_t
length_of (size_t class)
{
  size_t shift;

  if (class < 64)
    return class;
  shift = class / 32 - 1;
  return (uint64_t) (32 + class % 32) << shift;
}

void
bench_steps_begin (BenchSteps *steps)
{
  steps->last = bench_clock_ns ();
}

void
bench_steps_next (BenchSteps *steps)
{
  uint64_t now = bench_clock_ns ();
  uint64_t length = now - steps->last;

  steps->last = now;
  steps->n++;
  steps->counts[class_of (length)]++;
  if (length > steps->longest)
    steps->longest = length;
}

static double
quantile_us (const BenchSteps *steps,
             double            part)
{
  const uint64_t wanted = (uint64_t) (part * (double) steps->n);
  uint64_t n = 0;
  size_t class = 0;

  while (class < BENCH_N_CLASSES - 1 && (n += steps->counts[class]) <= wanted)
    class++;
  return (double) length_of (class) / 1e3;
}

void
bench_steps_report (const BenchSteps *steps)
{
  bench_report ("step-p50-us", "%.3f", quantile_us (steps, 0.5));
  bench_report ("step-p99.9-us", "%.3f", quantile_us (steps, 0.999));
  bench_report ("step-longest-us", "%.1f", (double) steps->longest / 1e3);
}
