/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The frame around every benchmark program. */

#include "bench.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t checksum = 0xcbf29ce484222325;  /* FNV-1a, a word at a time */

void
bench_check (uint64_t value)
{
  checksum = (checksum ^ value) * 0x100000001b3;
}

void
bench_fail (const char *condition,
            const char *file,
            int         line)
{
  fprintf (stderr, "%s:%d: wrong result: %s\n", file, line, condition);
  exit (EXIT_FAILURE);
}

void
bench_report (const char *key,
              const char *format,
              ...)
{
  va_list args;

  printf ("%s ", key);
  va_start (args, format);
  vprintf (format, args);
  va_end (args);
  putchar ('\n');
}

/* Finds "Key:   N kB" in a file of /proc. */
static size_t
read_proc_kib (const char *path,
               const char *key)
{
  FILE *file = fopen (path, "r");
  const size_t key_length = strlen (key);
  char line[256];
  size_t kib = 0;

  bench_require (file != NULL);
  while (fgets (line, sizeof line, file) != NULL)
    if (strncmp (line, key, key_length) == 0)
      {
        kib = strtoull (line + key_length, NULL, 10);
        break;
      }
  fclose (file);
  return kib;
}

size_t
bench_resident (void)
{
  /* Not statm: the kernel updates that in batches. */
  return read_proc_kib ("/proc/self/smaps_rollup", "Rss:") * 1024;
}

double
bench_seconds (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

double
bench_cpu_seconds (void)
{
  return bench_seconds (CLOCK_PROCESS_CPUTIME_ID);
}

static const char *chosen_part;

bool
bench_has_part (const char *part)
{
  return chosen_part == NULL || strcmp (chosen_part, part) == 0;
}

_Noreturn static void
usage (int status)
{
  fprintf (status == 0 ? stdout : stderr,
           "Usage: %s [--quick | --seconds 0 | --size N]%s\n"
           "Workload %s on %s: size %zu, or %zu when quick.\n",
           program_invocation_short_name, bench_workload.parts != NULL ? " [--workload PART]" : "",
           bench_workload.name, bench_workload.peer,
           bench_workload.full_size, bench_workload.quick_size);
  for (const char *const *part = bench_workload.parts; part != NULL && *part != NULL; part++)
    fprintf (status == 0 ? stdout : stderr, "  %s\n", *part);
  if (bench_workload.notes != NULL)
    fprintf (status == 0 ? stdout : stderr, "%s", bench_workload.notes);
  exit (status);
}

static void
choose_part (const char *name)
{
  const char *const *part = bench_workload.parts;

  while (part != NULL && *part != NULL && strcmp (*part, name) != 0)
    part++;
  if (part == NULL || *part == NULL)
    usage (EXIT_FAILURE);
  chosen_part = *part;
}

static size_t
parse_number (const char *text)
{
  char *end;
  size_t number = strtoull (text, &end, 10);

  if (*text < '0' || *text > '9' || *end != '\0')
    usage (EXIT_FAILURE);
  return number;
}

int
main (int    argc,
      char **argv)
{
  static const struct option options[] = {
    { "quick", no_argument, NULL, 'q' },
    { "seconds", required_argument, NULL, 's' },
    { "size", required_argument, NULL, 'n' },
    { "workload", required_argument, NULL, 'w' },
    { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
  };
  size_t size = bench_workload.full_size;
  int option;

  while ((option = getopt_long (argc, argv, "", options, NULL)) != -1)
    switch (option)
      {
      case 's':
        /* The work is fixed, not the time: 0 asks for as little as possible. */
        if (parse_number (optarg) != 0)
          usage (EXIT_FAILURE);
        size = bench_workload.quick_size;
        break;
      case 'q':
        size = bench_workload.quick_size;
        break;
      case 'w':
        choose_part (optarg);
        break;
      case 'n':
        size = parse_number (optarg);
        break;
      default:
        usage (option == 'h' ? EXIT_SUCCESS : EXIT_FAILURE);
      }
  if (optind != argc)
    usage (EXIT_FAILURE);

  bench_report ("workload", "%s", bench_workload.name);
  bench_report ("peer", "%s", bench_workload.peer);
  bench_report ("size", "%zu", size);
  bench_workload.run (size);
  /* Not getrusage (): that remembers the peak of whoever started us. */
  bench_report ("peak-kib", "%zu", read_proc_kib ("/proc/self/status", "VmHWM:"));
  bench_report ("checksum", "%016llx", (unsigned long long) checksum);
  return EXIT_SUCCESS;
}
