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

typedef struct
{
  const char *name;
  const char *peer;
  size_t      full_size;
  size_t      quick_size;       /* what a smoke test and callgrind can afford */
  void      (*run) (size_t size);
} BenchWorkload;

extern const BenchWorkload bench_workload;

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
