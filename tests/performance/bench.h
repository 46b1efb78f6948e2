/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The frame around every benchmark program.
 *
 * A workload fills in bench_workload; the frame owns main (), the options
 * and what is printed. It uses the C library alone, so that the malloc
 * peer does not start GLib, and prints "key value" lines for the driver.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

typedef struct
{
  const char *name;
  const char *peer;
  size_t      full_size;
  size_t      quick_size;       /* what a smoke test and callgrind can afford */
  void      (*run) (size_t size);
  const char *const *parts;     /* what --workload chooses from, up to NULL; or NULL */
  const char *notes;            /* on what is printed, for --help; or NULL */
} BenchWorkload;

extern const BenchWorkload bench_workload;

/* Whether a part of the workload is to run: the one that was chosen, or each. */
bool     bench_has_part (const char *part);

/* Folds a value into the checksum that every peer has to agree on. */
void     bench_check    (uint64_t value);

/* Like assert (), in every build: a wrong result ends the program. */
#define bench_require(condition) \
  ((condition) ? (void) 0 : bench_fail (#condition, __FILE__, __LINE__))
_Noreturn
void     bench_fail     (const char *condition,
                         const char *file,
                         int         line);

__attribute__ ((format (printf, 2, 3)))
void     bench_report   (const char *key,
                         const char *format,
                         ...);

/* Bytes of this process that are resident. */
size_t   bench_resident (void);

double   bench_seconds  (clockid_t clock);

/* CPU time of all threads. */
double   bench_cpu_seconds (void);

/* Marsaglia's xorshift of 32 bits: small enough for languages that keep a bit
 * of each word for themselves. The state may not be 0. */
static inline uint32_t
bench_random (uint32_t *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

/* A number below n, which is less than 2^30. */
static inline size_t
bench_random_below (uint32_t *state,
                    size_t    n)
{
  return (size_t) (((uint64_t) bench_random (state) * n) >> 32);
}

/* Bits of a key that are as good as random; "bits" up to 31. */
static inline size_t
bench_hash (uint64_t key,
            unsigned bits)
{
  return (uint32_t) (key * 0x9e3779b1) >> (32 - bits);
}

/* How long the steps of a program take, by the wall clock. Classes of lengths,
 * 32 to each power of two. */
#define BENCH_N_CLASSES (64 * 32)

typedef struct
{
  uint64_t last;
  uint64_t n;
  uint64_t longest;
  uint64_t counts[BENCH_N_CLASSES];
} BenchSteps;

/* The clock is read once for each step: the end of one is the next one's
 * beginning. */
void     bench_steps_begin  (BenchSteps *steps);
void     bench_steps_next   (BenchSteps *steps);
void     bench_steps_report (const BenchSteps *steps);
uint64_t bench_clock_ns     (void);
